use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::{Audience, Excerpt, SecretKind};

/// One value that has the format of a secret, at one place: in the files of today, or in the history alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Secret {
    /// The id of its format.
    pub rule: String,
    /// What sort of thing it is.
    pub kind: SecretKind,
    /// Whose it is: `Stripe`; `""` for nobody's.
    pub provider: String,
    /// What a person calls it.
    pub name: String,
    /// The app it belongs to.
    pub app: String,
    /// Relative to PATH; `""` for the message of a commit or a tag, and for what nothing reaches any more.
    pub file: String,
    /// The line at which it begins; of the version of `commit` when it is not in the files of today.
    pub line: u32,
    /// The character of that line, from 1.
    pub column: u32,
    /// The name that it is assigned to; `""` without one.
    pub variable: String,
    /// What is known of it beside its format.
    pub detail: String,
    /// Whether it is what code falls back to when a setting is missing.
    pub fallback: bool,
    /// Whether it is known to everybody or easily guessed.
    pub weak: bool,
    /// Whether it stands in the files of today.
    pub in_files: bool,
    /// Whether it stands in a test or in documentation that its file holds beside code of the product.
    pub aside: bool,
    /// Whether git tracks that file, or has the value in its history.
    pub committed: bool,
    /// The first commit that has it in this file; `""` when none has, or when the history was not read.
    pub commit: String,
    /// The author of that commit, `""` likewise. Addresses are not kept.
    pub author: Excerpt,
    /// The day of that commit, by the author's clock; `""` likewise.
    pub date: String,
    /// Whether HEAD has it in this file.
    pub in_head: bool,
    /// Whether nothing but this clone's leftovers has it: no branch, tag or stash.
    pub unreachable: bool,
    /// What may be shown of it.
    pub redacted: Excerpt,
    /// The same for the same value: 16 hex digits. See `docs/secrets.md`.
    pub fingerprint: String,
    /// Who may know it.
    pub audience: Audience,
    /// Why it is public or a placeholder; `""` for a secret.
    pub because: String,
    /// Where it is.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Secret {
    fn subject(&self) -> String {
        format!("{}:{}:{}:{}", self.file, self.line, self.column, self.fingerprint)
    }
    fn app(&self) -> &str {
        &self.app
    }
    fn place(&self) -> (&str, u32) {
        (&self.file, self.line)
    }
    fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }
}
