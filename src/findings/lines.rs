//! The lines that findings point at. Texts are dropped after reading, so the few files with findings are read again.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::facts::Evidence;
use crate::secrets::{Class, Searched, excerpt_without, find};
use crate::source::Tree;

/// Reads each file once, when its first line is asked for.
pub(super) struct Lines<'a> {
    tree: Option<&'a Tree>,
    files: BTreeMap<String, Option<Looked>>,
}

/// A file, and where the values of it are that must not be shown.
struct Looked {
    text: String,
    values: Vec<Range<usize>>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(tree: Option<&'a Tree>) -> Self {
        Self { tree, files: BTreeMap::new() }
    }

    /// Gives its line to each piece of evidence that has a place and no snippet, or one that shows what it should not.
    pub(super) fn fill(&mut self, evidence: &mut [Evidence]) {
        for one in evidence.iter_mut().filter(|one| one.line > 0) {
            if let Some(file) = self.file(&one.file)
                && (one.snippet.is_empty() || file.is_shown_by(one.snippet.as_str()))
                && let Some(at) = file.line(one.line)
            {
                one.snippet = excerpt_without(file.text.as_bytes(), at, &file.values);
            }
        }
    }

    fn file(&mut self, file: &str) -> Option<&Looked> {
        let tree = self.tree?;
        self.files
            .entry(file.to_owned())
            .or_insert_with(|| {
                let text = tree.read(tree.get(file)?).ok()?.text;
                let class = Class::of(file).unwrap_or(Class::Distinctive);
                let found = find(&Searched { path: file, bytes: text.as_bytes(), class, windows: None });
                Some(Looked { values: found.into_iter().map(|found| found.at).collect(), text })
            })
            .as_ref()
    }
}

impl Looked {
    /// Where a line begins, if there is one.
    fn line(&self, number: u32) -> Option<usize> {
        let before = usize::try_from(number).ok()?.checked_sub(1)?;
        let start = match before.checked_sub(1) {
            None => 0,
            Some(nth) => memchr::memchr_iter(b'\n', self.text.as_bytes()).nth(nth)? + 1,
        };
        (start < self.text.len()).then_some(start)
    }

    fn is_shown_by(&self, snippet: &str) -> bool {
        let values = self.values.iter().filter_map(|range| self.text.get(range.clone()));
        values.map(str::trim).any(|value| !value.is_empty() && snippet.contains(value))
    }
}
