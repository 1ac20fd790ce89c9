//! `yarn.lock`, classic and berry. Both are read line by line: an entry starts at the margin, its fields are
//! indented.

use super::locked;
use crate::facts::FileNotes;
use crate::facts::notes::LockfileNote;
use crate::source::File;

/// Reads the lockfile.
pub fn read(_: &File, text: &str, notes: &mut FileNotes) {
    let mut note =
        LockfileNote { manager: "yarn".to_owned(), lists_requests: true, ..LockfileNote::default() };
    let mut entry: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.starts_with("<<<<<<<") {
            return super::broken(notes, "yarn", "it holds conflict markers".to_owned());
        }
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        if !line.starts_with(' ') {
            entry = line
                .trim_end()
                .trim_end_matches(':')
                .trim_matches('"')
                .split(", ")
                .filter_map(request)
                .collect();
            for (name, requirement) in &entry {
                note.requested.push(("*".to_owned(), name.clone(), requirement.clone()));
            }
            continue;
        }
        let field = line.strip_prefix("  ").filter(|l| !l.starts_with(' ')).unwrap_or("");
        let version = field.strip_prefix("version ").or_else(|| field.strip_prefix("version: "));
        if let Some(version) = version.map(|v| v.trim().trim_matches('"')) {
            for (name, requirement) in &entry {
                if !requirement.starts_with("workspace:") {
                    note.packages.push(locked(name, version));
                    note.resolved.push(("*".to_owned(), format!("{name}@{requirement}"), version.to_owned()));
                }
            }
        }
    }
    notes.lockfile = Some(super::finished(note));
}

/// `"name@^1.0.0"`, `name@npm:^1.0.0` (berry): name and requirement.
fn request(text: &str) -> Option<(String, String)> {
    let text = text.trim().trim_matches('"');
    let at = text.get(1..)?.find('@')? + 1;
    let (name, requirement) = (text.get(..at)?, text.get(at + 1..)?);
    // Berry writes the default protocol out; an alias keeps it (`npm:other@^1`).
    let plain = requirement.strip_prefix("npm:").filter(|r| !r.get(1..).is_some_and(|r| r.contains('@')));
    Some((name.to_owned(), plain.unwrap_or(requirement).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn note(text: &str) -> LockfileNote {
        let mut notes = FileNotes::default();
        read(&file("yarn.lock"), text, &mut notes);
        notes.lockfile.expect("a lockfile")
    }

    #[test]
    fn classic_and_berry_say_the_same() {
        let classic = "# yarn lockfile v1\n\n\"@a/b@^1.0.0\", \"@a/b@^1.1.0\":\n  version \"1.2.0\"\n  resolved \"x\"\n  dependencies:\n    version \"9\"\n\nzod@^3:\n  version \"3.22.4\"\n";
        let berry = "__metadata:\n  version: 8\n\n\"@a/b@npm:^1.0.0, @a/b@npm:^1.1.0\":\n  version: 1.2.0\n  resolution: \"x\"\n\n\"shop@workspace:.\":\n  version: 0.0.0-use.local\n\n\"zod@npm:^3\":\n  version: 3.22.4\n";
        for text in [classic, berry] {
            let note = note(text);
            assert_eq!(note.packages, [locked("@a/b", "1.2.0"), locked("zod", "3.22.4")]);
            let asked: Vec<_> = note
                .requested
                .iter()
                .map(|(_, n, r)| format!("{n}@{r}"))
                .filter(|r| !r.contains("workspace"))
                .collect();
            assert_eq!(asked, ["@a/b@^1.0.0", "@a/b@^1.1.0", "zod@^3"]);
        }
    }
}
