use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;
use crate::source::Role;

/// What the `pattern` or the `query` of a rule found at one place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Match {
    /// The id of the rule that looks for it.
    pub rule: String,
    /// The app it belongs to.
    pub app: String,
    /// Relative to PATH.
    pub file: String,
    /// The line at which it begins.
    pub line: u32,
    /// The character at which it begins, from 1.
    pub column: u32,
    /// The line at which it ends.
    pub end_line: u32,
    /// What the rule's `capture` names, in one line; the whole match where it names nothing.
    pub text: Excerpt,
    /// What each named group of the pattern, or each capture of the query, holds; `""` where it has no part in this
    /// match. Only the rule itself can read them, as `match.captures.name`.
    pub captures: BTreeMap<String, Excerpt>,
    /// The syntax of the file, or of the part of it that holds the match.
    pub language: Syntax,
    /// What the file is there for.
    pub role: FileRole,
    /// Where it is.
    pub evidence: Vec<Evidence>,
    /// Always empty: a match is seen.
    pub unknowns: Vec<Unknown>,
}

/// A syntax that queries can ask about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Syntax {
    /// `.ts`, `.mts`, `.cts`, and scripts with `lang="ts"` in `.vue`, `.svelte` and `.astro`.
    Typescript,
    /// `.tsx`, and scripts with `lang="tsx"`.
    Tsx,
    /// `.js`, `.jsx`, `.mjs`, `.cjs`, and other scripts in `.vue`, `.svelte` and `.astro`.
    Javascript,
    /// `.py`.
    Python,
    /// Any other text.
    #[default]
    Other,
}

/// What a file is there for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileRole {
    /// Part of what ships, or its configuration.
    #[default]
    Product,
    /// A test, or only there for tests.
    Test,
    /// Data that tests or examples read.
    Fixture,
    /// An example or a demo beside the product.
    Example,
    /// Documentation.
    Docs,
}

impl FileRole {
    /// The role, if text of such files is searched at all.
    pub fn of(role: Role) -> Option<FileRole> {
        match role {
            Role::Product => Some(FileRole::Product),
            Role::Test => Some(FileRole::Test),
            Role::Fixture => Some(FileRole::Fixture),
            Role::Example => Some(FileRole::Example),
            Role::Docs => Some(FileRole::Docs),
            Role::Vendored | Role::Generated => None,
        }
    }
}

impl Fact for Match {
    /// The file: what one rule finds in one file is one finding, with a place for each match.
    fn subject(&self) -> String {
        self.file.clone()
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
