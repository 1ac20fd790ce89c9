//! `vibecheck audit`: the whole flow, once through.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use super::args::{AuditArgs, HistoryChoice, ReportFormat};
use super::change::{self, Judged};
use super::config::{Config, ConfigChoice};
use super::output;
use super::progress::Progress;
use super::{Exit, Stop, baseline, date, gate, print};
use crate::facts::{Facts, Reading};
use crate::findings::Context;
use crate::report::{self, Background, Parts, Published, Report, Ruleset, Subject};
use crate::rules::RuleSet;
use crate::{findings, score, source};

/// Runs the audit and writes the report.
pub fn run(args: &AuditArgs) -> Result<Exit, Stop> {
    let mut timer = Timer::new(args.profile);
    let date = match &args.date {
        Some(given) => date::parse(given)?,
        None => date::today(),
    };
    let mut config = load_config(args.config.as_deref(), &args.path)?;
    let mut rules = RuleSet::load(&args.rules).map_err(|errors| Stop::usage(render(&errors)))?;
    let mut baseline = baseline::given(args.baseline.as_ref())?;
    // What somebody said of other areas takes no part: it is neither used nor stale.
    let others = if args.only.is_empty() { BTreeSet::new() } else { rules.keep(&args.only) };
    config.attestations.retain(|attestation| !others.contains(&attestation.rule));
    config.ignores.retain(|ignore| !others.contains(&ignore.rule));
    baseline.iter_mut().for_each(|baseline| baseline.disregard(&others));
    timer.lap("load rules");

    let progress = Progress::start();
    let mut judged = change::judge(args, &config, &rules, &date, &progress, &mut timer)?;
    judged.reading.suppressions.retain_mut(|comment| {
        let said = comment.rules.len();
        comment.rules.retain(|rule| !others.contains(rule));
        said == 0 || !comment.rules.is_empty()
    });
    let Judged { source, facts, reading, results, .. } = &judged;
    let context = context(&date, &config, source, facts, reading);
    let mut findings = findings::assemble(results, &context);
    findings.areas.clone_from(&rules.areas);
    // What is known is not fixed: the score is about the whole product, the gate about what is new.
    let score = score::score(&findings, facts);
    let mut comparisons = Vec::new();
    if let Some(baseline) = &baseline {
        comparisons.push(baseline.settle(&mut findings, &source.tree));
    }
    let (comparison, failures) = judged.compare(&mut findings, &context);
    comparisons.extend(comparison);
    let (gate, gate_notes) = gate::judge(&findings, facts, &config, args.fail_on, args.stage);
    let mut report = Report::new(Parts {
        subject: Subject::new(facts, &folder_name(&args.path), &date),
        ruleset: Ruleset {
            rules: u32::try_from(rules.rules.len()).unwrap_or(u32::MAX),
            digest: rules.digest.clone(),
            packs: rules.packs.clone(),
            areas: rules.areas.clone(),
        },
        facts,
        reading,
        left_out: source.tree.skipped(),
        findings,
        score,
        gate,
        comparisons,
        notes: source.notes.iter().cloned().chain(gate_notes).collect(),
        failures,
    });
    report.background = background(&rules, source);
    if args.with_facts {
        report.facts = serde_json::to_value(facts).ok();
    }
    timer.lap("judge");
    drop(progress);

    write(args, &report)?;
    timer.lap("report");
    timer.print();
    Ok(exit_of(&report))
}

/// What the findings of today depend on beside the rules.
pub fn context<'a>(
    date: &'a str,
    config: &'a Config,
    source: &'a source::Source,
    facts: &Facts,
    reading: &'a Reading,
) -> Context<'a> {
    Context {
        date,
        attestations: &config.attestations,
        ignores: &config.ignores,
        comments: if config.without_comments { &[] } else { &reading.suppressions },
        tree: Some(&source.tree),
        many_apps: facts.apps.len() > 1,
        failures: &reading.failures,
    }
}

/// Reads `vibecheck.toml`, or what `--config` names.
pub fn load_config(choice: Option<&str>, path: &Path) -> Result<Config, Stop> {
    let choice = match choice {
        None => ConfigChoice::Default(path.to_path_buf()),
        Some("none") => ConfigChoice::None,
        Some(file) => ConfigChoice::File(file.into()),
    };
    Config::load(&choice).map_err(|error| Stop::usage(render(&error)))
}

/// Opens PATH; an empty one is nothing to audit.
pub fn open(path: &Path, history: HistoryChoice, config: &Config) -> Result<source::Source, Stop> {
    let options =
        source::Options { exclude: config.exclude.clone(), history: history == HistoryChoice::Full };
    let source = source::open(path, &options).map_err(|error| Stop::usage(format!("error: {error}")))?;
    if source.tree.files().is_empty() {
        return Err(nothing(path));
    }
    Ok(source)
}

/// Nothing to audit.
pub fn nothing(path: &Path) -> Stop {
    let path = path.display();
    Stop {
        message: format!(
            "error: there is nothing to audit in {path}: it holds no files, or only ignored ones"
        ),
        exit: Exit::Nothing,
    }
}

/// A diagnostic as text: with colour where the standard error has it.
pub fn render(error: &dyn miette::Diagnostic) -> String {
    let colour = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    let theme =
        if colour { miette::GraphicalTheme::unicode() } else { miette::GraphicalTheme::unicode_nocolor() };
    let mut text = String::new();
    match miette::GraphicalReportHandler::new_themed(theme).with_width(100).render_report(&mut text, error) {
        Ok(()) => crate::secrets::masked(&text),
        Err(_) => crate::secrets::masked(&format!("error: {error}")),
    }
}

/// The name of PATH's folder, whatever the working directory.
fn folder_name(path: &Path) -> String {
    let folder = std::fs::canonicalize(path).ok();
    folder.as_deref().and_then(Path::file_name).map_or_else(String::new, |n| n.to_string_lossy().into_owned())
}

fn write(args: &AuditArgs, report: &Report) -> Result<(), Stop> {
    let look = if args.output.is_some() { output::file_style() } else { output::stdout_style() };
    let published = match args.format {
        ReportFormat::Terminal => whole(report::terminal::render(report, look)),
        ReportFormat::Json => whole(report::json::render(report)),
        ReportFormat::Markdown => whole(report::markdown::render(report)),
        ReportFormat::Sarif => report::sarif::render(report),
        ReportFormat::Github => report::github::render(report),
        ReportFormat::Gitlab => whole(report::gitlab::render(report)),
        ReportFormat::Junit => whole(report::junit::render(report)),
    };
    announce(&published);
    if args.format == ReportFormat::Github {
        step_summary(report)?;
    }
    let text = published.text;
    match &args.output {
        None => print(&text).map(|_| ()),
        Some(file) => output::write(file, &text)
            .map_err(|error| Stop::usage(format!("error: {} can't be written: {error}", file.display()))),
    }
}

/// What the formats of other programs need beside the report.
fn background(rules: &RuleSet, source: &source::Source) -> Background {
    Background {
        rules: rules.rules.iter().map(crate::rules::LoadedRule::in_general).collect(),
        prefix: source.git.as_ref().map_or_else(String::new, |git| git.prefix.clone()),
        anchor: Background::anchor(source.tree.files().iter().map(|file| file.path.as_str())),
    }
}

/// A text that has no limits.
fn whole(text: String) -> Published {
    Published { text, cuts: Vec::new() }
}

/// Says what had to be left out.
fn announce(published: &Published) {
    published.cuts.iter().for_each(|cut| output::say(&format!("note: {cut}")));
}

/// Appends the report to the file that GitHub names for the summary of a step. Elsewhere there is none.
fn step_summary(report: &Report) -> Result<(), Stop> {
    let Some(file) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty()) else {
        return Ok(());
    };
    let file = Path::new(&file);
    let taken = std::fs::metadata(file).map_or(0, |data| usize::try_from(data.len()).unwrap_or(usize::MAX));
    let page = report::github::step_summary(report, taken);
    announce(&page);
    output::append(file, &page.text).map_err(|error| {
        Stop::usage(format!("error: the summary of the step can't be written (GITHUB_STEP_SUMMARY): {error}"))
    })
}

fn exit_of(report: &Report) -> Exit {
    if !report.summary.gate.passed {
        Exit::Failed
    } else if report.coverage.failures.is_empty() {
        Exit::Passed
    } else {
        Exit::Incomplete
    }
}

/// What `--profile` prints.
pub struct Timer {
    on: bool,
    last: Instant,
    laps: Vec<(&'static str, f64)>,
}

impl Timer {
    fn new(on: bool) -> Self {
        Self { on, last: Instant::now(), laps: Vec::new() }
    }

    /// Ends a step.
    pub fn lap(&mut self, step: &'static str) {
        self.laps.push((step, self.last.elapsed().as_secs_f64() * 1000.0));
        self.last = Instant::now();
    }

    fn print(&self) {
        if self.on {
            for (step, milliseconds) in &self.laps {
                output::say(&format!("{milliseconds:9.1} ms  {step}"));
            }
        }
    }
}
