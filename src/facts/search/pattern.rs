//! `pattern` bodies: a regular expression, and how random what it captures must be.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};

use super::{Hit, Hits, MOST_MATCHES, Range2};
use crate::facts::kinds::Syntax;

/// A compiled expression may take this much memory.
const SIZE_LIMIT: usize = 4 << 20;

/// The text is searched in windows of this length, so that an expression that looks far ahead and finds nothing costs
/// no more for each of its tries.
const WINDOW: usize = 64 << 10;

/// How far a match may reach beyond its window: every match up to this length is found.
const AHEAD: usize = 8 << 10;

/// So many matches are weighed before those that are not random enough make the search end.
const MOST_TRIES: usize = 20 * MOST_MATCHES;

/// A regular expression over text.
#[derive(Debug, Clone)]
pub struct Pattern {
    regex: Regex,
    /// The group that is shown and weighed; 0 for the whole match.
    group: usize,
    /// Bits for each character.
    entropy: Option<f64>,
    names: Vec<String>,
    groups: Vec<usize>,
}

impl Pattern {
    /// The pattern that shows all of a match. `^` and `$` are the ends of lines.
    ///
    /// # Errors
    /// Why the expression can't be compiled.
    pub fn new(regex: &str) -> Result<Pattern, regex::Error> {
        let regex = RegexBuilder::new(regex).multi_line(true).crlf(true).size_limit(SIZE_LIMIT).build()?;
        let named: BTreeMap<String, usize> = regex
            .capture_names()
            .enumerate()
            .filter_map(|(group, name)| Some((name?.to_owned(), group)))
            .filter(|(name, _)| !name.starts_with('_'))
            .collect();
        let (names, groups) = named.into_iter().unzip();
        Ok(Pattern { regex, group: 0, entropy: None, names, groups })
    }

    /// The same, showing the group `capture` (`""`: the whole match) if it holds at least `entropy` bits for each
    /// character.
    #[must_use]
    pub fn showing(self, capture: &str, entropy: Option<f64>) -> Pattern {
        let group = self.regex.capture_names().position(|name| name == Some(capture)).unwrap_or(0);
        Pattern { group, entropy, ..self }
    }

    /// The named groups, sorted; those that begin with `_` are left out.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn find(&self, text: &str, syntax: Syntax) -> Hits {
        let mut found = Hits::default();
        let mut tries = 0;
        let mut at = 0;
        let mut window = 0;
        while window < text.len() {
            let end = text.floor_char_boundary(window + WINDOW);
            let limit = text.floor_char_boundary(end + AHEAD);
            let Some(part) = text.get(..limit) else { break };
            while at < end {
                let Some(captures) = self.regex.captures_at(part, at) else { break };
                let Some(whole) = captures.get(0).filter(|whole| whole.start() < end) else { break };
                tries += 1;
                if tries > MOST_TRIES || found.hits.len() > MOST_MATCHES {
                    found.cut = Some("the pattern matches too often in it");
                    return found;
                }
                // No pattern matches the empty string, but a look-around may.
                at = whole.end().max(text.ceil_char_boundary(whole.start() + 1));
                let range = |group: usize| captures.get(group).map(|part| (part.start(), part.end()));
                let Some(shown) = range(self.group) else { continue };
                let weighed = text.get(shown.0..shown.1).unwrap_or_default();
                if self.entropy.is_some_and(|least| entropy(weighed) < least) {
                    continue;
                }
                let captures: Vec<Option<Range2>> = self.groups.iter().map(|group| range(*group)).collect();
                found.hits.push(Hit { shown, whole: (whole.start(), whole.end()), captures, syntax });
            }
            window = end;
            at = at.max(end);
        }
        found
    }
}

/// Shannon's entropy of the characters, in bits for each: 0 for `aaaa`, 2 for `abcd`, about 4.5 and more for random keys.
pub(super) fn entropy(text: &str) -> f64 {
    let mut counts: BTreeMap<char, f64> = BTreeMap::new();
    let mut all = 0.0;
    for c in text.chars() {
        *counts.entry(c).or_default() += 1.0;
        all += 1.0;
    }
    counts.values().map(|count| count / all).map(|share| -share * share.log2()).sum::<f64>().max(0.0)
}
