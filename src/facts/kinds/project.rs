use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// How much of the git history was there to read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum History {
    /// All of it.
    Full,
    /// Cut off by `git clone --depth`.
    Shallow,
    /// Objects left out by `git clone --filter`.
    Partial,
    /// A repository without a commit that touches PATH.
    Empty,
    /// A repository that could not be read, or was not to be (`--history none`).
    Unread,
    /// PATH is in no git repository.
    #[default]
    None,
}

/// A language by its share of the product's code.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LanguageShare {
    /// `TypeScript`, `Go`, …
    pub name: String,
    /// Files of product code, tests included.
    pub files: u32,
    /// Their size.
    pub bytes: u64,
    /// Of all bytes of code, 0 to 1.
    pub share: f64,
    /// Whether this version reads the language's tests, imports and configuration. Code in a language that is
    /// not read makes every area that needs it *cannot be told*.
    pub read: bool,
}

/// A git remote, without credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RemoteInfo {
    /// `origin`, …
    pub name: Excerpt,
    /// `github.com`, …; `""` for a path on disk.
    pub host: Excerpt,
    /// The account or group that owns it.
    pub owner: Excerpt,
    /// `https`, `ssh`, `git`, `http` or `file`.
    pub protocol: String,
}

/// The repository as a whole. There is exactly one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Project {
    /// The name of the remote's repository, or of PATH in a monorepo; `""` if neither tells.
    pub name: String,
    /// Whether PATH is in a git repository.
    pub git: bool,
    /// How much of the history was there to read.
    pub history: History,
    /// Commits that touch PATH.
    pub commits: u32,
    /// Day of the first commit, `YYYY-MM-DD`; `""` without one.
    pub first: String,
    /// Day of the last commit, `YYYY-MM-DD`; `""` without one.
    pub last: String,
    /// Distinct author e-mail addresses.
    pub authors: u32,
    /// Addresses that belong to people: not to a bot, a builder or an unconfigured git.
    pub human_authors: u32,
    /// Share of commits of the address with the most commits, bots included, 0 to 1.
    pub top_author_share: f64,
    /// People: addresses with the same name counted once.
    pub people: u32,
    /// Share of the people's commits by the person with the most, 0 to 1.
    pub top_person_share: f64,
    /// Share of commits authored by bots and builders, 0 to 1.
    pub bot_share: f64,
    /// People with a commit in the 90 days before the last commit.
    pub active_people: u32,
    /// Share of all files ever added that one single commit added, 0 to 1.
    pub largest_commit_share: f64,
    /// The branch that is checked out, `""` when detached.
    pub branch: Excerpt,
    /// Full id of HEAD, `""` without a commit.
    pub head: String,
    /// Sorted by name.
    pub remotes: Vec<RemoteInfo>,
    /// Host and owner of every remote on a server, `github.com/acme`, sorted, once each.
    pub hosted_at: Vec<Excerpt>,
    /// Local branches.
    pub branches: u32,
    /// Tags.
    pub tags: u32,
    /// Tracked files that differ from HEAD.
    pub dirty: u32,
    /// Files that are neither tracked nor ignored.
    pub untracked: u32,
    /// Stashes.
    pub stashes: u32,
    /// Submodules.
    pub submodules: u32,
    /// Linked worktrees.
    pub worktrees: u32,
    /// Files in the tree.
    pub files: u32,
    /// Files that hold tests.
    pub test_files: u32,
    /// Test cases counted in the languages that are read.
    pub test_cases: u32,
    /// Workflow files of any CI system.
    pub ci: Vec<String>,
    /// Lockfiles.
    pub lock: Vec<String>,
    /// Dockerfiles and compose files.
    pub dockerfile: Vec<String>,
    /// Deployment configuration of platforms.
    pub deploy: Vec<String>,
    /// `.env` files and their examples.
    pub env: Vec<String>,
    /// Files and folders that AI tools leave behind.
    pub ai_markers: Vec<String>,
    /// AI builders that the repository shows: `lovable`, `bolt`, `replit`, …
    pub builders: Vec<String>,
    /// Largest share first.
    pub languages: Vec<LanguageShare>,
    /// Whether there is code at all, in any known language.
    pub has_code: bool,
    /// Whether this version reads the languages that the code is written in: `yes` all but a trifle, `no`
    /// hardly any.
    pub code_read: Answer,
    /// Whether there is a `.gitignore` that applies to PATH.
    pub gitignore: bool,
    /// Whether `.env` files would be ignored wherever the project would have them; `partial`: some of them. `na` where
    /// nothing reads such files and there is none.
    pub ignores_env: Answer,
    /// Whether dependencies and build output would be ignored, as far as the stack has them.
    pub ignores_output: Answer,
    /// Whether there is a README.
    pub readme: bool,
    /// Whether a document says how to install and start the project.
    pub setup_documented: Answer,
    /// Whether there is a CODEOWNERS file.
    pub codeowners: bool,
    /// Whether a bot keeps the dependencies fresh (Dependabot, Renovate).
    pub update_automation: bool,
    /// Whether any CI workflow exists.
    pub has_ci: bool,
    /// Whether any workflow runs tests.
    pub ci_runs_tests: Answer,
    /// Third-party actions of all workflows that are not pinned to a commit, sorted, once each.
    pub unpinned_actions: Vec<Excerpt>,
    /// Names of secrets of all workflows that are keys of a cloud which a workflow could sign in to without a key that
    /// lasts, sorted, once each.
    pub cloud_keys: Vec<String>,
    /// Addresses of scripts that workflows and builds of images fetch and run unseen, sorted, once each.
    pub remote_scripts: Vec<Excerpt>,
    /// Workloads of a cluster that answer requests and that nothing asks whether they work, sorted.
    pub workloads_without_probes: Vec<Excerpt>,
    /// Workloads of a cluster whose memory nothing limits, sorted.
    pub workloads_without_limits: Vec<Excerpt>,
    /// Whether every version of every file was looked through for secrets: `partial` in a clone that lacks some, `na`
    /// outside git.
    pub history_searched: Answer,
    /// Whether a hook or a pipeline looks for secrets.
    pub secret_scanning: Answer,
    /// Whether payments are taken in any app.
    pub takes_payments: bool,
    /// Whether there is any evidence of backups in the repository.
    pub backups_evidence: Answer,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Project {
    fn subject(&self) -> String {
        "the repository".to_owned()
    }
    fn place(&self) -> (&str, u32) {
        ("", 0)
    }
    fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }
}
