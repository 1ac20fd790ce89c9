//! New relations: what all kinds have in common.

use std::collections::BTreeMap;

use super::Session;
use crate::schema::catalogue::{Acl, Column, Dep, Oid, Relation, RelationKind, Rights, Switch, Ty};
use crate::schema::check::{Checked, Fault, Output};
use crate::schema::sql::{QName, Query};

impl Session {
    /// An empty relation.
    pub(super) fn new_relation(&mut self, schema: &str, name: &str, kind: RelationKind) -> Relation {
        let sort = if kind == RelationKind::Sequence { 'S' } else { 'r' };
        Relation {
            oid: self.cat.new_oid(),
            schema: schema.to_owned(),
            name: name.to_owned(),
            kind,
            temporary: schema == "pg_temp",
            place: self.place,
            owner: self.role.clone(),
            columns: Vec::new(),
            rls: Switch::OFF,
            forced: Switch::OFF,
            policies: BTreeMap::new(),
            policies_unknown: None,
            constraints: Vec::new(),
            triggers: BTreeMap::new(),
            parents: Vec::new(),
            partition: false,
            acl: self.default_acl(schema, sort),
            options: BTreeMap::new(),
            query: None,
            text: String::new(),
            deps: Vec::new(),
            extension: self.extension.clone(),
            rules: Vec::new(),
        }
    }

    /// What new objects get from default privileges. Functions may be called by everyone unless that was revoked.
    pub(super) fn default_acl(&self, schema: &str, sort: char) -> Acl {
        let mut acl = Acl::default();
        let of =
            |schema: &str| self.cat.default_privileges.get(&(self.role.clone(), schema.to_owned(), sort));
        match of("") {
            // Global default privileges replace the built-in ones.
            Some(global) => acl = global.clone(),
            None if sort == 'f' => {
                acl.roles.insert("public".to_owned(), Rights::EXECUTE);
            }
            None => {}
        }
        if let Some(more) = of(schema) {
            for (role, rights) in &more.roles {
                let held = acl.roles.entry(role.clone()).or_default();
                *held = held.with(*rights);
            }
        }
        acl
    }

    /// That a name is free. `Ok(false)`: it is taken, which `if not exists` accepts.
    pub(super) fn name_is_free(&self, schema: &str, name: &str, if_not_exists: bool) -> Checked<bool> {
        let key = (schema.to_owned(), name.to_owned());
        if self.cat.names.contains(&key) {
            if if_not_exists {
                return Ok(false);
            }
            return Err(Fault::new("42P07", format!("relation \"{name}\" already exists")));
        }
        if self.cat.type_names.contains(&key) {
            return Err(Fault::new("42710", format!("type \"{name}\" already exists")));
        }
        Ok(true)
    }

    /// A column of a view or of a table that a query makes.
    pub(super) fn plain_column(&self, name: String, ty: Ty) -> Column {
        let ty = if ty == Ty::UNKNOWN { Ty::TEXT } else { ty };
        Column {
            name,
            ty,
            modifier: None,
            not_null: false,
            default: None,
            generated: false,
            identity: false,
            deps: Vec::new(),
            place: self.place,
            inherited: false,
        }
    }

    /// The columns of a query, and what it can't do without.
    pub(super) fn query_columns(
        &self,
        query: &Query,
        names: &[String],
    ) -> Checked<(Vec<Column>, Vec<Dep>, bool)> {
        let mut checker = self.checker();
        let Output { columns, open } = checker.query(query)?;
        let deps = checker.deps.into_iter().collect();
        if names.len() > columns.len() && !open {
            return Err(Fault::new("42601", "too many column names were specified"));
        }
        let mut found: Vec<Column> = Vec::new();
        for (i, (name, ty)) in columns.into_iter().enumerate() {
            let name = names.get(i).cloned().unwrap_or(name);
            if found.iter().any(|c| c.name == name) {
                return Err(Fault::new("42701", format!("column \"{name}\" specified more than once")));
            }
            found.push(self.plain_column(name, ty));
        }
        Ok((found, deps, open))
    }

    /// `create table … as`
    pub(super) fn create_table_as(
        &mut self,
        name: &QName,
        names: &[String],
        query: &Query,
        if_not_exists: bool,
        temporary: bool,
    ) -> Checked<()> {
        let schema = self.target_schema(name, temporary)?;
        if !self.name_is_free(&schema, &name.name, if_not_exists)? {
            return Ok(());
        }
        let (columns, _, _) = self.query_columns(query, names)?;
        self.guarded(&schema, "permission denied for schema")?;
        let mut relation = self.new_relation(&schema, &name.name, RelationKind::Table);
        relation.columns = columns;
        let oid = relation.oid;
        self.cat.add_relation(relation);
        self.table_was_made(oid, "CREATE TABLE AS")
    }

    /// `create sequence`
    pub(super) fn create_sequence(
        &mut self,
        name: &QName,
        if_not_exists: bool,
        temporary: bool,
    ) -> Checked<()> {
        let schema = self.target_schema(name, temporary)?;
        if !self.name_is_free(&schema, &name.name, if_not_exists)? {
            return Ok(());
        }
        self.add_sequence(&schema, &name.name);
        Ok(())
    }

    pub(super) fn add_sequence(&mut self, schema: &str, name: &str) -> Oid {
        let mut relation = self.new_relation(schema, name, RelationKind::Sequence);
        for (column, ty) in [("last_value", Ty::INT8), ("log_cnt", Ty::INT8), ("is_called", Ty::BOOL)] {
            relation.columns.push(self.plain_column(column.to_owned(), ty));
        }
        let oid = relation.oid;
        self.cat.add_relation(relation);
        oid
    }
}
