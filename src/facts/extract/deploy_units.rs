//! What is deployed, as the files say it. The app of each is filled in by a join.

use crate::facts::{Facts, Input};

/// Fills `deploy_units`, by file and line.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    facts.deploy_units.extend(input.notes.iter().flat_map(|n| n.deploy.iter().cloned()));
    facts.deploy_units.sort_by(|a, b| (&a.file, a.line, &a.name).cmp(&(&b.file, b.line, &b.name)));
}
