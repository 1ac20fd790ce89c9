//! The git repository around PATH, as plain data.

pub mod checkout;
pub(super) mod commits;
pub(super) mod date;
mod folders;
mod history;
mod identities;
pub(super) mod objects;
pub(super) mod reading;
mod refs;
mod remotes;
pub(super) mod repository;
pub(super) mod status;

use super::Exclude;
use super::past::PastOf;
use reading::Objects;
use repository::Place;

/// How much of the history is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryState {
    /// All of it.
    Full,
    /// Cut off at some commits (`git clone --depth`).
    Shallow,
    /// Objects are missing on purpose (`git clone --filter`).
    Partial,
    /// No commit that touches PATH.
    Empty,
    /// There, but not readable, or `--history none`.
    Unread,
}

/// Where HEAD stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The commit's full id.
    pub commit: String,
    /// The branch, `""` when detached.
    pub branch: String,
    /// The commit's author date, `YYYY-MM-DD` by the author's clock, as `git log --date=short` shows it.
    pub date: String,
}

/// One author identity: a name and an e-mail address, as git has them. Not for output.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Author {
    /// The name of the newest commit with this address.
    pub name: String,
    /// In lower case.
    pub email: String,
    /// Every name this address was used with, sorted.
    pub names: Vec<String>,
}

/// One commit that touches PATH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Full id.
    pub id: String,
    /// Index into [`Git::authors`].
    pub author: usize,
    /// Indexes into [`Git::authors`] of `Co-authored-by:` trailers.
    pub co_authors: Vec<usize>,
    /// Author date, seconds since 1970.
    pub time: i64,
    /// Author date, `YYYY-MM-DD` by the author's clock, as `git log --date=short` shows it.
    pub date: String,
    /// First line of the message. Repository text: only as an `Excerpt` into output.
    pub subject: String,
    /// Number of parents.
    pub parents: u32,
    /// Files below PATH that it adds against its parent. 0 for merges, for commits whose parent is not there
    /// (shallow clones), and for those that [`Git::folders_commits`] leaves out.
    pub added: u32,
    /// Files below PATH that it changes or removes against its parent; 0 likewise.
    pub changed: u32,
}

/// How often an author's commits touched the files below a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Index into [`Git::authors`].
    pub author: usize,
    /// Number of file changes (one file in one commit is one).
    pub files: u32,
}

/// Who changed what is below a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Relative to PATH, `""` for PATH itself. At most two levels deep.
    pub path: String,
    /// Sorted by author index.
    pub changes: Vec<Change>,
}

/// A remote, without its credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// `origin`, …
    pub name: String,
    /// `github.com`, …; `""` for a path on disk.
    pub host: String,
    /// The account or group that owns it; `""` when the URL has none.
    pub owner: String,
    /// The repository's name without `.git`; `""` when the URL has none.
    pub repository: String,
    /// `https`, `ssh`, `git`, `http` or `file`.
    pub protocol: String,
}

/// The repository around PATH, narrowed to PATH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Git {
    /// `None` without a commit.
    pub head: Option<Head>,
    /// PATH relative to the top of the work tree, `""` at the top.
    pub prefix: String,
    /// How much of the history is there.
    pub history: HistoryState,
    /// Commits that touch PATH, newest first (by commit time, then id).
    pub commits: Vec<Commit>,
    /// Identities of authors and co-authors, sorted by e-mail address, one for each.
    pub authors: Vec<Author>,
    /// Who changed what in folders that HEAD still has, sorted by path.
    pub folders: Vec<Folder>,
    /// Of how many commits, from the newest, files were compared for [`Git::folders`], [`Commit::added`] and
    /// [`Commit::changed`]: all, unless there are very many; 0 when that could not be read.
    pub folders_commits: u32,
    /// Sorted by name.
    pub remotes: Vec<Remote>,
    /// Local branches, sorted.
    pub branches: Vec<String>,
    /// Tags, sorted.
    pub tags: Vec<String>,
    /// Tracked files below PATH that differ from HEAD, staged or not, sorted.
    pub dirty: Vec<String>,
    /// Files below PATH that are neither tracked nor ignored, sorted.
    pub untracked: Vec<String>,
    /// Number of stashes.
    pub stashes: u32,
    /// Paths of submodules below PATH, sorted.
    pub submodules: Vec<String>,
    /// Number of linked worktrees.
    pub worktrees: u32,
    /// Where every blob of the past comes from, for [`crate::source::sweep`].
    pub past: PastOf,
}

/// Reads the repository at `place`: what it says, and what could not be read of it, in sentences.
///
/// What `exclude` names is no part of the past. [`Git::untracked`] stays empty: the walk over the files knows it.
pub(super) fn open(place: &Place, history: bool, exclude: Option<&Exclude>) -> (Git, Vec<String>) {
    let mut git = nothing(place);
    let mut notes = Vec::new();
    match repository::open(place) {
        Ok(repository) => history::fill(&mut git, &mut notes, &repository, place, history.then_some(exclude)),
        Err(reason) => notes.push(format!(
            "The git repository can't be read, because {reason}: its history, authors, remotes and uncommitted \
             work are unknown."
        )),
    }
    (git, notes)
}

/// HEAD, branches, tags and remotes: neither the history nor uncommitted work.
pub(super) fn brief(
    place: &Place,
    repository: &git2::Repository,
    objects: &Objects<'_>,
) -> (Git, Vec<String>) {
    let (mut git, mut notes) = (nothing(place), Vec::new());
    if matches!(refs::head(&mut git, repository, Some(objects)), refs::HeadState::Broken) {
        notes.push("HEAD points to a commit that can't be read.".to_owned());
    }
    refs::fill(&mut git, &mut notes, repository);
    (git, notes)
}

/// A repository of which nothing is read.
fn nothing(place: &Place) -> Git {
    Git {
        head: None,
        prefix: super::paths::shown(&place.prefix),
        history: HistoryState::Unread,
        commits: Vec::new(),
        authors: Vec::new(),
        folders: Vec::new(),
        folders_commits: 0,
        remotes: Vec::new(),
        branches: Vec::new(),
        tags: Vec::new(),
        dirty: Vec::new(),
        untracked: Vec::new(),
        stashes: 0,
        submodules: Vec::new(),
        worktrees: 0,
        past: PastOf::default(),
    }
}
