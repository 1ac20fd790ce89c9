//! What `vibecheck rules` and `vibecheck explain` say. Returns text; printing is the command line's.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};

use super::area::{AREAS, area_named};
use super::cel::closest;
use super::errors::PackErrors;
use super::fixtures::run_fixtures;
use super::pack::{LoadedRule, RuleSet};
use super::rule::{Body, PatternBody};

/// How a choice is spelt in a pack.
fn word(choice: impl Serialize) -> String {
    serde_json::to_value(choice).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// `rules list`: every rule, by area.
pub fn list_table(rules: &RuleSet) -> String {
    let width = rules.rules.iter().map(|loaded| loaded.rule.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for area in AREAS {
        let of_area: Vec<&LoadedRule> =
            rules.rules.iter().filter(|loaded| loaded.rule.area == area.slug).collect();
        if of_area.is_empty() {
            continue;
        }
        let _ = writeln!(text, "{} ({})", area.title, area.slug);
        for loaded in of_area {
            let rule = &loaded.rule;
            let (severity, stage) = (word(rule.severity), word(rule.stage));
            let title = loaded.compiled.title.in_general();
            let _ = writeln!(text, "  {:width$}  {severity:8}  {stage:11}  {title}", rule.id);
        }
        text.push('\n');
    }
    let packs = rules.packs.len();
    let _ = writeln!(
        text,
        "{} in {}, rule set {}",
        counted(rules.rules.len(), "rule"),
        counted(packs, "pack"),
        rules.digest
    );
    text
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// `rules list --format json`.
pub fn list_json(rules: &RuleSet) -> Value {
    let one = |loaded: &LoadedRule| {
        let rule = &loaded.rule;
        json!({
            "id": rule.id,
            "title": rule.title,
            "area": rule.area,
            "severity": rule.severity,
            "stage": rule.stage,
            "on": rule.on,
            "body": rule.body.as_ref().map_or("when", Body::name),
            "required": rule.required,
            "confidence": rule.confidence,
            "effort": rule.effort,
            "pack": rule.pack,
        })
    };
    json!({ "rules": rules.rules.iter().map(one).collect::<Vec<_>>() })
}

/// The rules of a folder, and where their fixtures are.
struct Folder {
    rules: RuleSet,
    /// Ids of rules that are not the folder's own.
    shipped: BTreeSet<String>,
    packs: usize,
    fixtures: PathBuf,
}

/// A folder of packs (`DIR/*.toml`, `DIR/fixtures/<rule-id>`), which comes on top of the shipped packs; or a project laid
/// out like this one (`DIR/rules/packs`, `DIR/fixtures/rules/<rule-id>`), whose packs stand for themselves.
fn open(dir: &Path) -> Result<Folder, PackErrors> {
    let packs = dir.join("rules/packs");
    if packs.is_dir() {
        let rules = RuleSet::load_only(&packs)?;
        let count = rules.packs.len();
        return Ok(Folder {
            rules,
            shipped: BTreeSet::new(),
            packs: count,
            fixtures: dir.join("fixtures/rules"),
        });
    }
    let shipped = RuleSet::load(&[])?;
    let rules = RuleSet::load(&[PathBuf::from(dir)])?;
    Ok(Folder {
        packs: rules.packs.len() - shipped.packs.len(),
        rules,
        shipped: shipped.rules.into_iter().map(|loaded| loaded.rule.id).collect(),
        fixtures: dir.join("fixtures"),
    })
}

/// `rules check DIR`: one sentence when nothing is wrong.
///
/// # Errors
/// Every mistake of the packs in `dir`; also where they clash with the shipped ones.
pub fn check_folder(dir: &Path) -> Result<String, PackErrors> {
    let folder = open(dir)?;
    let rules = folder.rules.rules.len() - folder.shipped.len();
    Ok(format!("{} in {}: no mistakes", counted(rules, "rule"), counted(folder.packs, "pack")))
}

/// What came of `rules test DIR`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestReport {
    /// A line for each rule, and one for all.
    pub text: String,
    /// Whether every fixture does what it should.
    pub passed: bool,
}

/// `rules test DIR`: runs `DIR/fixtures/<rule-id>/{bad,good}` of every rule in `DIR`.
///
/// # Errors
/// Every mistake of the packs.
pub fn test_folder(dir: &Path) -> Result<TestReport, PackErrors> {
    let folder = open(dir)?;
    let own = |loaded: &LoadedRule| !folder.shipped.contains(&loaded.rule.id);
    let results = run_fixtures(&folder.rules, &folder.fixtures, own);
    let mut text = String::new();
    let mut failed = 0;
    for result in &results {
        if result.problems.is_empty() {
            let _ = writeln!(text, "ok    {}", result.rule);
            continue;
        }
        failed += 1;
        let _ = writeln!(text, "FAIL  {}", result.rule);
        for problem in &result.problems {
            let _ = writeln!(text, "      {problem}");
        }
    }
    let total = results.len();
    let summary = match failed {
        0 => format!("{}: all fixtures do what they should", counted(total, "rule")),
        _ => format!("{failed} of {} failed", counted(total, "rule")),
    };
    let _ = writeln!(text, "{summary}");
    Ok(TestReport { text, passed: failed == 0 })
}

/// `explain RULE`: why it matters, what it looks at, how to fix it and how to see that it is fixed.
///
/// # Errors
/// A sentence with a suggestion when there is no such rule.
pub fn explain(rules: &RuleSet, id: &str) -> Result<String, String> {
    let Some(loaded) = rules.rule(id) else {
        let ids = rules.rules.iter().map(|loaded| loaded.rule.id.as_str());
        let near = closest(id, ids.clone()).or_else(|| ids.clone().find(|known| known.contains(id)));
        return Err(match near {
            Some(near) => format!("there is no rule `{id}`; did you mean `{near}`?"),
            None => format!("there is no rule `{id}`; `vibecheck rules list` names them all"),
        });
    };
    let (rule, texts) = (&loaded.rule, &loaded.compiled);
    let area = area_named(&rule.area).map_or(rule.area.as_str(), |area| area.title);
    let mut text = format!("{}\n{}\n\n", rule.id, texts.title.in_general());
    let required = if rule.required { ", required of the area" } else { "" };
    let _ = writeln!(text, "{area} · {} · {}{required}", word(rule.severity), word(rule.stage));
    let _ = writeln!(text, "Confidence {} · the fix takes {}", word(rule.confidence), word(rule.effort));
    section(&mut text, "Why it matters", &texts.why.in_general());

    let mut looks = match &rule.body {
        None => format!("Every fact of kind `{}`.", rule.on),
        Some(body) => looks_for(body),
    };
    let conditions = [
        ("It applies where", rule.applies.as_deref()),
        ("It cannot be told where", rule.unknown.as_deref()),
        ("It fails where", Some(rule.when.as_str())),
    ];
    for (says, condition) in conditions {
        if let Some(condition) = condition {
            let _ = write!(looks, "\n{says}\n    {}", condition.trim().replace('\n', "\n    "));
        }
    }
    if !rule.requires.is_empty() {
        let _ = write!(looks, "\nIt also fails where these fail: {}", rule.requires.join(", "));
    }
    section(&mut text, "What it looks at", &looks);
    if let Some(question) = &texts.question {
        section(&mut text, "What to ask when it cannot be told", &question.in_general());
    }
    section(&mut text, "How to fix it", &texts.fix.in_general());
    section(&mut text, "How to see that it is fixed", &texts.verify.in_general());
    if !rule.refs.is_empty() {
        section(&mut text, "References", &rule.refs.join(", "));
    }
    let _ = writeln!(text, "\nFrom {}", rule.pack);
    Ok(text)
}

/// What a body looks for, and where.
fn looks_for(body: &Body) -> String {
    let files = body.files();
    let indented = |text: &str| text.trim().replace('\n', "\n    ");
    let mut text = match body {
        Body::Pattern(pattern) => {
            format!("Every match of the pattern\n    {}", indented(&pattern.regex))
        }
        Body::Query(query) => {
            format!(
                "Every match of the query\n    {}\nin {}",
                indented(&query.query),
                query.languages.join(", ")
            )
        }
    };
    if let Body::Pattern(PatternBody { entropy: Some(entropy), .. }) = body {
        let _ = write!(text, "\nthat holds at least {entropy} bits for each character");
    }
    let _ = write!(text, "\nin files of these roles: {}", files.roles.join(", "));
    if !files.files.is_empty() {
        let _ = write!(text, "\nwith a path like {}", files.files.join(", "));
    }
    if !files.not_files.is_empty() {
        let _ = write!(text, "\nbut not {}", files.not_files.join(", "));
    }
    let _ = write!(text, "\nthat hold one of: {}", files.keywords.join(", "));
    text
}

fn section(text: &mut String, title: &str, body: &str) {
    let body: Vec<String> =
        body.trim().lines().map(|line| format!("  {line}").trim_end().to_owned()).collect();
    let _ = write!(text, "\n{title}\n{}\n", body.join("\n"));
}
