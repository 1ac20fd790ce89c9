//! Verdicts as plain data that serialises.

use schemars::JsonSchema;
use serde::Serialize;

/// What is said of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A blocker or critical is open, and sure.
    OutrightRisk,
    /// A high is open, a less certain critical, or a required rule failed.
    Fragile,
    /// A required rule can't be told, most code can't be read, or nothing looks at the area.
    CannotBeTold,
    /// Every required rule passed.
    ProductionGrade,
    /// The product has no such thing.
    NotApplicable,
}

/// Open findings by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Must not be in front of customers.
    pub blocker: u32,
    /// Hurts when it happens.
    pub critical: u32,
    /// Will hurt soon.
    pub high: u32,
    /// Will hurt some day.
    pub medium: u32,
    /// Worth knowing.
    pub low: u32,
}

/// What is said of one area.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AreaScore {
    /// Its slug.
    pub area: String,
    /// Its title.
    pub title: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub because: String,
    /// Open findings.
    pub counts: Counts,
    /// Rules that passed or are attested.
    pub passed: u32,
    /// Rules that failed.
    pub failed: u32,
    /// Rules that can't be told.
    pub unknown: u32,
    /// Rules that apply to nothing here.
    pub not_applicable: u32,
    /// Whether any loaded rule looks at this area at all.
    pub examined: bool,
}

/// Where a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StageState {
    /// Nothing is left to do in it.
    Done,
    /// This is where to work now.
    Current,
    /// An earlier stage comes first.
    Locked,
}

/// One step of the ladder: `assess`, `stabilize`, `foundations`, `scale`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StageScore {
    /// Its name.
    pub stage: String,
    /// Where it stands.
    pub state: StageState,
    /// Open findings of this stage.
    pub counts: Counts,
    /// What keeps it from being done, in one sentence; `""` when it is done.
    pub because: String,
}

/// How far along, in percent. Unknowns make it wide.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Progress {
    /// If everything that can't be told is bad.
    pub low: u32,
    /// If everything that can't be told is good.
    pub high: u32,
}

/// The whole score.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Score {
    /// In the order of the areas.
    pub areas: Vec<AreaScore>,
    /// In the order of the ladder.
    pub stages: Vec<StageScore>,
    /// The stage to work in now.
    pub stage: String,
    /// How far along.
    pub progress: Progress,
}
