use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// Who is behind an author.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PersonKind {
    /// A person.
    #[default]
    Person,
    /// A bot, an AI builder or a CI job.
    Bot,
    /// A git identity that was never set up (`Your Name <you@example.com>`, `root@localhost`).
    Unnamed,
}

/// One author: addresses with the same name or account are one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Person {
    /// The name of the newest commit. Addresses are not kept: they are personal data.
    pub name: Excerpt,
    /// Who is behind it.
    pub kind: PersonKind,
    /// Which bot: `lovable`, `dependabot` …; `""` for people.
    pub bot: String,
    /// Number of e-mail addresses.
    pub addresses: u32,
    /// Commits authored.
    pub commits: u32,
    /// Commits in which a trailer names them as co-author.
    pub co_authored: u32,
    /// Of all commits, 0 to 1.
    pub share: f64,
    /// Day of the first commit.
    pub first: String,
    /// Day of the last commit.
    pub last: String,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Person {
    fn subject(&self) -> String {
        self.name.to_string()
    }
    fn place(&self) -> (&str, u32) {
        ("", 0)
    }
    fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }
}
