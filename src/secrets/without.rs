//! The line of a text with what was found in it masked: what the masks of [`super::excerpt`] don't know (a password
//! without a name, a key that somebody split) is hidden because it was found.

use std::ops::Range;

use super::excerpt::{Excerpt, cut, excerpt};
use super::mask::MASK;

/// So much of a long line is kept before what it is about.
const BEFORE: usize = 80;

/// So much of it is kept after.
const AFTER: usize = 400;

/// The line of `bytes` that holds the byte `at`, with `found` masked. `found` is sorted by where it begins.
pub fn excerpt_without(bytes: &[u8], at: usize, found: &[Range<usize>]) -> Excerpt {
    let at = at.min(bytes.len());
    let head = bytes.get(..at).unwrap_or_default();
    let start = memchr::memrchr(b'\n', head).map_or(0, |end| end + 1);
    let tail = bytes.get(at..).unwrap_or_default();
    let end = memchr::memchr(b'\n', tail).map_or(bytes.len(), |length| at + length);
    let long = at - start > BEFORE + AFTER;
    let from = if long { at - BEFORE } else { start };
    let to = end.min(at + AFTER);
    // What a cut leaves of a word can't be told to be a key.
    let from = if long { from + word(bytes.get(from..at).unwrap_or_default()) } else { from };

    let mut text = String::new();
    let mut done = from;
    for range in found.iter().filter(|range| range.start < to && range.end > from) {
        let piece = bytes.get(done..range.start.max(done)).unwrap_or_default();
        text.push_str(&String::from_utf8_lossy(piece));
        if range.end > done && !text.ends_with(MASK) {
            text.push_str(MASK);
        }
        done = done.max(range.end);
    }
    let rest = bytes.get(done..to.max(done)).unwrap_or_default();
    let rest = if to < end { rest.get(..rest.len() - last_word(rest)).unwrap_or_default() } else { rest };
    text.push_str(&String::from_utf8_lossy(rest));
    let shown = excerpt(&text);
    if long { cut(&format!("… {shown}")) } else { shown }
}

/// The length of the word that `bytes` begin within.
fn word(bytes: &[u8]) -> usize {
    bytes.iter().position(u8::is_ascii_whitespace).unwrap_or(bytes.len())
}

/// The length of the word that `bytes` end within.
fn last_word(bytes: &[u8]) -> usize {
    bytes.iter().rev().position(u8::is_ascii_whitespace).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, values: &[&str]) -> String {
        let mut found: Vec<Range<usize>> = values
            .iter()
            .map(|value| {
                let at = text.find(value).unwrap();
                at..at + value.len()
            })
            .collect();
        found.sort_by_key(|range| range.start);
        excerpt_without(text.as_bytes(), found[0].start, &found).as_str().to_owned()
    }

    #[test]
    fn the_line_without_its_values() {
        assert_eq!(shown("a\nlogin(horse, battery)\nb", &["horse"]), "login(•••, battery)");
        assert_eq!(shown("x login(horse, battery)", &["horse", "battery"]), "x login(•••, •••)");
        assert_eq!(shown("a horsebattery", &["horse", "battery"]), "a •••");
    }

    #[test]
    fn a_value_of_several_lines_is_masked_to_its_end() {
        assert_eq!(shown("key = BEGIN\nabc\nEND;\nnext", &["BEGIN\nabc\nEND"]), "key = •••");
    }

    #[test]
    fn of_a_long_line_what_is_around_the_value() {
        let text = format!("{} key('horse battery') {}", "word ".repeat(300), "next ".repeat(300));
        let shown = shown(&text, &["horse battery"]);
        assert!(shown.contains("key('•••')") && shown.starts_with("… word"), "{shown}");
        assert!(shown.chars().count() <= Excerpt::MAX_CHARS);
    }

    #[test]
    fn bytes_that_are_no_text_do_no_harm() {
        let bytes = b"\xff\xfe\0a\n\xc3";
        for start in 0..=bytes.len() + 1 {
            for end in start..bytes.len() + 2 {
                let _ = excerpt_without(bytes, start, &[start..end]);
            }
        }
    }
}
