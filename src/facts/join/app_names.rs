//! What to call an app whose manifest has no name of its own.

use crate::facts::{Facts, Input};
use crate::secrets::excerpt;

/// The repository's name for the app at the top, which is the product; "the app" where nothing has a name.
pub(super) fn run(_: &Input<'_>, facts: &mut Facts) {
    let name = if facts.project.name.is_empty() { "the app" } else { facts.project.name.as_str() };
    for app in facts.apps.iter_mut().filter(|app| app.name.is_empty()) {
        app.name = excerpt(name);
    }
}
