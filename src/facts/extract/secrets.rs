//! Secrets, one for each place: those of the files of today, with what the history says of them, and those that only the
//! history has.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::kinds::{Evidence, Secret, Unknown};
use crate::facts::{Facts, Input};
use crate::secrets::{Found, Past, PastFound, excerpt};
use crate::source::{HistoryState, Reached};

/// So much of a commit's id is shown in sentences.
const SHORT: usize = 10;

/// Fills `secrets`, by file and place.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let nothing = Past::default();
    let past = Known::of(input.past.unwrap_or(&nothing));
    let mut numbers = input.numbers.clone();
    let mut here: BTreeSet<(String, String, &str)> = BTreeSet::new();
    for notes in input.notes {
        let tracked = input.source.tree.get(&notes.path).is_some_and(|file| file.tracked);
        for note in &notes.secrets {
            // A weak value has the number that the history gives it, or the next.
            let found = &Found { fingerprint: numbers.fingerprint(&note.found), ..note.found.clone() };
            here.insert((notes.path.clone(), found.fingerprint.clone(), note.found.format.id));
            let mut secret = of(found, &notes.path);
            let first = past.first(&notes.path, found);
            secret.in_files = true;
            secret.committed = tracked || first.is_some_and(|row| row.reached != Reached::Index);
            secret.in_head = past.at(&notes.path, found).is_some_and(|row| row.in_head);
            if let Some(row) = first {
                attribute(&mut secret, row, past.past);
            }
            let says = format!("{}{}", secret.name, since(&secret));
            let mut evidence = Evidence::new("redacted", &notes.path, secret.line, &says);
            evidence.column = secret.column;
            evidence.snippet = note.snippet.clone();
            secret.evidence.push(evidence);
            secret.unknowns = unknowns(input, tracked);
            facts.secrets.push(secret);
        }
    }
    let dirty = input.source.git.as_ref().map(|git| git.dirty.as_slice()).unwrap_or_default();
    let elsewhere = |row: &&PastFound| {
        let (path, fingerprint, format) = key(row);
        !here.contains(&(path.to_owned(), fingerprint.to_owned(), format))
    };
    for row in past.past.found.iter().filter(elsewhere) {
        let mut secret = of(&row.found, &row.path);
        // A file that was too large to be read again, and is as HEAD has it.
        secret.in_files =
            row.in_head && input.source.tree.get(&row.path).is_some() && !dirty.contains(&row.path);
        secret.committed = row.reached != Reached::Index;
        secret.in_head = row.in_head;
        secret.unreachable = matches!(row.reached, Reached::Reflog | Reached::Nothing);
        attribute(&mut secret, row, past.past);
        let place = match (row.message, secret.unreachable) {
            (true, _) => "in the message of a commit or tag",
            (_, true) => "in what no branch, tag or stash of this clone has any more",
            _ if secret.in_files => "in a file that is too large to be read otherwise",
            _ if row.reached == Reached::Stash => "in a stash",
            _ if row.reached == Reached::Index => "staged, and not in the file",
            _ => "only in the history",
        };
        let says = format!("{} {place}{}", secret.name, since(&secret));
        // A line of an old version is no line of today's file.
        secret.evidence.push(Evidence::new("redacted", &row.path, 0, &says));
        secret.unknowns = unknowns(input, false);
        facts.secrets.push(secret);
    }
    facts.secrets.sort_by(|a, b| order(a).cmp(&order(b)));
}

fn order(secret: &Secret) -> (&str, bool, u32, u32, &str, &str) {
    let Secret { file, in_files, line, column, rule, fingerprint, .. } = secret;
    (file, !in_files, *line, *column, rule, fingerprint)
}

fn key(row: &PastFound) -> (&str, &str, &str) {
    (&row.path, &row.found.fingerprint, row.found.format.id)
}

/// What is known of the value itself.
fn of(found: &Found, path: &str) -> Secret {
    Secret {
        rule: found.format.id.to_owned(),
        kind: found.format.kind,
        provider: found.format.provider.to_owned(),
        name: found.format.name.to_owned(),
        file: path.to_owned(),
        line: found.line,
        column: found.column,
        variable: found.variable.clone(),
        detail: found.detail.clone(),
        fallback: found.fallback,
        weak: found.weak,
        aside: found.aside,
        redacted: found.redacted.clone(),
        fingerprint: found.fingerprint.clone(),
        audience: found.audience,
        because: found.because.clone(),
        ..Secret::default()
    }
}

fn attribute(secret: &mut Secret, row: &PastFound, past: &Past) {
    let Some(commit) = row.commit.and_then(|at| past.commits.get(at as usize)) else { return };
    secret.commit.clone_from(&commit.id);
    secret.author = excerpt(&commit.author);
    secret.date.clone_from(&commit.date);
}

/// ", since commit 1a2b3c4d5e by Ana Silva on 2025-03-12".
fn since(secret: &Secret) -> String {
    if secret.commit.is_empty() {
        return String::new();
    }
    let short = secret.commit.get(..SHORT).unwrap_or(&secret.commit);
    format!(", since commit {short} by {} on {}", secret.author, secret.date)
}

fn unknowns(input: &Input<'_>, tracked: bool) -> Vec<Unknown> {
    let unknown =
        |cells: &[&str], reason: &str| cells.iter().map(|cell| Unknown::new(cell, reason)).collect();
    let Some(git) = &input.source.git else { return Vec::new() };
    match (input.past, git.history) {
        (None, _) if tracked => unknown(&["commit", "author", "date", "in_head"], "the history was not read"),
        (Some(_), HistoryState::Shallow) => unknown(
            &["commit", "author", "date"],
            "the clone is shallow: an older commit may have it as well",
        ),
        _ => Vec::new(),
    }
}

/// The secrets of the history, by what they are looked up with.
struct Known<'a> {
    past: &'a Past,
    by_place: BTreeMap<(&'a str, &'a str, &'a str), &'a PastFound>,
    /// The oldest of each value.
    by_value: BTreeMap<(&'a str, &'a str), &'a PastFound>,
}

impl<'a> Known<'a> {
    fn of(past: &'a Past) -> Self {
        let mut by_value: BTreeMap<(&str, &str), &PastFound> = BTreeMap::new();
        for row in &past.found {
            let age = |row: &PastFound| row.commit.unwrap_or(u32::MAX);
            let first = by_value.entry((&row.found.fingerprint, row.found.format.id)).or_insert(row);
            if age(row) < age(first) {
                *first = row;
            }
        }
        Self { past, by_place: past.found.iter().map(|row| (key(row), row)).collect(), by_value }
    }

    /// The value in that file.
    fn at(&self, path: &str, found: &Found) -> Option<&'a PastFound> {
        self.by_place.get(&(path, found.fingerprint.as_str(), found.format.id)).copied()
    }

    /// The value in that file, or else where it was first: a file may have had another name.
    fn first(&self, path: &str, found: &Found) -> Option<&'a PastFound> {
        let anywhere = || self.by_value.get(&(found.fingerprint.as_str(), found.format.id)).copied();
        self.at(path, found).or_else(anywhere)
    }
}
