use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// Whether row-level security is on: `on`, `off` or `unknown`.
pub const RLS: &[&str] = &["on", "off", "unknown"];

/// Which rows somebody gets at, the most that is sure: `none`; `role`: who was given a role; `own`: their own; `team`: those of
/// what they belong to; `marked`: those that a column says are for everybody; `member`: all, for who has any row in some other
/// table, or says so themselves; `all`; `unknown`; `""` where browsers do not talk to the database.
pub const ROWS: &[&str] = &["none", "role", "own", "team", "marked", "member", "all", "unknown", ""];

/// A table of a database, as its migrations leave it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Table {
    /// Its schema.
    pub schema: Excerpt,
    /// Its name.
    pub name: Excerpt,
    /// The folder of the scripts that it comes from: [`Migrations::folder`](super::Migrations).
    pub database: String,
    /// `table`, `partitioned` or `foreign`.
    pub kind: String,
    /// Whether the scripts make it. `no`: they alter it or give it policies, and never make it.
    pub defined: Answer,
    /// Whether row-level security is on.
    #[schemars(extend("enum" = RLS))]
    pub rls: String,
    /// Whether it holds for the owner too.
    pub forced: bool,
    /// Where it was last switched; `""` where it never was.
    pub rls_file: String,
    /// The line there.
    pub rls_line: u32,
    /// Whether the data API serves its schema.
    pub exposed: bool,
    /// The column that names the person whose a row is, or a row of theirs; `""` where none does.
    pub owner_key: Excerpt,
    /// The column that names the team, company or account that a row belongs to, or a row of theirs; `""` where none does.
    pub tenant_key: Excerpt,
    /// The columns that tell of people or hold secrets, as their names say.
    pub personal: Vec<Excerpt>,
    /// What of somebody's it keeps, as names say: `secrets`, `people`; `""` for nothing that they tell of.
    #[schemars(extend("enum" = ["secrets", "people", ""]))]
    pub keeps: String,
    /// Whether it is named for what strangers are asked to send in: a contact form, a waiting list.
    pub takes_in: bool,
    /// Which rows whoever has the public key reads: see [`ROWS`].
    #[schemars(extend("enum" = ROWS))]
    pub anonymous_read: String,
    /// Which rows whoever has the public key adds: see [`ROWS`].
    #[schemars(extend("enum" = ROWS))]
    pub anonymous_add: String,
    /// Which rows whoever has the public key changes: see [`ROWS`].
    #[schemars(extend("enum" = ROWS))]
    pub anonymous_change: String,
    /// Which rows whoever has the public key deletes: see [`ROWS`].
    #[schemars(extend("enum" = ROWS))]
    pub anonymous_remove: String,
    /// Which rows whoever signed up reads: see [`ROWS`].
    #[schemars(extend("enum" = ROWS))]
    pub signed_in_read: String,
    /// Which rows whoever signed up adds: see [`ROWS`].
    #[schemars(extend("enum" = ROWS))]
    pub signed_in_add: String,
    /// Which rows whoever signed up changes: see [`ROWS`].
    #[schemars(extend("enum" = ROWS))]
    pub signed_in_change: String,
    /// Which rows whoever signed up deletes: see [`ROWS`].
    #[schemars(extend("enum" = ROWS))]
    pub signed_in_remove: String,
    /// Whether users may give a row of theirs to anybody: the condition on the new row says less than that on the old one.
    pub moves: bool,
    /// The columns of a row by which who may change it gives themselves more than they have, and that nothing protects.
    pub promotable: Vec<Excerpt>,
    /// Its columns.
    pub columns: Vec<TableColumn>,
    /// The columns of the primary key.
    pub primary_key: Vec<Excerpt>,
    /// Its foreign keys.
    pub foreign_keys: Vec<TableReference>,
    /// Names of its policies, sorted.
    pub policies: Vec<Excerpt>,
    /// Names of its triggers that are on, sorted.
    pub triggers: Vec<Excerpt>,
    /// What roles may do with it, privileges and policies apart.
    pub grants: Vec<TableGrant>,
    /// Roles of the public that may read rows of it: they hold the privilege, and row-level security is off or a policy
    /// lets some rows through.
    pub readable_by: Vec<String>,
    /// Roles of the public that may insert, update or delete rows of it, in the same way.
    pub writable_by: Vec<String>,
    /// Whether its changes are sent to subscribers.
    pub realtime: bool,
    /// Whether statements about it fail, or can't be told, so that the database may differ.
    pub doubtful: bool,
    /// Where it is made.
    pub file: String,
    /// The line there.
    pub line: u32,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TableColumn {
    /// Its name.
    pub name: Excerpt,
    /// Its type.
    pub r#type: Excerpt,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether it has a default.
    pub has_default: bool,
    /// Whether it is computed from others.
    pub generated: bool,
    /// Where it is made.
    pub line: u32,
}

/// A foreign key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TableReference {
    /// The columns.
    pub columns: Vec<Excerpt>,
    /// The table that they refer to: `schema.name`.
    pub table: Excerpt,
    /// Its columns.
    pub target: Vec<Excerpt>,
    /// What happens when a row there goes: `cascade`, `set null` …; `""` where nothing is said.
    pub on_delete: String,
}

/// What a role may do with a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TableGrant {
    /// The role; `public` is everyone.
    pub role: String,
    /// `select`, `insert`, `update`, `delete`.
    pub privileges: Vec<String>,
    /// On one column only; `""`: on all.
    pub column: Excerpt,
}

impl Fact for Table {
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
