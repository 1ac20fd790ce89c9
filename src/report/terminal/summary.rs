//! Page one: the verdict, the ladder, the interval, the areas.

use anstyle::Style;

use super::page::{
    BLUE, BOLD, DIM, GREEN, PLAIN, Page, RED, RED_BOLD, Span, YELLOW, columns, padded, wrapped,
};
use crate::report::{Report, Summary, change_words, escape, words};
use crate::rules::area_named;
use crate::score::{AreaScore, Progress, StageScore, StageState, Verdict, count};

/// The colour of a verdict; its mark and its words say the same.
fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::OutrightRisk => RED,
        Verdict::Fragile => YELLOW,
        Verdict::CannotBeTold => BLUE,
        Verdict::ProductionGrade => GREEN,
        Verdict::NotApplicable => DIM,
    }
}

/// What was audited, and the verdict in one sentence.
pub(super) fn header(page: &mut Page, report: &Report) {
    let subject = &report.subject;
    let name = escape::terminal(&subject.name);
    let short: String = subject.commit.chars().take(10).collect();
    let branch = escape::terminal(subject.branch.as_str());
    let at = match (branch.as_str(), short.as_str()) {
        ("", "") => "no commit".to_owned(),
        ("", commit) => format!("commit {commit}"),
        (branch, "") => branch.to_owned(),
        (branch, commit) => format!("{branch} at {commit}"),
    };
    let dirty = if subject.dirty { ", with uncommitted changes" } else { "" };
    page.blank();
    page.paragraph(&[(DIM, "vibecheck  ".into())], BOLD, &name);
    page.paragraph(&[(DIM, "           ".into())], DIM, &format!("{at}{dirty} · {}", subject.date));
    page.blank();

    // The worst area gives the sentence its mark; the sentence itself says it in words.
    let worst = report.areas.iter().map(|a| a.verdict).min().unwrap_or(Verdict::CannotBeTold);
    let (style, mark) = match change_words::change(&report.comparisons) {
        None => (style(worst), words::verdict(worst).0),
        Some(_) if !report.summary.gate.passed => (RED, "✗"),
        Some(_) if !report.findings.is_empty() => (YELLOW, "▲"),
        Some(_) => (GREEN, "✓"),
    };
    page.paragraph(&[(style, format!("{mark} "))], BOLD, &escape::flowing(&report.summary.sentence));
}

/// The ladder with what keeps the current steps from being done, and the interval.
pub(super) fn ladder(page: &mut Page, summary: &Summary) {
    if page.narrow() {
        standing(page, &summary.stages);
    } else {
        lying(page, &summary.stages);
    }
    page.blank();
    progress(page, summary.progress);
}

fn step(stage: &StageScore) -> (Style, String) {
    let style = match stage.state {
        StageState::Done => GREEN,
        StageState::Current => BOLD,
        StageState::Locked => DIM,
    };
    (style, format!("{} {}", words::state(stage.state).0, words::capital(&stage.stage)))
}

fn lying(page: &mut Page, stages: &[StageScore]) {
    let names: usize = stages.iter().map(|stage| columns(&step(stage).1)).sum();
    let gaps = stages.len().saturating_sub(1).max(1);
    let dashes = (page.width.saturating_sub(names) / gaps).saturating_sub(2).clamp(3, 14);
    let (mut above, mut below): (Vec<Span>, Vec<Span>) = (Vec::new(), Vec::new());
    for (i, stage) in stages.iter().enumerate() {
        let name = step(stage);
        let room = columns(&name.1) + dashes + 2;
        below.push((DIM, padded(&format!("  {}", words::state(stage.state).1), room)));
        above.push(name);
        if i + 1 < stages.len() {
            above.push((DIM, format!(" {} ", "─".repeat(dashes))));
        }
    }
    page.line(&above);
    page.line(&below);
    let open: Vec<&StageScore> = stages.iter().filter(|s| s.state == StageState::Current).collect();
    if !open.is_empty() {
        page.blank();
    }
    for stage in open {
        let lead = [(PLAIN, padded(&words::capital(&stage.stage), 13))];
        page.paragraph(&lead, PLAIN, &escape::flowing(&stage.because));
    }
}

fn standing(page: &mut Page, stages: &[StageScore]) {
    for (i, stage) in stages.iter().enumerate() {
        page.line(&[step(stage), (DIM, format!("  {}", words::state(stage.state).1))]);
        let bar = if i + 1 < stages.len() { "│ " } else { "  " };
        if stage.state == StageState::Current {
            for line in wrapped(&escape::flowing(&stage.because), page.width.saturating_sub(2)) {
                page.line(&[(DIM, bar.into()), (PLAIN, line)]);
            }
        }
    }
}

/// The interval as a bar: what is sure, what is possible, and what is left.
fn progress(page: &mut Page, progress: Progress) {
    let Progress { low, high } = progress;
    let cells = page.width.saturating_sub(26).clamp(10, 40);
    let at = |percent: u32| (percent as usize * cells + 50) / 100;
    let sure = at(low);
    // Where the ends differ the bar shows it, however little.
    let possible = if high > low { at(high).max(sure + 1).min(cells) } else { sure };
    let sure = if high > low { sure.min(possible - 1) } else { sure };
    let percent = if low == high { format!("{low} %") } else { format!("{low}–{high} %") };
    page.line(&[
        (PLAIN, padded("Progress", 13)),
        (DIM, "▕".into()),
        (GREEN, "█".repeat(sure)),
        (YELLOW, "▒".repeat(possible - sure)),
        (DIM, "░".repeat(cells - possible)),
        (DIM, "▏".into()),
        (BOLD, format!(" {percent}")),
    ]);
    if low != high {
        let lead = [(PLAIN, " ".repeat(if page.narrow() { 0 } else { 13 }))];
        page.paragraph(&lead, DIM, "█ is sure, ▒ depends on what could not be told");
    }
}

/// One row for each area that was looked at, and one for all the others.
pub(super) fn areas(page: &mut Page, report: &Report) {
    page.heading("Areas");
    let folded = |area: &&AreaScore| !area.examined && area.verdict == Verdict::CannotBeTold;
    let shown: Vec<&AreaScore> = report.areas.iter().filter(|area| !folded(area)).collect();
    let unseen: Vec<&AreaScore> = report.areas.iter().filter(folded).collect();
    let title_width = shown.iter().map(|area| columns(&area.title)).max().unwrap_or(0).max(12);
    for area in &shown {
        row(page, area.verdict, &area.title, title_width, &escape::flowing(&words::area_detail(area)));
    }
    if !unseen.is_empty() {
        let names: Vec<&str> = unseen
            .iter()
            .map(|area| area_named(&area.area).map_or(area.title.as_str(), |a| a.title))
            .collect();
        let more = if shown.is_empty() { "" } else { " more" };
        let title = format!("{}{more}", unseen.len()) + if unseen.len() == 1 { " area" } else { " areas" };
        // An area may also be unexamined because there is no code at all: its own reason says so.
        let because = unseen[0].because.trim_end_matches('.');
        let because = because.replace("look at it yet", "look at them yet");
        row(page, Verdict::CannotBeTold, &title, title_width, &format!("{because}:"));
        page.paragraph(&[(PLAIN, "  ".into())], DIM, &names.join(", "));
    }
}

fn row(page: &mut Page, verdict: Verdict, title: &str, title_width: usize, detail: &str) {
    let (mark, word) = words::verdict(verdict);
    let quiet = if verdict == Verdict::NotApplicable { DIM } else { PLAIN };
    if page.width < 76 {
        let open = [(style(verdict), format!("{mark} "))];
        page.paragraph(&open, quiet, title);
        let lead = [(PLAIN, "  ".to_owned()), (style(verdict), word.to_owned()), (PLAIN, "  ".into())];
        let room = page.width.saturating_sub(word.len() + 4);
        if columns(detail) <= room {
            page.paragraph(&lead, DIM, detail);
        } else {
            page.line(&lead);
            page.paragraph(&[(PLAIN, "  ".into())], DIM, detail);
        }
        return;
    }
    let lead = [
        (style(verdict), format!("{mark} ")),
        (quiet, padded(title, title_width + 2)),
        (style(verdict), padded(word, 18)),
    ];
    let strong = matches!(verdict, Verdict::OutrightRisk | Verdict::Fragile);
    page.paragraph(&lead, if strong { PLAIN } else { DIM }, detail);
}

/// The colour of a severity; its word says the same.
pub(super) fn severity_style(severity: crate::rules::Severity) -> Style {
    use crate::rules::Severity::{Blocker, Critical, High, Low, Medium};
    match severity {
        Blocker => RED_BOLD,
        Critical => RED,
        High => YELLOW,
        Medium => BLUE,
        Low => DIM,
    }
}

/// `and 3 more findings`, for a list that is cut off.
pub(super) fn and_more(n: usize, one: &str, many: &str) -> String {
    format!("and {}", count(n, &format!("more {one}"), &format!("more {many}")))
}
