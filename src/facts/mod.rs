//! What is true of the repository, with evidence.
//!
//! Three steps: **read** (every file once, in parallel: `read/`), **extract** (pure functions over
//! what was read: `extract/`), **join** (facts that need other facts: `join/`). Each step is one static list.

pub mod ci;
pub mod code;
pub mod config;
pub mod dockerfile;
pub mod extract;
pub mod identity;
pub mod imports;
pub mod join;
pub mod kinds;
pub mod layout;
pub mod locks;
pub mod mask;
pub mod notes;
pub mod ranges;
pub mod reached;
pub mod read;
mod registry;
pub mod search;
pub mod semver;
pub mod shell;
#[cfg(test)]
pub mod testing;

pub use kinds::{Answer, Evidence, Fact, Unknown};
pub use notes::FileNotes;
pub use registry::{AnyFact, KINDS, Kind, kind_named, schema};
pub use search::Search;

use schemars::JsonSchema;
use serde::Serialize;

use crate::source::{Skip, Source};
use kinds::{
    App, Backup, CiWorkflow, Database, Dependency, DeployUnit, EnvVar, Lockfile, Manifest, NotableFile,
    Ownership, Person, Project, Runtime, Setting, TestSuite,
};

/// The fact base: one list for each kind, in a stable order, and the one `project`.
///
/// Rules see each list under its name here, and the fact that they judge under the singular of
/// [`KINDS`].
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Facts {
    /// The repository as a whole.
    pub project: Project,
    /// Deployable units.
    pub apps: Vec<App>,
    /// Authors.
    pub people: Vec<Person>,
    /// Who changed what is below a folder.
    pub folders: Vec<Ownership>,
    /// Files that declare dependencies.
    pub manifests: Vec<Manifest>,
    /// Files that record exact versions.
    pub lockfiles: Vec<Lockfile>,
    /// Declared dependencies.
    pub dependencies: Vec<Dependency>,
    /// Test suites.
    pub tests: Vec<TestSuite>,
    /// CI workflows.
    pub ci_workflows: Vec<CiWorkflow>,
    /// What is deployed.
    pub deploy_units: Vec<DeployUnit>,
    /// Databases.
    pub databases: Vec<Database>,
    /// Evidence of backups, and against them.
    pub backups: Vec<Backup>,
    /// Environment variables.
    pub env_vars: Vec<EnvVar>,
    /// Settings that bear on production.
    pub settings: Vec<Setting>,
    /// Versions of runtimes.
    pub runtimes: Vec<Runtime>,
    /// Files that should not be there.
    pub notable_files: Vec<NotableFile>,
}

/// What was read of the files, and what was not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Files whose text was read.
    pub read: u32,
    /// Bytes of text read.
    pub bytes: u64,
    /// Files that no reader wanted: images, styles, prose.
    pub unwanted: u32,
    /// Files that were wanted and not read, and why; sorted by path.
    pub skipped: Vec<Skip>,
    /// Files that were read and do not parse: path, and what is wrong (line, column); sorted by path.
    pub broken: Vec<(String, String)>,
    /// Paths of files with bytes that are no UTF-8, sorted.
    pub lossy: Vec<String>,
}

/// Everything that extractors see.
pub struct Input<'a> {
    /// The files and the repository.
    pub source: &'a Source,
    /// What the readers say of each file, in the order of the tree; files without notes are left out.
    pub notes: &'a [FileNotes],
}

/// Collects all facts of `source`, and what `search` finds in its files.
pub fn collect(source: &Source, search: &Search) -> (Facts, Reading) {
    let (notes, reading) = read::all(&source.tree, search);
    let input = Input { source, notes: &notes };
    let mut facts = Facts::default();
    for extractor in extract::EXTRACTORS {
        (extractor.run)(&input, &mut facts);
    }
    for join in join::JOINS {
        (join.run)(&input, &mut facts);
    }
    (facts, reading)
}
