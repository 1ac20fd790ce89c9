//! `Tree`: one type for the files of a working folder, a commit or the index.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use git2::Oid;

use super::at_commit::{self, Blobs};
use super::git::repository;
use super::{OpenError, disk, text, working};

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

/// One file of a tree. Files of two trees of one repository that are equal hold the same bytes.
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
    pub(super) place: Where,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Where {
    /// On disk.
    Disk(PathBuf),
    /// In git's objects.
    Blob(Oid),
}

impl File {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        let start = memchr::memrchr(b'/', self.path.as_bytes()).map_or(0, |slash| slash + 1);
        self.path.get(start..).unwrap_or_default()
    }

    /// The folder of the path, `""` at the top.
    pub fn folder(&self) -> &str {
        let end = memchr::memrchr(b'/', self.path.as_bytes()).unwrap_or(0);
        self.path.get(..end).unwrap_or_default()
    }

    /// What follows the last dot of the name, in lower case; `""` without a dot.
    pub fn extension(&self) -> Cow<'_, str> {
        let name = self.name();
        let dot = memchr::memrchr(b'.', name.as_bytes());
        let extension = dot.and_then(|dot| name.get(dot + 1..)).unwrap_or_default();
        // Every reader asks for it, of every file, and hardly any has capitals in it.
        if extension.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(extension.to_ascii_lowercase())
        } else {
            Cow::Borrowed(extension)
        }
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
    /// A git submodule: another repository.
    Submodule,
    /// Named by `[paths] exclude`.
    Excluded,
}

impl SkipReason {
    /// In plain words, to follow a file's name or a number of files.
    pub fn says(self) -> &'static str {
        match self {
            SkipReason::TooLarge => "larger than 2 MB (32 MB for lockfiles and SQL)",
            SkipReason::Binary => "binary",
            SkipReason::Minified => "minified code",
            SkipReason::Vendored => "somebody else's code",
            SkipReason::Generated => "made by a tool",
            SkipReason::Unreadable => "not readable",
            SkipReason::NotAFile => "not a regular file",
            SkipReason::Link => "a symbolic link",
            SkipReason::Submodule => "a git submodule",
            SkipReason::Excluded => "excluded in vibecheck.toml",
        }
    }
}

/// A file that was not read, or a folder that was not entered, and why.
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
    blobs: Option<Blobs>,
}

impl Tree {
    pub(super) fn new(mut files: Vec<File>, mut skipped: Vec<Skip>, blobs: Option<Blobs>) -> Tree {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        skipped.sort_by(|a, b| a.path.cmp(&b.path).then(a.reason.cmp(&b.reason)));
        skipped.dedup();
        Tree { files, skipped, blobs }
    }

    /// The union of the git index and the files on disk that no ignore rule names.
    ///
    /// # Errors
    /// When PATH itself can't be listed, or a pattern does not parse; see [`OpenError`].
    pub fn working(path: &Path, exclude: &[String]) -> Result<Tree, OpenError> {
        working::tree(path, repository::locate(path).as_ref(), exclude)
    }

    /// The files below PATH in the commit that `revision` names (`HEAD`, a branch, an id).
    ///
    /// # Errors
    /// Without a repository, such a commit or its objects, or when a pattern does not parse.
    pub fn commit(path: &Path, revision: &str, exclude: &[String]) -> Result<Tree, OpenError> {
        at_commit::commit(path, revision, exclude)
    }

    /// The files below PATH as they are staged.
    ///
    /// # Errors
    /// Without a repository or a readable index, or when a pattern does not parse.
    pub fn index(path: &Path, exclude: &[String]) -> Result<Tree, OpenError> {
        at_commit::index(path, exclude)
    }

    /// Every file, sorted by path.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// What the walk itself left out (links, sockets, submodules, excluded paths, untracked folders of
    /// dependencies, each as one), sorted by path. `""` is PATH itself.
    pub fn skipped(&self) -> &[Skip] {
        &self.skipped
    }

    /// The file at `path`, if the tree has it.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.position(path).and_then(|i| self.files.get(i))
    }

    /// Where in [`Tree::files`] the file at `path` stands, if the tree has it.
    pub fn position(&self, path: &str) -> Option<usize> {
        self.files.binary_search_by(|f| f.path.as_str().cmp(path)).ok()
    }

    /// The text of a file.
    ///
    /// # Errors
    /// The reason for which it can't or shouldn't be read as text.
    pub fn read(&self, file: &File) -> Result<Text, SkipReason> {
        if let Some(reason) = self.refuses(file) {
            return Err(reason);
        }
        self.decode(file, self.bytes(file, text::cap(file))?)
    }

    /// Why [`Tree::read`] does not even open a file, told from its path.
    pub fn refuses(&self, file: &File) -> Option<SkipReason> {
        text::unwanted(file)
    }

    /// The largest size at which [`Tree::read`] reads a file.
    pub fn cap(&self, file: &File) -> u64 {
        text::cap(file)
    }

    /// The bytes of a file, whatever they are, at most `cap` of them.
    ///
    /// # Errors
    /// The reason for which it can't be read.
    pub fn bytes(&self, file: &File, cap: u64) -> Result<Vec<u8>, SkipReason> {
        if file.size > cap {
            return Err(SkipReason::TooLarge);
        }
        match (&file.place, &self.blobs) {
            (Where::Disk(path), _) => disk::read(path, cap),
            (Where::Blob(id), Some(blobs)) => blobs.read(*id, cap),
            (Where::Blob(_), None) => Err(SkipReason::Unreadable),
        }
    }

    /// The text that the bytes of a file are.
    ///
    /// # Errors
    /// The reason for which they are no text that somebody wrote.
    pub fn decode(&self, file: &File, bytes: Vec<u8>) -> Result<Text, SkipReason> {
        text::decode(file, bytes)
    }
}
