//! What is deployed, one module for each format.

mod cloudflare;
mod compose;
mod compose_host;
mod compose_password;
mod compose_service;
mod dockerfile;
mod dockerfile_build;
mod fly;
mod google;
mod heroku;
mod kubernetes;
mod kubernetes_around;
mod kubernetes_workload;
mod netlify;
mod railway;
mod render;
mod replit;
mod supabase;
mod vercel;

use crate::facts::config::{Broken, Node};
use crate::facts::kinds::{Answer, DeployUnit, Evidence, UnitKind, Unknown};
use crate::facts::notes::FileNotes;
use crate::facts::read::Reader;
use crate::facts::shell;
use crate::secrets::excerpt;
use crate::source::{File, Role};

/// The readers of deployment files.
pub static READERS: &[Reader] = &[
    Reader { name: "Dockerfile", wants: dockerfile::wants, read: dockerfile::read },
    Reader { name: "compose file", wants: compose::wants, read: compose::read },
    Reader { name: "fly.toml", wants: fly::wants, read: fly::read },
    Reader { name: "render.yaml", wants: render::wants, read: render::read },
    Reader { name: "railway configuration", wants: railway::wants, read: railway::read },
    Reader { name: "vercel.json", wants: vercel::wants, read: vercel::read },
    Reader { name: "netlify.toml", wants: netlify::wants, read: netlify::read },
    Reader { name: "Procfile", wants: heroku::wants, read: heroku::read },
    Reader { name: "app.json of Heroku", wants: heroku::wants_app, read: heroku::read_app },
    Reader { name: "App Engine and App Hosting", wants: google::wants, read: google::read },
    Reader { name: "firebase.json", wants: google::wants_firebase, read: google::read_firebase },
    Reader { name: "wrangler configuration", wants: cloudflare::wants, read: cloudflare::read },
    Reader { name: ".replit", wants: replit::wants, read: replit::read },
    Reader { name: "Kubernetes manifest", wants: kubernetes::wants, read: kubernetes::read },
    Reader { name: "supabase/config.toml", wants: supabase::wants, read: supabase::read },
];

/// Whether it can say how the product runs: what tests start for themselves ships nowhere.
fn own(file: &File) -> bool {
    file.role == Role::Product && file.size < 500_000
}

/// The start of a unit: everything that could be told is unknown until it is told.
fn unit(file: &File, line: u32, platform: &str, name: &str, kind: UnitKind) -> DeployUnit {
    DeployUnit {
        file: file.path.clone(),
        line,
        platform: platform.to_owned(),
        name: excerpt(name),
        kind,
        development: Answer::No,
        image_pinned: Answer::Na,
        dev_server: Answer::Na,
        runs_as_root: Answer::Na,
        limits: Answer::Na,
        privileged: Answer::Na,
        dev_dependencies: Answer::Na,
        restarts: Answer::Na,
        password: Answer::Na,
        ..DeployUnit::default()
    }
}

fn broken(problem: &Broken, notes: &mut FileNotes) {
    notes.broken = Some(problem.to_string());
}

/// Sets `cell` with its evidence.
fn say(unit: &mut DeployUnit, cell: &str, line: u32, says: &str) {
    let file = unit.file.clone();
    unit.evidence.push(Evidence::new(cell, &file, line, says));
}

/// What the unit starts, and whether that is a development server.
fn start(unit: &mut DeployUnit, command: &str, line: u32) {
    unit.command = excerpt(command);
    let dev = shell::commands(command).iter().any(|c| shell::act(&c.words, &c.input).dev_server);
    unit.dev_server = if dev { Answer::Yes } else { Answer::No };
    let says = if dev { "starts a development server" } else { "what it starts" };
    say(unit, "dev_server", line, says);
}

/// Gives every field that is still unknown its reason.
fn finish(mut unit: DeployUnit, reasons: &[(&str, &str)]) -> DeployUnit {
    let fields = [
        ("redundant", unit.redundant),
        ("health_check", unit.health_check),
        ("ephemeral_disk", unit.ephemeral_disk),
        ("development", unit.development),
        ("image_pinned", unit.image_pinned),
        ("dev_server", unit.dev_server),
        ("runs_as_root", unit.runs_as_root),
    ];
    for (cell, answer) in fields {
        if answer == Answer::Unknown && !unit.unknowns.iter().any(|u| u.cell == cell) {
            let reason = reasons.iter().find(|(c, _)| *c == cell).map_or("the file does not say", |(_, r)| r);
            unit.unknowns.push(Unknown::new(cell, reason));
        }
    }
    unit.regions.sort();
    unit.regions.dedup();
    unit
}

/// A number of instances that is kept running.
fn instances(unit: &mut DeployUnit, node: &Node) {
    let Some(number) = node.number() else { return };
    unit.instances = number.clamp(0.0, 100_000.0) as u32;
    unit.redundant = if unit.instances > 1 { Answer::Yes } else { Answer::No };
    let says = format!("{} kept running", plural(unit.instances));
    say(unit, "redundant", node.line, &says);
}

fn plural(count: u32) -> String {
    if count == 1 { "one instance is".to_owned() } else { format!("{count} instances are") }
}

/// Whether the name of a file says that it is for development.
fn development_name(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    path.split(['/', '.', '_', '-']).any(|word| {
        matches!(
            word,
            "dev"
                | "development"
                | "local"
                | "override"
                | "test"
                | "testing"
                | "devcontainer"
                | "ci"
                | "e2e"
                | "playwright"
                | "cypress"
        )
    })
}

/// Whether an image is pinned to a version.
fn image_pinned(image: &str) -> Answer {
    if image.is_empty() || image == "scratch" {
        return Answer::Na;
    }
    if image.contains("@sha256:") {
        return Answer::Yes;
    }
    // A slash inside of `${…}` separates nothing.
    let last = image.split("${").next().unwrap_or(image).rsplit('/').next().unwrap_or(image);
    let last = if image.contains("${") { &image[image.find(last).unwrap_or(0)..] } else { last };
    match last.split_once(':') {
        None if last.contains('$') => Answer::Unknown,
        None | Some((_, "latest" | "")) => Answer::No,
        Some((_, tag)) if tag.starts_with('$') => Answer::Unknown,
        Some(_) => Answer::Yes,
    }
}

/// The engine of an image of a database or cache.
fn engine_of_image(image: &str) -> Option<(UnitKind, &'static str)> {
    let path = image.split('@').next().unwrap_or(image).to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or(&path);
    let name = last.split(':').next().unwrap_or(last);
    let database = |engine| Some((UnitKind::Database, engine));
    let cache = |engine| Some((UnitKind::Cache, engine));
    // Tools for databases are none.
    if name.contains("admin")
        || name.contains("exporter")
        || name.contains("backup")
        || name.contains("bouncer")
    {
        return None;
    }
    match name {
        "postgres" | "postgis" | "timescaledb" | "timescaledb-ha" | "pgvector" | "postgresql"
        | "alloydbomni" => database("postgres"),
        "mysql" | "mariadb" | "percona" | "mysql-server" | "percona-server" => database("mysql"),
        "mongo" | "mongodb" | "mongodb-community-server" | "ferretdb" => database("mongodb"),
        "mssql" | "server" if path.contains("mssql") => database("mssql"),
        "cockroach" => database("cockroachdb"),
        "couchdb" => database("couchdb"),
        "neo4j" => database("neo4j"),
        "clickhouse-server" | "clickhouse" => database("clickhouse"),
        "surrealdb" => database("surrealdb"),
        "influxdb" => database("influxdb"),
        "dynamodb-local" => database("dynamodb"),
        "elasticsearch" | "opensearch" => database("elasticsearch"),
        "qdrant" => database("qdrant"),
        "redis" | "redis-stack" | "redis-stack-server" => cache("redis"),
        "valkey" | "keydb" | "dragonfly" => cache("valkey"),
        "rabbitmq" => cache("rabbitmq"),
        "memcached" => cache("memcached"),
        "kafka" | "cp-kafka" | "redpanda" => cache("kafka"),
        "nats" => cache("nats"),
        _ if name.starts_with("postgres")
            || name.contains("pgvector")
            || path.contains("supabase/postgres") =>
        {
            database("postgres")
        }
        _ => None,
    }
}
