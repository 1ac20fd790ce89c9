//! Settings, as the files say them. The app of each is filled in by a join.

use crate::facts::{Facts, Input};

/// Fills `settings`, by file, line and key.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    facts.settings.extend(input.notes.iter().flat_map(|n| n.settings.iter().cloned()));
    facts.settings.sort_by(|a, b| (&a.file, a.line, &a.key).cmp(&(&b.file, b.line, &b.key)));
}
