//! Finding: from a text to the values in it.
//!
//! Candidates come from formats ([`search`]), from what is encoded in the text ([`encodings`]), and from names and places
//! (`generic`). Of those that overlap, the most specific stays; it is judged, and described without its value.

use std::borrow::Cow;
use std::ops::Range;

use super::candidate::Candidate;
use super::checks;
use super::describe::describe;
use super::encodings::{self, Depth};
use super::formats::Format;
use super::generic;
use super::inline::{Aside, asides, within};
use super::model::{Class, Found, Searched};
use super::numbers::Numbers;
use super::overlaps::settle;
use super::search::{
    Budget, Hit, Match, Nearby, RUN, compiled, is_near, is_restless, is_value, matches, runs, stretch,
};
use super::windows::widened;

/// No text has more values that count.
const MOST: usize = 1_000;

/// Random letters without a digit among them are longer than this.
const LETTERS: usize = 32;

/// Every value in `text` that has the format of a secret, of whatever audience, in the order of the text.
pub fn find(text: &Searched<'_>) -> Vec<Found> {
    find_all(text).0
}

/// The same, and whether there would be anything if no part of the text was a test: then the next version, in which it may
/// be none any more, must be looked at whole.
pub(super) fn find_all(text: &Searched<'_>) -> (Vec<Found>, bool) {
    let Some(wide) = encodings::utf16(text.bytes) else { return find_narrow(text) };
    // Such files are rare and small: windows of them are not worth their translation.
    let (mut found, any) = find_narrow(&Searched { bytes: &wide.text, windows: None, ..*text });
    let places = wide.places(found.iter().flat_map(|found| [found.at.start, found.at.end]));
    for Range { start, end } in found.iter_mut().map(|found| &mut found.at) {
        *start = places.get(start).copied().unwrap_or(*start);
        *end = places.get(end).copied().unwrap_or(*end);
    }
    (found, any)
}

fn find_narrow(text: &Searched<'_>) -> (Vec<Found>, bool) {
    let mut found = judged(text, text.path);
    if found.is_empty() {
        return (found, false);
    }
    move_aside(text, &mut found);
    let mut numbers = Numbers::default();
    found.iter_mut().for_each(|found| found.fingerprint = numbers.fingerprint(found));
    (found, true)
}

/// Judges again what stands in a test or in documentation.
fn move_aside(text: &Searched<'_>, found: &mut Vec<Found>) {
    let parts = asides(text.bytes, text.path);
    let aside = |found: &Found| within(&parts, found.at.start);
    for kind in [Aside::Test, Aside::Docs] {
        if !found.iter().any(|found| aside(found) == Some(kind)) {
            continue;
        }
        found.retain(|found| aside(found) != Some(kind));
        let there = judged(text, &format!("{}{}", kind.folder(), text.path));
        let there = there.into_iter().filter(|found| aside(found) == Some(kind));
        found.extend(there.map(|found| Found { aside: true, ..found }));
    }
    found.sort_by_key(|found| (found.at.start, found.at.end));
}

/// What is found when the file is judged as one that has the path `judged_as`.
fn judged(text: &Searched<'_>, judged_as: &str) -> Vec<Found> {
    let windows = widened(text.bytes, text.windows);
    let class = if is_binary(text.bytes) { Class::Distinctive } else { text.class };
    let seen = Searched { path: judged_as, class, windows: Some(&windows), ..*text };
    let mut budget = Budget::of(text.bytes.len());
    let mut found = candidates(&seen, Depth::OUTERMOST, &mut budget);
    if class == Class::Whole {
        generic::find(&seen, &mut found);
    }
    if let Some(keystore) = encodings::keystore(text) {
        found.push(keystore);
    }
    let mut settled = settle(found);
    settled.truncate(MOST);
    describe(&seen, &settled, text.path)
}

/// What formats match in a text, and in what is encoded in it.
pub(super) fn candidates(text: &Searched<'_>, depth: Depth, budget: &mut Budget) -> Vec<Candidate> {
    let formats = compiled();
    let whole = [0..text.bytes.len()];
    let windows = text.windows.unwrap_or(&whole);
    let mut hits = Vec::new();
    let mut found = Vec::new();
    let mut encoded = Vec::new();
    let mut nearby = Nearby::default();
    for window in windows {
        let mut seen = window.start;
        // Where keywords are looked for: around runs, and in addresses.
        let mut area = Area { from: window.start, to: window.start };
        let mut look = |place: Range<usize>, hits: &mut Vec<Hit>| {
            if let Some(area) = area.extend(place) {
                formats.anchored.find(text.bytes, area, hits);
            }
        };
        runs(text.bytes, window.clone(), |run| {
            let token = text.bytes.get(run.clone()).unwrap_or_default();
            let restless = is_restless(token);
            let is_prefixed = formats.anchored.may_start(token);
            let is_told = text.class == Class::Whole;
            let may_be_value = is_told && (restless || is_value(text.bytes, &run) && could_be_random(token));
            if !may_be_value && !restless && !is_prefixed {
                return;
            }
            let place = stretch(text.bytes, &run);
            if restless || is_prefixed {
                look(place.clone(), &mut hits);
            }
            if may_be_value {
                nearby.matches(formats, text.bytes, &run, place.clone(), budget, &mut found);
            }
            if restless && depth.may_go_deeper() && run.start >= seen {
                let place = encodings::base64_at(text.bytes, &run);
                seen = place.as_ref().map_or(run.end, |place| place.end);
                encoded.extend(place);
            }
        });
        if let Some(area) = area.rest() {
            formats.anchored.find(text.bytes, area, &mut hits);
        }
        addresses(text.bytes, window, |place| formats.anchored.find(text.bytes, place, &mut hits));
        formats.loose.find(text.bytes, window.clone(), &mut hits);
    }
    if text.class == Class::Distinctive {
        hits.retain(|hit| formats.all.get(hit.format).is_some_and(|compiled| compiled.distinctive));
    }
    matches(formats, text.bytes, hits, budget, &mut found);
    let mut found: Vec<Candidate> =
        found.into_iter().take(64 * MOST).filter_map(|found| candidate(found, text.bytes)).collect();
    for place in encoded {
        found.extend(encodings::inside(text, place, depth, budget));
    }
    if text.class == Class::Whole {
        found.extend(encodings::named(text, windows, depth, budget));
    }
    found
}

/// Whether a token that stands where values stand is not plainly a name: it has digits, or is long and of one piece.
fn could_be_random(token: &[u8]) -> bool {
    token.iter().any(u8::is_ascii_digit) || token.len() > LETTERS && token.iter().all(u8::is_ascii_alphabetic)
}

/// A part of the text that grows to the right.
struct Area {
    from: usize,
    to: usize,
}

impl Area {
    /// Adds a place. What lay before it, if it is apart.
    fn extend(&mut self, place: Range<usize>) -> Option<Range<usize>> {
        if place.start <= self.to {
            self.to = self.to.max(place.end);
            return None;
        }
        let before = self.rest();
        (self.from, self.to) = (place.start.max(self.to), place.end);
        before
    }

    fn rest(&self) -> Option<Range<usize>> {
        (self.from < self.to).then_some(self.from..self.to)
    }
}

/// Calls `visit` with every address that may have a user and a password in it.
fn addresses(text: &[u8], window: &Range<usize>, mut visit: impl FnMut(Range<usize>)) {
    let part = text.get(window.clone()).unwrap_or_default();
    let mut free = window.start;
    for at in memchr::memmem::find_iter(part, b"://") {
        let at = window.start + at;
        if at < free {
            continue;
        }
        let place = stretch(text, &(at..at + 3));
        let after = text.get(at + 3..place.end).unwrap_or_default();
        if memchr::memchr(b'@', after).is_some() {
            visit(place.start.max(free)..place.end);
        }
        free = place.end;
    }
}

/// What a pattern has matched, if it has what else its format asks for.
fn candidate(found: Match, text: &[u8]) -> Option<Candidate> {
    let format: &'static Format = compiled().all.get(found.format)?.format;
    let mut candidate = Candidate::new(format, found.at);
    candidate.decoded = found.decoded;
    let value: Cow<'_, [u8]> = candidate.value(text);
    let is_random_enough = format.entropy <= 0.0 || entropy(&value) >= format.entropy;
    let needs_words = !format.keywords.is_empty() && !format.near.is_empty();
    if !is_random_enough || needs_words && !is_near(format, text, candidate.at.start) {
        return None;
    }
    checks::passes(&mut candidate, text).then_some(candidate)
}

/// Bits for each byte.
pub(super) fn entropy(value: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    for byte in value {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let length = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    let shares = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / length);
    shares.map(|share| -share * share.log2()).sum()
}

/// Whether no person reads it: images, archives, databases. Formats that can be nothing else are found in them all the same.
fn is_binary(bytes: &[u8]) -> bool {
    memchr::memchr(0, bytes.get(..bytes.len().min(8_000)).unwrap_or_default()).is_some()
}

const _: () = assert!(RUN >= 16, "the tests of formats count on it");

#[cfg(test)]
mod tests;
