//! The files of a commit or of the index, read from git's objects, or from the disk where it holds the same.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use git2::{Index, ObjectType, Oid, Repository};

use super::exclude::Exclude;
use super::git::objects::{KIND, LINK, SUBMODULE};
use super::git::reading::Objects;
use super::git::repository::{self, Place};
use super::git::{self, commits, status};
use super::store::Chains;
use super::tree::{File, Skip, SkipReason, Tree, Where};
use super::{OpenError, paths, role};

/// Reads blobs from any thread: each reader borrows a repository of its own.
pub(super) struct Blobs {
    place: Place,
    chains: Arc<Chains>,
    idle: Mutex<Vec<Repository>>,
}

/// A path below PATH, its mode and its blob.
pub(super) type Entry = (Vec<u8>, u32, Oid);

/// Where else the file with this path and blob can be read, if there is such a place.
pub(super) type Elsewhere<'a> = dyn Fn(&[u8], Oid) -> Option<File> + 'a;

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blobs").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Blobs {
    /// The content of a blob, at most `cap` bytes long.
    pub(super) fn read(&self, id: Oid, cap: u64) -> Result<Vec<u8>, SkipReason> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let repository = match idle {
            Some(repository) => repository,
            None => repository::reopen(&self.place).map_err(|_| SkipReason::Unreadable)?,
        };
        let content = content(&repository, self.chains.clone(), id, cap);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(repository);
        content
    }
}

fn content(repository: &Repository, chains: Arc<Chains>, id: Oid, cap: u64) -> Result<Vec<u8>, SkipReason> {
    let objects = Objects::along(repository, chains).map_err(|_| SkipReason::Unreadable)?;
    let size = objects.size(id).ok_or(SkipReason::Unreadable)?;
    if u64::try_from(size).is_ok_and(|size| size > cap) {
        return Err(SkipReason::TooLarge);
    }
    let object = objects.read(id).ok_or(SkipReason::Unreadable)?;
    if object.kind() != ObjectType::Blob {
        return Err(SkipReason::Unreadable);
    }
    Ok(object.data().to_vec())
}

/// The tree of the commit that `revision` names, below PATH.
pub(super) fn commit(path: &Path, revision: &str, exclude: &[String]) -> Result<Tree, OpenError> {
    let exclude = Exclude::new(exclude)?;
    let (place, repository) = open_to_walk(path)?;
    let id = revision_in(&repository, revision).ok_or_else(|| OpenError::Revision(revision.to_owned()))?;
    let objects = objects_of(path, &repository)?;
    let entries = entries_of_commit(path, &place, &objects, id)?;
    Ok(assemble(&place, &objects, entries, &exclude, &|_, _| None))
}

/// The files as they are staged, below PATH.
pub(super) fn index(path: &Path, exclude: &[String]) -> Result<Tree, OpenError> {
    let exclude = Exclude::new(exclude)?;
    let (place, repository) = open(path)?;
    let index = index_of(path, &repository, None)?;
    let objects = objects_of(path, &repository)?;
    Ok(assemble(&place, &objects, entries_of_index(&place, &index), &exclude, &|_, _| None))
}

/// The repository around PATH.
pub(super) fn open(path: &Path) -> Result<(Place, Repository), OpenError> {
    let place = repository::locate(path).ok_or_else(|| OpenError::NoRepository(path.to_path_buf()))?;
    let repository = repository::open(&place).map_err(|reason| broken(path, &reason))?;
    Ok((place, repository))
}

/// The same, for those who let libgit2 follow its objects: to find a revision, or where branches left each other.
pub(super) fn open_to_walk(path: &Path) -> Result<(Place, Repository), OpenError> {
    let (place, repository) = open(path)?;
    repository::walkable(&repository).map_err(|reason| broken(path, &reason))?;
    Ok((place, repository))
}

/// The objects of the repository around PATH.
pub(super) fn objects_of<'r>(path: &Path, repository: &'r Repository) -> Result<Objects<'r>, OpenError> {
    Objects::of(repository).map_err(|_| broken(path, "its objects are damaged"))
}

/// The commit that a revision names.
pub(super) fn revision_in(repository: &Repository, revision: &str) -> Option<Oid> {
    let object = repository.revparse_single(revision).ok()?;
    object.peel_to_commit().ok().map(|commit| commit.id())
}

/// The index of the repository, or another `file` that stands where an index is.
pub(super) fn index_of(
    path: &Path,
    repository: &Repository,
    file: Option<&Path>,
) -> Result<Index, OpenError> {
    let index = match file {
        Some(file) => repository::index_file(file),
        None => repository::index(repository.path()),
    };
    index.ok_or_else(|| broken(path, "its index is damaged, or in a format that is not supported"))
}

/// What is in a commit below PATH.
pub(super) fn entries_of_commit(
    path: &Path,
    place: &Place,
    objects: &Objects<'_>,
    commit: Oid,
) -> Result<Vec<Entry>, OpenError> {
    let tree =
        objects.read(commit).and_then(|object| git::objects::commit(object.data()).map(|commit| commit.tree));
    let tree = tree.ok_or_else(|| broken(path, "its objects are damaged"))?;
    let mut entries = Vec::new();
    if let Some(root) = commits::folder_in(objects, tree, &place.prefix) {
        let complete = status::flatten(objects, root, &mut |path, mode, id| {
            entries.push((path, mode, id));
            entries.len() < status::FILES_CAP
        });
        if !complete {
            return Err(broken(path, "folders of that commit are missing or damaged"));
        }
    }
    Ok(entries)
}

/// What is staged below PATH: nothing of a file that is only intended to be added.
pub(super) fn entries_of_index(place: &Place, index: &Index) -> Vec<Entry> {
    let staged = index.iter().filter(|entry| entry.flags_extended & status::INTENT_TO_ADD == 0);
    staged
        // Of a file in conflict, the index has up to three versions: ours is the second, and enough.
        .filter(|entry| matches!((entry.flags >> 12) & 3, 0 | 2))
        .filter_map(|entry| Some((paths::below(&entry.path, &place.prefix)?.to_vec(), entry.mode, entry.id)))
        .collect()
}

fn broken(path: &Path, reason: &str) -> OpenError {
    OpenError::Repository(path.to_path_buf(), reason.to_owned())
}

/// The tree of these entries. A file that stands `elsewhere` as well is read there.
pub(super) fn assemble(
    place: &Place,
    objects: &Objects<'_>,
    entries: Vec<Entry>,
    exclude: &Exclude,
    elsewhere: &Elsewhere<'_>,
) -> Tree {
    let (mut files, mut skipped) = (Vec::new(), Vec::new());
    for (bytes, mode, id) in entries {
        let path = paths::shown(&bytes);
        if let Some(part) = exclude.part(&path) {
            skipped.push(Skip { path: part.to_owned(), reason: SkipReason::Excluded });
        } else if mode & KIND == SUBMODULE {
            skipped.push(Skip { path, reason: SkipReason::Submodule });
        } else if mode & KIND == LINK {
            skipped.push(Skip { path, reason: SkipReason::Link });
        } else if let Some(file) = elsewhere(&bytes, id) {
            files.push(file);
        } else {
            // The sizes are in the headers of the objects.
            match objects.size(id).and_then(|size| u64::try_from(size).ok()) {
                Some(size) => files.push(File {
                    role: role::of(&path),
                    path,
                    size,
                    tracked: true,
                    place: Where::Blob(id),
                }),
                None => skipped.push(Skip { path, reason: SkipReason::Unreadable }),
            }
        }
    }
    let blobs = Blobs { place: place.clone(), chains: objects.chains(), idle: Mutex::new(Vec::new()) };
    Tree::new(files, skipped, Some(blobs))
}
