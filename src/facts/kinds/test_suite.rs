use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};

/// What a suite drives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TestLevel {
    /// Code, in process.
    #[default]
    Unit,
    /// The whole product, through a browser or a device.
    E2e,
    /// The database itself (pgTAP).
    Database,
    /// Load on a running system.
    Load,
}

/// One file of a suite.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TestFile {
    /// Relative to PATH.
    pub file: String,
    /// Test cases that would run.
    pub cases: u32,
    /// Test cases that are switched off.
    pub skipped: u32,
    /// Assertions.
    pub assertions: u32,
    /// What it imports: paths relative to PATH without extension where they resolve, else as written. Sorted.
    pub imports: Vec<String>,
}

/// The test files of one app under one framework.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TestSuite {
    /// The app it belongs to.
    pub app: String,
    /// `vitest`, `jest`, `pytest`, `playwright`, `cargo test` …
    pub framework: String,
    /// What it drives.
    pub level: TestLevel,
    /// Sorted by path.
    pub files: Vec<TestFile>,
    /// Test cases that would run.
    pub cases: u32,
    /// Test cases that are switched off.
    pub skipped: u32,
    /// Assertions.
    pub assertions: u32,
    /// Paths of files with test cases but no assertion, sorted. Helpers that assert elsewhere make it empty.
    pub without_assertions: Vec<String>,
    /// Whether a command of the project runs it (a script that is not a placeholder, or the tool's default).
    pub runnable: Answer,
    /// The file that sets the framework up or declares it, `""` if only the test files show it.
    pub file: String,
    /// The line there.
    pub line: u32,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for TestSuite {
    fn subject(&self) -> String {
        match self.app.as_str() {
            "" | "." => format!("{} tests", self.framework),
            app => format!("{} tests of {app}", self.framework),
        }
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
