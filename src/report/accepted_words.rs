//! What is said of findings that are known or accepted, in every format for people.

use super::model::{Comparison, ComparisonKind, Report};
use super::words;
use crate::findings::{
    Finding, Place, Standing, Suppressed, Suppression, SuppressionKind, UnusedSuppression,
};
use crate::rules::Severity;
use crate::score::{Counts, count};

/// What came of a comparison, in one sentence.
pub(super) fn comparison(report: &Report, comparison: &Comparison) -> String {
    let since = match comparison.kind {
        ComparisonKind::Baseline => "the baseline".to_owned(),
        ComparisonKind::Since => comparison.with.clone(),
        ComparisonKind::Staged => "the last commit".to_owned(),
    };
    let mut parts = vec![match report.findings.len() {
        0 => "no new finding".to_owned(),
        n => count(n, "new finding", "new findings"),
    }];
    if comparison.known > 0 {
        let standing = match comparison.kind {
            ComparisonKind::Baseline => Standing::Baseline,
            ComparisonKind::Since | ComparisonKind::Staged => Standing::Before,
        };
        let known = report.known.iter().filter(|f| f.places.iter().any(|p| p.standing == standing));
        parts.push(format!("{} known ({})", comparison.known, by_severity(known)));
    }
    if !comparison.fixed.is_empty() {
        let drop = match (comparison.kind, comparison.fixed.len()) {
            (ComparisonKind::Baseline, 1) => " (run `vibecheck baseline` to drop it)",
            (ComparisonKind::Baseline, _) => " (run `vibecheck baseline` to drop them)",
            _ => "",
        };
        parts.push(format!("{} fixed{drop}", comparison.fixed.len()));
    }
    format!("Since {since}: {}", parts.join(", "))
}

/// Findings by severity: `1 blocker · 2 high`.
pub(super) fn by_severity<'a>(findings: impl Iterator<Item = &'a Finding>) -> String {
    let mut counts = Counts::default();
    for finding in findings {
        *match finding.severity {
            Severity::Blocker => &mut counts.blocker,
            Severity::Critical => &mut counts.critical,
            Severity::High => &mut counts.high,
            Severity::Medium => &mut counts.medium,
            Severity::Low => &mut counts.low,
        } += 1;
    }
    words::counts(counts)
}

/// Whether a suppressed finding belongs on page one.
pub(super) fn is_grave(suppressed: &Suppressed) -> bool {
    suppressed.finding.severity == Severity::Blocker
}

/// Where and how long something is accepted.
pub(super) fn accepted_in(suppression: &Suppression) -> String {
    let until = match suppression.until.as_str() {
        "" => String::new(),
        day => format!(", until {day}"),
    };
    format!("{} line {}{until}", suppression.file, suppression.line)
}

/// Where a suppression that does not apply stands, and what it names.
pub(super) fn unused_at(unused: &UnusedSuppression) -> String {
    let form = match unused.kind {
        SuppressionKind::Config => "[[ignore]]",
        SuppressionKind::Comment => "comment",
    };
    format!("{form} in {} line {}", unused.file, unused.line)
}

/// What is left out of a list of open places; `""` for nothing.
pub(super) fn settled_places(finding: &Finding) -> String {
    let number = |of: &[Standing]| finding.places.iter().filter(|place| of.contains(&place.standing)).count();
    let known = number(&[Standing::Baseline, Standing::Before]);
    let accepted = number(&[Standing::Ignored]);
    match (known, accepted) {
        (0, 0) => String::new(),
        (known, 0) => format!("{known} known"),
        (0, accepted) => format!("{accepted} accepted"),
        (known, accepted) => format!("{known} known, {accepted} accepted"),
    }
}

/// The places that count.
pub(super) fn open_places(finding: &Finding) -> Vec<&Place> {
    finding.places.iter().filter(|place| place.standing == Standing::Open).collect()
}

/// What is said where nothing is open.
pub(super) fn nothing_open(report: &Report) -> &'static str {
    match (report.known.is_empty(), report.suppressed.is_empty()) {
        (true, true) => "Nothing was found in what could be judged.",
        (true, false) => "Nothing is open in what could be judged; what is accepted stands below.",
        (false, _) => "Nothing new was found in what could be judged.",
    }
}

/// What the gate counts: after a comparison, only what is new.
pub(super) fn counted(report: &Report) -> (&'static str, &'static str) {
    if report.comparisons.is_empty() { ("finding", "findings") } else { ("new finding", "new findings") }
}
