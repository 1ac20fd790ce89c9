//! The verdict of one area.

use super::words::{count, list};
use super::{AreaScore, Counts, Verdict, absent, counts, has_code, unread};
use crate::facts::{Answer, Facts};
use crate::findings::{Findings, Outcome, Result};
use crate::rules::{Area, Confidence, Severity};

/// What is said of `area`.
pub(super) fn score(area: &Area, findings: &Findings, facts: &Facts) -> AreaScore {
    let outcomes: Vec<&Outcome> = findings.outcomes.iter().filter(|o| o.area == area.slug).collect();
    let counts = counts(findings.findings.iter().filter(|f| f.area == area.slug));
    let (verdict, because) = verdict(area, &outcomes, counts, findings, facts);
    let number = |results: &[Result]| {
        u32::try_from(outcomes.iter().filter(|o| results.contains(&o.result)).count()).unwrap_or(u32::MAX)
    };
    AreaScore {
        area: area.slug.to_owned(),
        title: area.title.to_owned(),
        verdict,
        because,
        counts,
        passed: number(&[Result::Passed, Result::Attested]),
        failed: number(&[Result::Failed]),
        unknown: number(&[Result::Unknown]),
        not_applicable: number(&[Result::NotApplicable]),
        examined: !outcomes.is_empty(),
    }
}

fn verdict(
    area: &Area,
    outcomes: &[&Outcome],
    counts: Counts,
    findings: &Findings,
    facts: &Facts,
) -> (Verdict, String) {
    let failed = || outcomes.iter().filter(|o| o.result == Result::Failed);
    if failed().any(|o| o.severity >= Severity::Critical && o.confidence == Confidence::High) {
        return (Verdict::OutrightRisk, open(outcomes, counts));
    }
    if failed().any(|o| o.severity >= Severity::High || o.required) {
        return (Verdict::Fragile, open(outcomes, counts));
    }
    if !findings.asked_for(area.slug) {
        return (Verdict::CannotBeTold, "It was not asked for (`--only`).".to_owned());
    }
    if findings.failures.is_empty()
        && outcomes.iter().all(|o| o.result == Result::NotApplicable && !o.incomplete)
        && let Some(fact) = absent::absent(area.slug, facts)
    {
        return (Verdict::NotApplicable, fact.to_owned());
    }
    if !findings.failures.is_empty() {
        let why = "An analyser failed, and what it would have shown is missing.";
        return (Verdict::CannotBeTold, why.to_owned());
    }
    if let Some(why) = cannot_be_told(area, outcomes, facts) {
        return (Verdict::CannotBeTold, why);
    }
    (Verdict::ProductionGrade, passes(outcomes))
}

/// Why the area can't be told; `None` if it can, and then at least one required rule passed or is attested.
fn cannot_be_told(area: &Area, outcomes: &[&Outcome], facts: &Facts) -> Option<String> {
    let required = || outcomes.iter().filter(|o| o.required);
    let unknown = required().filter(|o| o.result == Result::Unknown).count();
    let incomplete = outcomes.iter().filter(|o| o.incomplete).count();
    if !has_code(facts) {
        Some("There is no code to judge.".to_owned())
    } else if outcomes.is_empty() {
        Some("This version does not look at it yet.".to_owned())
    } else if unread(area, facts) {
        Some(unread_languages(facts))
    } else if incomplete > 0 {
        Some(format!("{} failed to run.", count(incomplete, "check", "checks")))
    } else if unknown > 0 {
        Some(format!(
            "{} can't be told from the repository.",
            count(unknown, "required check", "required checks")
        ))
    } else if required().all(|o| o.result == Result::NotApplicable) {
        Some("None of its required checks applies to this repository.".to_owned())
    } else {
        None
    }
}

/// Which languages this version does not read.
pub(super) fn unread_languages(facts: &Facts) -> String {
    let project = &facts.project;
    let names: Vec<String> =
        project.languages.iter().filter(|l| !l.read).take(3).map(|l| l.name.clone()).collect();
    let share = match project.code_read {
        Answer::Partial => "Part of the code",
        _ => "Most of the code",
    };
    if names.is_empty() {
        "It can't be told whether the code was read.".to_owned()
    } else {
        format!("{share} is in {}, which this version does not read.", list(&names))
    }
}

/// What is open, worst first.
fn open(outcomes: &[&Outcome], counts: Counts) -> String {
    let parts: Vec<String> = [
        (counts.blocker, "blocker", "blockers"),
        (counts.critical, "critical finding", "critical findings"),
        (counts.high, "high finding", "high findings"),
    ]
    .iter()
    .filter(|(n, ..)| *n > 0)
    .map(|(n, one, many)| count(*n as usize, one, many))
    .collect();
    let total = counts.blocker + counts.critical + counts.high;
    if total > 0 {
        return format!("{} {} open.", list(&parts), if total == 1 { "is" } else { "are" });
    }
    // Nothing of weight was found here itself: a required check fails, or one fails because of another area.
    let worst = outcomes
        .iter()
        .filter(|o| o.result == Result::Failed && (o.required || o.severity >= Severity::High))
        .max_by_key(|o| o.severity);
    match worst {
        Some(o) if o.failed_by.is_empty() => format!("A required check fails: {}.", o.title),
        Some(o) => format!("A check can't pass while `{}` fails: {}.", o.failed_by, o.title),
        None => String::new(),
    }
}

fn passes(outcomes: &[&Outcome]) -> String {
    let of = |result| outcomes.iter().filter(move |o| o.required && o.result == result);
    let passed = of(Result::Passed).count();
    let attested = of(Result::Attested).filter(|o| o.accepted == 0).count();
    let accepted = of(Result::Attested).filter(|o| o.accepted > 0).count();
    let text = match passed + attested {
        0 => {
            return match accepted {
                1 => "The only required check that applies fails, and somebody accepts that.".to_owned(),
                n => format!("All {n} required checks that apply fail, and somebody accepts that."),
            };
        }
        1 if accepted == 0 => "The only required check that applies passes".to_owned(),
        1 => "1 required check passes".to_owned(),
        n if accepted == 0 => format!("All {n} required checks that apply pass"),
        n => format!("{n} required checks pass"),
    };
    let text = match attested {
        0 => text,
        _ if passed + attested == 1 => format!("{text}, on a person's word"),
        n => format!("{text}, {n} of them on a person's word"),
    };
    match accepted {
        0 => format!("{text}."),
        1 => format!("{text}; 1 fails, and somebody accepts that."),
        n => format!("{text}; {n} fail, and somebody accepts that."),
    }
}
