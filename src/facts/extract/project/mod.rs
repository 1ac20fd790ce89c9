//! The repository as a whole.

mod history;
mod ignores;
mod paths;
mod secrets;

use crate::facts::kinds::{Answer, Evidence, Unknown};
use crate::facts::{Facts, Input, code};

/// Fills `project`. What takes apps, tests or backups to say is filled in by joins.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let project = &mut facts.project;
    history::fill(input, project);
    paths::fill(input, project);
    project.files = u32::try_from(input.source.tree.files().len()).unwrap_or(u32::MAX);
    project.languages = code::language_shares(input.source.tree.files().iter());
    project.has_code = !project.languages.is_empty();
    let read: u64 = project.languages.iter().filter(|l| l.read).map(|l| l.bytes).sum();
    let all: u64 = project.languages.iter().map(|l| l.bytes).sum();
    project.code_read = code::code_read(read, all);
    ignores::fill(input, project);
    secrets::fill(input, project);
    let documents: Vec<_> = input.notes.iter().filter_map(|n| Some((n, n.document.as_ref()?))).collect();
    let setup = documents
        .iter()
        .filter(|(_, d)| d.setup_line > 0)
        .min_by_key(|(n, _)| (n.path.matches('/').count(), &n.path));
    project.setup_documented = if setup.is_some() { Answer::Yes } else { Answer::No };
    if let Some((note, document)) = setup {
        let says = if document.template {
            "says how to install and start (from a template)"
        } else {
            "says how to install and start"
        };
        project.evidence.push(Evidence::new("setup_documented", &note.path, document.setup_line, says));
    } else if project.readme && documents.is_empty() {
        project.setup_documented = Answer::Unknown;
        project.unknowns.push(Unknown::new("setup_documented", "the README was not read"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::kinds::History;
    use crate::facts::testing::{facts, facts_with, git};

    #[test]
    fn languages_by_bytes() {
        let project =
            facts(&[("a.ts", "1234567890"), ("b.go", "12345"), ("c.css", "1234567890"), ("README.md", "x")])
                .project;
        let shown: Vec<_> = project.languages.iter().map(|l| (l.name.as_str(), l.share, l.read)).collect();
        assert_eq!(shown, [("TypeScript", 0.6667, true), ("Go", 0.3333, false)]);
        assert_eq!((project.code_read, project.files, project.readme), (Answer::Partial, 4, true));
    }

    #[test]
    fn authors_by_address_and_people_merged() {
        let lovable = ("lovable-dev[bot]", "1+lovable-dev[bot]@users.noreply.github.com");
        let history = git(&[
            ("Maria", "a@x.example"),
            lovable,
            lovable,
            ("Maria", "b@x.example"),
            ("Your Name", "your.email@example.com"),
        ]);
        let project = facts_with(&[(".lovable/x.md", ""), ("src/a.ts", "")], Some(history)).project;
        assert_eq!((project.commits, project.authors, project.human_authors, project.people), (5, 4, 2, 1));
        assert_eq!((project.top_author_share, project.top_person_share, project.bot_share), (0.4, 1.0, 0.4));
        assert_eq!(
            (project.first.as_str(), project.last.as_str(), project.history),
            ("2025-01-01", "2025-01-05", History::Full)
        );
        assert_eq!(project.builders, ["lovable"]);
        assert_eq!(project.ai_markers, [".lovable"]);
    }

    #[test]
    fn outside_a_repository() {
        let project = facts(&[("a.py", "x = 1")]).project;
        assert_eq!((project.git, project.history), (false, History::None));
        assert_eq!((project.setup_documented, project.ignores_env), (Answer::No, Answer::Na));
    }
}
