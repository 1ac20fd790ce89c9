//! Markdown: the full report, for a client or a pull request.

use std::fmt::Write as _;

use super::accepted_words::{accepted_in, comparison, counted, is_grave, nothing_open, unused_at};
use super::escape::{log_line, markdown as text, markdown_code as code, markdown_prose as prose};
use super::{Comparison, ComparisonKind, Report, change_words, coverage_words, permissions, routes, words};
use crate::findings::{Finding, Place, Standing, Suppressed};
use crate::score::{StageState, count};

/// The most places of a finding: a report for people is no list of ten thousand lines.
const MOST_PLACES: usize = 100;

/// The most routes: the worst are first.
const MOST_ROUTES: usize = 40;

/// The report as Markdown. Nothing that a repository chose becomes markup.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    let change = change_words::change(&report.comparisons);
    summary(&mut out, report, change);
    match change {
        // Neither the score nor what is good or known: no change is to be blamed or praised for it.
        Some(change) => {
            if !report.findings.is_empty() {
                findings(&mut out, report, "What this change brings");
            }
            fixes(&mut out, report, change);
            questions(&mut out, report);
        }
        None => {
            areas(&mut out, report);
            findings(&mut out, report, "Findings");
            accepted(&mut out, report);
            routes(&mut out, report);
            permissions::markdown(&mut out, report);
            strengths(&mut out, report);
            questions(&mut out, report);
        }
    }
    coverage(&mut out, report);
    let mut page: String = out.lines().map(log_line).collect::<Vec<_>>().join("\n");
    page.push('\n');
    page
}

fn summary(out: &mut String, report: &Report, change: Option<&Comparison>) {
    let subject = &report.subject;
    let _ = writeln!(out, "# {}: audit of {}\n", text(&subject.name), subject.date);
    let _ = writeln!(out, "**{}**\n", text(&report.summary.sentence));
    if change.is_none() {
        ladder(out, report);
    }
    let _ = writeln!(out, "{}\n", text(&report.summary.gate.says(counted(report))));
    // Of a change, the sentence above says it.
    for one in report.comparisons.iter().filter(|one| one.kind == ComparisonKind::Baseline) {
        let _ = writeln!(out, "{}.\n", prose(&comparison(report, one)));
    }
    for one in report.suppressed.iter().filter(|one| is_grave(one)) {
        let _ = writeln!(
            out,
            "**Accepted blocker**: {} ({})\n",
            prose(&one.finding.title),
            code(&one.finding.rule)
        );
        reasons(out, one);
        out.push('\n');
    }
}

fn ladder(out: &mut String, report: &Report) {
    let _ = writeln!(out, "| Step | Where it stands | What is left |\n|---|---|---|");
    for stage in &report.summary.stages {
        let (mark, when) = words::state(stage.state);
        let left = if stage.state == StageState::Done { "nothing".to_owned() } else { text(&stage.because) };
        let _ = writeln!(out, "| {} | {mark} {when} | {left} |", words::capital(&stage.stage));
    }
    let progress = report.summary.progress;
    let range = if progress.low == progress.high {
        format!("{} %", progress.low)
    } else {
        format!("{} to {} %; the width is what could not be told", progress.low, progress.high)
    };
    let _ = writeln!(out, "\nProgress: {range}.\n");
}

fn areas(out: &mut String, report: &Report) {
    let _ = writeln!(out, "## Areas\n\n| Area | Verdict | Open | Why |\n|---|---|---|---|");
    for area in &report.areas {
        let (mark, verdict) = words::verdict(area.verdict);
        let _ = writeln!(
            out,
            "| {} | {mark} {verdict} | {} | {} |",
            text(&area.title),
            words::counts(area.counts),
            text(&area.because)
        );
    }
    out.push('\n');
}

fn fixes(out: &mut String, report: &Report, change: &Comparison) {
    let still = change_words::still_found(report);
    let (whole, part) = change_words::fixed(change, &still);
    if whole.is_empty() && part.is_empty() {
        return;
    }
    let _ = writeln!(out, "## What this change fixes\n");
    let all = whole.into_iter().map(|one| (one, "")).chain(part.into_iter().map(|one| (one, ", in part")));
    for (one, in_part) in all {
        let _ = writeln!(out, "- {}{in_part} ({})", prose(&one.title), code(&one.rule));
    }
    out.push('\n');
}

fn findings(out: &mut String, report: &Report, heading: &str) {
    let _ = writeln!(out, "## {heading}\n");
    if report.findings.is_empty() {
        let _ = writeln!(out, "{}\n", nothing_open(report));
    }
    for (i, finding) in report.findings.iter().enumerate() {
        one(out, i + 1, finding, report);
    }
}

fn one(out: &mut String, number: usize, finding: &Finding, report: &Report) {
    let severity = words::capital(words::severity(finding.severity));
    let _ = writeln!(out, "### {number}. {}\n", prose(&finding.title));
    let mut about = vec![
        format!("**{severity}**"),
        stage_name(finding),
        format!("takes {}", words::effort(finding.effort)),
    ];
    if !words::doubt(finding.confidence).is_empty() {
        about.push(words::doubt(finding.confidence).to_owned());
    }
    if let Some(app) = words::app(finding, report) {
        about.push(text(&app));
    }
    about.push(code(&finding.rule));
    if !finding.refs.is_empty() {
        about.push(text(&finding.refs.join(", ")));
    }
    let _ = writeln!(out, "{}\n\n{}\n", about.join(" · "), prose(&finding.why));
    let _ = writeln!(out, "Where:\n");
    for place in finding.places.iter().take(MOST_PLACES) {
        let at = if place.file.is_empty() { words::place(place) } else { code(&words::place(place)) };
        let seen = words::seen(finding, place);
        let seen = match (seen.is_empty(), place.snippet.is_empty()) {
            (true, _) => String::new(),
            (false, true) => format!(": {}", text(seen)),
            (false, false) => format!(": {}", code(seen)),
        };
        let _ = writeln!(out, "- {at}{seen}{}", standing(place));
    }
    if finding.places.len() > MOST_PLACES {
        let _ = writeln!(out, "- and {} more, all in the JSON report", finding.places.len() - MOST_PLACES);
    }
    let _ =
        writeln!(out, "\nWhat to do: {}\n\nHow to verify: {}\n", prose(&finding.fix), prose(&finding.verify));
}

/// Why a place does not count, for a finding that has others that do.
fn standing(place: &Place) -> String {
    match (place.standing, &place.suppression) {
        (Standing::Open, _) => String::new(),
        (Standing::Ignored, Some(by)) => format!(" (accepted: {})", text(by.reason.as_str())),
        (Standing::Ignored, None) => " (accepted)".to_owned(),
        (Standing::Baseline | Standing::Before, _) => " (known)".to_owned(),
    }
}

/// Findings that are known or accepted, one line each, and what accepts nothing.
fn accepted(out: &mut String, report: &Report) {
    let line = |finding: &Finding| {
        let severity = words::capital(words::severity(finding.severity));
        let places = count(finding.places.len(), "place", "places");
        format!("- **{severity}**: {} ({}, {places})", prose(&finding.title), code(&finding.rule))
    };
    if !report.known.is_empty() {
        let _ = writeln!(out, "## What is known\n");
        for finding in &report.known {
            let _ = writeln!(out, "{}", line(finding));
        }
        out.push('\n');
    }
    if report.suppressed.iter().any(|one| !is_grave(one)) {
        let _ = writeln!(out, "## What is accepted\n");
        for one in report.suppressed.iter().filter(|one| !is_grave(one)) {
            let _ = writeln!(out, "{}", line(&one.finding));
            reasons(out, one);
        }
        out.push('\n');
    }
    if !report.unused_suppressions.is_empty() {
        let _ = writeln!(out, "## Suppressions that don't apply\n");
        for one in &report.unused_suppressions {
            let rule =
                if one.rule.is_empty() { String::new() } else { format!(" ({})", code(one.rule.as_str())) };
            let _ = writeln!(out, "- {}{rule}: {}", text(&unused_at(one)), prose(&one.because));
        }
        out.push('\n');
    }
}

/// The matrix, worst first.
fn routes(out: &mut String, report: &Report) {
    let matrix = &report.routes;
    if matrix.rows.is_empty() {
        return;
    }
    let _ = writeln!(out, "## Who may call what\n\n**{}.**\n", text(&routes::counted(&matrix.counts)));
    let headings: Vec<&str> = routes::COLUMNS.iter().map(|(heading, _)| *heading).collect();
    let _ = writeln!(out, "| Route | {} | What it does | Where |", headings.join(" | "));
    let _ = writeln!(out, "|---{}|", "|---".repeat(headings.len() + 2));
    for row in matrix.rows.iter().take(MOST_ROUTES) {
        let at = format!("{}:{}", row.file, row.line);
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            text(&format!("{} {}", row.method, row.path)),
            routes::cells(row).join(" | "),
            text(&routes::effects(row)),
            text(&at)
        );
    }
    let left = matrix.rows.len().saturating_sub(MOST_ROUTES);
    if left > 0 {
        let how = code("vibecheck facts --kind route --format table");
        let _ = writeln!(out, "\nand {left} more, all in the JSON report and in {how}");
    }
    out.push('\n');
    for (word, says) in routes::COLUMNS.iter().chain(&routes::LEGEND) {
        let _ = writeln!(out, "- **{word}**: {says}");
    }
    let guards = routes::guards(matrix);
    if !guards.is_empty() {
        let _ = writeln!(out, "\n{}", text(&guards));
    }
    out.push('\n');
}

fn reasons(out: &mut String, suppressed: &Suppressed) {
    for one in &suppressed.suppressions {
        let _ = writeln!(out, "  - {} ({})", text(one.reason.as_str()), text(&accepted_in(one)));
    }
}

fn stage_name(finding: &Finding) -> String {
    use crate::rules::Stage::{Foundations, Scale, Stabilize};
    match finding.stage {
        Stabilize => "stabilize",
        Foundations => "foundations",
        Scale => "scale",
    }
    .to_owned()
}

fn strengths(out: &mut String, report: &Report) {
    if report.strengths.is_empty() {
        return;
    }
    let _ = writeln!(out, "## What is good\n");
    for strength in &report.strengths {
        let _ = writeln!(out, "- {}", prose(&strength.sentence));
    }
    out.push('\n');
}

fn questions(out: &mut String, report: &Report) {
    if !report.questions.is_empty() {
        let _ = writeln!(out, "## What could not be told, and whom to ask\n");
        for group in words::by_rule(&report.questions) {
            for question in &group {
                let _ = writeln!(out, "- **{}**  ", prose(&question.question));
                let _ = writeln!(
                    out,
                    "  About {}. Ask {}.",
                    text(&question.subject),
                    words::whom_to_ask(&question.area)
                );
                if !question.because.is_empty() {
                    let because = text(&question.because);
                    let _ = writeln!(out, "  It can't be told, because {}.", because.trim_end_matches('.'));
                }
                let _ = writeln!(out, "  ({})", code(&question.rule));
            }
        }
        out.push('\n');
    }
    if !report.attestations.is_empty() {
        let _ = writeln!(out, "## What people vouch for\n");
        for word in &report.attestations {
            let _ = writeln!(
                out,
                "- {}: {} ({} on {}, holds until {})",
                code(&word.rule),
                text(&word.answer),
                text(&word.by),
                text(&word.on),
                text(&word.until)
            );
        }
        out.push('\n');
    }
}

fn coverage(out: &mut String, report: &Report) {
    let coverage = &report.coverage;
    let _ = writeln!(out, "## What this rests on\n");
    let _ = writeln!(out, "- Files: {}", text(&coverage_words::files(coverage)));
    if let Some(change) = change_words::change(&report.comparisons) {
        let _ = writeln!(out, "- Change: {}", text(&change_words::compared_files(change)));
    } else {
        if !coverage.languages.is_empty() {
            let _ = writeln!(out, "- Code: {}", text(&coverage_words::languages(coverage)));
        }
        let _ = writeln!(out, "- History: {}", coverage_words::history(coverage));
    }
    for group in &coverage.skipped {
        let names: Vec<String> = group.files.iter().map(|file| code(file)).collect();
        let more = match group.count as usize - group.files.len().min(group.count as usize) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        let _ = writeln!(out, "- Not read, {}: {}{more}", text(&group.reason), names.join(", "));
    }
    for (file, why) in &coverage.broken {
        let _ = writeln!(out, "- Does not parse: {} ({})", code(file), text(why));
    }
    for note in &coverage.notes {
        let _ = writeln!(out, "- {}", text(note));
    }
    for failure in &coverage.failures {
        let _ = writeln!(out, "- **Failed**: {}", text(failure));
    }
    let subject = &report.subject;
    let commit = if subject.commit.is_empty() { "none".to_owned() } else { code(&subject.commit) };
    let branch = match subject.branch.is_empty() {
        true => String::new(),
        false => format!(" on {}", code(subject.branch.as_str())),
    };
    let dirty = if subject.dirty { ", with uncommitted changes" } else { "" };
    let _ = writeln!(out, "- Commit: {commit}{branch}{dirty}");
    let _ = writeln!(
        out,
        "- Rules: {} in {} (digest {}), vibecheck {}",
        count(report.ruleset.rules as usize, "rule", "rules"),
        count(report.ruleset.packs.len(), "pack", "packs"),
        code(&report.ruleset.digest),
        text(&report.tool.version)
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{accepted, hostile, report};

    #[test]
    fn full_report() {
        insta::assert_snapshot!(render(&report()));
    }

    #[test]
    fn what_is_known_and_accepted() {
        insta::assert_snapshot!(render(&accepted()));
    }

    #[test]
    fn hostile_text_is_harmless() {
        let page = render(&hostile());
        assert!(!page.contains(['<', '\u{1b}', '\u{202e}']));
        assert!(!page.contains("##["));
        assert!(!page.contains("@octocat") && !page.replace("\\]", "").contains("]("));
        for line in page.lines() {
            assert!(!line.trim_start().starts_with("::"), "{line}");
        }
        let tables: Vec<&str> = page.lines().filter(|l| l.starts_with('|')).collect();
        assert!(tables.iter().all(|row| row.replace("\\|", "").matches('|').count() >= 4));
    }
}
