//! What came of each rule: counts, reasons, and which rules fail because another one does.

use std::collections::BTreeMap;

use super::question::Distinct;
use super::{Outcome, Result};
use crate::rules::{Body, Judgement, RuleResult};

/// What the report calls the facts of a kind: one, and many.
static WORDS: &[(&str, &str, &str)] = &[
    ("project", "repository", "repositories"),
    ("app", "app", "apps"),
    ("person", "author", "authors"),
    ("folder", "folder with a history", "folders with a history"),
    ("manifest", "dependency manifest", "dependency manifests"),
    ("lockfile", "lockfile", "lockfiles"),
    ("dependency", "dependency", "dependencies"),
    ("test", "test suite", "test suites"),
    ("ci_workflow", "CI workflow", "CI workflows"),
    ("deploy_unit", "deployment file", "deployment files"),
    ("database", "database", "databases"),
    ("backup", "trace of backups", "traces of backups"),
    ("env_var", "environment variable", "environment variables"),
    ("setting", "setting", "settings"),
    ("cloud_resource", "cloud resource", "cloud resources"),
    ("runtime", "runtime version", "runtime versions"),
    ("route", "route", "routes"),
    ("weak_guard", "guard that lets requests pass", "guards that let requests pass"),
    ("route_gap", "way around a guard", "ways around a guard"),
    ("role", "role", "roles"),
    ("permission", "permission", "permissions"),
    ("access_model", "app with accounts", "apps with accounts"),
    ("access_rule", "access rule", "access rules"),
    ("migration", "series of migrations", "series of migrations"),
    ("table", "table", "tables"),
    ("policy", "policy", "policies"),
    ("function", "function of the database", "functions of the database"),
    ("view", "view", "views"),
    ("bucket", "bucket", "buckets"),
    ("firebase_service", "service of Firebase", "services of Firebase"),
    ("ai_tool", "AI tool", "AI tools"),
    ("browser_secret", "server secret in browser code", "server secrets in browser code"),
    ("notable_file", "file that stands out", "files that stand out"),
    ("secret", "value with the form of a secret", "values with the form of a secret"),
    ("credential", "secret", "secrets"),
    ("match", "file that it looks at", "files that it looks at"),
];

/// The words for a kind; a kind of a later version is called by its name.
fn words(kind: &str) -> (String, String) {
    match WORDS.iter().find(|(name, ..)| *name == kind) {
        Some((_, one, many)) => ((*one).to_owned(), (*many).to_owned()),
        None => {
            let name = kind.replace('_', " ");
            (name.clone(), format!("facts of the kind {name}"))
        }
    }
}

/// Why a rule applies to nothing.
fn not_applicable(result: &RuleResult) -> String {
    if let Some(body) = &result.rule.body {
        return no_files(body);
    }
    let (one, many) = words(&result.rule.on);
    match (result.rule.on.as_str(), result.candidates) {
        ("project", _) => "it does not apply to this repository".to_owned(),
        (_, 0) => format!("the repository has no {many}"),
        (_, 1) => format!("it does not apply to the only {one}"),
        (_, n) => format!("it applies to none of the {n} {many}"),
    }
}

/// What a rule with a body has not found: files to look at.
fn no_files(body: &Body) -> String {
    let names: Vec<&str> = match body {
        Body::Pattern(_) => Vec::new(),
        Body::Query(query) => query.languages.iter().map(|language| written(language)).collect(),
    };
    let written = match names.split_last() {
        None => String::new(),
        Some((only, [])) => format!("{only} "),
        Some((last, first)) => format!("{} or {last} ", first.join(", ")),
    };
    match body.files().files.as_slice() {
        [] => format!("the repository has no {written}files that it looks at"),
        globs => format!("the repository has no {written}files that it looks at ({})", globs.join(", ")),
    }
}

/// How people write the name of a syntax.
fn written(language: &str) -> &str {
    match language {
        "typescript" => "TypeScript",
        "tsx" => "TSX",
        "javascript" => "JavaScript",
        "python" => "Python",
        other => other,
    }
}

/// A title in plain words: each run of placeholders becomes one ellipsis.
pub(super) fn plain_title(title: &str) -> String {
    let mut plain = String::new();
    let mut rest = title;
    while let Some((before, inside)) = rest.split_once('{') {
        let Some((_, after)) = inside.split_once('}') else { break };
        if !(plain.ends_with('…') && before.trim().is_empty()) {
            plain.push_str(before);
            plain.push('…');
        }
        rest = after;
    }
    plain.push_str(rest);
    plain
}

/// The outcome of one rule by itself. `attested` says whether a person vouches for what can't be told.
///
/// A flaw that somebody accepts counts like one that somebody vouches for: the score rests on a person's word, and no
/// strength is claimed.
fn alone(result: &RuleResult, attested: bool, accepted: u32) -> Outcome {
    let rule = &result.rule;
    let count = |wanted: fn(&Judgement) -> bool| {
        u32::try_from(result.judged.iter().filter(|j| wanted(&j.judgement)).count()).unwrap_or(u32::MAX)
    };
    let clean = u32::try_from(result.clean_files()).unwrap_or(u32::MAX);
    let passed = count(|j| *j == Judgement::Passed).saturating_add(clean);
    let failed = count(|j| *j == Judgement::Failed).saturating_sub(accepted);
    let open = count(|j| matches!(j, Judgement::Unknown(_)));
    let (unknown, vouched) = if attested { (0, open) } else { (open, 0) };
    let attested = vouched + accepted;

    let (outcome, reasons) = if failed > 0 {
        (Result::Failed, Vec::new())
    } else if let Some(error) = &result.error {
        (Result::Unknown, vec![format!("the check itself failed: {error}")])
    } else if unknown > 0 {
        (Result::Unknown, unknown_reasons(result))
    } else if attested > 0 {
        let mut reasons = unknown_reasons(result);
        if accepted > 0 {
            reasons.push("what was found is accepted".to_owned());
        }
        (Result::Attested, reasons)
    } else if passed > 0 {
        (Result::Passed, Vec::new())
    } else {
        (Result::NotApplicable, vec![not_applicable(result)])
    };
    Outcome {
        rule: rule.id.clone(),
        title: plain_title(&rule.title),
        area: rule.area.clone(),
        stage: rule.stage,
        severity: rule.severity,
        confidence: rule.confidence,
        required: rule.required,
        result: outcome,
        applied: u32::try_from(result.judged.len()).unwrap_or(u32::MAX).saturating_add(clean),
        passed,
        failed,
        unknown,
        attested,
        accepted,
        reasons,
        failed_by: String::new(),
        incomplete: result.error.is_some(),
        rests_on_unknown: false,
    }
}

/// The reasons of every fact that can't be told, once each, in the order of the facts.
fn unknown_reasons(result: &RuleResult) -> Vec<String> {
    let mut reasons = Distinct::default();
    for judged in &result.judged {
        if let Judgement::Unknown(why) = &judged.judgement {
            why.iter().for_each(|reason| reasons.add(reason));
        }
    }
    reasons.owned()
}

/// The outcome of every rule, in the order of `results`. `vouched` names the rules that a person vouches for.
/// `accepted` counts the findings of each rule that somebody accepts.
pub(super) fn outcomes(
    results: &[RuleResult],
    vouched: &dyn Fn(&str) -> bool,
    accepted: &BTreeMap<String, u32>,
) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = results
        .iter()
        .map(|result| {
            let accepted = accepted.get(&result.rule.id).copied().unwrap_or(0);
            alone(result, vouched(&result.rule.id), accepted)
        })
        .collect();
    let place: BTreeMap<&str, usize> =
        results.iter().enumerate().map(|(i, result)| (result.rule.id.as_str(), i)).collect();
    let requires: Vec<Vec<usize>> = results
        .iter()
        .enumerate()
        .map(|(i, result)| {
            let of = result.rule.requires.iter().filter_map(|id| place.get(id.as_str()).copied());
            of.filter(|r| *r != i).collect()
        })
        .collect();
    spread(
        &mut outcomes,
        &requires,
        |outcome| outcome.result == Result::Failed,
        |outcome| !outcome.failed_by.is_empty(),
        |outcome, by| {
            outcome.result = Result::Failed;
            outcome.failed_by = by.rule.clone();
            outcome.reasons = vec![format!("it needs what another check misses: {}", by.title)];
        },
    );
    // What requires something that is missing and accepted is judged by itself, or nobody could ever accept it. But what
    // it shows may be there only because nothing is: it passes on a person's word, too.
    let mut rests: Vec<bool> = outcomes.iter().map(|o| o.accepted > 0).collect();
    let mut changed = true;
    while changed {
        changed = false;
        for i in 0..outcomes.len() {
            if !rests[i] && requires[i].iter().any(|r| rests[*r]) {
                rests[i] = true;
                changed = true;
                if outcomes[i].result == Result::Passed {
                    outcomes[i].result = Result::Attested;
                    outcomes[i].reasons =
                        vec!["it needs what another check misses and somebody accepts".to_owned()];
                }
            }
        }
    }
    // A check that failed to run might have failed what requires it: a crash must not help.
    spread(
        &mut outcomes,
        &requires,
        |outcome| outcome.incomplete,
        |outcome| outcome.incomplete,
        |outcome, by| {
            outcome.incomplete = true;
            if outcome.result != Result::Failed {
                outcome.result = Result::Unknown;
                outcome.reasons = vec![format!("it needs a check that failed to run: {}", by.title)];
            }
        },
    );
    spread(
        &mut outcomes,
        &requires,
        |outcome| outcome.result == Result::Unknown || outcome.rests_on_unknown,
        |outcome| outcome.rests_on_unknown,
        |outcome, _| outcome.rests_on_unknown = true,
    );
    outcomes
}

/// What is left of the outcomes when an analyser failed: its facts are missing, and which rules would have seen them
/// can't be told. What fails still fails; nothing else can be vouched for.
pub(super) fn doubt(outcomes: &mut [Outcome]) {
    for outcome in outcomes {
        outcome.incomplete = true;
        if !matches!(outcome.result, Result::Failed | Result::Unknown) {
            outcome.result = Result::Unknown;
            outcome.reasons =
                vec!["an analyser failed, and what it would have shown may change the answer".to_owned()];
        }
    }
}

/// Hands what `spreads` from a rule to every rule that requires it, unless it `has` it already. Each round reaches at
/// least one more rule, so a chain of any length ends, and so does a circle.
fn spread(
    outcomes: &mut [Outcome],
    requires: &[Vec<usize>],
    spreads: fn(&Outcome) -> bool,
    has: fn(&Outcome) -> bool,
    hand: fn(&mut Outcome, &Outcome),
) {
    loop {
        let reached: Vec<(usize, usize)> = (0..outcomes.len())
            .filter(|i| !has(&outcomes[*i]))
            .filter_map(|i| requires[i].iter().find(|r| spreads(&outcomes[**r])).map(|r| (i, *r)))
            .collect();
        if reached.is_empty() {
            return;
        }
        for (i, by) in reached {
            let by = outcomes[by].clone();
            hand(&mut outcomes[i], &by);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_one_ellipsis() {
        assert_eq!(plain_title("Anyone can call {route.method} {route.path}"), "Anyone can call …");
        assert_eq!(plain_title("{app.path} has no tests"), "… has no tests");
        assert_eq!(plain_title("Nothing {odd"), "Nothing {odd");
        assert_eq!(plain_title("{a} and {b}"), "… and …");
    }

    #[test]
    fn every_kind_has_words() {
        for kind in crate::facts::KINDS {
            assert!(WORDS.iter().any(|(name, ..)| *name == kind.name), "no words for {}", kind.name);
        }
    }
}
