//! The exit status is a contract: every row of `docs/exit-status.md` is run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use common::{audit, git_run, project, repository, run, vibecheck, write};

/// A workflow that runs what a stranger writes: a critical finding, sure enough to fail the gate.
const TRIAGE: (&str, &str) = (
    ".github/workflows/triage.yml",
    "name: triage\non: issues\njobs:\n  greet:\n    runs-on: ubuntu-latest\n    steps:\n      \
     - run: echo \"${{ github.event.issue.title }}\"\n",
);

/// A start command that wipes the database of its app: a critical finding of that app.
const WIPES: &str = "{\"name\":\"web\",\"scripts\":{\"start\":\"prisma db push --accept-data-loss && node server.js\"},\
                     \"dependencies\":{\"react-dom\":\"19.0.0\",\"next\":\"15.0.0\"}}";

const API: &str =
    "{\"name\":\"api\",\"scripts\":{\"start\":\"node index.js\"},\"dependencies\":{\"express\":\"4.21.0\"}}";

const IGNORE: (&str, &str) = (".gitignore", ".env\nnode_modules\n");

fn with_a_critical_finding() -> tempfile::TempDir {
    repository(&[IGNORE, TRIAGE])
}

fn harmless() -> tempfile::TempDir {
    repository(&[("README.md", "# Notes\n"), IGNORE])
}

fn pack(id: &str, when: &str, more: &str) -> String {
    format!(
        "[[rule]]\nid = \"{id}\"\narea = \"source-control\"\non = \"project\"\nwhen = '{when}'\nwhy = \"w\"\n\
         fix = \"f\"\nverify = \"v\"\neffort = \"hours\"\n{more}"
    )
}

fn accepted(rule: &str, place: &str) -> String {
    format!("[[ignore]]\nrule = \"{rule}\"\n{place}\nreason = \"known\"\nuntil = 2030-12-31\n")
}

/// A repository below `folder`.
fn committed(folder: &Path, files: &[(&str, &str)]) {
    fs::create_dir_all(folder).unwrap();
    git_run(folder, &["init", "-q"]);
    write(folder, files);
    git_run(folder, &["add", "-A"]);
    git_run(folder, &["commit", "-q", "--allow-empty", "-m", "first"]);
}

/// The folder that `docs/exit-status.md` describes.
fn world() -> tempfile::TempDir {
    let world = tempfile::tempdir().unwrap();
    let at = |name: &str| world.path().join(name);
    committed(&at("clean"), &[("README.md", "# Notes\n"), IGNORE]);
    committed(&at("risky"), &[IGNORE, TRIAGE]);
    committed(
        &at("shop"),
        &[
            IGNORE,
            ("apps/web/package.json", WIPES),
            ("apps/web/app/page.tsx", "export default function Page() { return null }\n"),
            ("apps/api/package.json", API),
            ("apps/api/index.js", "require('express')().listen(1)\n"),
        ],
    );
    committed(&at("worse"), &[IGNORE, TRIAGE]);
    write(&at("worse"), &[(".github/workflows/welcome.yml", &TRIAGE.1.replace("triage", "welcome"))]);
    git_run(&at("worse"), &["add", "-A"]);
    git_run(&at("worse"), &["commit", "-q", "-m", "second"]);
    committed(&at("staged"), &[("README.md", "# Notes\n"), IGNORE]);
    write(&at("staged"), &[TRIAGE]);
    git_run(&at("staged"), &["add", "-A"]);
    committed(&at("ignored"), &[]);
    write(&at("ignored"), &[(".gitignore", "*\n"), ("note.txt", "x\n")]);
    fs::create_dir(at("empty")).unwrap();
    let scale = "title = \"t\"\nseverity = \"blocker\"\nstage = \"scale\"\n";
    let low = "title = \"t\"\nseverity = \"low\"\nstage = \"scale\"\n";
    let files = [
        ("loose/index.js", "console.log(1)\n".to_owned()),
        ("broken.json", "{\"format\":\"vibecheck-baseline\",".to_owned()),
        ("broken.toml", "[gate]\nfail-onn = \"high\"\n".to_owned()),
        (
            "accepted.toml",
            accepted("untrusted-code-in-ci", "path = \".github/**\"")
                + &accepted("always", "subject = \"the repository\""),
        ),
        ("blocker.toml", "[gate]\nfail-on = \"blocker\"\n".to_owned()),
        ("web-none.toml", "[gate.apps.\"apps/web\"]\nfail-on = \"none\"\n".to_owned()),
        (
            "web-low.toml",
            "[gate]\nfail-on = \"none\"\n[gate.apps.\"apps/web\"]\nfail-on = \"low\"\n".to_owned(),
        ),
        ("broken-pack/p.toml", pack("untitled", "true", "severity = \"low\"\nstage = \"scale\"\n")),
        ("failing-pack/p.toml", pack("commits-per-tag", "project.commits / project.tags > 10", low)),
        ("later-pack/p.toml", pack("always", "project.files > 0", scale)),
        ("good-pack/p.toml", pack("no-readme", "!project.readme", low)),
        ("lying-pack/p.toml", pack("no-readme", "!project.readme", low)),
    ];
    for (path, text) in &files {
        write(world.path(), &[(path, text)]);
    }
    let fixtures = "fixtures/no-readme";
    for (pack, bad, good) in [("good-pack", "index.js", "README.md"), ("lying-pack", "README.md", "index.js")]
    {
        write(
            world.path(),
            &[
                (&format!("{pack}/{fixtures}/bad/{bad}"), "# 1\n"),
                (&format!("{pack}/{fixtures}/good/{good}"), "# 1\n"),
            ],
        );
    }
    world
}

/// Situation, command and status of each row.
fn rows() -> Vec<(String, String, i32)> {
    let page = fs::read_to_string(project().join("docs/exit-status.md")).unwrap();
    page.lines()
        .filter(|line| line.contains("`vibecheck"))
        .filter_map(|line| {
            let line = line.replace("\\|", "\u{1}");
            let cells: Vec<String> = line.split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect();
            Some((
                cells.get(1)?.clone(),
                cells.get(2)?.trim_matches('`').to_owned(),
                cells.get(3)?.parse().ok()?,
            ))
        })
        .collect()
}

#[test]
fn every_row_of_the_page_is_so() {
    let world = world();
    let binary = Path::new(vibecheck().get_program()).parent().unwrap().to_owned();
    let path = std::env::join_paths(
        std::iter::once(binary).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    )
    .unwrap();
    let rows = rows();
    assert!(rows.len() > 50, "the page is read: {} rows", rows.len());
    let mut wrong = Vec::new();
    for (situation, command, status) in rows {
        // A full disk by name is Linux's.
        if command.contains("/dev/full") && !Path::new("/dev/full").exists() {
            continue;
        }
        let mut shell = Command::new("bash");
        shell.args(["--noprofile", "--norc", "-o", "pipefail", "-c", &command]).current_dir(world.path());
        shell
            .env("PATH", &path)
            .env("TERM", "dumb")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .stdin(Stdio::null());
        let output = shell.output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if output.status.code() != Some(status) {
            wrong.push(format!(
                "{situation}: {command}\n  {:?}, not {status}\n{out}{err}",
                output.status.code()
            ));
        }
        // What ends a command is said on the standard error, and only there.
        let init = command.starts_with("vibecheck init");
        if matches!(status, 2 | 3) && (err.trim().is_empty() || !(out.is_empty() || init)) {
            wrong.push(format!("{situation}: {command}\n  out: {out}\n  err: {err}"));
        }
        if status == 0 && !err.is_empty() {
            wrong.push(format!("{situation}: {command}\n  says on the standard error: {err}"));
        }
        assert!(!err.contains("panicked"), "{command}: {err}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A reader that is gone before the first byte, with every form of every result.
#[test]
fn a_closed_pipe_is_no_failure() {
    let folder = harmless();
    let path = folder.path().to_str().unwrap();
    let mut commands: Vec<Vec<&str>> = vec![
        vec!["facts", path],
        vec!["facts", path, "--format", "json"],
        vec!["rules", "list"],
        vec!["rules", "list", "--format", "json"],
        vec!["explain", "no-tests"],
        vec!["schema", "report"],
        vec!["schema", "facts"],
        vec!["man"],
        vec!["completions", "zsh"],
        vec!["--help"],
        vec!["init", path, "--dry-run"],
    ];
    let command = vibecheck::cli::command();
    let audit = command.find_subcommand("audit").unwrap();
    let format = audit.get_arguments().find(|argument| argument.get_id() == "format").unwrap();
    let formats: Vec<String> =
        format.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    assert!(formats.len() > 2);
    commands.extend(formats.iter().map(|format| vec!["audit", path, "--format", format]));
    for arguments in commands {
        let mut child = vibecheck()
            .args(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let status = child.wait().unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((status.code(), said.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn errors_say_what_was_meant() {
    let folder = harmless();
    let path = folder.path().to_str().unwrap();
    let said = run(vibecheck().args(["facts", path, "--kind", "appp"]));
    assert!(said.err.contains("did you mean `app`"), "{}", said.err);
    let said = run(vibecheck().args(["explain", "no-testz"]));
    assert!(said.err.contains("no-tests"), "{}", said.err);
    let said = audit(&folder.path().join("README.md"), &[]);
    assert!(said.err.contains("folder"), "{}", said.err);
    let empty = tempfile::tempdir().unwrap();
    let said = audit(empty.path(), &[]);
    assert_eq!(said.err.trim().lines().count(), 1, "one clear sentence: {}", said.err);
    assert!(said.err.contains("nothing to audit"), "{}", said.err);
}

#[test]
fn the_gate_can_stop_at_a_stage() {
    // No remote is a finding of the stage stabilize; nobody to update dependencies one of foundations.
    let folder = repository(&[
        ("README.md", "# Tool\n"),
        ("package.json", "{\"name\":\"t\",\"dependencies\":{\"left-pad\":\"1.3.0\"}}"),
        (".gitignore", ".env\nnode_modules\n"),
    ]);
    let all = audit(folder.path(), &["--fail-on", "low", "--format", "json"]);
    assert_eq!(all.status, 1);
    let json: serde_json::Value = serde_json::from_str(&all.out).unwrap();
    assert!(json["findings"].as_array().unwrap().iter().any(|f| f["stage"] == "foundations"));
    assert_eq!(json["summary"]["gate"]["stage"], "");
    let some = audit(folder.path(), &["--fail-on", "low", "--stage", "stabilize", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&some.out).unwrap();
    let early = json["findings"].as_array().unwrap().iter().filter(|f| f["stage"] == "stabilize").count();
    assert_eq!(json["summary"]["gate"]["failing"].as_u64().unwrap() as usize, early);
}

#[test]
fn the_report_says_which_app_fails_and_which_app_is_meant() {
    let world = world();
    let shop = world.path().join("shop");
    let config = |name: &str| world.path().join(name).to_str().unwrap().to_owned();
    let said = audit(&shop, &["--config", &config("web-low.toml"), "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(report["subject"]["apps"], serde_json::json!(["apps/api", "apps/web"]));
    let gate = &report["summary"]["gate"];
    assert_eq!((&gate["fail_on"], &gate["passed"]), (&"none".into(), &false.into()));
    let web = &gate["apps"][0];
    assert_eq!(gate["apps"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&web["app"], &web["fail_on"], &web["stage"]),
        (&"apps/web".into(), &"low".into(), &"".into())
    );
    let findings = report["findings"].as_array().unwrap();
    let of_web = findings.iter().filter(|finding| finding["app"] == "apps/web").count();
    assert!(of_web >= 1);
    assert_eq!(
        (web["failing"].as_u64(), gate["failing"].as_u64()),
        (Some(of_web as u64), Some(of_web as u64))
    );
    let wipes = findings.iter().find(|f| f["rule"] == "destructive-deploy-command").unwrap();
    assert!(wipes["prompt"].as_str().unwrap().contains("in the app `apps/web`"), "{wipes}");
    // For people.
    for format in ["terminal", "markdown"] {
        let said = audit(&shop, &["--config", &config("web-low.toml"), "--format", format]);
        assert!(said.out.contains("app apps/web"), "{format}: {}", said.out);
        assert!(
            said.out.contains("Gate failed: ") && said.out.contains("in apps/web (at low or above)"),
            "{}",
            said.out
        );
    }
    // One app needs no name.
    let only = audit(&world.path().join("shop/apps/web"), &[]);
    assert!(!only.out.contains("app at the top"), "{}", only.out);
}

#[test]
fn a_gate_for_an_app_that_is_not_there_is_a_note_that_names_the_apps() {
    let world = world();
    write(world.path(), &[("wrong.toml", "[gate.apps.\"apps/wbe\"]\nfail-on = \"low\"\n")]);
    let config = world.path().join("wrong.toml");
    let said = audit(&world.path().join("shop"), &["--config", config.to_str().unwrap(), "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let notes = report["coverage"]["notes"].to_string();
    assert!(notes.contains("`apps/wbe`") && notes.contains("`apps/api`, `apps/web`"), "{notes}");
    assert_eq!(report["summary"]["gate"]["apps"], serde_json::json!([]));
}

#[test]
fn an_output_file_is_written_whole_or_not_at_all() {
    let folder = harmless();
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("report.json");
    let said = audit(folder.path(), &["--format", "json", "--output", file.to_str().unwrap()]);
    assert_eq!((said.status, said.out.as_str()), (0, ""), "{}", said.err);
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap()["format"], "vibecheck-report");
    let said = audit(folder.path(), &["--output", "/there/is/no/such/folder/report"]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("/there/is/no/such/folder/report"), "{}", said.err);
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1, "no temporary file is left");
}

#[test]
fn nothing_is_written_into_the_audited_repository() {
    let folder = with_a_critical_finding();
    let before = listing(folder.path());
    audit(folder.path(), &[]);
    run(vibecheck().arg("facts").arg(folder.path()));
    assert_eq!(listing(folder.path()), before);
    git_run(folder.path(), &["status"]);
}

/// Every file with its size and time of change.
fn listing(folder: &Path) -> Vec<(std::path::PathBuf, u64, std::time::SystemTime)> {
    let mut files: Vec<_> = walkdir::WalkDir::new(folder)
        .into_iter()
        .flatten()
        .map(|e| {
            (e.path().to_path_buf(), e.metadata().unwrap().len(), e.metadata().unwrap().modified().unwrap())
        })
        .collect();
    files.sort();
    files
}

/// A pack whose one rule divides by the number of tags, of which there are none.
fn pack_that_fails() -> tempfile::TempDir {
    let packs = tempfile::tempdir().unwrap();
    let low = "title = \"t\"\nseverity = \"low\"\nstage = \"scale\"\n";
    write(packs.path(), &[("p.toml", &pack("commits-per-tag", "project.commits / project.tags > 10", low))]);
    packs
}

#[test]
fn a_rule_that_fails_makes_the_audit_incomplete_and_never_greener() {
    let packs = pack_that_fails();
    let rules = ["--rules", packs.path().to_str().unwrap(), "--format", "json"];
    let folder = harmless();
    let said = audit(folder.path(), &rules);
    assert_eq!(said.status, 4, "{}{}", said.out, said.err);
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert!(report["coverage"]["failures"][0].as_str().unwrap().contains("commits-per-tag"));
    let whole: serde_json::Value =
        serde_json::from_str(&audit(folder.path(), &["--format", "json"]).out).unwrap();
    let low = |report: &serde_json::Value| report["summary"]["progress"]["low"].as_u64().unwrap();
    assert!(low(&report) <= low(&whole));
}
