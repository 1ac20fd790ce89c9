//! Which folders are apps: what can be started or deployed by itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::kinds::{Scope, SourceKind};
use crate::facts::notes::ManifestNote;
use crate::facts::{FileNotes, Input, layout};
use crate::meaning::packages::{self, Purpose};
use crate::meaning::{languages, places};
use crate::source::{File, Role};

/// A folder that may be an app.
#[derive(Debug, Default)]
pub struct Unit<'a> {
    /// Relative to PATH, `""` at the top.
    pub folder: String,
    /// Its manifests, the one that makes it an app first.
    pub manifests: Vec<(&'a FileNotes, &'a ManifestNote)>,
    /// Files of code of its own.
    pub code: Vec<&'a File>,
    /// Whether it is only there for others to import.
    pub library: bool,
    /// Folders of packages of the same repository that it uses.
    pub uses: Vec<String>,
}

/// The apps of the repository, sorted by folder; libraries only if there is nothing else.
pub fn units<'a>(input: &Input<'a>) -> Vec<Unit<'a>> {
    let mut found = candidates(input);
    code(input, &mut found);
    let siblings = siblings(&found);
    let names: BTreeMap<String, String> = named(&found);
    for unit in found.values_mut() {
        unit.uses = uses(unit, &names);
        unit.library = unit.manifests.iter().any(|(_, m)| m.library || siblings.contains(&m.name));
    }
    let all_uses: BTreeMap<String, Vec<String>> =
        found.iter().map(|(f, u)| (f.clone(), u.uses.clone())).collect();
    for unit in found.values_mut() {
        unit.uses = reachable(&unit.folder, &all_uses);
    }
    let apps: BTreeSet<String> = found
        .values()
        .filter(|u| !u.code.is_empty() && starts(input, u) && !showcase(u))
        .map(|u| u.folder.clone())
        .collect();
    if !apps.is_empty() {
        // Code of no app, and of no package that a manifest declares, is one more. Scripts and the copy of a database are
        // no product, however large.
        let loose = found.get("").is_some_and(|u| {
            let product = u.code.iter().filter(|f| !is_helper(f)).copied().collect::<Vec<_>>();
            u.manifests.is_empty() && weighs(&product) * 5 >= weighs(&all_code(input)) && !product.is_empty()
        });
        let keep = |u: &Unit<'_>| apps.contains(&u.folder) || (loose && u.folder.is_empty());
        return found.into_values().filter(keep).map(|u| Unit { library: false, ..u }).collect();
    }
    let rest = found.into_values().filter(|u| !u.code.is_empty());
    let rest: Vec<Unit<'a>> =
        rest.map(|u| Unit { library: u.library || showcase(&u) || only_sql(&u), ..u }).collect();
    if rest.iter().any(|u| !u.library) { rest.into_iter().filter(|u| !u.library).collect() } else { rest }
}

/// Whether there is nothing to start: the schema of a database is kept here for others.
fn only_sql(unit: &Unit<'_>) -> bool {
    unit.code.iter().all(|f| f.extension() == "sql")
}

/// Whether the file serves the code of others: SQL, and scripts of a shell.
fn is_helper(file: &File) -> bool {
    ["sql", "sh", "bash", "zsh", "ps1", "psm1"].contains(&&*file.extension())
}

fn weighs(files: &[&File]) -> u64 {
    files.iter().map(|f| f.size).sum()
}

fn is_code(file: &File) -> bool {
    // A page without a framework is an app as well.
    let page = file.extension() == "html" && file.name() == "index.html";
    file.role == Role::Product && (page || languages::by_extension(&file.extension()).is_some_and(|l| l.code))
}

fn all_code<'a>(input: &Input<'a>) -> Vec<&'a File> {
    input.source.tree.files().iter().filter(|f| is_code(f)).collect()
}

/// The folder of the app that a manifest is part of: parts of an app have manifests of their own.
fn home(path: &str) -> &str {
    let folder = layout::folder(path);
    for part in [
        "supabase/functions",
        "src-tauri",
        "android",
        "ios",
        "macos",
        "linux",
        "windows",
        "requirements",
        ".github",
        ".devcontainer",
    ] {
        if folder == part || folder.starts_with(&format!("{part}/")) {
            return "";
        }
        if let Some(at) = folder.find(&format!("/{part}")).filter(|at| {
            folder.get(at + 1 + part.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }) {
            return folder.get(..at).unwrap_or("");
        }
    }
    folder
}

fn candidates<'a>(input: &Input<'a>) -> BTreeMap<String, Unit<'a>> {
    let mut found: BTreeMap<String, Unit<'a>> = BTreeMap::new();
    for (note, manifest) in layout::manifests(input.notes) {
        if input.source.tree.get(&note.path).is_none_or(|f| f.role != Role::Product) {
            continue;
        }
        let folder = home(&note.path);
        let unit = found
            .entry(folder.to_owned())
            .or_insert_with(|| Unit { folder: folder.to_owned(), ..Unit::default() });
        unit.manifests.push((note, manifest));
    }
    for unit in found.values_mut() {
        let folder = unit.folder.clone();
        let rank = |(note, manifest): &(&FileNotes, &ManifestNote)| {
            let order =
                ["npm", "pypi", "cargo", "deno"].iter().position(|e| *e == manifest.ecosystem).unwrap_or(9);
            (
                layout::folder(&note.path) != folder,
                order,
                !note.path.ends_with("pyproject.toml"),
                note.path.clone(),
            )
        };
        unit.manifests.sort_by_key(rank);
    }
    found.entry(String::new()).or_default();
    found
}

fn code<'a>(input: &Input<'a>, units: &mut BTreeMap<String, Unit<'a>>) {
    let folders: Vec<String> = units.keys().cloned().collect();
    for file in all_code(input) {
        let owner = layout::owner(&file.path, folders.iter().map(String::as_str)).unwrap_or("").to_owned();
        if let Some(unit) = units.get_mut(&owner) {
            unit.code.push(file);
        }
    }
}

/// Names of packages that another manifest of the repository depends on.
fn siblings(units: &BTreeMap<String, Unit<'_>>) -> BTreeSet<String> {
    let own: BTreeSet<&str> =
        units.values().flat_map(|u| &u.manifests).map(|(_, m)| m.name.as_str()).collect();
    units
        .values()
        .flat_map(|u| &u.manifests)
        .flat_map(|(_, m)| m.dependencies.iter().map(move |d| (m, d)))
        .filter(|(m, d)| d.name != m.name && own.contains(d.name.as_str()))
        .filter(|(_, d)| matches!(d.source, SourceKind::Workspace | SourceKind::Path) || d.version == "*")
        .map(|(_, d)| d.name.clone())
        .filter(|n| !n.is_empty())
        .collect()
}

fn named(units: &BTreeMap<String, Unit<'_>>) -> BTreeMap<String, String> {
    let each =
        units.values().flat_map(|u| u.manifests.iter().map(move |(_, m)| (m.name.clone(), u.folder.clone())));
    each.filter(|(name, _)| !name.is_empty()).collect()
}

fn uses(unit: &Unit<'_>, names: &BTreeMap<String, String>) -> Vec<String> {
    let dependencies = unit.manifests.iter().flat_map(|(_, m)| &m.dependencies);
    let mut found: Vec<String> =
        dependencies.filter_map(|d| names.get(&d.name)).filter(|f| **f != unit.folder).cloned().collect();
    found.sort();
    found.dedup();
    found
}

fn reachable(folder: &str, uses: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<&str> = vec![folder];
    while let Some(next) = open.pop() {
        for used in uses.get(next).into_iter().flatten() {
            if used != folder && found.insert(used.clone()) {
                open.push(used);
            }
        }
    }
    found.into_iter().collect()
}

/// Whether the unit only shows or describes the product, or tests it: a Storybook, a site of documentation, a package
/// of browser tests.
fn showcase(unit: &Unit<'_>) -> bool {
    const SITES: [&str; 9] = [
        "@docusaurus/core",
        "nextra",
        "mintlify",
        "mint",
        "vitepress",
        "vuepress",
        "@astrojs/starlight",
        "fumadocs-core",
        "fumadocs-ui",
    ];
    const TESTS: [&str; 3] = ["@playwright/test", "cypress", "detox"];
    let npm = || unit.manifests.iter().filter(|(_, m)| m.ecosystem == "npm");
    let any = |fits: &dyn Fn(&str) -> bool| {
        npm().any(|(_, m)| m.dependencies.iter().any(|d| d.scope != Scope::Peer && fits(&d.name)))
    };
    let site = any(&|name| SITES.contains(&name));
    let storybook = any(&|name| name == "storybook" || name.starts_with("@storybook/"));
    let framework = |name: &str| packages::declared("npm", name).iter().any(|p| p.is == Purpose::Framework);
    let page = unit.code.iter().any(|f| f.extension() == "html");
    let tests = any(&|name| TESTS.contains(&name)) && !page && !any(&framework);
    if !(site || storybook || tests) || unit.manifests.len() != npm().count() {
        return false;
    }
    // A product that has a Storybook or tests beside its code starts by itself, and keeps data or knows its users.
    let product = any(&|name| {
        packages::declared("npm", name).into_iter().any(|p| {
            matches!(p.is, Purpose::Database | Purpose::Orm | Purpose::Auth | Purpose::Payment | Purpose::Ai)
                || (p.is == Purpose::Framework && p.server && !site)
        })
    });
    let starts = npm().any(|(_, m)| {
        m.scripts.iter().any(|s| serves(&s.name, &s.command) && !site && !s.command.contains("storybook"))
    });
    !product && !starts
}

/// Whether the unit can be started or deployed by itself.
fn starts(input: &Input<'_>, unit: &Unit<'_>) -> bool {
    let tree = &input.source.tree;
    let at =
        |name: &str| if unit.folder.is_empty() { name.to_owned() } else { format!("{}/{name}", unit.folder) };
    let has = |name: &str| tree.get(&at(name)).is_some_and(|f| f.role != Role::Vendored);
    let script = unit
        .manifests
        .iter()
        .any(|(_, m)| m.ecosystem == "npm" && m.scripts.iter().any(|s| serves(&s.name, &s.command)));
    let edge = unit.code.iter().any(|f| f.path.starts_with(&at("supabase/functions/")));
    // What others import is an app only if it is served: a bundler that watches it is no server.
    let script = script
        && (!unit.library
            || has("index.html")
            || has("next.config.js")
            || has("next.config.ts")
            || has("src/server.ts"));
    if script || edge || has("Dockerfile") || has("Procfile") {
        return true;
    }
    let deployed =
        tree.files().iter().any(|f| f.folder() == unit.folder && places::platform(&f.path).is_some());
    if deployed && !unit.library {
        return true;
    }
    if unit.manifests.is_empty() {
        return false;
    }
    let entry = |names: &[&str]| names.iter().any(|n| has(n));
    unit.manifests.iter().any(|(_, m)| match m.ecosystem.as_str() {
        "npm" => {
            !unit.library
                && (has("index.html") || m.dependencies.iter().any(|d| is_framework("npm", &d.name)))
        }
        "pypi" => {
            entry(&[
                "main.py",
                "app.py",
                "manage.py",
                "wsgi.py",
                "asgi.py",
                "server.py",
                "run.py",
                "bot.py",
                "app/main.py",
                "src/main.py",
                "streamlit_app.py",
            ]) || (!unit.library
                && (m.dependencies.iter().any(|d| is_framework("pypi", &d.name)) || !m.scripts.is_empty()))
        }
        "cargo" => has("src/main.rs") || unit.code.iter().any(|f| f.path.starts_with(&at("src/bin/"))),
        "deno" => {
            !unit.library && (!m.scripts.is_empty() || entry(&["main.ts", "server.ts", "mod.ts", "index.ts"]))
        }
        "go" => unit.code.iter().any(|f| f.name() == "main.go"),
        "pub" => m.unread_frameworks.iter().any(|f| f == "Flutter") && has("lib/main.dart"),
        "gradle" | "swift" | "maven" | "nuget" => !m.unread_frameworks.is_empty(),
        _ => true,
    })
}

fn is_framework(ecosystem: &str, name: &str) -> bool {
    packages::declared(ecosystem, name)
        .into_iter()
        .any(|p| p.is == Purpose::Framework && (p.server || matches!(p.app.as_str(), "mobile" | "desktop")))
}

/// Whether a script of `package.json` starts the package itself, rather than building or watching it for others.
fn serves(name: &str, command: &str) -> bool {
    const NAMES: [&str; 6] = ["start", "dev", "serve", "develop", "deploy", "server"];
    const STARTERS: [&str; 34] = [
        "next",
        "vite",
        "nuxt",
        "nuxi",
        "astro",
        "remix",
        "remix-serve",
        "react-router",
        "react-router-serve",
        "react-scripts",
        "ng",
        "expo",
        "electron",
        "electron-forge",
        "tauri",
        "node",
        "tsx",
        "ts-node",
        "nodemon",
        "bun",
        "deno",
        "nest",
        "wrangler",
        "gatsby",
        "svelte-kit",
        "webpack-dev-server",
        "parcel",
        "vercel",
        "netlify",
        "serverless",
        "vinxi",
        "react-native",
        "docusaurus",
        "vitepress",
    ];
    let base = name.split(':').next().unwrap_or(name);
    if !NAMES.contains(&base) {
        return false;
    }
    command.split(['&', '|', ';', '"', '\'']).any(|part| {
        let words: Vec<&str> = part.split_whitespace().filter(|w| !w.contains('=')).collect();
        let builds = words.iter().any(|w| *w == "build" || w.contains("build.") || *w == "install" || *w == "test");
        let inner = words.windows(2).any(|w| matches!(w, [a, b] if matches!(*a, "bun" | "deno") && matches!(*b, "run" | "task" | "--filter")) );
        !builds && !inner && words.iter().any(|w| STARTERS.contains(w))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    fn apps(files: &[(&str, &str)]) -> Vec<String> {
        facts(files).apps.into_iter().map(|a| a.path).collect()
    }

    #[test]
    fn a_workspace_has_the_apps_that_start() {
        let files = [
            (
                "package.json",
                r#"{"private": true, "workspaces": ["apps/*", "packages/*"], "scripts": {"dev": "turbo dev"}}"#,
            ),
            (
                "apps/web/package.json",
                r#"{"name": "web", "scripts": {"dev": "next dev"}, "dependencies": {"next": "15", "@x/ui": "workspace:*"}}"#,
            ),
            ("apps/web/app/page.tsx", "export default 1"),
            ("apps/api/package.json", r#"{"name": "api", "scripts": {"start": "node dist/index.js"}}"#),
            ("apps/api/src/index.ts", "1"),
            ("packages/ui/package.json", r#"{"name": "@x/ui", "scripts": {"dev": "tsup --watch"}}"#),
            ("packages/ui/index.ts", "1"),
        ];
        assert_eq!(apps(&files), ["apps/api", "apps/web"]);
    }

    #[test]
    fn edge_functions_belong_to_the_folder_that_holds_supabase() {
        let files = [
            ("package.json", r#"{"scripts": {"dev": "vite"}}"#),
            ("src/main.tsx", "1"),
            ("supabase/functions/pay/index.ts", "1"),
            ("supabase/functions/pay/deno.json", "{}"),
        ];
        assert_eq!(apps(&files), ["."]);
    }

    #[test]
    fn code_without_a_manifest_is_one_app() {
        assert_eq!(apps(&[("tool.py", "print(1)")]), ["."]);
        assert_eq!(apps(&[("index.html", "<p>")]), ["."]);
        assert_eq!(apps(&[("README.md", "x")]), [""; 0]);
    }

    #[test]
    fn what_only_shows_or_tests_the_product_is_no_app() {
        let web = (
            "apps/web/package.json",
            r#"{"scripts": {"dev": "next dev"}, "dependencies": {"next": "15"}, "devDependencies": {"storybook": "9", "@playwright/test": "1"}}"#,
        );
        let page = ("apps/web/app/page.tsx", "1");
        for (name, manifest) in [
            (
                "storybook",
                r#"{"scripts": {"preview": "vite preview", "dev": "storybook dev"}, "devDependencies": {"storybook": "9", "vite": "7"}}"#,
            ),
            ("docs", r#"{"scripts": {"dev": "next dev"}, "dependencies": {"next": "15", "nextra": "4"}}"#),
            (
                "site",
                r#"{"scripts": {"start": "docusaurus start"}, "dependencies": {"@docusaurus/core": "3"}}"#,
            ),
            (
                "browser",
                r#"{"scripts": {"start": "playwright test"}, "devDependencies": {"@playwright/test": "1"}}"#,
            ),
        ] {
            let (file, code) = (format!("apps/{name}/package.json"), format!("apps/{name}/src/a.tsx"));
            let page_of_it = format!("apps/{name}/index.html");
            let mut files = vec![web, page, (&file, manifest), (&code, "1")];
            files.extend((name == "storybook").then_some((page_of_it.as_str(), "<p>")));
            assert_eq!(apps(&files), ["apps/web"], "{name}");
        }
    }

    #[test]
    fn a_site_of_documentation_alone_is_a_library() {
        let found = facts(&[
            (
                "package.json",
                r#"{"scripts": {"start": "docusaurus start"}, "dependencies": {"@docusaurus/core": "3"}}"#,
            ),
            ("src/page.tsx", "1"),
        ]);
        assert_eq!(
            found.apps.iter().map(|a| a.kind).collect::<Vec<_>>(),
            [crate::facts::kinds::AppKind::Library]
        );
    }

    #[test]
    fn a_schema_alone_is_no_app_of_its_own() {
        let kinds =
            |files: &[(&str, &str)]| facts(files).apps.into_iter().map(|a| a.kind).collect::<Vec<_>>();
        assert_eq!(
            kinds(&[("schema.sql", "create table a (id int);")]),
            [crate::facts::kinds::AppKind::Library]
        );
        assert_eq!(kinds(&[("README.md", "# Notes"), ("docs/a.md", "x")]), []);
    }

    #[test]
    fn a_dump_beside_the_apps_is_no_app() {
        let rows = "insert into a values (1);\n".repeat(50);
        let api = r#"{"dependencies": {"express": "4"}, "scripts": {"start": "node a.js"}}"#;
        let files = [("api/package.json", api), ("api/a.js", "1"), ("dump.sql", rows.as_str())];
        assert_eq!(apps(&files), ["api"]);
    }

    #[test]
    fn scripts_that_serve() {
        assert!(
            serves("dev", "next dev --turbo") && serves("start", "NODE_ENV=production node dist/index.js")
        );
        assert!(serves("dev", "concurrently \"vite\" \"tsx server.ts\""));
        assert!(
            !serves("dev", "vite build --watch")
                && !serves("build", "next build")
                && !serves("dev", "tsc -w")
        );
    }
}
