//! Keys that survive moved lines and reformatting: made of what a place says, never of where it stands.

use sha2::{Digest, Sha256};

use super::{Content, Place, Standing};
use crate::facts::Evidence;
use crate::facts::read::suppressions;
use crate::rules::{Judged, Rule};
use crate::secrets::is_formatting;

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

/// What tells this place from others. A field that lists things has a place for each thing, known by its line. A field
/// that states one thing is one root cause, wherever its evidence moves and however that line is edited. `says` is left
/// out on purpose, it may hold counts that drift.
fn content(evidence: &Evidence, lists: &[String]) -> Content {
    if !evidence.essence.is_empty() {
        return Content::Line(evidence.essence.as_str().to_owned());
    }
    let field = evidence.cell.split(['.', '[']).next().unwrap_or_default();
    // `undeclared_env[MAIL_FROM]`: what is listed has a name, which is steadier than its line.
    if evidence.cell.ends_with(']') && lists.iter().any(|list| list == field) {
        return Content::Item(evidence.cell.clone());
    }
    if evidence.snippet.is_empty() || !lists.iter().any(|list| list == field) {
        return Content::Field(evidence.cell.clone());
    }
    Content::Line(normal(evidence.snippet.as_str()))
}

/// A line without what formatters change, and without the comment that accepts it.
pub(super) fn normal(line: &str) -> String {
    let line = match suppressions::mark(line) {
        Some(at) => line[..at].trim_end().trim_end_matches(['/', '#', '-', '*', '{', '<', '!', '%']),
        None => line,
    };
    line.chars().filter(|c| !is_formatting(*c)).collect()
}

/// The key of every place of a secret.
pub(super) fn value_key(rule: &str, fingerprint: &str) -> String {
    digest(&[rule, "value", fingerprint])
}

/// The parts of a key that the content gives. A secret that is accepted in one file is accepted in every other: what
/// matters is who has it, not where it was copied to.
fn key_of(rule: &str, subject: &str, file: &str, content: &Content) -> String {
    let (kind, text) = match content {
        Content::Value(fingerprint) => return value_key(rule, fingerprint),
        Content::Line(text) => ("line", text.as_str()),
        Content::Item(item) => ("item", item.as_str()),
        Content::Field(field) => ("field", field.as_str()),
        Content::Nothing => ("", ""),
    };
    digest(&[rule, subject, file, kind, text])
}

/// The places of what a rule says of a fact, sorted by file and line, one for each line.
pub(super) fn places(rule: &Rule, judged: &Judged, evidence: &[Evidence]) -> Vec<Place> {
    // A credential is a value, and its subject is the value's fingerprint.
    let value = (rule.on == "credential").then(|| Content::Value(judged.subject.clone()));
    places_with(&rule.id, &judged.subject, evidence, &judged.lists, value.as_ref())
}

/// `lists` names the fields of the fact that list things.
fn places_with(
    rule: &str,
    subject: &str,
    evidence: &[Evidence],
    lists: &[String],
    value: Option<&Content>,
) -> Vec<Place> {
    let mut sorted: Vec<&Evidence> = evidence.iter().collect();
    // Stable, and a line with its text before the same line without, so that the text names the place.
    sorted.sort_by(|a, b| {
        // Where a secret is today comes before where it was.
        let past = |e: &Evidence| value.is_some() && e.file.is_empty();
        let order = |e: &Evidence| (e.line, e.column, e.snippet.is_empty());
        (past(a), &a.file, order(a)).cmp(&(past(b), &b.file, order(b)))
    });
    let mut places: Vec<Place> = Vec::new();
    for one in sorted {
        let content = value.cloned().unwrap_or_else(|| content(one, lists));
        let place = Place {
            key: key_of(rule, subject, &one.file, &content),
            file: one.file.clone(),
            line: one.line,
            column: one.column,
            snippet: one.snippet.clone(),
            standing: Standing::Open,
            suppression: None,
            content,
        };
        let told = places.last().is_some_and(|last| {
            (&last.file, last.line, last.column) == (&place.file, place.line, place.column)
                && (place.line > 0 || place.snippet.is_empty() || last.snippet == place.snippet)
        });
        if !told {
            places.push(place);
        }
    }
    if places.is_empty() {
        // A rule always names evidence; should it not, the finding still stands somewhere.
        places.push(Place { key: key_of(rule, subject, "", &Content::Nothing), ..Place::default() });
    }
    if value.is_none() {
        number_twins(&mut places);
    }
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

    /// Places of a fact whose field `read` lists things.
    fn listed(rule: &str, subject: &str, evidence: &[Evidence]) -> Vec<Place> {
        places_with(rule, subject, evidence, &["read".to_owned()], None)
    }

    #[test]
    fn what_states_one_thing_keeps_its_key_when_the_line_is_edited() {
        let one = |line| Evidence::new("runs_as_root", "Dockerfile", 3, "").with_snippet(line);
        let before = listed("r", "s", &[one("CMD node server.js")]);
        let after = listed("r", "s", &[one("CMD [\"node\", \"dist/index.js\"]")]);
        assert_eq!(before[0].key, after[0].key);
        let two = listed("r", "s", &[one("CMD node a.js"), Evidence { line: 9, ..one("CMD node b.js") }]);
        assert_eq!(two[1].key, format!("{}-2", before[0].key), "a second one is a place of its own");
    }

    #[test]
    fn quotes_commas_and_the_comment_that_accepts_it_are_no_content() {
        let a = listed("r", "s", &[at("a.ts", 3, "eval('x')")]);
        let b = listed("r", "s", &[at("a.ts", 3, "eval(\"x\"); // vibecheck: ignore[r] it is a constant")]);
        assert_eq!(a[0].key, b[0].key);
    }

    #[test]
    fn a_moved_and_reformatted_line_keeps_its_key() {
        let before = listed("r", "s", &[at("a.ts", 3, "const x = { a: 1 }")]);
        let after = listed("r", "s", &[at("a.ts", 90, "const  x={a:1}")]);
        assert_eq!(before[0].key, after[0].key);
        assert_eq!(before[0].key.len(), 16);
    }

    #[test]
    fn rule_subject_file_and_content_each_change_the_key() {
        let base = listed("r", "s", &[at("a.ts", 3, "x")])[0].key.clone();
        for other in [
            listed("q", "s", &[at("a.ts", 3, "x")]),
            listed("r", "t", &[at("a.ts", 3, "x")]),
            listed("r", "s", &[at("b.ts", 3, "x")]),
            listed("r", "s", &[at("a.ts", 3, "y")]),
        ] {
            assert_ne!(base, other[0].key);
        }
    }

    #[test]
    fn what_a_place_says_may_drift() {
        let a = listed("r", "s", &[Evidence::new("commits", "", 0, "41 commits")]);
        let b = listed("r", "s", &[Evidence::new("commits", "", 0, "42 commits")]);
        assert_eq!(a, b);
    }

    #[test]
    fn every_place_of_a_secret_has_the_key_of_its_value() {
        let value = |fingerprint: &str| Content::Value(fingerprint.to_owned());
        let of = |fingerprint, evidence: &[Evidence]| {
            places_with("r", fingerprint, evidence, &[], Some(&value(fingerprint)))
        };
        let two = of("0a1b", &[at("a.ts", 3, "x"), at("b.ts", 9, "y")]);
        assert_eq!((two.len(), &two[0].key), (2, &two[1].key));
        assert_ne!(two[0].key, of("2c3d", &[at("a.ts", 3, "x")])[0].key, "another value in the same line");
    }

    #[test]
    fn equal_lines_of_a_file_are_numbered() {
        let two = listed("r", "s", &[at("a.ts", 9, "x"), at("a.ts", 3, "x"), at("a.ts", 5, "y")]);
        assert_eq!(two.iter().map(|p| p.line).collect::<Vec<_>>(), [3, 5, 9]);
        assert_eq!(two[2].key, format!("{}-2", two[0].key));
    }

    #[test]
    fn two_pieces_of_evidence_on_one_line_are_one_place() {
        let bare = Evidence::new("other", "a.ts", 3, "seen");
        let one = listed("r", "s", &[bare, at("a.ts", 3, "x")]);
        assert_eq!(one.len(), 1);
        assert_eq!(one[0].snippet.as_str(), "x");
    }
}
