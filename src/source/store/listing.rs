//! Finding packs, their indexes and loose objects in the folders of objects.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::forest::MOST_PACKS;
use super::index::Index;
use super::map::Map;
use super::pack::Pack;
use super::{folders, loose};

/// A pack with its index.
pub(super) struct Packed {
    pub(super) pack: Pack,
    pub(super) index: Index,
    /// Which of the folders it is in.
    pub(super) folder: u16,
}

/// What the folders hold.
#[derive(Default)]
pub(super) struct Listing {
    pub(super) folders: Vec<PathBuf>,
    /// The repository's own first, and the largest first.
    pub(super) packs: Vec<Packed>,
    /// Sorted ids of loose objects, for each folder.
    pub(super) loose: Vec<Vec<[u8; 20]>>,
    /// What is wrong, in sentences.
    pub(super) notes: Vec<String>,
}

/// Lists the folders of objects of a git folder.
pub(super) fn list(common: &Path) -> Listing {
    let (folders, lost) = folders::folders(common);
    let mut listing = Listing::default();
    let mut trouble = Trouble { lost, ..Trouble::default() };
    let mut packs = Vec::new();
    for (number, folder) in folders.iter().enumerate() {
        for (name, packed) in packs_of(&folder.join("pack"), number as u16, &mut trouble) {
            packs.push((number, Reverse(packed.index.len()), name, packed));
        }
        listing.loose.push(loose::list(folder));
    }
    packs.sort_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)));
    trouble.unread += packs.len().saturating_sub(MOST_PACKS);
    packs.truncate(MOST_PACKS);
    listing.packs = packs.into_iter().map(|(.., packed)| packed).collect();
    listing.folders = folders;
    listing.notes = trouble.sentences();
    listing
}

/// Only the packs.
pub(super) fn packs(common: &Path) -> Vec<Packed> {
    let folders = folders::folders(common).0;
    let packs = folders.iter().flat_map(|folder| packs_of(&folder.join("pack"), 0, &mut Trouble::default()));
    packs.map(|(_, packed)| packed).collect()
}

/// How often what went wrong.
#[derive(Default)]
struct Trouble {
    lost: usize,
    unindexed: usize,
    unread: usize,
    cut: usize,
}

impl Trouble {
    fn sentences(&self) -> Vec<String> {
        let several = |count: usize, one: &str, more: &str| match count {
            0 => None,
            1 => Some(one.to_owned()),
            count => Some(format!("{count} {more}")),
        };
        [
            several(
                self.lost,
                "A store of objects that the repository borrows from (alternates) is not there.",
                "stores of objects that the repository borrows from (alternates) are not there.",
            ),
            several(
                self.unindexed,
                "A pack of the repository has no index, so git itself doesn't see what is in it: not read.",
                "packs of the repository have no index, so git itself doesn't see what is in them: not read.",
            ),
            several(
                self.unread,
                "A pack of the repository, or its index, can't be read.",
                "packs of the repository, or their indexes, can't be read.",
            ),
            several(
                self.cut,
                "A pack of the repository is cut off or not the one that its index is about: only some of it is read.",
                "packs of the repository are cut off or not those that their indexes are about: only some of them is \
                 read.",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The packs in a folder, with their names.
fn packs_of(folder: &Path, number: u16, trouble: &mut Trouble) -> Vec<(OsString, Packed)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names: BTreeSet<OsString> = entries.map(|entry| entry.file_name()).collect();
    let mut found = Vec::new();
    for name in &names {
        let path = folder.join(name);
        let is_pack = path.extension().is_some_and(|extension| extension == "pack");
        // What `git gc` or `git fetch` is writing, or was when it was stopped.
        let temporary =
            name.as_encoded_bytes().starts_with(b"tmp_") || name.as_encoded_bytes().starts_with(b".tmp");
        if !is_pack || temporary {
            continue;
        }
        let index = path.with_extension("idx");
        if !index.file_name().is_some_and(|name| names.contains(name)) {
            trouble.unindexed += 1;
            continue;
        }
        match open(&path, &index, number) {
            Some(packed) => {
                trouble.cut += usize::from(!packed.pack.trusted);
                found.push((name.clone(), packed));
            }
            None => trouble.unread += 1,
        }
    }
    found
}

fn open(pack: &Path, index: &Path, folder: u16) -> Option<Packed> {
    let index = Index::new(Map::open(index).ok()?)?;
    let pack = Pack::new(Map::open(pack).ok()?, &index)?;
    Some(Packed { pack, index, folder })
}
