//! Whether a secret is shipped to everybody who opens the product: told from where it stands, and never guessed.

use crate::facts::Input;
use crate::facts::kinds::{Answer, App, AppKind, Secret};
use crate::facts::layout::{app_of, relative};
use crate::facts::names::is_public;
use crate::facts::notes::Directive;
use crate::source::Role;

/// Frameworks that render on a server as well, so that a module says nothing of where it runs.
const ON_BOTH_SIDES: &[&str] = &[
    "next",
    "nuxt",
    "sveltekit",
    "astro",
    "astro-server",
    "remix",
    "react-router",
    "tanstack-start",
    "angular-ssr",
    "solid-start",
    "redwood",
    "blitz",
    "qwik",
    "gatsby",
];

/// Code that browsers and phones run.
const CLIENT_CODE: &[&str] = &["ts", "tsx", "js", "jsx", "mjs", "vue", "svelte", "astro"];

/// What browsers load as it is.
const ASSETS: &[&str] =
    &["js", "mjs", "html", "htm", "json", "map", "css", "txt", "xml", "svg", "webmanifest"];

/// Folders whose code runs on a server, wherever they are.
const SERVER_FOLDERS: &[&str] = &[
    "server",
    "backend",
    "api",
    "functions",
    "netlify/functions",
    "supabase",
    "migrations",
    "scripts",
    "prisma",
    "drizzle",
    "cron",
    "jobs",
    "workers",
    "worker",
    "lambda",
    "infra",
    "terraform",
    "k8s",
    "deploy",
    "bin",
    "tools",
];

const NOT_FOLLOWED: &str = "which modules reach the browser is not followed, and this one may";

/// Whether the value ships from this place, and why.
pub(super) fn ships(
    input: &Input<'_>,
    apps: &[App],
    secret: &Secret,
    directive: Directive,
) -> (Answer, &'static str) {
    use Answer::{No, Unknown, Yes};
    let path = secret.file.as_str();
    let Some(file) = input.source.tree.get(path) else { return (Answer::Na, "") };
    let owner = app_of(apps, path);
    let app = apps.iter().find(|app| app.path == owner);
    let uses = |name: &str| app.is_some_and(|app| app.frameworks.iter().any(|part| part.name == name));
    let extension = file.extension();
    let code = CLIENT_CODE.contains(&&*extension);
    let inside = relative(path, if owner.is_empty() { "." } else { &owner }).unwrap_or(path);
    let folders: Vec<&str> = inside.split('/').rev().skip(1).collect();
    let kind = app.map_or(AppKind::Unknown, |app| app.kind);
    let web = matches!(kind, AppKind::Web);

    if matches!(file.role, Role::Test | Role::Fixture | Role::Docs | Role::Example) {
        return (No, "");
    }
    if file.role == Role::Generated
        || folders.iter().any(|f| matches!(*f, "dist" | "build" | ".next" | "out" | "dev-dist"))
    {
        return built(inside, &extension, web, uses("next"));
    }
    let settings = file.name().starts_with(".env")
        || code
        || matches!(&*extension, "json" | "toml" | "yml" | "yaml" | "env");
    let settles = |name: &str| {
        !name.starts_with("PUBLIC_") || uses("sveltekit") || uses("astro") || uses("astro-server")
    };
    if settings && is_public(&secret.variable) && settles(&secret.variable) {
        return (Yes, "the prefix of its variable ships it to every visitor");
    }
    if ASSETS.contains(&&*extension)
        && folders.last().is_some_and(|f| matches!(*f, "public" | "static"))
        && web
    {
        return (Yes, "files of this folder are served as they are");
    }
    if directive == Directive::Client {
        return (Yes, "the module says that it runs in the browser");
    }
    if kind == AppKind::Mobile {
        let server = folders.iter().any(|f| SERVER_FOLDERS.contains(f));
        let app_code = code || matches!(&*extension, "dart" | "swift" | "kt");
        let settings = matches!(
            file.name(),
            "app.json" | "app.config.js" | "app.config.ts" | "Info.plist" | "google-services.json"
        );
        return match () {
            _ if server => (No, ""),
            _ if app_code && !settings => (Yes, "it is part of the app that is installed on phones"),
            _ if settings => (Unknown, "what of the app's settings reaches the phone is not followed"),
            _ => (No, ""),
        };
    }
    let server = directive == Directive::Server
        || file.name().contains(".server.")
        || !code && !matches!(&*extension, "html" | "htm")
        || is_settings(file.name())
        || folders.iter().any(|f| SERVER_FOLDERS.contains(f))
            && !folders.last().is_some_and(|f| matches!(*f, "src" | "client"));
    if server || !web && kind != AppKind::Unknown {
        return (No, "");
    }
    if ON_BOTH_SIDES.iter().any(|name| uses(name)) {
        let route = inside.starts_with("app/api/")
            || inside.starts_with("src/app/api/")
            || inside.starts_with("pages/api/")
            || inside.starts_with("src/pages/api/")
            || matches!(
                file.name(),
                "route.ts" | "route.js" | "middleware.ts" | "middleware.js" | "instrumentation.ts"
            );
        return if route { (No, "") } else { (Unknown, NOT_FOLLOWED) };
    }
    if code && (uses("vite") || uses("create-react-app") || uses("angular")) && single_page(input, path) {
        return (Yes, "it is code of a single-page app, which browsers load");
    }
    if matches!(&*extension, "html" | "htm") && folders.is_empty() && file.name() == "index.html" && web {
        return (Yes, "it is the page that browsers load");
    }
    (Unknown, NOT_FOLLOWED)
}

/// Settings of tools that run where the app is built.
fn is_settings(name: &str) -> bool {
    name.contains(".config.") || name.starts_with('.')
}

/// Build output that was committed.
fn built(inside: &str, extension: &str, web: bool, next: bool) -> (Answer, &'static str) {
    if !ASSETS.contains(&extension) {
        return (Answer::No, "");
    }
    let has =
        |folder: &str| inside.starts_with(&format!("{folder}/")) || inside.contains(&format!("/{folder}/"));
    if has(".next/server") || has(".next/cache") || has("server") {
        return (Answer::No, "");
    }
    if has(".next/static")
        || has("dist/assets")
        || has("build/static")
        || has("dev-dist")
        || next && has("out")
    {
        return (Answer::Yes, "it is build output that browsers load");
    }
    if web {
        (Answer::Unknown, "whether browsers load this build output can't be told")
    } else {
        (Answer::No, "")
    }
}

/// Whether the file lies in the `src` of a page: the folder beside the `index.html` that loads it.
fn single_page(input: &Input<'_>, path: &str) -> bool {
    let has = |file: &str| input.source.tree.get(file).is_some();
    path.match_indices("src/").filter(|(at, _)| *at == 0 || path.as_bytes().get(at - 1) == Some(&b'/')).any(
        |(at, _)| {
            let root = path.get(..at).unwrap_or_default();
            let below = path.get(at..).unwrap_or_default();
            let server = below.split('/').any(|part| matches!(part, "server" | "scripts" | "functions"));
            !server
                && ["index.html", "public/index.html", "src/index.html"]
                    .iter()
                    .any(|page| has(&format!("{root}{page}")))
        },
    )
}
