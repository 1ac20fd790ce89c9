//! `vibecheck init`: shows what it would write, asks, writes. An existing file is never touched.

mod files;
mod plan;
mod write;

use std::io::{self, IsTerminal as _, Write as _};

use super::args::InitArgs;
use super::{Exit, Stop, output};
use crate::report::escape;
use crate::score::count;
use plan::Plan;

/// Columns of sentences; what is written is shown as it is.
const PROSE_WIDTH: usize = 100;

/// Sets vibecheck up.
pub fn run(args: &InitArgs) -> Result<Exit, Stop> {
    let plan = plan::plan(args)?;
    output::print(&shown(&plan)).map_err(|error| Stop {
        message: format!("error: the standard output can't be written: {error}"),
        exit: Exit::Incomplete,
    })?;
    if plan.files.is_empty() || args.dry_run {
        return Ok(Exit::Passed);
    }
    if !args.yes {
        if !io::stdin().is_terminal() {
            return Err(Stop::usage(
                "error: nothing was written: there is no terminal to ask on. Add --yes to write, or --dry-run to only look",
            ));
        }
        if !agreed(plan.files.len()) {
            output::say("Nothing was written.");
            return Ok(Exit::Passed);
        }
    }
    let mut written: Vec<&str> = Vec::new();
    for file in &plan.files {
        if let Err(why) = write::new_file(&file.root, &file.path, &file.text, file.executable) {
            let before = match written.len() {
                0 => "Nothing was written.".to_owned(),
                _ => format!("Written before that: {}.", escape::terminal(&written.join(", "))),
            };
            let name = escape::terminal(&file.shown);
            return Err(Stop::usage(format!("error: {name} was not written: {why}. {before}")));
        }
        written.push(&file.shown);
    }
    let names = escape::terminal(&written.join(", "));
    output::say(&format!("Wrote {names}. Look at the changes before you commit them."));
    Ok(Exit::Passed)
}

/// Asks on the terminal; anything but a yes is a no.
fn agreed(files: usize) -> bool {
    let mut stderr = io::stderr().lock();
    let what = if files == 1 { "this file".to_owned() } else { format!("these {files} files") };
    let _ = write!(stderr, "Write {what}? [y/N] ").and_then(|()| stderr.flush());
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer).is_ok();
    read && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

/// Everything that would be written, what stays as it is, and what is left to do by hand.
fn shown(plan: &Plan) -> String {
    let mut text = String::new();
    match plan.files.len() {
        0 => text.push_str("Nothing is left to write.\n"),
        n => text.push_str(&format!("vibecheck init writes {}:\n", count(n, "file", "files"))),
    }
    for file in &plan.files {
        let executable = if file.executable { " (executable)" } else { "" };
        text.push_str(&format!("\n=== {}{executable}\n\n", escape::terminal(&file.shown)));
        for line in file.text.lines() {
            text.push_str(format!("    {}", escape::terminal(line)).trim_end());
            text.push('\n');
        }
    }
    for (title, notes) in [("As it is", &plan.kept), ("By hand", &plan.by_hand)] {
        if !notes.is_empty() {
            text.push_str(&format!("\n{title}:\n"));
        }
        for note in notes {
            let mut lines = note.lines();
            // What textwrap does by default depends on the features that other crates ask of it.
            let options = textwrap::Options::new(PROSE_WIDTH)
                .word_separator(textwrap::WordSeparator::UnicodeBreakProperties)
                .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
                .initial_indent("- ")
                .subsequent_indent("  ");
            text.push_str(&textwrap::fill(&escape::terminal(lines.next().unwrap_or_default()), options));
            text.push('\n');
            for line in lines {
                text.push_str(format!("  {}", escape::terminal(line)).trim_end());
                text.push('\n');
            }
        }
    }
    if !plan.files.is_empty() {
        text.push('\n');
    }
    text
}
