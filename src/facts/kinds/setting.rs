use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// One setting of a tool or framework that bears on production.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Setting {
    /// The app it belongs to.
    pub app: String,
    /// `next`, `typescript`, `flask`, `django`, `vite`, …
    pub tool: String,
    /// The key, dotted: `typescript.ignoreBuildErrors`, `compilerOptions.strict`, `debug`.
    pub key: String,
    /// Its value as written.
    pub value: Excerpt,
    /// Whether it holds in production as far as the file shows: `false` under a development branch, `__main__`
    /// or a development-only file.
    pub production: bool,
    /// Relative to PATH.
    pub file: String,
    /// The line.
    pub line: u32,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Setting {
    fn subject(&self) -> String {
        format!("{} {} in {}", self.tool, self.key, self.file)
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
