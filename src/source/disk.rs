//! Reads a file from disk: never through a link, never anything but a regular file, never more than its cap.

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::Read as _;
use std::path::Path;

use super::paths;
use super::tree::SkipReason;

/// Tells which folders of a repository are folders on disk: below one that became a symbolic link, a path would lead
/// out of it.
pub(super) struct RealFolders<'a> {
    root: &'a Path,
    known: HashMap<Vec<u8>, bool>,
}

impl<'a> RealFolders<'a> {
    pub(super) fn below(root: &'a Path) -> Self {
        Self { root, known: HashMap::new() }
    }

    /// Whether every folder above this file is real. `file` is relative to the root.
    pub(super) fn hold(&mut self, file: &[u8]) -> bool {
        let ends = file.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(end, _)| end);
        ends.filter_map(|end| file.get(..end)).all(|folder| match self.known.get(folder) {
            Some(known) => *known,
            None => {
                let is_real = paths::native(folder)
                    .and_then(|folder| fs::symlink_metadata(self.root.join(folder)).ok())
                    .is_some_and(|about| about.is_dir());
                self.known.insert(folder.to_vec(), is_real);
                is_real
            }
        })
    }
}

/// The bytes of the file at `path`.
pub(super) fn read(path: &Path, cap: u64) -> Result<Vec<u8>, SkipReason> {
    // Looked at again before it is opened: opening a FIFO would wait for ever.
    let before = fs::symlink_metadata(path).map_err(|_| SkipReason::Unreadable)?;
    if before.is_symlink() {
        return Err(SkipReason::Link);
    }
    if !before.is_file() {
        return Err(SkipReason::NotAFile);
    }
    if before.len() > cap {
        return Err(SkipReason::TooLarge);
    }
    let file = File::open(path).map_err(|_| SkipReason::Unreadable)?;
    let after = file.metadata().map_err(|_| SkipReason::Unreadable)?;
    if !is_same(&before, &after) {
        return Err(SkipReason::Link);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(after.len().min(cap)).unwrap_or(0));
    file.take(cap + 1).read_to_end(&mut bytes).map_err(|_| SkipReason::Unreadable)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > cap) {
        return Err(SkipReason::TooLarge);
    }
    Ok(bytes)
}

/// Whether nobody put something else (a link to another file) in its place between looking and opening.
#[cfg(unix)]
fn is_same(before: &Metadata, after: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    after.is_file() && before.dev() == after.dev() && before.ino() == after.ino()
}

/// Whether what was opened is a regular file.
#[cfg(not(unix))]
fn is_same(_: &Metadata, after: &Metadata) -> bool {
    after.is_file()
}
