//! Documents: whether they say how to set the project up, and how to restore it.

use std::sync::LazyLock;

use regex::Regex;

use super::Reader;
use crate::facts::FileNotes;
use crate::facts::notes::DocumentNote;
use crate::source::{File, Role};
use crate::words::may_hold;

/// The reader.
pub static READERS: &[Reader] = &[Reader { name: "documents", wants, read }];

fn wants(file: &File) -> bool {
    let prose = matches!(&*file.extension(), "md" | "mdx" | "rst" | "adoc" | "txt" | "markdown");
    let readme = file.name().to_ascii_lowercase().starts_with("readme");
    matches!(file.role, Role::Product | Role::Docs)
        && (readme || prose && file.extension() != "txt")
        && file.path.matches('/').count() <= 3
        && !file.path.starts_with('.')
}

fn regex(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

/// Of lines in small letters: a pattern that looks for both cases takes four times as long to compile.
static INSTALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"\b(?:npm (?:i|install|ci)|pnpm (?:i|install)|yarn(?: install)?|bun (?:i|install)|pip3? install|uv (?:sync|pip install|run)|poetry install|pipenv install|pdm install|cargo (?:build|run|install)|bundle install|bin/setup|docker[ -]compose up|docker build|make (?:setup|install|init|dev|up)|deno (?:task|run|install)|flutter pub get|go (?:run|build|mod download)|mix deps\.get|composer install|npx create-\S+|nix develop)\b",
    )
});
static START: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"\b(?:(?:npm|pnpm|yarn|bun)(?: run)? (?:dev|start|serve|develop)|python3? \S+\.py|python3? -m [0-9a-z_]+|flask (?:--\S+ )*run|uvicorn|gunicorn|hypercorn|fastapi (?:dev|run)|streamlit run|manage\.py runserver|uv run|poetry run|cargo run|docker[ -]compose up|docker run|rails s(?:erver)?|bin/(?:dev|rails)|make (?:dev|run|start|up|serve)|go run|flutter run|deno (?:task|run)|node \S+\.[cm]?js|npx (?:next|vite|expo|serve)|expo start|php artisan serve|mix phx\.server|supabase start)\b",
    )
});
static HEADING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"\b(?:set ?up|setting up|getting started|get started|quick ?start|install(?:ation|ing)?|how to run|running|run locally|local development|development|usage|instala|inicio|primeros pasos|como rodar|come[cç]ar|installer|einrichtung|démarrage)",
    )
});
static RESTORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?i)^#{1,6}.*\b(?:restor(?:e|ing)|disaster recovery|recover(?:y|ing) (?:the )?(?:data|database|backup))|\bpg_restore\b|\bmongorestore\b|\bpg_basebackup\b",
    )
});

/// What READMEs that nobody wrote for this project say.
const TEMPLATES: [&str; 8] = [
    "Welcome to your Lovable project",
    "https://lovable.dev/projects/",
    "project bootstrapped with [`create-next-app`]",
    "This template provides a minimal setup to get React working in Vite",
    "This template should help get you started developing with Vue",
    "This project was bootstrapped with [Create React App]",
    "Everything you need to build a Svelte project",
    "This is a NextJS starter in Firebase Studio",
];

fn read(_: &File, text: &str, notes: &mut FileNotes) {
    let is =
        |pattern: &LazyLock<Option<Regex>>, line: &str| pattern.as_ref().is_some_and(|r| r.is_match(line));
    let has = |words: &str| memchr::memmem::find(text.as_bytes(), words.as_bytes()).is_some();
    let mut note = DocumentNote { template: TEMPLATES.into_iter().any(has), ..DocumentNote::default() };
    let (mut install, mut start) = (0u32, 0u32);
    // The line of a heading about setup whose section is open; whether a fenced block is open.
    let (mut section, mut fenced, mut by_section) = (0u32, false, 0u32);
    let may_restore = may_hold(text, &["restor", "recover", "pg_basebackup"]);
    for (line, number) in text.lines().zip(1u32..) {
        let trimmed = line.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            fenced = !fenced;
            if fenced && section > 0 && by_section == 0 {
                by_section = section;
            }
            continue;
        }
        if !fenced && trimmed.starts_with('#') {
            section = if is(&HEADING, &trimmed.to_lowercase()) { number } else { 0 };
        }
        if may_restore && note.restore_line == 0 && is(&RESTORE, trimmed) {
            note.restore_line = number;
        }
        // Commands stand in code: a fenced block, an indented one, or between backticks.
        let is_code = fenced || line.starts_with("    ") || trimmed.contains('`');
        if is_code && (install == 0 || start == 0) {
            let small = trimmed.to_ascii_lowercase();
            if install == 0 && is(&INSTALL, &small) {
                install = number;
            }
            if start == 0 && is(&START, &small) {
                start = number;
            }
        }
    }
    note.setup_line = if install > 0 && start > 0 { install } else { by_section };
    notes.document = Some(note);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn note(text: &str) -> DocumentNote {
        let mut notes = FileNotes::default();
        read(&file("README.md"), text, &mut notes);
        notes.document.expect("a document")
    }

    #[test]
    fn install_and_start_commands() {
        assert_eq!(note("# Shop\n\n```sh\nnpm install\nnpm run dev\n```\n").setup_line, 4);
        assert_eq!(
            note("# Shop\n\nRun `pip install -r requirements.txt`, then `python app.py`.\n").setup_line,
            3
        );
        assert_eq!(note("# Shop\n\nA shop. We will install yarn-dyed curtains.\n").setup_line, 0);
    }

    #[test]
    fn a_section_with_a_code_block() {
        assert_eq!(note("# Shop\n## Getting started\n```\n./go\n```\n").setup_line, 2);
        assert_eq!(note("# Shop\n## Features\n```\n./go\n```\n").setup_line, 0);
    }

    #[test]
    fn templates_and_restores() {
        let template = note("# Welcome to your Lovable project\n```sh\nnpm i\nnpm run dev\n```\n");
        assert!(template.template && template.setup_line == 3);
        assert_eq!(note("# Ops\n\n## Restoring a backup\n\nUse the script.\n").restore_line, 3);
        assert_eq!(note("We restore old furniture.\n").restore_line, 0);
    }
}
