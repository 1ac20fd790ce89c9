//! Reports: one model, several formats. Nothing is judged here.

mod accepted_words;
mod assemble;
mod background;
pub mod baseline;
mod change_words;
mod coverage_words;
mod entries;
pub mod escape;
mod facts_columns;
pub mod facts_table;
mod gate;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod markdown;
mod model;
pub mod permissions;
pub mod routes;
pub mod sarif;
#[cfg(test)]
#[path = "../../tests/common/schemas.rs"]
mod schemas;
mod sentence;
pub mod terminal;
#[cfg(test)]
pub(crate) mod testing;
mod words;

pub use crate::findings::Attestation;
pub use assemble::Parts;
pub use background::Background;
pub use entries::Published;
pub use gate::{AppGate, Gate, Limit, Threshold};
pub use model::{
    CodeCoverage, Comparison, ComparisonKind, Coverage, Fixed, FormatVersion, HistoryCoverage, Report,
    Ruleset, SkippedFiles, Subject, Summary, Tool,
};
