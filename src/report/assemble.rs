//! Puts the report together. Nothing is judged here.

use std::collections::BTreeMap;

use super::permissions::PermissionMap;
use super::routes::RouteMatrix;
use super::{
    CodeCoverage, Comparison, ComparisonKind, Coverage, Fixed, Gate, HistoryCoverage, Report, Ruleset,
    SkippedFiles, Subject, Summary, Tool, change_words, sentence,
};
use crate::facts::{Facts, Reading};
use crate::findings::{Findings, KnownPlace, Standing};
use crate::score::{Score, Verdict};
use crate::source::{Skip, SkipReason};

/// The most paths that are listed for one reason.
const MOST_FILES: usize = 20;

/// Everything that a report is made of.
#[derive(Debug, Clone)]
pub struct Parts<'a> {
    /// The fact base.
    pub facts: &'a Facts,
    /// What was read of the files.
    pub reading: &'a Reading,
    /// What the walk itself left out: `Tree::skipped`.
    pub left_out: &'a [Skip],
    /// What the rules say.
    pub findings: Findings,
    /// The verdicts.
    pub score: Score,
    /// The rules that were run.
    pub ruleset: Ruleset,
    /// What was audited.
    pub subject: Subject,
    /// Whether the gate passed; see [`Gate::judge`].
    pub gate: Gate,
    /// What the findings were compared with; see [`Comparison::new`].
    pub comparisons: Vec<Comparison>,
    /// What else was not read, in sentences: of the source, of the configuration.
    pub notes: Vec<String>,
    /// Analysers that failed, beside the rules that `findings` names.
    pub failures: Vec<String>,
}

impl Subject {
    /// The subject of an audit on `date`. `path_name` is the name of PATH's folder, for a repository that has none.
    pub fn new(facts: &Facts, path_name: &str, date: &str) -> Self {
        let project = &facts.project;
        let name = if project.name.is_empty() { path_name } else { &project.name };
        Self {
            name: name.to_owned(),
            commit: project.head.clone(),
            branch: project.branch.clone(),
            dirty: project.dirty > 0,
            date: date.to_owned(),
            apps: facts.apps.iter().map(|app| app.path.clone()).collect(),
        }
    }
}

impl Comparison {
    /// What came of comparing: `findings` and `gone` are those that `findings::settle` left.
    pub fn new(kind: ComparisonKind, with: &str, findings: &Findings, gone: &[KnownPlace]) -> Self {
        let standing = match kind {
            ComparisonKind::Baseline => Standing::Baseline,
            ComparisonKind::Since | ComparisonKind::Staged => Standing::Before,
        };
        let known = findings.known.iter().filter(|f| f.places.iter().any(|p| p.standing == standing)).count();
        let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for place in gone {
            *places.entry((&place.rule, &place.subject)).or_default() += 1;
        }
        let fixed = places
            .into_iter()
            .map(|((rule, subject), n)| Fixed {
                rule: rule.to_owned(),
                subject: subject.to_owned(),
                title: String::new(),
                places: number(n),
            })
            .collect();
        Self {
            kind,
            with: with.to_owned(),
            commit: String::new(),
            forked: false,
            files: 0,
            known: number(known),
            fixed,
        }
    }
}

impl Report {
    /// The report of an audit.
    pub fn new(parts: Parts<'_>) -> Self {
        // Of a change, the first that is said is what it does.
        let sentence = match change_words::change(&parts.comparisons) {
            Some(change) => change_words::sentence(change, &parts.findings),
            None => sentence::sentence(&parts.findings, &parts.score, parts.facts),
        };
        let coverage = coverage(&parts);
        let is_change = change_words::change(&parts.comparisons).is_some();
        let Parts { facts, findings, score, ruleset, subject, gate, comparisons, .. } = parts;
        Self {
            format: "vibecheck-report".to_owned(),
            version: 1,
            tool: Tool { name: "vibecheck".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            ruleset,
            subject,
            summary: Summary {
                sentence,
                stage: score.stage,
                stages: score.stages,
                progress: score.progress,
                gate,
            },
            areas: score.areas,
            outcomes: findings.outcomes,
            findings: findings.findings,
            known: findings.known,
            comparisons,
            suppressed: findings.suppressed,
            unused_suppressions: findings.unused_suppressions,
            routes: if is_change { RouteMatrix::default() } else { RouteMatrix::of(facts) },
            permissions: if is_change { PermissionMap::default() } else { PermissionMap::of(facts) },
            questions: findings.questions,
            attestations: findings.attestations,
            strengths: findings.strengths,
            coverage,
            facts: None,
            background: super::Background::default(),
        }
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn coverage(parts: &Parts<'_>) -> Coverage {
    let Parts { facts, reading, findings, score, .. } = parts;
    let failed_rules =
        findings.errors.iter().map(|(rule, why)| format!("The rule {rule} failed to run: {why}"));
    let lossy = reading
        .lossy
        .iter()
        .map(|path| format!("{path} holds bytes that are no UTF-8; they were replaced before reading."));
    Coverage {
        files: facts.project.files,
        read: reading.read,
        unwanted: reading.unwanted,
        skipped: skipped(parts.left_out.iter().chain(&reading.skipped)),
        broken: reading.broken.clone(),
        languages: facts
            .project
            .languages
            .iter()
            .map(|l| CodeCoverage {
                language: l.name.clone(),
                percent: (l.share * 1000.0).round() / 10.0,
                read: l.read,
            })
            .collect(),
        history: HistoryCoverage {
            state: serde_json::to_value(facts.project.history)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default(),
            commits: facts.project.commits,
            versions: u32::try_from(reading.versions.0).unwrap_or(u32::MAX),
            versions_skipped: u32::try_from(reading.versions.1).unwrap_or(u32::MAX),
        },
        unexamined_areas: score
            .areas
            .iter()
            .filter(|area| !area.examined && area.verdict != Verdict::NotApplicable)
            .map(|area| area.area.clone())
            .collect(),
        notes: parts
            .notes
            .iter()
            .cloned()
            .chain(findings.notes.iter().cloned())
            .chain(lossy)
            .chain(reading.unsearched.iter().cloned())
            .chain(reading.history_notes.iter().cloned())
            .collect(),
        failures: parts.failures.iter().chain(&reading.failures).cloned().chain(failed_rules).collect(),
    }
}

/// Grouped by reason, largest first.
fn skipped<'a>(all: impl Iterator<Item = &'a Skip>) -> Vec<SkippedFiles> {
    let mut by_reason: BTreeMap<SkipReason, Vec<&str>> = BTreeMap::new();
    for skip in all {
        by_reason.entry(skip.reason).or_default().push(&skip.path);
    }
    let mut groups: Vec<SkippedFiles> = by_reason
        .into_iter()
        .map(|(reason, mut paths)| {
            paths.sort_unstable();
            paths.dedup();
            SkippedFiles {
                reason: reason.says().to_owned(),
                count: number(paths.len()),
                files: paths.iter().take(MOST_FILES).map(|path| (*path).to_owned()).collect(),
            }
        })
        .collect();
    groups.sort_by(|a, b| (b.count, &a.reason).cmp(&(a.count, &b.reason)));
    groups
}
