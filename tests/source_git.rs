//! What `source` says of a git repository.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use std::fs;
use std::path::Path;

use common::git::{Repo, write};
use git2::{Oid, Repository};
use vibecheck::source::{self, Change, Git, HistoryState, Options, SkipReason, Source, Tree};

const ANA: &str = "Ana Lima <ana@example.com>";
const BOB: &str = "Bob <bob@example.com>";

fn open(path: &Path) -> Source {
    source::open(path, &Options { exclude: Vec::new(), history: true }).unwrap()
}

fn git(path: &Path) -> Git {
    open(path).git.unwrap()
}

fn paths(tree: &Tree) -> Vec<&str> {
    tree.files().iter().map(|file| file.path.as_str()).collect()
}

fn subjects(git: &Git) -> Vec<&str> {
    git.commits.iter().map(|commit| commit.subject.as_str()).collect()
}

/// Path, and pairs of author and files.
fn folders(git: &Git) -> Vec<(&str, Vec<(&str, u32)>)> {
    let change = |change: &Change| (git.authors[change.author].email.as_str(), change.files);
    git.folders.iter().map(|f| (f.path.as_str(), f.changes.iter().map(change).collect())).collect()
}

#[test]
fn commits_authors_and_folders() {
    let mut repo = Repo::new();
    repo.write("README.md", "a");
    repo.write("src/api/a.ts", "a");
    repo.write("src/api/deep/er/b.ts", "b");
    repo.commit("First\n\nbody", ANA);
    repo.write("src/api/a.ts", "changed");
    fs::remove_file(repo.path().join("README.md")).unwrap();
    repo.write("web/c.ts", "c");
    repo.commit(
        "Second\n\nCo-authored-by: Cy <CY@example.com>\nco-authored-by: Bob <bob@example.com>\n",
        BOB,
    );

    let git = git(repo.path());
    assert_eq!(git.history, HistoryState::Full);
    assert_eq!(subjects(&git), ["Second", "First"]);
    let emails: Vec<&str> = git.authors.iter().map(|a| a.email.as_str()).collect();
    assert_eq!(emails, ["ana@example.com", "bob@example.com", "cy@example.com"]);
    let newest = &git.commits[0];
    assert_eq!((newest.author, newest.co_authors.as_slice()), (1, &[1, 2][..]));
    assert_eq!((newest.added, newest.changed, newest.parents), (1, 2, 1));
    assert_eq!(newest.date, "2023-11-16");
    assert_eq!((git.commits[1].added, git.commits[1].changed, git.commits[1].parents), (3, 0, 0));
    assert_eq!(
        folders(&git),
        [
            ("", vec![("ana@example.com", 3), ("bob@example.com", 3)]),
            ("src", vec![("ana@example.com", 2), ("bob@example.com", 1)]),
            ("src/api", vec![("ana@example.com", 2), ("bob@example.com", 1)]),
            ("web", vec![("bob@example.com", 1)]),
        ]
    );
    let head = git.head.unwrap();
    assert_eq!((head.branch.as_str(), head.date.as_str()), ("main", "2023-11-16"));
    assert_eq!(head.commit, newest.id);
}

#[test]
fn a_subfolder_has_the_history_of_that_folder_only() {
    let mut repo = Repo::new();
    repo.write("apps/web/a.ts", "a");
    repo.write("b.ts", "b");
    repo.commit("both", ANA);
    repo.write("b.ts", "b2");
    repo.commit("outside", BOB);
    repo.write("apps/web/lib/c.ts", "c");
    repo.commit("inside", BOB);
    repo.write("b.ts", "b3");
    repo.write("apps/web/new.ts", "untracked");

    let source = open(&repo.path().join("apps/web"));
    let git = source.git.unwrap();
    assert_eq!(git.prefix, "apps/web");
    assert_eq!(subjects(&git), ["inside", "both"]);
    assert_eq!(git.commits[1].added, 1);
    assert_eq!(
        folders(&git),
        [("", vec![("ana@example.com", 1), ("bob@example.com", 1)]), ("lib", vec![("bob@example.com", 1)])]
    );
    assert_eq!(paths(&source.tree), ["a.ts", "lib/c.ts", "new.ts"]);
    assert!(source.tree.get("a.ts").unwrap().tracked);
    assert!(!source.tree.get("new.ts").unwrap().tracked);
    assert_eq!(git.dirty, Vec::<String>::new());
    assert_eq!(git.untracked, ["new.ts"]);

    fs::create_dir(repo.path().join("fresh")).unwrap();
    let fresh = self::git(&repo.path().join("fresh"));
    assert_eq!((fresh.history, fresh.commits.len()), (HistoryState::Empty, 0));
}

#[test]
fn a_merge_counts_no_files_and_touches_a_folder_only_if_it_changes_it() {
    let mut repo = Repo::new();
    repo.write("a/x", "1");
    let base = repo.commit("base", ANA);
    repo.write("b/y", "1");
    let ours = repo.commit("ours", ANA);
    repo.git.set_head_detached(base).unwrap();
    repo.git.branch("side", &repo.git.find_commit(base).unwrap(), true).unwrap();
    repo.git.set_head("refs/heads/side").unwrap();
    repo.git.checkout_head(Some(git2::build::CheckoutBuilder::new().force())).unwrap();
    repo.write("a/x", "2");
    let theirs = repo.commit("theirs", BOB);
    repo.git.set_head("refs/heads/main").unwrap();
    repo.git.checkout_head(Some(git2::build::CheckoutBuilder::new().force())).unwrap();
    repo.write("a/x", "2");
    repo.stage("a/x");
    let tree = repo.git.index().unwrap().write_tree().unwrap();
    repo.commit_tree(tree, "merge", ANA, &[ours, theirs]);

    let whole = git(repo.path());
    assert_eq!(subjects(&whole), ["merge", "theirs", "ours", "base"]);
    assert_eq!((whole.commits[0].parents, whole.commits[0].added, whole.commits[0].changed), (2, 0, 0));
    assert_eq!(whole.branches, ["main", "side"]);
    assert_eq!(subjects(&git(&repo.path().join("a"))), ["theirs", "base"]);
}

#[test]
fn uncommitted_work_is_told_and_the_index_is_not_written() {
    let mut repo = Repo::new();
    for name in ["same", "edited", "deleted", "staged", "touched", "crlf"] {
        repo.write(name, "line\n");
    }
    repo.write(".gitignore", "*.log\n");
    repo.commit("first", ANA);
    repo.write("edited", "other\n");
    fs::remove_file(repo.path().join("deleted")).unwrap();
    repo.write("staged", "staged\n");
    repo.stage("staged");
    repo.write("added", "new\n");
    repo.stage("added");
    repo.write("touched", "line\n");
    repo.write("crlf", "line\r\n");
    repo.write("loose/new.ts", "new\n");
    repo.write("debug.log", "ignored\n");
    let before = fs::read(repo.path().join(".git/index")).unwrap();

    let source = open(repo.path());
    let git = source.git.unwrap();
    assert_eq!(git.dirty, ["added", "deleted", "edited", "staged"]);
    assert_eq!(git.untracked, ["loose/new.ts"]);
    assert!(source.tree.get("deleted").is_none());
    assert!(source.tree.get("debug.log").is_none());
    assert_eq!(fs::read(repo.path().join(".git/index")).unwrap(), before);
}

#[test]
fn remotes_tags_stashes_and_worktrees() {
    let mut repo = Repo::new();
    repo.write("a", "1");
    let first = repo.commit("first", ANA);
    let word = format!("{}{}", "hunter", 2);
    repo.git.remote("upstream", "git@gitlab.com:group/sub/shop.git").unwrap();
    repo.git.remote("origin", &format!("https://ana:{word}@github.com/acme/shop.git")).unwrap();
    repo.git.tag_lightweight("v1", repo.git.find_commit(first).unwrap().as_object(), false).unwrap();
    repo.write("a", "2");
    let who = git2::Signature::now("Ana", "ana@example.com").unwrap();
    repo.git.stash_save(&who, "work", None).unwrap();
    let linked = tempfile::tempdir().unwrap();
    repo.git.worktree("linked", &linked.path().join("linked"), None).unwrap();
    write(&linked.path().join("linked"), "new.ts", "x");

    let main = git(repo.path());
    assert!(!format!("{main:?}").contains(&word));
    let remotes: Vec<_> =
        main.remotes.iter().map(|r| [&r.name, &r.protocol, &r.host, &r.owner, &r.repository]).collect();
    assert_eq!(
        remotes,
        [
            ["origin", "https", "github.com", "acme", "shop"],
            ["upstream", "ssh", "gitlab.com", "group/sub", "shop"]
        ]
    );
    assert_eq!((main.tags.as_slice(), main.stashes, main.worktrees), (&["v1".to_owned()][..], 1, 1));

    let source = open(&linked.path().join("linked"));
    let there = source.git.unwrap();
    assert_eq!(source.notes, Vec::<String>::new());
    assert_eq!(subjects(&there), ["first"]);
    assert_eq!(there.head.unwrap().branch, "linked");
    assert_eq!(there.untracked, ["new.ts"]);
    assert_eq!(there.dirty, Vec::<String>::new());
    assert!(source.tree.get("a").unwrap().tracked);
}

#[test]
fn a_repository_without_a_commit() {
    let repo = Repo::new();
    repo.write("a.ts", "a");
    repo.stage("a.ts");
    repo.write("b.ts", "b");
    let git = git(repo.path());
    assert_eq!((git.history, git.head.is_none()), (HistoryState::Empty, true));
    assert_eq!((git.dirty, git.untracked), (vec!["a.ts".to_owned()], vec!["b.ts".to_owned()]));
}

#[test]
fn without_history_the_rest_is_still_there() {
    let mut repo = Repo::new();
    repo.write("a.ts", "a");
    let id = repo.commit("first", ANA);
    let source = source::open(repo.path(), &Options { exclude: Vec::new(), history: false }).unwrap();
    let git = source.git.unwrap();
    assert_eq!((git.history, git.commits.len()), (HistoryState::Unread, 0));
    assert_eq!(git.head.unwrap().commit, id.to_string());
}

#[test]
fn a_shallow_clone_says_so_and_blames_nobody_for_the_cut() {
    let mut repo = Repo::new();
    repo.write("a.ts", "a");
    let first = repo.commit("first", ANA);
    repo.write("b.ts", "b");
    let second = repo.commit("second", BOB);
    repo.write("c.ts", "c");
    repo.commit("third", ANA);
    fs::write(repo.path().join(".git/shallow"), format!("{second}\n")).unwrap();
    repo.lose(first);

    let git = git(repo.path());
    assert_eq!(git.history, HistoryState::Shallow);
    assert_eq!(subjects(&git), ["third", "second"]);
    assert_eq!((git.commits[1].parents, git.commits[1].added), (1, 0));
    assert_eq!(folders(&git), [("", vec![("ana@example.com", 1)])]);
}

#[test]
fn a_partial_clone_says_what_it_lacks() {
    let mut repo = Repo::new();
    repo.write("src/a.ts", "a");
    let first = repo.commit("first", ANA);
    repo.write("src/b.ts", "b");
    repo.commit("second", BOB);
    let mut config = repo.git.config().unwrap();
    config.set_i32("core.repositoryformatversion", 1).unwrap();
    config.set_str("extensions.partialclone", "origin").unwrap();
    config.set_bool("remote.origin.promisor", true).unwrap();
    config.set_str("remote.origin.url", "https://github.com/acme/shop").unwrap();
    let tree = repo.git.find_commit(first).unwrap().tree_id();
    repo.lose(tree);

    let source = open(repo.path());
    let git = source.git.unwrap();
    assert_eq!(git.history, HistoryState::Partial);
    assert_eq!((git.commits.len(), git.folders.len(), git.folders_commits), (2, 0, 0));
    assert!(source.notes.iter().any(|note| note.contains("git clone --filter")), "{:?}", source.notes);
}

#[test]
fn a_mailmap_joins_the_addresses_of_one_person() {
    let mut repo = Repo::new();
    repo.write(".mailmap", "Ana Lima <ana@example.com> <ana@laptop.local>\n");
    repo.commit("first", "al <ana@laptop.local>");
    repo.write("a", "a");
    repo.commit("second", ANA);
    let git = git(repo.path());
    assert_eq!(git.authors.len(), 1);
    assert_eq!(git.authors[0].name, "Ana Lima");
}

#[test]
fn a_tracked_file_is_read_even_if_it_is_ignored() {
    let mut repo = Repo::new();
    repo.write(".gitignore", ".env\nsecrets/\n");
    repo.write(".env", "A=1\n");
    repo.write("secrets/key.txt", "k\n");
    repo.write("secrets/other.txt", "k\n");
    repo.stage(".env");
    repo.stage("secrets/key.txt");
    repo.commit("first", ANA);
    let source = open(repo.path());
    assert_eq!(paths(&source.tree), [".env", ".gitignore", "secrets/key.txt"]);
    assert!(source.tree.files().iter().all(|file| file.tracked));
    assert_eq!(source.tree.read(source.tree.get(".env").unwrap()).unwrap().text, "A=1\n");
}

#[test]
fn ignore_rules_above_path_hold() {
    let mut repo = Repo::new();
    repo.write(".gitignore", "*.log\n/apps/web/private/\n!keep.log\n");
    repo.write("apps/.gitignore", "cache\n");
    repo.write("apps/web/a.ts", "a");
    repo.commit("first", ANA);
    for path in ["x.log", "keep.log", "private/p.ts", "cache/c.ts", "b.ts"] {
        repo.write(&format!("apps/web/{path}"), "x");
    }
    fs::create_dir_all(repo.path().join(".git/info")).unwrap();
    fs::write(repo.path().join(".git/info/exclude"), "b.ts\n").unwrap();
    let tree = Tree::working(&repo.path().join("apps/web"), &[]).unwrap();
    assert_eq!(paths(&tree), ["a.ts", "keep.log"]);
}

#[test]
fn submodules_and_nested_repositories() {
    let mut repo = Repo::new();
    repo.write("a.ts", "a");
    repo.write(".gitmodules", "[submodule \"lib\"]\n\tpath = lib\n\turl = https://example.com/lib\n");
    let first = repo.commit("first", ANA);
    repo.write("lib/inside.ts", "x");
    let mut index = repo.git.index().unwrap();
    let entry = index.get_path(Path::new("a.ts"), 0).unwrap();
    index.add(&git2::IndexEntry { mode: 0o160_000, id: first, path: b"lib".to_vec(), ..entry }).unwrap();
    index.write().unwrap();
    repo.commit_staged("submodule", ANA);
    Repository::init(repo.path().join("nested")).unwrap();
    repo.write("nested/n.ts", "n");

    let source = open(repo.path());
    let git = source.git.unwrap();
    assert_eq!(git.submodules, ["lib"]);
    assert_eq!(git.dirty, Vec::<String>::new());
    // A repository inside that is no submodule is code that lies here all the same.
    assert_eq!(paths(&source.tree), [".gitmodules", "a.ts", "nested/n.ts"]);
    let skipped: Vec<_> = source.tree.skipped().iter().map(|s| (s.path.as_str(), s.reason)).collect();
    assert_eq!(skipped, [("lib", SkipReason::Submodule)]);
}

#[test]
fn a_commit_and_the_index_are_trees_too() {
    let mut repo = Repo::new();
    repo.write("src/a.ts", "old\n");
    repo.write("src/logo.png", "\0");
    repo.write("legacy/b.ts", "b\n");
    let first = repo.commit("first", ANA);
    repo.write("src/a.ts", "staged\n");
    repo.write("src/new.ts", "new\n");
    repo.stage("src/a.ts");
    repo.stage("src/new.ts");
    repo.write("src/a.ts", "disk\n");

    let text = |tree: &Tree, path: &str| tree.read(tree.get(path).unwrap()).map(|text| text.text);
    let exclude = ["legacy/".to_owned()];
    let commit = Tree::commit(repo.path(), &first.to_string(), &exclude).unwrap();
    assert_eq!(paths(&commit), ["src/a.ts", "src/logo.png"]);
    assert_eq!(commit.get("src/a.ts").unwrap().size, 4);
    assert_eq!(text(&commit, "src/a.ts"), Ok("old\n".to_owned()));
    assert_eq!(text(&commit, "src/logo.png"), Err(SkipReason::Binary));
    assert_eq!(commit.skipped()[0].path, "legacy");
    let index = Tree::index(&repo.path().join("src"), &[]).unwrap();
    assert_eq!(paths(&index), ["a.ts", "logo.png", "new.ts"]);
    assert_eq!(text(&index, "a.ts"), Ok("staged\n".to_owned()));
    let disk = Tree::working(repo.path(), &[]).unwrap();
    assert_eq!(text(&disk, "src/a.ts"), Ok("disk\n".to_owned()));

    assert!(Tree::commit(repo.path(), "no-such-branch", &[]).is_err());
    let texts: Vec<String> = std::thread::scope(|scope| {
        let read = || scope.spawn(|| text(&commit, "src/a.ts").unwrap());
        let readers: Vec<_> = (0..4).map(|_| read()).collect();
        readers.into_iter().map(|reader| reader.join().unwrap()).collect()
    });
    assert_eq!(texts, ["old\n"; 4]);
}

#[test]
fn a_tree_that_unfolds_without_end_is_no_hang() {
    // Ten folders in each of ten folders, ten levels deep, all one object: 10^10 files.
    let mut repo = Repo::new();
    let blob = repo.git.blob(b"x").unwrap();
    let folder = |mode: i32, id: Oid| {
        let mut tree = repo.git.treebuilder(None).unwrap();
        for name in 0..10 {
            tree.insert(format!("d{name}"), id, mode).unwrap();
        }
        tree.write().unwrap()
    };
    let mut id = folder(0o100_644, blob);
    for _ in 0..9 {
        id = folder(0o040_000, id);
    }
    repo.commit_tree(id, "bomb", ANA, &[]);
    let source = open(repo.path());
    let git = source.git.unwrap();
    assert_eq!(git.commits[0].added, u32::MAX);
    assert!(source.notes.iter().any(|note| note.contains("HEAD")), "{:?}", source.notes);
    assert!(Tree::commit(repo.path(), "HEAD", &[]).is_err());
}
