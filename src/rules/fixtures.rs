//! Running the fixtures of rules: `bad` must trigger its rule, `good` must reach it and not trigger it.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::evaluate::evaluate_rule;
use super::materialise::materialise;
use super::pack::{LoadedRule, RuleSet};
use super::rule::{Judgement, RuleResult};
use crate::{facts, source};

/// What came of the fixtures of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixtureResult {
    /// The rule's id, or the name of a folder that belongs to no rule.
    pub rule: String,
    /// What is wrong, in sentences; empty where both fixtures do what they should.
    pub problems: Vec<String>,
}

/// `expect.toml` beside `bad` and `good`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Expect {
    /// `passed`, or `unknown` for a rule that no repository can pass.
    good: String,
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
        let problems = run_one(loaded, &folder.join(&id));
        results.push(FixtureResult { rule: id, problems });
    }
    for name in folder_names(folder) {
        if rules.rule(&name).is_none() {
            let problems = vec!["the folder is named after no rule".to_owned()];
            results.push(FixtureResult { rule: name, problems });
        }
    }
    results
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

fn run_one(loaded: &LoadedRule, folder: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    let expect = match fs::read_to_string(folder.join("expect.toml")) {
        Err(_) => Expect::default(),
        Ok(text) => toml::from_str(&text).unwrap_or_else(|error| {
            problems.push(format!("expect.toml: {}", error.to_string().trim_end()));
            Expect::default()
        }),
    };
    let good_may_be_unknown = match expect.good.as_str() {
        "" | "passed" => false,
        "unknown" => true,
        other => {
            problems.push(format!("expect.toml: `good` is \"passed\" or \"unknown\", not {other:?}"));
            false
        }
    };
    for which in ["bad", "good"] {
        let fixture = folder.join(which);
        if !fixture.is_dir() {
            problems.push(format!("there is no `{which}` fixture"));
            continue;
        }
        let judged = match judge(loaded, &fixture) {
            Ok(result) => match which {
                "bad" => bad(&result),
                _ => good(&result, good_may_be_unknown),
            },
            Err(problem) => Some(problem),
        };
        problems.extend(judged.map(|problem| format!("{which}: {problem}")));
    }
    problems
}

fn judge(loaded: &LoadedRule, fixture: &Path) -> Result<RuleResult, String> {
    let made = materialise(fixture).map_err(|error| error.to_string())?;
    let options = source::Options { history: true, ..source::Options::default() };
    let source = source::open(made.path(), &options).map_err(|error| error.to_string())?;
    let (facts, _) = facts::collect(&source);
    let result = evaluate_rule(loaded, &facts);
    match result.error {
        Some(error) => Err(format!("the rule can't be evaluated: {error}")),
        None => Ok(result),
    }
}

fn count(result: &RuleResult, is: fn(&Judgement) -> bool) -> usize {
    result.judged.iter().filter(|judged| is(&judged.judgement)).count()
}

fn is_unknown(judgement: &Judgement) -> bool {
    matches!(judgement, Judgement::Unknown(_))
}

fn bad(result: &RuleResult) -> Option<String> {
    if count(result, |judgement| *judgement == Judgement::Failed) > 0 {
        return None;
    }
    Some(match (count(result, |judgement| *judgement == Judgement::Passed), count(result, is_unknown)) {
        (0, 0) => not_reached(result),
        (0, _) => format!("it should fail, and can't be told{}", reasons(result)),
        (passed, 0) => format!("it should fail, and passes ({passed} of {passed})"),
        (passed, unknown) => {
            format!("it should fail; {passed} pass, {unknown} can't be told{}", reasons(result))
        }
    })
}

fn good(result: &RuleResult, may_be_unknown: bool) -> Option<String> {
    let failed = result.judged.iter().find(|judged| judged.judgement == Judgement::Failed);
    if let Some(failed) = failed {
        let place = failed.evidence.first().map(|evidence| match (evidence.file.as_str(), evidence.line) {
            ("", _) => String::new(),
            (file, 0) => format!(" ({file})"),
            (file, line) => format!(" ({file}:{line})"),
        });
        return Some(format!("it should not fail: {}{}", failed.title, place.unwrap_or_default()));
    }
    let passed = count(result, |judgement| *judgement == Judgement::Passed);
    let unknown = count(result, is_unknown);
    match (passed, unknown) {
        (0, 0) => Some(not_reached(result)),
        (0, _) if !may_be_unknown => Some(format!(
            "it should pass, and can't be told{}; where no repository can pass, say so in expect.toml: good = \"unknown\"",
            reasons(result)
        )),
        (1.., 0) if may_be_unknown => Some("expect.toml says unknown, and it passes".to_owned()),
        _ => None,
    }
}

fn not_reached(result: &RuleResult) -> String {
    let on = &result.rule.on;
    match result.candidates {
        0 => format!("the fixture doesn't reach the rule: it has no {on}"),
        1 => format!("the fixture doesn't reach the rule: `applies` is false for its {on}"),
        n => format!("the fixture doesn't reach the rule: `applies` is false for all {n} facts of kind {on}"),
    }
}

fn reasons(result: &RuleResult) -> String {
    let first = result.judged.iter().find_map(|judged| match &judged.judgement {
        Judgement::Unknown(reasons) => reasons.first(),
        _ => None,
    });
    first.map(|reason| format!(", because {reason}")).unwrap_or_default()
}
