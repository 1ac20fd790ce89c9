//! What is there: the files of a folder, a commit or the index, and the git repository around them.
//!
//! This layer never interprets content. It opens PATH, lists its files in one stable order, reads
//! them safely, and reports everything that it skipped.

mod at_commit;
mod diff;
mod disk;
mod exclude;
mod git;
mod ignored;
mod past;
mod paths;
mod renames;
mod role;
#[allow(dead_code, reason = "the reader of the past is being built on it")]
mod store;
mod text;
mod tree;
mod working;

pub use diff::{Diff, since, staged};
pub use exclude::Exclude;
pub use git::checkout::{Checkout, checkout};
pub use git::{Author, Change, Commit, Folder, Git, Head, HistoryState, Remote};
pub use past::{Blob, Look, PastCommit, PastOf, Reached, Swept, sweep};
pub use renames::{Renames, added_lines};
pub use role::is_lockfile;
pub use tree::{File, Role, Skip, SkipReason, Text, Tree};

use std::path::{Path, PathBuf};

/// What to open and how.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Glob patterns relative to PATH that are left out (`[paths] exclude` in `vibecheck.toml`).
    pub exclude: Vec<String>,
    /// Whether to read the git history (`--history none` turns it off).
    pub history: bool,
}

/// An opened PATH: its files, and its git repository if it has one.
#[derive(Debug)]
pub struct Source {
    /// The files of PATH.
    pub tree: Tree,
    /// The repository around PATH, narrowed to PATH. `None` when PATH is in no repository.
    pub git: Option<Git>,
    /// What could not be read of the repository, in sentences for the coverage page.
    pub notes: Vec<String>,
    /// The full id of the commit whose files these are; `""` for a working folder or the index.
    pub at: String,
}

/// Why PATH could not be opened at all. Everything less than that is coverage.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// PATH does not exist.
    #[error("there is no file or folder at {0}")]
    Missing(PathBuf),
    /// PATH is a file.
    #[error("{0} is a file; vibecheck audits a folder")]
    NotAFolder(PathBuf),
    /// PATH exists but its entries can't be listed.
    #[error("cannot read {0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// An exclude pattern does not parse.
    #[error("the exclude pattern {0:?} does not parse: {1}")]
    Pattern(String, String),
    /// A commit or the index was asked for, and PATH is in no repository.
    #[error("{0} is in no git repository")]
    NoRepository(PathBuf),
    /// A commit or the index was asked for, and the repository can't be read.
    #[error("cannot read the git repository of {0}: {1}")]
    Repository(PathBuf, String),
    /// No commit has this name.
    #[error("the repository has no commit {0:?}; `git fetch` brings branches and tags that are not here yet")]
    Revision(String),
    /// The revision to compare with is empty.
    #[error(
        "no revision is given to compare with; name a branch, a tag or a commit, for example origin/main"
    )]
    NoRevision,
    /// The revision, or where the branch left it, was cut off.
    #[error(
        "the clone is shallow and lacks {0:?}, or the commit at which the branch left it; fetch the history with \
         `git fetch --unshallow` (GitHub Actions: `fetch-depth: 0` of actions/checkout; GitLab CI: `GIT_DEPTH: 0`)"
    )]
    Shallow(String),
    /// A commit to compare with is there, and some of its files are not.
    #[error(
        "files of commit {0} are missing from the repository, so nothing can be compared with it; in a clone made \
         with --filter, `git archive {0} > /dev/null` fetches them"
    )]
    Objects(String),
}

/// Opens the working folder PATH.
///
/// # Errors
/// Only when nothing at all can be read; see [`OpenError`].
pub fn open(path: &Path, options: &Options) -> Result<Source, OpenError> {
    let place = git::repository::locate(path);
    // That a pattern is wrong, the tree says.
    let exclude = Exclude::new(&options.exclude).ok();
    let (tree, git) = rayon::join(
        || working::tree(path, place.as_ref(), &options.exclude),
        || place.as_ref().map(|place| git::open(place, options.history, exclude.as_ref())),
    );
    let tree = tree?;
    let (mut git, notes) = match git {
        Some((git, notes)) => (Some(git), notes),
        None => (None, Vec::new()),
    };
    if let Some(git) = &mut git {
        git.untracked =
            tree.files().iter().filter(|file| !file.tracked).map(|file| file.path.clone()).collect();
    }
    Ok(Source { tree, git, notes, at: String::new() })
}

/// What the file at `path`, relative to PATH, is there for: told from its path alone.
pub fn role(path: &str) -> Role {
    role::of(path)
}
