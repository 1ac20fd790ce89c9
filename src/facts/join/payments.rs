//! Whether any app takes payments.

use crate::facts::kinds::Evidence;
use crate::facts::{Facts, Input};

/// Fills in `project.takes_payments`.
pub fn run(_: &Input<'_>, facts: &mut Facts) {
    let part = facts.apps.iter().flat_map(|a| &a.payment).next();
    facts.project.takes_payments = part.is_some();
    facts.project.evidence.extend(part.map(|p| Evidence::new("takes_payments", &p.file, p.line, &p.name)));
}
