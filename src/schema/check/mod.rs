//! What PostgreSQL's parser checks of an expression or a query: that tables, columns, functions and operators are
//! there, and that types go together. On the way it notes what the expression can't do without.
//!
//! Where our knowledge ends (a function of an extension we have no list of), the type is [`Ty::ANY`], which goes with
//! everything: what can't be told is never an error.

mod call;
mod coerce;
mod columns;
mod data;
mod expr;
mod from;
mod literal;
mod operator;
mod query;
mod scope;
mod select;

use std::collections::BTreeSet;

use super::catalogue::{Catalogue, Dep, Ty};
use super::sql::{Expr, QName, TypeName};
pub use coerce::Context;
pub use columns::column_name;
pub use scope::{Item, Output};

/// Why the server would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// PostgreSQL's code.
    pub code: &'static str,
    /// PostgreSQL's message, as far as it is known.
    pub message: String,
}

impl Fault {
    /// A fault.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// What is checked, or why it is refused.
pub type Checked<T> = Result<T, Fault>;

/// The type of an expression, and its text if it is a string whose type is open.
#[derive(Clone, Debug)]
pub struct Value {
    /// The type.
    pub ty: Ty,
    /// The text of a literal.
    pub literal: Option<String>,
}

impl From<Ty> for Value {
    fn from(ty: Ty) -> Self {
        Self { ty, literal: None }
    }
}

/// A name that stands for a value: a parameter of a function, a variable of a block.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Ty,
}

/// Checks expressions against a catalogue.
#[derive(Debug)]
pub struct Checker<'a> {
    /// The catalogue.
    pub cat: &'a Catalogue,
    /// The schemas in which names are looked for.
    pub path: &'a [String],
    /// What the expressions can't do without.
    pub deps: BTreeSet<Dep>,
    /// Values with names.
    pub variables: Vec<Variable>,
    /// The name of the function whose parameters these are.
    pub routine: Option<String>,
    /// Whether names can be variables that we don't know: nothing is missing then.
    pub lenient: bool,
    /// Types of `$1` …; none: there are no parameters.
    pub params: Option<Vec<Ty>>,
    /// Whether something was met that does not always give the same result.
    pub mutable: bool,
    /// Whether an aggregate or a window function was met.
    pub aggregate: bool,
    /// Whether a subquery was met.
    pub subquery: bool,
    /// Whether a function that returns rows was met.
    pub set: bool,
    /// The transaction that runs, for values that it added to an enumeration.
    pub transaction: u32,
    levels: Vec<scope::Level>,
    ctes: Vec<(String, Output)>,
}

impl<'a> Checker<'a> {
    /// A checker that sees no table yet.
    pub fn new(cat: &'a Catalogue, path: &'a [String]) -> Self {
        Self {
            cat,
            path,
            deps: BTreeSet::new(),
            variables: Vec::new(),
            routine: None,
            lenient: false,
            params: None,
            mutable: false,
            aggregate: false,
            subquery: false,
            set: false,
            transaction: 0,
            levels: Vec::new(),
            ctes: Vec::new(),
        }
    }

    /// Lets names refer to the columns of a relation.
    pub fn see(&mut self, item: Item) {
        self.levels.push(scope::Level { items: vec![item] });
    }

    /// Lets names refer to the columns of several relations.
    pub fn see_all(&mut self, items: Vec<Item>) {
        self.levels.push(scope::Level { items });
    }

    /// A condition: it must be boolean.
    pub fn condition(&mut self, expr: &Expr) -> Checked<()> {
        let value = self.expr(expr)?;
        self.require(&value, Ty::BOOL, Context::Assignment).map_err(|_| {
            Fault::new(
                "42804",
                format!("argument must be type boolean, not type {}", self.cat.type_text(value.ty)),
            )
        })
    }

    /// The type that a name means.
    pub fn type_of(&mut self, name: &TypeName) -> Checked<Ty> {
        let ty = self.resolve_type(name)?;
        if let Some(dep) = self.cat.type_dep(ty) {
            self.deps.insert(dep);
        }
        Ok(ty)
    }

    fn resolve_type(&self, name: &TypeName) -> Checked<Ty> {
        if let Some(parts) = &name.percent {
            let mut parts = parts.clone();
            let column = parts.pop().unwrap_or_default();
            let table = QName::from_parts(parts);
            let relation = self
                .cat
                .relation(&table, self.path)
                .ok_or_else(|| Fault::new("42P01", format!("relation \"{table}\" does not exist")))?;
            return relation.column(&column).map(|c| c.ty).ok_or_else(|| {
                Fault::new(
                    "42703",
                    format!("column \"{column}\" of relation \"{}\" does not exist", relation.name),
                )
            });
        }
        if let Some(schema) = &name.name.schema
            && schema != "pg_catalog"
            && schema != "information_schema"
            && !self.cat.schemas.contains(schema)
        {
            return Err(Fault::new("3F000", format!("schema \"{schema}\" does not exist")));
        }
        let found = match name.name.name.as_str() {
            "serial" | "serial4" if name.name.schema.is_none() => Some(Ty::INT4),
            "bigserial" | "serial8" if name.name.schema.is_none() => Some(Ty::INT8),
            "smallserial" | "serial2" if name.name.schema.is_none() => Some(Ty::INT2),
            _ => self.cat.find_type(&name.name, self.path),
        };
        match found {
            Some(ty) if name.array => Ok(ty.array_of()),
            Some(ty) => Ok(ty),
            None if name.name.schema.as_deref() == Some("information_schema") => Ok(Ty::ANY),
            None => Err(Fault::new("42704", format!("type \"{}\" does not exist", name.name))),
        }
    }
}
