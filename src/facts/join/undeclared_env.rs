//! Which settings an app reads that are written down nowhere.

use crate::facts::{Evidence, Facts, Input};

/// Fills [`App::undeclared_env`](crate::facts::kinds::App::undeclared_env).
pub(super) fn run(_: &Input<'_>, facts: &mut Facts) {
    for app in &mut facts.apps {
        let undeclared = facts
            .env_vars
            .iter()
            .filter(|var| var.app == app.path && var.read && !var.declared && !var.provided);
        for var in undeclared {
            app.undeclared_env.push(var.name.clone());
            let says = format!("{} is read here and written down nowhere", var.name);
            app.evidence.push(Evidence::of_item("undeclared_env", &var.name, &var.file, var.line, &says));
        }
        app.undeclared_env.sort();
    }
}
