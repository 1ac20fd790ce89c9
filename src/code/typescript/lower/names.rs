//! The names of a module, each kept once.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;

use crate::code::Name;

/// Longer texts are not looked for among those that are there already.
const LONGEST_SHARED: usize = 64;

/// Names that were seen.
pub(super) struct Names(HashSet<Name, Keyed>);

impl Names {
    pub(super) fn new() -> Names {
        Names(HashSet::with_hasher(Keyed(RandomState::new().hash_one(0_u8))))
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

/// A hash that is quicker for short names than that of the standard library. Its key differs from run to run, so that no
/// file can be written whose names collide; nothing depends on the order.
struct Keyed(u64);

struct Folded(u64);

impl BuildHasher for Keyed {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        Folded(self.0)
    }
}

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        let (whole, rest) = bytes.as_chunks::<8>();
        for chunk in whole {
            self.write_u64(u64::from_le_bytes(*chunk));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.write_u64(u64::from_le_bytes(last) ^ ((bytes.len() as u64) << 56));
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }

    fn write_u64(&mut self, value: u64) {
        // The two halves of the product with a constant without structure (the fraction of pi).
        let product =
            u128::from(self.0 ^ value) * u128::from(0x243f_6a88_85a3_08d3_u64 ^ self.0.rotate_left(32));
        self.0 = (product as u64) ^ ((product >> 64) as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
