//! Help for readers of TOML: tables whose keys and values know their lines.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::facts::read::json::line_at;

/// A parsed TOML text.
pub struct Toml<'t> {
    text: &'t str,
    /// The top table.
    pub top: Spanned<DeTable<'t>>,
}

impl<'t> Toml<'t> {
    /// Parses `text`; an error says what is wrong, with line and column.
    pub fn parse(text: &'t str) -> Result<Self, String> {
        DeTable::parse(text).map(|top| Self { text, top }).map_err(|error| {
            let at = error.span().map_or(0, |s| s.start).min(text.len());
            let line = line_at(text, at);
            let before = text.as_bytes().get(..at).unwrap_or(&[]);
            let column = at - memchr::memrchr(b'\n', before).map_or(0, |n| n + 1) + 1;
            format!("{} at line {line} column {column}", error.message())
        })
    }

    /// The line at which something starts.
    pub fn line<T>(&self, spanned: &Spanned<T>) -> u32 {
        line_at(self.text, spanned.span().start)
    }

    /// The value at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Spanned<DeValue<'t>>> {
        let (first, rest) = path.split_first()?;
        let mut value = self.top.get_ref().get(*first)?;
        for key in rest {
            value = value.get_ref().as_table()?.get(*key)?;
        }
        Some(value)
    }

    /// The table at a path of keys.
    pub fn table(&self, path: &[&str]) -> Option<&DeTable<'t>> {
        self.at(path)?.get_ref().as_table()
    }

    /// The text at a path of keys.
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.get_ref().as_str()
    }

    /// Keys, lines and values of the table at a path, in the order of the file.
    pub fn entries(&self, path: &[&str]) -> Vec<(&str, u32, &DeValue<'t>)> {
        self.table(path).map(|t| self.of(t)).unwrap_or_default()
    }

    /// Keys, lines and values of a table, in the order of the file.
    pub fn of<'a>(&self, table: &'a DeTable<'t>) -> Vec<(&'a str, u32, &'a DeValue<'t>)> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries.into_iter().map(|(k, v)| (k.get_ref().as_ref(), self.line(k), v.get_ref())).collect()
    }
}

/// The texts of an array.
pub fn texts<'a>(value: Option<&'a DeValue<'_>>) -> Vec<&'a str> {
    let items = value.and_then(|v| v.as_array()).into_iter().flat_map(|a| a.iter());
    items.filter_map(|item| item.get_ref().as_str()).collect()
}

/// The text at a key of a table value.
pub fn field<'a>(value: &'a DeValue<'_>, key: &str) -> Option<&'a str> {
    value.as_table()?.get(key)?.get_ref().as_str()
}

/// Whether a table value has `key = true`.
pub fn flag(value: &DeValue<'_>, key: &str) -> bool {
    value.as_table().and_then(|t| t.get(key)).and_then(|v| v.get_ref().as_bool()) == Some(true)
}

/// Whether a table value has the key.
pub fn has(value: &DeValue<'_>, key: &str) -> bool {
    value.as_table().is_some_and(|t| t.contains_key(key))
}
