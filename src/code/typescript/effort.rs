//! Whether a file is read in time. The parser tries what an arrow function, a type argument or a conditional could be,
//! and goes back: nested in each other, that takes the square of the length or more. Each attempt leaves its tree in the
//! arena, so the size of the arena is a count of the work. It is looked at for the first part of a file, then for
//! twice as much, and so on, so that no attempt takes much more than the one before. Names are resolved scope by scope from
//! the inside, which takes as many steps for a name as there are scopes around it; so those are counted as well.

use std::cell::Cell;

use oxc::allocator::Allocator;
use oxc::ast::ast::Program;
use oxc::ast_visit::Visit;
use oxc::span::SourceType;
use oxc::syntax::scope::{ScopeFlags, ScopeId};

/// The first part has so many signs at which the parser tries something.
pub(super) const FIRST: usize = 1_000;
/// What the arena may hold, of any part and for each byte of it. Real files take 5 to 50 for each byte.
const ARENA: usize = 16 << 20;
const ARENA_PER_BYTE: usize = 64;
/// With fewer levels, scopes are not worth a look.
pub(super) const MANY_LEVELS: usize = 10_000;
/// How many scopes may be within each other.
const DEEPEST_SCOPE: u32 = 250;

/// Whether the whole text can be parsed. One with fewer than [`FIRST`] levels always can.
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

/// Whether names can be resolved: scopes are not too deep.
pub(super) fn is_resolvable(program: &Program<'_>) -> bool {
    let mut depth = Depth::default();
    depth.visit_program(program);
    depth.deepest <= DEEPEST_SCOPE
}

/// How deep scopes are.
#[derive(Default)]
struct Depth {
    now: u32,
    deepest: u32,
}

impl<'a> Visit<'a> for Depth {
    fn enter_scope(&mut self, _: ScopeFlags, _: &Cell<Option<ScopeId>>) {
        self.now += 1;
        self.deepest = self.deepest.max(self.now);
    }

    fn leave_scope(&mut self) {
        self.now -= 1;
    }
}
