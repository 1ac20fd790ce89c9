//! Versions of runtimes, as the files state them. Which of them ship is said by a join.

use crate::facts::{Facts, Input};

/// Fills `runtimes`, by file and line.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    facts.runtimes = input.notes.iter().flat_map(|note| note.runtimes.iter().cloned()).collect();
    facts.runtimes.sort_by(|a, b| {
        // What ships comes first, so that it stays of two alike.
        (&a.file, &a.job, &a.language, &a.version, a.production, a.line).cmp(&(
            &b.file,
            &b.job,
            &b.language,
            &b.version,
            b.production,
            b.line,
        ))
    });
    // The same version twice in one job or file is said once.
    facts.runtimes.dedup_by(|later, first| {
        (&later.file, &later.job, &later.language, &later.version)
            == (&first.file, &first.job, &first.language, &first.version)
    });
}
