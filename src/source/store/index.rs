//! The index of a pack: which object begins where. Format: `gitformat-pack(5)`.

use std::cmp::Ordering;

use super::map::Map;

/// An index, version 1 or 2, of which the size and the counts were checked.
pub(super) struct Index {
    map: Map,
    layout: Layout,
    count: usize,
}

#[derive(Clone, Copy)]
enum Layout {
    /// Offset (4 bytes) and id (20 bytes), entry by entry.
    First,
    /// All ids, all checksums, all offsets, then the offsets that need 64 bits.
    Second,
}

const FANOUT: usize = 256 * 4;
/// The pack's checksum, and the index's own.
const TRAILER: usize = 40;

impl Index {
    /// `None` if it is of another version, or its parts don't fit its size.
    pub(super) fn new(map: Map) -> Option<Index> {
        let bytes = map.bytes();
        let layout = if bytes.starts_with(b"\xfftOc\0\0\0\x02") { Layout::Second } else { Layout::First };
        if matches!(layout, Layout::First) && bytes.starts_with(b"\xfftOc") {
            return None;
        }
        let fanout = bytes.get(layout.header()..layout.header() + FANOUT)?;
        let mut count = 0;
        for entry in fanout.chunks_exact(4) {
            let next = u32_at(entry, 0)?;
            if next < count {
                return None;
            }
            count = next;
        }
        let count = count as usize;
        let fixed = layout.header() + FANOUT + TRAILER;
        let fits = match layout {
            Layout::First => bytes.len() == fixed + 24 * count,
            // As many of the long offsets as there is room for; each is checked when it is asked for.
            Layout::Second => bytes.len() >= fixed + 28 * count && bytes.len() <= fixed + 36 * count,
        };
        fits.then_some(Index { map, layout, count })
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The ids one after another, if that is how the index has them.
    pub(super) fn ids(&self) -> Option<&[[u8; 20]]> {
        match self.layout {
            Layout::First => None,
            Layout::Second => {
                let start = self.layout.header() + FANOUT;
                let ids = self.map.bytes().get(start..start + 20 * self.count)?;
                Some(ids.as_chunks().0)
            }
        }
    }

    pub(super) fn id(&self, position: usize) -> Option<[u8; 20]> {
        match self.layout {
            Layout::First => {
                let start = self.layout.header() + FANOUT + 24 * position + 4;
                self.map.bytes().get(start..start + 20)?.try_into().ok()
            }
            Layout::Second => self.ids()?.get(position).copied(),
        }
    }

    /// Where an id stands. As libgit2 looks for it, so that it finds the same in an index that is not sorted:
    /// `git_pack__lookup_id` in `pack.c`.
    pub(super) fn position(&self, id: &[u8]) -> Option<usize> {
        let fanout = |first: usize| u32_at(self.map.bytes(), self.layout.header() + 4 * first);
        let first = usize::from(*id.first()?);
        let mut low = first.checked_sub(1).map_or(Some(0), fanout)? as usize;
        let mut high = fanout(first)? as usize;
        while low < high {
            let middle = low.midpoint(high);
            match self.id(middle)?.as_slice().cmp(id) {
                Ordering::Equal => return Some(middle),
                Ordering::Greater => high = middle,
                Ordering::Less => low = middle + 1,
            }
        }
        None
    }

    /// Where the object begins in the pack, as the index says: not checked against the pack.
    pub(super) fn offset(&self, position: usize) -> Option<u64> {
        let bytes = self.map.bytes();
        let start = self.layout.header() + FANOUT;
        match self.layout {
            Layout::First => u32_at(bytes, start + 24 * position).map(u64::from),
            Layout::Second => {
                let short = u32_at(bytes, start + 24 * self.count + 4 * position)?;
                if short & 0x8000_0000 == 0 {
                    return Some(u64::from(short));
                }
                let long = start + 28 * self.count + 8 * (short & 0x7fff_ffff) as usize;
                if long + 8 + TRAILER > bytes.len() {
                    return None;
                }
                Some(u64::from_be_bytes(bytes.get(long..long + 8)?.try_into().ok()?))
            }
        }
    }

    /// What the last 20 bytes of its pack are.
    pub(super) fn pack_checksum(&self) -> &[u8] {
        let bytes = self.map.bytes();
        bytes
            .get(bytes.len().saturating_sub(TRAILER)..)
            .and_then(|trailer| trailer.get(..20))
            .unwrap_or_default()
    }
}

impl Layout {
    fn header(self) -> usize {
        match self {
            Layout::First => 0,
            Layout::Second => 8,
        }
    }
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
