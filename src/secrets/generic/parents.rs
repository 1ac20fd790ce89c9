//! Names that say nothing without what they are part of: `"Jwt": {"Key": "…"}`, `[jwt]`, `apiToken:` and `value:` below it.

use std::ops::Range;

use super::assigned::{Assigned, By};
use super::literal::{Literal, literal, skip_blank};
use super::names::{Sort, Words};
use super::syntax::Syntax;

/// So far before a key its parent is looked for.
const BEFORE: usize = 600;

/// What a `key` is, by the name of what it is part of; of `section` in one of many languages of settings.
pub(super) fn sort_of_key(text: &[u8], name: &Range<usize>, syntax: Syntax) -> Option<Sort> {
    let parent = parent(text, name, syntax)?;
    let words = Words::of(text.get(parent)?);
    let mut last = words.len();
    while last > 1 && ABOUT.contains(&words.at(last - 1)) {
        last -= 1;
    }
    let word = words.at(last.checked_sub(1)?);
    let both = last.checked_sub(2).map_or(String::new(), |before| format!("{}{word}", words.at(before)));
    if TOKENS.contains(&both.as_str()) {
        return Some(Sort::Token);
    }
    SIGNS.contains(&word).then_some(Sort::Signing).or_else(|| TOKENS.contains(&word).then_some(Sort::Token))
}

/// What settings of a thing are called behind it: `JwtSettings`.
const ABOUT: &[&str] =
    &["settings", "options", "config", "configuration", "section", "opts", "params", "token", "tokens"];

/// Things whose key signs or encrypts.
const SIGNS: &[&str] = &[
    "jwt",
    "token",
    "tokens",
    "encryption",
    "crypto",
    "session",
    "cookie",
    "signing",
    "hmac",
    "secret",
    "secrets",
    "auth",
    "authentication",
    "authorization",
    "bearer",
    "security",
    "cipher",
    "aes",
    "cookies",
];

/// Things whose key their provider hands out.
const TOKENS: &[&str] = &[
    "api",
    "sendgrid",
    "openai",
    "stripe",
    "mailgun",
    "twilio",
    "resend",
    "anthropic",
    "weather",
    "openweather",
    "maps",
    "aws",
    "azure",
    "subscription",
    "license",
    "webhook",
    "admin",
    "internal",
    "service",
    "postmark",
    "algolia",
];

/// The name of what `name` is part of.
fn parent(text: &[u8], name: &Range<usize>, syntax: Syntax) -> Option<Range<usize>> {
    let quoted = |at: usize| matches!(text.get(at), Some(b'"' | b'\''));
    let start = if name.start > 0 && quoted(name.start - 1) { name.start - 1 } else { name.start };
    // `Jwt:Key`, `jwt.key`.
    if let Some(b':' | b'.') = name.start.checked_sub(1).and_then(|at| text.get(at)) {
        return identifier_before(text, name.start - 1);
    }
    let from = start.saturating_sub(BEFORE);
    let before = text.get(from..start)?;
    // `<jwt key="…">`, `<jwt><key>`.
    if before.ends_with(b"<") {
        let outer = before.strip_suffix(b"<")?.trim_ascii_end().strip_suffix(b">")?;
        return identifier_before(text, from + outer.len());
    }
    let line = memchr::memrchr(b'\n', before).map_or(before, |at| before.get(at + 1..).unwrap_or_default());
    if syntax.markup
        && let Some(open) = memchr::memrchr(b'<', line)
    {
        let at = start - line.len() + open + 1;
        let length = text.get(at..start)?.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        return Some(at..at + length);
    }
    if let Some(open) = open_brace(before) {
        let outer = before.get(..open)?.trim_ascii_end();
        let signs = |b: u8| matches!(b, b':' | b'=' | b'>' | b'(' | b'{') || b.is_ascii_whitespace();
        let end = outer.iter().rposition(|b| !signs(*b))? + 1;
        let end = if quoted(from + end - 1) { end - 1 } else { end };
        return identifier_before(text, from + end);
    }
    if line.iter().any(|b| !b.is_ascii_whitespace()) {
        return None;
    }
    above(text, start - line.len(), line.len(), syntax)
}

/// Where the bracket is that `before` ends within.
fn open_brace(before: &[u8]) -> Option<usize> {
    let mut depth = 0usize;
    for (i, byte) in before.iter().enumerate().rev() {
        match byte {
            b'}' | b']' => depth += 1,
            b'{' | b'[' if depth > 0 => depth -= 1,
            b'{' => return Some(i),
            // `'jwt' => ['key' => …]`; `[jwt]` closes at once.
            b'[' => return before.get(..i).is_some_and(|b| b.trim_ascii_end().ends_with(b">")).then_some(i),
            _ => {}
        }
    }
    None
}

fn identifier_before(text: &[u8], end: usize) -> Option<Range<usize>> {
    let before = text.get(end.saturating_sub(64)..end)?;
    let length =
        before.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
    (length > 0).then_some(end - length..end)
}

/// The line above that is indented less and ends with a colon, or the section: `jwt:`, `[jwt]`.
fn above(text: &[u8], line: usize, indent: usize, syntax: Syntax) -> Option<Range<usize>> {
    if !syntax.bare {
        return None;
    }
    let mut end = line.checked_sub(1)?;
    for _ in 0..20 {
        let before = text.get(end.saturating_sub(400)..end)?;
        let length = memchr::memrchr(b'\n', before).map_or(before.len(), |at| before.len() - at - 1);
        let start = end - length;
        let full = text.get(start..end)?;
        let begin = full.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let inner = full.trim_ascii();
        if let Some(section) = inner.strip_prefix(b"[").and_then(|inner| inner.strip_suffix(b"]")) {
            let at = start + begin + 1;
            return Some(at..at + section.len());
        }
        if indent > 0 && begin < indent && !inner.is_empty() && !inner.starts_with(b"#") {
            let stem = inner.strip_suffix(b":")?;
            let at = start + begin;
            // Items of a list are alike, not parts of one thing.
            return (!stem.starts_with(b"- ")).then_some(at..at + stem.len());
        }
        end = start.checked_sub(1)?;
    }
    None
}

/// `apiToken:` with `value: …`, `key: …` or `Default: …` below it, behind the colon.
pub(super) fn child(text: &[u8], name: &Range<usize>, at: usize, syntax: Syntax) -> Option<Assigned> {
    let before = text.get(name.start.saturating_sub(80)..name.start)?;
    let line = memchr::memrchr(b'\n', before).map_or(before, |at| before.get(at + 1..).unwrap_or_default());
    if !syntax.bare
        || !syntax.settings
        || line.iter().any(|b| *b != b' ')
        || text.get(skip_blank(text, at)) != Some(&b'\n')
    {
        return None;
    }
    let mut at = skip_blank(text, at) + 1;
    for _ in 0..6 {
        let begin = skip_blank(text, at);
        let rest = text.get(begin..text.len().min(begin + 400))?;
        if begin - at <= line.len() {
            return None;
        }
        let keys = [&b"value: "[..], b"Value: ", b"Default: ", b"default: "];
        if let Some(key) = keys.into_iter().find(|key| rest.starts_with(key)) {
            let Literal { value, quoted } = literal(text, begin + key.len(), syntax)?;
            let fallback = key.eq_ignore_ascii_case(b"default: ");
            return Some(Assigned { value, quoted, fallback, by: By::Pair });
        }
        at = begin + memchr::memchr(b'\n', rest)? + 1;
    }
    None
}
