//! The gate: which findings fail it, for the whole repository and for single apps.

use schemars::JsonSchema;
use serde::Serialize;

use crate::findings::{Finding, Findings};
use crate::rules::{Severity, Stage};
use crate::score::{count, list};

/// From which severity on a finding fails the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Threshold {
    /// No finding fails it: the audit only reports.
    None,
    /// Only what must not be in front of customers.
    Blocker,
    /// What hurts when it happens, and above.
    Critical,
    /// What will hurt soon, and above.
    High,
    /// What will hurt some day, and above.
    Medium,
    /// Everything.
    Low,
}

impl Threshold {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::None => None,
            Self::Blocker => Some(Severity::Blocker),
            Self::Critical => Some(Severity::Critical),
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
        }
    }
}

/// What fails the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// From which severity on.
    pub fail_on: Threshold,
    /// Only findings of this stage or an earlier one; `None` for all.
    pub stage: Option<Stage>,
}

impl Limit {
    fn is_broken_by(self, finding: &Finding) -> bool {
        self.fail_on.severity().is_some_and(|from| finding.severity >= from)
            && self.stage.is_none_or(|stage| finding.stage <= stage)
    }
}

/// Whether the gate passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Gate {
    /// Findings at or above this fail it; `none`: no finding does.
    pub fail_on: Threshold,
    /// Only findings of this stage or an earlier one count; `""` for all.
    pub stage: String,
    /// Whether it passed.
    pub passed: bool,
    /// How many findings fail it, those of `apps` included.
    pub failing: u32,
    /// Apps with a gate of their own, sorted. All others, and the repository as a whole, are held against the fields
    /// above.
    pub apps: Vec<AppGate>,
}

/// The gate of one app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AppGate {
    /// The app, as the fact base names it.
    pub app: String,
    /// Findings at or above this fail it; `none`: no finding does.
    pub fail_on: Threshold,
    /// Only findings of this stage or an earlier one count; `""` for all.
    pub stage: String,
    /// How many of its findings fail it.
    pub failing: u32,
}

impl Gate {
    /// Holds each open finding against the limit of its app in `apps`, or else against `limit`.
    pub fn judge(findings: &Findings, limit: Limit, apps: &[(String, Limit)]) -> Self {
        let mut elsewhere = 0;
        let mut own: Vec<AppGate> = apps
            .iter()
            .map(|(app, limit)| AppGate {
                app: app.clone(),
                fail_on: limit.fail_on,
                stage: stage_name(limit.stage),
                failing: 0,
            })
            .collect();
        for finding in &findings.findings {
            match apps.iter().position(|(app, _)| *app == finding.app) {
                Some(i) => own[i].failing += u32::from(apps[i].1.is_broken_by(finding)),
                None => elsewhere += u32::from(limit.is_broken_by(finding)),
            }
        }
        own.sort_by(|a, b| a.app.cmp(&b.app));
        let failing = elsewhere + own.iter().map(|app| app.failing).sum::<u32>();
        Self {
            fail_on: limit.fail_on,
            stage: stage_name(limit.stage),
            passed: failing == 0,
            failing,
            apps: own,
        }
    }

    /// The result in one sentence, for people; `one` and `many` are what it calls what it counts ("new finding"). It
    /// holds names of the repository: escape it.
    pub fn says(&self, (one, many): (&str, &str)) -> String {
        let own: u32 = self.apps.iter().map(|app| app.failing).sum();
        let here = limit_says(self.fail_on, &self.stage);
        let failed = |n: u32| format!("Gate failed: {}", count(n as usize, one, many));
        if self.passed {
            let apps = self.apps.iter().map(|app| match limit_says(app.fail_on, &app.stage) {
                None => format!("findings in {} are only reported", shown(&app.app)),
                Some(limit) => format!("none {limit} in {}", shown(&app.app)),
            });
            return match here {
                None if self.apps.is_empty() => "Gate passed: findings are only reported.".to_owned(),
                None => format!("Gate passed: {}.", list(&apps.collect::<Vec<_>>())),
                Some(limit) => {
                    let rest: String = apps.map(|app| format!("; {app}")).collect();
                    format!("Gate passed: no {one} {limit}{rest}.")
                }
            };
        }
        if own == 0 {
            let place = if self.apps.is_empty() {
                String::new()
            } else {
                let passed: Vec<String> = self.apps.iter().map(|app| shown(&app.app)).collect();
                format!(", none of them in {}", list(&passed))
            };
            return format!("{} {}{place}.", failed(self.failing), here.unwrap_or_default());
        }
        let elsewhere = self.failing - own;
        let mut parts: Vec<String> = self
            .apps
            .iter()
            .filter(|app| app.failing > 0)
            .map(|app| {
                let limit = limit_says(app.fail_on, &app.stage).unwrap_or_default();
                format!("{} in {} ({limit})", app.failing, shown(&app.app))
            })
            .collect();
        if elsewhere > 0 {
            parts.push(format!("{elsewhere} elsewhere ({})", here.unwrap_or_default()));
        }
        format!("{}: {}.", failed(self.failing), list(&parts))
    }
}

/// An app in a sentence.
fn shown(app: &str) -> String {
    if app == "." { "the app at the top".to_owned() } else { app.to_owned() }
}

/// `at high or above, up to foundations`; `None` where nothing fails.
fn limit_says(fail_on: Threshold, stage: &str) -> Option<String> {
    let from = super::words::severity(fail_on.severity()?);
    let above = if fail_on == Threshold::Blocker { "" } else { " or above" };
    let stage = if stage.is_empty() { String::new() } else { format!(", up to {stage}") };
    Some(format!("at {from}{above}{stage}"))
}

fn stage_name(stage: Option<Stage>) -> String {
    match stage {
        None => "",
        Some(Stage::Stabilize) => "stabilize",
        Some(Stage::Foundations) => "foundations",
        Some(Stage::Scale) => "scale",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::assemble;
    use crate::findings::testing::{context, result, rule};
    use crate::rules::Judgement::Failed;

    /// A finding of each severity and stage in each app.
    fn findings(of: &[(&str, Severity, Stage)]) -> Findings {
        let results: Vec<_> = of
            .iter()
            .enumerate()
            .map(|(i, (app, severity, stage))| {
                let mut rule = rule(&format!("r{i}"));
                (rule.severity, rule.stage) = (*severity, *stage);
                let mut result = result(rule, &[Failed]);
                result.judged[0].app = (*app).to_owned();
                result
            })
            .collect();
        assemble(&results, &context(&[], "2026-07-01"))
    }

    const ALL: Limit = Limit { fail_on: Threshold::Critical, stage: None };

    fn web(fail_on: Threshold, stage: Option<Stage>) -> Vec<(String, Limit)> {
        vec![("apps/web".to_owned(), Limit { fail_on, stage })]
    }

    #[test]
    fn each_finding_is_held_against_the_limit_of_its_app() {
        use Severity::{Blocker, Critical, High};
        use Stage::{Foundations, Stabilize};
        let some = findings(&[
            ("apps/web", High, Stabilize),
            ("apps/web", High, Foundations),
            ("apps/api", High, Stabilize),
            ("apps/api", Critical, Stabilize),
            ("", Blocker, Stabilize),
        ]);
        let says = |limit: Limit, apps: &[(String, Limit)]| {
            let gate = Gate::judge(&some, limit, apps);
            assert_eq!(gate.passed, gate.failing == 0);
            (gate.failing, gate.says(("finding", "findings")))
        };
        assert_eq!(says(ALL, &[]), (2, "Gate failed: 2 findings at critical or above.".into()));
        assert_eq!(
            says(ALL, &web(Threshold::High, Some(Stabilize))),
            (
                3,
                "Gate failed: 3 findings: 1 in apps/web (at high or above, up to stabilize) and 2 elsewhere (at \
                 critical or above)."
                    .into()
            )
        );
        assert_eq!(
            says(ALL, &web(Threshold::Critical, None)),
            (2, "Gate failed: 2 findings at critical or above, none of them in apps/web.".into())
        );
        let off = Limit { fail_on: Threshold::None, stage: None };
        assert_eq!(says(off, &[]), (0, "Gate passed: findings are only reported.".into()));
        assert_eq!(
            says(off, &web(Threshold::Blocker, None)),
            (0, "Gate passed: none at blocker in apps/web.".into())
        );
        assert_eq!(
            says(off, &web(Threshold::Low, None)),
            (2, "Gate failed: 2 findings: 2 in apps/web (at low or above).".into())
        );
    }

    #[test]
    fn a_passed_gate_says_what_it_asked_for() {
        let none = findings(&[]);
        let says = |limit, apps: &[_]| Gate::judge(&none, limit, apps).says(("finding", "findings"));
        assert_eq!(says(ALL, &[]), "Gate passed: no finding at critical or above.");
        assert_eq!(
            says(ALL, &web(Threshold::None, None)),
            "Gate passed: no finding at critical or above; findings in apps/web are only reported."
        );
        assert_eq!(
            says(
                Limit { fail_on: Threshold::Blocker, stage: Some(Stage::Scale) },
                &web(Threshold::Low, None)
            ),
            "Gate passed: no finding at blocker, up to scale; none at low or above in apps/web."
        );
    }
}
