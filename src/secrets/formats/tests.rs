//! Of every shipped format: that it says what it must, and that a value of it is found by it and by no other.

use std::collections::BTreeSet;

use regex::bytes::{Regex, RegexBuilder};

use super::*;

const SEVERITIES: &[&str] = &["blocker", "critical", "high", "medium", "low"];
/// `name` or `name:` of every check that a format may ask for.
const CHECKS: &[&str] = &[
    "aws-account",
    "base58",
    "base58check",
    "claim:",
    "clerk-publishable",
    "crc32-base62",
    "digit",
    "hexadecimal",
    "google-service-account",
    "jwt",
    "mixed-case",
    "password-of-url",
    "pem",
    "random",
    "sentry-token",
    "stripe-publishable",
];

/// What `wrong` says of each format, where it says something.
fn complaints(wrong: impl Fn(&Format) -> Option<String>) -> Vec<String> {
    FORMATS.iter().filter_map(|format| Some(format!("{}: {}", format.id, wrong(format)?))).collect()
}

fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn compiled(format: &Format) -> Result<Regex, String> {
    RegexBuilder::new(format.regex).unicode(false).build().map_err(|error| error.to_string())
}

/// Those with a pattern of their own: the others are found by code.
fn with_regex() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().filter(|format| !format.regex.is_empty())
}

#[test]
fn ids_are_unique_and_kebab_case() {
    let mut seen = BTreeSet::new();
    none(&complaints(|format| {
        let kebab = format.id.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        (!kebab).then(|| "not kebab-case".to_owned())
    }));
    for format in FORMATS.iter() {
        assert!(seen.insert(&format.id), "{} is there twice", format.id);
    }
}

#[test]
fn every_secret_says_what_it_opens_and_how_to_replace_it() {
    none(&complaints(|format| {
        let says = |text: &str| text.len() > 20 && text.ends_with('.');
        match format.audience {
            _ if !SEVERITIES.contains(&format.severity) => Some(format!("severity {}", format.severity)),
            Audience::Secret if !says(format.opens) => {
                Some("says not in a sentence what it opens".to_owned())
            }
            Audience::Secret if !says(format.rotate) => {
                Some("says not in a sentence how to replace it".to_owned())
            }
            Audience::Public | Audience::Placeholder if format.because.is_empty() => {
                Some("says not why".to_owned())
            }
            _ if format.sandbox && !["low", "medium"].contains(&format.severity) => {
                Some("is severe, and opens a sandbox only".to_owned())
            }
            _ => None,
        }
    }));
}

#[test]
fn words_and_checks_are_known() {
    none(&complaints(|format| {
        let odd = |word: &&&str| !word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let known = |check: &str| {
            CHECKS.iter().any(|known| check == *known || (known.ends_with(':') && check.starts_with(known)))
        };
        if let Some(check) = format.checks.iter().find(|check| !known(check)) {
            return Some(format!("no check is named {check}"));
        }
        if let Some(word) = format.near.iter().chain(format.named).find(odd) {
            return Some(format!("`{word}` is not of small letters and digits"));
        }
        if !format.named.is_empty() && format.near.is_empty() {
            return Some("`named` does nothing without `near`".to_owned());
        }
        let silent = format.keywords.is_empty() && format.near.is_empty() && !format.regex.is_empty();
        let short = format.near.is_empty() && format.keywords.iter().any(|keyword| keyword.len() < 3);
        (silent || short).then(|| "needs longer keywords, or words that stand near".to_owned())
    }));
}

#[test]
fn patterns_compile_and_stay_within_one_value() {
    none(&complaints(|format| {
        let regex = match compiled(format) {
            Ok(regex) => regex,
            Err(error) => return Some(error),
        };
        let hir =
            regex_syntax::ParserBuilder::new().utf8(false).unicode(false).build().parse(format.regex).ok()?;
        let bounded = hir.properties().maximum_len().is_some();
        let named = regex.capture_names().flatten().any(|name| name == "value");
        (!(format.regex.is_empty() || bounded && named))
            .then(|| "has no bound, or no group `value`".to_owned())
    }));
}

#[test]
fn a_sample_has_its_format() {
    none(&complaints(|format| {
        let Some(sample) = sample(format.id, "1") else { return Some("has no sample".to_owned()) };
        // A regex that asks for more than the value may have its keyword there.
        let text =
            format!("{sample} {}", if format.regex.contains("start-half") { "" } else { &format.regex });
        let lower = text.to_lowercase();
        let held = |keyword: &&str| {
            text.contains(keyword) || (format.ignore_case && lower.contains(&keyword.to_lowercase()))
        };
        let needless = format.keywords.is_empty();
        (!needless && !format.keywords.iter().any(held)).then(|| "no keyword stands in its sample".to_owned())
    }));
}

/// Where two formats take the same value, the one with more checks counts, then the one with words that stand near.
#[test]
fn no_other_provider_takes_a_sample() {
    let rank = |format: &Format| (format.checks.len(), !format.near.is_empty());
    let alone: Vec<(&Format, Regex)> = with_regex()
        .filter(|format| format.near.is_empty())
        .map(|format| (format, compiled(format).unwrap()))
        .collect();
    let mut taken = Vec::new();
    for format in with_regex() {
        let value = sample(format.id, "1").unwrap();
        let text = format!("\"{value}\"");
        for (other, regex) in &alone {
            let decides = other.checks.iter().any(|check| !format.checks.contains(check));
            if other.provider != format.provider
                && rank(other) >= rank(format)
                && !decides
                && regex.find(text.as_bytes()).is_some_and(|taken| taken.len() >= value.len())
            {
                taken.push(format!("{} is also taken by {}", format.id, other.id));
            }
        }
    }
    none(&taken);
}

#[test]
fn a_value_written_alone_stands_apart_from_words() {
    let regex = RegexBuilder::new(&value_alone("k_[0-9]{3}")).unicode(false).build().unwrap();
    let value = |text: &str| {
        let groups = regex.captures(text.as_bytes())?;
        Some(String::from_utf8_lossy(groups.name("value")?.as_bytes()).into_owned())
    };
    assert_eq!(value("a=k_123;"), Some("k_123".to_owned()));
    assert_eq!(value(r"line\nk_123"), Some("k_123".to_owned()));
    assert_eq!(value("?q%3Dk_123"), Some("k_123".to_owned()));
    assert_eq!(value("task_123"), None);
    assert_eq!(value("k_1234"), None);
}
