//! `vibecheck init` shows everything first, writes only what it showed, and never touches what is there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use common::{Said, audit, git_run, report, repository, run, vibecheck, write};
use serde_yaml_ng::Value;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn init(folder: &Path, more: &[&str]) -> Said {
    run(vibecheck().arg("init").arg(folder).args(more).stdin(Stdio::null()))
}

/// Every file outside of `.git`, and the hook.
fn files(folder: &Path) -> Vec<String> {
    let mut files: Vec<String> = walkdir::WalkDir::new(folder)
        .into_iter()
        .flatten()
        .filter(|entry| !entry.file_type().is_dir())
        .map(|entry| entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned())
        .filter(|path| !path.starts_with(".git/") || path == ".git/hooks/pre-commit")
        .collect();
    files.sort();
    files
}

fn read(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join(path)).unwrap()
}

/// A repository whose remote is on this host.
fn hosted(host: &str, files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = repository(files);
    git_run(folder.path(), &["remote", "add", "origin", &format!("https://{host}/acme/shop.git")]);
    folder
}

const README: (&str, &str) = ("README.md", "# Shop\n");

#[test]
fn it_writes_what_it_showed_and_nothing_twice() {
    let folder = hosted("github.com", &[README]);
    let shown = init(folder.path(), &["--hook", "--dry-run"]);
    assert_eq!((shown.status, shown.err.as_str()), (0, ""), "{}", shown.out);
    assert_eq!(files(folder.path()), ["README.md"]);

    let said = init(folder.path(), &["--hook", "--yes"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert_eq!(said.out, shown.out);
    let new = [".github/workflows/vibecheck.yml", ".git/hooks/pre-commit", "vibecheck.toml"];
    assert_eq!(
        files(folder.path()),
        [".git/hooks/pre-commit", ".github/workflows/vibecheck.yml", "README.md", "vibecheck.toml"]
    );
    for path in new {
        assert!(said.out.contains(&format!("=== {path}")), "{path}");
        for line in read(folder.path(), path).lines() {
            assert!(said.out.contains(line), "{path} was written with a line that was not shown: {line}");
        }
    }
    assert!(
        said.err.contains("vibecheck.toml, .github/workflows/vibecheck.yml, .git/hooks/pre-commit"),
        "{}",
        said.err
    );

    for path in new {
        fs::write(folder.path().join(path), "mine").unwrap();
    }
    let again = init(folder.path(), &["--hook", "--yes"]);
    assert_eq!(again.status, 0);
    assert!(again.out.starts_with("Nothing is left to write."), "{}", again.out);
    for path in new {
        assert_eq!(read(folder.path(), path), "mine");
        assert!(again.out.contains(&format!("{path} is there already")), "{}", again.out);
    }
}

#[test]
fn without_a_terminal_and_without_a_yes_nothing_is_written() {
    let folder = hosted("github.com", &[README]);
    let said = init(folder.path(), &[]);
    assert_eq!(said.status, 2);
    assert!(said.out.contains("=== vibecheck.toml"));
    assert!(said.err.contains("nothing was written") && said.err.contains("--yes"), "{}", said.err);
    assert_eq!(files(folder.path()), ["README.md"]);
}

fn jobs(text: &str) -> Value {
    serde_yaml_ng::from_str(text).unwrap()
}

#[test]
fn the_workflow_asks_for_little_and_pins_what_it_runs() {
    let folder = hosted("github.com", &[README]);
    git_run(folder.path(), &["branch", "-m", "trunk"]);
    let action = format!("acme/vibecheck@{COMMIT}");
    init(folder.path(), &["--yes", "--action", &action]);
    let text = read(folder.path(), ".github/workflows/vibecheck.yml");
    let workflow = jobs(&text);
    assert_eq!(workflow["on"]["push"]["branches"][0].as_str(), Some("trunk"));
    assert_eq!(workflow["permissions"].as_mapping().unwrap().len(), 1);
    assert_eq!(workflow["permissions"]["contents"].as_str(), Some("read"));
    let steps = workflow["jobs"]["audit"]["steps"].as_sequence().unwrap();
    assert_eq!(steps[0]["with"]["fetch-depth"].as_u64(), Some(0));
    assert_eq!(steps[1]["uses"].as_str(), Some(action.as_str()));
    assert_eq!(steps[1]["with"]["since"].as_str(), Some("${{ github.event.pull_request.base.sha }}"));
    assert_eq!(steps.len(), 3);
    assert!(!text.contains("VIBECHECK_SOURCE"));
}

#[test]
fn a_workflow_that_knows_no_source_says_so_when_it_runs() {
    let folder = hosted("github.com", &[README]);
    let said = init(folder.path(), &["--yes"]);
    assert!(said.out.contains("Fill in VIBECHECK_SOURCE"), "{}", said.out);
    let workflow = jobs(&read(folder.path(), ".github/workflows/vibecheck.yml"));
    let build = &workflow["jobs"]["audit"]["steps"][1];
    let script = build["run"].as_str().unwrap();
    let output = Command::new("bash")
        .args(["-e", "-c", script])
        .envs(
            build["env"]
                .as_mapping()
                .unwrap()
                .iter()
                .map(|(k, v)| (k.as_str().unwrap(), v.as_str().unwrap())),
        )
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stdout).contains("::error::Fill in VIBECHECK_SOURCE"));
    // No expression of GitHub stands inside a script.
    for step in workflow["jobs"]["audit"]["steps"].as_sequence().unwrap() {
        assert!(!step["run"].as_str().unwrap_or_default().contains("${{"));
    }
}

#[test]
fn what_it_writes_passes_its_own_audit() {
    for host in ["github.com", "gitlab.com"] {
        let folder = hosted(host, &[README, ("index.js", "console.log(1)\n"), (".gitignore", ".env\n")]);
        let about = |report: &serde_json::Value| -> Vec<String> {
            let findings = report["findings"].as_array().unwrap();
            findings.iter().map(|f| format!("{} {}", f["rule"], f["subject"])).collect()
        };
        let before = about(&report(folder.path()));
        assert_eq!(init(folder.path(), &["--yes", "--hook"]).status, 0);
        git_run(folder.path(), &["add", "-A"]);
        git_run(folder.path(), &["-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "vibecheck"]);
        let after = report(folder.path());
        let new: Vec<String> = about(&after).into_iter().filter(|f| !before.contains(f)).collect();
        assert_eq!(new, Vec::<String>::new(), "{host}");
        assert_eq!(after["coverage"]["broken"], serde_json::json!([]));
    }
}

#[test]
fn gitlab_gets_a_job_to_include_in_a_stage_that_exists() {
    let pipeline = "stages: [lint, build]\nbuild:\n  stage: build\n  script: [make]\n";
    let folder = hosted("gitlab.com", &[README, (".gitlab-ci.yml", pipeline)]);
    let said = init(folder.path(), &["--yes"]);
    assert_eq!(
        files(folder.path()),
        [".gitlab-ci.yml", ".gitlab/vibecheck.yml", "README.md", "vibecheck.toml"]
    );
    assert_eq!(read(folder.path(), ".gitlab-ci.yml"), pipeline, "an existing file is not edited");
    assert!(said.out.contains("- local: .gitlab/vibecheck.yml"), "{}", said.out);
    let job = jobs(&read(folder.path(), ".gitlab/vibecheck.yml"));
    assert_eq!(job["vibecheck"]["stage"].as_str(), Some("lint"));
    assert_eq!(job["vibecheck"]["variables"]["GIT_DEPTH"].as_str(), Some("0"));

    let fresh = hosted("gitlab.com", &[README]);
    init(fresh.path(), &["--yes"]);
    assert_eq!(read(fresh.path(), ".gitlab-ci.yml"), "include:\n  - local: .gitlab/vibecheck.yml\n");
    assert_eq!(
        jobs(&read(fresh.path(), ".gitlab/vibecheck.yml"))["vibecheck"]["stage"].as_str(),
        Some("test")
    );
}

#[test]
fn the_ci_can_be_chosen() {
    let folder = repository(&[README]);
    let said = init(folder.path(), &["--dry-run"]);
    assert!(said.out.contains("No CI was recognised"), "{}", said.out);
    assert!(!said.out.contains("=== .git"), "{}", said.out);
    assert!(init(folder.path(), &["--dry-run", "--ci", "gitlab"]).out.contains("=== .gitlab/vibecheck.yml"));
    let hub = hosted("github.com", &[README]);
    assert!(!init(hub.path(), &["--dry-run", "--ci", "none"]).out.contains("=== .github"));
}

#[test]
fn a_folder_of_a_repository_has_its_own_configuration_and_the_workflow_at_the_top() {
    let folder = hosted("github.com", &[README, ("apps/web shop/package.json", "{\"name\":\"web\"}")]);
    init(&folder.path().join("apps/web shop"), &["--yes", "--hook"]);
    assert_eq!(
        files(folder.path()),
        [
            ".git/hooks/pre-commit",
            ".github/workflows/vibecheck.yml",
            "README.md",
            "apps/web shop/package.json",
            "apps/web shop/vibecheck.toml"
        ]
    );
    let workflow = jobs(&read(folder.path(), ".github/workflows/vibecheck.yml"));
    let audit = &workflow["jobs"]["audit"]["steps"][2];
    assert_eq!(audit["env"]["AUDIT_PATH"].as_str(), Some("apps/web shop"));
    assert!(read(folder.path(), ".git/hooks/pre-commit").contains("-- \"apps/web shop\""));
}

#[test]
fn a_linked_worktree_shares_the_hooks_of_its_repository() {
    let folder = hosted("github.com", &[README]);
    let tree = tempfile::tempdir().unwrap();
    let path = tree.path().join("linked");
    git_run(folder.path(), &["worktree", "add", "-q", path.to_str().unwrap()]);
    let said = init(&path, &["--yes", "--hook"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(path.join("vibecheck.toml").exists() && path.join(".github/workflows/vibecheck.yml").exists());
    assert!(folder.path().join(".git/hooks/pre-commit").exists());
    assert!(!folder.path().join("vibecheck.toml").exists());
}

#[test]
fn hooks_go_where_the_repository_keeps_them_and_never_outside() {
    let folder = repository(&[README]);
    git_run(folder.path(), &["config", "core.hooksPath", ".githooks"]);
    init(folder.path(), &["--yes", "--hook"]);
    assert!(folder.path().join(".githooks/pre-commit").exists());

    let shared = tempfile::tempdir().unwrap();
    let folder = repository(&[README]);
    git_run(folder.path(), &["config", "core.hooksPath", shared.path().to_str().unwrap()]);
    let said = init(folder.path(), &["--yes", "--hook"]);
    assert!(said.out.contains("leads out of the repository"), "{}", said.out);
    assert_eq!(fs::read_dir(shared.path()).unwrap().count(), 0);
}

#[test]
fn frameworks_for_hooks_are_told_what_to_add() {
    for (file, word) in [
        (".pre-commit-config.yaml", "entry: vibecheck audit --staged"),
        (".husky/pre-commit", "vibecheck audit --staged"),
        ("lefthook.yml", "run: vibecheck audit --staged"),
    ] {
        let folder = repository(&[README, (file, "x: 1\n")]);
        let said = init(folder.path(), &["--yes", "--hook"]);
        assert!(said.out.contains(&format!("add to {file}")) && said.out.contains(word), "{}", said.out);
        assert!(!folder.path().join(".git/hooks/pre-commit").exists(), "{file}");
        assert_eq!(read(folder.path(), file), "x: 1\n");
    }
}

#[test]
fn outside_of_git_only_the_configuration_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let said = init(folder.path(), &["--yes", "--hook"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert_eq!(files(folder.path()), ["vibecheck.toml"]);
    assert!(said.out.contains("no git repository"), "{}", said.out);
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed_and_what_was_written_before_is_named() {
    let folder = hosted("github.com", &[README]);
    let outside = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join(".github")).unwrap();
    let said = init(folder.path(), &["--yes"]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains(".github is a symbolic link"), "{}", said.err);
    assert!(said.err.contains("Written before that: vibecheck.toml."), "{}", said.err);
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    assert!(folder.path().join("vibecheck.toml").exists());
}

#[test]
fn names_that_mean_something_to_a_shell_or_to_ci_are_not_written() {
    let name = "x$(id)${{ github.token }}";
    let folder = hosted("github.com", &[README, (&format!("{name}/a.js"), "1\n")]);
    let said = init(&folder.path().join(name), &["--yes", "--hook", "--ci", "github"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(said.out.contains("workflow nor a hook is written"), "{}", said.out);
    assert!(!folder.path().join(".github").exists() && !folder.path().join(".git/hooks/pre-commit").exists());
}

#[test]
fn an_action_is_named_by_its_whole_commit() {
    let folder = hosted("github.com", &[README]);
    for wrong in
        ["acme/vibecheck", "acme/vibecheck@v1", "acme@main", &format!("acme/x/y@{COMMIT}"), "a/b@0123"]
    {
        let said = init(folder.path(), &["--yes", "--action", wrong]);
        assert_eq!(said.status, 2, "{wrong}");
        assert!(said.err.contains("OWNER/REPO@COMMIT"), "{}", said.err);
    }
    assert_eq!(init(Path::new("/there/is/no/such/folder"), &["--yes"]).status, 2);
    assert_eq!(files(folder.path()), ["README.md"]);
}

#[test]
fn the_gate_of_each_app_is_prepared() {
    let folder = repository(&[
        ("apps/api/package.json", "{\"name\":\"api\",\"dependencies\":{\"express\":\"4.0.0\"}}"),
        ("apps/api/src/index.js", "require('express')().listen(1)\n"),
        (
            "apps/web/package.json",
            "{\"name\":\"web\",\"dependencies\":{\"next\":\"15.0.0\",\"react\":\"19.0.0\"}}",
        ),
        ("apps/web/app/page.tsx", "export default function Page() { return null }\n"),
    ]);
    init(folder.path(), &["--yes"]);
    let text = read(folder.path(), "vibecheck.toml");
    assert!(
        text.contains("# [gate.apps.\"apps/api\"]\n# fail-on = \"high\"\n# [gate.apps.\"apps/web\"]"),
        "{text}"
    );
    assert_eq!(audit(folder.path(), &["--fail-on", "none"]).status, 0, "the configuration is right");
}

/// `git commit`, with the built binary on the path, as a developer would run it. Whether it went in.
fn committed(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let binary = Path::new(vibecheck().get_program()).parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap();
    let path = std::env::join_paths(std::iter::once(binary).chain(std::env::split_paths(&path))).unwrap();
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Ana", "-c", "user.email=ana@acme.test", "commit", "-q", "-m", "x"])
        .args(arguments)
        .env("PATH", path)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr),
    )
}

#[test]
fn the_hook_keeps_a_critical_finding_out_and_lets_everything_else_in() {
    const TRIAGE: &str = "name: t\non: issues\njobs:\n  greet:\n    runs-on: ubuntu-latest\n    steps:\n      \
                          - run: echo \"${{ github.event.issue.title }}\"\n";
    let folder = repository(&[README, (".gitignore", ".env\n")]);
    assert_eq!(init(folder.path(), &["--yes", "--hook"]).status, 0);
    git_run(folder.path(), &["add", "-A"]);
    let (went_in, said) = committed(folder.path(), &[]);
    assert!(went_in, "{said}");

    write(folder.path(), &[(".github/workflows/triage.yml", TRIAGE), ("README.md", "# Shop 2\n")]);
    git_run(folder.path(), &["add", ".github"]);
    let (went_in, said) = committed(folder.path(), &[]);
    assert!(!went_in && said.contains("triage.yml"), "{said}");
    // Only the other file: what this commit brings is harmless, whatever else is staged.
    let (went_in, said) = committed(folder.path(), &["README.md"]);
    assert!(went_in, "{said}");
    let (went_in, said) = committed(folder.path(), &["--all"]);
    assert!(!went_in, "{said}");
    let (went_in, _) = committed(folder.path(), &["--no-verify"]);
    assert!(went_in);
}
