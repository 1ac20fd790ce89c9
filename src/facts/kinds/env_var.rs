use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};

/// An environment variable, as far as text shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EnvVar {
    /// Its name.
    pub name: String,
    /// The app that reads or declares it.
    pub app: String,
    /// Whether product code reads it.
    pub read: bool,
    /// Whether an example file, a document or a deployment file names it.
    pub declared: bool,
    /// Whether the platform or runtime sets it by itself (`NODE_ENV`, `PORT`, `VERCEL_URL`, `CI` …).
    pub provided: bool,
    /// Whether its prefix ships its value to every visitor (`NEXT_PUBLIC_`, `VITE_`, `EXPO_PUBLIC_` …).
    pub public: bool,
    /// The first place that reads it, or else that declares it.
    pub file: String,
    /// The line there.
    pub line: u32,
    /// Every place that reads (`read`) or declares (`declared`) it, at most ten of each.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for EnvVar {
    fn subject(&self) -> String {
        match self.app.as_str() {
            "" | "." => self.name.clone(),
            app => format!("{} of {app}", self.name),
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
