use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// A version of a runtime that a file asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Runtime {
    /// The app it belongs to.
    pub app: String,
    /// `node`, `python`, `ruby`, `php`, `go`, `java`, `dotnet`, `deno`, `bun`, `rust`.
    pub language: String,
    /// Its name as people write it: `Node.js`.
    pub title: String,
    /// The version as written.
    pub version: Excerpt,
    /// The release line that it names: `20` of Node.js, `3.9` of Python; `""` where it leaves that open (`>=18`,
    /// `lts/*`).
    pub cycle: String,
    /// What states it: `dockerfile`, `build-stage` (a stage of a Dockerfile that does not ship), `ci`, `version-file`,
    /// `manifest`, `platform`.
    pub source: String,
    /// Relative to PATH.
    pub file: String,
    /// The line.
    pub line: u32,
    /// The job of the workflow, `""` outside of CI.
    pub job: Excerpt,
    /// Whether what ships runs on it.
    pub production: Answer,
    /// Whether CI runs tests on it.
    pub tests: bool,
    /// The last day on which its makers mend its security, `YYYY-MM-DD`; `""` where that is not known.
    pub supported_until: String,
    /// Where the same app is tested or developed on another release line than this one, which ships:
    /// `22 in .github/workflows/ci.yml`, sorted. Empty for what does not ship.
    pub differs: Vec<Excerpt>,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Runtime {
    fn subject(&self) -> String {
        let job = if self.job.is_empty() { String::new() } else { format!(" ({})", self.job) };
        format!("{} {} in {}{job}", self.language, self.version, self.file)
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
