//! The databases of an app, and whether its schema is in the repository.

use std::collections::BTreeSet;

use super::stack::Stack;
use super::units::Unit;
use crate::facts::kinds::{Answer, App, Evidence, Part, Unknown};
use crate::facts::notes::SchemaNote;
use crate::facts::{FileNotes, Input, layout};
use crate::meaning::packages::Purpose;
use crate::secrets::Excerpt;

/// Engines that keep their data in tables.
const SQL: [&str; 8] = ["postgres", "mysql", "sqlite", "mssql", "sql", "oracle", "duckdb", "clickhouse"];

/// Fills in the databases of an app.
pub fn fill(input: &Input<'_>, unit: &Unit<'_>, stack: &Stack<'_>, others: &[String], app: &mut App) {
    let mut parts: Vec<Part> = stack.parts(Purpose::Database);
    let orms = stack.parts(Purpose::Orm);
    let named = |n: &&FileNotes| stack.covers(&n.path) || !others.iter().any(|o| layout::within(&n.path, o));
    supabase_project(input, unit, &mut parts);
    if !orms.is_empty() {
        let engines = engines(input, &named);
        let sql = |p: &Part| SQL.contains(&p.name.as_str());
        if !parts.iter().any(sql) {
            // A file database beside a server is what runs when nothing is set up: the server is what counts.
            let servers = engines.iter().any(|(e, ..)| e != "sqlite");
            for (engine, provider, file, line) in engines.iter().filter(|(e, ..)| !servers || e != "sqlite") {
                parts.push(part(engine, provider, file, *line));
            }
        }
        if !parts.iter().any(|p| sql(p) || p.name == "mongodb") {
            let orm = orms.first();
            parts.push(part("sql", "", orm.map_or("", |o| o.file.as_str()), orm.map_or(0, |o| o.line)));
            app.unknowns.push(Unknown::new("databases", "nothing in the repository names the engine"));
        }
    }
    refine(input, &named, &mut parts);
    parts.sort();
    parts.dedup_by(|later, first| later.name == first.name && later.provider == first.provider);
    for part in &parts {
        let says = if part.provider.is_empty() {
            part.name.clone()
        } else {
            format!("{} ({})", part.name, part.provider)
        };
        app.evidence.push(Evidence::new("databases", &part.file, part.line, &says));
    }
    app.databases = parts;
    schema(input, stack, others, app);
}

fn part(engine: &str, provider: &str, file: &str, line: u32) -> Part {
    Part {
        name: engine.to_owned(),
        version: Excerpt::default(),
        provider: provider.to_owned(),
        file: file.to_owned(),
        line,
    }
}

/// `supabase/config.toml` or migrations beside the app are a database, whatever the code imports.
fn supabase_project(input: &Input<'_>, unit: &Unit<'_>, parts: &mut Vec<Part>) {
    let folder =
        if unit.folder.is_empty() { "supabase".to_owned() } else { format!("{}/supabase", unit.folder) };
    let config = format!("{folder}/config.toml");
    let migrations = format!("{folder}/migrations");
    let files = || input.source.tree.files().iter();
    let shown =
        files().find(|f| f.path == config).or_else(|| files().find(|f| layout::within(&f.path, &migrations)));
    if let Some(file) = shown
        && !parts.iter().any(|p| p.provider == "supabase")
    {
        parts.push(part("postgres", "supabase", &file.path, 0));
    }
}

/// Engines that configuration and schemas name: engine, provider, file, line.
fn engines(
    input: &Input<'_>,
    named: &dyn Fn(&&FileNotes) -> bool,
) -> BTreeSet<(String, String, String, u32)> {
    let mut found: BTreeSet<(String, String, String, u32)> = BTreeSet::new();
    for note in input.notes.iter().filter(named) {
        if let Some(schema) =
            note.schema.as_ref().filter(|s| !s.engine.is_empty() && s.format != "firestore-rules")
        {
            let provider = if schema.engine == "sqlite" { "file" } else { "" };
            found.insert((schema.engine.clone(), provider.to_owned(), note.path.clone(), 0));
        }
        for engine in
            note.engines.iter().filter(|e| SQL.contains(&e.engine.as_str()) || e.engine == "mongodb")
        {
            found.insert((engine.engine.clone(), engine.provider.clone(), note.path.clone(), engine.line));
        }
    }
    // What a schema states outweighs what an address suggests; one place for each engine is enough, and one that tells
    // the provider is better.
    let stated = |e: &(String, String, String, u32)| e.3 == 0;
    if found.iter().any(stated) {
        found.retain(stated);
    }
    let mut best: BTreeSet<(String, String, String, u32)> = BTreeSet::new();
    for entry in found.iter().filter(|e| !e.1.is_empty()).chain(found.iter().filter(|e| e.1.is_empty())) {
        if !best.iter().any(|b| b.0 == entry.0) {
            best.insert(entry.clone());
        }
    }
    best
}

/// A client that doesn't tell who runs the database is the one whose provider something else tells.
fn refine(input: &Input<'_>, named: &dyn Fn(&&FileNotes) -> bool, parts: &mut Vec<Part>) {
    let providers: BTreeSet<(String, String)> = parts
        .iter()
        .filter(|p| !p.provider.is_empty())
        .map(|p| (p.name.clone(), p.provider.clone()))
        .collect();
    parts.retain(|p| !p.provider.is_empty() || !providers.iter().any(|(name, _)| *name == p.name));
    for part in parts.iter_mut().filter(|p| p.provider.is_empty()) {
        let mut hosts = input
            .notes
            .iter()
            .filter(named)
            .flat_map(|n| &n.engines)
            .filter(|e| e.engine == part.name && !e.provider.is_empty());
        if let Some(host) = hosts.next() {
            part.provider.clone_from(&host.provider);
        }
    }
}

/// Fills in `schema_in_repo` and `migrations`.
fn schema(input: &Input<'_>, stack: &Stack<'_>, others: &[String], app: &mut App) {
    let mine = |n: &&FileNotes| stack.covers(&n.path) || !others.iter().any(|o| layout::within(&n.path, o));
    let found: Vec<(&FileNotes, &SchemaNote)> = input
        .notes
        .iter()
        .filter(mine)
        .filter_map(|n| Some((n, n.schema.as_ref()?)))
        .filter(|(_, s)| s.format != "firestore-rules")
        .collect();
    let mut folders: BTreeSet<String> = BTreeSet::new();
    for (note, _) in found.iter().filter(|(_, s)| s.migration) {
        folders.insert(series(&note.path).to_owned());
    }
    app.migrations = folders.into_iter().collect();
    let sql: Vec<&Part> =
        app.databases.iter().filter(|p| SQL.contains(&p.name.as_str()) && p.provider != "device").collect();
    if sql.is_empty() {
        app.migrations.retain(|m| stack.own(m));
        app.schema_in_repo = if app.code_read == Answer::No && app.databases.is_empty() {
            Answer::Unknown
        } else {
            Answer::Na
        };
        if app.schema_in_repo == Answer::Unknown {
            app.unknowns.push(Unknown::new(
                "schema_in_repo",
                "most of its code is in a language that this version does not read",
            ));
        }
        return;
    }
    let at_start = |s: &SchemaNote| matches!(s.format.as_str(), "create-all" | "models");
    let defined = found.iter().find(|(_, s)| !at_start(s) && s.tables > 0);
    let created = found.iter().find(|(_, s)| at_start(s));
    let (answer, place, says) = match (defined, created) {
        (Some((note, _)), _) => (Answer::Yes, note.path.as_str(), "defines tables"),
        (None, Some((note, _))) => {
            (Answer::Partial, note.path.as_str(), "creates tables at start, without migrations")
        }
        (None, None) => (
            Answer::No,
            sql.first().map_or("", |p| p.file.as_str()),
            "uses a database whose tables nothing defines",
        ),
    };
    if answer == Answer::No && app.code_read != Answer::Yes {
        app.schema_in_repo = Answer::Unknown;
        app.unknowns.push(Unknown::new(
            "schema_in_repo",
            "part of its code is in a language that this version does not read",
        ));
        return;
    }
    app.schema_in_repo = answer;
    app.evidence.push(Evidence::new("schema_in_repo", place, 0, says));
}

/// The folder of the series that a migration is part of: some tools keep each in a folder of its own below it.
fn series(path: &str) -> &str {
    let folder = layout::folder(path);
    let named = |f: &&str| {
        let name = f.rsplit('/').next().unwrap_or(f);
        matches!(name, "migrations" | "migration" | "migrate" | "drizzle" | "versions")
    };
    std::iter::once(folder).chain(layout::above(folder)).find(named).unwrap_or(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    fn databases(files: &[(&str, &str)]) -> (Vec<(String, String)>, Answer) {
        let app = facts(files).apps.into_iter().next().expect("an app");
        (app.databases.into_iter().map(|p| (p.name, p.provider)).collect(), app.schema_in_repo)
    }
    fn one(engine: &str, provider: &str, schema: Answer) -> (Vec<(String, String)>, Answer) {
        (vec![(engine.to_owned(), provider.to_owned())], schema)
    }

    #[test]
    fn a_client_that_is_declared_and_imported() {
        let package = (
            "package.json",
            r#"{"scripts": {"dev": "vite"}, "dependencies": {"@supabase/supabase-js": "2", "mongodb": "6"}}"#,
        );
        let code = ("src/db.ts", "import { createClient } from '@supabase/supabase-js'");
        assert_eq!(databases(&[package, code]), one("postgres", "supabase", Answer::No));
        assert_eq!(
            databases(&[package, code, ("supabase/migrations/1.sql", "create table a (id int);")]),
            one("postgres", "supabase", Answer::Yes)
        );
    }

    #[test]
    fn the_engine_of_a_mapper_comes_from_its_schema_or_its_address() {
        let package =
            ("package.json", r#"{"scripts": {"dev": "next dev"}, "dependencies": {"@prisma/client": "6"}}"#);
        let prisma = ("prisma/schema.prisma", "datasource db {\n provider = \"mysql\"\n}\nmodel A {\n}\n");
        let code = ("src/a.ts", "import { PrismaClient } from '@prisma/client'");
        assert_eq!(databases(&[package, code, prisma]), one("mysql", "", Answer::Yes));
        assert_eq!(databases(&[package, code]), one("sql", "", Answer::No));
        let flask = [
            ("requirements.txt", "flask\nflask-sqlalchemy\n"),
            (
                "app.py",
                "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\nURI = 'sqlite:///shop.db'\ndb.create_all()\n",
            ),
        ];
        assert_eq!(databases(&flask), one("sqlite", "file", Answer::Partial));
        let driver = [("requirements.txt", "flask-sqlalchemy\npsycopg2-binary\n"), flask[1]];
        assert_eq!(
            databases(&driver),
            one("postgres", "", Answer::Partial),
            "a mapper loads its driver by name"
        );
    }
}
