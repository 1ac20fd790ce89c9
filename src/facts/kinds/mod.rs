//! The kinds of facts: plain structs that serialise and carry a JSON schema.
//!
//! Conventions that every kind keeps, and that rules rely on:
//! - no field is ever null or left out: `""`, `0` and `[]` say "none";
//! - what the source states is a boolean; what we infer is an [`Answer`], and an `unknown` answer has
//!   its reason in `unknowns`;
//! - paths are relative to PATH with `/`; lines count from 1, 0 means "the whole file";
//! - every list is in a stable order;
//! - text of the repository is an [`Excerpt`].

mod access_model;
mod access_rule;
mod ai_tool;
mod app;
mod backup;
mod browser_secret;
mod bucket;
mod ci_workflow;
mod cloud_resource;
mod credential;
mod database;
mod dependency;
mod deploy_unit;
mod env_var;
mod firebase_service;
mod function;
mod lockfile;
mod manifest;
mod matched;
mod migrations;
mod notable_file;
mod ownership;
mod permission;
mod person;
mod policy;
mod project;
mod role;
mod route;
mod route_gap;
mod runtime;
mod secret;
mod setting;
mod table;
mod test_suite;
mod view;
mod weak_guard;

pub use access_model::AccessModel;
pub use access_rule::{AccessRule, RULE_CALLERS, RULE_SERVICES};
pub use ai_tool::{AiTool, ToolEffect};
pub use app::{App, AppKind, Part};
pub use backup::{Backup, BackupKind};
pub use browser_secret::BrowserSecret;
pub use bucket::Bucket;
pub use ci_workflow::{CiJob, CiWorkflow};
pub use cloud_resource::{BucketUse, CloudCategory, CloudResource, Environment, OpenPort};
pub use credential::{Credential, Harm};
pub use database::Database;
pub use dependency::{Dependency, RangeKind, Scope, SourceKind};
pub use deploy_unit::{DeployUnit, Port, UnitKind, Volume};
pub use env_var::EnvVar;
pub use firebase_service::FirebaseService;
pub use function::Function;
pub use lockfile::Lockfile;
pub use manifest::Manifest;
pub use matched::{FileRole, Match, Syntax};
pub use migrations::{Migrations, StatementNote};
pub use notable_file::{NotableFile, NotableKind};
pub use ownership::Ownership;
pub use permission::{ACTIONS, May, Permission, RoleMay};
pub use person::{Person, PersonKind};
pub use policy::{COMMANDS, Policy};
pub use project::{History, LanguageShare, Project, RemoteInfo};
pub use role::Role;
pub use route::{
    Authenticated, CALLERS, CLIENTS, EFFECTS, HOLES, RoleAsk, Route, RouteEffect, RouteGuard, RouteHole,
    RouteKind, WHICH,
};
pub use route_gap::{GAPS, RouteGap};
pub use runtime::Runtime;
pub use secret::Secret;
pub use setting::Setting;
pub use table::{RLS, Table, TableColumn, TableGrant, TableReference};
pub use test_suite::{TestFile, TestLevel, TestSuite};
pub use view::View;
pub use weak_guard::WeakGuard;

use schemars::JsonSchema;
use serde::Serialize;

use crate::secrets::Excerpt;

/// What we infer. `unknown` is never a pass, and its reason stands in the fact's `unknowns`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// It is so in part.
    Partial,
    /// It can't be told from what was read.
    #[default]
    Unknown,
    /// The question does not arise.
    Na,
}

/// One piece of evidence for one field of a fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Evidence {
    /// The field of the fact that it supports.
    pub cell: String,
    /// Relative to PATH; `""` for the git history or PATH itself.
    pub file: String,
    /// From 1; 0 for the whole file.
    pub line: u32,
    /// From 1, in characters; 0 where it is not known.
    pub column: u32,
    /// What is seen there, in a few plain words.
    pub says: Excerpt,
    /// The line itself; `""` where `says` is enough.
    pub snippet: Excerpt,
    /// What tells this place from others where that is more or less than the line: the text that a rule looks for,
    /// over however many lines, without what formatters change. `""`: the line.
    #[serde(skip)]
    pub essence: Excerpt,
}

impl Evidence {
    /// Evidence for the field `cell` at `file:line`. `says` is masked like all text of the repository.
    pub fn new(cell: &str, file: &str, line: u32, says: &str) -> Self {
        Self {
            cell: cell.to_owned(),
            file: file.to_owned(),
            line,
            column: 0,
            says: crate::secrets::excerpt(says),
            snippet: Excerpt::default(),
            essence: Excerpt::default(),
        }
    }

    /// Evidence for one item of the list `field` that has a name of its own (a variable, a package): the item is the same
    /// wherever it is and however its line looks.
    pub fn of_item(field: &str, item: &str, file: &str, line: u32, says: &str) -> Self {
        let item = crate::secrets::excerpt(item);
        Self::new(&format!("{field}[{item}]"), file, line, says)
    }

    /// The same, with the text of the line.
    #[must_use]
    pub fn with_snippet(mut self, line: &str) -> Self {
        self.snippet = crate::secrets::excerpt(line.trim());
        self
    }
}

/// Why a field is `unknown`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Unknown {
    /// The field.
    pub cell: String,
    /// The reason, as the end of the sentence "cannot be told, because …".
    pub reason: String,
}

impl Unknown {
    /// The field `cell` can't be told, because `reason`.
    pub fn new(cell: &str, reason: &str) -> Self {
        Self { cell: cell.to_owned(), reason: reason.to_owned() }
    }
}

/// The subject of what belongs to a database: its own name, after the folder of the scripts where there can be others.
fn of_database(folder: &str, name: &str) -> String {
    match folder {
        "" | "supabase/migrations" => name.to_owned(),
        folder => format!("{folder}: {name}"),
    }
}

/// What every kind has, so that rules can run over it and findings can name it.
pub trait Fact {
    /// What the fact is about, stable under moved lines and reformatting: `npm left-pad`,
    /// `.github/workflows/ci.yml`. Unique within its kind.
    fn subject(&self) -> String;
    /// The app it belongs to ([`App::path`]), `""` for none.
    fn app(&self) -> &str {
        ""
    }
    /// Where it is stated: a file (`""` for the history or PATH itself) and a line (0 for all of it).
    fn place(&self) -> (&str, u32);
    /// What it rests on.
    fn evidence(&self) -> &[Evidence];
    /// Why some of its fields are unknown.
    fn unknowns(&self) -> &[Unknown];
}
