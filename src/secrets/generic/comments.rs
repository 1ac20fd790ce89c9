//! What people write to each other: in comments, and in documents. No quotes stand there, so only a value that can be
//! nothing else counts.

use super::super::classify::words::is_common;
use super::Search;
use super::assigned::{Assigned, By};
use super::judge::{Use, judge};
use super::literal::{literal, skip_blank};
use super::shape::{is_random, shape};
use super::syntax::Syntax;

/// Whether `at` is in a comment, or in a text for people.
pub(super) fn is_told(text: &[u8], at: usize, syntax: Syntax) -> bool {
    syntax.prose || is_comment(text, at)
}

/// Whether `at` is in a comment: of a line, at the end of one, or of HTML.
pub(super) fn is_comment(text: &[u8], at: usize) -> bool {
    let before = text.get(at.saturating_sub(200)..at).unwrap_or_default();
    let line = memchr::memrchr(b'\n', before).map_or(before, |end| before.get(end + 1..).unwrap_or_default());
    let start = line.trim_ascii_start();
    let marks = [&b"//"[..], b"# ", b"* ", b"--", b"/*", b"{/*", b";;", b"; ", b"' ", b"REM ", b"::", b"%% "];
    let ends = [&b" // "[..], b"\t// ", b" # ", b"/* ", b" -- ", b"<!--", b"; // "];
    if marks.iter().any(|mark| start.starts_with(mark)) && !start.starts_with(b"---")
        || ends.iter().any(|mark| super::shape::contains(line, mark))
    {
        return true;
    }
    let opened = memchr::memmem::rfind(before, b"<!--");
    opened.is_some_and(|open| memchr::memmem::find(before.get(open..).unwrap_or_default(), b"-->").is_none())
}

/// What a key is for, in the word before it.
const FOR: &[&[u8]] = &[
    b"api",
    b"secret",
    b"access",
    b"private",
    b"signing",
    b"encryption",
    b"master",
    b"admin",
    b"license",
    b"service",
];

/// Where a name of two words begins whose second, a key, stands at `at`: `api key: …`.
pub(super) fn first_word(text: &[u8], at: usize, syntax: Syntax) -> usize {
    let Some(before) = text.get(at.saturating_sub(14)..at).and_then(|before| before.strip_suffix(b" "))
    else {
        return at;
    };
    let length = before.iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    let (rest, word) = before.split_at(before.len() - length);
    let quoted = matches!(rest, [.., b'"' | b'\'' | b'`']);
    let known = FOR.iter().any(|known| known.eq_ignore_ascii_case(word));
    if known && !quoted && is_told(text, at, syntax) { at - length - 1 } else { at }
}

/// A word without quotes that stands at `at`: what closes the comment, or ends the sentence, is none of it.
pub(super) fn word(text: &[u8], at: usize, by: By) -> Option<Assigned> {
    let mut start = skip_blank(text, at);
    while matches!(text.get(start), Some(b'*' | b'`' | b'_')) {
        start += 1;
    }
    let rest = text.get(start..text.len().min(start + 300))?;
    let length = rest.iter().position(|b| b.is_ascii_whitespace() || *b == b'`').unwrap_or(rest.len());
    let mut value = rest.get(..length)?;
    for end in [&b"-->"[..], b"*/", b"**", b")", b".", b",", b";"] {
        value = value.strip_suffix(end).unwrap_or(value);
    }
    let is_open =
        value.iter().any(|b| matches!(b, b'(' | b'<' | b'"' | b'\'' | b'[')) || value.contains(&b'{');
    (value.len() >= 6 && !is_open).then_some(Assigned {
        value: start..start + value.len(),
        quoted: false,
        fallback: false,
        by,
    })
}

/// `the token is …`, `api key -> …`, `password …` in a comment or a document, behind the name that ends at `at`.
pub(super) fn said(text: &[u8], at: usize) -> Option<Assigned> {
    let start = skip_blank(text, at);
    let rest = text.get(start..)?;
    let links =
        [&b"is "[..], b"is: ", b"-> ", b"- ", "— ".as_bytes(), "– ".as_bytes(), "→ ".as_bytes(), b"of "];
    let link = links.into_iter().find(|link| rest.starts_with(link)).map_or(0, <[u8]>::len);
    let found = word(text, start + link, By::Prose)?;
    let value = text.get(found.value.clone())?;
    // `For example, https://acme.io/d/… has the token …`.
    let is_example =
        || super::shape::contains(text.get(at.saturating_sub(160)..at).unwrap_or_default(), b"xample");
    (is_plain(value) && !is_example()).then_some(found)
}

/// Whether a value can be nothing but a credential where nothing but a blank tells it: random, or a word with signs that
/// only passwords have.
fn is_plain(value: &[u8]) -> bool {
    let shape = shape(value);
    let signs = value.iter().any(|b| matches!(b, b'!' | b'@' | b'#' | b'$' | b'%' | b'^' | b'&' | b'*'));
    let path = value.iter().any(|b| matches!(b, b'/' | b'\\' | b'=' | b':'));
    !path
        && !is_common(value)
        && (is_random(value) && value.len() >= 16 || shape.kinds() == 4 && signs && shape.length >= 8)
}

/// `admin@acme.io / password`, `admin / password`: what follows the sign between the two is at `at`, or its quote before.
pub(super) fn login(search: &mut Search<'_, '_>, at: usize) -> usize {
    let text = search.text;
    let at = if text.get(at.wrapping_sub(1)) == Some(&b'`') { at - 1 } else { at };
    let start = at.saturating_sub(3);
    if !is_told(text, start, search.file.syntax) {
        return at;
    }
    let before = text.get(start.saturating_sub(64)..start).unwrap_or_default();
    let user: Vec<u8> = before
        .iter()
        .rev()
        .skip_while(|b| matches!(b, b'`' | b'*' | b'"'))
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'@' | b'+'))
        .map(u8::to_ascii_lowercase)
        .collect();
    let user: Vec<u8> = user.into_iter().rev().collect();
    let is_mail = user
        .iter()
        .position(|b| *b == b'@')
        .is_some_and(|at| at > 0 && user.get(at..).is_some_and(|host| host.contains(&b'.')));
    let is_name = [&b"admin"[..], b"root", b"administrator", b"superadmin", b"user", b"demo", b"owner"]
        .contains(&user.as_slice());
    if !is_mail && !is_name {
        return at;
    }
    let quoted = literal(text, at, Syntax::default()).filter(|found| found.quoted);
    let Some(value) =
        quoted.map(|found| found.value).or_else(|| word(text, at, By::Prose).map(|found| found.value))
    else {
        return at;
    };
    let bytes = text.get(value.clone()).unwrap_or_default();
    if !is_plain(bytes) {
        return at;
    }
    let used = Use { shown: true, ..Use::beside_user(b"PASSWORD", By::Prose) };
    let judged = judge(bytes, &used, &search.file);
    search.keep(judged, None, value, "generic-password");
    at
}
