use super::*;
use crate::findings::Suppressed;
use crate::report::schemas::junit_problems;
use crate::report::testing::{hostile, report};

/// The element of the test of a rule, to its end.
fn case_of(text: &str, rule: &str) -> String {
    let start = text.find(&format!("({rule})\"")).unwrap();
    let rest = &text[start..];
    let end = rest.find("<testcase").or(rest.find("</testsuite>")).unwrap();
    rest[..end].to_owned()
}

#[test]
fn the_schema_takes_it() {
    for report in [report(), hostile()] {
        assert_eq!(junit_problems(&render(&report)), Vec::<String>::new());
    }
}

#[test]
fn the_schema_refuses_other_documents() {
    let good = render(&report());
    for (from, to) in [
        ("<testcase ", "<test "),
        (" tests=\"3\"", ""),
        ("<skipped>", "<skipped why=\"x\">"),
        ("</testsuites>", ""),
        ("(env-file-committed)", "\u{1}"),
        ("failures=\"1\"", "failures=\"2\""),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from} is in the document");
        assert!(!junit_problems(&bad).is_empty(), "{from} as {to}");
    }
}

#[test]
fn a_suite_for_each_area_and_a_test_for_each_rule() {
    let text = render(&report());
    assert_eq!(text.matches("<testcase ").count(), report().outcomes.len());
    assert!(text.contains(
        "<testsuite name=\"Source control and backups\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""
    ));
    let failed = case_of(&text, "env-file-committed");
    assert!(
        failed.contains("type=\"blocker\" message=\"A file with production settings is in the repository\"")
    );
    assert!(
        failed.contains("  .env:4: STRIPE_SECRET_KEY=•••\n")
            && failed.contains("How to verify: `git ls-files")
    );
    assert!(
        case_of(&text, "restore-untested").contains("<skipped>cannot be told: nothing in the repository")
    );
    assert!(case_of(&text, "bad-flag").contains("<skipped>not applicable: "));
    assert!(case_of(&text, "no-lockfile").contains("time=\"0\"/>"));
    assert!(case_of(&text, "tests-not-in-ci").contains("<skipped>it needs what another check misses"));
}

#[test]
fn what_is_known_or_accepted_is_no_failure() {
    let mut report = report();
    let accepted = report.findings.remove(0);
    let known = report.findings.remove(0);
    let (rule, other) = (accepted.rule.clone(), known.rule.clone());
    report.suppressed.push(Suppressed { finding: accepted, suppressions: Vec::new() });
    report.known.push(known);
    let text = render(&report);
    assert_eq!(junit_problems(&text), Vec::<String>::new());
    assert!(case_of(&text, &rule).contains("<system-out>Accepted: A file with production settings"));
    assert!(case_of(&text, &other).contains("<system-out>Known: "));
}

#[test]
fn checks_that_failed_to_run_are_errors() {
    let mut report = report();
    let outcome = report.outcomes.iter_mut().find(|o| o.rule == "no-lockfile").unwrap();
    outcome.incomplete = true;
    outcome.result = Result::Unknown;
    outcome.reasons = vec!["the check itself failed: 1 / 0".into()];
    report.coverage.failures =
        vec!["The rule no-lockfile failed to run: 1 / 0".into(), "The reader of pictures failed.".into()];
    let text = render(&report);
    assert_eq!(junit_problems(&text), Vec::<String>::new());
    assert!(
        case_of(&text, "no-lockfile")
            .contains("<error type=\"incomplete\" message=\"the check itself failed: 1 / 0\"/>")
    );
    assert_eq!(text.matches("<error ").count(), 2, "the rule, and what is no rule");
}

#[test]
fn hostile_text_stays_text() {
    let text = render(&hostile());
    assert!(!text.contains("<script") && !text.contains(['\u{1b}', '\u{202e}']) && !text.contains("##["));
    assert!(text.lines().all(|line| !line.trim_start().starts_with("::")));
}

#[test]
fn ten_thousand_places_are_cut_and_the_cut_is_said() {
    let mut report = report();
    let place = report.findings[0].places[0].clone();
    report.findings[0].places = vec![place; 10_000];
    report.findings[0].why = "why ".repeat(100_000);
    let text = render(&report);
    assert!(text.contains("… and 9900 more, all in the JSON report"));
    assert!(text.len() < 100_000);
}
