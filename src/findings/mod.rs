//! Findings: one for each root cause, with all its places; an outcome for each rule; open questions; strengths.

mod assemble;
mod attest;
mod key;
mod model;
mod outcome;
mod prompt;
mod question;
#[cfg(test)]
pub(crate) mod testing;

pub use assemble::assemble;
pub use attest::is_date;
pub use model::{Attestation, Finding, Findings, Outcome, Place, Question, Result, Strength};
