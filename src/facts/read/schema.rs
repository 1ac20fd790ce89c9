//! What creates the tables of a database: SQL, migrations, schemas of object-relational mappers; and which engines
//! text names.

use std::sync::LazyLock;

use regex::Regex;

use super::Reader;
use crate::facts::FileNotes;
use crate::facts::notes::{EngineNote, SchemaNote};
use crate::source::{File, Role};

/// The readers.
pub static READERS: &[Reader] = &[
    Reader { name: "schema", wants: wants_schema, read: read_schema },
    Reader { name: "engines", wants: wants_engines, read: read_engines },
];

const CODE: [&str; 9] = ["ts", "mts", "cts", "tsx", "js", "mjs", "cjs", "py", "rs"];

fn wants_schema(file: &File) -> bool {
    let extension = file.extension();
    let generated_migration = file.role == Role::Generated && matches!(&*extension, "sql" | "prisma");
    (matches!(file.role, Role::Product) || generated_migration)
        && (matches!(&*extension, "sql" | "prisma" | "rules") || CODE.contains(&&*extension))
}

fn regex(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

static CREATE_TABLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r#"(?i)\bcreate\s+(?:unlogged\s+|temp\s+)?table\s+(?:if\s+not\s+exists\s+)?[`"\[\w]"#)
});
static DRIZZLE_TABLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"\b(pg|mysql|sqlite)Table(?:Creator)?\s*\("));
static PRISMA_MODEL: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r"(?m)^\s*model\s+\w+\s*\{"));
static PRISMA_PROVIDER: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r#"(?s)datasource\s+\w+\s*\{[^}]*?\bprovider\s*=\s*"(\w+)""#));
static PYTHON_MODEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r"(?m)^\s*__tablename__\s*=|^class\s+\w+\([^)\n]*\b(?:db\.Model|models\.Model|table\s*=\s*True)\b")
});

fn count(pattern: &LazyLock<Option<Regex>>, text: &str) -> u32 {
    pattern.as_ref().map_or(0, |r| u32::try_from(r.find_iter(text).count()).unwrap_or(u32::MAX))
}

/// Whether a folder of the path holds an ordered series of changes.
fn in_migrations(path: &str) -> bool {
    let mut folders = path.split('/').rev().skip(1);
    folders.any(|f| matches!(f, "migrations" | "migration" | "migrate" | "drizzle" | "versions" | "alembic"))
}

fn read_schema(file: &File, text: &str, notes: &mut FileNotes) {
    let extension = file.extension();
    let migration = in_migrations(&file.path);
    let note = |format: &str, migration: bool, tables: u32, engine: &str| SchemaNote {
        format: format.to_owned(),
        migration,
        tables,
        engine: engine.to_owned(),
    };
    notes.schema = match &*extension {
        "rules" => match file.name() {
            "firestore.rules" => Some(note("firestore-rules", false, 0, "firestore")),
            _ => None,
        },
        "prisma" => {
            let provider = PRISMA_PROVIDER.as_ref().and_then(|r| r.captures(text)).and_then(|c| c.get(1));
            let engine = provider.map_or("", |p| engine_named(p.as_str()));
            Some(note("prisma", false, count(&PRISMA_MODEL, text), engine))
        }
        "sql" => {
            let tables = count(&CREATE_TABLE, text);
            let engine = if file.path.split('/').any(|p| p == "supabase") { "postgres" } else { "" };
            Some(note("sql", migration, tables, engine)).filter(|_| migration || tables > 0)
        }
        "py" => python_schema(text, migration).map(|(f, m, t)| note(f, m, t, "")),
        _ => script_schema(text, migration).map(|(f, m, t, e)| note(f, m, t, e)),
    };
}

fn python_schema(text: &str, migration: bool) -> Option<(&'static str, bool, u32)> {
    let has = |needle: &str| memchr::memmem::find(text.as_bytes(), needle.as_bytes()).is_some();
    let times = |needle: &str| {
        u32::try_from(memchr::memmem::find_iter(text.as_bytes(), needle.as_bytes()).count()).unwrap_or(0)
    };
    if migration && has("def upgrade") {
        return Some(("alembic", true, times("op.create_table")));
    }
    if migration && has("migrations.Migration") {
        return Some(("django", true, times("migrations.CreateModel")));
    }
    let models = if has("__tablename__")
        || has("db.Model")
        || has("models.Model")
        || has("table=True")
        || has("table = True")
    {
        count(&PYTHON_MODEL, text)
    } else {
        0
    };
    if has(".create_all(") {
        return Some(("create-all", false, models));
    }
    if models > 0 {
        return Some(("models", false, models));
    }
    let created = count(&CREATE_TABLE, text);
    (created > 0).then_some(("create-all", false, created))
}

fn script_schema(text: &str, migration: bool) -> Option<(&'static str, bool, u32, &'static str)> {
    let has = |needle: &str| memchr::memmem::find(text.as_bytes(), needle.as_bytes()).is_some();
    let times = |needle: &str| {
        u32::try_from(memchr::memmem::find_iter(text.as_bytes(), needle.as_bytes()).count()).unwrap_or(0)
    };
    if has("drizzle-orm/") && has("Table") {
        let engine = ["pg", "mysql", "sqlite"].into_iter().find(|e| has(&format!("{e}Table")));
        let tables = count(&DRIZZLE_TABLE, text);
        if tables > 0 {
            return Some(("drizzle", false, tables, engine.map_or("", engine_named)));
        }
    }
    if has("MigrationInterface") && has("QueryRunner") {
        return Some(("typeorm", true, times("createTable(").max(count(&CREATE_TABLE, text)), ""));
    }
    if migration && has("queryInterface") {
        return Some(("sequelize", true, times("createTable("), ""));
    }
    if migration && (has("exports.up") || has("export async function up")) {
        return Some(("knex", true, times("createTable("), ""));
    }
    if (has("sequelize") && has(".sync(")) || has("synchronize: true") {
        return Some(("create-all", false, 1, ""));
    }
    if has("diesel::table!") || has("table! {") {
        return Some(("diesel", false, times("table! {"), ""));
    }
    if !has("TABLE") && !has("table") {
        return None;
    }
    let created = count(&CREATE_TABLE, text);
    (created > 0).then_some(("create-all", false, created, ""))
}

/// The engine that a dialect, a scheme or a provider names.
fn engine_named(word: &str) -> &'static str {
    match word.to_ascii_lowercase().split('+').next().unwrap_or("") {
        "postgres" | "postgresql" | "pg" | "postgis" | "cockroachdb" => "postgres",
        "mysql" | "mysql2" | "mariadb" | "singlestore" => "mysql",
        "sqlite" | "sqlite3" | "better-sqlite3" | "libsql" | "turso" | "d1" => "sqlite",
        "mongodb" => "mongodb",
        "redis" | "rediss" => "redis",
        "sqlserver" | "mssql" => "mssql",
        "oracle" => "oracle",
        _ => "",
    }
}

static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r#"\b((?:postgres(?:ql)?|mysql|mariadb|sqlite|mongodb|libsql|rediss?)(?:\+\w+)?)://([^\s"'`<>]*)"#)
});
/// One of these is in every address of a database.
const SCHEMES: [&str; 7] = ["postgres", "mysql", "mariadb", "sqlite", "mongodb", "libsql", "redis"];

static DIALECT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r#"\b(?:dialect|client|ENGINE|provider)["']?\s*[:=]\s*["'](?:django(?:\.contrib\.gis)?\.db\.backends\.)?(\w[\w-]*)["']"#,
    )
});

/// Who runs the database at an address.
const HOSTS: [(&str, &str); 16] = [
    ("supabase.co", "supabase"),
    ("supabase.com", "supabase"),
    ("neon.tech", "neon"),
    ("psdb.cloud", "planetscale"),
    ("rds.amazonaws.com", "aws"),
    ("mongodb.net", "atlas"),
    ("upstash.io", "upstash"),
    ("rlwy.net", "railway"),
    ("railway.internal", "railway"),
    ("render.com", "render"),
    ("turso.io", "turso"),
    ("cockroachlabs.cloud", "cockroach"),
    ("database.azure.com", "azure"),
    ("ondigitalocean.com", "digitalocean"),
    ("fly.dev", "fly"),
    ("flycast", "fly"),
];

fn wants_engines(file: &File) -> bool {
    if file.role != Role::Product {
        return false;
    }
    let name = file.name();
    name.starts_with(".env")
        || CODE.contains(&&*file.extension())
        || matches!(&*file.extension(), "ini" | "cfg" | "toml" | "yaml" | "yml" | "json" | "conf")
            && matches!(
                name,
                "alembic.ini"
                    | "docker-compose.yml"
                    | "docker-compose.yaml"
                    | "compose.yml"
                    | "compose.yaml"
                    | "ormconfig.json"
                    | "config.json"
                    | "settings.toml"
                    | "diesel.toml"
                    | "application.yml"
            )
}

fn read_engines(file: &File, text: &str, notes: &mut FileNotes) {
    let config =
        matches!(
            file.name(),
            "settings.py" | "config.py" | "database.py" | "db.py" | "ormconfig.json" | "config.json"
        ) || ["drizzle.config.", "knexfile.", "ormconfig.", "data-source.", "database.", "mikro-orm.config."]
            .iter()
            .any(|p| file.name().starts_with(p))
            || file.path.contains("/settings/");
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let has_address = has("://") && SCHEMES.iter().any(|scheme| has(scheme));
    if !has_address && !config && !has("db.backends") {
        return;
    }
    let mut found: Vec<EngineNote> = Vec::new();
    for (line, number) in text.lines().zip(1u32..) {
        let trimmed = line.trim_start();
        if trimmed.starts_with(['#', '*', ';']) || trimmed.starts_with("//") || line.len() > 2000 {
            continue;
        }
        if has_address && line.contains("://") {
            for captures in ADDRESS.as_ref().into_iter().flat_map(|r| r.captures_iter(line)) {
                let scheme = captures.get(1).map_or("", |m| m.as_str());
                let rest = captures.get(2).map_or("", |m| m.as_str());
                let provider = HOSTS.iter().find(|(host, _)| rest.contains(host)).map_or("", |(_, p)| p);
                let provider = match engine_named(scheme) {
                    "sqlite" if scheme.starts_with("libsql") => "turso",
                    "sqlite" => "file",
                    _ => provider,
                };
                found.push(EngineNote {
                    engine: engine_named(scheme).to_owned(),
                    provider: provider.to_owned(),
                    line: number,
                });
            }
        }
        if (config || line.contains("db.backends"))
            && let Some(named) = DIALECT.as_ref().and_then(|r| r.captures(line)).and_then(|c| c.get(1))
        {
            let engine = engine_named(named.as_str()).to_owned();
            let provider =
                if engine == "sqlite" && named.as_str().starts_with("sqlite") { "file" } else { "" };
            found.push(EngineNote { engine, provider: provider.to_owned(), line: number });
        }
    }
    found.retain(|e| !e.engine.is_empty());
    found.sort();
    found.dedup_by(|later, first| later.engine == first.engine && later.provider == first.provider);
    notes.engines = found;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn schema(path: &str, text: &str) -> Option<(String, bool, u32, String)> {
        let mut notes = FileNotes::default();
        read_schema(&file(path), text, &mut notes);
        notes.schema.map(|s| (s.format, s.migration, s.tables, s.engine))
    }
    fn is(format: &str, migration: bool, tables: u32, engine: &str) -> Option<(String, bool, u32, String)> {
        Some((format.to_owned(), migration, tables, engine.to_owned()))
    }

    #[test]
    fn what_creates_tables() {
        assert_eq!(
            schema(
                "supabase/migrations/1.sql",
                "create table if not exists public.a (id int);\nCREATE TABLE b (id int);"
            ),
            is("sql", true, 2, "postgres")
        );
        assert_eq!(schema("queries/a.sql", "select 1"), None);
        assert_eq!(
            schema(
                "prisma/schema.prisma",
                "generator client {\n  provider = \"prisma-client-js\"\n}\ndatasource db {\n  provider = \"postgresql\"\n}\nmodel User {\n}\n"
            ),
            is("prisma", false, 1, "postgres")
        );
        assert_eq!(
            schema(
                "db/schema.ts",
                "import { pgTable } from 'drizzle-orm/pg-core';\nexport const a = pgTable('a', {});"
            ),
            is("drizzle", false, 1, "postgres")
        );
        assert_eq!(
            schema("alembic/versions/1.py", "def upgrade():\n    op.create_table('a')\n"),
            is("alembic", true, 1, "")
        );
        assert_eq!(
            schema(
                "shop/migrations/0001_initial.py",
                "class Migration(migrations.Migration):\n  x = [migrations.CreateModel()]\n"
            ),
            is("django", true, 1, "")
        );
        assert_eq!(
            schema("main.py", "with app.app_context():\n    db.create_all()\n"),
            is("create-all", false, 0, "")
        );
        assert_eq!(schema("models.py", "class User(db.Model):\n    pass\n"), is("models", false, 1, ""));
    }

    #[test]
    fn engines_by_address_and_dialect() {
        let engines = |path: &str, text: &str| {
            let mut notes = FileNotes::default();
            read_engines(&file(path), text, &mut notes);
            notes.engines.into_iter().map(|e| (e.engine, e.provider, e.line)).collect::<Vec<_>>()
        };
        let one = |e: &str, p: &str, l| vec![(e.to_owned(), p.to_owned(), l)];
        assert_eq!(
            engines(".env.example", "A=1\nDATABASE_URL=postgresql://USER@host.neon.tech/db\n"),
            one("postgres", "neon", 2)
        );
        assert_eq!(engines("app.py", "URI = 'sqlite:///app.db'\n# 'mysql://x'\n"), one("sqlite", "file", 1));
        assert_eq!(
            engines("shop/settings.py", "'ENGINE': 'django.db.backends.postgresql',\n"),
            one("postgres", "", 1)
        );
        assert_eq!(
            engines("drizzle.config.ts", "export default { dialect: 'turso' }\n"),
            one("sqlite", "", 1)
        );
    }
}
