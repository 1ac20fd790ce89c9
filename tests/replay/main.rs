//! A repository of 200 commits in which faults come and go, judged commit by commit: each fault must be reported as new
//! in the commit that brings it, and as fixed in the one that takes it away; whatever else changes brings nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a failed test may panic"
)]

#[path = "../common/mod.rs"]
mod common;

mod build;
mod chapters;
mod layout;
mod script;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;
use vibecheck::cli::config::{Config, ConfigChoice};
use vibecheck::findings::{self, Content, Context, Finding, Findings, KnownPlace, Now, Standing};
use vibecheck::rules::{RuleResult, RuleSet};
use vibecheck::{facts, report, source};

use build::Built;
use script::{Script, Step};
use world::{Label, World};

/// What the audit of a commit says.
struct Judged {
    /// Everything, as without `--since` and `--baseline`.
    all: Findings,
    /// What is left with `--since HEAD~1`.
    new: Findings,
    /// What the commit fixed.
    fixed: Vec<KnownPlace>,
    /// The files.
    tree: source::Tree,
}

/// The whole flow of `vibecheck audit --since HEAD~1`.
fn judge(rules: &RuleSet, path: &Path) -> Judged {
    let config = Config::load(&ConfigChoice::Default(path.to_path_buf())).unwrap();
    let options = source::Options { history: true, ..source::Options::default() };
    let diff = source::since(path, "HEAD~1", &options).unwrap();
    let (now, before) = (&diff.now, &diff.before[0]);
    let mut collected = facts::collect_each(&facts::ANALYSERS, &[now, before], &rules.search()).into_iter();
    let mut side = || collected.next().unwrap();
    let ((facts_now, reading_now), (facts_before, reading_before)) = (side(), side());
    let results = vibecheck::rules::evaluate(rules, &facts_now, "2026-03-01");
    let before_results = vibecheck::rules::evaluate(rules, &facts_before, "2026-03-01");
    let assemble = |results: &[RuleResult], tree, ignores, comments| {
        let context =
            Context { date: "2026-03-01", tree: Some(tree), ignores, comments, ..Context::default() };
        findings::assemble(results, &context)
    };
    let all = assemble(&results, &now.tree, &config.ignores, &reading_now.suppressions);
    let earlier = assemble(&before_results, &before.tree, &[], &[]);
    assert!(all.errors.is_empty() && reading_now.broken.is_empty(), "{:?}", reading_now.broken);
    assert!(reading_before.failures.is_empty() && reading_now.failures.is_empty());
    let unread = BTreeSet::new();
    let mut new = all.clone();
    let today = Now { tree: &now.tree, results: &results, unread: &unread };
    let fixed = findings::subtract(&mut new, &[(earlier, &before.tree)], &today);
    Judged { all, new, fixed, tree: diff.now.tree }
}

/// Every commit but the first, each in a checkout of its own thread.
fn judged(built: &Built) -> Vec<Option<Judged>> {
    let rules = RuleSet::load(&[]).unwrap();
    let numbers: Vec<usize> = (0..built.commits.len()).collect();
    let share = numbers.len().div_ceil(rayon::current_num_threads().max(1) * 2);
    let chunks: Vec<Vec<Option<Judged>>> = numbers
        .par_chunks(share)
        .map(|chunk| {
            let checkout = built.checkout();
            let judge =
                |n: &usize| (*n >= chapters::START).then(|| judge(&rules, checkout.at(built.commits[*n])));
            chunk.iter().map(judge).collect()
        })
        .collect();
    chunks.into_iter().flatten().collect()
}

/// A line as keys see it, roughly: without white space and punctuation.
fn bare(line: &str) -> String {
    line.chars().filter(|c| !c.is_whitespace() && !"\"'`;,()".contains(*c)).collect()
}

/// What is reported: rule, subject, and the lines of the places that count.
type Reported = BTreeMap<(String, String), Vec<String>>;

fn reported(findings: &[Finding]) -> Reported {
    let lines = |f: &Finding| {
        let open = f.places.iter().filter(|p| p.standing == Standing::Open);
        open.map(|p| bare(p.snippet.as_str())).collect()
    };
    findings.iter().map(|f| ((f.rule.clone(), f.subject.clone()), lines(f))).collect()
}

fn gone(places: &[KnownPlace]) -> Reported {
    let mut all = Reported::new();
    for place in places {
        let line = match &place.content {
            Content::Line(line) | Content::Item(line) => bare(line),
            Content::Field(_) | Content::Value(_) | Content::Nothing => String::new(),
        };
        all.entry((place.rule.clone(), place.subject.clone())).or_default().push(line);
    }
    all
}

/// How `said` differs from what must be said. A finding that is new as a whole may have more places than the fault's own.
fn differences(
    what: &str,
    said: &Reported,
    expected: &[Label],
    whole: &dyn Fn(&str, &str) -> bool,
) -> Vec<String> {
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

/// Faults of `now` that are not among those of `before`.
fn brought(before: &BTreeMap<&'static str, Label>, now: &BTreeMap<&'static str, Label>) -> Vec<Label> {
    let new = now.iter().filter(|(name, _)| !before.contains_key(*name));
    new.map(|(_, label)| *label).collect()
}

/// The faults that nobody accepts.
fn counting(world: &World) -> BTreeMap<&'static str, Label> {
    let counts = world.open.iter().filter(|(name, _)| !world.accepted.contains(*name));
    counts.map(|(name, label)| (*name, *label)).collect()
}

/// What the commit brought and fixed, against its first parent.
fn since_the_commit_before(script: &Script, number: usize, judged: &[Option<Judged>]) -> Vec<String> {
    let step = &script.steps[number];
    let before = &script.steps[step.parents[0]].world;
    let (Some(now), Some(then)) = (&judged[number], &judged[step.parents[0]]) else { return Vec::new() };
    let told = reported(&then.all.findings);
    let whole = |rule: &str, subject: &str| !told.contains_key(&(rule.to_owned(), subject.to_owned()));
    let mut wrong = differences(
        "new",
        &reported(&now.new.findings),
        &brought(&before.open, &counting(&step.world)),
        &whole,
    );
    wrong.extend(differences(
        "fixed",
        &gone(&now.fixed),
        &brought(&step.world.open, &before.open),
        &|_, _| true,
    ));
    wrong
}

/// What is new against a baseline that was written at the commit `accepted`, through its file.
fn against_a_baseline(
    script: &Script,
    accepted: usize,
    number: usize,
    judged: &[Option<Judged>],
) -> Vec<String> {
    let (Some(now), Some(then)) = (&judged[number], &judged[accepted]) else { return Vec::new() };
    let text = report::baseline::render(&findings::places_of(&then.all.findings));
    let places = report::baseline::parse(&text).unwrap();
    let mut left = now.all.clone();
    findings::settle_baseline(&mut left, &places, &now.tree);
    let (known, today) = (counting(&script.steps[accepted].world), counting(&script.steps[number].world));
    let told = reported(&then.all.findings);
    let whole = |rule: &str, subject: &str| !told.contains_key(&(rule.to_owned(), subject.to_owned()));
    differences("new against the baseline", &reported(&left.findings), &brought(&known, &today), &whole)
}

#[test]
fn every_commit_is_charged_with_what_it_brings_and_nothing_else() {
    let script = chapters::script();
    assert_eq!(script.steps.len(), chapters::COMMITS, "the commits");
    let faults = chapters::faults(&script);
    assert!(faults >= 60, "{faults} faults");
    let built = build::build(&script);
    let judged = judged(&built);

    let start = chapters::START;
    let at_first = reported(&judged[start].as_ref().unwrap().all.findings);
    let open: Vec<Label> = script.steps[start].world.open.values().copied().collect();
    let mut wrong = differences("open at the start", &at_first, &open, &|_, _| true);
    let rows = |number: usize| -> Vec<String> {
        let step: &Step = &script.steps[number];
        let of = |how: &str, lines: Vec<String>| -> Vec<String> {
            lines.into_iter().map(|line| format!("{number} {:?}, {how}: {line}", step.message)).collect()
        };
        let mut rows = of("--since", since_the_commit_before(&script, number, &judged));
        rows.extend(of("new baseline", against_a_baseline(&script, step.parents[0], number, &judged)));
        rows.extend(of("first baseline", against_a_baseline(&script, start, number, &judged)));
        rows
    };
    let numbers: Vec<usize> = (start + 1..script.steps.len()).collect();
    wrong.extend(numbers.par_iter().map(|n| rows(*n)).collect::<Vec<_>>().into_iter().flatten());
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

/// What a JSON report lists: rule and subject.
fn listed(report: &serde_json::Value, list: &str) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let list = report.pointer(list).unwrap().as_array().unwrap();
    list.iter().map(|one| (text(&one["rule"]), text(&one["subject"]))).collect()
}

#[test]
fn the_command_line_says_the_same() {
    let script = chapters::script();
    let built = build::build(&script);
    let checkout = built.checkout();
    let baseline = checkout.at(built.commits[chapters::START]).join("../baseline.json");
    let file = baseline.to_str().unwrap();
    let folder = checkout.at(built.commits[chapters::START]).to_owned();
    let args = ["--output", file, "--date", "2026-03-01"];
    let said = common::run(common::vibecheck().arg("baseline").arg(&folder).args(args));
    assert_eq!(said.status, 0, "{}", said.err);
    // Two faults at once; a fix; a merge; one that is accepted; one beside it.
    for message in [
        "Try the newest node, with reload",
        "Start what was built",
        "Merge group bookings",
        "Accept root at the desk",
        "Root in the service as well",
    ] {
        let number = script.steps.iter().position(|step| step.message == message).unwrap();
        let step = &script.steps[number];
        let before = &script.steps[step.parents[0]].world;
        let first = counting(&script.steps[chapters::START].world);
        checkout.at(built.commits[number]);
        let names = |labels: Vec<Label>| -> BTreeSet<(String, String)> {
            labels.iter().map(|(rule, subject, _)| ((*rule).to_owned(), (*subject).to_owned())).collect()
        };
        let audit = |more: &[&str]| -> serde_json::Value {
            let said = common::audit(&folder, &[&["--format", "json"], more].concat());
            serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{message}: {e}\n{}", said.err))
        };
        let since = audit(&["--since", "HEAD~1"]);
        let found: BTreeSet<_> = listed(&since, "/findings").into_iter().collect();
        assert_eq!(found, names(brought(&before.open, &counting(&step.world))), "{message}");
        let fixed: BTreeSet<_> = listed(&since, "/comparisons/0/fixed").into_iter().collect();
        assert_eq!(fixed, names(brought(&step.world.open, &before.open)), "{message}");
        let against = audit(&["--baseline", file]);
        let found: BTreeSet<_> = listed(&against, "/findings").into_iter().collect();
        assert_eq!(found, names(brought(&first, &counting(&step.world))), "{message}");
    }
}
