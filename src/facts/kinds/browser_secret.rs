use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};

/// A setting that only a server may know, and that code reads which browsers load.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BrowserSecret {
    /// The environment variable.
    pub name: String,
    /// The app it belongs to.
    pub app: String,
    /// The module that reads it, relative to PATH.
    pub file: String,
    /// The first line that does.
    pub line: u32,
    /// How the browser comes to the module: from the file that it starts with, over imports, to `file`.
    pub loaded_by: Vec<String>,
    /// Whether the bundler is told to write its value into what browsers load. `no`: what they load reads nothing there.
    pub shipped: Answer,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for BrowserSecret {
    fn subject(&self) -> String {
        format!("{} in {}", self.name, self.file)
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
