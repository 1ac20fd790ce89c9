//! JSON: the report and the fact base as data, and their published schemas.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Report, escape};
use crate::facts::{Facts, kind_named};

/// Pretty-printed, with a line break at the end, and inert in a terminal or a CI log.
fn print(value: &impl Serialize) -> String {
    let mut text = escape::json(&serde_json::to_string_pretty(value).unwrap_or_default());
    text.push('\n');
    text
}

/// The report as `--format json` prints it.
pub fn render(report: &Report) -> String {
    print(report)
}

/// The schema of the report: what `docs/report.schema.json` holds.
pub fn schema() -> Value {
    published(schemars::schema_for!(Report).to_value(), "vibecheck report", "vibecheck-report")
}

/// The schema of what `vibecheck facts --format json` prints: what `docs/facts.schema.json` holds.
pub fn facts_schema() -> Value {
    let mut schema = published(crate::facts::schema(), "vibecheck facts", "vibecheck-facts");
    // `--kind` prints one list only, so none is required beside the two fields that name the format.
    schema["required"] = json!(["format", "version"]);
    schema
}

/// The text of a published schema.
pub fn schema_text(schema: &Value) -> String {
    print(schema)
}

/// Names the format in a schema, so that a reader can tell documents apart.
fn published(mut schema: Value, title: &str, format: &str) -> Value {
    schema["title"] = json!(title);
    let mut properties = Map::new();
    properties.insert("format".to_owned(), json!({ "type": "string", "const": format }));
    properties.insert("version".to_owned(), json!({ "type": "integer", "const": 1 }));
    if let Some(Value::Object(own)) = schema.get_mut("properties").map(Value::take) {
        for (name, property) in own {
            properties.entry(name).or_insert(property);
        }
    }
    schema["properties"] = Value::Object(properties);
    schema
}

/// The fact base as `vibecheck facts --format json` prints it; only the list of `kind` if one is given.
pub fn facts(facts: &Facts, kind: Option<&str>) -> String {
    let mut document = Map::new();
    document.insert("format".to_owned(), json!("vibecheck-facts"));
    document.insert("version".to_owned(), json!(1));
    let wanted = kind.map(|name| kind_named(name).map_or(name, |kind| kind.list));
    if let Ok(Value::Object(lists)) = serde_json::to_value(facts) {
        document.extend(lists.into_iter().filter(|(name, _)| wanted.is_none_or(|list| list == name)));
    }
    print(&Value::Object(document))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing;

    fn problems(schema: &Value, document: &str) -> Vec<String> {
        let document: Value = serde_json::from_str(document).unwrap();
        let validator = jsonschema::validator_for(schema).unwrap();
        validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect()
    }

    #[test]
    fn real_reports_match_the_published_schema() {
        for report in [testing::report(), testing::accepted(), testing::hostile()] {
            assert_eq!(problems(&schema(), &render(&report)), Vec::<String>::new());
        }
    }

    #[test]
    fn the_schema_refuses_another_format() {
        let document = render(&testing::report()).replace("vibecheck-report", "something-else");
        assert!(!problems(&schema(), &document).is_empty());
        let document = render(&testing::report()).replace("outright-risk", "somewhat-risky");
        assert!(!problems(&schema(), &document).is_empty());
    }

    #[test]
    fn facts_match_the_published_schema_whole_and_by_kind() {
        let base = testing::facts();
        for kind in [None, Some("app"), Some("apps"), Some("project")] {
            assert_eq!(problems(&facts_schema(), &facts(&base, kind)), Vec::<String>::new());
        }
        let one: Value = serde_json::from_str(&facts(&base, Some("app"))).unwrap();
        assert_eq!(one.as_object().unwrap().keys().collect::<Vec<_>>(), ["format", "version", "apps"]);
    }

    #[test]
    fn the_report_starts_as_the_design_says() {
        let value: Value = serde_json::from_str(&render(&testing::report())).unwrap();
        let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "format",
                "version",
                "tool",
                "ruleset",
                "subject",
                "summary",
                "areas",
                "outcomes",
                "findings",
                "known",
                "comparisons",
                "suppressed",
                "unused_suppressions",
                "questions",
                "attestations",
                "strengths",
                "coverage",
                "routes",
                "permissions"
            ]
        );
    }

    #[test]
    fn hostile_text_is_inert_in_json() {
        let text = render(&testing::hostile());
        assert!(!text.contains(['\u{1b}', '\u{202e}']) && !text.contains("##["));
        assert!(text.lines().all(|line| !line.trim_start().starts_with("::")));
    }
}
