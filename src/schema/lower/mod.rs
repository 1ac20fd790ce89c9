//! From the parser's syntax tree to the tree of [`super::sql`].
//!
//! The parser has accepted the statement before anything is lowered, so what is missing here is a kind of syntax that
//! the replay has no use for, and `None` says so.

mod alter;
mod create;
mod expr;
mod function;
mod grant;
mod names;
mod query;
mod statement;
mod types;

pub use expr::expr;
pub use names::fold;
pub use query::query;
pub use statement::statement;
