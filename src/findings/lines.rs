//! The lines that findings point at. Texts are dropped after reading, so the few files with findings are read again.

use std::collections::BTreeMap;

use crate::facts::Evidence;
use crate::secrets::excerpt;
use crate::source::Tree;

/// Reads each file once, when its first line is asked for.
pub(super) struct Lines<'a> {
    tree: Option<&'a Tree>,
    texts: BTreeMap<String, Option<String>>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(tree: Option<&'a Tree>) -> Self {
        Self { tree, texts: BTreeMap::new() }
    }

    /// Gives its line to each piece of evidence that has a place and no snippet.
    pub(super) fn fill(&mut self, evidence: &mut [Evidence]) {
        for one in evidence {
            if one.snippet.is_empty()
                && one.line > 0
                && let Some(text) = self.text(&one.file)
            {
                let line = usize::try_from(one.line).unwrap_or(usize::MAX) - 1;
                one.snippet = text.lines().nth(line).map(excerpt).unwrap_or_default();
            }
        }
    }

    fn text(&mut self, file: &str) -> Option<&str> {
        let tree = self.tree?;
        self.texts
            .entry(file.to_owned())
            .or_insert_with(|| tree.get(file).and_then(|file| tree.read(file).ok()).map(|read| read.text))
            .as_deref()
    }
}
