//! Values that tools for infrastructure keep apart from the name that tells them.

use std::ops::Range;

use super::Search;
use super::assigned::By;
use super::judge::{Use, judge};
use super::literal::{literal, skip_blank};
use super::names::Sort;
use super::shape::{is_random, shape};
use super::syntax::Syntax;

/// Keeps the value of the first of `keys` that is set between `at` and `end`, to a string.
fn keep_first(search: &mut Search<'_, '_>, at: usize, end: usize, keys: &[&[u8]], sort: Sort) {
    let text = search.text;
    let part = text.get(at..end.min(text.len())).unwrap_or_default();
    for key in keys {
        for found in memchr::memmem::find_iter(part, key).take(8) {
            let begins = found
                .checked_sub(1)
                .and_then(|i| part.get(i))
                .is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'_');
            let mut next = at + found + key.len();
            next += usize::from(matches!(text.get(next), Some(b'"' | b'\'')));
            let next = skip_blank(text, next);
            if !begins || !matches!(text.get(next), Some(b'=' | b':')) {
                continue;
            }
            let Some(found) = literal(text, skip_blank(text, next + 1), Syntax::default()) else { continue };
            let bytes = text.get(found.value.clone()).unwrap_or_default();
            // What nothing but its place tells has to look like a secret.
            if !found.quoted || bytes.len() < 8 || !is_random(bytes) && shape(bytes).kinds() < 4 {
                continue;
            }
            let sort = if is_random(bytes) { sort } else { Sort::Password };
            let used = Use {
                sort,
                name: b"SECRET_VALUE",
                quoted: true,
                fallback: false,
                by: By::Sign,
                near: b"user:",
                shown: false,
            };
            let judged = judge(bytes, &used, &search.file);
            let format = if sort == Sort::Password { "generic-password" } else { "generic-token" };
            search.keep_as(judged, found.value, format);
            return;
        }
    }
}

/// `type = "SecureString"` beside `value = "…"`: a parameter that AWS keeps encrypted, written down in the clear. `at`: the
/// quote behind the word.
pub(super) fn secure_parameter(search: &mut Search<'_, '_>, at: usize) -> usize {
    let text = search.text;
    let from = at.saturating_sub(400);
    let before = text.get(from..at).unwrap_or_default();
    let start = before.iter().rposition(|b| matches!(b, b'{' | b'}')).map_or(from, |open| from + open + 1);
    let rest = text.get(at..text.len().min(at + 500)).unwrap_or_default();
    let end = at + rest.iter().position(|b| matches!(b, b'{' | b'}')).unwrap_or(rest.len());
    keep_first(search, start, end, &[b"value"], Sort::Token);
    at
}

/// What a state of Terraform says of a password that it drew: `"type": "random_password"` and, further down, `"result"`.
pub(super) fn drawn_password(search: &mut Search<'_, '_>, at: usize) -> bool {
    if search.text.get(at) != Some(&b'"') {
        return false;
    }
    let rest = search.text.get(at..search.text.len().min(at + 2000)).unwrap_or_default();
    let end = memchr::memmem::find(rest, b"\"mode\"").unwrap_or(rest.len());
    keep_first(search, at, at + end, &[b"result"], Sort::Password);
    true
}

/// `resource "azurerm_key_vault_secret" "name" { value = "…" }`: a resource that is a secret.
pub(super) fn secret_resource(search: &mut Search<'_, '_>, name: &Range<usize>) -> bool {
    let text = search.text;
    if text.get(name.start.saturating_sub(10)..name.start) != Some(b"resource \"") {
        return false;
    }
    let rest = text.get(name.end..text.len().min(name.end + 900)).unwrap_or_default();
    let end = memchr::memmem::find(rest, b"\n}").unwrap_or(rest.len());
    keep_first(
        search,
        name.end,
        name.end + end,
        &[b"value", b"plaintext_value", b"secret_data", b"secret_string"],
        Sort::Token,
    );
    false
}
