//! SQL migrations, replayed in order into the catalogue that PostgreSQL would hold, with no database.
//!
//! `split` cuts a script into statements, `parse` gives each to the parser and `lower` turns what comes back into the
//! small tree of `sql`. `replay` runs the statements against the `catalogue`, with `check` to refuse what the server
//! would refuse, `plpgsql` to run blocks, `baseline` for what is there before the first migration and `builtin` for what
//! PostgreSQL brings along. `layout` finds the scripts of a repository. `prisma` reads the models of a `schema.prisma`, and `firebase`
//! the rules that Firebase is given.

mod baseline;
mod builtin;
pub mod catalogue;
mod check;
pub mod firebase;
pub mod layout;
mod lower;
pub mod model;
pub mod parse;
mod plpgsql;
pub mod prisma;
mod replay;
pub mod split;
pub mod sql;

pub use catalogue::Catalogue;
pub use replay::{Options, SqlFile, replay};
