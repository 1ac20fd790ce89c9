use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};
use crate::secrets::{Excerpt, SecretKind};

/// How bad it is when strangers have a value, as its format says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Harm {
    /// Worth knowing.
    #[default]
    Low,
    /// Will hurt some day.
    Medium,
    /// Will hurt soon.
    High,
    /// Hurts customers or the company.
    Critical,
    /// Opens everything.
    Blocker,
}

/// One secret, with every place that has it: `secrets` of the same value taken together. Values that are public or
/// stand for others are not among them, except those that are `weak` where they would be used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Credential {
    /// The same for the same value: 16 hex digits.
    pub fingerprint: String,
    /// The id of its format.
    pub format: String,
    /// What sort of thing it is.
    pub kind: SecretKind,
    /// Whose it is: `Stripe`; `""` for nobody's.
    pub provider: String,
    /// What a person calls it: `Stripe live secret key`; `signing secret (JWT_SECRET)` where the format has no provider.
    pub name: String,
    /// What is known of it beside its format.
    pub detail: String,
    /// How bad it is when strangers have it.
    pub harm: Harm,
    /// Whether it only opens a sandbox, or is what code falls back to where `NODE_ENV` is not `production`.
    pub sandbox: bool,
    /// What whoever has it can do, one sentence.
    pub opens: String,
    /// How to replace it.
    pub rotate: String,
    /// The app of the first place.
    pub app: String,
    /// The name that it is assigned to at the first place that has one.
    pub variable: String,
    /// The first place: in the files of today if there is one, product before tests before documents.
    pub file: String,
    /// The line there.
    pub line: u32,
    /// How many places have it: in the files of today, and in files of the history that no longer do.
    pub places: u32,
    /// The files of today that have it, sorted.
    pub files: Vec<String>,
    /// Whether a file of today has it that git tracks.
    pub in_tracked_files: bool,
    /// Whether a file of today has it that git does not track: on this machine only, where it belongs if it is ignored.
    pub in_untracked_files: bool,
    /// Whether a commit, a stash or a leftover of the repository has it.
    pub in_history: bool,
    /// Whether HEAD has it.
    pub in_head: bool,
    /// Whether nothing but this clone's leftovers has it: no branch, tag or stash.
    pub unreachable: bool,
    /// Whether it stands only in tests, fixtures, examples or documents.
    pub only_in_tests_or_docs: bool,
    /// The first commit that has it, `""` without one or when the history was not read.
    pub commit: String,
    /// The author of that commit.
    pub author: Excerpt,
    /// The day of that commit.
    pub date: String,
    /// Since when it is there, in a sentence that is never empty.
    pub since: Excerpt,
    /// Whether it is shipped to every visitor: its variable has a public prefix, or it stands in code or build output that
    /// browsers load.
    pub in_browser: Answer,
    /// Whether it is what code falls back to when a setting is missing.
    pub fallback: bool,
    /// Whether it is known to everybody or easily guessed: a framework's default, a common password.
    pub weak: bool,
    /// Whether it stands in a pipeline, an image, a compose file, a manifest, or the state or variables of
    /// infrastructure.
    pub in_deployment: bool,
    /// Whether it stands in what an AI tool reads or writes: rules, memory, settings, logs of chats.
    pub in_agent_files: bool,
    /// Whether a seed, a migration or a script puts it into a database as somebody's password.
    pub seeded: bool,
    /// Whether it is a part of an address that is called, where proxies and logs keep it.
    pub in_url: bool,
    /// Environments whose files have it (`production`, `staging`, `development` …), sorted.
    pub environments: Vec<String>,
    /// Every place, at most 50; those in the files of today first.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Credential {
    fn subject(&self) -> String {
        self.fingerprint.clone()
    }
    fn app(&self) -> &str {
        &self.app
    }
    fn place(&self) -> (&str, u32) {
        (&self.file, self.line)
    }
    fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }
}
