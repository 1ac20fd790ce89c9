//! The tree of SQL that the replay works on: smaller than the parser's, with names already folded.
//!
//! Only what decides something is kept. A statement that can't change the catalogue is [`Statement::Other`].

mod expr;
mod objects;
mod statement;

pub use expr::{
    Call, Cte, Expr, From, FromAlias, IsTest, JoinKind, Quantified, Query, QueryBody, Select, SetOp, Target,
    TypeName,
};
pub use objects::{
    AlterFunction, AlterPublication, AlterType, CreateFunction, CreateTrigger, CreateView, DataKind,
    DataStatement, FunctionBody, FunctionSignature, GrantObjects, GrantStatement, NewType, OnConflict, Param,
    ParamMode, PolicyCommand, PolicyStatement, Privilege, PrivilegeName, PublicationTarget, TriggerEvent,
    Volatility,
};
pub use statement::{
    AlterColumn, AlterTable, ColumnDef, ColumnRule, Constraint, ConstraintKind, CreateIndex, CreateTable,
    Drop, DropKind, ForeignKey, IndexItem, OwnedKind, SetValue, Statement, TableLike, TransactionStatement,
};

use std::fmt;

/// A name with an optional schema, folded as PostgreSQL folds it. A database before the schema is dropped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QName {
    /// The schema, where it is written.
    pub schema: Option<String>,
    /// The name itself.
    pub name: String,
}

impl QName {
    /// A name without a schema.
    pub fn bare(name: impl Into<String>) -> Self {
        Self { schema: None, name: name.into() }
    }

    /// From the parts of a dotted name.
    pub fn from_parts(mut parts: Vec<String>) -> Self {
        let name = parts.pop().unwrap_or_default();
        Self { schema: parts.pop(), name }
    }
}

impl fmt::Display for QName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}
