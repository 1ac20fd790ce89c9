//! Any bytes as a pack and its index: the reader comes back, with no panic and no allocation that the bytes don't warrant
//! (`-malloc_limit_mb`).
//!
//! The first byte says what follows. Even: two bytes for the length of the index, the index, the pack. Odd: a pack, for
//! which an index is made that lists the offsets in its last bytes; so the fuzzer need not find a valid index first.
#![no_main]

mod source;

libfuzzer_sys::fuzz_target!(|data: &[u8]| source::read(data));
