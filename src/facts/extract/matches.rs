//! What rules with a body found, as the reading left it. The app of each is filled in by a join.

use crate::facts::{Facts, Input};

/// Fills `matches`, by rule, file and place.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    facts.matches.extend(input.notes.iter().flat_map(|n| n.matches.iter().cloned()));
    // Stable: what one rule finds in one file is in the order of the text already.
    facts.matches.sort_by(|a, b| (&a.rule, &a.file).cmp(&(&b.rule, &b.file)));
}
