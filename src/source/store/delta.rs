//! Deltas: an object as copies from another, its base, and bytes of its own. Format: `gitformat-pack(5)`.

use std::ops::Range;

/// Two sizes, and the instructions after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Delta<'a> {
    pub(super) base_size: u64,
    pub(super) size: u64,
    instructions: &'a [u8],
}

impl<'a> Delta<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Option<Delta<'a>> {
        let (base_size, rest) = size(bytes)?;
        let (size, instructions) = size(rest)?;
        Some(Delta { base_size, size, instructions })
    }

    /// Writes the object into `out`, which has its size. With `edits`, also adds where it differs from the base: bytes
    /// of its own, and (as empty ranges) where two copies meet that are no neighbours in the base, or where the base has
    /// something before the first or after the last copy. `None` if anything is out of bounds.
    pub(super) fn apply(self, base: &[u8], out: &mut [u8], edits: Option<&mut Edits>) -> Option<()> {
        if self.base_size != base.len() as u64 || self.size != out.len() as u64 {
            return None;
        }
        match edits {
            None => run(self.instructions, base, out, &mut |_, _| {}),
            Some(edits) => {
                // Where the base goes on after the last copy; before the first it begins.
                let mut next = Some(0);
                let total = out.len();
                run(self.instructions, base, out, &mut |at, copied: Step| match copied {
                    Step::Copy(from) => {
                        if next.is_some_and(|next| next != from.start) {
                            edits.add(at..at);
                        }
                        next = Some(from.end);
                    }
                    Step::Own(length) => {
                        edits.add(at..at + length);
                        next = None;
                    }
                })?;
                if next.is_some_and(|next| next != base.len()) {
                    edits.add(total..total);
                }
                Some(())
            }
        }
    }
}

/// Where an object differs from its base: sorted, and disjoint by more than [`Edits::GAP`] bytes.
#[derive(Debug, Default)]
pub(super) struct Edits(pub(super) Vec<Range<usize>>);

impl Edits {
    /// Edits that are closer together count as one: their surroundings overlap anyway.
    pub(super) const GAP: usize = 2 * super::windows::AROUND;

    fn add(&mut self, edit: Range<usize>) {
        match self.0.last_mut() {
            Some(last) if edit.start <= last.end + Edits::GAP => last.end = edit.end,
            _ => self.0.push(edit),
        }
    }
}

enum Step {
    /// This range of the base.
    Copy(Range<usize>),
    /// So many bytes of its own.
    Own(usize),
}

/// Short copies are done in whole blocks of this size where there is room: a block of fixed size takes no call.
const BLOCK: usize = 32;

#[inline(always)]
fn run(instructions: &[u8], base: &[u8], out: &mut [u8], step: &mut impl FnMut(usize, Step)) -> Option<()> {
    let mut rest = instructions;
    let mut at = 0;
    while let Some((&code, tail)) = rest.split_first() {
        if code & 0x80 != 0 {
            let (start, length, tail) = copy(code, tail)?;
            rest = tail;
            let from = base.get(start..start.checked_add(length)?)?;
            let into = out.get_mut(at..)?;
            if length > into.len() {
                return None;
            }
            match (base.get(start..start + BLOCK), into.get_mut(..BLOCK)) {
                (Some(block), Some(into)) if length <= BLOCK => into.copy_from_slice(block),
                _ => into.get_mut(..length)?.copy_from_slice(from),
            }
            step(at, Step::Copy(start..start + length));
            at += length;
        } else {
            let length = usize::from(code);
            if length == 0 {
                return None;
            }
            let into = out.get_mut(at..)?;
            if length > into.len() {
                return None;
            }
            match (tail.get(..BLOCK), into.get_mut(..BLOCK)) {
                (Some(block), Some(into)) if length <= BLOCK => into.copy_from_slice(block),
                _ => into.get_mut(..length)?.copy_from_slice(tail.get(..length)?),
            }
            rest = tail.get(length..)?;
            step(at, Step::Own(length));
            at += length;
        }
    }
    (at == out.len()).then_some(())
}

/// The operands of a copy, and what comes after them. Each set bit of the code says that a byte is there.
#[inline(always)]
fn copy(code: u8, operands: &[u8]) -> Option<(usize, usize, &[u8])> {
    let used = (code & 0x7f).count_ones() as usize;
    let (mut start, mut length) = (0u32, 0u32);
    let mut word = match operands.first_chunk::<8>() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => {
            let mut bytes = [0; 8];
            let there = operands.get(..used)?;
            bytes.get_mut(..there.len())?.copy_from_slice(there);
            u64::from_le_bytes(bytes)
        }
    };
    for bit in 0..4 {
        if code & 1 << bit != 0 {
            start |= u32::from(word as u8) << (8 * bit);
            word >>= 8;
        }
    }
    for bit in 0..3 {
        if code & 0x10 << bit != 0 {
            length |= u32::from(word as u8) << (8 * bit);
            word >>= 8;
        }
    }
    if length == 0 {
        length = 0x10000;
    }
    Some((start as usize, length as usize, operands.get(used..)?))
}

/// A size, seven bits a byte, the lowest first.
fn size(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut size = 0;
    let mut shift = 0;
    let mut rest = bytes;
    loop {
        let (&byte, tail) = rest.split_first()?;
        rest = tail;
        if shift > 56 {
            return None;
        }
        size |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return Some((size, rest));
        }
    }
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "one edit is a list of one range")]
mod tests {
    use super::*;

    /// `base_size size instructions`, applied: the object and its edits.
    fn applied(base: &[u8], delta: &[u8]) -> Option<(Vec<u8>, Vec<Range<usize>>)> {
        let delta = Delta::new(delta)?;
        let mut out = vec![0; usize::try_from(delta.size).unwrap().min(1 << 20)];
        let mut edits = Edits::default();
        delta.apply(base, &mut out, Some(&mut edits))?;
        let mut plain = vec![0; out.len()];
        delta.apply(base, &mut plain, None)?;
        assert_eq!(plain, out);
        Some((out, edits.0))
    }

    #[test]
    fn copies_and_insertions_make_the_object() {
        // Copy 3 bytes from 2, insert "xy", copy 2 bytes from 5.
        let found = applied(b"abcdefg", &[7, 7, 0x91, 2, 3, 2, b'x', b'y', 0x91, 5, 2]);
        assert_eq!(found, Some((b"cdexyfg".to_vec(), vec![0..5])));
    }

    #[test]
    fn copies_that_are_neighbours_in_the_base_are_no_edit() {
        assert_eq!(applied(b"abcdef", &[6, 6, 0x90, 2, 0x91, 2, 4]), Some((b"abcdef".to_vec(), vec![])));
        assert_eq!(applied(b"abcdef", &[6, 5, 0x90, 2, 0x91, 3, 3]), Some((b"abdef".to_vec(), vec![2..2])));
        assert_eq!(
            applied(b"abcdef", &[6, 4, 0x90, 4]),
            Some((b"abcd".to_vec(), vec![4..4])),
            "cut at the end"
        );
        assert_eq!(
            applied(b"abcdef", &[6, 4, 0x91, 2, 4]),
            Some((b"cdef".to_vec(), vec![0..0])),
            "at the start"
        );
    }

    #[test]
    fn a_length_of_nothing_is_64_kb() {
        let base = vec![7; 0x10001];
        let found = applied(&base, &[0x81, 0x80, 4, 0x80, 0x80, 4, 0x81, 1]);
        assert_eq!(found, Some((vec![7; 0x10000], vec![0..0])));
    }

    #[test]
    fn what_is_out_of_bounds_is_refused() {
        assert_eq!(applied(b"abc", &[3, 4, 0x90, 4]), None, "beyond the base");
        assert_eq!(applied(b"abc", &[3, 2, 0x90, 3]), None, "beyond the object");
        assert_eq!(applied(b"abc", &[3, 3, 0x90, 2]), None, "too little");
        assert_eq!(applied(b"abc", &[4, 3, 0x90, 3]), None, "another base");
        assert_eq!(applied(b"abc", &[3, 3, 5, b'x']), None, "an insertion cut off");
        assert_eq!(applied(b"abc", &[3, 3, 0x9f, 1]), None, "operands cut off");
        assert_eq!(applied(b"abc", &[3, 3, 0]), None, "the reserved instruction");
        assert_eq!(applied(b"abc", &[3]), None);
        assert_eq!(applied(b"abc", &[0xff; 20]), None);
    }
}
