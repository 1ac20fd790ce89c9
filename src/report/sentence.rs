//! The verdict in one sentence that a founder understands.

use crate::facts::Facts;
use crate::findings::Findings;
use crate::rules::{Confidence, Severity};
use crate::score::{Score, Verdict, count, list};

/// What the areas and the open findings come to.
pub(super) fn sentence(findings: &Findings, score: &Score, facts: &Facts) -> String {
    let project = &facts.project;
    if project.files == 0 || !project.has_code {
        return "There is no code here, so nothing can be said about a product.".to_owned();
    }
    let areas = |verdict| score.areas.iter().filter(|area| area.verdict == verdict).count();
    let open = |from: Severity, to: Severity, sure: bool| {
        findings
            .findings
            .iter()
            .filter(|f| f.severity >= from && f.severity <= to && (!sure || f.confidence == Confidence::High))
            .count()
    };
    let today = open(Severity::Critical, Severity::Blocker, false);
    let surely = open(Severity::Critical, Severity::Blocker, true);
    let soon = open(Severity::High, Severity::High, false);
    let fragile = areas(Verdict::Fragile);

    let verdict = if surely > 0 {
        format!("Not ready for customers: {} can hurt you today", count(today, "thing", "things"))
    } else if areas(Verdict::OutrightRisk) > 0 {
        let lacking = areas(Verdict::OutrightRisk);
        format!(
            "Not ready for customers: {} what customers need most",
            count(lacking, "area lacks", "areas lack")
        )
    } else if today > 0 {
        format!("Not ready for customers yet: {} may hurt you today", count(today, "thing", "things"))
    } else if soon > 0 {
        format!(
            "Fragile: nothing was found that hurts today, but {} will hurt soon",
            count(soon, "thing", "things")
        )
    } else if fragile > 0 {
        format!("Fragile: {} something that production needs", count(fragile, "area lacks", "areas lack"))
    } else if areas(Verdict::CannotBeTold) > 0 {
        "Cannot be told yet: nothing serious was found".to_owned()
    } else {
        let good = areas(Verdict::ProductionGrade);
        let all = match good {
            1 => "the one area that applies is".to_owned(),
            n => format!("all {n} areas that apply are"),
        };
        let text = format!("Ready for customers as far as a repository can show: {all} production-grade");
        return match open(Severity::Low, Severity::Medium, false) {
            0 => format!("{text}."),
            minor => format!(
                "{text}, and {} left to improve.",
                count(minor, "smaller thing is", "smaller things are")
            ),
        };
    };
    let mut gaps = Vec::new();
    let blind = areas(Verdict::CannotBeTold);
    if blind > 0 {
        gaps.push(format!("{} could not be judged", count(blind, "area", "areas")));
    }
    if !findings.errors.is_empty() {
        gaps.push(format!("{} failed to run", count(findings.errors.len(), "check", "checks")));
    }
    let joint = if verdict.starts_with("Cannot") { "but" } else { "and" };
    if gaps.is_empty() { format!("{verdict}.") } else { format!("{verdict}, {joint} {}.", list(&gaps)) }
}
