//! `[gate]`, for the repository and for single apps.

use super::AppLimit;
use super::read::{Reader, STAGES, Value};
use crate::report::{Threshold, escape};

static THRESHOLDS: &[(&str, Threshold)] = &[
    ("none", Threshold::None),
    ("blocker", Threshold::Blocker),
    ("critical", Threshold::Critical),
    ("high", Threshold::High),
    ("medium", Threshold::Medium),
    ("low", Threshold::Low),
];

impl Reader {
    pub(super) fn gate(&mut self, value: &Value<'_>, config: &mut super::Config) {
        let Some(table) = self.table(value, "`gate`") else { return };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "fail-on" => config.fail_on = self.choice(value, "`fail-on`", THRESHOLDS),
                "stage" => config.stage = self.choice(value, "`stage`", STAGES),
                "apps" => self.gates_of_apps(value, config),
                _ => self.unknown_key(key, &["fail-on", "stage", "apps"], "[gate]"),
            }
        }
    }

    fn gates_of_apps(&mut self, value: &Value<'_>, config: &mut super::Config) {
        let Some(table) = self.table(value, "`gate.apps`") else { return };
        for (key, value) in table {
            let app = folder(key.get_ref());
            let Some(table) = self.table(value, "the gate of an app") else { continue };
            let mut limit = AppLimit { app, fail_on: None, stage: None };
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    "fail-on" => limit.fail_on = self.choice(value, "`fail-on`", THRESHOLDS),
                    "stage" => limit.stage = self.choice(value, "`stage`", STAGES),
                    _ => self.unknown_key(key, &["fail-on", "stage"], "[gate.apps.\"…\"]"),
                }
            }
            if config.app_limits.iter().any(|other| other.app == limit.app) {
                let app = escape::terminal(&limit.app);
                self.problem(key.span(), format!("the app `{app}` has two gates"), "the second one", "");
            } else {
                config.app_limits.push(limit);
            }
        }
    }
}

/// The folder of an app as the fact base names it, however it is written: `./apps/web/` is `apps/web`.
fn folder(written: &str) -> String {
    let plain = written.trim_start_matches("./").trim_end_matches('/');
    if plain.is_empty() { ".".to_owned() } else { plain.to_owned() }
}
