//! The findings that come first.

use super::page::{BOLD, CYAN, DIM, PLAIN, Page, Span, columns, cut, padded};
use super::summary::{and_more, severity_style};
use crate::findings::Finding;
use crate::report::accepted_words::{nothing_open, open_places, settled_places};
use crate::report::{Report, escape, words};

/// The most findings on the page.
const MOST: usize = 10;
/// The most places of a finding.
const MOST_PLACES: usize = 3;
/// About how much of a fix is shown: the rest is one `explain` away.
const FIX_CHARS: usize = 200;

/// The worst findings, each with what, why, where, what to do and how long it takes.
pub(super) fn section(page: &mut Page, report: &Report, heading: &str) {
    page.heading(heading);
    if report.findings.is_empty() {
        page.paragraph(&[], PLAIN, nothing_open(report));
        return;
    }
    for (i, finding) in report.findings.iter().take(MOST).enumerate() {
        if i > 0 {
            page.blank();
        }
        one(page, i + 1, finding, report);
    }
    if report.findings.len() > MOST {
        page.blank();
        let more = and_more(report.findings.len() - MOST, "finding", "findings");
        page.paragraph(&[], DIM, &format!("… {more}: vibecheck audit --format markdown"));
    }
}

fn one(page: &mut Page, number: usize, finding: &Finding, report: &Report) {
    let severity = words::severity(finding.severity);
    let title = escape::flowing(&finding.title);
    let number: Span = (DIM, padded(&number.to_string(), 4));
    let indent = if page.narrow() {
        page.line(&[number, (severity_style(finding.severity), severity.to_owned())]);
        page.paragraph(&[(PLAIN, "    ".into())], BOLD, &title);
        4
    } else {
        let lead = [number, (severity_style(finding.severity), padded(severity, 10))];
        page.paragraph(&lead, BOLD, &title);
        14
    };
    let blank = (PLAIN, " ".repeat(indent));
    page.paragraph(std::slice::from_ref(&blank), PLAIN, &escape::flowing(&finding.why));
    places(page, finding, &blank);
    let whole = escape::flowing(&finding.fix);
    let mut fix = escape::flowing(&words::first_sentences(&finding.fix, FIX_CHARS));
    if fix.len() < whole.len() {
        fix.push_str(" …");
    }
    page.paragraph(&[blank.clone(), (DIM, "do    ".into())], PLAIN, &fix);
    let mut about = vec![words::effort(finding.effort).to_owned()];
    if !words::doubt(finding.confidence).is_empty() {
        about.push(words::doubt(finding.confidence).to_owned());
    }
    about.extend(words::app(finding, report).map(|app| escape::flowing(&app)));
    about.push(escape::flowing(&finding.rule));
    page.paragraph(&[blank, (DIM, "takes ".into())], DIM, &about.join(" · "));
}

/// The first places, each with what is seen there as far as it fits.
fn places(page: &mut Page, finding: &Finding, blank: &Span) {
    let open = open_places(finding);
    for (i, place) in open.iter().take(MOST_PLACES).enumerate() {
        let label = if i == 0 { "at    " } else { "      " };
        let at = escape::terminal(&words::place(place));
        let seen = escape::flowing(words::seen(finding, place));
        let lead = [blank.clone(), (DIM, label.into())];
        let room = page.width.saturating_sub(columns(&blank.1) + 6 + columns(&at) + 2);
        if place.file.is_empty() && !seen.is_empty() {
            page.paragraph(&lead, PLAIN, &seen);
        } else if seen.is_empty() || room < 16 {
            page.paragraph(&lead, CYAN, &at);
        } else {
            let [margin, label] = lead;
            page.line(&[margin, label, (CYAN, at), (PLAIN, "  ".into()), (DIM, cut(&seen, room))]);
        }
    }
    let mut more = Vec::new();
    if open.len() > MOST_PLACES {
        more.push(format!("+{} more", open.len() - MOST_PLACES));
    }
    more.extend(Some(settled_places(finding)).filter(|settled| !settled.is_empty()));
    if !more.is_empty() {
        page.line(&[blank.clone(), (PLAIN, "      ".into()), (DIM, more.join(", "))]);
    }
}
