//! The command line: parses arguments, runs the flow, writes the result.

pub mod config;

use std::process::ExitCode;

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
