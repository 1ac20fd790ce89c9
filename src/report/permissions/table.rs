//! `vibecheck facts --kind permission --format table`: the map for a terminal, by app.

use comfy_table::{ContentArrangement, LineStyle, Table, presets};

use super::map::{AppMap, PermissionMap};
use super::words::{LEGEND, cells, headings, said};
use crate::facts::Facts;
use crate::report::escape;

/// The map; no line is wider than `width`, unless a table can't be.
pub fn render(facts: &Facts, width: u16) -> String {
    let map = PermissionMap::of(facts);
    let options = textwrap::Options::new(usize::from(width).clamp(80, 200))
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
    let rows: usize = map.apps.iter().map(|app| app.rows.len()).sum();
    let mut out = format!("permissions ({rows})\n");
    for app in &map.apps {
        let name = match app.app.as_str() {
            "" => "no app".to_owned(),
            "." => "the app".to_owned(),
            path => escape::terminal(path),
        };
        out.push_str(&format!("\n{name}\n"));
        let said = escape::flowing(&said(app));
        if !said.is_empty() {
            out.push_str(&(textwrap::fill(&said, options.clone()) + "\n"));
        }
        out.push_str(&table(app, width));
    }
    if rows > 0 {
        out.push('\n');
        out.extend(LEGEND.iter().map(|(word, says)| format!("{word:<8} {says}\n")));
    }
    out.lines().map(|line| escape::log_line(line.trim_end()) + "\n").collect()
}

fn table(app: &AppMap, width: u16) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING.header_separator(LineStyle::new('─', '─', '─', '─')));
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width.max(80));
    let mut heading = vec!["on".to_owned(), "action".to_owned()];
    heading.extend(headings(app).iter().map(|text| escape::terminal(text)));
    table.set_header(heading);
    let mut before = None;
    for row in &app.rows {
        let resource = if before == Some(&row.resource) {
            String::new()
        } else {
            escape::terminal(row.resource.as_str())
        };
        before = Some(&row.resource);
        let mut line = vec![resource, row.action.clone()];
        line.extend(cells(app, row).into_iter().map(str::to_owned));
        table.add_row(line);
    }
    format!("{table}\n")
}
