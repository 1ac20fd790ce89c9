use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// The scripts of one database, and what came of replaying them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Migrations {
    /// The folder that holds them, relative to PATH.
    pub folder: String,
    /// `supabase-migrations`, `supabase-schemas`, `prisma`, `drizzle`, `flyway`, `folder`, `loose`.
    pub layout: String,
    /// `postgres`, `mysql`, `sqlite`, `mssql`. Only `postgres` is replayed; of others only tables are listed.
    pub dialect: String,
    /// Whether it is a Supabase project, whose roles and schemas are there from the start.
    pub supabase: bool,
    /// How many files there are.
    pub files: u32,
    /// Schemas that the data API serves.
    pub exposed_schemas: Vec<String>,
    /// Whether new tables may be used by the public roles without a grant.
    pub auto_exposed: bool,
    /// What says so: `config`, `date` (of the first migration), `assumed`; `""` outside of Supabase.
    pub exposure_from: String,
    /// Whether an empty database can be built from the scripts: each file as one transaction, none failing.
    pub rebuildable: Answer,
    /// The first statement that fails when they are run in order; `""` for none.
    pub first_failure: Excerpt,
    /// Statements that the server would refuse, in order: the first two hundred.
    pub failures: Vec<StatementNote>,
    /// How many there are.
    pub failed: u32,
    /// What could not be told without the database, in order: the first two hundred.
    pub undecided: Vec<StatementNote>,
    /// Tables that the scripts alter and never make.
    pub missing_tables: Vec<Excerpt>,
    /// Whether there is also a declared state, in `supabase/schemas`, that may differ.
    pub declared_too: bool,
    /// Extensions, sorted.
    pub extensions: Vec<Excerpt>,
    /// Jobs of `pg_cron`, sorted.
    pub cron_jobs: Vec<Excerpt>,
    /// The file of the first failure, else the folder.
    pub file: String,
    /// The line there.
    pub line: u32,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

/// A statement of a script.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatementNote {
    /// Its file.
    pub file: String,
    /// Its line.
    pub line: u32,
    /// PostgreSQL's code for why it is refused; `""` for what could not be told.
    pub code: String,
    /// Why.
    pub says: Excerpt,
    /// What it may change: `schema.table`; `*` is anything.
    pub touches: Vec<Excerpt>,
}

impl Fact for Migrations {
    fn subject(&self) -> String {
        if self.folder.is_empty() { "the SQL files".to_owned() } else { self.folder.clone() }
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
