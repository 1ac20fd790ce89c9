//! Secrets of the git history.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Mutex;

use common::git::Repo;
use vibecheck::secrets::{Audience, Class, Found, Past, PastFound, Searched, find, past};
use vibecheck::source::{self, Blob, Look, Options, Reached};

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

/// The same within a module: its tests are no place for a secret of the product, until a line far from the value changes.
#[test]
fn a_password_that_moves_out_of_the_tests_of_a_module_is_seen() {
    let mut repo = Repo::new();
    let password = key(8).replace('_', "");
    let lines: String = (0..60).map(|line| format!("    fn step{line}() {{ run({line}) }}\n")).collect();
    let setting = format!("    const DB_PASSWORD: &str = \"{password}\";\n");
    repo.write("src/start.rs", format!("#[cfg(test)]\nmod start {{\n{lines}{setting}{lines}}}\n"));
    repo.commit("first", ANA);
    assert_eq!(rows(&read(repo.path())), []);

    let shorter: String = lines.lines().take(40).map(|line| format!("{line}\n")).collect();
    repo.write("src/start.rs", format!("mod start {{\n{lines}{setting}{shorter}}}\n"));
    let moved = repo.commit("moved", BOB).to_string();
    pack(&repo);
    assert_eq!(rows(&read(repo.path())), [("src/start.rs", Some(moved.as_str()), true)]);
}

/// Looks at every version whole.
#[derive(Default)]
struct Whole(Mutex<BTreeSet<Row>>);

/// Path, format, fingerprint, name; commit; whether it counts as a secret, and whether a test has it.
type Row = (String, String, String, String, Option<u32>, Audience, bool);

fn row(found: &Found, path: &str, commit: Option<u32>) -> Row {
    let Found { format, fingerprint, variable, audience, aside, .. } = found;
    let (id, variable) = (format.id.to_owned(), variable.clone());
    (path.to_owned(), id, fingerprint.clone(), variable, commit, *audience, *aside)
}

impl Look for Whole {
    fn class(&self, path: &str) -> Option<u32> {
        Class::of(path).map(|class| u32::from(class == Class::Distinctive))
    }

    fn look(&self, blob: &Blob<'_>, class: u32, bytes: &[u8], _: Option<&[Range<usize>]>) -> bool {
        let class = if class == 1 { Class::Distinctive } else { Class::Whole };
        let found = find(&Searched { path: blob.path, bytes, class, windows: None });
        self.0.lock().unwrap().extend(found.iter().map(|found| row(found, blob.path, blob.commit)));
        true
    }

    fn message(&self, _: Option<u32>, _: &[u8]) {}
}

/// Versions of modules and tests: values come and go, files move between the tests and the product, modules become tests.
#[test]
fn nothing_is_lost_by_looking_at_what_differs() {
    let mut told = 0;
    for seed in 0..12_u64 {
        let mut repo = Repo::new();
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut draw = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        for commit in 0..14 {
            let folder = ["src", "tests", "docs", "src/deep"][usize::try_from(draw(4)).unwrap()];
            for name in ["start.rs", "start.ts", "start.py"] {
                for folder in ["src", "tests", "docs", "src/deep"] {
                    fs::remove_file(repo.path().join(folder).join(name)).unwrap_or_default();
                }
                let value = match draw(4) {
                    0 => format!("    const DB_PASSWORD: &str = \"{}\";\n", key(draw(3)).replace('_', "")),
                    1 => format!("    const STRIPE: &str = \"{}\";\n", key(draw(3))),
                    _ => String::new(),
                };
                let head =
                    ["#[cfg(test)]\nmod start {\n", "mod start {\n"][usize::try_from(draw(2)).unwrap()];
                let odd = draw(60);
                let lines: String = (0..60)
                    .map(|line| {
                        if line == odd {
                            format!("    fn odd{}() {{}}\n", draw(9))
                        } else {
                            format!("    fn step{line}() {{ run({line}, \"{name}\") }}\n")
                        }
                    })
                    .collect();
                let (before, after) = lines.split_at(lines.find("    fn step40").unwrap_or(0));
                repo.write(&format!("{folder}/{name}"), format!("{head}{before}{value}{after}}}\n"));
            }
            repo.commit(&format!("change {commit}"), ANA);
        }
        pack(&repo);
        let source = source::open(repo.path(), &Options { exclude: Vec::new(), history: true }).unwrap();
        let whole = Whole::default();
        source::sweep(&source, &whole);
        // Of versions of a file that all hold a value, the oldest tells; one that counts goes before one in a test.
        let mut first: BTreeMap<(String, String, String), Row> = BTreeMap::new();
        for row in whole.0.into_inner().unwrap() {
            let order = |row: &Row| (row.5, row.6, row.4);
            let key = (row.0.clone(), row.1.clone(), row.2.clone());
            let known = first.entry(key).or_insert_with(|| row.clone());
            if order(&row) < order(known) {
                *known = row;
            }
        }
        let windows: Vec<Row> =
            past(&source).found.iter().map(|found| row(&found.found, &found.path, found.commit)).collect();
        let whole: BTreeSet<Row> = first.into_values().collect();
        assert_eq!(windows.iter().cloned().collect::<BTreeSet<Row>>(), whole, "{seed}");
        told += windows.len();
    }
    assert!(told > 60, "{told}");
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
