//! `pnpm-lock.yaml`, versions 5 to 9. pnpm writes it with a fixed indentation, so it is read line by line: a YAML
//! parser is fifty times slower on the large ones.

use super::locked;
use crate::facts::FileNotes;
use crate::facts::notes::LockfileNote;
use crate::source::File;

/// Reads the lockfile.
pub fn read(_: &File, text: &str, notes: &mut FileNotes) {
    if !text.lines().take(5).any(|l| l.starts_with("lockfileVersion")) {
        return super::broken(notes, "pnpm", "no lockfileVersion at its start".to_owned());
    }
    let mut note =
        LockfileNote { manager: "pnpm".to_owned(), lists_requests: true, ..LockfileNote::default() };
    let mut keys: [String; 4] = Default::default(); // the open keys, by depth
    for line in text.lines() {
        let trimmed = line.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if trimmed.starts_with("<<<<<<<") {
            return super::broken(notes, "pnpm", "it holds conflict markers".to_owned());
        }
        let depth = (line.len() - trimmed.len()) / 2;
        let Some((key, value)) = pair(trimmed) else { continue };
        let Some(slot) = keys.get_mut(depth) else { continue };
        *slot = key.to_owned();
        let [top, second, third, _] = &keys;
        match (top.as_str(), depth) {
            ("importers", 3) => {
                // Version 5: `name: version` and `specifiers` of their own.
                if third == "specifiers" {
                    note.requested.push((folder(second), key.to_owned(), value.to_owned()));
                } else if dependencies(third) && !value.is_empty() {
                    note.resolved.push((folder(second), key.to_owned(), version(value)));
                }
            }
            ("specifiers", 1) => note.requested.push((String::new(), key.to_owned(), value.to_owned())),
            (section, 1) if dependencies(section) && !value.is_empty() => {
                note.resolved.push((String::new(), key.to_owned(), version(value)));
            }
            // Version 6 without workspaces has no importers.
            (section, 2) if dependencies(section) => {
                let list = if key == "specifier" { &mut note.requested } else { &mut note.resolved };
                if matches!(key, "specifier" | "version") {
                    list.push((String::new(), second.clone(), version_of(key, value)));
                }
            }
            ("packages", 1) => {
                if let Some((name, version)) = package(key) {
                    note.packages.push(locked(name, version));
                }
            }
            _ => {}
        }
    }
    importers_with_specifiers(text, &mut note);
    notes.lockfile = Some(super::finished(note));
}

/// From version 6 on, an importer's dependency is a block with `specifier` and `version`, one level deeper.
fn importers_with_specifiers(text: &str, note: &mut LockfileNote) {
    let (mut inside, mut importer, mut section, mut name) = (false, String::new(), "", String::new());
    for line in text.lines() {
        let trimmed = line.trim_start();
        if trimmed.is_empty() {
            continue;
        }
        let depth = (line.len() - trimmed.len()) / 2;
        if depth == 0 {
            inside = trimmed == "importers:";
            continue;
        }
        let Some((key, value)) = pair(trimmed).filter(|_| inside) else { continue };
        match depth {
            1 => importer = folder(key),
            2 => section = key,
            3 => name = key.to_owned(),
            4 if dependencies(section) && key == "specifier" => {
                note.requested.push((importer.clone(), name.clone(), value.to_owned()));
            }
            4 if dependencies(section) && key == "version" => {
                note.resolved.push((importer.clone(), name.clone(), version(value)));
            }
            _ => {}
        }
    }
}

fn dependencies(section: &str) -> bool {
    matches!(section, "dependencies" | "devDependencies" | "optionalDependencies")
}

fn folder(importer: &str) -> String {
    if importer == "." { String::new() } else { importer.to_owned() }
}

fn version_of(key: &str, value: &str) -> String {
    if key == "version" { version(value) } else { value.to_owned() }
}

/// `18.2.0(react@18.2.0)` and `18.2.0_react@18.2.0` are version 18.2.0.
fn version(value: &str) -> String {
    value.split(['(', '_']).next().unwrap_or("").to_owned()
}

/// `key: value` without quotes.
fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, value) = if let Some(rest) = line.strip_prefix('\'') {
        let (key, rest) = rest.split_once('\'')?;
        (key, rest.strip_prefix(':')?)
    } else {
        line.split_once(": ").or_else(|| line.strip_suffix(':').map(|key| (key, "")))?
    };
    let value = value.trim();
    let quoted = ['\'', '"'].into_iter().find_map(|q| value.strip_prefix(q)?.strip_suffix(q));
    Some((key, quoted.unwrap_or(value)))
}

/// `/name@1.0.0(peer)`, `name@1.0.0`, `/name/1.0.0`.
fn package(key: &str) -> Option<(&str, &str)> {
    let key = key.strip_prefix('/').unwrap_or(key);
    let key = key.split('(').next().unwrap_or(key);
    let start = usize::from(key.starts_with('@'));
    let at = key.get(start..)?.find('@').map(|n| n + start);
    let at = at.or_else(|| key.rfind('/'))?;
    let (name, version) = (key.get(..at)?, key.get(at + 1..)?);
    Some((name, version.split('_').next().unwrap_or(version)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn note(text: &str) -> LockfileNote {
        let mut notes = FileNotes::default();
        read(&file("pnpm-lock.yaml"), text, &mut notes);
        notes.lockfile.expect("a lockfile")
    }
    fn entry(a: &str, b: &str, c: &str) -> (String, String, String) {
        (a.to_owned(), b.to_owned(), c.to_owned())
    }

    #[test]
    fn version_nine_with_importers() {
        let note = note(
            "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n\nimporters:\n\n  .:\n    dependencies:\n      next:\n        specifier: ^15.0.0\n        version: 15.1.0(react@19.0.0)\n\n  apps/web:\n    devDependencies:\n      '@types/node':\n        specifier: 'catalog:'\n        version: 22.1.0\n\npackages:\n\n  '@types/node@22.1.0':\n    resolution: {integrity: sha512-x}\n\n  next@15.1.0:\n    resolution: {integrity: sha512-x}\n\nsnapshots:\n\n  next@15.1.0(react@19.0.0):\n    dependencies:\n      react: 19.0.0\n",
        );
        assert_eq!(
            note.requested,
            [entry("", "next", "^15.0.0"), entry("apps/web", "@types/node", "catalog:")]
        );
        assert_eq!(note.resolved, [entry("", "next", "15.1.0"), entry("apps/web", "@types/node", "22.1.0")]);
        assert_eq!(note.packages, [locked("@types/node", "22.1.0"), locked("next", "15.1.0")]);
    }

    #[test]
    fn version_six_without_importers() {
        let note = note(
            "lockfileVersion: '6.0'\n\ndependencies:\n  zod:\n    specifier: ^3.0.0\n    version: 3.22.4\n\npackages:\n\n  /zod@3.22.4:\n    dev: false\n",
        );
        assert_eq!(note.requested, [entry("", "zod", "^3.0.0")]);
        assert_eq!(note.resolved, [entry("", "zod", "3.22.4")]);
        assert_eq!(note.packages, [locked("zod", "3.22.4")]);
    }

    #[test]
    fn version_five() {
        let note = note(
            "lockfileVersion: 5.4\n\nspecifiers:\n  zod: ^3.0.0\n\ndependencies:\n  zod: 3.22.4\n\npackages:\n\n  /zod/3.22.4:\n    dev: false\n",
        );
        assert_eq!(note.requested, [entry("", "zod", "^3.0.0")]);
        assert_eq!(note.packages, [locked("zod", "3.22.4")]);
    }
}
