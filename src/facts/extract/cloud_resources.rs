//! Resources that infrastructure code creates.

use crate::facts::{Facts, Input, cloud};

/// Fills `cloud_resources`, by file and line.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    facts.cloud_resources = cloud::resources(input.notes);
}
