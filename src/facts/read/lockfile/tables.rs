//! Lockfiles that are a table of packages: `poetry.lock`, `uv.lock`, `pdm.lock`, `Cargo.lock` (TOML);
//! `Pipfile.lock`, `deno.lock` (JSON).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::locked;
use crate::facts::FileNotes;
use crate::facts::notes::LockfileNote;
use crate::facts::read::manifest::normalise;
use crate::source::File;

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    source: Option<Source>,
    #[serde(default)]
    metadata: Option<Metadata>,
}

/// Cargo writes a text, uv a table.
#[derive(Deserialize)]
#[serde(untagged)]
enum Source {
    Table(BTreeMap<String, toml::Value>),
    #[expect(dead_code, reason = "only there so that Cargo's form parses")]
    Text(String),
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case")]
struct Metadata {
    requires_dist: Vec<Requirement>,
    requires_dev: BTreeMap<String, Vec<Requirement>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Requirement {
    name: String,
    specifier: String,
    git: Option<IgnoredAny>,
    url: Option<IgnoredAny>,
    path: Option<IgnoredAny>,
    directory: Option<IgnoredAny>,
    editable: Option<IgnoredAny>,
    r#virtual: Option<IgnoredAny>,
}

/// Reads a lockfile in TOML.
pub fn toml(file: &File, text: &str, notes: &mut FileNotes) {
    let manager = super::manager(file.name()).map_or("", |(manager, _)| manager);
    let lock: Lock = match toml::from_str(text) {
        Ok(lock) => lock,
        Err(error) => return super::broken(notes, manager, error.message().to_owned()),
    };
    let python = manager != "cargo";
    let mut note = LockfileNote {
        manager: manager.to_owned(),
        lists_requests: manager == "uv",
        ..LockfileNote::default()
    };
    for package in &lock.package {
        let name = if python { normalise(&package.name) } else { package.name.clone() };
        note.packages.push(locked(&name, &package.version));
        let (Some(metadata), Some(Source::Table(source))) = (&package.metadata, &package.source) else {
            continue;
        };
        let own = ["virtual", "editable", "directory"].into_iter().find_map(|k| source.get(k)?.as_str());
        let Some(folder) = own.map(|f| if f == "." { "" } else { f }) else { continue };
        for requirement in metadata.requires_dist.iter().chain(metadata.requires_dev.values().flatten()) {
            let elsewhere = [
                &requirement.git,
                &requirement.url,
                &requirement.path,
                &requirement.directory,
                &requirement.editable,
                &requirement.r#virtual,
            ];
            // `*` stands for a source that the lockfile names otherwise: there is no specifier to compare.
            let specifier = if elsewhere.iter().any(|e| e.is_some()) { "*" } else { &requirement.specifier };
            note.requested.push((folder.to_owned(), normalise(&requirement.name), specifier.to_owned()));
        }
    }
    notes.lockfile = Some(super::finished(note));
}

#[derive(Deserialize)]
struct Pipfile {
    #[serde(default)]
    default: BTreeMap<String, Pinned>,
    #[serde(default)]
    develop: BTreeMap<String, Pinned>,
}

#[derive(Deserialize)]
struct Pinned {
    #[serde(default)]
    version: String,
}

#[derive(Deserialize)]
struct Deno {
    #[serde(default)]
    npm: BTreeMap<String, IgnoredAny>,
    #[serde(default)]
    jsr: BTreeMap<String, IgnoredAny>,
    #[serde(default)]
    remote: BTreeMap<String, IgnoredAny>,
    #[serde(default)]
    packages: Option<DenoPackages>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct DenoPackages {
    npm: BTreeMap<String, IgnoredAny>,
    jsr: BTreeMap<String, IgnoredAny>,
}

/// Reads a lockfile in JSON.
pub fn json(file: &File, text: &str, notes: &mut FileNotes) {
    let manager = super::manager(file.name()).map_or("", |(manager, _)| manager);
    let mut note = LockfileNote { manager: manager.to_owned(), ..LockfileNote::default() };
    let problem = if manager == "pipenv" {
        match serde_json::from_str::<Pipfile>(text) {
            Ok(lock) => {
                for (name, pinned) in lock.default.into_iter().chain(lock.develop) {
                    note.packages.push(locked(&normalise(&name), pinned.version.trim_start_matches("==")));
                }
                None
            }
            Err(error) => Some(error),
        }
    } else {
        // Older versions of Deno kept `npm` as a table of tables; only the keys of today's are versions.
        match serde_json::from_str::<Deno>(text) {
            Ok(lock) => {
                let nested = lock.packages.unwrap_or_default();
                let keys = lock
                    .npm
                    .into_keys()
                    .chain(lock.jsr.into_keys())
                    .chain(nested.npm.into_keys())
                    .chain(nested.jsr.into_keys());
                for key in keys {
                    if let Some(at) = key.get(1..).and_then(|k| k.find('@')).map(|n| n + 1) {
                        let version = key.get(at + 1..).unwrap_or("").split('_').next().unwrap_or("");
                        note.packages.push(locked(key.get(..at).unwrap_or(""), version));
                    }
                }
                note.packages.extend(lock.remote.into_keys().map(|address| locked(&address, "")));
                None
            }
            Err(error) => Some(error),
        }
    };
    match problem {
        Some(error) => super::broken(notes, manager, error.to_string()),
        None => notes.lockfile = Some(super::finished(note)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing;

    fn note(name: &str, text: &str) -> LockfileNote {
        let mut notes = FileNotes::default();
        if name.ends_with(".lock") && !name.starts_with("Pip") && !name.starts_with("deno") {
            toml(&testing::file(name), text, &mut notes);
        } else {
            json(&testing::file(name), text, &mut notes);
        }
        notes.lockfile.expect("a lockfile")
    }

    #[test]
    fn uv_says_what_was_asked_for() {
        let note = note(
            "uv.lock",
            "version = 1\n[[package]]\nname = \"flask\"\nversion = \"3.0.0\"\nsource = { registry = \"https://host/simple\" }\n[[package]]\nname = \"shop\"\nversion = \"0.1.0\"\nsource = { virtual = \".\" }\n[package.metadata]\nrequires-dist = [{ name = \"flask\", specifier = \">=3\" }, { name = \"x\", git = \"https://host/x\" }]\n[package.metadata.requires-dev]\ndev = [{ name = \"pytest\", specifier = \">=8\" }]\n",
        );
        let entry = |b: &str, c: &str| (String::new(), b.to_owned(), c.to_owned());
        assert!(note.lists_requests);
        assert_eq!(note.requested, [entry("flask", ">=3"), entry("pytest", ">=8"), entry("x", "*")]);
    }

    #[test]
    fn the_others_list_packages() {
        let cargo = note(
            "Cargo.lock",
            "version = 4\n[[package]]\nname = \"axum\"\nversion = \"0.7.5\"\nsource = \"registry+https://host\"\n",
        );
        assert_eq!(cargo.packages, [locked("axum", "0.7.5")]);
        let poetry = note(
            "poetry.lock",
            "[[package]]\nname = \"Django\"\nversion = \"5.0\"\n[package.dependencies]\nx = \"*\"\n[metadata]\nlock-version = \"2.0\"\n",
        );
        assert_eq!(poetry.packages, [locked("django", "5.0")]);
        let pipenv = note(
            "Pipfile.lock",
            r#"{"_meta": {}, "default": {"Flask": {"version": "==3.0.0"}}, "develop": {}}"#,
        );
        assert_eq!(pipenv.packages, [locked("flask", "3.0.0")]);
        let deno = note(
            "deno.lock",
            r#"{"version": "5", "npm": {"@a/b@1.0.0_zod@3.0.0": {}, "zod@3.0.0": {}}, "jsr": {}}"#,
        );
        assert_eq!(deno.packages, [locked("@a/b", "1.0.0"), locked("zod", "3.0.0")]);
    }
}
