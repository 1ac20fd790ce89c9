//! Keywords of formats: where in a text they are.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::Span;
use aho_corasick::packed::{self, Searcher};

use super::prefixes::Prefixes;

/// A keyword at a place of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::secrets) struct Hit {
    /// Its format, an index into `Formats::all`.
    pub format: usize,
    /// Where it begins.
    pub at: usize,
}

/// A keyword of a format.
#[derive(Debug, Clone, Copy)]
pub(in crate::secrets) struct Keyword<'a> {
    pub text: &'a str,
    /// Whether it counts in small letters, in capitals and capitalised, too.
    pub ignore_case: bool,
    /// Its format, an index into `Formats::all`.
    pub format: usize,
}

/// No text has more hits that count: a hostile one could be made of nothing else.
const MOST: usize = 65_536;

/// Keywords, ready for searching.
#[derive(Debug)]
pub(in crate::secrets) struct Keywords {
    search: Search,
    /// The formats of each keyword, and how far behind its beginning theirs begins.
    formats: Vec<Vec<(usize, usize)>>,
}

#[derive(Debug)]
enum Search {
    /// Few of them, by vector instructions: for whole texts, in which there is next to none.
    Rare(Searcher),
    /// Any number, overlapping: for places where one is likely.
    Many(Prefixes),
}

impl Keywords {
    /// For looking through whole texts.
    pub fn rare(keywords: &[Keyword<'_>]) -> Keywords {
        let grouped = grouped(keywords);
        let config = packed::Config::new().match_kind(packed::MatchKind::LeftmostLongest).clone();
        match config.builder().extend(grouped.keys()).build() {
            Some(searcher) => Keywords { search: Search::Rare(searcher), formats: with_contained(&grouped) },
            None => Keywords::many(keywords),
        }
    }

    /// For looking where a keyword is likely.
    pub fn many(keywords: &[Keyword<'_>]) -> Keywords {
        let grouped = grouped(keywords);
        Keywords {
            search: Search::Many(Prefixes::new(grouped.keys().map(String::as_str))),
            formats: grouped
                .values()
                .map(|formats| formats.iter().map(|format| (*format, 0)).collect())
                .collect(),
        }
    }

    /// Whether a keyword may begin here. Never wrongly no.
    #[inline]
    pub fn may_start(&self, text: &[u8]) -> bool {
        match &self.search {
            Search::Rare(_) => true,
            Search::Many(prefixes) => prefixes.may_start(text),
        }
    }

    /// Adds every keyword in a part of the text.
    pub fn find(&self, text: &[u8], within: Range<usize>, hits: &mut Vec<Hit>) {
        let mut add = |keyword: usize, at: usize| {
            let formats = self.formats.get(keyword).map(Vec::as_slice).unwrap_or_default();
            hits.extend(formats.iter().map(|(format, behind)| Hit { format: *format, at: at + behind }));
            hits.len() < MOST
        };
        match &self.search {
            Search::Rare(searcher) => {
                let mut span = Span::from(within);
                while let Some(found) = searcher.find_in(text, span)
                    && add(found.pattern().as_usize(), found.start())
                {
                    span.start = found.end();
                }
            }
            Search::Many(prefixes) => prefixes.find(text, within, add),
        }
    }
}

/// The formats of each keyword.
fn grouped(keywords: &[Keyword<'_>]) -> BTreeMap<String, Vec<usize>> {
    let mut grouped: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for keyword in keywords {
        for case in cases(keyword) {
            let formats = grouped.entry(case).or_default();
            if !formats.contains(&keyword.format) {
                formats.push(keyword.format);
            }
        }
    }
    grouped
}

/// As written, and where case does not count in small letters, in capitals, and capitalised.
fn cases(keyword: &Keyword<'_>) -> Vec<String> {
    let written = keyword.text.to_owned();
    if !keyword.ignore_case {
        return vec![written];
    }
    let mut begins = true;
    let mut capitalised = String::new();
    for c in keyword.text.chars() {
        capitalised.push(if begins { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() });
        begins = !c.is_ascii_alphanumeric();
    }
    vec![written.to_ascii_lowercase(), written.to_ascii_uppercase(), capitalised, written]
}

/// A search that finds the longest of overlapping keywords has found those in it, too.
fn with_contained(grouped: &BTreeMap<String, Vec<usize>>) -> Vec<Vec<(usize, usize)>> {
    let contained = |keyword: &String| {
        grouped
            .iter()
            .filter_map(|(inner, formats)| Some((keyword.find(inner.as_str())?, formats)))
            .flat_map(|(behind, formats)| formats.iter().map(move |format| (*format, behind)))
            .collect()
    };
    grouped.keys().map(contained).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyword(text: &str, format: usize) -> Keyword<'_> {
        Keyword { text, ignore_case: false, format }
    }

    fn found(keywords: &Keywords, text: &str) -> Vec<(usize, usize)> {
        let mut hits = Vec::new();
        keywords.find(text.as_bytes(), 0..text.len(), &mut hits);
        hits.sort();
        hits.into_iter().map(|hit| (hit.format, hit.at)).collect()
    }

    #[test]
    fn overlapping_keywords_are_all_found() {
        let keywords = [keyword("sk-", 0), keyword("sk-ant-", 1), keyword("ant", 2)];
        for keywords in [Keywords::many(&keywords), Keywords::rare(&keywords)] {
            assert_eq!(found(&keywords, "a sk-ant- sk-"), [(0, 2), (0, 10), (1, 2), (2, 5)]);
        }
    }

    #[test]
    fn case_counts_unless_it_does_not() {
        let keywords = [Keyword { text: "seed_phrase", ignore_case: true, format: 0 }, keyword("AKIA", 1)];
        let keywords = Keywords::rare(&keywords);
        assert_eq!(found(&keywords, "seed_phrase SEED_PHRASE Seed_Phrase akia"), [(0, 0), (0, 12), (0, 24)]);
    }

    #[test]
    fn what_a_keyword_starts_with_is_known() {
        let keywords = Keywords::many(&[keyword("sk_live_", 0)]);
        assert!(keywords.may_start(b"sk_live_x") && keywords.may_start(b"s"));
        assert!(!keywords.may_start(b"render"));
    }
}
