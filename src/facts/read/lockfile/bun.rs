//! `bun.lock`, the text format. `bun.lockb` is binary and only named.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::locked;
use crate::facts::FileNotes;
use crate::facts::notes::LockfileNote;
use crate::facts::read::json::strict;
use crate::source::File;

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    workspaces: BTreeMap<String, Member>,
    #[serde(default)]
    packages: BTreeMap<String, Vec<Value>>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Member {
    name: String,
    dependencies: BTreeMap<String, String>,
    dev_dependencies: BTreeMap<String, String>,
    optional_dependencies: BTreeMap<String, String>,
    peer_dependencies: BTreeMap<String, String>,
}

/// Reads the lockfile.
pub fn read(_: &File, text: &str, notes: &mut FileNotes) {
    let lock: Lock = match serde_json::from_str(&strict(text)) {
        Ok(lock) => lock,
        Err(error) => return super::broken(notes, "bun", error.to_string()),
    };
    let mut note =
        LockfileNote { manager: "bun".to_owned(), lists_requests: true, ..LockfileNote::default() };
    // The first element of an entry is `name@version`; the key is where it would be installed.
    let split = |entry: &[Value]| -> Option<(String, String)> {
        let id = entry.first()?.as_str()?;
        let at = id.get(1..)?.find('@')? + 1;
        Some((id.get(..at)?.to_owned(), id.get(at + 1..)?.to_owned()))
    };
    for entry in lock.packages.values() {
        if let Some((name, version)) = split(entry)
            && !version.starts_with("workspace:")
        {
            note.packages.push(locked(&name, &version));
        }
    }
    for (folder, member) in &lock.workspaces {
        let lists = [
            &member.dependencies,
            &member.dev_dependencies,
            &member.optional_dependencies,
            &member.peer_dependencies,
        ];
        for (name, requirement) in lists.into_iter().flatten() {
            note.requested.push((folder.clone(), name.clone(), requirement.clone()));
            let own = lock.packages.get(&format!("{}/{name}", member.name));
            if let Some((_, version)) = own.or_else(|| lock.packages.get(name)).and_then(|e| split(e))
                && !version.starts_with("workspace:")
            {
                note.resolved.push((folder.clone(), name.clone(), version));
            }
        }
    }
    notes.lockfile = Some(super::finished(note));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    #[test]
    fn members_and_versions() {
        let text = "{\n  \"lockfileVersion\": 1,\n  \"workspaces\": {\n    \"\": { \"name\": \"shop\", \"dependencies\": { \"react\": \"^19\", }, },\n    \"apps/web\": { \"name\": \"web\", \"dependencies\": { \"react\": \"^18\", \"ui\": \"workspace:*\", }, },\n  },\n  \"packages\": {\n    \"react\": [\"react@19.0.0\", \"\", {}, \"sha512-x\"],\n    \"web/react\": [\"react@18.3.1\", \"\", {}, \"sha512-x\"],\n    \"ui\": [\"ui@workspace:packages/ui\"],\n  }\n}\n";
        let mut notes = FileNotes::default();
        read(&file("bun.lock"), text, &mut notes);
        let note = notes.lockfile.expect("a lockfile");
        let entry = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(note.packages, [locked("react", "18.3.1"), locked("react", "19.0.0")]);
        assert_eq!(note.resolved, [entry("", "react", "19.0.0"), entry("apps/web", "react", "18.3.1")]);
        assert!(note.requested.contains(&entry("apps/web", "ui", "workspace:*")));
    }
}
