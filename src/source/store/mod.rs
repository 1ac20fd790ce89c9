//! Every object of a git repository, each decoded once: packs are mapped and read in place.
//!
//! Also what git itself reads only one by one: objects that nothing reaches any more are here too.

mod circles;
mod decode;
mod delta;
mod folders;
mod forest;
mod ids;
mod index;
mod inflate;
mod listing;
mod loose;
mod map;
mod pack;
mod plant;
mod single;
#[cfg(test)]
mod tests;
mod windows;

use std::ops::Range;
use std::path::PathBuf;

use git2::Repository;
use rayon::prelude::*;

pub(in crate::source) use circles::{Chains, has_circle};
use decode::{Job, Want};
use forest::{Forest, Place};
use ids::Ids;
use inflate::Tools;
use listing::Packed;
use loose::Loose;

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::source) enum Kind {
    Commit,
    Tree,
    Blob,
    Tag,
}

/// The objects of a repository, with those that it borrows from alternates. They are numbered from 0 in the order of
/// their ids.
pub(in crate::source) struct Store {
    folders: Vec<PathBuf>,
    packs: Vec<Packed>,
    loose: Vec<Loose>,
    ids: Ids,
    forest: Forest,
    /// Copies in packs that the forest doesn't have, sorted by number.
    copies: Vec<(u32, Place)>,
    /// Which numbers the repository itself doesn't hold; empty if it holds all.
    borrowed: Vec<bool>,
}

/// What [`Store::blobs`] did not show. Sorted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::source) struct BlobsRead {
    /// Wanted, and not to be decoded: damaged, or a delta of something that is.
    pub(in crate::source) missing: Vec<u32>,
    /// Wanted, and larger than `max_size`, or a delta of something so large that it is not decoded.
    pub(in crate::source) too_large: Vec<u32>,
}

/// Sees the content of one object.
pub(in crate::source) type ShowObject<'a> = &'a (dyn Fn(u32, Kind, &[u8]) + Sync);
/// Sees the content of one blob, and says whether there is anything in it.
pub(in crate::source) type LookAtBlob<'a> = &'a (dyn Fn(u32, &[u8], Option<&[Range<usize>]>) -> bool + Sync);

/// Commits, trees and tags beyond this size are attacks.
const LARGEST_STRUCTURE: u64 = 64 << 20;

impl Store {
    /// Lists the objects. Also returns what could not be read, in sentences without absolute paths.
    pub(in crate::source) fn open(repo: &Repository) -> (Store, Vec<String>) {
        plant::plant(listing::list(repo.commondir()))
    }

    /// How many distinct objects there are.
    pub(in crate::source) fn len(&self) -> usize {
        self.list().len()
    }

    /// The id of an object; all zero for a number that there is not.
    pub(in crate::source) fn id(&self, number: u32) -> [u8; 20] {
        self.list().get(number as usize).copied().unwrap_or_default()
    }

    /// The number of the object with this id.
    pub(in crate::source) fn number(&self, id: &[u8]) -> Option<u32> {
        self.ids.position(self.list(), id)
    }

    /// What an object is, without decoding it. `None` for one that can't be read.
    pub(in crate::source) fn kind(&self, number: u32) -> Option<Kind> {
        self.forest.kind(self.forest.row(number)?)
    }

    /// Whether the repository itself holds the object, and not only one that it borrows from (alternates): what
    /// nothing reaches in a borrowed store belongs to somebody else.
    pub(in crate::source) fn own(&self, number: u32) -> bool {
        !self.borrowed.get(number as usize).copied().unwrap_or(false)
    }

    /// Decodes one object by itself: slow, along its whole chain of deltas. `None` if it can't be read or is larger than
    /// `max_size`.
    pub(in crate::source) fn read(&self, number: u32, max_size: u64) -> Option<(Kind, Vec<u8>)> {
        let place = self.forest.place(self.forest.row(number)?)?;
        let copies = std::iter::once(place).chain(self.copies(number));
        let mut tools = Tools::default();
        let mut links = usize::MAX;
        let decoded =
            copies.filter_map(|place| self.alone(&mut tools, place, number, max_size, &mut links).ok());
        let (kind, content) = decoded.take(1).next()?;
        Some((kind, content.bytes().to_vec()))
    }

    /// Decodes every commit, tree and tag once, in parallel, and shows it. Returns those that could not be decoded, and
    /// objects of which not even the kind is known; sorted.
    pub(in crate::source) fn structure(&self, show: ShowObject<'_>) -> Vec<u32> {
        let is_wanted = |row: u32| self.forest.kind(row).is_some_and(|kind| kind != Kind::Blob);
        let job = Job {
            store: self,
            wants: &|row| if is_wanted(row) { Want::Whole } else { Want::No },
            // All that is made of a tree is a tree.
            weights: &|row| if is_wanted(row) { self.forest.below(row) } else { 0 },
            max_size: LARGEST_STRUCTURE,
            show: &|row, content, _| {
                if let Some(kind) = self.forest.kind(row) {
                    show(self.forest.number(row), kind, content);
                }
                true
            },
        };
        let not_shown = decode::run(&job);
        let unknown = (0..self.forest.len() as u32).filter(|row| self.forest.kind(*row).is_none());
        let rows = not_shown.missing.into_iter().chain(not_shown.too_large).chain(unknown);
        self.numbers(rows)
    }

    /// Decodes the blobs for which `class` is some (and whatever they are deltas of), once each, in parallel.
    ///
    /// `look` returns whether there is anything in the blob. A blob whose delta base was looked at with the same class,
    /// and in which there was nothing, comes with windows: everything outside of them is copied from the base, and so is
    /// what lies around it. They are sorted and disjoint, reach [`windows::AROUND`] bytes beyond what differs, and from
    /// there to the ends of lines. Where the end of a line is further away than [`windows::FAR`], they reach to the end of
    /// a token (white space or a quote), and where that is too far as well, so far: the content is whole, so look further
    /// where a window ends within a token. There may be none: then the blob holds nothing that its base doesn't.
    ///
    /// What is shown, and with which windows, depends on the repository and the answers alone, not on threads.
    pub(in crate::source) fn blobs(
        &self,
        class: &(dyn Fn(u32) -> Option<u32> + Sync),
        max_size: u64,
        look: LookAtBlob<'_>,
    ) -> BlobsRead {
        let wants: Vec<Want> = (0..self.forest.len() as u32)
            .into_par_iter()
            .with_min_len(1_024)
            .map(|row| match self.forest.kind(row) {
                Some(Kind::Blob) => class(self.forest.number(row)).map_or(Want::No, Want::Class),
                _ => Want::No,
            })
            .collect();
        let mut weights = vec![0u32; wants.len()];
        for row in (0..wants.len()).rev() {
            let own = u32::from(wants.get(row).is_some_and(|want| *want != Want::No));
            let children = self.forest.children(row as u32);
            let weight = own + children.filter_map(|child| weights.get(child as usize)).sum::<u32>();
            if let Some(slot) = weights.get_mut(row) {
                *slot = weight;
            }
        }
        let job = Job {
            store: self,
            wants: &|row| wants.get(row as usize).copied().unwrap_or(Want::No),
            weights: &|row| weights.get(row as usize).copied().unwrap_or(0),
            max_size,
            show: &|row, content, windows| look(self.forest.number(row), content, windows),
        };
        let not_shown = decode::run(&job);
        BlobsRead {
            missing: self.numbers(not_shown.missing.into_iter()),
            too_large: self.numbers(not_shown.too_large.into_iter()),
        }
    }

    fn list(&self) -> &[[u8; 20]] {
        self.ids.list(|pack| self.packs.get(pack).map(|packed| &packed.index))
    }

    /// The places of other copies of an object in packs.
    fn copies(&self, number: u32) -> impl Iterator<Item = Place> + '_ {
        let start = self.copies.partition_point(|(other, _)| *other < number);
        let rest = self.copies.get(start..).unwrap_or_default();
        rest.iter().take_while(move |(other, _)| *other == number).map(|(_, place)| *place)
    }

    /// The numbers of rows, sorted.
    fn numbers(&self, rows: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut numbers: Vec<u32> = rows.map(|row| self.forest.number(row)).collect();
        numbers.sort_unstable();
        numbers
    }
}
