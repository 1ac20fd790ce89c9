//! `vibecheck facts --format table`: one table for each kind, with the few columns that matter.

use comfy_table::{ColumnConstraint, ContentArrangement, LineStyle, Table, Width, presets};
use serde_json::Value;

use super::escape;
use crate::facts::{Facts, KINDS, Kind};

/// Columns of a kind: heading and field. A field of a list's items is `list.field`.
static COLUMNS: &[(&str, &[(&str, &str)])] = &[
    (
        "project",
        &[
            ("name", "name"),
            ("history", "history"),
            ("commits", "commits"),
            ("people", "people"),
            ("files", "files"),
            ("tests", "test_cases"),
            ("code read", "code_read"),
            ("ci", "has_ci"),
        ],
    ),
    (
        "app",
        &[
            ("path", "path"),
            ("kind", "kind"),
            ("languages", "languages"),
            ("frameworks", "frameworks.name"),
            ("databases", "databases.name"),
            ("hosting", "hosting.name"),
            ("auth", "auth.name"),
            ("ai", "ai.name"),
            ("read", "code_read"),
        ],
    ),
    (
        "person",
        &[
            ("name", "name"),
            ("kind", "kind"),
            ("commits", "commits"),
            ("co-authored", "co_authored"),
            ("share", "share"),
            ("first", "first"),
            ("last", "last"),
        ],
    ),
    (
        "folder",
        &[
            ("folder", "folder"),
            ("changes", "changes"),
            ("people", "people"),
            ("most by", "top_person"),
            ("share", "top_share"),
            ("bots", "bot_share"),
            ("critical", "critical"),
        ],
    ),
    (
        "manifest",
        &[
            ("file", "file"),
            ("ecosystem", "ecosystem"),
            ("read", "read"),
            ("dependencies", "dependencies"),
            ("locked", "locked"),
            ("lockfiles", "lockfiles"),
        ],
    ),
    (
        "lockfile",
        &[
            ("file", "file"),
            ("manager", "manager"),
            ("packages", "packages"),
            ("matches", "matches"),
            ("mismatched", "mismatched"),
        ],
    ),
    (
        "dependency",
        &[
            ("name", "name"),
            ("version", "version"),
            ("locked", "locked"),
            ("scope", "scope"),
            ("ecosystem", "ecosystem"),
            ("file", "file"),
            ("line", "line"),
        ],
    ),
    (
        "test",
        &[
            ("app", "app"),
            ("framework", "framework"),
            ("level", "level"),
            ("cases", "cases"),
            ("skipped", "skipped"),
            ("assertions", "assertions"),
            ("runnable", "runnable"),
        ],
    ),
    (
        "ci_workflow",
        &[
            ("file", "file"),
            ("system", "system"),
            ("triggers", "triggers"),
            ("tests", "runs_tests"),
            ("can fail", "tests_can_fail"),
            ("deploys", "deploys"),
            ("after tests", "deploy_waits_for_tests"),
        ],
    ),
    (
        "deploy_unit",
        &[
            ("name", "name"),
            ("platform", "platform"),
            ("kind", "kind"),
            ("instances", "instances"),
            ("regions", "regions"),
            ("health check", "health_check"),
            ("file", "file"),
            ("line", "line"),
        ],
    ),
    (
        "database",
        &[
            ("engine", "engine"),
            ("provider", "provider"),
            ("apps", "apps"),
            ("backed up", "backed_up"),
            ("restore", "restore_shown"),
            ("schema in repo", "schema_in_repo"),
            ("file", "file"),
            ("line", "line"),
        ],
    ),
    (
        "backup",
        &[
            ("kind", "kind"),
            ("negative", "negative"),
            ("engine", "engine"),
            ("schedule", "schedule"),
            ("file", "file"),
            ("line", "line"),
        ],
    ),
    (
        "env_var",
        &[
            ("name", "name"),
            ("app", "app"),
            ("read", "read"),
            ("declared", "declared"),
            ("public", "public"),
            ("file", "file"),
            ("line", "line"),
        ],
    ),
    (
        "setting",
        &[
            ("tool", "tool"),
            ("key", "key"),
            ("value", "value"),
            ("production", "production"),
            ("file", "file"),
            ("line", "line"),
        ],
    ),
    (
        "cloud_resource",
        &[
            ("type", "type"),
            ("name", "name"),
            ("category", "category"),
            ("public", "publicly_reachable"),
            ("backed up", "backed_up"),
            ("file", "file"),
            ("line", "line"),
        ],
    ),
    (
        "runtime",
        &[
            ("runtime", "title"),
            ("version", "version"),
            ("ships", "production"),
            ("tests", "tests"),
            ("supported until", "supported_until"),
            ("file", "file"),
            ("line", "line"),
        ],
    ),
    (
        "route",
        &[
            ("method", "method"),
            ("path", "path"),
            ("file", "file"),
            ("line", "line"),
            ("who is calling", "authenticated"),
            ("bound to them", "authorized"),
            ("input", "validated"),
            ("limit", "rate_limited"),
            ("log", "logged"),
            ("failure", "handles_failure"),
            ("signature", "signature_verified"),
        ],
    ),
    (
        "weak_guard",
        &[
            ("pattern", "pattern"),
            ("file", "file"),
            ("line", "line"),
            ("open routes", "open_routes"),
            ("routes", "routes"),
        ],
    ),
    (
        "route_gap",
        &[
            ("app", "app"),
            ("asks", "asks"),
            ("asked", "asked"),
            ("unclear", "unclear"),
            ("lacking", "lacking"),
        ],
    ),
    (
        "access_rule",
        &[
            ("service", "service"),
            ("path", "path"),
            ("allows", "operations"),
            ("read", "read_by"),
            ("create", "create_by"),
            ("change", "change_by"),
            ("defeats", "defeats"),
            ("in force", "in_force"),
            ("file", "file"),
            ("line", "line"),
        ],
    ),
    (
        "firebase_service",
        &[
            ("service", "service"),
            ("used by clients", "used_by_clients"),
            ("rules in repository", "rules_in_repository"),
            ("files", "files"),
            ("file", "file"),
        ],
    ),
    (
        "role",
        &[
            ("name", "name"),
            ("kind", "kind"),
            ("set", "set"),
            ("declared", "declared"),
            ("checks", "checks"),
            ("routes", "routes"),
            ("file", "file"),
            ("line", "line"),
        ],
    ),
    (
        "permission",
        &[
            ("app", "app"),
            ("resource", "resource"),
            ("action", "action"),
            ("anyone", "anyone"),
            ("signed in", "signed_in"),
            ("only own", "own"),
            ("machine", "machine"),
            ("AI", "agent"),
            ("roles", "roles.role"),
        ],
    ),
    (
        "access_model",
        &[
            ("app", "app"),
            ("model", "model"),
            ("roles", "roles"),
            ("permissions", "permissions"),
            ("teams", "teams"),
            ("routes", "signed_in_routes"),
            ("asking", "role_routes"),
        ],
    ),
    (
        "ai_tool",
        &[
            ("name", "name"),
            ("library", "library"),
            ("acts", "acts"),
            ("does", "effects.action"),
            ("to", "effects.resource"),
            ("file", "file"),
            ("line", "line"),
        ],
    ),
    (
        "browser_secret",
        &[
            ("name", "name"),
            ("file", "file"),
            ("line", "line"),
            ("shipped", "shipped"),
            ("loaded by", "loaded_by"),
        ],
    ),
    (
        "notable_file",
        &[("path", "path"), ("kind", "kind"), ("tracked", "tracked"), ("files", "files"), ("bytes", "bytes")],
    ),
    (
        "secret",
        &[
            ("name", "name"),
            ("audience", "audience"),
            ("file", "file"),
            ("line", "line"),
            ("since", "date"),
            ("by", "author"),
            ("fingerprint", "fingerprint"),
        ],
    ),
    (
        "credential",
        &[
            ("name", "name"),
            ("harm", "harm"),
            ("first place", "file"),
            ("places", "places"),
            ("since", "date"),
            ("browser", "in_browser"),
            ("fingerprint", "fingerprint"),
        ],
    ),
    (
        "match",
        &[
            ("rule", "rule"),
            ("file", "file"),
            ("line", "line"),
            ("column", "column"),
            ("language", "language"),
            ("text", "text"),
        ],
    ),
];

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
