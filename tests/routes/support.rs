//! From the text of a few files to routes and their verdicts.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vibecheck::code::{handles, is_configuration, link, parse};
use vibecheck::facts::extract::routes::judge::judge;
use vibecheck::facts::extract::routes::judged::{Authenticated, Cell, Judged};
use vibecheck::facts::extract::routes::{Declared, express, fastify, hono, nest, next, supabase, trpc};
use vibecheck::meaning::models;
use vibecheck::schema::prisma;

/// Path and text.
pub type Files = Vec<(String, String)>;

/// Cells, and the values that are right for each.
pub type Cells = Vec<(String, Vec<String>)>;

/// A route, and what is known of it.
pub struct Route {
    /// `GET /api/users`
    pub name: String,
    /// Where it is declared.
    pub place: String,
    pub judged: Judged,
}

/// Every route of a small repository, by name.
///
/// Without a `package.json` its root is a package that depends on a Next.js whose middleware can be relied on.
pub fn routes_of(files: &Files) -> Vec<Route> {
    routes_in(files, |_| {})
}

/// The same, judged in another order.
pub fn routes_in(files: &Files, arrange: impl Fn(&mut Vec<Declared<'_>>)) -> Vec<Route> {
    let modules =
        files.iter().filter(|(path, _)| handles(path)).map(|(path, text)| Arc::new(parse(path, text)));
    let configurations: Files = files.iter().filter(|(path, _)| is_configuration(path)).cloned().collect();
    let code = link(modules.collect(), &configurations);
    let next_input = next::Input { packages: next_packages(files), ..next::Input::default() };
    let supabase_input = supabase::Input {
        configs: files
            .iter()
            .filter(|(path, _)| supabase::is_config(path))
            .filter_map(|(path, text)| supabase::config(path, text))
            .collect(),
        unchecked: files
            .iter()
            .filter(|(path, _)| supabase::may_deploy(path))
            .flat_map(|(path, text)| supabase::unchecked(path, text))
            .collect(),
    };
    let mut declared = supabase::find(&supabase_input, &code);
    declared.extend(next::find(&next_input, &code));
    declared.extend(express::find(&code));
    declared.extend(hono::find(&code));
    declared.extend(fastify::find(&code));
    declared.extend(trpc::find(&code));
    declared.extend(nest::find(&code));
    arrange(&mut declared);
    let schemas = files.iter().filter(|(path, _)| path.ends_with(".prisma"));
    let mut models: Vec<_> = schemas.flat_map(|(_, text)| prisma::models(text)).collect();
    models.extend(models::declared(&code));
    let judged = judge(&code, &declared, &models);
    assert_eq!(judged.len(), declared.len(), "one verdict for each route");
    let routes = declared.iter().zip(judged).map(|(declared, judged)| Route {
        name: format!("{} {}", declared.method, declared.path),
        place: format!("{}:{}", code.module(declared.module).path, declared.line),
        judged,
    });
    let mut routes: Vec<Route> = routes.collect();
    routes.sort_by(|a, b| (&a.name, &a.place).cmp(&(&b.name, &b.place)));
    routes
}

fn next_packages(files: &Files) -> Vec<next::Package> {
    let manifests: Vec<&(String, String)> =
        files.iter().filter(|(path, _)| path.rsplit('/').next() == Some("package.json")).collect();
    if manifests.is_empty() {
        return vec![next::Package { folder: String::new(), next: "15.5.4".to_owned() }];
    }
    let package = |(path, text): &(String, String)| {
        let manifest: serde_json::Value = serde_json::from_str(text).expect(path);
        let version = manifest["dependencies"]["next"].as_str()?;
        let folder = path.trim_end_matches("package.json").trim_end_matches('/');
        Some(next::Package { folder: folder.to_owned(), next: version.to_owned() })
    };
    manifests.into_iter().filter_map(package).collect()
}

/// `POST /api/x authenticated no authorized yes|na`: a route and its cells.
pub fn route_and_cells(text: &str) -> Option<(String, Cells)> {
    let mut words = text.split_whitespace();
    let route = format!("{} {}", words.next()?, words.next()?);
    let mut cells = Vec::new();
    while let Some(cell) = words.next() {
        cells.push((cell.to_owned(), words.next()?.split('|').map(str::to_owned).collect()));
    }
    (!cells.is_empty()).then_some((route, cells))
}

/// What a cell says, by its name.
pub fn cell(judged: &Judged, name: &str) -> String {
    let cell = match name {
        "authenticated" => {
            return match judged.authenticated {
                Authenticated::Yes => "yes",
                Authenticated::No => "no",
                Authenticated::Partial => "partial",
                Authenticated::Gateway => "gateway",
                Authenticated::Public => "public",
                Authenticated::Unknown => "unknown",
            }
            .to_owned();
        }
        "authorized" => judged.authorized,
        "validated" => judged.validated,
        "rate_limited" => judged.rate_limited,
        "logged" => judged.logged,
        "handles_failure" => judged.handles_failure,
        "signature" => judged.signature_verified,
        _ => panic!("there is no cell `{name}`"),
    };
    match cell {
        Cell::Yes => "yes",
        Cell::No => "no",
        Cell::Partial => "partial",
        Cell::Unknown => "unknown",
        Cell::Na => "na",
    }
    .to_owned()
}

/// The patterns of the holes, each once, sorted.
pub fn holes(judged: &Judged) -> Vec<&'static str> {
    let mut holes: Vec<&str> = judged.holes.iter().map(|hole| hole.pattern).collect();
    holes.sort_unstable();
    holes.dedup();
    holes
}

/// Why, for the message of a failed test.
pub fn why(judged: &Judged) -> String {
    let evidence = judged.evidence.iter().map(|each| format!("      {}: {}", each.cell, each.says));
    let holes = judged
        .holes
        .iter()
        .map(|each| format!("      hole {} at line {}: {}", each.pattern, each.line, each.says));
    let lines: Vec<String> = evidence.chain(holes).collect();
    lines.join("\n")
}

/// `tests/routes`
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/routes")
}

/// What is in a folder, sorted.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

/// What is wrong must be exactly what `known.txt` says is wrong: nothing more, and nothing that was mended since.
pub fn only_known(what: &str, wrong: &[(String, String)]) {
    let text = fs::read_to_string(folder().join("known.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let known: Vec<&str> = lines.filter(|line| line.split(' ').next() == Some(what)).collect();
    let new: Vec<String> = wrong
        .iter()
        .filter(|(title, _)| !known.contains(&&**title))
        .map(|(title, said)| format!("{title}\n{said}"))
        .collect();
    assert!(new.is_empty(), "{} are wrong:\n{}", new.len(), new.join("\n"));
    let mended: Vec<&&str> =
        known.iter().filter(|title| !wrong.iter().any(|(wrong, _)| wrong == **title)).collect();
    assert!(mended.is_empty(), "no longer wrong, and still in known.txt: {mended:?}");
}
