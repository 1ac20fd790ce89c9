//! `pattern` bodies: a regular expression, and how random what it captures must be.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Capture, Hir, HirKind};

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
    text: String,
    /// Compiled for the first file that is worth searching: most patterns find none.
    regex: OnceLock<Option<Regex>>,
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
        let compiled = compile(regex)?;
        let pattern = Pattern::of_tested(regex);
        let _ = pattern.regex.set(Some(compiled));
        Ok(pattern)
    }

    /// The same, of an expression that is known to compile.
    pub fn of_tested(regex: &str) -> Pattern {
        let shown = |(name, _): &(String, usize)| !name.starts_with('_');
        let named: BTreeMap<String, usize> = groups(regex).into_iter().filter(shown).collect();
        let (names, groups) = named.into_iter().unzip();
        Pattern { text: regex.to_owned(), regex: OnceLock::new(), group: 0, entropy: None, names, groups }
    }

    /// The same, showing the group `capture` (`""`: the whole match) if it holds at least `entropy` bits for each
    /// character.
    #[must_use]
    pub fn showing(self, capture: &str, entropy: Option<f64>) -> Pattern {
        let named = groups(&self.text).into_iter().find(|(name, _)| name == capture);
        let group = named.map_or(0, |(_, group)| group);
        Pattern { group, entropy, ..self }
    }

    /// The named groups, sorted; those that begin with `_` are left out.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn find(&self, text: &str, syntax: Syntax) -> Hits {
        let mut found = Hits::default();
        let Some(regex) = self.regex.get_or_init(|| compile(&self.text).ok()) else { return found };
        let mut tries = 0;
        let mut at = 0;
        let mut window = 0;
        while window < text.len() {
            let end = text.floor_char_boundary(window + WINDOW);
            let limit = text.floor_char_boundary(end + AHEAD);
            let Some(part) = text.get(..limit) else { break };
            while at < end {
                let Some(captures) = regex.captures_at(part, at) else { break };
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

fn compile(regex: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(regex).multi_line(true).crlf(true).size_limit(SIZE_LIMIT).build()
}

/// The named groups, with their numbers.
fn groups(regex: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut open: Vec<Hir> = regex_syntax::parse(regex).into_iter().collect();
    while let Some(hir) = open.pop() {
        match hir.into_kind() {
            HirKind::Capture(Capture { index, name, sub }) => {
                found.extend(name.map(|name| (name.into_string(), index as usize)));
                open.push(*sub);
            }
            HirKind::Repetition(repetition) => open.push(*repetition.sub),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => open.extend(parts),
            HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => {}
        }
    }
    found
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
