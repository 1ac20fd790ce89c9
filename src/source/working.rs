//! The working folder: the files of the index and the files on disk that no ignore rule names.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::disk::RealFolders;
use super::exclude::Exclude;
use super::git::objects::{KIND, LINK, SUBMODULE};
use super::git::repository::{self, Place};
use super::ignored::{self, Rules};
use super::tree::{File, Skip, SkipReason, Tree, Where};
use super::{OpenError, paths, role};

/// Lists PATH. `place` is the repository around it, if there is one.
pub(super) fn tree(path: &Path, place: Option<&Place>, exclude: &[String]) -> Result<Tree, OpenError> {
    let exclude = Exclude::new(exclude)?;
    check(path)?;
    let index = place.map(Tracked::read).unwrap_or_default();
    let rules = place.and_then(|place| {
        // As `locate` found it: without symbolic links, so that it lies below the top.
        let path = fs::canonicalize(path).ok()?;
        ignored::above(&place.top, &path)
    });
    let mut found = walk(path, place, rules, &index, &exclude);
    let seen: HashSet<&[u8]> = found.iter().map(|(bytes, _)| bytes.as_slice()).collect();
    let rest: Vec<Vec<u8>> =
        index.kinds.keys().filter(|bytes| !seen.contains(bytes.as_slice())).cloned().collect();
    found.extend(remaining(path, rest, &index));
    Ok(assemble(path, found, &index, &exclude))
}

/// Whether PATH is a folder that can be listed.
pub(super) fn check(path: &Path) -> Result<(), OpenError> {
    let about = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => OpenError::Missing(path.to_path_buf()),
        _ => OpenError::Unreadable(path.to_path_buf(), error),
    })?;
    if !about.is_dir() {
        return Err(OpenError::NotAFolder(path.to_path_buf()));
    }
    fs::read_dir(path).map(|_| ()).map_err(|error| OpenError::Unreadable(path.to_path_buf(), error))
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File { size: u64 },
    Skip(SkipReason),
}

type Found = (Vec<u8>, Kind);

/// The index below PATH.
#[derive(Debug, Default)]
struct Tracked {
    /// Mode by path.
    kinds: BTreeMap<Vec<u8>, u32>,
}

impl Tracked {
    fn read(place: &Place) -> Tracked {
        let mut kinds = BTreeMap::new();
        // Damage is told by `git::open`, which reads the same repository; the index alone may still be whole.
        let index = match repository::open(place) {
            Ok(repository) => repository::index(repository.path()),
            Err(_) => repository::index(&place.top.join(".git")),
        };
        for entry in index.iter().flat_map(git2::Index::iter) {
            if let Some(below) = paths::below(&entry.path, &place.prefix).filter(|path| paths::is_plain(path))
            {
                kinds.insert(below.to_vec(), entry.mode);
            }
        }
        Tracked { kinds }
    }

    fn has(&self, path: &[u8]) -> bool {
        self.kinds.get(path).is_some_and(|mode| mode & KIND != SUBMODULE)
    }

    fn is_submodule(&self, path: &[u8]) -> bool {
        self.kinds.get(path).is_some_and(|mode| mode & KIND == SUBMODULE)
    }

    /// Whether a tracked file lies below this folder.
    fn has_below(&self, folder: &[u8]) -> bool {
        let start = paths::join(folder, b"");
        self.kinds.range(start.clone()..).next().is_some_and(|(path, _)| path.starts_with(&start))
    }
}

/// A folder to list: its path below PATH, and the rules that hold above it.
struct Folder {
    path: Vec<u8>,
    place: PathBuf,
    rules: Option<Arc<Rules>>,
}

/// Walks the disk, level by level, every folder of a level in parallel.
fn walk(
    path: &Path,
    place: Option<&Place>,
    rules: Option<Arc<Rules>>,
    index: &Tracked,
    exclude: &Exclude,
) -> Vec<Found> {
    // Ignore rules are rooted at real folders; PATH itself may be reached through a link.
    let real = place.and_then(|place| paths::native(&place.prefix).map(|prefix| place.top.join(prefix)));
    let mut level =
        vec![Folder { path: Vec::new(), place: real.unwrap_or_else(|| path.to_path_buf()), rules }];
    let mut found = Vec::new();
    while !level.is_empty() {
        let listed: Vec<(Vec<Found>, Vec<Folder>)> =
            level.par_iter().map(|folder| list(folder, index, exclude)).collect();
        level = Vec::new();
        for (entries, folders) in listed {
            found.extend(entries);
            level.extend(folders);
        }
    }
    found
}

fn list(folder: &Folder, index: &Tracked, exclude: &Exclude) -> (Vec<Found>, Vec<Folder>) {
    let (mut found, mut folders) = (Vec::new(), Vec::new());
    let Ok(entries) = fs::read_dir(&folder.place) else {
        return (vec![(folder.path.clone(), Kind::Skip(SkipReason::Unreadable))], folders);
    };
    let entries: Vec<io::Result<fs::DirEntry>> = entries.collect();
    let names: Vec<OsString> = entries.iter().flatten().map(fs::DirEntry::file_name).collect();
    let is_listed = |file: &str| names.iter().any(|name| name.eq_ignore_ascii_case(file));
    // A folder that says of itself what it is. Its own list tells whether there is anything to ask the disk about.
    let has = |file: &str| is_listed(file) && folder.place.join(file).exists();
    let path = paths::shown(&folder.path);
    let name = path.rsplit('/').next().unwrap_or_default();
    if let Some(reason) = role::holding(name, has).filter(|_| !folder.path.is_empty()) {
        // What is tracked in it comes from the index.
        if !index.has_below(&folder.path) {
            found.push((folder.path.clone(), Kind::Skip(reason)));
        }
        return (found, folders);
    }
    let above = folder.rules.clone();
    let rules = if is_listed(".gitignore") { ignored::in_folder(above, &folder.place) } else { above };
    for entry in entries {
        let Ok(entry) = entry else {
            found.push((folder.path.clone(), Kind::Skip(SkipReason::Unreadable)));
            break;
        };
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        // Also a `.git` that is a file, or belongs to a nested repository.
        if name.eq_ignore_ascii_case(b".git") {
            continue;
        }
        let path = paths::join(&folder.path, name);
        let place = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_folder {
            if index.has(&path) || !ignored::is_ignored(rules.as_ref(), &place, false) {
                let kind = entry.metadata().map_or(Kind::Skip(SkipReason::Unreadable), |about| kind(&about));
                found.push((path, kind));
            }
        } else if index.is_submodule(&path) {
            found.push((path, Kind::Skip(SkipReason::Submodule)));
        } else if exclude.is_folder(&paths::shown(&path)) {
            found.push((path, Kind::Skip(SkipReason::Excluded)));
        } else if ignored::is_ignored(rules.as_ref(), &place, true) {
            // Nothing below can be re-included; what is tracked below is in the index.
        } else if let Some(reason) = role::folder(&String::from_utf8_lossy(name), &place) {
            // What is tracked in it comes from the index.
            if !index.has_below(&path) {
                found.push((path, Kind::Skip(reason)));
            }
        } else {
            folders.push(Folder { path, place, rules: rules.clone() });
        }
    }
    (found, folders)
}

fn kind(about: &Metadata) -> Kind {
    if about.is_symlink() {
        Kind::Skip(SkipReason::Link)
    } else if about.is_file() {
        Kind::File { size: about.len() }
    } else {
        Kind::Skip(SkipReason::NotAFile)
    }
}

/// Files of the index that the walk did not come by: in ignored folders, or deleted.
fn remaining(path: &Path, rest: Vec<Vec<u8>>, index: &Tracked) -> Vec<Found> {
    let mut real = RealFolders::below(path);
    rest.into_iter()
        .filter(|file| real.hold(file))
        .collect::<Vec<_>>()
        .into_par_iter()
        .filter_map(|file| {
            let about = match fs::symlink_metadata(path.join(paths::native(&file)?)) {
                Ok(about) => about,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
                Err(_) => return Some((file, Kind::Skip(SkipReason::Unreadable))),
            };
            match (about.is_dir(), index.is_submodule(&file)) {
                (true, true) => Some((file, Kind::Skip(SkipReason::Submodule))),
                // A file that became a folder: the walk has what is in it.
                (true, false) => None,
                (false, _) => Some((file, kind(&about))),
            }
        })
        .collect()
}

fn assemble(path: &Path, found: Vec<Found>, index: &Tracked, exclude: &Exclude) -> Tree {
    let (mut files, mut skipped) = (Vec::new(), Vec::new());
    for (bytes, kind) in found {
        let shown = paths::shown(&bytes);
        if let Some(part) = exclude.part(&shown) {
            skipped.push(Skip { path: part.to_owned(), reason: SkipReason::Excluded });
            continue;
        }
        match kind {
            Kind::Skip(reason) => skipped.push(Skip { path: shown, reason }),
            Kind::File { size } => {
                let is_link = index.kinds.get(&bytes).is_some_and(|mode| mode & KIND == LINK);
                let Some(native) = paths::native(&bytes).filter(|_| !is_link) else {
                    // Checked out where links are not supported: its content is the target's name.
                    let reason = if is_link { SkipReason::Link } else { SkipReason::Unreadable };
                    skipped.push(Skip { path: shown, reason });
                    continue;
                };
                files.push(File {
                    role: role::of(&shown),
                    path: shown,
                    size,
                    tracked: index.has(&bytes),
                    place: Where::Disk(path.join(native)),
                });
            }
        }
    }
    Tree::new(files, skipped, None)
}
