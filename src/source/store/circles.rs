//! Deltas that are made of each other: neither git nor libgit2 notices, and both follow them for ever.

use std::path::Path;

use rayon::prelude::*;

use super::listing::{self, Packed};
use super::pack::Form;

/// Whether a pack of the repository has deltas that are made of each other, so that nothing but [`super::Store`] may read
/// it. `common` is the git folder that worktrees share.
pub(in crate::source) fn has_circle(common: &Path) -> bool {
    listing::packs(common).iter().any(|packed| names_a_base(packed) && circles(packed))
}

/// Whether any delta names its base by id. Only such a base may stand after what is made of it; few packs have one.
fn names_a_base(packed: &Packed) -> bool {
    (0..packed.index.len()).into_par_iter().with_min_len(8_192).any(|position| {
        let start = packed.index.offset(position).and_then(|offset| usize::try_from(offset).ok());
        start.is_some_and(|start| packed.pack.from(start).first().is_some_and(|byte| byte >> 4 & 7 == 7))
    })
}

fn circles(packed: &Packed) -> bool {
    let mut objects: Vec<(u64, [u8; 20])> = (0..packed.index.len())
        .filter_map(|position| Some((packed.index.offset(position)?, packed.index.id(position)?)))
        .collect();
    let mut ids: Vec<([u8; 20], u64)> = objects.iter().map(|(offset, id)| (*id, *offset)).collect();
    objects.sort_unstable();
    ids.sort_unstable();
    let position = |offset: u64| objects.binary_search_by_key(&offset, |(offset, _)| *offset).ok();
    let base = |at: usize| {
        let offset = objects.get(at)?.0;
        match packed.pack.entry(offset)?.form {
            Form::Whole(_) => None,
            Form::OffsetDelta(back) => position(offset.checked_sub(back)?),
            Form::RefDelta(id) => {
                let found = ids.binary_search_by_key(&id, |(id, _)| *id).ok()?;
                position(ids.get(found)?.1)
            }
        }
    };
    // Each object is walked over once: `walk` says in which walk it was.
    let mut walk = vec![0u32; objects.len()];
    for start in 0..objects.len() {
        let mut at = Some(start);
        while let Some(slot) = at.and_then(|at| walk.get_mut(at)) {
            if *slot != 0 {
                if *slot == start as u32 + 1 {
                    return true;
                }
                break;
            }
            *slot = start as u32 + 1;
            at = at.and_then(base);
        }
    }
    false
}
