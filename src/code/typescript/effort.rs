//! Whether a file is parsed in time. The parser tries what an arrow function, a type argument or a conditional could be,
//! and goes back: nested in each other, that takes the square of the length or more. Each attempt leaves its tree in the
//! arena, so the size of the arena is a count of the work. It is looked at for the first part of a file, then for
//! twice as much, and so on, so that no attempt takes much more than the one before.

use oxc::allocator::Allocator;
use oxc::span::SourceType;

/// The first part has so many signs at which the parser tries something.
pub(super) const FIRST: usize = 1_000;
/// What the arena may hold, of any part and for each byte of it. Real files take 5 to 50 for each byte.
const ARENA: usize = 16 << 20;
const ARENA_PER_BYTE: usize = 64;

/// Whether the whole text can be parsed. One with fewer than [`FIRST`] such signs always can.
pub(super) fn is_bearable(text: &str, source: SourceType) -> bool {
    let mut signs = 0;
    let mut next = FIRST;
    for (place, byte) in text.bytes().enumerate() {
        if !matches!(byte, b'(' | b'<' | b'?') {
            continue;
        }
        signs += 1;
        if signs < next {
            continue;
        }
        next *= 2;
        // Where a sign is, a character begins.
        let allocator = Allocator::default();
        super::parsed(&allocator, &text[..place], source);
        if allocator.used_bytes() > ARENA + place * ARENA_PER_BYTE {
            return false;
        }
    }
    true
}
