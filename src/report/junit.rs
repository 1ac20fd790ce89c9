//! JUnit XML: a suite for each area, a test for each rule.
//!
//! The elements and attributes are those that the schemas of Jenkins know (`junit-4.xsd`, `junit-10.xsd`), which is
//! what other readers follow as well. The reason of a skipped test is its text: not every schema has a `message` there.

use std::fmt::Write as _;

use super::escape::xml;
use super::{Report, entries, words};
use crate::findings::{Finding, Outcome, Place, Result, Standing};
use crate::rules::AREAS;

/// The most places of a finding, as in Markdown.
const MOST_PLACES: usize = 100;
/// The most findings of a rule.
const MOST_FINDINGS: usize = 100;
/// The longest text of a finding, in characters.
const LONGEST: usize = 4_000;

/// What came of a test.
enum Verdict {
    Passed { note: String },
    Failed { message: String, kind: &'static str, text: String },
    Errored { message: String },
    Skipped { reason: String },
}

struct Case {
    class: String,
    name: String,
    verdict: Verdict,
}

#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// The report as JUnit XML.
pub fn render(report: &Report) -> String {
    let suites = suites(report);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all = count(suites.iter().flat_map(|(_, cases)| cases));
    let Counts { tests, failures, errors, .. } = all;
    let _ = writeln!(
        out,
        "<testsuites name=\"vibecheck\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"0\">"
    );
    for (title, cases) in &suites {
        let Counts { tests, failures, errors, skipped } = count(cases.iter());
        let _ = writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" \
             skipped=\"{skipped}\" time=\"0\">",
            attribute(title)
        );
        cases.iter().for_each(|case| write_case(&mut out, case));
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn suites(report: &Report) -> Vec<(String, Vec<Case>)> {
    let mut suites: Vec<(String, Vec<Case>)> = Vec::new();
    for area in AREAS {
        let cases: Vec<Case> =
            report.outcomes.iter().filter(|o| o.area == area.slug).map(|o| case(o, report)).collect();
        if !cases.is_empty() {
            suites.push((area.title.to_owned(), cases));
        }
    }
    // What failed beside a rule would show nowhere else.
    let failed: Vec<&String> = report
        .coverage
        .failures
        .iter()
        .filter(|failure| {
            !report.outcomes.iter().any(|o| failure.contains(&format!("rule {} failed", o.rule)))
        })
        .collect();
    if !failed.is_empty() {
        let cases = failed
            .iter()
            .map(|failure| Case {
                class: "coverage".to_owned(),
                name: "Everything could be analysed".to_owned(),
                verdict: Verdict::Errored { message: (*failure).clone() },
            })
            .collect();
        suites.push(("What this rests on".to_owned(), cases));
    }
    suites
}

fn case(outcome: &Outcome, report: &Report) -> Case {
    let of_rule = |finding: &&Finding| finding.rule == outcome.rule;
    let open: Vec<&Finding> = report.findings.iter().filter(of_rule).collect();
    let reason = || outcome.reasons.join("; ");
    let verdict = if !open.is_empty() {
        failed(&open, report)
    } else if outcome.incomplete {
        Verdict::Errored { message: reason() }
    } else {
        match outcome.result {
            Result::Failed if !outcome.failed_by.is_empty() => Verdict::Skipped { reason: reason() },
            Result::Unknown => Verdict::Skipped { reason: format!("cannot be told: {}", reason()) },
            Result::NotApplicable => Verdict::Skipped { reason: format!("not applicable: {}", reason()) },
            Result::Passed | Result::Attested | Result::Failed => {
                Verdict::Passed { note: accepted(outcome, report) }
            }
        }
    };
    Case { class: outcome.area.clone(), name: name(outcome), verdict }
}

/// The rule's title; its id tells it from another one with the same title.
fn name(outcome: &Outcome) -> String {
    format!("{} ({})", outcome.title, outcome.rule)
}

fn failed(findings: &[&Finding], report: &Report) -> Verdict {
    let kind = words::severity(findings[0].severity);
    let message = match findings {
        [one] => one.title.clone(),
        [first, rest @ ..] => format!("{}, and {} more like it", first.title, rest.len()),
        [] => String::new(),
    };
    let mut text = String::new();
    for finding in findings.iter().take(MOST_FINDINGS) {
        one(&mut text, finding, report);
    }
    if findings.len() > MOST_FINDINGS {
        let _ = writeln!(text, "… and {} more, all in the JSON report", findings.len() - MOST_FINDINGS);
    }
    Verdict::Failed { message, kind, text }
}

fn one(text: &mut String, finding: &Finding, report: &Report) {
    let line = |label: &str, said: &str| format!("{label}{}\n", flowing(said));
    text.push_str(&line("", &finding.title));
    let open: Vec<&Place> = finding.places.iter().filter(|p| p.standing == Standing::Open).collect();
    for place in open.iter().take(MOST_PLACES) {
        let at = match (place.file.as_str(), place.line) {
            ("", _) => words::place(place),
            (file, 0) => report.background.path(file),
            (file, line) => format!("{}:{line}", report.background.path(file)),
        };
        let seen = words::seen(finding, place);
        let seen = if seen.is_empty() { String::new() } else { format!(": {seen}") };
        text.push_str(&line("  ", &format!("{at}{seen}")));
    }
    if open.len() > MOST_PLACES {
        let _ = writeln!(text, "  … and {} more, all in the JSON report", open.len() - MOST_PLACES);
    }
    text.push_str(&line("Why it matters: ", &finding.why));
    text.push_str(&line("What to do: ", &finding.fix));
    text.push_str(&line("How to verify: ", &finding.verify));
}

fn flowing(text: &str) -> String {
    entries::short(&text.split_whitespace().collect::<Vec<_>>().join(" "), LONGEST)
}

/// What is known or accepted of a rule without an open finding.
fn accepted(outcome: &Outcome, report: &Report) -> String {
    let known = report.known.iter().filter(|f| f.rule == outcome.rule);
    let suppressed = report.suppressed.iter().filter(|s| s.finding.rule == outcome.rule);
    let mut lines: Vec<String> = known.map(|f| format!("Known: {}", flowing(&f.title))).collect();
    lines.extend(suppressed.map(|s| {
        let reason = s.suppressions.first().map_or("", |by| by.reason.as_str());
        format!("Accepted: {}: {}", flowing(&s.finding.title), flowing(reason))
    }));
    if outcome.result == Result::Attested && lines.is_empty() {
        lines.push("A person vouches for it.".to_owned());
    }
    if lines.len() > MOST_FINDINGS {
        let more = lines.len() - MOST_FINDINGS;
        lines.truncate(MOST_FINDINGS);
        lines.push(format!("… and {more} more, all in the JSON report"));
    }
    lines.join("\n")
}

fn count<'a>(cases: impl Iterator<Item = &'a Case>) -> Counts {
    let mut counts = Counts::default();
    for case in cases {
        counts.tests += 1;
        match case.verdict {
            Verdict::Passed { .. } => {}
            Verdict::Failed { .. } => counts.failures += 1,
            Verdict::Errored { .. } => counts.errors += 1,
            Verdict::Skipped { .. } => counts.skipped += 1,
        }
    }
    counts
}

/// For an attribute: on one line.
fn attribute(text: &str) -> String {
    xml(&flowing(text))
}

fn write_case(out: &mut String, case: &Case) {
    let _ = write!(
        out,
        "    <testcase classname=\"{}\" name=\"{}\" time=\"0\"",
        attribute(&case.class),
        attribute(&case.name)
    );
    let inside = match &case.verdict {
        Verdict::Passed { note } if note.is_empty() => {
            out.push_str("/>\n");
            return;
        }
        Verdict::Passed { note } => format!("<system-out>{}</system-out>", xml(note)),
        Verdict::Failed { message, kind, text } => {
            format!("<failure type=\"{kind}\" message=\"{}\">{}</failure>", attribute(message), xml(text))
        }
        Verdict::Errored { message } => {
            format!("<error type=\"incomplete\" message=\"{}\"/>", attribute(message))
        }
        Verdict::Skipped { reason } => format!("<skipped>{}</skipped>", attribute(reason)),
    };
    let _ = writeln!(out, ">\n      {inside}\n    </testcase>");
}

#[cfg(test)]
#[path = "junit_tests.rs"]
mod tests;
