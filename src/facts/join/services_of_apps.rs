//! A service of a compose file at the top that is named like an app is that app's.

use crate::facts::{Facts, Input};

/// Fills in the app of such units.
pub fn run(_: &Input<'_>, facts: &mut Facts) {
    let apps = &facts.apps;
    for unit in facts.deploy_units.iter_mut().filter(|u| u.app.is_empty() || u.app == ".") {
        let named = apps.iter().find(|a| a.path.rsplit('/').next() == Some(unit.name.as_str()));
        if let Some(app) = named {
            unit.app.clone_from(&app.path);
        }
    }
}
