//! Looking for formats: where one could be, then what stands there.
//!
//! Nearly every value of a provider has a run of 16 or more letters, digits, `_` and `-` in it. Such runs are rare and are
//! found faster than keywords, so keywords are looked for only around them. Formats whose values may be without such a run
//! are the exception: their keywords are looked for in the whole text.

mod compiled;
mod escapes;
mod keywords;
mod matching;
mod near;
mod prefixes;
mod runs;
#[cfg_attr(not(test), allow(dead_code, reason = "the build script asks for shapes"))]
mod shape;

pub(super) use compiled::compiled;
pub(super) use keywords::Hit;
pub(super) use matching::{Budget, Match, matches};
pub(super) use near::{Nearby, is_near, is_restless, is_value, stretch};
pub(super) use prefixes::Prefixes;
pub(super) use runs::{RUN, runs};
