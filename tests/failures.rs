//! An analyser that fails, from the file that it fails on to the report: the audit goes on, says what is missing, and
//! nothing in it is greener for it. The failing reader is handed in here; no audited repository can bring one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::path::Path;

use vibecheck::facts::read::{READERS, Reader};
use vibecheck::facts::{ANALYSERS, Analysers, FileNotes, Search, collect_with};
use vibecheck::findings::{Context, Result, assemble};
use vibecheck::report::{Gate, Limit, Parts, Report, Ruleset, Subject, Threshold, json, markdown, terminal};
use vibecheck::rules::{RuleSet, evaluate};
use vibecheck::score::{Verdict, score};
use vibecheck::source::{File, Options, open};

/// The report of the folder, with these readers.
fn audited(path: &Path, readers: &[&[Reader]]) -> Report {
    let source = open(path, &Options { history: true, ..Options::default() }).unwrap();
    let analysers = Analysers { readers, ..ANALYSERS };
    let (facts, reading) = collect_with(&analysers, &source, &Search::default());
    let rules = RuleSet::load(&[]).unwrap();
    let results = evaluate(&rules, &facts, "2026-03-01");
    let context = Context {
        date: "2026-03-01",
        tree: Some(&source.tree),
        failures: &reading.failures,
        ..Context::default()
    };
    let findings = assemble(&results, &context);
    Report::new(Parts {
        score: score(&findings, &facts),
        gate: Gate::judge(&findings, Limit { fail_on: Threshold::Critical, stage: None }, &[]),
        subject: Subject::new(&facts, "app", "2026-03-01"),
        facts: &facts,
        reading: &reading,
        left_out: source.tree.skipped(),
        findings,
        ruleset: Ruleset { rules: 0, digest: String::new(), packs: Vec::new(), areas: Vec::new() },
        comparisons: Vec::new(),
        notes: Vec::new(),
        failures: Vec::new(),
    })
}

fn is_manifest(file: &File) -> bool {
    file.path.ends_with("package.json")
}

fn breaks(file: &File, text: &str, _: &mut FileNotes) {
    panic!("{} holds {text}", file.path);
}

#[test]
fn a_reader_that_fails_costs_what_it_would_have_said_and_vouches_for_nothing() {
    let app = common::app("hardened-saas");
    let whole = audited(app.path(), READERS);
    assert!(whole.areas.iter().any(|area| area.verdict == Verdict::ProductionGrade));
    assert!(whole.coverage.failures.is_empty() && !whole.strengths.is_empty());

    // The shipped reader of `package.json` replaced by one that panics: what it says is missing.
    let broken = [Reader { name: "package.json", wants: is_manifest, read: breaks }];
    let manifest = |readers: &&&[Reader]| !readers.iter().any(|reader| reader.name == "package.json");
    let readers: Vec<&[Reader]> = READERS.iter().filter(manifest).copied().chain([&broken[..]]).collect();
    vibecheck::caught::keep_panics_quiet();
    let report = audited(app.path(), &readers);
    // What this test itself has to say is loud again.
    drop(std::panic::take_hook());

    assert_eq!(report.coverage.failures.len(), 1);
    assert!(
        report.coverage.failures[0].contains("failed on package.json at failures.rs:"),
        "{:?}",
        report.coverage.failures
    );
    assert!(report.areas.iter().all(|area| area.verdict < Verdict::ProductionGrade));
    assert!(report.outcomes.iter().all(|outcome| matches!(outcome.result, Result::Failed | Result::Unknown)));
    assert!(report.strengths.is_empty());
    assert_eq!((report.summary.stage.as_str(), report.summary.progress.low), ("assess", 0));
    assert!(report.summary.sentence.contains("1 analyser failed"), "{}", report.summary.sentence);

    let pages = [
        terminal::render(&report, terminal::Style { width: 100, color: false }),
        markdown::render(&report),
        json::render(&report),
    ];
    for page in pages {
        let flowing = page.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flowing.contains("which is a bug in vibecheck"), "{page}");
        assert!(!page.contains("panicked") && !page.contains(" holds {"), "{page}");
    }
}
