//! What a change brings and what it fixes.

use super::page::{DIM, GREEN, PLAIN, Page};
use super::summary::and_more;
use super::{accepted, coverage, findings, questions, summary};
use crate::report::model::Comparison;
use crate::report::{Report, change_words, escape};

/// The most fixed findings on the page.
const MOST: usize = 10;

/// The report of a change: neither the score nor what is good, which no change is to be blamed or praised for.
pub(super) fn render(page: &mut Page, report: &Report, change: &Comparison) {
    summary::header(page, report);
    if report.comparisons.len() > 1 || !report.suppressed.is_empty() {
        page.blank();
        accepted::page_one(page, report);
    }
    if !report.findings.is_empty() {
        findings::section(page, report, "What this change brings");
    }
    fixes(page, report, change);
    questions::section(page, report);
    coverage::section(page, report);
    coverage::gate(page, report);
}

fn fixes(page: &mut Page, report: &Report, change: &Comparison) {
    let still = change_words::still_found(report);
    let (whole, part) = change_words::fixed(change, &still);
    if whole.is_empty() && part.is_empty() {
        return;
    }
    page.heading("What this change fixes");
    let all = whole.into_iter().map(|one| (one, "")).chain(part.into_iter().map(|one| (one, ", in part")));
    for (one, in_part) in all.take(MOST) {
        let title = escape::flowing(&one.title);
        page.paragraph(&[(GREEN, "✓ ".into())], PLAIN, &format!("{title}{in_part}"));
        page.paragraph(&[(PLAIN, "  ".into())], DIM, &escape::flowing(&one.rule));
    }
    if change.fixed.len() > MOST {
        let more = and_more(change.fixed.len() - MOST, "finding", "findings");
        page.paragraph(&[(PLAIN, "  ".into())], DIM, &format!("… {more}: vibecheck audit --format markdown"));
    }
}
