//! The route matrix: rows are routes, columns are what every route must answer.

mod matrix;
mod table;
mod words;

pub use matrix::{GuardUse, RouteCounts, RouteMatrix, RouteRow};
pub use table::render as table;
pub(super) use words::{COLUMNS, LEGEND, cells, counted, effects, guards, said};
