//! `package-lock.json` of every version, and `npm-shrinkwrap.json`.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::locked;
use crate::facts::FileNotes;
use crate::facts::notes::LockfileNote;
use crate::source::File;

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    packages: HashMap<String, Package>,
    #[serde(rename = "dependencies")]
    _dependencies: Option<IgnoredAny>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Package {
    version: Option<String>,
    name: Option<String>,
    link: bool,
    // Only the repository's own packages have the lists that matter; they are cheap to read for all.
    dependencies: BTreeMap<String, String>,
    dev_dependencies: BTreeMap<String, String>,
    optional_dependencies: BTreeMap<String, String>,
    peer_dependencies: BTreeMap<String, String>,
}

/// Version 1 has only the tree.
#[derive(Deserialize)]
struct Old {
    #[serde(default)]
    dependencies: BTreeMap<String, OldPackage>,
}

#[derive(Deserialize)]
struct OldPackage {
    #[serde(default)]
    version: String,
}

/// Reads the lockfile.
pub fn read(_: &File, text: &str, notes: &mut FileNotes) {
    let lock: Lock = match serde_json::from_str(text) {
        Ok(lock) => lock,
        Err(error) => return super::broken(notes, "npm", error.to_string()),
    };
    let mut note = LockfileNote { manager: "npm".to_owned(), ..LockfileNote::default() };
    if lock.packages.is_empty() {
        let old: Old = match serde_json::from_str(text) {
            Ok(old) => old,
            Err(error) => return super::broken(notes, "npm", error.to_string()),
        };
        for (name, package) in old.dependencies {
            note.packages.push(locked(&name, &package.version));
            note.resolved.push((String::new(), name, package.version));
        }
        notes.lockfile = Some(super::finished(note));
        return;
    }
    note.lists_requests = true;
    for (path, package) in &lock.packages {
        match path.rsplit_once("node_modules/") {
            Some((_, name)) if !package.link => {
                let version = package.version.as_deref().unwrap_or("");
                note.packages.push(locked(package.name.as_deref().unwrap_or(name), version));
            }
            Some(_) => {}
            None => member(&lock, path, package, &mut note),
        }
    }
    notes.lockfile = Some(super::finished(note));
}

/// What the repository's own package at `folder` asks for, and what it gets.
fn member(lock: &Lock, folder: &str, package: &Package, note: &mut LockfileNote) {
    let lists = [
        &package.dependencies,
        &package.dev_dependencies,
        &package.optional_dependencies,
        &package.peer_dependencies,
    ];
    for (name, requirement) in lists.into_iter().flatten() {
        note.requested.push((folder.to_owned(), name.clone(), requirement.clone()));
        // Node looks in the package's own folder, then in those above it.
        let mut above = folder;
        loop {
            let path = if above.is_empty() {
                format!("node_modules/{name}")
            } else {
                format!("{above}/node_modules/{name}")
            };
            if let Some(found) = lock.packages.get(&path) {
                if !found.link
                    && let Some(version) = &found.version
                {
                    note.resolved.push((folder.to_owned(), name.clone(), version.clone()));
                }
                break;
            }
            if above.is_empty() {
                break;
            }
            above = above.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn note(text: &str) -> LockfileNote {
        let mut notes = FileNotes::default();
        read(&file("package-lock.json"), text, &mut notes);
        notes.lockfile.expect("a lockfile")
    }

    #[test]
    fn versions_two_and_three_with_members_and_aliases() {
        let text = r#"{"lockfileVersion": 3, "packages": {
            "": {"name": "shop", "dependencies": {"next": "^15.0.0"}, "workspaces": ["apps/*"]},
            "apps/web": {"name": "web", "dependencies": {"react": "^19"}},
            "node_modules/next": {"version": "15.1.0", "dependencies": {"react": "*"}},
            "node_modules/next/node_modules/react": {"version": "18.0.0"},
            "node_modules/react": {"version": "19.0.0"},
            "node_modules/web": {"link": true, "resolved": "apps/web"}
        }}"#;
        let note = note(text);
        let versions: Vec<_> = note.packages.iter().map(|p| (p.name.as_str(), p.version.as_str())).collect();
        assert_eq!(versions, [("next", "15.1.0"), ("react", "18.0.0"), ("react", "19.0.0")]);
        let entry = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(note.requested, [entry("", "next", "^15.0.0"), entry("apps/web", "react", "^19")]);
        assert_eq!(note.resolved, [entry("", "next", "15.1.0"), entry("apps/web", "react", "19.0.0")]);
    }

    #[test]
    fn version_one_has_only_versions() {
        let note = note(r#"{"lockfileVersion": 1, "dependencies": {"left-pad": {"version": "1.3.0"}}}"#);
        assert!(!note.lists_requests);
        assert_eq!(note.packages, [locked("left-pad", "1.3.0")]);
    }

    #[test]
    fn conflict_markers_do_not_parse() {
        let mut notes = FileNotes::default();
        read(&file("package-lock.json"), "{\n<<<<<<< HEAD\n", &mut notes);
        assert!(notes.broken.is_some());
        assert!(!notes.lockfile.expect("named").read);
    }
}
