use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// A function of a database, as the migrations leave it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Function {
    /// Its schema.
    pub schema: Excerpt,
    /// Its name.
    pub name: Excerpt,
    /// The types of its arguments, with commas between them.
    pub arguments: Excerpt,
    /// The folder of the scripts that it comes from: [`Migrations::folder`](super::Migrations).
    pub database: String,
    /// `sql`, `plpgsql` …
    pub language: String,
    /// What it returns.
    pub returns: Excerpt,
    /// Whether it runs with the rights of its owner.
    pub security_definer: bool,
    /// The schemas in which it looks for names. None: it takes those of whoever calls it. `""`: it names all of them
    /// itself.
    pub search_path: Option<Excerpt>,
    /// Whether the data API serves its schema.
    pub exposed: bool,
    /// Whether a trigger calls it, or it can only be called by one.
    pub trigger: bool,
    /// Roles of the public that may call it.
    pub executable_by: Vec<String>,
    /// Where it is made.
    pub file: String,
    /// The line there.
    pub line: u32,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Function {
    fn subject(&self) -> String {
        super::of_database(&self.database, &format!("{}.{}({})", self.schema, self.name, self.arguments))
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
