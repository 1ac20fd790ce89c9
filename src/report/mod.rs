//! Reports: one model, several formats. Nothing is computed here.

mod model;

pub use model::{
    Attestation, CodeCoverage, Coverage, FormatVersion, Gate, HistoryCoverage, Report, Ruleset, SkippedFiles,
    Subject, Summary, Tool,
};
