//! The report as data: what `--format json` prints and what every other format renders.

use schemars::JsonSchema;
use serde::Serialize;

use super::Background;
use super::Gate;
use super::permissions::PermissionMap;
use super::routes::RouteMatrix;
use crate::findings::{Attestation, Finding, Outcome, Question, Strength, Suppressed, UnusedSuppression};
use crate::score::{AreaScore, Progress, StageScore};
use crate::secrets::Excerpt;

/// The version of the report's format.
pub type FormatVersion = u32;

/// What made the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tool {
    /// `vibecheck`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The rules that were run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ruleset {
    /// How many.
    pub rules: u32,
    /// SHA-256 over the packs, the first 16 hex digits: equal for equal rules.
    pub digest: String,
    /// Pack files in the order they were loaded.
    pub packs: Vec<String>,
    /// The areas that were asked for with `--only`; empty for all.
    pub areas: Vec<String>,
}

/// What was audited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Subject {
    /// The repository's name, or PATH's.
    pub name: String,
    /// Full id of HEAD, `""` without one.
    pub commit: String,
    /// The branch, `""` when detached.
    pub branch: Excerpt,
    /// Whether tracked files differ from HEAD.
    pub dirty: bool,
    /// The day of the audit, `YYYY-MM-DD`.
    pub date: String,
    /// Its apps, as findings name them: folders relative to PATH, `.` for PATH itself.
    pub apps: Vec<String>,
}

/// Page one.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Summary {
    /// The verdict in one sentence that a founder understands.
    pub sentence: String,
    /// The stage to work in now: `assess`, `stabilize`, `foundations`, `scale`, or `done`.
    pub stage: String,
    /// The ladder.
    pub stages: Vec<StageScore>,
    /// Low and high end, in percent.
    pub progress: Progress,
    /// The gate.
    pub gate: Gate,
}

/// What findings are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ComparisonKind {
    /// `--baseline`: what was accepted once.
    Baseline,
    /// `--since`: a revision.
    Since,
    /// `--staged`: the last commit.
    Staged,
}

/// A root cause that lost places since.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Fixed {
    /// The rule's id.
    pub rule: String,
    /// What the finding was about.
    pub subject: String,
    /// What it said; `""` for one of a baseline, which does not keep that.
    pub title: String,
    /// How many of its places are no longer there.
    pub places: u32,
}

/// Today's findings against those of before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Comparison {
    /// What they are compared with.
    pub kind: ComparisonKind,
    /// Which one: the name of the baseline's file, the revision as given.
    pub with: String,
    /// The full id of the commit that is compared with; `""` for a baseline, and before the first commit.
    pub commit: String,
    /// Whether that commit is where the branch left the revision, and not the revision itself.
    pub forked: bool,
    /// Files that differ; 0 for a baseline.
    pub files: u32,
    /// Findings that it knows already, all their places: they are listed under `known`.
    pub known: u32,
    /// What is no longer there, by rule and subject.
    pub fixed: Vec<Fixed>,
}

/// Files that were not read, by reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SkippedFiles {
    /// Why, in plain words: "binary", "larger than 2 MB".
    pub reason: String,
    /// How many.
    pub count: u32,
    /// Their paths, sorted; at most 20 (the count is exact).
    pub files: Vec<String>,
}

/// What was read of the code.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CodeCoverage {
    /// A language.
    pub language: String,
    /// Its share of all code, in percent.
    pub percent: f64,
    /// Whether this version reads it.
    pub read: bool,
}

/// What was read of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HistoryCoverage {
    /// `full`, `shallow`, `partial`, `empty`, `unread` or `none`.
    pub state: String,
    /// Commits read.
    pub commits: u32,
    /// Versions of files in which secrets were looked for.
    pub versions: u32,
    /// Versions in which they were not, for what their path says they are: lockfiles, images, fonts.
    pub versions_skipped: u32,
}

/// What the report rests on, and what it does not.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Coverage {
    /// Files in the tree.
    pub files: u32,
    /// Files whose text was read.
    pub read: u32,
    /// Files that no check looks into (images, styles …).
    pub unwanted: u32,
    /// By reason, largest count first.
    pub skipped: Vec<SkippedFiles>,
    /// Files that do not parse: path and what is wrong.
    pub broken: Vec<(String, String)>,
    /// Languages, largest share first.
    pub languages: Vec<CodeCoverage>,
    /// The history.
    pub history: HistoryCoverage,
    /// Areas that no loaded rule looks at: slugs.
    pub unexamined_areas: Vec<String>,
    /// Anything else that was not read, in sentences.
    pub notes: Vec<String>,
    /// Analysers and rules that failed; not empty means that the audit is incomplete (exit status 4).
    pub failures: Vec<String>,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    /// `vibecheck-report`.
    pub format: String,
    /// 1.
    pub version: FormatVersion,
    /// What made it.
    pub tool: Tool,
    /// The rules that were run.
    pub ruleset: Ruleset,
    /// What was audited.
    pub subject: Subject,
    /// Page one.
    pub summary: Summary,
    /// In the order of the areas.
    pub areas: Vec<AreaScore>,
    /// One for each rule.
    pub outcomes: Vec<Outcome>,
    /// Worst first.
    pub findings: Vec<Finding>,
    /// Findings without a new place: the baseline accepts them, or they were there before the change.
    pub known: Vec<Finding>,
    /// What the findings were compared with, and what came of it. Empty without `--baseline`, `--since` and `--staged`.
    pub comparisons: Vec<Comparison>,
    /// Findings that an `[[ignore]]` or a comment accepts, place by place, with a reason.
    pub suppressed: Vec<Suppressed>,
    /// Suppressions that don't apply, and why.
    pub unused_suppressions: Vec<UnusedSuppression>,
    /// What only a person can tell.
    pub questions: Vec<Question>,
    /// What people vouch for.
    pub attestations: Vec<Attestation>,
    /// What is good.
    pub strengths: Vec<Strength>,
    /// What it rests on.
    pub coverage: Coverage,
    /// What answers requests, and what is known of who may call it. Empty for a change.
    pub routes: RouteMatrix,
    /// Who may do what, as far as the routes and AI tools tell. Empty for a change.
    pub permissions: PermissionMap,
    /// The fact base, where `--with-facts` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub facts: Option<serde_json::Value>,
    /// What other programs' formats need beside it; no part of the JSON.
    #[serde(skip)]
    #[schemars(skip)]
    pub background: Background,
}
