//! The formats of other programs, as the command line writes them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::fs;

use common::schemas::{gitlab_problems, junit_problems, sarif_problems};
use common::{app, audit, git_run, repository, run, vibecheck, write};
use serde_json::Value;

/// A repository with findings in files, and without one.
fn shop() -> tempfile::TempDir {
    repository(&[
        ("README.md", "# Shop\n"),
        (".gitignore", ".env\nnode_modules\n"),
        (
            ".github/workflows/triage [1].yml",
            "name: triage\non: issues\njobs:\n  greet:\n    runs-on: ubuntu-latest\n    steps:\n      \
             - run: echo \"${{ github.event.issue.title }}\"\n",
        ),
        ("apps/web/package.json", "{\"name\":\"web\",\"dependencies\":{\"next\":\"15.1.0\"}}\n"),
        ("apps/web/Dockerfile", "FROM node\nCMD npm run dev\n"),
        ("apps/web/README.md", "# Web\n"),
        (
            "apps/web/docker-compose.yml",
            "services:\n  db:\n    image: postgres\n    ports:\n      - \"5432:5432\"\n",
        ),
    ])
}

fn sarif(text: &str) -> Value {
    assert_eq!(sarif_problems(text), Vec::<String>::new());
    serde_json::from_str::<Value>(text).unwrap()["runs"][0].take()
}

#[test]
fn whole_apps_match_the_official_schemas() {
    let apps = fs::read_dir(common::project().join("fixtures/apps")).unwrap();
    let folders = apps.flatten().filter(|entry| entry.path().is_dir());
    for name in folders.map(|entry| entry.file_name().into_string().unwrap()) {
        let app = app(&name);
        for (format, problems) in [
            ("sarif", sarif_problems as fn(&str) -> Vec<String>),
            ("gitlab", gitlab_problems),
            ("junit", junit_problems),
        ] {
            let said = audit(app.path(), &["--format", format]);
            assert_eq!(problems(&said.out), Vec::<String>::new(), "{name} as {format}");
            assert_eq!(said.err, "", "{name} as {format}");
        }
    }
}

#[test]
fn sarif_has_the_places_of_the_json_report() {
    let folder = shop();
    let report = common::report(folder.path());
    let run = sarif(&audit(folder.path(), &["--format", "sarif"]).out);
    let places: usize =
        report["findings"].as_array().unwrap().iter().map(|f| f["places"].as_array().unwrap().len()).sum();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), places);
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), report["ruleset"]["rules"]);
    let uri = |r: &Value| {
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().to_owned()
    };
    assert!(results.iter().any(|r| uri(r) == ".github/workflows/triage%20%5B1%5D.yml"));
    assert!(results.iter().any(|r| r["ruleId"] == "no-remote" && uri(r) == "README.md"));
}

#[test]
fn a_moved_line_keeps_its_fingerprint() {
    let folder = shop();
    let prints = || {
        let run = sarif(&audit(folder.path(), &["--format", "sarif"]).out);
        let mut prints: Vec<(String, String)> = run["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| {
                (r["ruleId"].to_string(), r["partialFingerprints"]["primaryLocationLineHash"].to_string())
            })
            .filter(|(rule, _)| !rule.contains("uncommitted"))
            .collect();
        prints.sort();
        prints
    };
    let before = prints();
    write(folder.path(), &[("apps/web/Dockerfile", "# moved\n\nFROM node\n\nCMD  npm run dev\n")]);
    assert_eq!(prints(), before);
}

#[test]
fn paths_of_a_subfolder_are_those_of_the_repository() {
    let folder = shop();
    let web = folder.path().join("apps/web");
    let run = sarif(&audit(&web, &["--format", "sarif"]).out);
    let text = run["results"].to_string();
    assert!(text.contains("\"uri\":\"apps/web/Dockerfile\""), "{text}");
    assert!(!text.contains("\"uri\":\"Dockerfile\""));
    assert_eq!(run["automationDetails"]["id"], "vibecheck/apps/web/");
    let said = audit(&web, &["--format", "github"]);
    assert!(said.out.contains("file=apps/web/Dockerfile,line="), "{}", said.out);
    let said = audit(&web, &["--format", "gitlab"]);
    assert!(said.out.contains("\"path\": \"apps/web/Dockerfile\""), "{}", said.out);
}

#[test]
fn every_format_goes_to_a_file_and_the_status_is_the_same() {
    let folder = shop();
    let out = tempfile::tempdir().unwrap();
    for format in ["terminal", "json", "markdown", "sarif", "github", "gitlab", "junit"] {
        let printed = audit(folder.path(), &["--format", format]);
        let file = out.path().join(format);
        let written = audit(folder.path(), &["--format", format, "--output", file.to_str().unwrap()]);
        assert_eq!((printed.status, written.status), (1, 1), "{format}: {}", printed.err);
        assert_eq!((written.out.as_str(), fs::read_to_string(file).unwrap()), ("", printed.out), "{format}");
    }
}

#[test]
fn github_gets_annotations_and_the_summary_of_the_step() {
    let folder = shop();
    let out = tempfile::tempdir().unwrap();
    let summary = out.path().join("summary.md");
    fs::write(&summary, "# From another step\n").unwrap();
    let github = |file: &std::path::Path, more: &[&str]| {
        run(vibecheck()
            .arg("audit")
            .arg(folder.path())
            .args(["--date", "2026-03-01"])
            .args(more)
            .env("GITHUB_STEP_SUMMARY", file))
    };
    let said = github(&summary, &["--format", "github"]);
    assert!(said.out.starts_with("::error file=.github/workflows/triage [1].yml,line=7,"), "{}", said.out);
    let page = fs::read_to_string(&summary).unwrap();
    let markdown = audit(folder.path(), &["--format", "markdown"]).out;
    assert_eq!(page, format!("# From another step\n{markdown}"));
    // Only that format writes it.
    github(&summary, &["--format", "json"]);
    assert_eq!(fs::read_to_string(&summary).unwrap(), page);
    let said = github(&out.path().join("no/such/folder"), &["--format", "github"]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("GITHUB_STEP_SUMMARY"), "{}", said.err);
}

#[test]
fn a_full_summary_is_cut_and_said_to_be() {
    let folder = shop();
    let out = tempfile::tempdir().unwrap();
    let summary = out.path().join("summary.md");
    fs::write(&summary, "x".repeat(1024 * 1024 - 500)).unwrap();
    let said = run(vibecheck()
        .arg("audit")
        .arg(folder.path())
        .args(["--format", "github"])
        .env("GITHUB_STEP_SUMMARY", &summary));
    assert!(said.err.contains("note: The summary of a step holds 1 MiB"), "{}", said.err);
    assert!(fs::metadata(&summary).unwrap().len() <= 1024 * 1024);
}

#[test]
fn a_failed_rule_is_no_success_in_any_format() {
    let folder = shop();
    let packs = tempfile::tempdir().unwrap();
    let rule = "[[rule]]\nid = \"divides\"\ntitle = \"Divides\"\narea = \"platform\"\nseverity = \"low\"\nstage = \"scale\"\n\
                on = \"project\"\nwhen = '1 / (project.files - project.files) == 1'\nwhy = \"W.\"\nfix = \"F.\"\n\
                verify = \"V.\"\neffort = \"hours\"\n";
    write(packs.path(), &[("p.toml", rule)]);
    let with = ["--rules", packs.path().to_str().unwrap(), "--fail-on", "blocker", "--format"];
    let said = |format| audit(folder.path(), &[with.as_slice(), &[format]].concat());
    let run = sarif(&said("sarif").out);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let junit = said("junit").out;
    assert_eq!(junit_problems(&junit), Vec::<String>::new());
    assert!(junit.contains("<error type=\"incomplete\" message=\"the check itself failed: "), "{junit}");
    assert!(said("github").out.contains("Incomplete: The rule divides failed to run"));
}

#[test]
fn hostile_names_stay_names() {
    let folder = repository(&[("README.md", "# x\n")]);
    let name = "a\n::error file=x::pwned\n%0A<b>&\"']]>.yml";
    write(
        folder.path(),
        &[(
            &format!(".github/workflows/{name}"),
            "on: issues\njobs:\n  a:\n    steps:\n      - run: echo \"${{ github.event.issue.title }}\"\n",
        )],
    );
    git_run(folder.path(), &["add", "-A"]);
    git_run(folder.path(), &["commit", "-qm", "x"]);
    sarif(&audit(folder.path(), &["--format", "sarif"]).out);
    assert_eq!(gitlab_problems(&audit(folder.path(), &["--format", "gitlab"]).out), Vec::<String>::new());
    let junit = audit(folder.path(), &["--format", "junit"]).out;
    assert_eq!(junit_problems(&junit), Vec::<String>::new());
    let github = audit(folder.path(), &["--format", "github"]).out;
    assert!(github.contains("pwned"), "it is in a title or a path: {github}");
    assert!(github.lines().all(|line| !line.starts_with("::error file=x")), "{github}");
}
