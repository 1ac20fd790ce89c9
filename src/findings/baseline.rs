//! What a baseline accepts, of the findings of today.

use super::known::settle_left;
use super::{Findings, KnownPlace, Standing, settle};
use crate::source::Tree;

/// Marks what the baseline accepts, and answers with what is no longer there.
pub fn settle_baseline(findings: &mut Findings, places: &[KnownPlace], tree: &Tree) -> Vec<KnownPlace> {
    let is_left = |file: &str| !file.is_empty() && tree.get(file).is_none();
    let name = |file: &str| file.rsplit('/').next().unwrap_or_default().to_owned();
    // Without a history to ask, a file moved if it is no longer there and one of its name is elsewhere …
    let moved = |before: &str, now: &str| is_left(before) && name(before) == name(now);
    let gone = settle(findings, places, Standing::Baseline, &moved);
    // … or if one of any name has the same line.
    let mut gone = settle_left(findings, &gone, Standing::Baseline, &is_left);
    gone.sort();
    gone
}
