//! The history: every commit that HEAD reaches, read once.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use super::identities::Spellings;
use super::objects;
use super::reading::Objects;
use crate::source::past::structure::{Commit, Structure};
use crate::source::past::walk::Below;
use git2::Oid;

/// A commit as read, before it is narrowed to PATH. Objects go by number: see [`Structure`].
pub(super) struct Node<'a> {
    pub(super) number: u32,
    pub(super) tree: u32,
    pub(super) parents: &'a [u32],
    /// Whether its parents are known to be cut off (`git clone --depth`).
    pub(super) cut: bool,
    pub(super) committed: i64,
    pub(super) time: i64,
    pub(super) offset: i64,
    /// Spelling of the author.
    pub(super) author: usize,
    /// Spellings of the co-authors.
    pub(super) co_authors: Vec<usize>,
    pub(super) subject: String,
}

/// The whole history.
#[derive(Default)]
pub(super) struct History<'a> {
    /// Newest first: by commit time, then by id.
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) spellings: Spellings,
    /// Commits that could not be read.
    pub(super) missing: usize,
}

/// Commits at which the history was cut (`.git/shallow`).
pub(in crate::source) fn shallow(git: &Path) -> HashSet<Oid> {
    let text = fs::read_to_string(git.join("shallow")).unwrap_or_default();
    text.lines().filter_map(|line| Oid::from_str(line.trim()).ok()).collect()
}

/// Every commit from `head` back.
pub(super) fn read<'a>(structure: &'a Structure, head: Oid, shallow: &HashSet<Oid>) -> History<'a> {
    let mut history = History::default();
    let shallow: HashSet<u32> = shallow.iter().filter_map(|id| structure.number(*id)).collect();
    let head = structure.number(head);
    history.missing += usize::from(head.is_none());
    let mut open: Vec<u32> = head.into_iter().collect();
    let mut seen: HashSet<u32> = open.iter().copied().collect();
    while let Some(number) = open.pop() {
        let commit = structure.commit(number).and_then(|at| structure.commits.get(at as usize));
        let Some(commit) = commit else {
            history.missing += 1;
            continue;
        };
        let node = node(commit, shallow.contains(&number), &mut history.spellings);
        open.extend(parents(&node).iter().filter(|parent| seen.insert(**parent)));
        history.nodes.push(node);
    }
    // Numbers are in the order of ids.
    history.nodes.sort_by(|a, b| b.committed.cmp(&a.committed).then(a.number.cmp(&b.number)));
    history
}

fn node<'a>(commit: &'a Commit, cut: bool, spellings: &mut Spellings) -> Node<'a> {
    let by = commit.author();
    let author = spellings.number(by.name, by.email);
    let mut co_authors = Vec::new();
    // git itself counts a trailer only at the end of the message; tools put this one anywhere.
    for line in commit.message.split(|byte| *byte == b'\n') {
        const TRAILER: &[u8] = b"co-authored-by:";
        let is_trailer = line.get(..TRAILER.len()).is_some_and(|start| start.eq_ignore_ascii_case(TRAILER));
        if is_trailer {
            let who = objects::signature(line.get(TRAILER.len()..).unwrap_or_default());
            let number = spellings.number(who.name, who.email);
            if !who.email.is_empty() && !co_authors.contains(&number) && co_authors.len() < 50 {
                co_authors.push(number);
            }
        }
    }
    let subject = commit.message.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or_default();
    Node {
        number: commit.number,
        tree: commit.tree,
        parents: &commit.parents,
        cut,
        committed: commit.committed,
        time: by.time,
        offset: by.offset,
        author,
        co_authors,
        subject: String::from_utf8_lossy(subject.get(..500).unwrap_or(subject)).trim_end().to_owned(),
    }
}

/// The number of folder PATH in one commit: `None` where it does not exist.
pub(super) type Root = Option<u32>;

/// PATH in every commit, in the order of `nodes`. `None` when trees are missing.
pub(super) fn roots(structure: &Structure, nodes: &[Node<'_>], prefix: &[u8]) -> Option<Vec<Root>> {
    let mut below = Below::new(structure, prefix);
    nodes.iter().map(|node| below.root(node.tree)).collect()
}

/// The folder PATH in one tree.
pub(in crate::source) fn folder_in(objects: &Objects<'_>, tree: Oid, prefix: &[u8]) -> Option<Oid> {
    let mut names = prefix.split(|byte| *byte == b'/').filter(|name| !name.is_empty());
    names.try_fold(tree, |here, name| {
        let object = objects.read(here)?;
        objects::entries(object.data())
            .find(|entry| entry.is_folder() && entry.name == name)
            .map(|entry| entry.id)
    })
}

/// Positions in `nodes` of the commits that touch PATH: at the top of the repository all of them, else
/// those in which the folder differs from what every parent has.
pub(super) fn touching(nodes: &[Node<'_>], roots: &[Root], prefix: &[u8]) -> Vec<usize> {
    if prefix.is_empty() {
        return (0..nodes.len()).collect();
    }
    let by_id = positions(nodes);
    (0..nodes.len())
        .filter(|&i| {
            let (Some(node), Some(root)) = (nodes.get(i), roots.get(i)) else { return false };
            let known: Vec<Root> =
                parents(node).iter().filter_map(|parent| roots.get(*by_id.get(parent)?).copied()).collect();
            if known.is_empty() { root.is_some() } else { known.iter().all(|parent| parent != root) }
        })
        .collect()
}

/// Position of each commit in `nodes`.
pub(super) fn positions(nodes: &[Node<'_>]) -> HashMap<u32, usize> {
    nodes.iter().enumerate().map(|(i, node)| (node.number, i)).collect()
}

/// The parents that the repository has.
pub(super) fn parents<'a>(node: &Node<'a>) -> &'a [u32] {
    if node.cut { &[] } else { node.parents }
}
