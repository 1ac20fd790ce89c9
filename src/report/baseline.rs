//! The baseline: the places that a team accepts today, as a file that belongs into version control. One line for each
//! place and nothing that changes by itself, so that a difference is a decision.

use serde::Deserialize;
use serde_json::Value;

use super::escape;
use crate::findings::KnownPlace;
use crate::secrets::masked;

/// What the file says that it is.
const FORMAT: &str = "vibecheck-baseline";

/// The version that this program writes, and the only one that it reads.
const VERSION: u64 = 1;

/// Why a text is no baseline that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// It is broken or holds something unexpected.
    #[error("line {line}, column {column}: {message}")]
    Broken {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// It is something else.
    #[error("it is no baseline of vibecheck")]
    Foreign,
    /// Another version of the program wrote it.
    #[error("it has version {0} of the format, and this vibecheck reads version {VERSION}")]
    Version(String),
}

/// The text of a baseline.
pub fn render(places: &[KnownPlace]) -> String {
    let mut places: Vec<&KnownPlace> = places.iter().collect();
    places.sort();
    places.dedup();
    let lines: Vec<String> = places
        .iter()
        .filter_map(|place| serde_json::to_string(place).ok())
        .map(|l| format!("    {l}"))
        .collect();
    let list = if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n  ]", lines.join(",\n")) };
    escape::json(&format!(
        "{{\n  \"format\": \"{FORMAT}\",\n  \"version\": {VERSION},\n  \"places\": {list}\n}}\n"
    ))
}

#[derive(Deserialize)]
struct Header {
    #[serde(default)]
    format: Value,
    #[serde(default)]
    version: Value,
}

#[derive(Deserialize)]
struct Body {
    places: Vec<KnownPlace>,
}

/// Reads the text of a baseline.
///
/// # Errors
/// When it is broken, something else, or of another version.
pub fn parse(text: &str) -> Result<Vec<KnownPlace>, BaselineError> {
    // An array or a number is well-formed, but nothing of ours; what it holds must not be called broken.
    if text.trim_start().starts_with(['[', '"']) {
        return Err(BaselineError::Foreign);
    }
    let header: Header = serde_json::from_str(text).map_err(|error| broken(&error))?;
    if header.format.as_str() != Some(FORMAT) {
        return Err(BaselineError::Foreign);
    }
    if header.version.as_u64() != Some(VERSION) {
        // Masked before it is cut: the first half of a key is still half a key.
        let shown: String = masked(&header.version.to_string()).chars().take(20).collect();
        return Err(BaselineError::Version(escape::terminal(&shown)));
    }
    let body: Body = serde_json::from_str(text).map_err(|error| broken(&error))?;
    let mut places = body.places;
    places.sort();
    places.dedup();
    Ok(places)
}

fn broken(error: &serde_json::Error) -> BaselineError {
    let said = error.to_string();
    let message = said.split(" at line ").next().unwrap_or_default();
    // It may quote what stands there.
    let message: String = message.chars().take(200).collect();
    BaselineError::Broken {
        line: error.line(),
        column: error.column(),
        message: escape::flowing(crate::secrets::excerpt(&message).as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{Content, places_of};
    use crate::report::testing;

    fn place(file: &str, line: &str) -> KnownPlace {
        KnownPlace {
            rule: "r".into(),
            subject: "s".into(),
            file: file.into(),
            key: "0123456789abcdef".into(),
            content: Content::Line(line.into()),
            line: String::new(),
        }
    }

    #[test]
    fn one_line_for_each_place_sorted_and_nothing_that_changes_by_itself() {
        let text = render(&[place("b.yml", "x"), place("a.yml", "x"), place("b.yml", "x")]);
        let expected = r#"{
  "format": "vibecheck-baseline",
  "version": 1,
  "places": [
    {"rule":"r","subject":"s","file":"a.yml","key":"0123456789abcdef","content":{"line":"x"}},
    {"rule":"r","subject":"s","file":"b.yml","key":"0123456789abcdef","content":{"line":"x"}}
  ]
}
"#;
        assert_eq!(text, expected);
        assert!(render(&[]).contains("\"places\": []"));
    }

    #[test]
    fn what_is_written_is_read() {
        let mut places = places_of(testing::report().findings.iter().chain(&testing::hostile().findings));
        places.dedup();
        assert!(places.len() > 3);
        assert_eq!(parse(&render(&places)).unwrap(), places);
        assert_eq!(parse(&render(&[])).unwrap(), []);
        assert!(!render(&places).contains(['\u{1b}', '\u{202e}']));
    }

    #[test]
    fn what_can_not_be_used_says_why() {
        let good = render(&[place("a.yml", "x")]);
        let merge = good.replace("  \"places\"", "<<<<<<< HEAD\n  \"places\"");
        let broken = parse(&merge).unwrap_err();
        assert!(matches!(broken, BaselineError::Broken { line: 4, column: 1, .. }), "{broken}");
        let number = good.replace("\"subject\":\"s\"", "\"subject\":3");
        let wrong = parse(&number).unwrap_err();
        assert!(wrong.to_string().starts_with("line 5, column "), "{wrong}");
        assert!(wrong.to_string().contains("expected a string"), "{wrong}");
        for foreign in
            ["{}", "[]", "[1", "\"x\"", "{\"version\": 1}", "{\"format\":\"vibecheck-report\",\"version\":1}"]
        {
            assert_eq!(parse(foreign), Err(BaselineError::Foreign), "{foreign}");
        }
        for version in ["2", "\"1\"", "1.5", "null", "-1"] {
            let text = good.replace("\"version\": 1", &format!("\"version\": {version}"));
            assert_eq!(parse(&text), Err(BaselineError::Version(version.into())));
        }
        for text in ["", "   ", "{", "7", "{\"format\"", "{\"format\":\"vibecheck-baseline\",\"version\":1}"]
        {
            assert!(matches!(parse(text), Err(BaselineError::Broken { .. })), "{text}");
        }
        let deep = format!("{{\"format\": {}", "[".repeat(100_000));
        assert!(matches!(parse(&deep), Err(BaselineError::Broken { .. })));
        let deep = format!("{{\"format\": \"vibecheck-baseline\", \"x\": {}", "[".repeat(1_000_000));
        assert!(matches!(parse(&deep), Err(BaselineError::Broken { .. })));
    }

    #[test]
    fn an_error_quotes_no_credential_and_nothing_that_a_terminal_acts_on() {
        let key = format!("sk_{}4eC39HqLyjWDarjtT1zdp7dc", "live_");
        let good = render(&[place("a.yml", "x")]);
        let text = good.replace("{\"line\":\"x\"}", &format!("\"{key}\\u001b[2J\""));
        let error = parse(&text).unwrap_err().to_string();
        assert!(!error.contains("4eC3") && !error.contains('\u{1b}'), "{error}");
    }
}
