//! Builds git repositories for tests.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test program uses a part of it; a failure is a failed test"
)]

use std::fs;
use std::path::{Path, PathBuf};

use git2::{Oid, Repository, Signature, Time};

/// A repository in a temporary folder, which is removed with it.
pub struct Repo {
    folder: tempfile::TempDir,
    pub git: Repository,
    clock: i64,
}

impl Repo {
    /// An empty repository on branch `main`.
    pub fn new() -> Repo {
        let folder = tempfile::tempdir().unwrap();
        let mut options = git2::RepositoryInitOptions::new();
        options.initial_head("main").external_template(false);
        let git = Repository::init_opts(folder.path(), &options).unwrap();
        // 2023-11-14 22:13:20 UTC.
        Repo { folder, git, clock: 1_700_000_000 }
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
        write(self.path(), path, content)
    }

    /// Stages a file, ignored or not.
    pub fn stage(&self, path: &str) {
        let mut index = self.git.index().unwrap();
        index.add_path(Path::new(path)).unwrap();
        index.write().unwrap();
    }

    /// Stages everything that is not ignored, deletions too, and commits it a day after the last commit.
    pub fn commit(&mut self, message: &str, author: &str) -> Oid {
        let mut index = self.git.index().unwrap();
        index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
        index.update_all(["*"], None).unwrap();
        index.write().unwrap();
        self.commit_staged(message, author)
    }

    /// Commits what is staged. `author` is `Name <address>`.
    pub fn commit_staged(&mut self, message: &str, author: &str) -> Oid {
        let tree = self.git.index().unwrap().write_tree().unwrap();
        let parent = self.git.head().ok().and_then(|head| head.target());
        self.commit_tree(tree, message, author, parent.as_slice())
    }

    /// Commits a tree onto parents, and moves the current branch there.
    pub fn commit_tree(&mut self, tree: Oid, message: &str, author: &str, parents: &[Oid]) -> Oid {
        self.clock += 86_400;
        let (name, email) = author.trim_end_matches('>').split_once(" <").unwrap();
        let signature = Signature::new(name, email, &Time::new(self.clock, 0)).unwrap();
        let tree = self.git.find_tree(tree).unwrap();
        let parents: Vec<_> = parents.iter().map(|id| self.git.find_commit(*id).unwrap()).collect();
        let parents: Vec<_> = parents.iter().collect();
        let id = self.git.commit(None, &signature, &signature, message, &tree, &parents).unwrap();
        let head = self.git.find_reference("HEAD").unwrap();
        let branch = head.symbolic_target().unwrap().unwrap().to_owned();
        self.git.reference(&branch, id, true, "test").unwrap();
        id
    }

    /// Removes an object, as a broken disk or a partial clone would.
    pub fn lose(&self, id: Oid) {
        let hex = id.to_string();
        let (folder, file) = hex.split_at(2);
        fs::remove_file(self.path().join(".git/objects").join(folder).join(file)).unwrap();
    }
}

/// Writes a file below a folder, with the folders above it.
pub fn write(folder: &Path, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let place = folder.join(path);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(&place, content).unwrap();
    place
}
