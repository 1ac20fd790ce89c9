//! Two trees of one repository: what a change made, and what was there before.
//!
//! Both sides share one reading of the repository: what the history says is the same before and after, so that only
//! the files can make a difference. Files that are the same on both sides are read at the same place, so that whoever
//! compares [`File`]s knows it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use git2::{Index, Oid, Repository};

use super::at_commit::{self, assemble, entries_of_commit, entries_of_index, index_of, objects_of};
use super::exclude::Exclude;
use super::git::reading::Objects;
use super::git::repository::Place;
use super::git::status::{self, OnDisk};
use super::tree::{File, SkipReason, Tree, Where};
use super::{OpenError, Options, Source, git, paths, role};

/// A change: the files as they are now, and as they were.
#[derive(Debug)]
pub struct Diff {
    /// With the change.
    pub now: Source,
    /// Without it. One tree; none before the first commit; several while a merge is staged, the current branch's first:
    /// what any of them holds was there before.
    pub before: Vec<Source>,
    /// The commit that is compared with, its full id; `""` before the first commit.
    pub commit: String,
    /// Whether that is where the branch left the given revision, not the revision itself.
    pub forked: bool,
}

impl Diff {
    /// How many files were added, changed or removed against the first of the trees before, or against nothing.
    pub fn files(&self) -> usize {
        let now = self.now.tree.files();
        let Some(before) = self.before.first().map(|source| &source.tree) else { return now.len() };
        let same = now.iter().filter(|file| before.get(&file.path) == Some(file)).count();
        let both = now.iter().filter(|file| before.get(&file.path).is_some()).count();
        now.len() - same + before.files().len() - both
    }
}

/// The working folder PATH against the commit at which the current branch left `revision`. `A..` names the commit `A`
/// itself.
///
/// # Errors
/// Like [`super::open`], and without a repository, such a commit or its objects.
pub fn since(path: &Path, revision: &str, options: &Options) -> Result<Diff, OpenError> {
    let compared = || -> Result<_, OpenError> {
        let (place, repository) = at_commit::open_to_walk(path)?;
        let (commit, forked) = base(&repository, revision)?;
        let index = index_of(path, &repository, None)?;
        let objects = objects_of(path, &repository)?;
        let same = status::unchanged(&objects, &index, &place);
        let left_out = status::left_out(&index, &place);
        let mut entries = entries_of_commit(path, &place, &objects, commit)?;
        let chains = objects.chains();
        drop(objects);
        // A sparse checkout did not remove what it leaves out.
        entries.retain(|(path, _, id)| left_out.get(path) != Some(id));
        Ok((place, repository, chains, commit, forked, same, left_out.len(), entries))
    };
    let (now, compared) = rayon::join(|| super::open(path, options), compared);
    // That there is no such folder matters more than that it is in no repository.
    let mut now = now?;
    let (place, repository, chains, commit, forked, same, left_out, entries) = compared?;
    let objects = Objects::along(&repository, chains).map_err(|_| OpenError::Objects(short(commit)))?;
    let elsewhere = |path: &[u8], id: Oid| {
        same.get(path).filter(|same| same.id == id)?;
        now.tree.get(&paths::shown(path)).filter(|file| file.tracked).cloned()
    };
    let exclude = Exclude::new(&options.exclude)?;
    let tree = complete(assemble(&place, &objects, entries, &exclude, &elsewhere), commit)?;
    if left_out > 0 {
        now.notes.push(format!("The checkout is sparse: {left_out} file(s) are not there to be judged."));
    }
    let before = Source { tree, git: now.git.clone(), notes: Vec::new(), at: commit.to_string() };
    Ok(Diff { now, before: vec![before], commit: commit.to_string(), forked })
}

/// What is staged below PATH against HEAD. `index` is the file that git names to a hook when it commits something else
/// than the whole index (`GIT_INDEX_FILE`); it counts if it belongs to this repository.
///
/// The history is not read: it is the same on both sides.
///
/// # Errors
/// Without a repository, a readable index or the objects of HEAD, or when a pattern does not parse.
pub fn staged(path: &Path, exclude: &[String], index: Option<&Path>) -> Result<Diff, OpenError> {
    let exclude = Exclude::new(exclude)?;
    super::working::check(path)?;
    let (place, repository) = at_commit::open(path)?;
    let own = index.filter(|file| is_inside(file, repository.path()));
    let index = index_of(path, &repository, own)?;
    let objects = objects_of(path, &repository)?;
    let (git, mut notes) = git::brief(&place, &repository, &objects);
    let conflicts = conflicts(&index, &place);
    if conflicts > 0 {
        notes.push(format!("{conflicts} file(s) are in conflict: the current branch's version was judged."));
    }

    let head = git.head.as_ref().and_then(|head| Oid::from_str(&head.commit).ok());
    let same = status::unchanged(&objects, &index, &place);
    let elsewhere = |path: &[u8], id: Oid| on_disk(&place, &same, path, id);
    let now = assemble(&place, &objects, entries_of_index(&place, &index), &exclude, &elsewhere);
    let mut before = Vec::new();
    for commit in head.iter().copied().chain(merging(&repository)) {
        let entries = entries_of_commit(path, &place, &objects, commit)?;
        let tree = complete(assemble(&place, &objects, entries, &exclude, &elsewhere), commit)?;
        before.push(Source { tree, git: Some(git.clone()), notes: Vec::new(), at: commit.to_string() });
    }
    let commit = head.map(|head| head.to_string()).unwrap_or_default();
    let now = Source { tree: now, git: Some(git), notes, at: String::new() };
    Ok(Diff { now, before, commit, forked: false })
}

/// The commit that `revision` means, and whether it is where the current branch left it.
fn base(repository: &Repository, revision: &str) -> Result<(Oid, bool), OpenError> {
    let (name, exact) = match (revision.strip_suffix("..."), revision.strip_suffix("..")) {
        (Some(name), _) => (name, false),
        (None, Some(name)) => (name, true),
        (None, None) => (revision, false),
    };
    if name.trim().is_empty() {
        return Err(OpenError::NoRevision);
    }
    let shallow = repository.is_shallow();
    let Some(id) = at_commit::revision_in(repository, name) else {
        let name = name.to_owned();
        return Err(if shallow { OpenError::Shallow(name) } else { OpenError::Revision(name) });
    };
    let head = repository.head().ok().and_then(|head| head.peel_to_commit().ok());
    let Some(head) = head.filter(|_| !exact) else { return Ok((id, false)) };
    match repository.merge_base(head.id(), id) {
        Ok(fork) => Ok((fork, fork != id)),
        // What the branch left and what main brought since could not be told apart.
        Err(_) if shallow => Err(OpenError::Shallow(name.to_owned())),
        // Two histories that have nothing in common.
        Err(_) => Ok((id, false)),
    }
}

fn short(id: Oid) -> String {
    id.to_string().chars().take(10).collect()
}

/// A file without content would count as one that was not there.
fn complete(tree: Tree, commit: Oid) -> Result<Tree, OpenError> {
    let whole = tree.skipped().iter().all(|skip| skip.reason != SkipReason::Unreadable);
    if whole { Ok(tree) } else { Err(OpenError::Objects(short(commit))) }
}

fn on_disk(place: &Place, same: &HashMap<Vec<u8>, OnDisk>, path: &[u8], id: Oid) -> Option<File> {
    let same = same.get(path).filter(|same| same.id == id)?;
    let shown = paths::shown(path);
    let full: PathBuf = place.top.join(paths::native(&paths::join(&place.prefix, path))?);
    Some(File {
        role: role::of(&shown),
        path: shown,
        size: same.size,
        tracked: true,
        place: Where::Disk(full),
    })
}

fn is_inside(file: &Path, folder: &Path) -> bool {
    let parent = file.parent().and_then(|parent| match parent.as_os_str().is_empty() {
        true => fs::canonicalize(".").ok(),
        false => fs::canonicalize(parent).ok(),
    });
    parent.is_some() && parent == fs::canonicalize(folder).ok()
}

/// Files below PATH of which the index has several versions.
fn conflicts(index: &Index, place: &Place) -> usize {
    let mut paths: Vec<Vec<u8>> = index
        .iter()
        .filter(|entry| entry.flags & status::CONFLICT != 0)
        .filter(|entry| paths::below(&entry.path, &place.prefix).is_some())
        .map(|entry| entry.path)
        .collect();
    paths.dedup();
    paths.len()
}

/// The commits that are being merged into HEAD.
fn merging(repository: &Repository) -> Vec<Oid> {
    let text = fs::read_to_string(repository.path().join("MERGE_HEAD")).unwrap_or_default();
    text.lines().take(16).filter_map(|line| Oid::from_str(line.trim()).ok()).collect()
}
