//! Triggers, event triggers and rules.

use std::sync::Arc;

use super::Session;
use crate::schema::catalogue::{Dep, EventTrigger, Oid, RelationKind, Trigger, Ty};
use crate::schema::check::{Checked, Fault, Item};
use crate::schema::sql::{CreateTrigger, QName, TriggerEvent};

impl Session {
    /// `create trigger`
    pub(super) fn create_trigger(&mut self, it: &CreateTrigger) -> Checked<()> {
        let relation = self.existing(&it.table)?;
        let (oid, shown) = (relation.oid, relation.name.clone());
        match relation.kind {
            RelationKind::Table | RelationKind::Partitioned | RelationKind::Foreign => {
                if it.instead {
                    return Err(Fault::new("42809", format!("\"{shown}\" is a table")));
                }
            }
            RelationKind::View => {
                if !it.instead && it.each_row {
                    return Err(Fault::new("42809", format!("\"{shown}\" is a view")));
                }
            }
            _ => return Err(Fault::new("42809", format!("\"{shown}\" is not a table or view"))),
        }
        let mut deps = Vec::new();
        for event in &it.events {
            if let TriggerEvent::Update(columns) = event {
                for column in columns {
                    if relation.column(column).is_none() {
                        return Err(Fault::new(
                            "42703",
                            format!("column \"{column}\" of relation \"{shown}\" does not exist"),
                        ));
                    }
                    deps.push(Dep::Column(oid, column.clone()));
                }
            }
        }
        if let Some(when) = &it.when {
            let mut checker = self.checker();
            checker.see_all(vec![Item::called(relation, "old"), Item::called(relation, "new")]);
            checker.condition(when)?;
            if checker.subquery {
                return Err(Fault::new("0A000", "cannot use subquery in trigger WHEN condition"));
            }
            deps.extend(checker.deps);
        }
        let function = self.trigger_function(&it.function, Ty::TRIGGER)?;
        if relation.triggers.contains_key(&it.name) && !it.or_replace {
            return Err(Fault::new(
                "42710",
                format!("trigger \"{}\" for relation \"{shown}\" already exists", it.name),
            ));
        }
        let trigger = Trigger {
            name: it.name.clone(),
            function,
            events: it.events.clone(),
            before: it.before,
            each_row: it.each_row,
            enabled: true,
            when: it.when.clone().map(Arc::new),
            deps,
            place: self.place,
        };
        if let Some(relation) = self.cat.relations.get_mut(&oid) {
            relation.triggers.insert(it.name.clone(), trigger);
        }
        Ok(())
    }

    /// `alter trigger … rename to`
    pub(super) fn rename_trigger(&mut self, table: &QName, name: &str, new_name: &str) -> Checked<()> {
        let relation = self.existing(table)?;
        let (oid, shown) = (relation.oid, relation.name.clone());
        if relation.triggers.contains_key(new_name) {
            return Err(Fault::new(
                "42710",
                format!("trigger \"{new_name}\" for relation \"{shown}\" already exists"),
            ));
        }
        let Some(relation) = self.cat.relations.get_mut(&oid) else { return Ok(()) };
        let Some(mut trigger) = relation.triggers.remove(name) else {
            return Err(Fault::new(
                "42704",
                format!("trigger \"{name}\" for table \"{shown}\" does not exist"),
            ));
        };
        new_name.clone_into(&mut trigger.name);
        relation.triggers.insert(new_name.to_owned(), trigger);
        Ok(())
    }

    /// `create rule`
    pub(super) fn create_rule(&mut self, name: &str, table: &QName) -> Checked<()> {
        let oid = self.existing(table)?.oid;
        if let Some(relation) = self.cat.relations.get_mut(&oid)
            && !relation.rules.iter().any(|rule| rule == name)
        {
            relation.rules.push(name.to_owned());
        }
        Ok(())
    }

    /// `create event trigger`
    pub(super) fn create_event_trigger(
        &mut self,
        name: &str,
        event: &str,
        function: &QName,
        tags: &[String],
    ) -> Checked<()> {
        if !matches!(event, "ddl_command_start" | "ddl_command_end" | "table_rewrite" | "sql_drop") {
            return Err(Fault::new("42601", format!("unrecognized event name \"{event}\"")));
        }
        if self.cat.event_triggers.contains(name) {
            return Err(Fault::new("42710", format!("event trigger \"{name}\" already exists")));
        }
        let function = self.trigger_function(function, Ty::EVENT_TRIGGER)?;
        let trigger = EventTrigger {
            event: event.to_owned(),
            function,
            tags: tags.to_vec(),
            enabled: true,
            place: self.place,
        };
        self.cat.event_triggers.insert(name.to_owned(), trigger);
        Ok(())
    }

    /// `alter event trigger`
    pub(super) fn alter_event_trigger(&mut self, name: &str, enabled: bool) -> Checked<()> {
        match self.cat.event_triggers.get_mut(&name.to_owned()) {
            Some(trigger) => {
                trigger.enabled = enabled;
                Ok(())
            }
            None => Err(Fault::new("42704", format!("event trigger \"{name}\" does not exist"))),
        }
    }

    /// A table was made: event triggers hear of it.
    pub(super) fn table_was_made(&mut self, oid: Oid, tag: &str) -> Checked<()> {
        self.command(oid, tag)
    }

    /// A command about a relation has been run: the event triggers for it run now.
    pub(super) fn command(&mut self, oid: Oid, tag: &str) -> Checked<()> {
        if self.cat.event_triggers.is_empty() || self.baseline {
            return Ok(());
        }
        let Some(relation) = self.cat.relations.get(&oid) else { return Ok(()) };
        let identity = format!("{}.{}", quoted(&relation.schema), quoted(&relation.name));
        let row = [tag.to_owned(), "table".to_owned(), relation.schema.clone(), identity];
        let functions: Vec<Oid> = self
            .cat
            .event_triggers
            .values()
            .filter(|t| {
                t.enabled
                    && t.event == "ddl_command_end"
                    && (t.tags.is_empty() || t.tags.iter().any(|g| g == tag))
            })
            .map(|t| t.function)
            .collect();
        for function in functions {
            let before = std::mem::replace(&mut self.commands, vec![row.clone()]);
            let result = self.run_function(function, Vec::new());
            self.commands = before;
            result?;
        }
        Ok(())
    }
}

/// A name as it must be written in SQL.
pub(in crate::schema) fn quoted(name: &str) -> String {
    let plain = name
        .bytes()
        .enumerate()
        .all(|(i, b)| b.is_ascii_lowercase() || b == b'_' || i > 0 && b.is_ascii_digit());
    let reserved = matches!(
        name,
        "user"
            | "order"
            | "group"
            | "table"
            | "select"
            | "from"
            | "where"
            | "default"
            | "check"
            | "all"
            | "end"
            | "grant"
            | "references"
            | "primary"
            | "unique"
            | "column"
            | "constraint"
            | "limit"
            | "offset"
            | "when"
            | "then"
            | "to"
            | "with"
            | "desc"
            | "asc"
            | "and"
            | "or"
            | "not"
            | "null"
            | "true"
            | "false"
            | "as"
            | "on"
            | "in"
            | "is"
    );
    if plain && !name.is_empty() && !reserved {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}
