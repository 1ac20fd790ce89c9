//! Rules: packs of judgement over facts. A rule is data; this layer loads, checks and runs it.

mod area;
mod body;
mod cel;
mod describe;
mod draft;
mod errors;
mod evaluate;
mod fixtures;
mod history;
mod materialise;
mod pack;
mod rule;
mod scaffold;
mod template;
mod text;

pub use area::{AREAS, Area, area_named};
pub use describe::{TestReport, check_folder, explain, list_json, list_table, test_folder};
pub use errors::{PackError, PackErrors, PackPlace, PackSource};
pub use evaluate::evaluate;
pub use fixtures::{FixtureResult, run_fixtures};
pub use materialise::{FixtureError, HISTORY, Materialised, materialise};
pub use pack::{LoadedRule, RuleSet};
pub use rule::{
    Body, Confidence, Effort, Judged, Judgement, PatternBody, QueryBody, Rule, RuleResult, SearchedFiles,
    Severity, Stage,
};
pub use scaffold::{NewRule, new_rule};
