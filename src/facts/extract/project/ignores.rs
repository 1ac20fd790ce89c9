//! What `.gitignore` keeps out of the repository.

use std::collections::BTreeSet;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::facts::kinds::{Answer, Evidence, Project, Unknown};
use crate::facts::notes::ManifestNote;
use crate::facts::{FileNotes, Input, layout};
use crate::meaning::places;
use crate::source::{Role, SkipReason};

/// Fills in `gitignore`, `ignores_env` and `ignores_output`.
pub fn fill(input: &Input<'_>, project: &mut Project) {
    let files: Vec<(String, Gitignore)> = input
        .notes
        .iter()
        .filter_map(|n| Some((layout::folder(&n.path).to_owned(), matcher(n.ignores.as_ref()?)?)))
        .collect();
    project.gitignore = input.notes.iter().any(|n| n.ignores.is_some());
    let first = input.notes.iter().find(|n| n.ignores.is_some()).map(|n| n.path.as_str()).unwrap_or("");

    let places = env_places(input);
    let (bare, kept): (Vec<String>, Vec<String>) =
        places.into_iter().partition(|path| !ignored(&files, path, false));
    // That values for one machine are kept out doesn't help those in `.env` itself.
    let main = |path: &String| !path.ends_with(".local");
    project.ignores_env = match (bare.is_empty(), kept.iter().any(main)) {
        _ if bare.is_empty() && kept.is_empty() => Answer::Na,
        (true, _) => Answer::Yes,
        (false, true) => Answer::Partial,
        (false, false) => Answer::No,
    };
    let outputs = outputs(input);
    let paths = outputs.iter().map(|(folder, name)| join(folder, name));
    let bare_outputs: Vec<String> = paths.filter(|path| !ignored(&files, path, true)).collect();
    project.ignores_output = match bare_outputs.len() {
        _ if outputs.is_empty() => Answer::Na,
        0 => Answer::Yes,
        n if n == outputs.len() => Answer::No,
        _ => Answer::Partial,
    };
    // A rule of a folder above PATH may say what none below does.
    let above = input.source.git.as_ref().is_some_and(|g| !g.prefix.is_empty());
    for (cell, answer, missed, all) in [
        ("ignores_env", &mut project.ignores_env, &bare, "every `.env` is ignored"),
        (
            "ignores_output",
            &mut project.ignores_output,
            &bare_outputs,
            "all installed and built folders are ignored",
        ),
    ] {
        let says = |says: &str| Evidence::new(cell, first, 0, says);
        match answer {
            Answer::No | Answer::Partial if above => {
                *answer = Answer::Unknown;
                project
                    .unknowns
                    .push(Unknown::new(cell, "a .gitignore above the audited folder may ignore it"));
            }
            Answer::No | Answer::Partial => {
                let each = missed.iter().take(5).map(|path| says(&format!("no rule ignores `{path}`")));
                project.evidence.extend(each);
            }
            Answer::Yes => project.evidence.push(says(all)),
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

/// Packages that read `.env` files by themselves; a `*` at the end matches any rest.
const LOADERS: &[(&str, &[&str])] = &[
    (
        "npm",
        &[
            "next",
            "vite",
            "rolldown-vite",
            "nuxt",
            "astro",
            "react-scripts",
            "expo",
            "gatsby",
            "prisma",
            "@nestjs/config",
            "@redwoodjs/core",
            "dotenv",
            "dotenv-*",
            "@dotenvx/*",
            "env-cmd",
            "node-env-run",
            "@t3-oss/env-nextjs",
        ],
    ),
    (
        "pypi",
        &[
            "python-dotenv",
            "pydantic-settings",
            "django-environ",
            "environs",
            "python-decouple",
            "starlette",
            "dynaconf",
        ],
    ),
    ("cargo", &["dotenv", "dotenvy"]),
];

/// Frameworks that read `.env.local` as well.
const WITH_LOCAL: &[&str] = &["next", "vite", "rolldown-vite", "nuxt", "astro", "react-scripts", "expo"];

fn loads(manifest: &ManifestNote) -> bool {
    let known = LOADERS
        .iter()
        .filter(|(ecosystem, _)| *ecosystem == manifest.ecosystem)
        .flat_map(|(_, names)| *names);
    let names: Vec<&str> = known.copied().collect();
    let loader = |name: &str| names.iter().any(|pattern| places::glob(pattern, name));
    manifest.dependencies.iter().any(|d| loader(&d.name))
        || manifest.scripts.iter().any(|s| s.command.contains("--env-file"))
}

/// The `.env` files that the project would have: beside those that are there, beside manifests whose packages read
/// them, and beside compose files that ask for values. None where nothing reads such files.
fn env_places(input: &Input<'_>) -> Vec<String> {
    let product = |path: &str| input.source.tree.get(path).is_some_and(|f| f.role == Role::Product);
    let files = input.source.tree.files().iter();
    let there = files
        .filter(|f| f.role == Role::Product && f.name().starts_with(".env") && !f.name().ends_with("rc"));
    let mut folders: BTreeSet<String> = there.map(|f| f.folder().to_owned()).collect();
    let mut local: BTreeSet<String> = BTreeSet::new();
    for (note, manifest) in layout::manifests(input.notes).filter(|(n, _)| product(&n.path)) {
        let folder = layout::folder(&note.path).to_owned();
        if manifest.dependencies.iter().any(|d| WITH_LOCAL.contains(&d.name.as_str())) && !manifest.library {
            local.insert(folder.clone());
        }
        let runs = !manifest.scripts.is_empty() || manifest.ecosystem != "npm";
        if runs && !manifest.library && loads(manifest) {
            folders.insert(folder);
        }
    }
    let compose =
        |n: &&FileNotes| n.deploy.iter().any(|d| d.platform == "compose") && n.env.iter().any(|e| e.read);
    folders.extend(
        input
            .notes
            .iter()
            .filter(|n| product(&n.path))
            .filter(compose)
            .map(|n| layout::folder(&n.path).to_owned()),
    );
    folders.retain(|f| !f.contains("supabase/functions"));
    // A link holds nothing itself.
    let links: BTreeSet<&str> = input
        .source
        .tree
        .skipped()
        .iter()
        .filter(|s| s.reason == SkipReason::Link)
        .map(|s| s.path.as_str())
        .collect();
    let names = |f: &String| {
        let mut found = vec![join(f, ".env")];
        found.extend(local.contains(f).then(|| join(f, ".env.local")));
        found
    };
    folders.iter().flat_map(names).filter(|path| !links.contains(path.as_str())).collect()
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
    fn nothing_to_keep_out_where_nothing_reads_such_files() {
        let rust = ("src/main.rs", "fn main() { std::env::var(\"PORT\"); }");
        let cargo =
            |dependency: &str| format!("[package]\nname = \"a\"\n[dependencies]\n{dependency} = \"1\"\n");
        assert_eq!(answers(&[rust, ("Cargo.toml", &cargo("axum"))]).0, Answer::Na);
        assert_eq!(answers(&[rust, ("Cargo.toml", &cargo("dotenvy"))]).0, Answer::No);
        let flutter = ("pubspec.yaml", "name: a\ndependencies:\n  flutter:\n    sdk: flutter\n");
        assert_eq!(answers(&[flutter, ("lib/main.dart", "void main() {}")]).0, Answer::Na);
    }

    #[test]
    fn every_way_to_write_the_rule() {
        let web =
            ("apps/web/package.json", r#"{"scripts": {"dev": "next dev"}, "dependencies": {"next": "15"}}"#);
        let api = ("apps/api/requirements.txt", "python-dotenv\n");
        for (rules, answer) in [
            (".env*", Answer::Yes),
            ("**/.env\n**/.env.local", Answer::Yes),
            (".env\n.env.*\n!.env.example", Answer::Yes),
            ("**/.env\n**/.env.local\n!apps/api/.env", Answer::Partial),
            ("/.env", Answer::No),
            (".env.local", Answer::No),
        ] {
            assert_eq!(answers(&[web, api, (".gitignore", rules)]).0, answer, "{rules}");
        }
        let own = [web, api, ("apps/web/.gitignore", ".env*\n"), ("apps/api/.gitignore", "/.env\n")];
        assert_eq!(answers(&own).0, Answer::Yes);
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
