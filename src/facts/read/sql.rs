//! SQL files, kept until all are read, and what a configuration of Supabase says of its database.

use std::sync::Arc;

use super::Reader;
use crate::facts::FileNotes;
use crate::facts::notes::DataApiNote;
use crate::source::{File, Role};

/// The readers.
pub static READERS: &[Reader] = &[
    Reader { name: "sql", wants: wants_sql, read: |_, text, notes| notes.sql = Some(Arc::from(text)) },
    Reader { name: "data api", wants: wants_config, read: read_config },
];

/// A script is written by people or tools for people. What is larger is a dump.
const LONGEST: u64 = 4 << 20;

fn wants_sql(file: &File) -> bool {
    file.extension() == "sql" && matches!(file.role, Role::Product | Role::Generated) && file.size <= LONGEST
}

fn wants_config(file: &File) -> bool {
    file.path == "supabase/config.toml" || file.path.ends_with("/supabase/config.toml")
}

fn read_config(_: &File, text: &str, notes: &mut FileNotes) {
    let Ok(config) = text.parse::<toml::Table>() else { return };
    let api = config.get("api");
    let schemas = api.and_then(|api| api.get("schemas")).and_then(toml::Value::as_array);
    let mut note = DataApiNote {
        schemas: schemas.map(|list| list.iter().filter_map(|s| Some(s.as_str()?.to_owned())).collect()),
        auto_expose: api.and_then(|api| api.get("auto_expose_new_tables")).and_then(toml::Value::as_bool),
        buckets: Vec::new(),
    };
    let buckets = config.get("storage").and_then(|s| s.get("buckets")).and_then(toml::Value::as_table);
    for (name, bucket) in buckets.into_iter().flatten() {
        let public = bucket.get("public").and_then(toml::Value::as_bool).unwrap_or(false);
        let heading = [format!("[storage.buckets.{name}]"), format!("[storage.buckets.\"{name}\"]")];
        let line = text.lines().position(|line| heading.iter().any(|h| line.trim() == h));
        let line = line.and_then(|line| u32::try_from(line + 1).ok()).unwrap_or(0);
        note.buckets.push((name.clone(), public, line));
    }
    notes.data_api = Some(note);
}
