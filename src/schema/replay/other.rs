//! Extensions, publications, servers and comments.

use super::Session;
use crate::schema::baseline;
use crate::schema::catalogue::{Extension, Oid, Publication};
use crate::schema::check::{Checked, Fault};
use crate::schema::sql::{AlterPublication, DropKind, FunctionSignature, PublicationTarget, QName};

impl Session {
    /// `create extension`
    pub(super) fn create_extension(
        &mut self,
        name: &str,
        schema: Option<&str>,
        if_not_exists: bool,
    ) -> Checked<()> {
        if self.cat.extensions.contains(name) || name == "plpgsql" {
            if if_not_exists {
                return Ok(());
            }
            return Err(Fault::new("42710", format!("extension \"{name}\" already exists")));
        }
        let Some(known) = baseline::extension(name) else {
            return Err(Fault::new("0A000", format!("extension \"{name}\" is not available")));
        };
        let own = known.schema.filter(|_| self.cat.supabase || known.always);
        let schema = match (own, schema) {
            (Some(own), Some(given)) if own != given => {
                return Err(Fault::new(
                    "0A000",
                    format!("extension \"{name}\" must be installed in schema \"{own}\""),
                ));
            }
            (Some(own), _) => {
                if !self.cat.schemas.contains(own) {
                    let made = crate::schema::catalogue::Schema {
                        place: self.place,
                        owner: self.role.clone(),
                        acl: Default::default(),
                        extension: Some(name.to_owned()),
                    };
                    self.cat.schemas.insert(own.to_owned(), made);
                }
                own.to_owned()
            }
            (None, Some(given)) if given != "pg_catalog" && !self.cat.schemas.contains(given) => {
                return Err(Fault::new("3F000", format!("schema \"{given}\" does not exist")));
            }
            (None, Some(given)) => given.to_owned(),
            (None, None) => self.target_schema(&QName::bare(name), false)?,
        };
        let extension = Extension { place: self.place, schema: schema.clone() };
        self.cat.extensions.insert(name.to_owned(), extension);
        let outer = self.extension.replace(name.to_owned());
        let path = std::mem::replace(&mut self.path, vec![schema]);
        let result = self.nested(|s| s.run_baseline(known.sql));
        self.path = path;
        self.extension = outer;
        result
    }

    /// `alter extension … set schema`
    pub(super) fn alter_extension(&mut self, name: &str, schema: Option<&str>) -> Checked<()> {
        if !self.cat.extensions.contains(name) {
            return Err(Fault::new("42704", format!("extension \"{name}\" does not exist")));
        }
        let Some(schema) = schema else { return Ok(()) };
        if !self.cat.schemas.contains(schema) {
            return Err(Fault::new("3F000", format!("schema \"{schema}\" does not exist")));
        }
        if baseline::extension(name).is_some_and(|e| e.schema.is_some()) {
            return Err(Fault::new("0A000", format!("extension \"{name}\" does not support SET SCHEMA")));
        }
        let functions: Vec<Oid> = self
            .cat
            .functions
            .values()
            .filter(|f| f.extension.as_deref() == Some(name))
            .map(|f| f.oid)
            .collect();
        for oid in functions {
            if let Some(function) = self.cat.functions.get_mut(&oid) {
                schema.clone_into(&mut function.schema);
            }
        }
        let types: Vec<_> =
            self.cat.types.values().filter(|t| t.extension.as_deref() == Some(name)).cloned().collect();
        for made in types {
            self.cat.type_names.remove(&(made.schema.clone(), made.name.clone()));
            self.cat.add_type(crate::schema::catalogue::UserType { schema: schema.to_owned(), ..made });
        }
        if let Some(extension) = self.cat.extensions.get_mut(&name.to_owned()) {
            schema.clone_into(&mut extension.schema);
        }
        Ok(())
    }

    fn published(&self, targets: &[PublicationTarget]) -> Checked<(Vec<Oid>, Vec<String>)> {
        let (mut tables, mut schemas) = (Vec::new(), Vec::new());
        for target in targets {
            match target {
                PublicationTarget::Table(name) => {
                    let relation = self.existing(name)?;
                    if !relation.is_table() {
                        let name = &relation.name;
                        return Err(Fault::new(
                            "22023",
                            format!("cannot add relation \"{name}\" to publication"),
                        ));
                    }
                    tables.push(relation.oid);
                }
                PublicationTarget::Schema(schema) => {
                    if !self.cat.schemas.contains(schema) {
                        return Err(Fault::new("3F000", format!("schema \"{schema}\" does not exist")));
                    }
                    schemas.push(schema.clone());
                }
            }
        }
        Ok((tables, schemas))
    }

    /// `create publication`
    pub(super) fn create_publication(
        &mut self,
        name: &str,
        targets: &[PublicationTarget],
        all: bool,
    ) -> Checked<()> {
        if self.cat.publications.contains(name) {
            return Err(Fault::new("42710", format!("publication \"{name}\" already exists")));
        }
        let (tables, schemas) = self.published(targets)?;
        self.cat
            .publications
            .insert(name.to_owned(), Publication { tables, schemas, all, place: self.place });
        Ok(())
    }

    /// `alter publication`
    pub(super) fn alter_publication(&mut self, name: &str, action: &AlterPublication) -> Checked<()> {
        let Some(mut publication) = self.cat.publications.get(name).cloned() else {
            return Err(Fault::new("42704", format!("publication \"{name}\" does not exist")));
        };
        let all = publication.all;
        match action {
            AlterPublication::Nothing => return Ok(()),
            AlterPublication::Add(_) | AlterPublication::Drop(_) if all => {
                return Err(Fault::new(
                    "55000",
                    format!("publication \"{name}\" is defined as FOR ALL TABLES"),
                ));
            }
            AlterPublication::Add(targets) => {
                let (tables, schemas) = self.published(targets)?;
                for table in tables {
                    if publication.tables.contains(&table) {
                        let table =
                            self.cat.relations.get(&table).map(|r| r.name.clone()).unwrap_or_default();
                        return Err(Fault::new(
                            "42710",
                            format!("relation \"{table}\" is already member of publication \"{name}\""),
                        ));
                    }
                    publication.tables.push(table);
                }
                publication.schemas.extend(schemas);
            }
            AlterPublication::Drop(targets) => {
                let (tables, schemas) = self.published(targets)?;
                for table in tables {
                    if !publication.tables.contains(&table) {
                        let table =
                            self.cat.relations.get(&table).map(|r| r.name.clone()).unwrap_or_default();
                        return Err(Fault::new(
                            "42704",
                            format!("relation \"{table}\" is not part of the publication"),
                        ));
                    }
                    publication.tables.retain(|t| *t != table);
                }
                publication.schemas.retain(|s| !schemas.contains(s));
            }
            AlterPublication::Set(targets) => {
                let (tables, schemas) = self.published(targets)?;
                publication.tables = tables;
                publication.schemas = schemas;
            }
        }
        self.cat.publications.insert(name.to_owned(), publication);
        Ok(())
    }

    /// `create server`, `create foreign data wrapper`
    pub(super) fn create_server(&mut self, name: &str, if_not_exists: bool) -> Checked<()> {
        if self.cat.servers.contains(name) {
            if if_not_exists {
                return Ok(());
            }
            return Err(Fault::new("42710", format!("server \"{name}\" already exists")));
        }
        self.cat.servers.insert(name.to_owned(), ());
        Ok(())
    }

    /// `comment on`: what it is on must be there.
    pub(super) fn comment(
        &self,
        kind: DropKind,
        name: &QName,
        part: Option<&str>,
        signature: Option<&FunctionSignature>,
    ) -> Checked<()> {
        let missing = |what: &str, code: &'static str| {
            Err(Fault::new(code, format!("{what} \"{name}\" does not exist")))
        };
        match kind {
            DropKind::Function => {
                let signature =
                    signature.cloned().unwrap_or(FunctionSignature { name: name.clone(), params: None });
                self.find_function(&signature, DropKind::Routine)?;
            }
            DropKind::Type if self.cat.find_type(name, &self.path).is_none() => {
                return missing("type", "42704");
            }
            DropKind::Schema if !self.cat.schemas.contains(&name.name) => {
                return missing("schema", "3F000");
            }
            DropKind::Extension if !self.cat.extensions.contains(&name.name) && name.name != "plpgsql" => {
                return missing("extension", "42704");
            }
            DropKind::Index | DropKind::Sequence if self.cat.find_name(name, &self.path).is_none() => {
                return missing("relation", "42P01");
            }
            DropKind::Table
            | DropKind::View
            | DropKind::MaterializedView
            | DropKind::Column
            | DropKind::Policy
            | DropKind::Trigger
            | DropKind::Constraint => {
                let relation = self.existing(name)?;
                let fits = match kind {
                    DropKind::Table => relation.is_table(),
                    DropKind::View => relation.kind == crate::schema::catalogue::RelationKind::View,
                    DropKind::MaterializedView => {
                        relation.kind == crate::schema::catalogue::RelationKind::MaterializedView
                    }
                    _ => true,
                };
                if !fits {
                    return Err(Fault::new("42809", format!("\"{}\" is of another kind", relation.name)));
                }
                let Some(part) = part else { return Ok(()) };
                let found = match kind {
                    DropKind::Column => relation.column(part).is_some(),
                    DropKind::Policy => relation.policies.contains_key(part),
                    DropKind::Trigger => relation.triggers.contains_key(part),
                    _ => relation.constraints.iter().any(|c| c.name == part),
                };
                if !found {
                    let code = if kind == DropKind::Column { "42703" } else { "42704" };
                    return Err(Fault::new(
                        code,
                        format!("\"{part}\" of relation \"{name}\" does not exist"),
                    ));
                }
            }
            _ => {}
        }
        Ok(())
    }
}
