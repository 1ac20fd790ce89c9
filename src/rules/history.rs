//! `history.toml`: the git history of a fixture, and how it is built.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use git2::{Oid, Repository, RepositoryInitOptions, Signature, Time};
use serde::Deserialize;

use super::materialise::{FixtureError, write};

/// What `history.toml` says. Every key: `docs/writing-rules.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct History {
    pub(super) history: bool,
    branch: String,
    branches: Vec<String>,
    remotes: BTreeMap<String, String>,
    tags: Vec<String>,
    untracked: Vec<String>,
    dirty: Vec<String>,
    stash: bool,
    shallow: bool,
    /// `None`: the usual commits.
    commit: Option<Vec<CommitPlan>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CommitPlan {
    author: String,
    on: String,
    message: String,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    delete: Vec<String>,
    #[serde(default)]
    write: BTreeMap<String, String>,
    #[serde(default = "once")]
    times: u32,
    #[serde(default)]
    every: i64,
}

fn once() -> u32 {
    1
}

type Files = BTreeMap<String, Vec<u8>>;

impl Default for History {
    fn default() -> Self {
        History {
            history: true,
            branch: "main".to_owned(),
            branches: Vec::new(),
            remotes: BTreeMap::new(),
            tags: Vec::new(),
            untracked: Vec::new(),
            dirty: Vec::new(),
            stash: false,
            shallow: false,
            commit: None,
        }
    }
}

impl History {
    pub(super) fn parse(text: &str) -> Result<History, FixtureError> {
        toml::from_str(text).map_err(|error| FixtureError::History(error.to_string().trim_end().to_owned()))
    }

    /// The history of a fixture that is about something else: healthy enough that no rule about git minds it.
    pub(super) fn usual() -> History {
        let remotes = BTreeMap::from([("origin".to_owned(), "https://github.com/acme/app.git".to_owned())]);
        History { remotes, ..History::default() }
    }
}

/// Three commits by two people, which add the files in turn.
fn usual_commits(files: &[&String]) -> Vec<CommitPlan> {
    let authors = ["Ana Silva <ana@acme.test>", "Ben Okafor <ben@acme.test>", "Ana Silva <ana@acme.test>"];
    let days = ["2026-01-05", "2026-01-12", "2026-01-19"];
    let messages = ["Start the product", "Add what was missing", "Polish"];
    let plan = |turn: usize| {
        let own: Vec<String> = files.iter().skip(turn).step_by(3).map(|name| (*name).clone()).collect();
        // A fixture of one file still has three commits: the later ones change it.
        let again: Vec<String> = files.first().map(|name| (*name).clone()).into_iter().collect();
        CommitPlan {
            author: authors[turn].to_owned(),
            on: days[turn].to_owned(),
            message: messages[turn].to_owned(),
            files: if own.is_empty() { again } else { own },
            delete: Vec::new(),
            write: BTreeMap::new(),
            times: 1,
            every: 0,
        }
    };
    (0..3).map(plan).collect()
}

/// Builds the repository in `top`, where the files already stand.
pub(super) fn build(top: &Path, files: &Files, history: &History) -> Result<(), FixtureError> {
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
        for turn in 0..i64::from(plan.times) {
            for name in &added {
                let left = self.writes_left.entry(name.clone()).or_default();
                *left = left.saturating_sub(1);
                let mut bytes = self.files.get(name).cloned().unwrap_or_default();
                bytes.extend(std::iter::repeat_n(b'\n', *left as usize));
                self.state.insert(name.clone(), bytes);
            }
            for (name, text) in &plan.write {
                self.state.insert(name.clone(), text.clone().into_bytes());
            }
            for name in &plan.delete {
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
                Some("HEAD"),
                &signature,
                &signature,
                &plan.message,
                &tree,
                &parents,
            )?;
            self.commits.push(id);
        }
        Ok(())
    }

    fn tree(&self) -> Result<Oid, FixtureError> {
        let mut index = git2::Index::new()?;
        for (name, bytes) in &self.state {
            let entry = git2::IndexEntry {
                ctime: git2::IndexTime::new(0, 0),
                mtime: git2::IndexTime::new(0, 0),
                dev: 0,
                ino: 0,
                mode: 0o100_644,
                uid: 0,
                gid: 0,
                file_size: 0,
                id: self.repository.blob(bytes)?,
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

fn parse_author(author: &str) -> Option<(&str, &str)> {
    let (name, rest) = author.split_once('<')?;
    let mail = rest.strip_suffix('>')?;
    (!name.trim().is_empty()).then_some((name.trim(), mail))
}

/// Days from 1970-01-01 to `YYYY-MM-DD`, by the usual arithmetic of the Gregorian calendar
/// (<https://howardhinnant.github.io/date_algorithms.html#days_from_civil>).
fn days_since_1970(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if date.len() != 10 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::super::materialise::{HISTORY, Materialised, materialise};
    use super::*;

    fn fixture(files: &[(&str, &str)]) -> Result<Materialised, FixtureError> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            write(folder.path(), name, text.as_bytes()).unwrap();
        }
        materialise(folder.path())
    }

    fn log(made: &Materialised) -> Vec<String> {
        let repository = Repository::open(made.path()).unwrap();
        let mut walk = repository.revwalk().unwrap();
        walk.set_sorting(git2::Sort::TOPOLOGICAL).unwrap();
        walk.push_head().unwrap();
        walk.map(|id| {
            let commit = repository.find_commit(id.unwrap()).unwrap();
            let names: Vec<String> =
                commit.tree().unwrap().iter().map(|entry| entry.name().unwrap().to_owned()).collect();
            format!(
                "{} {} {}",
                commit.author().name().unwrap(),
                commit.summary().unwrap().unwrap(),
                names.join(",")
            )
        })
        .collect()
    }

    fn status(made: &Materialised) -> Vec<String> {
        let repository = Repository::open(made.path()).unwrap();
        let mut options = git2::StatusOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true);
        let statuses = repository.statuses(Some(&mut options)).unwrap();
        statuses.iter().map(|entry| format!("{:?} {}", entry.status(), entry.path().unwrap())).collect()
    }

    #[test]
    fn without_a_history_there_are_three_commits_by_two_people() {
        let made =
            fixture(&[("a.txt", "a"), ("b.txt", "b"), (".gitignore", "secret\n"), ("secret", "x")]).unwrap();
        assert_eq!(
            log(&made),
            [
                "Ana Silva Polish .gitignore,a.txt,b.txt",
                "Ben Okafor Add what was missing .gitignore,a.txt",
                "Ana Silva Start the product .gitignore",
            ]
        );
        assert_eq!(status(&made), Vec::<String>::new());
        let repository = Repository::open(made.path()).unwrap();
        assert_eq!(
            repository.find_remote("origin").unwrap().url().unwrap(),
            "https://github.com/acme/app.git"
        );
        assert_eq!(repository.head().unwrap().shorthand().unwrap(), "main");
    }

    #[test]
    fn one_file_is_changed_by_the_later_commits() {
        let made = fixture(&[("a.txt", "a")]).unwrap();
        assert_eq!(log(&made).len(), 3);
        assert_eq!(fs::read_to_string(made.path().join("a.txt")).unwrap(), "a");
        assert_eq!(status(&made), Vec::<String>::new());
    }

    #[test]
    fn the_same_fixture_gives_the_same_commits() {
        let head = || {
            let made = fixture(&[("a.txt", "a"), ("b/c.txt", "c")]).unwrap();
            let repository = Repository::open(made.path()).unwrap();
            repository.head().unwrap().target().unwrap().to_string()
        };
        assert_eq!(head(), head());
    }

    #[test]
    fn every_key_of_the_history() {
        let history = r#"
            branch = "trunk"
            branches = ["next"]
            tags = ["v1"]
            untracked = ["notes.txt"]
            dirty = ["src/a.ts"]
            stash = true

            [[commit]]
            author = "Ana Silva <ana@acme.test>"
            on = "2026-01-05"
            message = "first"
            files = ["src/**"]
            write = { "old.txt" = "gone" }

            [[commit]]
            author = "Ben Okafor <ben@acme.test>"
            on = "2026-01-06"
            message = "second"
            files = ["b.txt"]
            delete = ["old.txt"]
            times = 3
            every = 7
        "#;
        let files =
            [("src/a.ts", "a"), ("src/x/y.ts", "y"), ("b.txt", "b"), ("notes.txt", "n"), (HISTORY, history)];
        let made = fixture(&files).unwrap();
        assert_eq!(
            log(&made),
            [
                "Ben Okafor second b.txt,src",
                "Ben Okafor second b.txt,src",
                "Ben Okafor second b.txt,src",
                "Ana Silva first old.txt,src",
            ]
        );
        assert_eq!(status(&made), ["Status(WT_NEW) notes.txt", "Status(WT_MODIFIED) src/a.ts"]);
        let mut repository = Repository::open(made.path()).unwrap();
        assert_eq!(repository.head().unwrap().shorthand().unwrap(), "trunk");
        assert!(repository.find_branch("next", git2::BranchType::Local).is_ok());
        assert!(repository.revparse_single("v1").is_ok());
        assert_eq!(repository.remotes().unwrap().len(), 0);
        let last = repository.head().unwrap().peel_to_commit().unwrap().time().seconds();
        // 2026-01-06 and two times seven days later, at noon; the fourth commit.
        assert_eq!(last, (20_459 + 14) * 86_400 + 43_200 + 3);
        let mut stashes = 0;
        repository
            .stash_foreach(|_, _, _| {
                stashes += 1;
                true
            })
            .unwrap();
        assert_eq!(stashes, 1);
        assert_eq!(fs::read_to_string(made.path().join("b.txt")).unwrap(), "b");
    }

    #[test]
    fn shallow_no_commits_and_no_repository() {
        let shallow = fixture(&[("a.txt", "a"), (HISTORY, "shallow = true")]).unwrap();
        let repository = Repository::open(shallow.path()).unwrap();
        assert!(repository.is_shallow());
        assert_eq!(log(&shallow), ["Ana Silva Polish a.txt"]);

        let empty = fixture(&[("a.txt", "a"), (HISTORY, "commit = []")]).unwrap();
        assert!(Repository::open(empty.path()).unwrap().head().is_err());

        let none = fixture(&[("a.txt", "a"), (HISTORY, "history = false")]).unwrap();
        assert!(!none.path().join(".git").exists());
    }

    #[test]
    fn mistakes_are_said_in_a_sentence() {
        let error = |history: &str| fixture(&[("a.txt", "a"), (HISTORY, history)]).unwrap_err().to_string();
        let commit = |rest: &str| {
            let head = "[[commit]]\nauthor = \"A <a@acme.test>\"\non = \"2026-01-05\"\nmessage = \"m\"\n";
            error(&format!("{head}{rest}"))
        };
        assert_eq!(commit("files = [\"b.txt\"]"), "history.toml: commit 1: `b.txt` matches no file");
        assert_eq!(commit(""), "history.toml: no commit adds `a.txt`, and it is not under `untracked`");
        assert_eq!(
            commit("files = [\"**\"]\ndelete = [\"b\"]"),
            "history.toml: commit 1: nothing committed before to delete: `b`"
        );
        assert_eq!(error("dirty = [\"b.txt\"]"), "history.toml: there is no file `b.txt`");
        assert!(error("untraced = []").contains("unknown field `untraced`"));
    }

    #[test]
    fn days() {
        assert_eq!(days_since_1970("1970-01-01"), Some(0));
        assert_eq!(days_since_1970("2026-01-06"), Some(20_459));
        assert_eq!(days_since_1970("2024-02-29"), Some(19_782));
        assert_eq!(days_since_1970("2026-1-06"), None);
        assert_eq!(days_since_1970("yesterday!"), None);
    }
}
