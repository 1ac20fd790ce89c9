//! Whether a file is read in time. The parser tries what an arrow function, a type argument or a conditional could be,
//! and goes back: nested in each other, that takes the square of the length or more. Each attempt leaves its tree in the
//! arena, so the size of the arena is a count of the work. It is looked at for the first part of a file, then for
//! three times as much, and so on, so that none takes much more than the one before. Names are resolved scope by scope from
//! the inside, which takes as many steps for a name as there are scopes around it; so those are counted as well.

use std::cell::Cell;

use oxc::allocator::Allocator;
use oxc::ast::ast::Program;
use oxc::ast_visit::Visit;
use oxc::span::SourceType;
use oxc::syntax::scope::{ScopeFlags, ScopeId};

/// The first part has so many signs at which the parser tries something.
const FIRST: usize = 1_500;
/// What the arena may hold, of any part and for each byte of it. Real files take 5 to 50 for each byte.
const ARENA: usize = 8 << 20;
const ARENA_PER_BYTE: usize = 48;
/// With fewer levels, scopes are not worth a look.
pub(super) const MANY_LEVELS: usize = 10_000;
/// How many scopes may be within each other.
const DEEPEST_SCOPE: u32 = 250;

/// Whether the whole text can be parsed.
pub(super) fn is_bearable(text: &str, source: SourceType) -> bool {
    if text.len() < FIRST || text.bytes().filter(|byte| matches!(byte, b'(' | b'?' | b'<')).count() < FIRST {
        return true;
    }
    let mut signs = 0;
    let mut next = FIRST;
    let bytes = text.as_bytes();
    for (place, byte) in bytes.iter().enumerate() {
        let is_sign = match byte {
            b'(' | b'?' => true,
            // `</a>` only closes. A comment may follow as well.
            b'<' => {
                !matches!(bytes.get(place + 1..place + 3), Some([b'/', after]) if !matches!(after, b'*' | b'/'))
            }
            _ => false,
        };
        if !is_sign {
            continue;
        }
        signs += 1;
        if signs < next {
            continue;
        }
        next *= 3;
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
