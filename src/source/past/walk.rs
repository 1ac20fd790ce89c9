//! Where each blob comes from: one walk over the commits, oldest first, into trees not seen before.

use std::collections::{HashMap, HashSet};

use super::Reached;
use super::structure::{Names, Structure};
use crate::source::Exclude;
use crate::source::paths;

/// Longer than any system can check out: a tree nested to exhaust memory.
const LONGEST: u32 = 4_096;
const NONE: u32 = u32::MAX;

/// A folder on the way to a blob. The first is PATH.
#[derive(Debug, Clone, Copy)]
struct Folder {
    above: u32,
    label: u32,
    length: u32,
}

/// Labels from this on are in [`Firsts::staged`].
const STAGED: u32 = 1 << 31;

/// What is known of an object.
#[derive(Debug, Clone, Copy)]
struct First {
    /// The commit, by its place in the order of the walk.
    commit: u32,
    folder: u32,
    label: u32,
}

const SEEN: u8 = 1;
/// HEAD has it.
const IN_HEAD: u8 = 2;
/// HEAD has it at the path that it had first.
const IN_PLACE: u8 = 4;
/// A blob, below PATH.
const BLOB: u8 = 8;
/// The rest of the bits: what keeps it.
const REACHED: u32 = 4;

/// A path: its folder, and the label of its name.
pub(super) type Place = (u32, u32);

/// The paths of blobs.
pub(super) struct Places {
    pub(super) all: Vec<Place>,
    /// For each object, which of them it has.
    of: Vec<u32>,
}

impl Places {
    /// Which of the paths this object has; `None` if it is no blob below PATH.
    pub(super) fn of(&self, object: u32) -> Option<usize> {
        self.of.get(object as usize).filter(|place| **place != NONE).map(|place| *place as usize)
    }
}

/// Where every blob below PATH comes from.
pub(in crate::source) struct Firsts {
    folders: Vec<Folder>,
    /// Each folder by the one above and its label.
    known: HashMap<Place, u32>,
    firsts: Vec<First>,
    state: Vec<u8>,
    /// Labels of paths that only the index has.
    staged: Names,
    /// Trees that are missing or damaged, each once.
    pub(super) missing_trees: u64,
    /// Trees nested too deep to be real.
    pub(super) too_deep: u64,
    excludes: Excludes,
    /// Blobs that only excluded paths have.
    pub(super) excluded: u64,
}

/// What `[paths] exclude` leaves out of the past.
struct Excludes {
    /// `None` if nothing is excluded.
    exclude: Option<Exclude>,
    /// Whether a path is excluded: every version of a folder asks again.
    known: HashMap<Place, bool>,
    /// Blobs and folders that an excluded path has.
    left_out: HashSet<u32>,
}

impl Excludes {
    fn of(exclude: Option<&Exclude>) -> Excludes {
        let exclude = exclude.filter(|exclude| !exclude.is_empty()).cloned();
        Excludes { exclude, known: HashMap::new(), left_out: HashSet::new() }
    }

    fn names(&self, path: &str, is_folder: bool) -> bool {
        let names = |e: &Exclude| if is_folder { e.is_folder(path) } else { e.is_file(path) };
        self.exclude.as_ref().is_some_and(names)
    }

    fn part(&self, path: &[u8]) -> bool {
        self.exclude.as_ref().is_some_and(|exclude| exclude.part(&paths::shown(path)).is_some())
    }
}

/// Where a blob comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) path: String,
    pub(super) commit: Option<u32>,
    pub(super) in_head: bool,
    pub(super) in_place: bool,
    pub(super) reached: Reached,
}

impl Firsts {
    /// How many objects it knows of.
    pub(super) fn len(&self) -> usize {
        self.state.len()
    }

    /// Knows nothing yet of so many objects.
    pub(super) fn new(objects: usize, exclude: Option<&Exclude>) -> Firsts {
        Firsts {
            folders: vec![Folder { above: NONE, label: NONE, length: 0 }],
            known: HashMap::new(),
            firsts: vec![First { commit: NONE, folder: NONE, label: NONE }; objects],
            state: vec![0; objects],
            staged: Names::default(),
            missing_trees: 0,
            too_deep: 0,
            excludes: Excludes::of(exclude),
            excluded: 0,
        }
    }

    /// Enters a tree that stands at PATH, unless it was entered before: what is in it, and in nothing before, comes from
    /// here.
    pub(super) fn enter(&mut self, structure: &Structure, root: u32, commit: Option<u32>, reached: Reached) {
        if !self.see(root) {
            return;
        }
        let Some(entries) = structure.tree(root) else {
            self.missing_trees += u64::from(reached != Reached::Nothing);
            return;
        };
        let mut open = vec![(entries.iter(), 0u32)];
        while let Some((entries, folder)) = open.last_mut() {
            let Some((label, object)) = entries.next().copied() else {
                open.pop();
                continue;
            };
            let folder = *folder;
            let is_ours = structure.names.is_file(label) || structure.names.is_folder(label);
            if is_ours && self.excludes(&structure.names, (folder, label), object) {
                continue;
            }
            if structure.names.is_file(label) {
                self.found(object, First { commit: commit.unwrap_or(NONE), folder, label }, reached);
            } else if structure.names.is_folder(label) && self.see(object) {
                match structure.tree(object) {
                    Some(entries) => match self.folder(&structure.names, folder, label) {
                        Some(folder) => open.push((entries.iter(), folder)),
                        None => self.too_deep += 1,
                    },
                    None => self.missing_trees += u64::from(reached != Reached::Nothing),
                }
            }
        }
    }

    /// A blob at a path of the index.
    pub(super) fn staged(&mut self, names: &Names, object: u32, mode: u32, path: &[u8]) {
        if self.is_blob(object) {
            return;
        }
        let mut folder = 0;
        let mut parts: Vec<&[u8]> = path.split(|byte| *byte == b'/').collect();
        let name = parts.pop().unwrap_or_default();
        for part in parts {
            let label = self.staged.add(0, part) | STAGED;
            match self.folder(names, folder, label) {
                Some(below) => folder = below,
                None => return,
            }
        }
        let label = self.staged.add(mode, name) | STAGED;
        if self.excludes.part(path) {
            self.excludes.left_out.insert(object);
            return;
        }
        self.found(object, First { commit: NONE, folder, label }, Reached::Index);
    }

    /// Whether a file or folder of a tree is excluded; then what is in it may stand elsewhere as well, and come from there.
    fn excludes(&mut self, names: &Names, place: Place, object: u32) -> bool {
        if self.excludes.exclude.is_none() {
            return false;
        }
        let is_excluded = match self.excludes.known.get(&place) {
            Some(known) => *known,
            None => {
                let path = paths::shown(&self.bytes(names, place));
                let is_excluded = self.excludes.names(&path, names.is_folder(place.1));
                self.excludes.known.insert(place, is_excluded);
                is_excluded
            }
        };
        if is_excluded {
            self.excludes.left_out.insert(object);
        }
        is_excluded
    }

    /// Counts the blobs that only excluded paths have. What they hold is seen, so that nobody takes it for leftovers.
    pub(super) fn leave_out(&mut self, structure: &Structure) {
        let mut open: Vec<u32> = self.excludes.left_out.drain().collect();
        while let Some(object) = open.pop() {
            if self.is_blob(object) || !self.see(object) {
                continue;
            }
            match structure.tree(object) {
                Some(entries) => {
                    let names = &structure.names;
                    let is_ours = |label: u32| names.is_file(label) || names.is_folder(label);
                    open.extend(
                        entries.iter().filter(|(label, _)| is_ours(*label)).map(|(_, object)| *object),
                    );
                }
                None => self.excluded += 1,
            }
        }
    }

    /// A blob without a path.
    pub(super) fn bare(&mut self, object: u32, reached: Reached) {
        self.found(object, First { commit: NONE, folder: NONE, label: NONE }, reached);
    }

    /// Notes which blobs HEAD has; `root` is PATH in HEAD.
    pub(super) fn head(&mut self, structure: &Structure, root: u32) {
        let names = &structure.names;
        // A folder that no blob came from has the number `NONE`. It is entered once, whatever its paths: a few trees
        // can make more paths than anybody can count.
        let mut entered = HashSet::new();
        let mut open = vec![(structure.tree(root).unwrap_or_default().iter(), 0u32)];
        while let Some((entries, folder)) = open.last_mut() {
            let Some((label, object)) = entries.next().copied() else {
                open.pop();
                continue;
            };
            let folder = *folder;
            if names.is_file(label) {
                let first = self.firsts.get(object as usize);
                let in_place = first.is_some_and(|first| {
                    first.folder == folder
                        && folder != NONE
                        && self.name(names, first.label) == names.name(label)
                });
                if let Some(state) = self.state.get_mut(object as usize) {
                    *state |= IN_HEAD | if in_place { IN_PLACE } else { 0 };
                }
            } else if names.is_folder(label) {
                let below = self.known.get(&(folder, label)).copied().unwrap_or(NONE);
                if below != NONE || entered.insert(object) {
                    open.extend(structure.tree(object).map(|entries| (entries.iter(), below)));
                }
            }
        }
    }

    /// Every path that a blob has first.
    pub(super) fn places(&self) -> Places {
        let mut places = Places { all: Vec::new(), of: vec![NONE; self.state.len()] };
        let mut numbers: HashMap<Place, u32> = HashMap::new();
        let blobs = self.state.iter().zip(&self.firsts).zip(&mut places.of);
        for ((_, first), of) in blobs.filter(|((state, _), _)| **state & BLOB != 0) {
            let place = (first.folder, first.label);
            *of = *numbers.entry(place).or_insert_with(|| {
                places.all.push(place);
                u32::try_from(places.all.len() - 1).unwrap_or(NONE)
            });
        }
        places
    }

    /// A path as it is shown.
    pub(super) fn path_of(&self, names: &Names, place: &Place) -> String {
        paths::shown(&self.bytes(names, *place))
    }

    /// How many of the first so many objects are blobs below PATH.
    pub(super) fn count_of(&self, objects: usize) -> usize {
        self.state.iter().take(objects).filter(|state| **state & BLOB != 0).count()
    }

    /// Where a blob comes from; `None` if it is not below PATH.
    pub(super) fn origin(&self, names: &Names, object: u32) -> Option<Origin> {
        let state = self.state.get(object as usize).filter(|state| **state & BLOB != 0)?;
        let first = self.firsts.get(object as usize)?;
        Some(Origin {
            path: paths::shown(&self.path(names, object)),
            commit: (first.commit != NONE).then_some(first.commit),
            in_head: state & IN_HEAD != 0,
            in_place: state & IN_PLACE != 0,
            reached: reached(*state >> REACHED),
        })
    }

    /// Whether the object is a blob below PATH.
    pub(super) fn is_blob(&self, object: u32) -> bool {
        self.state.get(object as usize).is_some_and(|state| state & BLOB != 0)
    }

    /// What keeps a blob.
    pub(super) fn reached(&self, object: u32) -> Reached {
        self.state.get(object as usize).map_or(Reached::Nothing, |state| reached(*state >> REACHED))
    }

    /// Whether this tree was entered.
    pub(super) fn is_seen(&self, object: u32) -> bool {
        self.state.get(object as usize).is_some_and(|state| state & SEEN != 0)
    }

    fn see(&mut self, object: u32) -> bool {
        let Some(state) = self.state.get_mut(object as usize) else { return false };
        let first = *state & SEEN == 0;
        *state |= SEEN;
        first
    }

    fn found(&mut self, object: u32, first: First, by: Reached) {
        let (Some(state), Some(slot)) =
            (self.state.get_mut(object as usize), self.firsts.get_mut(object as usize))
        else {
            return;
        };
        if *state & BLOB == 0 {
            *state |= BLOB | (by as u8) << REACHED;
            *slot = first;
        }
    }

    fn folder(&mut self, names: &Names, above: u32, label: u32) -> Option<u32> {
        if let Some(known) = self.known.get(&(above, label)) {
            return Some(*known);
        }
        let before = self.folders.get(above as usize)?.length;
        let length = before + 1 + u32::try_from(self.name(names, label).len()).ok()?;
        if length > LONGEST {
            return None;
        }
        let number = u32::try_from(self.folders.len()).ok()?;
        self.folders.push(Folder { above, label, length });
        self.known.insert((above, label), number);
        Some(number)
    }

    fn name<'a>(&'a self, names: &'a Names, label: u32) -> &'a [u8] {
        if label & STAGED == 0 { names.name(label) } else { self.staged.name(label & !STAGED) }
    }

    /// The path that a blob has first; empty without one.
    fn path(&self, names: &Names, object: u32) -> Vec<u8> {
        let first = self.firsts.get(object as usize);
        first.map_or_else(Vec::new, |first| self.bytes(names, (first.folder, first.label)))
    }

    fn bytes(&self, names: &Names, (folder, label): Place) -> Vec<u8> {
        if label == NONE {
            return Vec::new();
        }
        let name = self.name(names, label);
        let above = self.folders.get(folder as usize).map_or(0, |folder| folder.length as usize);
        let mut path = vec![0; above + name.len()];
        let (mut part, mut folder, mut end) = (name, folder, path.len());
        loop {
            let start = end.saturating_sub(part.len());
            if let Some(slot) = path.get_mut(start..end).filter(|slot| slot.len() == part.len()) {
                slot.copy_from_slice(part);
            }
            let Some(here) = self.folders.get(folder as usize).filter(|here| here.above != NONE) else {
                return path;
            };
            end = start.saturating_sub(1);
            if let Some(slash) = path.get_mut(end) {
                *slash = b'/';
            }
            (part, folder) = (self.name(names, here.label), here.above);
        }
    }
}

fn reached(bits: u8) -> Reached {
    [Reached::Branches, Reached::Index, Reached::Stash, Reached::Reflog]
        .into_iter()
        .find(|reached| *reached as u8 == bits)
        .unwrap_or(Reached::Nothing)
}

/// PATH in the trees of commits.
pub(in crate::source) struct Below<'a> {
    structure: &'a Structure,
    /// For each name of PATH, its labels.
    parts: Vec<Vec<u32>>,
    known: HashMap<(u32, usize), Option<u32>>,
}

impl<'a> Below<'a> {
    pub(in crate::source) fn new(structure: &'a Structure, prefix: &[u8]) -> Below<'a> {
        let names = prefix.split(|byte| *byte == b'/').filter(|name| !name.is_empty());
        let parts = names.map(|name| structure.names.folders_named(name)).collect();
        Below { structure, parts, known: HashMap::new() }
    }

    /// PATH below the tree with this number: `Some(None)` where there is none, `None` if trees are missing.
    pub(in crate::source) fn root(&mut self, tree: u32) -> Option<Option<u32>> {
        let mut here = tree;
        for (depth, labels) in self.parts.iter().enumerate() {
            let found = match self.known.get(&(here, depth)) {
                Some(found) => *found,
                None => {
                    let entries = self.structure.tree(here)?;
                    let found = entries.iter().find(|(label, _)| labels.contains(label)).map(|(_, id)| *id);
                    self.known.insert((here, depth), found);
                    found
                }
            };
            match found {
                Some(tree) => here = tree,
                None => return Some(None),
            }
        }
        Some(Some(here))
    }
}
