//! What is known and what is accepted.

use super::page::{BOLD, DIM, PLAIN, Page, YELLOW, padded};
use super::summary::{and_more, severity_style};
use crate::findings::Suppressed;
use crate::report::accepted_words::{accepted_in, comparison, is_grave, unused_at};
use crate::report::{ComparisonKind, Report, escape, words};

/// The most of one sort on the page.
const MOST: usize = 10;

/// What belongs on page one: what is new, and every blocker that somebody accepts.
pub(super) fn page_one(page: &mut Page, report: &Report) {
    // Of a change, the sentence above says it.
    let baselines = || report.comparisons.iter().filter(|one| one.kind == ComparisonKind::Baseline);
    for one in baselines() {
        page.paragraph(&[], PLAIN, &format!("{}.", escape::flowing(&comparison(report, one))));
    }
    let grave: Vec<&Suppressed> = report.suppressed.iter().filter(|one| is_grave(one)).collect();
    for one in grave.iter().take(MOST) {
        let lead = [(YELLOW, "▲ ".to_owned()), (BOLD, "Accepted blocker  ".to_owned())];
        page.paragraph(&lead, BOLD, &escape::flowing(&one.finding.title));
        reasons(page, one);
    }
    if grave.len() > MOST {
        let more = and_more(grave.len() - MOST, "accepted blocker", "accepted blockers");
        page.paragraph(&[(PLAIN, "  ".into())], DIM, &format!("… {more}: vibecheck audit --format markdown"));
    }
    if baselines().next().is_some() || !grave.is_empty() {
        page.blank();
    }
}

/// Everything else that is accepted, and what accepts nothing.
pub(super) fn section(page: &mut Page, report: &Report) {
    let others: Vec<&Suppressed> = report.suppressed.iter().filter(|one| !is_grave(one)).collect();
    if !others.is_empty() {
        page.heading("What is accepted");
        for one in others.iter().take(MOST) {
            let severity = words::severity(one.finding.severity);
            let lead = [(severity_style(one.finding.severity), padded(severity, 10))];
            page.paragraph(&lead, PLAIN, &escape::flowing(&one.finding.title));
            reasons(page, one);
        }
        if others.len() > MOST {
            let more = and_more(others.len() - MOST, "accepted finding", "accepted findings");
            page.paragraph(&[], DIM, &format!("… {more}: vibecheck audit --format markdown"));
        }
    }
    let unused = &report.unused_suppressions;
    if !unused.is_empty() {
        page.heading("Suppressions that don't apply");
        for one in unused.iter().take(MOST) {
            let rule = escape::flowing(one.rule.as_str());
            let rule = if rule.is_empty() { String::new() } else { format!(" ({rule})") };
            let text =
                format!("{}{rule}: {}.", escape::terminal(&unused_at(one)), escape::flowing(&one.because));
            page.paragraph(&[(YELLOW, "! ".into())], PLAIN, &text);
        }
        if unused.len() > MOST {
            let more = and_more(unused.len() - MOST, "such suppression", "such suppressions");
            page.paragraph(&[(PLAIN, "  ".into())], DIM, &format!("… {more} in the JSON report"));
        }
    }
}

fn reasons(page: &mut Page, suppressed: &Suppressed) {
    for one in suppressed.suppressions.iter().take(3) {
        let at = escape::terminal(&accepted_in(one));
        let reason = escape::flowing(one.reason.as_str());
        page.paragraph(&[(PLAIN, "  ".into())], DIM, &format!("{reason} ({at})"));
    }
    if suppressed.suppressions.len() > 3 {
        let more = and_more(suppressed.suppressions.len() - 3, "reason", "reasons");
        page.paragraph(&[(PLAIN, "  ".into())], DIM, &format!("… {more}"));
    }
}
