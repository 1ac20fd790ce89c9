//! From what the rules say of each fact to what the audit says.

use std::cmp::Reverse;

use super::{Attestation, Finding, Findings, Ignore, Outcome, Question, Result, Strength};
use super::{attest, key, lines::Lines, outcome, prompt, question, suppress};
use crate::facts::SuppressionNote;
use crate::rules::{AREAS, Judged, Judgement, Rule, RuleResult};
use crate::source::Tree;

/// Where an area stands in the report; unknown areas come last.
fn area_order(slug: &str) -> usize {
    AREAS.iter().position(|area| area.slug == slug).unwrap_or(AREAS.len())
}

/// What findings depend on beside the rules.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The day of the audit, `YYYY-MM-DD`: tells what still holds.
    pub date: &'a str,
    /// What people vouch for.
    pub attestations: &'a [Attestation],
    /// What the configuration accepts.
    pub ignores: &'a [Ignore],
    /// Comments in the code that accept something; none where the repository must not speak for itself.
    pub comments: &'a [SuppressionNote],
    /// The files that the findings point into; without it, places have no snippets but those of the facts.
    pub tree: Option<&'a Tree>,
    /// Analysers that failed, in sentences: nothing that passes can be vouched for.
    pub failures: &'a [String],
    /// Whether the repository has several apps, so that an instruction must say which one it is about.
    pub many_apps: bool,
}

/// Everything that the rules say, ordered.
pub fn assemble(results: &[RuleResult], context: &Context<'_>) -> Findings {
    let (valid, mut notes) = attest::in_force(context.attestations, results, context.date);
    let mut lines = Lines::of(context.tree);
    let vouched = |rule: &str| valid.iter().any(|attestation| attestation.rule == rule);

    let mut findings: Vec<Finding> = Vec::new();
    for result in results {
        let failed = result.judged.iter().filter(|judged| judged.judgement == Judgement::Failed);
        findings.extend(failed.map(|judged| finding(&result.rule, judged, context, &mut lines)));
    }
    sort(&mut findings);
    number_twins(&mut findings);
    let applied = suppress::apply(&mut findings, results, context);
    let mut outcomes = outcome::outcomes(results, &vouched, &applied.accepted());
    if !context.failures.is_empty() {
        outcome::doubt(&mut outcomes);
    }
    let unused_suppressions = applied.unused(&outcomes);

    let mut questions: Vec<Question> = Vec::new();
    let mut strengths: Vec<Strength> = Vec::new();
    let mut errors: Vec<(String, String)> = Vec::new();
    for (result, outcome) in results.iter().zip(&outcomes) {
        let rule = &result.rule;
        // What a missing prerequisite fails anyway is not worth a person's time yet.
        if outcome.failed_by.is_empty() && outcome.unknown > 0 {
            questions.extend(question::questions(result));
        }
        if outcome.result == Result::Passed && !result.good.is_empty() {
            strengths.push(Strength {
                rule: rule.id.clone(),
                area: rule.area.clone(),
                sentence: result.good.clone(),
            });
        }
        if let Some(error) = &result.error {
            errors.push((rule.id.clone(), error.clone()));
        }
    }
    let attestations = keep_effective(valid, &outcomes, &mut notes);

    questions.sort_by(|a, b| {
        let order = |q: &Question| (Reverse(q.severity), Reverse(q.required), q.stage, area_order(&q.area));
        (order(a), &a.rule, &a.subject).cmp(&(order(b), &b.rule, &b.subject))
    });
    outcomes.sort_by(|a, b| {
        let order = |o: &Outcome| (area_order(&o.area), Reverse(o.severity));
        (order(a), &a.rule).cmp(&(order(b), &b.rule))
    });
    let weight = |s: &Strength| outcomes.iter().find(|o| o.rule == s.rule).map(|o| (o.required, o.severity));
    strengths.sort_by(|a, b| {
        let order = |s: &Strength| (Reverse(weight(s)), area_order(&s.area));
        (order(a), &a.rule).cmp(&(order(b), &b.rule))
    });
    errors.sort();
    Findings {
        findings,
        known: Vec::new(),
        suppressed: applied.suppressed,
        unused_suppressions,
        outcomes,
        questions,
        strengths,
        areas: Vec::new(),
        errors,
        failures: context.failures.to_vec(),
        attestations,
        notes,
    }
}

/// Worst first.
pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let order = |f: &Finding| (Reverse(f.severity), Reverse(f.confidence), f.stage, area_order(&f.area));
        (order(a), &a.rule, &a.subject).cmp(&(order(b), &b.rule, &b.subject))
    });
}

fn finding(rule: &Rule, judged: &Judged, context: &Context<'_>, lines: &mut Lines<'_>) -> Finding {
    let app = if context.many_apps { judged.app.as_str() } else { "" };
    let mut evidence = judged.evidence.clone();
    lines.fill(&mut evidence);
    let places = key::places(rule, judged, &evidence);
    Finding {
        key: key::finding_key(&rule.id, &judged.subject),
        rule: rule.id.clone(),
        area: rule.area.clone(),
        stage: rule.stage,
        severity: rule.severity,
        confidence: rule.confidence,
        title: judged.title.clone(),
        why: judged.why.clone(),
        fix: judged.fix.clone(),
        verify: judged.verify.clone(),
        prompt: prompt::prompt(&judged.title, app, &places, &judged.fix, &judged.verify),
        effort: rule.effort,
        refs: rule.refs.clone(),
        subject: judged.subject.clone(),
        app: judged.app.clone(),
        places,
        evidence,
    }
}

/// Subjects are unique within a kind by contract; should two facts share one, their findings still differ.
fn number_twins(findings: &mut [Finding]) {
    let mut count = 1;
    for i in 1..findings.len() {
        let same =
            (&findings[i].rule, &findings[i].subject) == (&findings[i - 1].rule, &findings[i - 1].subject);
        count = if same { count + 1 } else { 1 };
        if same {
            findings[i].key =
                format!("{}-{count}", key::finding_key(&findings[i].rule, &findings[i].subject));
        }
    }
}

/// Attestations that vouch for something; the others get a sentence that says why they don't.
fn keep_effective(
    valid: Vec<Attestation>,
    outcomes: &[Outcome],
    notes: &mut Vec<String>,
) -> Vec<Attestation> {
    let mut kept = Vec::new();
    for attestation in valid {
        let outcome = outcomes.iter().find(|outcome| outcome.rule == attestation.rule);
        let why = match outcome {
            Some(outcome) if outcome.result == Result::Failed => {
                Some("the repository shows that it is not so".to_owned())
            }
            Some(outcome) if outcome.attested == outcome.accepted => {
                Some("there is no open question that it answers".to_owned())
            }
            _ => None,
        };
        match why {
            Some(why) => {
                notes.push(format!("The attestation of `{}` changes nothing: {why}.", attestation.rule))
            }
            None => kept.push(attestation),
        }
    }
    kept
}

#[cfg(test)]
#[path = "assemble_tests.rs"]
mod tests;
