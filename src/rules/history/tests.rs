//! Histories of every shape.

use std::fs;

use git2::Repository;

use super::super::materialise::{FixtureError, HISTORY, Materialised, materialise, write};
use super::days_since_1970;

fn fixture(files: &[(&str, &str)]) -> Result<Materialised, FixtureError> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write(folder.path(), name, text.as_bytes()).unwrap();
    }
    materialise(folder.path())
}

fn log(made: &Materialised) -> Vec<String> {
    let repository = Repository::open(made.path()).unwrap();
    let mut walk = repository.revwalk().unwrap();
    walk.set_sorting(git2::Sort::TOPOLOGICAL).unwrap();
    walk.push_head().unwrap();
    walk.map(|id| {
        let commit = repository.find_commit(id.unwrap()).unwrap();
        let names: Vec<String> =
            commit.tree().unwrap().iter().map(|entry| entry.name().unwrap().to_owned()).collect();
        format!(
            "{} {} {}",
            commit.author().name().unwrap(),
            commit.summary().unwrap().unwrap(),
            names.join(",")
        )
    })
    .collect()
}

fn status(made: &Materialised) -> Vec<String> {
    let repository = Repository::open(made.path()).unwrap();
    let mut options = git2::StatusOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true);
    let statuses = repository.statuses(Some(&mut options)).unwrap();
    statuses.iter().map(|entry| format!("{:?} {}", entry.status(), entry.path().unwrap())).collect()
}

#[test]
fn without_a_history_there_are_three_commits_by_two_people() {
    let made =
        fixture(&[("a.txt", "a"), ("b.txt", "b"), (".gitignore", "secret\n"), ("secret", "x")]).unwrap();
    assert_eq!(
        log(&made),
        [
            "Ana Silva Polish .gitignore,a.txt,b.txt",
            "Ben Okafor Add what was missing .gitignore,a.txt",
            "Ana Silva Start the product .gitignore",
        ]
    );
    assert_eq!(status(&made), Vec::<String>::new());
    let repository = Repository::open(made.path()).unwrap();
    assert_eq!(repository.find_remote("origin").unwrap().url().unwrap(), "https://github.com/acme/app.git");
    assert_eq!(repository.head().unwrap().shorthand().unwrap(), "main");
}

#[test]
fn one_file_is_changed_by_the_later_commits() {
    let made = fixture(&[("a.txt", "a")]).unwrap();
    assert_eq!(log(&made).len(), 3);
    assert_eq!(fs::read_to_string(made.path().join("a.txt")).unwrap(), "a");
    assert_eq!(status(&made), Vec::<String>::new());
}

#[test]
fn the_same_fixture_gives_the_same_commits() {
    let head = || {
        let made = fixture(&[("a.txt", "a"), ("b/c.txt", "c")]).unwrap();
        let repository = Repository::open(made.path()).unwrap();
        repository.head().unwrap().target().unwrap().to_string()
    };
    assert_eq!(head(), head());
}

#[test]
fn every_key_of_the_history() {
    let history = r#"
        branch = "trunk"
        branches = ["next"]
        tags = ["v1"]
        untracked = ["notes.txt"]
        dirty = ["src/a.ts"]
        stash = true

        [[commit]]
        author = "Ana Silva <ana@acme.test>"
        on = "2026-01-05"
        message = "first"
        files = ["src/**"]
        write = { "old.txt" = "gone" }

        [[commit]]
        author = "Ben Okafor <ben@acme.test>"
        on = "2026-01-06"
        message = "second"
        files = ["b.txt"]
        delete = ["old.txt"]
        times = 3
        every = 7
    "#;
    let files =
        [("src/a.ts", "a"), ("src/x/y.ts", "y"), ("b.txt", "b"), ("notes.txt", "n"), (HISTORY, history)];
    let made = fixture(&files).unwrap();
    assert_eq!(
        log(&made),
        [
            "Ben Okafor second b.txt,src",
            "Ben Okafor second b.txt,src",
            "Ben Okafor second b.txt,src",
            "Ana Silva first old.txt,src",
        ]
    );
    assert_eq!(status(&made), ["Status(WT_NEW) notes.txt", "Status(WT_MODIFIED) src/a.ts"]);
    let mut repository = Repository::open(made.path()).unwrap();
    assert_eq!(repository.head().unwrap().shorthand().unwrap(), "trunk");
    assert!(repository.find_branch("next", git2::BranchType::Local).is_ok());
    assert!(repository.revparse_single("v1").is_ok());
    assert_eq!(repository.remotes().unwrap().len(), 0);
    let last = repository.head().unwrap().peel_to_commit().unwrap().time().seconds();
    // 2026-01-06 and two times seven days later, at noon; the fourth commit.
    assert_eq!(last, (20_459 + 14) * 86_400 + 43_200 + 3);
    let mut stashes = 0;
    repository
        .stash_foreach(|_, _, _| {
            stashes += 1;
            true
        })
        .unwrap();
    assert_eq!(stashes, 1);
    assert_eq!(fs::read_to_string(made.path().join("b.txt")).unwrap(), "b");
}

#[test]
fn shallow_no_commits_and_no_repository() {
    let shallow = fixture(&[("a.txt", "a"), (HISTORY, "shallow = true")]).unwrap();
    let repository = Repository::open(shallow.path()).unwrap();
    assert!(repository.is_shallow());
    assert_eq!(log(&shallow), ["Ana Silva Polish a.txt"]);

    let empty = fixture(&[("a.txt", "a"), (HISTORY, "commit = []")]).unwrap();
    assert!(Repository::open(empty.path()).unwrap().head().is_err());

    let none = fixture(&[("a.txt", "a"), (HISTORY, "history = false")]).unwrap();
    assert!(!none.path().join(".git").exists());
}

#[test]
fn mistakes_are_said_in_a_sentence() {
    let error = |history: &str| fixture(&[("a.txt", "a"), (HISTORY, history)]).unwrap_err().to_string();
    let commit = |rest: &str| {
        let head = "[[commit]]\nauthor = \"A <a@acme.test>\"\non = \"2026-01-05\"\nmessage = \"m\"\n";
        error(&format!("{head}{rest}"))
    };
    assert_eq!(commit("files = [\"b.txt\"]"), "history.toml: commit 1: `b.txt` matches no file");
    assert_eq!(commit(""), "history.toml: no commit adds `a.txt`, and it is not under `untracked`");
    assert_eq!(
        commit("files = [\"**\"]\ndelete = [\"b\"]"),
        "history.toml: commit 1: nothing committed before to delete: `b`"
    );
    assert_eq!(error("dirty = [\"b.txt\"]"), "history.toml: there is no file `b.txt`");
    assert!(error("untraced = []").contains("unknown field `untraced`"));
}

#[test]
fn days() {
    assert_eq!(days_since_1970("1970-01-01"), Some(0));
    assert_eq!(days_since_1970("2026-01-06"), Some(20_459));
    assert_eq!(days_since_1970("2024-02-29"), Some(19_782));
    assert_eq!(days_since_1970("2026-1-06"), None);
    assert_eq!(days_since_1970("yesterday!"), None);
}
