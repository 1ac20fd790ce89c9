use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// A role or a permission of the product: what is declared as such, and what code asks the caller for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Role {
    /// As the code writes it: `admin`, `projects.write`, `isAdmin`.
    pub name: Excerpt,
    /// `role` or `permission`.
    #[schemars(extend("enum" = ["role", "permission"]))]
    pub kind: String,
    /// What declares it: an enum, a type, a list (`UserRole`); `""` where it is only asked for.
    pub set: Excerpt,
    /// Whether anything declares it.
    pub declared: bool,
    /// The app whose folder holds the file.
    pub app: String,
    /// Where it is declared, or first asked for; relative to PATH.
    pub file: String,
    /// The line.
    pub line: u32,
    /// How many places of the code ask for it, on the way of a request.
    pub checks: u32,
    /// How many routes ask for it: those that turn others away, or do more for who has it.
    pub routes: u32,
    /// Where it is declared and asked for.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Role {
    fn subject(&self) -> String {
        let Self { name, kind, set, .. } = self;
        if set.is_empty() { format!("{kind} {name}") } else { format!("{kind} {name} of {set}") }
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
