//! Columns: their types, defaults and generation.

use std::sync::Arc;

use super::Session;
use crate::schema::catalogue::{Column, Dep, Oid, RelationKind};
use crate::schema::check::{Checked, Context, Fault};
use crate::schema::sql::{ColumnDef, ColumnRule, Expr};

impl Session {
    /// Adds a column, without the constraints that stand behind it.
    pub(super) fn add_column(&mut self, oid: Oid, def: &ColumnDef) -> Checked<()> {
        let Some(ty) = &def.ty else { return Ok(()) };
        let Some(relation) = self.cat.relations.get(&oid) else { return Ok(()) };
        let (schema, table) = (relation.schema.clone(), relation.name.clone());
        if relation.column(&def.name).is_some() {
            return Err(Fault::new(
                "42701",
                format!("column \"{}\" of relation \"{table}\" already exists", def.name),
            ));
        }
        if ["tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"].contains(&def.name.as_str()) {
            return Err(Fault::new(
                "42701",
                format!("column name \"{}\" conflicts with a system column name", def.name),
            ));
        }
        let serial = ty.name.schema.is_none() && ty.name.name.contains("serial");
        let mut checker = self.checker();
        let resolved = checker.type_of(ty)?;
        if resolved.is_polymorphic()
            || crate::schema::builtin::types().category(resolved.id).0 == 'P' && !resolved.is_any()
        {
            let name = self.cat.type_text(resolved);
            return Err(Fault::new("42P16", format!("column \"{}\" has pseudo-type {name}", def.name)));
        }
        let mut column = Column {
            name: def.name.clone(),
            ty: resolved,
            modifier: ty.modifier.clone(),
            not_null: serial,
            default: None,
            generated: false,
            identity: false,
            deps: Vec::new(),
            place: self.place,
            inherited: false,
        };
        let mut owned = None;
        if serial {
            owned = Some(self.free_relation_name(&schema, &table, &def.name, "seq"));
        }
        for rule in &def.rules {
            match rule {
                ColumnRule::NotNull => column.not_null = true,
                ColumnRule::Null => {}
                ColumnRule::Default(e) => {
                    column.deps.extend(self.default_deps(e, resolved, &def.name)?);
                    column.default = Some(Arc::new(e.clone()));
                }
                // The expression may name columns that follow, so it is looked at when all are there.
                ColumnRule::Generated(e) => {
                    column.generated = true;
                    column.default = Some(Arc::new(e.clone()));
                }
                ColumnRule::Identity { .. } => {
                    column.identity = true;
                    column.not_null = true;
                    let name = self.cat.type_text(resolved);
                    if !matches!(name.as_str(), "integer" | "bigint" | "smallint") {
                        return Err(Fault::new(
                            "22023",
                            "identity column type must be smallint, integer, or bigint",
                        ));
                    }
                    owned = Some(self.free_relation_name(&schema, &table, &def.name, "seq"));
                }
                ColumnRule::Constraint(constraint) => {
                    if matches!(constraint.kind, crate::schema::sql::ConstraintKind::Primary(..)) {
                        column.not_null = true;
                    }
                }
            }
        }
        if let Some(name) = owned {
            let sequence = self.add_sequence(&schema, &name);
            if let Some(sequence) = self.cat.relations.get_mut(&sequence) {
                sequence.deps.push(Dep::Column(oid, def.name.clone()));
            }
            if serial {
                let next = Expr::Text(format!("nextval('{name}')"));
                column.default.get_or_insert_with(|| Arc::new(next));
            }
        }
        let children = self.children(oid);
        if let Some(relation) = self.cat.relations.get_mut(&oid) {
            relation.columns.push(column.clone());
        }
        for child in children {
            if let Some(child) = self.cat.relations.get_mut(&child)
                && child.column(&column.name).is_none()
            {
                child.columns.push(Column { inherited: true, ..column.clone() });
            }
        }
        Ok(())
    }

    /// Tables that inherit from a table, at any distance.
    pub(super) fn children(&self, oid: Oid) -> Vec<Oid> {
        let mut found = vec![oid];
        let mut at = 0;
        while let Some(parent) = found.get(at).copied() {
            at += 1;
            for relation in self.cat.relations.values() {
                if relation.parents.contains(&parent) && !found.contains(&relation.oid) {
                    found.push(relation.oid);
                }
            }
        }
        found.remove(0);
        found
    }

    /// What a default can't do without, if it is one.
    pub(super) fn default_deps(
        &self,
        e: &Expr,
        to: crate::schema::catalogue::Ty,
        column: &str,
    ) -> Checked<Vec<Dep>> {
        let mut checker = self.checker();
        let value = checker.alone(e).map_err(|fault| match (fault.code, names_column(e)) {
            ("42703", true) => Fault::new("0A000", "cannot use column reference in DEFAULT expression"),
            _ => fault,
        })?;
        if checker.subquery {
            return Err(Fault::new("0A000", "cannot use subquery in DEFAULT expression"));
        }
        checker.require(&value, to, Context::Assignment).map_err(|fault| match fault.code {
            "42846" => {
                let (from, to) = (self.cat.type_text(value.ty), self.cat.type_text(to));
                Fault::new(
                    "42804",
                    format!("column \"{column}\" is of type {to} but default expression is of type {from}"),
                )
            }
            _ => fault,
        })?;
        Ok(checker.deps.into_iter().collect())
    }

    /// Generated columns: over the others, always the same.
    pub(super) fn generated_columns(&mut self, oid: Oid) -> Checked<()> {
        let Some(relation) = self.cat.relations.get(&oid) else { return Ok(()) };
        let generated: Vec<(String, Arc<Expr>, crate::schema::catalogue::Ty)> = relation
            .columns
            .iter()
            .filter(|c| c.generated && c.deps.is_empty())
            .filter_map(|c| Some((c.name.clone(), c.default.clone()?, c.ty)))
            .collect();
        for (name, e, ty) in generated {
            let (value, deps, mutable) = self.table_expr(oid, &e, "column generation")?;
            let mut checker = self.checker();
            checker.require(&value, ty, Context::Assignment).map_err(|_| {
                let (from, to) = (self.cat.type_text(value.ty), self.cat.type_text(ty));
                Fault::new(
                    "42804",
                    format!("column \"{name}\" is of type {to} but default expression is of type {from}"),
                )
            })?;
            if mutable || checker.mutable {
                return Err(Fault::new("42P17", "generation expression is not immutable"));
            }
            let on_generated = deps.iter().any(|dep| match dep {
                Dep::Column(table, column) => {
                    *table == oid
                        && self
                            .cat
                            .relations
                            .get(&oid)
                            .and_then(|r| r.column(column))
                            .is_some_and(|c| c.generated)
                }
                _ => false,
            });
            if on_generated {
                return Err(Fault::new(
                    "42P17",
                    "cannot use generated column in column generation expression",
                ));
            }
            if let Some(relation) = self.cat.relations.get_mut(&oid)
                && let Some(column) = relation.columns.iter_mut().find(|c| c.name == name)
            {
                column.deps = deps;
            }
        }
        Ok(())
    }

    /// Whether a table can be altered as one.
    pub(super) fn is_alterable(kind: RelationKind) -> bool {
        matches!(kind, RelationKind::Table | RelationKind::Partitioned | RelationKind::Foreign)
    }
}

fn names_column(e: &Expr) -> bool {
    match e {
        Expr::Column(_) => true,
        Expr::Call(call) => call.args.iter().any(|(_, e)| names_column(e)),
        Expr::Unary(_, e) | Expr::Cast(e, _) | Expr::Collate(e) => names_column(e),
        Expr::Binary(_, a, b) => names_column(a) || names_column(b),
        _ => false,
    }
}
