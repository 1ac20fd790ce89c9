//! A rule and what comes of it, as plain data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::{Evidence, Searched};

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

/// Which files a body looks at, with what was left out filled in.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SearchedFiles {
    /// Texts one of which a file must hold to be searched.
    pub keywords: Vec<String>,
    /// Globs of paths; none: all.
    pub files: Vec<String>,
    /// Globs of paths that are left out.
    pub not_files: Vec<String>,
    /// What the files are there for.
    pub roles: Vec<String>,
}

/// What a rule looks for in the text of files.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// A regular expression.
    Pattern(PatternBody),
    /// A tree-sitter query.
    Query(QueryBody),
}

impl Body {
    /// What a pack calls it.
    pub fn name(&self) -> &'static str {
        match self {
            Body::Pattern(_) => "pattern",
            Body::Query(_) => "query",
        }
    }

    /// Which files it looks at.
    pub fn files(&self) -> &SearchedFiles {
        match self {
            Body::Pattern(pattern) => &pattern.files,
            Body::Query(query) => &query.files,
        }
    }
}

/// `[rule.pattern]`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PatternBody {
    /// Which files it looks at.
    pub files: SearchedFiles,
    /// The expression.
    pub regex: String,
    /// The group that is shown and weighed; `""`: the whole match.
    pub capture: String,
    /// How random it must be, in bits for each character.
    pub entropy: Option<f64>,
}

/// `[rule.query]`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueryBody {
    /// The syntaxes that it asks about.
    pub languages: Vec<String>,
    /// The query.
    pub query: String,
    /// The capture that is shown.
    pub capture: String,
    /// Which files it looks at.
    pub files: SearchedFiles,
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
    /// What it looks for by itself; then it judges its own matches.
    pub body: Option<Body>,
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
    /// How far a rule with a body looked; `None` without one.
    pub searched: Option<Searched>,
    /// Why it could not be evaluated: makes the audit incomplete (exit status 4).
    pub error: Option<String>,
}

impl RuleResult {
    /// Files that a rule with a body looked at and found nothing to judge in: they pass.
    pub fn clean_files(&self) -> usize {
        let files = self.searched.map_or(0, |searched| usize::try_from(searched.files).unwrap_or(usize::MAX));
        files.saturating_sub(self.judged.len())
    }
}
