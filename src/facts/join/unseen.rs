//! What workflows and builds of images share: keys of clouds, and scripts that they run unseen. The habit is one root
//! cause, however many files show it.

use crate::facts::{Answer, Facts, Input};

/// Gathers them into the project.
pub(super) fn run(_: &Input<'_>, facts: &mut Facts) {
    let project = &mut facts.project;
    for workflow in &facts.ci_workflows {
        project.cloud_keys.extend(workflow.cloud_keys.iter().cloned());
        project.remote_scripts.extend(workflow.remote_scripts.iter().cloned());
        let cells = ["cloud_keys", "remote_scripts"];
        project
            .evidence
            .extend(workflow.evidence.iter().filter(|e| cells.contains(&e.cell.as_str())).cloned());
    }
    for unit in facts.deploy_units.iter().filter(|u| u.development != Answer::Yes) {
        project.remote_scripts.extend(unit.remote_scripts.iter().cloned());
        project.evidence.extend(unit.evidence.iter().filter(|e| e.cell == "remote_scripts").cloned());
    }
    project.cloud_keys.sort();
    project.cloud_keys.dedup();
    project.remote_scripts.sort();
    project.remote_scripts.dedup();
}
