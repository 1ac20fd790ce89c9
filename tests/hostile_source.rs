//! Folders and repositories that are broken, or made to break the reader: no panic, no hang, and it is told.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use std::fs::{self, File, Permissions};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use common::git::{Repo, write};
use vibecheck::source::{self, HistoryState, OpenError, Options, Role, SkipReason, Source, Tree};

const ANA: &str = "Ana <ana@example.com>";

fn open(path: &Path) -> Source {
    source::open(path, &Options { exclude: Vec::new(), history: true }).unwrap()
}

fn paths(tree: &Tree) -> Vec<&str> {
    tree.files().iter().map(|file| file.path.as_str()).collect()
}

fn skipped(tree: &Tree) -> Vec<(&str, SkipReason)> {
    tree.skipped().iter().map(|skip| (skip.path.as_str(), skip.reason)).collect()
}

fn read(tree: &Tree, path: &str) -> Result<String, SkipReason> {
    tree.read(tree.get(path).unwrap()).map(|text| text.text)
}

#[test]
fn a_path_that_is_no_folder_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a", "a");
    let options = Options::default();
    assert!(matches!(source::open(&file, &options), Err(OpenError::NotAFolder(_))));
    assert!(matches!(source::open(&folder.path().join("b"), &options), Err(OpenError::Missing(_))));
    let broken = Options { exclude: vec!["a[".to_owned()], history: true };
    assert!(matches!(source::open(folder.path(), &broken), Err(OpenError::Pattern(..))));
}

#[test]
fn an_empty_folder_and_one_without_git() {
    let folder = tempfile::tempdir().unwrap();
    let empty = open(folder.path());
    assert!(empty.git.is_none() && empty.tree.files().is_empty() && empty.notes.is_empty());

    write(folder.path(), ".gitignore", "*.log\n");
    write(folder.path(), "src/a.ts", "a");
    write(folder.path(), "debug.log", "x");
    write(folder.path(), ".env", "A=1");
    write(folder.path(), ".ignore", "*.ts\n");
    let source = open(folder.path());
    assert_eq!(paths(&source.tree), [".env", ".gitignore", ".ignore", "src/a.ts"]);
    assert!(source.tree.files().iter().all(|file| !file.tracked));
}

#[test]
fn folders_of_dependencies_are_one_entry() {
    let mut repo = Repo::new();
    repo.write("node_modules/tracked/index.js", "x");
    repo.write("package.json", "{}");
    repo.commit("first", ANA);
    repo.write("node_modules/untracked/index.js", "x");
    for path in [
        "web/node_modules/a/index.js",
        "web/src/a.ts",
        "env/pyvenv.cfg",
        "env/lib/x.py",
        "target/CACHEDIR.TAG",
    ] {
        repo.write(path, "x");
    }
    let tree = open(repo.path()).tree;
    assert_eq!(paths(&tree), ["node_modules/tracked/index.js", "package.json", "web/src/a.ts"]);
    assert_eq!(
        skipped(&tree),
        [
            ("env", SkipReason::Vendored),
            ("target", SkipReason::Generated),
            ("web/node_modules", SkipReason::Vendored)
        ]
    );
    assert_eq!(tree.files()[0].role, Role::Vendored);
    assert_eq!(read(&tree, "node_modules/tracked/index.js"), Err(SkipReason::Vendored));
}

#[test]
fn excluded_paths_are_counted_once_for_a_folder() {
    let mut repo = Repo::new();
    for path in ["legacy/a.ts", "legacy/deep/b.ts", "src/a.ts", "src/big.sql"] {
        repo.write(path, "x");
    }
    repo.commit("first", ANA);
    repo.write("legacy/new.ts", "x");
    let exclude = ["legacy/".to_owned(), "*.sql".to_owned()];
    let tree = Tree::working(repo.path(), &exclude).unwrap();
    assert_eq!(paths(&tree), ["src/a.ts"]);
    assert_eq!(skipped(&tree), [("legacy", SkipReason::Excluded), ("src/big.sql", SkipReason::Excluded)]);
}

#[test]
fn contents_that_are_no_plain_text() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "utf16.ts", b"\xff\xfea\0\xe9\0");
    write(folder.path(), "latin1.py", b"# caf\xe9\n");
    write(folder.path(), "data", b"\0\x01");
    write(folder.path(), "app.js", "a=b;".repeat(20_000));
    let mut long = File::create(folder.path().join("long.json")).unwrap();
    long.write_all(b"{\"a\":\"").unwrap();
    long.set_len(50 << 20).unwrap();
    write(folder.path(), "package-lock.json", "x".repeat(3 << 20));
    write(folder.path(), "large.ts", "x\n".repeat(2 << 20));

    let started = Instant::now();
    let tree = open(folder.path()).tree;
    assert_eq!(read(&tree, "utf16.ts"), Ok("aé".to_owned()));
    let latin1 = tree.read(tree.get("latin1.py").unwrap()).unwrap();
    assert_eq!((latin1.text.as_str(), latin1.lossy), ("# caf\u{fffd}\n", true));
    assert_eq!(read(&tree, "data"), Err(SkipReason::Binary));
    assert_eq!(read(&tree, "app.js"), Err(SkipReason::Minified));
    assert_eq!(read(&tree, "long.json"), Err(SkipReason::TooLarge));
    assert_eq!(read(&tree, "large.ts"), Err(SkipReason::TooLarge));
    assert_eq!(read(&tree, "package-lock.json").map(|text| text.len()), Ok(3 << 20));
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_file_that_changes_between_listing_and_reading_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let secret = write(outside.path(), "secret", "s");
    let file = write(folder.path(), "a.ts", "a");
    let gone = write(folder.path(), "b.ts", "b");
    let tree = open(folder.path()).tree;
    fs::remove_file(gone).unwrap();
    assert_eq!(read(&tree, "b.ts"), Err(SkipReason::Unreadable));
    fs::write(&file, vec![b'x'; 3 << 20]).unwrap();
    assert_eq!(read(&tree, "a.ts"), Err(SkipReason::TooLarge));
    #[cfg(unix)]
    {
        fs::remove_file(&file).unwrap();
        std::os::unix::fs::symlink(secret, &file).unwrap();
        assert_eq!(read(&tree, "a.ts"), Err(SkipReason::Link));
    }
}

#[test]
fn thousands_of_files_come_sorted() {
    let mut repo = Repo::new();
    repo.write("src/a.ts", "a");
    repo.commit("first", ANA);
    for folder in 0..220 {
        let folder = repo.path().join(format!("data/{folder}"));
        fs::create_dir_all(&folder).unwrap();
        for file in 0..100 {
            File::create(folder.join(format!("{file}.json"))).unwrap();
        }
    }
    let started = Instant::now();
    let source = open(repo.path());
    assert!(started.elapsed() < Duration::from_secs(60));
    assert_eq!(source.tree.files().len(), 22_001);
    assert!(source.tree.files().is_sorted_by(|a, b| a.path < b.path));
    assert_eq!(source.git.unwrap().untracked.len(), 22_000);
    assert_eq!(read(&source.tree, "data/219/99.json"), Ok(String::new()));
}

#[test]
fn a_damaged_repository_is_told_and_its_files_are_still_read() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 8] = [
        ("no HEAD", |git| fs::remove_file(git.join("HEAD")).unwrap()),
        ("empty HEAD", |git| fs::write(git.join("HEAD"), "").unwrap()),
        ("HEAD to nowhere", |git| fs::write(git.join("HEAD"), format!("{}\n", "a".repeat(40))).unwrap()),
        ("garbage configuration", |git| fs::write(git.join("config"), "[[[\n\0").unwrap()),
        ("newer format", |git| {
            fs::write(git.join("config"), "[core]\nrepositoryformatversion = 9\n").unwrap()
        }),
        ("unknown extension", |git| {
            let text = "[core]\nrepositoryformatversion = 1\n[extensions]\nrefstorage = reftable\n";
            fs::write(git.join("config"), text).unwrap();
        }),
        ("no objects", |git| fs::remove_dir_all(git.join("objects")).unwrap()),
        ("garbage objects", |git| {
            for folder in fs::read_dir(git.join("objects")).unwrap().flatten() {
                for object in fs::read_dir(folder.path()).unwrap().flatten() {
                    fs::remove_file(object.path()).unwrap();
                    fs::write(object.path(), "garbage").unwrap();
                }
            }
        }),
    ];
    for (name, damage) in damages {
        let mut repo = Repo::new();
        repo.write("a.ts", "a\n");
        repo.commit("first", ANA);
        damage(&repo.path().join(".git"));
        let source = open(repo.path());
        let git = source.git.expect(name);
        assert_eq!((git.history, git.commits.len()), (HistoryState::Unread, 0), "{name}");
        assert!(!source.notes.is_empty(), "{name}");
        assert_eq!(paths(&source.tree), ["a.ts"], "{name}");
        // The index is whole, and says what is tracked.
        assert!(source.tree.get("a.ts").unwrap().tracked, "{name}");
        assert_eq!(read(&source.tree, "a.ts"), Ok("a\n".to_owned()), "{name}");
    }
}

#[test]
fn a_damaged_index_is_told() {
    let mut repo = Repo::new();
    repo.write("a.ts", "a\n");
    repo.commit("first", ANA);
    fs::write(repo.path().join(".git/index"), "DIRCgarbage").unwrap();
    let source = open(repo.path());
    assert_eq!(source.git.unwrap().commits.len(), 1);
    assert!(source.notes.iter().any(|note| note.contains("index")), "{:?}", source.notes);
    assert_eq!(paths(&source.tree), ["a.ts"]);
}

#[test]
fn a_history_with_a_hole_is_read_up_to_it() {
    let mut repo = Repo::new();
    repo.write("a.ts", "a");
    let first = repo.commit("first", ANA);
    repo.write("a.ts", "b");
    repo.commit("second", ANA);
    repo.lose(first);
    let source = open(repo.path());
    let git = source.git.unwrap();
    assert_eq!((git.history, git.commits.len()), (HistoryState::Partial, 1));
    assert!(source.notes.iter().any(|note| note.contains("1 commit(s)")), "{:?}", source.notes);
}

#[test]
fn a_git_file_that_leads_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    for text in ["gitdir: /nonexistent/x\n", "garbage", ""] {
        write(folder.path(), ".git", text);
        write(folder.path(), "a.ts", "a");
        let source = open(folder.path());
        assert_eq!(source.git.unwrap().history, HistoryState::Unread, "{text}");
        assert_eq!(source.notes.len(), 1, "{text}");
        assert_eq!(paths(&source.tree), ["a.ts"], "{text}");
    }
}

#[test]
fn notes_hold_no_absolute_path() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), ".git/HEAD", "ref: refs/heads/main\n");
    let notes = open(folder.path()).notes.join(" ");
    assert!(!notes.is_empty() && !notes.contains(folder.path().to_str().unwrap()), "{notes}");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::Command;

    fn fifo(path: &Path) {
        let made = Command::new("mkfifo").arg(path).status().expect("this test needs the program mkfifo");
        assert!(made.success(), "mkfifo {}", path.display());
    }

    #[test]
    fn special_files_are_never_opened() {
        let mut repo = Repo::new();
        repo.write("a.ts", "a");
        repo.write("was-file", "x");
        repo.commit("first", ANA);
        fs::remove_file(repo.path().join("was-file")).unwrap();
        fifo(&repo.path().join("was-file"));
        fifo(&repo.path().join("pipe"));
        let _socket = std::os::unix::net::UnixListener::bind(repo.path().join("socket")).unwrap();
        // Ignore and attribute files that block whoever opens them.
        for name in [".gitignore", ".gitattributes", ".mailmap"] {
            fifo(&repo.path().join(name));
        }
        let source = open(repo.path());
        assert_eq!(paths(&source.tree), ["a.ts"]);
        let expected = [".gitattributes", ".gitignore", ".mailmap", "pipe", "socket", "was-file"];
        assert_eq!(skipped(&source.tree), expected.map(|path| (path, SkipReason::NotAFile)));
        assert_eq!(source.git.unwrap().dirty, ["was-file"]);
    }

    #[test]
    fn a_fifo_inside_the_git_folder_is_no_hang() {
        for place in ["HEAD", "index", "refs/heads/main", "packed-refs", "info/exclude", "shallow"] {
            let mut repo = Repo::new();
            repo.write("a.ts", "a");
            repo.commit("first", ANA);
            let place = repo.path().join(".git").join(place);
            let _ = fs::remove_file(&place);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fifo(&place);
            let source = open(repo.path());
            assert_eq!(source.git.unwrap().history, HistoryState::Unread);
            assert!(source.notes[0].contains("not a regular file"), "{:?}", source.notes);
            assert_eq!(paths(&source.tree), ["a.ts"]);
        }
        let mut repo = Repo::new();
        repo.write("a.ts", "a");
        repo.commit("first", ANA);
        fifo(&repo.path().join("pipe"));
        fs::write(repo.path().join(".git/config"), "[include]\n\tpath = ../pipe\n").unwrap();
        assert_eq!(open(repo.path()).git.unwrap().history, HistoryState::Unread);
        // One in the folder that a `.git` file names.
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "elsewhere/HEAD", "ref: refs/heads/main\n");
        fifo(&folder.path().join("elsewhere/config"));
        write(folder.path(), "work/.git", "gitdir: ../elsewhere\n");
        assert_eq!(open(&folder.path().join("work")).git.unwrap().history, HistoryState::Unread);
        // A `.git` that is one itself.
        let folder = tempfile::tempdir().unwrap();
        fifo(&folder.path().join(".git"));
        assert_eq!(open(folder.path()).git.unwrap().history, HistoryState::Unread);
    }

    #[test]
    fn links_are_listed_and_not_followed() {
        let outside = tempfile::tempdir().unwrap();
        write(outside.path(), "secret.txt", "s");
        let mut repo = Repo::new();
        repo.write("src/a.ts", "a");
        repo.write("gone/secret.txt", "x");
        symlink("..", repo.path().join("src/loop")).unwrap();
        symlink("self", repo.path().join("self")).unwrap();
        symlink(outside.path(), repo.path().join("out")).unwrap();
        repo.commit("first", ANA);
        // A tracked folder that was replaced by a link must not lead out.
        fs::remove_dir_all(repo.path().join("gone")).unwrap();
        symlink(outside.path(), repo.path().join("gone")).unwrap();
        let source = open(repo.path());
        assert_eq!(paths(&source.tree), ["src/a.ts"]);
        let expected = ["gone", "out", "self", "src/loop"];
        assert_eq!(skipped(&source.tree), expected.map(|path| (path, SkipReason::Link)));
    }

    #[test]
    fn path_may_be_a_link_to_a_folder() {
        let mut repo = Repo::new();
        repo.write(".gitignore", "*.log\n");
        repo.write("app/a.ts", "a");
        repo.commit("first", ANA);
        repo.write("app/x.log", "x");
        let elsewhere = tempfile::tempdir().unwrap();
        let link = elsewhere.path().join("link");
        symlink(repo.path().join("app"), &link).unwrap();
        let source = open(&link);
        assert_eq!(source.git.unwrap().prefix, "app");
        assert_eq!(paths(&source.tree), ["a.ts"]);
        assert_eq!(read(&source.tree, "a.ts"), Ok("a".to_owned()));
    }

    #[test]
    fn a_name_that_is_no_utf8_is_escaped_and_read() {
        let mut repo = Repo::new();
        let name = OsStr::from_bytes(b"caf\xe9.ts");
        fs::write(repo.path().join(name), "a").unwrap();
        repo.commit("first", ANA);
        fs::write(repo.path().join(OsStr::from_bytes(b"\xff.ts")), "b").unwrap();
        let source = open(repo.path());
        assert_eq!(paths(&source.tree), ["\\xff.ts", "caf\\xe9.ts"]);
        assert!(source.tree.get("caf\\xe9.ts").unwrap().tracked);
        assert_eq!(read(&source.tree, "\\xff.ts"), Ok("b".to_owned()));
        let commit = Tree::commit(repo.path(), "HEAD", &[]).unwrap();
        assert_eq!(read(&commit, "caf\\xe9.ts"), Ok("a".to_owned()));
    }

    #[test]
    fn what_may_not_be_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = write(folder.path(), "locked.ts", "a");
        write(folder.path(), "closed/a.ts", "a");
        let closed = folder.path().join("closed");
        fs::set_permissions(&file, Permissions::from_mode(0o000)).unwrap();
        fs::set_permissions(&closed, Permissions::from_mode(0o000)).unwrap();
        // The superuser may read everything: then nothing is locked, and all there is to see is that it is read.
        let is_superuser = File::open(&file).is_ok();
        let tree = open(folder.path()).tree;
        if is_superuser {
            assert_eq!(paths(&tree), ["closed/a.ts", "locked.ts"]);
        } else {
            assert_eq!(skipped(&tree), [("closed", SkipReason::Unreadable)]);
            assert_eq!(read(&tree, "locked.ts"), Err(SkipReason::Unreadable));
        }
        fs::set_permissions(&closed, Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn deltas_that_are_made_of_each_other_are_not_followed() {
    let mut repo = Repo::new();
    repo.write("a", "a");
    repo.commit("first", ANA);
    // Two objects, each a delta of the other by its id: 4 bytes of 4, deflated as a stored block.
    let (one, two) = ([1u8; 20], [2u8; 20]);
    let delta = [4, 4, 0x90, 4];
    let adler = {
        let (a, b) =
            delta.iter().fold((1u32, 0u32), |(a, b), byte| (a + u32::from(*byte), a + u32::from(*byte) + b));
        (b << 16 | a).to_be_bytes()
    };
    let stored = [&[0x78, 0x01, 1, 4, 0, !4, !0][..], &delta, &adler].concat();
    let mut pack = b"PACK\0\0\0\x02\0\0\0\x02".to_vec();
    let mut offsets = Vec::new();
    for base in [two, one] {
        offsets.push((pack.len() as u32).to_be_bytes());
        pack.push(0x70 | 4);
        pack.extend(base);
        pack.extend(&stored);
    }
    pack.extend([9; 20]);
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    (0..256u32).for_each(|first| index.extend(first.min(2).to_be_bytes()));
    index.extend([one, two].concat());
    index.extend([0; 8]);
    index.extend(offsets.concat());
    index.extend([9; 40]);
    write(repo.path(), ".git/objects/pack/pack-1.pack", pack);
    write(repo.path(), ".git/objects/pack/pack-1.idx", index);
    // libgit2 would follow them for ever.
    write(repo.path(), ".git/refs/heads/main", format!("{}\n", "01".repeat(20)));
    let source = open(repo.path());
    assert_eq!(source.notes, ["HEAD points to a commit that can't be read: the history is unknown."]);
    // To find a revision it would have to follow them by itself.
    let since = source::since(repo.path(), "main", &Options { exclude: Vec::new(), history: true });
    let said = since.map(|_| ()).unwrap_err().to_string();
    assert!(said.contains("objects in it are made of each other, in a circle"), "{said}");
}
