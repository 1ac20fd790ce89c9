//! The gate of an audit: the command line before the configuration, an app's own limits before those of all.

use super::args::{FailOn, StageName};
use super::config::Config;
use crate::facts::Facts;
use crate::findings::Findings;
use crate::report::{Gate, Limit, Threshold};
use crate::rules::Stage;
use crate::secrets::excerpt;

/// The gate, and a note for each app of the configuration that the repository does not have. That is no mistake: one
/// configuration serves branches that have the app and branches that don't.
pub fn judge(
    findings: &Findings,
    facts: &Facts,
    config: &Config,
    fail_on: Option<FailOn>,
    stage: Option<StageName>,
) -> (Gate, Vec<String>) {
    let (fail_on, stage) = (fail_on.map(Threshold::from), stage.map(Stage::from));
    let limit = Limit {
        fail_on: fail_on.or(config.fail_on).unwrap_or(Threshold::Critical),
        stage: stage.or(config.stage),
    };
    let known = |app: &str| facts.apps.iter().any(|there| there.path == app);
    let (there, missing): (Vec<_>, Vec<_>) = config.app_limits.iter().partition(|own| known(&own.app));
    let apps: Vec<(String, Limit)> = there
        .iter()
        .map(|own| {
            let fail_on = fail_on.or(own.fail_on).unwrap_or(limit.fail_on);
            (own.app.clone(), Limit { fail_on, stage: stage.or(own.stage).or(limit.stage) })
        })
        .collect();
    let notes = missing.iter().map(|own| note(&own.app, facts)).collect();
    (Gate::judge(findings, limit, &apps), notes)
}

fn note(app: &str, facts: &Facts) -> String {
    let names: Vec<String> = facts.apps.iter().map(|app| format!("`{}`", app.path)).collect();
    let there = match names.len() {
        0 => "the repository has none".to_owned(),
        1 => format!("the only one is {}", names[0]),
        _ => format!("there are {}", names.join(", ")),
    };
    format!("vibecheck.toml sets a gate for the app `{}`, which is not there: {there}.", excerpt(app))
}

impl From<FailOn> for Threshold {
    fn from(choice: FailOn) -> Self {
        match choice {
            FailOn::None => Self::None,
            FailOn::Blocker => Self::Blocker,
            FailOn::Critical => Self::Critical,
            FailOn::High => Self::High,
            FailOn::Medium => Self::Medium,
            FailOn::Low => Self::Low,
        }
    }
}

impl From<StageName> for Stage {
    fn from(choice: StageName) -> Self {
        match choice {
            StageName::Stabilize => Self::Stabilize,
            StageName::Foundations => Self::Foundations,
            StageName::Scale => Self::Scale,
        }
    }
}
