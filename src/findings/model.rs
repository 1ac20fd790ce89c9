//! What an audit says, as plain data that serialises. Field names are the contract of the report's schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Suppressed, Suppression, UnusedSuppression};
use crate::facts::Evidence;
use crate::rules::{Confidence, Effort, Severity, Stage};
use crate::secrets::Excerpt;

/// Whether a place counts, and if not, who says so.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It counts.
    #[default]
    Open,
    /// The baseline accepts it.
    Baseline,
    /// It was there before the change that is judged (`--since`, `--staged`).
    Before,
    /// An `[[ignore]]` of the configuration or a comment in the code accepts it, with a reason.
    Ignored,
}

/// Where a finding shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Place {
    /// Made of rule, subject, file and content, never of a line number: survives moved lines and reformatting.
    pub key: String,
    /// Relative to PATH; `""` for the git history or PATH itself.
    pub file: String,
    /// From 1; 0 for the whole file.
    pub line: u32,
    /// From 1, in characters; 0 where it is not known.
    pub column: u32,
    /// The line, masked; `""` without one.
    pub snippet: Excerpt,
    /// Whether it counts.
    pub standing: Standing,
    /// What accepts it, where its standing is `ignored`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppression: Option<Suppression>,
    /// What its key is made of beside rule, subject and file. See [`super::known`].
    #[serde(skip)]
    pub(super) content: Content,
}

/// What a place says, as far as it tells this place from others.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// One thing of several that the fact lists (an action, a variable, a match): its line, masked and without
    /// white space and punctuation.
    Line(String),
    /// One thing of several that has a name of its own: `undeclared_env[MAIL_FROM]`.
    Item(String),
    /// The fact as a whole: the field that says so, whatever its line looks like today.
    Field(String),
    /// A secret, by its fingerprint: the same one wherever it stands.
    Value(String),
    /// Nothing: there is no evidence.
    #[default]
    Nothing,
}

/// One root cause.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    /// Made of rule and subject.
    pub key: String,
    /// The rule's id.
    pub rule: String,
    /// Slug of the area.
    pub area: String,
    /// When to deal with it.
    pub stage: Stage,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// In one line.
    pub title: String,
    /// Why it matters, for a founder.
    pub why: String,
    /// What to do, for an engineer.
    pub fix: String,
    /// How to see that it is fixed.
    pub verify: String,
    /// A ready instruction for an AI coding tool, with the verification step.
    pub prompt: String,
    /// How long it takes.
    pub effort: Effort,
    /// CWE, OWASP, catalogue ids.
    pub refs: Vec<String>,
    /// What it is about.
    pub subject: String,
    /// The app, `""` for none.
    pub app: String,
    /// Every place, sorted by file and line. At least one.
    pub places: Vec<Place>,
    /// The chain of evidence, in the order of the facts.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// Whether at least one place counts.
    pub fn is_open(&self) -> bool {
        self.places.iter().any(|place| place.standing == Standing::Open)
    }
}

/// What came of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Result {
    /// No fact has the flaw.
    Passed,
    /// At least one has.
    Failed,
    /// It can't be told for at least one, and no fact has the flaw.
    Unknown,
    /// There is nothing that it applies to.
    NotApplicable,
    /// A person vouches for what can't be told.
    Attested,
}

/// What came of a rule, with counts and reasons.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Outcome {
    /// The rule's id.
    pub rule: String,
    /// The rule's title without placeholders filled in, in plain words.
    pub title: String,
    /// Slug of the area.
    pub area: String,
    /// When to deal with it.
    pub stage: Stage,
    /// How bad a finding of it is.
    pub severity: Severity,
    /// How sure a finding of it is.
    pub confidence: Confidence,
    /// Whether its area can't be production-grade without it.
    pub required: bool,
    /// What came of it.
    pub result: Result,
    /// Facts that it applies to.
    pub applied: u32,
    /// Of those, the ones that passed.
    pub passed: u32,
    /// Of those, the ones that failed: the open root causes.
    pub failed: u32,
    /// Of those, the ones that can't be told and that nobody vouches for.
    pub unknown: u32,
    /// Of those, the ones that rest on a person's word: they can't be told and somebody vouches for them, or they
    /// failed and somebody accepts it.
    pub attested: u32,
    /// Of the attested, the ones that failed and that somebody accepts: the suppressed root causes.
    pub accepted: u32,
    /// Why it can't be told, does not apply, or fails because of another rule.
    pub reasons: Vec<String>,
    /// The rule whose failure makes this one fail, `""` for none.
    pub failed_by: String,
    /// Whether the check itself, or one that it requires, failed to run.
    pub incomplete: bool,
    /// Whether a rule that it requires can't be told, so that it may fail yet whatever it says itself.
    pub rests_on_unknown: bool,
}

/// Something that only a person can tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Question {
    /// The rule that asks.
    pub rule: String,
    /// Slug of the area.
    pub area: String,
    /// When it matters.
    pub stage: Stage,
    /// How bad it is if the answer is no.
    pub severity: Severity,
    /// Whether the area can't be production-grade without an answer.
    pub required: bool,
    /// What to ask.
    pub question: String,
    /// What it is about.
    pub subject: String,
    /// Why the repository can't tell.
    pub because: String,
    /// Where the repository comes closest.
    pub places: Vec<Place>,
}

/// Something that is good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Strength {
    /// The rule that passed.
    pub rule: String,
    /// Slug of the area.
    pub area: String,
    /// What is good, in one sentence.
    pub sentence: String,
}

/// Everything that the rules say, ordered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings {
    /// Those with an open place. Worst first: severity, then confidence, then stage, then area, rule and subject.
    pub findings: Vec<Finding>,
    /// Those without an open place, because the baseline accepts it or because it was there before the change. In the
    /// same order. They count in the outcomes and in the score like the open ones.
    pub known: Vec<Finding>,
    /// Those all of whose places an `[[ignore]]` or a comment accepts. In the same order.
    pub suppressed: Vec<Suppressed>,
    /// Suppressions that don't apply, and why. In the order of files and lines.
    pub unused_suppressions: Vec<UnusedSuppression>,
    /// In the order of the areas, then by severity, then by id.
    pub outcomes: Vec<Outcome>,
    /// Worst first.
    pub questions: Vec<Question>,
    /// What matters most first: what is required, then by the severity of the flaw that is not there.
    pub strengths: Vec<Strength>,
    /// The areas that were asked for; empty for all.
    pub areas: Vec<String>,
    /// Rules that could not be evaluated, and why.
    pub errors: Vec<(String, String)>,
    /// Analysers that failed before any rule ran, in sentences. Not empty: nothing that passes can be vouched for.
    pub failures: Vec<String>,
    /// Attestations that count, in the order given.
    pub attestations: Vec<Attestation>,
    /// Attestations that don't count, and why; sentences for the coverage page.
    pub notes: Vec<String>,
}

impl Findings {
    /// Whether an area was asked for.
    pub fn asked_for(&self, area: &str) -> bool {
        self.areas.is_empty() || self.areas.iter().any(|asked| asked == area)
    }
}

/// A person's dated word for what no repository can show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Attestation {
    /// The rule whose question it answers.
    pub rule: String,
    /// The answer.
    pub answer: String,
    /// Who says so.
    pub by: String,
    /// When, `YYYY-MM-DD`.
    pub on: String,
    /// Until when it holds (that day included), `YYYY-MM-DD`.
    pub until: String,
}
