//! The same objects as git2, however git stores them.

use std::fs;

use git2::Repository;

use super::repositories::{Made, remove_pack, run};
use super::{Kind, expected, missing, open, seen};
use crate::source::store::{Chains, has_circle};

/// Both readers see the same, and nothing is wrong. Returns how many objects there are.
fn same(made: &Made) -> usize {
    let (store, notes) = open(made.path());
    assert_eq!(notes, Vec::<String>::new());
    let found = seen(&store);
    assert_eq!(found, expected(&Repository::open(made.path()).unwrap()));
    assert_eq!(store.len(), found.len());
    assert_eq!(missing(&store), (0, 0));
    for number in 0..store.len() as u32 {
        assert_eq!(store.number(&store.id(number)), Some(number));
        assert!(store.own(number));
    }
    found.len()
}

/// How many objects of the packs are deltas, and the length of the longest chain.
fn deltas(made: &Made) -> (usize, usize) {
    let mut found = (0, 0);
    for index in made.packs("idx") {
        let shown = made.git(&["verify-pack", "-v", index.to_str().unwrap()]);
        // id kind size packed offset depth base
        let depths = shown.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        for depth in
            depths.filter(|words| words.len() == 7).filter_map(|words| words[5].parse::<usize>().ok())
        {
            found = (found.0 + 1, depth.max(found.1));
        }
    }
    found
}

#[test]
fn an_empty_repository_has_no_objects() {
    let made = Made::empty();
    assert_eq!(same(&made), 0);
    assert_eq!(open(made.path()).0.number(&[0; 20]), None);
}

#[test]
fn loose_objects_only() {
    let made = Made::with_commits(5);
    made.unpack();
    assert_eq!(made.packs("pack").len(), 0);
    // Each commit has itself, three trees, and three files of which two are the same; and one tag.
    assert_eq!(same(&made), 5 * 6 + 1);
}

#[test]
fn loose_objects_of_every_size_and_compression() {
    let made = Made::empty();
    let repository = Repository::open(made.path()).unwrap();
    for level in ["0", "1", "9"] {
        repository.config().unwrap().set_str("core.looseCompression", level).unwrap();
        let mut noise = 1u32;
        for size in (0..200).chain([1_000, 4_090, 4_096, 70_000, 300_000]) {
            for plain in [true, false] {
                let content: Vec<u8> = (0..size)
                    .map(|_| {
                        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        if plain { b'1' + level.as_bytes()[0] - b'0' } else { (noise >> 24) as u8 }
                    })
                    .collect();
                fs::write(made.path().join(format!("{level}-{size}-{plain}")), content).unwrap();
            }
        }
    }
    made.git(&["-c", "core.looseCompression=0", "add", "."]);
    for level in ["1", "9"] {
        let setting = format!("core.looseCompression={level}");
        for size in [3, 150, 4_096, 300_000] {
            fs::write(made.path().join("again"), format!("{level}{}", "again ".repeat(size))).unwrap();
            made.git(&["-c", &setting, "add", "again"]);
        }
    }
    assert!(same(&made) > 800);
}

#[test]
fn offset_and_reference_deltas() {
    for (setting, form) in [("true", "offset"), ("false", "reference")] {
        let made = Made::with_commits(60);
        made.git(&["-c", &format!("repack.useDeltaBaseOffset={setting}"), "repack", "-adfq"]);
        let git = made.path().join(".git");
        assert!(!has_circle(&git));
        let (chains, store) = (Chains::of(&git), open(made.path()).0);
        assert!((0..store.len() as u32).all(|number| chains.end(&store.id(number))));
        assert_eq!(made.packs("pack").len(), 1);
        let (count, depth) = deltas(&made);
        assert!(count > 50 && depth > 3, "{form}: {count} deltas, {depth} deep");
        same(&made);
    }
}

#[test]
fn chains_of_deltas_of_any_length() {
    let made = Made::empty();
    // Each version of a file is a delta of the one before.
    made.git(&["config", "fastimport.unpackLimit", "0"]);
    made.import(0..1_000, &["--depth=4095"]);
    let (_, depth) = deltas(&made);
    assert!(depth > 900, "{depth} deep");
    same(&made);
}

#[test]
fn indexes_of_version_1_and_with_long_offsets() {
    for version in ["1", "2,0x40"] {
        let made = Made::with_commits(20);
        made.git(&["repack", "-adfq"]);
        let pack = made.packs("pack").remove(0);
        fs::remove_file(pack.with_extension("idx")).unwrap();
        let _ = fs::remove_file(pack.with_extension("rev"));
        made.git(&["index-pack", &format!("--index-version={version}"), pack.to_str().unwrap()]);
        same(&made);
    }
}

#[test]
fn several_packs_and_loose_objects_some_of_them_twice() {
    let made = Made::with_commits(10);
    for start in [10, 20, 30] {
        made.commit(start..start + 10);
        made.git(&["repack", "-q"]);
    }
    let twins = fs::read(made.packs("pack").remove(0)).unwrap();
    made.commit(40..45);
    // The same objects once more: in a pack of everything, and loose.
    let all = made.git(&["rev-parse", "HEAD"]);
    made.git_with(&["pack-objects", "--revs", "-q", ".git/objects/pack/pack"], all.as_bytes());
    made.git_with(&["unpack-objects", "-q", "-r"], &twins);
    assert_eq!(made.packs("pack").len(), 4);
    same(&made);
}

#[test]
fn a_multi_pack_index_changes_nothing() {
    let made = Made::with_commits(10);
    made.git(&["repack", "-q"]);
    made.commit(10..20);
    made.git(&["repack", "-q"]);
    made.git(&["multi-pack-index", "write"]);
    assert!(made.path().join(".git/objects/pack/multi-pack-index").exists());
    same(&made);
}

#[test]
fn a_thin_pack_is_completed_with_other_objects() {
    let origin = Made::with_commits(20);
    let clone = tempfile::tempdir().unwrap();
    let to = clone.path().join("clone");
    run(clone.path(), &["clone", "-q", &format!("file://{}", origin.path().display()), "clone"], b"");
    origin.commit(20..22);
    run(&to, &["-c", "fetch.unpackLimit=1", "fetch", "-q"], b"");
    let packs = fs::read_dir(to.join(".git/objects/pack")).unwrap();
    let packs = packs.filter(|e| e.as_ref().unwrap().path().extension().is_some_and(|e| e == "pack"));
    assert_eq!(packs.count(), 2);
    let (store, _) = open(&to);
    assert_eq!(seen(&store), expected(&Repository::open(&to).unwrap()));
    assert_eq!(store.len(), open(origin.path()).0.len());
}

#[test]
fn objects_of_alternates_are_there_and_borrowed() {
    let origin = Made::with_commits(10);
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["clone", "-q", "--shared", origin.path().to_str().unwrap(), "one"], b"");
    run(folder.path(), &["clone", "-q", "--shared", "one", "two"], b"");
    let two = folder.path().join("two");
    fs::write(two.join("own.txt"), "own").unwrap();
    run(&two, &["add", "own.txt"], b"");
    let (store, notes) = open(&two);
    assert_eq!(notes, Vec::<String>::new());
    assert_eq!(seen(&store), expected(&Repository::open(&two).unwrap()));
    assert_eq!(store.len(), open(origin.path()).0.len() + 1);
    let own: Vec<u32> = (0..store.len() as u32).filter(|number| store.own(*number)).collect();
    assert_eq!(own.len(), 1);
    assert_eq!(store.read(own[0], 100), Some((Kind::Blob, b"own".to_vec())));

    // By a relative path in quotes; and one that there is not, and one that leads back.
    let file = two.join(".git/objects/info/alternates");
    fs::write(&file, "# one\n\"../../../one/.git/objec\\164s\"\n/nowhere\n../objects\n").unwrap();
    let (store, notes) = open(&two);
    assert_eq!(store.len(), open(origin.path()).0.len() + 1);
    assert_eq!(notes, ["A store of objects that the repository borrows from (alternates) is not there."]);
}

#[test]
fn worktrees_submodules_and_bare_repositories() {
    let made = Made::with_commits(3);
    let folder = tempfile::tempdir().unwrap();
    let objects = open(made.path()).0.len();
    let worktree = folder.path().join("worktree");
    made.git(&["worktree", "add", "-q", "--detach", worktree.to_str().unwrap(), "main"]);
    assert_eq!(open(&worktree).0.len(), objects);

    run(folder.path(), &["clone", "-q", "--bare", made.path().to_str().unwrap(), "bare"], b"");
    assert_eq!(open(&folder.path().join("bare")).0.len(), objects);

    let above = Made::empty();
    above.git(&["submodule", "--quiet", "add", made.path().to_str().unwrap(), "below"]);
    assert!(above.path().join("below/.git").is_file());
    assert_eq!(open(&above.path().join("below")).0.len(), objects);
}

#[test]
fn what_shallow_and_partial_clones_lack_has_no_number() {
    let origin = Made::with_commits(10);
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    let all = open(origin.path()).0;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("file://{}", origin.path().display());
    run(folder.path(), &["clone", "-q", "--depth=1", &url, "shallow"], b"");
    run(folder.path(), &["clone", "-q", "--no-checkout", "--filter=blob:none", &url, "partial"], b"");
    for (name, blobs) in [("shallow", 11), ("partial", 0)] {
        let path = folder.path().join(name);
        let (store, notes) = open(&path);
        assert_eq!(notes, Vec::<String>::new());
        let found = seen(&store);
        assert_eq!(found.values().filter(|kind| **kind == Kind::Blob).count(), blobs, "{name}");
        assert_eq!(missing(&store), (0, 0));
        let lacking = (0..all.len() as u32).filter(|number| store.number(&all.id(*number)).is_none()).count();
        assert_eq!(lacking + store.len(), all.len());
    }
}

#[test]
fn a_pack_without_its_index_is_noted() {
    let made = Made::with_commits(5);
    made.git(&["repack", "-adq"]);
    fs::remove_file(made.packs("idx").remove(0)).unwrap();
    let (store, notes) = open(made.path());
    assert_eq!(store.len(), 0);
    assert_eq!(
        notes,
        ["A pack of the repository has no index, so git itself doesn't see what is in it: not read."]
    );
    let pack = made.packs("pack").remove(0);
    fs::write(pack.with_extension("idx"), "not an index").unwrap();
    assert_eq!(open(made.path()).1, ["A pack of the repository, or its index, can't be read."]);
    remove_pack(&pack);
    assert_eq!(open(made.path()).1, Vec::<String>::new());
}
