//! The reader of objects, which is private to `source` and compiled here as it stands, and bytes for it to read.
#![allow(dead_code, reason = "the reader is used in part")]

#[path = "../../../src/source/paths.rs"]
pub(super) mod paths;
#[path = "../../../src/source/store/mod.rs"]
mod store;

use std::fs;
use std::sync::LazyLock;

use store::{Store, has_circle};

const MAX: u64 = 4 << 20;

struct Place {
    repository: String,
    _folder: tempfile::TempDir,
}

static PLACE: LazyLock<Place> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    git2::Repository::init_bare(folder.path()).unwrap();
    fs::create_dir_all(folder.path().join("objects/pack")).unwrap();
    Place { repository: folder.path().to_str().unwrap().to_owned(), _folder: folder }
});

pub(super) fn read(data: &[u8]) {
    let Some((index, pack)) = files(data) else { return };
    let packs = std::path::Path::new(&PLACE.repository).join("objects/pack");
    // Never written in place: the last maps are gone, but that is the reader's own assumption.
    for (name, bytes) in [("pack-a.pack", pack), ("pack-a.idx", index)] {
        let _ = fs::remove_file(packs.join(name));
        fs::write(packs.join(name), bytes).unwrap();
    }
    let repository = git2::Repository::open(&PLACE.repository).unwrap();
    has_circle(repository.path());
    let (store, _) = Store::open(&repository);
    store.structure(&|number, _, _| assert_eq!(store.number(&store.id(number)), Some(number)));
    store.blobs(&|number| Some((number % 2) as u8), MAX, &|_, content, windows| {
        assert!(content.len() as u64 <= MAX);
        let mut done = 0;
        for window in windows.unwrap_or_default() {
            assert!(done <= window.start && window.start <= window.end && window.end <= content.len());
            done = window.end;
        }
        content.len() % 5 == 0
    });
    for number in 0..store.len().min(20) as u32 {
        store.read(number, MAX);
    }
}

fn files(data: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (first, rest) = data.split_first()?;
    if first % 2 == 0 {
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (index, pack) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        return Some((index.to_vec(), pack.to_vec()));
    }
    let count = usize::from(first / 2) % 16;
    let (pack, offsets) = rest.split_at_checked(rest.len().checked_sub(2 * count)?)?;
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    for first in 0..256usize {
        index.extend((count.min(first + 1) as u32).to_be_bytes());
    }
    (0..count).for_each(|number| index.extend([number as u8; 20]));
    index.extend(vec![0; 4 * count]);
    for offset in offsets.chunks_exact(2) {
        index.extend([0, 0, offset[0], offset[1]]);
    }
    index.extend([0; 40]);
    Some((index, pack.to_vec()))
}
