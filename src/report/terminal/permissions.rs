//! Which roles there are, and what the permission map says in short.

use super::page::{BOLD, DIM, PLAIN, Page};
use crate::report::{Report, escape, permissions};

/// The roles of each app.
pub(super) fn section(page: &mut Page, report: &Report) {
    let apps: Vec<_> = report
        .permissions
        .apps
        .iter()
        .map(|app| (app, permissions::said(app)))
        .filter(|(_, s)| !s.is_empty())
        .collect();
    if apps.is_empty() {
        return;
    }
    page.heading("Roles and permissions");
    let several = apps.len() > 1;
    for (app, said) in &apps {
        let said = if several { format!("{}: {said}", app.app) } else { said.clone() };
        page.paragraph(&[], if several { PLAIN } else { BOLD }, &escape::flowing(&said));
    }
    let how = "Who may view, create, change, approve, delete, export what: vibecheck facts --kind permission --format table";
    page.paragraph(&[(PLAIN, "  ".into())], DIM, how);
}
