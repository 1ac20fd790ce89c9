//! What the git repository says of the project.

use std::collections::BTreeMap;

use crate::facts::Input;
use crate::facts::code::share;
use crate::facts::identity::identities;
use crate::facts::kinds::{Evidence, History, PersonKind, Project, RemoteInfo, Unknown};
use crate::secrets::excerpt;
use crate::source::{Git, HistoryState};

const ACTIVE_SECONDS: i64 = 90 * 24 * 60 * 60;

/// Fills in what comes from git.
pub fn fill(input: &Input<'_>, project: &mut Project) {
    let Some(git) = &input.source.git else {
        project.history = History::None;
        return;
    };
    project.git = true;
    project.history = match git.history {
        HistoryState::Full if git.commits.is_empty() => History::Empty,
        HistoryState::Full => History::Full,
        HistoryState::Shallow => History::Shallow,
        HistoryState::Partial => History::Partial,
        HistoryState::Empty => History::Empty,
        HistoryState::Unread => History::Unread,
    };
    repository(git, project);
    commits(git, project);
    authors(git, project);
    let reason = match project.history {
        History::Shallow => "the clone is shallow: older commits are missing",
        History::Unread => "the history was not read",
        _ => return,
    };
    for cell in [
        "commits",
        "first",
        "authors",
        "human_authors",
        "top_author_share",
        "people",
        "top_person_share",
        "bot_share",
        "largest_commit_share",
    ] {
        project.unknowns.push(Unknown::new(cell, reason));
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn repository(git: &Git, project: &mut Project) {
    // A folder on a disk that the copy was cloned from has any name.
    let hosted: Vec<_> = git.remotes.iter().filter(|r| !r.host.is_empty()).collect();
    let origin = hosted.iter().find(|r| r.name == "origin").or(hosted.first());
    project.hosted_at = hosted.iter().map(|r| excerpt(&format!("{}/{}", r.host, r.owner))).collect();
    project.hosted_at.sort();
    project.hosted_at.dedup();
    if hosted.is_empty() && !git.remotes.is_empty() {
        project.unknowns.push(Unknown::new("remotes", "its only remote is a folder on a disk"));
    }
    project.name = if git.prefix.is_empty() {
        origin.map(|r| r.repository.clone()).unwrap_or_default()
    } else {
        git.prefix.trim_end_matches('/').rsplit('/').next().unwrap_or("").to_owned()
    };
    if let Some(head) = &git.head {
        project.branch = excerpt(&head.branch);
        project.head.clone_from(&head.commit);
    }
    project.remotes = git
        .remotes
        .iter()
        .map(|r| RemoteInfo {
            name: excerpt(&r.name),
            host: excerpt(&r.host),
            owner: excerpt(&r.owner),
            protocol: r.protocol.clone(),
        })
        .collect();
    project.branches = count(git.branches.len());
    project.tags = count(git.tags.len());
    // Accepting what is there must not be a finding of its own.
    let work = |path: &&String| !path.ends_with("vibecheck-baseline.json");
    let dirty: Vec<&String> = git.dirty.iter().filter(work).collect();
    let untracked: Vec<&String> = git.untracked.iter().filter(work).collect();
    project.dirty = count(dirty.len());
    project.untracked = count(untracked.len());
    project.stashes = git.stashes;
    project.submodules = count(git.submodules.len());
    project.worktrees = git.worktrees;
    project.evidence.extend(dirty.first().map(|p| Evidence::new("dirty", p, 0, "differs from HEAD")));
    project
        .evidence
        .extend(untracked.first().map(|p| Evidence::new("untracked", p, 0, "neither tracked nor ignored")));
}

fn commits(git: &Git, project: &mut Project) {
    project.commits = count(git.commits.len());
    let dates = || git.commits.iter().map(|c| c.date.as_str());
    project.first = dates().min().unwrap_or("").to_owned();
    project.last = dates().max().unwrap_or("").to_owned();
    let added: u64 = git.commits.iter().map(|c| u64::from(c.added)).sum();
    let largest = git.commits.iter().max_by(|a, b| a.added.cmp(&b.added).then(b.id.cmp(&a.id)));
    if let Some(largest) = largest {
        project.largest_commit_share = share(u64::from(largest.added), added);
        let says =
            format!("commit {} adds {} of {added} files", largest.id.get(..10).unwrap_or(""), largest.added);
        project.evidence.push(Evidence::new("largest_commit_share", "", 0, &says));
    }
}

fn authors(git: &Git, project: &mut Project) {
    let (groups, of_author) = identities(git);
    let kind = |author: usize| of_author.get(author).and_then(|g| groups.get(*g)).map(|g| g.kind);
    let mut by_address: BTreeMap<usize, u64> = BTreeMap::new();
    let mut by_person: BTreeMap<usize, u64> = BTreeMap::new();
    let (mut bots, mut newest) = (0u64, i64::MIN);
    for commit in &git.commits {
        *by_address.entry(commit.author).or_default() += 1;
        newest = newest.max(commit.time);
        match kind(commit.author) {
            Some(PersonKind::Person) => {
                let group = of_author.get(commit.author).copied().unwrap_or(0);
                *by_person.entry(group).or_default() += 1;
            }
            Some(PersonKind::Bot) => bots += 1,
            _ => {}
        }
    }
    let total = git.commits.len() as u64;
    project.authors = count(by_address.len());
    project.human_authors =
        count(by_address.keys().filter(|a| kind(**a) == Some(PersonKind::Person)).count());
    project.top_author_share = share(by_address.values().copied().max().unwrap_or(0), total);
    project.people = count(by_person.len());
    project.top_person_share =
        share(by_person.values().copied().max().unwrap_or(0), by_person.values().sum());
    project.bot_share = share(bots, total);
    let mut active: Vec<usize> = git
        .commits
        .iter()
        .filter(|c| {
            newest.saturating_sub(c.time) <= ACTIVE_SECONDS && kind(c.author) == Some(PersonKind::Person)
        })
        .filter_map(|c| of_author.get(c.author).copied())
        .collect();
    active.sort_unstable();
    active.dedup();
    project.active_people = count(active.len());
    let says = format!(
        "{total} commits from {} addresses, {} of them people's",
        project.authors, project.human_authors
    );
    project.evidence.push(Evidence::new("authors", "", 0, &says));
    // Builders that wrote or helped to write commits.
    let co_authors = git.commits.iter().flat_map(|c| c.co_authors.iter().chain([&c.author]));
    project.builders.extend(
        co_authors
            .filter_map(|a| of_author.get(*a).and_then(|g| groups.get(*g)))
            .filter(|g| g.builder)
            .map(|g| g.bot.clone()),
    );
}
