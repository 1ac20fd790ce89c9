//! Names and values that stand apart: items of lists, elements, cells of tables.

use std::ops::Range;

use super::assigned::{Assigned, By, NEAR};
use super::literal::{Literal, literal, skip_space};
use super::syntax::Syntax;

/// `{name: NAME, value: "value"}`, after the comma or line break that ends the name.
pub(super) fn pair(text: &[u8], name: &Range<usize>, at: usize, syntax: Syntax) -> Option<Assigned> {
    let before = text.get(name.start.saturating_sub(40)..name.start)?;
    // `name = "/app/prod/api_token"`, `name = "auth.rootPassword"`.
    let path = before
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.'))
        .count();
    let whole = before.get(..before.len() - path).unwrap_or_default();
    let before = if matches!(before.last(), Some(b'/' | b'.')) { whole } else { before };
    let before = before.trim_ascii_end();
    let opened = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
    let opened = opened.strip_suffix(b"\\").unwrap_or(opened).trim_ascii_end();
    let key = opened
        .strip_suffix(b":")
        .or_else(|| opened.strip_suffix(b"="))
        .or_else(|| opened.strip_suffix(b"=>"))?;
    let key = key.trim_ascii_end().trim_ascii_end();
    let key: Vec<u8> = key
        .iter()
        .rev()
        .skip_while(|b| matches!(b, b'"' | b'\'' | b'\\' | b' '))
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
        .map(u8::to_ascii_lowercase)
        .collect();
    let key: Vec<u8> = key.into_iter().rev().collect();
    const KEYS: &[&[u8]] = &[
        b"name",
        b"key",
        b"envname",
        b"variable",
        b"id",
        b"parameterkey",
        b"parameter_name",
        b"field",
        b"header",
        b"option_name",
        b"var",
        b"envvar",
        b"env",
        b"property",
        b"k",
        b"label",
        b"displayname",
        b"headername",
        b"title",
        b"parametername",
        b"secret_name",
        b"secretname",
    ];
    if !KEYS.contains(&key.as_slice()) {
        return None;
    }
    let rest = text.get(at..text.len().min(at + 300))?;
    let mut i = 0;
    while i < rest.len() {
        let here = rest.get(i..)?;
        // The next item of the list.
        if here.starts_with(b"}")
            || here.starts_with(b"/>")
            || here.starts_with(b"- ") && i > 0 && rest.get(i - 1).is_some_and(|b| b.is_ascii_whitespace())
        {
            return None;
        }
        let boundary = i == 0 || rest.get(i - 1).is_some_and(|b| !b.is_ascii_alphanumeric());
        let step = [
            &b"value"[..],
            b"Value",
            b"defaultValue",
            b"default",
            b"content",
            b"option_value",
            b"parameterValue",
            b"ParameterValue",
            b"stringValue",
            b"plaintext_value",
            b"val",
            b"\xc3\xa4",
        ]
        .iter()
        .find(|key| boundary && here.starts_with(key))
        .map(|key| key.len());
        if let Some(step) = step {
            let mut next = at + i + step;
            while matches!(text.get(next), Some(b'"' | b'\'' | b'\\' | b' ' | b'\t')) {
                next += 1;
            }
            if let Some(b':' | b'=') = text.get(next) {
                let arrow = usize::from(text.get(next + 1) == Some(&b'>'));
                let start = skip_space(text, next + 1 + arrow, 40);
                let Literal { value, quoted } = literal(text, start, syntax)?;
                return (quoted || syntax.bare).then_some(Assigned {
                    value,
                    quoted,
                    fallback: false,
                    by: By::Pair,
                });
            }
        }
        i += 1;
    }
    None
}

/// `<password>value</password>`, also with attributes.
pub(super) fn element(text: &[u8], name: &Range<usize>, at: usize) -> Option<Assigned> {
    let before = text.get(name.start.saturating_sub(60)..name.start)?;
    let open = before.iter().rposition(|b| *b == b'<')?;
    let tag = before.get(open + 1..)?;
    if tag.iter().any(|b| matches!(b, b'>' | b'\n')) {
        return None;
    }
    between_tags(text, at)
}

/// `<password encoding="plain">value</password>`.
pub(super) fn text_of_element(text: &[u8], at: usize) -> Option<Assigned> {
    let rest = text.get(at..text.len().min(at + 120))?;
    let end = rest.iter().position(|b| matches!(b, b'>' | b'\n' | b'<'))?;
    (rest.get(end) == Some(&b'>') && rest.get(end.wrapping_sub(1)) != Some(&b'/'))
        .then(|| between_tags(text, at + end + 1))?
}

pub(super) fn between_tags(text: &[u8], at: usize) -> Option<Assigned> {
    let rest = text.get(at..text.len().min(at + NEAR))?;
    let (start, rest) = rest.strip_prefix(b"<![CDATA[").map_or((at, rest), |inner| (at + 9, inner));
    let end = rest.iter().position(|b| matches!(b, b'<' | b'\n' | b'{'))?;
    let value = rest.get(..end)?;
    let closes = rest.get(end..)?.starts_with(b"</") || start > at;
    let blank = value.iter().any(|b| b.is_ascii_whitespace());
    (closes && !value.is_empty() && !blank).then_some(Assigned {
        value: start..start + end,
        quoted: true,
        fallback: false,
        by: By::Sign,
    })
}

/// `<key>NAME</key><string>value</string>`.
pub(super) fn listed(text: &[u8], at: usize) -> Option<Assigned> {
    let rest = text.get(at..text.len().min(at + 120))?;
    let tag = [&b"</key>"[..], b"</name>", b"</Name>", b"</Key>", b"</td>", b"</th>", b"</dt>"]
        .into_iter()
        .find(|tag| rest.starts_with(tag))?;
    let next = skip_space(text, at + tag.len(), 40);
    let rest = text.get(next..)?;
    let tag = [&b"<string>"[..], b"<value>", b"<Value>", b"<td><code>", b"<td>", b"<dd>"]
        .into_iter()
        .find(|tag| rest.starts_with(tag))?;
    let found = between_tags(text, next + tag.len())?;
    Some(Assigned { by: By::Pair, ..found })
}

/// The fewest words of a list that is one.
const WORDS: usize = 4;

/// Whether a quoted name is one of a list of words, none of which is the value of another: `["pass", "secret", "token",
/// "key"]`. Arguments of calls are no list, and a word with a digit may be a value.
pub(super) fn is_word_of_list(text: &[u8], name: &Range<usize>) -> bool {
    let mut words = 1;
    // To the right.
    let mut at = name.end;
    while words < WORDS * 2
        && matches!(text.get(at..), Some([b'"' | b'\'' | b'`', b',', ..]))
        && let Some(next) = word_at(text, skip_space(text, at + 2, 80))
    {
        words += 1;
        at = next;
    }
    if words == 1 {
        return false;
    }
    // To the left, up to the bracket.
    let mut at = name.start;
    while words < WORDS * 4 {
        let Some(open) = before(text, at, is_quote) else { return false };
        let open = before(text, open, |b| b == b'b').unwrap_or(open);
        let gap = back_over(text, open, |b| b.is_ascii_whitespace());
        if before(text, gap, |b| matches!(b, b'[' | b'{')).is_some() {
            return words >= WORDS;
        }
        let Some(comma) = before(text, gap, |b| b == b',') else { return false };
        let gap = back_over(text, comma, |b| b.is_ascii_whitespace());
        let Some(end) = before(text, gap, is_quote) else { return false };
        at = back_over(text, end, is_of_word);
        if at == end {
            return false;
        }
        words += 1;
    }
    // With a bracket so far away it is no list of pairs.
    true
}

/// The place of the byte before `at`, if it is as asked.
fn before(text: &[u8], at: usize, is: fn(u8) -> bool) -> Option<usize> {
    let place = at.checked_sub(1)?;
    text.get(place).is_some_and(|b| is(*b)).then_some(place)
}

fn back_over(text: &[u8], at: usize, skips: fn(u8) -> bool) -> usize {
    let earliest = at.saturating_sub(80);
    let part = text.get(earliest..at).unwrap_or_default();
    at - part.iter().rev().take_while(|b| skips(**b)).count()
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// Where the quoted word ends that begins at `at`: at its closing quote.
fn word_at(text: &[u8], at: usize) -> Option<usize> {
    let at = if text.get(at) == Some(&b'b') { at + 1 } else { at };
    let quote = text.get(at).filter(|b| is_quote(**b))?;
    let rest = text.get(at + 1..text.len().min(at + 60))?;
    let length = rest.iter().take_while(|b| is_of_word(**b)).count();
    (length > 0 && rest.get(length) == Some(quote)).then_some(at + 1 + length)
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/' | b'(' | b' ')
}
