//! Puts the repository together: branches, history, authors, folders, uncommitted work.

use std::collections::{BTreeMap, HashMap};

use git2::{Oid, Repository};
use rayon::prelude::*;

use super::commits::{self, Node, Root};
use super::folders::{Diff, Differ, Unreadable};
use super::reading::Objects;
use super::refs::{self, HeadState};
use super::repository::{self, Place};
use super::status::{self, Status};
use super::{Change, Commit, Folder, Git, HistoryState, date, identities, objects};
use crate::source::Exclude;
use crate::source::past::Attribution;
use crate::source::past::structure::Structure;
use crate::source::past::tips;
use crate::source::paths;
use crate::source::store::Store;

/// Files are compared for at most so many commits, from the newest.
const COMPARED: usize = 2_000;
/// Commits that one task compares: neighbours share most trees.
const CHUNK: usize = 64;

/// Fills `git` from an opened repository. With `history`, also from the past of what is not excluded.
pub(super) fn fill(
    git: &mut Git,
    notes: &mut Vec<String>,
    opened: &Repository,
    place: &Place,
    history: Option<Option<&Exclude>>,
) {
    let readable = Objects::of(opened).ok();
    let head = match refs::head(git, opened, readable.as_ref()) {
        HeadState::Commit(id) => Some(id),
        HeadState::Unborn => {
            git.history = HistoryState::Empty;
            None
        }
        HeadState::Broken => {
            notes.push("HEAD points to a commit that can't be read: the history is unknown.".to_owned());
            None
        }
    };
    refs::fill(git, notes, opened);
    let Some(readable) = readable else {
        notes.push("The repository's objects can't be read: the history is unknown.".to_owned());
        return;
    };
    let git_folder = opened.path().to_path_buf();
    let partial = refs::is_partial(opened);
    let head_tree = head.and_then(|id| {
        let object = readable.read(id)?;
        objects::commit(object.data()).map(|commit| commit.tree)
    });
    let head_root = head_tree.and_then(|tree| commits::folder_in(&readable, tree, &place.prefix));

    let objects = history.map(|exclude| {
        let (store, notes) = Store::open(opened);
        (tips::read(opened), store, notes, exclude)
    });
    let (work, past) = rayon::join(
        || {
            let index = repository::index(&git_folder)?;
            let known = git.head.is_some() || git.history == HistoryState::Empty;
            let status = known.then(|| status::status(&readable, &index, place, head_root));
            Some((refs::submodules(&index, &place.prefix), status))
        },
        || {
            let (tips, store, notes, exclude) = objects?;
            let structure = Structure::read(store, notes);
            let (attributed, past) = rayon::join(
                || Attribution::of(&structure, &tips, &place.prefix, exclude),
                || head.map(|head| past(&structure, head, &tips.cut, place, head_root)),
            );
            Some((attributed.finish(structure, partial), past))
        },
    );
    let past = past.and_then(|(attribution, past)| {
        git.past = attribution.into();
        past
    });
    match work {
        Some((submodules, status)) => {
            git.submodules = submodules;
            note_status(notes, status.as_ref());
            git.dirty = status.map(|status| status.dirty).unwrap_or_default();
        }
        None => notes.push("The index is damaged: which files are tracked or changed is unknown.".to_owned()),
    }
    if let Some(past) = past {
        let (is_shallow, missing, compared) = (past.cut > 0, past.missing, past.compared);
        git.history = match (is_shallow, partial || missing > 0, past.commits.is_empty()) {
            (true, _, _) => HistoryState::Shallow,
            (_, true, _) => HistoryState::Partial,
            (_, _, true) => HistoryState::Empty,
            _ => HistoryState::Full,
        };
        if missing > 0 {
            notes.push(format!(
                "{missing} commit(s) of the history are missing or damaged; what is older is unknown."
            ));
        }
        match compared {
            Compared::All => {}
            Compared::Newest => notes.push(format!(
                "Who changed which folder was counted over the newest {COMPARED} of {} commits.",
                past.commits.len()
            )),
            Compared::Missing if partial => notes.push(
                "The clone was made without old folders (git clone --filter): who changed which folder is unknown."
                    .to_owned(),
            ),
            Compared::Missing => notes.push(
                "Folders of old commits are missing or damaged: who changed which folder is unknown.".to_owned(),
            ),
        }
        git.commits = past.commits;
        git.authors = past.authors;
        git.folders = past.folders;
        git.folders_commits = past.folders_commits;
    }
}

fn note_status(notes: &mut Vec<String>, status: Option<&Status>) {
    let Some(status) = status else { return };
    if status.unsure > 0 {
        notes.push(format!("{} tracked file(s) could not be compared with HEAD.", status.unsure));
    }
    if !status.complete {
        notes.push("Not all files of HEAD could be listed: what is staged is unknown.".to_owned());
    }
}

/// The history below PATH.
struct Past {
    commits: Vec<Commit>,
    authors: Vec<super::Author>,
    folders: Vec<Folder>,
    folders_commits: u32,
    cut: usize,
    missing: usize,
    compared: Compared,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compared {
    All,
    Newest,
    Missing,
}

fn past(
    structure: &Structure,
    head: Oid,
    shallow: &std::collections::HashSet<Oid>,
    place: &Place,
    head_root: Option<Oid>,
) -> Past {
    let history = commits::read(structure, head, shallow);
    let nodes = &history.nodes;
    let roots = commits::roots(structure, nodes, &place.prefix);
    let touching =
        roots.as_ref().map(|roots| commits::touching(nodes, roots, &place.prefix)).unwrap_or_default();

    let newest = touching.get(..COMPARED).unwrap_or(&touching);
    let diffs = roots.as_ref().and_then(|roots| compare(structure, nodes, roots, newest));
    let compared = match &diffs {
        None => Compared::Missing,
        Some(_) if newest.len() < touching.len() => Compared::Newest,
        Some(_) => Compared::All,
    };
    let diffs = diffs.unwrap_or_default();

    let used = |i: &usize| nodes.get(*i);
    let spelled = touching.iter().filter_map(used).map(|node| node.author);
    let helped = touching.iter().filter_map(used).flat_map(|node| node.co_authors.iter().copied());
    let mailmap = identities::mailmap(&place.top);
    let (authors, of) = history.spellings.authors(mailmap.as_ref(), spelled.chain(helped));
    let author = |spelling: usize| of.get(spelling).copied().unwrap_or(0);

    let commits: Vec<Commit> = touching
        .iter()
        .filter_map(used)
        .enumerate()
        .map(|(i, node)| {
            let delta = diffs.get(i).map(|diff| diff.delta).unwrap_or_default();
            let mut co_authors: Vec<usize> =
                node.co_authors.iter().map(|spelling| author(*spelling)).collect();
            co_authors.sort_unstable();
            co_authors.dedup();
            Commit {
                id: structure.id(node.number).to_string(),
                author: author(node.author),
                co_authors,
                time: node.time,
                date: date::day(node.time, node.offset),
                subject: node.subject.clone(),
                parents: u32::try_from(node.parents.len()).unwrap_or(u32::MAX),
                added: delta.added,
                changed: delta.changed,
            }
        })
        .collect();
    let head_root = head_root.and_then(|root| structure.number(root));
    let folders = folders(structure, &commits, &diffs, head_root);
    Past {
        folders_commits: u32::try_from(diffs.len()).unwrap_or(u32::MAX),
        commits,
        authors,
        folders,
        cut: nodes.iter().filter(|node| node.cut).count(),
        missing: history.missing,
        compared,
    }
}

/// What each of the `wanted` commits changes. `None` when trees are missing.
fn compare(structure: &Structure, nodes: &[Node<'_>], roots: &[Root], wanted: &[usize]) -> Option<Vec<Diff>> {
    let by_id = commits::positions(nodes);
    let chunks: Result<Vec<Vec<Diff>>, Unreadable> = wanted
        .par_chunks(CHUNK)
        .map(|chunk| {
            let mut differ = Differ::new(structure);
            let one = |i: &usize| {
                let (Some(node), Some(new)) = (nodes.get(*i), roots.get(*i)) else {
                    return Ok(Diff::default());
                };
                let old = match node.parents {
                    [] => None,
                    // Neither a merge nor a commit whose parent was cut off tells what its author did.
                    [parent] if !node.cut => match by_id.get(parent).and_then(|i| roots.get(*i)) {
                        Some(old) => *old,
                        None => return Ok(Diff::default()),
                    },
                    _ => return Ok(Diff::default()),
                };
                differ.diff(old, *new)
            };
            chunk.iter().map(one).collect()
        })
        .collect();
    Some(chunks.ok()?.into_iter().flatten().collect())
}

/// Adds up the differences by folder and author, for folders that HEAD still has.
fn folders(structure: &Structure, commits: &[Commit], diffs: &[Diff], head: Root) -> Vec<Folder> {
    let mut sums: HashMap<&[u8], BTreeMap<usize, u32>> = HashMap::new();
    for (commit, diff) in commits.iter().zip(diffs) {
        for (folder, files) in &diff.folders {
            let sum = sums.entry(folder).or_default().entry(commit.author).or_default();
            *sum = sum.saturating_add(*files);
        }
    }
    let mut folders: Vec<Folder> = head_folders(structure, head)
        .into_iter()
        .filter_map(|path| {
            let changes = sums.get(path.as_slice())?;
            let changes = changes.iter().map(|(author, files)| Change { author: *author, files: *files });
            Some(Folder { path: paths::shown(&path), changes: changes.collect() })
        })
        .collect();
    folders.sort_by(|a, b| a.path.cmp(&b.path));
    folders
}

/// PATH and its folders in HEAD, two levels deep.
fn head_folders(structure: &Structure, head: Root) -> Vec<Vec<u8>> {
    let names = &structure.names;
    let below = |folder: &[u8], tree: u32| -> Vec<(Vec<u8>, u32)> {
        let entries = structure.tree(tree).unwrap_or_default().iter();
        entries
            .filter(|(label, _)| names.is_folder(*label))
            .map(|(label, tree)| (paths::join(folder, names.name(*label)), *tree))
            .collect()
    };
    let Some(head) = head else { return Vec::new() };
    let mut all = vec![Vec::new()];
    for (folder, tree) in below(&[], head) {
        all.extend(below(&folder, tree).into_iter().map(|(path, _)| path));
        all.push(folder);
    }
    all
}
