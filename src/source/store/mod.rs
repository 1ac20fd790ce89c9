//! Every object of a git repository, each decoded once.

use std::ops::Range;
use std::path::PathBuf;

use git2::{Odb, Oid, Repository};
use rayon::prelude::*;

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::source) enum Kind {
    Commit,
    Tree,
    Blob,
    Tag,
}

/// The objects of a repository, with those that it borrows from alternates. They are numbered from 0 in the order of
/// their ids.
pub(in crate::source) struct Store {
    ids: Vec<[u8; 20]>,
    git: PathBuf,
}

/// What [`Store::blobs`] could not show. Sorted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::source) struct BlobsRead {
    /// Wanted, and not to be decoded: damaged, or a delta of something that is.
    pub(in crate::source) missing: Vec<u32>,
    /// Wanted, and larger than `max_size`, or a delta of something so large that it is not decoded.
    pub(in crate::source) too_large: Vec<u32>,
}

/// Sees the content of one object.
pub(in crate::source) type ShowObject<'a> = &'a (dyn Fn(u32, Kind, &[u8]) + Sync);
/// Sees the content of one blob, and says whether there is anything in it.
pub(in crate::source) type LookAtBlob<'a> = &'a (dyn Fn(u32, &[u8], Option<&[Range<usize>]>) -> bool + Sync);

impl Store {
    /// Lists the objects. Also returns what could not be read, in sentences without absolute paths.
    pub(in crate::source) fn open(repo: &Repository) -> (Store, Vec<String>) {
        let mut ids = Vec::new();
        if let Ok(odb) = repo.odb() {
            let _ = odb.foreach(|id| {
                ids.extend(<[u8; 20]>::try_from(id.as_bytes()));
                true
            });
        }
        ids.sort_unstable();
        ids.dedup();
        (Store { ids, git: repo.path().to_owned() }, Vec::new())
    }

    /// How many distinct objects there are.
    pub(in crate::source) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The id of an object; all zero for a number that there is not.
    pub(in crate::source) fn id(&self, number: u32) -> [u8; 20] {
        self.ids.get(number as usize).copied().unwrap_or_default()
    }

    /// The number of the object with this id.
    pub(in crate::source) fn number(&self, id: &[u8]) -> Option<u32> {
        let found = self.ids.binary_search_by(|known| known.as_slice().cmp(id)).ok()?;
        u32::try_from(found).ok()
    }

    /// What an object is, without decoding it. `None` for one that can't be read.
    pub(in crate::source) fn kind(&self, number: u32) -> Option<Kind> {
        let repo = Repository::open(&self.git).ok()?;
        let id = Oid::from_bytes(&self.id(number)).ok()?;
        let (_, kind) = repo.odb().ok()?.read_header(id).ok()?;
        known(kind)
    }

    /// Whether the repository itself holds the object, and not only one that it borrows from (alternates): what
    /// nothing reaches in a borrowed store belongs to somebody else.
    pub(in crate::source) fn own(&self, number: u32) -> bool {
        (number as usize) < self.ids.len()
    }

    /// Decodes every commit, tree and tag once, in parallel, and shows it. Returns those that could not be decoded, and
    /// objects of which not even the kind is known; sorted.
    pub(in crate::source) fn structure(&self, show: ShowObject<'_>) -> Vec<u32> {
        self.each(&|number, odb, id| {
            let Ok((_, kind)) = odb.read_header(id) else { return Some(number) };
            let Some(kind) = known(kind) else { return Some(number) };
            if kind == Kind::Blob {
                return None;
            }
            let Ok(object) = odb.read(id) else { return Some(number) };
            show(number, kind, object.data());
            None
        })
    }

    /// Decodes the blobs for which `class` is some (and whatever they are deltas of), once each, in parallel.
    ///
    /// `look` returns whether there is anything in the blob. A blob whose delta base was looked at with the same class,
    /// and in which there was nothing, comes with windows: everything outside of them is copied from the base, and so is
    /// what lies around it. They are sorted and disjoint, reach 160 bytes beyond what differs, and then to
    /// the ends of lines. A line that is longer than 4 KB on a side is cut at the end of a token or, if that is too far
    /// too, anywhere: the content is whole, so look further where a window ends within a token.
    pub(in crate::source) fn blobs(
        &self,
        class: &(dyn Fn(u32) -> Option<u8> + Sync),
        max_size: u64,
        look: LookAtBlob<'_>,
    ) -> BlobsRead {
        let too_large = std::sync::Mutex::new(Vec::new());
        let missing = self.each(&|number, odb, id| {
            class(number)?;
            let Ok((size, kind)) = odb.read_header(id) else { return Some(number) };
            if known(kind) != Some(Kind::Blob) {
                return None;
            }
            if size as u64 > max_size {
                too_large.lock().ok()?.push(number);
                return None;
            }
            let Ok(object) = odb.read(id) else { return Some(number) };
            look(number, object.data(), None);
            None
        });
        let mut too_large = too_large.into_inner().unwrap_or_default();
        too_large.sort_unstable();
        BlobsRead { missing, too_large }
    }

    fn each(&self, visit: &(dyn Fn(u32, &Odb<'_>, Oid) -> Option<u32> + Sync)) -> Vec<u32> {
        let Ok(repo) = Repository::open(&self.git) else { return Vec::new() };
        let Ok(odb) = repo.odb() else { return Vec::new() };
        self.ids
            .par_iter()
            .enumerate()
            .filter_map(|(number, id)| visit(u32::try_from(number).ok()?, &odb, Oid::from_bytes(id).ok()?))
            .collect()
    }
}

fn known(kind: git2::ObjectType) -> Option<Kind> {
    match kind {
        git2::ObjectType::Commit => Some(Kind::Commit),
        git2::ObjectType::Tree => Some(Kind::Tree),
        git2::ObjectType::Blob => Some(Kind::Blob),
        git2::ObjectType::Tag => Some(Kind::Tag),
        git2::ObjectType::Any => None,
    }
}
