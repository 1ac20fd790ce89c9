use crate::facts::kinds::{Answer, Evidence, Unknown};
use crate::facts::layout::app_of;
use crate::facts::{Facts, Input};

/// A test run of some workflow.
struct Run {
    tool: &'static str,
    folder: String,
    file: String,
    line: u32,
}

/// Fills in `app.tests_in_ci` and `project.ci_runs_tests`.
pub(super) fn run(input: &Input<'_>, facts: &mut Facts) {
    let ci = input.ci();
    let mut runs: Vec<Run> = Vec::new();
    for note in input.notes.iter().filter(|n| n.workflow.is_some()) {
        for run in ci.runs(note).iter().filter(|r| !r.ran.act.tests.is_empty()) {
            runs.push(Run {
                tool: run.ran.act.tests,
                folder: run.ran.folder.clone(),
                file: note.path.clone(),
                line: run.line,
            });
        }
    }
    let open = facts.ci_workflows.iter().find(|w| w.runs_tests == Answer::Unknown);
    let reason = open.map(|w| {
        let reason = w.unknowns.iter().find(|u| u.cell == "runs_tests").map(|u| u.reason.clone());
        format!("of {}: {}", w.file, reason.unwrap_or_default())
    });

    let any = facts.ci_workflows.iter().find(|w| w.runs_tests == Answer::Yes);
    facts.project.ci_runs_tests = match (any, &reason) {
        (Some(workflow), _) => {
            let evidence = workflow.evidence.iter().filter(|e| e.cell == "runs_tests").take(1);
            let told = evidence.map(|e| Evidence { cell: "ci_runs_tests".to_owned(), ..e.clone() });
            facts.project.evidence.extend(told);
            Answer::Yes
        }
        (None, Some(reason)) => {
            facts.project.unknowns.push(Unknown::new("ci_runs_tests", reason));
            Answer::Unknown
        }
        (None, None) => {
            let says = match facts.ci_workflows.len() {
                0 => "there is no CI workflow".to_owned(),
                n => format!("none of {n} workflows runs tests"),
            };
            facts.project.evidence.push(Evidence::new("ci_runs_tests", "", 0, &says));
            Answer::No
        }
    };

    let mut apps = std::mem::take(&mut facts.apps);
    let owners: Vec<String> = runs.iter().map(|r| app_of(&apps, &r.folder)).collect();
    for app in &mut apps {
        let suites: Vec<&str> =
            facts.tests.iter().filter(|t| t.app == app.path).map(|t| t.framework.as_str()).collect();
        // A run at the top covers an app below it if it is of the app's own test tool.
        let covers = |run: &Run, owner: &str| {
            owner == app.path || (above(&run.folder, &app.path) && suites.contains(&run.tool))
        };
        let found = runs.iter().zip(&owners).find(|(run, owner)| covers(run, owner)).map(|(run, _)| run);
        app.tests_in_ci = match (found, &reason) {
            (Some(run), _) => {
                let says = format!("runs {} in CI", run.tool);
                app.evidence.push(Evidence::new("tests_in_ci", &run.file, run.line, &says));
                Answer::Yes
            }
            (None, Some(reason)) => {
                app.unknowns.push(Unknown::new("tests_in_ci", reason));
                Answer::Unknown
            }
            (None, None) => {
                app.evidence.push(Evidence::new("tests_in_ci", "", 0, "no workflow runs tests of this app"));
                Answer::No
            }
        };
    }
    facts.apps = apps;
}

/// Whether `folder` holds the app and is not the app itself.
fn above(folder: &str, app: &str) -> bool {
    folder.is_empty() || app.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
