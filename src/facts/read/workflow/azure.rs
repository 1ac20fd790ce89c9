use super::{broken, own, workflow};
use crate::facts::config::{Node, Value, yaml};
use crate::facts::kinds::{Answer, CiJob};
use crate::facts::notes::{FileNotes, StepNote};
use crate::facts::shell::join;
use crate::secrets::excerpt;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    let name = file.name();
    own(file) && name.starts_with("azure-pipelines") && (name.ends_with(".yml") || name.ends_with(".yaml"))
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match yaml(text) {
        Ok(root) => root,
        Err(problem) => return broken(file, "azure", &problem, notes),
    };
    let name = root.get("name").map(Node::scalar).unwrap_or_default();
    let mut said = workflow(file, "azure", &name);
    said.runs_untrusted_code = Answer::No;
    said.permissions_declared = true;
    // A pipeline without `trigger` runs for every push; one without `pr` for every pull request on GitHub.
    let off = |key: &str| root.get(key).is_some_and(|n| n.scalar() == "none");
    for (key, trigger) in [("trigger", "push"), ("pr", "pull_request")] {
        if !off(key) {
            said.triggers.push(trigger.to_owned());
        }
    }
    for cron in root.get("schedules").map(Node::list).unwrap_or_default() {
        if let Some(line) = cron.get("cron") {
            said.schedules.push(excerpt(&line.scalar()));
            said.triggers.push("schedule".to_owned());
        }
    }
    said.triggers.sort();
    said.triggers.dedup();
    if root.get("steps").is_some() {
        job(&root, "steps", &[], &mut said.jobs, notes);
    }
    for node in root.get("jobs").map(Node::list).unwrap_or_default() {
        named_job(node, &[], &mut said.jobs, notes);
    }
    let mut before: Vec<String> = Vec::new();
    for stage in root.get("stages").map(Node::list).unwrap_or_default() {
        let mut names = Vec::new();
        for node in stage.get("jobs").map(Node::list).unwrap_or_default() {
            names.push(named_job(node, &before, &mut said.jobs, notes));
        }
        // Stages run one after the other.
        before.extend(names);
    }
    notes.workflow = Some(said);
}

fn named_job(node: &Node, before: &[String], jobs: &mut Vec<CiJob>, notes: &mut FileNotes) -> String {
    let deployment = node.get("deployment");
    let name = node.get("job").or(deployment).map(Node::scalar).unwrap_or_default();
    let index = jobs.len();
    job(node, &name, before, jobs, notes);
    if let Some(deployment) = deployment {
        let uses = "azure:deployment".to_owned();
        notes.steps.push(StepNote { job: index, line: deployment.line, uses, ..StepNote::default() });
    }
    name
}

fn job(node: &Node, name: &str, before: &[String], jobs: &mut Vec<CiJob>, notes: &mut FileNotes) {
    let index = jobs.len();
    let mut needs: Vec<String> =
        node.get("dependsOn").map(Node::texts).unwrap_or_default().into_iter().map(|(t, _)| t).collect();
    needs.extend(before.iter().cloned());
    let forgiven = node.get("continueOnError").and_then(Node::truth) == Some(true);
    jobs.push(CiJob { name: excerpt(name), line: node.line, can_fail: !forgiven, needs, ..CiJob::default() });
    steps(node, index, forgiven, 0, notes);
}

/// Steps of a job, also below `strategy.runOnce.deploy`.
fn steps(node: &Node, job: usize, job_forgiven: bool, depth: u32, notes: &mut FileNotes) {
    for step in node.get("steps").map(Node::list).unwrap_or_default() {
        let forgiven = job_forgiven || step.get("continueOnError").and_then(Node::truth) == Some(true);
        let folder = step.get("workingDirectory").map(|n| join("", &n.scalar())).unwrap_or_default();
        let base = StepNote { job, line: step.line, folder, forgiven, ..StepNote::default() };
        let script = ["script", "bash", "pwsh", "powershell"].iter().find_map(|key| step.get(key));
        if let Some(script) = script {
            notes.steps.push(StepNote { line: script.text_line, script: script.scalar(), ..base });
        } else if let Some(task) = step.get("task").or_else(|| step.get("template")) {
            let inputs = step.get("inputs").map(Node::entries).unwrap_or_default();
            let inputs = inputs.iter().map(|e| (e.key.clone(), e.node.scalar())).collect();
            notes.steps.push(StepNote { uses: format!("azure:{}", task.scalar()), inputs, ..base });
        }
    }
    if depth < 4 {
        for key in ["strategy", "runOnce", "deploy", "rolling", "canary"] {
            if let Some(inner) = node.get(key).filter(|n| matches!(n.value, Value::Map(_))) {
                steps(inner, job, job_forgiven, depth + 1, notes);
            }
        }
    }
}
