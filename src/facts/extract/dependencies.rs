//! Declared dependencies, with the version that a lockfile records for each.

use std::collections::BTreeSet;

use crate::facts::kinds::{Dependency, Evidence};
use crate::facts::layout;
use crate::facts::locks::{self, Lock};
use crate::facts::notes::DependencyNote;
use crate::facts::{Facts, Input};
use crate::secrets::excerpt;

/// Fills `dependencies`.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let locks = locks::all(&input.source.tree, input.notes);
    for (file, note) in layout::manifests(input.notes) {
        let mine: Vec<&Lock<'_>> =
            locks.iter().filter(|l| locks::belongs(l, &file.path, input.notes)).collect();
        let mut seen = BTreeSet::new();
        for dependency in &note.dependencies {
            if !seen.insert(dependency.name.as_str()) {
                continue;
            }
            let says = format!("{} {}", dependency.name, dependency.version);
            facts.dependencies.push(Dependency {
                ecosystem: note.ecosystem.clone(),
                name: excerpt(&dependency.name),
                version: excerpt(&dependency.version),
                locked: excerpt(&locked(&file.path, dependency, &mine).unwrap_or_default()),
                file: file.path.clone(),
                line: dependency.line,
                scope: dependency.scope,
                source: dependency.source,
                range: dependency.range,
                evidence: vec![Evidence::new("version", &file.path, dependency.line, &says)],
                ..Dependency::default()
            });
        }
    }
    facts.dependencies.sort_by(|a, b| (&a.file, a.line, &a.name).cmp(&(&b.file, b.line, &b.name)));
}

/// The version that one of the manifest's lockfiles records.
fn locked(manifest: &str, dependency: &DependencyNote, locks: &[&Lock<'_>]) -> Option<String> {
    locks.iter().find_map(|lock| {
        let note = lock.note?;
        let folder = layout::relative(layout::folder(manifest), lock.file.folder())?;
        let find = |folder: &str, name: &str| {
            let at =
                note.resolved.binary_search_by(|(f, n, _)| (f.as_str(), n.as_str()).cmp(&(folder, name)));
            at.ok().and_then(|i| note.resolved.get(i)).map(|(.., version)| version.clone())
        };
        let by_request = || find("*", &format!("{}@{}", dependency.name, dependency.version));
        let only = || {
            let start = note.packages.partition_point(|p| p.name < dependency.name);
            let mut versions = note.packages.iter().skip(start).take_while(|p| p.name == dependency.name);
            let first = versions.next()?;
            versions.next().is_none().then(|| first.version.clone())
        };
        find(folder, &dependency.name).or_else(by_request).or_else(only)
    })
}

#[cfg(test)]
mod tests {
    use crate::facts::testing::facts;

    #[test]
    fn the_locked_version_is_the_one_of_its_own_folder() {
        let lock = r#"{"lockfileVersion": 3, "packages": {
            "": {"dependencies": {"react": "^19"}}, "apps/old": {"dependencies": {"react": "^18"}},
            "node_modules/react": {"version": "19.1.0"}, "apps/old/node_modules/react": {"version": "18.3.1"}}}"#;
        let found = facts(&[
            ("package.json", r#"{"workspaces": ["apps/*"], "dependencies": {"react": "^19"}}"#),
            ("apps/old/package.json", r#"{"dependencies": {"react": "^18"}}"#),
            ("package-lock.json", lock),
        ]);
        let shown: Vec<_> = found.dependencies.iter().map(|d| (d.file.as_str(), d.locked.as_str())).collect();
        assert_eq!(shown, [("apps/old/package.json", "18.3.1"), ("package.json", "19.1.0")]);
    }
}
