//! Formats whose values look like many others, told by a word that stands before them.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::secrets::formats::Format;

use super::compiled::Formats;
use super::matching::{Budget, Match, in_region};
use super::prefixes::Prefixes;
use super::runs::is_token;

/// So much of a line before a value is looked at, and of the lines before.
const BEFORE: usize = 240;

/// Lines before that of the value.
const LINES: usize = 2;

/// So far from a run a value may reach that has other characters than those of runs.
const STRETCH: usize = 200;

/// A word no longer than this counts only if no other letters follow it: `dd`, `fb`, `aws`.
const SHORT: usize = 3;

/// The words that formats without keywords stand near, ready for searching.
#[derive(Debug)]
pub(in crate::secrets) struct NearWords {
    search: Prefixes,
    /// Each word's length, and its formats.
    words: Vec<(usize, Vec<usize>)>,
}

impl NearWords {
    /// Of words, each with its format.
    pub fn new(words: &[(&str, usize)]) -> NearWords {
        let mut grouped: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (word, format) in words {
            grouped.entry(word).or_default().push(*format);
        }
        let search = Prefixes::new(grouped.keys().copied());
        NearWords {
            search,
            words: grouped.into_iter().map(|(word, formats)| (word.len(), formats)).collect(),
        }
    }

    /// The formats whose words stand in a text, those of the last word first.
    fn find(&self, told: &Told) -> Vec<usize> {
        // Words of two letters are found by what follows them, too.
        let mut text = told.bytes.clone();
        text.push(b' ');
        let mut words: Vec<(usize, usize)> = Vec::new();
        self.search.find(&text, 0..text.len(), |index, at| {
            let end = at + self.words.get(index).map_or(0, |(length, _)| *length);
            if told.is_word(at..end) {
                words.push((end, index));
            }
            true
        });
        words.sort_unstable_by(|a, b| b.cmp(a));
        let mut formats = Vec::new();
        for format in
            words.iter().filter_map(|(_, word)| self.words.get(*word)).flat_map(|(_, formats)| formats)
        {
            if !formats.contains(format) {
                formats.push(*format);
            }
        }
        formats
    }
}

/// A text in small letters without what joins words, and where in it words begin.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    bytes: Vec<u8>,
    begins: Vec<bool>,
}

impl Told {
    fn of(text: &[u8]) -> Told {
        let mut told =
            Told { bytes: Vec::with_capacity(text.len()), begins: Vec::with_capacity(text.len() + 1) };
        let mut last = b' ';
        for byte in text {
            if !matches!(byte, b'_' | b'-' | b'.') {
                let hump = byte.is_ascii_uppercase() && !last.is_ascii_uppercase();
                // A letter after a digit begins nothing: digests are full of them.
                told.begins.push(hump || !last.is_ascii_alphanumeric());
                told.bytes.push(byte.to_ascii_lowercase());
            }
            last = *byte;
        }
        told
    }

    fn is_word(&self, word: Range<usize>) -> bool {
        let begins = |at: usize| self.begins.get(at).copied().unwrap_or(true);
        let ends = || begins(word.end) || self.bytes.get(word.end).is_none_or(|b| !b.is_ascii_alphanumeric());
        begins(word.start) && (word.len() > SHORT || ends())
    }

    /// Whether one of the words alone is the name before the value: `postmark: "…"`.
    fn is_only(&self, words: &[&str]) -> bool {
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric();
        let end = self.bytes.iter().rposition(is_name).map_or(0, |at| at + 1);
        let name = self.bytes.get(..end).unwrap_or_default();
        let start = name.iter().rposition(|byte| !is_name(byte)).map_or(0, |at| at + 1);
        words.iter().any(|word| name.get(start..) == Some(word.as_bytes()))
    }

    fn has_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| {
            memchr::memmem::find_iter(&self.bytes, word.as_bytes())
                .any(|at| self.is_word(at..at + word.len()))
        })
    }
}

/// What stands before a value: its line, as far as it is near.
fn line_before(text: &[u8], value: usize) -> Range<usize> {
    let from = value.saturating_sub(BEFORE);
    let before = text.get(from..value).unwrap_or_default();
    memchr::memrchr(b'\n', before).map_or(from, |at| from + at + 1)..value
}

/// The lines before the one that begins at `line`, as far as they are near.
fn lines_above(text: &[u8], line: usize) -> Range<usize> {
    let from = line.saturating_sub(BEFORE);
    let mut start = line;
    for _ in 0..LINES {
        let above = text.get(from..start.saturating_sub(1)).unwrap_or_default();
        start = memchr::memrchr(b'\n', above).map_or(from, |at| from + at + 1);
    }
    start.min(line)..line
}

/// Whether the words that a format needs stand before a value.
pub(in crate::secrets) fn is_near(format: &Format, text: &[u8], value: usize) -> bool {
    if format.near.is_empty() {
        return true;
    }
    let line = line_before(text, value);
    let told = |range: Range<usize>| Told::of(text.get(range).unwrap_or_default());
    let before = told(line.clone());
    (before.has_any(format.near) || told(lines_above(text, line.start)).has_any(format.near))
        && (format.named.is_empty() || before.has_any(format.named))
}

/// What stands before the token that was looked at last: its other runs need not be asked again.
#[derive(Debug, Default)]
pub(in crate::secrets) struct Nearby {
    token: Range<usize>,
    /// Formats whose words stand before it: in its line, else in the lines above.
    formats: Vec<usize>,
}

impl Nearby {
    /// Adds what formats without keywords match around a run that looks random; `token`: with what it is connected with.
    pub fn matches(
        &mut self,
        formats: &Formats,
        text: &[u8],
        run: &Range<usize>,
        token: Range<usize>,
        budget: &mut Budget,
        found: &mut Vec<Match>,
    ) {
        if run.start >= self.token.end {
            self.formats = if is_digest(text.get(token.clone()).unwrap_or_default()) {
                Vec::new()
            } else if budget.take(BEFORE) {
                formats_near(formats, text, run.start)
            } else {
                return;
            };
            self.token = token.clone();
        }
        for index in &self.formats {
            if let Some(compiled) = formats.all.get(*index)
                && budget.take(token.len())
            {
                in_region(compiled, *index, text, &token, found);
            }
        }
    }
}

fn formats_near(formats: &Formats, text: &[u8], value: usize) -> Vec<usize> {
    let line = line_before(text, value);
    let told = Told::of(text.get(line.clone()).unwrap_or_default());
    let format = |index: &usize| formats.all.get(*index).map(|compiled| compiled.format);
    let is_named = |format: &Format| format.named.is_empty() || told.has_any(format.named);
    let mut near = formats.near.find(&told);
    near.retain(|index| format(index).is_some_and(|format| is_named(format) || told.is_only(format.near)));
    if near.is_empty() && !is_in_list(text, value) {
        near = formats.near.find(&Told::of(text.get(lines_above(text, line.start)).unwrap_or_default()));
        near.retain(|index| format(index).is_some_and(is_named));
    }
    near
}

/// Whether the line above ends in a token as long as the one at `value`: in a list of digests no line speaks of another.
fn is_in_list(text: &[u8], value: usize) -> bool {
    let length = |at: usize| {
        let rest = text.get(at..text.len().min(at + STRETCH)).unwrap_or_default();
        rest.iter().take_while(|byte| is_token(**byte)).count()
    };
    let before = text.get(value.saturating_sub(BEFORE)..value).unwrap_or_default();
    let Some(line) = memchr::memrchr(b'\n', before) else { return false };
    let above = before.get(..line).unwrap_or_default();
    let is_end = |byte: &u8| !is_token(*byte);
    let end = above.iter().rposition(|byte| is_token(*byte)).map_or(0, |at| at + 1);
    let start = above.get(..end).and_then(|above| above.iter().rposition(is_end)).map_or(0, |at| at + 1);
    end - start == length(value)
}

/// `sha512-…`, as lockfiles have it.
fn is_digest(token: &[u8]) -> bool {
    let digits = token.strip_prefix(b"sha").unwrap_or_default();
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    count > 0 && matches!(digits.get(count), Some(b'-' | b':'))
}

/// The run with what it is connected with, up to a space or a quote.
pub(in crate::secrets) fn stretch(text: &[u8], run: &Range<usize>) -> Range<usize> {
    let is_inside = |byte: &&u8| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'' | b'`');
    let back =
        text.get(..run.start).unwrap_or_default().iter().rev().take(STRETCH).take_while(is_inside).count();
    let forward = text.get(run.end..).unwrap_or_default().iter().take(STRETCH).take_while(is_inside).count();
    run.start - back..run.end + forward
}

/// Whether a run stands where values stand, from quote to quote or from `=` to the end of a line: then it may be one even if
/// it looks like a name.
pub(in crate::secrets) fn is_value(text: &[u8], run: &Range<usize>) -> bool {
    let before = run.start.checked_sub(1).and_then(|at| text.get(at));
    let after = text.get(run.end);
    match before {
        Some(quote @ (b'"' | b'\'' | b'`')) => after == Some(quote),
        Some(b'=' | b':' | b' ') => {
            after.is_none_or(|after| matches!(after, b'\n' | b'\r' | b',' | b';' | b'\\' | b'&' | b'"'))
        }
        _ => false,
    }
}

/// Whether a run could be random: its letters and digits alternate, and it is no name that joins words.
pub(in crate::secrets) fn is_restless(run: &[u8]) -> bool {
    let run = run.get(..run.len().min(96)).unwrap_or_default();
    let (mut edges, mut digits) = (0, 0);
    let mut last = Kind::Other;
    for byte in run {
        let kind = KINDS.get(usize::from(*byte)).copied().unwrap_or(Kind::Other);
        let edge = match (last, kind) {
            (Kind::Digit, Kind::Small | Kind::Capital)
            | (Kind::Small | Kind::Capital, Kind::Digit)
            | (Kind::Small, Kind::Capital) => 1,
            _ => 0,
        };
        edges += edge;
        digits += usize::from(kind == Kind::Digit);
        last = kind;
    }
    // Without digits, names such as `getServerSideProps` must not count.
    if digits > 0 { edges * 6 > run.len() } else { edges * 5 > run.len() && run.len() >= 20 }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digit,
    Small,
    Capital,
    Other,
}

static KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        let is = byte as u8;
        if is.is_ascii_digit() {
            kinds[byte] = Kind::Digit;
        } else if is.is_ascii_lowercase() {
            kinds[byte] = Kind::Small;
        } else if is.is_ascii_uppercase() {
            kinds[byte] = Kind::Capital;
        }
        byte += 1;
    }
    kinds
};

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<usize> {
        NearWords::new(&[("deepgram", 0), ("customerio", 1), ("wit", 2)]).find(&Told::of(text.as_bytes()))
    }

    #[test]
    fn words_stand_in_names_however_they_are_joined() {
        assert_eq!(words("DEEPGRAM_API_KEY="), [0]);
        assert_eq!(words("myDeepGramKey: "), [0]);
        assert_eq!(words("customer.io CUSTOMER_IO"), [1]);
        assert_eq!(words("WIT_TOKEN"), [2]);
        assert_eq!(words("useWitKey"), [2]);
        for text in ["with", "switch", "3wit", "undeepgrammed"] {
            assert_eq!(words(text), [0; 0], "{text}");
        }
    }

    #[test]
    fn the_last_word_counts_most() {
        assert_eq!(words("{deepgram: 1, customerio: "), [1, 0]);
    }

    #[test]
    fn random_tokens_are_restless_and_names_are_not() {
        let random = format!("{}b5a1c9d3e7f2{}", "4e1a", "08c6d2");
        assert!(is_restless(random.as_bytes()));
        for name in ["create_users_table_2024", "getServerSideProps", "text-muted-foreground-500"] {
            assert!(!is_restless(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn a_format_with_near_words_needs_them_before_the_value() {
        let text = b"# twilio\nx\nauth_token = 'abc'\n\n\nauth_token = 'def'\n";
        let mut format = crate::secrets::formats::FORMATS[0];
        format.near = &["twilio"];
        format.named = &["token"];
        assert!(is_near(&format, text, 25));
        assert!(!is_near(&format, text, 46));
    }
}
