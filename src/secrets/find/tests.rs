//! Of every shipped format: that its values are found wherever they stand, and whether the whole text is looked at or a
//! window of it.

use proptest::prelude::*;

use super::*;
use crate::secrets::formats::{FORMATS, sample};

fn found(path: &str, text: &str) -> Vec<Found> {
    find(&Searched { path, bytes: text.as_bytes(), class: Class::Whole, windows: None })
}

/// Those whose value a pattern tells: the others are found by code, or by what stands around them, with tests of their own.
fn with_pattern() -> impl Iterator<Item = &'static Format> {
    let alone = |format: &&Format| {
        format.regex.contains("start-half") && !format.checks.iter().any(|check| check == "google-service-account")
    };
    FORMATS.iter().filter(alone)
}

/// A name that a value of the format could be assigned to.
fn name(format: &Format) -> String {
    let word =
        |words: &[String]| words.first().map_or(String::new(), |word| format!("_{}", word.to_uppercase()));
    format!("MY{}{}", word(&format.near), word(&format.named))
}

/// Formats of which no value is found as one of the format.
fn missed(place: impl Fn(&Format, &str) -> (&'static str, String)) -> Vec<String> {
    let mut missed = Vec::new();
    for format in with_pattern() {
        for seed in ["a", "b"] {
            let Some(value) = sample(&format.id, seed) else { continue };
            let (path, text) = place(format, &value);
            let got = found(path, &text);
            if !got.iter().any(|found| found.format.provider == format.provider) {
                let instead: Vec<&str> = got.iter().map(|found| found.format.id.as_str()).collect();
                missed.push(format!("{} in {text:.200}: {instead:?}", format.id));
                break;
            }
        }
    }
    missed
}

fn none(missed: &[String]) {
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn every_format_is_found_in_an_environment_file() {
    none(&missed(|format, value| (".env", format!("A=1\n{}={value}\nB=2\n", name(format)))));
}

#[test]
fn every_format_is_found_in_code() {
    none(&missed(|format, value| ("src/a.ts", format!("const {} = \"{value}\";\n", name(format)))));
}

#[test]
fn every_format_is_found_in_json() {
    none(&missed(|format, value| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        ("a.json", format!("{{\"{}\": \"{value}\"}}\n", name(format)))
    }));
}

#[test]
fn every_format_is_found_behind_an_escaped_line_end() {
    none(&missed(|format, value| {
        ("a.json", format!("{{\"env\": \"A=1\\n{}={value}\\nB=2\"}}\n", name(format)))
    }));
}
