//! SARIF 2.1.0 (OASIS Standard, errata 01), in the form that GitHub code scanning takes.
//!
//! One result for each place, not for each finding: code scanning makes one alert of each result, looks only at its
//! first location, and follows it by its fingerprint. A new place of a known root cause has to show as a new alert, and
//! a place that is gone has to close its own.
//!
//! GitHub refuses a document that is over its limits ("SARIF support for code scanning": 25,000 results, 25,000 rules,
//! 20 tags of a rule, 10 MB compressed). What is over is left out from the end, which is the least, and said in
//! `toolExecutionNotifications`.

mod descriptors;
mod results;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::entries::{Published, entries, short};
use super::{Report, escape};
use descriptors::Descriptors;

/// What GitHub takes of results.
const MOST_RESULTS: usize = 25_000;
/// What the document may take, in bytes. GitHub's limit of 10 MB is one of the compressed file; we stay below it
/// whatever compression gives.
const MOST_BYTES: usize = 10_000_000;
/// Of these, for rules.
const MOST_RULE_BYTES: usize = 4_000_000;
/// The most notifications of one sort.
const MOST_NOTIFICATIONS: usize = 200;
/// The longest text, in characters.
const LONGEST: usize = 2_000;
/// The name under which paths are relative: what tools for SARIF call the top of the repository.
const ROOT: &str = "%SRCROOT%";

/// The limits of a document. Tests take smaller ones.
struct Limits {
    results: usize,
    bytes: usize,
    rule_bytes: usize,
}

/// The report as SARIF.
pub fn render(report: &Report) -> Published {
    render_within(report, &Limits { results: MOST_RESULTS, bytes: MOST_BYTES, rule_bytes: MOST_RULE_BYTES })
}

fn render_within(report: &Report, limits: &Limits) -> Published {
    let entries = entries(report);
    let used: BTreeSet<&str> = entries.iter().map(|entry| entry.finding.rule.as_str()).collect();
    let Descriptors { rules, mut cuts } = descriptors::descriptors(report, &used, limits.rule_bytes);
    let index: BTreeMap<String, usize> = rules
        .iter()
        .enumerate()
        .filter_map(|(i, rule)| rule["id"].as_str().map(|id| (id.to_owned(), i)))
        .collect();
    // Room for the sentences about what is cut.
    let envelope = document(report, &rules, &cuts).len() + 2_000;
    let mut size = envelope;
    let mut lines: Vec<String> = Vec::new();
    for (position, entry) in entries.iter().enumerate() {
        let result = results::result(
            entry,
            report,
            index.get(&entry.finding.rule).copied(),
            position == 0 || entries[position - 1].finding.key != entry.finding.key,
        );
        let line = escape::json(&result.to_string());
        size += line.len() + 2;
        if lines.len() == limits.results || size > limits.bytes {
            break;
        }
        lines.push(line);
    }
    if lines.len() < entries.len() {
        let (left, all) = (entries.len() - lines.len(), entries.len());
        let why = if lines.len() == limits.results {
            format!("a document holds {} results", limits.results)
        } else {
            format!("a document holds {} bytes", limits.bytes)
        };
        cuts.push(format!(
            "{left} of {all} results are left out, the least of them, because {why}. The JSON report has them all."
        ));
    }
    let document = document(report, &rules, &cuts);
    // Only our own key can read so: quotes inside of strings are escaped.
    let text = document.replacen("\"results\": []", &format!("\"results\": [\n{}\n]", lines.join(",\n")), 1);
    Published { text, cuts }
}

/// The document without results.
fn document(report: &Report, rules: &[Value], cuts: &[String]) -> String {
    let mut driver = Map::new();
    driver.insert("name".to_owned(), json!(report.tool.name));
    driver.insert("version".to_owned(), json!(report.tool.version));
    driver.insert("semanticVersion".to_owned(), json!(report.tool.version));
    driver.insert("rules".to_owned(), json!(rules));
    let mut run = Map::new();
    run.insert("tool".to_owned(), json!({ "driver": driver }));
    run.insert("invocations".to_owned(), json!([invocation(report, cuts)]));
    if !report.background.prefix.is_empty() {
        // Audits of several folders of a repository are told apart by this: an upload replaces the last one of its
        // category. At the top, the uploading action's own category holds.
        let category = format!("vibecheck/{}/", report.background.prefix);
        run.insert("automationDetails".to_owned(), json!({ "id": category }));
    }
    run.insert(
        "originalUriBaseIds".to_owned(),
        json!({ ROOT: { "description": { "text": "The top of the repository." } } }),
    );
    run.insert("columnKind".to_owned(), json!("unicodeCodePoints"));
    run.insert("redactionTokens".to_owned(), json!(["•••"]));
    run.insert("results".to_owned(), json!([]));
    run.insert("properties".to_owned(), json!(summary(report)));
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    });
    let mut text = escape::json(&serde_json::to_string_pretty(&document).unwrap_or_default());
    text.push('\n');
    text
}

/// What has no place of its own in SARIF. Remotes and names of branches are left out: nothing here needs them.
fn summary(report: &Report) -> Value {
    let stated = &report.summary;
    json!({
        "summary": short(&stated.sentence, LONGEST),
        "stage": stated.stage,
        "progress": stated.progress,
        "gate": stated.gate,
        "commit": report.subject.commit,
        "dirty": report.subject.dirty,
        "date": report.subject.date,
        "ruleset": report.ruleset.digest,
    })
}

/// Whether the audit is whole, and what it does not cover.
fn invocation(report: &Report, cuts: &[String]) -> Value {
    let coverage = &report.coverage;
    let mut notes: Vec<Value> = cuts.iter().map(|cut| notification("warning", cut, None)).collect();
    let mut add =
        |level: &str, texts: Vec<(String, Option<&str>)>| {
            let more = texts.len().saturating_sub(MOST_NOTIFICATIONS);
            notes.extend(texts.iter().take(MOST_NOTIFICATIONS).map(|(text, file)| {
                notification(level, text, file.map(|file| report.background.path(file)))
            }));
            if more > 0 {
                notes.push(notification(
                    level,
                    &format!("… and {more} more like this, all in the JSON report."),
                    None,
                ));
            }
        };
    add("error", coverage.failures.iter().map(|failure| (failure.clone(), None)).collect());
    add(
        "warning",
        coverage
            .broken
            .iter()
            .map(|(file, why)| (format!("The file does not parse: {why}"), Some(file.as_str())))
            .collect(),
    );
    add(
        "note",
        coverage
            .skipped
            .iter()
            .map(|skip| (format!("Not read, {}: {} files.", skip.reason, skip.count), None))
            .collect(),
    );
    add(
        "note",
        coverage
            .unexamined_areas
            .iter()
            .map(|area| (format!("No rule looks at the area {area}."), None))
            .collect(),
    );
    add("note", coverage.notes.iter().map(|note| (note.clone(), None)).collect());
    add(
        "note",
        report
            .questions
            .iter()
            .map(|q| (format!("Cannot be told ({}), because {}: {}", q.rule, q.because, q.question), None))
            .collect(),
    );
    json!({ "executionSuccessful": coverage.failures.is_empty(), "toolExecutionNotifications": notes })
}

fn notification(level: &str, text: &str, file: Option<String>) -> Value {
    let text = escape::sarif_message(&short(&text.split_whitespace().collect::<Vec<_>>().join(" "), LONGEST));
    let mut notification = json!({ "level": level, "message": { "text": text } });
    if let Some(file) = file {
        notification["locations"] = json!([{ "physicalLocation": { "artifactLocation": artifact(&file) } }]);
    }
    notification
}

/// A file, from the top of the repository.
fn artifact(path: &str) -> Value {
    json!({ "uri": escape::uri_path(path), "uriBaseId": ROOT })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
