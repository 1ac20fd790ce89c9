//! The replay: statement after statement, as the server would run them. A statement that it would refuse changes
//! nothing, and the next one is run.

mod alter;
mod column;
mod constraint;
mod drop;
mod function;
mod grant;
mod names;
mod other;
mod policy;
mod relation;
mod remove;
mod rename;
mod rows;
mod script;
mod table;
mod trigger;
mod types;
mod view;

pub use script::{Options, SqlFile, replay};
pub(in crate::schema) use trigger::quoted;

use super::catalogue::{Catalogue, Mark, Place, Relation, Undecided};
use super::check::{Checked, Checker, Fault};
use super::sql::{QName, SetValue, Statement, TransactionStatement};

/// A session: the catalogue, and what statements find set.
#[derive(Debug)]
pub struct Session {
    /// The catalogue as it is now.
    pub cat: Catalogue,
    /// The schemas in which names are looked for.
    pub path: Vec<String>,
    /// What `reset search_path` goes back to.
    pub default_path: Vec<String>,
    /// Who runs the statements.
    pub role: String,
    /// Where the statement stands.
    pub place: Place,
    /// Whether bodies of functions are checked.
    pub check_bodies: bool,
    /// Counts transactions: each statement is one, unless `begin` was said.
    pub transaction: u32,
    /// Whether `begin` was said, and how it was before.
    open: Option<(Mark, Vec<String>)>,
    savepoints: Vec<(String, Mark)>,
    /// How deep functions and blocks are nested.
    pub(in crate::schema) depth: usize,
    /// Whether this is the baseline, which may do what migrations may not.
    pub(in crate::schema) baseline: bool,
    /// The extension whose objects are being made.
    pub(in crate::schema) extension: Option<String>,
    /// What `pg_event_trigger_ddl_commands()` gives: command, kind, schema and identity.
    pub(in crate::schema) commands: Vec<[String; 4]>,
    /// The line on which the body of the block that runs starts.
    pub(in crate::schema) body_line: u32,
    /// What is left of the work that one script may ask for.
    pub(in crate::schema) budget: u64,
}

/// How many blocks may be nested.
const DEEPEST: usize = 40;

impl Session {
    /// A session on a catalogue.
    pub fn new(cat: Catalogue, path: Vec<String>) -> Self {
        Self {
            cat,
            default_path: path.clone(),
            path,
            role: "postgres".to_owned(),
            place: Place::BASELINE,
            check_bodies: true,
            transaction: 1,
            open: None,
            savepoints: Vec::new(),
            depth: 0,
            baseline: false,
            extension: None,
            commands: Vec::new(),
            body_line: 0,
            budget: 20_000_000,
        }
    }

    /// A checker for the expressions of a statement.
    pub(in crate::schema) fn checker(&self) -> Checker<'_> {
        let mut checker = Checker::new(&self.cat, &self.path);
        checker.transaction = self.transaction;
        checker
    }

    /// Runs a statement. If it is refused, nothing has changed.
    pub fn run(&mut self, statement: &Statement) -> Checked<()> {
        if self.depth == 0 && self.open.is_none() {
            self.transaction += 1;
        }
        let mark = self.cat.mark();
        let path = self.path.clone();
        let result = self.execute(statement);
        if result.is_err() {
            self.cat.rollback(mark);
            self.path = path;
        } else if self.depth == 0 && self.open.is_none() {
            self.cat.commit();
        }
        result
    }

    /// Runs statements inside another one.
    pub(in crate::schema) fn nested<T>(&mut self, run: impl FnOnce(&mut Self) -> Checked<T>) -> Checked<T> {
        if self.depth >= DEEPEST {
            return Err(Fault::new("54001", "stack depth limit exceeded"));
        }
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        result
    }

    fn execute(&mut self, statement: &Statement) -> Checked<()> {
        match statement {
            Statement::CreateTable(it) => self.create_table(it),
            Statement::CreateTableAs { name, columns, query, if_not_exists, temporary } => {
                self.create_table_as(name, columns, query, *if_not_exists, *temporary)
            }
            Statement::AlterTable { name, if_exists, kind, actions } => {
                self.alter_relation(name, *if_exists, *kind, actions)
            }
            Statement::Drop(it) => self.drop(it),
            Statement::CreateIndex(it) => self.create_index(it),
            Statement::CreatePolicy(it) => self.create_policy(it),
            Statement::AlterPolicy(it) => self.alter_policy(it),
            Statement::RenamePolicy { table, name, new_name } => self.rename_policy(table, name, new_name),
            Statement::CreateView(it) => self.create_view(it),
            Statement::CreateFunction(it) => self.create_function(it),
            Statement::AlterFunction { signature, procedure: _, action } => {
                self.alter_function(signature, action)
            }
            Statement::CreateTrigger(it) => self.create_trigger(it),
            Statement::RenameTrigger { table, name, new_name } => self.rename_trigger(table, name, new_name),
            Statement::CreateType { name, kind } => self.create_type(name, kind),
            Statement::AlterType { name, action, .. } => self.alter_type(name, action),
            Statement::CreateSchema { name, if_not_exists, elements } => {
                self.create_schema(name, *if_not_exists, elements)
            }
            Statement::AlterSchema { name, action } => self.alter_schema(name, action),
            Statement::CreateSequence { name, if_not_exists, temporary } => {
                self.create_sequence(name, *if_not_exists, *temporary)
            }
            Statement::CreateExtension { name, schema, if_not_exists } => {
                self.create_extension(name, schema.as_deref(), *if_not_exists)
            }
            Statement::AlterExtension { name, schema } => self.alter_extension(name, schema.as_deref()),
            Statement::CreateRole { name } => self.create_role(name),
            Statement::AlterRole { name, new_name, .. } => self.alter_role(name, new_name.as_deref()),
            Statement::Grant(it) => self.grant(it),
            Statement::GrantRole { roles, to, revoke } => self.grant_role(roles, to, *revoke),
            Statement::AlterDefaultPrivileges { roles, schemas, grant } => {
                self.default_privileges(roles, schemas, grant)
            }
            Statement::CreatePublication { name, targets, all_tables } => {
                self.create_publication(name, targets, *all_tables)
            }
            Statement::AlterPublication { name, action } => self.alter_publication(name, action),
            Statement::CreateEventTrigger { name, event, function, tags } => {
                self.create_event_trigger(name, event, function, tags)
            }
            Statement::AlterEventTrigger { name, enabled } => self.alter_event_trigger(name, *enabled),
            Statement::CreateAggregate { name, args, or_replace } => {
                self.create_aggregate(name, args, *or_replace)
            }
            Statement::CreateOperator { .. } => Ok(()),
            Statement::CreateServer { name, if_not_exists } => self.create_server(name, *if_not_exists),
            Statement::CreateForeignDataWrapper { name } => self.create_server(name, false),
            Statement::CreateRule { name, table } => self.create_rule(name, table),
            Statement::CreateStatistics { .. } => Ok(()),
            Statement::Comment { kind, name, part, signature } => {
                self.comment(*kind, name, part.as_deref(), signature.as_ref())
            }
            Statement::Do { body, language } => self.run_block(body, language.as_deref()),
            Statement::Call { name, args } => self.call_procedure(name, args),
            Statement::Set { name, value, local } => self.set(name, value, *local),
            Statement::SetRole(role) => {
                self.role = role.clone().unwrap_or_else(|| "postgres".to_owned());
                Ok(())
            }
            Statement::Transaction(it) => self.transaction(it),
            Statement::Query(query) => self.run_query(query),
            Statement::Data(data) => self.run_data(data),
            Statement::RefreshView { name } => {
                let relation = self.existing(name)?;
                if relation.kind == super::catalogue::RelationKind::MaterializedView {
                    return Ok(());
                }
                let name = &relation.name;
                Err(Fault::new("0A000", format!("\"{name}\" is not a materialized view")))
            }
            Statement::Truncate { tables } => {
                tables.iter().try_for_each(|table| self.existing(table).map(|_| ()))
            }
            Statement::Nothing => Ok(()),
            Statement::Other(what) => {
                self.undecided(format!("{what} is not replayed"), Vec::new());
                Ok(())
            }
        }
    }

    fn set(&mut self, name: &str, value: &SetValue, _local: bool) -> Checked<()> {
        match (name, value) {
            ("search_path", SetValue::To(schemas)) => {
                self.path = schemas
                    .iter()
                    .flat_map(|s| {
                        s.split(',').map(|s| s.trim().trim_matches('"').to_owned()).collect::<Vec<_>>()
                    })
                    .filter(|s| !s.is_empty() && s != "$user" && s != "pg_catalog")
                    .collect();
            }
            ("search_path", SetValue::Default) => self.path = self.default_path.clone(),
            ("check_function_bodies", SetValue::To(value)) => {
                self.check_bodies = !value.iter().any(|v| matches!(v.as_str(), "false" | "off" | "0" | "no"));
            }
            ("role", SetValue::To(role)) => {
                self.role =
                    role.first().cloned().filter(|r| r != "none").unwrap_or_else(|| "postgres".to_owned());
            }
            _ => {}
        }
        Ok(())
    }

    fn transaction(&mut self, statement: &TransactionStatement) -> Checked<()> {
        if self.depth > 0 {
            return Ok(());
        }
        match statement {
            TransactionStatement::Begin => {
                if self.open.is_none() {
                    self.cat.commit();
                    self.open = Some((self.cat.mark(), self.path.clone()));
                }
            }
            TransactionStatement::Commit => {
                self.open = None;
                self.savepoints.clear();
                self.cat.commit();
            }
            TransactionStatement::Rollback => {
                if let Some((mark, path)) = self.open.take() {
                    self.cat.rollback(mark);
                    self.path = path;
                }
                self.savepoints.clear();
            }
            TransactionStatement::Savepoint(name) => {
                if self.open.is_none() {
                    return Err(Fault::new("25P01", "SAVEPOINT can only be used in transaction blocks"));
                }
                self.savepoints.push((name.clone(), self.cat.mark()));
            }
            TransactionStatement::Release(name) | TransactionStatement::RollbackTo(name) => {
                let Some(at) = self.savepoints.iter().rposition(|(n, _)| n == name) else {
                    return Err(Fault::new("3B001", format!("savepoint \"{name}\" does not exist")));
                };
                if let (TransactionStatement::RollbackTo(_), Some((_, mark))) =
                    (statement, self.savepoints.get(at))
                {
                    self.cat.rollback(*mark);
                    self.savepoints.truncate(at + 1);
                } else {
                    self.savepoints.truncate(at);
                }
            }
        }
        Ok(())
    }

    /// The end of a file: what it left open is undone, as when a connection ends.
    fn end_of_file(&mut self) {
        if let Some((mark, _)) = self.open.take() {
            self.cat.rollback(mark);
        }
        self.savepoints.clear();
        self.cat.commit();
        self.path = self.default_path.clone();
        self.role = "postgres".to_owned();
        self.check_bodies = true;
    }

    /// Notes what can't be told.
    pub(in crate::schema) fn undecided(&mut self, why: String, touches: Vec<String>) {
        let place = self.place;
        self.cat.undecided.push(Undecided { place, why, touches });
    }

    /// The relation of this name.
    pub(in crate::schema) fn existing(&self, name: &QName) -> Checked<&Relation> {
        if let Some(relation) = self.cat.relation(name, &self.path) {
            return Ok(relation);
        }
        if let Some(schema) = &name.schema
            && !self.cat.schemas.contains(schema)
        {
            return Err(Fault::new("3F000", format!("schema \"{schema}\" does not exist")));
        }
        Err(Fault::new("42P01", format!("relation \"{name}\" does not exist")))
    }

    /// The schema in which a new object of this name is made.
    pub(in crate::schema) fn target_schema(&self, name: &QName, temporary: bool) -> Checked<String> {
        if temporary {
            return Ok("pg_temp".to_owned());
        }
        match &name.schema {
            Some(schema)
                if schema == "pg_temp" || schema == "pg_catalog" || self.cat.schemas.contains(schema) =>
            {
                Ok(schema.clone())
            }
            Some(schema) => Err(Fault::new("3F000", format!("schema \"{schema}\" does not exist"))),
            None => self
                .path
                .iter()
                .find(|schema| self.cat.schemas.contains(schema.as_str()))
                .cloned()
                .ok_or_else(|| Fault::new("3F000", "no schema has been selected to create in")),
        }
    }

    /// Schemas of Supabase's own services, in which the role of migrations owns nothing.
    pub(in crate::schema) fn guarded(&self, schema: &str, what: &str) -> Checked<()> {
        if self.cat.supabase
            && !self.baseline
            && self.extension.is_none()
            && matches!(schema, "auth" | "storage" | "realtime")
        {
            return Err(Fault::new("42501", what.to_owned()));
        }
        Ok(())
    }
}
