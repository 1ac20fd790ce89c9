//! What the repository has beside commits: HEAD, branches, tags, remotes, stashes, submodules, worktrees.

use git2::{ConfigLevel, ErrorCode, Index, Oid, Repository};

use super::objects::{KIND, SUBMODULE};
use super::reading::Objects;
use super::{Git, date, objects, remotes};
use crate::source::paths;

/// Where HEAD points.
pub(super) enum HeadState {
    /// To a commit.
    Commit(Oid),
    /// To a branch that has none yet.
    Unborn,
    /// To something that is not there.
    Broken,
}

/// Reads HEAD into [`Git::head`].
pub(super) fn head(git: &mut Git, repository: &Repository, objects: Option<&Objects<'_>>) -> HeadState {
    let reference = match repository.head() {
        Ok(reference) => reference,
        Err(error) if error.code() == ErrorCode::UnbornBranch => return HeadState::Unborn,
        Err(_) => return HeadState::Broken,
    };
    let Some(id) = reference.target_peel().or_else(|| reference.target()) else { return HeadState::Broken };
    let object = objects.and_then(|objects| objects.read(id));
    let Some(object) = object else { return HeadState::Broken };
    let Some(commit) = objects::commit(object.data()) else { return HeadState::Broken };
    let author = objects::signature(commit.author);
    let branch = if reference.is_branch() { reference.shorthand_bytes() } else { &[] };
    git.head = Some(super::Head {
        commit: id.to_string(),
        branch: String::from_utf8_lossy(branch).into_owned(),
        date: date::day(author.time, author.offset),
    });
    HeadState::Commit(id)
}

/// Fills in everything but commits and files.
pub(super) fn fill(git: &mut Git, notes: &mut Vec<String>, repository: &Repository) {
    let (branches, tags) = (names(repository, "refs/heads/"), names(repository, "refs/tags/"));
    if branches.is_none() || tags.is_none() {
        notes.push("Some branches or tags of the repository are damaged and were left out.".to_owned());
    }
    git.branches = branches.unwrap_or_default();
    git.tags = tags.unwrap_or_default();
    match remotes(repository) {
        Some(remotes) => git.remotes = remotes,
        None => {
            notes.push("The repository's configuration can't be read: its remotes are unknown.".to_owned())
        }
    }
    git.stashes = stashes(repository);
    git.worktrees = repository.worktrees().map_or(0, |list| u32::try_from(list.len()).unwrap_or(u32::MAX));
}

/// The names below `refs/heads/` or `refs/tags/`, sorted.
fn names(repository: &Repository, start: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for reference in repository.references_glob(&format!("{start}*")).ok()? {
        let reference = reference.ok()?;
        let name = reference.name_bytes();
        names.push(String::from_utf8_lossy(name.strip_prefix(start.as_bytes()).unwrap_or(name)).into_owned());
    }
    names.sort();
    names.dedup();
    Some(names)
}

/// Straight from the repository's own configuration: `url.<base>.insteadOf` of the machine doesn't count.
pub(super) fn remotes(repository: &Repository) -> Option<Vec<super::Remote>> {
    let config = repository.config().ok()?;
    let Ok(local) = config.open_level(ConfigLevel::Local) else { return Some(Vec::new()) };
    let mut found: Vec<super::Remote> = Vec::new();
    let entries = local.entries(Some("^remote\\..*\\.url$")).ok()?;
    entries
        .for_each(|entry| {
            let name = String::from_utf8_lossy(entry.name_bytes()).into_owned();
            let name = name.strip_prefix("remote.").and_then(|name| name.strip_suffix(".url"));
            let url = if entry.has_value() { entry.value_bytes() } else { &[] };
            if let Some(name) = name.filter(|name| found.iter().all(|remote| remote.name != *name)) {
                found.push(remotes::parse(name, &String::from_utf8_lossy(url)));
            }
        })
        .ok()?;
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Some(found)
}

/// The stashes are the log of one reference.
fn stashes(repository: &Repository) -> u32 {
    if repository.find_reference("refs/stash").is_err() {
        return 0;
    }
    let logged = repository.reflog("refs/stash").map_or(0, |log| log.len());
    u32::try_from(logged.max(1)).unwrap_or(u32::MAX)
}

/// Whether objects were left out on purpose (`git clone --filter`).
pub(super) fn is_partial(repository: &Repository) -> bool {
    let Ok(config) = repository.config() else { return false };
    let Ok(local) = config.open_level(ConfigLevel::Local) else { return false };
    let promises = |name: &str| {
        let mut any = false;
        let all = local.entries(Some(name)).and_then(|entries| entries.for_each(|_| any = true));
        all.is_ok() && any
    };
    promises("^extensions\\.partialclone$") || promises("^remote\\..*\\.promisor$")
}

/// Submodules that the index names below PATH, sorted.
pub(super) fn submodules(index: &Index, prefix: &[u8]) -> Vec<String> {
    let mut found: Vec<String> = index
        .iter()
        .filter(|entry| entry.mode & KIND == SUBMODULE)
        .filter_map(|entry| paths::below(&entry.path, prefix).map(paths::shown))
        .collect();
    found.sort();
    found.dedup();
    found
}
