//! Statements about policies, views, functions, types, privileges and data.

use super::statement::Constraint;
use super::{Expr, QName, Query, SetValue, Statement, TypeName};

/// What a policy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum PolicyCommand {
    All,
    Select,
    Insert,
    Update,
    Delete,
}

/// `create policy`, `alter policy`
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are named as SQL names them")]
pub struct PolicyStatement {
    pub name: String,
    pub table: QName,
    pub permissive: bool,
    pub command: PolicyCommand,
    /// Empty: not said.
    pub roles: Vec<String>,
    pub using: Option<Expr>,
    pub using_text: String,
    pub check: Option<Expr>,
    pub check_text: String,
}

/// `create view`
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are named as SQL names them")]
pub struct CreateView {
    pub name: QName,
    pub or_replace: bool,
    pub materialized: bool,
    pub temporary: bool,
    pub if_not_exists: bool,
    pub recursive: bool,
    pub columns: Vec<String>,
    pub options: Vec<(String, Option<String>)>,
    pub query: Query,
    pub text: String,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are named as SQL names them")]
pub struct Param {
    pub name: Option<String>,
    pub ty: TypeName,
    pub mode: ParamMode,
    pub default: Option<Expr>,
}

/// Which way a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum ParamMode {
    In,
    Out,
    InOut,
    Variadic,
    /// A column of `returns table`.
    Table,
}

/// How a function names what it changes.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionSignature {
    /// Its name.
    pub name: QName,
    /// Its parameters; `None` where no list is written.
    pub params: Option<Vec<Param>>,
}

/// `create function`, `create procedure`
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are named as SQL names them")]
pub struct CreateFunction {
    pub name: QName,
    pub or_replace: bool,
    pub procedure: bool,
    pub params: Vec<Param>,
    pub returns: Option<TypeName>,
    pub language: Option<String>,
    pub security_definer: bool,
    pub volatility: Volatility,
    /// `set name to value`
    pub settings: Vec<(String, SetValue)>,
    pub body: FunctionBody,
}

/// How stable the result of a function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum Volatility {
    Volatile,
    Stable,
    Immutable,
}

/// What a function does.
#[derive(Clone, Debug, PartialEq)]
pub enum FunctionBody {
    /// A string in its language.
    Text(String),
    /// `begin atomic … end`, `return …`
    Sql(Vec<Statement>),
    /// An object file, or nothing.
    None,
}

/// `alter function`
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum AlterFunction {
    RenameTo(String),
    SetSchema(String),
    Owner(String),
    Options { security_definer: Option<bool>, settings: Vec<(String, Option<SetValue>)>, reset_all: bool },
    Nothing,
}

/// `create trigger`
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are named as SQL names them")]
pub struct CreateTrigger {
    pub name: String,
    pub or_replace: bool,
    pub constraint: bool,
    pub table: QName,
    pub before: bool,
    pub instead: bool,
    pub each_row: bool,
    pub events: Vec<TriggerEvent>,
    pub when: Option<Expr>,
    pub function: QName,
    pub transition_tables: bool,
}

/// When a trigger fires.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum TriggerEvent {
    Insert,
    Update(Vec<String>),
    Delete,
    Truncate,
}

/// `create type`, `create domain`
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum NewType {
    Enum(Vec<String>),
    Composite(Vec<(String, TypeName)>),
    Range,
    Base,
    Domain { base: TypeName, constraints: Vec<Constraint> },
}

/// `alter type`, `alter domain`, `alter schema`
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum AlterType {
    AddValue { value: String, if_not_exists: bool },
    RenameValue { value: String, new_value: String },
    RenameTo(String),
    SetSchema(String),
    Owner(String),
    AddAttribute(String, TypeName),
    DropAttribute { name: String, if_exists: bool },
    RenameAttribute(String, String),
    AddConstraint(Constraint),
    DropConstraint { name: String, if_exists: bool },
    Nothing,
}

/// A privilege, with the columns that it is limited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Privilege {
    /// Which.
    pub name: PrivilegeName,
    /// Only these columns; empty: all.
    pub columns: Vec<String>,
}

/// A privilege.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum PrivilegeName {
    All,
    Select,
    Insert,
    Update,
    Delete,
    Truncate,
    References,
    Trigger,
    Execute,
    Usage,
    Create,
    Other,
}

/// What privileges are granted on.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum GrantObjects {
    Tables(Vec<QName>),
    AllTables(Vec<String>),
    Sequences(Vec<QName>),
    AllSequences(Vec<String>),
    Functions(Vec<FunctionSignature>),
    AllFunctions(Vec<String>),
    Schemas(Vec<String>),
    Types(Vec<QName>),
    /// Of `alter default privileges`.
    NewTables,
    NewFunctions,
    NewSequences,
    Other,
}

/// `grant`, `revoke`
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are named as SQL names them")]
pub struct GrantStatement {
    pub revoke: bool,
    pub privileges: Vec<Privilege>,
    pub objects: GrantObjects,
    /// `public` is the group of everyone.
    pub roles: Vec<String>,
}

/// What a publication is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum PublicationTarget {
    Table(QName),
    Schema(String),
}

/// `alter publication`
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum AlterPublication {
    Add(Vec<PublicationTarget>),
    Drop(Vec<PublicationTarget>),
    Set(Vec<PublicationTarget>),
    Nothing,
}

/// Which statement changes data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum DataKind {
    Insert,
    Update,
    Delete,
    Merge,
}

/// `on conflict`
#[derive(Clone, Debug, PartialEq)]
pub struct OnConflict {
    /// What must be unique. Empty: anything.
    pub target: Vec<Expr>,
    /// `on constraint name`
    pub constraint: Option<String>,
    /// `do update set`; none: `do nothing`.
    pub update: Vec<(String, Expr)>,
}

/// `insert`, `update`, `delete`
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are named as SQL names them")]
pub struct DataStatement {
    pub kind: DataKind,
    pub table: QName,
    pub alias: Option<String>,
    pub with: Vec<super::Cte>,
    /// Columns of an insert.
    pub columns: Vec<String>,
    /// What is inserted; none: default values.
    pub source: Option<Query>,
    pub set: Vec<(String, Expr)>,
    pub from: Vec<super::From>,
    pub condition: Option<Expr>,
    pub on_conflict: Option<OnConflict>,
    pub returning: Vec<super::Target>,
}
