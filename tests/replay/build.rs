//! From the script to a real repository, and checkouts of its commits.

use std::path::Path;

use git2::{Oid, Repository, Signature, Time};

use super::script::Script;

/// A repository with the commits of a script.
pub struct Built {
    folder: tempfile::TempDir,
    pub commits: Vec<Oid>,
}

/// A working folder that goes from commit to commit.
pub struct Checkout {
    folder: tempfile::TempDir,
    git: Repository,
}

/// Commits everything that the script says, an hour apart.
pub fn build(script: &Script) -> Built {
    let folder = tempfile::tempdir().unwrap();
    let mut options = git2::RepositoryInitOptions::new();
    options.initial_head("main").external_template(false);
    let git = Repository::init_opts(folder.path(), &options).unwrap();
    let mut commits: Vec<Oid> = Vec::new();
    for (number, step) in script.steps.iter().enumerate() {
        let mut index = git2::Index::new().unwrap();
        for (path, text) in &step.world.files {
            index.add(&entry(path, git.blob(text.as_bytes()).unwrap())).unwrap();
        }
        let tree = git.find_tree(index.write_tree_to(&git).unwrap()).unwrap();
        let (name, email) = step.author.trim_end_matches('>').split_once(" <").unwrap();
        // 2025-06-02 08:00 UTC.
        let time = Time::new(1_748_851_200 + 3600 * i64::try_from(number).unwrap(), 0);
        let signature = Signature::new(name, email, &time).unwrap();
        let parents: Vec<_> = step.parents.iter().map(|n| git.find_commit(commits[*n]).unwrap()).collect();
        let parents: Vec<_> = parents.iter().collect();
        commits.push(git.commit(None, &signature, &signature, &step.message, &tree, &parents).unwrap());
        drop(tree);
    }
    git.reference("refs/heads/main", *commits.last().unwrap(), true, "test").unwrap();
    if std::env::var_os("REPLAY_KEEP").is_some() {
        // For a person who wants to look at a commit that goes wrong: a clone of it has everything.
        eprintln!("the repository is kept in {}", folder.path().display());
        let path = folder.path().to_owned();
        std::mem::forget(folder);
        let folder = tempfile::tempdir().unwrap();
        Repository::clone(path.to_str().unwrap(), folder.path()).unwrap();
        return Built { folder, commits };
    }
    Built { folder, commits }
}

fn entry(path: &str, id: Oid) -> git2::IndexEntry {
    let zero = git2::IndexTime::new(0, 0);
    git2::IndexEntry {
        ctime: zero,
        mtime: zero,
        dev: 0,
        ino: 0,
        mode: 0o100_644,
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}

impl Built {
    /// A clone to walk through the commits with.
    pub fn checkout(&self) -> Checkout {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ferryline");
        let git = Repository::clone(self.folder.path().to_str().unwrap(), path).unwrap();
        git.remote_set_url("origin", "https://github.com/ferryline-test/ferryline.git").unwrap();
        Checkout { folder, git }
    }
}

impl Checkout {
    /// The folder, at a commit.
    pub fn at(&self, commit: Oid) -> &Path {
        let object = self.git.find_object(commit, None).unwrap();
        self.git.checkout_tree(&object, Some(git2::build::CheckoutBuilder::new().force())).unwrap();
        self.git.set_head_detached(commit).unwrap();
        debug_assert!(self.folder.path().exists());
        self.git.workdir().unwrap()
    }
}
