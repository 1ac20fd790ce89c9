//! What takes the whole of a workflow to say: when its tests run, whether deployments meet, what it fetches, who can set
//! it off.

use crate::facts::ci::{CiRun, OPEN_TO_STRANGERS, for_changes_only};
use crate::facts::kinds::{Answer, CiWorkflow, Evidence, Unknown};
use crate::facts::shell::remote_scripts;
use crate::facts::{FileNotes, Input};
use crate::secrets::excerpt;

/// Branches that a change is on once it is accepted.
const MAIN: &[&str] = &["main", "master", "trunk", "production", "prod", "live", "release"];

pub(super) fn tell(workflow: &mut CiWorkflow, note: &FileNotes, runs: &[CiRun], input: &Input<'_>) {
    workflow.open_to_strangers = workflow.triggers.iter().any(|t| {
        t == "pull_request" || t == "pull_request_review" || OPEN_TO_STRANGERS.contains(&t.as_str())
    });
    before_merge(workflow);
    overlap(workflow, runs);
    fetched(workflow, note);
    own_account(workflow, input);
}

fn before_merge(workflow: &mut CiWorkflow) {
    let cell = "tests_before_merge";
    let change = |t: &String| t.starts_with("pull_request") || t == "merge_group";
    let pushed = workflow.triggers.iter().any(|t| t == "push");
    let main_only = !workflow.push_branches.is_empty()
        && workflow.push_branches.iter().all(|b| MAIN.contains(&b.as_str()));
    let answer = match workflow.tests_changes {
        Answer::Yes if workflow.triggers.iter().any(change) => Answer::Yes,
        Answer::Yes if workflow.system == "circleci" => Answer::Yes,
        Answer::Yes if workflow.system == "github" && pushed && main_only => Answer::No,
        Answer::Yes if workflow.system == "github" && pushed => Answer::Yes,
        Answer::Yes | Answer::Partial | Answer::Unknown => Answer::Unknown,
        Answer::No | Answer::Na => Answer::Na,
    };
    workflow.tests_before_merge = answer;
    if answer != Answer::No {
        workflow.evidence.retain(|e| e.cell != cell);
    }
    if answer == Answer::Unknown {
        let reason = "for which branches its tests run was not followed";
        workflow.unknowns.push(Unknown::new(cell, reason));
    }
}

/// Whether the command puts a version where people can get it, beside the ones before it: an image, a package, a
/// release. Which of two comes last matters less there.
fn publishes(run: &CiRun) -> bool {
    let words: Vec<&str> = run.ran.words.iter().map(String::as_str).collect();
    let action = run.action.split('@').next().unwrap_or_default();
    matches!(
        words.as_slice(),
        ["docker" | "podman", ..] | ["helm", "push", ..] | ["gh", ..] | ["twine", ..] | ["gh-pages", ..]
    ) || words.contains(&"publish")
        || ["build-push-action", "gh-release", "goreleaser", "pypi-publish", "winget", "bake-action"]
            .iter()
            .any(|name| action.contains(name))
}

fn overlap(workflow: &mut CiWorkflow, runs: &[CiRun]) {
    let cell = "deploys_can_overlap";
    let reads = matches!(workflow.system.as_str(), "github" | "gitlab");
    let pushed = workflow.triggers.iter().any(|t| t == "push");
    let deploying = |job: usize| runs.iter().any(|r| r.job == job && r.ran.act.deploys && !publishes(r));
    workflow.deploys_can_overlap = match workflow.deploys {
        Answer::Yes if for_changes_only(workflow) || !pushed => Answer::Na,
        Answer::Yes if reads => {
            let open: Vec<(u32, String)> = workflow
                .jobs
                .iter()
                .enumerate()
                .filter(|(index, j)| deploying(*index) && !j.exclusive)
                .map(|(_, j)| (j.line, format!("nothing makes runs of `{}` wait for each other", j.name)))
                .collect();
            for (line, says) in &open {
                workflow.evidence.push(Evidence::new(cell, &workflow.file, *line, says));
            }
            if open.is_empty() { Answer::No } else { Answer::Yes }
        }
        Answer::Yes | Answer::Unknown | Answer::Partial => Answer::Unknown,
        Answer::No | Answer::Na => Answer::Na,
    };
    if workflow.deploys_can_overlap == Answer::Unknown {
        let reason = "what it deploys, or in which order, was not followed";
        workflow.unknowns.push(Unknown::new(cell, reason));
    }
}

fn fetched(workflow: &mut CiWorkflow, note: &FileNotes) {
    for step in &note.steps {
        for (offset, url) in remote_scripts(&step.script) {
            let says = format!("`{url}` is fetched and run unseen");
            let line = step.line.saturating_add(offset);
            workflow.evidence.push(Evidence::new("remote_scripts", &workflow.file, line, &says));
            workflow.remote_scripts.push(excerpt(&url));
        }
    }
    workflow.remote_scripts.sort();
    workflow.remote_scripts.dedup();
}

/// What the project hands to its own account stays in its hands.
fn own_account(workflow: &mut CiWorkflow, input: &Input<'_>) {
    let remotes = input.source.git.iter().flat_map(|git| &git.remotes);
    let owners: Vec<String> =
        remotes.filter(|r| !r.owner.is_empty()).map(|r| format!("{}/", r.owner)).collect();
    let own = |name: &str| {
        owners.iter().any(|o| name.get(..o.len()).is_some_and(|start| start.eq_ignore_ascii_case(o)))
    };
    workflow.evidence.retain(|e| {
        let to = e.says.as_str().split('`').nth(3).unwrap_or_default();
        e.cell != "secrets_handed_on" || !own(to)
    });
    workflow.secrets_handed_on.retain(|name| !own(name.as_str()));
}

#[cfg(test)]
mod tests {
    use crate::facts::kinds::{Answer, CiWorkflow};
    use crate::facts::testing::facts;

    fn workflow(text: &str) -> CiWorkflow {
        facts(&[(".github/workflows/a.yml", text)]).ci_workflows.remove(0)
    }

    fn tests(on: &str) -> Answer {
        workflow(&format!("on:\n{on}jobs:\n  t:\n    steps:\n      - run: npx vitest run\n"))
            .tests_before_merge
    }

    #[test]
    fn before_or_after_the_merge() {
        assert_eq!(tests("  push:\n    branches: [main]\n"), Answer::No);
        assert_eq!(tests("  push:\n    branches: [main]\n  pull_request:\n"), Answer::Yes);
        assert_eq!(tests("  push:\n"), Answer::Yes, "every branch");
        assert_eq!(tests("  push:\n    branches: [main, 'feature/**']\n"), Answer::Yes);
        assert_eq!(tests("  schedule:\n    - cron: '0 0 * * *'\n"), Answer::Na);
    }

    #[test]
    fn deployments_that_meet() {
        let deploy = |on: &str, more: &str| {
            let text = format!("on: {on}\n{more}jobs:\n  d:\n    steps:\n      - run: fly deploy\n");
            workflow(&text).deploys_can_overlap
        };
        assert_eq!(deploy("push", ""), Answer::Yes);
        assert_eq!(deploy("push", "concurrency: live\n"), Answer::No);
        assert_eq!(deploy("workflow_dispatch", ""), Answer::Na);
        assert_eq!(deploy("pull_request", ""), Answer::Na);
    }

    #[test]
    fn jobs_that_never_run_do_nothing() {
        let found = workflow(
            "on: push\njobs:\n  t:\n    if: ${{ false }}\n    steps:\n      - run: npx vitest run\n",
        );
        assert_eq!(found.runs_tests, Answer::No);
    }

    #[test]
    fn scripts_that_are_fetched() {
        let found = workflow(
            "on: push\njobs:\n  t:\n    steps:\n      - run: |\n          echo a\n          curl -s https://x.test/i | sh\n",
        );
        assert_eq!(found.remote_scripts[0].as_str(), "https://x.test/i");
        assert!(found.evidence.iter().any(|e| e.cell == "remote_scripts" && e.line == 7));
    }
}
