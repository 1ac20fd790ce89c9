//! Which object is a delta of which, laid out so that every subtree is one range.

use rayon::prelude::*;

use super::Kind;

/// Where a copy of an object stands: the pack in the upper 16 bits, the offset in the lower 48. Of a loose object, its
/// number among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(u64);

/// In place of a pack.
const LOOSE: u64 = 0xffff;
/// No pack has a number from here on.
pub(super) const MOST_PACKS: usize = 0xffff;
/// No offset is so large.
const END: u64 = 1 << 48;

impl Place {
    /// `None` beyond 256 TB.
    pub(super) fn packed(pack: usize, offset: u64) -> Option<Place> {
        (pack < MOST_PACKS && offset < END).then_some(Place((pack as u64) << 48 | offset))
    }

    pub(super) fn loose(number: usize) -> Place {
        Place(LOOSE << 48 | number as u64 & (END - 1))
    }

    /// The pack, or `None` for a loose object; and the offset or the number.
    pub(super) fn split(self) -> (Option<usize>, u64) {
        let pack = self.0 >> 48;
        ((pack != LOOSE).then_some(pack as usize), self.0 & (END - 1))
    }
}

/// What an object is a delta of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    /// Nothing: it is whole.
    Whole(Kind),
    /// The object at this position of the list that the forest is planted from.
    At(u32),
    /// Something that is not there, or its header is damaged.
    Lost,
}

/// The objects, each after its base, so that it and what is made of it stand in a row.
#[derive(Debug, Default)]
pub(super) struct Forest {
    places: Vec<Place>,
    numbers: Vec<u32>,
    /// How many are made of it, itself included.
    below: Vec<u32>,
    kinds: Vec<Option<Kind>>,
    /// Where each number stands.
    rows: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Forest {
    /// Plants `objects`, which are sorted by place: one for each number. `base` says what the object at a position is
    /// made of.
    pub(super) fn plant(objects: &[(Place, u32)], base: &(dyn Fn(usize) -> Base + Sync)) -> Forest {
        let bases: Vec<Base> = (0..objects.len()).into_par_iter().with_min_len(4_096).map(base).collect();
        let mut tree = Lists::of(&bases);
        let mut forest = Forest::default();
        let count = objects.len();
        forest.places.reserve_exact(count);
        forest.numbers.reserve_exact(count);
        forest.kinds.reserve_exact(count);
        forest.below = vec![1; count];
        forest.rows = vec![NONE; count];
        let mut above = Vec::with_capacity(count);
        for (position, base) in bases.iter().enumerate() {
            match base {
                Base::Whole(kind) => forest.grow(objects, &mut tree, position, Some(*kind), &mut above),
                Base::Lost => forest.grow(objects, &mut tree, position, None, &mut above),
                Base::At(_) => {}
            }
        }
        // What nothing has led to are deltas of each other, in circles, and what is made of those: cut at the first.
        for position in 0..count {
            if forest.rows.get(objects[position].1 as usize) == Some(&NONE) {
                forest.grow(objects, &mut tree, position, None, &mut above);
            }
        }
        for row in (0..count).rev() {
            let size = forest.below[row];
            if let Some(above) = forest.below.get_mut(above[row] as usize) {
                *above += size;
            }
        }
        forest
    }

    /// Adds an object and everything that is made of it. `above` has the row of each one's base.
    fn grow(
        &mut self,
        objects: &[(Place, u32)],
        tree: &mut Lists,
        position: usize,
        kind: Option<Kind>,
        above: &mut Vec<u32>,
    ) {
        let mut open = vec![(position as u32, NONE)];
        while let Some((position, base)) = open.pop() {
            let Some(&(place, number)) = objects.get(position as usize) else { continue };
            let Some(known) = self.rows.get_mut(number as usize).filter(|row| **row == NONE) else {
                continue;
            };
            let row = self.places.len() as u32;
            *known = row;
            self.places.push(place);
            self.numbers.push(number);
            self.kinds.push(kind);
            above.push(base);
            let first = open.len();
            let mut child = tree.first[position as usize];
            while child != NONE {
                open.push((child, row));
                child = tree.next[child as usize];
            }
            // The first child is taken first.
            if let Some(children) = open.get_mut(first..) {
                children.reverse();
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn place(&self, row: u32) -> Option<Place> {
        self.places.get(row as usize).copied()
    }

    pub(super) fn number(&self, row: u32) -> u32 {
        self.numbers.get(row as usize).copied().unwrap_or(NONE)
    }

    pub(super) fn kind(&self, row: u32) -> Option<Kind> {
        self.kinds.get(row as usize).copied().flatten()
    }

    /// How many rows an object and what is made of it take.
    pub(super) fn below(&self, row: u32) -> u32 {
        self.below.get(row as usize).copied().unwrap_or(1)
    }

    pub(super) fn row(&self, number: u32) -> Option<u32> {
        self.rows.get(number as usize).copied().filter(|row| *row != NONE)
    }

    /// Says of what kind an object is, and everything that is made of it.
    pub(super) fn set_kind(&mut self, row: u32, kind: Kind) {
        let end = row as usize + self.below(row) as usize;
        if let Some(kinds) = self.kinds.get_mut(row as usize..end) {
            kinds.fill(Some(kind));
        }
    }

    /// The rows of objects that are made of nothing else.
    pub(super) fn roots(&self) -> impl Iterator<Item = u32> + '_ {
        Siblings { forest: self, next: 0, end: self.len() as u32 }
    }

    /// The rows of what is made of an object directly.
    pub(super) fn children(&self, row: u32) -> Siblings<'_> {
        Siblings { forest: self, next: row + 1, end: row + self.below(row) }
    }
}

/// Rows next to each other in the forest.
pub(super) struct Siblings<'a> {
    forest: &'a Forest,
    next: u32,
    end: u32,
}

impl Iterator for Siblings<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let row = self.next;
        (row < self.end).then(|| {
            self.next = row + self.forest.below(row);
            row
        })
    }
}

/// The deltas of each object, as lists through an array.
struct Lists {
    first: Vec<u32>,
    next: Vec<u32>,
}

impl Lists {
    fn of(bases: &[Base]) -> Lists {
        let mut lists = Lists { first: vec![NONE; bases.len()], next: vec![NONE; bases.len()] };
        for (position, base) in bases.iter().enumerate().rev() {
            let Base::At(base) = base else { continue };
            if let Some(first) = lists.first.get_mut(*base as usize) {
                lists.next[position] = *first;
                *first = position as u32;
            }
        }
        lists
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planted(bases: &[Base]) -> Forest {
        let objects: Vec<(Place, u32)> =
            (0..bases.len()).map(|n| (Place::packed(0, n as u64).unwrap(), n as u32)).collect();
        Forest::plant(&objects, &|position| bases[position])
    }

    #[test]
    fn a_subtree_is_a_row_of_neighbours() {
        let blob = Base::Whole(Kind::Blob);
        // 0 is made of 3, 2 and 4 of 0, 5 of 2; 1 is by itself.
        let forest = planted(&[Base::At(3), blob, Base::At(0), blob, Base::At(0), Base::At(2)]);
        assert_eq!(forest.numbers, [1, 3, 0, 2, 5, 4]);
        assert_eq!(forest.below, [1, 5, 4, 2, 1, 1]);
        assert_eq!(forest.roots().collect::<Vec<_>>(), [0, 1]);
        assert_eq!(forest.children(2).collect::<Vec<_>>(), [3, 5]);
        assert_eq!(forest.row(5), Some(4));
        assert!((0..6).all(|row| forest.kind(row) == Some(Kind::Blob)));
    }

    #[test]
    fn circles_are_cut() {
        // 0 and 1 are made of each other, 2 of 1, 3 of itself, 4 of nothing that is there.
        let forest = planted(&[Base::At(1), Base::At(0), Base::At(1), Base::At(3), Base::Lost]);
        assert_eq!(forest.len(), 5);
        assert_eq!(forest.numbers, [4, 0, 1, 2, 3]);
        assert_eq!(forest.below, [1, 3, 2, 1, 1]);
        assert!((0..5).all(|row| forest.kind(row).is_none()));
    }
}
