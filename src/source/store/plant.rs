//! From packs and loose objects to one numbered forest.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use libdeflater::Decompressor;
use rayon::prelude::*;

use super::Store;
use super::forest::{Base, Forest, Place};
use super::ids::Ids;
use super::listing::{Listing, Packed};
use super::loose::{self, Loose};
use super::pack::Form;

/// So many bytes of small loose files are kept until they are decoded.
const KEPT: u64 = 16 << 20;
/// So many links are followed to learn of what kind damaged objects were.
const KIND_LINKS: usize = 1 << 20;

/// The objects before they are a forest.
struct Numbered {
    ids: Ids,
    /// One for each number, sorted by place.
    objects: Vec<(Place, u32)>,
    /// Other copies, sorted by place.
    copies: Vec<(Place, u32)>,
    loose: Vec<Loose>,
    borrowed: Vec<bool>,
}

pub(super) fn plant(listing: Listing) -> (Store, Vec<String>) {
    let Listing { folders, packs, loose, notes } = listing;
    let numbered = match only_pack(&packs, &loose, folders.len()) {
        Some(numbered) => numbered,
        None => all(&packs, &loose, &folders),
    };
    let Numbered { ids, objects, copies, loose, borrowed } = numbered;
    let forest = {
        let finder = Finder {
            packs: &packs,
            loose: &loose,
            ids: &ids,
            objects: &objects,
            copies: &copies,
            positions: OnceLock::new(),
        };
        Forest::plant(&objects, &|position| finder.base(position))
    };
    drop(objects);
    let mut copies: Vec<(u32, Place)> = copies.into_iter().map(|(place, number)| (number, place)).collect();
    copies.sort_unstable();
    let mut store = Store { folders, packs, loose, ids, forest, copies, borrowed };
    name_the_damaged(&mut store);
    (store, notes)
}

/// The usual case after a clone: one pack has every object, so that the order of its index is the order of numbers.
fn only_pack(packs: &[Packed], loose: &[Vec<[u8; 20]>], folders: usize) -> Option<Numbered> {
    let mut filled = packs.iter().enumerate().filter(|(_, packed)| packed.index.len() > 0);
    let (number, packed) = filled.next()?;
    if folders > 1 || filled.next().is_some() {
        return None;
    }
    let ids = Ids::mapped(number, &packed.index)?;
    let list = packed.index.ids()?;
    if loose.iter().flatten().any(|id| ids.position(list, id).is_none()) {
        return None;
    }
    let mut objects: Vec<(Place, u32)> =
        (0..list.len()).map(|position| (place(packed, number, position), position as u32)).collect();
    objects.sort_unstable();
    Some(Numbered { ids, objects, copies: Vec::new(), loose: Vec::new(), borrowed: Vec::new() })
}

/// Where the index says that an object begins; a place where nothing can begin if it says nothing.
fn place(packed: &Packed, pack: usize, position: usize) -> Place {
    let nowhere = || Place::packed(pack.min(super::forest::MOST_PACKS - 1), 0);
    let named = packed.index.offset(position).and_then(|offset| Place::packed(pack, offset));
    named.or_else(nowhere).unwrap_or(Place::loose(usize::MAX))
}

/// Where an id was found. Packs come before loose objects.
#[derive(Clone, Copy)]
struct Found {
    id: [u8; 20],
    source: u32,
    position: u32,
}

fn all(packs: &[Packed], loose: &[Vec<[u8; 20]>], folders: &[PathBuf]) -> Numbered {
    let mut found = Vec::new();
    for (source, packed) in packs.iter().enumerate() {
        found.extend((0..packed.index.len()).filter_map(|position| {
            let id = packed.index.id(position)?;
            Some(Found { id, source: source as u32, position: position as u32 })
        }));
    }
    for (folder, ids) in loose.iter().enumerate() {
        let source = (packs.len() + folder) as u32;
        found.extend(ids.iter().map(|id| Found { id: *id, source, position: 0 }));
    }
    // Stable, and quick where sorted lists stand one after another.
    found.sort_by_key(|found| found.id);
    found.truncate(u32::MAX as usize - 1);
    let mut ids: Vec<[u8; 20]> = Vec::with_capacity(found.len());
    let mut objects = Vec::with_capacity(found.len());
    let mut copies = Vec::new();
    let mut unpacked: Vec<([u8; 20], u16)> = Vec::new();
    let mut borrowed = Vec::new();
    for Found { id, source, position } in found {
        let packed = packs.get(source as usize);
        let folder =
            packed.map_or(source as usize - packs.len().min(source as usize), |packed| packed.folder.into());
        let place = packed.map(|packed| place(packed, source as usize, position as usize));
        let is_new = ids.last() != Some(&id);
        if is_new {
            let number = ids.len() as u32;
            ids.push(id);
            borrowed.push(folder != 0);
            objects.push((place.unwrap_or(Place::loose(unpacked.len())), number));
            if place.is_none() {
                unpacked.push((id, folder as u16));
            }
        } else if let (Some(place), Some(number)) = (place, ids.len().checked_sub(1)) {
            copies.push((place, number as u32));
        }
        if let Some(borrowed) = borrowed.last_mut() {
            *borrowed &= folder != 0;
        }
    }
    if folders.len() < 2 {
        borrowed = Vec::new();
    }
    objects.sort_unstable();
    copies.sort_unstable();
    Numbered { ids: Ids::copied(ids), objects, copies, loose: read_loose(&unpacked, folders), borrowed }
}

/// Opens loose objects, and keeps the small ones as long as there is room.
fn read_loose(unpacked: &[([u8; 20], u16)], folders: &[PathBuf]) -> Vec<Loose> {
    let kept = AtomicU64::new(0);
    unpacked
        .par_iter()
        .with_min_len(64)
        .map_init(Decompressor::new, |inflater, (id, folder)| {
            let Some(path) = folders.get(usize::from(*folder)).map(|folder| loose::path(folder, id)) else {
                return Loose { folder: *folder, head: None, file: None };
            };
            let mut loose = Loose { folder: *folder, ..loose::open(&path, inflater) };
            let size = loose.file.as_ref().map_or(0, |file| file.len() as u64);
            if kept.fetch_add(size, Ordering::Relaxed) + size > KEPT {
                loose.file = None;
            }
            loose
        })
        .collect()
}

/// Finds what objects are made of.
struct Finder<'a> {
    packs: &'a [Packed],
    loose: &'a [Loose],
    ids: &'a Ids,
    objects: &'a [(Place, u32)],
    copies: &'a [(Place, u32)],
    /// Where each number stands in `objects`: only needed for deltas that name their base, or have it elsewhere.
    positions: OnceLock<Vec<u32>>,
}

impl Finder<'_> {
    fn base(&self, position: usize) -> Base {
        self.find(position).unwrap_or(Base::Lost)
    }

    fn find(&self, position: usize) -> Option<Base> {
        let (place, _) = self.objects.get(position)?;
        let (Some(number), offset) = place.split() else {
            let head = self.loose.get(place.split().1 as usize)?.head?;
            return Some(Base::Whole(head.kind));
        };
        match self.packs.get(number)?.pack.entry(offset)?.form {
            Form::Whole(kind) => Some(Base::Whole(kind)),
            Form::OffsetDelta(back) => {
                let base = Place::packed(number, offset.checked_sub(back)?)?;
                if let Some(found) = before(self.objects, position, base) {
                    return Some(Base::At(found as u32));
                }
                let other = self.copies.binary_search_by_key(&base, |(place, _)| *place).ok()?;
                self.position(self.copies.get(other)?.1)
            }
            Form::RefDelta(id) => {
                let list = self.ids.list(|pack| self.packs.get(pack).map(|packed| &packed.index));
                self.position(self.ids.position(list, &id)?)
            }
        }
    }

    fn position(&self, number: u32) -> Option<Base> {
        let positions = self.positions.get_or_init(|| {
            let mut positions = vec![u32::MAX; self.objects.len()];
            for (position, (_, number)) in self.objects.iter().enumerate() {
                if let Some(slot) = positions.get_mut(*number as usize) {
                    *slot = position as u32;
                }
            }
            positions
        });
        positions.get(number as usize).map(|position| Base::At(*position))
    }
}

/// Finds a place before a position: bases mostly stand shortly before what is made of them.
fn before(objects: &[(Place, u32)], position: usize, place: Place) -> Option<usize> {
    let mut step = 1;
    let mut high = position;
    let mut low = position;
    while low > 0 {
        low = position.saturating_sub(step);
        if objects.get(low)?.0 <= place {
            break;
        }
        high = low;
        step *= 2;
    }
    let some = objects.get(low..high)?;
    let found = low + some.partition_point(|(other, _)| *other < place);
    (objects.get(found)?.0 == place).then_some(found)
}

/// Learns from other copies of what kind the objects are that are damaged at the root of their tree.
fn name_the_damaged(store: &mut Store) {
    let mut links = KIND_LINKS;
    let roots: Vec<u32> = store.forest.roots().filter(|row| store.forest.kind(*row).is_none()).collect();
    for root in roots {
        let number = store.forest.number(root);
        let packed = store.copies(number).find_map(|place| Some(store.chain(place, number, &mut links)?.0));
        let kind = packed.or_else(|| {
            let mut inflater = Decompressor::new();
            let mut paths = store.folders.iter().map(|folder| loose::path(folder, &store.id(number)));
            paths.find_map(|path| Some(loose::open(&path, &mut inflater).head?.kind))
        });
        if let Some(kind) = kind {
            store.forest.set_kind(root, kind);
        }
    }
}
