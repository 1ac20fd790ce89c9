//! What `.gitignore` keeps out of the repository.

use std::collections::BTreeSet;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::facts::Input;
use crate::facts::kinds::{Answer, Evidence, Project, Unknown};
use crate::facts::layout;
use crate::source::Role;

/// Fills in `gitignore`, `ignores_env` and `ignores_output`.
pub fn fill(input: &Input<'_>, project: &mut Project) {
    let files: Vec<(String, Gitignore)> = input
        .notes
        .iter()
        .filter_map(|n| Some((layout::folder(&n.path).to_owned(), matcher(n.ignores.as_ref()?)?)))
        .collect();
    project.gitignore = input.notes.iter().any(|n| n.ignores.is_some());
    let folders = folders(input);
    let first = input.notes.iter().find(|n| n.ignores.is_some()).map(|n| n.path.as_str()).unwrap_or("");

    let reads = input.notes.iter().any(|n| n.env.iter().any(|e| e.read)) || !project.env.is_empty();
    let env = |name: &str| folders.iter().all(|f| ignored(&files, &join(f, name), false));
    project.ignores_env = match (env(".env"), env(".env.local")) {
        _ if !reads => Answer::Na,
        (true, true) => Answer::Yes,
        (true, false) => Answer::Partial,
        (false, _) => Answer::No,
    };
    let outputs = outputs(input);
    let kept_out = outputs.iter().filter(|(folder, name)| ignored(&files, &join(folder, name), true)).count();
    project.ignores_output = match kept_out {
        _ if outputs.is_empty() => Answer::Na,
        n if n == outputs.len() => Answer::Yes,
        0 => Answer::No,
        _ => Answer::Partial,
    };
    // A rule of a folder above PATH may say what none below does.
    let above = input.source.git.as_ref().is_some_and(|g| !g.prefix.is_empty());
    for (cell, answer) in
        [("ignores_env", &mut project.ignores_env), ("ignores_output", &mut project.ignores_output)]
    {
        match answer {
            Answer::No | Answer::Partial if above => {
                *answer = Answer::Unknown;
                project
                    .unknowns
                    .push(Unknown::new(cell, "a .gitignore above the audited folder may ignore it"));
            }
            Answer::Yes | Answer::Partial => {
                project.evidence.push(Evidence::new(cell, first, 0, "ignores it"))
            }
            Answer::No => project.evidence.push(Evidence::new(cell, first, 0, "does not ignore it")),
            _ => {}
        }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn matcher(lines: &[String]) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new("");
    for line in lines {
        // A line that does not parse ignores nothing, as in git.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok()
}

/// Whether a file or folder at `path` would be ignored: the `.gitignore` nearest to it that says anything decides.
fn ignored(files: &[(String, Gitignore)], path: &str, folder: bool) -> bool {
    let mut holders: Vec<&(String, Gitignore)> =
        files.iter().filter(|(f, _)| layout::within(path, f)).collect();
    holders.sort_by_key(|(f, _)| std::cmp::Reverse(f.len()));
    for (holder, rules) in holders {
        let Some(relative) = layout::relative(path, holder) else { continue };
        match rules.matched_path_or_any_parents(relative, folder) {
            Match::Ignore(_) => return true,
            Match::Whitelist(_) => return false,
            Match::None => {}
        }
    }
    false
}

/// Folders in which an `.env` file would stand: those of product manifests, the top one without any.
fn folders(input: &Input<'_>) -> Vec<String> {
    let mut found: BTreeSet<String> = input
        .source
        .tree
        .files()
        .iter()
        .filter(|f| f.role == Role::Product && f.name().starts_with(".env"))
        .map(|f| f.folder().to_owned())
        .collect();
    let apps = layout::manifests(input.notes).filter(|(n, m)| {
        input.source.tree.get(&n.path).is_some_and(|f| f.role == Role::Product)
            && !m.scripts.is_empty()
            && !m.library
    });
    found.extend(
        apps.map(|(n, _)| layout::folder(&n.path).to_owned()).filter(|f| !f.contains("supabase/functions")),
    );
    if found.is_empty() {
        found.insert(String::new());
    }
    found.into_iter().collect()
}

/// What the stack installs and builds, and where.
fn outputs(input: &Input<'_>) -> Vec<(String, &'static str)> {
    let mut found = BTreeSet::new();
    for (note, manifest) in layout::manifests(input.notes) {
        let folder = layout::folder(&note.path).to_owned();
        let has = |name: &str| manifest.dependencies.iter().any(|d| d.name == name);
        match manifest.ecosystem.as_str() {
            "npm" if !manifest.dependencies.is_empty() => {
                found.insert((folder.clone(), "node_modules"));
                for (package, output) in [
                    ("next", ".next"),
                    ("vite", "dist"),
                    ("nuxt", ".nuxt"),
                    ("react-scripts", "build"),
                    ("@sveltejs/kit", ".svelte-kit"),
                    ("astro", "dist"),
                    ("expo", ".expo"),
                ] {
                    if has(package)
                        && !(package == "vite"
                            && (has("@sveltejs/kit")
                                || has("nuxt")
                                || has("@remix-run/dev")
                                || has("@react-router/dev")))
                    {
                        found.insert((folder.clone(), output));
                    }
                }
            }
            "pypi" => {
                found.insert((folder, "__pycache__"));
            }
            _ => {}
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    fn answers(files: &[(&str, &str)]) -> (Answer, Answer) {
        let project = facts(files).project;
        (project.ignores_env, project.ignores_output)
    }
    const PACKAGE: (&str, &str) = ("package.json", r#"{"dependencies": {"next": "15"}}"#);
    const EXAMPLE: (&str, &str) = (".env.example", "A=\n");

    #[test]
    fn what_a_gitignore_keeps_out() {
        assert_eq!(answers(&[PACKAGE, EXAMPLE]), (Answer::No, Answer::No));
        assert_eq!(
            answers(&[PACKAGE, EXAMPLE, (".gitignore", "node_modules\n.next/\n.env*\n!.env.example\n")]),
            (Answer::Yes, Answer::Yes)
        );
        assert_eq!(
            answers(&[PACKAGE, EXAMPLE, (".gitignore", "node_modules\n*.local\n")]),
            (Answer::No, Answer::Partial)
        );
        assert_eq!(answers(&[PACKAGE, EXAMPLE, (".gitignore", ".env\n")]), (Answer::Partial, Answer::No));
        assert_eq!(answers(&[(".gitignore", "x\n")]), (Answer::Na, Answer::Na));
    }

    #[test]
    fn the_nearest_file_decides() {
        let files = [
            ("web/package.json", PACKAGE.1),
            ("web/.env.example", "A=\n"),
            (".gitignore", ".env\n"),
            ("web/.gitignore", "!.env\n"),
        ];
        assert_eq!(answers(&files).0, Answer::No);
    }
}
