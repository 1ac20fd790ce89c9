use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};

/// A file that records exact versions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Lockfile {
    /// Relative to PATH.
    pub file: String,
    /// The app it belongs to.
    pub app: String,
    /// `npm`, `pnpm`, `yarn`, `bun`, `poetry`, `uv`, `pipenv`, `pdm`, `cargo`, `deno`, or one that is not read.
    pub manager: String,
    /// The manifest it belongs to, `""` if there is none beside it.
    pub manifest: String,
    /// Packages recorded.
    pub packages: u32,
    /// Whether it records every dependency of its manifest at a version that the manifest's range allows.
    pub matches: Answer,
    /// Names of dependencies that it lacks, or has at another version, sorted.
    pub mismatched: Vec<String>,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Lockfile {
    fn subject(&self) -> String {
        self.file.clone()
    }
    fn app(&self) -> &str {
        &self.app
    }
    fn place(&self) -> (&str, u32) {
        (&self.file, 0)
    }
    fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }
}
