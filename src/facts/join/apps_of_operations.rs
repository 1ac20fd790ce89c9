use crate::facts::kinds::App;
use crate::facts::{Facts, Input};

/// The app that a path belongs to: the one with the longest path that holds it; `""` if none does.
pub(super) fn app_of(apps: &[App], path: &str) -> String {
    let holds = |app: &&App| {
        app.path == "."
            || path.strip_prefix(&app.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let length = |app: &&App| if app.path == "." { 0 } else { app.path.len() };
    apps.iter().filter(holds).max_by_key(length).map_or_else(String::new, |app| app.path.clone())
}

/// Fills in the app of deployed units and settings.
pub(super) fn run(_input: &Input<'_>, facts: &mut Facts) {
    let apps = std::mem::take(&mut facts.apps);
    for unit in &mut facts.deploy_units {
        unit.app = app_of(&apps, &unit.file);
        // A file above the only app, or a service that is named like an app, is about that app.
        if unit.app.is_empty() {
            let named = apps.iter().find(|a| a.path.rsplit('/').next() == Some(unit.name.as_str()));
            unit.app = match (named, apps.as_slice()) {
                (Some(app), _) | (None, [app]) => app.path.clone(),
                _ => String::new(),
            };
        }
    }
    for setting in &mut facts.settings {
        setting.app = app_of(&apps, &setting.file);
    }
    facts.apps = apps;
}
