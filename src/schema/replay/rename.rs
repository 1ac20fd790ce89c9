//! Names that change: what refers to an object keeps referring to it.

use super::Session;
use crate::schema::catalogue::{ConstraintKind, Dep, Oid, RelationKind};
use crate::schema::check::{Checked, Fault};
use crate::schema::sql::{AlterTable, QName};

impl Session {
    pub(super) fn rename_relation(&mut self, oid: Oid, new_name: &str) -> Checked<()> {
        let Some(relation) = self.cat.relations.get(&oid) else { return Ok(()) };
        let (schema, old) = (relation.schema.clone(), relation.name.clone());
        self.name_is_free(&schema, new_name, false)?;
        self.cat.names.remove(&(schema.clone(), old));
        self.cat.names.insert((schema, new_name.to_owned()), oid);
        if let Some(relation) = self.cat.relations.get_mut(&oid) {
            relation.name = new_name.to_owned();
        }
        Ok(())
    }

    pub(super) fn rename_column(&mut self, oid: Oid, name: &str, new_name: &str) -> Checked<()> {
        let Some(relation) = self.cat.relations.get(&oid) else { return Ok(()) };
        let table = relation.name.clone();
        if relation.column(name).is_none() {
            return Err(Fault::new("42703", format!("column \"{name}\" does not exist")));
        }
        if relation.column(new_name).is_some() {
            return Err(Fault::new(
                "42701",
                format!("column \"{new_name}\" of relation \"{table}\" already exists"),
            ));
        }
        let mut tables = self.children(oid);
        tables.push(oid);
        for table in tables {
            self.renamed_column(table, name, new_name);
        }
        Ok(())
    }

    fn renamed_column(&mut self, oid: Oid, name: &str, new_name: &str) {
        let fix = |columns: &mut Vec<String>| {
            for column in columns.iter_mut().filter(|c| *c == name) {
                new_name.clone_into(column);
            }
        };
        let (old, new) = (Dep::Column(oid, name.to_owned()), Dep::Column(oid, new_name.to_owned()));
        let fix_deps = |deps: &mut Vec<Dep>| {
            for dep in deps.iter_mut().filter(|d| **d == old) {
                *dep = new.clone();
            }
        };
        let all: Vec<Oid> = self.cat.relations.keys().copied().collect();
        for table in all {
            let Some(relation) = self.cat.relations.get(&table) else { continue };
            let concerned = table == oid
                || relation.deps.contains(&old)
                || relation.policies.values().any(|p| p.deps.contains(&old))
                || relation
                    .constraints
                    .iter()
                    .any(|c| matches!(c.kind, ConstraintKind::Foreign { table, .. } if table == oid));
            if !concerned {
                continue;
            }
            let Some(relation) = self.cat.relations.get_mut(&table) else { continue };
            fix_deps(&mut relation.deps);
            relation.policies.values_mut().for_each(|p| fix_deps(&mut p.deps));
            relation.triggers.values_mut().for_each(|t| fix_deps(&mut t.deps));
            for constraint in &mut relation.constraints {
                fix_deps(&mut constraint.deps);
                match &mut constraint.kind {
                    ConstraintKind::Primary { columns, .. } | ConstraintKind::Unique { columns, .. }
                        if table == oid =>
                    {
                        fix(columns);
                    }
                    ConstraintKind::Foreign { columns, table: to, target, .. } => {
                        if table == oid {
                            fix(columns);
                        }
                        if *to == oid {
                            fix(target);
                        }
                    }
                    _ => {}
                }
            }
            for column in &mut relation.columns {
                fix_deps(&mut column.deps);
                if table == oid && column.name == name {
                    new_name.clone_into(&mut column.name);
                }
            }
            if table == oid {
                let grants = std::mem::take(&mut relation.acl.columns);
                relation.acl.columns = grants
                    .into_iter()
                    .map(|((role, column), rights)| {
                        ((role, if column == name { new_name.to_owned() } else { column }), rights)
                    })
                    .collect();
            }
        }
        let indexes: Vec<Oid> = self.cat.indexes_of(oid).map(|i| i.oid).collect();
        for index in indexes {
            let Some(index) = self.cat.indexes.get_mut(&index) else { continue };
            fix_deps(&mut index.deps);
            fix(&mut index.include);
            for key in &mut index.keys {
                if key.column.as_deref() == Some(name) {
                    key.column = Some(new_name.to_owned());
                }
            }
        }
    }

    pub(super) fn rename_constraint(&mut self, oid: Oid, name: &str, new_name: &str) -> Checked<()> {
        let Some(relation) = self.cat.relations.get(&oid) else { return Ok(()) };
        let table = relation.name.clone();
        if relation.constraints.iter().any(|c| c.name == new_name) {
            return Err(Fault::new(
                "42710",
                format!("constraint \"{new_name}\" for relation \"{table}\" already exists"),
            ));
        }
        let Some(at) = relation.constraints.iter().position(|c| c.name == name) else {
            return Err(Fault::new(
                "42704",
                format!("constraint \"{name}\" for table \"{table}\" does not exist"),
            ));
        };
        let index = match relation.constraints.get(at).map(|c| &c.kind) {
            Some(
                ConstraintKind::Primary { index, .. }
                | ConstraintKind::Unique { index, .. }
                | ConstraintKind::Exclude { index },
            ) => Some(*index),
            _ => None,
        };
        if let Some(index) = index {
            self.rename_index(index, new_name)?;
        }
        if let Some(relation) = self.cat.relations.get_mut(&oid)
            && let Some(constraint) = relation.constraints.get_mut(at)
        {
            new_name.clone_into(&mut constraint.name);
        }
        Ok(())
    }

    fn rename_index(&mut self, oid: Oid, new_name: &str) -> Checked<()> {
        let Some(index) = self.cat.indexes.get(&oid) else { return Ok(()) };
        let (schema, old, table) = (index.schema.clone(), index.name.clone(), index.table);
        self.name_is_free(&schema, new_name, false)?;
        self.cat.names.remove(&(schema.clone(), old.clone()));
        self.cat.names.insert((schema, new_name.to_owned()), oid);
        if let Some(index) = self.cat.indexes.get_mut(&oid) {
            new_name.clone_into(&mut index.name);
        }
        if let Some(relation) = self.cat.relations.get_mut(&table)
            && let Some(constraint) = relation.constraints.iter_mut().find(|c| c.name == old)
        {
            new_name.clone_into(&mut constraint.name);
        }
        Ok(())
    }

    pub(super) fn alter_index(
        &mut self,
        name: &QName,
        if_exists: bool,
        actions: &[AlterTable],
    ) -> Checked<()> {
        let Some(oid) = self.cat.find_name(name, &self.path) else {
            if if_exists {
                return Ok(());
            }
            return Err(Fault::new("42P01", format!("relation \"{name}\" does not exist")));
        };
        for action in actions {
            match action {
                AlterTable::RenameTo(new_name) if self.cat.indexes.contains(&oid) => {
                    self.rename_index(oid, new_name)?
                }
                AlterTable::RenameTo(new_name) => self.rename_relation(oid, new_name)?,
                AlterTable::Nothing | AlterTable::SetOptions(_) | AlterTable::ResetOptions(_) => {}
                _ => return Err(Fault::new("42809", format!("\"{}\" is an index", name.name))),
            }
        }
        Ok(())
    }

    pub(super) fn move_relation(&mut self, oid: Oid, schema: &str) -> Checked<()> {
        if !self.cat.schemas.contains(schema) {
            return Err(Fault::new("3F000", format!("schema \"{schema}\" does not exist")));
        }
        let Some(relation) = self.cat.relations.get(&oid) else { return Ok(()) };
        let (old, name) = (relation.schema.clone(), relation.name.clone());
        if old == schema {
            return Ok(());
        }
        self.name_is_free(schema, &name, false)?;
        self.cat.names.remove(&(old.clone(), name.clone()));
        self.cat.names.insert((schema.to_owned(), name), oid);
        if let Some(relation) = self.cat.relations.get_mut(&oid) {
            schema.clone_into(&mut relation.schema);
        }
        let indexes: Vec<(Oid, String)> = self.cat.indexes_of(oid).map(|i| (i.oid, i.name.clone())).collect();
        for (index, name) in indexes {
            self.name_is_free(schema, &name, false)?;
            self.cat.names.remove(&(old.clone(), name.clone()));
            self.cat.names.insert((schema.to_owned(), name), index);
            if let Some(index) = self.cat.indexes.get_mut(&index) {
                schema.clone_into(&mut index.schema);
            }
        }
        let owned: Vec<Oid> = self
            .cat
            .relations
            .values()
            .filter(|r| {
                r.kind == RelationKind::Sequence
                    && r.deps.iter().any(|d| matches!(d, Dep::Column(t, _) if *t == oid))
            })
            .map(|r| r.oid)
            .collect();
        for sequence in owned {
            self.move_relation(sequence, schema)?;
        }
        Ok(())
    }
}
