//! Keywords of formats: where in a text they are.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input};
use memchr::memmem::Finder;

/// A keyword at a place of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::secrets) struct Hit {
    /// Its format, an index into `Formats::all`.
    pub format: usize,
    /// Where it begins.
    pub at: usize,
}

/// No text has more hits that count: a hostile one could be made of nothing else.
const MOST: usize = 65_536;

/// Few keywords are faster looked for one by one.
const FEW: usize = 4;

/// Keywords, ready for searching.
#[derive(Debug, Default)]
pub(in crate::secrets) struct Keywords {
    /// Those in which case counts, and those in which it does not.
    sets: Vec<Set>,
    /// A bit for the hash of the first three bytes of each keyword.
    starts: Box<[u64]>,
}

#[derive(Debug)]
struct Set {
    search: Search,
    /// The formats of each keyword.
    formats: Vec<Vec<usize>>,
}

#[derive(Debug)]
enum Search {
    /// Their finders, in the order of the formats.
    Few(Vec<Finder<'static>>),
    Many(Box<AhoCorasick>),
}

impl Keywords {
    /// Of keywords, each with whether case does not count and its format.
    pub fn new(keywords: &[(&str, bool, usize)]) -> Keywords {
        let mut starts = vec![0u64; 64].into_boxed_slice();
        let mut sets = Vec::new();
        for ignore_case in [false, true] {
            let mut grouped: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (keyword, ignores, format) in keywords {
                if *ignores == ignore_case {
                    grouped.entry(keyword).or_default().push(*format);
                }
            }
            for keyword in grouped.keys() {
                let first = keyword.as_bytes().first_chunk::<3>();
                for hash in first.into_iter().flat_map(|first| cases(*first, ignore_case)).map(hash) {
                    if let Some(word) = starts.get_mut(hash >> 6) {
                        *word |= 1 << (hash & 63);
                    }
                }
            }
            if let Some(search) = search(&grouped, ignore_case) {
                sets.push(Set { search, formats: grouped.into_values().collect() });
            }
        }
        Keywords { sets, starts }
    }

    /// How many keywords there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.sets.iter().map(|set| set.formats.len()).sum()
    }

    /// Whether a keyword may begin here. Never wrongly no.
    #[inline]
    pub fn may_start(&self, text: &[u8]) -> bool {
        let Some(first) = text.first_chunk::<3>() else { return true };
        let hash = hash(*first);
        self.starts.get(hash >> 6).is_none_or(|word| word >> (hash & 63) & 1 == 1)
    }

    /// Adds every keyword in a part of the text, overlapping ones too.
    pub fn find(&self, text: &[u8], within: Range<usize>, hits: &mut Vec<Hit>) {
        for set in &self.sets {
            let mut add = |keyword: usize, at: usize| {
                let formats = set.formats.get(keyword).map(Vec::as_slice).unwrap_or_default();
                hits.extend(formats.iter().map(|format| Hit { format: *format, at }));
                hits.len() < MOST
            };
            match &set.search {
                Search::Few(finders) => {
                    let part = text.get(within.clone()).unwrap_or_default();
                    for (keyword, finder) in finders.iter().enumerate() {
                        let mut places = finder.find_iter(part);
                        while places.next().is_some_and(|at| add(keyword, within.start + at)) {}
                    }
                }
                Search::Many(search) => {
                    let input = Input::new(text).range(within.clone());
                    let Ok(mut found) = search.try_find_overlapping_iter(input) else { continue };
                    while found.next().is_some_and(|found| add(found.pattern().as_usize(), found.start())) {}
                }
            }
        }
    }
}

fn search(keywords: &BTreeMap<&str, Vec<usize>>, ignore_case: bool) -> Option<Search> {
    if keywords.is_empty() {
        return None;
    }
    if keywords.len() <= FEW && !ignore_case {
        return Some(Search::Few(
            keywords.keys().map(|keyword| Finder::new(keyword.as_bytes()).into_owned()).collect(),
        ));
    }
    let built = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(ignore_case)
        .build(keywords.keys());
    built.ok().map(|search| Search::Many(Box::new(search)))
}

/// 12 bits.
#[inline(always)]
fn hash([a, b, c]: [u8; 3]) -> usize {
    let bytes = u32::from(a) | u32::from(b) << 8 | u32::from(c) << 16;
    (bytes.wrapping_mul(0x9E37_79B1) >> 20) as usize
}

fn cases(first: [u8; 3], ignore_case: bool) -> Vec<[u8; 3]> {
    if !ignore_case {
        return vec![first];
    }
    let cased = |bits: usize| {
        let mut cased = first;
        for (index, byte) in cased.iter_mut().enumerate() {
            *byte =
                if bits >> index & 1 == 1 { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
        }
        cased
    };
    (0..8).map(cased).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(keywords: &[(&str, bool, usize)], text: &str) -> Vec<(usize, usize)> {
        let mut hits = Vec::new();
        Keywords::new(keywords).find(text.as_bytes(), 0..text.len(), &mut hits);
        hits.sort();
        hits.into_iter().map(|hit| (hit.format, hit.at)).collect()
    }

    #[test]
    fn overlapping_keywords_are_all_found() {
        let keywords = [
            ("sk-", false, 0),
            ("sk-ant-", false, 1),
            ("ant", false, 2),
            ("x1", false, 3),
            ("x2", false, 4),
            ("Key", true, 5),
        ];
        assert_eq!(found(&keywords, "a sk-ant- KEY"), [(0, 2), (1, 2), (2, 5), (5, 10)]);
        assert_eq!(found(&keywords[..2], "sk-ant-sk-"), [(0, 0), (0, 7), (1, 0)]);
    }

    #[test]
    fn what_a_keyword_starts_with_is_known() {
        let keywords = Keywords::new(&[("sk_live_", false, 0), ("Hooks", true, 1)]);
        assert!(keywords.may_start(b"sk_live_x") && keywords.may_start(b"hOOKs") && keywords.may_start(b"s"));
        assert!(!keywords.may_start(b"render"));
    }
}
