use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// What can be asked of the routes of an app, all of them together.
pub const GAPS: &[&str] = &[
    "caller",
    "owner",
    "action-write",
    "action-read",
    "limit",
    "limit-sign-in",
    "limit-cost",
    "limit-message",
    "validation",
    "log",
    "failure",
    "reached",
];

/// One question about the routes of an app, and which of them have no good answer: what many lack for the same reason is one
/// root cause.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RouteGap {
    /// The app.
    pub app: String,
    /// `caller`: is it known who calls? Lacking are those of which it can't be told. `owner`: is what a signed-in caller names
    /// bound to them? `action-write`, `action-read`: does a server action that changes or costs something, or answers with data,
    /// know who calls? `limit…`: is somebody who calls too often stopped, of all routes that change, cost or sign in, or of
    /// those that sign people in, call paid services for whoever is let in, or send messages? `validation`: is
    /// input checked before it is written? `log`: does what changes something leave a trace? `failure`: does a failure keep what
    /// went wrong inside? `reached`: does anything call the code that declares it? Those that nothing reaches are left out of all
    /// other questions.
    #[schemars(extend("enum" = GAPS))]
    pub asks: String,
    /// Of whom it speaks: `the app`, or `apps/web` where there are several.
    pub whose: Excerpt,
    /// How many routes the question is about.
    pub asked: u32,
    /// Those without: `POST /api/users`, in the order of their files.
    pub lacking: Vec<Excerpt>,
    /// Whether at least one of them has it.
    pub some_have: bool,
    /// Of how many it can't be told.
    pub unclear: u32,
    /// Where those without are.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for RouteGap {
    fn subject(&self) -> String {
        let Self { app, asks, .. } = self;
        if app.is_empty() { format!("{asks} of routes") } else { format!("{asks} of routes in {app}") }
    }
    fn app(&self) -> &str {
        &self.app
    }
    fn place(&self) -> (&str, u32) {
        self.evidence.first().map_or(("", 0), |one| (one.file.as_str(), one.line))
    }
    fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }
}
