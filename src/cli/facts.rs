//! `vibecheck facts`: prints the fact base.

use super::args::{FactsArgs, FactsFormat};
use super::progress::Progress;
use super::{Exit, Stop, audit, output, print};
use crate::facts::{self, KINDS, Kind};
use crate::report;
use crate::rules::RuleSet;

/// Collects the facts and prints them.
pub fn run(args: &FactsArgs) -> Result<Exit, Stop> {
    let kind = args.kind.as_deref().map(named).transpose()?.map(|kind| kind.name);
    let config = audit::load_config(args.config.as_deref(), &args.path)?;
    // What the rules look for in the text of files are facts as well.
    let rules = RuleSet::load(&args.rules).map_err(super::rules::wrong)?;
    let progress = Progress::start();
    progress.step("reading the repository");
    let source = audit::open(&args.path, args.history, &config)?;
    let (facts, reading) = facts::collect(&source, &rules.search());
    drop(progress);
    match args.format {
        FactsFormat::Json => print(&report::json::facts(&facts, kind))?,
        FactsFormat::Table => {
            let width = u16::try_from(output::stdout_style().width).unwrap_or(u16::MAX);
            print(&report::facts_table::render(&facts, kind, width))?
        }
    };
    for failure in &reading.failures {
        output::say(&format!("error: {}", report::escape::terminal(failure)));
    }
    Ok(if reading.failures.is_empty() { Exit::Passed } else { Exit::Incomplete })
}

fn named(name: &str) -> Result<&'static Kind, Stop> {
    if let Some(kind) = KINDS.iter().find(|kind| kind.name == name || kind.list == name) {
        return Ok(kind);
    }
    let near = KINDS
        .iter()
        .max_by(|a, b| strsim::jaro_winkler(a.name, name).total_cmp(&strsim::jaro_winkler(b.name, name)));
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    Err(Stop::usage(format!(
        "error: there is no kind of fact named `{name}`; did you mean `{}`?\nThe kinds are: {}",
        near.map_or("app", |kind| kind.name),
        names.join(", ")
    )))
}
