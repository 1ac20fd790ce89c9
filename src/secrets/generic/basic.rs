//! A user and a password that code encodes itself: `btoa("user:password")`, `Buffer.from("…").toString("base64")`.

use std::ops::Range;

use super::Search;
use super::assigned::By;
use super::judge::{Judged, Use, judge};
use super::literal::literal;
use super::shape::{contains, is_random, shape};
use super::syntax::Syntax;

/// So far around the word for the encoding its text stands.
const AROUND: usize = 120;

/// Looks around the word for an encoding that stands from `start` to `at`.
pub(super) fn encoded(search: &mut Search<'_, '_>, start: usize, at: usize) -> usize {
    let text = search.text;
    // `data:image/png;base64,…`.
    if matches!(text.get(at), Some(b',' | b'/')) {
        return at;
    }
    let from = start.saturating_sub(AROUND);
    let before = text.get(from..start).unwrap_or_default();
    let mut from = from + memchr::memrchr(b';', before).map_or(0, |end| end + 1);
    let after = text.get(at..text.len().min(at + AROUND)).unwrap_or_default();
    let to = at + memchr::memchr(b';', after).unwrap_or(after.len());
    // Nothing reaches far beyond: hostile text is full of quotes.
    let text = text.get(..text.len().min(to + 200)).unwrap_or_default();
    let mut tries = 0;
    while from < to && tries < 12 {
        tries += 1;
        let Some(open) = text
            .get(from..to)
            .and_then(|part| part.iter().position(|b| matches!(b, b'"' | b'\'' | b'`' | b' ')))
        else {
            break;
        };
        let open = from + open;
        from = open + 1;
        // `echo -n user:password | base64`.
        let bare = text.get(open) == Some(&b' ')
            && text.get(open.saturating_sub(2)..open).is_some_and(|flag| flag == b"-n");
        let syntax = Syntax { bare, ..Syntax::default() };
        let Some(found) = literal(text, if bare { open + 1 } else { open }, syntax) else { continue };
        if (bare || found.quoted)
            && found.value.len() <= 200
            && found.value.start <= to
            && login(search, &found.value)
        {
            return at.max(found.value.end);
        }
    }
    at
}

/// Keeps the password of `user:password`, if `value` is that; answers whether it is.
fn login(search: &mut Search<'_, '_>, value: &Range<usize>) -> bool {
    let text = search.text;
    let Some(bytes) = text.get(value.clone()) else { return false };
    let Some(colon) = memchr::memchr(b':', bytes) else { return false };
    let (user, password) =
        (bytes.get(..colon).unwrap_or_default(), bytes.get(colon + 1..).unwrap_or_default());
    let named = !user.is_empty()
        && user.len() <= 64
        && user.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'@' | b'+'))
        && !user.iter().all(u8::is_ascii_digit);
    if !named || password.starts_with(b"//") || password.iter().any(u8::is_ascii_whitespace) {
        return false;
    }
    let near = search.near(value).to_ascii_lowercase();
    let said = [&b"basic"[..], b"auth", b"login", b"credential"].iter().any(|word| contains(&near, word));
    if password.is_empty() {
        // `api-key:`, as many providers want it.
        if said && is_random(user) && user.len() >= 16 {
            search.keep_as(Judged::Secret, value.start..value.start + colon, "http-basic-auth");
        }
        return true;
    }
    let shape = shape(password);
    let known = [&b"admin"[..], b"root", b"api", b"user", b"elastic", b"guest", b"service"].contains(&user);
    // `cursor:Item12` is no login.
    let good = is_random(password) || shape.kinds() == 4 && shape.length >= 8;
    if !(said || known) || !good {
        return true;
    }
    let used = Use::beside_user(b"password", By::Call);
    let judged = judge(password, &used, &search.file);
    search.keep(judged, None, value.start + colon + 1..value.end, "http-basic-auth");
    true
}
