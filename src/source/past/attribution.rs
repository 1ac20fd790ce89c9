//! Puts together what is known of every blob before any is read.

use std::fmt;
use std::sync::Arc;

use git2::{Oid, Repository};

use super::order::{self, Kept};
use super::structure::{Names, Object, Structure};
use super::tips::{self, Tips};
use super::walk::{Below, Firsts};
use super::{PastCommit, Reached, Swept};
use crate::source::git::date;
use crate::source::git::objects::{FILE, KIND};
use crate::source::git::repository::Place;
use crate::source::paths;
use crate::source::store::{BlobsRead, Store};

/// Where every blob of a repository comes from.
pub(in crate::source) struct Attribution {
    pub(super) store: Store,
    pub(super) names: Names,
    pub(super) firsts: Firsts,
    commits: Vec<PastCommit>,
    /// Of commits that touch PATH, and of tags.
    pub(super) messages: Vec<(Option<u32>, Box<[u8]>)>,
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
    /// Attributes everything in `structure`, and drops what is not needed any more.
    pub(in crate::source) fn new(
        mut structure: Structure,
        repository: &Repository,
        place: &Place,
        partial: bool,
    ) -> Attribution {
        let tips = tips::read(repository);
        let cut: Vec<bool> = structure
            .commits
            .iter()
            .map(|commit| tips.cut.contains(&id(&structure.store, commit.number)))
            .collect();
        let kept = kept(&structure, &tips, &cut);
        let order = order::oldest_first(&structure);
        let mut firsts = Firsts::new(structure.len());
        let roots = walk(&mut firsts, &structure, &tips, &kept, &order, &place.prefix);
        for (path, mode, blob) in &tips.index {
            let Some(path) = paths::below(path, &place.prefix).filter(|_| mode & KIND == FILE) else {
                continue;
            };
            if let Some(blob) = structure.number(*blob) {
                firsts.staged(&mut structure.names, blob, *mode, path);
            }
        }
        later(&mut firsts, &structure, &kept, &order, &roots, place.prefix.is_empty());
        if let Some(root) = head(&structure, &tips, &place.prefix) {
            firsts.head(&structure, root);
        }
        let absent = structure.stored()..structure.len();
        let absent = absent.filter_map(|object| u32::try_from(object).ok());
        let named = |object: &u32| firsts.is_blob(*object) && firsts.reached(*object) != Reached::Nothing;
        let blobs = absent.filter(named).count();
        let commits = kept.missing.iter().filter(|(_, reached)| *reached != Reached::Reflog).count();
        let missing = [blobs, commits].into_iter().filter_map(|count| u64::try_from(count).ok()).sum::<u64>();
        let mut notes = std::mem::take(&mut structure.notes);
        if tips.damaged {
            notes.push(
                "Some references, logs or indexes of the repository are damaged and were left out."
                    .to_owned(),
            );
        }
        Attribution {
            commits: commits_of(&structure, &order, &kept, &cut),
            messages: messages(&mut structure, &order, &kept, &roots, place.prefix.is_empty()),
            missing: missing + firsts.missing_trees,
            partial,
            notes,
            store: structure.store,
            names: structure.names,
            firsts,
        }
    }

    /// What came of looking.
    pub(super) fn swept(&self, classes: &[Option<u8>], read: &BlobsRead) -> Swept {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let known = (0u32..).take(self.firsts.len()).filter(|object| self.firsts.is_blob(*object)).count();
        let wanted = classes.iter().flatten().count();
        let (damaged, too_large) = (count(read.missing.len()), count(read.too_large.len()));
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
        if self.commits.iter().any(|commit| commit.cut && commit.reached == Reached::Branches) {
            notes.push(
                "The clone is shallow: of what was there at its oldest commits, who committed it first can't be told."
                    .to_owned(),
            );
        }
        if too_large > 0 {
            notes.push(format!(
                "{too_large} version(s) of files of the past are larger than 2 MB and were not read."
            ));
        }
        Swept {
            commits: self.commits.clone(),
            blobs: count(known),
            looked: count(wanted).saturating_sub(damaged + too_large),
            missing,
            too_large,
            notes,
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
fn walk(
    firsts: &mut Firsts,
    structure: &Structure,
    tips: &Tips,
    kept: &Kept,
    order: &[u32],
    prefix: &[u8],
) -> Roots {
    let _ = tips;
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
    for (object, reached) in &kept.others {
        match structure.object(*object) {
            Object::Tree => {
                if let Some(root) = below.root(*object).flatten() {
                    firsts.enter(structure, root, None, *reached);
                }
            }
            _ if prefix.is_empty() => firsts.bare(*object, *reached),
            _ => {}
        }
    }
    roots
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
fn later(firsts: &mut Firsts, structure: &Structure, kept: &Kept, order: &[u32], roots: &Roots, top: bool) {
    for by in [Reached::Stash, Reached::Reflog, Reached::Nothing] {
        commits(firsts, structure, kept, order, roots, by);
    }
    if !top {
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

fn commits_of(structure: &Structure, order: &[u32], kept: &Kept, cut: &[bool]) -> Vec<PastCommit> {
    let places = places(order);
    let one = |position: &u32| {
        let at = *position as usize;
        let commit = structure.commits.get(at)?;
        let author = commit.author();
        let parents = commit.parents.iter().filter_map(|parent| structure.commit(*parent));
        Some(PastCommit {
            id: id(&structure.store, commit.number).to_string(),
            author: String::from_utf8_lossy(author.name.get(..300).unwrap_or(author.name)).into_owned(),
            date: date::day(author.time, author.offset),
            reached: kept.by.get(at).copied().unwrap_or(Reached::Nothing),
            parents: parents.filter_map(|parent| places.get(parent as usize).copied()).collect(),
            cut: cut.get(at).copied().unwrap_or(false),
        })
    };
    order.iter().filter_map(one).collect()
}

/// The place in the order of each commit.
fn places(order: &[u32]) -> Vec<u32> {
    let mut places = vec![0; order.len()];
    for (place, position) in (0u32..).zip(order) {
        if let Some(slot) = places.get_mut(*position as usize) {
            *slot = place;
        }
    }
    places
}

/// Messages of commits that touch PATH; of tags, only at the top of the repository.
fn messages(
    structure: &mut Structure,
    order: &[u32],
    kept: &Kept,
    roots: &Roots,
    top: bool,
) -> Vec<(Option<u32>, Box<[u8]>)> {
    let root = |position: u32| roots.get(position as usize).copied().flatten();
    let touches = |position: u32| {
        let parents =
            structure.commits.get(position as usize).map(|commit| &*commit.parents).unwrap_or_default();
        let mut known = parents.iter().filter_map(|parent| structure.commit(*parent)).peekable();
        match known.peek() {
            None => root(position).is_some(),
            Some(_) => known.all(|parent| root(parent) != root(position)),
        }
    };
    let is_shown = |position: u32| {
        let at = position as usize;
        let is_kept = kept.by.get(at).is_some_and(|reached| *reached != Reached::Nothing);
        let number = structure.commits.get(at).map_or(0, |commit| commit.number);
        (top || touches(position)) && (is_kept || structure.store.own(number))
    };
    let shown: Vec<bool> = order.iter().map(|position| is_shown(*position)).collect();
    let mut messages = Vec::new();
    for (place, (position, shown)) in (0u32..).zip(order.iter().zip(shown)) {
        if let Some(commit) = structure.commits.get_mut(*position as usize).filter(|_| shown) {
            messages.push((Some(place), std::mem::take(&mut commit.message)));
        }
    }
    if top {
        messages.extend(structure.tags.iter_mut().map(|tag| (None, std::mem::take(&mut tag.message))));
    }
    messages
}

fn id(store: &Store, number: u32) -> Oid {
    Oid::from_bytes(&store.id(number)).unwrap_or(Oid::ZERO_SHA1)
}
