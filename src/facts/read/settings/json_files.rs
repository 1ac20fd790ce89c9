use super::{Seen, add};
use crate::facts::config::json;
use crate::facts::notes::FileNotes;
use crate::source::{File, Role};

pub(super) fn wants_tsconfig(file: &File) -> bool {
    let name = file.name();
    name.starts_with("tsconfig") && name.ends_with(".json") && file.role != Role::Vendored
}

/// `extends` is not followed: what another file says is a setting of that file.
pub(super) fn read_tsconfig(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match json(text) {
        Ok(root) => root,
        Err(problem) => {
            notes.broken = Some(problem.to_string());
            return;
        }
    };
    let Some(options) = root.get("compilerOptions") else { return };
    for key in ["strict", "noImplicitAny", "strictNullChecks", "checkJs"] {
        let Some(node) = options.get(key) else { continue };
        let seen = Seen {
            tool: "typescript",
            key: &format!("compilerOptions.{key}"),
            value: &node.scalar(),
            production: true,
            line: node.line,
            says: "how strictly types are checked",
        };
        add(file, notes, &seen);
    }
}

pub(super) fn wants_package(file: &File) -> bool {
    file.name() == "package.json" && file.role != Role::Vendored
}

pub(super) fn read_package(file: &File, text: &str, notes: &mut FileNotes) {
    // A package.json that does not parse is the manifest reader's to report.
    let Ok(root) = json(text) else { return };
    let Some(test) = root.at(&["scripts", "test"]) else { return };
    if is_placeholder(&test.scalar()) {
        let seen = Seen {
            tool: "npm",
            key: "scripts.test",
            value: &test.scalar(),
            production: true,
            line: test.line,
            says: "`npm test` runs no test",
        };
        add(file, notes, &seen);
    }
}

/// A test script that only says something.
fn is_placeholder(script: &str) -> bool {
    let commands = crate::facts::shell::commands(script);
    !commands.is_empty()
        && commands
            .iter()
            .all(|c| matches!(c.words.first().map(String::as_str), Some("echo" | "exit" | "true" | ":")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders() {
        assert!(is_placeholder("echo \"Error: no test specified\" && exit 1"));
        assert!(!is_placeholder("echo start && vitest run"));
        assert!(!is_placeholder(""));
    }
}
