//! A hash that is quicker for what is short than that of the standard library.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Makes hashes. Its key differs from run to run, so that no file can be written whose names collide; nothing may depend on
/// the order.
#[derive(Debug, Clone, Copy)]
pub struct Keyed(u64);

/// A hash that is being made.
#[derive(Debug, Clone)]
pub struct Folded(u64);

impl Default for Keyed {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0_u8))
    }
}

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

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
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
