//! What the tests of the binary share: a runner with a scrubbed environment, and folders to run it on.
#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

pub mod git;
pub mod schemas;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a run said.
pub struct Said {
    pub status: i32,
    pub out: String,
    pub err: String,
}

/// A command that sees nothing of the developer's machine.
pub fn vibecheck() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vibecheck"));
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RAYON_NUM_THREADS", "GIT_DIR", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").env("TERM", "dumb");
    command
}

/// Runs it.
pub fn run(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    Said {
        status: output.status.code().expect("ended by itself, not by a signal"),
        out: String::from_utf8(output.stdout).expect("output is UTF-8"),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// `vibecheck audit FOLDER --date 2026-03-01 …`
pub fn audit(folder: &Path, more: &[&str]) -> Said {
    run(vibecheck().arg("audit").arg(folder).args(["--date", "2026-03-01"]).args(more))
}

/// The JSON report of FOLDER.
pub fn report(folder: &Path) -> serde_json::Value {
    let said = audit(folder, &["--format", "json"]);
    serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}\n{}\n{}", said.out, said.err))
}

/// The fact base of FOLDER.
pub fn facts(folder: &Path) -> serde_json::Value {
    let said = run(vibecheck().arg("facts").arg(folder).args(["--format", "json"]));
    serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}\n{}\n{}", said.out, said.err))
}

/// Writes files below `folder`, making the folders between.
pub fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

/// Runs the git program in `folder`, with an identity and fixed dates.
pub fn git_run(folder: &Path, args: &[&str]) {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Ana Silva", "-c", "user.email=ana@acme.test", "-c", "commit.gpgsign=false"])
        .args(["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"])
        .args(args)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_DATE", "2026-01-05T12:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-01-05T12:00:00Z")
        .output()
        .expect("git is installed");
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A repository with these files in one commit.
pub fn repository(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    git_run(folder.path(), &["init", "-q"]);
    write(folder.path(), files);
    git_run(folder.path(), &["add", "-A", "-f"]);
    git_run(folder.path(), &["commit", "-q", "--allow-empty", "-m", "first"]);
    folder
}

/// The project's own folder.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A whole app of `fixtures/apps` as a repository in a temporary folder.
pub fn app(name: &str) -> vibecheck::rules::Materialised {
    vibecheck::rules::materialise(&project().join("fixtures/apps").join(name)).unwrap()
}

/// What stands in the materialised app where its fixture has `{{secret:…}}`.
pub fn generated_secrets(folder: &Path) -> Vec<String> {
    let shapes = regex::Regex::new(
        r"eyJ[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}|sk_live_\w{16,}|sk-[\w-]{20,}|AKIA[A-Z2-7]{16}|ghp_\w{36}",
    )
    .unwrap();
    let mut found: Vec<String> = walkdir::WalkDir::new(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| fs::read_to_string(entry.path()).ok())
        .flat_map(|text| shapes.find_iter(&text).map(|m| m.as_str().to_owned()).collect::<Vec<_>>())
        .collect();
    found.sort();
    found.dedup();
    found
}
