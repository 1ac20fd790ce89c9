use schemars::JsonSchema;
use serde::Serialize;

use super::permission::ACTIONS;
use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// Something that an AI tool does when a model calls it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ToolEffect {
    /// What is done.
    #[schemars(extend("enum" = ACTIONS))]
    pub action: String,
    /// To what.
    pub resource: Excerpt,
    /// Relative to PATH.
    pub file: String,
    /// The line.
    pub line: u32,
}

/// A function that a language model may call: whoever talks to the model, or writes what it reads, acts through it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AiTool {
    /// The app it belongs to.
    pub app: String,
    /// Its name, as the model sees it.
    pub name: Excerpt,
    /// The library that offers it: `ai`, `@modelcontextprotocol/sdk`.
    pub library: String,
    /// Relative to PATH.
    pub file: String,
    /// The line.
    pub line: u32,
    /// What it does, as far as its code could be followed.
    pub effects: Vec<ToolEffect>,
    /// Whether it changes anything, or sets something in motion.
    pub acts: bool,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for AiTool {
    fn subject(&self) -> String {
        format!("AI tool {} in {}:{}", self.name, self.file, self.line)
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
