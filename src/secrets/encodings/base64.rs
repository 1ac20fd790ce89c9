//! Base64 of text.

use std::ops::Range;

use crate::secrets::candidate::Candidate;
use crate::secrets::checks::decode;
use crate::secrets::find::candidates;
use crate::secrets::model::{Class, Searched};
use crate::secrets::search::Budget;

use super::Depth;

/// The shortest that is decoded.
const SHORTEST: usize = 24;

/// The longest: what is longer is an image or the like, or a source map, of which so much is looked at.
const LONGEST: usize = 1 << 20;

/// So far before a run its first characters may be, if `+` or `/` is among them.
const BACK: usize = 128;

/// The base64 that a run is part of, if what it stands for begins like text.
pub(in crate::secrets) fn base64_at(text: &[u8], run: &Range<usize>) -> Option<Range<usize>> {
    let is_url = text.get(run.clone())?.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let is_inside = |byte: &&u8| {
        byte.is_ascii_alphanumeric()
            || if is_url { matches!(byte, b'-' | b'_') } else { matches!(byte, b'+' | b'/') }
    };
    let before = text.get(run.start.saturating_sub(BACK)..run.start)?;
    let back = before.iter().rev().take_while(is_inside).count();
    if back == BACK {
        // The middle of something long, the beginning of which was looked at.
        return None;
    }
    let start = run.start - back;
    let first =
        text.get(start..start + SHORTEST).filter(|first| first.iter().all(|byte| is_inside(&byte)))?;
    // The first bit of every byte of ASCII is zero: most tokens are told by their first character already.
    let is_ascii = first.as_chunks::<4>().0.iter().all(|four| matches!(four[0], b'A'..=b'Z' | b'a'..=b'f'));
    let is_visible = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t');
    let is_text = is_ascii && decode(first)?.iter().all(is_visible);
    if !is_text {
        return None;
    }
    let after = text.get(run.end..text.len().min(start + LONGEST))?;
    Some(start..run.end + after.iter().take_while(is_inside).count())
}

/// What formats match in the text that `place` stands for. Only those that can be nothing else: names are not near.
pub(in crate::secrets) fn inside(
    text: &Searched<'_>,
    place: Range<usize>,
    depth: Depth,
    budget: &mut Budget,
) -> Vec<Candidate> {
    let Some(encoded) = text.bytes.get(place.clone()) else { return Vec::new() };
    if !budget.take(encoded.len()) {
        return Vec::new();
    }
    // Whole groups: the last one may be a part of what follows.
    let decoded = decode(encoded).or_else(|| decode(encoded.get(..encoded.len() / 4 * 4)?));
    let Some(decoded) = decoded else { return Vec::new() };
    let inner = Searched { path: text.path, bytes: &decoded, class: Class::Distinctive, windows: None };
    let found = candidates(&inner, depth.deeper(), budget);
    found.into_iter().map(|candidate| outward(candidate, &decoded, place.clone())).collect()
}

/// A candidate of a decoded text, at the place of what was decoded.
pub(super) fn outward(candidate: Candidate, decoded: &[u8], place: Range<usize>) -> Candidate {
    let value = candidate.value(decoded).into_owned();
    Candidate { at: place, decoded: Some(value), ..candidate }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::base64::Engine as _;
    use ::base64::engine::general_purpose::STANDARD;

    fn at(text: &str) -> Option<&str> {
        let mut first = None;
        crate::secrets::search::runs(text.as_bytes(), 0..text.len(), |run| {
            first = first.clone().or(base64_at(text.as_bytes(), &run));
        });
        first.and_then(|place| text.get(place))
    }

    #[test]
    fn text_in_base64_is_told_from_names_and_digests() {
        let encoded = STANDARD.encode("postgres://u:p@h/db?x=1&y=2");
        let text = format!("  URL: {encoded}\n");
        assert_eq!(at(&text), Some(encoded.trim_end_matches('=')));
        assert_eq!(at("create_users_table_2024_and_more"), None);
        assert_eq!(at("sha512-7IapvKQ7dGsbDY3rhpkoEqjDgEWZ90zUvN6mwOZCt4h"), None);
    }
}
