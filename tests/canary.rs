//! A credential that stands in the repository leaves it in no format, no error and no log: not one part of eight
//! characters. The credentials are made when the test runs, and planted wherever text is quoted from.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::path::Path;

use common::{Said, git_run, run, vibecheck, write};

const FORMATS: &[&str] = &["terminal", "json", "markdown", "sarif", "github", "gitlab", "junit"];

/// A credential as it is planted.
struct Canary {
    name: &'static str,
    /// As it stands in a line.
    text: String,
    /// What must not get out.
    secret: String,
    /// Whether it is told by its form alone, so that it may stand in a name.
    by_itself: bool,
}

/// Characters that look random and are the same on every machine.
fn random(seed: u64, length: usize, alphabet: &str) -> String {
    let letters: Vec<char> = alphabet.chars().collect();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            letters[(state % letters.len() as u64) as usize]
        })
        .collect()
}

fn canaries() -> Vec<Canary> {
    let (small, capital, digits) = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789");
    let all = format!("{small}{capital}{digits}");
    let bare = |name, prefix: &str, secret: String| Canary {
        name,
        text: format!("{prefix}{secret}"),
        secret,
        by_itself: true,
    };
    let password = format!("{}7x", random(5, 12, &all));
    let key = format!("{}/{}+4z", random(6, 18, &all), random(7, 18, &all));
    let spoken = format!("{}9q", random(8, 14, &all));
    vec![
        bare("a payment key", &format!("sk_{}", "live_"), random(1, 24, &all)),
        bare(
            "a session token",
            &format!("eyJ{}.", "hbGciOiJIUzI1NiJ9"),
            format!("eyJ{}.{}", random(2, 40, &all), random(3, 43, &all)),
        ),
        bare("a code host's token", &format!("gh{}", "p_"), random(4, 36, &all)),
        bare("a cloud key id", &format!("AK{}", "IA"), random(9, 16, &format!("{capital}234567"))),
        Canary {
            name: "a database address",
            text: format!("postgres://shop:{password}@db.acme.test:5432/shop"),
            secret: password,
            by_itself: false,
        },
        Canary {
            name: "a cloud secret",
            text: format!("AWS_SECRET_ACCESS_KEY={key}"),
            secret: key,
            by_itself: false,
        },
        Canary {
            name: "a password",
            text: format!("password = \"{spoken}\""),
            secret: spoken,
            by_itself: false,
        },
    ]
}

/// One of each sort: told by its prefix, by its address, by its name.
fn few() -> Vec<Canary> {
    let sorts = ["a payment key", "a database address", "a password"];
    canaries().into_iter().filter(|canary| sorts.contains(&canary.name)).collect()
}

impl Canary {
    /// Fails if a part of the secret is in the text.
    fn is_silent(&self, text: &str, what: &str) {
        let secret: Vec<char> = self.secret.chars().collect();
        for part in secret.windows(8) {
            let part: String = part.iter().collect();
            if let Some(at) = text.find(&part) {
                let around: String =
                    text.chars().skip(text[..at].chars().count().saturating_sub(200)).take(300).collect();
                panic!("{} leaks in {what}: {part} in\n{around}", self.name);
            }
        }
    }

    fn said_nothing(&self, said: &Said, what: &str) {
        self.is_silent(&said.out, what);
        self.is_silent(&said.err, &format!("{what}, standard error"));
    }
}

/// The text in double quotes of JSON or TOML.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// A repository whose findings quote lines with the credential, in a history that names it.
fn planted(canary: &Canary) -> tempfile::TempDir {
    let text = &canary.text;
    let inside = text.replace('"', "'");
    let folder = tempfile::tempdir().unwrap();
    git_run(folder.path(), &["init", "-q"]);
    let workflow = format!(
        "name: ci # {text}\non:\n  issues:\n  push:\njobs:\n  greet:\n    runs-on: ubuntu-latest\n    steps:\n      \
         - uses: someone/deploy@v1 # {text}\n      \
         - run: echo \"${{{{ github.event.issue.title }}}}\" # {text}\n      \
         - run: npm test || true # {text}\n      - run: fly deploy # {text}\n"
    );
    let compose = format!(
        "services:\n  db:\n    image: postgres # {text}\n    environment:\n      NOTE: '{inside}'\n    ports:\n      \
         - \"5432:5432\" # {text}\n"
    );
    let docker = format!("FROM node\nENV NOTE={inside}\nCMD NOTE={inside} npm run dev # {text}\n");
    let package = serde_json::json!({
        "name": "shop",
        "description": text,
        "scripts": {
            "start": format!("NOTE={inside} prisma db push --accept-data-loss && NOTE={inside} next dev"),
            "test": format!("vitest run # {text}"),
        },
        "dependencies": { "next": "latest", "pg": "*", "left-pad": format!("https://x:{}@acme.test/l.tgz", canary.secret) },
    });
    let terraform = format!(
        "resource \"aws_db_instance\" \"a\" {{\n  skip_final_snapshot = true # {text}\n  engine = \"postgres\"\n}}\n"
    );
    let files = [
        (".github/workflows/ci.yml", workflow),
        (".github/workflows/broken.yml", format!("on: [push\njobs: {text}\n  - : {text}\n")),
        ("docker-compose.yml", compose),
        ("Dockerfile", docker),
        ("package.json", serde_json::to_string_pretty(&package).unwrap()),
        ("apps/web/package.json", format!("{{ \"name\": \"web\", {text}\n  \"x\": {text} }}")),
        ("apps/api/pyproject.toml", format!("[project]\nname = \"api\"\nkey {text}\n")),
        (
            "apps/api/requirements.txt",
            format!("flask\nhttps://x:{}@acme.test/a.tar.gz\n# {text}\n", canary.secret),
        ),
        ("infra/main.tf", terraform),
        (
            "src/server.ts",
            format!(
                "import pg from 'pg' // {text}\nconst a = process.env.PAYMENT_KEY || '{inside}' // {text}\n"
            ),
        ),
        (
            "fly.toml",
            format!(
                "app = \"shop\"\n# {text}\n[env]\n  NOTE = \"{inside}\"\n[mounts]\n  source = \"data\" # {text}\n"
            ),
        ),
        ("README.md", format!("# Shop\n{text}\n")),
        ("src/a.test.ts", format!("it.skip('{inside}', () => {{}}) // {text}\n")),
    ];
    for (path, content) in &files {
        write(folder.path(), &[(path, content)]);
    }
    if canary.by_itself {
        write(folder.path(), &[(&format!("notes/{text}/Dockerfile"), "FROM node\nCMD npm run dev\n")]);
    }
    git_run(folder.path(), &["add", "-A", "-f"]);
    let author = format!("{inside} <a@acme.test>");
    git_run(folder.path(), &["commit", "-q", "-m", text, &format!("--author={author}")]);
    let remote = format!("https://shop:{}@github.com/acme/shop.git", canary.secret.replace(['/', '+'], "x"));
    git_run(folder.path(), &["remote", "add", "origin", &remote]);
    if canary.by_itself {
        git_run(folder.path(), &["remote", "add", text, &format!("git@acme.test:{text}.git")]);
        git_run(folder.path(), &["checkout", "-q", "-b", &format!("fix/{text}")]);
        git_run(folder.path(), &["tag", text]);
    }
    folder
}

/// A run that looks at the folder, whatever the day.
fn look(folder: &Path, command: &str, more: &[&str]) -> Said {
    let date: &[&str] = if command == "audit" { &["--date", "2026-03-01"] } else { &[] };
    run(vibecheck().arg(command).arg(folder).args(date).args(more))
}

#[test]
fn no_format_shows_it() {
    for canary in canaries() {
        let folder = planted(&canary);
        for format in FORMATS {
            let said = look(folder.path(), "audit", &["--format", format, "--profile"]);
            assert!(said.status <= 1, "{}", said.err);
            canary.said_nothing(&said, format);
        }
        let said = look(folder.path(), "audit", &["--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        let quoted: Vec<&str> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|f| f["places"].to_string().contains('•'))
            .map(|f| f["rule"].as_str().unwrap())
            .collect();
        // Else nothing was at stake.
        assert!(quoted.len() >= 3, "{}: {quoted:?} quote a masked line", canary.name);
        assert!(report["coverage"]["broken"].as_array().unwrap().len() >= 3, "{}", report["coverage"]);
    }
}

#[test]
fn no_fact_and_no_baseline_shows_it() {
    for canary in few() {
        let folder = planted(&canary);
        for more in [vec!["--format", "json"], vec!["--format", "table"]] {
            canary.said_nothing(&look(folder.path(), "facts", &more), "facts");
        }
        canary.said_nothing(
            &look(folder.path(), "audit", &["--format", "json", "--with-facts"]),
            "facts in the report",
        );
        let file = folder.path().join("accepted.json");
        let said = run(vibecheck().arg("baseline").arg(folder.path()).arg("--output").arg(&file));
        canary.said_nothing(&said, "baseline");
        canary.is_silent(&std::fs::read_to_string(&file).unwrap(), "the baseline's file");
        let baseline = file.to_str().unwrap();
        for format in FORMATS {
            let said = look(folder.path(), "audit", &["--format", format, "--baseline", baseline]);
            canary.said_nothing(&said, format);
        }
    }
}

#[test]
fn the_summary_of_a_step_does_not_show_it() {
    for canary in few() {
        let folder = planted(&canary);
        let out = tempfile::tempdir().unwrap();
        let summary = out.path().join("summary.md");
        let said = run(vibecheck()
            .arg("audit")
            .arg(folder.path())
            .args(["--format", "github"])
            .env("GITHUB_STEP_SUMMARY", &summary));
        canary.said_nothing(&said, "github");
        canary.is_silent(&std::fs::read_to_string(&summary).unwrap(), "the summary");
    }
}

#[test]
fn comparisons_do_not_show_it() {
    for canary in few() {
        let folder = planted(&canary);
        write(folder.path(), &[("Dockerfile", "FROM node:22\nUSER node\nCMD node server.js\n")]);
        for more in [["--since", "HEAD"].as_slice(), &["--staged"]] {
            for format in ["terminal", "json"] {
                let more: Vec<&str> = more.iter().copied().chain(["--format", format]).collect();
                canary.said_nothing(&look(folder.path(), "audit", &more), &more.join(" "));
            }
        }
    }
}

#[test]
fn what_is_accepted_does_not_show_it() {
    for canary in few() {
        let folder = planted(&canary);
        let text = &canary.text;
        let reason = quoted(text);
        let ignores: String = ["no-tests", "database-port-published", "no-such-rule"]
            .iter()
            .map(|rule| format!("[[ignore]]\nrule = \"{rule}\"\nreason = {reason}\n\n"))
            .collect();
        let attest = format!(
            "[[attest]]\nrule = \"restore-never-tested\"\nanswer = {reason}\nby = {reason}\non = 2026-01-01\nuntil = 2026-06-01\n"
        );
        write(folder.path(), &[("vibecheck.toml", &format!("{ignores}{attest}"))]);
        write(
            folder.path(),
            &[(
                "Dockerfile",
                &format!(
                    "FROM node\n# vibecheck: ignore[dev-server-in-production] {text}\nCMD npm run dev\n# vibecheck: ignore[{text}] {text}\n"
                ),
            )],
        );
        for format in FORMATS {
            canary.said_nothing(&look(folder.path(), "audit", &["--format", format]), format);
        }
    }
}

#[test]
fn no_error_about_the_configuration_shows_it() {
    for canary in canaries() {
        let text = &canary.text;
        let value = quoted(text);
        let folder = tempfile::tempdir().unwrap();
        for wrong in [
            format!("[gate]\nfail-on = \"{text}\n"),
            format!("[gate]\nfail-on = {text}\n"),
            format!("[gate]\nfail-on = {value}\n"),
            format!("[gate]\n{value} = 1\n"),
            format!("{value} = 1\n"),
            format!("[paths]\nexclude = [{value}, 3]\n"),
            format!("[paths]\nexclude = [\"[{}\"]\n", text.replace('"', "'")),
            format!("[[attest]]\nrule = {value}\nanswer = {value}\n"),
            format!("[[attest]]\nrule = \"x\"\nanswer = 3 # {text}\non = {value}\nuntil = {value}\n"),
            format!("[[ignore]]\nrule = \"no-tests\"\nreason = {value}\nuntil = {value}\n"),
            format!("[[ignore]]\nrule = \"no-tests\" # {text}\n"),
            format!("[[ignore]]\nrule = \"no-tests\"\nreason = {value}\n{value} = {value}\n"),
            format!("[[app]]\npath = {value}\nfail-on = {value}\n"),
        ] {
            write(folder.path(), &[("vibecheck.toml", &wrong), ("a.ts", "1\n")]);
            let said = look(folder.path(), "audit", &[]);
            canary.said_nothing(&said, &wrong.replace(&canary.secret, "SECRET"));
        }
    }
}

#[test]
fn no_error_about_a_pack_shows_it() {
    for canary in canaries() {
        let text = &canary.text;
        let value = quoted(text);
        let rule = |changed: &str, to: &str| {
            "[[rule]]\nid = \"x-y\"\ntitle = \"T\"\narea = \"tests\"\nseverity = \"low\"\nstage = \"scale\"\non = \"app\"\n\
             when = 'app.path == \"\"'\nwhy = \"W.\"\nfix = \"F.\"\nverify = \"V.\"\neffort = \"hours\"\n"
                .replace(changed, to)
        };
        let inside = text.replace(['"', '\''], "");
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("repo/a.ts", "1\n")]);
        for wrong in [
            format!("[[rule]]\nid = {text}\n"),
            format!("[[rule]]\nid = {value}\n"),
            format!("{value} = 1\n"),
            rule("area = \"tests\"", &format!("area = {value}")),
            rule("low", &inside),
            rule("app.path == \"\"", &format!("app.path = \"{inside}\"")),
            rule("app.path == \"\"", &format!("app.nothing == \"{inside}\"")),
            rule("app.path == \"\"", &format!("app.languages == \"{inside}\"")),
            rule("\"T\"", &format!("\"{{{inside}}}\"")),
            rule("\"W.\"", &format!("3 # {text}")),
        ] {
            write(folder.path(), &[("packs/p.toml", &wrong)]);
            let packs = folder.path().join("packs");
            let shown = wrong.replace(&canary.secret, "SECRET");
            canary.said_nothing(&run(vibecheck().args(["rules", "check"]).arg(&packs)), &shown);
        }
        let audited = folder.path().join("repo");
        let said = run(vibecheck().arg("audit").arg(audited).arg("--rules").arg(folder.path().join("packs")));
        canary.said_nothing(&said, "an audit with a broken pack");
    }
}

#[test]
fn no_error_about_a_baseline_shows_it() {
    for canary in few() {
        let value = quoted(&canary.text);
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("repo/a.ts", "1\n")]);
        for wrong in [
            canary.text.clone(),
            format!("{{ \"format\": {value} }}"),
            format!("{{ \"format\": \"vibecheck-baseline\", \"version\": {value} }}"),
            format!(
                "{{ \"format\": \"vibecheck-baseline\", \"version\": 1, \"places\": [{{ \"rule\": 3, {value}: {value} }}] }}"
            ),
            format!("{{ \"format\": \"vibecheck-baseline\", \"version\": 1, \"places\": {value} }}"),
            format!("{{ \"format\": \"vibecheck-baseline\", \"version\": 1, \"places\": [{value}] }}"),
        ] {
            write(folder.path(), &[("b.json", &wrong)]);
            let said = run(vibecheck()
                .arg("audit")
                .arg(folder.path().join("repo"))
                .arg("--baseline")
                .arg(folder.path().join("b.json")));
            assert_eq!(said.status, 2, "{}", said.err);
            canary.said_nothing(&said, &wrong.replace(&canary.secret, "SECRET"));
        }
    }
}
