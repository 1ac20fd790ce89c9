//! Statements.

use super::objects::{
    AlterFunction, AlterPublication, AlterType, CreateFunction, CreateTrigger, CreateView, DataStatement,
    FunctionSignature, GrantStatement, NewType, PolicyStatement, PublicationTarget,
};
use super::{Expr, QName, Query, TypeName};

/// A statement.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum Statement {
    CreateTable(Box<CreateTable>),
    /// `create table … as`, `select … into`
    CreateTableAs {
        name: QName,
        columns: Vec<String>,
        query: Query,
        if_not_exists: bool,
        temporary: bool,
    },
    AlterTable {
        name: QName,
        if_exists: bool,
        kind: OwnedKind,
        actions: Vec<AlterTable>,
    },
    Drop(Drop),
    CreateIndex(Box<CreateIndex>),
    CreatePolicy(Box<PolicyStatement>),
    AlterPolicy(Box<PolicyStatement>),
    RenamePolicy {
        table: QName,
        name: String,
        new_name: String,
    },
    CreateView(Box<CreateView>),
    CreateFunction(Box<CreateFunction>),
    AlterFunction {
        signature: FunctionSignature,
        procedure: bool,
        action: AlterFunction,
    },
    CreateTrigger(Box<CreateTrigger>),
    RenameTrigger {
        table: QName,
        name: String,
        new_name: String,
    },
    CreateType {
        name: QName,
        kind: NewType,
    },
    AlterType {
        name: QName,
        domain: bool,
        action: AlterType,
    },
    CreateSchema {
        name: String,
        if_not_exists: bool,
        elements: Vec<Statement>,
    },
    AlterSchema {
        name: String,
        action: AlterType,
    },
    CreateSequence {
        name: QName,
        if_not_exists: bool,
        temporary: bool,
    },
    CreateExtension {
        name: String,
        schema: Option<String>,
        if_not_exists: bool,
    },
    AlterExtension {
        name: String,
        schema: Option<String>,
    },
    CreateRole {
        name: String,
    },
    AlterRole {
        name: String,
        new_name: Option<String>,
        search_path: Option<Vec<String>>,
    },
    Grant(Box<GrantStatement>),
    /// `grant role to role`
    GrantRole {
        roles: Vec<String>,
        to: Vec<String>,
        revoke: bool,
    },
    AlterDefaultPrivileges {
        roles: Vec<String>,
        schemas: Vec<String>,
        grant: Box<GrantStatement>,
    },
    CreatePublication {
        name: String,
        targets: Vec<PublicationTarget>,
        all_tables: bool,
    },
    AlterPublication {
        name: String,
        action: AlterPublication,
    },
    CreateEventTrigger {
        name: String,
        event: String,
        function: QName,
        tags: Vec<String>,
    },
    AlterEventTrigger {
        name: String,
        enabled: bool,
    },
    CreateAggregate {
        name: QName,
        args: Vec<TypeName>,
        or_replace: bool,
    },
    CreateOperator {
        name: QName,
    },
    CreateServer {
        name: String,
        if_not_exists: bool,
    },
    CreateForeignDataWrapper {
        name: String,
    },
    CreateRule {
        name: String,
        table: QName,
    },
    CreateStatistics {
        name: Option<QName>,
        if_not_exists: bool,
    },
    Comment {
        kind: DropKind,
        name: QName,
        part: Option<String>,
        signature: Option<FunctionSignature>,
    },
    Do {
        body: String,
        language: Option<String>,
    },
    Call {
        name: QName,
        args: Vec<Expr>,
    },
    Set {
        name: String,
        value: SetValue,
        local: bool,
    },
    SetRole(Option<String>),
    Transaction(TransactionStatement),
    Query(Query),
    Data(Box<DataStatement>),
    RefreshView {
        name: QName,
    },
    Truncate {
        tables: Vec<QName>,
    },
    /// Understood, and of no consequence.
    Nothing,
    /// A kind that is not read; its name.
    Other(&'static str),
}

/// `begin`, `commit` …
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum TransactionStatement {
    Begin,
    Commit,
    Rollback,
    Savepoint(String),
    Release(String),
    RollbackTo(String),
}

/// What `set` sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetValue {
    /// Words or strings.
    To(Vec<String>),
    /// `default`, `reset`
    Default,
}

/// `create table`
#[derive(Clone, Debug, PartialEq, Default)]
#[allow(missing_docs, reason = "the fields are named as SQL names them")]
pub struct CreateTable {
    pub name: QName,
    pub if_not_exists: bool,
    pub temporary: bool,
    pub foreign: bool,
    pub columns: Vec<ColumnDef>,
    pub constraints: Vec<Constraint>,
    pub likes: Vec<TableLike>,
    pub inherits: Vec<QName>,
    pub partition_of: Option<QName>,
    /// The expressions that it is partitioned by.
    pub partition_by: Option<Vec<Expr>>,
    /// The server of a foreign table.
    pub server: Option<String>,
}

impl Default for QName {
    fn default() -> Self {
        Self::bare("")
    }
}

/// `like t including …`
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are named as SQL names them")]
pub struct TableLike {
    pub name: QName,
    pub defaults: bool,
    pub constraints: bool,
    pub indexes: bool,
}

/// A column as it is declared.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDef {
    /// Its name.
    pub name: String,
    /// Its type. None in a typed table or partition.
    pub ty: Option<TypeName>,
    /// What is said about it.
    pub rules: Vec<ColumnRule>,
}

/// What is said about a column.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum ColumnRule {
    NotNull,
    Null,
    Default(Expr),
    Generated(Expr),
    Identity { always: bool },
    Constraint(Constraint),
}

/// A constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// Its name, if written.
    pub name: Option<String>,
    /// What it asks.
    pub kind: ConstraintKind,
}

/// What a constraint asks.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum ConstraintKind {
    Check(Expr),
    /// Columns, or the index that is used instead.
    Primary(Vec<String>, Option<String>),
    Unique(Vec<String>, Option<String>),
    Foreign(ForeignKey),
    Exclude(Vec<IndexItem>, Option<String>),
    NotNull(String),
}

/// `references`
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are named as SQL names them")]
pub struct ForeignKey {
    pub columns: Vec<String>,
    pub table: QName,
    pub target: Vec<String>,
    /// `cascade`, `set null` …; empty where nothing is said.
    pub on_delete: String,
}

/// One key of an index.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are named as SQL names them")]
pub struct IndexItem {
    pub expr: Expr,
    pub op_class: Option<QName>,
    /// `desc nulls last` …, folded, for comparing.
    pub order: String,
}

/// Which statement names a relation that is altered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum OwnedKind {
    Table,
    View,
    MaterializedView,
    Index,
    Sequence,
    ForeignTable,
}

/// One action of `alter table` and its kin.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum AlterTable {
    AddColumn {
        column: ColumnDef,
        if_not_exists: bool,
    },
    DropColumn {
        name: String,
        if_exists: bool,
        cascade: bool,
    },
    Alter {
        name: String,
        action: AlterColumn,
    },
    AddConstraint(Constraint),
    DropConstraint {
        name: String,
        if_exists: bool,
        cascade: bool,
    },
    ValidateConstraint(String),
    AlterConstraint(String),
    RenameTo(String),
    RenameColumn {
        name: String,
        new_name: String,
    },
    RenameConstraint {
        name: String,
        new_name: String,
    },
    SetSchema(String),
    Owner(String),
    EnableRls,
    DisableRls,
    ForceRls,
    NoForceRls,
    /// `enable trigger`, `disable trigger`; `None` is all.
    Trigger {
        name: Option<String>,
        enabled: bool,
    },
    SetOptions(Vec<(String, Option<String>)>),
    ResetOptions(Vec<String>),
    AttachPartition(QName),
    DetachPartition(QName),
    Inherit(QName),
    NoInherit(QName),
    /// `replica identity using index`
    ReplicaIndex(String),
    Nothing,
}

/// One action of `alter column`.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum AlterColumn {
    Type { ty: TypeName, using: Option<Expr> },
    SetDefault(Expr),
    DropDefault,
    SetNotNull,
    DropNotNull,
    AddIdentity,
    DropIdentity { if_exists: bool },
    DropExpression,
    Nothing,
}

/// `drop …`
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are named as SQL names them")]
pub struct Drop {
    pub kind: DropKind,
    pub names: Vec<QName>,
    /// Of functions.
    pub signatures: Vec<FunctionSignature>,
    /// The table of a policy, trigger or rule.
    pub on: Option<QName>,
    pub if_exists: bool,
    pub cascade: bool,
}

/// What is dropped or commented on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are named as SQL names them")]
pub enum DropKind {
    Table,
    View,
    MaterializedView,
    ForeignTable,
    Index,
    Sequence,
    Function,
    Procedure,
    Routine,
    Aggregate,
    Type,
    Domain,
    Schema,
    Policy,
    Trigger,
    Rule,
    Extension,
    Role,
    Publication,
    EventTrigger,
    Column,
    Constraint,
    Other,
}

/// `create index`
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are named as SQL names them")]
pub struct CreateIndex {
    pub name: Option<QName>,
    pub table: QName,
    pub unique: bool,
    pub concurrently: bool,
    pub if_not_exists: bool,
    pub method: Option<String>,
    pub items: Vec<IndexItem>,
    pub include: Vec<Expr>,
    pub condition: Option<Expr>,
    pub condition_text: String,
}
