//! `Tree`: one type for the files of a working folder, a commit or the index.

use std::path::{Path, PathBuf};

use super::OpenError;

/// What a file is there for, told from its path alone. Relative to PATH.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Part of what ships, or its configuration.
    Product,
    /// A test, or only there for tests.
    Test,
    /// Data that tests or examples read.
    Fixture,
    /// An example or a demo beside the product.
    Example,
    /// Documentation.
    Docs,
    /// Somebody else's code, copied in (`node_modules`, `vendor`, a minified library).
    Vendored,
    /// Made by a tool (build output, lockfiles, generated clients).
    Generated,
}

/// One file of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Relative to PATH, `/` between names. Bytes that are not UTF-8 are shown as `\xNN`.
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// Whether git tracks it (in the index, or in the commit). `false` outside a repository.
    pub tracked: bool,
    /// What it is there for.
    pub role: Role,
    /// Where its bytes are.
    pub(super) place: PathBuf,
}

impl File {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The folder of the path, `""` at the top.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// What follows the last dot of the name, in lower case; `""` without a dot.
    pub fn extension(&self) -> String {
        self.name().rsplit_once('.').map_or_else(String::new, |(_, e)| e.to_ascii_lowercase())
    }
}

/// Why a file was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkipReason {
    /// Larger than the cap for its type.
    TooLarge,
    /// Holds NUL bytes, or a format that is not text.
    Binary,
    /// Code squeezed into very long lines.
    Minified,
    /// Somebody else's code.
    Vendored,
    /// Made by a tool.
    Generated,
    /// The operating system refused.
    Unreadable,
    /// A FIFO, a socket or a device.
    NotAFile,
    /// A symbolic link: its target is read where it stands, if it is in the tree.
    Link,
    /// Named by `[paths] exclude`.
    Excluded,
}

/// A file that was not read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skip {
    /// Relative to PATH.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
}

/// The text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Decoded: UTF-8, or UTF-16 with a byte-order mark. Without the mark.
    pub text: String,
    /// Whether bytes that are no UTF-8 were replaced.
    pub lossy: bool,
}

/// The files of a working folder, a commit or the index, sorted by path.
#[derive(Debug, Default)]
pub struct Tree {
    files: Vec<File>,
    skipped: Vec<Skip>,
}

impl Tree {
    /// The union of the git index and the files on disk that no ignore rule names.
    ///
    /// # Errors
    /// When PATH itself can't be listed; see [`OpenError`].
    pub fn working(path: &Path, exclude: &[String]) -> Result<Tree, OpenError> {
        let _ = exclude;
        let mut files: Vec<File> = ignore::WalkBuilder::new(path)
            .hidden(false)
            .git_global(false)
            .build()
            .flatten()
            .filter(|e| e.file_type().is_some_and(|t| t.is_file()))
            .filter_map(|e| {
                let place = e.path().to_path_buf();
                let relative = place.strip_prefix(path).ok()?.to_string_lossy().into_owned();
                Some(File {
                    path: relative,
                    size: e.metadata().ok()?.len(),
                    tracked: true,
                    role: Role::Product,
                    place,
                })
            })
            .filter(|f| !f.path.starts_with(".git/"))
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Tree { files, skipped: Vec::new() })
    }

    /// Every file, sorted by path.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// What the walk itself left out (links, sockets, excluded paths), sorted by path.
    pub fn skipped(&self) -> &[Skip] {
        &self.skipped
    }

    /// The file at `path`, if the tree has it.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.binary_search_by(|f| f.path.as_str().cmp(path)).ok().and_then(|i| self.files.get(i))
    }

    /// The text of a file.
    ///
    /// # Errors
    /// The reason for which it can't or shouldn't be read as text.
    pub fn read(&self, file: &File) -> Result<Text, SkipReason> {
        let bytes = std::fs::read(&file.place).map_err(|_| SkipReason::Unreadable)?;
        if bytes.contains(&0) {
            return Err(SkipReason::Binary);
        }
        Ok(Text { text: String::from_utf8_lossy(&bytes).into_owned(), lossy: false })
    }
}
