//! `vibecheck rules` and `vibecheck explain`.

use super::args::{BodyChoice, ExplainArgs, FactsFormat, RulesCommand};
use super::{Exit, Stop, audit, print};
use crate::rules::{self, NewRule, PackErrors, RuleSet};

/// Lists, checks or tests rules.
pub fn run(command: &RulesCommand) -> Result<Exit, Stop> {
    match command {
        RulesCommand::List { format, rules: dirs } => {
            let set = RuleSet::load(dirs).map_err(wrong)?;
            match format {
                FactsFormat::Json => print(&format!("{:#}\n", rules::list_json(&set))),
                FactsFormat::Table => print(&rules::list_table(&set)),
            }
        }
        RulesCommand::Check { dir } => print(&format!("{}\n", rules::check_folder(dir).map_err(wrong)?)),
        RulesCommand::New { id, dir, body } => {
            let kind = match body {
                BodyChoice::When => NewRule::When,
                BodyChoice::Pattern => NewRule::Pattern,
                BodyChoice::Query => NewRule::Query,
            };
            match rules::new_rule(dir, id, kind) {
                Ok(text) => print(&text),
                Err(message) => Err(Stop::usage(format!("error: {message}"))),
            }
        }
        RulesCommand::Test { dir } => {
            let report = rules::test_folder(dir).map_err(wrong)?;
            print(&report.text)?;
            Ok(if report.passed { Exit::Passed } else { Exit::Failed })
        }
    }
}

/// Explains one rule.
pub fn explain(args: &ExplainArgs) -> Result<Exit, Stop> {
    let set = RuleSet::load(&args.rules).map_err(wrong)?;
    match rules::explain(&set, &args.rule) {
        Ok(text) => print(&text),
        Err(message) => Err(Stop::usage(format!("error: {message}"))),
    }
}

/// Every mistake of the packs, at its characters.
pub(super) fn wrong(errors: PackErrors) -> Stop {
    Stop::usage(audit::render(&errors))
}
