//! `audit --since` and `audit --staged`: what a change brings and what it fixes, and nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::fs;
use std::path::Path;

use common::git::{Repo, write};
use common::{Said, audit, git_run};
use serde_json::Value;

use proptest::prelude::*;
use vibecheck::facts::{ANALYSERS, Search, collect, collect_each};
use vibecheck::source;

const ANA: &str = "Ana Lima <ana@example.com>";

const COMPOSE: &str = "\
services:
  api:
    image: api:1.2.3
    restart: always
    init: true
  db:
    image: postgres:16.4-alpine
    restart: always
    volumes:
      - db:/var/lib/postgresql/data
volumes:
  db:
";

const WORKFLOW: &str = "\
name: Release
on:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: npm ci
      - run: npm test
  deploy:
    needs: test
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: npx --yes wrangler@3.99.0 deploy
";

/// The database's port, published to everybody.
fn published(compose: &str) -> String {
    compose.replace("    image: postgres", "    ports:\n      - \"5432:5432\"\n    image: postgres")
}

fn shop() -> Repo {
    let repo = Repo::new();
    fill(repo.path());
    repo
}

fn fill(folder: &Path) {
    write(
        folder,
        "package.json",
        "{\"name\":\"shop\",\"scripts\":{\"test\":\"vitest run\"},\"devDependencies\":{\"vitest\":\"2.1.8\"}}\n",
    );
    write(folder, "wrangler.toml", "name = \"shop\"\nmain = \"src/worker.js\"\n");
    write(folder, "src/worker.js", "export default { fetch: () => new Response('ok') }\n");
    write(
        folder,
        "src/total.test.js",
        "import { it, expect } from 'vitest'\nit('adds', () => { expect(1 + 1).toBe(2) })\n",
    );
    write(folder, "docker-compose.prod.yml", COMPOSE);
    write(folder, ".github/workflows/release.yml", WORKFLOW);
    // Faults that were there before: nobody asks about them.
    write(folder, "old/docker-compose.prod.yml", published(COMPOSE));
}

/// What a change brings (`rule file:line …`), and what it fixes (`rule subject`).
struct Change {
    brings: Vec<String>,
    fixes: Vec<String>,
    report: Value,
    status: i32,
}

fn change(folder: &Path, args: &[&str]) -> Change {
    let said = audit(folder, &[&["--format", "json"], args].concat());
    read(&said)
}

fn read(said: &Said) -> Change {
    let report: Value =
        serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}\n{}\n{}", said.out, said.err));
    let open = |finding: &Value| {
        let places = finding["places"].as_array().unwrap().iter();
        let open = places.filter(|place| place["standing"] == "open");
        open.map(|place| format!("{}:{}", place["file"].as_str().unwrap(), place["line"]))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let findings = report["findings"].as_array().unwrap().iter();
    let fixed = report["comparisons"][0]["fixed"].as_array().unwrap().iter();
    Change {
        brings: findings.map(|f| format!("{} {}", f["rule"].as_str().unwrap(), open(f))).collect(),
        fixes: fixed
            .map(|f| format!("{} {}", f["rule"].as_str().unwrap(), f["subject"].as_str().unwrap()))
            .collect(),
        status: said.status,
        report,
    }
}

/// What the working folder brings against a revision.
#[track_caller]
fn since(repo: &Repo, revision: &str, brings: &[&str], fixes: &[&str]) -> Change {
    let change = change(repo.path(), &["--since", revision]);
    assert_eq!((change.brings.as_slice(), change.fixes.as_slice()), (&owned(brings)[..], &owned(fixes)[..]));
    change
}

#[track_caller]
fn staged(folder: &Path, brings: &[&str], fixes: &[&str]) -> Change {
    let change = change(folder, &["--staged"]);
    assert_eq!((change.brings.as_slice(), change.fixes.as_slice()), (&owned(brings)[..], &owned(fixes)[..]));
    change
}

fn owned(list: &[&str]) -> Vec<String> {
    list.iter().map(|s| (*s).to_owned()).collect()
}

const PORT: &str = "database-port-published docker-compose.prod.yml:6 docker-compose.prod.yml:8";
const PORT_GONE: &str = "database-port-published db in docker-compose.prod.yml";

#[test]
fn a_fault_is_reported_in_the_change_that_brings_it_and_gone_in_the_one_that_fixes_it() {
    let mut repo = shop();
    let clean = repo.commit("First", ANA).to_string();
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    let change = since(&repo, "HEAD", &[PORT], &[]);
    assert_eq!(change.status, 1, "a blocker fails the gate");
    assert_eq!(change.report["comparisons"][0]["commit"], clean.as_str());
    assert_eq!(change.report["comparisons"][0]["files"], 1);
    let faulty = repo.commit("Publish", ANA).to_string();
    since(&repo, &clean, &[PORT], &[]);
    let later = since(&repo, &faulty, &[], &[]);
    assert_eq!(later.status, 0, "what was there before fails nothing");
    assert!(later.report["comparisons"][0]["known"].as_u64().unwrap() >= 2, "the old fault and this one");
    repo.write("docker-compose.prod.yml", COMPOSE);
    since(&repo, &faulty, &[], &[PORT_GONE]);
    since(&repo, &clean, &[], &[]);
}

#[test]
fn code_that_moves_or_is_reformatted_brings_nothing() {
    let mut repo = shop();
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    repo.commit("First", ANA);
    let moved = format!("# One\n# Two\n{}", published(COMPOSE).replace("\"5432:5432\"", "'5432:5432'"));
    repo.write("docker-compose.prod.yml", moved);
    since(&repo, "HEAD", &[], &[]);
}

#[test]
fn a_renamed_file_brings_nothing_and_a_copied_one_does() {
    let mut repo = shop();
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    repo.commit("First", ANA);
    fs::rename(repo.path().join("docker-compose.prod.yml"), repo.path().join("compose.prod.yaml")).unwrap();
    since(&repo, "HEAD", &[], &[]);
    repo.write("compose.prod.yaml", format!("name: shop\n{}", published(COMPOSE).replace("1.2.3", "1.2.4")));
    since(&repo, "HEAD", &[], &[]);
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    since(&repo, "HEAD", &["database-port-published compose.prod.yaml:7 compose.prod.yaml:9"], &[]);
}

#[test]
fn a_guard_that_is_removed_from_what_nobody_touched_is_found() {
    let mut repo = shop();
    repo.commit("First", ANA);
    // The job that deploys stays as it is, line for line.
    let (before, rest) = WORKFLOW.split_once("  test:\n").unwrap();
    let deploy = &rest[rest.find("  deploy:\n").unwrap()..];
    repo.write(
        ".github/workflows/release.yml",
        format!("{before}{}", deploy.replace("    needs: test\n", "")),
    );
    let rules: Vec<String> = change(repo.path(), &["--since", "HEAD"]).brings;
    assert!(
        rules.iter().any(|r| r.starts_with("deploy-not-gated-on-tests .github/workflows/release.yml")),
        "{rules:?}"
    );
    assert!(rules.iter().any(|r| r.starts_with("tests-not-in-ci ")), "{rules:?}");
}

#[test]
fn what_main_brought_or_fixed_since_the_branch_left_it_is_not_this_branchs() {
    let mut repo = shop();
    repo.write("fixed-later/docker-compose.prod.yml", published(COMPOSE));
    let fork = repo.commit("First", ANA);
    repo.git.reference("refs/heads/branch", fork, true, "test").unwrap();
    fs::remove_dir_all(repo.path().join("fixed-later")).unwrap();
    repo.write("brought/Dockerfile", "FROM node:22.11.0-alpine\nCOPY . .\nCMD [\"node\", \"a.js\"]\n");
    let main = repo.commit("Main moves on", ANA).to_string();
    repo.git.set_head("refs/heads/branch").unwrap();
    repo.git.checkout_head(Some(git2::build::CheckoutBuilder::new().force().remove_untracked(true))).unwrap();

    let nothing = since(&repo, "main", &[], &[]);
    let comparison = &nothing.report["comparisons"][0];
    assert_eq!(comparison["commit"], fork.to_string().as_str());
    assert_eq!((&comparison["with"], &comparison["forked"]), (&"main".into(), &true.into()));
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    since(&repo, "main...", &[PORT], &[]);
    // The tip itself, for those who ask for it.
    let exact = since(
        &repo,
        "main..",
        &[
            PORT,
            "database-port-published fixed-later/docker-compose.prod.yml:6 fixed-later/docker-compose.prod.yml:8",
        ],
        &["container-runs-as-root brought/Dockerfile"],
    );
    assert_eq!(exact.report["comparisons"][0]["commit"], main.as_str());
}

#[test]
fn what_does_not_parse_any_more_is_not_fixed() {
    let mut repo = shop();
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    repo.commit("First", ANA);
    repo.write("docker-compose.prod.yml", format!("{}  - : {{\n", published(COMPOSE)));
    since(&repo, "HEAD", &[], &[]);
}

#[test]
fn the_history_is_on_neither_side() {
    // One commit by one person without a remote: findings of the whole, which no change brings.
    let mut repo = shop();
    for day in 0..12 {
        repo.write("README.md", format!("{day}"));
        repo.commit("Again", ANA);
    }
    repo.write("src/new.js", "export const a = 1\n");
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    since(&repo, "HEAD~3", &[PORT], &[]);
    repo.stage("docker-compose.prod.yml");
    staged(repo.path(), &[PORT], &[]);
}

#[test]
fn an_untracked_file_is_part_of_the_working_folder_and_an_ignored_one_is_not() {
    let mut repo = shop();
    repo.write(".gitignore", "ignored/\n");
    repo.commit("First", ANA);
    repo.write("ignored/docker-compose.prod.yml", published(COMPOSE));
    since(&repo, "HEAD", &[], &[]);
    repo.write("added/docker-compose.prod.yml", published(COMPOSE));
    since(
        &repo,
        "HEAD",
        &["database-port-published added/docker-compose.prod.yml:6 added/docker-compose.prod.yml:8"],
        &[],
    );
    staged(repo.path(), &[], &[]);
}

#[test]
fn a_folder_is_judged_by_itself() {
    let mut repo = Repo::new();
    fill(&repo.path().join("apps/shop"));
    fill(&repo.path().join("apps/other"));
    repo.commit("First", ANA);
    repo.write("apps/shop/docker-compose.prod.yml", published(COMPOSE));
    repo.write("apps/other/docker-compose.prod.yml", published(COMPOSE));
    repo.stage("apps/shop/docker-compose.prod.yml");
    repo.stage("apps/other/docker-compose.prod.yml");
    let shop = repo.path().join("apps/shop");
    let judged = staged(&shop, &[PORT], &[]);
    assert_eq!(judged.report["comparisons"][0]["files"], 1);
    assert_eq!(change(&shop, &["--since", "HEAD"]).brings, [PORT]);
    // A folder that did not exist before is new as a whole.
    fill(&repo.path().join("apps/third"));
    let third = change(&repo.path().join("apps/third"), &["--since", "HEAD"]);
    assert!(third.brings.contains(
        &"database-port-published old/docker-compose.prod.yml:6 old/docker-compose.prod.yml:8".to_owned()
    ));
}

#[test]
fn the_index_is_judged_and_not_the_working_copy() {
    let mut repo = shop();
    repo.commit("First", ANA);
    // Staged with the fault, then mended without staging that.
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    repo.stage("docker-compose.prod.yml");
    repo.write("docker-compose.prod.yml", COMPOSE);
    staged(repo.path(), &[PORT], &[]);
    // The other way round.
    repo.stage("docker-compose.prod.yml");
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    let nothing = staged(repo.path(), &[], &[]);
    assert_eq!((nothing.status, &nothing.report["comparisons"][0]["files"]), (0, &0.into()));
    // Deleted from the disk, still staged.
    repo.stage("docker-compose.prod.yml");
    fs::remove_file(repo.path().join("docker-compose.prod.yml")).unwrap();
    staged(repo.path(), &[PORT], &[]);
}

#[test]
fn nothing_is_staged_from_what_is_only_meant_to_be_added() {
    let mut repo = shop();
    repo.commit("First", ANA);
    repo.write("added/docker-compose.prod.yml", published(COMPOSE));
    git_run(repo.path(), &["add", "--intent-to-add", "added"]);
    let nothing = staged(repo.path(), &[], &[]);
    assert_eq!(nothing.report["comparisons"][0]["files"], 0);
}

#[test]
fn before_the_first_commit_everything_staged_is_new() {
    let repo = Repo::new();
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    repo.write("package.json", "{}");
    let empty = change(repo.path(), &["--staged"]);
    assert_eq!((empty.brings.len(), empty.status), (0, 0), "nothing is staged yet");
    repo.stage("docker-compose.prod.yml");
    let first = change(repo.path(), &["--staged"]);
    assert!(first.brings.contains(&PORT.to_owned()), "{:?}", first.brings);
    assert!(first.brings.iter().all(|one| !one.starts_with("no-git-history")), "{:?}", first.brings);
    assert_eq!(first.report["comparisons"][0]["commit"], "");
}

#[test]
fn of_files_in_conflict_ours_is_judged_and_said_so() {
    let mut repo = shop();
    repo.commit("First", ANA);
    git_run(repo.path(), &["checkout", "-q", "-b", "theirs"]);
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    repo.commit("Theirs", ANA);
    git_run(repo.path(), &["checkout", "-q", "main"]);
    repo.write("docker-compose.prod.yml", COMPOSE.replace("postgres:16.4", "postgres:16.5"));
    repo.commit("Ours", ANA);
    let _ =
        std::process::Command::new("git").current_dir(repo.path()).args(["merge", "-q", "theirs"]).output();
    let judged = staged(repo.path(), &[], &[]);
    let notes = judged.report["coverage"]["notes"].to_string();
    assert!(notes.contains("1 file(s) are in conflict"), "{notes}");
}

#[test]
fn what_a_merge_brings_was_judged_on_the_other_branch() {
    let mut repo = shop();
    repo.commit("First", ANA);
    git_run(repo.path(), &["checkout", "-q", "-b", "theirs"]);
    repo.write("theirs/docker-compose.prod.yml", published(COMPOSE));
    repo.commit("Theirs", ANA);
    git_run(repo.path(), &["checkout", "-q", "main"]);
    repo.write("README.md", "ours");
    repo.commit("Ours", ANA);
    git_run(repo.path(), &["merge", "-q", "--no-commit", "theirs"]);
    staged(repo.path(), &[], &[]);
    // What is added to the merge itself is new.
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    repo.stage("docker-compose.prod.yml");
    staged(repo.path(), &[PORT], &[]);
}

#[test]
fn a_linked_worktree_and_a_submodule_are_no_hindrance() {
    let library = common::repository(&[("a.js", "export {}\n")]);
    let mut repo = shop();
    repo.commit("First", ANA);
    git_run(repo.path(), &["submodule", "--quiet", "add", &library.path().to_string_lossy(), "library"]);
    staged(repo.path(), &[], &[]);
    since(&repo, "HEAD", &[], &[]);
    git_run(repo.path(), &["commit", "-q", "-m", "With a library"]);
    let place = tempfile::tempdir().unwrap();
    let tree = place.path().join("tree");
    git_run(repo.path(), &["worktree", "add", "-q", &tree.to_string_lossy(), "-b", "side"]);
    write(&tree, "docker-compose.prod.yml", published(COMPOSE));
    git_run(&tree, &["add", "docker-compose.prod.yml"]);
    staged(&tree, &[PORT], &[]);
    assert_eq!(change(&tree, &["--since", "main"]).brings, [PORT]);
    staged(repo.path(), &[], &[]);
}

#[cfg(unix)]
#[test]
fn paths_that_are_no_utf8_and_very_large_files_are_compared() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let mut repo = shop();
    repo.commit("First", ANA);
    let folder = repo.path().join(OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("docker-compose.prod.yml"), published(COMPOSE)).unwrap();
    fs::write(repo.path().join("large.sql"), vec![b'x'; 50 << 20]).unwrap();
    let brings =
        "database-port-published caf\\xe9/docker-compose.prod.yml:6 caf\\xe9/docker-compose.prod.yml:8";
    since(&repo, "HEAD", &[brings], &[]);
    git_run(repo.path(), &["add", "-A"]);
    let judged = staged(repo.path(), &[brings], &[]);
    let skipped = judged.report["coverage"]["skipped"].to_string();
    assert!(skipped.contains("large.sql"), "{skipped}");
}

#[test]
fn a_hook_sees_what_git_is_about_to_commit() {
    let mut repo = shop();
    repo.commit("First", ANA);
    repo.write("src/worker.js", "export default {}\n");
    repo.stage("src/worker.js");
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    let hook = format!(
        "#!/bin/sh\nexec '{}' audit --staged --format json > ../said.json\n",
        env!("CARGO_BIN_EXE_vibecheck")
    );
    let place = tempfile::tempdir().unwrap();
    let hook = hook.replace("../said.json", &place.path().join("said.json").to_string_lossy());
    let file = repo.write(".git/hooks/pre-commit", hook);
    std::process::Command::new("chmod").arg("+x").arg(&file).status().unwrap();
    let commit = |args: &[&str]| {
        let output = std::process::Command::new("git")
            .current_dir(repo.path())
            .args(["-c", "user.name=Ana", "-c", "user.email=ana@example.com", "commit", "-q", "-m", "Change"])
            .args(args)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .unwrap();
        let out = fs::read_to_string(place.path().join("said.json")).unwrap();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), read(&Said { status: output.status.code().unwrap(), out, err }).brings)
    };
    // `--all` and a file's name stage into another index than the repository's own.
    assert_eq!(commit(&["--all"]), (false, owned(&[PORT])));
    assert_eq!(commit(&["docker-compose.prod.yml"]), (false, owned(&[PORT])));
    assert_eq!(commit(&[]), (true, vec![]));
}

#[test]
fn without_what_it_takes_the_error_says_what_to_do() {
    let mut repo = shop();
    repo.commit("First", ANA);
    let fails = |folder: &Path, args: &[&str], says: &[&str]| {
        let said = audit(folder, args);
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{args:?}: {}", said.err);
        for words in says {
            assert!(said.err.contains(words), "{args:?} says {}", said.err);
        }
    };
    fails(repo.path(), &["--since", "origin/main"], &["no commit \"origin/main\"", "git fetch"]);
    fails(repo.path(), &["--since", ""], &["no revision"]);
    fails(repo.path(), &["--since", "a..b"], &["a..b"]);
    fails(repo.path(), &["--since", "HEAD", "--staged"], &["cannot be used with"]);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.js"), "a").unwrap();
    fails(folder.path(), &["--since", "HEAD"], &["in no git repository"]);
    fails(folder.path(), &["--staged"], &["in no git repository"]);
    fails(&folder.path().join("none"), &["--staged"], &["there is no file or folder"]);
}

#[test]
fn a_shallow_clone_is_told_to_fetch_the_rest() {
    let mut repo = shop();
    let first = repo.commit("First", ANA).to_string();
    repo.write("README.md", "x");
    let fork = repo.commit("Second", ANA);
    repo.git.reference("refs/heads/branch", fork, true, "test").unwrap();
    repo.write("README.md", "y");
    repo.commit("Third", ANA);
    let place = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repo.path().display());
    git_run(
        place.path(),
        &["clone", "-q", "--depth", "1", "--branch", "branch", "--no-single-branch", &url, "clone"],
    );
    let clone = place.path().join("clone");
    for revision in [first.as_str(), "origin/main"] {
        let said = audit(&clone, &["--since", revision]);
        assert_eq!(said.status, 2, "{}", said.out);
        assert!(
            said.err.contains("fetch-depth: 0") && said.err.contains("git fetch --unshallow"),
            "{}",
            said.err
        );
    }
    // What is there can be compared with.
    assert_eq!(change(&clone, &["--since", "origin/main.."]).status, 0);
    assert_eq!(change(&clone, &["--since", "HEAD"]).status, 0);
    staged(&clone, &[], &[]);
}

#[test]
fn files_that_were_never_fetched_are_no_clean_past() {
    let mut repo = shop();
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    let blob = repo.git.blob(published(COMPOSE).as_bytes()).unwrap();
    repo.commit("First", ANA);
    fs::remove_dir_all(repo.path().join("old")).unwrap();
    repo.write("docker-compose.prod.yml", format!("# more\n{}", published(COMPOSE)));
    repo.commit("Second", ANA);
    repo.lose(blob);
    let said = audit(repo.path(), &["--since", "HEAD~1"]);
    assert_eq!(said.status, 2, "{}", said.out);
    assert!(said.err.contains("are missing from the repository"), "{}", said.err);
}

#[test]
fn a_sparse_checkout_removes_nothing() {
    let mut repo = shop();
    repo.commit("First", ANA);
    git_run(repo.path(), &["sparse-checkout", "set", "--no-cone", "/*", "!/.github/", "!/src/"]);
    assert!(!repo.path().join(".github").exists());
    since(&repo, "HEAD", &[], &[]);
    repo.write("docker-compose.prod.yml", published(COMPOSE));
    git_run(repo.path(), &["add", "docker-compose.prod.yml"]);
    staged(repo.path(), &[PORT], &[]);
}

/// What may become of a file.
#[derive(Debug, Clone)]
enum Edit {
    Write(usize, usize),
    Stage(usize, usize),
    Remove(usize),
    Move(usize, usize),
}

const PATHS: [&str; 8] = [
    "package.json",
    "apps/web/package.json",
    "docker-compose.prod.yml",
    ".github/workflows/release.yml",
    "src/total.test.js",
    "src/env.ts",
    "infra/compose.yaml",
    ".env.example",
];

fn content(of: usize) -> String {
    let texts = [
        COMPOSE.to_owned(),
        published(COMPOSE),
        WORKFLOW.to_owned(),
        WORKFLOW.replace("    needs: test\n", "").replace('\n', "\r\n"),
        "{\"name\":\"shop\",\"dependencies\":{\"pg\":\"*\"}}\n".to_owned(),
        "export const url = process.env.DATABASE_URL\n".to_owned(),
        "DATABASE_URL=\n".to_owned(),
        "{ broken".to_owned(),
    ];
    texts[of % texts.len()].clone()
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let (path, text) = (0..PATHS.len(), 0..8usize);
    let one = prop_oneof![
        (path.clone(), text.clone()).prop_map(|(p, t)| Edit::Write(p, t)),
        (path.clone(), text).prop_map(|(p, t)| Edit::Stage(p, t)),
        path.clone().prop_map(Edit::Remove),
        (path.clone(), path).prop_map(|(a, b)| Edit::Move(a, b)),
    ];
    prop::collection::vec(one, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    /// Reading a file once for both trees is only faster: each tree has the facts that it has by itself.
    #[test]
    fn facts_of_two_trees_are_those_of_each(edits in edits()) {
        let mut repo = shop();
        repo.commit("First", ANA);
        for edit in edits {
            let place = |path: usize| repo.path().join(PATHS[path]);
            match edit {
                Edit::Write(path, text) => { repo.write(PATHS[path], content(text)); }
                Edit::Stage(path, text) => {
                    repo.write(PATHS[path], content(text));
                    repo.stage(PATHS[path]);
                }
                Edit::Remove(path) => { let _ = fs::remove_file(place(path)); }
                Edit::Move(from, to) => {
                    fs::create_dir_all(place(to).parent().unwrap()).unwrap();
                    let _ = fs::rename(place(from), place(to));
                }
            }
        }
        let options = source::Options { exclude: Vec::new(), history: false };
        let search = Search::default();
        for diff in [source::since(repo.path(), "HEAD", &options), source::staged(repo.path(), &[], None)] {
            let diff = diff.unwrap();
            let trees: Vec<&source::Source> = std::iter::once(&diff.now).chain(&diff.before).collect();
            let together = collect_each(&ANALYSERS, &trees, &search);
            for (tree, (facts, reading)) in trees.iter().zip(&together) {
                let (alone, read_alone) = collect(tree, &search);
                prop_assert_eq!(serde_json::to_value(facts).unwrap(), serde_json::to_value(&alone).unwrap());
                prop_assert_eq!(reading, &read_alone);
            }
        }
        // And the trees are those that git has: nothing is taken from the disk that is not the same there.
        let staged = source::staged(repo.path(), &[], None).unwrap();
        let pairs = [
            (&staged.now.tree, source::Tree::index(repo.path(), &[]).unwrap()),
            (&staged.before[0].tree, source::Tree::commit(repo.path(), "HEAD", &[]).unwrap()),
        ];
        for (tree, plain) in pairs {
            let paths = |tree: &source::Tree| tree.files().iter().map(|f| f.path.clone()).collect::<Vec<_>>();
            prop_assert_eq!(paths(tree), paths(&plain));
            for (file, other) in tree.files().iter().zip(plain.files()) {
                prop_assert_eq!(tree.read(file), plain.read(other), "{}", file.path);
            }
        }
    }
}

const ROUTE_PACK: &str = r#"
[[rule]]
id = "open-route"
title = "A route is not known to check who is calling: {route.method} {route.path}"
area = "access"
severity = "high"
stage = "stabilize"
on = "route"
when = 'route.method == "POST" && route.authenticated != "yes"'
why = "w"
fix = "f"
verify = "v"
effort = "hours"
"#;

/// Files that a change leaves alone are not read again, and still are part of the code that it changes.
#[test]
fn a_change_brings_the_routes_that_it_opens() {
    let mut repo = Repo::new();
    let pack = tempfile::tempdir().unwrap();
    fs::write(pack.path().join("routes.toml"), ROUTE_PACK).unwrap();
    let rules = pack.path().to_str().unwrap();
    let handler = "export async function POST() { return Response.json({}) }\n";
    write(repo.path(), "package.json", "{\"dependencies\":{\"next\":\"15.0.0\"}}\n");
    write(repo.path(), "app/api/old/route.ts", handler);
    repo.commit("start", ANA);
    write(repo.path(), "app/api/new/route.ts", handler);
    git_run(repo.path(), &["add", "-A"]);
    let staged = change(repo.path(), &["--staged", "--rules", rules]);
    assert_eq!(
        staged.brings.iter().filter(|one| one.starts_with("open-route")).count(),
        1,
        "{:?}",
        staged.brings
    );
    assert!(staged.brings.iter().any(|one| one.contains("app/api/new/route.ts:1")), "{:?}", staged.brings);
    repo.commit("more", ANA);
    git_run(repo.path(), &["rm", "-q", "app/api/old/route.ts"]);
    let staged = change(repo.path(), &["--staged", "--rules", rules]);
    assert!(staged.fixes.iter().any(|one| one.contains("/api/old")), "{:?}", staged.fixes);
}
