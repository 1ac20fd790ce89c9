//! `alter table` and its kin.

use super::Session;
use super::table::of_column;
use crate::schema::catalogue::{
    Catalogue, ConstraintKind as MadeKind, Dep, Oid, Relation, RelationKind, Switch, Ty,
};
use crate::schema::check::{Checked, Context, Fault, Value};
use crate::schema::sql::{AlterColumn, AlterTable, ColumnRule, Expr, OwnedKind, QName};

impl Session {
    /// `alter table`, `alter view`, `alter index`, `alter sequence`
    pub(super) fn alter_relation(
        &mut self,
        name: &QName,
        if_exists: bool,
        kind: OwnedKind,
        actions: &[AlterTable],
    ) -> Checked<()> {
        if kind == OwnedKind::Index
            || self.cat.find_name(name, &self.path).is_some_and(|oid| self.cat.indexes.contains(&oid))
        {
            return self.alter_index(name, if_exists, actions);
        }
        let relation = match self.existing(name) {
            Ok(relation) => relation,
            Err(_) if if_exists => return Ok(()),
            Err(fault) => return Err(fault),
        };
        let (oid, schema, is, shown) =
            (relation.oid, relation.schema.clone(), relation.kind, relation.name.clone());
        let wrong = match kind {
            OwnedKind::View => is != RelationKind::View,
            OwnedKind::MaterializedView => is != RelationKind::MaterializedView,
            OwnedKind::Sequence => is != RelationKind::Sequence,
            _ => false,
        };
        if wrong {
            let what = match kind {
                OwnedKind::View => "a view",
                OwnedKind::Sequence => "a sequence",
                _ => "a materialized view",
            };
            return Err(Fault::new("42809", format!("\"{shown}\" is not {what}")));
        }
        self.guarded(&schema, &format!("must be owner of table {shown}"))?;
        for action in actions {
            self.alter_action(oid, action)?;
        }
        let end =
            actions.iter().any(|a| matches!(a, AlterTable::AddColumn { .. } | AlterTable::Alter { .. }));
        if end {
            self.generated_columns(oid)?;
        }
        self.command(oid, "ALTER TABLE")
    }

    fn table_only(&self, oid: Oid) -> Checked<&Relation> {
        let Some(relation) = self.cat.relations.get(&oid) else {
            return Err(Fault::new("42P01", "relation does not exist"));
        };
        if Self::is_alterable(relation.kind) {
            return Ok(relation);
        }
        Err(Fault::new(
            "42809",
            format!("ALTER action cannot be performed on relation \"{}\"", relation.name),
        ))
    }

    fn alter_action(&mut self, oid: Oid, action: &AlterTable) -> Checked<()> {
        let place = self.place;
        match action {
            AlterTable::AddColumn { column, if_not_exists } => {
                let relation = self.table_only(oid)?;
                if *if_not_exists && relation.column(&column.name).is_some() {
                    return Ok(());
                }
                if relation.partition {
                    return Err(Fault::new("42809", "cannot add column to a partition"));
                }
                self.add_column(oid, column)?;
                for rule in &column.rules {
                    if let ColumnRule::Constraint(constraint) = rule {
                        self.add_constraint(oid, &of_column(constraint, &column.name), false)?;
                    }
                }
            }
            AlterTable::DropColumn { name, if_exists, cascade } => {
                let relation = self.table_only(oid)?;
                if relation.column(name).is_none() {
                    if *if_exists {
                        return Ok(());
                    }
                    let table = &relation.name;
                    return Err(Fault::new(
                        "42703",
                        format!("column \"{name}\" of relation \"{table}\" does not exist"),
                    ));
                }
                self.drop_column(oid, name, *cascade)?;
            }
            AlterTable::Alter { name, action } => {
                let relation = self.cat.relations.get(&oid);
                let Some(relation) = relation else { return Ok(()) };
                if relation.column(name).is_none() {
                    let table = &relation.name;
                    return Err(Fault::new(
                        "42703",
                        format!("column \"{name}\" of relation \"{table}\" does not exist"),
                    ));
                }
                self.alter_column(oid, name, action)?;
            }
            AlterTable::AddConstraint(constraint) => {
                self.table_only(oid)?;
                self.add_constraint(oid, constraint, false)?;
            }
            AlterTable::DropConstraint { name, if_exists, cascade } => {
                let relation = self.table_only(oid)?;
                if !relation.constraints.iter().any(|c| c.name == *name) {
                    if *if_exists {
                        return Ok(());
                    }
                    let table = &relation.name;
                    return Err(Fault::new(
                        "42704",
                        format!("constraint \"{name}\" of relation \"{table}\" does not exist"),
                    ));
                }
                self.drop_constraint(oid, name, *cascade)?;
            }
            AlterTable::ValidateConstraint(name) | AlterTable::AlterConstraint(name) => {
                let relation = self.table_only(oid)?;
                if !relation.constraints.iter().any(|c| c.name == *name) {
                    let table = &relation.name;
                    return Err(Fault::new(
                        "42704",
                        format!("constraint \"{name}\" of relation \"{table}\" does not exist"),
                    ));
                }
            }
            AlterTable::RenameTo(new_name) => self.rename_relation(oid, new_name)?,
            AlterTable::RenameColumn { name, new_name } => self.rename_column(oid, name, new_name)?,
            AlterTable::RenameConstraint { name, new_name } => self.rename_constraint(oid, name, new_name)?,
            AlterTable::SetSchema(schema) => self.move_relation(oid, schema)?,
            AlterTable::Owner(role) => {
                self.role_exists(role)?;
                let role = self.role_name(role);
                if let Some(relation) = self.cat.relations.get_mut(&oid) {
                    relation.owner = role;
                }
            }
            AlterTable::EnableRls
            | AlterTable::DisableRls
            | AlterTable::ForceRls
            | AlterTable::NoForceRls => {
                self.table_only(oid)?;
                if let Some(relation) = self.cat.relations.get_mut(&oid) {
                    let switch = |on: bool| Switch { on: Some(on), place: Some(place) };
                    match action {
                        AlterTable::EnableRls => relation.rls = switch(true),
                        AlterTable::DisableRls => relation.rls = switch(false),
                        AlterTable::ForceRls => relation.forced = switch(true),
                        _ => relation.forced = switch(false),
                    }
                }
            }
            AlterTable::Trigger { name, enabled } => {
                let relation = self.table_only(oid)?;
                if let Some(name) = name
                    && !relation.triggers.contains_key(name)
                {
                    let table = &relation.name;
                    return Err(Fault::new(
                        "42704",
                        format!("trigger \"{name}\" for table \"{table}\" does not exist"),
                    ));
                }
                if let Some(relation) = self.cat.relations.get_mut(&oid) {
                    for trigger in relation.triggers.values_mut() {
                        if name.as_ref().is_none_or(|name| *name == trigger.name) {
                            trigger.enabled = *enabled;
                        }
                    }
                }
            }
            AlterTable::SetOptions(options) => {
                if let Some(relation) = self.cat.relations.get_mut(&oid) {
                    for (name, value) in options {
                        relation
                            .options
                            .insert(name.clone(), value.clone().unwrap_or_else(|| "true".to_owned()));
                    }
                }
            }
            AlterTable::ResetOptions(names) => {
                if let Some(relation) = self.cat.relations.get_mut(&oid) {
                    relation.options.retain(|name, _| !names.contains(name));
                }
            }
            AlterTable::AttachPartition(child) => {
                let child = self.existing(child)?.oid;
                if let Some(child) = self.cat.relations.get_mut(&child) {
                    child.parents.push(oid);
                    child.partition = true;
                }
            }
            AlterTable::DetachPartition(child) | AlterTable::NoInherit(child) => {
                let other = self.existing(child)?.oid;
                let (child, parent) =
                    if matches!(action, AlterTable::NoInherit(_)) { (oid, other) } else { (other, oid) };
                if let Some(child) = self.cat.relations.get_mut(&child) {
                    child.parents.retain(|p| *p != parent);
                    child.partition = false;
                }
            }
            AlterTable::Inherit(parent) => {
                let parent = self.existing(parent)?.oid;
                if let Some(relation) = self.cat.relations.get_mut(&oid) {
                    relation.parents.push(parent);
                }
            }
            AlterTable::ReplicaIndex(index) => {
                let schema = self.cat.relations.get(&oid).map(|r| r.schema.clone()).unwrap_or_default();
                if self.index_oid(&schema, index).is_none() {
                    return Err(Fault::new("42704", format!("index \"{index}\" does not exist")));
                }
            }
            AlterTable::Nothing => {}
        }
        Ok(())
    }

    fn alter_column(&mut self, oid: Oid, name: &str, action: &AlterColumn) -> Checked<()> {
        let Some(column) = self.cat.relations.get(&oid).and_then(|r| r.column(name)).cloned() else {
            return Ok(());
        };
        let mut column = column;
        match action {
            AlterColumn::Type { ty, using } => return self.alter_type_of(oid, name, ty, using.as_ref()),
            AlterColumn::SetDefault(e) => {
                if column.generated {
                    return Err(Fault::new("42601", format!("column \"{name}\" is a generated column")));
                }
                column.deps = self.default_deps(e, column.ty, name)?;
                column.default = Some(std::sync::Arc::new(e.clone()));
            }
            AlterColumn::DropDefault => {
                if column.generated {
                    return Err(Fault::new("42601", format!("column \"{name}\" is a generated column")));
                }
                column.default = None;
                column.deps.clear();
            }
            AlterColumn::SetNotNull => column.not_null = true,
            AlterColumn::DropNotNull => {
                let relation = self.cat.relations.get(&oid);
                let keyed = relation.is_some_and(|r| {
                    r.constraints.iter().any(|c| {
                        matches!(&c.kind, MadeKind::Primary { columns, .. } if columns.iter().any(|c| c == name))
                    })
                });
                if keyed {
                    return Err(Fault::new("42P16", format!("column \"{name}\" is in a primary key")));
                }
                if column.identity {
                    return Err(Fault::new("42601", format!("column \"{name}\" is an identity column")));
                }
                column.not_null = false;
            }
            AlterColumn::AddIdentity => {
                if !column.not_null {
                    return Err(Fault::new(
                        "55000",
                        format!("column \"{name}\" must be declared NOT NULL before identity can be added"),
                    ));
                }
                if column.identity || column.default.is_some() {
                    return Err(Fault::new(
                        "55000",
                        format!("column \"{name}\" already has a default value"),
                    ));
                }
                column.identity = true;
            }
            AlterColumn::DropIdentity { if_exists } => {
                if !column.identity && !if_exists {
                    return Err(Fault::new("55000", format!("column \"{name}\" is not an identity column")));
                }
                column.identity = false;
            }
            AlterColumn::DropExpression => {
                column.generated = false;
                column.default = None;
            }
            AlterColumn::Nothing => {}
        }
        self.put_column(oid, name, &column);
        Ok(())
    }

    fn put_column(&mut self, oid: Oid, name: &str, column: &crate::schema::catalogue::Column) {
        let mut all = self.children(oid);
        all.push(oid);
        for table in all {
            if let Some(relation) = self.cat.relations.get_mut(&table)
                && let Some(slot) = relation.columns.iter_mut().find(|c| c.name == name)
            {
                let inherited = slot.inherited;
                slot.clone_from(column);
                slot.inherited = inherited;
            }
        }
    }

    /// `alter column … type`
    fn alter_type_of(
        &mut self,
        oid: Oid,
        name: &str,
        ty: &crate::schema::sql::TypeName,
        using: Option<&Expr>,
    ) -> Checked<()> {
        let relation = self.table_only(oid)?.clone();
        let Some(mut column) = relation.column(name).cloned() else { return Ok(()) };
        let mut checker = self.checker();
        let new = checker.type_of(ty)?;
        checker.see(self.sees(&relation));
        let value: Value = match using {
            Some(using) => checker.expr(using)?,
            None => column.ty.into(),
        };
        checker.require(&value, new, Context::Assignment).map_err(|fault| match (fault.code, using) {
            ("42846", None) => {
                let to = self.cat.type_text(new);
                Fault::new("42804", format!("column \"{name}\" cannot be cast automatically to type {to}"))
            }
            ("42846", Some(_)) => {
                let to = self.cat.type_text(new);
                Fault::new("42804", format!("result of USING clause for column \"{name}\" cannot be cast automatically to type {to}"))
            }
            _ => fault,
        })?;
        let me = Dep::Column(oid, name.to_owned());
        if let Some(what) = users_of(&self.cat, &me, oid) {
            return Err(Fault::new("0A000", format!("cannot alter type of a column used {what}")));
        }
        if new != column.ty {
            if let Some(default) = &column.default
                && !column.identity
                && !matches!(default.as_ref(), Expr::Text(text) if text.starts_with("nextval("))
            {
                // The default has the old type by now: what was a literal is one no more.
                let mut checker = self.checker();
                let typed: Value = match checker.alone(default)?.ty {
                    Ty::UNKNOWN => column.ty.into(),
                    other => other.into(),
                };
                let null = matches!(default.as_ref(), Expr::Null);
                if !null && checker.require(&typed, new, Context::Assignment).is_err() {
                    let to = self.cat.type_text(new);
                    return Err(Fault::new(
                        "42804",
                        format!("default for column \"{name}\" cannot be cast automatically to type {to}"),
                    ));
                }
            }
            self.recheck(&relation, name, column.ty, new)?;
        }
        column.ty = new;
        column.modifier.clone_from(&ty.modifier);
        self.put_column(oid, name, &column);
        // Keys that refer to it, and those it refers to, must still compare.
        let mut pairs = Vec::new();
        for other in self.cat.relations.values() {
            for constraint in &other.constraints {
                if let MadeKind::Foreign { columns, table, target, .. } = &constraint.kind {
                    let Some(to) = self.cat.relations.get(table) else { continue };
                    for (a, b) in columns.iter().zip(target) {
                        let touched = other.oid == oid && a == name || *table == oid && b == name;
                        if let (true, Some(a), Some(b)) = (touched, other.column(a), to.column(b)) {
                            pairs.push((b.ty, a.ty));
                        }
                    }
                }
            }
        }
        for (to, from) in pairs {
            self.checker().comparable(to, from).map_err(|_| {
                Fault::new("42804", "foreign key constraint cannot be implemented: incompatible types")
            })?;
        }
        Ok(())
    }

    /// Checks and indexes were parsed with the old type: their literals have it.
    fn recheck(&self, relation: &Relation, name: &str, old: Ty, new: Ty) -> Checked<()> {
        let me = Dep::Column(relation.oid, name.to_owned());
        for constraint in &relation.constraints {
            if let MadeKind::Check(e) = &constraint.kind
                && constraint.deps.contains(&me)
            {
                compares(e, name, &mut |literal| {
                    let mut checker = self.checker();
                    let other = if literal { old } else { new };
                    checker.comparable(new, other)
                })?;
            }
        }
        Ok(())
    }
}

/// Calls `check` for each comparison of a column with a literal.
fn compares(e: &Expr, name: &str, check: &mut impl FnMut(bool) -> Checked<()>) -> Checked<()> {
    let is = |e: &Expr| matches!(e, Expr::Column(parts) if parts.last().is_some_and(|p| p == name));
    match e {
        Expr::Binary(op, a, b) if op == "and" || op == "or" => {
            compares(a, name, check)?;
            compares(b, name, check)
        }
        Expr::Binary(_, a, b) if is(a) || is(b) => {
            let text = matches!(a.as_ref(), Expr::Text(_)) || matches!(b.as_ref(), Expr::Text(_));
            check(text)
        }
        Expr::In { expr, list, .. } if is(expr) => check(list.iter().any(|e| matches!(e, Expr::Text(_)))),
        Expr::Quantified(q) if is(&q.left) => check(true),
        Expr::Unary(_, e) => compares(e, name, check),
        Expr::Row(items) => items.iter().try_for_each(|e| compares(e, name, check)),
        _ => Ok(()),
    }
}

/// What keeps a column from changing its type.
fn users_of(cat: &Catalogue, me: &Dep, table: Oid) -> Option<&'static str> {
    for relation in cat.relations.values() {
        if relation.is_view() && relation.deps.contains(me) {
            return Some("by a view or rule");
        }
        if relation.policies.values().any(|p| p.deps.contains(me)) {
            return Some("in a policy definition");
        }
        if relation.oid == table {
            if relation.triggers.values().any(|t| t.deps.contains(me)) {
                return Some("in a trigger definition");
            }
            if relation.columns.iter().any(|c| c.generated && c.deps.contains(me)) {
                return Some("by a generated column");
            }
        }
    }
    cat.functions.values().any(|f| f.deps.contains(me)).then_some("by a function or procedure")
}
