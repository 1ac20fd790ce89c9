//! Values that have the format of a provider: theirs, or one that somebody made up to look like theirs.

use super::super::around::Around;
use super::super::formats::Format;
use super::super::generic::shape::{contains, is_made_up, is_random};
use super::super::model::Audience;
use super::Verdict;
use super::place::{Place, place};
use super::reference::is_reference;
use super::words::stands_for_a_value;

/// Values of providers' own documentation. In parts, so that no scanner takes this file for a leak.
const DOCUMENTED: &[(&str, &str)] = &[
    ("AKIAIOSFODNN7", "EXAMPLE"),
    ("wJalrXUtnFEMI/K7MDENG/bPxRfiCY", "EXAMPLEKEY"),
    ("sk_test_", "4eC39HqLyjWDarjtT1zdp7dc"),
    ("sk_test_", "BQokikJOvBiI2HlWgH4olfQ2"),
    ("pk_test_", "TYooMQauvdEDq54NiTphI7jx"),
    ("AC", "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"),
];

pub(super) fn verdict(
    format: &Format,
    value: &[u8],
    text: &[u8],
    around: &Around<'_>,
    path: &str,
) -> Verdict {
    let line = text.get(around.line.clone()).unwrap_or_default();
    if format.audience != Audience::Secret {
        return Verdict { audience: format.audience, because: String::new(), weak: false };
    }
    let documented =
        DOCUMENTED.iter().any(|(start, end)| value.strip_prefix(start.as_bytes()) == Some(end.as_bytes()));
    if documented {
        return Verdict::placeholder("it is the example of the provider's documentation", false);
    }
    if is_reference(value) {
        return Verdict::placeholder("it only names where the value comes from", false);
    }
    // What follows the prefix that all values of the format share.
    let own = own_part(value);
    if stands_for_a_value(own) || is_made_up(own) {
        return Verdict::placeholder("it stands for a value", false);
    }
    if contains(value, b"EXAMPLE") || contains(value, b"example") {
        return Verdict::placeholder("it says that it is an example", false);
    }
    let random = is_random(value) || value.len() < 12;
    match place(path) {
        Place::Test if !random => Verdict::placeholder("a test made it up", false),
        Place::Sample | Place::Docs if !random => Verdict::placeholder("an example made it up", false),
        _ if !random && (contains(line, b"example") || contains(line, b"e.g.")) => {
            Verdict::placeholder("its line says that it is an example", false)
        }
        _ => Verdict::secret(),
    }
}

/// Without the prefix: `sk_live_…`, `xoxb-…`.
fn own_part(value: &[u8]) -> &[u8] {
    let start = value.iter().take(16).rposition(|b| matches!(b, b'_' | b'-' | b'.')).map_or(0, |at| at + 1);
    let own = value.get(start..).unwrap_or_default();
    if own.len() >= 8 { own } else { value }
}
