//! `create table`

use super::Session;
use crate::schema::catalogue::{Column, Dep, Oid, Relation, RelationKind};
use crate::schema::check::{Checked, Fault};
use crate::schema::sql::{ColumnRule, Constraint, ConstraintKind, CreateTable, Expr, TableLike};

impl Session {
    /// `create table`
    pub(super) fn create_table(&mut self, it: &CreateTable) -> Checked<()> {
        let schema = self.target_schema(&it.name, it.temporary)?;
        if !self.name_is_free(&schema, &it.name.name, it.if_not_exists)? {
            return Ok(());
        }
        if it.foreign && !it.server.as_ref().is_some_and(|s| self.cat.servers.contains(s)) {
            let server = it.server.clone().unwrap_or_default();
            return Err(Fault::new("42704", format!("server \"{server}\" does not exist")));
        }
        let kind = if it.foreign {
            RelationKind::Foreign
        } else if it.partition_by.is_some() {
            RelationKind::Partitioned
        } else {
            RelationKind::Table
        };
        let mut relation = self.new_relation(&schema, &it.name.name, kind);
        relation.partition = it.partition_of.is_some();
        let oid = relation.oid;
        let mut parents = Vec::new();
        for parent in it.inherits.iter().chain(&it.partition_of) {
            let parent = self.existing(parent)?;
            if it.partition_of.is_some() && parent.kind != RelationKind::Partitioned {
                return Err(Fault::new("42P16", format!("\"{}\" is not partitioned", parent.name)));
            }
            if !parent.is_table() {
                return Err(Fault::new(
                    "42809",
                    format!("inherited relation \"{}\" is not a table", parent.name),
                ));
            }
            parents.push(parent.oid);
        }
        relation.parents.clone_from(&parents);
        let mut constraints: Vec<Constraint> = Vec::new();
        self.inherit(&mut relation, &parents, &mut constraints);
        self.cat.add_relation(relation);
        for like in &it.likes {
            self.like(oid, like)?;
        }
        for column in &it.columns {
            match &column.ty {
                Some(_) => {
                    let merged = !parents.is_empty()
                        && self.cat.relations.get(&oid).is_some_and(|r| r.column(&column.name).is_some());
                    if !merged {
                        self.add_column(oid, column)?;
                    }
                }
                None => self.column_rules_only(oid, &column.name, &column.rules)?,
            }
            for rule in &column.rules {
                if let ColumnRule::Constraint(constraint) = rule {
                    constraints.push(of_column(constraint, &column.name));
                }
            }
        }
        constraints.extend(it.constraints.iter().cloned());
        if let Some(keys) = &it.partition_by {
            for key in keys {
                self.table_expr(oid, key, "partition key")?;
            }
        }
        self.generated_columns(oid)?;
        let primaries = constraints.iter().filter(|c| matches!(c.kind, ConstraintKind::Primary(..))).count();
        if primaries > 1 {
            let name = &it.name.name;
            return Err(Fault::new(
                "42P16",
                format!("multiple primary keys for table \"{name}\" are not allowed"),
            ));
        }
        if let Some(keys) = &it.partition_by {
            partition_keys(keys, &constraints)?;
        }
        // In the server's order: keys first, then what checks, then what refers.
        let rank = |c: &Constraint| match c.kind {
            ConstraintKind::Check(_) | ConstraintKind::NotNull(_) => 0,
            ConstraintKind::Primary(..) => 1,
            ConstraintKind::Unique(..) | ConstraintKind::Exclude(..) => 2,
            ConstraintKind::Foreign(_) => 3,
        };
        let mut ordered: Vec<&Constraint> = constraints.iter().collect();
        ordered.sort_by_key(|c| rank(c));
        for constraint in ordered {
            self.add_constraint(oid, constraint, true)?;
        }
        self.guarded(&schema, "permission denied for schema")?;
        self.table_was_made(oid, "CREATE TABLE")
    }

    /// Columns and constraints of parents.
    fn inherit(&mut self, relation: &mut Relation, parents: &[Oid], constraints: &mut Vec<Constraint>) {
        for parent in parents {
            let Some(parent) = self.cat.relations.get(parent) else { continue };
            for column in &parent.columns {
                if relation.column(&column.name).is_none() {
                    relation.columns.push(Column { inherited: true, ..column.clone() });
                }
            }
            for constraint in &parent.constraints {
                use crate::schema::catalogue::ConstraintKind as Kind;
                match &constraint.kind {
                    Kind::Check(_) => relation.constraints.push(constraint.clone()),
                    Kind::Primary { columns, .. } if relation.partition => constraints.push(Constraint {
                        name: None,
                        kind: ConstraintKind::Primary(columns.clone(), None),
                    }),
                    Kind::Unique { columns, .. } if relation.partition => constraints
                        .push(Constraint { name: None, kind: ConstraintKind::Unique(columns.clone(), None) }),
                    _ => {}
                }
            }
        }
    }

    fn like(&mut self, oid: Oid, like: &TableLike) -> Checked<()> {
        let source = self.existing(&like.name)?.clone();
        for column in &source.columns {
            let column = Column {
                default: column.default.clone().filter(|_| like.defaults),
                generated: false,
                identity: false,
                deps: if like.defaults { column.deps.clone() } else { Vec::new() },
                place: self.place,
                inherited: false,
                ..column.clone()
            };
            let Some(relation) = self.cat.relations.get_mut(&oid) else { return Ok(()) };
            if relation.column(&column.name).is_some() {
                return Err(Fault::new(
                    "42701",
                    format!("column \"{}\" specified more than once", column.name),
                ));
            }
            relation.columns.push(column);
        }
        if like.constraints {
            for constraint in &source.constraints {
                if let crate::schema::catalogue::ConstraintKind::Check(_) = constraint.kind
                    && let Some(relation) = self.cat.relations.get_mut(&oid)
                {
                    relation.constraints.push(constraint.clone());
                }
            }
        }
        if like.indexes {
            let indexes: Vec<_> = self.cat.indexes_of(source.oid).cloned().collect();
            for index in indexes {
                let Some((schema, name)) =
                    self.cat.relations.get(&oid).map(|r| (r.schema.clone(), r.name.clone()))
                else {
                    break;
                };
                let (second, label) = if index.primary {
                    (String::new(), "pkey")
                } else {
                    (Self::index_columns(&index.keys), if index.constraint { "key" } else { "idx" })
                };
                let new_name = self.free_relation_name(&schema, &name, &second, label);
                let new = self.cat.new_oid();
                let columns: Vec<String> = index.keys.iter().filter_map(|k| k.column.clone()).collect();
                let kind = if index.primary {
                    Some(crate::schema::catalogue::ConstraintKind::Primary { columns, index: new })
                } else if index.constraint {
                    Some(crate::schema::catalogue::ConstraintKind::Unique { columns, index: new })
                } else {
                    None
                };
                let place = self.place;
                if let (Some(kind), Some(relation)) = (kind, self.cat.relations.get_mut(&oid)) {
                    relation.constraints.push(crate::schema::catalogue::Constraint {
                        name: new_name.clone(),
                        kind,
                        deps: Vec::new(),
                        place,
                    });
                }
                self.cat.add_index(crate::schema::catalogue::Index {
                    oid: new,
                    schema,
                    name: new_name,
                    table: oid,
                    place,
                    ..index
                });
            }
        }
        Ok(())
    }

    /// An expression over the columns of a table, and what it can't do without.
    pub(super) fn table_expr(
        &self,
        oid: Oid,
        expr: &Expr,
        what: &str,
    ) -> Checked<(crate::schema::check::Value, Vec<Dep>, bool)> {
        let mut checker = self.checker();
        if let Some(relation) = self.cat.relations.get(&oid) {
            checker.see(crate::schema::check::Item::relation(relation));
        }
        let value = checker.expr(expr)?;
        if checker.subquery {
            return Err(Fault::new("0A000", format!("cannot use subquery in {what} expression")));
        }
        if checker.aggregate {
            return Err(Fault::new(
                "42803",
                format!("aggregate functions are not allowed in {what} expressions"),
            ));
        }
        if checker.set {
            return Err(Fault::new(
                "0A000",
                format!("set-returning functions are not allowed in {what} expressions"),
            ));
        }
        let mutable = checker.mutable;
        let deps = checker.deps.into_iter().collect();
        Ok((value, deps, mutable))
    }

    fn column_rules_only(&mut self, oid: Oid, name: &str, rules: &[ColumnRule]) -> Checked<()> {
        let found = self.cat.relations.get(&oid).is_some_and(|r| r.column(name).is_some());
        if !found {
            return Err(Fault::new("42703", format!("column \"{name}\" does not exist")));
        }
        for rule in rules {
            if let ColumnRule::NotNull = rule
                && let Some(relation) = self.cat.relations.get_mut(&oid)
                && let Some(column) = relation.columns.iter_mut().find(|c| c.name == name)
            {
                column.not_null = true;
            }
        }
        Ok(())
    }
}

/// A column's constraint as one of the table.
pub(super) fn of_column(constraint: &Constraint, column: &str) -> Constraint {
    let columns = vec![column.to_owned()];
    let kind = match &constraint.kind {
        ConstraintKind::Primary(_, index) => ConstraintKind::Primary(columns, index.clone()),
        ConstraintKind::Unique(_, index) => ConstraintKind::Unique(columns, index.clone()),
        ConstraintKind::Foreign(key) => {
            ConstraintKind::Foreign(crate::schema::sql::ForeignKey { columns, ..key.clone() })
        }
        other => other.clone(),
    };
    Constraint { name: constraint.name.clone(), kind }
}

/// Keys of a partitioned table must have what it is partitioned by.
fn partition_keys(keys: &[Expr], constraints: &[Constraint]) -> Checked<()> {
    for constraint in constraints {
        let (ConstraintKind::Primary(columns, _) | ConstraintKind::Unique(columns, _)) = &constraint.kind
        else {
            continue;
        };
        for key in keys {
            match key {
                Expr::Column(parts) if parts.last().is_some_and(|p| columns.contains(p)) => {}
                _ => {
                    return Err(Fault::new(
                        "0A000",
                        "unique constraint on partitioned table must include all partitioning columns",
                    ));
                }
            }
        }
    }
    Ok(())
}
