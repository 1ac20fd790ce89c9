//! The names of a module, each kept once.

use std::collections::HashSet;
use std::sync::Arc;

use crate::code::Name;
use crate::hash::Keyed;

/// Longer texts are not looked for among those that are there already.
const LONGEST_SHARED: usize = 64;

/// A file has so many bytes for each name, more or less.
const BYTES_EACH: usize = 64;

/// Names that were seen.
pub(super) struct Names(HashSet<Name, Keyed>);

impl Names {
    /// None yet, with room for those of a file of this length.
    pub(super) fn new(length: usize) -> Names {
        Names(HashSet::with_capacity_and_hasher(length / BYTES_EACH, Keyed::default()))
    }

    /// A name, shared if it was there before.
    pub(super) fn shared(&mut self, text: &str) -> Name {
        if text.len() > LONGEST_SHARED {
            return Arc::from(text);
        }
        if let Some(name) = self.0.get(text) {
            return Arc::clone(name);
        }
        let name: Name = Arc::from(text);
        self.0.insert(Arc::clone(&name));
        name
    }
}
