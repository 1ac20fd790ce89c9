//! Who may call what: the routes that are worst off, and the guards that there are.

use super::page::{BLUE, BOLD, DIM, GREEN, PLAIN, Page, RED, YELLOW};
use super::summary::and_more;
use crate::facts::kinds::Authenticated;
use crate::report::{Report, escape, routes};

/// The most routes on the page.
const MOST_ROUTES: usize = 6;

/// The routes.
pub(super) fn section(page: &mut Page, report: &Report) {
    let matrix = &report.routes;
    if matrix.rows.is_empty() {
        return;
    }
    page.heading("Who may call what");
    page.paragraph(&[], BOLD, &format!("{}.", routes::counted(&matrix.counts)));
    let worst: Vec<_> = matrix
        .rows
        .iter()
        .filter(|row| !matches!(row.authenticated, Authenticated::Yes | Authenticated::Public))
        .collect();
    for row in worst.iter().take(MOST_ROUTES) {
        let mark = match row.authenticated {
            Authenticated::No => (RED, "✗ ".to_owned()),
            Authenticated::Unknown => (BLUE, "? ".to_owned()),
            Authenticated::Yes | Authenticated::Public => (GREEN, "✓ ".to_owned()),
            Authenticated::Gateway | Authenticated::Partial => (YELLOW, "! ".to_owned()),
        };
        let said = format!("{} {}: {}", row.method, row.path, routes::said(row));
        page.paragraph(&[mark], PLAIN, &escape::flowing(&said));
        page.paragraph(&[(PLAIN, "  ".into())], DIM, &escape::flowing(&format!("{}:{}", row.file, row.line)));
    }
    let how = "vibecheck facts --kind route --format table";
    let more = match matrix.rows.len() - worst.len().min(MOST_ROUTES) {
        0 => format!("All that is known of them: {how}"),
        n => format!("… {}: {how}", and_more(n, "route", "routes")),
    };
    page.paragraph(&[(PLAIN, "  ".into())], DIM, &more);
    let guards = routes::guards(matrix);
    if !guards.is_empty() {
        page.blank();
        page.paragraph(&[], PLAIN, &escape::flowing(&guards));
    }
}
