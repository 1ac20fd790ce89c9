//! Secrets of the git history.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use std::fs;
use std::path::Path;

use common::git::Repo;
use vibecheck::secrets::{Audience, Past, PastFound, past};
use vibecheck::source::{self, Options, Reached};

const ANA: &str = "Ana Lima <ana@example.com>";
const BOB: &str = "Bob <bob@example.com>";

/// A key that looks like one of Stripe's, and opens nothing.
fn key(seed: u64) -> String {
    let alphabet: Vec<char> = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        alphabet[usize::try_from(state % 62).unwrap()]
    };
    let body: String = (0..24).map(|_| next()).collect();
    format!("sk_{}_{body}", "live")
}

fn read(path: &Path) -> Past {
    past(&source::open(path, &Options { exclude: Vec::new(), history: true }).unwrap())
}

/// Path, commit, still in HEAD.
fn rows(past: &Past) -> Vec<(&str, Option<&str>, bool)> {
    let commit = |row: &PastFound| row.commit.map(|commit| past.commits[commit as usize].id.as_str());
    past.found.iter().map(|row| (row.path.as_str(), commit(row), row.in_head)).collect()
}

/// Puts all objects into one pack.
fn pack(repo: &Repo) {
    let mut builder = repo.git.packbuilder().unwrap();
    let odb = repo.git.odb().unwrap();
    let mut ids = Vec::new();
    odb.foreach(|id| {
        ids.push(*id);
        true
    })
    .unwrap();
    for id in ids {
        builder.insert_object(id, None).unwrap();
    }
    let objects = repo.path().join(".git/objects");
    builder.write(&objects.join("pack"), 0).unwrap();
    for entry in fs::read_dir(&objects).unwrap().flatten() {
        if entry.file_name().len() == 2 {
            fs::remove_dir_all(entry.path()).unwrap();
        }
    }
}

#[test]
fn versions_of_a_file_with_one_value_are_one_row_by_the_oldest() {
    let mut repo = Repo::new();
    repo.write("src/pay.ts", "export const a = 1\n");
    repo.commit("first", ANA);
    let secret = key(1);
    repo.write("src/pay.ts", format!("export const stripe = \"{secret}\"\n"));
    let leaked = repo.commit("second", BOB);
    repo.write("src/pay.ts", format!("// paid\n\nexport const stripe = \"{secret}\"\n"));
    repo.commit("third", ANA);
    repo.write("copy.env", format!("STRIPE={secret}\n"));
    let copied = repo.commit("fourth", ANA);
    repo.write("src/pay.ts", "export const stripe = process.env.STRIPE\n");
    repo.commit("removed", BOB);

    let past = read(repo.path());
    let (leaked, copied) = (leaked.to_string(), copied.to_string());
    assert_eq!(
        rows(&past),
        [("copy.env", Some(copied.as_str()), true), ("src/pay.ts", Some(leaked.as_str()), false)]
    );
    assert_eq!(past.found[0].found.fingerprint, past.found[1].found.fingerprint);
    assert_eq!((past.found[1].found.line, past.found[1].found.column), (1, 24));
    assert_eq!(past.found[1].reached, Reached::Branches);
    let by = &past.commits[past.found[1].commit.unwrap() as usize];
    assert_eq!((by.author.as_str(), by.date.as_str()), ("Bob", "2023-11-16"));

    let ids: Vec<&str> = past.commits.iter().map(|commit| commit.id.as_str()).collect();
    let mut known: Vec<u32> = past.has(ids[2]).into_iter().collect();
    known.sort_unstable();
    assert_eq!(known, [0, 1, 2]);
    assert!(past.has("no such commit").is_empty());
}

#[test]
fn a_value_that_head_still_has_in_another_version_is_in_head() {
    let mut repo = Repo::new();
    let secret = key(2);
    repo.write("a.ts", format!("const stripe = \"{secret}\"\n"));
    let first = repo.commit("first", ANA);
    repo.write("a.ts", format!("const stripe = \"{secret}\"\nconst b = 1\n"));
    repo.commit("second", ANA);
    let first = first.to_string();
    assert_eq!(rows(&read(repo.path())), [("a.ts", Some(first.as_str()), true)]);
}

/// A checkout on Windows may commit any file as a symbolic link.
#[test]
fn a_file_that_was_committed_as_a_link_is_searched() {
    let mut repo = Repo::new();
    repo.write("a.ts", "export const a = 1\n");
    repo.commit("first", ANA);
    let content = repo.git.blob(format!("STRIPE={}\n", key(3)).as_bytes()).unwrap();
    let first = repo.git.head().unwrap().target().unwrap();
    let tree = {
        let before = repo.git.find_commit(first).unwrap().tree().unwrap();
        let mut tree = repo.git.treebuilder(Some(&before)).unwrap();
        tree.insert(".env", content, 0o120_000).unwrap();
        tree.write().unwrap()
    };
    let linked = repo.commit_tree(tree, "linked", BOB, &[first]).to_string();
    assert_eq!(rows(&read(repo.path())), [(".env", Some(linked.as_str()), true)]);
}

/// What a test makes up counts nowhere else, so the version of another place is looked at whole.
#[test]
fn a_password_that_moves_out_of_the_tests_is_seen() {
    let mut repo = Repo::new();
    let password: String = key(7).chars().skip(8).collect();
    let lines: String = (0..60).map(|line| format!("const step{line} = run({line})\n")).collect();
    let setting = format!("const db = {{ user: 'app', password: '{password}' }}\n");
    repo.write("tests/start.ts", format!("{lines}{setting}{lines}"));
    repo.commit("first", ANA);
    fs::remove_dir_all(repo.path().join("tests")).unwrap();
    // Smaller, so that the pack keeps it as what differs from the version of the tests; and far from the password.
    let shorter: String = lines.lines().take(40).map(|line| format!("{line}\n")).collect();
    repo.write("src/start.ts", format!("{lines}{setting}{shorter}"));
    let moved = repo.commit("moved", BOB);
    pack(&repo);
    let past = read(repo.path());
    let secret: Vec<&str> = past
        .found
        .iter()
        .filter(|row| row.found.audience == Audience::Secret)
        .map(|row| row.path.as_str())
        .collect();
    assert_eq!(secret, ["src/start.ts"]);
    let commit = past.found.iter().find(|row| row.path == "src/start.ts").and_then(|row| row.commit).unwrap();
    assert_eq!(past.commits[commit as usize].id, moved.to_string());
}

#[test]
fn messages_are_searched_and_a_branch_counts_before_what_nothing_keeps() {
    let mut repo = Repo::new();
    let secret = key(3);
    repo.write("a", "a");
    // Amended: nothing keeps the older.
    repo.commit(&format!("wip, the key is {secret}"), ANA);
    repo.git.find_reference("refs/heads/main").unwrap().delete().unwrap();
    let kept = repo.commit(&format!("work; the key is {secret}"), ANA);
    fs::remove_dir_all(repo.path().join(".git/logs")).unwrap_or_default();
    let past = read(repo.path());
    assert_eq!(rows(&past), [("", Some(kept.to_string().as_str()), false)]);
    assert!(past.found[0].message);
    assert_eq!(past.found[0].reached, Reached::Branches);
}

#[test]
fn lockfiles_and_pictures_are_counted_and_not_searched() {
    let mut repo = Repo::new();
    repo.write("package-lock.json", format!("{{ \"x\": \"{}\" }}", key(4)));
    repo.write("logo.png", key(4));
    repo.write("a.ts", "const a = 1");
    repo.commit("first", ANA);
    let past = read(repo.path());
    assert_eq!((rows(&past), past.looked, past.skipped), (vec![], 1, 2));
    assert_eq!(past.notes, Vec::<String>::new());
}

#[test]
fn the_past_is_the_same_with_any_number_of_threads() {
    let mut repo = Repo::new();
    for i in 0..60_u64 {
        let filler: String =
            (0..40).map(|line| format!("export const n{line} = {}\n", line * (i + 1))).collect();
        // A few values, in many versions of several files.
        let file = format!("src/f{}.ts", i % 5);
        repo.write(&file, format!("{filler}const stripe = \"{}\"\n// {i}\n", key(10 + i / 7)));
        if i % 9 == 0 {
            repo.write("other.env", format!("A={i}\nSTRIPE={}\n", key(10 + i / 9)));
        }
        repo.commit(&format!("change {i} {}", key(100 + i % 3)), if i % 2 == 0 { ANA } else { BOB });
    }
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let path = repo.path().to_owned();
        pool.install(|| read(&path))
    };
    let loose = with(1);
    assert!(loose.found.len() > 30, "{}", loose.found.len());
    assert_eq!(with(8), loose);
    pack(&repo);
    let packed = with(1);
    assert_eq!(packed, loose);
    for threads in [2, 8, 8, 8] {
        assert_eq!(with(threads), packed, "{threads} threads");
    }
}
