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
    outcome.unknown > 0 || outcome.incomplete || outcome.rests_on_unknown || outcome.result == Result::Unknown
}

/// The most that the score can be while a rule fails.
fn cap(outcome: &Outcome) -> f64 {
    match (outcome.stage, outcome.severity) {
        (Stage::Stabilize, Severity::Blocker) => 49.0,
        (Stage::Stabilize | Stage::Foundations, severity) if severity >= Severity::High => 74.0,
        _ => 100.0,
    }
}

/// One end of the interval as it adds up.
struct End {
    scored: f64,
    of: f64,
    cap: f64,
}

impl End {
    const START: End = End { scored: 0.0, of: 0.0, cap: 100.0 };

    fn add(&mut self, weight: f64, score: f64) {
        self.scored += weight * score;
        self.of += weight;
    }

    fn percent(&self, of_nothing: f64) -> f64 {
        if self.of == 0.0 { of_nothing } else { (100.0 * self.scored / self.of).min(self.cap) }
    }
}

/// The interval. `blind` is the number of areas that nothing looks at or whose code can't be read.
pub(super) fn progress(findings: &Findings, facts: &Facts, blind: usize) -> Progress {
    if !has_code(facts) {
        // Nothing is there that could be good, whatever the rules on git say.
        return Progress { low: 0, high: whole(high_end(findings, blind).percent(0.0).ceil()) };
    }
    Progress {
        low: whole(low_end(findings, blind).percent(100.0).floor()),
        high: whole(high_end(findings, blind).percent(100.0).ceil()),
    }
}

/// If everything that can't be told is bad. A rule that applies to nothing may fail yet with what it requires.
fn low_end(findings: &Findings, blind: usize) -> End {
    let mut end = End::START;
    let counts = |o: &&Outcome| o.result != Result::NotApplicable || may_fail(o);
    for outcome in findings.outcomes.iter().filter(counts) {
        end.add(weight(outcome.severity), rule_score(outcome).0);
        if outcome.result == Result::Failed || may_fail(outcome) {
            end.cap = end.cap.min(cap(outcome));
        }
    }
    for _ in 0..blind {
        end.add(BLIND, 0.0);
    }
    if blind > 0 || !findings.errors.is_empty() || !findings.failures.is_empty() {
        end.cap = end.cap.min(49.0);
    }
    end
}

/// If everything that can't be told is good.
fn high_end(findings: &Findings, blind: usize) -> End {
    let mut end = End::START;
    for outcome in findings.outcomes.iter().filter(|o| o.result != Result::NotApplicable) {
        end.add(weight(outcome.severity), rule_score(outcome).1);
        if outcome.result == Result::Failed {
            end.cap = end.cap.min(cap(outcome));
        }
    }
    for _ in 0..blind {
        end.add(BLIND, 1.0);
    }
    end
}

/// A percentage as a whole number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 100 first")]
fn whole(percent: f64) -> u32 {
    percent.clamp(0.0, 100.0) as u32
}
