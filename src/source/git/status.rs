//! Tracked files that differ from HEAD. The index is only read, never refreshed.
//!
//! Not through libgit2's status: that opens `.gitattributes` even if it is a FIFO, follows the machine's own
//! git configuration, and hashes with one thread.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, Metadata};
use std::io::Read as _;
use std::path::Path;
use std::time::UNIX_EPOCH;

use git2::{Index, IndexEntry, ObjectType, Oid};
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::objects::{self, FILE, KIND, LINK, SUBMODULE};
use super::reading::Objects;
use super::repository::Place;
use crate::source::disk::RealFolders;
use crate::source::paths;

/// Set by `git add --intent-to-add`: the entry is a promise, and no content is staged.
pub(in crate::source) const INTENT_TO_ADD: u16 = 1 << 13;
const SKIP_WORKTREE: u16 = 1 << 14;
const ASSUME_UNCHANGED: u16 = 1 << 15;
/// One of the versions of a file in conflict.
pub(in crate::source) const CONFLICT: u16 = 0x3000;
/// Larger files with another date are not hashed.
const HASH_CAP: u64 = 64 << 20;
/// More files, or folders, in one commit than any project has.
pub(in crate::source) const FILES_CAP: usize = 1_000_000;

/// What differs from HEAD below PATH.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Status {
    /// Paths below PATH, sorted.
    pub(super) dirty: Vec<String>,
    /// Large files with another date, which were not compared.
    pub(super) unsure: usize,
    /// Whether HEAD's trees were all there.
    pub(super) complete: bool,
}

/// Compares HEAD, the index and the disk. `root` is PATH's tree in HEAD, `None` if it has none.
pub(super) fn status(objects: &Objects<'_>, index: &Index, place: &Place, root: Option<Oid>) -> Status {
    let mut head = BTreeMap::new();
    let complete = match root {
        Some(root) => flatten(objects, root, &mut |path, mode, id| {
            head.insert(path, (canonical(mode), id));
            head.len() < FILES_CAP
        }),
        None => true,
    };
    let written = index.path().and_then(|path| fs::metadata(path).ok()).map(|about| modified(&about));
    let entries: Vec<(Vec<u8>, IndexEntry)> = index
        .iter()
        .filter_map(|entry| Some((paths::below(&entry.path, &place.prefix)?.to_vec(), entry)))
        .collect();
    let tracked: HashSet<&[u8]> = entries.iter().map(|(path, _)| path.as_slice()).collect();
    let compared: Vec<Difference> = entries
        .par_iter()
        .map(|(path, entry)| {
            let conflict = entry.flags & CONFLICT != 0;
            // Without all of HEAD, only what is not staged can be told.
            let staged = complete && head.get(path) != Some(&(canonical(entry.mode), entry.id));
            if conflict || staged || entry.flags_extended & INTENT_TO_ADD != 0 {
                Difference::Yes
            } else {
                on_disk(objects, entry, &place.top, written)
            }
        })
        .collect();
    let mut dirty: Vec<String> = entries
        .iter()
        .zip(&compared)
        .filter(|(_, difference)| **difference == Difference::Yes)
        .map(|((path, _), _)| paths::shown(path))
        .collect();
    if complete {
        // Removed from the index.
        let removed = head.keys().filter(|path| !tracked.contains(path.as_slice()));
        dirty.extend(removed.map(|path| paths::shown(path)));
    }
    dirty.sort();
    dirty.dedup();
    let unsure = compared.iter().filter(|difference| **difference == Difference::Unsure).count();
    Status { dirty, unsure, complete }
}

/// A file of the index, as it stands on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::source) struct OnDisk {
    /// Its blob in the index.
    pub(in crate::source) id: Oid,
    /// Its size on disk, which filters may make another than the blob's.
    pub(in crate::source) size: u64,
}

/// Files below PATH whose copy on disk is what the index has of them, by their path below PATH.
pub(in crate::source) fn unchanged(
    objects: &Objects<'_>,
    index: &Index,
    place: &Place,
) -> HashMap<Vec<u8>, OnDisk> {
    let written = index.path().and_then(|path| fs::metadata(path).ok()).map(|about| modified(&about));
    let mut real = RealFolders::below(&place.top);
    let entries: Vec<(Vec<u8>, IndexEntry)> = index
        .iter()
        .filter(|entry| entry.mode & KIND == FILE && entry.flags & (CONFLICT | ASSUME_UNCHANGED) == 0)
        .filter(|entry| entry.flags_extended & (INTENT_TO_ADD | SKIP_WORKTREE) == 0)
        .filter_map(|entry| Some((paths::below(&entry.path, &place.prefix)?.to_vec(), entry)))
        .filter(|(_, entry)| real.hold(&entry.path))
        .collect();
    entries
        .into_par_iter()
        .filter_map(|(path, entry)| {
            let about = fs::symlink_metadata(place.top.join(paths::native(&entry.path)?)).ok()?;
            let same = about.is_file() && on_disk(objects, &entry, &place.top, written) == Difference::No;
            same.then_some((path, OnDisk { id: entry.id, size: about.len() }))
        })
        .collect()
}

/// Files below PATH that a sparse checkout leaves out, by their path below PATH.
pub(in crate::source) fn left_out(index: &Index, place: &Place) -> HashMap<Vec<u8>, Oid> {
    let sparse = index.iter().filter(|entry| entry.flags_extended & SKIP_WORKTREE != 0);
    sparse.filter_map(|entry| Some((paths::below(&entry.path, &place.prefix)?.to_vec(), entry.id))).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Difference {
    No,
    Yes,
    Unsure,
}

fn on_disk(objects: &Objects<'_>, entry: &IndexEntry, top: &Path, written: Option<(i64, u32)>) -> Difference {
    let relaxed = entry.flags & ASSUME_UNCHANGED != 0 || entry.flags_extended & SKIP_WORKTREE != 0;
    if relaxed || entry.mode & KIND == SUBMODULE {
        return Difference::No;
    }
    let Some(path) = paths::native(&entry.path).filter(|_| paths::is_plain(&entry.path)) else {
        return Difference::Unsure;
    };
    let path = top.join(path);
    let Ok(about) = fs::symlink_metadata(&path) else { return Difference::Yes };
    if about.is_dir() || !(about.is_file() || about.is_symlink()) {
        return Difference::Yes;
    }
    if about.is_symlink() {
        let target = fs::read_link(&path).map(|target| paths::bytes(&target)).unwrap_or_default();
        let same = entry.mode & KIND == LINK && hash(&target) == Some(entry.id);
        return if same { Difference::No } else { Difference::Yes };
    }
    // Same size and date: unchanged, unless it was written in the same moment as the index.
    let then = (i64::from(entry.mtime.seconds()), entry.mtime.nanoseconds());
    let now = modified(&about);
    let same_time = then.0 == now.0 && (then.1 == now.1 || then.1 == 0);
    let racy = written.is_none_or(|written| written <= (then.0, if then.1 == 0 { 0 } else { then.1 }));
    if same_time && !racy && u64::from(entry.file_size) == about.len() & 0xffff_ffff {
        return Difference::No;
    }
    if about.len() > HASH_CAP {
        return Difference::Unsure;
    }
    let mut content = Vec::new();
    let read = fs::File::open(&path).and_then(|file| file.take(HASH_CAP + 1).read_to_end(&mut content));
    match read {
        Ok(_) if same_content(objects, entry.id, content) => Difference::No,
        Ok(_) => Difference::Yes,
        Err(_) => Difference::Unsure,
    }
}

/// Whether a file's content is that of a blob: as it is, with CRLF turned into LF, or through Git LFS.
fn same_content(objects: &Objects<'_>, id: Oid, mut content: Vec<u8>) -> bool {
    if hash(&content) == Some(id) {
        return true;
    }
    // A pointer of Git LFS names the SHA-256 of the content: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
    let is_small = objects.size(id).is_some_and(|size| size < 1_024);
    if is_small && objects.read(id).is_some_and(|blob| is_pointer_to(blob.data(), &content)) {
        return true;
    }
    let length = content.len();
    let mut before = 0;
    let mut after_cr = false;
    for i in 0..length {
        let Some(byte) = content.get(i).copied() else { break };
        if after_cr && byte == b'\n' {
            before -= 1;
        }
        after_cr = byte == b'\r';
        if let Some(slot) = content.get_mut(before) {
            *slot = byte;
        }
        before += 1;
    }
    content.truncate(before);
    before < length && hash(&content) == Some(id)
}

fn is_pointer_to(pointer: &[u8], content: &[u8]) -> bool {
    pointer.starts_with(b"version https://git-lfs") && {
        let digest: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
        memchr::memmem::find(pointer, digest.as_bytes()).is_some()
    }
}

/// git keeps of a file's permissions only whether it may be executed.
fn canonical(mode: u32) -> u32 {
    if mode & KIND == FILE { FILE | if mode & 0o100 == 0 { 0o644 } else { 0o755 } } else { mode & KIND }
}

fn hash(content: &[u8]) -> Option<Oid> {
    Oid::hash_object(ObjectType::Blob, content).ok()
}

fn modified(about: &Metadata) -> (i64, u32) {
    let since = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or((0, 0), |since| (i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_nanos()))
}

/// Every file of a tree: path, mode and id. `visit` says whether to go on. `false` when trees are missing, or
/// when it was stopped.
pub(in crate::source) fn flatten(
    objects: &Objects<'_>,
    root: Oid,
    visit: &mut dyn FnMut(Vec<u8>, u32, Oid) -> bool,
) -> bool {
    let mut complete = true;
    let mut open = vec![(Vec::new(), root)];
    let mut folders = 0;
    while let Some((folder, id)) = open.pop() {
        folders += 1;
        if folders > FILES_CAP {
            return false;
        }
        let Some(object) = objects.read(id) else {
            complete = false;
            continue;
        };
        for entry in objects::entries(object.data()) {
            let path = paths::join(&folder, entry.name);
            // Longer than any system can check out: a tree nested to exhaust memory.
            if path.len() > 4_096 {
                complete = false;
            } else if entry.is_folder() {
                open.push((path, entry.id));
            } else if !visit(path, entry.mode, entry.id) {
                return false;
            }
        }
    }
    complete
}
