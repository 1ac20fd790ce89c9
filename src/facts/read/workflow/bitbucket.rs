use super::{broken, own, script_steps, workflow};
use crate::facts::config::{Node, yaml};
use crate::facts::kinds::{Answer, CiJob};
use crate::facts::notes::{FileNotes, StepNote};
use crate::secrets::excerpt;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    own(file) && file.name() == "bitbucket-pipelines.yml"
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match yaml(text) {
        Ok(root) => root,
        Err(problem) => return broken(file, "bitbucket", &problem, notes),
    };
    let mut said = workflow(file, "bitbucket", "");
    said.runs_untrusted_code = Answer::No;
    said.permissions_declared = true;
    for entry in root.get("pipelines").map(Node::entries).unwrap_or_default() {
        let trigger = match entry.key.as_str() {
            "default" | "branches" | "tags" => "push",
            "pull-requests" => "pull_request",
            _ => "workflow_dispatch",
        };
        said.triggers.push(trigger.to_owned());
        if entry.node.list().is_empty() {
            for branch in entry.node.entries() {
                pipeline(&branch.node, &format!("{}/{}", entry.key, branch.key), &mut said.jobs, notes);
            }
        } else {
            pipeline(&entry.node, &entry.key, &mut said.jobs, notes);
        }
    }
    said.triggers.sort();
    said.triggers.dedup();
    notes.workflow = Some(said);
}

/// Steps run one after the other; those of a `parallel` beside each other.
fn pipeline(node: &Node, name: &str, jobs: &mut Vec<CiJob>, notes: &mut FileNotes) {
    let mut before: Vec<String> = Vec::new();
    for item in node.list() {
        let mut together: Vec<&Node> = Vec::new();
        if let Some(step) = item.get("step") {
            together.push(step);
        }
        let parallel = item.get("parallel").or_else(|| item.get("stage"));
        let inner = parallel.map(|p| p.get("steps").unwrap_or(p)).map(Node::list).unwrap_or_default();
        together.extend(inner.iter().filter_map(|i| i.get("step")));
        let mut names = Vec::new();
        for step in together {
            let job = jobs.len();
            let title = step.get("name").map(Node::scalar).unwrap_or_default();
            let id = format!("{name}/{}{title}", job + 1);
            jobs.push(CiJob {
                name: excerpt(&id),
                line: step.line,
                can_fail: true,
                needs: before.clone(),
                ..CiJob::default()
            });
            names.push(id);
            for part in step.get("script").map(Node::list).unwrap_or_default() {
                match part.get("pipe") {
                    Some(pipe) => notes.steps.push(StepNote {
                        job,
                        line: part.line,
                        uses: format!("bitbucket:{}", pipe.scalar()),
                        ..StepNote::default()
                    }),
                    None => notes.steps.extend(script_steps(part, job, "", false)),
                }
            }
            if let Some(deployment) = step.get("deployment") {
                let uses = "bitbucket:deployment".to_owned();
                notes.steps.push(StepNote { job, line: deployment.line, uses, ..StepNote::default() });
            }
        }
        before.extend(names);
    }
}
