//! `vibecheck baseline`: accepts what is found today, so that the gate asks only for what is new.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::args::BaselineArgs;
use super::progress::Progress;
use super::{Exit, Stop, audit, date, output, print};
use crate::findings::{Findings, KnownPlace, places_of};
use crate::report::{self, Comparison, ComparisonKind};
use crate::rules::RuleSet;
use crate::score::count;
use crate::source::Tree;
use crate::{facts, findings, rules};

/// Where it is written, below PATH, unless `--output` says otherwise.
pub const FILE_NAME: &str = ".vibecheck-baseline.json";

/// The largest file that is read: some 50,000 places.
const MOST_BYTES: u64 = 16 << 20;

/// Audits PATH and writes what was found into a baseline.
pub fn run(args: &BaselineArgs) -> Result<Exit, Stop> {
    let date = match &args.date {
        Some(given) => date::parse(given)?,
        None => date::today(),
    };
    let config = audit::load_config(args.config.as_deref(), &args.path)?;
    let rules = RuleSet::load(&args.rules).map_err(|errors| Stop::usage(audit::render(&errors)))?;
    let progress = Progress::start();
    progress.step("listing files and reading the git history");
    let source = audit::open(&args.path, args.history, &config)?;
    progress.step("reading files");
    let (facts, reading) = facts::collect(&source, &rules.search());
    progress.step("running rules");
    let results = rules::evaluate(&rules, &facts, &date);
    let findings = findings::assemble(&results, &audit::context(&date, &config, &source, &facts, &reading));
    drop(progress);
    write(args, &findings, findings.errors.len() + reading.failures.len())
}

/// Writes the baseline, and says what it accepts and how to use it. `failed` counts checks that failed to run.
fn write(args: &BaselineArgs, findings: &Findings, failed: usize) -> Result<Exit, Stop> {
    let places = places_of(&findings.findings);
    let file = args.output.clone().unwrap_or_else(|| match args.path.as_os_str() == "." {
        true => PathBuf::from(FILE_NAME),
        false => args.path.join(FILE_NAME),
    });
    output::write(&file, &report::baseline::render(&places))
        .map_err(|error| Stop::usage(format!("error: {} can't be written: {error}", file.display())))?;
    let accepted = count(findings.findings.len(), "finding", "findings");
    let at = count(places.len(), "place", "places");
    let (path, file) = (args.path.display(), file.display());
    let said = format!(
        "Accepted {accepted} at {at} in {file}; `vibecheck audit {path} --baseline {file}` now reports only what is new.\n"
    );
    print(&said)?;
    if failed == 0 {
        return Ok(Exit::Passed);
    }
    let failed = count(failed, "check or analyser", "checks or analysers");
    Err(Stop {
        message: format!("warning: {failed} failed to run; what they would have found is not accepted"),
        exit: Exit::Incomplete,
    })
}

/// A baseline as `--baseline` names it.
#[derive(Debug, Clone)]
pub struct Baseline {
    name: String,
    places: Vec<KnownPlace>,
}

impl Baseline {
    /// Reads the file.
    pub fn load(file: &Path) -> Result<Self, Stop> {
        let shown = report::escape::terminal(&file.display().to_string());
        let wrong = |why: &str, help: &str| {
            Stop::usage(format!("error: the baseline {shown}: {why}\n  help: {help}"))
        };
        let text = read(file).map_err(|why| {
            wrong(&why, "`vibecheck baseline` writes one; `--baseline` is the path of that file")
        })?;
        let places = report::baseline::parse(&text).map_err(|error| {
            let help = match error {
                report::baseline::BaselineError::Version(_) => {
                    "use the vibecheck that wrote it, or write it anew with `vibecheck baseline`"
                }
                _ => "write it anew with `vibecheck baseline`, or take it back from version control",
            };
            wrong(&error.to_string(), help)
        })?;
        let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Ok(Self { name, places })
    }

    /// Takes out what it accepts of some rules.
    pub fn disregard(&mut self, rules: &BTreeSet<String>) {
        self.places.retain(|place| !rules.contains(&place.rule));
    }

    /// Marks what it accepts, and says what came of it.
    pub fn settle(&self, findings: &mut Findings, tree: &Tree) -> Comparison {
        let gone = findings::settle_baseline(findings, &self.places, tree);
        Comparison::new(ComparisonKind::Baseline, &self.name, findings, &gone)
    }
}

/// The text of a file. What is no plain file is not opened: it might never end.
fn read(file: &Path) -> Result<String, String> {
    let about = std::fs::metadata(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    })?;
    if !about.is_file() {
        return Err("it is not a file".to_owned());
    }
    if about.len() > MOST_BYTES {
        return Err(format!("it is larger than {} MB", MOST_BYTES >> 20));
    }
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(|error| error.to_string())?;
    opened.take(MOST_BYTES).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

/// Loads what `--baseline` names, if anything.
pub fn given(file: Option<&PathBuf>) -> Result<Option<Baseline>, Stop> {
    file.map(|file| Baseline::load(file)).transpose()
}
