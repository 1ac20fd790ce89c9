//! `history.toml`: the git history of a fixture.

mod build;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Deserialize;

pub(super) use build::build;

use super::materialise::FixtureError;

/// What `history.toml` says. Every key: `docs/writing-rules.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct History {
    pub(super) history: bool,
    branch: String,
    branches: Vec<String>,
    remotes: BTreeMap<String, String>,
    tags: Vec<String>,
    untracked: Vec<String>,
    dirty: Vec<String>,
    stash: bool,
    shallow: bool,
    /// `None`: the usual commits.
    commit: Option<Vec<CommitPlan>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CommitPlan {
    author: String,
    on: String,
    message: String,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    delete: Vec<String>,
    #[serde(default)]
    write: BTreeMap<String, String>,
    #[serde(default = "once")]
    times: u32,
    #[serde(default = "a_day_later")]
    every: i64,
    /// Whether no branch has it: it was made and taken back.
    #[serde(default)]
    taken_back: bool,
}

fn a_day_later() -> i64 {
    1
}

fn once() -> u32 {
    1
}

/// Files by their path.
type Files = BTreeMap<String, Vec<u8>>;

impl Default for History {
    fn default() -> Self {
        History {
            history: true,
            branch: "main".to_owned(),
            branches: Vec::new(),
            remotes: BTreeMap::new(),
            tags: Vec::new(),
            untracked: Vec::new(),
            dirty: Vec::new(),
            stash: false,
            shallow: false,
            commit: None,
        }
    }
}

impl History {
    pub(super) fn parse(text: &str) -> Result<History, FixtureError> {
        toml::from_str(text).map_err(|error| FixtureError::History(error.to_string().trim_end().to_owned()))
    }

    /// The history of a fixture that is about something else: healthy enough that no rule about git minds it.
    pub(super) fn usual() -> History {
        let remotes = BTreeMap::from([("origin".to_owned(), "https://github.com/acme/app.git".to_owned())]);
        History { remotes, ..History::default() }
    }
}

/// Three commits by two people, which add the files in turn.
fn usual_commits(files: &[&String]) -> Vec<CommitPlan> {
    let authors = ["Ana Silva <ana@acme.test>", "Ben Okafor <ben@acme.test>", "Ana Silva <ana@acme.test>"];
    let days = ["2026-01-05", "2026-01-12", "2026-01-19"];
    let messages = ["Start the product", "Add what was missing", "Polish"];
    let plan = |turn: usize| {
        let own: Vec<String> = files.iter().skip(turn).step_by(3).map(|name| (*name).clone()).collect();
        // A fixture of one file still has three commits: the later ones change it.
        let again: Vec<String> = files.first().map(|name| (*name).clone()).into_iter().collect();
        CommitPlan {
            author: authors[turn].to_owned(),
            on: days[turn].to_owned(),
            message: messages[turn].to_owned(),
            files: if own.is_empty() { again } else { own },
            delete: Vec::new(),
            write: BTreeMap::new(),
            times: 1,
            every: 0,
            taken_back: false,
        }
    };
    (0..3).map(plan).collect()
}

fn parse_author(author: &str) -> Option<(&str, &str)> {
    let (name, rest) = author.split_once('<')?;
    let mail = rest.strip_suffix('>')?;
    (!name.trim().is_empty()).then_some((name.trim(), mail))
}

/// Days from 1970-01-01 to `YYYY-MM-DD`, by the usual arithmetic of the Gregorian calendar
/// (<https://howardhinnant.github.io/date_algorithms.html#days_from_civil>).
fn days_since_1970(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if date.len() != 10 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}
