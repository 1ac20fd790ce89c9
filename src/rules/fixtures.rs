//! Running the fixtures of rules: `bad` must trigger its rule, `good` must reach it and not trigger it.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::cel::closest;
use super::evaluate::evaluate_rule;
use super::materialise::materialise;
use super::pack::{LoadedRule, RuleSet};
use super::rule::{Body, Judgement, RuleResult};
use crate::facts::{self, Search};
use crate::source;

/// What came of the fixtures of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixtureResult {
    /// The rule's id, or the name of a folder that belongs to no rule.
    pub rule: String,
    /// What is wrong, in sentences; empty where both fixtures do what they should.
    pub problems: Vec<String>,
}

/// The day on which fixtures are judged unless they say another: dates that come and go must not decide whether a
/// fixture behaves.
pub const FIXTURE_DATE: &str = "2026-01-15";

/// `expect.toml` beside `bad` and `good`: for rules about what no repository can show, or about what a day decides.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Expect {
    bad: Bad,
    good: Good,
    /// `YYYY-MM-DD`.
    date: String,
}

impl Default for Expect {
    fn default() -> Self {
        Self { bad: Bad::Failed, good: Good::Passed, date: FIXTURE_DATE.to_owned() }
    }
}

/// Whether it is a day as expressions compare it.
fn is_day(date: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| {
        date.get(range).is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    date.len() == 10
        && digits(0..4)
        && digits(5..7)
        && digits(8..10)
        && date.get(4..5) == Some("-")
        && date.get(7..8) == Some("-")
}

/// What must come of `bad`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Bad {
    Failed,
    /// The rule only ever asks.
    Unknown,
}

/// What must come of `good`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Good {
    Passed,
    /// No repository can pass.
    Unknown,
    /// No repository that the rule applies to can pass.
    NotApplicable,
}

/// Runs the fixtures below `folder` (`<rule-id>/{bad,good}`) of the rules that `wanted` names, in the order of the
/// rule set; then reports folders that name no rule at all.
pub fn run_fixtures(
    rules: &RuleSet,
    folder: &Path,
    wanted: impl Fn(&LoadedRule) -> bool,
) -> Vec<FixtureResult> {
    let mut results: Vec<FixtureResult> = Vec::new();
    for loaded in rules.rules.iter().filter(|loaded| wanted(loaded)) {
        let id = loaded.rule.id.clone();
        let problems = run_one(loaded, &search_for(loaded, rules), &folder.join(&id));
        results.push(FixtureResult { rule: id, problems });
    }
    for name in folder_names(folder) {
        if rules.rule(&name).is_none() {
            let ids = rules.rules.iter().map(|loaded| loaded.rule.id.as_str());
            let problem = match closest(&name, ids) {
                Some(near) => format!("the folder is named after no rule; did you mean `{near}`?"),
                None => "the folder is named after no rule".to_owned(),
            };
            let problems = vec![problem];
            results.push(FixtureResult { rule: name, problems });
        }
    }
    results
}

/// What must be searched for the rule: what it looks for itself, or what any rule looks for if it reads their matches.
fn search_for(loaded: &LoadedRule, rules: &RuleSet) -> Search {
    if loaded.reads("matches") { rules.search() } else { Search::new(loaded.search()) }
}

fn folder_names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn run_one(loaded: &LoadedRule, search: &Search, folder: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    let expect = match fs::read_to_string(folder.join("expect.toml")) {
        Err(_) => Expect::default(),
        Ok(text) => toml::from_str(&text).unwrap_or_else(|error| {
            problems.push(format!("expect.toml: {}", error.to_string().trim_end()));
            Expect::default()
        }),
    };
    if !is_day(&expect.date) {
        problems.push(format!("expect.toml: `date` is a day as `YYYY-MM-DD`, not `{}`", expect.date));
    }
    for which in ["bad", "good"] {
        let fixture = folder.join(which);
        if !fixture.is_dir() {
            let what = if which == "bad" { "that trigger it" } else { "that nearly do" };
            problems.push(format!(
                "there is no `{which}` fixture: put the smallest files {what} into {}",
                shown(&fixture)
            ));
            continue;
        }
        let judged = match judge(loaded, search, &fixture, &expect.date) {
            Ok(result) => match which {
                "bad" => bad(&result, expect.bad),
                _ => good(&result, expect.good),
            },
            Err(problem) => Some(problem),
        };
        problems.extend(judged.map(|problem| format!("{which}: {problem}")));
    }
    problems
}

/// The last three names of a path: `fixtures/<rule-id>/bad`.
fn shown(path: &Path) -> String {
    let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
    names.get(names.len().saturating_sub(3)..).unwrap_or_default().join("/")
}

fn judge(loaded: &LoadedRule, search: &Search, fixture: &Path, date: &str) -> Result<RuleResult, String> {
    let made = materialise(fixture).map_err(|error| error.to_string())?;
    let options = source::Options { history: true, ..source::Options::default() };
    let source = source::open(made.path(), &options).map_err(|error| error.to_string())?;
    let (facts, _) = facts::collect(&source, search);
    let result = evaluate_rule(loaded, &facts, date);
    match result.error {
        Some(error) => Err(format!("the rule can't be evaluated: {error}")),
        None => Ok(result),
    }
}

fn count(result: &RuleResult, is: fn(&Judgement) -> bool) -> usize {
    let clean = if is(&Judgement::Passed) { result.clean_files() } else { 0 };
    clean + result.judged.iter().filter(|judged| is(&judged.judgement)).count()
}

/// Whether the rule has a body and nothing in the fixture comes near to it: that proves nothing.
fn is_far(result: &RuleResult) -> bool {
    result.searched.is_some_and(|searched| searched.near == 0)
}

fn is_unknown(judgement: &Judgement) -> bool {
    matches!(judgement, Judgement::Unknown(_))
}

fn bad(result: &RuleResult, expected: Bad) -> Option<String> {
    let failed = count(result, |judgement| *judgement == Judgement::Failed);
    let passed = count(result, |judgement| *judgement == Judgement::Passed);
    let unknown = count(result, is_unknown);
    if is_far(result) {
        return Some(not_reached(result));
    }
    match (expected, failed, passed, unknown) {
        (Bad::Failed, 1.., _, _) | (Bad::Unknown, 0, _, 1..) => None,
        (_, 0, 0, 0) => Some(not_reached(result)),
        (Bad::Unknown, ..) => Some("expect.toml says that it can't be told, and it can".to_owned()),
        (_, _, 0, _) => Some(format!("it should fail, and can't be told{}", reasons(result))),
        (_, _, _, 0) => Some(format!("it should fail, and passes ({passed} of {passed})")),
        _ => Some(format!("it should fail; {passed} pass, {unknown} can't be told{}", reasons(result))),
    }
}

fn good(result: &RuleResult, expected: Good) -> Option<String> {
    let failed = result.judged.iter().find(|judged| judged.judgement == Judgement::Failed);
    if let Some(failed) = failed {
        let place = failed.evidence.first().map(|evidence| match (evidence.file.as_str(), evidence.line) {
            ("", _) => String::new(),
            (file, 0) => format!(" ({file})"),
            (file, line) => format!(" ({file}:{line})"),
        });
        return Some(format!("it should not fail: {}{}", failed.title, place.unwrap_or_default()));
    }
    if is_far(result) && expected != Good::NotApplicable {
        return Some(not_reached(result));
    }
    let passed = count(result, |judgement| *judgement == Judgement::Passed);
    match (expected, passed, count(result, is_unknown)) {
        (Good::Passed, 1.., _) | (Good::Unknown, 0, 1..) | (Good::NotApplicable, 0, 0) => None,
        (Good::NotApplicable, ..) => {
            Some("expect.toml says that the rule does not apply, and it does".to_owned())
        }
        (_, 0, 0) => Some(not_reached(result)),
        (Good::Unknown, ..) => Some("expect.toml says unknown, and it passes".to_owned()),
        (Good::Passed, ..) => Some(format!(
            "it should pass, and can't be told{}; where no repository can pass, say so in expect.toml: good = \"unknown\"",
            reasons(result)
        )),
    }
}

fn not_reached(result: &RuleResult) -> String {
    if let Some(body) = &result.rule.body {
        return no_file(body, result.candidates);
    }
    let on = &result.rule.on;
    match result.candidates {
        0 => format!("the fixture doesn't reach the rule: it has no {on}"),
        1 => format!("the fixture doesn't reach the rule: `applies` is false for its {on}"),
        n => format!("the fixture doesn't reach the rule: `applies` is false for all {n} facts of kind {on}"),
    }
}

/// Why no text was searched for a body.
fn no_file(body: &Body, files: u32) -> String {
    let keywords: Vec<String> = body.files().keywords.iter().map(|word| format!("`{word}`")).collect();
    let holds = keywords.join(" or ");
    match files {
        0 => {
            let globs = body.files().files.join(", ");
            let which = if globs.is_empty() { String::new() } else { format!(" ({globs})") };
            format!(
                "the fixture doesn't reach the rule: it has no file that the {} looks at{which}",
                body.name()
            )
        }
        _ => format!(
            "the fixture doesn't reach the rule: no file that the {} looks at holds {holds}",
            body.name()
        ),
    }
}

fn reasons(result: &RuleResult) -> String {
    let first = result.judged.iter().find_map(|judged| match &judged.judgement {
        Judgement::Unknown(reasons) => reasons.first(),
        _ => None,
    });
    first.map(|reason| format!(", because {reason}")).unwrap_or_default()
}
