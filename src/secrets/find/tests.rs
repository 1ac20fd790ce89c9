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
        format.regex.contains("start-half") && !format.checks.contains(&"google-service-account")
    };
    FORMATS.iter().filter(alone)
}

/// A name that a value of the format could be assigned to.
fn name(format: &Format) -> String {
    let word =
        |words: &[&str]| words.first().map_or(String::new(), |word| format!("_{}", word.to_uppercase()));
    format!("MY{}{}", word(format.near), word(format.named))
}

/// Formats of which no value is found as one of the format.
fn missed(place: impl Fn(&Format, &str) -> (&'static str, String)) -> Vec<String> {
    let mut missed = Vec::new();
    for format in with_pattern() {
        let Some(value) = sample(format.id, "a") else { continue };
        let (path, text) = place(format, &value);
        let got = found(path, &text);
        if !got.iter().any(|found| found.format.provider == format.provider) {
            let instead: Vec<&str> = got.iter().map(|found| found.format.id).collect();
            missed.push(format!("{} in {text:.200}: {instead:?}", format.id));
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

/// Pieces of which text is made that has values, nearly has some, and is hostile.
fn pieces() -> impl Strategy<Value = Vec<String>> {
    let ids: Vec<&'static str> =
        with_pattern().map(|format| format.id).filter(|id| sample(id, "p").is_some()).collect();
    let value = prop::sample::select(ids).prop_map(|id| {
        let name = name(crate::secrets::formats::format_named(id).unwrap_or(&FORMATS[0]));
        format!("{name}={}\n", sample(id, "p").unwrap_or_default())
    });
    let odd = prop::sample::select(vec![
        "sk_live_",
        "eyJ",
        "://",
        "@",
        "-----BEGIN PRIVATE KEY-----",
        "\\n",
        "\"",
        "' + '",
        "\u{feff}",
        "é",
        "=",
        "\0",
        "AKIA",
        "password: ",
        "postgres://u:",
        "data:\n",
        "kind: Secret\n",
        "%3D",
        "\n",
    ]);
    let plain = "[a-zA-Z0-9_ .=:/+-]{0,60}\n?";
    prop::collection::vec(
        prop_oneof![value, odd.prop_map(str::to_owned), plain.prop_map(|text: String| text)],
        0..30,
    )
}

/// What tells one finding from another.
fn keys(found: &[Found]) -> Vec<(String, String)> {
    found.iter().map(|found| (found.format.id.to_owned(), found.fingerprint.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn one_window_over_everything_is_the_whole_text(pieces in pieces()) {
        let text = pieces.concat();
        let windows = [0..text.len()];
        let windowed =
            find(&Searched { path: "a.ts", bytes: text.as_bytes(), class: Class::Whole, windows: Some(&windows) });
        prop_assert_eq!(windowed, found("a.ts", &text));
    }

    #[test]
    fn a_window_around_an_edit_shows_what_the_edit_brings(
        lines in prop::collection::vec("[a-z ]{0,60}", 4..12),
        pieces in pieces(), at in 0usize..12,
    ) {
        let at = at.min(lines.len());
        let (before, edit) = (format!("{}\n", lines[..at].join("\n")), pieces.concat());
        let text = format!("{before}{edit}\n{}\n", lines[at..].join("\n"));
        prop_assume!(found("a.ts", &format!("{before}\n{}\n", lines[at..].join("\n"))).is_empty());
        let windows = [before.len()..before.len() + edit.len()];
        let windowed =
            find(&Searched { path: "a.ts", bytes: text.as_bytes(), class: Class::Whole, windows: Some(&windows) });
        prop_assert_eq!(keys(&windowed), keys(&found("a.ts", &text)));
    }

    #[test]
    fn any_bytes_are_taken(bytes in prop::collection::vec(any::<u8>(), 0..400), pieces in pieces(), cut in 0usize..400) {
        let mut text = pieces.concat().into_bytes();
        let cut = cut.min(text.len());
        text.splice(cut..cut, bytes);
        for class in [Class::Whole, Class::Distinctive] {
            let windows = [cut / 2..cut, cut..text.len() + 9];
            for windows in [None, Some(&windows[..])] {
                for found in find(&Searched { path: "k/a.yaml", bytes: &text, class, windows }) {
                    prop_assert!(found.at.start < found.at.end && found.at.end <= text.len());
                }
            }
        }
    }
}

#[test]
fn what_is_shown_of_a_value_is_no_part_of_it() {
    for format in with_pattern() {
        let Some(value) = sample(format.id, "shown") else { continue };
        for found in found(".env", &format!("{}={value}\n", name(format))) {
            let shown = found.redacted.as_str().trim_end_matches('•');
            assert!(shown.len() * 2 <= found.at.len(), "{}: {shown}", format.id);
            assert!(
                format.regex.is_empty() || shown.is_empty() || value.contains(shown),
                "{}: {shown}",
                format.id
            );
        }
    }
}

#[test]
fn tests_and_documentation_within_a_module_are_told_from_its_code() {
    let key = sample("stripe-live-secret-key", "aside").unwrap_or_default();
    let line = |value: &str| format!("    const DB_PASSWORD: &str = \"{value}\";\n");
    let password = key.get(8..).unwrap_or_default();
    let text = format!(
        "{}/// ```\n/// connect(\"{key}\", db_password = \"{password}\")\n/// ```\nfn f() {{}}\n\n#[cfg(test)]\nmod tests {{\n{}{}}}\n",
        line(password),
        line(&key),
        line(password),
    );
    let asides = |path: &str| -> Vec<(u32, bool)> {
        found(path, &text).iter().map(|found| (found.line, found.aside)).collect()
    };
    assert_eq!(asides("src/db.rs"), [(1, false), (3, true), (9, true)]);
    assert_eq!(asides("tests/db.rs"), [(3, false), (9, false)]);
}

#[test]
fn utf_16_is_read_as_text() {
    let value = sample("stripe-live-secret-key", "wide").unwrap_or_default();
    let text = format!("A=é\r\nSTRIPE_KEY={value}\r\n");
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let found = find(&Searched { path: ".env", bytes: &bytes, class: Class::Whole, windows: None });
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].line, found[0].column, found[0].variable.as_str()), (2, 12, "STRIPE_KEY"));
    let expected: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(bytes[found[0].at.clone()], expected);
}

#[test]
fn text_made_of_keywords_takes_no_longer_than_its_length_allows() {
    // Quadratic work on this would take minutes in a debug build.
    let all: String =
        FORMATS.iter().flat_map(|format| format.keywords).map(|keyword| format!(" {keyword}")).collect();
    for unit in [
        "sk_live_",
        "eyJhbGciOiJIUzI1NiJ9.",
        "postgres://u:p@",
        "-----BEGIN PRIVATE KEY-----\n",
        "\"a\" + ",
        &all,
    ] {
        let text = unit.repeat(400_000 / unit.len());
        assert!(found("a.ts", &text).len() <= MOST);
    }
}
