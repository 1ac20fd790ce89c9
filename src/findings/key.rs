//! Keys that survive moved lines and reformatting: made of what a place says, never of where it stands.

use sha2::{Digest, Sha256};

use super::Place;
use crate::facts::Evidence;

/// The first 16 hex digits of SHA-256 over `parts`, told apart by a NUL that no part can hold.
fn digest(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.replace('\0', " ").as_bytes());
        hasher.update([0]);
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The key of a finding.
pub(super) fn finding_key(rule: &str, subject: &str) -> String {
    digest(&[rule, subject])
}

/// What the place says, without white space: its line, or the cell that it is evidence for. `says` is left out on
/// purpose, it may hold counts that drift.
fn content(evidence: &Evidence) -> String {
    let text = if evidence.snippet.is_empty() { &evidence.cell } else { evidence.snippet.as_str() };
    text.split_whitespace().collect()
}

/// The places of a finding, sorted by file and line, one for each line.
pub(super) fn places(rule: &str, subject: &str, evidence: &[Evidence]) -> Vec<Place> {
    let mut sorted: Vec<&Evidence> = evidence.iter().collect();
    // Stable, and a line with its text before the same line without, so that the text names the place.
    sorted.sort_by(|a, b| {
        (&a.file, a.line, a.snippet.is_empty()).cmp(&(&b.file, b.line, b.snippet.is_empty()))
    });
    let mut places: Vec<Place> = Vec::new();
    for one in sorted {
        let place = Place {
            key: digest(&[rule, subject, &one.file, &content(one)]),
            file: one.file.clone(),
            line: one.line,
            column: 0,
            snippet: one.snippet.clone(),
        };
        let told = places.last().is_some_and(|last| {
            (&last.file, last.line) == (&place.file, place.line)
                && (place.line > 0 || place.snippet.is_empty() || last.snippet == place.snippet)
        });
        if !told {
            places.push(place);
        }
    }
    if places.is_empty() {
        // A rule always names evidence; should it not, the finding still stands somewhere.
        places.push(Place {
            key: digest(&[rule, subject, "", ""]),
            file: String::new(),
            line: 0,
            column: 0,
            snippet: crate::secrets::Excerpt::default(),
        });
    }
    number_twins(&mut places);
    places
}

/// Equal lines of one file get equal keys: the second becomes `…-2`, the third `…-3`, in order of appearance.
fn number_twins(places: &mut [Place]) {
    let mut seen: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
    for place in places {
        let count = seen.entry(place.key.clone()).or_default();
        *count += 1;
        if *count > 1 {
            place.key = format!("{}-{count}", place.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(file: &str, line: u32, snippet: &str) -> Evidence {
        Evidence::new("read", file, line, "").with_snippet(snippet)
    }

    #[test]
    fn a_moved_and_reformatted_line_keeps_its_key() {
        let before = places("r", "s", &[at("a.ts", 3, "const x = { a: 1 }")]);
        let after = places("r", "s", &[at("a.ts", 90, "const  x={a:1}")]);
        assert_eq!(before[0].key, after[0].key);
        assert_eq!(before[0].key.len(), 16);
    }

    #[test]
    fn rule_subject_file_and_content_each_change_the_key() {
        let base = places("r", "s", &[at("a.ts", 3, "x")])[0].key.clone();
        for other in [
            places("q", "s", &[at("a.ts", 3, "x")]),
            places("r", "t", &[at("a.ts", 3, "x")]),
            places("r", "s", &[at("b.ts", 3, "x")]),
            places("r", "s", &[at("a.ts", 3, "y")]),
        ] {
            assert_ne!(base, other[0].key);
        }
    }

    #[test]
    fn what_a_place_says_may_drift() {
        let a = places("r", "s", &[Evidence::new("commits", "", 0, "41 commits")]);
        let b = places("r", "s", &[Evidence::new("commits", "", 0, "42 commits")]);
        assert_eq!(a, b);
    }

    #[test]
    fn equal_lines_of_a_file_are_numbered() {
        let two = places("r", "s", &[at("a.ts", 9, "x"), at("a.ts", 3, "x"), at("a.ts", 5, "y")]);
        assert_eq!(two.iter().map(|p| p.line).collect::<Vec<_>>(), [3, 5, 9]);
        assert_eq!(two[2].key, format!("{}-2", two[0].key));
    }

    #[test]
    fn two_pieces_of_evidence_on_one_line_are_one_place() {
        let bare = Evidence::new("other", "a.ts", 3, "seen");
        let one = places("r", "s", &[bare, at("a.ts", 3, "x")]);
        assert_eq!(one.len(), 1);
        assert_eq!(one[0].snippet.as_str(), "x");
    }
}
