//! Scripts that workflows call: shell scripts, Makefiles, justfiles, Taskfiles.

use crate::facts::config::{Node, yaml};
use crate::facts::notes::{FileNotes, ScriptNote};
use crate::source::{File, Role};

fn small(file: &File) -> bool {
    file.size < 200_000 && !matches!(file.role, Role::Vendored | Role::Generated)
}

pub(super) fn wants_shell(file: &File) -> bool {
    let name = file.name();
    let shell = matches!(&*file.extension(), "sh" | "bash" | "zsh");
    // Scripts without an extension: `bin/setup`, `scripts/test`, `.ci/run`.
    let bare = !name.contains('.')
        && ["bin", "script", "scripts", ".ci", "ci"]
            .iter()
            .any(|folder| file.folder() == *folder || file.folder().ends_with(&format!("/{folder}")));
    small(file) && (shell || bare)
}

pub(super) fn read_shell(file: &File, text: &str, notes: &mut FileNotes) {
    let first = text.lines().next().unwrap_or_default();
    let shebang = first.starts_with("#!");
    if file.extension().is_empty() && !(shebang && first.contains("sh")) {
        return;
    }
    notes.targets.push(ScriptNote { name: String::new(), command: text.to_owned(), line: 1 });
}

pub(super) fn wants_make(file: &File) -> bool {
    let name = file.name();
    small(file)
        && matches!(name, "Makefile" | "makefile" | "GNUmakefile" | "justfile" | "Justfile" | ".justfile")
}

/// Targets with their recipes; a target's prerequisites come first, as commands of the same tool.
pub(super) fn read_make(file: &File, text: &str, notes: &mut FileNotes) {
    let tool = if file.name().to_ascii_lowercase().contains("just") { "just" } else { "make" };
    let mut names: Vec<String> = Vec::new();
    let mut script = ScriptNote::default();
    let mut flush = |names: &mut Vec<String>, script: &mut ScriptNote| {
        for name in names.drain(..) {
            notes.targets.push(ScriptNote { name, ..script.clone() });
        }
    };
    for (number, line) in (1_u32..).zip(text.lines()) {
        if line.starts_with(['\t', ' ']) {
            if !names.is_empty() && !line.trim().is_empty() {
                // `@` keeps quiet; `-` swallows the failure.
                let command = line.trim().trim_start_matches('@');
                match command.strip_prefix('-') {
                    Some(command) => script.command.push_str(&format!("{command} || true\n")),
                    None => script.command.push_str(&format!("{command}\n")),
                }
            }
            continue;
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        flush(&mut names, &mut script);
        let Some((targets, after)) = line.split_once(':') else { continue };
        if after.starts_with('=')
            || targets.contains('=')
            || targets.starts_with('.')
            || targets.starts_with('[')
        {
            continue;
        }
        let after = after.trim_start_matches(':').split('#').next().unwrap_or_default();
        let mut words = targets.split_whitespace().map(|w| w.trim_start_matches('@'));
        names = if tool == "just" {
            words.next().map(str::to_owned).into_iter().collect()
        } else {
            words.take(8).map(str::to_owned).collect()
        };
        let prerequisites: Vec<&str> = after
            .split_whitespace()
            .filter(|w| *w != "|" && *w != "&&" && !w.contains(['=', '$', '%', '(']))
            .collect();
        script = ScriptNote { name: String::new(), command: String::new(), line: number };
        for prerequisite in prerequisites {
            script.command.push_str(&format!("{tool} {prerequisite}\n"));
        }
    }
    flush(&mut names, &mut script);
}

pub(super) fn wants_task(file: &File) -> bool {
    small(file) && matches!(file.name(), "Taskfile.yml" | "Taskfile.yaml" | "taskfile.yml")
}

pub(super) fn read_task(_file: &File, text: &str, notes: &mut FileNotes) {
    let Ok(root) = yaml(text) else { return };
    for entry in root.get("tasks").map(Node::entries).unwrap_or_default() {
        let mut command = String::new();
        for dependency in entry.node.get("deps").map(Node::texts).unwrap_or_default() {
            command.push_str(&format!("task {}\n", dependency.0));
        }
        for cmd in entry.node.get("cmds").map(Node::list).unwrap_or_default() {
            let text = match (cmd.get("task"), cmd.get("cmd")) {
                (Some(task), _) => format!("task {}", task.scalar()),
                (_, Some(inner)) => inner.scalar(),
                _ => cmd.scalar(),
            };
            command.push_str(&text);
            command.push('\n');
        }
        notes.targets.push(ScriptNote { name: entry.key.clone(), command, line: entry.node.line });
    }
}

pub(super) fn wants_cron(file: &File) -> bool {
    small(file) && (file.name().contains("crontab") || file.extension() == "cron")
}

/// Lines of a cron table; each is a target named after its schedule.
pub(super) fn read_cron(_file: &File, text: &str, notes: &mut FileNotes) {
    for (number, line) in (1_u32..).zip(text.lines()) {
        let line = line.trim();
        let words: Vec<&str> = line.split_whitespace().collect();
        let fields = if line.starts_with('@') { 1 } else { 5 };
        let times = words.iter().take(fields).all(|w| {
            w.starts_with('@') || w.bytes().all(|b| b.is_ascii_alphanumeric() || b"*/,-?".contains(&b))
        });
        if line.starts_with('#') || !times || words.len() <= fields {
            continue;
        }
        let (schedule, command) = words.split_at(fields);
        // System tables name a user before the command.
        let command =
            if command.first() == Some(&"root") { command.get(1..).unwrap_or_default() } else { command };
        let name = format!("cron:{}", schedule.join(" "));
        notes.targets.push(ScriptNote { name, command: command.join(" "), line: number });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makefiles() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("Makefile"), "x").unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let mut notes = FileNotes::default();
        let text = "X := 1\n.PHONY: test\nall: test lint\n\ntest: build ## runs\n\t@pytest -q\n\t-rm x\nbuild:\n\tgo build\n";
        read_make(&tree.files()[0], text, &mut notes);
        let all: Vec<(&str, &str, u32)> =
            notes.targets.iter().map(|t| (t.name.as_str(), t.command.as_str(), t.line)).collect();
        assert_eq!(
            all,
            [
                ("all", "make test\nmake lint\n", 3),
                ("test", "make build\npytest -q\nrm x || true\n", 5),
                ("build", "go build\n", 8)
            ]
        );
    }
}
