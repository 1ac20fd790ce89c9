//! GitHub: annotations as workflow commands for the log of a step, and the page for the step's summary.
//!
//! GitHub shows at most ten annotations of each level for a step and drops the others in the order of the log, without
//! a word. So the worst come first, each root cause before a second place of any, and what is left out is said.

use std::fmt::Write as _;

use super::accepted_words::counted;
use super::entries::{Entry, Published, details, entries, flat, short};
use super::escape::{flowing, log_line, workflow_message, workflow_property};
use super::{Report, markdown, words};
use crate::rules::Severity;
use crate::score::count;

/// What GitHub shows of each level for one step.
const MOST_OF_A_LEVEL: usize = 10;
/// What GitHub takes for a step's summary, in bytes.
const SUMMARY_LIMIT: usize = 1024 * 1024;
/// The longest texts of an annotation, in characters.
const LONGEST_TITLE: usize = 200;
const LONGEST_MESSAGE: usize = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Error,
    Warning,
    Notice,
}

impl Level {
    fn of(severity: Severity) -> Self {
        match severity {
            Severity::Blocker | Severity::Critical => Self::Error,
            Severity::High | Severity::Medium => Self::Warning,
            Severity::Low => Self::Notice,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// The annotations of what counts, then the verdict in a few lines for whoever reads the log.
pub fn render(report: &Report) -> Published {
    let mut out = String::new();
    let mut cuts = Vec::new();
    let ranked = ranked(report);
    let mut left_out: Vec<String> = Vec::new();
    for level in [Level::Error, Level::Warning, Level::Notice] {
        let of_level: Vec<&Entry<'_>> =
            ranked.iter().filter(|entry| Level::of(entry.finding.severity) == level).collect();
        // What is left out is a notice itself.
        let spoken_for =
            usize::from(level == Level::Notice && (of_level.len() > MOST_OF_A_LEVEL || !left_out.is_empty()));
        let shown = of_level.len().min(MOST_OF_A_LEVEL - spoken_for);
        for entry in &of_level[..shown] {
            annotate(&mut out, level, entry, report);
        }
        if of_level.len() > shown {
            left_out.push(format!(
                "{} of {}",
                of_level.len() - shown,
                count(of_level.len(), level.name(), &format!("{}s", level.name()))
            ));
        }
    }
    if !left_out.is_empty() {
        let said = format!(
            "GitHub shows {MOST_OF_A_LEVEL} annotations of each level for a step. Not annotated: {}. The step's summary \
             and the other formats have them all.",
            left_out.join(", ")
        );
        let _ = writeln!(out, "::notice title=vibecheck::{}", workflow_message(&said));
        cuts.push(said);
    }
    verdict(&mut out, report);
    Published { text: out, cuts }
}

/// Open places: the first of each root cause, worst first, then their other places.
fn ranked(report: &Report) -> Vec<Entry<'_>> {
    let mut open: Vec<Entry<'_>> = entries(report).into_iter().filter(Entry::is_open).collect();
    let mut before = "";
    let mut first = Vec::with_capacity(open.len());
    for entry in &open {
        first.push(entry.finding.key != before);
        before = &entry.finding.key;
    }
    let mut first = first.into_iter();
    open.sort_by_cached_key(|_| !first.next().unwrap_or_default());
    open
}

fn annotate(out: &mut String, level: Level, entry: &Entry<'_>, report: &Report) {
    let Entry { finding, place, .. } = entry;
    let mut properties = Vec::new();
    if !place.file.is_empty() {
        properties.push(("file", report.background.path(&place.file)));
    }
    if place.line > 0 && !place.file.is_empty() {
        properties.push(("line", place.line.to_string()));
    }
    if place.column > 0 {
        properties.push(("col", place.column.to_string()));
    }
    let title = format!("{}: {}", words::capital(words::severity(finding.severity)), finding.title);
    properties.push(("title", short(&flat(&title), LONGEST_TITLE)));
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", workflow_property(value))).collect();
    let fix = words::first_sentences(&finding.fix, 400);
    let text = format!("{}\nWhat to do: {fix}\n({})", flat(&details(entry)), finding.rule);
    let text = text.lines().map(|line| short(line, LONGEST_MESSAGE)).collect::<Vec<_>>().join("\n");
    let _ = writeln!(out, "::{} {}::{}", level.name(), properties.join(","), workflow_message(&text));
}

/// Nothing here can be taken for a command.
fn verdict(out: &mut String, report: &Report) {
    let mut lines = vec![format!("vibecheck: {}", report.summary.sentence)];
    lines.push(report.summary.gate.says(counted(report)));
    if !report.known.is_empty() {
        lines.push(format!("{} known before.", count(report.known.len(), "finding", "findings")));
    }
    for suppressed in report.suppressed.iter().filter(|s| s.finding.severity == Severity::Blocker) {
        let reason = suppressed.suppressions.first().map_or("", |by| by.reason.as_str());
        lines.push(format!("Accepted blocker: {}: {reason}", suppressed.finding.title));
    }
    if !report.suppressed.is_empty() {
        lines.push(format!(
            "{} accepted with a reason.",
            count(report.suppressed.len(), "finding", "findings")
        ));
    }
    if !report.questions.is_empty() {
        lines.push(format!(
            "{} only a person can answer.",
            count(report.questions.len(), "question", "questions")
        ));
    }
    for failure in &report.coverage.failures {
        lines.push(format!("Incomplete: {failure}"));
    }
    for line in lines {
        let _ = writeln!(out, "{}", log_line(&short(&flowing(&line), LONGEST_MESSAGE)));
    }
}

/// The report in Markdown for the summary of a step, which already holds `taken` bytes.
pub fn step_summary(report: &Report, taken: usize) -> Published {
    let page = markdown::render(report);
    let room = SUMMARY_LIMIT.saturating_sub(taken);
    if page.len() <= room {
        return Published { text: page, cuts: Vec::new() };
    }
    let cut = "The summary of a step holds 1 MiB: the rest of the report is left out here. `--format markdown` has it all.";
    let note = format!("\n**{cut}**\n");
    // Whole lines only: markup is never open across lines.
    let end = page
        .char_indices()
        .take_while(|(at, _)| at + note.len() < room)
        .filter(|(_, c)| *c == '\n')
        .last()
        .map_or(0, |(at, _)| at + 1);
    let text = if note.len() <= room { format!("{}{note}", &page[..end]) } else { String::new() };
    Published { text, cuts: vec![cut.to_owned()] }
}

#[cfg(test)]
#[path = "github_tests.rs"]
mod tests;
