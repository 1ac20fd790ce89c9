//! Rows that a new row is put under: what `postId` of a comment names.

use super::Flow;
use super::origin::Origin;
use super::value::{Symbol, Value};
use crate::code::{Name, Step};

/// How many names are remembered of what is written.
const MOST_NAMES: usize = 24;

impl<'c> Flow<'c> {
    /// The names by which what is written takes other rows from the request: `postId`, `post` of `{ connect: { id } }`.
    /// `table`: what it is written to, if its columns stand in the code.
    pub(super) fn parents_in(&mut self, value: &Value<'c>, table: Option<&Value<'c>>) -> Vec<Name> {
        let mut names = Vec::new();
        self.parents_of(value, table, &mut names, 0);
        names.truncate(MOST_NAMES);
        names
    }

    fn parents_of(&mut self, value: &Value<'c>, table: Option<&Value<'c>>, names: &mut Vec<Name>, deep: u32) {
        if deep > 4 || names.len() > MOST_NAMES {
            return;
        }
        match value {
            Value::Object(object) => {
                let object = object.clone();
                for (name, value) in &object.entries {
                    let is_connected = matches!(value, Value::Object(inner) if inner.entries.iter().any(|(key, _)| &**key == "connect"));
                    if (is_connected || names_row(name)) && self.is_chosen(value) {
                        push(names, name);
                    }
                }
                for rest in &object.rest {
                    self.parents_of(rest, table, names, deep + 1);
                }
            }
            Value::List(items, _) => {
                items.clone().iter().take(4).for_each(|item| self.parents_of(item, table, names, deep + 1));
            }
            Value::OneOf(all) => {
                all.clone().iter().for_each(|(one, _)| self.parents_of(one, table, names, deep + 1));
            }
            Value::Symbol(symbol) if self.is_chosen(value) => {
                let mut keys = schema_keys(symbol);
                if keys.is_empty() {
                    // A whole body: it may have any column.
                    keys = table.map(columns).unwrap_or_default();
                }
                keys.iter().filter(|name| names_row(name)).for_each(|name| push(names, name));
            }
            _ => {}
        }
    }

    fn is_chosen(&mut self, value: &Value<'c>) -> bool {
        let origin = self.origin(value);
        origin.has(Origin::REQUEST) && !origin.any(Origin::MINE.with(Origin::BY_LINK))
    }
}

fn push(names: &mut Vec<Name>, name: &Name) {
    if !names.contains(name) {
        names.push(name.clone());
    }
}

/// Whether a column with such a name names a row of another table.
fn names_row(name: &str) -> bool {
    (name.ends_with("Id") || name.ends_with("_id")) && name.len() > 3
}

/// What a schema of Zod or of a table lets through, by name: `z.object({ … }).omit({ … }).parse(x)`.
fn schema_keys(symbol: &Symbol<'_>) -> Vec<Name> {
    let mut keys: Vec<Name> = Vec::new();
    let mut method: &str = "";
    for (step, given) in symbol.denoted.path.iter().zip(&symbol.given) {
        match step {
            Step::Member(name) => method = name,
            Step::Call(..) => match (method, given.first()) {
                ("object" | "strictObject" | "extend" | "augment", Some(Value::Object(object))) => {
                    keys.extend(object.entries.iter().map(|(name, _)| name.clone()));
                }
                ("createInsertSchema", Some(table)) => keys.extend(columns(table)),
                ("omit", Some(Value::Object(out))) => {
                    keys.retain(|key| !out.entries.iter().any(|(name, _)| name == key));
                }
                ("pick", Some(Value::Object(kept))) => {
                    keys.retain(|key| kept.entries.iter().any(|(name, _)| name == key));
                }
                _ => {}
            },
            Step::Element => {}
        }
    }
    keys
}

/// The columns of `pgTable("posts", { … })`.
fn columns(table: &Value<'_>) -> Vec<Name> {
    let Value::Symbol(symbol) = table else { return Vec::new() };
    let made = symbol.given.iter().find_map(|given| match &**given {
        [Value::Text(_), Value::Object(columns), ..] => Some(columns),
        _ => None,
    });
    made.map(|columns| columns.entries.iter().map(|(name, _)| name.clone()).collect()).unwrap_or_default()
}
