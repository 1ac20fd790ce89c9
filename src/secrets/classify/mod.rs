//! Is a value a secret, public, or does it stand for another; and why.

pub(super) mod misshapen;
pub(super) mod place;
pub(super) mod provider;
pub(super) mod reference;
pub(super) mod strength;
pub(super) mod words;

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

impl Verdict {
    fn secret() -> Verdict {
        Verdict { audience: Audience::Secret, because: String::new(), weak: false }
    }

    fn placeholder(because: &str, weak: bool) -> Verdict {
        Verdict { audience: Audience::Placeholder, because: because.to_owned(), weak }
    }

    fn public(because: &str) -> Verdict {
        Verdict { audience: Audience::Public, because: because.to_owned(), weak: false }
    }
}

/// What is to be thought of the value of `candidate`.
pub(super) fn classify(candidate: &Candidate, text: &[u8], around: &Around<'_>, path: &str) -> Verdict {
    if let Some(audience) = candidate.audience {
        return Verdict { audience, because: candidate.because.clone(), weak: candidate.weak };
    }
    let value = candidate.value(text);
    if super::generic::is_generic(candidate.format) {
        return Verdict { audience: Audience::Secret, because: String::new(), weak: candidate.weak };
    }
    provider::verdict(candidate.format, &value, &candidate.at, text, around, path)
}
