//! Ignore rules: `.gitignore` files from the top of the repository down, and `.git/info/exclude`.
//!
//! The `ignore` crate matches; the files are read here, because its walker opens a `.gitignore` that is a FIFO
//! and waits for ever. Global ignore files of the machine don't count: the same folder gives the same files.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// A larger ignore file is not an ignore file.
const CAP: u64 = 1 << 20;

/// The rules of one file, and those above it.
#[derive(Debug)]
pub(super) struct Rules {
    matcher: Gitignore,
    above: Option<Arc<Rules>>,
}

/// Whether the rules name `path`: the nearest rule that says something decides.
pub(super) fn is_ignored(rules: Option<&Arc<Rules>>, path: &Path, is_folder: bool) -> bool {
    let mut next = rules;
    while let Some(rules) = next {
        match rules.matcher.matched(path, is_folder) {
            Match::Ignore(_) => return true,
            Match::Whitelist(_) => return false,
            Match::None => next = rules.above.as_ref(),
        }
    }
    false
}

/// The rules that hold in `folder`: those above and those of its own `.gitignore`.
pub(super) fn in_folder(above: Option<Arc<Rules>>, folder: &Path) -> Option<Arc<Rules>> {
    with_file(above, folder, &folder.join(".gitignore"))
}

/// The rules that hold above `path` in the repository at `top`.
pub(super) fn above(top: &Path, path: &Path) -> Option<Arc<Rules>> {
    // `.git` may be a file (worktree, submodule): then there is no such folder, and no rules.
    let mut rules = with_file(None, top, &top.join(".git/info/exclude"));
    let mut folders: Vec<PathBuf> = path
        .ancestors()
        .skip(1)
        .take_while(|folder| folder.starts_with(top))
        .map(Path::to_path_buf)
        .collect();
    folders.reverse();
    for folder in folders {
        rules = in_folder(rules, &folder);
    }
    rules
}

fn with_file(above: Option<Arc<Rules>>, root: &Path, file: &Path) -> Option<Arc<Rules>> {
    let Some(text) = read(file) else { return above };
    let mut builder = GitignoreBuilder::new(root);
    for line in text.trim_start_matches('\u{feff}').lines() {
        // git skips a pattern that it can't parse.
        let _ = builder.add_line(None, line);
    }
    match builder.build() {
        Ok(matcher) if !matcher.is_empty() => Some(Arc::new(Rules { matcher, above })),
        _ => above,
    }
}

fn read(file: &Path) -> Option<String> {
    let about = fs::symlink_metadata(file).ok()?;
    if !about.is_file() || about.len() > CAP {
        return None;
    }
    let mut bytes = Vec::new();
    fs::File::open(file).ok()?.take(CAP).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
