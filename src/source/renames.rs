//! What files became that only one of two trees has, and which lines of a text are new.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use rayon::prelude::*;

use super::tree::{File, Tree};

/// The most pairs of files whose texts are compared; beyond, only files that are the same in both trees match.
const PAIRS: usize = 10_000;
/// How much of the larger file both must share, in percent: what git asks for.
const SIMILAR: u64 = 50;

/// Files that moved: the path before, and the path now. Each stands in one pair.
#[derive(Debug, Default)]
pub struct Renames(BTreeMap<String, String>);

impl Renames {
    /// Pairs the files that only `before` has with those that only `now` has, the most similar first.
    pub fn between(before: &Tree, now: &Tree) -> Renames {
        let only = |here: &'_ Tree, there: &Tree| -> Vec<File> {
            here.files().iter().filter(|file| there.get(&file.path).is_none()).cloned().collect()
        };
        let (gone, new) = (only(before, now), only(now, before));
        if gone.is_empty() || new.is_empty() {
            return Renames::default();
        }
        let read = |tree: &Tree, files: &[File]| -> Vec<Option<Lines>> {
            files.par_iter().map(|file| tree.read(file).ok().map(|read| Lines::of(&read.text))).collect()
        };
        let (was, is) = (read(before, &gone), read(now, &new));
        let mut pairs: Vec<(u64, usize, usize)> = if gone.len().saturating_mul(new.len()) <= PAIRS {
            let of = |i: usize| {
                let (is, old) = (&is, was.get(i).and_then(Option::as_ref));
                is.iter().enumerate().filter_map(move |(j, new)| Some((old?.shared(new.as_ref()?)?, i, j)))
            };
            (0..gone.len()).into_par_iter().flat_map_iter(of).collect()
        } else {
            equal(&was, &is)
        };
        // Of equally similar pairs, those that keep their name, then in the order of paths.
        let keeps = |i: usize, j: usize| gone.get(i).map(File::name) == new.get(j).map(File::name);
        pairs.sort_by_key(|(shared, i, j)| (std::cmp::Reverse(*shared), !keeps(*i, *j), *i, *j));
        let (mut left, mut taken) = (BTreeSet::new(), BTreeSet::new());
        let mut found = BTreeMap::new();
        for (_, i, j) in pairs {
            if let (Some(old), Some(new)) = (gone.get(i), new.get(j))
                && !left.contains(&i)
                && !taken.contains(&j)
            {
                left.insert(i);
                taken.insert(j);
                found.insert(old.path.clone(), new.path.clone());
            }
        }
        Renames(found)
    }

    /// Whether the file `now` is what the file `before` became.
    pub fn is(&self, before: &str, now: &str) -> bool {
        self.0.get(before).is_some_and(|became| became == now)
    }
}

/// The lines of a text, as far as it takes to compare them with others.
#[derive(Debug, PartialEq, Eq)]
struct Lines {
    /// Hash and length of each, sorted.
    lines: Vec<(u64, u64)>,
    bytes: u64,
}

impl Lines {
    fn of(text: &str) -> Lines {
        let line = |line: &str| {
            let mut hasher = DefaultHasher::new();
            line.trim_end().hash(&mut hasher);
            (hasher.finish(), line.len() as u64 + 1)
        };
        let mut lines: Vec<(u64, u64)> = text.lines().map(line).collect();
        lines.sort_unstable();
        Lines { bytes: lines.iter().map(|(_, length)| length).sum(), lines }
    }

    /// How much of the larger text both share, in percent; `None` for too little. Empty files share nothing.
    fn shared(&self, other: &Lines) -> Option<u64> {
        let larger = self.bytes.max(other.bytes);
        if larger == 0 || self.bytes.min(other.bytes) * 100 < larger * SIMILAR {
            return None;
        }
        let (mut mine, mut theirs) = (self.lines.iter().peekable(), other.lines.iter().peekable());
        let mut shared = 0;
        while let (Some(a), Some(b)) = (mine.peek(), theirs.peek()) {
            match a.0.cmp(&b.0) {
                std::cmp::Ordering::Less => mine.next(),
                std::cmp::Ordering::Greater => theirs.next(),
                std::cmp::Ordering::Equal => {
                    shared += a.1.min(b.1);
                    (mine.next(), theirs.next()).0
                }
            };
        }
        Some(shared * 100 / larger).filter(|shared| *shared >= SIMILAR)
    }
}

/// Pairs of equal texts, each once.
fn equal(was: &[Option<Lines>], is: &[Option<Lines>]) -> Vec<(u64, usize, usize)> {
    let mut by_lines: HashMap<&[(u64, u64)], Vec<usize>> = HashMap::new();
    for (j, lines) in is.iter().enumerate().rev() {
        if let Some(lines) = lines.as_ref().filter(|lines| lines.bytes > 0) {
            by_lines.entry(&lines.lines).or_default().push(j);
        }
    }
    let pair = |(i, lines): (usize, &Option<Lines>)| {
        let j = by_lines.get_mut(lines.as_ref()?.lines.as_slice())?.pop()?;
        Some((100, i, j))
    };
    was.iter().enumerate().filter_map(pair).collect()
}

/// The lines of `now` that `before` does not have at their place, as ranges from a first to a last line, from 1.
pub fn added_lines(before: &str, now: &str) -> Vec<(u32, u32)> {
    let mut options = git2::DiffOptions::new();
    options.context_lines(0).interhunk_lines(0);
    let patch = git2::Patch::from_buffers(before.as_bytes(), None, now.as_bytes(), None, Some(&mut options));
    let Ok(patch) = patch else { return Vec::new() };
    let hunk = |i: usize| {
        let (hunk, _) = patch.hunk(i).ok()?;
        let last = hunk.new_start().checked_add(hunk.new_lines())?.checked_sub(1)?;
        (hunk.new_lines() > 0).then_some((hunk.new_start(), last))
    };
    (0..patch.num_hunks()).filter_map(hunk).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> (tempfile::TempDir, Tree) {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            std::fs::write(folder.path().join(path), text).unwrap();
        }
        let tree = Tree::working(folder.path(), &[]).unwrap();
        (folder, tree)
    }

    fn renames(before: &[(&str, &str)], now: &[(&str, &str)]) -> Vec<(String, String)> {
        let ((_a, before), (_b, now)) = (tree(before), tree(now));
        Renames::between(&before, &now).0.into_iter().collect()
    }

    #[test]
    fn a_file_that_moved_and_was_edited_is_the_same_file() {
        let before = [("a.yml", "one\ntwo\nthree\nfour\n"), ("stays", "x")];
        let moved = [("b.yml", "one\ntwo\nthree\nfive\n"), ("stays", "x")];
        assert_eq!(renames(&before, &moved), [("a.yml".to_owned(), "b.yml".to_owned())]);
        assert_eq!(renames(&before, &[("b.yml", "one\n2\n3\n4\n")]), []);
        assert_eq!(renames(&before, &[("a.yml", "one\n"), ("b.yml", "one\ntwo\nthree\nfour\n")]), []);
    }

    #[test]
    fn the_most_similar_file_is_the_one_that_moved() {
        let now = [("b.yml", "one\ntwo\nthree\nfive\n"), ("c.yml", "one\ntwo\nthree\nfour\n")];
        let found = renames(&[("a.yml", "one\ntwo\nthree\nfour\n")], &now);
        assert_eq!(found, [("a.yml".to_owned(), "c.yml".to_owned())]);
    }

    #[test]
    fn of_very_many_files_the_equal_ones_are_found() {
        let many = |folder: &str| -> Vec<(String, String)> {
            (0..120).map(|i| (format!("{folder}{i}"), format!("line {i}\nand another\n"))).collect()
        };
        let (before, now) = (many("old"), many("new"));
        let lines = |files: &[(String, String)]| -> Vec<Option<Lines>> {
            files.iter().map(|(_, text)| Some(Lines::of(text))).collect()
        };
        let pairs = equal(&lines(&before), &lines(&now));
        assert_eq!(pairs.len(), 120);
        assert!(pairs.iter().all(|(_, i, j)| i == j));
    }

    #[test]
    fn new_lines_are_those_that_the_text_did_not_have() {
        assert_eq!(added_lines("a\nb\nc\n", "a\nx\nb\nc\ny\nz\n"), [(2, 2), (5, 6)]);
        assert_eq!(added_lines("a\nb\n", "a\n"), []);
        assert_eq!(added_lines("", "a\n"), [(1, 1)]);
    }
}
