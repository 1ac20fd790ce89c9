use super::{broken, github_rights, github_security, workflow};
use crate::facts::config::{Entry, Node, Value, yaml};
use crate::facts::kinds::{CiJob, CiWorkflow, Evidence};
use crate::facts::notes::{FileNotes, StepNote};
use crate::facts::shell::join;
use crate::secrets::excerpt;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    let yaml = file.path.ends_with(".yml") || file.path.ends_with(".yaml");
    yaml && file.folder() == ".github/workflows"
}

pub(super) fn wants_action(file: &File) -> bool {
    matches!(file.name(), "action.yml" | "action.yaml")
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match yaml(text) {
        Ok(root) => root,
        Err(problem) => return broken(file, "github", &problem, notes),
    };
    let name = root.get("name").map(Node::scalar).unwrap_or_default();
    let mut said = workflow(file, "github", &name);
    triggers(&root, &mut said);
    let default_folder = working_directory(&root, "");
    let mut all_declare = true;
    for entry in root.get("jobs").map(Node::entries).unwrap_or_default() {
        let job = said.jobs.len();
        let node = &entry.node;
        all_declare &= node.get("permissions").is_some();
        let forgiven = node.get("continue-on-error").and_then(Node::truth) == Some(true);
        let mut ci_job = CiJob {
            name: excerpt(&entry.key),
            line: node.line,
            can_fail: !forgiven,
            needs: node
                .get("needs")
                .map(Node::texts)
                .unwrap_or_default()
                .into_iter()
                .map(|(t, _)| t)
                .collect(),
            ..CiJob::default()
        };
        github_rights::job(&root, &entry.key, node, &mut ci_job, &mut said);
        said.jobs.push(ci_job);
        if switched_off(node) {
            continue;
        }
        if forgiven {
            let line = node.get("continue-on-error").map_or(0, |n| n.line);
            let says = "this job is allowed to fail";
            said.evidence.push(Evidence::new("tests_can_fail", &file.path, line, says));
        }
        let folder = working_directory(node, &default_folder);
        if let Some(uses) = node.get("uses") {
            notes.steps.push(action(uses, node.get("with"), job, &folder, forgiven));
        }
        let shell = shell(node).or_else(|| shell(&root)).unwrap_or_default();
        let steps = node.get("steps").map(Node::list).unwrap_or_default();
        for step in steps.iter().filter(|step| !switched_off(step)) {
            notes.steps.extend(step_note(step, job, &folder, &shell, forgiven));
        }
    }
    said.permissions_declared = root.get("permissions").is_some() || (all_declare && !said.jobs.is_empty());
    if let Some(permissions) = root.get("permissions") {
        let says = "the token's permissions are written down";
        said.evidence.push(Evidence::new("permissions_declared", &file.path, permissions.line, says));
    }
    github_rights::workflow(&root, &mut said);
    github_security::unpinned_actions(&notes.steps, &mut said);
    github_security::untrusted_code(&root, &mut said);
    github_security::script_injections(&root, &notes.steps, &mut said);
    notes.workflow = Some(said);
}

pub(super) fn read_action(_file: &File, text: &str, notes: &mut FileNotes) {
    let Ok(root) = yaml(text) else { return };
    for step in root.at(&["runs", "steps"]).map(Node::list).unwrap_or_default() {
        notes.steps.extend(step_note(step, 0, "", "bash", false));
    }
}

fn triggers(root: &Node, said: &mut CiWorkflow) {
    let Some(on) = root.get("on").or_else(|| root.get("true")) else { return };
    said.triggers = match &on.value {
        Value::Map(entries) => entries.iter().map(trigger).collect(),
        _ => on.texts().into_iter().map(|(text, _)| text).collect(),
    };
    said.triggers.sort();
    said.triggers.dedup();
    if let Some(branches) = on.at(&["push", "branches"]) {
        let names: Vec<String> = branches.texts().into_iter().map(|(branch, _)| branch).collect();
        let says = format!("a push starts it on {} only", names.join(", "));
        said.evidence.push(Evidence::new("tests_before_merge", &said.file, branches.line, &says));
    }
    said.push_branches = on
        .at(&["push", "branches"])
        .map(Node::texts)
        .unwrap_or_default()
        .into_iter()
        .map(|(branch, _)| branch)
        .collect();
    for cron in on.get("schedule").map(Node::list).unwrap_or_default() {
        if let Some(line) = cron.get("cron") {
            said.schedules.push(excerpt(&line.scalar()));
        }
    }
}

/// Whether a job or step never runs: `if: false`.
fn switched_off(node: &Node) -> bool {
    let condition = node.get("if").map(Node::scalar).unwrap_or_default();
    let inner = condition.trim().trim_start_matches("${{").trim_end_matches("}}");
    inner.trim() == "false"
}

/// A push of tags only is a release, and no change.
fn trigger(entry: &Entry) -> String {
    let node = &entry.node;
    let has = |key: &str| node.get(key).is_some();
    let tags_only =
        entry.key == "push" && has("tags") && !has("branches") && !has("branches-ignore") && !has("paths");
    if tags_only { "tag".to_owned() } else { entry.key.clone() }
}

fn working_directory(node: &Node, default: &str) -> String {
    let own = node.at(&["defaults", "run", "working-directory"]).map(Node::scalar);
    own.map_or_else(|| default.to_owned(), |folder| join("", &folder))
}

fn shell(node: &Node) -> Option<String> {
    node.at(&["defaults", "run", "shell"]).map(Node::scalar)
}

fn step_note(step: &Node, job: usize, folder: &str, shell: &str, job_forgiven: bool) -> Option<StepNote> {
    let forgiven = job_forgiven || step.get("continue-on-error").and_then(Node::truth) == Some(true);
    let folder =
        step.get("working-directory").map_or_else(|| folder.to_owned(), |own| join("", &own.scalar()));
    if let Some(uses) = step.get("uses") {
        return Some(action(uses, step.get("with"), job, &folder, forgiven));
    }
    let run = step.get("run")?;
    let shell = step.get("shell").map_or_else(|| shell.to_owned(), Node::scalar);
    Some(StepNote {
        job,
        line: run.text_line,
        script: run.scalar(),
        folder,
        forgiven,
        // `shell: bash` is `bash -eo pipefail`; the shell of a step that names none is not.
        pipefail: shell == "bash",
        ..StepNote::default()
    })
}

fn action(uses: &Node, with: Option<&Node>, job: usize, folder: &str, forgiven: bool) -> StepNote {
    let inputs = with.map(Node::entries).unwrap_or_default();
    StepNote {
        job,
        line: uses.line,
        uses: uses.scalar(),
        inputs: inputs.iter().map(|e| (e.key.clone(), e.node.scalar())).collect(),
        folder: folder.to_owned(),
        forgiven,
        ..StepNote::default()
    }
}
