//! Which actions the workflows take at versions that others can change.

use crate::facts::{Facts, Input};

/// Gathers [`CiWorkflow::unpinned_actions`](crate::facts::kinds::CiWorkflow::unpinned_actions) of all workflows: the
/// habit is one root cause, however many workflows show it.
pub(super) fn run(_: &Input<'_>, facts: &mut Facts) {
    let project = &mut facts.project;
    for workflow in &facts.ci_workflows {
        project.unpinned_actions.extend(workflow.unpinned_actions.iter().cloned());
        project
            .evidence
            .extend(workflow.evidence.iter().filter(|e| e.cell.starts_with("unpinned_actions[")).cloned());
    }
    project.unpinned_actions.sort();
    project.unpinned_actions.dedup();
}
