use schemars::JsonSchema;
use serde::Serialize;

use super::access_rule::RULE_SERVICES;
use super::{Answer, Evidence, Fact, Unknown};

/// A service of Firebase that browsers and devices reach by themselves, so that its rules are what guards it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FirebaseService {
    /// Which.
    #[schemars(extend("enum" = RULE_SERVICES))]
    pub service: String,
    /// The same as people write it: `Firestore`.
    pub title: String,
    /// Whether code uses it from a browser or a device.
    pub used_by_clients: bool,
    /// Whether its rules are in the repository. `partial`: only in documents, from which nobody deploys; `no`: `firebase.json`
    /// names a file that is not there; `unknown`: nothing speaks of them.
    pub rules_in_repository: Answer,
    /// Files with its rules, sorted.
    pub files: Vec<String>,
    /// Documents that quote rules, sorted.
    pub documents: Vec<String>,
    /// The file that shows its use.
    pub file: String,
    /// The line there.
    pub line: u32,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for FirebaseService {
    fn subject(&self) -> String {
        self.service.clone()
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
