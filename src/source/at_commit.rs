//! The files of a commit or of the index, read from git's objects.

use std::fmt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use git2::{ObjectType, Oid, Repository};

use super::exclude::Exclude;
use super::git::objects::{KIND, LINK, SUBMODULE};
use super::git::repository::{self, Place};
use super::git::{commits, status};
use super::tree::{File, Skip, SkipReason, Tree, Where};
use super::{OpenError, paths, role};

/// Reads blobs from any thread: each reader borrows a repository of its own.
pub(super) struct Blobs {
    place: Place,
    idle: Mutex<Vec<Repository>>,
}

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
            None => repository::open(&self.place).map_err(|_| SkipReason::Unreadable)?,
        };
        let content = content(&repository, id, cap);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(repository);
        content
    }
}

fn content(repository: &Repository, id: Oid, cap: u64) -> Result<Vec<u8>, SkipReason> {
    let odb = repository.odb().map_err(|_| SkipReason::Unreadable)?;
    let (size, _) = odb.read_header(id).map_err(|_| SkipReason::Unreadable)?;
    if u64::try_from(size).is_ok_and(|size| size > cap) {
        return Err(SkipReason::TooLarge);
    }
    let object = odb.read(id).map_err(|_| SkipReason::Unreadable)?;
    if object.kind() != ObjectType::Blob {
        return Err(SkipReason::Unreadable);
    }
    Ok(object.data().to_vec())
}

/// The tree of the commit that `revision` names, below PATH.
pub(super) fn commit(path: &Path, revision: &str, exclude: &[String]) -> Result<Tree, OpenError> {
    let exclude = Exclude::new(exclude)?;
    let (place, repository) = open(path)?;
    let unknown = || OpenError::Revision(revision.to_owned());
    let commit = repository
        .revparse_single(revision)
        .and_then(|object| object.peel_to_commit())
        .map_err(|_| unknown())?;
    let damaged = |_| OpenError::Repository(path.to_path_buf(), "its objects are damaged".to_owned());
    let odb = repository.odb().map_err(damaged)?;
    let mut entries = Vec::new();
    if let Some(root) = commits::folder_in(&odb, commit.tree_id(), &place.prefix) {
        let complete = status::flatten(&odb, root, &mut |path, mode, id| {
            entries.push((path, mode, id));
            entries.len() < status::FILES_CAP
        });
        if !complete {
            let reason = "folders of that commit are missing or damaged".to_owned();
            return Err(OpenError::Repository(path.to_path_buf(), reason));
        }
    }
    Ok(assemble(place, entries, &exclude))
}

/// The files as they are staged, below PATH.
pub(super) fn index(path: &Path, exclude: &[String]) -> Result<Tree, OpenError> {
    let exclude = Exclude::new(exclude)?;
    let (place, repository) = open(path)?;
    let Some(index) = repository::index(repository.path()) else {
        return Err(OpenError::Repository(path.to_path_buf(), "its index is damaged".to_owned()));
    };
    let mut entries: Vec<(Vec<u8>, u32, Oid)> = Vec::new();
    for entry in index.iter() {
        // Of a file in conflict, the index has up to three versions: ours is the second, and enough.
        let stage = (entry.flags >> 12) & 3;
        if let Some(below) = paths::below(&entry.path, &place.prefix).filter(|_| stage == 0 || stage == 2) {
            entries.push((below.to_vec(), entry.mode, entry.id));
        }
    }
    Ok(assemble(place, entries, &exclude))
}

fn open(path: &Path) -> Result<(Place, Repository), OpenError> {
    let place = repository::locate(path).ok_or_else(|| OpenError::NoRepository(path.to_path_buf()))?;
    let repository =
        repository::open(&place).map_err(|reason| OpenError::Repository(path.to_path_buf(), reason))?;
    Ok((place, repository))
}

fn assemble(place: Place, entries: Vec<(Vec<u8>, u32, Oid)>, exclude: &Exclude) -> Tree {
    let (mut files, mut skipped) = (Vec::new(), Vec::new());
    // The sizes are in the headers of the objects; one repository reads them all.
    let repository = repository::open(&place).ok();
    let odb = repository.as_ref().and_then(|repository| repository.odb().ok());
    for (bytes, mode, id) in entries {
        let path = paths::shown(&bytes);
        if let Some(part) = exclude.part(&path) {
            skipped.push(Skip { path: part.to_owned(), reason: SkipReason::Excluded });
        } else if mode & KIND == SUBMODULE {
            skipped.push(Skip { path, reason: SkipReason::Submodule });
        } else if mode & KIND == LINK {
            skipped.push(Skip { path, reason: SkipReason::Link });
        } else {
            let size = odb.as_ref().and_then(|odb| odb.read_header(id).ok()).map(|(size, _)| size);
            match size.and_then(|size| u64::try_from(size).ok()) {
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
    let idle = Mutex::new(Vec::new());
    Tree::new(files, skipped, Some(Blobs { place, idle }))
}
