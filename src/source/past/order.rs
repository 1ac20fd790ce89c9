//! Commits, parents before children, and what keeps each.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Reached;
use super::structure::{Object, Structure};

/// Every commit's position in [`Structure::commits`], parents before children; else by commit time, then by id.
pub(super) fn oldest_first(structure: &Structure) -> Vec<u32> {
    let commits = &structure.commits;
    let count = commits.len();
    // Children of each commit, in one list: those of `i` are `children[starts[i]..starts[i + 1]]`.
    let mut starts = vec![0u32; count + 1];
    let mut waits = vec![0u32; count];
    let parents = |i: usize| {
        let parents = commits.get(i).map(|commit| &*commit.parents).unwrap_or_default();
        parents.iter().filter_map(|parent| structure.commit(*parent)).map(|parent| parent as usize)
    };
    for i in 0..count {
        for parent in parents(i) {
            bump(&mut starts, parent + 1);
            bump(&mut waits, i);
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut next = starts.clone();
    let mut children = vec![0u32; sum as usize];
    for i in 0..count {
        for parent in parents(i) {
            let at = next.get(parent).copied().unwrap_or(0) as usize;
            if let Some(slot) = children.get_mut(at) {
                *slot = u32::try_from(i).unwrap_or(u32::MAX);
            }
            bump(&mut next, parent);
        }
    }
    let key = |i: usize| Reverse((commits.get(i).map_or(0, |commit| commit.committed), i));
    let mut open: BinaryHeap<_> = (0..count).filter(|i| waits.get(*i) == Some(&0)).map(key).collect();
    let mut order = Vec::with_capacity(count);
    let mut done = vec![false; count];
    // Only in a damaged repository can a commit be its own ancestor; the oldest of such go next.
    let mut rest: Option<Vec<usize>> = None;
    loop {
        let Some(Reverse((_, i))) = open.pop() else {
            if order.len() == count {
                return order;
            }
            let rest = rest.get_or_insert_with(|| {
                let mut rest: Vec<usize> = (0..count).collect();
                rest.sort_by_key(|i| key(*i));
                rest
            });
            // Sorted by `Reverse`: the oldest is the last.
            match rest.pop() {
                Some(i) => open.push(key(i)),
                None => return order,
            }
            continue;
        };
        let Some(slot) = done.get_mut(i).filter(|done| !**done) else { continue };
        *slot = true;
        order.push(u32::try_from(i).unwrap_or(u32::MAX));
        let (start, end) = (starts.get(i).copied().unwrap_or(0), starts.get(i + 1).copied().unwrap_or(0));
        for child in children.get(start as usize..end as usize).unwrap_or_default() {
            let child = *child as usize;
            if let Some(left) = waits.get_mut(child) {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    open.push(key(child));
                }
            }
        }
    }
}

fn bump(counts: &mut [u32], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count += 1;
    }
}

/// What commits are kept by, and what else their tips name.
pub(super) struct Kept {
    /// For each commit, in the order of [`Structure::commits`].
    pub(super) by: Vec<Reached>,
    /// Trees and blobs that tags or references name themselves, by number.
    pub(super) others: Vec<(u32, Reached)>,
    /// Tags that something reaches, by position.
    pub(super) tags: Vec<u32>,
    /// Commits that are named and not there.
    pub(super) missing: Vec<(u32, Reached)>,
}

/// Goes from the tips of each sort to everything that they reach, and nothing before reached.
pub(super) fn kept(structure: &Structure, tips: &[(Reached, Vec<u32>)], cut: &[bool]) -> Kept {
    let mut kept = Kept {
        by: vec![Reached::Nothing; structure.commits.len()],
        others: Vec::new(),
        tags: Vec::new(),
        missing: Vec::new(),
    };
    let mut seen = vec![false; structure.len()];
    for (reached, tips) in tips {
        let mut open = tips.clone();
        while let Some(number) = open.pop() {
            let Some(seen) = seen.get_mut(number as usize).filter(|seen| !**seen) else { continue };
            *seen = true;
            match structure.object(number) {
                Object::Commit(position) => {
                    if let Some(slot) = kept.by.get_mut(position as usize) {
                        *slot = *reached;
                    }
                    // What a shallow clone cut off is not missing, and if it is there, nothing reaches it.
                    if !cut.get(position as usize).is_some_and(|cut| *cut) {
                        let commit = structure.commits.get(position as usize);
                        open.extend(commit.iter().flat_map(|commit| commit.parents.iter()));
                    }
                }
                Object::Tag(position) => {
                    kept.tags.push(position);
                    open.extend(structure.tags.get(position as usize).map(|tag| tag.target));
                }
                Object::Tree | Object::Blob => kept.others.push((number, *reached)),
                Object::Missing => kept.missing.push((number, *reached)),
            }
        }
    }
    kept.others.sort_unstable();
    kept.tags.sort_unstable();
    kept
}
