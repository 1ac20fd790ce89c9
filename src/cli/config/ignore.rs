//! `[[ignore]]`: what a project accepts, where, and why.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::Config;
use super::read::{Reader, Value};
use crate::findings::Ignore;
use crate::source::{Exclude, OpenError};

/// The most entries: each is asked about each place that its rule finds.
const MOST: usize = 1_000;

const KEYS: [&str; 6] = ["rule", "path", "subject", "key", "reason", "until"];

impl Reader {
    pub(super) fn ignore(&mut self, value: &Value<'_>, text: &str, config: &mut Config) {
        let Some(entries) = value.get_ref().as_array() else {
            self.wrong_type(value, "`ignore`", "a list of tables, each under [[ignore]]");
            return;
        };
        if entries.len() > MOST {
            self.problem(
                value.span(),
                format!("there are more than {MOST} entries of [[ignore]]"),
                "too many",
                "A path pattern covers many places; `vibecheck baseline` accepts all that is there today.",
            );
            return;
        }
        for entry in entries.iter() {
            if let Some(table) = self.table(entry, "an entry of `ignore`")
                && let Some(ignore) = self.entry(entry.span(), table)
            {
                let before = text.get(..entry.span().start).unwrap_or_default();
                let line = u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX);
                config.ignores.push(Ignore { line, ..ignore });
            }
        }
    }

    fn entry(&mut self, span: Range<usize>, table: &DeTable<'_>) -> Option<Ignore> {
        let before = self.count();
        let mut ignore = Ignore::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "rule" => ignore.rule = self.text(value, "`rule`").unwrap_or_default(),
                "path" => ignore.path = self.pattern(value),
                "subject" => ignore.subject = self.text(value, "`subject`"),
                "key" => ignore.keys = self.keys(value),
                "reason" => ignore.reason = self.text(value, "`reason`").unwrap_or_default(),
                "until" => ignore.until = self.date(value, "`until`").unwrap_or_default(),
                _ => self.unknown_key(key, &KEYS, "[[ignore]]"),
            }
        }
        let there = |name: &str| table.iter().any(|(key, _)| key.get_ref() == name);
        let missing: Vec<&str> =
            ["`rule`", "`reason`"].into_iter().filter(|name| !there(name.trim_matches('`'))).collect();
        if !missing.is_empty() {
            let help = "Each needs the `rule` that it silences and the `reason`, which the report shows.";
            let message = format!("this [[ignore]] lacks {}", missing.join(", "));
            self.problem(span.clone(), message, "this entry", help);
        }
        if !["path", "subject", "key"].into_iter().any(there) {
            self.problem(
                span,
                "this [[ignore]] does not say where: it lacks `path`, `subject` and `key`",
                "this entry",
                "Name the files, what the finding is about, or the keys of its places (in the JSON report): a rule as a \
                 whole can't be silenced, or new faults would go unseen.",
            );
        }
        (self.count() == before).then_some(ignore)
    }

    fn pattern(&mut self, value: &Value<'_>) -> Option<String> {
        let text = self.text(value, "`path`")?;
        if let Err(error) = Exclude::new(std::slice::from_ref(&text)) {
            let why = match error {
                OpenError::Pattern(_, why) => why,
                other => other.to_string(),
            };
            let why = crate::report::escape::terminal(&why);
            let help = "Write it as in a .gitignore, like \"legacy/**\" or \"*.sql\".";
            self.problem(value.span(), format!("`path` is no pattern: {why}"), "this pattern", help);
            return None;
        }
        Some(text)
    }

    fn keys(&mut self, value: &Value<'_>) -> Vec<String> {
        match value.get_ref() {
            DeValue::String(_) => self.text(value, "`key`").into_iter().collect(),
            DeValue::Array(items) if items.is_empty() => {
                self.problem(value.span(), "`key` must not be empty", "empty", "");
                Vec::new()
            }
            DeValue::Array(items) => {
                items.iter().filter_map(|item| self.text(item, "a key of `key`")).collect()
            }
            _ => {
                self.wrong_type(value, "`key`", "the key of a place, or a list of them");
                Vec::new()
            }
        }
    }
}
