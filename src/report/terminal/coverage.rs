//! What the report rests on, whether the gate passed, and what to do next.

use super::page::{BOLD, DIM, GREEN, PLAIN, Page, RED, YELLOW, padded};
use crate::report::accepted_words::counted;
use crate::report::coverage_words::{files, history, languages};
use crate::report::{Report, change_words, escape};
use crate::score::count;

/// What was read, and what was not.
pub(super) fn section(page: &mut Page, report: &Report) {
    page.heading("What this rests on");
    for (label, text) in rows(report) {
        let bad = matches!(label, "Failed");
        let lead = [(if bad { RED } else { DIM }, padded(label, 10))];
        page.paragraph(&lead, PLAIN, &escape::flowing(&text));
    }
}

fn rows(report: &Report) -> Vec<(&'static str, String)> {
    let coverage = &report.coverage;
    let mut rows = vec![("Files", files(coverage))];
    if let Some(change) = change_words::change(&report.comparisons) {
        rows.insert(0, ("Change", change_words::compared_files(change)));
    } else {
        if !coverage.languages.is_empty() {
            rows.push(("Code", languages(coverage)));
        }
        rows.push(("History", history(coverage)));
    }
    if !coverage.broken.is_empty() {
        let shown: Vec<String> =
            coverage.broken.iter().take(3).map(|(file, why)| format!("{file} ({why})")).collect();
        let n = coverage.broken.len();
        let verb = if n == 1 { "file does not parse" } else { "files do not parse" };
        let more = if n > 3 { format!(", and {} more", n - 3) } else { String::new() };
        rows.push(("Broken", format!("{n} {verb}: {}{more}", shown.join(", "))));
    }
    for note in coverage.notes.iter().take(5) {
        rows.push(("Note", note.clone()));
    }
    if coverage.notes.len() > 5 {
        rows.push(("", format!("and {} more notes in the JSON report", coverage.notes.len() - 5)));
    }
    for failure in coverage.failures.iter().take(5) {
        rows.push(("Failed", failure.clone()));
    }
    if coverage.failures.len() > 5 {
        rows.push(("", format!("and {} more failures in the JSON report", coverage.failures.len() - 5)));
    }
    let packs = report.ruleset.packs.len();
    let rules = count(report.ruleset.rules as usize, "rule", "rules");
    let packs = count(packs, "pack", "packs");
    rows.push(("Rules", format!("{rules} in {packs}, vibecheck {}", report.tool.version)));
    rows
}

/// Whether the gate passed, and the next step.
pub(super) fn gate(page: &mut Page, report: &Report) {
    let gate = &report.summary.gate;
    page.blank();
    page.line(&[(DIM, "─".repeat(page.width))]);
    let mark = if gate.passed { (GREEN, "✓ ".into()) } else { (RED, "✗ ".into()) };
    page.paragraph(&[mark], BOLD, &escape::flowing(&gate.says(counted(report))));
    if !report.coverage.failures.is_empty() {
        page.paragraph(&[(YELLOW, "▲ ".into())], BOLD, "The audit is incomplete: see Failed above.");
    }
    let next = match (report.findings.first(), report.questions.first()) {
        (Some(first), _) => format!("vibecheck explain {}", escape::flowing(&first.rule)),
        (None, Some(_)) => "answer the questions above".to_owned(),
        (None, None) => return,
    };
    page.paragraph(&[(DIM, "  Next: ".into())], PLAIN, &next);
}
