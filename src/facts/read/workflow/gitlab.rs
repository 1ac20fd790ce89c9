use super::{broken, script_steps, workflow};
use crate::facts::config::{Node, yaml};
use crate::facts::kinds::{Answer, CiJob, Evidence};
use crate::facts::notes::{FileNotes, StepNote};
use crate::secrets::excerpt;
use crate::source::File;

/// Keys of the file that are no jobs.
const GLOBAL: &[&str] = &[
    "default",
    "include",
    "stages",
    "variables",
    "workflow",
    "image",
    "services",
    "before_script",
    "after_script",
    "cache",
    "spec",
    "pages:deploy",
];

pub(super) fn wants(file: &File) -> bool {
    matches!(file.name(), ".gitlab-ci.yml" | ".gitlab-ci.yaml")
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match yaml(text) {
        Ok(root) => root,
        Err(problem) => return broken(file, "gitlab", &problem, notes),
    };
    let mut said = workflow(file, "gitlab", "");
    said.runs_untrusted_code = Answer::No;
    said.permissions_declared = true;
    let stages: Vec<String> = match root.get("stages") {
        Some(stages) => stages.texts().into_iter().map(|(stage, _)| stage).collect(),
        None => ["build", "test", "deploy"].map(str::to_owned).to_vec(),
    };
    let mut triggers = vec!["push".to_owned()];
    let jobs = root
        .entries()
        .iter()
        .filter(|e| !GLOBAL.contains(&e.key.as_str()) && !e.key.starts_with('.') && e.node.is_map());
    // (stage, name) of the jobs so far, since a job waits for all jobs of earlier stages.
    let mut staged: Vec<(usize, String)> = Vec::new();
    let all: Vec<_> = jobs.collect();
    for entry in &all {
        let stage = stage_of(&root, &entry.node, &stages);
        staged.push((stage, entry.key.clone()));
    }
    for (job, entry) in all.iter().enumerate() {
        let node = &entry.node;
        let forgiven = inherited(&root, node, "allow_failure").and_then(Node::truth) == Some(true);
        if forgiven {
            let line = node.get("allow_failure").map_or(node.line, |n| n.line);
            let says = "this job is allowed to fail";
            said.evidence.push(Evidence::new("tests_can_fail", &file.path, line, says));
        }
        let own = staged.get(job).map_or(0, |(stage, _)| *stage);
        let needs = match node.get("needs") {
            Some(needs) => {
                needs
                    .list()
                    .iter()
                    .map(|n| {
                        if n.is_map() {
                            n.get("job").map(Node::scalar).unwrap_or_default()
                        } else {
                            n.scalar()
                        }
                    })
                    .collect()
            }
            None => staged.iter().filter(|(stage, _)| *stage < own).map(|(_, name)| name.clone()).collect(),
        };
        said.jobs.push(CiJob {
            name: excerpt(&entry.key),
            line: node.line,
            can_fail: !forgiven,
            needs,
            ..CiJob::default()
        });
        for key in ["before_script", "script"] {
            let default = root.at(&["default", key]).or_else(|| root.get(key));
            let own = inherited(&root, node, key);
            if let Some(script) = own.or(default.filter(|_| key == "before_script")) {
                notes.steps.extend(script_steps(script, job, "", forgiven));
            }
        }
        // A job that deploys says so by its environment.
        if node.get("environment").is_some() {
            let line = node.get("environment").map_or(0, |n| n.line);
            let uses = "gitlab:environment".to_owned();
            notes.steps.push(StepNote { job, line, uses, ..StepNote::default() });
        }
        let rules = format!("{:?}{:?}", node.get("rules"), node.get("only"));
        for (word, trigger) in [("merge_request", "pull_request"), ("schedule", "schedule")] {
            if rules.contains(word) {
                triggers.push(trigger.to_owned());
            }
        }
    }
    triggers.sort();
    triggers.dedup();
    said.triggers = triggers;
    includes(&root, notes);
    notes.workflow = Some(said);
}

/// Templates of GitLab and files of other projects can't be seen.
fn includes(root: &Node, notes: &mut FileNotes) {
    let Some(include) = root.get("include") else { return };
    let items: Vec<&Node> =
        if include.list().is_empty() { vec![include] } else { include.list().iter().collect() };
    for item in items {
        let local = item.get("local").map(Node::scalar).or_else(|| item.text().map(str::to_owned));
        let uses = match local {
            Some(path) if !path.contains("://") => format!("./{}", path.trim_start_matches('/')),
            _ => "gitlab:include".to_owned(),
        };
        notes.steps.push(StepNote { job: usize::MAX, line: item.line, uses, ..StepNote::default() });
    }
}

/// A key of the job or of the jobs that it extends.
fn inherited<'n>(root: &'n Node, job: &'n Node, key: &str) -> Option<&'n Node> {
    let mut at = job;
    for _ in 0..5 {
        if let Some(found) = at.get(key) {
            return Some(found);
        }
        let parent = at.get("extends")?.texts().into_iter().next_back()?.0;
        at = root.get(&parent)?;
    }
    None
}

fn stage_of(root: &Node, job: &Node, stages: &[String]) -> usize {
    let stage = inherited(root, job, "stage").map_or_else(|| "test".to_owned(), Node::scalar);
    match stage.as_str() {
        ".pre" => 0,
        ".post" => usize::MAX,
        name => stages.iter().position(|s| s == name).map_or(1, |at| at + 1),
    }
}
