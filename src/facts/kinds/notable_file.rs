use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};

/// Why a file or folder is notable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotableKind {
    /// Installed dependencies (`node_modules`, `venv`).
    #[default]
    Dependencies,
    /// Build output (`.next`, `dist` of a bundler, `__pycache__`).
    BuildOutput,
    /// A database file with content.
    Database,
    /// A dump of a database with rows.
    Dump,
    /// An `.env` file with values (not an example).
    EnvFile,
    /// State of an infrastructure tool (`terraform.tfstate`).
    InfrastructureState,
    /// Code of the product that does not parse.
    BrokenCode,
    /// Left by a command gone wrong: a file named like a command's arguments.
    Junk,
}

/// A file, or a folder taken as one, that should not be in the repository, or that bears on many checks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotableFile {
    /// The app that it belongs to, `""` for none.
    pub app: String,
    /// Relative to PATH; a folder stands for all its files.
    pub path: String,
    /// Why it is notable.
    pub kind: NotableKind,
    /// Whether git tracks it.
    pub tracked: bool,
    /// Files in it.
    pub files: u32,
    /// Their size.
    pub bytes: u64,
    /// Rows of data seen in it, for databases and dumps as far as text shows; else 0.
    pub rows: u32,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for NotableFile {
    fn subject(&self) -> String {
        self.path.clone()
    }
    fn app(&self) -> &str {
        &self.app
    }
    fn place(&self) -> (&str, u32) {
        (&self.path, 0)
    }
    fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }
}
