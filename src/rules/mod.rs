//! Rules: packs of judgement over facts. A rule is data; this layer loads, checks and runs it.

mod area;
mod cel;
mod draft;
mod errors;
mod evaluate;
mod pack;
mod rule;
mod template;
mod text;

pub use area::{AREAS, Area, area_named};
pub use errors::{PackError, PackErrors, PackPlace, PackSource};
pub use evaluate::evaluate;
pub use pack::{LoadedRule, RuleSet};
pub use rule::{Confidence, Effort, Judged, Judgement, Rule, RuleResult, Severity, Stage};
