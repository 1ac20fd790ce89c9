//! How far along, as an interval that is as wide as what can't be told.

use super::{Progress, has_code};
use crate::facts::Facts;
use crate::findings::{Findings, Outcome, Result};
use crate::rules::{Severity, Stage};

/// What a rule weighs.
fn weight(severity: Severity) -> f64 {
    match severity {
        Severity::Blocker => 16.0,
        Severity::Critical => 10.0,
        Severity::High => 5.0,
        Severity::Medium => 2.0,
        Severity::Low => 1.0,
    }
}

/// What an area weighs that nothing looks at, or whose code can't be read: as much as a blocker.
const BLIND: f64 = 16.0;

/// The score of one rule if all that can't be told of it is bad, and if it is good. Zero to one.
fn rule_score(outcome: &Outcome) -> (f64, f64) {
    if !outcome.failed_by.is_empty() {
        // What can't be good yet scores nothing, so that adding the prerequisite can't lower it.
        return (0.0, 0.0);
    }
    let high = match outcome.failed {
        0 => 1.0,
        n => 0.5 / (1.0 + (1.0 + f64::from(n)).log2()),
    };
    let low = if may_fail(outcome) { 0.0 } else { high };
    (low, high)
}

/// Whether more of the rule than is known may be bad.
fn may_fail(outcome: &Outcome) -> bool {
    outcome.unknown > 0 || outcome.incomplete || outcome.result == Result::Unknown
}

/// The most that the score can be while a rule fails.
fn cap(outcome: &Outcome) -> f64 {
    match (outcome.stage, outcome.severity) {
        (Stage::Stabilize, Severity::Blocker) => 49.0,
        (Stage::Stabilize | Stage::Foundations, severity) if severity >= Severity::High => 74.0,
        _ => 100.0,
    }
}

/// The interval. `blind` is the number of areas that nothing looks at or whose code can't be read.
pub(super) fn progress(findings: &Findings, facts: &Facts, blind: usize) -> Progress {
    let (mut low, mut high, mut all) = (0.0, 0.0, 0.0);
    let (mut low_cap, mut high_cap) = (100.0_f64, 100.0_f64);
    for outcome in findings.outcomes.iter().filter(|o| o.result != Result::NotApplicable) {
        let weight = weight(outcome.severity);
        let (at_least, at_most) = rule_score(outcome);
        low += weight * at_least;
        high += weight * at_most;
        all += weight;
        if outcome.result == Result::Failed {
            high_cap = high_cap.min(cap(outcome));
        }
        if outcome.result == Result::Failed || may_fail(outcome) {
            low_cap = low_cap.min(cap(outcome));
        }
    }
    for _ in 0..blind {
        high += BLIND;
        all += BLIND;
    }
    if blind > 0 || !findings.errors.is_empty() {
        low_cap = low_cap.min(49.0);
    }
    if all == 0.0 {
        return Progress { low: 0, high: if has_code(facts) { 100 } else { 0 } };
    }
    let percent = |part: f64, cap: f64| (100.0 * part / all).min(cap);
    let low = if has_code(facts) { percent(low, low_cap).floor() } else { 0.0 };
    Progress { low: whole(low), high: whole(percent(high, high_cap).ceil()) }
}

/// A percentage as a whole number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 100 first")]
fn whole(percent: f64) -> u32 {
    percent.clamp(0.0, 100.0) as u32
}
