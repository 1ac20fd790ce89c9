//! From keywords to matches: the pattern of a format is asked around each keyword, never over a whole text.

use std::ops::Range;

use super::compiled::{Compiled, Formats};
use super::escapes::plain;
use super::keywords::Hit;
use super::runs::{has_run, is_token};

/// How much work a text is worth, counted in bytes that patterns look at, so that no text can be made to cost more.
#[derive(Debug)]
pub(in crate::secrets) struct Budget(usize);

impl Budget {
    /// For a text of this length.
    pub fn of(length: usize) -> Budget {
        Budget(length.saturating_mul(8).saturating_add(4 << 20))
    }

    /// Takes from it; false once it is used up.
    pub fn take(&mut self, bytes: usize) -> bool {
        self.0 = self.0.saturating_sub(bytes.saturating_add(64));
        self.0 > 0
    }
}

/// What a pattern has matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::secrets) struct Match {
    /// Its format, an index into `Formats::all`.
    pub format: usize,
    /// Where the value stands in the text.
    pub at: Range<usize>,
    /// The value, where it has escapes in the text.
    pub decoded: Option<Vec<u8>>,
}

/// Tokens that reach beyond what a pattern needs to see are shown to it so much further.
const TOKEN: usize = 1_024;

/// Asks the patterns of `hits` and adds what they match.
pub(in crate::secrets) fn matches(
    formats: &Formats,
    text: &[u8],
    mut hits: Vec<Hit>,
    budget: &mut Budget,
    found: &mut Vec<Match>,
) {
    hits.sort_unstable();
    hits.dedup();
    for same in hits.chunk_by(|a, b| a.format == b.format) {
        let Some((index, compiled)) =
            same.first().and_then(|hit| Some((hit.format, formats.all.get(hit.format)?)))
        else {
            continue;
        };
        // Keywords that are close to each other share a region, so that no byte is looked at twice.
        let mut regions =
            same.iter().map(|hit| hit.at.saturating_sub(compiled.back)..hit.at + compiled.forward).peekable();
        while let Some(mut region) = regions.next() {
            while let Some(next) = regions.next_if(|next| next.start <= region.end) {
                region.end = next.end;
            }
            let region = whole_tokens(text, region);
            if !budget.take(region.len()) {
                return;
            }
            if in_region(compiled, index, text, &region, found) {
                continue;
            }
            if budget.take(region.len()) {
                in_plain(compiled, index, text, &region, found);
            }
        }
    }
}

/// Asks the pattern in a region of the text. Whether it has matched.
pub(super) fn in_region(
    compiled: &Compiled,
    index: usize,
    text: &[u8],
    region: &Range<usize>,
    found: &mut Vec<Match>,
) -> bool {
    let before = found.len();
    each(compiled, text.get(..region.end).unwrap_or_default(), region.start, |at| {
        found.push(Match { format: index, at, decoded: None });
    });
    found.len() > before
}

/// Asks the pattern in a copy of a region that has no escapes.
fn in_plain(compiled: &Compiled, index: usize, text: &[u8], region: &Range<usize>, found: &mut Vec<Match>) {
    let Some(plain) = text.get(region.clone()).and_then(plain) else { return };
    each(compiled, &plain.bytes, 0, |value| {
        let place = |at: usize| plain.at.get(at).map(|at| region.start + at);
        let last = value.end.checked_sub(1).and_then(place);
        let (Some(start), Some(last), Some(next)) = (place(value.start), last, place(value.end)) else {
            return;
        };
        // What stands between the last byte and the next may be an end of a string: not a part of the value.
        let escaped = text.get(last).is_some_and(|byte| *byte == b'\\' || *byte == b'%' || *byte == b'&');
        let at = start..if escaped { next } else { last + 1 };
        let value = plain.bytes.get(value).unwrap_or_default();
        let same = text.get(at.clone()) == Some(value);
        found.push(Match { format: index, at, decoded: (!same).then(|| value.to_vec()) });
    });
}

fn each(compiled: &Compiled, text: &[u8], mut from: usize, mut add: impl FnMut(Range<usize>)) {
    // Most keywords stand in text that has no value near. To find that out is cheaper than to compile a pattern.
    if !text.get(from..).is_some_and(|rest| has_run(rest, compiled.run)) {
        return;
    }
    let Some(regex) = compiled.regex() else { return };
    let named = compiled.format.regex.contains("(?<value>") || compiled.format.regex.contains("(?P<value>");
    while from <= text.len() {
        let Some(whole) = regex.find_at(text, from) else { return };
        let mut value = whole.range();
        if named
            && let Some(group) =
                regex.captures_at(text, whole.start()).and_then(|captures| captures.name("value"))
        {
            value = group.range();
        }
        if !value.is_empty() {
            add(value);
        }
        from = whole.end().max(whole.start() + 1);
    }
}

/// The region with the tokens that it would cut in two.
fn whole_tokens(text: &[u8], region: Range<usize>) -> Range<usize> {
    let Range { start, end } = region.start.min(text.len())..region.end.min(text.len());
    let before = text.get(..start).unwrap_or_default().iter().rev().take(TOKEN);
    let after = text.get(end..).unwrap_or_default().iter().take(TOKEN);
    let back = before.take_while(|byte| is_token(**byte)).count();
    let forward = after.take_while(|byte| is_token(**byte)).count();
    start - back..end + forward
}
