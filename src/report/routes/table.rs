//! `vibecheck facts --kind route --format table`: the matrix for a terminal, by app.

use unicode_width::UnicodeWidthStr;

use super::matrix::{RouteMatrix, RouteRow};
use super::words::{COLUMNS, LEGEND, cells, counted};
use crate::facts::Facts;
use crate::report::escape;

/// Columns of the widest method that is usual: `MUTATION`.
const METHOD: usize = 8;
/// A terminal that is narrower shows the place of a route below it.
const WIDE: usize = 118;

/// The matrix; no line is wider than `width`, unless that is less than 80.
pub fn render(facts: &Facts, width: u16) -> String {
    let width = usize::from(width).clamp(80, 200);
    let matrix = RouteMatrix::of(facts);
    let options = textwrap::Options::new(width)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
    let mut out = textwrap::fill(&counted(&matrix.counts), options) + "\n";
    let mut rows: Vec<&RouteRow> = matrix.rows.iter().collect();
    rows.sort_by(|a, b| {
        (&a.app, a.path.as_str(), &a.method, &a.file, a.line).cmp(&(
            &b.app,
            b.path.as_str(),
            &b.method,
            &b.file,
            b.line,
        ))
    });
    let cells_width: usize = COLUMNS.iter().map(|(heading, _)| heading.len() + 1).sum();
    let rest = width - cells_width - METHOD - 1;
    let is_wide = width >= WIDE;
    let at = |row: &RouteRow| format!("{}:{}", escape::terminal(&row.file), row.line);
    let longest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0).max(9) + 1;
    let places = longest(&mut rows.iter().map(|row| at(row).width()));
    let paths = longest(&mut rows.iter().map(|row| escape::terminal(row.path.as_str()).width()));
    // What is left is shared by path and place; what one does not need, the other has.
    let path_width =
        if is_wide { paths.min((rest / 2).max(rest.saturating_sub(places))) } else { paths.min(rest) };
    let place_width = if is_wide { places.min(rest - path_width) } else { 0 };
    let mut app: Option<&str> = None;
    for row in rows {
        if app != Some(row.app.as_str()) {
            app = Some(&row.app);
            let shown = match row.app.as_str() {
                "" => "no app".to_owned(),
                "." => "the app".to_owned(),
                path => escape::terminal(path),
            };
            out.push_str(&format!("\n{shown}\n"));
            let place = if is_wide { padded("file:line", place_width) } else { String::new() };
            let headings: Vec<&str> = COLUMNS.iter().map(|(heading, _)| *heading).collect();
            let path = padded("path", path_width);
            out.push_str(&format!("{} {path}{place}{}\n", padded("method", METHOD), headings.join(" ")));
        }
        let method = padded(&start(&escape::terminal(&row.method), METHOD), METHOD);
        let path = padded(&start(&escape::terminal(row.path.as_str()), path_width - 1), path_width);
        let at = at(row);
        let place = if is_wide { padded(&end(&at, place_width - 1), place_width) } else { String::new() };
        let said: Vec<String> =
            cells(row).iter().zip(&COLUMNS).map(|(cell, (heading, _))| padded(cell, heading.len())).collect();
        out.push_str(&format!("{method} {path}{place}{}\n", said.join(" ")));
        if !is_wide {
            out.push_str(&format!("{} {}\n", padded("", METHOD), end(&at, width - METHOD - 1)));
        }
    }
    if !matrix.rows.is_empty() {
        out.push('\n');
        let all =
            COLUMNS.iter().chain(&LEGEND).map(|(word, says)| format!("{} {says}\n", padded(word, METHOD)));
        out.extend(all);
    }
    out.lines().map(|line| escape::log_line(line.trim_end()) + "\n").collect()
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// The start of a text that is too long.
fn start(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used > width {
            break;
        }
        out.push(c);
    }
    out + "\u{2026}"
}

/// The end of a text that is too long: of a path, what tells it from its neighbours.
fn end(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = Vec::new();
    let mut used = 1;
    for c in text.chars().rev() {
        used += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used > width {
            break;
        }
        kept.push(c);
    }
    kept.push('\u{2026}');
    kept.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Answer;
    use crate::facts::kinds::{Authenticated, Route};
    use crate::secrets::excerpt;

    fn facts() -> Facts {
        let route = |app: &str, method: &str, path: &str, file: &str, authenticated| Route {
            app: app.to_owned(),
            method: method.to_owned(),
            path: excerpt(path),
            file: file.to_owned(),
            line: 12,
            authenticated,
            authorized: Answer::No,
            validated: Answer::Yes,
            rate_limited: Answer::Partial,
            logged: Answer::Unknown,
            handles_failure: Answer::Yes,
            signature_verified: Answer::Na,
            ..Route::default()
        };
        Facts {
            routes: vec![
                route(
                    "apps/web",
                    "POST",
                    "/api/users/[id]",
                    "apps/web/app/api/users/[id]/route.ts",
                    Authenticated::No,
                ),
                route(
                    "apps/web",
                    "GET",
                    "/api/health",
                    "apps/web/app/api/health/route.ts",
                    Authenticated::Public,
                ),
                route("apps/api", "MUTATION", "users.create", "apps/api/src/users.ts", Authenticated::Yes),
            ],
            ..Facts::default()
        }
    }

    #[test]
    fn rows_are_grouped_by_app_and_every_word_is_explained() {
        insta::assert_snapshot!("route_table_narrow", render(&facts(), 80));
        insta::assert_snapshot!("route_table_wide", render(&facts(), 140));
    }

    #[test]
    fn no_line_is_too_wide_and_nothing_is_hidden() {
        let mut facts = facts();
        facts.routes[0].path = excerpt(&"/\u{65e5}\u{672c}\u{1b}[2J".repeat(60));
        facts.routes[0].file = format!("::error::{}", "a/".repeat(200));
        for width in [80, 118, 200] {
            let text = render(&facts, width);
            assert!(text.lines().all(|line| line.width() <= usize::from(width)), "{text}");
            assert!(
                !text.contains('\u{1b}') && !text.lines().any(|line| line.trim_start().starts_with("::"))
            );
        }
        assert_eq!(render(&Facts::default(), 80), "0 routes\n");
    }
}
