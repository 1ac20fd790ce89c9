//! What a GitHub workflow may do and what it is trusted with: the token, secrets, runners.

use std::collections::BTreeMap;

use crate::facts::config::Node;
use crate::facts::kinds::{CiJob, CiWorkflow, Evidence};
use crate::facts::shell::commands;
use crate::secrets::excerpt;

/// Notes one job's rights in the workflow.
pub(super) fn job(root: &Node, name: &str, node: &Node, job: &mut CiJob, said: &mut CiWorkflow) {
    let permissions = node.get("permissions").or_else(|| root.get("permissions"));
    job.writes = permissions.map(writes).unwrap_or_default();
    if node.get("permissions").is_some_and(|p| p.scalar() == "write-all") {
        let line = node.get("permissions").map_or(node.line, |p| p.line);
        grant_of_everything(said, name, line);
    }
    job.secrets = named(node);
    job.exclusive = node.get("concurrency").is_some() || root.get("concurrency").is_some();
    self_hosted(node, job);
    handed_to_workflow(name, node, said);
    let steps = node.get("steps").map(Node::list).unwrap_or_default();
    for step in steps {
        printed(root, node, step, said);
        cloud_keys_of_step(step, said);
    }
    cloud_keys_of_env(node.get("env"), said);
}

/// Notes what the workflow as a whole says. After all its jobs.
pub(super) fn workflow(root: &Node, said: &mut CiWorkflow) {
    if let Some(permissions) = root.get("permissions").filter(|p| p.scalar() == "write-all") {
        grant_of_everything(said, "every job", permissions.line);
    }
    self_hosted_jobs(root, said);
    cloud_keys_of_env(root.get("env"), said);
    said.secrets = named(root);
    all_secrets(root, &said.file.clone(), said);
    for list in [&mut said.secrets_printed, &mut said.cloud_keys] {
        list.sort();
        list.dedup();
    }
    said.secrets_handed_on.sort();
    said.secrets_handed_on.dedup();
}

fn grant_of_everything(said: &mut CiWorkflow, who: &str, line: u32) {
    let says = format!("`write-all` for {who}");
    said.evidence.push(Evidence::new("writes_everything", &said.file, line, &says));
    said.writes_everything.push(excerpt(who));
}

/// What a `permissions` map lets be written; `*` for everything.
fn writes(permissions: &Node) -> Vec<String> {
    if permissions.scalar() == "write-all" {
        return vec!["*".to_owned()];
    }
    let mut found: Vec<String> =
        permissions.entries().iter().filter(|e| e.node.scalar() == "write").map(|e| e.key.clone()).collect();
    found.sort();
    found
}

/// Every text below a node, with its line; so many and no more.
fn texts<'n>(node: &'n Node, out: &mut Vec<(&'n str, u32)>) {
    if out.len() > 5_000 {
        return;
    }
    if let Some(text) = node.text() {
        out.push((text, node.text_line));
    }
    node.entries().iter().for_each(|e| texts(&e.node, out));
    node.list().iter().for_each(|item| texts(item, out));
}

/// Names of the secrets that texts below the node use, sorted, without the token that every workflow has.
fn named(node: &Node) -> Vec<String> {
    let mut all = Vec::new();
    texts(node, &mut all);
    let mut names: Vec<String> = all.iter().flat_map(|(text, _)| names_in(text)).collect();
    names.sort();
    names.dedup();
    names.retain(|name| name != "GITHUB_TOKEN");
    names
}

/// `A` and `B` of `${{ secrets.A }} ${{ secrets['B'] }}`.
fn names_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("secrets") {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.' || c == '/') {
            continue;
        }
        let rest = text.get(at + "secrets".len()..).unwrap_or_default();
        let rest = rest.strip_prefix('.').or_else(|| rest.strip_prefix("['")).unwrap_or_default();
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        // The condition of an expression stands in `${{ … }}`; elsewhere it is a word of prose or a path.
        if !name.is_empty() && in_expression(text, at) {
            found.push(name);
        }
    }
    found
}

fn in_expression(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    match (before.rfind("${{"), before.rfind("}}")) {
        (Some(open), Some(close)) => open > close,
        (open, _) => open.is_some(),
    }
}

fn self_hosted(node: &Node, job: &mut CiJob) {
    job.self_hosted = labels(node).iter().any(|(label, _)| label == "self-hosted");
}

fn labels(job: &Node) -> Vec<(String, u32)> {
    job.get("runs-on").map(|runner| runner.get("labels").unwrap_or(runner).texts()).unwrap_or_default()
}

/// Jobs on machines of the project's own that what a stranger sets off can reach: not those that a condition, or one
/// of a job that they wait for, keeps to the project's own events and branches.
fn self_hosted_jobs(root: &Node, said: &mut CiWorkflow) {
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
    let mut kept: Vec<&str> = Vec::new();
    // What a job waits for may stand behind it.
    for _ in 0..jobs.len().min(10) {
        for entry in jobs.iter().filter(|e| !kept.contains(&e.key.as_str())).collect::<Vec<_>>() {
            let condition = entry.node.get("if").map(Node::scalar).unwrap_or_default();
            let needs = entry.node.get("needs").map(Node::texts).unwrap_or_default();
            if own_events(&condition) || needs.iter().any(|(name, _)| kept.contains(&name.as_str())) {
                kept.push(&entry.key);
            }
        }
    }
    for entry in jobs.iter().filter(|e| !kept.contains(&e.key.as_str())) {
        if let Some((_, line)) = labels(&entry.node).iter().find(|(label, _)| label == "self-hosted") {
            let says = format!("`{}` runs on a machine of its owner", entry.key);
            said.evidence.push(Evidence::new("self_hosted_jobs", &said.file, *line, &says));
            said.self_hosted_jobs.push(excerpt(&entry.key));
        }
    }
}

/// Whether the condition lets through only what the project itself does.
fn own_events(condition: &str) -> bool {
    let text: String = condition.chars().filter(|c| !c.is_whitespace() && *c != '"').collect();
    let names = |part: &str| text.contains(part);
    let own = ["push", "workflow_dispatch", "schedule", "release"];
    let event = own.iter().any(|event| names(&format!("github.event_name=='{event}'")));
    let other = names("github.event_name=='pull_request") || names("github.event_name=='issue");
    names("github.event_name!='pull_request'")
        || (event && !other)
        || names("github.ref=='refs/heads/")
        || names("github.ref_name==")
        || names("head.repo.full_name==github.repository")
        || names("head.repo.fork==false")
        || names("author_association")
        || names("github.actor==")
}

/// `secrets: inherit` to a workflow of another repository.
fn handed_to_workflow(name: &str, node: &Node, said: &mut CiWorkflow) {
    let uses = node.get("uses").map(Node::scalar).unwrap_or_default();
    let Some(secrets) = node.get("secrets").filter(|s| s.scalar() == "inherit") else { return };
    if uses.is_empty() || uses.starts_with("./") {
        return;
    }
    let says = format!("`{name}` hands every secret to `{uses}`");
    said.evidence.push(Evidence::new("secrets_handed_on", &said.file, secrets.line, &says));
    said.secrets_handed_on.push(excerpt(&uses));
}

/// `toJSON(secrets)`: all of them at once, to whatever reads it.
fn all_secrets(root: &Node, file: &str, said: &mut CiWorkflow) {
    let mut all = Vec::new();
    texts(root, &mut all);
    for (text, line) in all {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if plain.to_ascii_lowercase().contains("tojson(secrets)") && plain.contains("${{") {
            let within =
                (0_u32..).zip(text.lines()).find(|(_, l)| l.to_ascii_lowercase().contains("tojson("));
            let line = line + within.map_or(0, |(offset, _)| offset);
            let says = "every secret of the repository, in one text";
            said.evidence.push(Evidence::new("secrets_handed_on", file, line, says));
            said.secrets_handed_on.push(excerpt("toJSON(secrets)"));
        }
    }
}

/// What changes a text so that the log's mask no longer finds it.
const TRANSFORMS: &[&str] = &["base64", "xxd", "rev", "sed", "tr", "fold", "od", "hexdump"];

/// Secrets that a step prints: the log shows `***` only while the text stays as it was.
fn printed(root: &Node, job: &Node, step: &Node, said: &mut CiWorkflow) {
    let Some(run) = step.get("run") else { return };
    let script = run.scalar();
    // The output of a group of commands may go to a file.
    let grouped = script.lines().any(|l| {
        let l = l.trim();
        (l.starts_with('}') || l.starts_with(')') || l.starts_with("done")) && l.contains('>')
    });
    if grouped || script.len() > 50_000 {
        return;
    }
    let mut variables: BTreeMap<String, String> = BTreeMap::new();
    for env in [root.get("env"), job.get("env"), step.get("env")].into_iter().flatten() {
        for entry in env.entries() {
            let value = entry.node.scalar();
            let bare = value.trim().strip_prefix("${{").and_then(|v| v.strip_suffix("}}")).map(str::trim);
            match bare.and_then(|b| b.strip_prefix("secrets.")) {
                Some(name) if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => {
                    variables.insert(entry.key.clone(), name.to_owned());
                }
                _ => {
                    variables.remove(&entry.key);
                }
            }
        }
    }
    let all = commands(&script);
    for (index, command) in all.iter().enumerate() {
        let words = &command.words;
        let program = words.first().map(String::as_str).unwrap_or_default();
        if !matches!(program, "echo" | "printf") {
            continue;
        }
        let shown = words.get(1..).unwrap_or_default().join(" ");
        let next = all.get(index + 1);
        let to_log = command.output.is_empty()
            || (command.output == "|"
                && next.is_some_and(|n| {
                    n.output.is_empty() && n.words.first().is_some_and(|w| TRANSFORMS.contains(&w.as_str()))
                }));
        if !to_log || shown.contains("::add-mask::") {
            continue;
        }
        let direct = expressions(&shown);
        let through =
            variables.iter().filter(|(variable, _)| mentions(&shown, variable)).map(|(_, name)| name.clone());
        for name in direct.into_iter().chain(through).filter(|name| confidential(name)) {
            let says = format!("`{program}` writes the secret {name} into the log");
            let line = run.text_line + command.offset;
            said.evidence.push(Evidence::new("secrets_printed", &said.file, line, &says));
            said.secrets_printed.push(name);
        }
    }
}

/// Whether the value is more than an identifier, an address or a setting that is kept among the secrets for order.
fn confidential(name: &str) -> bool {
    const SETTINGS: [&str; 22] = [
        "ID", "IDS", "REF", "NAME", "HOST", "HOSTNAME", "REGION", "ACCOUNT", "USER", "USERNAME", "EMAIL",
        "BUCKET", "PORT", "DOMAIN", "ZONE", "ORG", "PROJECT", "URL", "ENDPOINT", "IP", "PATH", "ENV",
    ];
    let upper = name.to_ascii_uppercase();
    let last = upper.rsplit('_').next().unwrap_or_default();
    // An address of a database or a webhook holds its password.
    let address = ["DATABASE", "DB", "POSTGRES", "MONGO", "REDIS", "MYSQL", "WEBHOOK", "HOOK", "AMQP"]
        .iter()
        .any(|word| upper.split('_').any(|part| part.starts_with(word)));
    !SETTINGS.contains(&last) || (last == "URL" && address)
}

/// Secrets that stand in the text by themselves: `${{ secrets.A }}`, and not `${{ secrets.A != '' }}`.
fn expressions(text: &str) -> Vec<String> {
    text.split("${{")
        .skip(1)
        .filter_map(|rest| rest.split("}}").next())
        .filter_map(|inside| inside.trim().strip_prefix("secrets."))
        .filter(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
        .map(str::to_owned)
        .collect()
}

/// Whether the shell puts the variable's value into the text: `$A`, `${A}`; not `${#A}` or `${A:+set}`.
fn mentions(text: &str, variable: &str) -> bool {
    let plain = format!("${variable}");
    let braced = format!("${{{variable}}}");
    text.contains(&braced)
        || text.match_indices(&plain).any(|(at, _)| {
            let next = text.get(at + plain.len()..).and_then(|t| t.chars().next());
            !next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
        })
}

/// Stores that speak the protocol of S3 and know no sign-in without a key.
const OTHER_STORES: &[&str] = &[
    "R2",
    "SPACES",
    "B2",
    "MINIO",
    "WASABI",
    "BACKBLAZE",
    "SCALEWAY",
    "HETZNER",
    "SUPABASE",
    "CLOUDFLARE",
    "DO",
    "STORJ",
    "TIGRIS",
    "LINODE",
    "VULTR",
    "OVH",
];

fn of_a_cloud(secret: &str) -> bool {
    !secret.to_ascii_uppercase().split('_').any(|word| OTHER_STORES.contains(&word))
}

/// Keys of clouds that hold until somebody changes them, where the cloud lets a workflow sign in without one.
fn cloud_keys_of_step(step: &Node, said: &mut CiWorkflow) {
    cloud_keys_of_env(step.get("env"), said);
    let uses = step.get("uses").map(Node::scalar).unwrap_or_default();
    let inputs: &[&str] = match uses.split('@').next().unwrap_or_default() {
        "aws-actions/configure-aws-credentials" => &["aws-access-key-id"],
        "google-github-actions/auth" => &["credentials_json"],
        "google-github-actions/setup-gcloud" => &["service_account_key"],
        "azure/login" | "Azure/login" => &["creds"],
        _ => return,
    };
    for input in inputs {
        if let Some(given) = step.at(&["with", input]) {
            note_keys(given, &uses, said);
        }
    }
}

fn cloud_keys_of_env(env: Option<&Node>, said: &mut CiWorkflow) {
    for entry in env.map(Node::entries).unwrap_or_default() {
        if matches!(entry.key.as_str(), "AWS_ACCESS_KEY_ID" | "GOOGLE_CREDENTIALS" | "AZURE_CREDENTIALS") {
            note_keys(&entry.node, &entry.key, said);
        }
    }
}

fn note_keys(given: &Node, whereto: &str, said: &mut CiWorkflow) {
    for name in names_in(&given.scalar()).into_iter().filter(|name| of_a_cloud(name)) {
        let says = format!("the secret {name} is a key that does not expire, for `{whereto}`");
        said.evidence.push(Evidence::new("cloud_keys", &said.file, given.line, &says));
        said.cloud_keys.push(name);
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::kinds::CiWorkflow;
    use crate::facts::notes::FileNotes;
    use crate::facts::read::testing::file;

    fn workflow(text: &str) -> CiWorkflow {
        let mut notes = FileNotes::default();
        super::super::github::read(&file(".github/workflows/a.yml"), text, &mut notes);
        notes.workflow.unwrap()
    }

    fn lines(said: &CiWorkflow, cell: &str) -> Vec<u32> {
        said.evidence.iter().filter(|e| e.cell == cell).map(|e| e.line).collect()
    }

    #[test]
    fn the_token() {
        let said = workflow(
            "on: push\npermissions: write-all\njobs:\n  a:\n    permissions:\n      contents: write\n      issues: read\n    steps: []\n  b:\n    steps: []\n",
        );
        assert_eq!(said.jobs[0].writes, ["contents"]);
        assert_eq!(said.jobs[1].writes, ["*"]);
        assert_eq!((said.writes_everything.len(), lines(&said, "writes_everything")), (1, vec![2]));
        let said = workflow("on: push\npermissions: read-all\njobs:\n  a:\n    steps: []\n");
        assert!(said.writes_everything.is_empty() && said.jobs[0].writes.is_empty());
    }

    #[test]
    fn secrets_by_name() {
        let said = workflow(
            "on: push\nenv:\n  A: ${{ secrets.TOP }}\njobs:\n  a:\n    steps:\n      - run: curl -H \"${{ secrets.KEY }}\" # see docs/secrets.md\n      - run: x\n        env:\n          T: ${{ secrets.GITHUB_TOKEN }}\n          U: ${{ secrets['OTHER'] || '' }}\n",
        );
        assert_eq!(said.secrets, ["KEY", "OTHER", "TOP"]);
        assert_eq!(said.jobs[0].secrets, ["KEY", "OTHER"]);
    }

    #[test]
    fn everything_handed_on() {
        let said = workflow(
            "on: push\njobs:\n  a:\n    uses: other/repo/.github/workflows/x.yml@v1\n    secrets: inherit\n  b:\n    uses: ./.github/workflows/y.yml\n    secrets: inherit\n  c:\n    steps:\n      - run: node x.js\n        env:\n          ALL: ${{ toJSON(secrets) }}\n",
        );
        let names: Vec<&str> = said.secrets_handed_on.iter().map(|n| n.as_str()).collect();
        assert_eq!(names, ["other/repo/.github/workflows/x.yml@v1", "toJSON(secrets)"]);
        assert_eq!(lines(&said, "secrets_handed_on"), [5, 13]);
    }

    #[test]
    fn printed_into_the_log() {
        let run = |script: &str| {
            let text = format!(
                "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          {script}\n        env:\n          KEY: ${{{{ secrets.API }}}}\n"
            );
            workflow(&text).secrets_printed
        };
        assert_eq!(run("echo \"${{ secrets.A }}\""), ["A"]);
        assert_eq!(run("echo $KEY"), ["API"]);
        assert_eq!(run("echo \"key is ${KEY}\" | base64"), ["API"]);
        for fine in [
            "echo \"${{ secrets.A }}\" > .env",
            "echo \"A=${{ secrets.A }}\" >> $GITHUB_ENV",
            "echo $KEY | docker login --password-stdin",
            "echo $KEY | base64 -d > key.json",
            "echo \"::add-mask::$KEY\"",
            "echo \"set: ${{ secrets.A != '' }}\"",
            "echo ${#KEY}",
            "echo $KEYRING",
            "curl -H \"$KEY\" https://x.test",
        ] {
            assert!(run(fine).is_empty(), "{fine}");
        }
    }

    #[test]
    fn keys_of_clouds() {
        let step =
            |step: &str| workflow(&format!("on: push\njobs:\n  a:\n    steps:\n      - {step}\n")).cloud_keys;
        let aws = |rest: &str| {
            format!("uses: aws-actions/configure-aws-credentials@v4\n        with:\n          {rest}")
        };
        assert_eq!(step(&aws("aws-access-key-id: ${{ secrets.AWS_KEY }}")), ["AWS_KEY"]);
        assert!(step(&aws("role-to-assume: ${{ secrets.AWS_ROLE }}")).is_empty());
        let env = |name: &str| {
            format!("run: x\n        env:\n          AWS_ACCESS_KEY_ID: ${{{{ secrets.{name} }}}}")
        };
        assert_eq!(step(&env("AWS_ACCESS_KEY_ID")), ["AWS_ACCESS_KEY_ID"]);
        assert!(step(&env("R2_ACCESS_KEY_ID")).is_empty(), "Cloudflare's store knows no other way");
    }

    #[test]
    fn machines_of_their_own() {
        let said = workflow(
            "on: [push, pull_request]\njobs:\n  a:\n    runs-on: [self-hosted, linux]\n    steps: []\n  b:\n    runs-on: ubuntu-latest\n    if: github.event_name == 'push'\n    steps: []\n  c:\n    needs: b\n    runs-on: self-hosted\n    steps: []\n",
        );
        assert_eq!(
            (said.self_hosted_jobs.len(), said.jobs[0].self_hosted, said.jobs[1].self_hosted),
            (1, true, false)
        );
    }
}
