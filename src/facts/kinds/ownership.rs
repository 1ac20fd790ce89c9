use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// Who changed the files below a folder (at most two levels deep, folders with product code only).
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Ownership {
    /// Relative to PATH.
    pub folder: String,
    /// File changes counted (one file in one commit is one).
    pub changes: u32,
    /// People who changed something.
    pub people: u32,
    /// The person with the most changes, `""` if only bots changed anything.
    pub top_person: Excerpt,
    /// That person's share of the people's changes, 0 to 1.
    pub top_share: f64,
    /// Share of the changes made by bots and builders, 0 to 1.
    pub bot_share: f64,
    /// Whether authentication, payment or data access lives there, told by names of files and imports.
    pub critical: bool,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Ownership {
    fn subject(&self) -> String {
        self.folder.clone()
    }
    fn place(&self) -> (&str, u32) {
        (&self.folder, 0)
    }
    fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }
}
