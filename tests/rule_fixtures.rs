//! Every shipped rule fires on its bad fixture and not on its near miss: one test for each rule.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed test may panic")]

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};
use vibecheck::rules::{RuleSet, run_fixtures};

fn main() -> ExitCode {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fixtures = project.join("fixtures/rules");
    let rules = Arc::new(RuleSet::load(&[]).expect("the shipped packs are well-formed"));
    let mut trials: Vec<Trial> = rules
        .rules
        .iter()
        .map(|loaded| {
            let (id, rules, fixtures) = (loaded.rule.id.clone(), Arc::clone(&rules), fixtures.clone());
            Trial::test(loaded.rule.id.clone(), move || {
                let results = run_fixtures(&rules, &fixtures, |loaded| loaded.rule.id == id);
                let own =
                    results.iter().find(|result| result.rule == id).expect("the runner reports every rule");
                if own.problems.is_empty() { Ok(()) } else { Err(own.problems.join("\n").into()) }
            })
        })
        .collect();
    trials.push(Trial::test("every folder is named after a rule", move || {
        let strays = run_fixtures(&rules, &fixtures, |_| false);
        let names: Vec<&str> = strays.iter().map(|stray| stray.rule.as_str()).collect();
        if names.is_empty() { Ok(()) } else { Err(names.join(", ").into()) }
    }));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
