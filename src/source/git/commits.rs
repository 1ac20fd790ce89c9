//! The history: every commit that HEAD reaches, read once.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use git2::{Odb, Oid};
use rayon::prelude::*;

use super::identities::Spellings;
use super::objects;

/// A commit as read, before it is narrowed to PATH.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: Oid,
    pub(super) tree: Oid,
    pub(super) parents: Vec<Oid>,
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
#[derive(Debug, Default)]
pub(super) struct History {
    /// Newest first: by commit time, then by id.
    pub(super) nodes: Vec<Node>,
    pub(super) spellings: Spellings,
    /// Commits that could not be read.
    pub(super) missing: usize,
}

/// Commits at which the history was cut (`.git/shallow`).
pub(in crate::source) fn shallow(git: &Path) -> HashSet<Oid> {
    let text = fs::read_to_string(git.join("shallow")).unwrap_or_default();
    text.lines().filter_map(|line| Oid::from_str(line.trim()).ok()).collect()
}

/// Reads every commit from `head` back.
pub(super) fn read(odb: &Odb<'_>, head: Oid, shallow: &HashSet<Oid>) -> History {
    let mut history = History::default();
    let mut seen = HashSet::from([head]);
    let mut open = vec![head];
    while let Some(id) = open.pop() {
        let Some(node) = node(odb, id, shallow.contains(&id), &mut history.spellings) else {
            history.missing += 1;
            continue;
        };
        if !node.cut {
            open.extend(node.parents.iter().filter(|parent| seen.insert(**parent)));
        }
        history.nodes.push(node);
    }
    history.nodes.sort_by(|a, b| b.committed.cmp(&a.committed).then(a.id.cmp(&b.id)));
    history
}

fn node(odb: &Odb<'_>, id: Oid, cut: bool, spellings: &mut Spellings) -> Option<Node> {
    let object = odb.read(id).ok().filter(|object| object.kind() == git2::ObjectType::Commit)?;
    let raw = objects::commit(object.data())?;
    let by = objects::signature(raw.author);
    let author = spellings.number(by.name, by.email);
    let mut co_authors = Vec::new();
    // git itself counts a trailer only at the end of the message; tools put this one anywhere.
    for line in raw.message.split(|byte| *byte == b'\n') {
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
    let subject = raw.message.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or_default();
    Some(Node {
        id,
        tree: raw.tree,
        cut,
        committed: raw.committed,
        time: by.time,
        offset: by.offset,
        author,
        co_authors,
        subject: String::from_utf8_lossy(subject.get(..500).unwrap_or(subject)).trim_end().to_owned(),
        parents: raw.parents,
    })
}

/// The folder PATH in one commit: `None` where it does not exist.
pub(in crate::source) type Root = Option<Oid>;

/// PATH in every commit, in the order of `nodes`. `None` when trees are missing.
pub(super) fn roots(odb: &Odb<'_>, nodes: &[Node], prefix: &[u8]) -> Option<Vec<Root>> {
    if prefix.is_empty() {
        return Some(nodes.iter().map(|node| Some(node.tree)).collect());
    }
    let chunks: Option<Vec<Vec<Root>>> = nodes
        .par_chunks(128)
        .map(|chunk| {
            // Most commits share their upper folders with the next.
            let mut known: HashMap<(Oid, usize), Root> = HashMap::new();
            chunk.iter().map(|node| below(odb, node.tree, prefix, &mut known)).collect()
        })
        .collect();
    Some(chunks?.into_iter().flatten().collect())
}

/// The folder PATH in one tree.
pub(in crate::source) fn folder_in(odb: &Odb<'_>, tree: Oid, prefix: &[u8]) -> Root {
    if prefix.is_empty() { Some(tree) } else { below(odb, tree, prefix, &mut HashMap::new()).flatten() }
}

fn below(odb: &Odb<'_>, tree: Oid, prefix: &[u8], known: &mut HashMap<(Oid, usize), Root>) -> Option<Root> {
    let mut here = tree;
    for (depth, name) in prefix.split(|byte| *byte == b'/').enumerate() {
        let found = match known.get(&(here, depth)) {
            Some(found) => *found,
            None => {
                let object = odb.read(here).ok()?;
                let found = objects::entries(object.data())
                    .find(|entry| entry.is_folder() && entry.name == name)
                    .map(|entry| entry.id);
                known.insert((here, depth), found);
                found
            }
        };
        match found {
            Some(id) => here = id,
            None => return Some(None),
        }
    }
    Some(Some(here))
}

/// Positions in `nodes` of the commits that touch PATH: at the top of the repository all of them, else
/// those in which the folder differs from what every parent has.
pub(super) fn touching(nodes: &[Node], roots: &[Root], prefix: &[u8]) -> Vec<usize> {
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
pub(super) fn positions(nodes: &[Node]) -> HashMap<Oid, usize> {
    nodes.iter().enumerate().map(|(i, node)| (node.id, i)).collect()
}

/// The parents that the repository has.
pub(super) fn parents(node: &Node) -> &[Oid] {
    if node.cut { &[] } else { &node.parents }
}
