//! Credentials in headers and calls: `Bearer …`, `Basic …`, `curl -u user:password`, `login(user, password)`.

use std::ops::Range;

use super::assigned::By;
use super::calls::arguments;
use super::judge::{Judged, Use, judge};
use super::literal::literal;
use super::names::Sort;
use super::shape::is_random;
use super::syntax::Syntax;
use super::{Place, Search};

/// The length of the scheme at the start of a header's value.
pub(super) fn scheme(value: &[u8]) -> Option<usize> {
    let space = value.iter().take(12).position(|b| *b == b' ')?;
    let word = value.get(..space)?.to_ascii_lowercase();
    [&b"bearer"[..], b"basic", b"token", b"apikey", b"api-key", b"bot", b"key", b"ssws"]
        .contains(&word.as_slice())
        .then_some(space + 1)
}

/// `Bearer value` anywhere in a string, a command or a header.
pub(super) fn bearer(search: &mut Search<'_, '_>, at: usize) -> usize {
    let rest = search.text.get(at..).unwrap_or_default();
    let end = rest
        .iter()
        .take(4096)
        .position(|b| {
            !(b.is_ascii_alphanumeric()
                || matches!(b, b'_' | b'-' | b'.' | b'~' | b'+' | b'/' | b'=' | b'|' | b':'))
        })
        .unwrap_or(rest.len().min(4096));
    let value = at..at + end;
    let name = find_name(search.text, at);
    if end >= 16 && rest.get(..end).is_some_and(is_random) {
        let used = Use {
            sort: Sort::Token,
            name: b"AUTHORIZATION_TOKEN",
            quoted: true,
            fallback: false,
            by: By::Sign,
            near: b"",
            shown: false,
        };
        let judged = judge(rest.get(..end).unwrap_or_default(), &used, &search.file);
        search.keep(judged, name, value, "bearer-token");
    }
    at
}

/// `Authorization` before the scheme at `at`.
fn find_name(text: &[u8], at: usize) -> Option<Range<usize>> {
    let from = at.saturating_sub(40);
    let before = text.get(from..at)?.to_ascii_lowercase();
    let found = memchr::memmem::rfind(&before, b"authorization")?;
    Some(from + found..from + found + 13)
}

/// The value of `Authorization: Basic`, and of `_auth`.
pub(super) fn basic(search: &mut Search<'_, '_>, name: Range<usize>, value: Range<usize>) {
    let Some(bytes) = search.text.get(value.clone()) else { return };
    let judged = match login_of(bytes) {
        _ if matches!(search.file.place, Place::Test | Place::Foreign | Place::Translation) => return,
        Some((_, password)) if !is_own(&password, search) => {
            Judged::Placeholder("its password is an example", false)
        }
        Some((user, password)) if user == password && !search.file.syntax.login => {
            Judged::Placeholder("user and password are the same word", false)
        }
        Some(_) => Judged::Secret,
        None if is_random(bytes) && bytes.len() >= 20 => Judged::Secret,
        None => return,
    };
    search.keep(judged, Some(name), value, "http-basic-auth");
}

fn is_own(password: &[u8], search: &Search<'_, '_>) -> bool {
    use super::super::classify::words::{is_common, stands_for_a_value};
    let shown = stands_for_a_value(password) || is_common(password) && search.file.place != Place::Product;
    search.file.syntax.login || !shown && !password.is_empty()
}

/// Whether `value` is base64 of `user:password`.
pub(super) fn is_user_and_password(value: &[u8]) -> bool {
    value.len() >= 8 && login_of(value).is_some()
}

fn login_of(value: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let decoded = decode(value)?;
    let colon = decoded.iter().position(|b| *b == b':')?;
    let printable = decoded.iter().all(|b| (0x20..0x7f).contains(b));
    let (user, password) = (decoded.get(..colon)?, decoded.get(colon + 1..)?);
    (printable && !user.is_empty() && password.len() >= 3).then(|| (user.to_vec(), password.to_vec()))
}

/// Base64 of either alphabet, with or without padding.
fn decode(value: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(value.len());
    let (mut bits, mut count) = (0u32, 0);
    for byte in value.iter().take(1024).take_while(|b| **b != b'=') {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 0xff).unwrap_or_default());
        }
    }
    Some(out)
}

/// `curl -u user:password`, `--user user:password`.
pub(super) fn user(search: &mut Search<'_, '_>, at: usize) -> usize {
    let text = search.text;
    let start = at;
    // `-u` alone is an option, and no part of a word.
    let option = text.get(..at).unwrap_or_default();
    let option = option
        .strip_suffix(b"-u ")
        .or_else(|| option.strip_suffix(b"--user "))
        .or_else(|| option.strip_suffix(b"-user "));
    if !option.is_some_and(|before| {
        before.last().is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\''))
    }) {
        return at;
    }
    let rest = text.get(start..text.len().min(start + 300)).unwrap_or_default();
    let quotes = rest.iter().take_while(|b| matches!(b, b'"' | b'\'' | b'\\')).count();
    let rest = rest.get(quotes..).unwrap_or_default();
    let end = rest
        .iter()
        .position(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'\\' | b'`'))
        .unwrap_or(rest.len());
    let login = rest.get(..end).unwrap_or_default();
    let Some(colon) = login.iter().position(|b| *b == b':') else {
        // `-u user -p password`.
        return password_option(search, start + quotes + end);
    };
    let value = start + quotes + colon + 1..start + quotes + end;
    let used = Use::beside_user(b"PASSWORD", By::Space);
    // `-u user:group`, `-u 1000:1000`.
    let odd = login.get(..colon).is_some_and(|user| user.iter().all(u8::is_ascii_digit)) && colon > 0
        || text.get(value.clone()).is_some_and(|v| v.len() < 6);
    if !odd {
        let bytes = text.get(value.clone()).unwrap_or_default();
        let key = login.get(..colon).unwrap_or_default();
        if bytes.is_empty() && is_random(key) {
            return at;
        }
        let judged = judge(bytes, &used, &search.file);
        search.keep(judged, None, value, "http-basic-auth");
    }
    at
}

/// `-p password` after `-u user`.
fn password_option(search: &mut Search<'_, '_>, at: usize) -> usize {
    let rest = search.text.get(at..search.text.len().min(at + 60)).unwrap_or_default();
    let Some(start) =
        [&b" -p "[..], b" -p"].iter().find_map(|option| rest.starts_with(option).then(|| at + option.len()))
    else {
        return at;
    };
    let bare = Syntax { bare: true, ..Syntax::default() };
    let Some(found) = literal(search.text, start, bare) else { return at };
    let used = Use { quoted: found.quoted, ..Use::beside_user(b"PASSWORD", By::Space) };
    let bytes = search.text.get(found.value.clone()).unwrap_or_default();
    let judged = judge(bytes, &used, &search.file);
    search.keep(judged, None, found.value, "generic-password");
    at
}

/// The password among the arguments of a call that logs in: the last of two or more literals, or the one at `place`.
pub(super) fn login(search: &mut Search<'_, '_>, at: usize, place: Option<usize>) -> usize {
    let Some(begin) = opening(search.text, at) else { return at };
    let arguments = arguments(search.text, begin);
    let password = match place {
        // `dataSource.getConnection("user", "password")`.
        Some(2)
            if arguments.len() == 2
                && search.text.get(..at).is_some_and(|t| t.ends_with(b"etConnection(")) =>
        {
            arguments.get(1).cloned().flatten()
        }
        Some(place) => arguments.get(place).cloned().flatten(),
        None => match arguments.as_slice() {
            [.., Some(user), Some(password)] if !user.is_empty() => Some(password.clone()),
            [None, Some(password)] if is_of_mail(search.text, at) => Some(password.clone()),
            _ => None,
        },
    };
    let Some(password) = password else { return at };
    let used = Use::beside_user(b"password", By::Call);
    let judged = judge(search.text.get(password.clone()).unwrap_or_default(), &used, &search.file);
    search.keep(judged, None, password, "generic-password");
    at
}

/// `smtp.login(`, `server.login(`.
fn is_of_mail(text: &[u8], at: usize) -> bool {
    let before = text.get(at.saturating_sub(16)..at).unwrap_or_default().to_ascii_lowercase();
    [&b"smtp.login("[..], b"server.login(", b"mail.login(", b"mailer.login("]
        .iter()
        .any(|call| before.ends_with(call))
}

/// The secret that is handed to a vault as the first argument: `vault.create_secret('value', 'name')`.
pub(super) fn vaulted(search: &mut Search<'_, '_>, at: usize) -> usize {
    let arguments = arguments(search.text, at);
    let [Some(value), ..] = arguments.as_slice() else { return at };
    let used = Use {
        sort: Sort::Signing,
        name: b"SECRET",
        quoted: true,
        fallback: false,
        by: By::Call,
        near: b"",
        shown: false,
    };
    let judged = judge(search.text.get(value.clone()).unwrap_or_default(), &used, &search.file);
    search.keep(judged, None, value.clone(), "generic-token");
    at
}

/// Past the bracket that opens a call whose name ends at `at`, or before it.
fn opening(text: &[u8], at: usize) -> Option<usize> {
    let begin = if text.get(at.checked_sub(1)?) == Some(&b'(') {
        at
    } else {
        let rest = text.get(at..text.len().min(at + 16))?;
        let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        (rest.get(name) == Some(&b'(')).then_some(at + name + 1)?
    };
    // `"login(",` of a list of words: the quote ends a string.
    let is_word = matches!(
        text.get(begin..)?,
        [b'"' | b'\'' | b'`', b',' | b')' | b']' | b'}' | b';' | b'\n' | b'\r', ..]
    );
    (!is_word).then_some(begin)
}

/// The second argument of what signs or verifies: `jwt.sign(payload, "secret")`.
pub(super) fn signed(search: &mut Search<'_, '_>, at: usize) -> usize {
    let Some(begin) = opening(search.text, at) else { return at };
    let arguments = arguments(search.text, begin);
    let before = search.text.get(at.saturating_sub(40)..at).unwrap_or_default();
    let value = match arguments.as_slice() {
        [_, Some(secret), ..] => secret.clone(),
        // `new SignJWT(claims).sign(secret)`.
        [Some(secret)] if super::shape::contains(before, b"JWT(") => secret.clone(),
        _ => return at,
    };
    if ![&b"jwt"[..], b"JWT", b"Jwt", b"jsonwebtoken", b"jose", b"oken.sign("]
        .iter()
        .any(|word| super::shape::contains(before, word))
    {
        return at;
    }
    let used = Use {
        sort: Sort::Signing,
        name: b"SECRET",
        quoted: true,
        fallback: true,
        by: By::Call,
        near: b"",
        shown: search.is_shown(&(at..at)),
    };
    let judged = judge(search.text.get(value.clone()).unwrap_or_default(), &used, &search.file);
    search.keep(judged, None, value, "signing-secret");
    at
}
