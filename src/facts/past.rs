//! The history as a tree before a change saw it.

use crate::secrets::Past;
use crate::source::{PastCommit, Source};

/// What of `past` was there before the change that led from `source` to HEAD: all but what commits brought that HEAD has
/// and `source` has not. Stashes, other branches and leftovers are no part of a change.
pub(super) fn before(past: &Past, source: &Source) -> Past {
    let position = |id: &str| past.commits.iter().position(|commit| commit.id == id);
    let head = source.git.as_ref().and_then(|git| git.head.as_ref());
    let (Some(base), Some(head)) = (position(&source.at), head.and_then(|head| position(&head.commit)))
    else {
        return past.clone();
    };
    let (old, now) = (ancestors(&past.commits, base), ancestors(&past.commits, head));
    let holds = |set: &[bool], commit: u32| set.get(commit as usize).copied().unwrap_or(false);
    let was_there = |commit: u32| holds(&old, commit) || !holds(&now, commit);
    let mut before = past.clone();
    before.found.retain(|found| found.commit.is_none_or(was_there));
    before
}

/// For each commit whether it is the one at `from` or an ancestor of it. Parents stand before children.
fn ancestors(commits: &[PastCommit], from: usize) -> Vec<bool> {
    let mut is = vec![false; commits.len()];
    if let Some(first) = is.get_mut(from) {
        *first = true;
    }
    for (i, commit) in commits.iter().enumerate().rev() {
        if is.get(i).copied().unwrap_or(false) {
            for parent in &commit.parents {
                if let Some(parent) = is.get_mut(*parent as usize) {
                    *parent = true;
                }
            }
        }
    }
    is
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Reached;

    fn commits(parents: &[&[u32]]) -> Vec<PastCommit> {
        let commit = |(i, parents): (usize, &&[u32])| PastCommit {
            id: i.to_string(),
            author: String::new(),
            date: String::new(),
            reached: Reached::Branches,
            parents: parents.to_vec(),
        };
        parents.iter().enumerate().map(commit).collect()
    }

    #[test]
    fn ancestors_over_merges() {
        // 0 ─ 1 ─ 3 (merge of 2) ─ 4;  0 ─ 2;  0 ─ 5
        let history = commits(&[&[], &[0], &[0], &[1, 2], &[3], &[0]]);
        assert_eq!(ancestors(&history, 3), [true, true, true, true, false, false]);
        assert_eq!(ancestors(&history, 5), [true, false, false, false, false, true]);
    }
}
