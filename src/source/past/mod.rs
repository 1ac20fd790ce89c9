//! Everything that the repository holds beside the files of today: every blob of every commit, stash and reflog, what no
//! branch reaches any more, and the messages of commits and tags. Where a blob comes from is known before it is read.

mod attribution;
mod order;
pub(super) mod structure;
pub(super) mod tips;
pub(super) mod walk;

use std::ops::Range;

use rayon::prelude::*;

use super::Source;
pub(super) use attribution::Attribution;
pub use attribution::PastOf;

/// What keeps a blob or a commit in the repository. Ordered: the first that applies counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reached {
    /// A commit of a branch, a tag or HEAD.
    Branches,
    /// The index: staged and not committed.
    Index,
    /// A stash.
    Stash,
    /// Only the reflog of this clone.
    Reflog,
    /// Nothing: still in this clone until git collects it.
    Nothing,
}

/// A blob, before its content is known.
#[derive(Debug, Clone, Copy)]
pub struct Blob<'a> {
    /// Relative to PATH, as [`super::File::path`]: where its first commit has it. `""` for one that no tree names.
    pub path: &'a str,
    /// The first commit that has it, an index into [`Swept::commits`]. `None` for one of the index, one that a tag names
    /// itself, or one that no commit has.
    pub commit: Option<u32>,
    /// Whether HEAD has it (below PATH).
    pub in_head: bool,
    /// Whether HEAD has it at this path.
    pub in_place: bool,
    /// What keeps it.
    pub reached: Reached,
}

/// What looks at the past. Called from several threads; which blobs it is shown, and how, depends on nothing but the
/// repository and its own answers.
pub trait Look: Sync {
    /// How this blob would be looked at, or `None` to skip it. Asked once for each blob, before any is read.
    fn class(&self, blob: &Blob<'_>) -> Option<u8>;

    /// Looks at the content of a blob, and says whether there is anything in it. With `windows`, only they differ from
    /// another blob of the same class in which there was nothing.
    fn look(&self, blob: &Blob<'_>, content: &[u8], windows: Option<&[Range<usize>]>) -> bool;

    /// Looks at the message of a commit, or of a tag (`None`) .
    fn message(&self, commit: Option<u32>, text: &[u8]);
}

/// A commit of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastCommit {
    /// Full id.
    pub id: String,
    /// The author's name. Repository text: only as an `Excerpt` into output.
    pub author: String,
    /// Author date, `YYYY-MM-DD` by the author's clock.
    pub date: String,
    /// What keeps it.
    pub reached: Reached,
    /// Positions in [`Swept::commits`] of its parents.
    pub parents: Vec<u32>,
    /// Whether the clone ends here (`git clone --depth`): what it has may be older.
    pub cut: bool,
}

/// What came of looking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Swept {
    /// Every commit, parents before children; else by commit time, then by id.
    pub commits: Vec<PastCommit>,
    /// Blobs below PATH.
    pub blobs: u64,
    /// Of those, the ones that were looked at.
    pub looked: u64,
    /// Blobs and commits that the clone lacks (shallow, partial, damaged).
    pub missing: u64,
    /// Blobs that were too large to look at.
    pub too_large: u64,
    /// What could not be read, in sentences for the coverage page.
    pub notes: Vec<String>,
}

/// Larger blobs are not looked at: files of today have the same cap, but for lockfiles, which nobody looks into here.
const LARGEST: u64 = 2 << 20;

/// Shows everything of the past of `source` to `look`. Nothing without a repository or with its history unread.
pub fn sweep(source: &Source, look: &dyn Look) -> Swept {
    let Some(past) = source.git.as_ref().and_then(|git| git.past.get()) else { return Swept::default() };
    past.messages(&|commit, text| look.message(commit, text));
    let count = u32::try_from(past.store.len()).unwrap_or(u32::MAX);
    let show = |object: u32, to: &dyn Fn(&Blob<'_>) -> Option<u8>| {
        let origin = past.firsts.origin(&past.names, object)?;
        to(&Blob {
            path: &origin.path,
            commit: origin.commit,
            in_head: origin.in_head,
            in_place: origin.in_place,
            reached: origin.reached,
        })
    };
    let classes: Vec<Option<u8>> =
        (0..count).into_par_iter().map(|object| show(object, &|blob| look.class(blob))).collect();
    let class = |object: u32| classes.get(object as usize).copied().flatten();
    let read = past.store.blobs(&class, LARGEST, &|object, content, windows| {
        show(object, &|blob| Some(u8::from(look.look(blob, content, windows)))) == Some(1)
    });
    past.swept(&classes, &read)
}
