use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};

/// A database that the product keeps data in, joined from apps, deployment and backups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Database {
    /// What to call it in a sentence: `the PostgreSQL database at supabase`.
    pub name: String,
    /// `postgres`, `mysql`, `sqlite`, `mongodb`, `firestore`, `d1`, `dynamodb`, …
    pub engine: String,
    /// Who runs it: `supabase`, `neon`, `firebase`, `self` (compose, a VM), `file` (a file of the app); `""`
    /// where nothing says.
    pub provider: String,
    /// Apps that use it, sorted.
    pub apps: Vec<String>,
    /// Whether the repository shows that backups are made: by a schedule, a tool, or the platform's
    /// configuration. A plan's built-in backups can't be seen in a repository and make it `unknown`.
    pub backed_up: Answer,
    /// Whether the repository shows a restore that is scripted or run.
    pub restore_shown: Answer,
    /// Whether its schema can be rebuilt from the repository. `na` for one without a schema.
    pub schema_in_repo: Answer,
    /// Whether its data outlives a deployment.
    pub durable: Answer,
    /// Whether its port is published to other machines as written.
    pub public_port: Answer,
    /// The file that shows it.
    pub file: String,
    /// The line there.
    pub line: u32,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Database {
    fn subject(&self) -> String {
        self.name.clone()
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
