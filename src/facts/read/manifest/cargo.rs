//! `Cargo.toml`.

use toml::de::DeValue;

use super::table::{Toml, field, flag, has, texts};
use crate::facts::FileNotes;
use crate::facts::kinds::{RangeKind, Scope, SourceKind};
use crate::facts::notes::{DependencyNote, ManifestNote};
use crate::facts::ranges;
use crate::source::File;

const SECTIONS: [(&str, Scope); 3] = [
    ("dependencies", Scope::Runtime),
    ("dev-dependencies", Scope::Dev),
    ("build-dependencies", Scope::Build),
];

/// Reads `Cargo.toml`.
pub fn read(_: &File, text: &str, notes: &mut FileNotes) {
    let toml = match Toml::parse(text) {
        Ok(toml) => toml,
        Err(problem) => return super::broken(notes, "cargo", problem),
    };
    let mut note = ManifestNote {
        ecosystem: "cargo".to_owned(),
        read: true,
        name: toml.text(&["package", "name"]).unwrap_or("").to_owned(),
        manager: "cargo".to_owned(),
        library: toml.at(&["lib"]).is_some() && toml.at(&["bin"]).is_none(),
        workspaces: texts(toml.at(&["workspace", "members"]).map(|v| v.get_ref()))
            .into_iter()
            .map(str::to_owned)
            .collect(),
        ..ManifestNote::default()
    };
    if let Some(rust) = toml.text(&["package", "rust-version"]) {
        note.engines.push(("rust".to_owned(), rust.to_owned()));
    }
    for (section, scope) in SECTIONS {
        for (name, line, value) in toml.entries(&[section]) {
            note.dependencies.push(dependency(name, line, scope, value));
        }
        for (_, _, target) in toml.entries(&["target"]) {
            let table = target.as_table().and_then(|t| t.get(section)).and_then(|d| d.get_ref().as_table());
            for (name, line, value) in table.map(|t| toml.of(t)).unwrap_or_default() {
                note.dependencies.push(dependency(name, line, scope, value));
            }
        }
    }
    for (name, line, value) in toml.entries(&["workspace", "dependencies"]) {
        note.dependencies.push(dependency(name, line, Scope::Runtime, value));
    }
    note.overridden =
        toml.entries(&["patch", "crates-io"]).into_iter().map(|(name, ..)| name.to_owned()).collect();
    note.overridden.sort();
    notes.manifest = Some(note);
}

fn dependency(name: &str, line: u32, scope: Scope, value: &DeValue<'_>) -> DependencyNote {
    let version = value.as_str().or_else(|| field(value, "version")).unwrap_or("").to_owned();
    let scope = if flag(value, "optional") { Scope::Optional } else { scope };
    let (source, range) = if flag(value, "workspace") {
        // Declared in the workspace's root, and judged there.
        (SourceKind::Workspace, RangeKind::Exact)
    } else if has(value, "git") {
        (SourceKind::Git, field(value, "rev").map_or(RangeKind::Any, ranges::git_reference))
    } else if has(value, "path") {
        (SourceKind::Path, RangeKind::Exact)
    } else {
        (SourceKind::Registry, ranges::cargo(&version))
    };
    let name = field(value, "package").unwrap_or(name).to_owned();
    DependencyNote { name, version, line, scope, source, range }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    #[test]
    fn sections_targets_and_the_workspace() {
        let text = "[package]\nname = \"srv\"\n[dependencies]\naxum = \"0.7\"\nserde = { workspace = true }\ncore = { path = \"../core\" }\nx = { git = \"https://host/x\", branch = \"main\" }\n[target.'cfg(unix)'.dependencies]\nnix = \"=0.29.0\"\n[dev-dependencies]\ninsta = \"*\"\n";
        let mut notes = FileNotes::default();
        read(&file("Cargo.toml"), text, &mut notes);
        let note = notes.manifest.expect("a manifest");
        let shown: Vec<_> =
            note.dependencies.iter().map(|d| (d.name.as_str(), d.line, d.source, d.range)).collect();
        assert_eq!(
            shown,
            [
                ("axum", 4, SourceKind::Registry, RangeKind::Range),
                ("serde", 5, SourceKind::Workspace, RangeKind::Exact),
                ("core", 6, SourceKind::Path, RangeKind::Exact),
                ("x", 7, SourceKind::Git, RangeKind::Any),
                ("nix", 9, SourceKind::Registry, RangeKind::Exact),
                ("insta", 11, SourceKind::Registry, RangeKind::Any),
            ]
        );
    }
}
