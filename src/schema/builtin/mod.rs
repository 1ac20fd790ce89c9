//! What PostgreSQL brings along: types, functions, operators, casts and the relations of its catalogue.
//!
//! The tables beside this file are made from a server's own catalogue by `dump.sql`, which says how.

mod casts;
mod functions;
mod operators;
mod relations;
mod types;

pub use casts::{Cast, cast};
pub use functions::{all_named, functions_named};
pub use operators::{Operator, operators_named};
pub use relations::relation;
pub use types::types;

use crate::schema::catalogue::Ty;

/// A type of the tables: a name, with `[]` behind it if it is an array.
fn read_type(word: &str) -> Ty {
    match word.strip_suffix("[]") {
        Some(element) => types().by_name(element).unwrap_or(Ty::ANY).array_of(),
        None => types().by_name(word).unwrap_or(Ty::ANY),
    }
}
