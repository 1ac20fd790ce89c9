//! What is good, what only a person can tell, and what people vouch for.

use super::page::{BLUE, BOLD, DIM, GREEN, PLAIN, Page};
use super::summary::and_more;
use crate::findings::Question;
use crate::report::{Report, escape, words};

/// The most strengths on the page.
const MOST_STRENGTHS: usize = 8;
/// The most rules whose questions are on the page.
const MOST_RULES: usize = 8;
/// The most questions of one rule.
const MOST_QUESTIONS: usize = 3;

/// What is good.
pub(super) fn strengths(page: &mut Page, report: &Report) {
    if report.strengths.is_empty() {
        return;
    }
    page.heading("What is good");
    for strength in report.strengths.iter().take(MOST_STRENGTHS) {
        page.paragraph(&[(GREEN, "✓ ".into())], PLAIN, &escape::flowing(&strength.sentence));
    }
    if report.strengths.len() > MOST_STRENGTHS {
        let more = and_more(report.strengths.len() - MOST_STRENGTHS, "good thing", "good things");
        page.paragraph(&[(PLAIN, "  ".into())], DIM, &format!("… {more}"));
    }
}

/// What could not be told, and whom to ask.
pub(super) fn section(page: &mut Page, report: &Report) {
    let groups = words::by_rule(&report.questions);
    if groups.is_empty() {
        return;
    }
    page.heading("What could not be told, and whom to ask");
    for group in groups.iter().take(MOST_RULES) {
        asked(page, group);
    }
    if groups.len() > MOST_RULES {
        let more = and_more(groups.len() - MOST_RULES, "question", "questions");
        page.paragraph(&[(PLAIN, "  ".into())], DIM, &format!("… {more}: vibecheck audit --format markdown"));
    }
    page.blank();
    page.paragraph(
        &[],
        DIM,
        "Write an answer into vibecheck.toml: [[attest]] with rule, answer, by, on, until.",
    );
}

/// The questions of one rule, each with its reason unless all share one, and whom to ask.
fn asked(page: &mut Page, group: &[&Question]) {
    let first = group[0];
    let because = |question: &Question| match escape::flowing(question.because.trim_end_matches('.')) {
        reason if reason.is_empty() => String::new(),
        reason => format!("It can't be told, because {reason}."),
    };
    let shared = group.iter().all(|question| question.because == first.because);
    for question in group.iter().take(MOST_QUESTIONS) {
        page.paragraph(&[(BLUE, "? ".into())], PLAIN, &escape::flowing(&question.question));
        if !shared {
            page.paragraph(&[(PLAIN, "  ".into())], DIM, &because(question));
        }
    }
    if group.len() > MOST_QUESTIONS {
        let more = and_more(group.len() - MOST_QUESTIONS, "question of this kind", "questions of this kind");
        page.paragraph(&[(PLAIN, "  ".into())], DIM, &format!("… {more}"));
    }
    let reason =
        if shared && !first.because.is_empty() { format!(" {}", because(first)) } else { String::new() };
    let whom = words::whom_to_ask(&first.area);
    let rule = escape::flowing(&first.rule);
    page.paragraph(&[(PLAIN, "  ".into())], DIM, &format!("Ask {whom}.{reason} ({rule})"));
}

/// What people vouch for.
pub(super) fn attestations(page: &mut Page, report: &Report) {
    if report.attestations.is_empty() {
        return;
    }
    page.heading("What people vouch for");
    for word in &report.attestations {
        page.paragraph(&[(PLAIN, "· ".into())], BOLD, &escape::flowing(&word.answer));
        let by = escape::flowing(&word.by);
        let rule = escape::flowing(&word.rule);
        let about = format!("{by} on {}, holds until {} ({rule})", word.on, word.until);
        page.paragraph(&[(PLAIN, "  ".into())], DIM, &about);
    }
}
