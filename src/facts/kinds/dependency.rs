use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// What a dependency is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Needed to run.
    #[default]
    Runtime,
    /// Needed to develop or test.
    Dev,
    /// Used if present.
    Optional,
    /// Expected of the package that imports this one.
    Peer,
    /// Needed to build.
    Build,
}

/// Where it comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// The ecosystem's registry.
    #[default]
    Registry,
    /// A git repository.
    Git,
    /// An archive at an address.
    Url,
    /// A folder of the repository.
    Path,
    /// A sibling of the same workspace.
    Workspace,
}

/// How far a declared version may drift.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RangeKind {
    /// Exactly one version (for git: a commit).
    Exact,
    /// Bounded above.
    #[default]
    Range,
    /// Bounded below only (`>=1.0`).
    Open,
    /// Anything: `*`, `latest`, no version, a branch.
    Any,
}

/// One declared dependency of one manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Dependency {
    /// `npm`, `pypi`, `cargo`, `deno`.
    pub ecosystem: String,
    /// As declared; PyPI names normalised.
    pub name: Excerpt,
    /// The requirement as declared.
    pub version: Excerpt,
    /// The version in the lockfile, `""` if none says.
    pub locked: Excerpt,
    /// The app it belongs to.
    pub app: String,
    /// The manifest.
    pub file: String,
    /// The line of the declaration.
    pub line: u32,
    /// What it is for.
    pub scope: Scope,
    /// Where it comes from.
    pub source: SourceKind,
    /// How far the version may drift.
    pub range: RangeKind,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Dependency {
    fn subject(&self) -> String {
        format!("{} {} in {}", self.ecosystem, self.name, self.file)
    }
    fn app(&self) -> &str {
        &self.app
    }
    fn place(&self) -> (&str, u32) {
        (&self.file, self.line)
    }
    fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }
}
