//! Many keywords at once: each place of a text is asked by the hash of its next three bytes whether one begins there. That is
//! several times faster than an automaton of thousands of states, of which the processor keeps the fewest at hand.

use std::ops::Range;

/// Keywords, by their first three bytes.
#[derive(Debug)]
pub(in crate::secrets) struct Prefixes {
    /// A bit for each hash.
    is_start: Box<[u64; WORDS]>,
    /// Sorted by the hash of the first three bytes.
    keywords: Vec<Prefixed>,
}

#[derive(Debug)]
struct Prefixed {
    hash: u16,
    text: Box<[u8]>,
    /// Its place among all.
    index: usize,
}

const WORDS: usize = 1 << 10;

impl Prefixes {
    pub fn new<'a>(keywords: impl Iterator<Item = &'a str>) -> Prefixes {
        let mut is_start = Box::new([0u64; WORDS]);
        let mut prefixed = Vec::new();
        for (index, keyword) in keywords.enumerate() {
            let text: Box<[u8]> = keyword.as_bytes().into();
            for hash in hashes(&text) {
                if let Some(word) = is_start.get_mut(usize::from(hash >> 6)) {
                    *word |= 1 << (hash & 63);
                }
                prefixed.push(Prefixed { hash, text: text.clone(), index });
            }
        }
        prefixed.sort_by(|a, b| (a.hash, &a.text).cmp(&(b.hash, &b.text)));
        Prefixes { is_start, keywords: prefixed }
    }

    /// Whether a keyword may begin here. Never wrongly no.
    #[inline]
    pub fn may_start(&self, text: &[u8]) -> bool {
        text.first_chunk::<3>().is_none_or(|first| self.has(hash(*first)))
    }

    #[inline(always)]
    fn has(&self, hash: u16) -> bool {
        self.is_start.get(usize::from(hash >> 6)).is_some_and(|word| word >> (hash & 63) & 1 == 1)
    }

    /// Calls `add` with every keyword in a part of the text and its place, until it says no.
    #[inline]
    pub fn find(&self, text: &[u8], within: Range<usize>, mut add: impl FnMut(usize, usize) -> bool) {
        let part = text.get(within.clone()).unwrap_or_default();
        for (at, first) in part.windows(3).enumerate() {
            let hash = match first {
                [a, b, c] => hash([*a, *b, *c]),
                _ => continue,
            };
            if !self.has(hash) {
                continue;
            }
            let from = self.keywords.partition_point(|keyword| keyword.hash < hash);
            let rest = part.get(at..).unwrap_or_default();
            let same = self.keywords.get(from..).unwrap_or_default().iter().take_while(|k| k.hash == hash);
            for keyword in same.filter(|keyword| rest.starts_with(&keyword.text)) {
                if !add(keyword.index, within.start + at) {
                    return;
                }
            }
        }
    }
}

/// 16 bits.
#[inline(always)]
fn hash([a, b, c]: [u8; 3]) -> u16 {
    let bytes = u32::from(a) | u32::from(b) << 8 | u32::from(c) << 16;
    (bytes.wrapping_mul(0x9E37_79B1) >> 16) as u16
}

/// The hashes of what a keyword may begin with: one, unless it is shorter than three bytes.
fn hashes(keyword: &[u8]) -> Vec<u16> {
    match keyword {
        [a, b, c, ..] => vec![hash([*a, *b, *c])],
        [a, b] => (0..=255).map(|c| hash([*a, *b, c])).collect(),
        _ => Vec::new(),
    }
}
