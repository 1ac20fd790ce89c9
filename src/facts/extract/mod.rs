//! Extraction: from notes and history to facts. Extractors don't see each other's facts.

pub mod apps;
mod backups;
mod ci_workflows;
mod dependencies;
mod deploy_units;
mod folders;
mod lockfiles;
mod manifests;
mod notable_files;
mod people;
mod project;
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
    Extractor { list: "project", run: project::run },
    Extractor { list: "apps", run: apps::run },
    Extractor { list: "people", run: people::run },
    Extractor { list: "folders", run: folders::run },
    Extractor { list: "manifests", run: manifests::run },
    Extractor { list: "lockfiles", run: lockfiles::run },
    Extractor { list: "dependencies", run: dependencies::run },
    Extractor { list: "notable_files", run: notable_files::run },
    Extractor { list: "ci_workflows", run: ci_workflows::run },
    Extractor { list: "deploy_units", run: deploy_units::run },
    Extractor { list: "backups", run: backups::run },
    Extractor { list: "settings", run: settings::run },
];

/// `part` of `whole`, 0 to 1, rounded to four decimals so that reports don't differ in the last bits.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts and sizes are far below 2^52")]
    let exact = part as f64 / whole as f64;
    (exact * 10_000.0).round() / 10_000.0
}
