//! The generated pages are fresh. `UPDATE_DOCS=1 cargo test --test docs` writes them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;
use vibecheck::facts::KINDS;
use vibecheck::rules::{AREAS, Body, Rule, RuleSet};
use vibecheck::secrets::Audience;
use vibecheck::secrets::formats::{FORMATS, Format};

#[test]
fn rules_page() {
    fresh("docs/rules.md", &rules_page_text());
}

#[test]
fn facts_page() {
    fresh("docs/facts.md", &facts_page_text());
}

#[test]
fn command_line_page() {
    fresh("docs/cli.md", &command_line_page_text());
}

/// The page is written by hand, but for the tables at its end.
#[test]
fn secrets_page() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/secrets.md");
    let text = fs::read_to_string(page).unwrap();
    let (written, _) = text.split_once(FORMATS_OF_SECRETS).expect("the page has its tables");
    fresh("docs/secrets.md", &format!("{written}{FORMATS_OF_SECRETS}{}", formats_of_secrets()));
}

const FORMATS_OF_SECRETS: &str = "## All formats\n";

fn formats_of_secrets() -> String {
    let mut text = format!("\nGenerated from `rules/secrets/`: {} formats.\n", FORMATS.len());
    let word = |value: Value| value.as_str().unwrap_or_default().to_owned();
    let audience = |format: &Format| word(serde_json::to_value(format.audience).unwrap());
    let mut formats: Vec<&Format> = FORMATS.iter().collect();
    formats.sort_by_key(|format| (format.provider.is_empty(), format.provider.to_lowercase(), format.id));
    text.push_str("\n| id | what it is | provider | audience | severity |\n|---|---|---|---|---|\n");
    for format in formats {
        let severity = match format.audience {
            Audience::Secret if format.sandbox => format!("{}, a sandbox", format.severity),
            Audience::Secret => format.severity.to_owned(),
            Audience::Public | Audience::Placeholder => "—".to_owned(),
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {severity} |",
            format.id,
            format.name,
            format.provider,
            audience(format)
        );
    }
    text
}

#[test]
fn schemas() {
    use vibecheck::report::json;
    fresh("docs/facts.schema.json", &json::schema_text(&json::facts_schema()));
    fresh("docs/report.schema.json", &json::schema_text(&json::schema()));
}

/// The picture in the README: page one of a real report.
#[test]
fn picture_of_the_report() {
    let app = common::app("lovable-crm");
    let said = common::run(
        common::vibecheck()
            .arg("audit")
            .arg(app.path())
            .args(["--date", "2026-03-01"])
            .env("CLICOLOR_FORCE", "1")
            .env("TERM", "xterm-256color"),
    );
    assert!(said.out.contains('\u{1b}'), "the picture has colour");
    // Verdict, ladder, areas and the first findings.
    let lines: Vec<&str> = said.out.lines().take(60).collect();
    let text = format!("$ vibecheck audit .\n{}\n", lines.join("\n"));
    let picture = anstyle_svg::Term::new().palette(anstyle_svg::WIN10_CONSOLE).render_svg(&text);
    fresh("docs/report.svg", &picture);
}

/// Every page that the README, CONTRIBUTING and docs link to exists.
#[test]
fn links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut dead = Vec::new();
    for page in [
        "README.md",
        "CONTRIBUTING.md",
        "docs/architecture.md",
        "docs/secrets.md",
        "docs/writing-rules.md",
        "rules/secrets/README.md",
    ] {
        let text = fs::read_to_string(root.join(page)).unwrap();
        let folder = Path::new(page).parent().unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            if !target.contains("://") && !file.is_empty() && !root.join(folder).join(file).exists() {
                dead.push(format!("{page}: {target}"));
            }
        }
    }
    assert!(dead.is_empty(), "dead links:\n{}", dead.join("\n"));
}

fn fresh(path: &str, wanted: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, wanted).unwrap();
        return;
    }
    let there = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        there == wanted,
        "{path} is stale: run `UPDATE_DOCS=1 cargo test --test docs` and read the change"
    );
}

fn rules_page_text() -> String {
    let set = RuleSet::load(&[]).unwrap();
    let mut text = String::from(
        "# Rules\n\nGenerated from `rules/packs/`. How to read and write one: [writing-rules.md](writing-rules.md).\n\n\
         | rule | area | severity | stage |\n|---|---|---|---|\n",
    );
    let rules: Vec<&Rule> = set.rules.iter().map(|loaded| &loaded.rule).collect();
    let by_area = |slug: &str| rules.iter().copied().filter(|rule| rule.area == slug).collect::<Vec<_>>();
    for area in AREAS {
        for rule in by_area(area.slug) {
            let _ = writeln!(
                text,
                "| [{id}](#{id}) | {area} | {severity} | {stage} |",
                id = rule.id,
                area = area.title,
                severity = word(&rule.severity),
                stage = word(&rule.stage)
            );
        }
    }
    for area in AREAS.iter().filter(|area| !by_area(area.slug).is_empty()) {
        let _ = write!(text, "\n## {}\n", area.title);
        for rule in by_area(area.slug) {
            let _ = write!(text, "\n### {}\n\n**{}**\n\n{}\n\n", rule.id, rule.title, rule.why);
            let mut row = |name: &str, value: &str| {
                if !value.is_empty() {
                    let _ = writeln!(text, "- {name}: {value}");
                }
            };
            let required = if rule.required { ", required for production-grade" } else { "" };
            row(
                "Severity",
                &format!(
                    "{}, stage {}, confidence {}{required}",
                    word(&rule.severity),
                    word(&rule.stage),
                    word(&rule.confidence)
                ),
            );
            let looks = match &rule.body {
                None => format!("each `{}`", rule.on),
                Some(body) => {
                    let (files, name) = (body.files(), body.name());
                    let (what, where_) = match body {
                        Body::Pattern(pattern) => (&pattern.regex, files.files.join(", ")),
                        Body::Query(query) => (&query.query, query.languages.join(", ")),
                    };
                    format!("each match of the {name} {} in {where_}", code(Some(what)))
                }
            };
            row("Looks at", &looks);
            row("Applies", &code(rule.applies.as_deref()));
            row("Cannot be told", &code(rule.unknown.as_deref()));
            row("Fires", &code(Some(&rule.when)));
            row("Fails with", &rule.requires.join(", "));
            row("Asks", rule.question.as_deref().unwrap_or_default());
            row("Fix", &rule.fix);
            row("Verify", &rule.verify);
            row("Effort", &word(&rule.effort));
            row("References", &rule.refs.join(", "));
        }
    }
    text
}

fn facts_page_text() -> String {
    let schema = vibecheck::facts::schema();
    let mut text = String::from(
        "# Facts\n\nGenerated from `src/facts/kinds/`. `vibecheck facts PATH --kind KIND` prints them; the JSON form has \
         [this schema](facts.schema.json). A rule says `on = \"KIND\"` and sees the fact under that name, and every list \
         under its own.\n",
    );
    for kind in KINDS {
        let list = &schema["properties"][kind.list];
        let node = resolve(&schema, list.get("items").unwrap_or(list));
        let _ = write!(text, "\n## {}\n\nList: `{}`. {}\n\n", kind.name, kind.list, described(node));
        fields(&mut text, &schema, node);
    }
    let _ = write!(text, "\n## Parts of facts\n");
    for (name, node) in schema["$defs"].as_object().unwrap() {
        let own = KINDS.iter().any(|kind| {
            let list = &schema["properties"][kind.list];
            std::ptr::eq(resolve(&schema, list.get("items").unwrap_or(list)), node)
        });
        if own {
            continue;
        }
        let _ = write!(text, "\n### {name}\n\n{}\n\n", described(node));
        if node.get("properties").is_some() {
            fields(&mut text, &schema, node);
        } else {
            for (value, says) in variants(node) {
                let _ = writeln!(text, "- `{value}`: {says}");
            }
        }
    }
    text
}

fn fields(text: &mut String, schema: &Value, node: &Value) {
    text.push_str("| field | type | |\n|---|---|---|\n");
    for (name, field) in node["properties"].as_object().unwrap() {
        let _ = writeln!(text, "| `{name}` | {} | {} |", type_name(schema, field), described(field));
    }
}

fn resolve<'a>(schema: &'a Value, node: &'a Value) -> &'a Value {
    match node["$ref"].as_str() {
        Some(reference) => &schema["$defs"][reference.rsplit('/').next().unwrap()],
        None => node,
    }
}

fn type_name(schema: &Value, node: &Value) -> String {
    if let Some(reference) = node["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        let target = resolve(schema, node);
        let values: Vec<String> =
            variants(target).into_iter().map(|(value, _)| format!("`{value}`")).collect();
        return match (values.is_empty(), target["type"].as_str()) {
            (false, _) => values.join(" "),
            (true, Some("string")) => "text".to_owned(),
            _ => name.to_owned(),
        };
    }
    match node["type"].as_str() {
        Some("array") => format!("list of {}", type_name(schema, &node["items"])),
        Some("string") if !node["enum"].is_null() => {
            let shown =
                |value: String| if value.is_empty() { "`\"\"`".to_owned() } else { format!("`{value}`") };
            variants(node).into_iter().map(|(value, _)| shown(value)).collect::<Vec<_>>().join(" ")
        }
        Some("string") => "text".to_owned(),
        Some("boolean") => "`true` `false`".to_owned(),
        Some(other) => other.to_owned(),
        None => "object".to_owned(),
    }
}

fn variants(node: &Value) -> Vec<(String, String)> {
    let one_of = node["oneOf"].as_array().into_iter().flatten();
    let listed = one_of.filter_map(|v| Some((v["const"].as_str()?.to_owned(), described(v))));
    let plain = node["enum"].as_array().into_iter().flatten();
    listed.chain(plain.filter_map(|v| Some((v.as_str()?.to_owned(), String::new())))).collect()
}

fn described(node: &Value) -> String {
    node["description"].as_str().unwrap_or_default().replace(['\n', '\r'], " ").replace('|', "\\|")
}

fn command_line_page_text() -> String {
    let mut text = String::from("# Command line\n\nGenerated from the program's own help.\n");
    let mut command = vibecheck::cli::command().term_width(100);
    command.build();
    add_command(&mut text, &mut command, "vibecheck", 2);
    text
}

fn add_command(text: &mut String, command: &mut clap::Command, name: &str, depth: usize) {
    let help = command.render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    let _ = write!(text, "\n{} {name}\n\n```text\n{}\n```\n", "#".repeat(depth), help.join("\n"));
    let names: Vec<String> =
        command.get_subcommands().map(|c| c.get_name().to_owned()).filter(|name| name != "help").collect();
    for sub in names {
        if let Some(found) = command.find_subcommand_mut(&sub) {
            add_command(text, found, &format!("{name} {sub}"), depth + 1);
        }
    }
}

fn code(expression: Option<&str>) -> String {
    expression
        .map_or_else(String::new, |e| format!("`{}`", e.split_whitespace().collect::<Vec<_>>().join(" ")))
}

fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}
