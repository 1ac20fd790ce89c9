//! Which files each commit adds and changes, and below which folders: one walk over pairs of trees.

use std::collections::hash_map::Entry as Slot;
use std::collections::{BTreeMap, HashMap};

use git2::{Odb, OdbObject, Oid};

use super::objects::{self, Entry};
use crate::source::paths;

/// Folders are counted down to this depth.
const DEPTH: usize = 2;
/// Nested deeper than any checkout allows: a tree made to exhaust the stack.
const DEEPEST: usize = 1_000;
/// Trees read for one commit. More is a tree made to exhaust memory: an ordinary first commit has thousands.
const TREES: usize = 200_000;

/// Files that differ between two trees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Delta {
    pub(super) added: u32,
    /// Changed or removed.
    pub(super) changed: u32,
}

impl Delta {
    fn add(&mut self, other: Delta) {
        self.added = self.added.saturating_add(other.added);
        self.changed = self.changed.saturating_add(other.changed);
    }

    fn files(self) -> u32 {
        self.added.saturating_add(self.changed)
    }
}

/// What one commit does below PATH.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Diff {
    pub(super) delta: Delta,
    /// File changes by folder, down to [`DEPTH`]; `""` is PATH.
    pub(super) folders: BTreeMap<Vec<u8>, u32>,
}

/// Compares trees, remembering what it has read: neighbouring commits share most of their trees.
pub(super) struct Differ<'a> {
    odb: &'a Odb<'a>,
    trees: HashMap<Oid, OdbObject<'a>>,
    pairs: HashMap<(Option<Oid>, Option<Oid>), Delta>,
    budget: usize,
}

/// A tree is not there, or there is too much of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

impl<'a> Differ<'a> {
    pub(super) fn new(odb: &'a Odb<'a>) -> Differ<'a> {
        Differ { odb, trees: HashMap::new(), pairs: HashMap::new(), budget: TREES }
    }

    /// What differs between two states of PATH.
    pub(super) fn diff(&mut self, old: Option<Oid>, new: Option<Oid>) -> Result<Diff, Unreadable> {
        self.budget = TREES;
        let mut folders = BTreeMap::new();
        let delta = self.folder(old, new, &mut Vec::new(), 0, &mut folders)?;
        Ok(Diff { delta, folders })
    }

    fn folder(
        &mut self,
        old: Option<Oid>,
        new: Option<Oid>,
        path: &mut Vec<u8>,
        depth: usize,
        folders: &mut BTreeMap<Vec<u8>, u32>,
    ) -> Result<Delta, Unreadable> {
        let mut delta = Delta::default();
        if old == new {
            return Ok(delta);
        }
        if depth == DEPTH {
            delta = self.total(old, new, depth)?;
        } else {
            for step in self.steps(old, new)? {
                match step {
                    Step::File(file) => delta.add(file),
                    Step::Folder { name, old, new } => {
                        let length = path.len();
                        *path = paths::join(path, &name);
                        delta.add(self.folder(old, new, path, depth + 1, folders)?);
                        path.truncate(length);
                    }
                }
            }
        }
        if delta.files() > 0 {
            folders.insert(path.clone(), delta.files());
        }
        Ok(delta)
    }

    /// Like [`Self::folder`] without the paths, so that equal pairs are counted once.
    fn total(&mut self, old: Option<Oid>, new: Option<Oid>, depth: usize) -> Result<Delta, Unreadable> {
        if let Some(known) = self.pairs.get(&(old, new)) {
            return Ok(*known);
        }
        if depth > DEEPEST {
            return Err(Unreadable);
        }
        let mut delta = Delta::default();
        for step in self.steps(old, new)? {
            match step {
                Step::File(file) => delta.add(file),
                Step::Folder { old, new, .. } => delta.add(self.total(old, new, depth + 1)?),
            }
        }
        self.pairs.insert((old, new), delta);
        Ok(delta)
    }

    fn steps(&mut self, old: Option<Oid>, new: Option<Oid>) -> Result<Vec<Step>, Unreadable> {
        for id in [old, new].into_iter().flatten() {
            self.budget = self.budget.checked_sub(1).ok_or(Unreadable)?;
            if let Slot::Vacant(slot) = self.trees.entry(id) {
                slot.insert(self.odb.read(id).map_err(|_| Unreadable)?);
            }
        }
        let data =
            |id: Option<Oid>| id.and_then(|id| self.trees.get(&id)).map_or(&[][..], |tree| tree.data());
        Ok(steps(data(old), data(new)))
    }
}

#[derive(Debug)]
enum Step {
    File(Delta),
    Folder { name: Vec<u8>, old: Option<Oid>, new: Option<Oid> },
}

/// Merges two trees, both in git's order, and keeps what differs.
fn steps(old: &[u8], new: &[u8]) -> Vec<Step> {
    let (mut old, mut new) = (objects::entries(old).peekable(), objects::entries(new).peekable());
    let mut steps = Vec::new();
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return steps,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(old), Some(new)) => key(old).cmp(key(new)),
        };
        let before = if order.is_le() { old.next() } else { None };
        let after = if order.is_ge() { new.next() } else { None };
        match (before, after) {
            (Some(before), Some(after)) if before.id == after.id && before.mode == after.mode => {}
            (before, after) if before.or(after).is_some_and(|entry| entry.is_folder()) => {
                steps.push(Step::Folder {
                    name: before.or(after).map(|entry| entry.name.to_vec()).unwrap_or_default(),
                    old: before.map(|entry| entry.id),
                    new: after.map(|entry| entry.id),
                });
            }
            (None, Some(_)) => steps.push(Step::File(Delta { added: 1, changed: 0 })),
            _ => steps.push(Step::File(Delta { added: 0, changed: 1 })),
        }
    }
}

/// git sorts a folder as if its name ended in `/`, so a file and a folder of one name are two entries.
fn key<'a>(entry: &Entry<'a>) -> impl Iterator<Item = u8> + use<'a> {
    entry.name.iter().copied().chain(entry.is_folder().then_some(b'/'))
}
