//! Runs of token characters. The build script reads this file, too.

use std::ops::Range;

/// The shortest run.
pub(crate) const RUN: usize = 16;

/// Letters, digits, `_` and `-`.
#[inline(always)]
pub(crate) const fn is_token(byte: u8) -> bool {
    (byte | 0x20).wrapping_sub(b'a') < 26 || byte.wrapping_sub(b'0') < 10 || byte == b'_' || byte == b'-'
}

/// Calls `visit` with every run of [`RUN`] or more token characters in `within`, in order. A run at its end is cut off.
#[inline]
pub(crate) fn runs(text: &[u8], within: Range<usize>, mut visit: impl FnMut(Range<usize>)) {
    let part = text.get(within.clone()).unwrap_or_default();
    let (blocks, rest) = part.as_chunks::<64>();
    // Where the next run may begin, and where the run begins that is still open at the end of a block.
    let mut free = 0;
    let mut before = 0u64;
    for (index, block) in blocks.iter().enumerate() {
        let mask = token_mask(block);
        // Bit 16 is the first byte of the block; below it are the last 16 of the block before. Bits stay where 16 in a row
        // are token characters.
        let mut starts = u128::from(mask) << 16 | u128::from(before >> 48);
        for step in [1, 2, 4, 8] {
            starts &= starts >> step;
        }
        before = mask;
        while starts != 0 {
            let bit = starts.trailing_zeros() as usize;
            let start = (index * 64 + bit).saturating_sub(16);
            if start >= free {
                free = run_end(part, start + RUN);
                visit(within.start + start..within.start + free);
            }
            // What is in the run has been seen.
            let seen = (free + 16).saturating_sub(index * 64).max(bit + 1);
            starts = if seen < 128 { starts >> seen << seen } else { 0 };
        }
    }
    let tail = part.len() - rest.len();
    let mut start = tail.max(free);
    while start > free && part.get(start - 1).is_some_and(|byte| is_token(*byte)) {
        start -= 1;
    }
    while start < part.len() {
        let end = run_end(part, start);
        if end - start >= RUN {
            visit(within.start + start..within.start + end);
        }
        start = end + 1;
    }
}

/// Where the run that `from` is in ends.
#[inline]
fn run_end(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| !is_token(*byte)).unwrap_or(rest.len())
}

/// Whether so many token characters stand in a row somewhere. Most are not looked at: a row of that length holds every
/// `length`th byte of the text once.
pub(crate) fn has_run(text: &[u8], length: usize) -> bool {
    let mut at = length.saturating_sub(1);
    while let Some(byte) = text.get(at) {
        if is_token(*byte) {
            let before = text.get(..at).unwrap_or_default().iter().rev();
            let start = at - before.take(length).take_while(|byte| is_token(**byte)).count();
            let end = run_end(text, at);
            if end - start >= length {
                return true;
            }
            at = end;
        }
        at += length.max(1);
    }
    length == 0
}

/// One bit for each byte, the lowest for the first. Written so that the compiler makes vector instructions of it.
#[inline(always)]
fn token_mask(block: &[u8; 64]) -> u64 {
    let mut is = [0u8; 64];
    for (is, byte) in is.iter_mut().zip(block) {
        *is = if is_token(*byte) { 0xff } else { 0 };
    }
    let mut mask = 0u64;
    for (index, eight) in is.as_chunks::<8>().0.iter().enumerate() {
        // One bit of each byte, a different one, summed up into the highest byte.
        let bits = u64::from_le_bytes(*eight) & 0x8040_2010_0804_0201;
        mask |= bits.wrapping_mul(0x0101_0101_0101_0101) >> 56 << (8 * index);
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &[u8], within: Range<usize>) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        runs(text, within, |run| found.push(run));
        found
    }

    proptest! {
        #[test]
        fn every_run_is_found_once(
            pieces in prop::collection::vec("[a-zA-Z0-9_-]{0,40}|[ .\"\n=/é]{1,3}", 0..40),
            from in 0usize..70, to in 0usize..70,
        ) {
            let text = pieces.concat().into_bytes();
            let within = from.min(text.len())..text.len().saturating_sub(to).max(from.min(text.len()));
            let mut expected = Vec::new();
            let mut start = within.start;
            for at in within.start..=within.end {
                if text[..within.end].get(at).is_none_or(|byte| !is_token(*byte)) {
                    if at - start >= RUN {
                        expected.push(start..at);
                    }
                    start = at + 1;
                }
            }
            prop_assert_eq!(found(&text, within), expected);
        }
    }

    proptest! {
        #[test]
        fn a_row_is_there_or_is_not(text in "[a-c _]{0,60}", length in 0usize..12) {
            let longest = text.split(' ').map(str::len).max().unwrap_or(0);
            prop_assert_eq!(has_run(text.as_bytes(), length), longest >= length);
        }
    }

    #[test]
    fn token_characters_are_those_of_the_table() {
        for byte in 0..=255u8 {
            assert_eq!(is_token(byte), byte.is_ascii_alphanumeric() || b"_-".contains(&byte), "{byte}");
        }
    }
}
