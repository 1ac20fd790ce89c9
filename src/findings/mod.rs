//! Findings: one for each root cause, with all its places; an outcome for each rule; open questions; strengths.

mod assemble;
mod attest;
mod baseline;
mod change;
mod key;
mod known;
mod lines;
mod model;
mod outcome;
mod prompt;
mod question;
mod suppress;
mod suppression;
#[cfg(test)]
pub(crate) mod testing;

pub use assemble::{Context, assemble};
pub use attest::is_date;
pub use baseline::settle_baseline;
pub use change::{Now, subtract};
pub use known::{KnownPlace, places_of, settle};
pub use model::{
    Attestation, Content, Finding, Findings, Outcome, Place, Question, Result, Standing, Strength,
};
pub use suppression::{Ignore, Suppressed, Suppression, SuppressionKind, UnusedSuppression};
