//! From text to configuration: every key read, every wrong one reported. The tree is walked by hand, because serde
//! stops at the first mistake.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Config;
use crate::findings::{Attestation, is_date};
use crate::report::escape;
use crate::rules::Stage;

/// A mistake at bytes of the text.
pub(super) struct Problem {
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: String,
}

/// Sections that a later version reads: using one now is a mistake of another sort than a misspelt one.
static LATER: &[&str] = &["report"];

pub(super) static STAGES: &[(&str, Stage)] =
    &[("stabilize", Stage::Stabilize), ("foundations", Stage::Foundations), ("scale", Stage::Scale)];

pub(super) type Value<'i> = Spanned<DeValue<'i>>;

#[derive(Default)]
pub(super) struct Reader {
    problems: Vec<Problem>,
}

/// The configuration as far as it is right, and everything that is wrong.
pub(super) fn read(text: &str) -> (Config, Vec<Problem>) {
    let mut reader = Reader::default();
    let mut config = Config::default();
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let end = text.len();
        let span = error.span().unwrap_or(end..end);
        reader.problem(span, format!("not valid TOML: {}", escape::terminal(error.message())), "here", "");
    }
    // What is left of broken TOML would only give mistakes that nobody made.
    if !reader.problems.is_empty() {
        return (config, reader.problems);
    }
    for (key, value) in root.get_ref() {
        match key.get_ref().as_ref() {
            "gate" => reader.gate(value, &mut config),
            "paths" => reader.paths(value, &mut config),
            "attest" => reader.attest(value, &mut config),
            "ignore" => reader.ignore(value, text, &mut config),
            name if LATER.contains(&name) => reader.problem(
                key.span(),
                format!("`{name}` is not supported by this version"),
                "not read yet",
                "Remove it: nothing would follow from it, and you would believe that it does.",
            ),
            _ => reader.unknown_key(key, &["gate", "paths", "attest", "ignore"], "vibecheck.toml"),
        }
    }
    (config, reader.problems)
}

impl Reader {
    /// How many mistakes were found so far.
    pub(super) fn count(&self) -> usize {
        self.problems.len()
    }

    pub(super) fn problem(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        label: &str,
        help: impl Into<String>,
    ) {
        self.problems.push(Problem {
            span,
            message: message.into(),
            label: label.to_owned(),
            help: help.into(),
        });
    }

    pub(super) fn unknown_key(
        &mut self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        known: &[&str],
        whose: &str,
    ) {
        let name = escape::terminal(key.get_ref());
        let help = suggestion(key.get_ref(), known);
        self.problem(key.span(), format!("{whose} has no key `{name}`"), "unknown key", help);
    }

    pub(super) fn wrong_type(&mut self, value: &Value<'_>, what: &str, wanted: &str) {
        let found = value.get_ref().type_str();
        self.problem(
            value.span(),
            format!("{what} must be {wanted}"),
            &format!("this is of type {found}"),
            "",
        );
    }

    pub(super) fn table<'v, 'i>(&mut self, value: &'v Value<'i>, what: &str) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(value, what, "a table");
        }
        table
    }

    pub(super) fn text(&mut self, value: &Value<'_>, what: &str) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Some(text.clone().into_owned()),
            DeValue::String(_) => {
                self.problem(value.span(), format!("{what} must not be empty"), "empty", "");
                None
            }
            _ => {
                self.wrong_type(value, what, "a string");
                None
            }
        }
    }

    pub(super) fn choice<T: Copy>(
        &mut self,
        value: &Value<'_>,
        what: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(value, what)?;
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == text) {
            return Some(*choice);
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let shown = escape::terminal(&text);
        self.problem(
            value.span(),
            format!("{what} can't be `{shown}`"),
            "unknown value",
            suggestion(&text, &names),
        );
        None
    }

    fn paths(&mut self, value: &Value<'_>, config: &mut Config) {
        let Some(table) = self.table(value, "`paths`") else { return };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "exclude" => match value.get_ref().as_array() {
                    Some(items) => {
                        for item in items.iter() {
                            config.exclude.extend(self.text(item, "a pattern of `exclude`"));
                        }
                    }
                    None => self.wrong_type(value, "`exclude`", "a list of patterns, like [\"legacy/**\"]"),
                },
                _ => self.unknown_key(key, &["exclude"], "[paths]"),
            }
        }
    }

    fn attest(&mut self, value: &Value<'_>, config: &mut Config) {
        let Some(entries) = value.get_ref().as_array() else {
            self.wrong_type(value, "`attest`", "a list of tables, each under [[attest]]");
            return;
        };
        for entry in entries.iter() {
            if let Some(table) = self.table(entry, "an entry of `attest`")
                && let Some(attestation) = self.attestation(entry.span(), table)
            {
                config.attestations.push(attestation);
            }
        }
    }

    fn attestation(&mut self, span: Range<usize>, table: &DeTable<'_>) -> Option<Attestation> {
        const KEYS: [&str; 5] = ["rule", "answer", "by", "on", "until"];
        let mut fields: [Option<String>; 5] = Default::default();
        let mut seen = [false; 5];
        let mut until_span = span.clone();
        for (key, value) in table {
            let Some(i) = KEYS.iter().position(|name| name == key.get_ref()) else {
                self.unknown_key(key, &KEYS, "[[attest]]");
                continue;
            };
            seen[i] = true;
            let what = format!("`{}`", KEYS[i]);
            fields[i] = if i >= 3 { self.date(value, &what) } else { self.text(value, &what) };
            if i == 4 {
                until_span = value.span();
            }
        }
        let missing: Vec<String> =
            KEYS.iter().zip(seen).filter(|(_, seen)| !seen).map(|(key, _)| format!("`{key}`")).collect();
        if !missing.is_empty() {
            let help = "Each needs `rule`, `answer`, `by`, and the days `on` and `until` which it holds.";
            self.problem(span, format!("this [[attest]] lacks {}", missing.join(", ")), "this entry", help);
        }
        let [Some(rule), Some(answer), Some(by), Some(on), Some(until)] = fields else { return None };
        if until < on {
            self.problem(until_span, "`until` comes before `on`", "an earlier day", "");
            return None;
        }
        Some(Attestation { rule, answer, by, on, until })
    }

    /// A day, as a TOML date or as text.
    pub(super) fn date(&mut self, value: &Value<'_>, what: &str) -> Option<String> {
        let text = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            _ => self.text(value, what)?,
        };
        if is_date(&text) {
            return Some(text);
        }
        let help = "Write a day as YYYY-MM-DD, like 2026-12-31.";
        self.problem(value.span(), format!("{what} is not a day of the calendar"), "not a day", help);
        None
    }
}

/// What may have been meant, or else all that there is.
fn suggestion(written: &str, known: &[&str]) -> String {
    let written = written.to_lowercase().replace('_', "-");
    let near = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&written, name), *name))
        .filter(|(distance, name)| *distance <= name.len().div_ceil(3).max(1))
        .min();
    match near {
        Some((_, name)) => format!("Did you mean `{name}`?"),
        None => {
            let all: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            format!("Known: {}.", all.join(", "))
        }
    }
}
