//! The model by example.

use super::*;
use crate::facts::kinds::{App, EnvVar, LanguageShare, Project};
use crate::findings::assemble;
use crate::findings::testing::{context, result, rule, unknown};
use crate::rules::Judgement::{Failed, Passed};
use crate::rules::{Confidence, Judgement, RuleResult, Stage};

/// A repository with code that is read.
fn facts() -> Facts {
    let project = Project { files: 10, has_code: true, code_read: Answer::Yes, ..Project::default() };
    Facts { project, apps: vec![App { path: ".".into(), ..App::default() }], ..Facts::default() }
}

/// A required rule that passes in every area but `but`, so that everything is looked at.
fn everywhere(but: &str) -> Vec<RuleResult> {
    AREAS.iter().filter(|a| a.slug != but).map(|a| in_area(a.slug, Severity::High, &[Passed])).collect()
}

fn in_area(area: &str, severity: Severity, judgements: &[Judgement]) -> RuleResult {
    let mut rule = rule(&format!("{area}-{severity:?}").to_lowercase());
    (rule.area, rule.severity) = (area.into(), severity);
    result(rule, judgements)
}

fn score_of(results: &[RuleResult], facts: &Facts) -> Score {
    score(&assemble(results, &context(&[], "2026-07-01")), facts)
}

fn area<'a>(score: &'a Score, slug: &str) -> &'a AreaScore {
    score.areas.iter().find(|a| a.area == slug).unwrap()
}

fn state(score: &Score, stage: &str) -> StageState {
    score.stages.iter().find(|s| s.stage == stage).unwrap().state
}

#[test]
fn a_sure_blocker_is_an_outright_risk_and_a_guess_is_fragile() {
    let sure = [in_area("secrets", Severity::Blocker, &[Failed, Failed])];
    let said = score_of(&sure, &facts());
    assert_eq!(area(&said, "secrets").verdict, Verdict::OutrightRisk);
    assert_eq!(area(&said, "secrets").because, "2 blockers are open.");

    let mut guess = sure;
    guess[0].rule.confidence = Confidence::Medium;
    assert_eq!(area(&score_of(&guess, &facts()), "secrets").verdict, Verdict::Fragile);
}

#[test]
fn a_medium_alone_does_not_spoil_an_area_but_a_required_one_does() {
    let mut results =
        vec![in_area("tests", Severity::Medium, &[Failed]), in_area("tests", Severity::High, &[Passed])];
    results[0].rule.required = false;
    assert_eq!(area(&score_of(&results, &facts()), "tests").verdict, Verdict::ProductionGrade);
    results[0].rule.required = true;
    let said = score_of(&results, &facts());
    assert_eq!(area(&said, "tests").verdict, Verdict::Fragile);
    assert_eq!(area(&said, "tests").because, "A required check fails: Title of tests-medium.");
}

#[test]
fn what_cannot_be_told_says_why() {
    let unknown = [in_area("secrets", Severity::High, &[unknown()])];
    let said = score_of(&unknown, &facts());
    assert_eq!(area(&said, "secrets").because, "1 required check can't be told from the repository.");
    assert_eq!(area(&said, "access").because, "This version does not look at it yet.");
    let none = [in_area("secrets", Severity::High, &[])];
    assert_eq!(
        area(&score_of(&none, &facts()), "secrets").because,
        "None of its required checks applies to this repository."
    );

    let nothing = Facts { apps: facts().apps, ..Facts::default() };
    assert_eq!(area(&score_of(&unknown, &nothing), "secrets").because, "There is no code to judge.");

    let mut go = facts();
    go.project.code_read = Answer::No;
    go.project.languages =
        vec![LanguageShare { name: "Go".into(), files: 9, bytes: 9, share: 1.0, read: false }];
    let passes = [in_area("tests", Severity::High, &[Passed]), in_area("secrets", Severity::High, &[Passed])];
    let said = score_of(&passes, &go);
    assert_eq!(area(&said, "tests").verdict, Verdict::CannotBeTold);
    assert_eq!(area(&said, "tests").because, "Most of the code is in Go, which this version does not read.");
    assert_eq!(area(&said, "secrets").verdict, Verdict::ProductionGrade, "git can be told in any language");
}

#[test]
fn an_area_without_its_subject_does_not_apply_and_the_fact_says_so() {
    let said = score_of(&[], &facts());
    assert_eq!(area(&said, "ai").verdict, Verdict::NotApplicable);
    assert_eq!(area(&said, "ai").because, "No AI provider and no AI SDK was found in any app.");
    let mut by_hand = facts();
    by_hand.env_vars = vec![EnvVar { name: "OPENAI_API_KEY".into(), ..EnvVar::default() }];
    assert_eq!(area(&score_of(&[], &by_hand), "ai").verdict, Verdict::CannotBeTold, "called without an SDK");
    let mut unread = facts();
    unread.project.code_read = Answer::Partial;
    assert_eq!(area(&score_of(&[], &unread), "ai").verdict, Verdict::CannotBeTold);
}

#[test]
fn a_page_without_server_and_data_has_no_tenants() {
    let mut page = facts();
    page.apps[0].has_server = Answer::No;
    assert_eq!(area(&score_of(&[], &page), "isolation").verdict, Verdict::NotApplicable);
    page.apps[0].has_server = Answer::Unknown;
    assert_eq!(area(&score_of(&[], &page), "isolation").verdict, Verdict::CannotBeTold);
}

#[test]
fn the_ladder_from_bottom_to_top() {
    let mut results = everywhere("");
    let said = score_of(&results, &facts());
    assert_eq!(said.stage, "done");
    assert_eq!(said.progress, Progress { low: 100, high: 100 });

    let mut later = in_area("platform", Severity::High, &[Failed]);
    later.rule.id = "later".into();
    later.rule.stage = Stage::Foundations;
    results.push(later);
    let said = score_of(&results, &facts());
    assert_eq!(said.stage, "foundations");
    assert_eq!(state(&said, "scale"), StageState::Locked);
    assert_eq!(said.progress, Progress { low: 74, high: 74 });

    results.push(in_area("data", Severity::Blocker, &[Failed]));
    let said = score_of(&results, &facts());
    assert_eq!(said.stage, "stabilize");
    assert_eq!(state(&said, "assess"), StageState::Done);
    assert_eq!(said.stages[1].because, "1 blocker or critical finding is open.");
    assert_eq!(said.stages[2].because, "Stabilize comes first.");
    assert_eq!(said.progress, Progress { low: 49, high: 49 });
}

#[test]
fn what_hurts_today_can_be_worked_on_while_questions_are_open() {
    let mut results = everywhere("");
    results.push(in_area("data", Severity::Blocker, &[Failed, unknown()]));
    let said = score_of(&results, &facts());
    assert_eq!(said.stage, "assess");
    assert_eq!(
        (state(&said, "assess"), state(&said, "stabilize")),
        (StageState::Current, StageState::Current)
    );
    assert_eq!(state(&said, "foundations"), StageState::Locked);
    assert_eq!(said.stages[0].because, "1 required check can't be told.");
}

#[test]
fn the_interval_by_hand() {
    // Three areas need nothing else: 13 rules of weight 5 pass, one of weight 10 can't be told.
    let mut results = everywhere("ai");
    let said = score_of(&results, &facts());
    assert_eq!(said.progress, Progress { low: 100, high: 100 }, "an area that does not apply weighs nothing");

    let mut open = in_area("data", Severity::Critical, &[unknown()]);
    open.rule.stage = Stage::Scale;
    results.push(open);
    // 13 * 5 / (13 * 5 + 10) = 86.7 %
    assert_eq!(score_of(&results, &facts()).progress, Progress { low: 86, high: 100 });

    results[13].judged[0].judgement = Failed;
    // (65 + 10 * 0.5 / (1 + log2 2)) / 75 = 67.5 / 75 = 90 %
    assert_eq!(score_of(&results, &facts()).progress, Progress { low: 90, high: 90 });
}

#[test]
fn an_area_that_nobody_looks_at_widens_the_interval() {
    let said = score_of(&everywhere("access"), &facts());
    // 13 * 5 / (13 * 5 + 16) = 80.2 %, and a blocker may hide there.
    assert_eq!(said.progress, Progress { low: 49, high: 100 });
    assert_eq!(said.stage, "assess");
    assert_eq!(said.stages[0].because, "1 area is not looked at by this version.");
}
