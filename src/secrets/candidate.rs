//! What may be a secret: found by its format, its name or its place, and not judged yet.

use std::borrow::Cow;
use std::ops::Range;

use super::formats::Format;
use super::model::Audience;

/// A value that may be a secret.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// The format it has. The more specific of two that overlap wins: a provider's before nobody's, one that the value
    /// alone tells before one that needs a word beside it.
    pub format: &'static Format,
    /// Where the value stands in the text: without quotes, name and scheme; of one that was decoded, what it was decoded
    /// from.
    pub at: Range<usize>,
    /// The value, where it is not simply the bytes at `at`: it was decoded from base64, or had escapes in it.
    pub decoded: Option<Vec<u8>>,
    /// What is known of it beside its format, in a few words; or `""`.
    pub detail: String,
    /// What a check has decided already: `classify` keeps it.
    pub audience: Option<Audience>,
    /// Why, as the end of "because …"; `""` without such a decision.
    pub because: String,
    /// Whether it is known to everybody or easily guessed, as far as its finder knows; `classify` may add to it.
    pub weak: bool,
    /// Where its name stands, if its finder knows better than what stands before it tells: a column of SQL.
    pub name: Option<Range<usize>>,
}

impl Candidate {
    /// A value that stands in the text as it is.
    pub fn new(format: &'static Format, at: Range<usize>) -> Candidate {
        Candidate {
            format,
            at,
            decoded: None,
            detail: String::new(),
            audience: None,
            because: String::new(),
            weak: false,
            name: None,
        }
    }

    /// The value.
    pub fn value<'a>(&'a self, text: &'a [u8]) -> Cow<'a, [u8]> {
        match &self.decoded {
            Some(decoded) => Cow::Borrowed(decoded),
            None => Cow::Borrowed(text.get(self.at.clone()).unwrap_or_default()),
        }
    }
}
