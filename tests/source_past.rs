//! Where `source` says that each blob of the past comes from.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Mutex;

use common::git::Repo;
use git2::{Oid, Signature, Time};
use vibecheck::source::{self, Blob, Look, Options, Reached, Swept};

const ANA: &str = "Ana Lima <ana@example.com>";
const BOB: &str = "Bob <bob@example.com>";

/// What is told of one blob.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    path: String,
    commit: Option<String>,
    reached: Reached,
    in_head: bool,
    in_place: bool,
}

/// Notes everything that it is shown, by content.
#[derive(Default)]
struct Everything {
    blobs: Mutex<BTreeMap<String, (Seen, Option<u32>)>>,
    messages: Mutex<Vec<(Option<u32>, String)>>,
    skip: &'static str,
}

impl Look for Everything {
    fn class(&self, path: &str) -> Option<u32> {
        (self.skip.is_empty() || !path.ends_with(self.skip)).then_some(0)
    }

    fn look(&self, blob: &Blob<'_>, _: u32, content: &[u8], _: Option<&[Range<usize>]>) -> bool {
        let seen = Seen {
            path: blob.path.to_owned(),
            commit: None,
            reached: blob.reached,
            in_head: blob.in_head,
            in_place: blob.in_place,
        };
        let content = String::from_utf8_lossy(content).into_owned();
        let before = self.blobs.lock().unwrap().insert(content, (seen, blob.commit));
        assert!(before.is_none(), "a blob was shown twice");
        true
    }

    fn message(&self, commit: Option<u32>, text: &[u8]) {
        self.messages.lock().unwrap().push((commit, String::from_utf8_lossy(text).into_owned()));
    }
}

struct Past {
    blobs: BTreeMap<String, Seen>,
    /// Sorted: the id of the commit, and the text.
    messages: Vec<(Option<String>, String)>,
    swept: Swept,
}

fn past(path: &Path) -> Past {
    past_but(path, "")
}

fn past_but(path: &Path, skip: &'static str) -> Past {
    let source = source::open(path, &Options { exclude: Vec::new(), history: true }).unwrap();
    let look = Everything { skip, ..Everything::default() };
    let swept = source::sweep(&source, &look);
    let id = |commit: Option<u32>| commit.map(|commit| swept.commits[commit as usize].id.clone());
    let blobs = look.blobs.into_inner().unwrap().into_iter();
    let blobs =
        blobs.map(|(content, (seen, commit))| (content, Seen { commit: id(commit), ..seen })).collect();
    let messages = look.messages.into_inner().unwrap().into_iter();
    let mut messages: Vec<_> = messages.map(|(commit, text)| (id(commit), text)).collect();
    messages.sort();
    Past { blobs, messages, swept }
}

impl Past {
    /// Path, commit, what keeps it.
    fn of(&self, content: &str) -> (&str, Option<Oid>, Reached) {
        let seen = self.blobs.get(content).unwrap_or_else(|| panic!("{content:?} was not shown"));
        (&seen.path, seen.commit.as_deref().map(|id| id.parse().unwrap()), seen.reached)
    }

    fn contents(&self) -> Vec<&str> {
        self.blobs.keys().map(String::as_str).collect()
    }

    fn in_head(&self, content: &str) -> (bool, bool) {
        (self.blobs[content].in_head, self.blobs[content].in_place)
    }
}

/// A commit that no reference names. `time` is that of author and committer.
fn loose(repo: &Repo, files: &[(&str, &str)], time: i64, parents: &[Oid]) -> Oid {
    let tree = tree(repo, files);
    let by = Signature::new("Cy", "cy@example.com", &Time::new(time, 0)).unwrap();
    let parents: Vec<_> = parents.iter().map(|id| repo.git.find_commit(*id).unwrap()).collect();
    let parents: Vec<_> = parents.iter().collect();
    let message = format!("loose {time}");
    repo.git.commit(None, &by, &by, &message, &repo.git.find_tree(tree).unwrap(), &parents).unwrap()
}

fn tree(repo: &Repo, files: &[(&str, &str)]) -> Oid {
    let mut folders: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    let mut builder = repo.git.treebuilder(None).unwrap();
    for (path, content) in files {
        match path.split_once('/') {
            Some((folder, rest)) => folders.entry(folder).or_default().push((rest, content)),
            None => {
                let blob = repo.git.blob(content.as_bytes()).unwrap();
                builder.insert(path, blob, 0o100_644).unwrap();
            }
        }
    }
    for (folder, files) in folders {
        builder.insert(folder, tree(repo, &files), 0o040_000).unwrap();
    }
    builder.write().unwrap()
}

fn branch(repo: &Repo, name: &str, commit: Oid) {
    repo.git.reference(&format!("refs/heads/{name}"), commit, true, "test").unwrap();
}

/// A repository whose branch `main` is at `commit`.
fn at(repo: &Repo, commit: Oid) {
    branch(repo, "main", commit);
}

const T: i64 = 1_700_000_000;

#[test]
fn a_blob_comes_from_the_oldest_commit_that_has_it() {
    let mut repo = Repo::new();
    repo.write("a.ts", "one");
    repo.write("same.ts", "same");
    let first = repo.commit("first", ANA);
    repo.write("a.ts", "two");
    let second = repo.commit("second", BOB);
    // Renamed, and then changed back.
    fs::rename(repo.path().join("a.ts"), repo.path().join("b.ts")).unwrap();
    repo.commit("renamed", ANA);
    repo.write("b.ts", "one");
    repo.commit("reverted", ANA);

    let past = past(repo.path());
    assert_eq!(past.contents(), ["one", "same", "two"]);
    assert_eq!(past.of("one"), ("a.ts", Some(first), Reached::Branches));
    assert_eq!(past.of("two"), ("a.ts", Some(second), Reached::Branches));
    // HEAD has it under another name.
    assert_eq!(past.in_head("one"), (true, false));
    assert_eq!(past.in_head("same"), (true, true));
    assert_eq!(past.in_head("two"), (false, false));

    let swept = &past.swept;
    assert_eq!((swept.blobs, swept.looked, swept.missing, swept.too_large), (3, 3, 0, 0));
    assert_eq!(swept.notes, Vec::<String>::new());
    let told: Vec<(&str, &str, Vec<u32>)> =
        swept.commits.iter().map(|c| (c.author.as_str(), c.date.as_str(), c.parents.clone())).collect();
    assert_eq!(
        told,
        [
            ("Ana Lima", "2023-11-15", vec![]),
            ("Bob", "2023-11-16", vec![0]),
            ("Ana Lima", "2023-11-17", vec![1]),
            ("Ana Lima", "2023-11-18", vec![2]),
        ]
    );
}

#[test]
fn blobs_that_are_not_wanted_are_counted_and_not_shown() {
    let mut repo = Repo::new();
    repo.write("a.ts", "a");
    repo.write("b.png", "b");
    repo.write("big.ts", "x".repeat((8 << 20) + 1));
    repo.commit("first", ANA);
    let past = past_but(repo.path(), ".png");
    assert_eq!(past.contents(), ["a"]);
    let swept = &past.swept;
    assert_eq!((swept.blobs, swept.looked, swept.skipped, swept.too_large), (3, 1, 1, 1));
    assert_eq!(
        swept.notes,
        ["1 version(s) of files of the past are larger than 8 MB (32 MB for SQL) and were not read."]
    );
}

#[test]
fn merges_are_followed_on_all_sides() {
    let repo = Repo::new();
    let base = loose(&repo, &[("a", "base")], T, &[]);
    let left = loose(&repo, &[("a", "left")], T + 1, &[base]);
    let right = loose(&repo, &[("a", "base"), ("r", "right")], T + 2, &[base]);
    let third = loose(&repo, &[("a", "base"), ("t", "third")], T + 3, &[base]);
    let octopus = loose(
        &repo,
        &[("a", "left"), ("m", "merged"), ("r", "right"), ("t", "third")],
        T + 4,
        &[left, right, third],
    );
    // Two branches that merged each other.
    let one = loose(&repo, &[("a", "left"), ("x", "both")], T + 6, &[octopus, right]);
    let two = loose(&repo, &[("a", "base"), ("x", "both")], T + 5, &[right, octopus]);
    let top = loose(&repo, &[("a", "left"), ("x", "both")], T + 7, &[one, two]);
    at(&repo, top);

    let past = past(repo.path());
    assert_eq!(past.of("base"), ("a", Some(base), Reached::Branches));
    assert_eq!(past.of("left"), ("a", Some(left), Reached::Branches));
    assert_eq!(past.of("right"), ("r", Some(right), Reached::Branches));
    assert_eq!(past.of("third"), ("t", Some(third), Reached::Branches));
    assert_eq!(past.of("merged"), ("m", Some(octopus), Reached::Branches));
    assert_eq!(past.of("both"), ("x", Some(two), Reached::Branches));
    let order: Vec<String> = past.swept.commits.iter().map(|commit| commit.id.clone()).collect();
    let expected = [base, left, right, third, octopus, two, one, top].map(|id| id.to_string());
    assert_eq!(order, expected);
    assert_eq!(past.swept.commits[4].parents, [1, 2, 3]);
}

#[test]
fn clocks_that_are_wrong_turn_no_order_around() {
    let repo = Repo::new();
    let old = loose(&repo, &[("a", "x"), ("b", "old")], T + 100, &[]);
    let new = loose(&repo, &[("a", "x"), ("c", "new")], T, &[old]);
    at(&repo, new);
    assert_eq!(past(repo.path()).of("x"), ("a", Some(old), Reached::Branches));
}

#[test]
fn commits_of_the_same_second_go_by_their_ids() {
    let repo = Repo::new();
    let one = loose(&repo, &[("a", "x"), ("b", "1")], T, &[]);
    let two = loose(&repo, &[("a", "x"), ("b", "2")], T, &[]);
    at(&repo, one);
    branch(&repo, "orphan", two);
    let first = one.min(two);
    assert_eq!(past(repo.path()).of("x"), ("a", Some(first), Reached::Branches));
}

#[test]
fn a_blob_at_two_paths_of_a_commit_has_the_first() {
    let repo = Repo::new();
    let one = loose(&repo, &[("z", "x"), ("b/c", "x"), ("b.txt", "x")], T, &[]);
    at(&repo, one);
    // In the order of git, in which a folder's name ends in `/`.
    assert_eq!(past(repo.path()).of("x"), ("b.txt", Some(one), Reached::Branches));
}

#[test]
fn a_subfolder_has_its_own_past() {
    let repo = Repo::new();
    let first = loose(&repo, &[("lib/a", "moved"), ("lib/b", "outside"), ("apps/web/c", "inside")], T, &[]);
    // The same folder, first outside of PATH and then in it.
    let second = loose(
        &repo,
        &[("apps/web/lib/a", "moved"), ("apps/web/lib/b", "outside"), ("apps/web/c", "inside")],
        T + 1,
        &[first],
    );
    let third = loose(
        &repo,
        &[("apps/web/lib/a", "moved"), ("apps/web/c", "changed"), ("x", "top")],
        T + 2,
        &[second],
    );
    let fourth = loose(&repo, &[("apps/web/lib/a", "moved"), ("apps/web/c", "changed")], T + 3, &[third]);
    at(&repo, fourth);
    repo.git.blob(b"dangling").unwrap();
    fs::create_dir_all(repo.path().join("apps/web")).unwrap();

    let past = past(&repo.path().join("apps/web"));
    assert_eq!(past.contents(), ["changed", "inside", "moved", "outside"]);
    assert_eq!(past.of("moved"), ("lib/a", Some(second), Reached::Branches));
    assert_eq!(past.of("outside"), ("lib/b", Some(second), Reached::Branches));
    assert_eq!(past.of("inside"), ("c", Some(first), Reached::Branches));
    assert_eq!(past.of("changed"), ("c", Some(third), Reached::Branches));
    assert_eq!(past.in_head("moved"), (true, true));
    assert_eq!(past.in_head("inside"), (false, false));
    // The last commit changed nothing here.
    let told: Vec<&str> = past.messages.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(told.len(), 3);
    assert!(!told.contains(&format!("loose {}", T + 3).as_str()));
    assert_eq!(past.swept.commits.len(), 4);
}

#[test]
fn messages_of_commits_and_tags_are_shown_whole() {
    let mut repo = Repo::new();
    repo.write("a", "a");
    let commit = repo.commit("Subject\n\nBody\nmore\n", ANA);
    let by = Signature::new("Ana", "ana@example.com", &Time::new(T, 0)).unwrap();
    let object = repo.git.find_object(commit, None).unwrap();
    repo.git.tag("v1", &object, &by, "Release\n\nnotes", false).unwrap();
    let past = past(repo.path());
    assert_eq!(
        past.messages,
        [
            (None, "Release\n\nnotes".to_owned()),
            (Some(commit.to_string()), "Subject\n\nBody\nmore\n".to_owned())
        ]
    );
}

#[test]
fn what_is_staged_and_not_committed_is_shown() {
    let mut repo = Repo::new();
    repo.write("a", "committed");
    repo.commit("first", ANA);
    repo.write("src/key.ts", "staged");
    repo.stage("src/key.ts");
    repo.write("src/key.ts", "on disk");
    repo.write("a.png", "committed");
    repo.stage("a.png");
    let past = past(repo.path());
    assert_eq!(past.contents(), ["committed", "staged"]);
    assert_eq!(past.of("staged"), ("src/key.ts", None, Reached::Index));
    assert_eq!(past.of("committed").2, Reached::Branches);
    assert_eq!(past.in_head("staged"), (false, false));
    assert_eq!(self::past(&repo.path().join("src")).of("staged"), ("key.ts", None, Reached::Index));
}

#[test]
fn stashes_are_shown_with_what_was_not_tracked() {
    let mut repo = Repo::new();
    repo.write("a", "committed");
    repo.commit("first", ANA);
    let by = Signature::new("Ana", "ana@example.com", &Time::new(T, 0)).unwrap();
    for name in ["older", "newer"] {
        repo.write("a", format!("{name} change"));
        repo.write("b", format!("{name} staged"));
        repo.stage("b");
        repo.write("b", format!("{name} on disk"));
        repo.write("c", format!("{name} untracked"));
        let all = Some(git2::StashFlags::INCLUDE_UNTRACKED);
        repo.git.stash_save(&by, "work", all).unwrap();
    }
    let past = past(repo.path());
    for name in ["older", "newer"] {
        for (what, path) in [("change", "a"), ("staged", "b"), ("on disk", "b"), ("untracked", "c")] {
            let (found, commit, reached) = past.of(&format!("{name} {what}"));
            assert_eq!((found, reached), (path, Reached::Stash), "{name} {what}");
            assert!(commit.is_some());
        }
    }
    assert_eq!(past.contents().len(), 9);
    assert_eq!(past.of("committed").2, Reached::Branches);
}

#[test]
fn what_only_the_reflog_keeps_is_shown() {
    let repo = Repo::new();
    let kept = loose(&repo, &[("a", "kept")], T, &[]);
    let dropped = loose(&repo, &[("a", "dropped")], T + 1, &[kept]);
    at(&repo, kept);
    let log = format!(
        "{} {kept} A <a@b.c> {T} +0000\tcommit\n{kept} {dropped} A <a@b.c> {T} +0000\tcommit\n\
         {dropped} {kept} A <a@b.c> {T} +0000\treset: moving to HEAD~1\n",
        "0".repeat(40)
    );
    fs::create_dir_all(repo.path().join(".git/logs/refs/heads")).unwrap();
    fs::write(repo.path().join(".git/logs/refs/heads/main"), log).unwrap();
    // git notes where it was before a merge or a rebase.
    let before = loose(&repo, &[("a", "before")], T + 2, &[kept]);
    fs::write(repo.path().join(".git/ORIG_HEAD"), format!("{before}\n")).unwrap();

    let past = past(repo.path());
    assert_eq!(past.of("kept"), ("a", Some(kept), Reached::Branches));
    assert_eq!(past.of("dropped"), ("a", Some(dropped), Reached::Reflog));
    assert_eq!(past.of("before"), ("a", Some(before), Reached::Reflog));
    assert_eq!(past.in_head("dropped"), (false, false));
}

#[test]
fn what_nothing_keeps_is_shown() {
    let repo = Repo::new();
    // Older than all, but nothing leads to it.
    let lost = loose(&repo, &[("a", "kept"), ("lost", "lost")], T - 9, &[]);
    let kept = loose(&repo, &[("a", "kept")], T, &[]);
    at(&repo, kept);
    repo.git.blob(b"bare").unwrap();
    tree(&repo, &[("src/left.ts", "left")]);
    let past = past(repo.path());
    assert_eq!(past.of("kept"), ("a", Some(kept), Reached::Branches));
    assert_eq!(past.of("lost"), ("lost", Some(lost), Reached::Nothing));
    assert_eq!(past.of("bare"), ("", None, Reached::Nothing));
    // A tree without a commit still tells its names.
    assert_eq!(past.of("left"), ("src/left.ts", None, Reached::Nothing));
    assert_eq!(past.contents().len(), 4);
}

#[test]
fn all_work_trees_count() {
    let mut repo = Repo::new();
    repo.write("a", "a");
    repo.commit("first", ANA);
    let place = tempfile::tempdir().unwrap();
    let linked = repo.git.worktree("side", &place.path().join("side"), None).unwrap();
    let detached = loose(&repo, &[("a", "detached")], T + 9_000_000, &[]);
    fs::write(repo.path().join(".git/worktrees/side/HEAD"), format!("{detached}\n")).unwrap();
    let side = git2::Repository::open_from_worktree(&linked).unwrap();
    fs::write(place.path().join("side/s"), "staged at the side").unwrap();
    let mut index = side.index().unwrap();
    index.add_path(Path::new("s")).unwrap();
    index.write().unwrap();

    for path in [repo.path(), &place.path().join("side")] {
        let past = past(path);
        assert_eq!(past.of("a").2, Reached::Branches);
        assert_eq!(past.of("detached"), ("a", Some(detached), Reached::Branches));
        assert_eq!(past.of("staged at the side"), ("s", None, Reached::Index));
    }
    assert_eq!(past(repo.path()).in_head("a"), (true, true));
    assert_eq!(past(&place.path().join("side")).in_head("detached"), (true, true));
}

#[test]
fn what_is_committed_as_a_link_is_shown_and_a_submodule_is_not() {
    let repo = Repo::new();
    let commit = loose(&repo, &[("a", "a")], T, &[]);
    let target = repo.git.blob(b"target of a link").unwrap();
    let mut builder =
        repo.git.treebuilder(Some(&repo.git.find_commit(commit).unwrap().tree().unwrap())).unwrap();
    builder.insert("link", target, 0o120_000).unwrap();
    builder.insert("module", "1".repeat(40).parse().unwrap(), 0o160_000).unwrap();
    let with = repo.git.find_tree(builder.write().unwrap()).unwrap();
    let by = Signature::new("Cy", "cy@example.com", &Time::new(T, 0)).unwrap();
    let parent = repo.git.find_commit(commit).unwrap();
    at(&repo, repo.git.commit(None, &by, &by, "second", &with, &[&parent]).unwrap());
    let past = past(repo.path());
    assert_eq!(past.contents(), ["a", "target of a link"]);
    assert_eq!((past.swept.blobs, past.swept.missing), (2, 0));
}

#[test]
fn tags_of_blobs_and_trees_are_followed() {
    let repo = Repo::new();
    at(&repo, loose(&repo, &[("a", "a")], T, &[]));
    let by = Signature::new("Cy", "cy@example.com", &Time::new(T, 0)).unwrap();
    let blob = repo.git.blob(b"a key, tagged").unwrap();
    repo.git.tag("key", &repo.git.find_object(blob, None).unwrap(), &by, "signed", false).unwrap();
    let tree = tree(&repo, &[("src/t", "tagged")]);
    repo.git.reference("refs/tags/tree", tree, true, "test").unwrap();
    let note = loose(&repo, &[("ab/cdef", "a note")], T + 1, &[]);
    repo.git.reference("refs/notes/commits", note, true, "test").unwrap();
    let past = past(repo.path());
    assert_eq!(past.of("a key, tagged"), ("", None, Reached::Branches));
    assert_eq!(past.of("tagged"), ("src/t", None, Reached::Branches));
    assert_eq!(past.of("a note"), ("ab/cdef", Some(note), Reached::Branches));
}

#[test]
fn a_shallow_clone_says_where_it_ends() {
    let mut repo = Repo::new();
    repo.write("a", "old");
    let first = repo.commit("first", ANA);
    repo.write("b", "b");
    let second = repo.commit("second", BOB);
    repo.write("c", "c");
    repo.commit("third", ANA);
    fs::write(repo.path().join(".git/shallow"), format!("{second}\n")).unwrap();
    repo.lose(first);
    let past = past(repo.path());
    assert_eq!(past.of("old"), ("a", Some(second), Reached::Branches));
    let cut: Vec<bool> = past.swept.commits.iter().map(|commit| commit.cut).collect();
    assert_eq!((cut, past.swept.missing), (vec![true, false], 0));
    assert_eq!(
        past.swept.notes,
        [
            "The clone is shallow: of what was there at its oldest commits, who committed it first can't be told."
        ]
    );
}

#[test]
fn what_is_missing_is_counted_and_the_rest_is_shown() {
    let repo = Repo::new();
    let first = loose(&repo, &[("a", "a"), ("src/b", "b"), ("src/c", "c")], T, &[]);
    let second = loose(&repo, &[("a", "a2"), ("src/b", "b2")], T + 1, &[first]);
    let third = loose(&repo, &[("a", "a2"), ("src/b", "b3")], T + 2, &[second]);
    at(&repo, third);
    let tree_of = |commit: Oid| repo.git.find_commit(commit).unwrap().tree().unwrap();
    repo.lose(tree_of(first).get_name("src").unwrap().id());
    repo.lose(repo.git.blob(b"b2").unwrap());
    let whole = past(repo.path());
    // What the lost folder had is there, and nobody can say where it was.
    assert_eq!(whole.of("b"), ("", None, Reached::Nothing));
    assert_eq!(whole.of("b3"), ("src/b", Some(third), Reached::Branches));
    assert_eq!(whole.swept.missing, 2);
    assert_eq!(
        whole.swept.notes,
        ["2 version(s) of files, folders or commits of the past are missing or damaged."]
    );
    repo.lose(tree_of(second).id());
    assert_eq!(past(repo.path()).of("a2"), ("a", Some(third), Reached::Branches));
    repo.lose(first);
    assert!(past(repo.path()).swept.missing > 0);
}

#[test]
fn names_that_are_no_text_are_shown_as_files_are() {
    let repo = Repo::new();
    let blob = repo.git.blob(b"x").unwrap();
    let mut builder = repo.git.treebuilder(None).unwrap();
    builder.insert(&b"caf\xe9"[..], blob, 0o100_644).unwrap();
    let tree = repo.git.find_tree(builder.write().unwrap()).unwrap();
    let by = Signature::new("Cy", "cy@example.com", &Time::new(T, 0)).unwrap();
    at(&repo, repo.git.commit(None, &by, &by, "first", &tree, &[]).unwrap());
    assert_eq!(past(repo.path()).of("x").0, "caf\\xe9");
}

#[test]
fn without_history_or_repository_there_is_no_past() {
    let mut repo = Repo::new();
    repo.write("a", "a");
    repo.commit("first", ANA);
    let source = source::open(repo.path(), &Options { exclude: Vec::new(), history: false }).unwrap();
    assert_eq!(source::sweep(&source, &Everything::default()), Swept::default());
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a"), "a").unwrap();
    assert_eq!(past(folder.path()).swept, Swept::default());
    assert_eq!(past(Repo::new().path()).swept, Swept::default());
}
