//! Running rules over facts.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde_json::Value;

use super::cel::{Expression, Values};
use super::pack::{LoadedRule, RuleSet};
use super::rule::{Judged, Judgement, RuleResult};
use crate::caught::caught;
use crate::facts::{AnyFact, Evidence, Facts, KINDS, Kind, Searched, kind_named};
use crate::secrets::excerpt;

/// Why something can't be told when the fact itself gives no reason.
const NO_REASON: &str = "what was read of the repository does not show it";

/// Runs every rule over the facts of its kind, on the day `date` (`YYYY-MM-DD`). In the order of the rule set, whatever
/// the thread count.
pub fn evaluate(rules: &RuleSet, facts: &Facts, date: &str) -> Vec<RuleResult> {
    let all: Vec<&LoadedRule> = rules.rules.iter().collect();
    let base = Base::of(&all, facts, date);
    all.par_iter().map(|loaded| run(loaded, &base)).collect()
}

/// Runs one rule, on the day `date`.
pub(super) fn evaluate_rule(loaded: &LoadedRule, facts: &Facts, date: &str) -> RuleResult {
    run(loaded, &Base::of(&[loaded], facts, date))
}

/// The facts that the rules of a rule set look at, as they look at them.
struct Base<'a> {
    facts: BTreeMap<&'static str, Vec<&'a dyn AnyFact>>,
    /// By the kind's name.
    json: BTreeMap<&'static str, Vec<Value>>,
    values: Values,
    /// How far each rule with a body looked.
    searched: &'a BTreeMap<String, Searched>,
}

impl<'a> Base<'a> {
    fn of(rules: &[&LoadedRule], facts: &'a Facts, date: &str) -> Base<'a> {
        let used: Vec<&Kind> =
            KINDS.iter().filter(|kind| rules.iter().any(|rule| uses(rule, kind))).collect();
        let mut base = Base {
            facts: BTreeMap::new(),
            json: BTreeMap::new(),
            values: Values::of_day(date),
            searched: &facts.searched,
        };
        for kind in used {
            let of_kind = (kind.facts)(facts);
            let json: Vec<Value> = of_kind.iter().map(|fact| fact.json()).collect();
            match json.first() {
                Some(only) if kind.list == kind.name => base.values.add_single(kind.list, only),
                _ => base.values.add_list(kind.list, &json),
            }
            base.facts.insert(kind.name, of_kind);
            base.json.insert(kind.name, json);
        }
        base
    }
}

fn uses(loaded: &LoadedRule, kind: &Kind) -> bool {
    loaded.rule.on == kind.name || loaded.reads(kind.list)
}

fn run(loaded: &LoadedRule, base: &Base<'_>) -> RuleResult {
    let rule = &loaded.rule;
    let facts = base.facts.get(rule.on.as_str()).map(Vec::as_slice).unwrap_or_default();
    let json = base.json.get(rule.on.as_str()).map(Vec::as_slice).unwrap_or_default();
    let mut result = RuleResult {
        rule: rule.clone(),
        candidates: u32::try_from(facts.len()).unwrap_or(u32::MAX),
        judged: Vec::new(),
        good: String::new(),
        searched: None,
        error: None,
    };
    let Some(kind) = kind_named(&rule.on) else { return result };
    let own =
        |json: &Value| rule.body.is_none() || json.get("rule").and_then(Value::as_str) == Some(&rule.id);
    for (index, (fact, json)) in facts.iter().zip(json).enumerate().filter(|(_, (_, json))| own(json)) {
        let said = caught(|| judge(loaded, kind, index, *fact, json, &base.values));
        match said.unwrap_or_else(|at| Err(format!("the evaluator failed{at}, which is a bug in vibecheck")))
        {
            Ok(judged) => result.judged.extend(judged),
            Err(error) => {
                result.judged.clear();
                result.error = Some(format!("{}: {}", excerpt(&fact.subject()), excerpt(&error)));
                return result;
            }
        }
    }
    if rule.body.is_some() {
        let searched = base.searched.get(rule.id.as_str()).copied().unwrap_or_default();
        result.candidates = searched.files;
        result.searched = Some(searched);
        result.judged = by_file(result.judged);
    }
    let passed = result.judged.iter().filter(|judged| judged.judgement == Judgement::Passed).count();
    let clean = result.clean_files();
    if let Some(good) = &loaded.compiled.good
        && passed + clean > 0
        && passed == result.judged.len()
    {
        result.good = good.render_counts(passed + clean, passed + clean, 0);
    }
    result
}

/// What one rule finds in one file is one thing: it failed if one match did, with the evidence of each that did.
fn by_file(judged: Vec<Judged>) -> Vec<Judged> {
    let weight = |judged: &Judged| match judged.judgement {
        Judgement::Passed => 0,
        Judgement::Unknown(_) => 1,
        Judgement::Failed => 2,
    };
    let mut files: Vec<Judged> = Vec::new();
    for one in judged {
        let Some(file) = files.last_mut().filter(|file| file.subject == one.subject) else {
            files.push(one);
            continue;
        };
        match weight(&one).cmp(&weight(file)) {
            Ordering::Less => {}
            Ordering::Greater => *file = one,
            Ordering::Equal => {
                file.evidence.extend(one.evidence);
                if let (Judgement::Unknown(all), Judgement::Unknown(more)) =
                    (&mut file.judgement, one.judgement)
                {
                    let new: Vec<String> = more.into_iter().filter(|reason| !all.contains(reason)).collect();
                    all.extend(new);
                }
            }
        }
    }
    files
}

/// What the rule says of one fact; `None` where it doesn't apply.
fn judge(
    loaded: &LoadedRule,
    kind: &Kind,
    index: usize,
    fact: &dyn AnyFact,
    json: &Value,
    values: &Values,
) -> Result<Option<Judged>, String> {
    let compiled = &loaded.compiled;
    let bindings = values.fact(kind.list, index, kind.name).ok_or("the fact has no value")?;
    let holds = |expression: &Option<Expression>, or: bool| match expression {
        Some(expression) => expression.holds(&bindings),
        None => Ok(or),
    };
    if !holds(&compiled.applies, true)? {
        return Ok(None);
    }
    let (judgement, asked) = match &compiled.unknown {
        Some(unknown) if unknown.holds(&bindings)? => (Judgement::Unknown(reasons(fact, unknown)), unknown),
        _ if compiled.when.holds(&bindings)? => (Judgement::Failed, &compiled.when),
        _ => (Judgement::Passed, &compiled.when),
    };
    let title = compiled.title.render(json);
    Ok(Some(Judged {
        subject: fact.subject(),
        app: fact.app().to_owned(),
        judgement,
        evidence: match loaded.rule.body {
            Some(_) => fact.evidence().to_vec(),
            None => evidence(fact, asked, &title),
        },
        lists: match loaded.rule.body {
            Some(_) => vec!["text".to_owned()],
            None => lists(json, asked),
        },
        title,
        why: compiled.why.render(json),
        fix: compiled.fix.render(json),
        verify: compiled.verify.render(json),
        question: compiled.question.as_ref().map(|question| question.render(json)).unwrap_or_default(),
    }))
}

/// What the fact rests on in the fields that were asked about; its own place where they name nothing.
fn evidence(fact: &dyn AnyFact, asked: &Expression, title: &str) -> Vec<Evidence> {
    let fields = &asked.reads().fields;
    let found: Vec<Evidence> =
        fact.evidence().iter().filter(|evidence| is_about(&evidence.cell, fields)).cloned().collect();
    if !found.is_empty() {
        return found;
    }
    let (file, line) = fact.place();
    vec![Evidence::new("", file, line, title)]
}

/// The fields that were asked about and that list things.
fn lists(json: &Value, asked: &Expression) -> Vec<String> {
    let is_list = |field: &&String| json.get(field.as_str()).is_some_and(Value::is_array);
    asked.reads().fields.iter().filter(is_list).cloned().collect()
}

fn reasons(fact: &dyn AnyFact, unknown: &Expression) -> Vec<String> {
    let fields = &unknown.reads().fields;
    let mut reasons: Vec<String> = Vec::new();
    for entry in fact.unknowns().iter().filter(|entry| is_about(&entry.cell, fields)) {
        if !reasons.contains(&entry.reason) {
            reasons.push(entry.reason.clone());
        }
    }
    if reasons.is_empty() {
        reasons.push(NO_REASON.to_owned());
    }
    reasons
}

/// Whether a cell (`jobs`, `jobs.tests`, `jobs[2]`) belongs to one of the fields.
fn is_about(cell: &str, fields: &BTreeSet<String>) -> bool {
    fields.contains(cell.split(['.', '[']).next().unwrap_or(cell))
}
