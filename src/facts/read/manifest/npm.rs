//! `package.json` and `pnpm-workspace.yaml`.

use serde_json::{Map, Value};

use crate::facts::FileNotes;
use crate::facts::kinds::Scope;
use crate::facts::notes::{DependencyNote, ManifestNote, ScriptNote};
use crate::facts::ranges;
use crate::facts::read::json::KeyLines;
use crate::source::File;

const SECTIONS: [(&str, Scope); 4] = [
    ("dependencies", Scope::Runtime),
    ("devDependencies", Scope::Dev),
    ("optionalDependencies", Scope::Optional),
    ("peerDependencies", Scope::Peer),
];

/// Reads `package.json`.
pub fn read(_: &File, text: &str, notes: &mut FileNotes) {
    let top: Map<String, Value> = match serde_json::from_str(text) {
        Ok(top) => top,
        Err(error) => return super::broken(notes, "npm", error.to_string()),
    };
    let lines = KeyLines::new(text);
    let string = |key: &str| top.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    let has = |key: &str| top.get(key).is_some_and(|v| !v.is_null());

    let mut note = ManifestNote {
        ecosystem: "npm".to_owned(),
        read: true,
        name: string("name"),
        ..ManifestNote::default()
    };
    for (section, scope) in SECTIONS {
        for (name, spec) in object(&top, section) {
            let Some(version) = spec.as_str() else { continue };
            let (source, range) = ranges::npm(version);
            let line = lines.line(&[section, name]);
            // A package in two sections is one dependency; npm lets `optionalDependencies` win over `dependencies`.
            if let Some(earlier) =
                note.dependencies.iter_mut().find(|d: &&mut DependencyNote| d.name == *name)
            {
                if scope == Scope::Optional {
                    earlier.scope = scope;
                }
                continue;
            }
            note.dependencies.push(DependencyNote {
                name: name.clone(),
                version: version.to_owned(),
                line,
                scope,
                source,
                range,
            });
        }
    }
    if let Some(meta) = top.get("peerDependenciesMeta").and_then(Value::as_object) {
        for dependency in note.dependencies.iter_mut().filter(|d| d.scope == Scope::Peer) {
            if meta.get(&dependency.name).and_then(|m| m.get("optional")).and_then(Value::as_bool)
                == Some(true)
            {
                dependency.scope = Scope::Optional;
            }
        }
    }
    note.dependencies.sort_by_key(|d| d.line);
    note.scripts = object(&top, "scripts")
        .filter_map(|(name, command)| {
            let command = command.as_str()?.to_owned();
            Some(ScriptNote { name: name.clone(), command, line: lines.line(&["scripts", name]) })
        })
        .collect();
    note.engines =
        object(&top, "engines").filter_map(|(n, v)| Some((n.clone(), v.as_str()?.to_owned()))).collect();
    note.workspaces = workspaces(top.get("workspaces"));
    // `pnpm@9.1.0+sha512.…`
    note.manager = string("packageManager").split('@').next().unwrap_or("").to_owned();
    let private = top.get("private").and_then(Value::as_bool) == Some(true);
    note.library =
        !private && ["main", "module", "exports", "types", "bin"].into_iter().any(has) && has("version");
    note.configures = ["jest", "vitest", "mocha", "ava", "cypress"]
        .into_iter()
        .filter(|k| top.get(*k).is_some_and(Value::is_object))
        .map(str::to_owned)
        .collect();
    note.overridden = overridden(&top);
    notes.manifest = Some(note);
}

fn object<'a>(top: &'a Map<String, Value>, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    top.get(key).and_then(Value::as_object).into_iter().flatten()
}

fn workspaces(value: Option<&Value>) -> Vec<String> {
    let list = match value {
        Some(Value::Object(object)) => object.get("packages"),
        other => other,
    };
    strings(list)
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

/// Names that `overrides`, `resolutions` or `pnpm.overrides` change.
fn overridden(top: &Map<String, Value>) -> Vec<String> {
    let pnpm = top.get("pnpm").and_then(Value::as_object);
    let maps = [
        top.get("overrides"),
        top.get("resolutions"),
        pnpm.and_then(|p| p.get("overrides")),
        pnpm.and_then(|p| p.get("patchedDependencies")),
        top.get("patchedDependencies"),
    ];
    let mut names: Vec<String> = maps
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .flat_map(|m| m.keys())
        .map(|k| overridden_name(k))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The package of a key such as `lodash`, `**/lodash`, `a>lodash@^4`, `@scope/x@1`.
fn overridden_name(key: &str) -> String {
    let last = key.rsplit('>').next().unwrap_or(key);
    let parts: Vec<&str> = last.split('/').collect();
    let name = match parts.as_slice() {
        [.., scope, name] if scope.starts_with('@') => format!("{scope}/{name}"),
        [.., name] => (*name).to_owned(),
        [] => String::new(),
    };
    match name.rfind('@') {
        Some(at) if at > 0 => name.get(..at).unwrap_or("").to_owned(),
        _ => name,
    }
}

/// Reads `pnpm-workspace.yaml`: not a manifest of its own, but it names members and overrides.
pub fn pnpm_workspace(_: &File, text: &str, notes: &mut FileNotes) {
    let top: Value = match serde_yaml_ng::from_str(text) {
        Ok(top) => top,
        Err(error) => {
            notes.broken = Some(error.to_string());
            return;
        }
    };
    let Some(top) = top.as_object() else { return };
    notes.manifest = Some(ManifestNote {
        ecosystem: "pnpm-workspace".to_owned(),
        read: true,
        workspaces: strings(top.get("packages")),
        overridden: overridden(top),
        manager: "pnpm".to_owned(),
        ..ManifestNote::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::kinds::{RangeKind, SourceKind};
    use crate::facts::read::testing::file;

    fn note(text: &str) -> FileNotes {
        let mut notes = FileNotes::default();
        read(&file("package.json"), text, &mut notes);
        notes
    }

    #[test]
    fn sections_scripts_and_workspaces() {
        let text = r#"{
  "name": "shop",
  "private": true,
  "main": "x.js",
  "packageManager": "pnpm@9.1.0",
  "workspaces": ["apps/*"],
  "scripts": {
    "dev": "next dev"
  },
  "dependencies": {
    "next": "15.0.0",
    "ui": "workspace:*"
  },
  "devDependencies": { "vitest": "^2" },
  "peerDependencies": { "react": ">=18" },
  "peerDependenciesMeta": { "react": { "optional": true } },
  "overrides": { "lodash": "4.17.21", "@a/b@1": "2" }
}"#;
        let manifest = note(text).manifest.expect("a manifest");
        let next = &manifest.dependencies[0];
        assert_eq!((next.name.as_str(), next.line, next.range), ("next", 11, RangeKind::Exact));
        assert_eq!(manifest.dependencies[1].source, SourceKind::Workspace);
        assert_eq!(manifest.dependencies[2].scope, Scope::Dev);
        assert_eq!(manifest.dependencies[3].scope, Scope::Optional);
        assert_eq!(
            manifest.scripts,
            [ScriptNote { name: "dev".into(), command: "next dev".into(), line: 8 }]
        );
        assert_eq!(manifest.manager, "pnpm");
        assert_eq!(manifest.overridden, ["@a/b", "lodash"]);
        assert!(!manifest.library, "private packages are not published");
    }

    #[test]
    fn a_broken_manifest_is_named_with_line_and_column() {
        let notes = note("{\n  \"name\": ,\n}");
        assert!(notes.broken.expect("broken").contains("line 2 column 11"));
        assert!(!notes.manifest.expect("still a manifest").read);
    }
}
