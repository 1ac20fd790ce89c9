//! The command line: parses arguments, runs the flow, writes the result, answers with an exit status.

pub mod args;
mod audit;
mod baseline;
mod change;
mod date;
mod facts;
mod gate;
mod init;
mod output;
mod progress;
mod rules;

pub mod config;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::{caught, report};
use args::{Cli, Command, SchemaOf};

/// The exit statuses. If several hold, the first of `Usage`, `Nothing`, `Failed`, `Incomplete` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The gate passed, or there was none.
    Passed = 0,
    /// The gate failed.
    Failed = 1,
    /// Wrong usage, configuration or pack.
    Usage = 2,
    /// Nothing to audit.
    Nothing = 3,
    /// An analyser failed: the audit is incomplete.
    Incomplete = 4,
}

/// Bytes of stack for each thread. Only what is used of it takes memory.
const STACK: usize = 16 << 20;

/// Why a command ended early: what to say on the standard error, and the status.
#[derive(Debug)]
pub struct Stop {
    /// For people: what happened, where, what to do.
    pub message: String,
    /// The status.
    pub exit: Exit,
}

impl Stop {
    fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), exit: Exit::Usage }
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    caught::keep_panics_quiet();
    // Parsers recurse: with room for what people nest, hardly a file needs a stack of its own. Where the threads are there
    // already they do with less.
    let _ = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are results; everything else is wrong usage. A closed pipe is no error.
            let exit = match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Passed,
                _ => Exit::Usage,
            };
            let _ = error.print();
            return ExitCode::from(exit as u8);
        }
    };
    let exit = match caught::caught(|| run(cli.command)) {
        Ok(Ok(exit)) => exit,
        Err(at) => {
            output::say(&format!(
                "error: vibecheck itself failed{at}. That is a bug in vibecheck, and no result was given. Please report \
                 it with `vibecheck --version`."
            ));
            Exit::Incomplete
        }
        Ok(Err(stop)) => {
            // The last door: an error may quote the repository, whatever made it.
            output::say(&crate::secrets::masked(stop.message.trim_end()));
            stop.exit
        }
    };
    ExitCode::from(exit as u8)
}

/// The command line's own description, for documentation.
pub fn command() -> clap::Command {
    Cli::command()
}

fn run(command: Command) -> Result<Exit, Stop> {
    match command {
        Command::Audit(args) => audit::run(&args),
        Command::Baseline(args) => baseline::run(&args),
        Command::Facts(args) => facts::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Rules(command) => rules::run(&command),
        Command::Explain(args) => rules::explain(&args),
        Command::Schema { of } => {
            let schema = match of {
                SchemaOf::Report => report::json::schema(),
                SchemaOf::Facts => report::json::facts_schema(),
            };
            print(&report::json::schema_text(&schema))
        }
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "vibecheck", &mut text);
            print(&String::from_utf8_lossy(&text))
        }
        Command::Man => {
            let mut text = Vec::new();
            clap_mangen::Man::new(Cli::command())
                .render(&mut text)
                .map_err(|error| Stop { message: format!("error: {error}"), exit: Exit::Incomplete })?;
            print(&String::from_utf8_lossy(&text))
        }
    }
}

/// Prints a result and passes.
fn print(text: &str) -> Result<Exit, Stop> {
    output::print(text).map(|()| Exit::Passed).map_err(|error| Stop {
        message: format!("error: the standard output can't be written: {error}"),
        exit: Exit::Incomplete,
    })
}
