use std::collections::BTreeMap;

use crate::facts::kinds::{
    Answer, Backup, BackupKind, CloudCategory, CloudResource, Database, DeployUnit, Environment, Evidence,
    UnitKind, Unknown,
};
use crate::facts::{Facts, Input};

/// What is known of one database before anything is judged.
#[derive(Default)]
struct Seen {
    apps: Vec<String>,
    /// Where it was seen: file, line, what says so.
    places: Vec<(String, u32, String)>,
    /// Units that run it, not for development.
    units: Vec<DeployUnit>,
    /// Resources of infrastructure code that make it.
    resources: Vec<CloudResource>,
}

/// Engines that keep what can be made again: a cache, a queue, counters. Asking for their backups would be noise.
const CACHES: &[&str] = &["redis", "valkey", "keydb", "dragonfly", "memcached", "upstash"];

/// Databases by engine and provider.
type Known = BTreeMap<(String, String), Seen>;

/// Fills `databases`, by engine and provider, and `project.backups_evidence`.
pub(super) fn run(_input: &Input<'_>, facts: &mut Facts) {
    let mut known = Known::new();
    for app in &facts.apps {
        for part in app.databases.iter().filter(|part| !CACHES.contains(&part.name.as_str())) {
            let provider = match (part.name.as_str(), part.provider.as_str()) {
                ("sqlite", "" | "self") => "file",
                (_, provider) => provider,
            };
            let seen = known.entry((part.name.clone(), provider.to_owned())).or_default();
            seen.apps.push(app.path.clone());
            seen.places.push((part.file.clone(), part.line, format!("the app uses {}", part.name)));
        }
    }
    let units: Vec<&DeployUnit> =
        facts.deploy_units.iter().filter(|u| u.kind == UnitKind::Database).collect();
    for unit in units.iter().filter(|u| u.development == Answer::No) {
        let own = matches!(unit.platform.as_str(), "compose" | "kubernetes");
        let provider = if own { "self" } else { unit.platform.as_str() };
        let seen = known.entry((unit.engine.clone(), provider.to_owned())).or_default();
        let says = format!("{} runs {}", unit.file, unit.engine);
        seen.places.push((unit.file.clone(), unit.line, says));
        seen.units.push((*unit).clone());
    }
    for unit in units.iter().filter(|u| u.development != Answer::No) {
        // One for development, or an example, only shows that there is such a database, not where it runs.
        if !known.keys().any(|(engine, _)| *engine == unit.engine) {
            let seen = known.entry((unit.engine.clone(), String::new())).or_default();
            let says = format!("{} runs {}, and not for production", unit.file, unit.engine);
            seen.places.push((unit.file.clone(), unit.line, says));
        }
    }
    for resource in facts.cloud_resources.iter().filter(|r| keeps_data(r)) {
        let engine = if resource.engine.is_empty() { "sql" } else { resource.engine.as_str() };
        let seen = known.entry((engine.to_owned(), resource.provider.clone())).or_default();
        let says = format!("`{}` creates {engine}", resource.address());
        seen.places.push((resource.file.clone(), resource.line, says));
        seen.resources.push(resource.clone());
    }
    merge_unplaced(&mut known);
    merge_d1(&mut known);
    facts.databases = known.into_iter().map(|(key, seen)| database(key, seen, facts)).collect();
    project(facts);
}

/// An app that names only the engine uses the one database of that engine, if there is only one.
fn merge_unplaced(known: &mut Known) {
    let unplaced: Vec<String> =
        known.keys().filter(|(_, p)| p.is_empty()).map(|(engine, _)| engine.clone()).collect();
    for engine in unplaced {
        let placed: Vec<(String, String)> =
            known.keys().filter(|(e, p)| *e == engine && !p.is_empty()).cloned().collect();
        let [only] = placed.as_slice() else { continue };
        let Some(seen) = known.remove(&(engine, String::new())) else { continue };
        if let Some(into) = known.get_mut(only) {
            into.apps.extend(seen.apps);
            into.places.extend(seen.places);
        }
    }
}

/// D1 speaks SQLite: the code of an app on Workers names that, and there is no disk for a file.
fn merge_d1(known: &mut Known) {
    let d1 = ("d1".to_owned(), "cloudflare".to_owned());
    let file = ("sqlite".to_owned(), "file".to_owned());
    let is_below =
        |place: &str, app: &str| app == "." || app.is_empty() || place.starts_with(&format!("{app}/"));
    let covers = |seen: &Seen, apps: &[String]| {
        apps.iter().all(|app| seen.places.iter().any(|(place, ..)| is_below(place, app)))
    };
    let (Some(of_d1), Some(of_file)) = (known.get(&d1), known.get(&file)) else { return };
    if !of_file.units.is_empty() || !covers(of_d1, &of_file.apps) {
        return;
    }
    if let (Some(file), Some(of_d1)) = (known.remove(&file), known.get_mut(&d1)) {
        of_d1.apps.extend(file.apps);
        of_d1.places.extend(file.places);
    }
}

fn database((engine, provider): (String, String), mut seen: Seen, facts: &Facts) -> Database {
    seen.apps.sort();
    seen.apps.dedup();
    let (file, line) = seen.places.first().map(|(file, line, _)| (file.clone(), *line)).unwrap_or_default();
    let name = name(&engine, &provider);
    let mut database =
        Database { name, engine, provider, apps: seen.apps.clone(), file, line, ..Database::default() };
    let shown =
        seen.places.iter().take(10).map(|(file, line, says)| Evidence::new("provider", file, *line, says));
    database.evidence.extend(shown);
    if seen.resources.is_empty() {
        backed_up(&mut database, &facts.backups);
    } else {
        cloud_backed_up(&mut database, &seen.resources, &facts.backups);
    }
    restore_shown(&mut database, &facts.backups);
    schema(&mut database, facts);
    durable(&mut database, &seen, facts);
    public_port(&mut database, &seen);
    database
}

/// What people call it: engines as their makers write them, providers with a capital.
fn name(engine: &str, provider: &str) -> String {
    let engine = match engine {
        "postgres" => "PostgreSQL",
        "mysql" => "MySQL",
        "mariadb" => "MariaDB",
        "sqlite" => "SQLite",
        "mongodb" => "MongoDB",
        "mssql" => "SQL Server",
        "dynamodb" => "DynamoDB",
        "firestore" => "Firestore",
        "d1" => "D1",
        "sql" => "SQL",
        other => other,
    };
    match provider {
        "" => format!("the {engine} database"),
        "self" => format!("the self-hosted {engine} database"),
        "file" => format!("the {engine} database file"),
        "device" => format!("the {engine} database on the device"),
        "aws" => format!("the {engine} database at AWS"),
        "google" => format!("the {engine} database at Google Cloud"),
        "digitalocean" => format!("the {engine} database at DigitalOcean"),
        provider => {
            let mut letters = provider.chars();
            let capital = letters.next().map(|c| c.to_ascii_uppercase()).into_iter();
            format!("the {engine} database at {}", capital.chain(letters).collect::<String>())
        }
    }
}

fn say(database: &mut Database, cell: &str, file: &str, line: u32, says: &str) {
    database.evidence.push(Evidence::new(cell, file, line, says));
}

fn cannot_tell(database: &mut Database, cell: &str, reason: &str) -> Answer {
    database.unknowns.push(Unknown::new(cell, reason));
    Answer::Unknown
}

const UNPLACED: &str = "where it runs in production is not in the repository";

/// Whether a piece of evidence is about this engine, or about whatever runs there.
fn about(backup: &Backup, engine: &str) -> bool {
    backup.engine == engine || backup.engine.is_empty()
}

/// Whether it shows that backups are made.
fn shows(backup: &Backup) -> bool {
    matches!(backup.kind, BackupKind::ScheduledDump | BackupKind::Continuous | BackupKind::Platform)
}

/// Whether it is a database of its own, and not one for development, a copy or a part of one.
fn keeps_data(resource: &CloudResource) -> bool {
    let serious = !matches!(resource.environment, Environment::Development | Environment::Staging);
    resource.category == CloudCategory::Database && resource.backed_up != Answer::Na && serious
}

/// What the resources say that make it; what one of them lacks, a plan or a schedule can still do.
fn cloud_backed_up(database: &mut Database, resources: &[CloudResource], backups: &[Backup]) {
    let told = |wanted: Answer| {
        let which = resources.iter().filter(move |r| r.backed_up == wanted);
        which.flat_map(|r| r.evidence.iter().filter(|e| e.cell == "backed_up").cloned()).collect::<Vec<_>>()
    };
    let some = |wanted: Answer| resources.iter().any(|r| r.backed_up == wanted);
    let of_resource = |b: &&Backup| {
        let says = |e: &Evidence| e.cell == "backed_up" && e.file == b.file && e.line == b.line;
        !resources.iter().flat_map(|r| &r.evidence).any(says)
    };
    let engine = database.engine.clone();
    let elsewhere: Vec<&Backup> =
        backups.iter().filter(|b| shows(b) && about(b, &engine)).filter(of_resource).collect();
    if some(Answer::No) && !elsewhere.is_empty() {
        let copies = elsewhere.iter().flat_map(|b| &b.evidence);
        database.evidence.extend(copies.map(|e| Evidence { cell: "backed_up".to_owned(), ..e.clone() }));
        database.backed_up = Answer::Yes;
    } else if some(Answer::No) {
        database.evidence.extend(told(Answer::No));
        database.backed_up = Answer::No;
    } else if some(Answer::Unknown) {
        let reasons = resources.iter().flat_map(|r| &r.unknowns).filter(|u| u.cell == "backed_up");
        database.unknowns.extend(reasons.take(5).cloned());
        database.backed_up = Answer::Unknown;
    } else {
        database.evidence.extend(told(Answer::Yes));
        database.backed_up = Answer::Yes;
    }
}

fn backed_up(database: &mut Database, backups: &[Backup]) {
    let engine = database.engine.clone();
    let mut copy = |backup: &Backup| {
        let told = backup.evidence.iter().map(|e| Evidence { cell: "backed_up".to_owned(), ..e.clone() });
        database.evidence.extend(told.collect::<Vec<_>>());
    };
    let positive: Vec<&Backup> = backups.iter().filter(|b| shows(b) && about(b, &engine)).collect();
    let off: Vec<&Backup> =
        backups.iter().filter(|b| b.kind == BackupKind::SwitchedOff && about(b, &engine)).collect();
    if !positive.is_empty() {
        positive.iter().for_each(|b| copy(b));
        database.backed_up = Answer::Yes;
    } else if !off.is_empty() {
        off.iter().for_each(|b| copy(b));
        database.backed_up = Answer::No;
    } else {
        database.backed_up = match database.provider.as_str() {
            "" => cannot_tell(database, "backed_up", UNPLACED),
            "self" | "file" => {
                let (file, line) = (database.file.clone(), database.line);
                say(
                    database,
                    "backed_up",
                    &file,
                    line,
                    "the project runs it itself, and nothing backs it up",
                );
                Answer::No
            }
            provider => {
                let reason = format!("the plan of {provider} decides, and it is not in the repository");
                cannot_tell(database, "backed_up", &reason)
            }
        };
    }
}

fn restore_shown(database: &mut Database, backups: &[Backup]) {
    let engine = database.engine.clone();
    match backups.iter().find(|b| b.kind == BackupKind::Restore && about(b, &engine)) {
        Some(backup) => {
            database.restore_shown = Answer::Yes;
            say(database, "restore_shown", &backup.file, backup.line, "a restore is shown");
        }
        None => {
            // Restoring is done by people, and leaves no trace in most repositories.
            database.restore_shown = cannot_tell(
                database,
                "restore_shown",
                "no workflow, script or document restores it, and a person may have",
            );
        }
    }
}

fn schema(database: &mut Database, facts: &Facts) {
    if matches!(
        database.engine.as_str(),
        "firestore" | "mongodb" | "dynamodb" | "couchdb" | "redis" | "qdrant"
    ) {
        database.schema_in_repo = Answer::Na;
        return;
    }
    let apps: Vec<_> = facts.apps.iter().filter(|a| database.apps.contains(&a.path)).collect();
    let answers: Vec<Answer> = apps.iter().map(|a| a.schema_in_repo).collect();
    database.schema_in_repo = if answers.contains(&Answer::Yes) {
        Answer::Yes
    } else if answers.contains(&Answer::Partial) {
        Answer::Partial
    } else if !answers.is_empty() && answers.iter().all(|a| *a == Answer::No) {
        Answer::No
    } else {
        let reason = apps.iter().flat_map(|a| &a.unknowns).find(|u| u.cell == "schema_in_repo");
        let reason = reason
            .map_or_else(|| "no app of the repository is known to use it".to_owned(), |u| u.reason.clone());
        cannot_tell(database, "schema_in_repo", &reason)
    };
    let told: Vec<Evidence> =
        apps.iter().flat_map(|a| &a.evidence).filter(|e| e.cell == "schema_in_repo").cloned().collect();
    database.evidence.extend(told);
}

fn durable(database: &mut Database, seen: &Seen, facts: &Facts) {
    database.durable = match database.provider.as_str() {
        "" => cannot_tell(database, "durable", UNPLACED),
        "file" => file_durable(database, facts),
        "self" => {
            let lost = seen.units.iter().find(|u| u.ephemeral_disk == Answer::Yes);
            match (lost, seen.units.first()) {
                (Some(unit), _) => {
                    say(database, "durable", &unit.file, unit.line, "its data is in no volume");
                    Answer::No
                }
                (None, Some(unit)) => {
                    say(database, "durable", &unit.file, unit.line, "its data is in a volume");
                    Answer::Yes
                }
                (None, None) => cannot_tell(database, "durable", UNPLACED),
            }
        }
        _ => {
            let (file, line) = (database.file.clone(), database.line);
            say(database, "durable", &file, line, "it runs apart from what is deployed");
            Answer::Yes
        }
    };
}

/// A file of the app lives as long as the disk that the app runs on.
fn file_durable(database: &mut Database, facts: &Facts) -> Answer {
    let hosts: Vec<&DeployUnit> = facts
        .deploy_units
        .iter()
        .filter(|u| matches!(u.kind, UnitKind::Web | UnitKind::Worker) && u.development != Answer::Yes)
        .filter(|u| database.apps.contains(&u.app) || u.app.is_empty())
        .collect();
    let replicated =
        facts.backups.iter().any(|b| b.kind == BackupKind::Continuous && b.engine == database.engine);
    if let Some(host) = hosts.iter().find(|u| u.ephemeral_disk == Answer::Yes && !replicated) {
        let says = format!("the disk of {} is lost at the next deployment", host.platform);
        say(database, "durable", &host.file, host.line, &says);
        return Answer::No;
    }
    if let Some(host) = hosts.iter().find(|u| u.ephemeral_disk == Answer::No) {
        let says = "a volume is mounted where it runs";
        say(database, "durable", &host.file, host.line, says);
        return Answer::Yes;
    }
    cannot_tell(database, "durable", "which disk the file is on is not in the repository")
}

fn public_port(database: &mut Database, seen: &Seen) {
    database.public_port = match database.provider.as_str() {
        "self" => {
            let open = seen.units.iter().find_map(|u| u.ports.iter().find(|p| p.public).map(|p| (u, p)));
            match open {
                Some((unit, port)) => {
                    let says = format!("port {} is published on {}", port.container, port.address);
                    let line = unit
                        .evidence
                        .iter()
                        .find(|e| e.cell == "ports" && e.says.as_str() == says)
                        .map(|e| e.line);
                    say(database, "public_port", &unit.file, line.unwrap_or(unit.line), &says);
                    Answer::Yes
                }
                None => {
                    let (file, line) = (database.file.clone(), database.line);
                    say(database, "public_port", &file, line, "no port of it is published to other machines");
                    Answer::No
                }
            }
        }
        "" => cannot_tell(database, "public_port", UNPLACED),
        _ => Answer::Na,
    };
}

fn project(facts: &mut Facts) {
    let shown: Vec<&Backup> = facts.backups.iter().filter(|b| !b.negative).collect();
    let answer = if shown.iter().any(|b| shows(b)) {
        Answer::Yes
    } else if !shown.is_empty() {
        Answer::Partial
    } else {
        Answer::No
    };
    let evidence: Vec<Evidence> = shown
        .iter()
        .take(10)
        .flat_map(|b| b.evidence.iter().take(1))
        .map(|e| Evidence { cell: "backups_evidence".to_owned(), ..e.clone() })
        .collect();
    facts.project.backups_evidence = answer;
    if answer == Answer::No {
        let says = "no schedule, tool, platform setting, script or document about backups";
        facts.project.evidence.push(Evidence::new("backups_evidence", "", 0, says));
    }
    facts.project.evidence.extend(evidence);
}
