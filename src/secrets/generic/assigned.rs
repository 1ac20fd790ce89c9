//! From a name to the value it is given: assignments of every language, fallbacks, calls, pairs, prose.

use std::ops::Range;

use super::comments::{is_told, word};
use super::fallback::{block, default_of_variable, later, named_default, ternary};
use super::literal::{Literal, literal, skip_blank, skip_space};
use super::pairs::{element, is_word_of_list, listed, pair, text_of_element};
use super::parents::child;
use super::spaced::spaced_out;
use super::syntax::Syntax;
use super::tables::{beside, is_cell};
use super::wrapped::{
    begins_line, block_scalar, is_of_connection, rest_is_type, through, typed, within_quotes,
};

/// A value and how it came to its name.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::secrets) struct Assigned {
    /// Without its quotes.
    pub value: Range<usize>,
    pub quoted: bool,
    /// What code falls back to when a setting is missing.
    pub fallback: bool,
    pub by: By,
}

/// What stands between the name and the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::secrets) enum By {
    /// `=`, `:`, `=>`, `:=` and the like.
    Sign,
    /// `==`, `!==`.
    Comparison,
    /// `("NAME", "value")`.
    Comma,
    /// `setName("value")`.
    Call,
    /// `{name: NAME, value: "value"}`, `<key>NAME</key><string>value</string>`.
    Pair,
    /// `--name value`, `PASSWORD 'value'`, `ENV NAME value`.
    Space,
    /// `the password is "value"`, and cells of a table.
    Prose,
    /// `machine host login user password value`.
    Login,
}

/// So much of a statement is looked at.
pub(super) const NEAR: usize = 240;

/// What is assigned to the name at `name`.
pub(in crate::secrets) fn assigned(text: &[u8], name: &Range<usize>, syntax: Syntax) -> Option<Assigned> {
    let (at, closed) = close(text, name.end);
    let before = text.get(..name.start).unwrap_or_default();
    let rest = text.get(at..).unwrap_or_default();
    let path = before
        .iter()
        .rev()
        .take(60)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        .count();
    if before.get(..before.len() - path).is_some_and(|before| before.ends_with(b"${")) {
        return default_of_variable(text, at);
    }
    if let Some(found) = parameter(text, name) {
        return Some(found);
    }
    if syntax.markup
        && before.ends_with(b"<")
        && let Some(found) = text_of_element(text, at)
    {
        return Some(found);
    }
    let mut spaced = skip_blank(text, at);
    if matches!(text.get(spaced), Some(b'\n' | b'\r')) {
        // An operator on the next line.
        let next = skip_space(text, spaced, 80);
        if matches!(
            text.get(next..).unwrap_or_default(),
            [b'|', b'|', ..] | [b'?', b'?', ..] | [b'?', b':', ..]
        ) {
            spaced = next;
        }
    }
    let after = text.get(spaced..).unwrap_or_default();
    let (by, length, fallback) = match after {
        [b':', rest @ ..] if syntax.prose && rest.trim_ascii_start().starts_with(b"|") && is_cell(before) => {
            return beside(text, skip_blank(text, spaced + 1) + 1);
        }
        [b'=', b'>', ..] => (By::Sign, 2, false),
        [b'=' | b'!', b'=', b'=', ..] => (By::Comparison, 3, false),
        [b'=' | b'!', b'=', ..] => (By::Comparison, 2, false),
        [b':', b'=', ..] | [b'?', b'=', ..] | [b'+', b'=', ..] => (By::Sign, 2, false),
        [b'|', b'|', b'=', ..] | [b'?', b'?', b'=', ..] => (By::Sign, 3, true),
        [b'|', b'|', ..] | [b'?', b'?', ..] | [b'?', b':', ..] => (By::Sign, 2, true),
        [b':', b':', ..] => return None,
        // `of_mail ? 'smtp_password' : 'smtp_user'`: the one name or the other.
        [b':', ..] if closed.quote && unquoted(before).ends_with(b"?") => return None,
        [b'=' | b':', ..] => (By::Sign, 1, false),
        [b'o', b'r', b' ', ..] if closed.any => (By::Sign, 3, true),
        [b'?', ..] if closed.any => return ternary(text, spaced + 1),
        [b',', ..] if closed.quote => {
            if is_word_of_list(text, name) {
                return None;
            }
            let pair = pair(text, name, spaced + 1, syntax);
            if pair.is_some() {
                return pair;
            }
            // `report('Environment', 'The Secret', 'pass')`: a text, and no name of a setting.
            let sentence = before.ends_with(b" ");
            (By::Comma, 1, !sentence && is_lookup(before))
        }
        [b'(', ..] if !closed.any => (By::Call, 1, false),
        [b'{', ..] => return block(text, spaced + 1),
        [b'.', ..] if closed.quote => return later(text, spaced),
        [b'>', ..] if before.iter().rposition(|b| *b == b'<').is_some_and(|open| name.start - open <= 40) => {
            return element(text, name, spaced + 1);
        }
        [b'|', ..] if syntax.prose => return beside(text, spaced + 1),
        [b'<', b'/', ..] => return listed(text, spaced),
        _ => return spaced_out(text, name, at, closed, syntax, rest),
    };
    let at = spaced + length;
    if by == By::Sign
        && length == 1
        && rest_is_type(text, at)
        && let Some(equals) = typed(text, at)
    {
        return value(text, equals, By::Sign, false, syntax, name);
    }
    value(text, at, by, fallback, syntax, name)
}

/// Without the quote at its end and what blanks stand before that.
fn unquoted(before: &[u8]) -> &[u8] {
    match before {
        [rest @ .., b'"' | b'\'' | b'`'] => rest.trim_ascii_end(),
        _ => b"",
    }
}

/// Whether the call before a quoted name looks a setting up: what follows is what it falls back to.
fn is_lookup(before: &[u8]) -> bool {
    let tail = before.get(before.len().saturating_sub(40)..).unwrap_or_default();
    let tail = tail
        .iter()
        .rposition(|b| matches!(b, b'\n' | b';'))
        .map_or(tail, |at| tail.get(at + 1..).unwrap_or_default());
    [&b"env"[..], b"ENV", b"config", b"get(", b"fetch(", b"Env"]
        .iter()
        .any(|word| super::shape::contains(tail, word))
        && !super::shape::contains(tail, b"set")
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Closed {
    pub any: bool,
    pub quote: bool,
}

/// What closes a name: quotes, brackets, marks of optional and of never missing.
fn close(text: &[u8], mut at: usize) -> (usize, Closed) {
    let mut closed = Closed { any: false, quote: false };
    for _ in 0..8 {
        match text.get(at..).unwrap_or_default() {
            [b'\\', b'"' | b'\'' | b'\\', ..] => {}
            [b'"' | b'\'' | b'`', ..] => closed.quote = true,
            [b']' | b')' | b'}' | b'*', ..] => {}
            // `char pass[] = "…"`.
            [b'[', b']', ..] if !closed.any => at += 1,
            [b'!', b'=', ..] => break,
            [b'!', ..] => {}
            [b'?', b':' | b'.', ..] if !closed.any => {
                at += 1;
                break;
            }
            _ => break,
        }
        closed.any = true;
        at += 1;
    }
    (at, closed)
}

fn value(
    text: &[u8],
    at: usize,
    by: By,
    fallback: bool,
    syntax: Syntax,
    name: &Range<usize>,
) -> Option<Assigned> {
    if by == By::Sign
        && let Some(found) = child(text, name, at, syntax)
    {
        return Some(found);
    }
    let mut start = skip_space(text, at, 200);
    // `**Password:** value`.
    if syntax.prose && text.get(start..).is_some_and(|rest| rest.starts_with(b"** ")) {
        start = skip_blank(text, start + 2);
    }
    // A value on the next line belongs to the name only in quotes, or in a block of YAML.
    let wrapped = text.get(at..start).is_some_and(|gap| gap.contains(&b'\n'));
    if let Some(block) = block_scalar(text, start, syntax) {
        return Some(Assigned { value: block, quoted: false, fallback, by });
    }
    if by == By::Sign && text.get(start) == Some(&b'{') {
        return block(text, start + 1);
    }
    let (mut fallback, mut by) = (fallback, by);
    if by == By::Comma
        && let Some(next) = named_default(text, start)
    {
        (start, fallback, by) = (next, true, By::Sign);
    }
    for _ in 0..2 {
        if let Some(next) = through(text, start) {
            start = next;
        }
    }
    let tight = start == at && text.get(name.end) == Some(&b'=') && is_shouted(text.get(name.clone())?);
    let mut bare = syntax;
    let connects = by == By::Sign && is_of_connection(text, name);
    bare.bare |= tight || connects;
    bare.line &= by == By::Sign && begins_line(text, name.start);
    let found = literal(text, start, bare).map(|found| within_quotes(text, name, found));
    match found {
        Some(Literal { value, quoted }) if quoted || !wrapped && matches!(by, By::Sign) && (bare.bare) => {
            Some(Assigned { value, quoted, fallback, by })
        }
        _ if matches!(by, By::Sign | By::Comma) && !wrapped => later(text, start).or_else(|| {
            let found = (by == By::Sign).then(|| word(text, start, By::Prose)).flatten();
            found.filter(|_| is_told(text, name.start, syntax))
        }),
        _ => None,
    }
}

pub(super) fn is_shouted(name: &[u8]) -> bool {
    name.iter().any(u8::is_ascii_uppercase) && !name.iter().any(u8::is_ascii_lowercase)
}

/// `?token=value&…` of an address.
fn parameter(text: &[u8], name: &Range<usize>) -> Option<Assigned> {
    let before = text.get(name.start.checked_sub(1)?)?;
    if !matches!(before, b'?' | b'&') || text.get(name.end) != Some(&b'=') {
        return None;
    }
    let rest = text.get(name.end + 1..text.len().min(name.end + 600))?;
    let length = rest
        .iter()
        .take_while(|b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'_' | b'-' | b'.' | b'~' | b'%' | b'+' | b'/' | b'=' | b':' | b'!' | b'*')
        })
        .count();
    let joined = rest.get(length).is_some_and(|b| matches!(b, b'{' | b'$'));
    (length > 0 && !joined).then_some(Assigned {
        value: name.end + 1..name.end + 1 + length,
        quoted: true,
        fallback: false,
        by: By::Sign,
    })
}
