//! What makes a GitHub workflow dangerous whatever it is there for.

use std::sync::LazyLock;

use regex::Regex;

use crate::facts::config::Node;
use crate::facts::kinds::{Answer, CiWorkflow, Evidence, Unknown};
use crate::facts::mask::Lines;
use crate::facts::notes::StepNote;
use crate::secrets::excerpt;

/// Third-party actions that may change under the workflow: not pinned to a commit.
pub(super) fn unpinned_actions(steps: &[StepNote], said: &mut CiWorkflow) {
    for step in steps.iter().filter(|step| is_unpinned(&step.uses)) {
        let uses = excerpt(&step.uses);
        if !said.unpinned_actions.contains(&uses) {
            let says = format!("`{}` can be changed by its owner at any time", step.uses);
            let action = step.uses.rsplit_once('@').map_or(step.uses.as_str(), |(action, _)| action);
            said.evidence.push(Evidence::of_item("unpinned_actions", action, &said.file, step.line, &says));
            said.unpinned_actions.push(uses);
        }
    }
    said.unpinned_actions.sort();
}

fn is_unpinned(uses: &str) -> bool {
    if uses.is_empty() || uses.starts_with("./") || uses.starts_with("../") || uses.contains("${{") {
        return false;
    }
    if let Some(image) = uses.strip_prefix("docker://") {
        return !image.contains("@sha256:");
    }
    let Some((action, version)) = uses.rsplit_once('@') else { return true };
    if action.starts_with("actions/") || action.starts_with("github/") {
        return false;
    }
    !(version.len() == 40 && version.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// What names the code of a pull request's author.
fn strangers_ref(text: &str) -> bool {
    let text = text.replace(' ', "");
    text.contains("github.event.pull_request.head.")
        || text.contains("github.head_ref")
        || text.contains("github.event.workflow_run.head_")
        || (text.contains("refs/pull/") && (text.contains("/merge") || text.contains("/head")))
}

/// Whether only changes and people of the repository itself get past the condition of a job.
fn own_only(condition: &str) -> bool {
    let text = condition.replace(' ', "");
    text.contains("head.repo.full_name==github.repository")
        || text.contains("head.repo.fork==false")
        || text.contains("!github.event.pull_request.head.repo.fork")
        || text.contains("author_association")
        || text.contains("github.actor==")
        || text.contains("sender.login==")
}

/// What lets a person of the repository decide for each change, as far as the file tells.
fn asks_somebody(job: &Node, root: &Node) -> bool {
    let condition = job.get("if").map(Node::scalar).unwrap_or_default();
    let types = root.at(&["on", "pull_request_target", "types"]).map(Node::texts).unwrap_or_default();
    let labelled = !types.is_empty() && types.iter().all(|(t, _)| t == "labeled");
    condition.contains(".labels")
        || condition.contains("event.label.")
        || labelled
        || job.get("environment").is_some()
}

/// Whether a stranger's code in the job gets anything: a token that may write, or a secret, be it only of the whole
/// workflow's `environment`.
fn gives_rights(job: &Node, root: &Node, environment: bool) -> bool {
    let Some(permissions) = job.get("permissions").or_else(|| root.get("permissions")) else { return true };
    let text = permissions.scalar();
    let reads = text == "read-all"
        || (text.is_empty() && permissions.entries().iter().all(|e| e.node.scalar() != "write"));
    !reads || environment || names_secret(job)
}

fn names_secret(node: &Node) -> bool {
    let own = node.scalar();
    own.contains("secrets.") && own.replace("secrets.GITHUB_TOKEN", "").contains("secrets.")
        || node
            .entries()
            .iter()
            .any(|e| (e.key == "secrets" && e.node.scalar() == "inherit") || names_secret(&e.node))
        || node.list().iter().any(names_secret)
}

/// `pull_request_target` and `workflow_run` run with the repository's own token and secrets; with a checkout of
/// the stranger's code that is then run, the stranger has both.
pub(super) fn untrusted_code(root: &Node, said: &mut CiWorkflow) {
    said.runs_untrusted_code = Answer::No;
    let trigger = said.triggers.iter().find(|t| *t == "pull_request_target" || *t == "workflow_run");
    let Some(trigger) = trigger.cloned() else { return };
    let environment = root.get("env").is_some_and(names_secret);
    for entry in root.get("jobs").map(Node::entries).unwrap_or_default() {
        let condition = entry.node.get("if").map(Node::scalar).unwrap_or_default();
        if own_only(&condition) || !gives_rights(&entry.node, root, environment) {
            continue;
        }
        let Some((checkout, step)) = runs_checkout(&entry.node) else { continue };
        let says = format!("`{trigger}` with a checkout of the code of the pull request");
        said.evidence.push(Evidence::new("runs_untrusted_code", &said.file, checkout, &says));
        let says = "this step runs after that checkout, with the repository's token";
        said.evidence.push(Evidence::new("runs_untrusted_code", &said.file, step, says));
        if !asks_somebody(&entry.node, root) {
            said.runs_untrusted_code = Answer::Yes;
            return;
        }
        said.runs_untrusted_code = Answer::Unknown;
    }
    if said.runs_untrusted_code == Answer::Unknown {
        let reason = "a label or an environment lets somebody decide for each pull request, and who that is stands in the settings";
        said.unknowns.push(Unknown::new("runs_untrusted_code", reason));
    }
}

/// The lines of a checkout of a stranger's code and of the first step that runs it.
fn runs_checkout(job: &Node) -> Option<(u32, u32)> {
    let mut checked_out = 0;
    for step in job.get("steps").map(Node::list).unwrap_or_default() {
        let uses = step.get("uses").map(Node::scalar).unwrap_or_default();
        let run = step.get("run").map(Node::scalar).unwrap_or_default();
        let refs = ["ref", "repository"].iter().filter_map(|key| step.at(&["with", key])).map(Node::scalar);
        let named: Vec<String> = refs.collect();
        let by_action = uses.starts_with("actions/checkout") && named.iter().any(|r| strangers_ref(r));
        let by_git = (run.contains("git checkout") || run.contains("git fetch")) && strangers_ref(&run);
        let by_cli = run.contains("gh pr checkout");
        if checked_out == 0 && (by_action || by_git || by_cli) {
            checked_out = step.line;
        } else if checked_out > 0 && (!run.is_empty() || uses.starts_with("./") || runs_project(&uses)) {
            return Some((checked_out, step.line));
        }
    }
    None
}

/// Actions that run code of what is checked out.
fn runs_project(uses: &str) -> bool {
    ["docker/build-push-action", "cypress-io/github-action", "docker/bake-action", "gradle/"]
        .iter()
        .any(|action| uses.starts_with(action))
}

/// So many are shown as evidence; all are counted.
const MOST_SHOWN: u32 = 50;

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static INJECTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\$\{\{[^}]*\b(?:github\.head_ref|github\.event\.(?:issue|pull_request|comment|review|review_comment|discussion|head_commit|commits|pages|workflow_run)[\w.\[\]*-]*\.(?:title|body|message|name|ref|label|email|page_name|head_branch|display_title|description|homepage|default_branch))\b[^}]*\}\}",
    )
    .expect("a valid pattern")
});

/// Whether what the expression names is there, and a stranger's, under a trigger that is open to strangers. For
/// `workflow_call` the triggers of its callers decide, which the extractor knows.
fn written_by_stranger(expression: &str, trigger: &str) -> bool {
    let names = |part: &str| expression.contains(part);
    match trigger {
        "issues" => names("event.issue."),
        "issue_comment" => names("event.issue.") || names("event.comment."),
        "discussion" => names("event.discussion."),
        "discussion_comment" => names("event.discussion.") || names("event.comment."),
        "commit_comment" => names("event.comment."),
        "gollum" => names("event.pages"),
        "pull_request_target" => names("event.pull_request.") || names("head_ref"),
        "workflow_run" => names("event.workflow_run."),
        "workflow_call" => true,
        _ => false,
    }
}

/// Expressions a stranger writes, pasted into a script before the shell reads it, where the script has rights that the
/// stranger lacks.
pub(super) fn script_injections(root: &Node, steps: &[StepNote], said: &mut CiWorkflow) {
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
    let guarded: Vec<bool> = jobs
        .iter()
        .map(|job| {
            let condition = job.node.get("if").map(Node::scalar).unwrap_or_default();
            own_only(&condition) || asks_somebody(&job.node, root)
        })
        .collect();
    for step in steps.iter().filter(|s| guarded.get(s.job) != Some(&true)) {
        let scripted =
            step.inputs.iter().filter(|(key, _)| key == "script" && step.uses.contains("github-script"));
        let mut lines = Lines::of(&step.script);
        for script in std::iter::once(&step.script).chain(scripted.map(|(_, value)| value)) {
            for found in INJECTION.find_iter(script) {
                // A comparison gives true or false.
                if found.as_str().contains("==") || found.as_str().contains("contains(") {
                    continue;
                }
                if !said.triggers.iter().any(|t| written_by_stranger(found.as_str(), t)) {
                    continue;
                }
                said.script_injections += 1;
                let line = if step.script.is_empty() { 0 } else { lines.line(found.start()) - 1 };
                let line = step.line + line;
                if said.script_injections > MOST_SHOWN {
                    continue;
                }
                let says = format!("`{}` is pasted into a script", found.as_str());
                said.evidence.push(Evidence::new("script_injections", &said.file, line, &says));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::kinds::{Answer, CiWorkflow};
    use crate::facts::notes::FileNotes;

    fn workflow(text: &str) -> CiWorkflow {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join(".github/workflows")).unwrap();
        std::fs::write(folder.path().join(".github/workflows/a.yml"), text).unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let mut notes = FileNotes::default();
        super::super::github::read(&tree.files()[0], text, &mut notes);
        notes.workflow.unwrap()
    }

    #[test]
    fn pinning() {
        let sha = "0123456789abcdef0123456789abcdef01234567";
        let found = workflow(&format!(
            "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - uses: b/c@v1\n      - uses: d/e@{sha}\n      - uses: ./local\n      - uses: docker://alpine:3\n"
        ));
        let names: Vec<&str> = found.unpinned_actions.iter().map(|u| u.as_str()).collect();
        assert_eq!(names, ["b/c@v1", "docker://alpine:3"]);
        assert_eq!(found.evidence[0].line, 6);
        assert!(!found.permissions_declared);
    }

    #[test]
    fn untrusted_code_needs_checkout_and_run() {
        let text = |trigger: &str, reference: &str, last: &str| {
            format!(
                "on:\n  {trigger}:\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${{{{ {reference} }}}}\n      - {last}\n"
            )
        };
        let head = "github.event.pull_request.head.sha";
        assert_eq!(
            workflow(&text("pull_request_target", head, "run: npm ci")).runs_untrusted_code,
            Answer::Yes
        );
        assert_eq!(workflow(&text("pull_request", head, "run: npm ci")).runs_untrusted_code, Answer::No);
        assert_eq!(
            workflow(&text("pull_request_target", "github.sha", "run: npm ci")).runs_untrusted_code,
            Answer::No
        );
        let labeler = text("pull_request_target", head, "uses: actions/labeler@v5");
        assert_eq!(workflow(&labeler).runs_untrusted_code, Answer::No);
    }

    #[test]
    fn who_gets_the_rights_decides() {
        let text = |top: &str, job: &str| {
            format!(
                "on: pull_request_target\n{top}jobs:\n  a:\n{job}    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${{{{ github.event.pull_request.head.sha }}}}\n      - run: npm ci\n"
            )
        };
        let answer = |top: &str, job: &str| workflow(&text(top, job)).runs_untrusted_code;
        assert_eq!(answer("", ""), Answer::Yes);
        assert_eq!(answer("permissions:\n  contents: read\n", ""), Answer::No);
        assert_eq!(answer("permissions:\n  contents: write\n", ""), Answer::Yes);
        let secret = "    env:\n      KEY: ${{ secrets.KEY }}\n";
        assert_eq!(answer("permissions: read-all\n", secret), Answer::Yes, "the secret is enough");
        assert_eq!(answer("", "    if: github.event.pull_request.head.repo.fork == false\n"), Answer::No);
        assert_eq!(
            answer("", "    if: contains(github.event.pull_request.labels.*.name, 'safe')\n"),
            Answer::Unknown
        );
        assert_eq!(answer("", "    environment: reviewed\n"), Answer::Unknown);
    }

    #[test]
    fn an_expression_counts_where_its_writer_gains_rights() {
        let count = |trigger: &str, expression: &str| {
            let text = format!(
                "on: {trigger}\njobs:\n  a:\n    steps:\n      - run: echo ${{{{ {expression} }}}}\n"
            );
            workflow(&text).script_injections
        };
        for (trigger, expression) in [
            ("pull_request_target", "github.head_ref"),
            ("pull_request_target", "github.event.pull_request.title"),
            ("issue_comment", "github.event.comment.body"),
            ("workflow_run", "github.event.workflow_run.head_branch"),
            ("discussion", "github.event.discussion.title"),
        ] {
            assert_eq!(count(trigger, expression), 1, "{expression} under {trigger}");
        }
        for (trigger, expression) in [
            ("pull_request", "github.head_ref"),
            ("pull_request", "github.event.pull_request.title"),
            ("pull_request_review", "github.event.review.body"),
            ("push", "github.event.head_commit.message"),
            ("issues", "github.head_ref"),
        ] {
            assert_eq!(count(trigger, expression), 0, "{expression} under {trigger}");
        }
    }

    #[test]
    fn injections_are_counted_in_scripts_only() {
        let found = workflow(
            "on: issues\njobs:\n  a:\n    steps:\n      - run: |\n          echo a\n          echo ${{ github.event.issue.title }}\n      - run: echo \"$T\"\n        env:\n          T: ${{ github.event.issue.title }}\n      - run: echo ${{ github.event.issue.number }}\n",
        );
        assert_eq!(found.script_injections, 1);
        assert_eq!(found.evidence.iter().find(|e| e.cell == "script_injections").map(|e| e.line), Some(7));
    }

    #[test]
    fn broken_files_are_unread() {
        let found = workflow("on: push\n jobs:\n");
        assert!(!found.read);
        assert!(found.unknowns.iter().any(|u| u.cell == "runs_tests"));
    }
}
