//! Gives every fact the app that it belongs to: the longest folder of an app that holds its file; the only app, if
//! there is one.

use crate::facts::kinds::App;
use crate::facts::{Facts, Input, layout};

/// The app that `file` belongs to, `""` for none.
pub fn app_of(apps: &[App], file: &str) -> String {
    let owner = layout::owner(file, apps.iter().map(|a| a.path.as_str()));
    match (owner, apps) {
        (Some(owner), _) => owner.to_owned(),
        (None, [only]) => only.path.clone(),
        (None, _) => String::new(),
    }
}

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
    facts.settings.iter_mut().for_each(|f| fill(&mut f.app, &f.file));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_folder_or_the_only_app() {
        let apps = |paths: &[&str]| {
            paths.iter().map(|p| App { path: (*p).to_owned(), ..App::default() }).collect::<Vec<_>>()
        };
        assert_eq!(app_of(&apps(&[".", "web"]), "web/x.ts"), "web");
        assert_eq!(app_of(&apps(&[".", "web"]), "compose.yml"), ".");
        assert_eq!(app_of(&apps(&["api", "web"]), "compose.yml"), "");
        assert_eq!(app_of(&apps(&["web"]), "compose.yml"), "web");
    }
}
