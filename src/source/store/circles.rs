//! Deltas that are made of each other: neither git nor libgit2 notices, and both follow them for ever.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::folders;
use super::listing::{self, Packed};
use super::pack::Form;

/// The packs of a repository, as chains of deltas. Asked of each object before libgit2 reads it: to look at all of a
/// large pack would take longer than reading what a checkout needs of it.
pub(in crate::source) struct Chains {
    packs: Vec<Packed>,
    /// Pack and offset of objects whose chains come to an end.
    ending: Mutex<HashSet<(usize, u64)>>,
    /// No object may be read.
    barred: bool,
}

impl Chains {
    /// Of a repository; `common` is the git folder that worktrees share.
    pub(in crate::source) fn of(common: &Path) -> Chains {
        // An index over all packs may say of any object that it is anywhere: `gitformat-pack(5)`.
        let over_all = |folder: &Path| folder.join("pack/multi-pack-index").exists();
        let barred = folders::folders(common).0.iter().any(|folder| over_all(folder)) && has_circle(common);
        Chains { packs: listing::packs(common), ending: Mutex::default(), barred }
    }

    /// Whether following the deltas of this object comes to an end, in each pack that has it.
    pub(in crate::source) fn end(&self, id: &[u8]) -> bool {
        if self.barred {
            return false;
        }
        let mut ending = self.ending.lock().unwrap_or_else(PoisonError::into_inner);
        self.packs.iter().enumerate().all(|(number, packed)| match offset(packed, id) {
            Some(offset) => ends(packed, number, offset, &mut ending),
            None => true,
        })
    }
}

fn ends(packed: &Packed, number: usize, start: u64, ending: &mut HashSet<(usize, u64)>) -> bool {
    let mut walked = HashSet::new();
    let mut at = Some(start);
    while let Some(here) = at.filter(|here| !ending.contains(&(number, *here))) {
        if !walked.insert((number, here)) {
            return false;
        }
        at = base(packed, here);
    }
    ending.extend(walked);
    true
}

/// Where an object is in a pack.
fn offset(packed: &Packed, id: &[u8]) -> Option<u64> {
    packed.index.offset(packed.index.position(id)?)
}

/// What the delta at an offset is made of.
fn base(packed: &Packed, at: u64) -> Option<u64> {
    match packed.pack.entry(at)?.form {
        Form::Whole(_) => None,
        Form::OffsetDelta(back) => at.checked_sub(back),
        Form::RefDelta(id) => offset(packed, &id),
    }
}

/// Whether any pack of the repository has deltas that are made of each other, so that libgit2 must not walk through it.
pub(in crate::source) fn has_circle(common: &Path) -> bool {
    listing::packs(common).iter().any(|packed| {
        let mut starts: Vec<u64> =
            (0..packed.index.len()).filter_map(|position| packed.index.offset(position)).collect();
        // As they stand in the pack: in the order of their ids, nearly each would be a page that no cache holds.
        starts.sort_unstable();
        let mut ending = HashSet::new();
        names_a_base(packed, &starts) && !starts.iter().all(|start| ends(packed, 0, *start, &mut ending))
    })
}

/// Whether any delta names its base by id. Only such a base may stand after what is made of it; few packs have one.
fn names_a_base(packed: &Packed, starts: &[u64]) -> bool {
    starts.iter().any(|start| {
        let start = usize::try_from(*start).ok();
        start.is_some_and(|start| packed.pack.from(start).first().is_some_and(|byte| byte >> 4 & 7 == 7))
    })
}
