//! Secrets of the git history: every blob that the repository holds, each told where it comes from.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use crate::caught::caught;
use crate::source::{self, Blob, Look, PastCommit, Reached, Source};

use super::bearing::bearing;
use super::find::{find, find_all};
use super::model::{Class, Found, Searched};
use super::numbers::{Numbers, Weak};

/// One value in one file of the past. Versions of a file that all hold it are told once, by the oldest.
#[derive(Debug, Clone, PartialEq)]
pub struct PastFound {
    /// The value, at its place in that version of the file.
    pub found: Found,
    /// Relative to PATH; `""` for a message, or for a blob that no tree names.
    pub path: String,
    /// The first commit that has it there, an index into [`Past::commits`].
    pub commit: Option<u32>,
    /// Whether HEAD still has it at this path.
    pub in_head: bool,
    /// What keeps it in the repository.
    pub reached: Reached,
    /// Whether it stands in the message of a commit or a tag.
    pub message: bool,
}

/// What the history holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Past {
    /// Sorted by path, then fingerprint, then format.
    pub found: Vec<PastFound>,
    /// The numbers of weak values that share a place: they stay whatever part of the history is looked at.
    pub numbers: Numbers,
    /// Every commit, parents before children.
    pub commits: Vec<PastCommit>,
    /// Versions of files that were looked at.
    pub looked: u64,
    /// Versions that were not, for what their path says they are (lockfiles, images, fonts, archives).
    pub skipped: u64,
    /// What the clone lacks, and what could not be read, in sentences for the coverage page.
    pub notes: Vec<String>,
    /// Versions on which the search panicked, in sentences.
    pub failures: Vec<String>,
}

impl Past {
    /// Positions in [`Past::commits`] of the commit with this id and of all its ancestors. Empty if there is no such
    /// commit.
    pub fn has(&self, id: &str) -> HashSet<u32> {
        let at = (0u32..).zip(&self.commits).find(|(_, commit)| commit.id == id).map(|(at, _)| at);
        let mut open: Vec<u32> = at.into_iter().collect();
        let mut seen: HashSet<u32> = open.iter().copied().collect();
        while let Some(at) = open.pop() {
            let parents = self.commits.get(at as usize).map(|commit| commit.parents.as_slice());
            open.extend(parents.unwrap_or_default().iter().filter(|parent| seen.insert(**parent)));
        }
        seen
    }
}

/// Looks through the history of `source`.
pub fn past(source: &Source) -> Past {
    let looking = Looking::default();
    let swept = source::sweep(source, &looking);
    let skipped = swept.skipped;
    let failed = looking.failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut files = looking.files.into_inner().unwrap_or_else(PoisonError::into_inner);
    let messages = looking.messages.into_inner().unwrap_or_else(PoisonError::into_inner);
    for (commit, found) in messages {
        let by = commit.and_then(|commit| swept.commits.get(commit as usize));
        let reached = by.map_or(Reached::Branches, |commit| commit.reached);
        let row = PastFound { found, path: String::new(), commit, in_head: false, reached, message: true };
        add(&mut files, row);
    }
    let (found, numbers) = numbered(files);
    Past {
        found,
        numbers,
        commits: swept.commits,
        looked: swept.looked,
        skipped,
        notes: swept.notes,
        failures: failed
            .into_iter()
            .map(|(at, texts)| {
                let texts = if texts == 1 { "a text".to_owned() } else { format!("{texts} texts") };
                format!(
                    "The search for secrets failed on {texts} of the history{at}, which is a bug in vibecheck. A secret \
                     that stands there alone is missing."
                )
            })
            .collect(),
    }
}

/// Path, fingerprint of the value or its place, a weak value, format, and whether it is a message.
type Key = (String, String, Option<Weak>, &'static str, bool);

/// A row, and the first place that has the value, whatever is thought of it there.
type Rows = BTreeMap<Key, (PastFound, First)>;

/// The most important thing first: what keeps it, then commit, then the place in the file.
type First = (Reached, u32, u32, u32, usize, usize);

#[derive(Default)]
struct Looking {
    /// Where the search panicked, and on how many texts.
    failed: Mutex<BTreeMap<String, u64>>,
    files: Mutex<Rows>,
    messages: Mutex<Vec<(Option<u32>, Found)>>,
}

impl Looking {
    /// A panic costs the version that it came with, not the history.
    fn failed(&self, at: String) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner).entry(at).or_default() += 1;
    }
}

impl Look for Looking {
    fn class(&self, path: &str) -> Option<u32> {
        Class::of(path).map(|class| bearing(path) << 1 | u32::from(class == Class::Distinctive))
    }

    fn look(&self, blob: &Blob<'_>, class: u32, content: &[u8], windows: Option<&[Range<usize>]>) -> bool {
        let class = if class & 1 == 1 { Class::Distinctive } else { Class::Whole };
        let searched = Searched { path: blob.path, bytes: content, class, windows };
        let (found, any) = match caught(|| find_all(&searched)) {
            Ok(found) => found,
            Err(at) => {
                self.failed(at);
                return true;
            }
        };
        if found.is_empty() {
            return any;
        }
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        for found in found {
            let row = PastFound {
                found,
                path: blob.path.to_owned(),
                commit: blob.commit,
                in_head: blob.in_place,
                reached: blob.reached,
                message: false,
            };
            add(&mut files, row);
        }
        true
    }

    fn message(&self, commit: Option<u32>, text: &[u8]) {
        let searched = Searched { path: "", bytes: text, class: Class::Whole, windows: None };
        let found = caught(|| find(&searched)).unwrap_or_else(|at| {
            self.failed(at);
            Vec::new()
        });
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.extend(found.into_iter().map(|found| (commit, found)));
    }
}

/// Adds a row, or joins it with the one that there is: the older tells where the value comes from, but one that counts goes
/// before one that a test explains.
fn add(rows: &mut Rows, row: PastFound) {
    let found = &row.found;
    let weak = found.weak_value.clone();
    // Of weak values, the numbers that one version gave are no more than that.
    let told = weak.as_ref().map_or(&found.fingerprint, |weak| &weak.place).clone();
    let key = (row.path.clone(), told, weak, found.format.id, row.message);
    let seen = first(&row);
    match rows.get_mut(&key) {
        Some((known, earliest)) => {
            let in_head = known.in_head || row.in_head;
            if age(&row) < age(known) {
                *known = row;
            }
            known.in_head = in_head;
            *earliest = (*earliest).min(seen);
        }
        None => {
            rows.insert(key, (row, seen));
        }
    }
}

fn first(row: &PastFound) -> First {
    let found = &row.found;
    let commit = row.commit.unwrap_or(u32::MAX);
    (row.reached, commit, found.line, found.column, found.at.start, found.at.end)
}

/// Whatever the threads come upon first, the same row is left.
fn age(row: &PastFound) -> impl Ord + use<'_> {
    let found = &row.found;
    (found.audience, found.aside, first(row), found.variable.as_str(), found.detail.as_str())
}

/// The rows, with numbers for weak values that share a place: the oldest first.
fn numbered(rows: Rows) -> (Vec<PastFound>, Numbers) {
    let mut rows: Vec<(PastFound, First)> = rows.into_values().collect();
    rows.sort_by(|(a, first), (b, second)| {
        // Two texts that no tree names may have a value each at the same place.
        (first, &a.found.weak_value).cmp(&(second, &b.found.weak_value))
    });
    let mut numbers = Numbers::default();
    let mut found: Vec<PastFound> = rows.into_iter().map(|(row, _)| row).collect();
    for row in &mut found {
        row.found.fingerprint = numbers.fingerprint(&row.found);
    }
    let order = |row: &PastFound| {
        let Found { fingerprint, format, .. } = &row.found;
        (row.path.clone(), fingerprint.clone(), format.id, row.message)
    };
    found.sort_by_cached_key(order);
    (found, numbers)
}
