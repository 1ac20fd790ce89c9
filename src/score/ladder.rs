//! The ladder: assess → stabilize → foundations → scale.

use super::words::{capital, count, list};
use super::{AreaScore, Counts, StageScore, StageState, Verdict, area, counts, has_code};
use crate::facts::{Answer, Facts};
use crate::findings::{Findings, Outcome, Result};
use crate::rules::{Severity, Stage};

/// Every step of the ladder, in order.
pub(super) fn stages(findings: &Findings, facts: &Facts, areas: &[AreaScore]) -> Vec<StageScore> {
    let of = |stage: Stage| counts(findings.findings.iter().filter(|f| f.stage == stage));
    let blocking = blocking(findings);
    let steps = [
        ("assess", Counts::default(), to_assess(findings, facts, areas)),
        ("stabilize", of(Stage::Stabilize), blocking.clone()),
        ("foundations", of(Stage::Foundations), to_build(findings, Stage::Foundations)),
        ("scale", of(Stage::Scale), to_build(findings, Stage::Scale)),
    ];
    let mut earlier_done = true;
    let mut stages: Vec<StageScore> = Vec::new();
    for (stage, counts, left) in steps {
        let done = earlier_done && left.is_empty();
        // Work on what hurts today need not wait until every question is answered.
        let urgent = stage == "stabilize" && !blocking.is_empty();
        let state = match (done, earlier_done || urgent) {
            (true, _) => StageState::Done,
            (false, true) => StageState::Current,
            (false, false) => StageState::Locked,
        };
        let because = match state {
            StageState::Done => String::new(),
            StageState::Current => sentence(&left),
            StageState::Locked => {
                let before = stages.iter().find(|s| s.state != StageState::Done);
                format!("{} comes first.", capital(before.map_or("", |s| &s.stage)))
            }
        };
        stages.push(StageScore { stage: stage.to_owned(), state, counts, because });
        earlier_done = done;
    }
    stages
}

fn sentence(parts: &[String]) -> String {
    if parts.is_empty() { String::new() } else { format!("{}.", capital(&list(parts))) }
}

/// What keeps Assess from being done. Counts what can't be told also where a rule fails for another fact, and never
/// looks at a verdict: so nothing that gets fixed can open Assess again.
fn to_assess(findings: &Findings, facts: &Facts, areas: &[AreaScore]) -> Vec<String> {
    let mut left = Vec::new();
    if !findings.failures.is_empty() {
        left.push(format!("{} failed", count(findings.failures.len(), "analyser", "analysers")));
    }
    if !has_code(facts) && findings.failures.is_empty() {
        left.push("there is no code to look at".to_owned());
        return left;
    }
    let unknown = findings
        .outcomes
        .iter()
        .filter(|o| {
            o.required && o.stage == Stage::Stabilize && (o.unknown > 0 || o.result == Result::Unknown)
        })
        .count();
    if unknown > 0 {
        left.push(format!("{} can't be told", count(unknown, "required check", "required checks")));
    }
    let unasked = areas.iter().filter(|a| !findings.asked_for(&a.area)).count();
    if unasked > 0 {
        left.push(format!("{} not asked for (`--only`)", count(unasked, "area was", "areas were")));
    }
    let is_unseen =
        |a: &&AreaScore| !a.examined && a.verdict != Verdict::NotApplicable && findings.asked_for(&a.area);
    let unseen = areas.iter().filter(is_unseen).count();
    if unseen > 0 {
        left.push(format!("{} not looked at by this version", count(unseen, "area is", "areas are")));
    }
    if facts.project.code_read != Answer::Yes {
        let languages = area::unread_languages(facts);
        let mut chars = languages.trim_end_matches('.').chars();
        left.extend(chars.next().map(|first| first.to_lowercase().chain(chars).collect::<String>()));
    }
    let broken = findings.errors.len();
    if broken > 0 {
        left.push(format!("{} failed to run", count(broken, "check", "checks")));
    }
    left
}

fn failed(findings: &Findings, stage: Stage, from: Severity) -> impl Iterator<Item = &Outcome> {
    findings
        .outcomes
        .iter()
        .filter(move |o| o.stage == stage && o.severity >= from && o.result == Result::Failed)
}

/// How many root causes the failed rules have; one that fails because of another counts as one.
fn causes<'a>(failed: impl Iterator<Item = &'a Outcome>) -> usize {
    failed.map(|o| o.failed.max(1) as usize).sum()
}

/// What can hurt today.
fn blocking(findings: &Findings) -> Vec<String> {
    match causes(failed(findings, Stage::Stabilize, Severity::Critical)) {
        0 => Vec::new(),
        n => vec![format!(
            "{} open",
            count(n, "blocker or critical finding is", "blockers or critical findings are")
        )],
    }
}

/// What is left to do in one of the later stages.
fn to_build(findings: &Findings, stage: Stage) -> Vec<String> {
    let mut left = Vec::new();
    let open = causes(failed(findings, stage, Severity::High));
    if open > 0 {
        left.push(format!("{} open", count(open, "finding of weight is", "findings of weight are")));
    }
    let required = |result: Result| {
        findings.outcomes.iter().filter(move |o| o.stage == stage && o.required && o.result == result)
    };
    let failing = required(Result::Failed).filter(|o| o.severity < Severity::High).count();
    if failing > 0 {
        left.push(count(failing, "required check fails", "required checks fail"));
    }
    let unknown = required(Result::Unknown).count();
    if unknown > 0 {
        left.push(format!("{} can't be told", count(unknown, "required check", "required checks")));
    }
    left
}
