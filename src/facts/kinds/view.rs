use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// A view, as the migrations leave it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct View {
    /// Its schema.
    pub schema: Excerpt,
    /// Its name.
    pub name: Excerpt,
    /// The folder of the scripts that it comes from: [`Migrations::folder`](super::Migrations).
    pub database: String,
    /// Whether it asks with the rights of whoever reads it; else with those of its owner, past all policies.
    pub security_invoker: bool,
    /// Whether it keeps its rows.
    pub materialized: bool,
    /// Whether the data API serves its schema.
    pub exposed: bool,
    /// Roles of the public that may read it.
    pub readable_by: Vec<String>,
    /// The tables and views that it reads: `schema.name`, sorted.
    pub reads: Vec<Excerpt>,
    /// Where it is made.
    pub file: String,
    /// The line there.
    pub line: u32,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for View {
    fn subject(&self) -> String {
        super::of_database(&self.database, &format!("{}.{}", self.schema, self.name))
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
