//! Extraction: from notes and history to facts. Extractors don't see each other's facts.

mod access_rules;
pub mod apps;
mod backups;
mod ci_workflows;
mod cloud_resources;
mod dependencies;

mod deploy_units;
mod folders;
mod lockfiles;
mod manifests;
mod matches;
mod notable_files;
mod people;
mod project;
pub mod routes;
mod runtimes;
mod schema;
mod secrets;
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
    Extractor { list: "cloud_resources", run: cloud_resources::run },
    Extractor { list: "backups", run: backups::run },
    Extractor { list: "routes", run: routes::run },
    Extractor { list: "access_rules", run: access_rules::run },
    Extractor { list: "firebase_services", run: access_rules::services },
    Extractor { list: "ai_tools", run: routes::ai_tools::run },
    Extractor { list: "migrations", run: schema::migrations },
    Extractor { list: "tables", run: schema::tables },
    Extractor { list: "policies", run: schema::policies },
    Extractor { list: "functions", run: schema::functions },
    Extractor { list: "views", run: schema::views },
    Extractor { list: "buckets", run: schema::buckets },
    Extractor { list: "settings", run: settings::run },
    Extractor { list: "matches", run: matches::run },
    Extractor { list: "runtimes", run: runtimes::run },
    Extractor { list: "secrets", run: secrets::run },
];
