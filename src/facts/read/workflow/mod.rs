//! CI workflows, one module for each system. A reader notes what the file states and what its steps run; what those
//! commands come to takes manifests and scripts, and is said by the extractor.

mod azure;
mod bitbucket;
mod circleci;
mod github;
mod github_rights;
mod github_security;
mod gitlab;
mod scripts;
mod unread;

use crate::facts::config::{Broken, Node};
use crate::facts::kinds::{CiWorkflow, Unknown};
use crate::facts::notes::{FileNotes, StepNote};
use crate::facts::read::Reader;
use crate::secrets::excerpt;
use crate::source::{File, Role};

/// The readers of CI workflows, and of the scripts they call.
pub static READERS: &[Reader] = &[
    Reader { name: "GitHub Actions workflow", wants: github::wants, read: github::read },
    Reader { name: "GitHub composite action", wants: github::wants_action, read: github::read_action },
    Reader { name: "GitLab pipeline", wants: gitlab::wants, read: gitlab::read },
    Reader { name: "CircleCI configuration", wants: circleci::wants, read: circleci::read },
    Reader { name: "Azure pipeline", wants: azure::wants, read: azure::read },
    Reader { name: "Bitbucket pipeline", wants: bitbucket::wants, read: bitbucket::read },
    Reader { name: "CI of other systems", wants: unread::wants, read: unread::read },
    Reader { name: "shell script", wants: scripts::wants_shell, read: scripts::read_shell },
    Reader { name: "Makefile", wants: scripts::wants_make, read: scripts::read_make },
    Reader { name: "cron table", wants: scripts::wants_cron, read: scripts::read_cron },
    Reader { name: "Taskfile", wants: scripts::wants_task, read: scripts::read_task },
];

/// The fields that can't be told of a workflow that was not read.
const INFERRED: &[&str] = &[
    "runs_tests",
    "tests_changes",
    "tests_can_fail",
    "runs_checks",
    "runs_build",
    "deploys",
    "deploy_waits_for_tests",
    "runs_untrusted_code",
    "tests_before_merge",
    "deploys_can_overlap",
    "runs_migrations",
];

/// A workflow that was not read, because `reason`.
fn unread_workflow(file: &File, system: &str, reason: &str) -> CiWorkflow {
    CiWorkflow {
        file: file.path.clone(),
        system: system.to_owned(),
        unknowns: INFERRED.iter().map(|cell| Unknown::new(cell, reason)).collect(),
        ..CiWorkflow::default()
    }
}

/// Notes a workflow that does not parse.
fn broken(file: &File, system: &str, problem: &Broken, notes: &mut FileNotes) {
    notes.workflow = Some(unread_workflow(file, system, "the workflow file does not parse"));
    notes.broken = Some(problem.to_string());
}

/// Whether it can be a pipeline of this project, and not one that its tests or examples hold.
fn own(file: &File) -> bool {
    file.role == Role::Product
}

/// The start of a workflow that is read.
fn workflow(file: &File, system: &str, name: &str) -> CiWorkflow {
    CiWorkflow {
        file: file.path.clone(),
        system: system.to_owned(),
        name: excerpt(name),
        read: true,
        ..CiWorkflow::default()
    }
}

/// One step of `job` for each script of a list, or of the one text that stands for such a list.
fn script_steps(node: &Node, job: usize, folder: &str, forgiven: bool) -> Vec<StepNote> {
    let one = |node: &Node| StepNote {
        job,
        line: node.text_line,
        script: node.scalar(),
        folder: folder.to_owned(),
        forgiven,
        ..StepNote::default()
    };
    let mut steps: Vec<StepNote> = match node.list() {
        [] => vec![one(node)],
        // Lists may hold lists (`!reference`), one level deep.
        items => items
            .iter()
            .flat_map(|item| {
                if item.list().is_empty() { vec![one(item)] } else { item.list().iter().map(one).collect() }
            })
            .collect(),
    };
    steps.retain(|step| !step.script.is_empty());
    steps
}
