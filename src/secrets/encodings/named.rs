//! Encoded values that are told by where they stand: `data` of Kubernetes secrets, logins of registries, `Basic` headers.

use std::ops::Range;

use crate::secrets::candidate::Candidate;
use crate::secrets::model::Searched;
use crate::secrets::search::Budget;

use super::Depth;

/// What such places hold.
pub(in crate::secrets) fn named(
    text: &Searched<'_>,
    windows: &[Range<usize>],
    depth: Depth,
    budget: &mut Budget,
) -> Vec<Candidate> {
    let _ = (text, windows, depth, budget);
    Vec::new()
}
