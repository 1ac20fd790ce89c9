//! A pack: where its objects stand, and their headers. Format: `gitformat-pack(5)`.

use super::Kind;
use super::index::{Index, u32_at};
use super::map::Map;

/// A mapped pack.
pub(super) struct Pack {
    map: Map,
    /// Where its objects end.
    end: usize,
    /// Whether it is the one that its index was made of. If not, what it holds must prove its id.
    pub(super) trusted: bool,
}

/// The signature, the version and the number of objects.
const HEADER: usize = 12;
const TRAILER: usize = 20;

/// The start of an object in a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) form: Form,
    /// What comes out when the data is inflated: the object, or the delta.
    pub(super) size: u64,
    /// Where the deflated data begins.
    pub(super) data: usize,
}

/// How an object is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Whole(Kind),
    /// As a delta of the object that begins so many bytes before it.
    OffsetDelta(u64),
    /// As a delta of the object with this id.
    RefDelta([u8; 20]),
}

impl Pack {
    /// `None` if it is no pack of version 2 or 3 (which are the same).
    pub(super) fn new(map: Map, index: &Index) -> Option<Pack> {
        let bytes = map.bytes();
        let known = bytes.starts_with(b"PACK") && matches!(u32_at(bytes, 4)?, 2 | 3);
        if !known || bytes.len() < HEADER {
            return None;
        }
        let complete = bytes.len() >= HEADER + TRAILER
            && bytes.ends_with(index.pack_checksum())
            && u32_at(bytes, 8)? as usize == index.len();
        let end = if complete { bytes.len() - TRAILER } else { bytes.len() };
        Some(Pack { map, end, trusted: complete })
    }

    /// Whether an object can begin there at all.
    pub(super) fn holds(&self, offset: u64) -> bool {
        offset >= HEADER as u64 && offset < self.end as u64
    }

    /// Everything from there to the end of the objects.
    pub(super) fn from(&self, at: usize) -> &[u8] {
        self.map.bytes().get(at..self.end).unwrap_or_default()
    }

    /// The header of the object at an offset. `None` if there is none.
    pub(super) fn entry(&self, offset: u64) -> Option<Entry> {
        if !self.holds(offset) {
            return None;
        }
        let start = usize::try_from(offset).ok()?;
        entry(self.from(start), offset).map(|entry| Entry { data: start + entry.data, ..entry })
    }
}

/// Parses a header at the start of `bytes`, which stands at `offset` of its pack.
fn entry(bytes: &[u8], offset: u64) -> Option<Entry> {
    let mut rest = bytes.iter().copied();
    let first = rest.next()?;
    let mut used = 1;
    let mut size = u64::from(first & 0x0f);
    let mut shift = 4;
    let mut byte = first;
    while byte & 0x80 != 0 {
        byte = rest.next()?;
        used += 1;
        // 60 bits are more than any file has.
        if shift > 56 {
            return None;
        }
        size |= u64::from(byte & 0x7f) << shift;
        shift += 7;
    }
    let form = match first >> 4 & 7 {
        1 => Form::Whole(Kind::Commit),
        2 => Form::Whole(Kind::Tree),
        3 => Form::Whole(Kind::Blob),
        4 => Form::Whole(Kind::Tag),
        6 => {
            let mut byte = rest.next()?;
            used += 1;
            let mut back = u64::from(byte & 0x7f);
            while byte & 0x80 != 0 {
                byte = rest.next()?;
                used += 1;
                if back >= 1 << 56 {
                    return None;
                }
                back = (back + 1) << 7 | u64::from(byte & 0x7f);
            }
            if back == 0 || back > offset {
                return None;
            }
            Form::OffsetDelta(back)
        }
        7 => {
            let id = bytes.get(used..used + 20)?.try_into().ok()?;
            used += 20;
            Form::RefDelta(id)
        }
        _ => return None,
    };
    Some(Entry { form, size, data: used })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_parsed() {
        // A blob of 0x0f | 1 << 4 bytes.
        let whole = Entry { form: Form::Whole(Kind::Blob), size: 31, data: 2 };
        assert_eq!(entry(&[0b1011_1111, 0x01], 12), Some(whole));
        // 0x80 0x00 is (0 + 1) << 7: 128 bytes before.
        let delta = Entry { form: Form::OffsetDelta(128), size: 5, data: 3 };
        assert_eq!(entry(&[0b0110_0101, 0x80, 0x00], 200), Some(delta));
        let mut reference = vec![0b0111_0001];
        reference.extend([7; 20]);
        assert_eq!(entry(&reference, 12), Some(Entry { form: Form::RefDelta([7; 20]), size: 1, data: 21 }));
    }

    #[test]
    fn what_is_no_header_is_none() {
        assert_eq!(entry(&[], 12), None);
        assert_eq!(entry(&[0b0000_0001], 12), None, "kind 0");
        assert_eq!(entry(&[0b0101_0001], 12), None, "kind 5");
        assert_eq!(entry(&[0b1011_0001], 12), None, "cut off in its size");
        assert_eq!(entry(&[0xbf; 40], 12), None, "a size that never ends");
        assert_eq!(entry(&[0b0110_0001, 0x7f], 100), None, "127 bytes before offset 100");
        assert_eq!(entry(&[0b0110_0001, 0x00], 100), None, "a delta of itself");
        assert_eq!(
            entry(&[0b0110_0001, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 100),
            None
        );
        assert_eq!(entry(&[0b0111_0001, 1, 2, 3], 100), None, "cut off in the id");
    }
}
