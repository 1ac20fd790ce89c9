//! What a person accepts with a reason, as plain data that serialises.

use schemars::JsonSchema;
use serde::Serialize;

use super::Finding;
use crate::secrets::Excerpt;

/// An `[[ignore]]` of `vibecheck.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignore {
    /// The rule's id.
    pub rule: String,
    /// A pattern over the files of places, as in a `.gitignore` at PATH.
    pub path: Option<String>,
    /// Exactly what the finding is about.
    pub subject: Option<String>,
    /// Keys of places; none for any.
    pub keys: Vec<String>,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it holds, `YYYY-MM-DD`; `""` for ever.
    pub until: String,
    /// The name of the file that says so.
    pub file: String,
    /// The line of the entry.
    pub line: u32,
}

/// Where a suppression is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SuppressionKind {
    /// An `[[ignore]]` of the configuration.
    Config,
    /// A comment in the code.
    Comment,
}

/// What accepts a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Suppression {
    /// Where it is written.
    pub kind: SuppressionKind,
    /// Why it is accepted.
    pub reason: Excerpt,
    /// The last day on which it holds, `YYYY-MM-DD`; `""` for ever.
    pub until: String,
    /// The file that says so: the configuration's name, or the file of the comment relative to PATH.
    pub file: String,
    /// The line of the entry or of the comment.
    pub line: u32,
}

/// A finding all of whose places are accepted.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Suppressed {
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
    /// What accepts its places, once each, in the order of the places.
    pub suppressions: Vec<Suppression>,
}

/// A suppression that does not apply.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct UnusedSuppression {
    /// The file that says so: the configuration's name, or the file of the comment relative to PATH.
    pub file: String,
    /// The line of the entry or of the comment.
    pub line: u32,
    /// Where it is written.
    pub kind: SuppressionKind,
    /// The rule that it names, `""` if none can be made out.
    pub rule: Excerpt,
    /// Why it does not apply, as the end of "is not applied: …".
    pub because: String,
}
