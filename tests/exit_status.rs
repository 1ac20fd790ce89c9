//! The exit status is a contract: 0 passed, 1 failed, 2 wrong usage, 3 nothing to audit, 4 incomplete.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::fs;
use std::io::Read;
use std::process::Stdio;

use common::{audit, git_run, repository, run, vibecheck, write};

/// A repository whose start command wipes its database: a critical finding, sure enough to fail the gate.
fn with_a_critical_finding() -> tempfile::TempDir {
    repository(&[
        (".gitignore", ".env\nnode_modules\n"),
        (
            ".github/workflows/triage.yml",
            "name: triage\non: issues\njobs:\n  greet:\n    runs-on: ubuntu-latest\n    steps:\n      \
             - run: echo \"${{ github.event.issue.title }}\"\n",
        ),
    ])
}

fn harmless() -> tempfile::TempDir {
    repository(&[("README.md", "# Notes\n"), (".gitignore", ".env\n")])
}

#[test]
fn nothing_critical_passes() {
    let folder = harmless();
    let said = audit(folder.path(), &[]);
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    assert!(said.err.is_empty(), "{}", said.err);
}

#[test]
fn a_critical_finding_fails_and_fail_on_decides() {
    let folder = with_a_critical_finding();
    let said = audit(folder.path(), &[]);
    assert_eq!(said.status, 1, "{}{}", said.out, said.err);
    assert_eq!(audit(folder.path(), &["--fail-on", "blocker"]).status, 0);
    assert_eq!(audit(folder.path(), &["--fail-on", "low"]).status, 1);
    // The report itself is the same whatever the gate says, and goes to stdout.
    assert!(said.out.contains("triage.yml"), "{}", said.out);
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
fn an_empty_folder_is_nothing_to_audit() {
    let folder = tempfile::tempdir().unwrap();
    let said = audit(folder.path(), &[]);
    assert_eq!(said.status, 3);
    assert_eq!(said.out, "");
    assert_eq!(said.err.trim().lines().count(), 1, "one clear sentence: {}", said.err);
    assert!(said.err.contains("nothing to audit"), "{}", said.err);
}

#[test]
fn wrong_usage_is_two() {
    let folder = harmless();
    let path = folder.path().to_str().unwrap();
    for wrong in [
        vec!["audit", "/there/is/no/such/folder"],
        vec!["audit", path, "--format", "pdf"],
        vec!["audit", path, "--date", "yesterday"],
        vec!["audit", path, "--rules", "/there/is/no/such/folder"],
        vec!["audit", path, "--config", "/there/is/no/such/file"],
        vec!["facts", path, "--kind", "appp"],
        vec!["explain", "no-such-rule"],
        vec!["frobnicate"],
        vec![],
    ] {
        let said = run(vibecheck().args(&wrong));
        assert_eq!(said.status, 2, "{wrong:?}: {}{}", said.out, said.err);
        assert_eq!(said.out, "", "{wrong:?}: errors go to stderr");
        assert!(!said.err.trim().is_empty(), "{wrong:?}");
    }
    let said = run(vibecheck().args(["facts", path, "--kind", "appp"]));
    assert!(said.err.contains("did you mean `app`"), "{}", said.err);
    let said = run(vibecheck().args(["explain", "no-testz"]));
    assert!(said.err.contains("no-tests"), "{}", said.err);
}

#[test]
fn a_file_is_not_a_folder() {
    let folder = harmless();
    let said = audit(&folder.path().join("README.md"), &[]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("folder"), "{}", said.err);
}

#[test]
fn a_bad_configuration_or_pack_is_two_even_where_nothing_is_to_audit() {
    let empty = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    write(
        other.path(),
        &[("bad.toml", "[gate]\nfail-onn = \"high\"\n"), ("packs/p.toml", "[[rule]]\nid = 3\n")],
    );
    let config = other.path().join("bad.toml");
    let said = audit(empty.path(), &["--config", config.to_str().unwrap()]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("fail-onn") && said.err.contains("fail-on"), "{}", said.err);
    let packs = other.path().join("packs");
    let said = audit(empty.path(), &["--rules", packs.to_str().unwrap()]);
    assert_eq!(said.status, 2, "{}", said.err);
}

#[test]
fn the_configuration_of_the_repository_counts_unless_it_is_switched_off() {
    let folder = with_a_critical_finding();
    write(folder.path(), &[("vibecheck.toml", "[gate]\nfail-on = \"blocker\"\n")]);
    assert_eq!(audit(folder.path(), &[]).status, 0);
    assert_eq!(audit(folder.path(), &["--config", "none"]).status, 1);
    assert_eq!(audit(folder.path(), &["--fail-on", "critical"]).status, 1, "the command line wins");
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let folder = harmless();
    let mut child = vibecheck()
        .arg("facts")
        .arg(folder.path())
        .args(["--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let status = child.wait().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(status.code(), Some(0), "{said}");
    assert_eq!(said, "");
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
fn listing(folder: &std::path::Path) -> Vec<(std::path::PathBuf, u64, std::time::SystemTime)> {
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

#[test]
fn help_and_version_are_results() {
    for flag in ["--help", "--version"] {
        let said = run(vibecheck().arg(flag));
        assert_eq!(said.status, 0);
        assert!(said.out.contains("vibecheck"), "{}", said.out);
    }
    assert_eq!(run(vibecheck().args(["completions", "bash"])).status, 0);
    assert!(run(vibecheck().arg("man")).out.contains(".TH"));
}

/// A pack whose one rule divides by the number of tags, of which there are none.
fn pack_that_fails() -> tempfile::TempDir {
    let packs = tempfile::tempdir().unwrap();
    write(
        packs.path(),
        &[(
            "broken.toml",
            "[[rule]]\nid = \"commits-per-tag\"\ntitle = \"t\"\narea = \"source-control\"\nseverity = \"low\"\n\
             stage = \"scale\"\non = \"project\"\nwhen = 'project.commits / project.tags > 10'\nwhy = \"w\"\n\
             fix = \"f\"\nverify = \"v\"\neffort = \"hours\"\n",
        )],
    );
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
    // A failed gate says more than an incomplete audit.
    assert_eq!(audit(with_a_critical_finding().path(), &rules).status, 1);
    // Nothing to audit says more than either.
    assert_eq!(audit(tempfile::tempdir().unwrap().path(), &rules).status, 3);
}
