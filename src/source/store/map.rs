//! Files as memory.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;

use memmap2::Mmap;

/// The bytes of a file that doesn't change while we look.
///
/// Packs and their indexes are written under another name, renamed when they are complete, and never written again; git
/// maps them too. Somebody who truncates one while it is mapped ends this process by a signal (SIGBUS), as they would
/// end git; what was too short before is noticed, since lengths are taken when the file is mapped.
pub(super) struct Map(Option<Mmap>);

impl Map {
    /// Maps a regular file. An empty one has no bytes, and nothing is mapped.
    pub(super) fn open(path: &Path) -> io::Result<Map> {
        // Opening a FIFO would block.
        let about = fs::metadata(path)?;
        if !about.is_file() {
            return Err(io::Error::from(ErrorKind::InvalidInput));
        }
        if about.len() == 0 {
            return Ok(Map(None));
        }
        let file = File::open(path)?;
        // SAFETY: the map is private and only read. Nothing in this process writes into a repository, and git never
        // changes these files once they have their names (see above).
        #[expect(unsafe_code, reason = "a memory map can change under us if the file does")]
        let map = unsafe { Mmap::map(&file) }?;
        Ok(Map(Some(map)))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_deref().unwrap_or_default()
    }
}
