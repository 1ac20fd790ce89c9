//! Credentials in SQL: rows of tables with a column for passwords, `IDENTIFIED BY`, `crypt('…', gen_salt('bf'))`.

use std::ops::Range;

use super::assigned::By;
use super::judge::{Judged, Use, judge};
use super::literal::{literal, skip_space};
use super::names::{self, Sort, Words};
use super::shape::shape;
use super::syntax::Syntax;
use super::{Place, Search};

/// Rows and columns beyond these are not looked at.
const MOST: usize = 2000;

/// `INSERT INTO users (email, password) VALUES ('…', '…'), (…)`: the values of columns that hold credentials.
pub(super) fn insert(search: &mut Search<'_, '_>, at: usize) -> usize {
    let text = search.text;
    let Some((columns, after)) = columns(text, at) else { return at };
    let known: Vec<(usize, Range<usize>, Sort)> = columns
        .iter()
        .enumerate()
        .filter_map(|(i, name)| {
            names::sort(&Words::of(text.get(name.clone())?)).map(|sort| (i, name.clone(), sort))
        })
        .collect();
    let hashes: Vec<(usize, Range<usize>)> = columns
        .iter()
        .enumerate()
        .filter(|(_, name)| is_hash_column(text.get((*name).clone()).unwrap_or_default()))
        .map(|(i, name)| (i, name.clone()))
        .collect();
    if known.is_empty() && hashes.is_empty() {
        return after;
    }
    let mut at = skip_space(text, after, 80);
    if !text.get(at..at + 6).is_some_and(|word| word.eq_ignore_ascii_case(b"values")) {
        return after;
    }
    at = skip_space(text, at + 6, 80);
    let mut dumped = Vec::new();
    for _ in 0..MOST {
        if text.get(at) != Some(&b'(') {
            break;
        }
        let Some((row, end)) = row(text, at + 1) else { break };
        for (i, name, sort) in &known {
            let Some(Some(value)) = row.get(*i) else { continue };
            if is_hash(text.get(value.clone()).unwrap_or_default()) {
                dumped.push((name.clone(), value.clone()));
                continue;
            }
            let used = Use {
                sort: *sort,
                name: text.get(name.clone()).unwrap_or_default(),
                quoted: true,
                fallback: false,
                by: By::Pair,
                near: b"user:",
                shown: false,
            };
            let judged = judge(text.get(value.clone()).unwrap_or_default(), &used, &search.file);
            let format = if *sort == Sort::Password { "seeded-password" } else { "generic-token" };
            search.keep(judged, Some(name.clone()), value.clone(), format);
        }
        for (i, name) in &hashes {
            if let Some(Some(value)) = row.get(*i).filter(|_| known.is_empty()) {
                dumped.push((name.clone(), value.clone()));
            }
        }
        at = skip_space(text, end, 80);
        if text.get(at) != Some(&b',') {
            break;
        }
        at = skip_space(text, at + 1, 80);
        // Comments between rows.
        while text.get(at..at + 2) == Some(b"--") {
            let rest = text.get(at..).unwrap_or_default();
            at = skip_space(text, at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()), 80);
        }
    }
    // One or two are seeds; a table of people who chose their passwords is a dump.
    if dumped.len() >= 3 && !matches!(search.file.place, Place::Test | Place::Sample | Place::Docs) {
        for (name, value) in dumped {
            if is_hash(text.get(value.clone()).unwrap_or_default()) {
                search.keep(Judged::Secret, Some(name), value, "password-hash");
            }
        }
    }
    let end = at.max(after);
    // What the database hashes itself stands in such rows.
    let rows = text.get(after..end.min(text.len())).unwrap_or_default();
    for found in memchr::memmem::find_iter(rows, b"crypt(") {
        crypt(search, after + found + 6);
    }
    end
}

/// Whether a role or a user is made or changed in the statement that `before` ends with: `create role app with login`.
pub(super) fn makes_a_role(before: &[u8]) -> bool {
    let tail = before.get(before.len().saturating_sub(200)..).unwrap_or_default();
    let statement =
        tail.iter().rposition(|b| *b == b';').map_or(tail, |at| tail.get(at..).unwrap_or_default());
    let mut words = statement
        .split(|b| !(b.is_ascii_alphanumeric() || *b == b'_'))
        .filter(|word| !word.is_empty())
        .map(<[u8]>::to_ascii_lowercase);
    let mut verb = false;
    words.any(|word| {
        let is_thing = matches!(word.as_slice(), b"role" | b"user" | b"login" | b"group");
        let made = verb && is_thing;
        verb = matches!(word.as_slice(), b"create" | b"alter");
        made
    })
}

fn is_hash_column(name: &[u8]) -> bool {
    let words = Words::of(name);
    ["password", "passwd", "pass", "pwd"].iter().any(|word| words.has(word))
        && (words.has("hash") || words.has("digest") || words.has("encrypted") || words.has("hashed"))
}

/// A password hash that says how it was made.
pub(super) fn is_hash(value: &[u8]) -> bool {
    value.len() >= 20
        && [
            &b"$2a$"[..],
            b"$2b$",
            b"$2y$",
            b"$1$",
            b"$5$",
            b"$6$",
            b"$apr1$",
            b"$argon2",
            b"$P$",
            b"$H$",
            b"pbkdf2_",
            b"{SHA}",
            b"{SSHA}",
            b"$y$",
            b"$7$",
            b"$S$",
        ]
        .iter()
        .any(|start| value.starts_with(start))
}

/// The names between the brackets after the table's name.
fn columns(text: &[u8], at: usize) -> Option<(Vec<Range<usize>>, usize)> {
    let rest = text.get(at..text.len().min(at + 1500))?;
    let open = rest.iter().take(120).position(|b| *b == b'(')?;
    let close = open + rest.get(open..)?.iter().position(|b| *b == b')')?;
    let mut columns = Vec::new();
    let mut start = open + 1;
    for (i, byte) in rest.iter().enumerate().take(close + 1).skip(open + 1) {
        if *byte == b',' || i == close {
            let name = rest.get(start..i)?;
            let skip = name
                .iter()
                .take_while(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'`' | b'[' | b'\\'))
                .count();
            let length =
                name.get(skip..)?.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
            columns.push(at + start + skip..at + start + skip + length);
            start = i + 1;
        }
    }
    Some((columns, at + close + 1))
}

/// The literals of a row, and where it ends.
fn row(text: &[u8], at: usize) -> Option<(Vec<Option<Range<usize>>>, usize)> {
    let mut row = Vec::new();
    let mut at = at;
    let end = text.len().min(at + 8000);
    while row.len() < 200 {
        at = skip_space(text, at, 80);
        let found = string(text, at);
        let mut next = found.as_ref().map_or(at, |found| found.end + 1);
        let mut depth = 0usize;
        let mut plain = true;
        while next < end {
            match text.get(next) {
                Some(b',' | b')') if depth == 0 => break,
                Some(b'\'') => next = string(text, next)?.end,
                Some(b'(') => depth += 1,
                Some(b')') => depth -= 1,
                Some(b':' | b' ' | b'\n' | b'\r' | b'\t') => {}
                Some(b) if b.is_ascii_alphabetic() && found.is_some() => {}
                _ => plain = false,
            }
            next += 1;
        }
        row.push(found.filter(|_| plain));
        match text.get(next) {
            Some(b',') if next < end => at = next + 1,
            Some(b')') if next < end => return Some((row, next + 1)),
            _ => return None,
        }
    }
    None
}

/// A string of SQL, `''` being a quote in it.
fn string(text: &[u8], at: usize) -> Option<Range<usize>> {
    let at = if matches!(text.get(at), Some(b'N' | b'E')) && text.get(at + 1) == Some(&b'\'') {
        at + 1
    } else {
        at
    };
    let quote = *text.get(at).filter(|b| matches!(b, b'\'' | b'"'))?;
    let mut i = at + 1;
    let end = text.len().min(at + 4096);
    while i < end {
        match text.get(i) {
            Some(b'\\') => i += 1,
            Some(b) if *b == quote && text.get(i + 1) == Some(&quote) => i += 1,
            Some(b) if *b == quote => return Some(at + 1..i),
            _ => {}
        }
        i += 1;
    }
    None
}

/// Past `BY`, or `WITH caching_sha2_password BY`.
fn after_by(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..text.len().min(at + 60))?;
    let end = rest.iter().position(|b| matches!(b, b'\'' | b'"' | b';')).unwrap_or(rest.len());
    let rest = rest.get(..end)?;
    let by = if rest.get(..3)?.eq_ignore_ascii_case(b"by ") {
        0
    } else if rest.get(..5)?.eq_ignore_ascii_case(b"with ") {
        rest.windows(4).position(|word| word.eq_ignore_ascii_case(b" by "))? + 1
    } else {
        return None;
    };
    Some(skip_space(text, at + by + 2, 20))
}

/// `IDENTIFIED BY 'password'`.
pub(super) fn identified(search: &mut Search<'_, '_>, at: usize) -> usize {
    let Some(start) = after_by(search.text, at) else { return at };
    let start =
        if search.text.get(start..start + 9).is_some_and(|word| word.eq_ignore_ascii_case(b"password ")) {
            start + 9
        } else {
            start
        };
    // Oracle takes it without quotes.
    let bare = Syntax { bare: search.file.syntax.sql, ..Syntax::default() };
    let Some(found) = literal(search.text, start, bare) else { return at };
    let used = Use { quoted: found.quoted, ..Use::beside_user(b"PASSWORD", By::Space) };
    let judged = judge(search.text.get(found.value.clone()).unwrap_or_default(), &used, &search.file);
    search.keep(judged, None, found.value, "database-password");
    at
}

/// `crypt('password', gen_salt('bf'))`: what the database hashes itself.
pub(super) fn crypt(search: &mut Search<'_, '_>, at: usize) -> usize {
    // `AES.encrypt(text, "key")`.
    let before = search.text.get(at.saturating_sub(20)..at).unwrap_or_default();
    if let Some(name) = [
        &b"AES.encrypt("[..],
        b"AES.decrypt(",
        b"DES.encrypt(",
        b"DES.decrypt(",
        b"openssl_encrypt(",
        b"openssl_decrypt(",
    ]
    .iter()
    .find(|name| before.ends_with(name))
    {
        super::calls::look(search, &(at - name.len()..at - 1));
        return at;
    }
    let Some(found) = literal(search.text, skip_space(search.text, at, 20), Syntax::default()) else {
        return at;
    };
    let after =
        search.text.get(found.value.end..search.text.len().min(found.value.end + 40)).unwrap_or_default();
    if !super::shape::contains(after, b"gen_salt")
        || shape(search.text.get(found.value.clone()).unwrap_or_default()).spaces > 0
    {
        return at;
    }
    let used = Use { shown: search.is_shown(&(at..at)), ..Use::beside_user(b"PASSWORD", By::Call) };
    let judged = judge(search.text.get(found.value.clone()).unwrap_or_default(), &used, &search.file);
    search.keep(judged, None, found.value, "seeded-password");
    at
}
