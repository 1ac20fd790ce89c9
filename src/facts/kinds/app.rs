use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// What an app is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AppKind {
    /// Pages in a browser, with or without a server of its own.
    Web,
    /// A server without pages.
    Api,
    /// Runs jobs, a bot, a scheduled script.
    Worker,
    /// A phone app.
    Mobile,
    /// A desktop app.
    Desktop,
    /// A command-line tool.
    Cli,
    /// A package that others import; not deployed by itself.
    Library,
    /// None of these could be told.
    #[default]
    Unknown,
}

/// One part of a stack: a framework, a provider, a service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Part {
    /// Its id in the vocabulary: `next`, `postgres`, `stripe`.
    pub name: String,
    /// Its version as far as the manifest says, `""` if not.
    pub version: Excerpt,
    /// Who runs it, where that is known from the evidence: `supabase`, `neon`, `self`; else `""`.
    pub provider: String,
    /// The file that shows it.
    pub file: String,
    /// The line there.
    pub line: u32,
}

/// One deployable unit of the repository (the only one, in most).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct App {
    /// Its folder relative to PATH, `.` for PATH itself. Other facts name their app by this.
    pub path: String,
    /// Its name in its manifest, or the folder's.
    pub name: Excerpt,
    /// What it is.
    pub kind: AppKind,
    /// The manifest that makes it an app (`package.json`, `pyproject.toml`, …), `""` without one.
    pub file: String,
    /// Languages of its code, largest share first.
    pub languages: Vec<String>,
    /// Application frameworks (Next.js, Vite + React, Express, FastAPI …), sorted by name.
    pub frameworks: Vec<Part>,
    /// Databases that its code or configuration uses.
    pub databases: Vec<Part>,
    /// Where it is deployed, as far as configuration says.
    pub hosting: Vec<Part>,
    /// Payment providers.
    pub payment: Vec<Part>,
    /// AI providers and SDKs.
    pub ai: Vec<Part>,
    /// Authentication providers and libraries.
    pub auth: Vec<Part>,
    /// E-mail and SMS providers.
    pub messaging: Vec<Part>,
    /// Error trackers.
    pub error_tracking: Vec<Part>,
    /// Structured loggers.
    pub logging: Vec<Part>,
    /// File stores.
    pub storage: Vec<Part>,
    /// The AI builder it was made with and still depends on: `lovable`, `replit`, `base44` …; `""` for none.
    pub builder: String,
    /// Whether it can only run on the builder's platform.
    pub builder_lock_in: Answer,
    /// The package manager that its manifest or lockfile names, `""` for none.
    pub package_manager: String,
    /// Whether there is code that runs on a server.
    pub has_server: Answer,
    /// Whether this version reads the languages that most of its code is written in.
    pub code_read: Answer,
    /// Names of languages, frameworks and manifests in it that this version has no reader for.
    pub unread: Vec<String>,
    /// Whether the schema of its database can be rebuilt from the repository. `na` without a database.
    pub schema_in_repo: Answer,
    /// Folders with migrations.
    pub migrations: Vec<String>,
    /// Files that hold tests of this app.
    pub test_files: u32,
    /// Test cases counted in them.
    pub test_cases: u32,
    /// Whether any CI workflow runs this app's tests.
    pub tests_in_ci: Answer,
    /// Whether the build checks types. `na` in a language without a checker, or without one set up.
    pub types_checked: Answer,
    /// Environment variables that its code reads and that are written down nowhere, sorted.
    pub undeclared_env: Vec<String>,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for App {
    fn subject(&self) -> String {
        if self.path == "." { "the app".to_owned() } else { self.path.clone() }
    }
    fn app(&self) -> &str {
        &self.path
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
