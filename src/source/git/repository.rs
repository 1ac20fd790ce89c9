//! Finding and opening the repository around PATH.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;

use git2::{ErrorClass, ErrorCode, Index, Repository, RepositoryOpenFlags};

use crate::source::{paths, store};

/// Where the repository around PATH is.
#[derive(Debug, Clone)]
pub(in crate::source) struct Place {
    /// The top of the work tree: the nearest folder, from PATH upward, with a `.git` in it.
    pub(in crate::source) top: PathBuf,
    /// PATH below `top`, with `/` between names.
    pub(in crate::source) prefix: Vec<u8>,
}

/// The nearest folder from `path` upward with a `.git`, be it readable or not.
pub(in crate::source) fn locate(path: &Path) -> Option<Place> {
    let path = fs::canonicalize(path).ok()?;
    let top = path.ancestors().find(|folder| fs::symlink_metadata(folder.join(".git")).is_ok())?;
    let prefix = paths::bytes(path.strip_prefix(top).ok()?);
    Some(Place { top: top.to_path_buf(), prefix })
}

/// Opens the repository; in the error is the reason, as the end of a sentence.
pub(in crate::source) fn open(place: &Place) -> Result<Repository, String> {
    configure();
    for folder in git_folders(&place.top) {
        if let Some(odd) = odd_file(&folder).or_else(|| odd_include(&folder)) {
            return Err(format!("its file {odd} is not a regular file"));
        }
    }
    reopen(place)
}

/// Whether libgit2 may walk through the objects by itself, where [`super::reading::Objects`] does not stand between.
pub(in crate::source) fn walkable(repository: &Repository) -> Result<(), String> {
    if store::has_circle(repository.commondir()) {
        return Err("objects in it are made of each other, in a circle".to_owned());
    }
    Ok(())
}

/// Opens a repository that [`open`] has looked at already: the scan for odd files takes longer than the opening.
pub(in crate::source) fn reopen(place: &Place) -> Result<Repository, String> {
    let none: [&str; 0] = [];
    Repository::open_ext(&place.top, RepositoryOpenFlags::NO_SEARCH, none).map_err(|error| reason(&error))
}

/// The folders in which the repository at `top` keeps its data. A linked worktree has `.git` as a file that names its
/// folder, in which `commondir` names the repository's; a submodule has the file alone.
fn git_folders(top: &Path) -> Vec<PathBuf> {
    let named = |file: &Path, start: &str| -> Option<PathBuf> {
        let about = fs::symlink_metadata(file).ok().filter(|about| about.is_file() && about.len() < 8_192)?;
        let text = fs::read_to_string(file).ok().filter(|_| about.len() > 0)?;
        Some(file.parent()?.join(text.strip_prefix(start)?.trim()))
    };
    let git = top.join(".git");
    let own = named(&git, "gitdir:").unwrap_or(git);
    let common = named(&own.join("commondir"), "");
    // Whatever else a `.git` file names is no repository, and libgit2 says so.
    let is_git = |folder: &PathBuf| fs::symlink_metadata(folder.join("HEAD")).is_ok();
    [Some(own), common].into_iter().flatten().filter(is_git).collect()
}

/// The index in a git folder: empty when there is none, `None` when it is damaged.
pub(in crate::source) fn index(git: &Path) -> Option<Index> {
    index_file(&git.join("index"))
}

/// The index in this file: empty when there is none, `None` when it is damaged.
pub(in crate::source) fn index_file(path: &Path) -> Option<Index> {
    if fs::symlink_metadata(path).is_ok_and(|about| !about.is_file()) {
        return None;
    }
    Index::open(path).ok()
}

/// What is wrong, without libgit2's own words: those hold absolute paths and text of the repository.
fn reason(error: &git2::Error) -> String {
    let what = match (error.class(), error.code()) {
        (_, ErrorCode::NotFound) => "it is incomplete",
        (ErrorClass::Config, _) => "its configuration is damaged",
        (ErrorClass::Index, _) => "its index is damaged",
        (ErrorClass::Reference, _) => "its branches are damaged",
        (ErrorClass::Odb | ErrorClass::Object | ErrorClass::Zlib, _) => "its objects are damaged",
        (ErrorClass::Repository, _) => "it is damaged, or in a format that is not supported",
        (ErrorClass::Os, _) => "the operating system refused",
        _ => "it is damaged",
    };
    what.to_owned()
}

/// Opening a FIFO blocks for ever, so none may stand where libgit2 would open a file.
/// Returns the name of the first FIFO or device below a git folder. (git itself puts a socket there.)
fn odd_file(git: &Path) -> Option<String> {
    let mut folders = vec![git.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let Ok(mut kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                folders.push(entry.path());
                continue;
            }
            if kind.is_symlink() {
                let Ok(target) = fs::metadata(entry.path()) else { continue };
                kind = target.file_type();
            }
            if !kind.is_file() && !kind.is_dir() && !is_socket(kind) {
                return Some(paths::shown(entry.file_name().as_encoded_bytes()));
            }
        }
    }
    None
}

/// A file that the configuration includes, and that is a FIFO or a device.
fn odd_include(git: &Path) -> Option<String> {
    let text = fs::read_to_string(git.join("config")).ok()?;
    text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        let about = fs::metadata(git.join(value.trim().trim_matches('"'))).ok()?;
        let odd = key.trim().eq_ignore_ascii_case("path") && !about.is_file() && !about.is_dir();
        odd.then(|| "included by its configuration".to_owned())
    })
}

#[cfg(unix)]
fn is_socket(kind: fs::FileType) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    kind.is_socket()
}

#[cfg(not(unix))]
fn is_socket(_: fs::FileType) -> bool {
    false
}

/// Settings of libgit2 that hold for the whole process.
fn configure() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: both calls set process-wide options of libgit2 and are not thread-safe; `Once` runs
        // them one time, before this process opens any repository (every opening goes through here).
        #[expect(unsafe_code, reason = "libgit2 has these two options only as unsafe functions")]
        unsafe {
            // In a container the checkout often belongs to another user; nothing of it is executed here.
            let _ = git2::opts::set_verify_owner_validation(false);
            // Without it, a repository made by `git clone --filter` is refused.
            let _ = git2::opts::set_extensions(&["partialclone"]);
        }
        // zlib's checksum and the object's length are still checked; hashing every object again would
        // take longer than reading it.
        git2::opts::strict_hash_verification(false);
        // Each object is read once, and what is needed twice is kept where it is needed.
        git2::opts::enable_caching(false);
    });
}
