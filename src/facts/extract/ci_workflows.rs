//! CI workflows: what the steps that were read come to.

#[path = "ci_depth.rs"]
mod depth;

use crate::facts::ci::{CiRun, OPEN_TO_STRANGERS, for_changes_only};
use crate::facts::kinds::{Answer, CiWorkflow, Evidence, Unknown};
use crate::facts::{Facts, FileNotes, Input};

/// Triggers that come with a change.
const CHANGES: &[&str] = &["push", "pull_request", "pull_request_target", "merge_group"];

/// Triggers that somebody pulls for a commit that is there already.
const RELEASES: &[&str] = &["workflow_dispatch", "workflow_call", "release", "tag", "repository_dispatch"];

/// Fills `ci_workflows`, by path.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let ci = input.ci();
    for note in input.notes {
        let Some(workflow) = &note.workflow else { continue };
        let mut workflow = workflow.clone();
        if workflow.read {
            let callers = callers(note, input.notes);
            let runs = ci.runs(note);
            tell(&mut workflow, runs, &callers);
            called_by_strangers(&mut workflow, &callers);
            depth::tell(&mut workflow, note, runs, input);
        }
        workflow.evidence.sort_by(|a, b| (&a.cell, a.line, &a.says).cmp(&(&b.cell, b.line, &b.says)));
        workflow.evidence.dedup();
        facts.ci_workflows.push(workflow);
    }
    released_by_hand(facts);
}

/// A release that people start is of a change which another workflow has tested before, if they waited for it.
fn released_by_hand(facts: &mut Facts) {
    let cell = "deploy_waits_for_tests";
    let tested = facts.ci_workflows.iter().find(|w| w.tests_changes == Answer::Yes).map(|w| w.file.clone());
    let Some(tested) = tested else { return };
    let by_hand = |t: &String| RELEASES.contains(&t.as_str());
    for workflow in &mut facts.ci_workflows {
        let waits = &mut workflow.deploy_waits_for_tests;
        if !matches!(waits, Answer::No | Answer::Partial) || !workflow.triggers.iter().all(by_hand) {
            continue;
        }
        *waits = Answer::Unknown;
        let reason = format!(
            "people start it, and whether they wait for the tests of {tested} is not in the repository"
        );
        workflow.unknowns.push(Unknown::new(cell, &reason));
    }
}

/// The triggers of the workflows that call this one.
fn callers(note: &FileNotes, notes: &[FileNotes]) -> Vec<String> {
    let own = format!("./{}", note.path);
    notes
        .iter()
        .filter(|n| n.steps.iter().any(|s| s.uses == own))
        .filter_map(|n| n.workflow.as_ref())
        .flat_map(|w| w.triggers.clone())
        .collect()
}

/// A workflow that is only called sees what strangers write if a workflow calls it that strangers set off.
fn called_by_strangers(workflow: &mut CiWorkflow, callers: &[String]) {
    let open = |triggers: &[String]| triggers.iter().any(|t| OPEN_TO_STRANGERS.contains(&t.as_str()));
    if !open(&workflow.triggers) && !open(callers) {
        workflow.script_injections = 0;
        workflow.evidence.retain(|e| e.cell != "script_injections");
    }
}

fn tell(workflow: &mut CiWorkflow, runs: &[CiRun], callers: &[String]) {
    let opaque = runs.iter().find(|r| !r.ran.opaque.is_empty());
    let file = workflow.file.clone();
    let evidence = |cell: &str, run: &CiRun, what: &str| {
        let through = if run.ran.indirect && run.ran.file != file {
            format!(" ({}:{})", run.ran.file, run.ran.line)
        } else {
            String::new()
        };
        let shown = if run.action.is_empty() || !run.ran.words.is_empty() {
            run.ran.words.iter().take(8).cloned().collect::<Vec<_>>().join(" ")
        } else {
            run.action.clone()
        };
        Evidence::new(cell, &file, run.line, &format!("{what}: `{shown}`{through}"))
    };

    for (cell, what, does) in [
        ("runs_tests", "runs tests", (|r: &CiRun| !r.ran.act.tests.is_empty()) as fn(&CiRun) -> bool),
        ("runs_checks", "checks", |r| r.ran.act.checks),
        ("runs_build", "builds", |r| r.ran.act.builds),
        ("deploys", "deploys", |r| r.ran.act.deploys),
        ("runs_migrations", "applies migrations", |r| r.ran.act.migrates),
    ] {
        let found: Vec<&CiRun> = runs.iter().filter(|r| does(r)).collect();
        let answer = match (found.is_empty(), opaque) {
            (false, _) => Answer::Yes,
            (true, Some(_)) => Answer::Unknown,
            (true, None) => Answer::No,
        };
        workflow.evidence.extend(found.iter().take(10).map(|run| evidence(cell, run, what)));
        match (answer, opaque) {
            (Answer::Unknown, Some(run)) => {
                workflow.unknowns.push(Unknown::new(cell, &run.ran.opaque));
                workflow.evidence.push(evidence(cell, run, "could not be followed"));
            }
            (Answer::No, _) => {
                let says = format!("no step {what}");
                workflow.evidence.push(Evidence::new(cell, &file, 0, &says));
            }
            _ => {}
        }
        match cell {
            "runs_tests" => workflow.runs_tests = answer,
            "runs_checks" => workflow.runs_checks = answer,
            "runs_build" => workflow.runs_build = answer,
            "runs_migrations" => workflow.runs_migrations = answer,
            _ => workflow.deploys = answer,
        }
    }
    for (index, job) in workflow.jobs.iter_mut().enumerate() {
        job.runs_tests = runs.iter().any(|r| r.job == index && !r.ran.act.tests.is_empty());
        job.deploys = runs.iter().any(|r| r.job == index && r.ran.act.deploys);
    }
    tests_changes(workflow, callers);
    tests_can_fail(workflow, runs, &evidence);
    deploy_waits(workflow, runs, opaque.is_some(), &evidence);
}

fn tests_changes(workflow: &mut CiWorkflow, callers: &[String]) {
    let starts = |triggers: &[String]| triggers.iter().any(|t| CHANGES.contains(&t.as_str()));
    let called = workflow.triggers.iter().any(|t| t == "workflow_call") && starts(callers);
    workflow.tests_changes = match workflow.runs_tests {
        Answer::Yes if starts(&workflow.triggers) || called => Answer::Yes,
        Answer::Yes => Answer::No,
        other => other,
    };
    if workflow.tests_changes == Answer::Unknown {
        let reason = reason_of(workflow, "runs_tests");
        workflow.unknowns.push(Unknown::new("tests_changes", &reason));
    } else {
        let says = format!("starts on {}", workflow.triggers.join(", "));
        workflow.evidence.push(Evidence::new("tests_changes", &workflow.file.clone(), 0, &says));
    }
}

fn reason_of(workflow: &CiWorkflow, cell: &str) -> String {
    let found = workflow.unknowns.iter().find(|u| u.cell == cell);
    found.map_or_else(|| "what it runs could not be followed".to_owned(), |u| u.reason.clone())
}

fn tests_can_fail(
    workflow: &mut CiWorkflow,
    runs: &[CiRun],
    evidence: &dyn Fn(&str, &CiRun, &str) -> Evidence,
) {
    let tests: Vec<&CiRun> = runs.iter().filter(|r| !r.ran.act.tests.is_empty()).collect();
    let forgiven = tests.iter().filter(|r| r.forgiven).count();
    workflow.tests_can_fail = match workflow.runs_tests {
        Answer::Yes if forgiven == tests.len() => Answer::No,
        Answer::Yes if tests.iter().all(|r| r.forgiven || r.piped) => Answer::Unknown,
        Answer::Yes if forgiven > 0 => Answer::Partial,
        Answer::Yes => Answer::Yes,
        Answer::No => Answer::Na,
        other => other,
    };
    for run in &tests {
        let what = if run.forgiven { "its failure is swallowed" } else { "its failure fails the workflow" };
        workflow.evidence.push(evidence("tests_can_fail", run, what));
    }
    if workflow.tests_can_fail == Answer::Unknown {
        let reason = if workflow.runs_tests == Answer::Yes {
            "the output of the tests is piped into another command, which decides whether the step fails"
                .to_owned()
        } else {
            reason_of(workflow, "runs_tests")
        };
        workflow.unknowns.push(Unknown::new("tests_can_fail", &reason));
    }
}

fn deploy_waits(
    workflow: &mut CiWorkflow,
    runs: &[CiRun],
    opaque: bool,
    evidence: &dyn Fn(&str, &CiRun, &str) -> Evidence,
) {
    let cell = "deploy_waits_for_tests";
    if workflow.deploys == Answer::Yes && for_changes_only(workflow) {
        workflow.deploy_waits_for_tests = Answer::Na;
        let says = "it deploys pull requests, and nothing else";
        workflow.evidence.push(Evidence::new(cell, &workflow.file.clone(), 0, says));
        return;
    }
    if workflow.deploys != Answer::Yes {
        workflow.deploy_waits_for_tests =
            if workflow.deploys == Answer::No { Answer::Na } else { Answer::Unknown };
        if workflow.deploys == Answer::Unknown {
            let reason = reason_of(workflow, "deploys");
            workflow.unknowns.push(Unknown::new(cell, &reason));
        }
        return;
    }
    let deploys: Vec<(usize, &CiRun)> = runs.iter().enumerate().filter(|(_, r)| r.ran.act.deploys).collect();
    let waits = |at: usize, deploy: &CiRun| {
        let before = needed(workflow, deploy.job);
        runs.iter().enumerate().any(|(i, r)| {
            !r.ran.act.tests.is_empty()
                && !r.forgiven
                && ((r.job == deploy.job && i < at) || before.contains(&r.job))
        })
    };
    let waiting = deploys.iter().filter(|(at, run)| waits(*at, run)).count();
    let after_another = workflow.triggers.iter().any(|t| t == "workflow_run");
    let answer = match waiting {
        n if n == deploys.len() => Answer::Yes,
        0 if after_another || opaque => Answer::Unknown,
        0 => Answer::No,
        _ => Answer::Partial,
    };
    let told: Vec<Evidence> = deploys
        .iter()
        .take(10)
        .map(|(at, run)| {
            let what =
                if waits(*at, run) { "deploys after tests" } else { "deploys without waiting for tests" };
            evidence(cell, run, what)
        })
        .collect();
    workflow.evidence.extend(told);
    workflow.deploy_waits_for_tests = answer;
    if answer == Answer::Unknown {
        let reason = if after_another {
            "it starts after another workflow, and whether it asks for that one's success was not followed"
        } else {
            "a step before it could not be followed"
        };
        workflow.unknowns.push(Unknown::new(cell, reason));
    }
}

/// The jobs that `job` waits for, directly or not.
fn needed(workflow: &CiWorkflow, job: usize) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    let mut open = vec![job];
    while let Some(at) = open.pop() {
        let needs = workflow.jobs.get(at).map(|j| j.needs.as_slice()).unwrap_or_default();
        for name in needs {
            let position = workflow.jobs.iter().position(|j| j.name.as_str() == name);
            if let Some(position) = position.filter(|p| !found.contains(p)) {
                found.push(position);
                open.push(position);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    fn waits(trigger: &str, others: &[(&str, &str)]) -> Answer {
        let text = format!("on: {trigger}\njobs:\n  a:\n    steps:\n      - run: fly deploy\n");
        let mut files = vec![(".github/workflows/deploy.yml", text.as_str())];
        files.extend(others);
        let found = facts(&files).ci_workflows;
        found.iter().find(|w| w.file.ends_with("deploy.yml")).expect("a workflow").deploy_waits_for_tests
    }

    #[test]
    fn what_a_deployment_waits_for() {
        let tests = (
            ".github/workflows/test.yml",
            "on: pull_request\njobs:\n  a:\n    steps:\n      - run: npx vitest run\n",
        );
        assert_eq!(waits("push", &[tests]), Answer::No);
        assert_eq!(waits("release", &[tests]), Answer::Unknown, "people may have waited");
        assert_eq!(waits("release", &[]), Answer::No, "there is nothing to wait for");
        assert_eq!(waits("pull_request", &[tests]), Answer::Na, "a preview");
    }

    #[test]
    fn a_called_workflow_sees_what_its_callers_see() {
        let called = (
            ".github/workflows/called.yml",
            "on: workflow_call\njobs:\n  a:\n    steps:\n      - run: echo ${{ github.event.issue.title }}\n",
        );
        let calls =
            |trigger: &str| format!("on: {trigger}\njobs:\n  a:\n    uses: ./.github/workflows/called.yml\n");
        let count = |trigger: &str| {
            let caller = calls(trigger);
            let found = facts(&[called, (".github/workflows/caller.yml", &caller)]).ci_workflows;
            found.iter().map(|w| w.script_injections).sum::<u32>()
        };
        assert_eq!((count("issues"), count("push")), (1, 0));
    }
}
