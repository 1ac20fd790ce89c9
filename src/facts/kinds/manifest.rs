use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// A file that declares dependencies: `package.json`, `pyproject.toml`, `requirements.txt`, `Cargo.toml`,
/// `deno.json` …
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Manifest {
    /// Relative to PATH.
    pub file: String,
    /// The app it belongs to.
    pub app: String,
    /// `npm`, `pypi`, `cargo`, `deno`, or the name of one that is not read (`go`, `rubygems`, `pub` …).
    pub ecosystem: String,
    /// Whether this version reads manifests of this ecosystem, and could read this one.
    pub read: bool,
    /// Dependencies that it declares, development ones included.
    pub dependencies: u32,
    /// Whether exact versions of all of them are recorded in a lockfile that git tracks (or by pins in the manifest
    /// itself).
    /// `na` where there is nothing to lock, or the package is a library for which a lockfile is a choice.
    pub locked: Answer,
    /// The lockfiles that belong to it, sorted.
    pub lockfiles: Vec<String>,
    /// The package managers of those lockfiles, sorted; more than one is a conflict.
    pub managers: Vec<String>,
    /// The manager that the manifest names (`packageManager`, a `[tool.*]` table), `""` for none.
    pub declared_manager: String,
    /// Names of registry dependencies without an upper bound on purpose: `*`, `latest`, a branch; sorted.
    pub floating: Vec<Excerpt>,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Manifest {
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
