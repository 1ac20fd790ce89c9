//! A repository of 200 commits in which faults come and go, judged commit by commit: each fault must be reported as new
//! in the commit that brings it, and as fixed in the one that takes it away; whatever else changes brings nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

#[path = "../common/mod.rs"]
mod common;

mod build;
mod chapters;
mod layout;
mod script;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use vibecheck::findings::{self, Findings, KnownPlace, Standing};
use vibecheck::rules::RuleSet;
use vibecheck::{facts, source};

use build::Built;
use world::{Label, World};

/// Every rule on the commit's files, as `vibecheck audit` would say.
fn judge(rules: &RuleSet, path: &std::path::Path) -> Findings {
    let options = source::Options { history: true, ..source::Options::default() };
    let source = source::open(path, &options).unwrap();
    let (facts, _) = facts::collect(&source, &facts::Search::default());
    let results = vibecheck::rules::evaluate(rules, &facts);
    let context =
        findings::Context { date: "2026-03-01", attestations: &[], tree: Some(&source.tree) };
    findings::assemble(&results, &context)
}

/// A line as keys see it, roughly: without white space and punctuation.
fn bare(line: &str) -> String {
    line.chars().filter(|c| !c.is_whitespace() && !"\"'`;,()".contains(*c)).collect()
}

/// What is reported: rule, subject, and the lines of the places that count.
type Reported = BTreeMap<(String, String), Vec<String>>;

fn reported(findings: &Findings) -> Reported {
    let lines = |f: &findings::Finding| {
        let open = f.places.iter().filter(|p| p.standing == Standing::Open);
        open.map(|p| bare(p.snippet.as_str())).collect()
    };
    findings.findings.iter().map(|f| ((f.rule.clone(), f.subject.clone()), lines(f))).collect()
}

fn gone(places: &[KnownPlace]) -> Reported {
    let mut all = Reported::new();
    for place in places {
        let line = match &place.content {
            findings::Content::Line(line) | findings::Content::Item(line) => bare(line),
            _ => String::new(),
        };
        all.entry((place.rule.clone(), place.subject.clone())).or_default().push(line);
    }
    all
}

/// How `said` differs from what must be said.
///
/// A finding that is new as a whole may have more places than the fault's own.
fn differences(what: &str, said: &Reported, expected: &[Label], whole: &dyn Fn(&str, &str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for ((rule, subject), lines) in said {
        let marks: Vec<String> =
            expected.iter().filter(|(r, s, _)| r == rule && s == subject).map(|l| bare(l.2)).collect();
        if marks.is_empty() {
            wrong.push(format!("{what}, wrongly: {rule} | {subject} {lines:?}"));
        }
        let stray = lines.iter().filter(|line| !marks.iter().any(|mark| line.contains(mark)));
        if !marks.is_empty() && !whole(rule, subject) {
            wrong.extend(stray.map(|line| format!("{what}, wrongly: {rule} | {subject}: {line}")));
        }
    }
    for (rule, subject, mark) in expected {
        let lines = said.get(&((*rule).to_owned(), (*subject).to_owned()));
        let told = lines.is_some_and(|lines| {
            mark.is_empty() || lines.iter().any(|line| line.is_empty() || line.contains(&bare(mark)))
        });
        if !told {
            wrong.push(format!("not {what}: {rule} | {subject} {mark}"));
        }
    }
    wrong
}

/// Faults that are open in `now` and were not in `before`.
fn brought(before: &World, now: &World) -> Vec<Label> {
    let new = now.open.iter().filter(|(name, _)| !before.open.contains_key(*name));
    new.map(|(_, label)| *label).collect()
}

/// Findings at each commit, each in a checkout of its own thread.
fn judged(built: &Built) -> Vec<Findings> {
    let rules = RuleSet::load(&[]).unwrap();
    let numbers: Vec<usize> = (0..built.commits.len()).collect();
    let threads = rayon::current_num_threads().max(1);
    let share = numbers.len().div_ceil(threads * 2);
    let chunks: Vec<Vec<Findings>> = numbers
        .par_chunks(share)
        .map(|chunk| {
            let checkout = built.checkout();
            chunk.iter().map(|n| judge(&rules, checkout.at(built.commits[*n]))).collect()
        })
        .collect();
    chunks.into_iter().flatten().collect()
}

#[test]
fn every_commit_is_charged_with_what_it_brings_and_nothing_else() {
    let script = chapters::script();
    let built = build::build(&script);
    let judged = judged(&built);
    let mut wrong: Vec<String> = Vec::new();

    let start = chapters::START;
    let all: Vec<Label> = script.steps[start].world.open.values().copied().collect();
    for line in differences("open", &reported(&judged[start]), &all, &|_, _| true) {
        wrong.push(format!("at the start: {line}"));
    }
    for (number, step) in script.steps.iter().enumerate().skip(start + 1) {
        let parent = step.parents[0];
        let before = &script.steps[parent].world;
        let renamed = built.renames(parent, number);
        let mut now = judged[number].clone();
        let known = findings::places_of(&judged[parent].findings);
        let left = findings::settle(&mut now, &known, Standing::Before, &|a, b| {
            renamed.contains(&(a.to_owned(), b.to_owned()))
        });
        let still: BTreeSet<(String, String)> = judged[number]
            .findings
            .iter()
            .map(|f| (f.rule.clone(), f.subject.clone()))
            .collect();
        let mut fixed = gone(&left);
        // A root cause that has fewer places than before, and not one of a list, is no fix.
        fixed.retain(|key, lines| !still.contains(key) || lines.iter().any(|line| !line.is_empty()));
        let told = reported(&judged[parent]);
        let whole = |rule: &str, subject: &str| !told.contains_key(&(rule.to_owned(), subject.to_owned()));
        for line in differences("new", &reported(&now), &brought(before, &step.world), &whole)
            .into_iter()
            .chain(differences("fixed", &fixed, &brought(&step.world, before), &|_, _| true))
        {
            wrong.push(format!("{number} {:?}: {line}", step.message));
        }
    }
    println!("{} commits, {} faults", script.steps.len(), chapters::faults(&script));
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}
