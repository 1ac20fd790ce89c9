//! Which column a name means.

use super::{Checked, Checker, Fault, Value};
use crate::schema::catalogue::{Dep, Oid, Relation, Ty};

/// The columns that a query gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// Names and types.
    pub columns: Vec<(String, Ty)>,
    /// Whether there may be others that we don't know.
    pub open: bool,
}

/// Something that columns are selected from.
#[derive(Clone, Debug)]
pub struct Item {
    /// The name by which it goes.
    pub alias: String,
    /// Its schema, if it goes by its own name.
    pub schema: Option<String>,
    /// The relation that it is.
    pub relation: Option<Oid>,
    /// Its columns.
    pub output: Output,
    /// The type of its rows.
    pub row: Ty,
    /// Columns that a join merged into those of its left side.
    pub merged: Vec<String>,
    /// Names of the relation's columns where the alias gives others.
    pub renamed: Vec<String>,
}

impl Item {
    /// A relation under its own name.
    pub fn relation(relation: &Relation) -> Self {
        Self {
            alias: relation.name.clone(),
            schema: Some(relation.schema.clone()),
            relation: Some(relation.oid),
            output: Output {
                columns: relation.columns.iter().map(|c| (c.name.clone(), c.ty)).collect(),
                open: false,
            },
            row: Ty::of(relation.oid),
            merged: Vec::new(),
            renamed: Vec::new(),
        }
    }

    /// A relation under another name: `new` and `old` of triggers.
    pub fn called(relation: &Relation, alias: &str) -> Self {
        Self { alias: alias.to_owned(), schema: None, ..Self::relation(relation) }
    }

    /// Columns without a relation.
    pub fn derived(alias: String, output: Output) -> Self {
        Self {
            alias,
            schema: None,
            relation: None,
            output,
            row: Ty::ANY,
            merged: Vec::new(),
            renamed: Vec::new(),
        }
    }

    /// The relation's own name of a column.
    fn original<'n>(&'n self, name: &'n str) -> &'n str {
        let at = self.output.columns.iter().position(|(column, _)| column == name);
        at.and_then(|i| self.renamed.get(i)).map_or(name, String::as_str)
    }
}

/// What one query sees.
#[derive(Clone, Debug, Default)]
pub(super) struct Level {
    pub(super) items: Vec<Item>,
}

/// Columns that every table has.
const SYSTEM: [(&str, Ty); 6] = [
    ("tableoid", Ty::OID),
    ("ctid", Ty::ANY),
    ("xmin", Ty::ANY),
    ("xmax", Ty::ANY),
    ("cmin", Ty::ANY),
    ("cmax", Ty::ANY),
];

impl Checker<'_> {
    /// `a`, `t.a`, `s.t.a`
    pub(super) fn column(&mut self, parts: &[String]) -> Checked<Value> {
        match parts {
            [name] => self.bare_column(name),
            [table, name] => self.qualified(None, table, name),
            [schema, table, name] => self.qualified(Some(schema), table, name),
            [_, schema, table, name] => self.qualified(Some(schema), table, name),
            _ => Ok(Ty::ANY.into()),
        }
    }

    fn bare_column(&mut self, name: &str) -> Checked<Value> {
        let mut found = None;
        for level in self.levels.iter().rev() {
            let mut holders = level.items.iter().filter(|item| {
                !item.merged.iter().any(|m| m == name)
                    && item.output.columns.iter().any(|(column, _)| column == name)
            });
            if let Some(item) = holders.next() {
                if holders.next().is_some() {
                    return Err(Fault::new("42702", format!("column reference \"{name}\" is ambiguous")));
                }
                let ty = item
                    .output
                    .columns
                    .iter()
                    .find(|(column, _)| column == name)
                    .map_or(Ty::ANY, |(_, ty)| *ty);
                found = Some((item.relation.map(|oid| Dep::Column(oid, item.original(name).to_owned())), ty));
                break;
            }
            if level.items.iter().any(|item| item.output.open) {
                return Ok(Ty::ANY.into());
            }
        }
        if let Some((dep, ty)) = found {
            self.deps.extend(dep);
            return Ok(ty.into());
        }
        if let Some(variable) = self.variables.iter().find(|v| v.name == name) {
            return Ok(variable.ty.into());
        }
        // The name of a table is its row.
        let row = self.levels.iter().rev().flat_map(|l| &l.items).find(|item| item.alias == name);
        if let Some(item) = row {
            self.deps.extend(item.relation.map(Dep::Relation));
            return Ok(item.row.into());
        }
        let system = SYSTEM.iter().find(|(column, _)| *column == name);
        if let Some((_, ty)) = system
            && self.levels.iter().any(|l| l.items.iter().any(|i| i.relation.is_some()))
        {
            return Ok((*ty).into());
        }
        if self.lenient {
            return Ok(Ty::ANY.into());
        }
        Err(Fault::new("42703", format!("column \"{name}\" does not exist")))
    }

    fn qualified(&mut self, schema: Option<&String>, table: &str, name: &str) -> Checked<Value> {
        let item = self.levels.iter().rev().find_map(|level| {
            level.items.iter().find(|item| {
                item.alias == table && schema.is_none_or(|schema| item.schema.as_ref() == Some(schema))
            })
        });
        let Some(item) = item else { return self.field_of_variable(schema, table, name) };
        if let Some((_, ty)) = item.output.columns.iter().find(|(column, _)| column == name) {
            let dep = item.relation.map(|oid| Dep::Column(oid, item.original(name).to_owned()));
            let ty = *ty;
            self.deps.extend(dep);
            return Ok(ty.into());
        }
        if item.output.open {
            return Ok(Ty::ANY.into());
        }
        if let Some((_, ty)) = SYSTEM.iter().find(|(column, _)| *column == name) {
            return Ok((*ty).into());
        }
        // A column whose type has fields, written without parentheses, or `t.f` for `f(t)`.
        let known = item.row;
        if let Some(oids) = self.cat.function_names.get(name)
            && oids.iter().filter_map(|oid| self.cat.functions.get(oid)).any(|f| f.args == [known])
        {
            return Ok(Ty::ANY.into());
        }
        Err(Fault::new("42703", format!("column {table}.{name} does not exist")))
    }

    fn field_of_variable(&mut self, schema: Option<&String>, table: &str, name: &str) -> Checked<Value> {
        if schema.is_none() {
            if let Some(variable) = self.variables.iter().find(|v| v.name == table) {
                let ty = variable.ty;
                return self.field(ty, name).map(Value::from);
            }
            if self.routine.as_deref() == Some(table)
                && let Some(variable) = self.variables.iter().find(|v| v.name == name)
            {
                return Ok(variable.ty.into());
            }
            if self.lenient {
                return Ok(Ty::ANY.into());
            }
        }
        Err(Fault::new("42P01", format!("missing FROM-clause entry for table \"{table}\"")))
    }

    /// The type of a field of a row.
    pub(super) fn field(&mut self, ty: Ty, name: &str) -> Checked<Ty> {
        let ty = self.cat.base(ty);
        let Some(row) = self.cat.row_of(ty) else {
            if ty.is_any() || ty == Ty::RECORD {
                return Ok(Ty::ANY);
            }
            let of = self.cat.type_text(ty);
            return Err(Fault::new(
                "42809",
                format!("column notation .{name} applied to type {of}, which is not a composite type"),
            ));
        };
        match row.column(name) {
            Some(column) => {
                self.deps.insert(Dep::Column(row.oid, name.to_owned()));
                Ok(column.ty)
            }
            None => {
                Err(Fault::new("42703", format!("column \"{name}\" not found in data type {}", row.name)))
            }
        }
    }

    /// The columns that `*` or `t.*` stands for.
    pub(super) fn star(&mut self, parts: &[String]) -> Checked<Output> {
        let mut output = Output::default();
        let Some(table) = parts.last() else {
            let Some(level) = self.levels.last() else { return Ok(Output { open: true, ..output }) };
            for item in &level.items {
                output.open |= item.output.open;
                for (name, ty) in &item.output.columns {
                    if !item.merged.contains(name) {
                        output.columns.push((name.clone(), *ty));
                        self.deps.extend(
                            item.relation.map(|oid| Dep::Column(oid, item.original(name).to_owned())),
                        );
                    }
                }
            }
            return Ok(output);
        };
        let item =
            self.levels.iter().rev().find_map(|level| level.items.iter().find(|item| item.alias == *table));
        if let Some(item) = item {
            for (name, _) in &item.output.columns {
                self.deps.extend(item.relation.map(|oid| Dep::Column(oid, item.original(name).to_owned())));
            }
            return Ok(item.output.clone());
        }
        if self.lenient || self.variables.iter().any(|v| v.name == *table) {
            return Ok(Output { open: true, ..output });
        }
        Err(Fault::new("42P01", format!("missing FROM-clause entry for table \"{table}\"")))
    }
}
