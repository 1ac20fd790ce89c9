//! `vibecheck facts --format table`: one table for each kind, with the few columns that matter.

use comfy_table::{ColumnConstraint, ContentArrangement, LineStyle, Table, Width, presets};
use serde_json::Value;

use super::escape;
use super::facts_columns::COLUMNS;
use crate::facts::{Facts, KINDS, Kind};

/// Columns that the table library puts around each cell.
const PADDING: u16 = 2;

/// The tables of every kind that has facts, or of `kind` alone; no line is wider than `width` unless a table can't
/// be.
pub fn render(facts: &Facts, kind: Option<&str>, width: u16) -> String {
    let mut out = String::new();
    for known in KINDS.iter().filter(|known| kind.is_none_or(|name| known.name == name || known.list == name))
    {
        let rows: Vec<Value> = (known.facts)(facts).iter().map(|fact| fact.json()).collect();
        if rows.is_empty() && kind.is_none() {
            continue;
        }
        if known.name == "route" && kind.is_some() {
            return super::routes::table(facts, width);
        }
        if known.name == "permission" && kind.is_some() {
            return super::permissions::table(facts, width);
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("{} ({})\n", known.list, rows.len()));
        if !rows.is_empty() {
            out.push_str(&table(known, &rows, width));
        }
    }
    out.lines().map(|line| escape::log_line(line.trim_end()) + "\n").collect()
}

/// The columns of a kind; a kind of a later version shows its subject's usual fields.
fn columns(kind: &str) -> &'static [(&'static str, &'static str)] {
    COLUMNS.iter().find(|(name, _)| *name == kind).map_or(&[("file", "file"), ("line", "line")], |(_, c)| *c)
}

fn table(kind: &Kind, rows: &[Value], width: u16) -> String {
    let columns = columns(kind.name);
    let mut table = Table::new();
    table.load_style(presets::NOTHING.header_separator(LineStyle::new('─', '─', '─', '─')));
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width.max(40));
    table.set_header(columns.iter().map(|(heading, _)| *heading));
    for row in rows {
        table.add_row(columns.iter().map(|(_, field)| cell(row, field)));
    }
    // A heading is never broken; what is wide in a narrow table are paths and lists, and they give way.
    for (column, (heading, _)) in table.column_iter_mut().zip(columns) {
        let width = u16::try_from(heading.len()).unwrap_or(u16::MAX).saturating_add(PADDING);
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
    }
    format!("{table}\n")
}

/// The field as text.
fn cell(row: &Value, field: &str) -> String {
    let value = match field.split_once('.') {
        Some((list, item)) => row
            .get(list)
            .and_then(Value::as_array)
            .map(|items| Value::Array(items.iter().filter_map(|i| i.get(item).cloned()).collect())),
        None => row.get(field).cloned(),
    };
    escape::terminal(&shown(&value.unwrap_or_default()))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            Some(share) if number.is_f64() => format!("{:.0} %", share * 100.0),
            _ => number.to_string(),
        },
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::kinds::{Dependency, Person};
    use crate::secrets::excerpt;

    /// A column that names no field would print an empty column without a word.
    #[test]
    fn every_kind_has_columns_and_every_column_a_field() {
        let schema = crate::facts::schema();
        for kind in KINDS {
            let list = &schema["properties"][kind.list];
            let reference = list["items"]["$ref"].as_str().or(list["$ref"].as_str()).unwrap();
            let definition = |reference: &str| &schema["$defs"][reference.rsplit('/').next().unwrap()];
            let fields = &definition(reference)["properties"];
            assert!(COLUMNS.iter().any(|(name, _)| *name == kind.name), "{}", kind.name);
            for (_, field) in columns(kind.name) {
                let (first, second) = field.split_once('.').unwrap_or((field, ""));
                assert!(fields.get(first).is_some(), "{}.{field}", kind.name);
                if !second.is_empty() {
                    let part = fields[first]["items"]["$ref"].as_str().unwrap();
                    assert!(definition(part)["properties"].get(second).is_some(), "{}.{field}", kind.name);
                }
            }
        }
    }

    #[test]
    fn shows_what_matters_and_nothing_hidden() {
        let facts = Facts {
            people: vec![Person { name: excerpt("Ada"), share: 0.75, commits: 3, ..Person::default() }],
            dependencies: vec![Dependency {
                name: excerpt("left-pad"),
                version: excerpt("^1.0.0"),
                file: "a\u{1b}[2J\n::error::x/package.json".into(),
                line: 7,
                ..Dependency::default()
            }],
            ..Facts::default()
        };
        let text = render(&facts, Some("people"), 80);
        assert!(text.contains("75 %") && text.contains("Ada"), "{text}");
        assert!(!text.contains("left-pad"));
        for width in [40, 60, 100] {
            let text = render(&facts, None, width);
            assert!(text.contains("ecosystem"), "headings stay whole: {text}");
            assert!(!text.contains('\u{1b}'));
            assert!(text.lines().all(|l| !l.trim_start().starts_with("::")), "{text}");
        }
        assert_eq!(render(&facts, Some("backup"), 80), "backups (0)\n");
    }
}
