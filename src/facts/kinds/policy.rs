use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// What a policy is for.
pub const COMMANDS: &[&str] = &["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"];

/// A policy of row-level security, as the migrations leave it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Policy {
    /// The schema of its table.
    pub schema: Excerpt,
    /// Its table.
    pub table: Excerpt,
    /// Its name.
    pub name: Excerpt,
    /// The folder of the scripts that it comes from: [`Migrations::folder`](super::Migrations).
    pub database: String,
    /// What it is for.
    #[schemars(extend("enum" = COMMANDS))]
    pub command: String,
    /// Whether it allows; else it limits what others allow.
    pub permissive: bool,
    /// Whom it is for; `public` is everyone.
    pub roles: Vec<String>,
    /// Which rows it is about, as written; `""` where nothing is said.
    pub using: Excerpt,
    /// What rows must be like when they are written; `""` where nothing is said.
    pub check: Excerpt,
    /// Where it is made or last altered.
    pub file: String,
    /// The line there.
    pub line: u32,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Policy {
    fn subject(&self) -> String {
        super::of_database(&self.database, &format!("{}.{} {}", self.schema, self.table, self.name))
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
