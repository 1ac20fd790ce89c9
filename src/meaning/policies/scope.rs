//! Which tables the columns of a condition are columns of.

use crate::schema::catalogue::{Catalogue, Relation};

/// One table that a query reads, or the table that a policy is about.
#[derive(Clone)]
pub(super) struct Frame<'a> {
    /// The name by which it is known there.
    pub alias: String,
    /// The table, if it is known.
    pub relation: Option<&'a Relation>,
    /// What its columns are, if it is a query in parentheses.
    pub columns: Vec<String>,
    /// How deep: 0 is the table that the policy is about.
    pub depth: usize,
}

impl Frame<'_> {
    /// No table: what a function sees of whoever calls it.
    pub fn nothing(depth: usize) -> Self {
        Frame { alias: String::new(), relation: None, columns: vec![String::new()], depth }
    }
}

/// A column, with the depth of its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At {
    pub depth: usize,
    pub alias: String,
    pub column: String,
}

/// The tables that are in sight.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    pub cat: &'a Catalogue,
    pub frames: Vec<Frame<'a>>,
}

impl<'a> Scope<'a> {
    /// How deep a query within this one would be.
    pub fn below(&self) -> usize {
        self.frames.iter().map(|frame| frame.depth + 1).max().unwrap_or(0)
    }

    /// The column that is meant: without a table's name, that of the innermost query which has one of the name.
    pub fn find(&self, parts: &[String]) -> Option<At> {
        let (table, column) = match parts {
            [column] => (None, column),
            [.., table, column] => (Some(table), column),
            [] => return None,
        };
        let has = |frame: &Frame<'_>| {
            frame.columns.contains(column)
                || frame.relation.is_some_and(|relation| relation.column(column).is_some())
        };
        let at =
            |frame: &Frame<'_>| At { depth: frame.depth, alias: frame.alias.clone(), column: column.clone() };
        let deepest = self.frames.iter().map(|frame| frame.depth).max().unwrap_or(0);
        for depth in (0..=deepest).rev() {
            let here = || self.frames.iter().filter(move |frame| frame.depth == depth);
            let found = match table {
                Some(table) => here().find(|frame| frame.alias == *table),
                None => here().find(|frame| has(frame)),
            };
            if let Some(frame) = found {
                return Some(at(frame));
            }
            // A table of which nothing is known may have it.
            if table.is_none()
                && let Some(frame) = here().find(|frame| frame.relation.is_none() && frame.columns.is_empty())
            {
                return Some(at(frame));
            }
        }
        None
    }
}
