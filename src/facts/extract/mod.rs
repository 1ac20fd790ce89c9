//! Extraction: from notes and history to facts. Extractors don't see each other's facts.

mod backups;
mod ci_workflows;
mod deploy_units;
mod settings;

use super::{Facts, Input};

/// One extractor: fills one list of the fact base.
pub struct Extractor {
    /// The list it fills.
    pub list: &'static str,
    /// Fills it.
    pub run: fn(&Input<'_>, &mut Facts),
}

/// Every extractor.
pub static EXTRACTORS: &[Extractor] = &[
    Extractor { list: "ci_workflows", run: ci_workflows::run },
    Extractor { list: "deploy_units", run: deploy_units::run },
    Extractor { list: "backups", run: backups::run },
    Extractor { list: "settings", run: settings::run },
];
