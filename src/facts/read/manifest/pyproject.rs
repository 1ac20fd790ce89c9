//! `pyproject.toml` (PEP 621, dependency groups, Poetry, uv, PDM) and `Pipfile`.

use toml::de::DeValue;

use super::requirements::requirement;
use super::table::{Toml, field, flag, has, texts};
use crate::facts::FileNotes;
use crate::facts::kinds::{RangeKind, Scope, SourceKind};
use crate::facts::notes::{DependencyNote, ManifestNote, ScriptNote};
use crate::facts::ranges;
use crate::source::File;

/// Reads `pyproject.toml`. One that only configures tools declares nothing and is no manifest.
pub fn read(_: &File, text: &str, notes: &mut FileNotes) {
    let toml = match Toml::parse(text) {
        Ok(toml) => toml,
        Err(problem) => return super::broken(notes, "pypi", problem),
    };
    let poetry = toml.table(&["tool", "poetry"]).is_some();
    let configures =
        if toml.at(&["tool", "pytest"]).is_some() { vec!["pytest".to_owned()] } else { Vec::new() };
    let declares = ["project", "dependency-groups"].iter().any(|k| toml.at(&[*k]).is_some());
    let uv_root = toml.at(&["tool", "uv", "workspace"]).is_some();
    if !declares && !poetry && !uv_root && toml.at(&["tool", "uv", "dev-dependencies"]).is_none() {
        if !configures.is_empty() {
            notes.manifest = Some(ManifestNote {
                ecosystem: "pypi-tools".to_owned(),
                read: true,
                configures,
                ..ManifestNote::default()
            });
        }
        return;
    }
    let name =
        toml.text(&["project", "name"]).or_else(|| toml.text(&["tool", "poetry", "name"])).unwrap_or("");
    let mut note = ManifestNote {
        ecosystem: "pypi".to_owned(),
        read: true,
        name: name.to_owned(),
        workspaces: texts(toml.at(&["tool", "uv", "workspace", "members"]).map(|v| v.get_ref()))
            .into_iter()
            .map(str::to_owned)
            .collect(),
        configures,
        ..ManifestNote::default()
    };
    note.manager = ["uv", "poetry", "pdm", "hatch"]
        .into_iter()
        .find(|tool| toml.at(&["tool", tool]).is_some())
        .unwrap_or("")
        .to_owned();
    if let Some(python) = toml.text(&["project", "requires-python"]) {
        note.engines.push(("python".to_owned(), python.to_owned()));
    }
    standard(&toml, &mut note);
    poetry_tables(&toml, &mut note);
    uv_sources(&toml, &mut note);
    for (name, line, value) in
        toml.entries(&["project", "scripts"]).into_iter().chain(toml.entries(&["tool", "poetry", "scripts"]))
    {
        let command = value.as_str().unwrap_or("").to_owned();
        note.scripts.push(ScriptNote { name: name.to_owned(), command, line });
    }
    let dynamic = texts(toml.at(&["project", "dynamic"]).map(|v| v.get_ref())).contains(&"dependencies");
    if dynamic {
        // The build backend computes them.
        note.read = false;
    }
    notes.manifest = Some(note);
}

/// `[project]`, `[dependency-groups]` and the older uv and PDM development groups.
fn standard(toml: &Toml<'_>, note: &mut ManifestNote) {
    requirements(toml, toml.at(&["project", "dependencies"]).map(|v| v.get_ref()), Scope::Runtime, note);
    for (_, _, list) in toml.entries(&["project", "optional-dependencies"]) {
        requirements(toml, Some(list), Scope::Optional, note);
    }
    for (_, _, list) in toml.entries(&["dependency-groups"]).into_iter().chain(toml.entries(&[
        "tool",
        "pdm",
        "dev-dependencies",
    ])) {
        requirements(toml, Some(list), Scope::Dev, note);
    }
    requirements(toml, toml.at(&["tool", "uv", "dev-dependencies"]).map(|v| v.get_ref()), Scope::Dev, note);
}

fn requirements(toml: &Toml<'_>, list: Option<&DeValue<'_>>, scope: Scope, note: &mut ManifestNote) {
    let Some(list) = list.and_then(|l| l.as_array()) else { return };
    for item in list.iter() {
        // `{ include-group = "…" }` names another group of the same file.
        let Some(text) = item.get_ref().as_str() else { continue };
        if let Some(found) = requirement(text, toml.line(item), scope)
            && !(scope != Scope::Runtime && note.dependencies.iter().any(|d| d.name == found.name))
        {
            note.dependencies.push(found);
        }
    }
}

fn poetry_tables(toml: &Toml<'_>, note: &mut ManifestNote) {
    let mut sections = vec![(toml.entries(&["tool", "poetry", "dependencies"]), Scope::Runtime)];
    sections.push((toml.entries(&["tool", "poetry", "dev-dependencies"]), Scope::Dev));
    for (_, _, group) in toml.entries(&["tool", "poetry", "group"]) {
        if let Some(table) =
            group.as_table().and_then(|t| t.get("dependencies")).and_then(|d| d.get_ref().as_table())
        {
            sections.push((toml.of(table), Scope::Dev));
        }
    }
    for (entries, scope) in sections {
        for (name, line, value) in entries {
            if name == "python" {
                let python = value.as_str().unwrap_or("").to_owned();
                note.engines.push(("python".to_owned(), python));
                continue;
            }
            let found = constraint(name, line, scope, value);
            if !note.dependencies.iter().any(|d| d.name == found.name) {
                note.dependencies.push(found);
            }
        }
    }
}

/// One entry of a Poetry or Pipenv table: `"^1.0"`, `{ version = "…", optional = true }`, `{ git = "…" }`.
fn constraint(name: &str, line: u32, scope: Scope, value: &DeValue<'_>) -> DependencyNote {
    let first = value.as_array().and_then(|a| a.iter().next()).map(|v| v.get_ref());
    let value = first.unwrap_or(value);
    let version = value.as_str().or_else(|| field(value, "version")).unwrap_or("").to_owned();
    let scope = if flag(value, "optional") { Scope::Optional } else { scope };
    let (source, range) = if has(value, "git") {
        (
            SourceKind::Git,
            field(value, "rev").or_else(|| field(value, "ref")).map_or(RangeKind::Any, ranges::git_reference),
        )
    } else if has(value, "url") || has(value, "file") {
        (SourceKind::Url, RangeKind::Exact)
    } else if has(value, "path") {
        (SourceKind::Path, RangeKind::Exact)
    } else {
        (SourceKind::Registry, ranges::poetry(&version))
    };
    DependencyNote { name: super::normalise(name), version, line, scope, source, range }
}

/// `[tool.uv.sources]` says that a name comes from elsewhere.
fn uv_sources(toml: &Toml<'_>, note: &mut ManifestNote) {
    for (name, _, value) in toml.entries(&["tool", "uv", "sources"]) {
        let name = super::normalise(name);
        let (source, range) = if flag(value, "workspace") {
            (SourceKind::Workspace, RangeKind::Exact)
        } else if has(value, "git") {
            (SourceKind::Git, field(value, "rev").map_or(RangeKind::Any, ranges::git_reference))
        } else if has(value, "path") {
            (SourceKind::Path, RangeKind::Exact)
        } else if has(value, "url") {
            (SourceKind::Url, RangeKind::Exact)
        } else {
            continue;
        };
        for dependency in note.dependencies.iter_mut().filter(|d| d.name == name) {
            (dependency.source, dependency.range) = (source, range);
        }
    }
}

/// Reads `Pipfile`.
pub fn pipfile(_: &File, text: &str, notes: &mut FileNotes) {
    let toml = match Toml::parse(text) {
        Ok(toml) => toml,
        Err(problem) => return super::broken(notes, "pypi", problem),
    };
    let mut note = ManifestNote {
        ecosystem: "pypi".to_owned(),
        read: true,
        manager: "pipenv".to_owned(),
        ..ManifestNote::default()
    };
    for (section, scope) in [("packages", Scope::Runtime), ("dev-packages", Scope::Dev)] {
        for (name, line, value) in toml.entries(&[section]) {
            note.dependencies.push(constraint(name, line, scope, value));
        }
    }
    for (name, line, value) in toml.entries(&["scripts"]) {
        note.scripts.push(ScriptNote {
            name: name.to_owned(),
            command: value.as_str().unwrap_or("").to_owned(),
            line,
        });
    }
    if let Some(python) = toml.text(&["requires", "python_version"]) {
        note.engines.push(("python".to_owned(), python.to_owned()));
    }
    notes.manifest = Some(note);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn note(text: &str) -> Option<ManifestNote> {
        let mut notes = FileNotes::default();
        read(&file("pyproject.toml"), text, &mut notes);
        notes.manifest
    }

    #[test]
    fn the_standard_tables() {
        let text = "[project]\nname = \"shop\"\nrequires-python = \">=3.12\"\ndependencies = [\n  \"fastapi[standard]>=0.115\",\n  \"sqlmodel==0.0.22\",\n]\n[project.optional-dependencies]\npg = [\"psycopg\"]\n[dependency-groups]\ndev = [\"pytest\", {include-group = \"lint\"}]\n[tool.uv.sources]\nsqlmodel = { git = \"https://host/x\" }\n";
        let note = note(text).expect("a manifest");
        let shown: Vec<_> =
            note.dependencies.iter().map(|d| (d.name.as_str(), d.line, d.scope, d.source)).collect();
        assert_eq!(
            shown,
            [
                ("fastapi", 5, Scope::Runtime, SourceKind::Registry),
                ("sqlmodel", 6, Scope::Runtime, SourceKind::Git),
                ("psycopg", 9, Scope::Optional, SourceKind::Registry),
                ("pytest", 11, Scope::Dev, SourceKind::Registry),
            ]
        );
        assert_eq!(note.manager, "uv");
    }

    #[test]
    fn poetry() {
        let text = "[tool.poetry]\nname = \"shop\"\n[tool.poetry.dependencies]\npython = \"^3.11\"\nDjango = \"^5.0\"\nredis = { version = \"5.0.1\", optional = true }\nx = { git = \"https://host/x\", branch = \"main\" }\n[tool.poetry.group.dev.dependencies]\npytest = \"*\"\n";
        let note = note(text).expect("a manifest");
        let shown: Vec<_> =
            note.dependencies.iter().map(|d| (d.name.as_str(), d.line, d.scope, d.range)).collect();
        assert_eq!(
            shown,
            [
                ("django", 5, Scope::Runtime, RangeKind::Range),
                ("redis", 6, Scope::Optional, RangeKind::Exact),
                ("x", 7, Scope::Runtime, RangeKind::Any),
                ("pytest", 9, Scope::Dev, RangeKind::Any),
            ]
        );
        assert_eq!(note.engines, [("python".to_owned(), "^3.11".to_owned())]);
    }

    #[test]
    fn tool_settings_alone_are_no_manifest() {
        assert_eq!(note("[tool.ruff]\nline-length = 100\n"), None);
    }

    #[test]
    fn a_broken_one_says_where() {
        let mut notes = FileNotes::default();
        read(&file("pyproject.toml"), "[project]\nname = \n", &mut notes);
        assert!(notes.broken.expect("broken").contains("line 2"));
    }
}
