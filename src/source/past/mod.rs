//! Everything that the repository holds beside the files of today: every blob of every commit, stash and reflog, what no
//! branch reaches any more, and the messages of commits and tags. Where a blob comes from is known before it is read.

mod attribution;
mod order;
pub(super) mod structure;
pub(super) mod tips;
pub(super) mod walk;

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::Source;
pub(super) use attribution::Attribution;
pub use attribution::PastOf;
use walk::Place;

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
    /// How blobs that have this path ([`Blob::path`]) would be looked at, or `None` to skip them. Asked for paths, not for
    /// each blob, and before any is read.
    fn class(&self, path: &str) -> Option<u32>;

    /// Looks at the content of a blob in the way that `class` said, and says whether there is anything in it. With
    /// `windows`, only they differ from another blob of the same class in which there was nothing: whatever `look` makes of
    /// the path must be part of the class.
    fn look(&self, blob: &Blob<'_>, class: u32, content: &[u8], windows: Option<&[Range<usize>]>) -> bool;

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
    /// Of those, the ones that [`Look::class`] left out.
    pub skipped: u64,
    /// Blobs and commits that the clone lacks (shallow, partial, damaged).
    pub missing: u64,
    /// Blobs that were too large to look at.
    pub too_large: u64,
    /// What could not be read, in sentences for the coverage page.
    pub notes: Vec<String>,
}

/// Larger blobs are not looked at.
const LARGEST: usize = 8 << 20;
/// Dumps of databases are what is largest of all that people commit by mistake.
const LARGEST_SQL: u64 = 32 << 20;

/// Shows everything of the past of `source` to `look`. Nothing without a repository or with its history unread.
pub fn sweep(source: &Source, look: &dyn Look) -> Swept {
    let Some(past) = source.git.as_ref().and_then(|git| git.past.get()) else { return Swept::default() };
    past.messages(&|commit, text| look.message(commit, text));
    let places = past.firsts.places();
    let class_of = |path: &Place| look.class(&past.firsts.path_of(&past.names, path));
    let classes: Vec<Option<u32>> = places.all.par_iter().map(class_of).collect();
    let class = |object: u32| classes.get(places.of(object)?).copied().flatten();
    let too_large = AtomicU64::new(0);
    let read = past.store.blobs(&class, LARGEST_SQL, &|object, content, windows| {
        let (Some(class), Some(origin)) = (class(object), past.firsts.origin(&past.names, object)) else {
            return false;
        };
        if content.len() > LARGEST && !origin.path.ends_with(".sql") {
            too_large.fetch_add(1, Ordering::Relaxed);
            // Nobody looked, so nobody knows that there is nothing in it.
            return true;
        }
        let blob = Blob {
            path: &origin.path,
            commit: origin.commit,
            in_head: origin.in_head,
            in_place: origin.in_place,
            reached: origin.reached,
        };
        look.look(&blob, class, content, windows)
    });
    let count = u32::try_from(past.store.len()).unwrap_or(u32::MAX);
    let wanted = (0..count).filter(|object| class(*object).is_some()).count();
    past.swept(wanted, &read, too_large.into_inner())
}
