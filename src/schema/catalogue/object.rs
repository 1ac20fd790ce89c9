//! The objects of a catalogue.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Acl, Oid, Ty};
use crate::schema::sql::{CreateFunction, Expr, PolicyCommand, Query, TriggerEvent, Volatility};

/// Where a statement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// Which of the catalogue's files. [`Place::BASELINE`] for what was there before.
    pub file: u32,
    /// Line, from 1.
    pub line: u32,
}

impl Place {
    /// What was there before the first migration.
    pub const BASELINE: Self = Self { file: u32::MAX, line: 0 };
}

/// What an object can't do without.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dep {
    /// A relation as a whole.
    Relation(Oid),
    /// A column of a relation.
    Column(Oid, String),
    /// A function.
    Function(Oid),
    /// A type.
    Type(Oid),
}

/// A schema.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Schema {
    /// Where it was made.
    pub place: Place,
    /// Who owns it.
    pub owner: String,
    /// Who may use it, who may make things in it.
    pub acl: Acl,
    /// The extension that it belongs to.
    pub extension: Option<String>,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Role {
    /// Where it was made.
    pub place: Place,
    /// The roles that it is a member of.
    pub member_of: Vec<String>,
}

/// An extension.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Extension {
    /// Where it was made.
    pub place: Place,
    /// The schema of its objects.
    pub schema: String,
}

/// What a relation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the variants are PostgreSQL's kinds")]
pub enum RelationKind {
    Table,
    Partitioned,
    Foreign,
    View,
    MaterializedView,
    Sequence,
    Composite,
}

/// Something that is on, off, or can't be told, and where that was last said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Switch {
    /// `None`: it can't be told.
    pub on: Option<bool>,
    /// Where it was last switched.
    pub place: Option<Place>,
}

impl Switch {
    /// Off, from the start.
    pub const OFF: Self = Self { on: Some(false), place: None };
}

/// A table, a view, a sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// Its number.
    pub oid: Oid,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: RelationKind,
    /// Whether it lives only as long as the session.
    pub temporary: bool,
    /// Where it was made.
    pub place: Place,
    /// Who owns it.
    pub owner: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Row-level security.
    pub rls: Switch,
    /// Row-level security for the owner too.
    pub forced: Switch,
    /// Its policies, by name.
    pub policies: BTreeMap<String, Policy>,
    /// Whether a statement that could not be decided may have changed its policies.
    pub policies_unknown: Option<Place>,
    /// Its constraints.
    pub constraints: Vec<Constraint>,
    /// Its triggers, by name.
    pub triggers: BTreeMap<String, Trigger>,
    /// The tables that it inherits from or is a partition of.
    pub parents: Vec<Oid>,
    /// Whether it is a partition.
    pub partition: bool,
    /// Who may do what.
    pub acl: Acl,
    /// `with (…)`: `security_invoker`.
    pub options: BTreeMap<String, String>,
    /// The query of a view.
    pub query: Option<Arc<Query>>,
    /// The text of a view's query.
    pub text: String,
    /// What a view can't do without; the table and column of an owned sequence.
    pub deps: Vec<Dep>,
    /// The extension that it belongs to.
    pub extension: Option<String>,
    /// Rules, besides the one that makes a view.
    pub rules: Vec<String>,
}

impl Relation {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether rows are kept in it.
    pub fn is_table(&self) -> bool {
        matches!(self.kind, RelationKind::Table | RelationKind::Partitioned | RelationKind::Foreign)
    }

    /// Whether it is a view of either kind.
    pub fn is_view(&self) -> bool {
        matches!(self.kind, RelationKind::View | RelationKind::MaterializedView)
    }

    /// Whether a view asks with the rights of who reads it.
    pub fn security_invoker(&self) -> bool {
        self.options
            .get("security_invoker")
            .is_some_and(|value| matches!(value.as_str(), "true" | "on" | "1" | "yes"))
    }

    /// `schema.name`
    pub fn path(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Ty,
    /// What stands in parentheses behind the type.
    pub modifier: Option<String>,
    /// Whether it can't be null.
    pub not_null: bool,
    /// What it is when nothing is said.
    pub default: Option<Arc<Expr>>,
    /// Whether the default is computed from other columns and can't be said.
    pub generated: bool,
    /// `generated … as identity`
    pub identity: bool,
    /// What its default can't do without.
    pub deps: Vec<Dep>,
    /// Where it was made.
    pub place: Place,
    /// Whether it came from a parent.
    pub inherited: bool,
}

/// A policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub command: PolicyCommand,
    /// Whether it allows, or limits what others allow.
    pub permissive: bool,
    /// Whom it is for; `public` is everyone.
    pub roles: Vec<String>,
    /// `using`, as a tree.
    pub using: Option<Arc<Expr>>,
    /// `using`, as written.
    pub using_text: String,
    /// `with check`, as a tree.
    pub check: Option<Arc<Expr>>,
    /// `with check`, as written.
    pub check_text: String,
    /// What it can't do without.
    pub deps: Vec<Dep>,
    /// Where it was made or last altered.
    pub place: Place,
}

/// What a constraint asks.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the variants are SQL's")]
pub enum ConstraintKind {
    Check(Arc<Expr>),
    Primary { columns: Vec<String>, index: Oid },
    Unique { columns: Vec<String>, index: Oid },
    Foreign { columns: Vec<String>, table: Oid, target: Vec<String>, index: Oid, on_delete: String },
    Exclude { index: Oid },
}

/// A constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// Its name.
    pub name: String,
    /// What it asks.
    pub kind: ConstraintKind,
    /// What its expression can't do without.
    pub deps: Vec<Dep>,
    /// Where it was made.
    pub place: Place,
}

/// One key of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexKey {
    /// The column, or none for an expression.
    pub column: Option<String>,
    /// The expression, its operator class and order, for comparing.
    pub text: String,
}

/// An index.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Its number.
    pub oid: Oid,
    /// Its schema: that of its table.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: Oid,
    /// Whether values occur once.
    pub unique: bool,
    /// Whether it is that of the primary key.
    pub primary: bool,
    /// Whether a constraint made it.
    pub constraint: bool,
    /// `btree`, `gin` …
    pub method: String,
    /// Its keys.
    pub keys: Vec<IndexKey>,
    /// Columns that are only carried along.
    pub include: Vec<String>,
    /// `where`, as written.
    pub condition: String,
    /// What its expressions can't do without.
    pub deps: Vec<Dep>,
    /// Where it was made.
    pub place: Place,
}

/// A trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// What it calls.
    pub function: Oid,
    /// When.
    pub events: Vec<TriggerEvent>,
    /// `before`; else `after` or `instead of`.
    pub before: bool,
    /// Whether for each row.
    pub each_row: bool,
    /// Whether it is on.
    pub enabled: bool,
    /// `when`
    pub when: Option<Arc<Expr>>,
    /// What it can't do without.
    pub deps: Vec<Dep>,
    /// Where it was made.
    pub place: Place,
}

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are PostgreSQL's")]
pub enum FunctionKind {
    Function,
    Procedure,
    Aggregate,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name; empty where it has none.
    pub name: String,
    /// Its type.
    pub ty: Ty,
    /// Whether it is a result: `out`, or a column of `returns table`.
    pub out: bool,
    /// Whether it is both.
    pub in_out: bool,
}

/// A function.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its number.
    pub oid: Oid,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: FunctionKind,
    /// Types of what goes in: these tell functions of one name apart.
    pub args: Vec<Ty>,
    /// All parameters.
    pub params: Vec<Param>,
    /// How many of the last arguments have defaults.
    pub defaults: usize,
    /// Whether the last argument takes any number of values.
    pub variadic: bool,
    /// What it returns.
    pub returns: Ty,
    /// Whether it returns rows.
    pub set: bool,
    /// `sql`, `plpgsql` …
    pub language: String,
    /// Whether it runs with its owner's rights.
    pub security_definer: bool,
    /// How stable its result is.
    pub volatility: Volatility,
    /// `set search_path` and others.
    pub settings: BTreeMap<String, String>,
    /// Its body as text.
    pub body: String,
    /// Line of the file on which the body starts.
    pub body_line: u32,
    /// Who owns it.
    pub owner: String,
    /// Who may call it. Everyone, unless that was revoked.
    pub acl: Acl,
    /// What it can't do without: its types, and what an SQL-standard body names.
    pub deps: Vec<Dep>,
    /// Where it was made.
    pub place: Place,
    /// The extension that it belongs to.
    pub extension: Option<String>,
    /// As it was declared, defaults included. None in what extensions bring.
    pub declared: Option<Arc<CreateFunction>>,
}

impl Function {
    /// `schema.name`
    pub fn path(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }
}

/// What a made type is.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the variants are SQL's")]
pub enum UserTypeKind {
    /// Its values, each with the transaction that added it: until that ends, a new value can't be used.
    Enum(Vec<(String, u32)>),
    /// The relation that holds its fields.
    Composite(Oid),
    Domain {
        base: Ty,
        constraints: Vec<String>,
    },
    Range,
    Base,
}

/// A type that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct UserType {
    /// Its number.
    pub oid: Oid,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: UserTypeKind,
    /// Where it was made.
    pub place: Place,
    /// What it can't do without.
    pub deps: Vec<Dep>,
    /// The extension that it belongs to.
    pub extension: Option<String>,
}

/// A publication.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Publication {
    /// The tables in it.
    pub tables: Vec<Oid>,
    /// The schemas in it.
    pub schemas: Vec<String>,
    /// Whether it has all tables.
    pub all: bool,
    /// Where it was made.
    pub place: Place,
}

/// An event trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventTrigger {
    /// `ddl_command_end` …
    pub event: String,
    /// What it calls.
    pub function: Oid,
    /// The commands it is for; empty: all.
    pub tags: Vec<String>,
    /// Whether it is on.
    pub enabled: bool,
    /// Where it was made.
    pub place: Place,
}

/// A bucket of Supabase's storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether its objects can be fetched without asking; none: it can't be told.
    pub public: Option<bool>,
    /// Where it was made or last changed.
    pub place: Place,
}

/// A job of `pg_cron`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CronJob {
    /// Its name.
    pub name: String,
    /// When it runs.
    pub schedule: String,
    /// What it runs.
    pub command: String,
    /// Where it was made.
    pub place: Place,
}
