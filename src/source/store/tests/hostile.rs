//! Packs that are damaged, or made to break the reader: no panic, no hang, and it is told what is missing.

use std::fs;
use std::time::{Duration, Instant};

use super::packs::{PackWriter, appending, blob_id, deflated, varint};
use super::repositories::Made;
use super::{MAX, Store, missing, open, seen};
use crate::source::store::{BlobsRead, Chains, has_circle};

/// Numbers of blobs that were shown, and the rest.
fn blobs(store: &Store, max_size: u64) -> (usize, BlobsRead) {
    let shown = std::sync::atomic::AtomicUsize::new(0);
    let rest = store.blobs(&|_| Some(0), max_size, &|_, content, _| {
        assert!(content.len() as u64 <= max_size);
        shown.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        true
    });
    (shown.into_inner(), rest)
}

#[test]
fn deltas_in_a_circle_are_missing() {
    let made = Made::empty();
    let mut pack = PackWriter::new();
    let (one, two, itself, below) = ([1; 20], [2; 20], [3; 20], [4; 20]);
    pack.reference_delta(one, two, &appending(4, 4, b""));
    pack.reference_delta(two, one, &appending(4, 4, b""));
    pack.reference_delta(itself, itself, &appending(4, 4, b""));
    pack.reference_delta(below, one, &appending(4, 4, b""));
    pack.reference_delta([5; 20], [99; 20], &appending(4, 4, b""));
    let good = pack.blob(b"good");
    pack.write(made.path(), "circle");
    let git = made.path().join(".git");
    assert!(has_circle(&git));
    let ends = |id: &[u8; 20]| Chains::of(&git).end(id);
    for (id, expected) in
        [(one, false), (two, false), (itself, false), (below, false), (good, true), ([6; 20], true)]
    {
        assert_eq!(ends(&id), expected, "{id:?}");
    }
    // An index over all packs could send libgit2 anywhere.
    fs::write(git.join("objects/pack/multi-pack-index"), "").unwrap();
    assert!(!ends(&good));
    fs::remove_file(git.join("objects/pack/multi-pack-index")).unwrap();
    let (store, _) = open(made.path());
    assert_eq!(store.len(), 6);
    // Nobody can say what they were.
    assert_eq!(store.structure(&|_, _, _| {}), [0, 1, 2, 3, 4]);
    assert_eq!(blobs(&store, MAX), (1, BlobsRead::default()));
    assert_eq!(store.read(0, MAX), None);
    assert_eq!(store.number(&good), Some(5));
}

#[test]
fn a_circle_through_two_packs_is_missing_and_what_a_third_has_whole_is_not() {
    let made = Made::empty();
    let (one, two) = (blob_id(b"one."), blob_id(b"two."));
    let mut first = PackWriter::new();
    first.reference_delta(one, two, &appending(4, 1, b"ne."));
    first.reference_delta(two, one, &appending(4, 0, b"two."));
    first.write(made.path(), "a");
    assert_eq!(blobs(&open(made.path()).0, MAX).0, 0);
    let mut second = PackWriter::new();
    second.blob(b"one.");
    second.write(made.path(), "b");
    let (store, _) = open(made.path());
    assert_eq!(blobs(&store, MAX), (2, BlobsRead::default()));
    assert_eq!(seen(&store).len(), 2);
}

#[test]
fn a_chain_of_100_000_deltas_is_followed() {
    let made = Made::empty();
    let mut pack = PackWriter::new();
    let mut content = b"start ".to_vec();
    pack.blob(&content);
    let mut base = 12;
    for number in 0..100_000u32 {
        let own = number.to_be_bytes();
        let delta = appending(content.len(), 6, &own);
        content.truncate(6);
        content.extend(own);
        let here = pack.offset();
        pack.offset_delta(blob_id(&content), base, &delta);
        base = here;
    }
    pack.write(made.path(), "chain");
    let (store, _) = open(made.path());
    assert_eq!(seen(&store).len(), 100_001);
    let last = store.number(&blob_id(&content)).unwrap();
    assert_eq!(store.read(last, MAX), None, "by itself nothing that long is followed");
}

#[test]
fn sizes_that_are_not_true_allocate_nothing() {
    let made = Made::empty();
    let mut pack = PackWriter::new();
    let small = deflated(b"small");
    // 1 TB, and 4 GB in 16 bytes.
    pack.entry([1; 20], 3, 1 << 40, &[], &small);
    pack.entry([2; 20], 3, 4 << 30, &[], &small);
    pack.entry([3; 20], 3, 4, &[], &small);
    pack.entry([4; 20], 3, 6, &[], &small);
    let base = pack.offset();
    pack.blob(b"base");
    // Deltas that say they make 1 TB, or 10 bytes and make 4; and one that says it is 1 TB itself.
    pack.offset_delta([5; 20], base, &[varint(4), varint(1 << 40), vec![0x90, 4]].concat());
    pack.offset_delta([6; 20], base, &[varint(4), varint(10), vec![0x90, 4]].concat());
    let back = (pack.offset() - base) as u8;
    assert!(back < 0x80);
    pack.entry([7; 20], 6, 1 << 40, &[back], &small);
    pack.write(made.path(), "sizes");
    let (store, _) = open(made.path());
    let (shown, rest) = blobs(&store, MAX);
    assert_eq!(shown, 1);
    let numbers = |ids: &[u8]| ids.iter().map(|id| store.number(&[*id; 20]).unwrap()).collect::<Vec<_>>();
    assert_eq!((rest.missing, rest.too_large), (numbers(&[3, 4, 6]), numbers(&[1, 2, 5, 7])));
}

#[test]
fn a_small_delta_that_makes_much_of_its_base_is_too_large() {
    let made = Made::empty();
    let mut pack = PackWriter::new();
    let start = pack.offset();
    let content = vec![b'a'; 60_000];
    pack.blob(&content);
    // Each copies its base ten times: 600 KB, 6 MB, 60 MB, 600 MB.
    let (mut base, mut size) = (start, content.len());
    for step in 1..=4u8 {
        let mut delta = varint(size as u64);
        delta.extend(varint(10 * size as u64));
        for _ in 0..10 {
            let mut copied = 0;
            while copied < size {
                let length = (size - copied).min(0xff_ffff);
                delta.push(0xff);
                delta.extend((copied as u32).to_le_bytes());
                delta.extend(&(length as u32).to_le_bytes()[..3]);
                copied += length;
            }
        }
        let here = pack.offset();
        pack.offset_delta([step; 20], base, &delta);
        (base, size) = (here, 10 * size);
    }
    pack.write(made.path(), "bomb");
    let (store, _) = open(made.path());
    let (shown, rest) = blobs(&store, 1 << 20);
    assert_eq!(shown, 2);
    assert_eq!((rest.missing.len(), rest.too_large.len()), (0, 3));
}

#[test]
fn a_blob_that_is_too_large_is_still_what_others_are_made_of() {
    let made = Made::empty();
    let mut pack = PackWriter::new();
    let large = vec![b'x'; 200_000];
    let base = pack.offset();
    pack.blob(&large);
    let small = [&large[..1_000], b"own"].concat();
    pack.offset_delta(blob_id(&small), base, &appending(large.len(), 1_000, b"own"));
    pack.write(made.path(), "large");
    let (store, _) = open(made.path());
    let (shown, rest) = blobs(&store, 100_000);
    assert_eq!(shown, 1);
    assert_eq!(rest, BlobsRead { missing: vec![], too_large: vec![store.number(&blob_id(&large)).unwrap()] });
}

#[test]
fn offsets_that_lead_nowhere_are_missing() {
    let made = Made::empty();
    let mut pack = PackWriter::new();
    let start = pack.offset();
    pack.blob(b"there");
    let length = pack.offset();
    for (number, offset) in
        [0, 4, start + 1, length, length + 19, length + 20, 1 << 20, 1 << 40, u64::MAX].iter().enumerate()
    {
        pack.listed([number as u8 + 1; 20], *offset);
    }
    // Two ids for one object.
    pack.listed([0xee; 20], start);
    pack.write(made.path(), "offsets");
    let (store, _) = open(made.path());
    assert_eq!(store.len(), 11);
    let (shown, rest) = blobs(&store, MAX);
    let unknown = store.structure(&|_, _, _| {});
    assert_eq!((shown, rest.missing.len() + unknown.len()), (2, 9), "{rest:?} {unknown:?}");
}

#[test]
fn a_truncated_pack_still_gives_what_is_whole() {
    let made = Made::with_commits(30);
    made.git(&["repack", "-adfq"]);
    let all = seen(&open(made.path()).0);
    let pack = made.packs("pack").remove(0);
    let bytes = fs::read(&pack).unwrap();
    fs::remove_file(&pack).unwrap();
    let mut before = all.len() + 1;
    for part in [10, 7, 5, 2, 1] {
        fs::write(&pack, &bytes[..bytes.len() * part / 10 - 1]).unwrap();
        let (store, notes) = open(made.path());
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert_eq!(store.len(), all.len());
        let found = seen(&store);
        assert!(found.len() < before && !found.is_empty(), "{part}: {} of {before}", found.len());
        assert!(found.iter().all(|(id, kind)| all.get(id) == Some(kind)));
        let (structure, blobs) = missing(&store);
        assert_eq!(found.len() + structure + blobs, all.len());
        before = found.len();
    }
}

#[test]
fn one_damaged_object_loses_what_is_made_of_it_unless_there_is_another_copy() {
    let made = Made::with_commits(30);
    made.git(&["repack", "-adfq"]);
    let all = seen(&open(made.path()).0);
    // The blob with the most deltas below it: damage its first deflated bytes.
    let index = made.packs("idx").remove(0);
    let shown = made.git(&["verify-pack", "-v", index.to_str().unwrap()]);
    let lines: Vec<Vec<&str>> = shown.lines().map(|line| line.split_whitespace().collect()).collect();
    let deltas = |id: &str| lines.iter().filter(|line| line.len() == 7 && line[6] == id).count();
    let worst =
        lines.iter().filter(|line| line.len() == 5 && line[1] == "blob").max_by_key(|line| deltas(line[0]));
    let (id, offset) = worst.map(|line| (line[0].to_owned(), line[4].parse::<usize>().unwrap())).unwrap();
    assert!(deltas(&id) > 0);
    let pack = made.packs("pack").remove(0);
    let whole = fs::read(&pack).unwrap();
    let mut bytes = whole.clone();
    for byte in &mut bytes[offset + 6..offset + 12] {
        *byte ^= 0x55;
    }
    fs::remove_file(&pack).unwrap();
    fs::write(&pack, &bytes).unwrap();
    let (store, _) = open(made.path());
    let found = seen(&store);
    assert!(!found.contains_key(&id) && found.len() < all.len());
    let (structure, blobs) = missing(&store);
    assert_eq!((structure, found.len() + blobs), (0, all.len()));

    // A loose copy of that one object brings everything back.
    let content = made.path().join("content");
    let good = Made::empty();
    fs::write(good.path().join(".git/objects/pack").join(pack.file_name().unwrap()), &whole).unwrap();
    fs::copy(&index, good.path().join(".git/objects/pack").join(index.file_name().unwrap())).unwrap();
    fs::write(&content, good.git(&["cat-file", "blob", &id])).unwrap();
    fs::rename(&pack, made.path().join("aside")).unwrap();
    fs::rename(&index, made.path().join("aside.idx")).unwrap();
    assert_eq!(made.git(&["hash-object", "-w", "content"]).trim(), id);
    fs::rename(made.path().join("aside"), &pack).unwrap();
    fs::rename(made.path().join("aside.idx"), &index).unwrap();
    let (store, _) = open(made.path());
    assert_eq!(seen(&store), all);
    assert_eq!(missing(&store), (0, 0));
}

#[test]
fn many_damaged_objects_with_long_chains_take_no_long_time() {
    let made = Made::empty();
    for name in ["a", "b"] {
        let mut pack = PackWriter::new();
        let mut base = pack.offset();
        // Not what it says: neither copy can be decoded, nor anything made of it.
        pack.entry([0; 20], 3, 100, &[], &deflated(b"short"));
        for number in 0..30_000u32 {
            let mut id = [1; 20];
            id[1..5].copy_from_slice(&number.to_be_bytes());
            let here = pack.offset();
            pack.offset_delta(id, base, &appending(4, 4, b""));
            base = here;
        }
        pack.write(made.path(), name);
    }
    let (store, _) = open(made.path());
    let started = Instant::now();
    let (shown, rest) = blobs(&store, MAX);
    assert_eq!((shown, rest.missing.len()), (0, 30_001));
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn loose_files_that_are_no_objects_are_missing() {
    let made = Made::empty();
    let folder = made.path().join(".git/objects/ab");
    fs::create_dir_all(&folder).unwrap();
    let name = |number: usize| folder.join(format!("{number:038x}"));
    let files: [&[u8]; 7] = [
        b"",
        b"not deflated",
        &deflated(b"blob 5\0four"),
        &deflated(b"blob 99999999999999\0x"),
        &deflated(b"blob 1"),
        &deflated(b"thing 1\0x"),
        &deflated(b"blob 4\0four")[..10],
    ];
    for (number, file) in files.iter().enumerate() {
        fs::write(name(number), file).unwrap();
    }
    fs::create_dir(name(7)).unwrap();
    fs::write(folder.join("short"), "no id").unwrap();
    fs::write(name(8), deflated(b"blob 4\0four")).unwrap();
    let (store, _) = open(made.path());
    assert_eq!(store.len(), 9);
    let unknown = store.structure(&|_, _, _| {});
    let (shown, rest) = blobs(&store, MAX);
    assert_eq!(shown, 1);
    assert_eq!(unknown.len() + rest.missing.len() + rest.too_large.len(), 8);
    assert_eq!(rest.too_large.len(), 1);
}
