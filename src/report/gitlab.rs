//! GitLab's code quality report: an array with an entry for each place.
//!
//! What it must hold is said in GitLab's documentation, "Code Quality: implement a custom tool". There is no room for
//! anything that is not an entry: what could not be told is in the other formats only.

use serde::Serialize;

use super::entries::{Entry, WHOLE, entries, message, short};
use super::{Report, escape};
use crate::rules::Severity;

/// The most characters of a description: it is one line in a widget.
const LONGEST: usize = 1_000;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// The report for GitLab. What a person accepted is left out: GitLab itself compares branches, and knows nothing of
/// acceptance. What was there before a change is listed: GitLab would take it for fixed.
pub fn render(report: &Report) -> String {
    let entries = entries(report);
    let issues: Vec<Issue<'_>> =
        entries.iter().filter(|entry| !entry.is_accepted()).map(|entry| issue(entry, report)).collect();
    let mut text = escape::json(&serde_json::to_string_pretty(&issues).unwrap_or_default());
    text.push('\n');
    text
}

fn issue<'a>(entry: &'a Entry<'_>, report: &Report) -> Issue<'a> {
    let mut description = short(&message(entry), LONGEST);
    if entry.place.file.is_empty() {
        description = format!("{description} {WHOLE}");
    }
    Issue {
        description,
        check_name: &entry.finding.rule,
        fingerprint: &entry.fingerprint,
        severity: severity(entry.finding.severity),
        location: Location {
            path: report.background.path(&entry.place.file),
            lines: Lines { begin: entry.place.line.max(1) },
        },
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocker => "blocker",
        Severity::Critical => "critical",
        Severity::High => "major",
        Severity::Medium => "minor",
        Severity::Low => "info",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::findings::Standing;
    use crate::report::schemas::gitlab_problems;
    use crate::report::testing;

    fn issues(report: &Report) -> Vec<Value> {
        assert_eq!(gitlab_problems(&render(report)), Vec::<String>::new());
        serde_json::from_str(&render(report)).unwrap()
    }

    #[test]
    fn every_place_is_an_entry() {
        let mut report = testing::report();
        report.background.anchor = "README.md".into();
        let issues = issues(&report);
        assert_eq!(issues.len(), 8, "five of .env, one each of the others");
        assert_eq!(issues[0]["check_name"], "env-file-committed");
        assert_eq!(issues[0]["severity"], "blocker");
        assert_eq!(issues[1]["location"], serde_json::json!({ "path": ".env", "lines": { "begin": 4 } }));
        let whole = issues.iter().find(|i| i["check_name"] == "no-tests").unwrap();
        assert_eq!(whole["location"], serde_json::json!({ "path": "README.md", "lines": { "begin": 1 } }));
        assert!(whole["description"].as_str().unwrap().contains("about the repository as a whole"));
    }

    #[test]
    fn what_is_accepted_is_left_out_and_what_was_there_before_is_not() {
        let mut report = testing::report();
        report.background.anchor = "README.md".into();
        report.findings[0].places[0].standing = Standing::Baseline;
        report.findings[0].places[1].standing = Standing::Ignored;
        report.findings[0].places[2].standing = Standing::Before;
        let lines: Vec<Value> = issues(&report)
            .iter()
            .filter(|i| i["severity"] == "blocker")
            .map(|i| i["location"].clone())
            .collect();
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|l| l["path"] != ".env"));
    }

    #[test]
    fn the_schema_refuses_what_gitlab_can_not_read() {
        let mut report = testing::report();
        report.background.anchor = "README.md".into();
        let good = render(&report);
        for (from, to) in [
            ("\"blocker\"", "\"outright\""),
            ("\"begin\": 1", "\"begin\": 0"),
            ("\"path\": \".env\"", "\"path\": \"./.env\""),
            ("\"fingerprint\"", "\"print\""),
            ("[\n", "{\n"),
        ] {
            assert!(!gitlab_problems(&good.replacen(from, to, 1)).is_empty(), "{to}");
        }
    }

    #[test]
    fn hostile_text_is_inert() {
        let mut report = testing::hostile();
        report.background.anchor = "README.md".into();
        let text = render(&report);
        assert_eq!(gitlab_problems(&text), Vec::<String>::new());
        assert!(!text.contains(['\u{1b}', '\u{202e}']) && !text.contains("##["));
        assert!(text.lines().all(|line| !line.trim_start().starts_with("::")));
    }

    #[test]
    fn a_giant_text_is_shortened() {
        let mut report = testing::report();
        report.findings[0].why = "why ".repeat(100_000);
        assert!(render(&report).len() < 20_000);
    }
}
