//! The history as a tree before a change saw it.

use crate::secrets::Past;
use crate::source::Source;

/// What of `past` was there before the change that led from `source` to HEAD: all but what commits brought that HEAD has
/// and `source` has not. Stashes, other branches and leftovers are no part of a change.
pub(super) fn before(past: &Past, source: &Source) -> Past {
    let head = source.git.as_ref().and_then(|git| git.head.as_ref());
    let (old, now) = (past.has(&source.at), head.map(|head| past.has(&head.commit)).unwrap_or_default());
    let mut before = past.clone();
    if !old.is_empty() {
        before.found.retain(|found| found.commit.is_none_or(|by| old.contains(&by) || !now.contains(&by)));
    }
    // What HEAD has is no matter of the tree before it.
    before.found.iter_mut().for_each(|found| found.in_head = false);
    before
}
