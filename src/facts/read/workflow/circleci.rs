use super::{broken, own, workflow};
use crate::facts::config::{Node, yaml};
use crate::facts::kinds::{Answer, CiJob};
use crate::facts::notes::{FileNotes, StepNote};
use crate::facts::shell::join;
use crate::secrets::excerpt;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    own(file) && (file.path == ".circleci/config.yml" || file.path.ends_with("/.circleci/config.yml"))
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match yaml(text) {
        Ok(root) => root,
        Err(problem) => return broken(file, "circleci", &problem, notes),
    };
    let mut said = workflow(file, "circleci", "");
    said.runs_untrusted_code = Answer::No;
    said.permissions_declared = true;
    said.triggers.push("push".to_owned());
    for entry in root.get("jobs").map(Node::entries).unwrap_or_default() {
        let job = said.jobs.len();
        let node = &entry.node;
        said.jobs.push(CiJob {
            name: excerpt(&entry.key),
            line: node.line,
            can_fail: true,
            needs: requires(&root, &entry.key),
            ..CiJob::default()
        });
        let folder = folder(node.get("working_directory"));
        for step in node.get("steps").map(Node::list).unwrap_or_default() {
            notes.steps.extend(steps(&root, step, job, &folder, 0));
        }
    }
    for flow in root.get("workflows").map(Node::entries).unwrap_or_default() {
        for trigger in flow.node.get("triggers").map(Node::list).unwrap_or_default() {
            if let Some(cron) = trigger.at(&["schedule", "cron"]) {
                said.schedules.push(excerpt(&cron.scalar()));
                said.triggers.push("schedule".to_owned());
            }
        }
    }
    said.triggers.sort();
    said.triggers.dedup();
    notes.workflow = Some(said);
}

fn folder(node: Option<&Node>) -> String {
    let text = node.map(Node::scalar).unwrap_or_default();
    // `~/project` is where CircleCI checks out.
    let text =
        text.strip_prefix("~/").map_or(text.as_str(), |rest| rest.split_once('/').map_or("", |(_, r)| r));
    join("", text)
}

/// A step is a name or a map of one entry; a command of the file is written out.
fn steps(root: &Node, step: &Node, job: usize, folder_of_job: &str, depth: u32) -> Vec<StepNote> {
    let (name, body) = match step.entries().first() {
        Some(entry) => (entry.key.clone(), Some(&entry.node)),
        None => (step.scalar(), None),
    };
    if let Some(command) = root.at(&["commands", &name, "steps"]).filter(|_| depth < 4) {
        return command.list().iter().flat_map(|s| steps(root, s, job, folder_of_job, depth + 1)).collect();
    }
    if matches!(name.as_str(), "when" | "unless") {
        let inner = body.and_then(|b| b.get("steps")).map(Node::list).unwrap_or_default();
        return if depth < 4 {
            inner.iter().flat_map(|s| steps(root, s, job, folder_of_job, depth + 1)).collect()
        } else {
            Vec::new()
        };
    }
    let mut note = StepNote { job, line: step.line, folder: folder_of_job.to_owned(), ..StepNote::default() };
    if name != "run" {
        note.uses = format!("circleci:{name}");
        return vec![note];
    }
    let Some(body) = body else { return Vec::new() };
    let command = body.get("command").unwrap_or(body);
    note.line = command.text_line;
    note.script = command.scalar();
    // CircleCI's own shell is `bash -eo pipefail`.
    note.pipefail = true;
    if let Some(own) = body.get("working_directory") {
        note.folder = folder(Some(own));
    }
    vec![note]
}

/// The jobs that `job` waits for, in any workflow of the file.
fn requires(root: &Node, job: &str) -> Vec<String> {
    let mut found = Vec::new();
    for flow in root.get("workflows").map(Node::entries).unwrap_or_default() {
        for item in flow.node.get("jobs").map(Node::list).unwrap_or_default() {
            let Some(entry) = item.entries().first().filter(|e| e.key == job) else { continue };
            let names = entry.node.get("requires").map(Node::texts).unwrap_or_default();
            found.extend(names.into_iter().map(|(name, _)| name));
        }
    }
    found.sort();
    found.dedup();
    found
}
