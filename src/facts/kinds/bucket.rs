use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// A bucket of Supabase's storage, as the migrations and `config.toml` leave it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Bucket {
    /// Its id.
    pub name: Excerpt,
    /// The folder of the scripts that it comes from: [`Migrations::folder`](super::Migrations).
    pub database: String,
    /// Whether its files can be fetched by anyone who knows their address.
    pub public: bool,
    /// Where it is made or last changed.
    pub file: String,
    /// The line there.
    pub line: u32,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Bucket {
    fn subject(&self) -> String {
        super::of_database(&self.database, self.name.as_str())
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
