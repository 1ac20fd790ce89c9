//! Types and schemas.

use super::Session;
use crate::schema::catalogue::{Column, RelationKind, Schema, UserType, UserTypeKind};
use crate::schema::check::{Checked, Fault, Item, Output};
use crate::schema::sql::{AlterType, ConstraintKind, NewType, QName, Statement};

impl Session {
    /// `create type`, `create domain`
    pub(super) fn create_type(&mut self, name: &QName, kind: &NewType) -> Checked<()> {
        let schema = self.target_schema(name, false)?;
        let key = (schema.clone(), name.name.clone());
        if self.cat.type_names.contains(&key) {
            return Err(Fault::new("42710", format!("type \"{}\" already exists", name.name)));
        }
        let taken = self.cat.names.get(&key).and_then(|oid| self.cat.relations.get(oid)).map(|r| r.kind);
        if taken.is_some_and(|kind| kind != RelationKind::Sequence) {
            let code = if matches!(kind, NewType::Composite(_)) { "42P07" } else { "42710" };
            return Err(Fault::new(code, format!("type \"{}\" already exists", name.name)));
        }
        let oid = self.cat.new_oid();
        let mut deps = Vec::new();
        let kind = match kind {
            NewType::Enum(values) => {
                for (i, value) in values.iter().enumerate() {
                    if values.iter().take(i).any(|other| other == value) {
                        return Err(Fault::new("23505", "duplicate key value violates unique constraint"));
                    }
                }
                UserTypeKind::Enum(values.iter().map(|v| (v.clone(), 0)).collect())
            }
            NewType::Composite(fields) => {
                let mut relation = self.new_relation(&schema, &name.name, RelationKind::Composite);
                for (field, ty) in fields {
                    let mut checker = self.checker();
                    let ty = checker.type_of(ty)?;
                    let column: Column = self.plain_column(field.clone(), ty);
                    relation.columns.push(column);
                }
                let row = relation.oid;
                self.cat.relations.insert(row, relation);
                UserTypeKind::Composite(row)
            }
            NewType::Domain { base, constraints } => {
                let mut checker = self.checker();
                let base = checker.type_of(base)?;
                let mut names = Vec::new();
                for constraint in constraints {
                    if let ConstraintKind::Check(e) = &constraint.kind {
                        let output = Output { columns: vec![("value".to_owned(), base)], open: false };
                        checker.see(Item::derived(String::new(), output));
                        checker.condition(e)?;
                    }
                    names.push(constraint.name.clone().unwrap_or_else(|| format!("{}_check", name.name)));
                }
                deps.extend(checker.deps);
                UserTypeKind::Domain { base, constraints: names }
            }
            NewType::Range => UserTypeKind::Range,
            NewType::Base => UserTypeKind::Base,
        };
        let made = UserType {
            oid,
            schema,
            name: name.name.clone(),
            kind,
            place: self.place,
            deps,
            extension: self.extension.clone(),
        };
        self.cat.add_type(made);
        Ok(())
    }

    /// `alter type`, `alter domain`
    pub(super) fn alter_type(&mut self, name: &QName, action: &AlterType) -> Checked<()> {
        let missing = || Fault::new("42704", format!("type \"{name}\" does not exist"));
        let ty = self.cat.find_type(name, &self.path).ok_or_else(missing)?;
        let Some(made) = self.cat.types.get(&ty.id).cloned() else { return Err(missing()) };
        let transaction = self.transaction;
        let mut made = made;
        match action {
            AlterType::AddValue { value, if_not_exists } => {
                let UserTypeKind::Enum(values) = &mut made.kind else {
                    return Err(Fault::new("42809", format!("\"{}\" is not an enum", made.name)));
                };
                if values.iter().any(|(v, _)| v == value) {
                    if *if_not_exists {
                        return Ok(());
                    }
                    return Err(Fault::new("42710", format!("enum label \"{value}\" already exists")));
                }
                values.push((value.clone(), transaction));
            }
            AlterType::RenameValue { value, new_value } => {
                let UserTypeKind::Enum(values) = &mut made.kind else {
                    return Err(Fault::new("42809", format!("\"{}\" is not an enum", made.name)));
                };
                if values.iter().any(|(v, _)| v == new_value) {
                    return Err(Fault::new("42710", format!("enum label \"{new_value}\" already exists")));
                }
                match values.iter_mut().find(|(v, _)| v == value) {
                    Some(slot) => slot.0.clone_from(new_value),
                    None => {
                        return Err(Fault::new(
                            "22023",
                            format!("\"{value}\" is not an existing enum label"),
                        ));
                    }
                }
            }
            AlterType::RenameTo(new_name) => {
                let key = (made.schema.clone(), new_name.clone());
                if self.cat.type_names.contains(&key) || self.cat.names.contains(&key) {
                    return Err(Fault::new("42710", format!("type \"{new_name}\" already exists")));
                }
                self.cat.type_names.remove(&(made.schema.clone(), made.name.clone()));
                made.name.clone_from(new_name);
            }
            AlterType::SetSchema(schema) => {
                if !self.cat.schemas.contains(schema) {
                    return Err(Fault::new("3F000", format!("schema \"{schema}\" does not exist")));
                }
                self.cat.type_names.remove(&(made.schema.clone(), made.name.clone()));
                made.schema.clone_from(schema);
            }
            AlterType::Owner(role) => self.role_exists(role)?,
            AlterType::AddAttribute(field, ty) => {
                let ty = self.checker().type_of(ty)?;
                let column = self.plain_column(field.clone(), ty);
                self.change_row(&made, |columns| {
                    if columns.iter().any(|c| c.name == *field) {
                        return Err(Fault::new("42701", format!("column \"{field}\" already exists")));
                    }
                    columns.push(column);
                    Ok(())
                })?;
            }
            AlterType::DropAttribute { name: field, if_exists } => self.change_row(&made, |columns| {
                let before = columns.len();
                columns.retain(|c| c.name != *field);
                if columns.len() == before && !if_exists {
                    return Err(Fault::new("42703", format!("column \"{field}\" does not exist")));
                }
                Ok(())
            })?,
            AlterType::RenameAttribute(field, new_name) => {
                self.change_row(&made, |columns| match columns.iter_mut().find(|c| c.name == *field) {
                    Some(column) => {
                        column.name.clone_from(new_name);
                        Ok(())
                    }
                    None => Err(Fault::new("42703", format!("column \"{field}\" does not exist"))),
                })?
            }
            AlterType::AddConstraint(_) | AlterType::Nothing => {}
            AlterType::DropConstraint { name: constraint, if_exists } => {
                if let UserTypeKind::Domain { constraints, .. } = &mut made.kind {
                    let before = constraints.len();
                    constraints.retain(|c| c != constraint);
                    if constraints.len() == before && !if_exists {
                        return Err(Fault::new(
                            "42704",
                            format!("constraint \"{constraint}\" does not exist"),
                        ));
                    }
                }
            }
        }
        self.cat.add_type(made);
        Ok(())
    }

    fn change_row(
        &mut self,
        made: &UserType,
        change: impl FnOnce(&mut Vec<Column>) -> Checked<()>,
    ) -> Checked<()> {
        let UserTypeKind::Composite(row) = made.kind else {
            return Err(Fault::new("42809", format!("\"{}\" is not a composite type", made.name)));
        };
        match self.cat.relations.get_mut(&row) {
            Some(relation) => change(&mut relation.columns),
            None => Ok(()),
        }
    }

    /// `create schema`
    pub(super) fn create_schema(
        &mut self,
        name: &str,
        if_not_exists: bool,
        elements: &[Statement],
    ) -> Checked<()> {
        if self.cat.schemas.contains(name) {
            if if_not_exists {
                return Ok(());
            }
            return Err(Fault::new("42P06", format!("schema \"{name}\" already exists")));
        }
        if name.starts_with("pg_") {
            return Err(Fault::new("42939", format!("unacceptable schema name \"{name}\"")));
        }
        let schema = Schema {
            place: self.place,
            owner: self.role.clone(),
            acl: Default::default(),
            extension: self.extension.clone(),
        };
        self.cat.schemas.insert(name.to_owned(), schema);
        if elements.is_empty() {
            return Ok(());
        }
        let path = self.path.clone();
        self.path.insert(0, name.to_owned());
        let result = elements.iter().try_for_each(|statement| self.nested(|s| s.run(statement)));
        self.path = path;
        result
    }

    /// `alter schema`
    pub(super) fn alter_schema(&mut self, name: &str, action: &AlterType) -> Checked<()> {
        let Some(schema) = self.cat.schemas.get(name).cloned() else {
            return Err(Fault::new("3F000", format!("schema \"{name}\" does not exist")));
        };
        match action {
            AlterType::RenameTo(new_name) => {
                if self.cat.schemas.contains(new_name.as_str()) {
                    return Err(Fault::new("42P06", format!("schema \"{new_name}\" already exists")));
                }
                self.cat.schemas.remove(&name.to_owned());
                self.cat.schemas.insert(new_name.clone(), schema);
                self.move_all(name, new_name);
            }
            AlterType::Owner(role) => self.role_exists(role)?,
            _ => {}
        }
        Ok(())
    }

    fn move_all(&mut self, from: &str, to: &str) {
        let here: Vec<_> =
            self.cat.names.iter().filter(|((s, _), _)| s == from).map(|(k, v)| (k.clone(), *v)).collect();
        for (key, oid) in here {
            self.cat.names.remove(&key);
            self.cat.names.insert((to.to_owned(), key.1), oid);
            if let Some(relation) = self.cat.relations.get_mut(&oid) {
                to.clone_into(&mut relation.schema);
            } else if let Some(index) = self.cat.indexes.get_mut(&oid) {
                to.clone_into(&mut index.schema);
            }
        }
        let functions: Vec<_> =
            self.cat.functions.values().filter(|f| f.schema == from).map(|f| f.oid).collect();
        for oid in functions {
            if let Some(function) = self.cat.functions.get_mut(&oid) {
                to.clone_into(&mut function.schema);
            }
        }
        let types: Vec<_> = self.cat.types.values().filter(|t| t.schema == from).cloned().collect();
        for made in types {
            self.cat.type_names.remove(&(from.to_owned(), made.name.clone()));
            self.cat.add_type(UserType { schema: to.to_owned(), ..made });
        }
    }
}
