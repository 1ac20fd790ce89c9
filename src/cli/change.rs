//! `--since` and `--staged`: the same rules over the files of today and over those of before.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::Path;

use super::Stop;
use super::args::{AuditArgs, HistoryChoice};
use super::audit::{self, Timer};
use super::config::Config;
use super::progress::Progress;
use crate::facts::{Facts, Reading};
use crate::findings::{Context, Findings, Now};
use crate::report::{Comparison, ComparisonKind};
use crate::rules::{RuleResult, RuleSet};
use crate::source::{self, Diff, Source};
use crate::{facts, findings, rules, score};

/// What the rules say of today's files, and of those of before.
pub struct Judged {
    /// Today's files.
    pub source: Source,
    /// Their facts.
    pub facts: Facts,
    /// What was read of them.
    pub reading: Reading,
    /// What the rules say of them.
    pub results: Vec<RuleResult>,
    /// What it is compared with; `None` without `--since` and `--staged`.
    pub before: Option<Before>,
}

/// What was there before.
pub struct Before {
    kind: ComparisonKind,
    with: String,
    commit: String,
    forked: bool,
    files: usize,
    trees: Vec<(Source, Vec<RuleResult>, Reading)>,
}

/// Opens and reads what is to be judged, and runs the rules.
pub fn judge(
    args: &AuditArgs,
    config: &Config,
    rules: &RuleSet,
    date: &str,
    progress: &Progress,
    timer: &mut Timer,
) -> Result<Judged, Stop> {
    progress.step("listing files and reading the git history");
    let (source, trees, mut before) = match open(args, config)? {
        Some((kind, with, diff)) => {
            let files = diff.files();
            let Diff { now, before, commit, forked } = diff;
            (now, before, Some(Before { kind, with, commit, forked, files, trees: Vec::new() }))
        }
        None => (audit::open(&args.path, args.history, config)?, Vec::new(), None),
    };
    timer.lap("open");
    progress.step("reading files");
    let all: Vec<&Source> = std::iter::once(&source).chain(&trees).collect();
    let analysers = match args.with_facts {
        true => facts::ANALYSERS,
        false => facts::Analysers::of(
            |list| rules.reads(list) || score::reads(list, &rules.areas),
            &rules.reads_of_project(),
        ),
    };
    let mut collected = facts::collect_each(&analysers, &all, &rules.search());
    let of_trees = collected.split_off(1);
    let (facts, reading) = collected.pop().unwrap_or_default();
    timer.lap("facts");
    progress.step("running rules");
    let results = rules::evaluate(rules, &facts, date);
    let judged = trees
        .into_iter()
        .zip(of_trees)
        .map(|(tree, (facts, reading))| (tree, rules::evaluate(rules, &facts, date), reading))
        .collect();
    timer.lap("rules");
    if let Some(before) = &mut before {
        before.trees = judged;
    }
    Ok(Judged { source, facts, reading, results, before })
}

/// What the arguments say is to be compared.
fn open(args: &AuditArgs, config: &Config) -> Result<Option<(ComparisonKind, String, Diff)>, Stop> {
    let failed = |error: source::OpenError| Stop::usage(format!("error: {error}"));
    if args.staged {
        // git runs hooks with it: `git commit --all` and `git commit FILE` stage into another file.
        let index = std::env::var_os("GIT_INDEX_FILE").filter(|file| file != OsStr::new(""));
        let diff = source::staged(&args.path, &config.exclude, index.as_deref().map(Path::new));
        let diff = diff.map_err(failed)?;
        return Ok(Some((ComparisonKind::Staged, "HEAD".to_owned(), diff)));
    }
    let Some(revision) = &args.since else { return Ok(None) };
    let history = args.history == HistoryChoice::Full;
    let options = source::Options { exclude: config.exclude.clone(), history };
    let diff = source::since(&args.path, revision, &options).map_err(failed)?;
    if diff.now.tree.files().is_empty() {
        return Err(audit::nothing(&args.path));
    }
    Ok(Some((ComparisonKind::Since, revision.clone(), diff)))
}

impl Judged {
    /// Leaves in `findings` what the change brings, and says what came of comparing. The second list is of what keeps
    /// the comparison from being complete.
    pub fn compare(
        &self,
        findings: &mut Findings,
        context: &Context<'_>,
    ) -> (Option<Comparison>, Vec<String>) {
        let Some(before) = &self.before else { return (None, Vec::new()) };
        // Nothing of before is accepted: what is accepted today took no part, whatever stood there.
        let judged: Vec<(Findings, &source::Tree)> = before
            .trees
            .iter()
            .map(|(source, results, reading)| {
                let context = Context {
                    date: context.date,
                    attestations: context.attestations,
                    ignores: &[],
                    comments: &[],
                    tree: Some(&source.tree),
                    many_apps: context.many_apps,
                    failures: &reading.failures,
                };
                (findings::assemble(results, &context), &source.tree)
            })
            .collect();
        let broken = self.reading.broken.iter().map(|(path, _)| path.as_str());
        let skipped = self.reading.skipped.iter().map(|skip| skip.path.as_str());
        let unread: BTreeSet<&str> = broken.chain(skipped).collect();
        let now = Now { tree: &self.source.tree, results: &self.results, unread: &unread };
        let gone = findings::subtract(findings, &judged, &now);
        let rules = judged.iter().flat_map(|(findings, _)| &findings.errors);
        let rules = rules.map(|(rule, why)| format!("The rule {rule} failed to run: {why}"));
        let analysers = before.trees.iter().flat_map(|(_, _, reading)| reading.failures.iter().cloned());
        // What failed on today's files as well is told already, and weakens both sides.
        let told: Vec<String> = findings.errors.iter().map(|(rule, _)| format!("The rule {rule} ")).collect();
        let failures = rules
            .chain(analysers)
            .filter(|why| !self.reading.failures.contains(why))
            .filter(|why| !told.iter().any(|told| why.starts_with(told)))
            .map(|why| format!("Of the files of before, so that old findings may seem new: {why}"));
        let mut comparison = Comparison::new(before.kind, &before.with, findings, &gone);
        let titles: BTreeMap<(&str, &str), &str> = judged
            .iter()
            .flat_map(|(findings, _)| &findings.findings)
            .map(|finding| ((finding.rule.as_str(), finding.subject.as_str()), finding.title.as_str()))
            .collect();
        for fixed in &mut comparison.fixed {
            let title = titles.get(&(fixed.rule.as_str(), fixed.subject.as_str()));
            fixed.title = title.copied().unwrap_or_default().to_owned();
        }
        comparison.commit.clone_from(&before.commit);
        comparison.forked = before.forked;
        comparison.files = u32::try_from(before.files).unwrap_or(u32::MAX);
        (Some(comparison), failures.collect())
    }
}
