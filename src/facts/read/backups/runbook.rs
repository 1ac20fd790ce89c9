use super::add;
use crate::facts::kinds::BackupKind;
use crate::facts::notes::FileNotes;
use crate::facts::shell;
use crate::source::{File, Role};

pub(super) fn wants(file: &File) -> bool {
    let markdown = matches!(&*file.extension(), "md" | "mdx" | "txt" | "rst");
    markdown && matches!(file.role, Role::Product | Role::Docs) && file.size < 500_000
}

/// A description of how to restore that gives the command. A document that only mentions one is none: the command
/// must stand in a block of code under a heading, or in a file, about restoring.
pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let about = |title: &str| {
        let title = title.to_ascii_lowercase();
        title.contains("restor") || title.contains("disaster") || title.contains("recover")
    };
    let mut heading = about(file.name());
    let by_name = heading;
    let mut fenced = false;
    for (number, line) in (1_u32..).zip(text.lines()) {
        let trimmed = line.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            fenced = !fenced;
            continue;
        }
        if !fenced {
            if trimmed.starts_with('#') {
                heading = by_name || about(trimmed);
            }
            continue;
        }
        if !heading {
            continue;
        }
        for command in shell::commands(trimmed) {
            let engine = shell::act(&command.words, &command.input).restores;
            let psql_from_file =
                command.words.first().is_some_and(|w| w == "psql") && !command.input.is_empty();
            let engine = if engine.is_empty() && psql_from_file { "postgres" } else { engine };
            if !engine.is_empty() {
                add(
                    file,
                    notes,
                    BackupKind::Restore,
                    engine,
                    number,
                    "a document says how to restore, with the command",
                );
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_commands_under_a_heading_about_restoring() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("README.md"), "x").unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let line = |text: &str| {
            let mut notes = FileNotes::default();
            read(&tree.files()[0], text, &mut notes);
            notes.backups.first().map(|b| b.line)
        };
        assert_eq!(line("# Restore\nRun:\n```sh\npg_restore -d app latest.dump\n```\n"), Some(4));
        assert_eq!(line("# Restore\nUse pg_restore.\n"), None);
        assert_eq!(line("# Setup\n```\npg_restore -d app latest.dump\n```\n"), None);
    }
}
