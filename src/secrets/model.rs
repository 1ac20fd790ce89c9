//! What this layer says of a secret: everything but its value.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Excerpt;
use super::formats::Format;
use super::numbers::Weak;

/// Who may know a value.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Whoever has it can do what only its owner should.
    #[default]
    Secret,
    /// Made to be seen by everybody: a publishable key, the address of an error tracker.
    Public,
    /// Stands for a value, or opens nothing: an example, a default of a development machine, what a test made up.
    Placeholder,
}

/// What sort of thing a value is.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SecretKind {
    /// The key of a provider's API.
    #[default]
    ApiKey,
    /// A token that speaks for a person, an app or a session.
    Token,
    /// A password that somebody chose or generated.
    Password,
    /// The private half of a key pair, or a file that holds one.
    PrivateKey,
    /// An address with a password in it: of a database, a queue, a mail server.
    ConnectionString,
    /// An address that is a credential by itself.
    Webhook,
    /// What sessions, tokens or requests are signed or encrypted with.
    SigningSecret,
}

/// How much of a text is looked for, told from its path before anything of it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Every form.
    Whole,
    /// Only formats that can be nothing else: in what tools made of source code, names are gone and noise is high.
    Distinctive,
}

/// A text to look at.
#[derive(Debug, Clone, Copy)]
pub struct Searched<'a> {
    /// Relative to PATH; `""` where it is not known. Tells the syntax, and what the file is there for.
    pub path: &'a str,
    /// The bytes, as stored. Need not be UTF-8.
    pub bytes: &'a [u8],
    /// How much to look for.
    pub class: Class,
    /// The parts to look at, sorted and apart from each other; `None`: all. What is found begins in one of them, or
    /// reaches into one.
    pub windows: Option<&'a [Range<usize>]>,
}

/// One value at one place of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The format it has.
    pub format: &'static Format,
    /// Who may know it, after all checks.
    pub audience: Audience,
    /// Why it is public or a placeholder, as the end of "because …"; `""` for a secret.
    pub because: String,
    /// What is known of it beside its format, in a few words: "role service_role of project …", "expired on …"; or `""`.
    pub detail: String,
    /// The bytes of the value. Never for output.
    pub at: Range<usize>,
    /// The line at which the value begins, from 1.
    pub line: u32,
    /// The character of that line, from 1.
    pub column: u32,
    /// The name that it is assigned to, as written; `""` without one.
    pub variable: String,
    /// Whether it is what code falls back to when a setting is missing (`process.env.X || "…"`).
    pub fallback: bool,
    /// Whether it is known to everybody or easily guessed: a framework's default, a common password.
    pub weak: bool,
    /// Whether it stands in a test or in documentation that its file holds beside code of the product.
    pub aside: bool,
    /// What may be shown of it.
    pub redacted: Excerpt,
    /// 16 hex digits. Of the value alone if it has 60 bits of entropy or more; else of format, variable and path, and of a
    /// number where they have several values ([`super::Numbers`]), so that nobody can try likely passwords against a report.
    pub fingerprint: String,
    /// What tells a value of fewer bits from the others of its place; `None` for one that its digest tells.
    pub weak_value: Option<Weak>,
}
