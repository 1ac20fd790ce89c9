//! `deno.json`, `deno.jsonc` and import maps.

use serde_json::{Map, Value};

use crate::facts::FileNotes;
use crate::facts::kinds::{Scope, SourceKind};
use crate::facts::notes::{DependencyNote, ManifestNote, ScriptNote};
use crate::facts::ranges;
use crate::facts::read::json::{KeyLines, strict};
use crate::source::File;

/// Reads a Deno configuration or an import map.
pub fn read(_: &File, text: &str, notes: &mut FileNotes) {
    let text = strict(text);
    let top: Map<String, Value> = match serde_json::from_str(&text) {
        Ok(top) => top,
        Err(error) => return super::broken(notes, "deno", error.to_string()),
    };
    let lines = KeyLines::new(&text);
    let object = |key: &str| top.get(key).and_then(Value::as_object).into_iter().flatten();
    let mut note = ManifestNote {
        ecosystem: "deno".to_owned(),
        read: true,
        name: top.get("name").and_then(Value::as_str).unwrap_or("").to_owned(),
        library: top.contains_key("exports") && top.contains_key("version"),
        ..ManifestNote::default()
    };
    for (name, spec) in object("imports") {
        let Some(version) = spec.as_str() else { continue };
        let (source, range) = ranges::deno(version);
        if source == SourceKind::Path {
            // An alias for a folder, not a dependency.
            continue;
        }
        note.dependencies.push(DependencyNote {
            name: name.trim_end_matches('/').to_owned(),
            version: version.to_owned(),
            line: lines.line(&["imports", name]),
            scope: Scope::Runtime,
            source,
            range,
        });
    }
    for (name, task) in object("tasks") {
        let command = task.as_str().or_else(|| task.get("command").and_then(Value::as_str)).unwrap_or("");
        note.scripts.push(ScriptNote {
            name: name.clone(),
            command: command.to_owned(),
            line: lines.line(&["tasks", name]),
        });
    }
    let members = top.get("workspace").map(|w| w.get("members").unwrap_or(w)).and_then(Value::as_array);
    note.workspaces = members
        .into_iter()
        .flatten()
        .filter_map(|m| Some(m.as_str()?.trim_start_matches("./").to_owned()))
        .collect();
    notes.manifest = Some(note);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::kinds::RangeKind;
    use crate::facts::read::testing::file;

    #[test]
    fn imports_with_comments() {
        let mut notes = FileNotes::default();
        let text = "{\n // pinned\n \"imports\": {\n  \"zod\": \"npm:zod@3.22.4\",\n  \"@/\": \"./src/\",\n  \"stripe\": \"https://esm.sh/stripe\",\n },\n}";
        read(&file("deno.jsonc"), text, &mut notes);
        let found = notes.manifest.expect("a manifest").dependencies;
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].name.as_str(), found[0].line, found[0].range), ("zod", 4, RangeKind::Exact));
        assert_eq!((found[1].source, found[1].range), (SourceKind::Url, RangeKind::Any));
    }
}
