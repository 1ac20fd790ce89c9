//! Builds the git repository that a history describes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use git2::{Oid, Repository, RepositoryInitOptions, Signature, Time};

use super::super::materialise::{FixtureError, real_path, write};
use super::{CommitPlan, Files, History, days_since_1970, parse_author, usual_commits};

/// Builds the repository in `top`, where the files already stand.
pub(in crate::rules) fn build(top: &Path, files: &Files, history: &History) -> Result<(), FixtureError> {
    let mut options = RepositoryInitOptions::new();
    options.initial_head(&history.branch).external_template(false).no_reinit(true);
    let repository = Repository::init_opts(top, &options)?;
    let mut config = repository.config()?;
    // The machine's own settings must not change what is ignored or how files are stored.
    config.set_str("core.excludesfile", "/dev/null")?;
    config.set_bool("core.autocrlf", false)?;
    for (name, url) in &history.remotes {
        repository.remote(name, url)?;
    }

    let mut ignored = BTreeSet::new();
    for name in files.keys() {
        if repository.is_path_ignored(name)? {
            ignored.insert(name.as_str());
        }
    }
    let committed = |name: &&String| !ignored.contains(name.as_str()) && !history.untracked.contains(*name);
    let usual = || usual_commits(&files.keys().filter(committed).collect::<Vec<_>>());
    let commits = history.commit.clone().unwrap_or_else(usual);

    let mut builder = Builder {
        repository: &repository,
        history,
        files,
        ignored,
        writes_left: BTreeMap::new(),
        state: Files::new(),
        blobs: BTreeMap::new(),
        commits: Vec::new(),
    };
    builder.count_writes(&commits)?;
    for (number, plan) in commits.iter().enumerate() {
        builder.commit(number + 1, plan)?;
    }
    builder.finish(top)
}

struct Builder<'a> {
    repository: &'a Repository,
    history: &'a History,
    files: &'a Files,
    /// Files that a glob doesn't commit, as `git add` wouldn't.
    ignored: BTreeSet<&'a str>,
    /// How often a commit still writes a file: all but the last write something else than the final text.
    writes_left: BTreeMap<String, u32>,
    /// The tree of the last commit.
    state: Files,
    /// Its blobs: hundreds of commits change a few files each.
    blobs: BTreeMap<String, Oid>,
    commits: Vec<Oid>,
}

impl Builder<'_> {
    fn count_writes(&mut self, commits: &[CommitPlan]) -> Result<(), FixtureError> {
        for (number, plan) in commits.iter().enumerate() {
            for name in self.added(number + 1, plan)? {
                *self.writes_left.entry(name).or_default() += plan.times;
            }
        }
        for name in &self.history.dirty {
            // What is committed of a dirty file differs from what stands in the folder.
            *self.writes_left.entry(name.clone()).or_default() += 1;
        }
        Ok(())
    }

    /// The files of the folder that a commit adds or changes.
    fn added(&self, number: usize, plan: &CommitPlan) -> Result<Vec<String>, FixtureError> {
        let mut added = BTreeSet::new();
        for pattern in &plan.files {
            // Files may be named as they stand in the folder.
            let pattern = &real_path(pattern);
            let glob = ignore::overrides::OverrideBuilder::new("")
                .add(&format!("/{}", pattern.trim_start_matches('/')))
                .and_then(|builder| builder.build())
                .map_err(|error| FixtureError::History(format!("commit {number}: {pattern}: {error}")))?;
            let matches = |name: &&String| {
                let kept_back =
                    self.ignored.contains(name.as_str()) || self.history.untracked.contains(*name);
                *name == pattern || (!kept_back && glob.matched(name, false).is_whitelist())
            };
            let matched: Vec<String> = self.files.keys().filter(matches).cloned().collect();
            if matched.is_empty() {
                return Err(FixtureError::History(format!("commit {number}: `{pattern}` matches no file")));
            }
            added.extend(matched);
        }
        Ok(added.into_iter().collect())
    }

    fn commit(&mut self, number: usize, plan: &CommitPlan) -> Result<(), FixtureError> {
        let wrong = |what: String| FixtureError::History(format!("commit {number}: {what}"));
        let author = parse_author(&plan.author)
            .ok_or_else(|| wrong(format!("author {:?} is no `Name <mail>`", plan.author)))?;
        let day = days_since_1970(&plan.on)
            .ok_or_else(|| wrong(format!("on {:?} is no date `YYYY-MM-DD`", plan.on)))?;
        let added = self.added(number, plan)?;
        let before = plan.taken_back.then(|| (self.state.clone(), self.blobs.clone()));
        for turn in 0..i64::from(plan.times) {
            for name in &added {
                let left = self.writes_left.entry(name.clone()).or_default();
                *left = left.saturating_sub(1);
                let mut bytes = self.files.get(name).cloned().unwrap_or_default();
                bytes.extend(std::iter::repeat_n(b'\n', *left as usize));
                self.put(name, bytes)?;
            }
            for (name, text) in &plan.write {
                self.put(name, text.clone().into_bytes())?;
            }
            for name in &plan.delete {
                self.blobs.remove(name);
                if self.state.remove(name).is_none() && turn == 0 {
                    return Err(wrong(format!("nothing committed before to delete: `{name}`")));
                }
            }
            // Noon, and one second later for each commit: the order is certain, the day is as written.
            let noon = (day + turn * plan.every) * 86_400 + 43_200;
            let time = Time::new(noon + i64::try_from(self.commits.len()).unwrap_or_default(), 0);
            let signature = Signature::new(author.0, author.1, &time)?;
            let tree = self.repository.find_tree(self.tree()?)?;
            let parent = self.commits.last().map(|id| self.repository.find_commit(*id)).transpose()?;
            let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
            let id = self.repository.commit(
                if plan.taken_back { None } else { Some("HEAD") },
                &signature,
                &signature,
                &plan.message,
                &tree,
                &parents,
            )?;
            if !plan.taken_back {
                self.commits.push(id);
            }
        }
        if let Some((state, blobs)) = before {
            (self.state, self.blobs) = (state, blobs);
        }
        Ok(())
    }

    fn put(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), FixtureError> {
        self.blobs.insert(name.to_owned(), self.repository.blob(&bytes)?);
        self.state.insert(name.to_owned(), bytes);
        Ok(())
    }

    fn tree(&self) -> Result<Oid, FixtureError> {
        let mut index = git2::Index::new()?;
        for (name, blob) in &self.blobs {
            let entry = git2::IndexEntry {
                ctime: git2::IndexTime::new(0, 0),
                mtime: git2::IndexTime::new(0, 0),
                dev: 0,
                ino: 0,
                mode: 0o100_644,
                uid: 0,
                gid: 0,
                file_size: 0,
                id: *blob,
                flags: 0,
                flags_extended: 0,
                path: name.clone().into_bytes(),
            };
            index.add(&entry)?;
        }
        Ok(index.write_tree_to(self.repository)?)
    }

    fn finish(self, top: &Path) -> Result<(), FixtureError> {
        let wrong = |what: String| FixtureError::History(what);
        for name in self.history.untracked.iter().chain(&self.history.dirty) {
            if !self.files.contains_key(name) {
                return Err(wrong(format!("there is no file `{name}`")));
            }
        }
        for name in self.files.keys() {
            let meant = self.history.untracked.contains(name) || self.ignored.contains(name.as_str());
            if !self.state.contains_key(name) && !meant && !self.commits.is_empty() {
                return Err(wrong(format!("no commit adds `{name}`, and it is not under `untracked`")));
            }
        }
        for (name, bytes) in &self.state {
            if !self.files.contains_key(name) {
                write(top, name, bytes)?;
            }
        }
        let Some(head) = self.commits.last() else { return Ok(()) };
        let commit = self.repository.find_commit(*head)?;
        let mut index = self.repository.index()?;
        index.read_tree(&commit.tree()?)?;
        index.write()?;
        for tag in &self.history.tags {
            self.repository.tag_lightweight(tag, commit.as_object(), false)?;
        }
        for branch in &self.history.branches {
            self.repository.branch(branch, &commit, false)?;
        }
        if self.history.stash {
            self.stash(top, &commit)?;
        }
        if self.history.shallow {
            self.cut_off(*head)?;
        }
        Ok(())
    }

    /// Sets a change to the first committed file aside, as `git stash` would.
    fn stash(&self, top: &Path, head: &git2::Commit<'_>) -> Result<(), FixtureError> {
        let Some(name) = self.state.keys().find(|name| !self.history.dirty.contains(name)) else {
            return Err(FixtureError::History("a stash needs a committed file that is not dirty".to_owned()));
        };
        let bytes = self.state.get(name).cloned().unwrap_or_default();
        // Of everything else that is not committed the stash must know nothing.
        let aside: Vec<(&String, &Vec<u8>)> =
            self.history.dirty.iter().filter_map(|name| Some((name, self.state.get(name)?))).collect();
        for (name, committed) in &aside {
            write(top, name, committed)?;
        }
        write(top, name, &[bytes.as_slice(), b"stashed\n"].concat())?;
        let mut repository = Repository::open(top)?;
        let author = head.author();
        let time = Time::new(head.time().seconds() + 60, 0);
        let signature = Signature::new(
            author.name().unwrap_or("Ana Silva"),
            author.email().unwrap_or("ana@acme.test"),
            &time,
        )?;
        repository.stash_save(&signature, "work in progress", None)?;
        for (name, _) in &aside {
            write(top, name, self.files.get(*name).map(Vec::as_slice).unwrap_or_default())?;
        }
        Ok(())
    }

    /// Makes it what `git clone --depth 1` leaves: the older commits are really gone.
    fn cut_off(&self, head: Oid) -> Result<(), FixtureError> {
        let folder = self.repository.path().to_path_buf();
        let io = |error| FixtureError::Io("shallow".to_owned(), error);
        fs::write(folder.join("shallow"), format!("{head}\n")).map_err(io)?;
        for id in self.commits.iter().filter(|id| **id != head) {
            let hex = id.to_string();
            let (first, rest) = hex.split_at(2);
            fs::remove_file(folder.join("objects").join(first).join(rest)).map_err(io)?;
        }
        Ok(())
    }
}
