//! Is a value a secret, public, or does it stand for another; and why.

use super::around::Around;
use super::candidate::Candidate;
use super::model::Audience;

/// What is to be thought of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    pub audience: Audience,
    /// Why it is public or a placeholder, as the end of "because …"; `""` for a secret.
    pub because: String,
    /// Known to everybody or easily guessed, and used where it counts.
    pub weak: bool,
}

/// What is to be thought of the value of `candidate`.
pub(super) fn classify(candidate: &Candidate, text: &[u8], around: &Around<'_>, path: &str) -> Verdict {
    let _ = (text, around, path);
    Verdict {
        audience: candidate.audience.unwrap_or_default(),
        because: candidate.because.clone(),
        weak: candidate.weak,
    }
}
