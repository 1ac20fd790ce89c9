//! Reads a file from disk: never through a link, never anything but a regular file, never more than its cap.

use std::collections::HashMap;
use std::fs::{self, File};
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
    let file = open(path)?;
    let about = file.metadata().map_err(|_| SkipReason::Unreadable)?;
    if !about.is_file() {
        return Err(SkipReason::NotAFile);
    }
    if about.len() > cap {
        return Err(SkipReason::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0));
    file.take(cap + 1).read_to_end(&mut bytes).map_err(|_| SkipReason::Unreadable)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > cap) {
        return Err(SkipReason::TooLarge);
    }
    Ok(bytes)
}

/// Opens what is at `path` itself, and waits for nobody: a link is not followed, and a FIFO has no other end.
#[cfg(unix)]
fn open(path: &Path) -> Result<File, SkipReason> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let opened = File::options().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path);
    opened.map_err(|error| match error.raw_os_error() {
        Some(libc::ELOOP | libc::EMLINK) => SkipReason::Link,
        // A socket.
        Some(libc::ENXIO) => SkipReason::NotAFile,
        _ => SkipReason::Unreadable,
    })
}

/// Opens what is at `path`, unless it is a link.
#[cfg(not(unix))]
fn open(path: &Path) -> Result<File, SkipReason> {
    let before = std::fs::symlink_metadata(path).map_err(|_| SkipReason::Unreadable)?;
    if before.is_symlink() {
        return Err(SkipReason::Link);
    }
    File::open(path).map_err(|_| SkipReason::Unreadable)
}
