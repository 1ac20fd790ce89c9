use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, HOLES, Unknown};
use crate::secrets::Excerpt;

/// A guard that is there and lets requests pass, one for each place, however many routes it stands before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WeakGuard {
    /// In which way.
    #[schemars(extend("enum" = HOLES))]
    pub pattern: String,
    /// The app it belongs to.
    pub app: String,
    /// Relative to PATH.
    pub file: String,
    /// The line.
    pub line: u32,
    /// In words.
    pub says: Excerpt,
    /// The routes behind it, `POST /api/users`, in the order of their files.
    pub routes: Vec<Excerpt>,
    /// How many of them nothing else guards: anyone can call them, or only a platform looks at a token, or some methods are
    /// open.
    pub open_routes: u32,
    /// What the routes behind it do, sorted, once each: the kinds of their effects.
    pub effects: Vec<String>,
    /// Where it is.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
    /// Of those with the same pattern in one file, the how-manieth; 0 for the first.
    #[serde(skip)]
    pub twin: u32,
}

impl Fact for WeakGuard {
    fn subject(&self) -> String {
        let Self { pattern, file, twin, .. } = self;
        match twin {
            0 => format!("{pattern} in {file}"),
            _ => format!("{pattern} in {file} ({})", twin + 1),
        }
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
