//! What is said of a change (`--since`, `--staged`), in every format for people.

use std::collections::BTreeSet;

use super::model::{Comparison, ComparisonKind, Fixed, Report};
use crate::findings::Findings;
use crate::score::count;

/// The comparison with what was there before, if the report is about a change.
pub(super) fn change(comparisons: &[Comparison]) -> Option<&Comparison> {
    comparisons.iter().find(|one| matches!(one.kind, ComparisonKind::Since | ComparisonKind::Staged))
}

/// Root causes that lost all their places, and those that lost some.
pub(super) fn fixed<'a>(
    change: &'a Comparison,
    still: &BTreeSet<(&str, &str)>,
) -> (Vec<&'a Fixed>, Vec<&'a Fixed>) {
    change.fixed.iter().partition(|one| !still.contains(&(one.rule.as_str(), one.subject.as_str())))
}

/// Rules and subjects that are still found, whoever accepts them.
pub(super) fn still_found(report: &Report) -> BTreeSet<(&str, &str)> {
    let suppressed = report.suppressed.iter().map(|one| &one.finding);
    let all = report.findings.iter().chain(&report.known).chain(suppressed);
    all.map(|finding| (finding.rule.as_str(), finding.subject.as_str())).collect()
}

/// What the change comes to, in one sentence.
pub(super) fn sentence(change: &Comparison, findings: &Findings) -> String {
    let suppressed = findings.suppressed.iter().map(|one| &one.finding);
    let all = findings.findings.iter().chain(&findings.known).chain(suppressed);
    let still = all.map(|finding| (finding.rule.as_str(), finding.subject.as_str())).collect();
    let (whole, part) = fixed(change, &still);
    let brings = match findings.findings.len() {
        0 => "brings no finding".to_owned(),
        n => format!("brings {}", count(n, "finding", "findings")),
    };
    let mut does = vec![brings];
    match whole.len() {
        0 => {}
        n if findings.findings.is_empty() => does.push(format!("fixes {}", count(n, "finding", "findings"))),
        n => does.push(format!("fixes {n}")),
    }
    match part.len() {
        0 => {}
        n => does.push(format!("fixes {} in part", count(n, "finding", "findings"))),
    }
    let does = crate::score::list(&does);
    match (change.kind, change.files) {
        (ComparisonKind::Staged, 0) => "Nothing is staged.".to_owned(),
        (ComparisonKind::Staged, _) if change.commit.is_empty() => {
            format!("The first commit {does}: all that is staged is new.")
        }
        _ => format!("This change {does} ({}).", compared(change)),
    }
}

/// What it is compared with.
fn compared(change: &Comparison) -> String {
    let commit: String = change.commit.chars().take(10).collect();
    let with = change.with.trim_end_matches('.');
    if change.forked {
        format!("compared with {commit}, where this branch left {with}")
    } else if change.commit.starts_with(with) {
        format!("compared with {commit}")
    } else {
        format!("compared with {with}, {commit}")
    }
}

/// How much was compared, and what is found beside the change.
pub(super) fn compared_files(change: &Comparison) -> String {
    let files = count(change.files as usize, "file differs", "files differ");
    match change.known {
        0 => files,
        1 => format!("{files}; 1 finding was there before (`vibecheck audit` shows it)"),
        n => format!("{files}; {n} findings were there before (`vibecheck audit` shows them)"),
    }
}
