//! Where the walks begin: everything that keeps an object in a repository.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use git2::{Index, Oid, Repository};

use crate::source::git::status::INTENT_TO_ADD;
use crate::source::git::{commits, repository};

/// Files longer than this are no log and no list of heads that git wrote.
const CAP: u64 = 32 << 20;

/// See the module.
#[derive(Debug, Default)]
pub(in crate::source) struct Tips {
    /// HEAD of this work tree.
    pub(super) head: Option<Oid>,
    /// What HEAD of every work tree, branches, tags and all other references name.
    pub(super) branches: Vec<Oid>,
    pub(super) stashes: Vec<Oid>,
    /// From the logs of references, and from what git notes before it moves a branch.
    pub(super) reflog: Vec<Oid>,
    /// What is staged in any work tree: path from the top, mode, blob.
    pub(super) index: Vec<(Vec<u8>, u32, Oid)>,
    /// Commits at which the history was cut.
    pub(in crate::source) cut: HashSet<Oid>,
    /// References or logs that can't be read.
    pub(super) damaged: bool,
}

/// Reads them all.
pub(in crate::source) fn read(repository: &Repository) -> Tips {
    let common = repository.commondir();
    let mut tips = Tips { cut: commits::shallow(common), ..Tips::default() };
    references(&mut tips, repository);
    let mut folders = vec![common.to_path_buf()];
    folders.extend(linked(common));
    let own = repository.path();
    folders.sort_by_key(|folder| folder != own);
    for folder in &folders {
        for name in [
            "HEAD",
            "ORIG_HEAD",
            "FETCH_HEAD",
            "MERGE_HEAD",
            "CHERRY_PICK_HEAD",
            "REVERT_HEAD",
            "REBASE_HEAD",
            "AUTO_MERGE",
            "BISECT_HEAD",
        ] {
            let ids =
                lines(&folder.join(name)).into_iter().filter_map(|line| Oid::from_str(line.get(..40)?).ok());
            if name == "HEAD" { tips.branches.extend(ids) } else { tips.reflog.extend(ids) }
        }
        staged(&mut tips, repository::index(folder));
        logs(&mut tips, &folder.join("logs"));
    }
    for list in [&mut tips.branches, &mut tips.stashes, &mut tips.reflog] {
        list.sort_unstable();
        list.dedup();
    }
    tips
}

fn references(tips: &mut Tips, repository: &Repository) {
    tips.head = repository.head().ok().and_then(|head| head.target());
    tips.branches.extend(tips.head);
    let Ok(references) = repository.references() else {
        tips.damaged = true;
        return;
    };
    for reference in references {
        let Ok(reference) = reference else {
            tips.damaged = true;
            continue;
        };
        // A symbolic one names another.
        let Some(id) = reference.target() else { continue };
        let list =
            if reference.name_bytes() == b"refs/stash" { &mut tips.stashes } else { &mut tips.branches };
        list.push(id);
    }
}

/// The folders in which linked worktrees keep their HEAD and index.
fn linked(common: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(common.join("worktrees")) else { return Vec::new() };
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders
}

fn staged(tips: &mut Tips, index: Option<Index>) {
    let Some(index) = index else {
        tips.damaged = true;
        return;
    };
    let entries = index.iter().filter(|entry| entry.flags_extended & INTENT_TO_ADD == 0);
    tips.index.extend(entries.map(|entry| (entry.path, entry.mode, entry.id)));
}

/// The logs below a folder. Each line has an id before and one after: <https://git-scm.com/docs/git-reflog>.
fn logs(tips: &mut Tips, folder: &Path) {
    let mut open = vec![folder.to_path_buf()];
    let stash = folder.join("refs/stash");
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                open.push(path);
                continue;
            }
            let list = if path == stash { &mut tips.stashes } else { &mut tips.reflog };
            for line in lines(&path) {
                let ids = [line.get(..40), line.get(41..81)];
                let ids = ids.into_iter().flatten().filter_map(|id| Oid::from_str(id).ok());
                list.extend(ids.filter(|id| !id.is_zero()));
            }
        }
    }
}

/// The start of each line of a file, as far as it is text.
fn lines(path: &Path) -> Vec<String> {
    let is_file = fs::symlink_metadata(path).is_ok_and(|about| about.is_file() && about.len() < CAP);
    let Some(bytes) = is_file.then(|| fs::read(path).ok()).flatten() else { return Vec::new() };
    bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| std::str::from_utf8(line.get(..81).unwrap_or(line)).ok().map(str::to_owned))
        .collect()
}
