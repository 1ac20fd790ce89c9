//! A rule and what comes of it, as plain data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::Evidence;

/// How bad a finding is. Ordered: `Low < Blocker`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Will hurt some day.
    Medium,
    /// Will hurt soon, or hides what hurts.
    High,
    /// Hurts customers or the company when it happens, and nothing prevents it.
    Critical,
    /// Must not be in front of customers like this.
    Blocker,
}

/// When it should be dealt with. Ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// First: stop what can hurt today.
    Stabilize,
    /// Then: what a team needs to change things safely.
    Foundations,
    /// Last: what growth needs.
    Scale,
}

/// How sure a rule is when it fires.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// More likely than not.
    Low,
    /// Wrong now and then.
    Medium,
    /// Would be signed.
    #[default]
    High,
}

/// How long the fix takes an engineer who knows the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// Under an hour.
    Minutes,
    /// Within a day.
    Hours,
    /// Within a week.
    Days,
    /// More.
    Weeks,
}

/// A loaded and checked rule. What each key means: `docs/writing-rules.md`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule {
    /// Kebab-case, names the flaw.
    pub id: String,
    /// The finding's title; may hold placeholders.
    pub title: String,
    /// Slug of an area.
    pub area: String,
    /// How bad.
    pub severity: Severity,
    /// When to deal with it.
    pub stage: Stage,
    /// The kind of fact it judges.
    pub on: String,
    /// Which facts it judges; `None`: all.
    pub applies: Option<String>,
    /// The flaw.
    pub when: String,
    /// When it cannot be told. Where this holds, `when` is not asked.
    pub unknown: Option<String>,
    /// What to ask a person when it cannot be told.
    pub question: Option<String>,
    /// What to say when every fact passed. May use `{passed}` and `{applied}`.
    pub good: Option<String>,
    /// Whether the area can't be production-grade without it.
    pub required: bool,
    /// Rules whose failure makes this one fail too.
    pub requires: Vec<String>,
    /// How sure.
    pub confidence: Confidence,
    /// For a founder.
    pub why: String,
    /// For an engineer.
    pub fix: String,
    /// How to see that it is fixed.
    pub verify: String,
    /// How long it takes.
    pub effort: Effort,
    /// CWE, OWASP, catalogue ids.
    pub refs: Vec<String>,
    /// The pack file it came from, as shown to people.
    pub pack: String,
}

/// What a rule says of one fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Judgement {
    /// The flaw is not there.
    Passed,
    /// The flaw is there.
    Failed,
    /// It cannot be told; the reasons, each as the end of "cannot be told, because …".
    Unknown(Vec<String>),
}

/// One fact that a rule applies to, and what comes of it. Texts have their placeholders filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// What the fact is about; see `Fact::subject`.
    pub subject: String,
    /// The app it belongs to, `""` for none.
    pub app: String,
    /// What comes of it.
    pub judgement: Judgement,
    /// Where: the evidence of the fields that `when` reads; else the fact's own place. Never empty.
    pub evidence: Vec<Evidence>,
    /// Fields of the fact that list things: each piece of evidence for one of them is a place of its own.
    pub lists: Vec<String>,
    /// The rule's title for this fact.
    pub title: String,
    /// The rule's `why` for this fact.
    pub why: String,
    /// The rule's `fix` for this fact.
    pub fix: String,
    /// The rule's `verify` for this fact.
    pub verify: String,
    /// The rule's `question` for this fact, `""` without one.
    pub question: String,
}

/// What comes of one rule over all facts of its kind.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleResult {
    /// The rule.
    pub rule: Rule,
    /// How many facts of its kind there are, whether it applies or not.
    pub candidates: u32,
    /// Facts that it applies to, in the order of the fact base.
    pub judged: Vec<Judged>,
    /// `good` with its placeholders filled in, `""` without one or when not every fact passed.
    pub good: String,
    /// Why it could not be evaluated: makes the audit incomplete (exit status 4).
    pub error: Option<String>,
}
