//! Apps: the deployable units, each with its stack.

mod builder;
mod databases;
mod stack;
mod units;

use std::collections::BTreeSet;

use crate::facts::kinds::{Answer, App, AppKind, Evidence, Part, Unknown};
use crate::facts::{Facts, Input, layout, locks};
use crate::meaning::packages::Purpose;
use crate::meaning::places;
use crate::secrets::{Excerpt, excerpt};
use crate::source::{File, Role};
use stack::Stack;
use units::Unit;

/// Fills `apps`, sorted by path.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let units = units::units(input);
    let folders: Vec<String> = units.iter().map(|u| u.folder.clone()).collect();
    facts.apps = units.iter().map(|unit| app(input, unit, &folders)).collect();
    facts.apps.sort_by(|a, b| a.path.cmp(&b.path));
}

fn app(input: &Input<'_>, unit: &Unit<'_>, folders: &[String]) -> App {
    let others: Vec<String> =
        folders.iter().filter(|f| **f != unit.folder && !f.is_empty()).cloned().collect();
    let stack = Stack::new(input, unit, &others);
    let manifest = unit.manifests.first();
    let named = unit
        .manifests
        .iter()
        .map(|(_, m)| m.name.as_str())
        .find(|n| !n.is_empty() && !places::is_template_name(n));
    let folder = unit.folder.rsplit('/').next().unwrap_or("");
    let mut app = App {
        path: if unit.folder.is_empty() { ".".to_owned() } else { unit.folder.clone() },
        name: excerpt(named.unwrap_or(folder)),
        file: manifest.map(|(n, _)| n.path.clone()).unwrap_or_default(),
        frameworks: stack.parts(Purpose::Framework),
        payment: stack.parts(Purpose::Payment),
        ai: stack.parts(Purpose::Ai),
        auth: stack.parts(Purpose::Auth),
        messaging: stack.parts(Purpose::Messaging),
        error_tracking: stack.parts(Purpose::ErrorTracking),
        logging: stack.parts(Purpose::Logging),
        storage: stack.parts(Purpose::Storage),
        ..App::default()
    };
    code(unit, &mut app);
    app.hosting = hosting(input, unit, folders);
    app.package_manager = package_manager(input, unit);
    app.kind = kind(input, unit, &stack, &app);
    server(input, unit, &stack, &mut app);
    builder::fill(input, unit, &stack, &mut app);
    evidence(&mut app);
    databases::fill(input, unit, &stack, &others, &mut app);
    app
}

/// Languages, whether they are read, and what is not.
fn code(unit: &Unit<'_>, app: &mut App) {
    let shares = crate::facts::code::language_shares(unit.code.iter().copied());
    let all: u64 = shares.iter().map(|l| l.bytes).sum();
    let read: u64 = shares.iter().filter(|l| l.read).map(|l| l.bytes).sum();
    app.code_read = crate::facts::code::code_read(read, all);
    let mut unread: BTreeSet<String> =
        shares.iter().filter(|l| !l.read && l.share >= 0.05).map(|l| l.name.clone()).collect();
    unread.extend(unit.manifests.iter().flat_map(|(_, m)| m.unread_frameworks.iter().cloned()));
    app.unread = unread.into_iter().collect();
    app.languages = shares.into_iter().map(|l| l.name).collect();
}

/// Platforms that a file of the app configures; files at the top count for the only app as well.
fn hosting(input: &Input<'_>, unit: &Unit<'_>, folders: &[String]) -> Vec<Part> {
    let mut found = Vec::new();
    for file in input
        .source
        .tree
        .files()
        .iter()
        .filter(|f| !matches!(f.role, Role::Vendored | Role::Fixture | Role::Example))
    {
        let owner = layout::owner(&file.path, folders.iter().map(String::as_str));
        if owner != Some(unit.folder.as_str()) && folders.len() > 1 {
            continue;
        }
        let Some(platform) = places::platform(&file.path).filter(|_| layout::deploys(input, file)) else {
            continue;
        };
        let name = platform.hosting.as_deref().unwrap_or(&platform.id);
        if !name.is_empty() && !found.iter().any(|p: &Part| p.name == name) {
            found.push(Part {
                name: name.to_owned(),
                version: Excerpt::default(),
                provider: String::new(),
                file: file.path.clone(),
                line: 0,
            });
        }
    }
    found.sort();
    found
}

fn package_manager(input: &Input<'_>, unit: &Unit<'_>) -> String {
    let declared = unit.manifests.iter().map(|(_, m)| m.manager.as_str()).find(|m| !m.is_empty());
    if let Some(declared) = declared {
        return declared.to_owned();
    }
    let Some((note, _)) = unit.manifests.first() else { return String::new() };
    let locks = locks::all(&input.source.tree, input.notes);
    let managers: BTreeSet<&str> =
        locks.iter().filter(|l| locks::belongs(l, &note.path, input.notes)).map(|l| l.manager).collect();
    // Several managers name none.
    match managers.first() {
        Some(only) if managers.len() == 1 => (*only).to_owned(),
        _ => String::new(),
    }
}

fn kind(input: &Input<'_>, unit: &Unit<'_>, stack: &Stack<'_>, app: &App) -> AppKind {
    if unit.library {
        return AppKind::Library;
    }
    // Flask serves pages only where there are any.
    let template = |f: &File| f.extension() == "html" && f.folder().split('/').any(|p| p == "templates");
    let pages = input.source.tree.files().iter().any(|f| stack.own(&f.path) && template(f));
    let built_on =
        |kind: &str| stack.frameworks().any(|u| u.package.app == kind && (u.package.id != "flask" || pages));
    let is = |id: &str| app.frameworks.iter().any(|f| f.name == id);
    let unread = |names: &[&str]| app.unread.iter().any(|u| names.contains(&u.as_str()));
    let file = |test: &dyn Fn(&str) -> bool| unit.code.iter().any(|f| test(&f.path));
    if built_on("desktop") {
        AppKind::Desktop
    } else if is("expo")
        || is("react-native")
        || is("ionic")
        || is("nativescript")
        || unread(&["Flutter", "Android"])
    {
        AppKind::Mobile
    } else if built_on("web") || unread(&["Ruby on Rails", "Laravel", "Symfony", "Phoenix", "ASP.NET Core"]) {
        AppKind::Web
    } else if built_on("api")
        || app.frameworks.iter().any(|f| f.name == "flask")
        || unread(&["Spring Boot", "Gin", "Echo", "Fiber", "chi", "Sinatra", "Vapor"])
    {
        AppKind::Api
    } else if file(&|p| p.ends_with("index.html")) {
        AppKind::Web
    } else if built_on("worker") {
        AppKind::Worker
    } else if file(&|p| p.contains("supabase/functions/")) {
        AppKind::Api
    } else if built_on("cli") || unit.manifests.iter().any(|(_, m)| m.ecosystem == "cargo") {
        AppKind::Cli
    } else {
        AppKind::Unknown
    }
}

fn server(input: &Input<'_>, unit: &Unit<'_>, stack: &Stack<'_>, app: &mut App) {
    let prefix = if unit.folder.is_empty() { String::new() } else { format!("{}/", unit.folder) };
    let below = |names: &[&str]| {
        unit.code.iter().find(|f| names.iter().any(|n| f.path.starts_with(&format!("{prefix}{n}"))))
    };
    let framework = stack
        .frameworks()
        .find(|u| u.package.server)
        .map(|u| (u.part.file.clone(), u.part.line, u.part.name.clone()));
    let functions =
        below(&["supabase/functions/", "netlify/functions/", "netlify/edge-functions/", "convex/"])
            .or_else(|| if app.hosting.iter().any(|h| h.name == "vercel") { below(&["api/"]) } else { None })
            .map(|f| (f.path.clone(), 0, "functions that run on a server".to_owned()));
    let plain = stack
        .imports
        .standard("npm", &["http", "https", "net"])
        .filter(|p| !unit.library && !p.file.contains("/components/"))
        .or_else(|| stack.imports.standard("pypi", &["http.server", "socketserver"]))
        .map(|p| (p.file.clone(), p.line, format!("imports {}", p.module)));
    let _ = input;
    match framework.or(functions).or(plain) {
        Some((file, line, says)) => {
            app.has_server = Answer::Yes;
            app.evidence.push(Evidence::new("has_server", &file, line, &says));
        }
        None if app.code_read == Answer::Yes || app.code_read == Answer::Na => app.has_server = Answer::No,
        None => {
            app.has_server = Answer::Unknown;
            app.unknowns.push(Unknown::new(
                "has_server",
                "part of its code is in a language that this version does not read",
            ));
        }
    }
}

fn evidence(app: &mut App) {
    let lists = [
        ("frameworks", &app.frameworks),
        ("hosting", &app.hosting),
        ("payment", &app.payment),
        ("ai", &app.ai),
        ("auth", &app.auth),
        ("messaging", &app.messaging),
        ("error_tracking", &app.error_tracking),
        ("logging", &app.logging),
        ("storage", &app.storage),
    ];
    let found: Vec<Evidence> = lists
        .into_iter()
        .flat_map(|(cell, parts)| parts.iter().map(move |p| Evidence::new(cell, &p.file, p.line, &p.name)))
        .collect();
    app.evidence.extend(found);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    fn app(files: &[(&str, &str)]) -> App {
        facts(files).apps.into_iter().next().expect("an app")
    }
    fn names(parts: &[Part]) -> Vec<&str> {
        parts.iter().map(|p| p.name.as_str()).collect()
    }

    #[test]
    fn a_part_is_declared_and_imported() {
        let found = app(&[
            (
                "package.json",
                "{\"name\": \"shop\", \"scripts\": {\"dev\": \"next dev\"}, \"dependencies\": {\n\"next\": \"15.0.0\", \"stripe\": \"17\", \"openai\": \"4\"}, \"devDependencies\": {\"lovable-tagger\": \"1\"}}",
            ),
            (
                "app/api/pay/route.ts",
                "import Stripe from 'stripe'\nimport { NextResponse } from 'next/server'",
            ),
            ("tests/ai.test.ts", "import OpenAI from 'openai'"),
        ]);
        assert_eq!(names(&found.frameworks), ["next"]);
        assert_eq!((found.frameworks[0].version.as_str(), found.frameworks[0].line), ("15.0.0", 2));
        assert_eq!(names(&found.payment), ["stripe"]);
        assert_eq!(names(&found.ai), [""; 0], "declared, and imported by a test only");
        assert_eq!((found.kind, found.has_server), (AppKind::Web, Answer::Yes));
        assert_eq!((found.builder.as_str(), found.builder_lock_in), ("lovable", Answer::No));
    }

    #[test]
    fn edge_functions_use_what_their_imports_name() {
        let found = app(&[
            (
                "package.json",
                r#"{"scripts": {"dev": "vite"}, "dependencies": {"react-dom": "19", "vite": "6"}}"#,
            ),
            ("index.html", "<p>"),
            ("src/main.tsx", "import { createRoot } from 'react-dom/client'"),
            ("supabase/functions/pay/index.ts", "import Stripe from 'https://esm.sh/stripe@14?target=deno'"),
        ]);
        assert_eq!(names(&found.payment), ["stripe"]);
        assert_eq!(names(&found.frameworks), ["react", "vite"]);
        assert_eq!((found.kind, found.has_server), (AppKind::Web, Answer::Yes));
    }

    #[test]
    fn an_unread_stack_is_named_and_unknown() {
        let found = app(&[("Gemfile", "gem \"rails\"\n"), ("app/models/user.rb", "class User; end")]);
        assert_eq!(found.unread, ["Ruby", "Ruby on Rails"]);
        assert_eq!(
            (found.code_read, found.has_server, found.kind),
            (Answer::No, Answer::Unknown, AppKind::Web)
        );
        assert!(found.unknowns.iter().any(|u| u.cell == "has_server"));
    }

    #[test]
    fn what_is_called_without_a_package_is_a_part() {
        let package = (
            "package.json",
            r#"{"scripts": {"dev": "vite"}, "dependencies": {"vite": "6", "@supabase/supabase-js": "2"}}"#,
        );
        let call = "const r = await fetch('https://api.openai.com/v1/chat/completions')";
        let found = app(&[
            package,
            ("index.html", "<p>"),
            ("src/db.ts", "import { createClient } from '@supabase/supabase-js'\nawait db.auth.getUser()\n"),
            ("supabase/functions/ask/index.ts", call),
        ]);
        assert_eq!(names(&found.ai), ["openai"], "the address tells, and the general path adds nothing");
        assert_eq!((found.ai[0].file.as_str(), found.ai[0].line), ("supabase/functions/ask/index.ts", 1));
        assert_eq!(names(&found.auth), ["supabase-auth"]);
        let unnamed = app(&[package, ("src/a.ts", "fetch(`${BASE}/chat/completions`)")]);
        assert_eq!(names(&unnamed.ai), ["openai-compatible"]);
        assert_eq!(names(&unnamed.auth), [""; 0]);
        let test_only = app(&[package, ("src/a.ts", "1"), ("tests/a.test.ts", call)]);
        assert_eq!(names(&test_only.ai), [""; 0]);
    }
}
