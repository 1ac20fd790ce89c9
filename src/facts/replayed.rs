//! The databases of a repository: its SQL files, put into order and replayed.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::FileNotes;
use super::notes::DataApiNote;
use crate::schema::catalogue::{Place, Relation};
use crate::schema::layout::{self, Candidate, Layout, Scripts};
use crate::schema::{Catalogue, Options, SqlFile, replay};

/// A database.
#[derive(Debug, Clone)]
pub struct Replayed {
    /// The folder of its scripts.
    pub folder: String,
    /// How they are kept.
    pub layout: Layout,
    /// The dialect that they are written in.
    pub dialect: &'static str,
    /// Paths of the files, in the order in which they are run.
    pub files: Vec<String>,
    /// The catalogue. Of another dialect than PostgreSQL's it is empty.
    pub catalogue: Catalogue,
    /// Names of tables, where the dialect is another: file, line and name.
    pub named: Vec<(String, u32, String)>,
    /// Schemas that the data API serves.
    pub exposed_schemas: Vec<String>,
    /// Whether new tables may be used by the public roles, and what says so.
    pub exposure: (bool, &'static str),
    /// What the configuration says.
    pub config: DataApiNote,
    /// The path of the configuration.
    pub config_file: String,
    /// Whether there is also a declared state.
    pub declared_too: bool,
}

impl Replayed {
    /// The file and line of a place; empty for what was there before the first script.
    pub fn place(&self, place: Place) -> (String, u32) {
        let file = usize::try_from(place.file).ok().and_then(|i| self.catalogue.files.get(i));
        file.map_or_else(|| (String::new(), 0), |file| (file.clone(), place.line))
    }

    /// Whether an object came with the platform or an extension, and not from a script.
    pub fn is_given(&self, relation: &Relation) -> bool {
        relation.place == Place::BASELINE || relation.extension.is_some()
    }

    /// The roles that the public has: of Supabase, who asks with the public key and who has signed in.
    pub fn public_roles(&self) -> Vec<String> {
        if self.catalogue.supabase {
            return vec!["anon".to_owned(), "authenticated".to_owned()];
        }
        self.catalogue.roles.keys().filter(|role| *role != "postgres").cloned().collect()
    }
}

/// The date from which on a new project of Supabase hides new tables from the public roles.
const HIDDEN_SINCE: &str = "20260530";

/// Replays the databases of a repository.
pub fn of(notes: &[FileNotes], _at: &str) -> Vec<Replayed> {
    let sql: Vec<(&FileNotes, &str)> = notes.iter().filter_map(|n| Some((n, n.sql.as_deref()?))).collect();
    let candidates: Vec<Candidate<'_>> = sql
        .iter()
        .map(|(note, text)| Candidate { path: &note.path, makes_tables: makes_tables(text) })
        .collect();
    let configs: BTreeMap<&str, &DataApiNote> =
        notes.iter().filter_map(|n| Some((n.path.as_str(), n.data_api.as_ref()?))).collect();
    let scripts = layout::find(&candidates);
    scripts.par_iter().map(|scripts| one(scripts, &sql, &configs)).collect()
}

fn makes_tables(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b't', b'T', bytes).any(|at| {
        bytes.get(at..at + 5).is_some_and(|word| word.eq_ignore_ascii_case(b"table"))
            && bytes
                .get(at.saturating_sub(20)..at)
                .is_some_and(|before| before.to_ascii_lowercase().windows(6).any(|word| word == b"create"))
    })
}

fn one(scripts: &Scripts, sql: &[(&FileNotes, &str)], configs: &BTreeMap<&str, &DataApiNote>) -> Replayed {
    let texts: Vec<(&str, &str)> = scripts
        .files
        .iter()
        .filter_map(|i| sql.get(*i))
        .map(|(note, text)| (note.path.as_str(), *text))
        .collect();
    let of_supabase = matches!(scripts.layout, Layout::SupabaseMigrations | Layout::SupabaseSchemas);
    let dialects: Vec<&'static str> = texts.iter().map(|(_, text)| layout::dialect(text)).collect();
    let foreign = dialects.iter().find(|d| **d != "postgres").copied();
    let dialect = if of_supabase { "postgres" } else { foreign.unwrap_or("postgres") };
    let supabase = of_supabase
        || texts.iter().any(|(_, text)| {
            text.contains("auth.uid()") || text.contains("auth.users") || text.contains("storage.buckets")
        });
    let root = scripts.folder.rsplit_once('/').map_or("", |(parent, _)| parent);
    let near = if root.is_empty() { "config.toml".to_owned() } else { format!("{root}/config.toml") };
    let found =
        configs.get_key_value(near.as_str()).or_else(|| configs.get_key_value("supabase/config.toml"));
    let (config_file, config) = match found {
        Some((path, config)) if supabase => ((*path).to_owned(), (*config).clone()),
        _ => (String::new(), DataApiNote::default()),
    };
    let exposure = match (supabase, config.auto_expose, texts.first().and_then(|(path, _)| date(path))) {
        (false, ..) => (false, ""),
        (_, Some(open), _) => (open, "config"),
        (_, None, Some(date)) => (date.as_str() < HIDDEN_SINCE, "date"),
        _ => (true, "assumed"),
    };
    let served = || vec!["public".to_owned(), "graphql_public".to_owned()];
    let mut replayed = Replayed {
        folder: scripts.folder.clone(),
        layout: scripts.layout,
        dialect,
        files: texts.iter().map(|(path, _)| (*path).to_owned()).collect(),
        catalogue: Catalogue::default(),
        named: Vec::new(),
        exposed_schemas: if supabase { config.schemas.clone().unwrap_or_else(served) } else { Vec::new() },
        exposure,
        config,
        config_file,
        declared_too: scripts.declared_too,
    };
    if dialect == "postgres" {
        let files: Vec<SqlFile> = texts
            .iter()
            .map(|(path, text)| SqlFile { path: (*path).to_owned(), text: layout::forward(text).to_owned() })
            .collect();
        replayed.catalogue = replay(&files, Options { supabase, exposed: exposure.0 });
    } else {
        replayed.named = texts.iter().flat_map(|(path, text)| named(path, text)).collect();
    }
    replayed
}

/// The date with which the name of a migration begins.
fn date(path: &str) -> Option<String> {
    let name = path.rsplit('/').next()?;
    let digits: String = name.chars().take_while(char::is_ascii_digit).take(8).collect();
    (digits.len() == 8 && digits.starts_with("20")).then_some(digits)
}

/// Names of the tables that a script of another dialect makes.
fn named(path: &str, text: &str) -> Vec<(String, u32, String)> {
    let mut found = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let mut words = line.split_whitespace();
        let is = |word: Option<&str>, what: &str| word.is_some_and(|w| w.eq_ignore_ascii_case(what));
        if !is(words.next(), "create") || !is(words.next(), "table") {
            continue;
        }
        let name = words.find(|w| !["if", "not", "exists"].iter().any(|word| w.eq_ignore_ascii_case(word)));
        let name = name.unwrap_or_default().split('(').next().unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or_default().trim_matches(['`', '"', '[', ']', ';']);
        if !name.is_empty() {
            found.push((path.to_owned(), u32::try_from(i + 1).unwrap_or(u32::MAX), name.to_owned()));
        }
    }
    found
}
