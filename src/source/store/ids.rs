//! The ids of all objects, sorted: their numbers.

use super::index::Index;

/// The ids, and where to start looking for one.
pub(super) struct Ids {
    list: List,
    /// For every start of an id, how many ids come before those with that start; and how many there are.
    fanout: Vec<u32>,
    /// Length of those starts in bits.
    bits: u32,
}

enum List {
    /// Those of this pack's index, where they stand: it has all the objects there are.
    Mapped(usize),
    Copied(Vec<[u8; 20]>),
}

/// More bits than this are of no use: 16 million ids then share a start with one other each.
const MOST_BITS: u32 = 24;

impl Ids {
    /// The ids of the index of the pack with this number, if it has them sorted, each once.
    pub(super) fn mapped(pack: usize, index: &Index) -> Option<Ids> {
        let ids = index.ids()?;
        let (fanout, bits) = fanout(ids)?;
        Some(Ids { list: List::Mapped(pack), fanout, bits })
    }

    /// Ids that are sorted, each once.
    pub(super) fn copied(ids: Vec<[u8; 20]>) -> Ids {
        let (fanout, bits) = fanout(&ids).unwrap_or_default();
        Ids { list: List::Copied(ids), fanout, bits }
    }

    pub(super) fn list<'a>(&'a self, index: impl Fn(usize) -> Option<&'a Index>) -> &'a [[u8; 20]] {
        match &self.list {
            List::Mapped(pack) => index(*pack).and_then(Index::ids).unwrap_or_default(),
            List::Copied(ids) => ids,
        }
    }

    /// The position in `list` (see [`Ids::list`]) of an id.
    pub(super) fn position(&self, list: &[[u8; 20]], id: &[u8]) -> Option<u32> {
        let id: &[u8; 20] = id.try_into().ok()?;
        let start = start(id, self.bits);
        let low = *self.fanout.get(start)?;
        let high = *self.fanout.get(start + 1)?;
        let same = list.get(low as usize..high as usize)?;
        // Ids are hashes, so there are few; unless somebody made them.
        let found = if same.len() <= 8 {
            same.iter().position(|known| known == id)?
        } else {
            same.binary_search(id).ok()?
        };
        Some(low + found as u32)
    }
}

/// The first bits of an id.
fn start(id: &[u8; 20], bits: u32) -> usize {
    let [a, b, c, d, ..] = *id;
    (u64::from(u32::from_be_bytes([a, b, c, d])) >> (32 - bits)) as usize
}

/// `None` if the ids are not sorted, each once.
fn fanout(ids: &[[u8; 20]]) -> Option<(Vec<u32>, u32)> {
    let count = u32::try_from(ids.len()).ok()?;
    let bits = count.max(2).ilog2().min(MOST_BITS);
    let mut fanout = Vec::with_capacity((1 << bits) + 1);
    let mut before: Option<&[u8; 20]> = None;
    for (position, id) in ids.iter().enumerate() {
        if before.is_some_and(|before| before >= id) {
            return None;
        }
        before = Some(id);
        let start = start(id, bits);
        if fanout.len() <= start {
            fanout.resize(start + 1, position as u32);
        }
    }
    fanout.resize((1 << bits) + 1, count);
    Some((fanout, bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_has_its_position_and_no_other_has_one() {
        for count in [0usize, 1, 2, 3, 100, 5_000] {
            let mut ids: Vec<[u8; 20]> = (0..count as u32)
                .map(|n| {
                    let mut id = [0; 20];
                    id[..4].copy_from_slice(&n.wrapping_mul(2_654_435_761).to_be_bytes());
                    id
                })
                .collect();
            ids.sort_unstable();
            let known = Ids::copied(ids.clone());
            for (position, id) in ids.iter().enumerate() {
                assert_eq!(known.position(&ids, id), Some(position as u32));
                let mut other = *id;
                other[19] = 1;
                assert_eq!(known.position(&ids, &other), None);
            }
            assert_eq!(known.position(&ids, &[0xff; 20]), None);
            assert_eq!(known.position(&ids, &[0xff; 19]), None);
        }
    }

    #[test]
    fn ids_with_the_same_start_are_found() {
        let ids: Vec<[u8; 20]> = (0..1_000u32)
            .map(|n| {
                let mut id = [7; 20];
                id[16..].copy_from_slice(&n.to_be_bytes());
                id
            })
            .collect();
        let known = Ids::copied(ids.clone());
        assert!((0..1_000).all(|n| known.position(&ids, &ids[n as usize]) == Some(n)));
        assert_eq!(known.position(&ids, &[6; 20]), None);
        assert_eq!(known.position(&ids, &[8; 20]), None);
    }
}
