//! Which files each commit adds and changes, and below which folders: one walk over pairs of trees.

use std::collections::{BTreeMap, HashMap};

use crate::source::past::structure::{Entry, Names, Structure};
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

/// Compares trees, remembering pairs: neighbouring commits have many in common.
pub(super) struct Differ<'a> {
    structure: &'a Structure,
    pairs: HashMap<(Option<u32>, Option<u32>), Delta>,
    budget: usize,
}

/// A tree is not there, or there is too much of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

impl<'a> Differ<'a> {
    pub(super) fn new(structure: &'a Structure) -> Differ<'a> {
        Differ { structure, pairs: HashMap::new(), budget: TREES }
    }

    /// What differs between two states of PATH.
    pub(super) fn diff(&mut self, old: Option<u32>, new: Option<u32>) -> Result<Diff, Unreadable> {
        self.budget = TREES;
        let mut folders = BTreeMap::new();
        let delta = self.folder(old, new, &mut Vec::new(), 0, &mut folders)?;
        Ok(Diff { delta, folders })
    }

    fn folder(
        &mut self,
        old: Option<u32>,
        new: Option<u32>,
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
                        *path = paths::join(path, name);
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
    fn total(&mut self, old: Option<u32>, new: Option<u32>, depth: usize) -> Result<Delta, Unreadable> {
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

    fn steps(&mut self, old: Option<u32>, new: Option<u32>) -> Result<Vec<Step<'a>>, Unreadable> {
        let read = [old, new].into_iter().flatten().count();
        self.budget = self.budget.checked_sub(read).ok_or(Unreadable)?;
        let structure = self.structure;
        let entries =
            |tree: Option<u32>| tree.map_or(Ok(&[][..]), |tree| structure.tree(tree).ok_or(Unreadable));
        Ok(steps(&structure.names, entries(old)?, entries(new)?))
    }
}

#[derive(Debug)]
enum Step<'a> {
    File(Delta),
    Folder { name: &'a [u8], old: Option<u32>, new: Option<u32> },
}

/// Merges two trees, both in git's order, and keeps what differs.
fn steps<'a>(names: &'a Names, old: &[Entry], new: &[Entry]) -> Vec<Step<'a>> {
    // Most of two versions of a folder is the same, in the same order.
    let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (old.get(same..).unwrap_or_default(), new.get(same..).unwrap_or_default());
    let same = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let before_end = |entries: &'_ [Entry]| entries.len() - same;
    let (old, new) =
        (old.get(..before_end(old)).unwrap_or_default(), new.get(..before_end(new)).unwrap_or_default());
    let (mut old, mut new) = (old.iter().copied().peekable(), new.iter().copied().peekable());
    let mut steps = Vec::new();
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return steps,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some((old, _)), Some((new, _))) if old == new => std::cmp::Ordering::Equal,
            (Some((old, _)), Some((new, _))) => key(names, *old).cmp(key(names, *new)),
        };
        let before = if order.is_le() { old.next() } else { None };
        let after = if order.is_ge() { new.next() } else { None };
        let is_same =
            |before: Entry, after: Entry| before.1 == after.1 && names.mode(before.0) == names.mode(after.0);
        match (before, after) {
            (Some(before), Some(after)) if is_same(before, after) => {}
            (before, after) => match before.or(after) {
                Some((label, _)) if names.is_folder(label) => steps.push(Step::Folder {
                    name: names.name(label),
                    old: before.map(|entry| entry.1),
                    new: after.map(|entry| entry.1),
                }),
                _ if before.is_none() => steps.push(Step::File(Delta { added: 1, changed: 0 })),
                _ => steps.push(Step::File(Delta { added: 0, changed: 1 })),
            },
        }
    }
}

/// git sorts a folder as if its name ended in `/`, so a file and a folder of one name are two entries.
fn key(names: &Names, label: u32) -> impl Iterator<Item = u8> + use<'_> {
    names.name(label).iter().copied().chain(names.is_folder(label).then_some(b'/'))
}
