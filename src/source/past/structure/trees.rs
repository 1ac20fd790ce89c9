//! Trees in eight bytes for each entry.

use super::names::{Collector, Numbers};

/// An entry of a tree: its label and the number of its object.
pub(in crate::source) type Entry = (u32, u32);

/// Entries are kept in blocks, so that they are never copied while they grow. The first is for small repositories; the
/// others are so large that the allocator gives them back to the system (glibc: from 32 MB on), and until they are full,
/// most of each is only an address.
const FIRST_BLOCK: usize = 1 << 16;
const BLOCK: usize = (4 << 20) + (1 << 16);
/// More entries than this are not kept: 400 MB. The largest open source projects have a quarter of it.
const MOST: usize = 50_000_000;

/// Where the entries of a tree are.
#[derive(Debug, Clone, Copy)]
struct Span {
    block: u32,
    start: u32,
    length: u32,
}

/// The trees that one thread decoded.
#[derive(Default)]
pub(super) struct Decoder {
    blocks: Vec<Vec<Entry>>,
    trees: Vec<(u32, Span)>,
    entries: usize,
    labels: Numbers,
    /// The tree before: its bytes, where its entries end, and what they are.
    bytes: Vec<u8>,
    ends: Vec<u32>,
    last: Option<Span>,
    scratch: Vec<Entry>,
    scratch_ends: Vec<u32>,
}

impl Decoder {
    /// Keeps a tree. `false`: there is no room for it, or it is malformed.
    ///
    /// Trees come along delta chains, so most are nearly the tree before: what both have is not looked up again.
    pub(super) fn add(
        &mut self,
        number: u32,
        data: &[u8],
        names: &Collector,
        object: &dyn Fn(&[u8]) -> u32,
    ) -> bool {
        let before = self.last.and_then(|span| entries(&self.blocks, span)).unwrap_or_default();
        let same = common(&self.bytes, data);
        let tail =
            common_end(self.bytes.get(same..).unwrap_or_default(), data.get(same..).unwrap_or_default());
        let (found, ends) = (&mut self.scratch, &mut self.scratch_ends);
        let kept = self.ends.partition_point(|end| *end as usize <= same);
        found.clear();
        ends.clear();
        found.extend_from_slice(before.get(..kept).unwrap_or_default());
        ends.extend_from_slice(self.ends.get(..kept).unwrap_or_default());
        let mut at = ends.last().map_or(0, |end| *end as usize);
        let mut whole = true;
        while at < data.len() {
            let left = data.len() - at;
            if left <= tail {
                // The same bytes end both trees: if an entry of the other begins here as well, all the rest are the same.
                let there = self.bytes.len() - left;
                if let Ok(i) = self.ends.binary_search_by(|end| (*end as usize).cmp(&there)) {
                    found.extend_from_slice(before.get(i + 1..).unwrap_or_default());
                    let moved =
                        |end: &u32| u32::try_from(*end as usize + data.len() - self.bytes.len()).unwrap_or(0);
                    ends.extend(self.ends.get(i + 1..).unwrap_or_default().iter().map(moved));
                    break;
                }
            }
            let Some((entry, mode, name, id, end)) = entry(data, at) else {
                whole = false;
                break;
            };
            let label = names.number(&mut self.labels, entry, mode, name);
            found.push((label, object(id)));
            ends.push(u32::try_from(end).unwrap_or(u32::MAX));
            at = end;
        }
        if self.entries + found.len() > MOST {
            return false;
        }
        self.entries += found.len();
        let span = keep(&mut self.blocks, found);
        self.trees.push((number, span));
        self.last = Some(span);
        std::mem::swap(&mut self.ends, &mut self.scratch_ends);
        self.bytes.clear();
        // What follows the last whole entry is nothing to compare with.
        self.bytes.extend_from_slice(data.get(..at.max(data.len() * usize::from(whole))).unwrap_or_default());
        whole
    }
}

fn keep(blocks: &mut Vec<Vec<Entry>>, found: &[Entry]) -> Span {
    let fits = blocks.last().is_some_and(|block| block.capacity() - block.len() >= found.len());
    if !fits {
        let block = if blocks.is_empty() { FIRST_BLOCK } else { BLOCK };
        blocks.push(Vec::with_capacity(block.max(found.len())));
    }
    let block = u32::try_from(blocks.len() - 1).unwrap_or(u32::MAX);
    let mut start = 0;
    if let Some(last) = blocks.last_mut() {
        start = u32::try_from(last.len()).unwrap_or(u32::MAX);
        last.extend_from_slice(found);
    }
    Span { block, start, length: u32::try_from(found.len()).unwrap_or(0) }
}

fn entries(blocks: &[Vec<Entry>], span: Span) -> Option<&[Entry]> {
    let start = span.start as usize;
    blocks.get(span.block as usize)?.get(start..start + span.length as usize)
}

/// `<mode> <name>`, mode, name, id, and where the next entry begins.
type Parsed<'a> = (&'a [u8], u32, &'a [u8], &'a [u8], usize);

/// The entry at a position.
fn entry(data: &[u8], at: usize) -> Option<Parsed<'_>> {
    let rest = data.get(at..)?;
    let end = memchr::memchr(0, rest)?;
    let entry = rest.get(..end)?;
    let space = memchr::memchr(b' ', entry)?;
    let mode = entry.get(..space)?.iter().try_fold(0u32, |sum, digit| match digit {
        b'0'..=b'7' if sum < 0o1_000_000 => Some(sum * 8 + u32::from(digit - b'0')),
        _ => None,
    })?;
    Some((entry, mode, entry.get(space + 1..)?, rest.get(end + 1..end + 21)?, at + end + 21))
}

/// How many bytes are equal from the start.
fn common(a: &[u8], b: &[u8]) -> usize {
    let chunks = a.as_chunks::<16>().0.iter().zip(b.as_chunks::<16>().0);
    let same = 16 * chunks.take_while(|(a, b)| a == b).count();
    let rest = a.get(same..).unwrap_or_default().iter().zip(b.get(same..).unwrap_or_default());
    same + rest.take_while(|(a, b)| a == b).count()
}

/// How many bytes are equal from the end.
fn common_end(a: &[u8], b: &[u8]) -> usize {
    let chunks = a.as_rchunks::<16>().1.iter().rev().zip(b.as_rchunks::<16>().1.iter().rev());
    let same = 16 * chunks.take_while(|(a, b)| a == b).count();
    let before = |bytes: &[u8]| bytes.len() - same;
    let rest = a
        .get(..before(a))
        .unwrap_or_default()
        .iter()
        .rev()
        .zip(b.get(..before(b)).unwrap_or_default().iter().rev());
    same + rest.take_while(|(a, b)| a == b).count()
}

/// Every tree, by the position that [`Trees::collect`] gave it.
#[derive(Debug, Default)]
pub(in crate::source) struct Trees {
    blocks: Vec<Vec<Entry>>,
    spans: Vec<Span>,
}

impl Trees {
    /// Joins what the threads decoded, and says at which position each tree is.
    pub(super) fn collect(decoders: Vec<Decoder>, place: &mut dyn FnMut(u32, u32)) -> Trees {
        let mut trees = Trees::default();
        for decoder in decoders {
            let first = u32::try_from(trees.blocks.len()).unwrap_or(u32::MAX);
            trees.blocks.extend(decoder.blocks);
            for (number, span) in decoder.trees {
                place(number, u32::try_from(trees.spans.len()).unwrap_or(u32::MAX));
                trees.spans.push(Span { block: first + span.block, ..span });
            }
        }
        trees
    }

    /// The entries of the tree at this position.
    pub(super) fn at(&self, position: u32) -> &[Entry] {
        self.spans.get(position as usize).and_then(|span| entries(&self.blocks, *span)).unwrap_or_default()
    }
}
