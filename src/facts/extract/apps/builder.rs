//! The AI builder that an app still depends on, and whether the app could leave it.

use super::stack::Stack;
use super::units::Unit;
use crate::facts::kinds::{Answer, App, Evidence, Unknown};
use crate::facts::{FileNotes, Input, layout, reached};
use crate::meaning::packages::Purpose;
use crate::meaning::places;
use crate::source::Role;

/// Fills in `builder` and `builder_lock_in`. The other parts of the app must be known.
pub fn fill(input: &Input<'_>, unit: &Unit<'_>, stack: &Stack<'_>, app: &mut App) {
    named(input, unit, stack, app);
    let runtime = stack.used.iter().find(|u| {
        let database = u.package.is == Purpose::Database || u.package.is == Purpose::Storage;
        u.package.lock_in || (database && matches!(u.part.provider.as_str(), "replit" | "base44"))
    });
    let lock = match runtime {
        Some(used) => {
            let says = format!("{} runs only there", used.part.name);
            Some((Evidence::new("builder_lock_in", &used.part.file, used.part.line, &says), Answer::Yes))
        }
        None => sign_in(input, stack).map(|(file, line)| {
            let says = "signs in through Replit";
            (Evidence::new("builder_lock_in", &file, line, says), other_sign_in(app))
        }),
    };
    app.builder_lock_in = match lock {
        Some((evidence, answer)) => {
            app.evidence.push(evidence);
            match app.hosting.iter().find(|h| h.name != "replit" && h.name != app.builder) {
                // Files, data and accounts of a builder's own backend stay there wherever the pages are served.
                Some(host) if runtime.is_none_or(|u| u.part.provider == "replit") => {
                    app.evidence.push(Evidence::new("builder_lock_in", &host.file, host.line, &host.name));
                    let reason = format!(
                        "it uses what only {} offers, but {} configures {} as well",
                        app.builder, host.file, host.name
                    );
                    app.unknowns.push(Unknown::new("builder_lock_in", &reason));
                    Answer::Unknown
                }
                _ => answer,
            }
        }
        None if app.builder.is_empty() => Answer::Na,
        None => Answer::No,
    };
}

fn named(input: &Input<'_>, unit: &Unit<'_>, stack: &Stack<'_>, app: &mut App) {
    let package = stack.used.iter().find(|u| u.package.is == Purpose::Builder);
    let marker = input.source.tree.files().iter().find_map(|f| {
        let (marker, part) = places::marker(&f.path).filter(|(m, _)| m.builder)?;
        let folder = layout::folder(part);
        (folder == unit.folder || folder.is_empty()).then(|| (marker.id.clone(), part.to_owned()))
    });
    match (package, marker) {
        (Some(used), _) => {
            app.builder.clone_from(&used.part.name);
            app.evidence.push(Evidence::new("builder", &used.part.file, used.part.line, &used.part.name));
        }
        (None, Some((id, part))) => {
            app.evidence.push(Evidence::new("builder", &part, 0, &id));
            app.builder = id;
        }
        (None, None) => {}
    }
}

/// Replit's sign-in works only there: it is what `REPL_ID` is read for. Code that nothing imports signs nobody in.
fn sign_in(input: &Input<'_>, stack: &Stack<'_>) -> Option<(String, u32)> {
    let product = |n: &&FileNotes| input.source.tree.get(&n.path).is_some_and(|f| f.role == Role::Product);
    let notes = || input.notes.iter().filter(product);
    let oidc = |n: &FileNotes| {
        n.imports.iter().any(|i| i.module.starts_with("openid-client") || i.module.starts_with("flask_dance"))
    };
    let candidates = notes().filter(|n| stack.covers(&n.path) && oidc(n)).filter_map(|note| {
        let id = note.env.iter().find(|e| e.read && e.name == "REPL_ID")?;
        Some((note.path.clone(), id.line))
    });
    candidates.take(20).find(|(path, _)| reached::reached(path, notes()))
}

/// Whether people could still sign in without the builder.
fn other_sign_in(app: &App) -> Answer {
    let parts_of_it = ["openid-client", "passport", "express-session", "flask-dance", "flask-login", "jwt"];
    if app.auth.iter().any(|a| !parts_of_it.contains(&a.name.as_str())) {
        Answer::Partial
    } else {
        Answer::Yes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    fn app(files: &[(&str, &str)]) -> App {
        facts(files).apps.into_iter().next().expect("an app")
    }

    const PACKAGE: (&str, &str) = (
        "package.json",
        r#"{"scripts": {"dev": "tsx server/index.ts"}, "dependencies": {"openid-client": "6", "express": "4"}}"#,
    );
    const MARKER: (&str, &str) = (".replit", "run = \"npm run dev\"\n");
    const AUTH: (&str, &str) =
        ("server/replitAuth.ts", "import * as client from 'openid-client'\nconst id = process.env.REPL_ID\n");
    const INDEX: (&str, &str) = ("server/index.ts", "import express from 'express'\nimport './routes'\n");
    const ROUTES: (&str, &str) = ("server/routes.ts", "import { setup } from './replitAuth'\n");

    #[test]
    fn a_sign_in_that_nothing_imports_locks_nobody_in() {
        assert_eq!(app(&[PACKAGE, MARKER, AUTH, INDEX]).builder_lock_in, Answer::No);
        assert_eq!(app(&[PACKAGE, MARKER, AUTH, INDEX, ROUTES]).builder_lock_in, Answer::Yes);
    }

    #[test]
    fn another_host_leaves_it_open() {
        let found = app(&[PACKAGE, MARKER, AUTH, INDEX, ROUTES, ("railway.json", "{}")]);
        assert_eq!(found.builder_lock_in, Answer::Unknown);
        assert!(found.unknowns.iter().any(|u| u.cell == "builder_lock_in"));
    }

    #[test]
    fn a_runtime_of_the_builder_locks_in() {
        let found = app(&[
            ("package.json", r#"{"scripts": {"dev": "vite"}, "dependencies": {"@base44/sdk": "1"}}"#),
            ("src/api.js", "import { createClient } from '@base44/sdk'"),
            ("vercel.json", "{}"),
        ]);
        assert_eq!((found.builder.as_str(), found.builder_lock_in), ("base44", Answer::Yes));
    }
}
