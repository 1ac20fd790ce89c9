//! From outcomes to verdicts: one for each area, the stage, and the interval of progress.
//!
//! A rule that fails counts the same whether it has findings of its own or fails because another one does: else
//! adding what was missing could make things worse.

mod absent;
mod area;
mod ladder;
mod model;
mod progress;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
mod words;

pub use model::{AreaScore, Counts, Progress, Score, StageScore, StageState, Verdict};
pub use words::{count, list};

use crate::facts::{Answer, Facts};
use crate::findings::{Finding, Findings};
use crate::rules::{AREAS, Area, Severity};

/// The score of what was found in a repository.
pub fn score(findings: &Findings, facts: &Facts) -> Score {
    let areas: Vec<AreaScore> = AREAS.iter().map(|area| area::score(area, findings, facts)).collect();
    let blind = AREAS
        .iter()
        .zip(&areas)
        .filter(|(area, said)| {
            said.verdict != Verdict::NotApplicable && (!said.examined || unread(area, facts))
        })
        .count();
    let stages = ladder::stages(findings, facts, &areas);
    let stage = stages
        .iter()
        .find(|stage| stage.state != StageState::Done)
        .map_or_else(|| "done".to_owned(), |stage| stage.stage.clone());
    let progress = progress::progress(findings, facts, blind);
    Score { areas, stages, stage, progress }
}

/// Whether there is anything to judge at all.
/// Whether the scores of these areas depend on the facts of a list, beside what the rules say of it; the project apart,
/// of which they take no more than whether there is code that is read.
pub fn reads(list: &str, areas: &[String]) -> bool {
    absent::reads(list, areas)
}

fn has_code(facts: &Facts) -> bool {
    facts.project.has_code && facts.project.files > 0
}

/// Whether the area needs code that this version does not read, or that is not there.
fn unread(area: &Area, facts: &Facts) -> bool {
    !has_code(facts) || (area.needs_code && facts.project.code_read != Answer::Yes)
}

/// Counts findings by severity.
fn counts<'a>(findings: impl Iterator<Item = &'a Finding>) -> Counts {
    let mut counts = Counts::default();
    for finding in findings {
        let slot = match finding.severity {
            Severity::Blocker => &mut counts.blocker,
            Severity::Critical => &mut counts.critical,
            Severity::High => &mut counts.high,
            Severity::Medium => &mut counts.medium,
            Severity::Low => &mut counts.low,
        };
        *slot += 1;
    }
    counts
}
