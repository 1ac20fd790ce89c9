use super::super::testing::{context, judged, result, rule, unknown};
use super::*;
use crate::facts::Evidence;
use crate::rules::Judgement::{Failed, Passed};
use crate::rules::{Confidence, Severity};

const DAY: &str = "2026-07-01";

fn attestation(rule: &str) -> Attestation {
    Attestation {
        rule: rule.into(),
        answer: "Restored on a copy".into(),
        by: "Ada".into(),
        on: "2026-06-01".into(),
        until: "2026-12-01".into(),
    }
}

fn outcome<'a>(findings: &'a Findings, rule: &str) -> &'a Outcome {
    findings.outcomes.iter().find(|o| o.rule == rule).unwrap()
}

#[test]
fn one_finding_for_each_subject_with_all_its_places() {
    let mut seen = judged("the postgres database", Failed);
    seen.evidence = vec![
        Evidence::new("port", "z.yml", 9, "5432").with_snippet("- 5432:5432"),
        Evidence::new("port", "a.yml", 4, "5433").with_snippet("- 5433:5432"),
    ];
    let results =
        [RuleResult { judged: vec![seen, judged("other", Failed)], ..result(rule("open-port"), &[]) }];
    let found = assemble(&results, &context(&[], DAY));
    assert_eq!(found.findings.len(), 2);
    let first = found.findings.iter().find(|f| f.subject == "the postgres database").unwrap();
    let shown: Vec<_> = first.places.iter().map(|p| (p.file.as_str(), p.line)).collect();
    assert_eq!(shown, [("a.yml", 4), ("z.yml", 9)]);
    assert_eq!(first.evidence[0].file, "z.yml", "evidence keeps the order of the facts");
    assert!(first.prompt.contains("- `a.yml` line 4\n- `z.yml` line 9\n"), "{}", first.prompt);
}

#[test]
fn worst_and_surest_first() {
    let with = |id: &str, severity, confidence, area: &str, stage| {
        let mut rule = rule(id);
        (rule.severity, rule.confidence, rule.area, rule.stage) = (severity, confidence, area.into(), stage);
        result(rule, &[Failed])
    };
    use crate::rules::Stage::{Foundations, Stabilize};
    let results = [
        with("e", Severity::High, Confidence::High, "tests", Stabilize),
        with("d", Severity::High, Confidence::High, "secrets", Stabilize),
        with("c", Severity::High, Confidence::High, "secrets", Foundations),
        with("b", Severity::Blocker, Confidence::Low, "platform", Foundations),
        with("a", Severity::Blocker, Confidence::High, "platform", Foundations),
    ];
    let found = assemble(&results, &context(&[], DAY));
    let order: String = found.findings.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(order, "abdec");
}

#[test]
fn outcomes_say_why_they_do_not_apply() {
    let mut on_app = rule("b");
    on_app.on = "app".into();
    let results = [result(rule("a"), &[]), RuleResult { candidates: 3, ..result(on_app, &[]) }];
    let found = assemble(&results, &context(&[], DAY));
    assert_eq!(outcome(&found, "a").result, Result::NotApplicable);
    assert_eq!(outcome(&found, "a").reasons, ["the repository has no databases"]);
    assert_eq!(outcome(&found, "b").reasons, ["it applies to none of the 3 apps"]);
}

#[test]
fn unknown_is_never_a_pass_and_asks() {
    let found = assemble(&[result(rule("a"), &[Passed, unknown()])], &context(&[], DAY));
    assert_eq!(outcome(&found, "a").result, Result::Unknown);
    assert_eq!(outcome(&found, "a").reasons, ["nothing shows it"]);
    assert_eq!(found.questions.len(), 1);
    assert_eq!(found.questions[0].question, "What of s1?");
    assert_eq!(found.questions[0].because, "nothing shows it");
    assert!(found.strengths.is_empty());
}

#[test]
fn the_same_question_is_asked_once() {
    let mut both = result(rule("a"), &[unknown(), unknown()]);
    for judged in &mut both.judged {
        judged.question = "Who can restore it?".into();
    }
    both.judged[1].judgement =
        Judgement::Unknown(vec!["nothing shows it".into(), "history is cut off".into()]);
    let found = assemble(&[both], &context(&[], DAY));
    assert_eq!(found.questions.len(), 1);
    assert_eq!(found.questions[0].subject, "s0, s1");
    assert_eq!(found.questions[0].because, "nothing shows it; history is cut off");
}

#[test]
fn an_attestation_answers_the_question() {
    let found = assemble(&[result(rule("a"), &[Passed, unknown()])], &context(&[attestation("a")], DAY));
    assert_eq!(outcome(&found, "a").result, Result::Attested);
    assert_eq!((outcome(&found, "a").unknown, outcome(&found, "a").attested), (0, 1));
    assert!(found.questions.is_empty());
    assert_eq!(found.attestations, [attestation("a")]);
    assert!(found.notes.is_empty());
}

#[test]
fn an_attestation_never_overrides_what_the_repository_shows() {
    let found = assemble(&[result(rule("a"), &[Failed, unknown()])], &context(&[attestation("a")], DAY));
    assert_eq!(outcome(&found, "a").result, Result::Failed);
    assert_eq!(found.findings.len(), 1);
    assert!(found.attestations.is_empty());
    assert_eq!(
        found.notes,
        ["The attestation of `a` changes nothing: the repository shows that it is not so."]
    );
}

#[test]
fn expired_future_and_malformed_attestations_are_ignored_and_said() {
    let results = [result(rule("a"), &[unknown()])];
    let cases = [
        (Attestation { until: "2026-06-30".into(), ..attestation("a") }, "it expired on 2026-06-30"),
        (
            Attestation { on: "2026-07-02".into(), ..attestation("a") },
            "it is dated 2026-07-02, after the day",
        ),
        (Attestation { on: "June".into(), ..attestation("a") }, "its dates are not two days in order"),
        (Attestation { by: " ".into(), ..attestation("a") }, "it lacks a rule, an answer or who gives it"),
        (attestation("b"), "no loaded rule has this name"),
    ];
    for (one, why) in cases {
        let found = assemble(&results, &context(&[one], DAY));
        assert_eq!(outcome(&found, "a").result, Result::Unknown, "{why}");
        assert!(found.notes[0].contains(why), "{:?}", found.notes);
    }
    let last_day = Attestation { until: DAY.into(), ..attestation("a") };
    assert_eq!(outcome(&assemble(&results, &context(&[last_day], DAY)), "a").result, Result::Attested);
}

#[test]
fn a_missing_prerequisite_fails_what_requires_it_through_any_chain() {
    let needs = |id: &str, of: &str, judgements: &[Judgement]| {
        let mut rule = rule(id);
        rule.requires = vec![of.into()];
        result(rule, judgements)
    };
    let results = [
        needs("e", "d", &[]),
        needs("d", "c", &[unknown()]),
        needs("c", "b", &[Passed]),
        result(rule("b"), &[Failed]),
        needs("unrelated", "passes", &[Passed]),
        result(rule("passes"), &[Passed]),
    ];
    let found = assemble(&results, &context(&[attestation("d")], DAY));
    for (rule, by) in [("c", "b"), ("d", "c"), ("e", "d")] {
        assert_eq!(outcome(&found, rule).result, Result::Failed, "{rule}");
        assert_eq!(outcome(&found, rule).failed_by, by);
    }
    assert_eq!(outcome(&found, "unrelated").result, Result::Passed);
    assert_eq!(found.findings.len(), 1, "the root cause is told once");
    assert!(found.questions.is_empty(), "what fails anyway is not asked");
    assert_eq!(outcome(&found, "c").reasons, ["it needs what another check misses: Title of b"]);
}

#[test]
fn rules_that_require_each_other_do_not_hang() {
    let needs = |id: &str, of: &str, judgements: &[Judgement]| {
        let mut rule = rule(id);
        rule.requires = vec![of.into()];
        result(rule, judgements)
    };
    let found = assemble(
        &[needs("a", "b", &[Failed]), needs("b", "a", &[Passed]), needs("c", "c", &[Passed])],
        &context(&[], DAY),
    );
    assert_eq!(outcome(&found, "b").result, Result::Failed);
    assert_eq!(outcome(&found, "c").result, Result::Passed);
}

#[test]
fn a_check_that_fails_to_run_is_unknown_even_with_an_attestation() {
    let broken = RuleResult { error: Some("no such key".into()), ..result(rule("a"), &[]) };
    let found = assemble(&[broken], &context(&[attestation("a")], DAY));
    assert_eq!(outcome(&found, "a").result, Result::Unknown);
    assert_eq!(outcome(&found, "a").reasons, ["the check itself failed: no such key"]);
    assert_eq!(found.errors, [("a".to_owned(), "no such key".to_owned())]);
}

#[test]
fn what_is_good_is_said() {
    let good =
        RuleResult { good: "All 2 databases are backed up.".into(), ..result(rule("a"), &[Passed, Passed]) };
    let found = assemble(&[good], &context(&[], DAY));
    assert_eq!(found.strengths[0].sentence, "All 2 databases are backed up.");
}

#[test]
fn what_requires_a_check_that_fails_to_run_cannot_be_told() {
    let broken = RuleResult { error: Some("no such key".into()), ..result(rule("a"), &[]) };
    let mut needs = rule("b");
    needs.requires = vec!["a".into()];
    let found = assemble(&[broken, result(needs, &[Passed])], &context(&[], DAY));
    assert_eq!(outcome(&found, "b").result, Result::Unknown);
    assert!(outcome(&found, "b").incomplete);
    assert_eq!(outcome(&found, "b").reasons, ["it needs a check that failed to run: Title of a"]);
}
