use super::super::testing::{judged, result, rule, unknown};
use super::super::{Findings, assemble};
use super::*;
use crate::facts::Evidence;
use crate::rules::Judgement::{self, Failed, Passed};

const DAY: &str = "2026-07-01";

/// The rule `port` finds, about the subject `db`, a place for each line of `a.yml`.
fn ports(lines: &[(u32, &str)]) -> Vec<RuleResult> {
    let mut one = judged("db", Failed);
    one.evidence = lines
        .iter()
        .map(|(number, line)| Evidence::new("port", "a.yml", *number, "").with_snippet(line))
        .collect();
    vec![RuleResult { judged: vec![one], ..result(rule("port"), &[]) }]
}

fn entry() -> Ignore {
    Ignore {
        rule: "port".into(),
        subject: Some("db".into()),
        reason: "only on my machine".into(),
        file: "vibecheck.toml".into(),
        line: 7,
        ..Ignore::default()
    }
}

fn comment(covers: u32) -> SuppressionNote {
    SuppressionNote {
        file: "a.yml".into(),
        line: 3,
        covers,
        rules: vec!["port".into()],
        reason: excerpt("only on my machine"),
        ..SuppressionNote::default()
    }
}

fn with(results: &[RuleResult], ignores: &[Ignore], comments: &[SuppressionNote]) -> Findings {
    assemble(results, &Context { date: DAY, ignores, comments, ..Context::default() })
}

/// Why the only suppression does not apply.
fn because(results: &[RuleResult], ignores: &[Ignore], comments: &[SuppressionNote]) -> String {
    let unused = with(results, ignores, comments).unused_suppressions;
    assert_eq!(unused.len(), 1, "{unused:?}");
    unused[0].because.clone()
}

fn place_key(results: &[RuleResult], place: usize) -> String {
    with(results, &[], &[]).findings[0].places[place].key.clone()
}

#[test]
fn what_is_accepted_leaves_the_findings_and_keeps_its_reason() {
    let results = ports(&[(4, "- 5432:5432")]);
    let found = with(&results, &[entry()], &[]);
    assert!(found.findings.is_empty() && found.unused_suppressions.is_empty());
    let one = &found.suppressed[0];
    assert_eq!(one.finding.places[0].standing, Standing::Ignored);
    assert_eq!(one.suppressions.len(), 1);
    assert_eq!(one.suppressions[0].reason.as_str(), "only on my machine");
    assert_eq!((one.suppressions[0].file.as_str(), one.suppressions[0].line), ("vibecheck.toml", 7));
}

#[test]
fn it_counts_as_a_word_and_never_as_a_pass() {
    let mut results = ports(&[(4, "- 5432:5432")]);
    results[0].judged.push(judged("other", Passed));
    results[0].good = "All is well.".into();
    let found = with(&results, &[entry()], &[]);
    let outcome = &found.outcomes[0];
    assert_eq!(outcome.result, Result::Attested);
    assert_eq!((outcome.failed, outcome.passed, outcome.attested, outcome.accepted), (0, 1, 1, 1));
    assert!(found.strengths.is_empty(), "no strength rests on what is accepted");
    results[0].judged.push(judged("third", Failed));
    assert_eq!(with(&results, &[entry()], &[]).outcomes[0].result, Result::Failed);
    results[0].judged[2] = judged("third", unknown());
    assert_eq!(with(&results, &[entry()], &[]).outcomes[0].result, Result::Unknown);
}

#[test]
fn a_new_place_of_what_is_accepted_is_open() {
    let results = ports(&[(4, "- 5432:5432"), (5, "- 6379:6379")]);
    let by_key = Ignore { subject: None, keys: vec![place_key(&results, 0)], ..entry() };
    for found in [with(&results, &[by_key], &[]), with(&results, &[], &[comment(4)])] {
        let standings: Vec<Standing> = found.findings[0].places.iter().map(|p| p.standing).collect();
        assert_eq!(standings, [Standing::Ignored, Standing::Open]);
        assert!(found.findings[0].places[0].suppression.is_some());
        assert!(found.suppressed.is_empty() && found.unused_suppressions.is_empty());
        assert_eq!(found.outcomes[0].result, Result::Failed);
        assert!(!found.findings[0].prompt.contains("line 4"), "{}", found.findings[0].prompt);
    }
}

#[test]
fn every_selector_must_match() {
    let results = ports(&[(4, "- 5432:5432")]);
    let key = place_key(&results, 0);
    let path = |path: &str| Ignore { path: Some(path.into()), ..entry() };
    let keys = |keys: &[&str]| Ignore { keys: keys.iter().map(|k| (*k).to_owned()).collect(), ..entry() };
    for right in
        [path("*.yml"), path("/a.yml"), path("**"), keys(&[&key]), Ignore { subject: None, ..path("a.*") }]
    {
        assert_eq!(with(&results, std::slice::from_ref(&right), &[]).suppressed.len(), 1, "{right:?}");
    }
    for wrong in
        [path("*.json"), keys(&["0123456789abcdef"]), Ignore { subject: Some("d".into()), ..entry() }]
    {
        let found = with(&results, std::slice::from_ref(&wrong), &[]);
        assert_eq!((found.findings.len(), found.unused_suppressions.len()), (1, 1), "{wrong:?}");
    }
    let mut history = ports(&[(4, "- 5432:5432")]);
    history[0].judged[0].evidence = vec![Evidence::new("commits", "", 0, "41 commits")];
    assert_eq!(with(&history, &[path("**")], &[]).findings.len(), 1, "the history is in no file");
}

#[test]
fn a_comment_covers_its_line_or_its_file() {
    let results = ports(&[(4, "- 5432:5432")]);
    assert_eq!(with(&results, &[], &[comment(4)]).suppressed.len(), 1);
    assert_eq!(
        with(&results, &[], &[SuppressionNote { file: "b.yml".into(), ..comment(4) }]).suppressed.len(),
        0
    );
    let leading = SuppressionNote { whole_file: true, ..comment(9) };
    assert_eq!(
        with(&results, &[], std::slice::from_ref(&leading)).suppressed.len(),
        0,
        "not every line of it"
    );
    let whole = ports(&[(0, "")]);
    assert_eq!(with(&whole, &[], &[leading]).suppressed.len(), 1);
    assert_eq!(with(&whole, &[], &[comment(9)]).suppressed.len(), 0);
}

#[test]
fn it_holds_on_its_last_day_and_not_after() {
    let results = ports(&[(4, "- 5432:5432")]);
    let until = |day: &str| Ignore { until: day.into(), ..entry() };
    assert_eq!(with(&results, &[until(DAY)], &[]).suppressed.len(), 1);
    assert_eq!(with(&results, &[until("2026-06-30")], &[]).findings.len(), 1);
    assert_eq!(because(&results, &[until("2026-06-30")], &[]), "it expired on 2026-06-30");
    let comment = |day: &str| SuppressionNote { until: day.into(), ..comment(4) };
    assert_eq!(with(&results, &[], &[comment(DAY)]).suppressed.len(), 1);
    assert_eq!(because(&results, &[], &[comment("2026-06-30")]), "it expired on 2026-06-30");
    assert!(because(&results, &[], &[comment("2026-02-30")]).starts_with("its `until` is no day"));
}

#[test]
fn what_applies_to_nothing_is_said_with_the_reason() {
    let results = ports(&[(4, "- 5432:5432")]);
    let named = |rule: &str| Ignore { rule: rule.into(), ..entry() };
    assert_eq!(because(&results, &[named("nothing-like-it")], &[]), "no loaded rule has this name");
    assert_eq!(
        because(&results, &[named("prot")], &[]),
        "no loaded rule has this name; did you mean `port`?"
    );
    assert_eq!(because(&results, &[], &[comment(5)]), "its rule found nothing in line 5");
    assert_eq!(
        because(&results, &[], &[comment(0)]),
        "it stands at the end of the file, where no line follows"
    );
    let problem = SuppressionNote { problem: "it gives no reason".into(), ..comment(4) };
    assert_eq!(because(&results, &[], std::slice::from_ref(&problem)), "it gives no reason");
    assert_eq!(with(&results, &[], &[problem]).findings.len(), 1, "and accepts nothing");
    let other = Ignore { subject: Some("another".into()), ..entry() };
    assert_eq!(because(&results, &[other], &[]), "its rule found something, but nothing that it matches");
    let passes = [result(rule("port"), &[Passed])];
    assert_eq!(because(&passes, &[entry()], &[]), "its rule found nothing");
    let asks = [result(rule("port"), &[unknown()])];
    assert!(because(&asks, &[entry()], &[]).ends_with("is answered by an [[attest]]"));
}

#[test]
fn each_rule_of_a_comment_is_judged_by_itself() {
    let results = ports(&[(4, "- 5432:5432")]);
    let two = SuppressionNote { rules: vec!["port".into(), "prt".into()], ..comment(4) };
    let found = with(&results, &[], &[two]);
    assert_eq!(found.suppressed.len(), 1);
    assert_eq!(found.unused_suppressions[0].rule.as_str(), "prt");
}

#[test]
fn the_key_of_a_finding_is_told_from_that_of_a_place() {
    let results = ports(&[(4, "- 5432:5432"), (5, "- 6379:6379")]);
    let places = [place_key(&results, 0), place_key(&results, 1)];
    let finding = with(&results, &[], &[]).findings[0].key.clone();
    let ignore = Ignore { keys: vec![finding.clone()], ..entry() };
    assert_eq!(
        because(&results, &[ignore], &[]),
        format!(
            "`{finding}` is the key of the finding; name those of its places: `{}`, `{}`",
            places[0], places[1]
        )
    );
    let stale = Ignore { keys: vec![places[0].clone(), "0123456789abcdef".into()], ..entry() };
    assert_eq!(
        because(&results, &[stale], &[]),
        "no place that it could mean has the key `0123456789abcdef`",
        "although the other key applies"
    );
}

#[test]
fn what_requires_something_accepted_is_judged_by_itself_on_a_persons_word() {
    let needs = |id: &str, of: &str, judgements: &[Judgement]| {
        let mut rule = rule(id);
        rule.requires = vec![of.into()];
        RuleResult { good: format!("{id} is good."), ..result(rule, judgements) }
    };
    let mut results = ports(&[(4, "- 5432:5432")]);
    results.extend([
        needs("passes", "port", &[Passed]),
        needs("fails", "port", &[Failed]),
        needs("absent", "port", &[]),
        needs("further", "passes", &[Passed]),
    ]);
    let before = with(&results, &[], &[]);
    assert!(before.outcomes.iter().all(|o| o.result == Result::Failed));
    let found = with(&results, &[entry()], &[]);
    let of = |rule: &str| found.outcomes.iter().find(|o| o.rule == rule).unwrap().result;
    assert_eq!(of("passes"), Result::Attested);
    assert_eq!(of("further"), Result::Attested);
    assert_eq!(of("fails"), Result::Failed);
    assert_eq!(of("absent"), Result::NotApplicable);
    assert!(found.strengths.is_empty());
}

#[test]
fn an_attestation_that_only_a_suppression_answers_changes_nothing() {
    let results = ports(&[(4, "- 5432:5432")]);
    let word = super::super::Attestation {
        rule: "port".into(),
        answer: "yes".into(),
        by: "Ada".into(),
        on: "2026-06-01".into(),
        until: "2026-12-01".into(),
    };
    let ignores = [entry()];
    let context = Context {
        date: DAY,
        ignores: &ignores,
        attestations: std::slice::from_ref(&word),
        ..Context::default()
    };
    let found = assemble(&results, &context);
    assert!(found.attestations.is_empty());
    assert_eq!(found.notes.len(), 1);
}
