use super::{broken, own, script_steps, workflow};
use crate::facts::config::{Node, yaml};
use crate::facts::kinds::{Answer, CiJob, CiWorkflow, Evidence};
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
    own(file) && matches!(file.name(), ".gitlab-ci.yml" | ".gitlab-ci.yaml")
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
        let allowed = inherited(&root, node, "allow_failure").and_then(Node::truth);
        // A job that waits for a person holds nothing up, unless it says so itself
        // (<https://docs.gitlab.com/ci/jobs/job_control/#types-of-manual-jobs>).
        let manual = inherited(&root, node, "when").is_some_and(|w| w.scalar() == "manual");
        if manual && allowed.is_none() {
            let line = node.get("when").map_or(node.line, |n| n.line);
            let says = "this job is started by hand, and nothing waits for it";
            said.evidence.push(Evidence::new("tests_can_fail", &file.path, line, says));
        }
        let forgiven = allowed.unwrap_or(manual);
        if allowed == Some(true) {
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
            exclusive: inherited(&root, node, "resource_group").is_some(),
            manual,
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
    unpinned_includes(&root, &mut said);
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

/// What is included from elsewhere at a version that its owner can change.
fn unpinned_includes(root: &Node, said: &mut CiWorkflow) {
    let Some(include) = root.get("include") else { return };
    let items: Vec<&Node> =
        if include.list().is_empty() { vec![include] } else { include.list().iter().collect() };
    for item in items {
        let get = |key: &str| item.get(key).map(Node::scalar);
        let address = get("remote").or_else(|| item.text().map(str::to_owned)).filter(|t| t.contains("://"));
        let shown = match (address, get("project"), get("component")) {
            (Some(address), _, _) if item.get("integrity").is_none() => address,
            (_, Some(project), _) if !fixed(&get("ref").unwrap_or_default()) => project,
            (_, _, Some(component)) if !fixed(component.rsplit('@').next().unwrap_or_default()) => component,
            _ => continue,
        };
        // The project's own parts stand on the same server, and change with its own commits.
        if shown.contains("$CI_SERVER_FQDN/$CI_PROJECT_PATH") {
            continue;
        }
        let says = format!("`{shown}` can change at any time");
        said.evidence.push(Evidence::new("unpinned_includes", &said.file, item.line, &says));
        said.unpinned_includes.push(excerpt(&shown));
    }
    said.unpinned_includes.sort();
    said.unpinned_includes.dedup();
}

/// A commit, or a full version, which people don't move.
fn fixed(reference: &str) -> bool {
    let commit = reference.len() == 40 && reference.bytes().all(|b| b.is_ascii_hexdigit());
    let numbers = reference.trim_start_matches('v').split('.');
    let version = numbers.clone().count() >= 3
        && numbers.clone().all(|n| !n.is_empty() && n.starts_with(|c: char| c.is_ascii_digit()));
    commit || version
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn pipeline(text: &str) -> CiWorkflow {
        let mut notes = FileNotes::default();
        read(&file(".gitlab-ci.yml"), text, &mut notes);
        notes.workflow.expect("a workflow")
    }

    #[test]
    fn jobs_that_hold_nothing_up() {
        let said = pipeline(
            "a:\n  script: x\n  when: manual\nb:\n  script: x\n  when: manual\n  allow_failure: false\nc:\n  script: x\n  resource_group: live\n",
        );
        let told: Vec<(bool, bool, bool)> =
            said.jobs.iter().map(|j| (j.can_fail, j.manual, j.exclusive)).collect();
        assert_eq!(told, [(false, true, false), (true, true, false), (true, false, true)]);
    }

    #[test]
    fn what_is_included_from_elsewhere() {
        let sha = "0123456789abcdef0123456789abcdef01234567";
        let said = pipeline(&format!(
            "include:\n  - remote: https://x.test/ci.yml\n  - project: group/ci\n    file: a.yml\n    ref: main\n  - project: group/fixed\n    file: a.yml\n    ref: {sha}\n  - component: gitlab.com/c/x@1.2.3\n  - component: gitlab.com/c/y@~latest\n  - local: /own.yml\n  - template: Jobs/Build.gitlab-ci.yml\n"
        ));
        let names: Vec<&str> = said.unpinned_includes.iter().map(|n| n.as_str()).collect();
        assert_eq!(names, ["gitlab.com/c/y@~latest", "group/ci", "https://x.test/ci.yml"]);
    }
}
