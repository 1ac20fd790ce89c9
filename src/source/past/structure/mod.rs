//! Commits, trees and tags of a repository: each decoded once, and kept in a compact form.
//!
//! Objects go by number. An object that others name and that the repository lacks has a number too, from
//! [`Structure::stored`] on.

mod names;
mod trees;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use git2::Oid;

use crate::source::git::objects;
use crate::source::store::{Kind, Store};
pub(in crate::source) use names::Names;
pub(in crate::source) use trees::Entry;
use trees::{Decoder, Trees};

/// A commit, as read.
#[derive(Debug)]
pub(in crate::source) struct Commit {
    pub(in crate::source) number: u32,
    /// The number of its tree.
    pub(in crate::source) tree: u32,
    /// Numbers of its parents, be they there or not.
    pub(in crate::source) parents: Box<[u32]>,
    /// Seconds since 1970.
    pub(in crate::source) committed: i64,
    author: Box<[u8]>,
    pub(in crate::source) message: Box<[u8]>,
}

impl Commit {
    pub(in crate::source) fn author(&self) -> objects::Signature<'_> {
        objects::signature(&self.author)
    }
}

/// An annotated tag.
#[derive(Debug)]
pub(in crate::source) struct Tag {
    number: u32,
    /// The number of what it names.
    pub(in crate::source) target: u32,
    pub(in crate::source) message: Box<[u8]>,
}

/// What an object is, and where it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::source) enum Object {
    /// Its position in [`Structure::commits`].
    Commit(u32),
    Tree,
    /// Its position in [`Structure::tags`].
    Tag(u32),
    /// A blob; nobody has looked yet whether it can be read.
    Blob,
    /// Named by others and not there, or damaged.
    Missing,
}

/// See the module.
pub(in crate::source) struct Structure {
    pub(in crate::source) store: Store,
    /// In the order of their numbers.
    pub(in crate::source) commits: Vec<Commit>,
    /// In the order of their numbers.
    pub(in crate::source) tags: Vec<Tag>,
    pub(in crate::source) names: Names,
    trees: Trees,
    /// For each object, what it is and its position: see [`Structure::object`].
    places: Vec<u32>,
    absent: HashMap<Oid, u32>,
    /// In sentences for the coverage page.
    pub(in crate::source) notes: Vec<String>,
}

/// The two high bits of a place tell what is there.
const COMMIT: u32 = 1 << 30;
const TREE: u32 = 2 << 30;
const OTHER: u32 = 3 << 30;
const POSITION: u32 = COMMIT - 1;
/// Of [`OTHER`]: a tag has a position below.
const DAMAGED: u32 = POSITION;

/// What one thread decoded.
#[derive(Default)]
struct Decoded {
    commits: Vec<Commit>,
    tags: Vec<Tag>,
    trees: Decoder,
    damaged: Vec<u32>,
}

impl Structure {
    /// Decodes every commit, tree and tag.
    pub(in crate::source) fn read(store: Store, notes: Vec<String>) -> Structure {
        let stored = u32::try_from(store.len()).unwrap_or(u32::MAX);
        let names = names::Collector::default();
        let absent: Mutex<HashMap<Oid, u32>> = Mutex::default();
        let number = |id: &[u8]| {
            store.number(id).unwrap_or_else(|| {
                let Ok(id) = Oid::from_bytes(id) else { return u32::MAX };
                let mut absent = absent.lock().unwrap_or_else(PoisonError::into_inner);
                let next = stored.saturating_add(u32::try_from(absent.len()).unwrap_or(u32::MAX));
                *absent.entry(id).or_insert(next)
            })
        };
        let threads = rayon::current_num_threads();
        let decoded: Vec<Mutex<Decoded>> = (0..=threads).map(|_| Mutex::default()).collect();
        let failed = store.structure(&|object, kind, data| {
            let thread = rayon::current_thread_index().unwrap_or(threads).min(threads);
            let Some(decoded) = decoded.get(thread) else { return };
            let decoded = &mut *decoded.lock().unwrap_or_else(PoisonError::into_inner);
            let whole = match kind {
                Kind::Commit => {
                    commit(object, data, &number).map(|commit| decoded.commits.push(commit)).is_some()
                }
                Kind::Tag => tag(object, data, &number).map(|tag| decoded.tags.push(tag)).is_some(),
                Kind::Tree => decoded.trees.add(object, data, &names, &number),
                Kind::Blob => true,
            };
            if !whole {
                decoded.damaged.push(object);
            }
        });
        let (mut commits, mut tags, mut decoders, mut damaged) = (Vec::new(), Vec::new(), Vec::new(), failed);
        for decoded in decoded {
            let decoded = decoded.into_inner().unwrap_or_else(PoisonError::into_inner);
            commits.extend(decoded.commits);
            tags.extend(decoded.tags);
            decoders.push(decoded.trees);
            damaged.extend(decoded.damaged);
        }
        commits.sort_unstable_by_key(|commit| commit.number);
        tags.sort_unstable_by_key(|tag| tag.number);
        let mut places = vec![0u32; store.len()];
        let mut set = |number: u32, place: u32| {
            if let Some(slot) = places.get_mut(number as usize) {
                *slot = place;
            }
        };
        damaged.iter().for_each(|number| set(*number, OTHER | DAMAGED));
        for (position, commit) in (0u32..).zip(&commits) {
            set(commit.number, COMMIT | position);
        }
        for (position, tag) in (0u32..).zip(&tags) {
            set(tag.number, OTHER | position);
        }
        let trees = Trees::collect(decoders, &mut |number, position| set(number, TREE | position));
        let absent = absent.into_inner().unwrap_or_else(PoisonError::into_inner);
        Structure { names: names.done(), trees, commits, tags, places, absent, notes, store }
    }

    /// How many objects the repository has.
    pub(in crate::source) fn stored(&self) -> usize {
        self.places.len()
    }

    /// How many objects there are, those that are missing among them.
    pub(in crate::source) fn len(&self) -> usize {
        self.places.len() + self.absent.len()
    }

    /// The number of an object; `None` if nothing has ever named it.
    pub(in crate::source) fn number(&self, id: Oid) -> Option<u32> {
        self.store.number(id.as_bytes()).or_else(|| self.absent.get(&id).copied())
    }

    /// The id of an object that the repository has.
    pub(in crate::source) fn id(&self, number: u32) -> Oid {
        Oid::from_bytes(&self.store.id(number)).unwrap_or(Oid::ZERO_SHA1)
    }

    /// What an object is.
    pub(in crate::source) fn object(&self, number: u32) -> Object {
        let Some(place) = self.places.get(number as usize) else { return Object::Missing };
        match (place & !POSITION, place & POSITION) {
            (COMMIT, position) => Object::Commit(position),
            (TREE, _) => Object::Tree,
            (OTHER, DAMAGED) => Object::Missing,
            (OTHER, position) => Object::Tag(position),
            _ => Object::Blob,
        }
    }

    /// The position of a commit in [`Structure::commits`].
    pub(in crate::source) fn commit(&self, number: u32) -> Option<u32> {
        match self.object(number) {
            Object::Commit(position) => Some(position),
            _ => None,
        }
    }

    /// The entries of a tree in the order of git; `None` if there is no such tree.
    pub(in crate::source) fn tree(&self, number: u32) -> Option<&[Entry]> {
        let place = self.places.get(number as usize).filter(|place| **place & !POSITION == TREE)?;
        Some(self.trees.at(place & POSITION))
    }
}

fn commit(number: u32, data: &[u8], object: &dyn Fn(&[u8]) -> u32) -> Option<Commit> {
    let raw = objects::commit(data)?;
    Some(Commit {
        number,
        tree: object(raw.tree.as_bytes()),
        parents: raw.parents.iter().map(|id| object(id.as_bytes())).collect(),
        committed: raw.committed,
        author: raw.author.into(),
        message: raw.message.into(),
    })
}

fn tag(number: u32, data: &[u8], object: &dyn Fn(&[u8]) -> u32) -> Option<Tag> {
    let (target, message) = objects::tag(data)?;
    Some(Tag { number, target: object(target.as_bytes()), message: message.into() })
}
