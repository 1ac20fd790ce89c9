use std::collections::{BTreeMap, BTreeSet};

use crate::facts::kinds::{EnvVar, Evidence};
use crate::facts::layout::app_of;
use crate::facts::names::is_public;
use crate::facts::{Facts, Input};

/// Evidence is kept of this many places that read, and of this many that declare.
const PLACES: usize = 10;

/// What platforms and runtimes set by themselves.
const PROVIDED: &[&str] = &[
    "NODE_ENV",
    "VITEST",
    "JEST_WORKER_ID",
    "PORT",
    "CI",
    "HOME",
    "PATH",
    "PWD",
    "USER",
    "SHELL",
    "TERM",
    "TZ",
    "LANG",
    "HOSTNAME",
    "TMPDIR",
    "TEMP",
    "NODE_OPTIONS",
    "NODE_PATH",
    "NEXT_RUNTIME",
    "NEXT_PHASE",
    "NETLIFY",
    "DYNO",
    "VERCEL",
    "RENDER",
    "REPL_ID",
    "REPL_OWNER",
    "REPL_SLUG",
    "REPLIT_DOMAINS",
    "REPLIT_DEV_DOMAIN",
    "REPLIT_DEPLOYMENT",
    "K_SERVICE",
    "K_REVISION",
    "GOOGLE_CLOUD_PROJECT",
    "GCLOUD_PROJECT",
    "GAE_ENV",
    "FUNCTION_TARGET",
    "FIREBASE_CONFIG",
    "CF_PAGES",
    "DENO_REGION",
    "DENO_DEPLOYMENT_ID",
    "SB_REGION",
    "SB_EXECUTION_ID",
    "AWS_REGION",
    "AWS_LAMBDA_FUNCTION_NAME",
    "LAMBDA_TASK_ROOT",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "RUST_LOG",
    "RUST_BACKTRACE",
    "XDG_CONFIG_HOME",
    "APPDATA",
    "COLUMNS",
    "NO_COLOR",
];
const PROVIDED_PREFIXES: &[&str] = &[
    "VERCEL_",
    "RAILWAY_",
    "RENDER_",
    "FLY_",
    "REPLIT_",
    "GITHUB_",
    "RUNNER_",
    "npm_",
    "NEXT_PUBLIC_VERCEL_",
    "HEROKU_",
    "KUBERNETES_",
    "CF_PAGES_",
    "AWS_LAMBDA_",
    "CARGO_PKG_",
];
/// Set by Supabase inside its functions, and nowhere else.
const SUPABASE: &[&str] = &[
    "SUPABASE_URL",
    "SUPABASE_ANON_KEY",
    "SUPABASE_SERVICE_ROLE_KEY",
    "SUPABASE_DB_URL",
    "SUPABASE_PUBLISHABLE_KEYS",
    "SUPABASE_SECRET_KEYS",
];

#[derive(Default)]
struct Places<'a> {
    read: Vec<(&'a str, u32)>,
    declared: Vec<(&'a str, u32)>,
}

/// Fills `env_vars`, by app and name: one for each app that reads a variable, or one if none does.
pub(super) fn run(input: &Input<'_>, facts: &mut Facts) {
    let mut names: BTreeMap<&str, Places<'_>> = BTreeMap::new();
    for note in input.notes {
        for env in &note.env {
            let places = names.entry(&env.name).or_default();
            let list = if env.read { &mut places.read } else { &mut places.declared };
            list.push((&note.path, env.line));
        }
    }
    let mut out = Vec::new();
    for (name, places) in &names {
        let readers: BTreeSet<String> =
            places.read.iter().map(|(file, _)| app_of(&facts.apps, file)).collect();
        if readers.is_empty()
            && let Some((file, _)) = places.declared.first()
        {
            out.push(variable(name, app_of(&facts.apps, file), Vec::new(), places));
        }
        for app in readers {
            let read =
                places.read.iter().filter(|(file, _)| app_of(&facts.apps, file) == app).copied().collect();
            out.push(variable(name, app, read, places));
        }
    }
    out.sort_by(|a, b| (&a.app, &a.name).cmp(&(&b.app, &b.name)));
    facts.env_vars = out;
}

fn variable(name: &str, app: String, read: Vec<(&str, u32)>, places: &Places<'_>) -> EnvVar {
    let mut evidence: Vec<Evidence> =
        read.iter().take(PLACES).map(|(file, line)| Evidence::new("read", file, *line, "reads it")).collect();
    let declares = |(file, line): &(&str, u32)| Evidence::new("declared", file, *line, "names it");
    evidence.extend(places.declared.iter().take(PLACES).map(declares));
    let (file, line) = read.first().or(places.declared.first()).copied().unwrap_or(("", 0));
    let in_functions = !read.is_empty()
        && read.iter().all(|(file, _)| {
            file.starts_with("supabase/functions/") || file.contains("/supabase/functions/")
        });
    EnvVar {
        name: name.to_owned(),
        app,
        read: !read.is_empty(),
        declared: !places.declared.is_empty(),
        provided: PROVIDED.contains(&name)
            || PROVIDED_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
            || (in_functions && SUPABASE.contains(&name)),
        public: is_public(name),
        file: file.to_owned(),
        line,
        evidence,
        unknowns: Vec::new(),
    }
}
