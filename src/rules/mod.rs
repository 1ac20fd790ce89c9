//! Rules: packs of judgement over facts. A rule is data; this layer loads, checks and runs it.

mod area;
mod rule;

pub use area::{AREAS, Area, area_named};
pub use rule::{Confidence, Effort, Judged, Judgement, Rule, RuleResult, Severity, Stage};
