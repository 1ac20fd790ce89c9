//! Throw-away stand-in until the engine lands.

use std::sync::LazyLock;

use regex::bytes::Regex;
use sha2::{Digest, Sha256};

use super::formats::{FORMATS, Format, format_named};
use super::model::{Audience, Class, Found, Searched, SecretKind};

static REGEXES: LazyLock<Vec<Option<Regex>>> =
    LazyLock::new(|| FORMATS.iter().map(|format| Regex::new(&format.regex).ok()).collect());

static ASSIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i)\b([a-z_]*(?:secret|password|passwd)(?:_key)?)\b["']?\s*(?::[ ]?|=|,|\|\||\?\?)\s*["']?([^\s"'$,;()<>{}]{8,})["']?"#).ok()
});

fn hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
        hasher.update([0]);
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Every value in `text` that has the format of a secret, of whatever audience, in the order of the text.
pub fn find(text: &Searched<'_>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (format, regex) in FORMATS.iter().zip(REGEXES.iter()) {
        let Some(regex) = regex else { continue };
        for captures in regex.captures_iter(text.bytes) {
            let Some(value) = captures.name("value") else { continue };
            let before = &text.bytes[value.start().saturating_sub(60)..value.start()];
            let before = String::from_utf8_lossy(before);
            let line_before = before.rsplit('\n').next().unwrap_or_default();
            let name: String = line_before
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .rfind(|w| w.len() > 3)
                .unwrap_or_default()
                .to_owned();
            let fallback = line_before.contains("||") || line_before.contains("??");
            found.push(one(text, format, value.range(), &name, fallback, false));
        }
    }
    if text.class == Class::Whole
        && let Some(regex) = ASSIGNED.as_ref()
    {
        for captures in regex.captures_iter(text.bytes) {
            let (Some(name), Some(value), Some(whole)) = (captures.get(1), captures.get(2), captures.get(0))
            else {
                continue;
            };
            let name = String::from_utf8_lossy(name.as_bytes()).into_owned();
            let id = if name.to_lowercase().contains("pass") {
                "generic-password"
            } else {
                "generic-signing-secret"
            };
            let Some(format) = format_named(id) else { continue };
            let value_text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            if value_text.contains("process.env")
                || value_text.contains("os.environ")
                || value_text.contains("secrets.")
                || value_text.contains("://")
                || !value_text.contains(|c: char| c.is_ascii_digit() || c == '-')
            {
                continue;
            }
            let whole = String::from_utf8_lossy(whole.as_bytes()).into_owned();
            let weak = value_text.len() < 12 || value_text.contains("insecure");
            let fallback = whole.contains("||") || whole.contains("??");
            let at = value.range();
            if found.iter().all(|f| f.at.end <= at.start || f.at.start >= at.end) {
                found.push(one(text, format, at, &name, fallback, weak));
            }
        }
    }
    found.sort_by_key(|f| f.at.start);
    found
}

fn one(
    text: &Searched<'_>,
    format: &'static Format,
    at: std::ops::Range<usize>,
    variable: &str,
    fallback: bool,
    weak: bool,
) -> Found {
    let value = &text.bytes[at.clone()];
    let head = &text.bytes[..at.start];
    let line = head.iter().filter(|b| **b == b'\n').count() + 1;
    let start = head.iter().rposition(|b| *b == b'\n').map_or(0, |p| p + 1);
    let column = String::from_utf8_lossy(&head[start..]).chars().count() + 1;
    let strong = value.len() > 16 && format.kind != SecretKind::Password;
    let fingerprint = if strong {
        hash(&[value])
    } else {
        hash(&[format.id.as_bytes(), variable.as_bytes(), text.path.as_bytes()])
    };
    Found {
        format,
        audience: if format.audience == Audience::Public { Audience::Public } else { Audience::Secret },
        because: String::new(),
        detail: String::new(),
        at,
        line: u32::try_from(line).unwrap_or(0),
        column: u32::try_from(column).unwrap_or(0),
        variable: variable.to_owned(),
        fallback,
        weak,
        redacted: super::excerpt(&String::from_utf8_lossy(value)),
        fingerprint,
    }
}
