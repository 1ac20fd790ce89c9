//! Puts together what is known of every blob before any is read.

use std::fmt;
use std::sync::Arc;

use git2::Oid;
use rayon::prelude::*;

use super::order::{self, Kept};
use super::structure::{Commit, Names, Object, Structure, Tag};
use super::tips::Tips;
use super::walk::{Below, Firsts};
use super::{PastCommit, Reached, Swept};
use crate::source::Exclude;
use crate::source::git::date;
use crate::source::git::objects::{FILE, KIND, LINK};
use crate::source::paths;
use crate::source::store::{BlobsRead, Store};

/// Where every blob of a repository comes from.
pub(in crate::source) struct Attribution {
    pub(super) store: Store,
    pub(super) names: Names,
    pub(super) firsts: Firsts,
    /// In the order of their ids.
    commits: Vec<Commit>,
    tags: Vec<Tag>,
    /// Positions in `commits`, oldest first, and whether the message is to be looked at.
    order: Vec<(u32, bool)>,
    /// For each commit in `commits`: what keeps it, and whether the clone ends there.
    kept: Vec<(Reached, bool)>,
    top: bool,
    /// Blobs, folders and commits that are named and missing.
    missing: u64,
    partial: bool,
    notes: Vec<String>,
}

/// The attribution in a [`crate::source::Git`]. It follows from the repository, so two of the same repository are equal.
#[derive(Clone, Default)]
pub struct PastOf(Option<Arc<Attribution>>);

impl PastOf {
    pub(super) fn get(&self) -> Option<&Attribution> {
        self.0.as_deref()
    }
}

impl From<Attribution> for PastOf {
    fn from(attribution: Attribution) -> PastOf {
        PastOf(Some(Arc::new(attribution)))
    }
}

impl PartialEq for PastOf {
    fn eq(&self, _: &PastOf) -> bool {
        true
    }
}

impl Eq for PastOf {}

impl fmt::Debug for PastOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PastOf").finish_non_exhaustive()
    }
}

impl Attribution {
    /// Attributes everything in `structure` but what `exclude` names.
    pub(in crate::source) fn of(
        structure: &Structure,
        tips: &Tips,
        prefix: &[u8],
        exclude: Option<&Exclude>,
    ) -> Attributed {
        let cut = |commit: &Commit| tips.cut.contains(&structure.id(commit.number));
        let cut: Vec<bool> = structure.commits.iter().map(cut).collect();
        let kept = kept(structure, tips, &cut);
        let order = order::oldest_first(structure);
        let mut firsts = Firsts::new(structure.len(), exclude);
        let roots = walk(&mut firsts, structure, &kept, &order, prefix);
        for (path, mode, blob) in &tips.index {
            let Some(path) = paths::below(path, prefix).filter(|_| matches!(mode & KIND, FILE | LINK)) else {
                continue;
            };
            if let Some(blob) = structure.number(*blob) {
                firsts.staged(&structure.names, blob, *mode, path);
            }
        }
        later(&mut firsts, structure, &kept, &order, &roots, prefix);
        if let Some(root) = head(structure, tips, prefix) {
            firsts.head(structure, root);
        }
        Attributed { top: prefix.is_empty(), damaged: tips.damaged, firsts, kept, order, roots, cut }
    }

    /// Calls `show` with every message: of commits that touch PATH; of tags, only at the top of the repository.
    pub(super) fn messages(&self, show: &(dyn Fn(Option<u32>, &[u8]) + Sync)) {
        self.order.par_iter().enumerate().filter(|(_, (_, shown))| *shown).for_each(
            |(place, (position, _))| {
                if let Some(commit) = self.commits.get(*position as usize) {
                    show(u32::try_from(place).ok(), &commit.message);
                }
            },
        );
        if self.top {
            self.tags.par_iter().for_each(|tag| show(None, &tag.message));
        }
    }

    /// Every commit, oldest first.
    fn past_commits(&self) -> Vec<PastCommit> {
        let places = places(&self.order);
        let position = |number: u32| self.commits.binary_search_by_key(&number, |commit| commit.number).ok();
        let one = |(at, _): &(u32, bool)| {
            let commit = self.commits.get(*at as usize)?;
            let (reached, cut) = self.kept.get(*at as usize).copied()?;
            let author = commit.author();
            let parents = commit.parents.iter().filter_map(|parent| places.get(position(*parent)?).copied());
            Some(PastCommit {
                id: Oid::from_bytes(&self.store.id(commit.number)).ok()?.to_string(),
                author: String::from_utf8_lossy(author.name.get(..300).unwrap_or(author.name)).into_owned(),
                date: date::day(author.time, author.offset),
                reached,
                parents: parents.collect(),
                cut,
            })
        };
        self.order.par_iter().filter_map(one).collect()
    }

    /// What came of looking.
    pub(super) fn swept(&self, wanted: usize, read: &BlobsRead, too_large: u64) -> Swept {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let known = (0u32..).take(self.firsts.len()).filter(|object| self.firsts.is_blob(*object)).count();
        // Of those that are not there, nobody asks whether they are wanted.
        let absent = known - self.firsts.count_of(self.store.len());
        let damaged = count(read.missing.len());
        let too_large = too_large + count(read.too_large.len());
        let missing = self.missing + damaged;
        let mut notes = self.notes.clone();
        if missing > 0 && self.partial {
            notes.push(format!(
                "The clone was made without all objects (git clone --filter): {missing} version(s) of files and folders \
                 of the past are not there."
            ));
        } else if missing > 0 {
            notes.push(format!(
                "{missing} version(s) of files, folders or commits of the past are missing or damaged."
            ));
        }
        if self.firsts.too_deep > 0 {
            notes.push(format!(
                "{} folder(s) of the past with paths longer than 4,096 bytes were not entered.",
                self.firsts.too_deep
            ));
        }
        if self.kept.contains(&(Reached::Branches, true)) {
            notes.push(
                "The clone is shallow: of what was there at its oldest commits, who committed it first can't be told."
                    .to_owned(),
            );
        }
        if self.firsts.excluded > 0 {
            notes.push(format!(
                "{} version(s) of files of the past stand only in paths that vibecheck.toml excludes and were not read.",
                self.firsts.excluded
            ));
        }
        if too_large > 0 {
            notes.push(format!(
                "{too_large} version(s) of files of the past are larger than 8 MB (32 MB for SQL) and were not read."
            ));
        }
        Swept {
            commits: self.past_commits(),
            blobs: count(known),
            looked: count(wanted).saturating_sub(damaged + too_large),
            skipped: count(known.saturating_sub(absent + wanted)),
            missing,
            too_large,
            notes,
        }
    }
}

/// An attribution that still needs the trees.
pub(in crate::source) struct Attributed {
    /// Whether PATH is the top of the repository.
    top: bool,
    damaged: bool,
    firsts: Firsts,
    kept: Kept,
    order: Vec<u32>,
    roots: Roots,
    cut: Vec<bool>,
}

impl Attributed {
    /// Drops what is not needed any more.
    pub(in crate::source) fn finish(self, mut structure: Structure, partial: bool) -> Attribution {
        let Attributed { top, damaged, firsts, kept, order, roots, cut } = self;
        let absent = structure.stored()..structure.len();
        let absent = absent.filter_map(|object| u32::try_from(object).ok());
        let named = |object: &u32| firsts.is_blob(*object) && firsts.reached(*object) != Reached::Nothing;
        let blobs = absent.filter(named).count();
        let commits = kept.missing.iter().filter(|(_, reached)| *reached != Reached::Reflog).count();
        let missing = [blobs, commits].into_iter().filter_map(|count| u64::try_from(count).ok()).sum::<u64>();
        let mut notes = std::mem::take(&mut structure.notes);
        if damaged {
            notes.push(
                "Some references, logs or indexes of the repository are damaged and were left out."
                    .to_owned(),
            );
        }
        Attribution {
            order: shown(&structure, &order, &kept, &roots, top),
            kept: kept.by.into_iter().zip(cut).collect(),
            top,
            commits: structure.commits,
            tags: structure.tags,
            missing: missing + firsts.missing_trees,
            partial,
            notes,
            store: structure.store,
            names: structure.names,
            firsts,
        }
    }
}

fn kept(structure: &Structure, tips: &Tips, cut: &[bool]) -> Kept {
    let numbers = |ids: &[Oid]| ids.iter().filter_map(|id| structure.number(*id)).collect();
    let by = [
        (Reached::Branches, numbers(&tips.branches)),
        (Reached::Stash, numbers(&tips.stashes)),
        (Reached::Reflog, numbers(&tips.reflog)),
    ];
    order::kept(structure, &by, cut)
}

/// PATH in each commit, in the order of [`Structure::commits`].
type Roots = Vec<Option<u32>>;

/// Attributes to commits of branches, and to what tags name themselves.
fn walk(firsts: &mut Firsts, structure: &Structure, kept: &Kept, order: &[u32], prefix: &[u8]) -> Roots {
    let mut below = Below::new(structure, prefix);
    let roots: Vec<Option<Option<u32>>> = structure
        .commits
        .iter()
        .map(|commit| if prefix.is_empty() { Some(Some(commit.tree)) } else { below.root(commit.tree) })
        .collect();
    firsts.missing_trees += roots
        .iter()
        .zip(&kept.by)
        .filter(|(root, reached)| root.is_none() && **reached != Reached::Nothing)
        .map(|_| 1)
        .sum::<u64>();
    let roots: Roots = roots.into_iter().map(Option::flatten).collect();
    commits(firsts, structure, kept, order, &roots, Reached::Branches);
    others(firsts, structure, kept, prefix, Reached::Branches);
    roots
}

/// Attributes to what references, tags or logs name themselves.
fn others(firsts: &mut Firsts, structure: &Structure, kept: &Kept, prefix: &[u8], by: Reached) {
    let mut below = Below::new(structure, prefix);
    for (object, _) in kept.others.iter().filter(|(_, reached)| *reached == by) {
        match structure.object(*object) {
            Object::Tree => {
                if let Some(root) = below.root(*object).flatten() {
                    firsts.enter(structure, root, None, by);
                }
            }
            _ if prefix.is_empty() => firsts.bare(*object, by),
            _ => {}
        }
    }
}

/// Attributes to the commits that are kept in one way.
fn commits(
    firsts: &mut Firsts,
    structure: &Structure,
    kept: &Kept,
    order: &[u32],
    roots: &Roots,
    by: Reached,
) {
    for (place, position) in (0u32..).zip(order) {
        let at = *position as usize;
        let Some(commit) = structure.commits.get(at) else { continue };
        // What nothing reaches in a borrowed store belongs to somebody else.
        let is_own = by != Reached::Nothing || structure.store.own(commit.number);
        if let Some(root) =
            roots.get(at).copied().flatten().filter(|_| is_own && kept.by.get(at) == Some(&by))
        {
            firsts.enter(structure, root, Some(place), by);
        }
    }
}

/// Attributes what neither a branch nor the index has.
fn later(
    firsts: &mut Firsts,
    structure: &Structure,
    kept: &Kept,
    order: &[u32],
    roots: &Roots,
    prefix: &[u8],
) {
    for by in [Reached::Stash, Reached::Reflog, Reached::Nothing] {
        commits(firsts, structure, kept, order, roots, by);
        others(firsts, structure, kept, prefix, by);
    }
    firsts.leave_out(structure);
    if !prefix.is_empty() {
        return;
    }
    let stored = u32::try_from(structure.stored()).unwrap_or(u32::MAX);
    let is_left = |firsts: &Firsts, object: u32| !firsts.is_seen(object) && structure.store.own(object);
    let trees: Vec<u32> = (0..stored)
        .filter(|object| structure.object(*object) == Object::Tree && is_left(firsts, *object))
        .collect();
    let inner: std::collections::HashSet<u32> =
        trees.iter().filter_map(|tree| structure.tree(*tree)).flatten().map(|(_, object)| *object).collect();
    for tree in trees.iter().filter(|tree| !inner.contains(tree)) {
        firsts.enter(structure, *tree, None, Reached::Nothing);
    }
    for object in 0..stored {
        if structure.object(object) == Object::Blob && !firsts.is_blob(object) && is_left(firsts, object) {
            firsts.bare(object, Reached::Nothing);
        }
    }
}

fn head(structure: &Structure, tips: &Tips, prefix: &[u8]) -> Option<u32> {
    let commit = structure.commit(structure.number(tips.head?)?)?;
    let tree = structure.commits.get(commit as usize)?.tree;
    Below::new(structure, prefix).root(tree).flatten()
}

/// Which messages to look at: of commits that touch PATH.
fn shown(structure: &Structure, order: &[u32], kept: &Kept, roots: &Roots, top: bool) -> Vec<(u32, bool)> {
    let root = |position: u32| roots.get(position as usize).copied().flatten();
    let touches = |position: u32, commit: &Commit| {
        let mut known = commit.parents.iter().filter_map(|parent| structure.commit(*parent)).peekable();
        match known.peek() {
            None => root(position).is_some(),
            Some(_) => known.all(|parent| root(parent) != root(position)),
        }
    };
    let is_shown = |position: u32| {
        let at = position as usize;
        let is_kept = kept.by.get(at).is_some_and(|reached| *reached != Reached::Nothing);
        structure.commits.get(at).is_some_and(|commit| {
            (top || touches(position, commit)) && (is_kept || structure.store.own(commit.number))
        })
    };
    order.iter().map(|position| (*position, is_shown(*position))).collect()
}

/// The place in the order of each commit.
fn places(order: &[(u32, bool)]) -> Vec<u32> {
    let mut places = vec![0; order.len()];
    for (place, (position, _)) in (0u32..).zip(order) {
        if let Some(slot) = places.get_mut(*position as usize) {
            *slot = place;
        }
    }
    places
}
