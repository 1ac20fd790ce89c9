//! The permission map: rows are actions on things, columns are who may act.

mod map;
mod markdown;
mod table;
mod words;

pub use map::{AppMap, Column, MapRow, PermissionMap};
pub(super) use markdown::section as markdown;
pub use table::render as table;
pub(super) use words::said;
