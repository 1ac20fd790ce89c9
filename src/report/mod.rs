//! Reports: one model, several formats. Nothing is computed here.

mod model;

pub use crate::findings::Attestation;
pub use model::{
    CodeCoverage, Coverage, FormatVersion, Gate, HistoryCoverage, Report, Ruleset, SkippedFiles, Subject,
    Summary, Tool,
};
