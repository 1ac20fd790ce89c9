//! The map in Markdown, one table for each app.

use std::fmt::Write as _;

use super::words::{LEGEND, cells, headings, said};
use crate::report::Report;
use crate::report::escape::{markdown as text, markdown_code as code};

/// The most rows of an app.
const MOST_ROWS: usize = 60;

/// The section; nothing where there is nothing to do.
pub fn section(out: &mut String, report: &Report) {
    let apps: Vec<_> = report.permissions.apps.iter().filter(|app| !app.rows.is_empty()).collect();
    if apps.is_empty() {
        return;
    }
    let _ = writeln!(out, "## Who may do what\n");
    for app in &apps {
        if apps.len() > 1 {
            let _ = writeln!(out, "### {}\n", text(if app.app.is_empty() { "no app" } else { &app.app }));
        }
        let said = said(app);
        if !said.is_empty() {
            let _ = writeln!(out, "**{}**\n", text(&said));
        }
        let headings: Vec<String> = headings(app).iter().map(|heading| text(heading)).collect();
        let _ = writeln!(out, "| On | Action | {} |", headings.join(" | "));
        let _ = writeln!(out, "|---{}|", "|---".repeat(headings.len() + 1));
        for row in app.rows.iter().take(MOST_ROWS) {
            let resource = text(row.resource.as_str());
            let _ = writeln!(out, "| {resource} | {} | {} |", row.action, cells(app, row).join(" | "));
        }
        let left = app.rows.len().saturating_sub(MOST_ROWS);
        if left > 0 {
            let how = code("vibecheck facts --kind permission --format table");
            let _ = writeln!(out, "\nand {left} more, all in the JSON report and in {how}");
        }
        out.push('\n');
    }
    for (word, says) in LEGEND {
        let _ = writeln!(out, "- **{word}**: {says}");
    }
    out.push('\n');
}
