//! Gives every fact the app that it belongs to: the longest folder of an app that holds its file; the only app, if
//! there is one.

use crate::facts::layout::app_of;
use crate::facts::{Facts, Input};

/// Fills in `app` wherever it is empty.
pub fn run(_: &Input<'_>, facts: &mut Facts) {
    let apps = &facts.apps;
    let fill = |app: &mut String, file: &str| {
        if app.is_empty() {
            *app = app_of(apps, file);
        }
    };
    facts.manifests.iter_mut().for_each(|f| fill(&mut f.app, &f.file));
    facts.lockfiles.iter_mut().for_each(|f| fill(&mut f.app, &f.file));
    facts.dependencies.iter_mut().for_each(|f| fill(&mut f.app, &f.file));
    facts.tests.iter_mut().for_each(|f| fill(&mut f.app, f.files.first().map_or(&f.file, |t| &t.file)));
    facts.deploy_units.iter_mut().for_each(|f| fill(&mut f.app, &f.file));
    facts.env_vars.iter_mut().for_each(|f| fill(&mut f.app, &f.file));
    facts.runtimes.iter_mut().for_each(|f| fill(&mut f.app, &f.file));
    facts.backups.iter_mut().for_each(|f| fill(&mut f.app, &f.file));
    facts.notable_files.iter_mut().for_each(|f| fill(&mut f.app, &f.path));
    facts.routes.iter_mut().for_each(|f| fill(&mut f.app, &f.file));
    facts.ai_tools.iter_mut().for_each(|f| fill(&mut f.app, &f.file));
    facts.access_rules.iter_mut().for_each(|f| fill(&mut f.app, &f.file));
    facts.settings.iter_mut().for_each(|f| fill(&mut f.app, &f.file));
    facts.secrets.iter_mut().for_each(|f| fill(&mut f.app, &f.file));
    facts.matches.iter_mut().for_each(|f| fill(&mut f.app, &f.file));
}
