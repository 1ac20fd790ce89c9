//! The report in a terminal: what a founder reads first.

mod accepted;
mod change;
mod coverage;
mod findings;
mod page;
mod permissions;
mod questions;
mod routes;
mod summary;

use super::{Report, change_words};
use page::Page;

/// How to set the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal; 80 where there is none. No line is longer than 100.
    pub width: usize,
    /// Whether to use colour. Without it the text holds no escape codes.
    pub color: bool,
}

/// The report as text.
pub fn render(report: &Report, style: Style) -> String {
    let mut page = Page::new(style.width, style.color);
    if let Some(change) = change_words::change(&report.comparisons) {
        change::render(&mut page, report, change);
        return page.into_text();
    }
    summary::header(&mut page, report);
    page.blank();
    accepted::page_one(&mut page, report);
    summary::ladder(&mut page, &report.summary);
    summary::areas(&mut page, report);
    findings::section(&mut page, report, "What to fix first");
    accepted::section(&mut page, report);
    routes::section(&mut page, report);
    permissions::section(&mut page, report);
    questions::strengths(&mut page, report);
    questions::section(&mut page, report);
    questions::attestations(&mut page, report);
    coverage::section(&mut page, report);
    coverage::gate(&mut page, report);
    page.into_text()
}

#[cfg(test)]
mod tests;
