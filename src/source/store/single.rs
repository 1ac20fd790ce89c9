//! Decoding one object: from its base, or by itself along its chain of deltas.

use std::sync::Arc;

use git2::{ObjectType, Oid};

use super::delta::Edits;
use super::forest::Place;
use super::inflate::{Content, Fault, Tools};
use super::pack::Form;
use super::{Kind, Store, loose};

/// git makes no longer chains (`pack.depth` is at most 4,095).
const LONGEST_CHAIN: usize = 5_000;

impl Store {
    /// Decodes the copy that the forest has of an object. `base` is the content of what it is made of there.
    pub(super) fn decode(
        &self,
        tools: &mut Tools,
        row: u32,
        base: Option<&[u8]>,
        cap: u64,
        edits: Option<&mut Edits>,
    ) -> Result<Arc<Content>, Fault> {
        let place = self.forest.place(row).ok_or(Fault::Damaged)?;
        let kind = self.forest.kind(row).ok_or(Fault::Damaged)?;
        let content = self.step(tools, place, self.forest.number(row), base, cap, edits)?;
        self.proven(place, self.forest.number(row), kind, content)
    }

    /// Decodes what stands at a place: whole, or a delta of `base`.
    fn step(
        &self,
        tools: &mut Tools,
        place: Place,
        number: u32,
        base: Option<&[u8]>,
        cap: u64,
        edits: Option<&mut Edits>,
    ) -> Result<Arc<Content>, Fault> {
        let (Some(pack), offset) = place.split() else {
            let loose = self.loose.get(place.split().1 as usize).ok_or(Fault::Damaged)?;
            let folder = self.folders.get(usize::from(loose.folder)).ok_or(Fault::Damaged)?;
            return decode_loose(tools, loose, &loose::path(folder, &self.id(number)), cap);
        };
        let pack = &self.packs.get(pack).ok_or(Fault::Damaged)?.pack;
        let entry = pack.entry(offset).ok_or(Fault::Damaged)?;
        let deflated = pack.from(entry.data);
        match (entry.form, base) {
            (Form::Whole(_), _) => tools.whole(deflated, entry.size, cap),
            (_, Some(base)) => tools.delta(deflated, entry.size, cap, base, edits),
            (_, None) => Err(Fault::Damaged),
        }
    }

    /// An object of a pack that is not the one its index is about has to be what its id says.
    fn proven(
        &self,
        place: Place,
        number: u32,
        kind: Kind,
        content: Arc<Content>,
    ) -> Result<Arc<Content>, Fault> {
        let pack = place.split().0.and_then(|pack| self.packs.get(pack));
        if pack.is_none_or(|packed| packed.pack.trusted) {
            return Ok(content);
        }
        let id = Oid::hash_object(git_kind(kind), content.bytes());
        let same = id.is_ok_and(|id| id.as_bytes() == self.id(number));
        if same { Ok(content) } else { Err(Fault::Damaged) }
    }

    /// Decodes any other copy of an object: in another pack, or loose. Follows at most `links` links of chains, and says
    /// how many are left.
    pub(super) fn other_copy(
        &self,
        tools: &mut Tools,
        row: u32,
        cap: u64,
        links: &mut usize,
    ) -> Result<Arc<Content>, Fault> {
        let number = self.forest.number(row);
        let kind = self.forest.kind(row).ok_or(Fault::Damaged)?;
        for place in self.copies(number) {
            match self.alone(tools, place, number, cap, links) {
                Ok((found, content)) if found == kind => return Ok(content),
                Err(Fault::TooLarge) => return Err(Fault::TooLarge),
                _ => {}
            }
        }
        for (found, content) in self.loose_copies(tools, number, cap) {
            if found == kind {
                return Ok(content);
            }
        }
        Err(Fault::Damaged)
    }

    /// Loose copies of an object that is also in a pack.
    fn loose_copies(&self, tools: &mut Tools, number: u32, cap: u64) -> Vec<(Kind, Arc<Content>)> {
        let paths = self.folders.iter().map(|folder| loose::path(folder, &self.id(number)));
        let decoded = paths.filter_map(|path| {
            let loose = loose::open(&path, &mut tools.inflater);
            Some((loose.head?.kind, decode_loose(tools, &loose, &path, cap).ok()?))
        });
        decoded.take(1).collect()
    }

    /// Decodes an object by itself: the end of its chain first, then delta by delta.
    pub(super) fn alone(
        &self,
        tools: &mut Tools,
        place: Place,
        number: u32,
        cap: u64,
        links: &mut usize,
    ) -> Result<(Kind, Arc<Content>), Fault> {
        let (kind, chain) = self.chain(place, number, links).ok_or(Fault::Damaged)?;
        let mut content: Option<Arc<Content>> = None;
        for (place, number) in chain.iter().rev() {
            let base = content.as_ref().map(|content| content.bytes());
            let next = self.step(tools, *place, *number, base, cap.max(super::decode::LARGEST_BASE), None);
            if let Some(base) = content.take() {
                tools.give_back(base);
            }
            content = Some(next?);
        }
        let content = content.ok_or(Fault::Damaged)?;
        if content.bytes().len() as u64 > cap {
            return Err(Fault::TooLarge);
        }
        Ok((kind, self.proven(place, number, kind, content)?))
    }

    /// What leads from an object to one that is whole, and the kind of that.
    pub(super) fn chain(
        &self,
        place: Place,
        number: u32,
        links: &mut usize,
    ) -> Option<(Kind, Vec<(Place, u32)>)> {
        let mut chain = vec![(place, number)];
        loop {
            let &(place, number) = chain.last()?;
            let (Some(pack), offset) = place.split() else {
                return Some((self.loose.get(place.split().1 as usize)?.head?.kind, chain));
            };
            *links = links.checked_sub(1)?;
            if chain.len() > LONGEST_CHAIN {
                return None;
            }
            match self.packs.get(pack)?.pack.entry(offset)?.form {
                Form::Whole(kind) => return Some((kind, chain)),
                // The number is of no use for what is in a pack.
                Form::OffsetDelta(back) => {
                    chain.push((Place::packed(pack, offset.checked_sub(back)?)?, number))
                }
                Form::RefDelta(id) => {
                    let base = self.number(&id)?;
                    chain.push((self.forest.place(self.forest.row(base)?)?, base));
                }
            }
        }
    }
}

fn decode_loose(
    tools: &mut Tools,
    loose: &loose::Loose,
    path: &std::path::Path,
    cap: u64,
) -> Result<Arc<Content>, Fault> {
    let mut content = tools.take(0);
    let own = Arc::get_mut(&mut content).ok_or(Fault::Damaged)?;
    own.start = loose.decode(path, cap, &mut tools.inflater, &mut own.buffer)?;
    own.end = own.buffer.len();
    Ok(content)
}

fn git_kind(kind: Kind) -> ObjectType {
    match kind {
        Kind::Commit => ObjectType::Commit,
        Kind::Tree => ObjectType::Tree,
        Kind::Blob => ObjectType::Blob,
        Kind::Tag => ObjectType::Tag,
    }
}
