//! What the rules are: `tool.driver.rules`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::entries::{short, stopped};
use super::super::{Report, escape};
use crate::rules::{Confidence, Effort, Rule, Severity, Stage, area_named};

/// What GitHub takes of rules, and of the tags of one.
const MOST_RULES: usize = 25_000;
const MOST_TAGS: usize = 20;
/// What GitHub shows of a name and of a description, in characters.
const LONGEST_NAME: usize = 255;
const LONGEST_DESCRIPTION: usize = 1_024;
/// The longest text of a rule's help, in characters.
const LONGEST_HELP: usize = 4_000;

/// The rules, and what had to be left out.
pub(super) struct Descriptors {
    pub(super) rules: Vec<Value>,
    pub(super) cuts: Vec<String>,
}

/// Every rule that was run, in the order of the rule set; those that found something first of all if not all fit.
pub(super) fn descriptors(report: &Report, used: &BTreeSet<&str>, most_bytes: usize) -> Descriptors {
    let known = &report.background.rules;
    let mut order: Vec<usize> = (0..known.len()).collect();
    order.sort_by_key(|i| !used.contains(known[*i].id.as_str()));
    let mut size = 0;
    let mut kept: Vec<(usize, Value)> = Vec::new();
    for i in order {
        let descriptor = descriptor(&known[i]);
        // Indented it takes about a third more.
        size += descriptor.to_string().len() * 4 / 3 + 200;
        if kept.len() == MOST_RULES || size > most_bytes {
            break;
        }
        kept.push((i, descriptor));
    }
    let mut cuts = Vec::new();
    if kept.len() < known.len() {
        cuts.push(format!(
            "The descriptions of {} of {} rules are left out, because a document has no room for them.",
            known.len() - kept.len(),
            known.len()
        ));
    }
    kept.sort_by_key(|(i, _)| *i);
    Descriptors { rules: kept.into_iter().map(|(_, descriptor)| descriptor).collect(), cuts }
}

fn descriptor(rule: &Rule) -> Value {
    let flat = |text: &str, most| short(&text.split_whitespace().collect::<Vec<_>>().join(" "), most);
    let prose = |text: &str| escape::markdown_prose(&flat(text, LONGEST_HELP));
    let (why, fix, verify) =
        (flat(&rule.why, LONGEST_HELP), flat(&rule.fix, LONGEST_HELP), flat(&rule.verify, LONGEST_HELP));
    let text = format!("{}\n\nWhat to do: {fix}\n\nHow to verify: {verify}", stopped(&why));
    let markdown = format!(
        "{}\n\n**What to do**\n\n{}\n\n**How to verify**\n\n{}\n",
        prose(&rule.why),
        prose(&rule.fix),
        prose(&rule.verify)
    );
    let mut properties = Map::new();
    properties.insert("tags".to_owned(), json!(tags(rule)));
    properties.insert("precision".to_owned(), json!(precision(rule.confidence)));
    properties.insert("problem.severity".to_owned(), json!(problem(rule.severity)));
    properties.insert("security-severity".to_owned(), json!(score(rule.severity)));
    properties.insert("severity".to_owned(), json!(rule.severity));
    properties.insert("effort".to_owned(), json!(effort(rule.effort)));
    json!({
        "id": rule.id,
        "name": short(&name(&rule.id), LONGEST_NAME),
        "shortDescription": { "text": flat(&rule.title, LONGEST_DESCRIPTION) },
        "fullDescription": { "text": flat(&rule.why, LONGEST_DESCRIPTION) },
        "help": { "text": text, "markdown": markdown },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": properties,
    })
}

/// `no-database-backup` as `NoDatabaseBackup`: how the names of rules are written in SARIF.
fn name(id: &str) -> String {
    let capital = |part: &str| {
        let mut chars = part.chars();
        chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
    };
    id.split('-').map(capital).collect()
}

/// The level of a result of this severity.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocker | Severity::Critical => "error",
        Severity::High | Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// The severity that GitHub shows beside a result without a score.
fn problem(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocker | Severity::Critical => "error",
        Severity::High | Severity::Medium => "warning",
        Severity::Low => "recommendation",
    }
}

/// The score that GitHub turns into its own severities: over 9.0 critical, from 7.0 high, from 4.0 medium, else low. It
/// is no CVSS score; it only keeps the order.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocker => "9.8",
        Severity::Critical => "9.1",
        Severity::High => "7.5",
        Severity::Medium => "5.0",
        Severity::Low => "2.0",
    }
}

fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

fn effort(effort: Effort) -> &'static str {
    match effort {
        Effort::Minutes => "minutes",
        Effort::Hours => "hours",
        Effort::Days => "days",
        Effort::Weeks => "weeks",
    }
}

/// Area, stage, what it refers to; `security` and GitHub's form of a CWE where the rule names one.
fn tags(rule: &Rule) -> Vec<String> {
    let stage = match rule.stage {
        Stage::Stabilize => "stabilize",
        Stage::Foundations => "foundations",
        Stage::Scale => "scale",
    };
    let area = area_named(&rule.area).map_or(rule.area.as_str(), |area| area.slug);
    let mut tags = vec![area.to_owned(), stage.to_owned()];
    let cwe = |reference: &&String| reference.to_ascii_lowercase().starts_with("cwe-");
    if rule.refs.iter().any(|reference| cwe(&reference)) {
        tags.push("security".to_owned());
    }
    tags.extend(rule.refs.iter().filter(cwe).map(|cwe| format!("external/cwe/{}", cwe.to_ascii_lowercase())));
    tags.extend(rule.refs.iter().filter(|reference| !cwe(reference)).cloned());
    let mut seen = BTreeSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
    tags.truncate(MOST_TAGS);
    tags
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::testing::rule;

    #[test]
    fn a_rule_says_what_github_shows() {
        let mut rule = rule("no-database-backup");
        rule.severity = Severity::Critical;
        rule.refs = vec!["SC02".into(), "CWE-1104".into()];
        rule.fix = "Run `pg_dump` <daily>.".into();
        let said = descriptor(&rule);
        assert_eq!(said["name"], "NoDatabaseBackup");
        assert_eq!(said["defaultConfiguration"]["level"], "error");
        assert_eq!(
            said["properties"]["tags"],
            json!(["source-control", "stabilize", "security", "external/cwe/cwe-1104", "SC02"])
        );
        assert_eq!(said["properties"]["security-severity"], "9.1");
        assert_eq!(said["properties"]["precision"], "high");
        assert!(said["help"]["markdown"].as_str().unwrap().contains("Run `pg_dump` &lt;daily&gt;."));
        assert!(said["help"]["text"].as_str().unwrap().contains("How to verify: Verify no-database-backup."));
    }

    #[test]
    fn tags_and_texts_stay_within_the_limits() {
        let mut rule = rule("r");
        rule.refs = (0..100).map(|i| format!("CWE-{i}")).collect();
        rule.why = "why ".repeat(100_000);
        let said = descriptor(&rule);
        assert_eq!(said["properties"]["tags"].as_array().unwrap().len(), MOST_TAGS);
        assert!(said["fullDescription"]["text"].as_str().unwrap().chars().count() <= LONGEST_DESCRIPTION);
        assert!(said.to_string().len() < 20_000);
    }
}
