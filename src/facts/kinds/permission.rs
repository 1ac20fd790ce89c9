use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// What can be done to something.
pub const ACTIONS: &[&str] = &["view", "create", "update", "approve", "delete", "export", "trigger"];

/// Whether somebody may do something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum May {
    /// A route lets them: they get past every check on its way.
    Allowed,
    /// No route lets them.
    Denied,
    /// It can't be told.
    #[default]
    Unknown,
}

/// Whether who has a role may do something.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct RoleMay {
    /// As the code writes it.
    pub role: Excerpt,
    /// What declares it; `""` where it is only asked for.
    pub set: Excerpt,
    /// Whether they may.
    pub may: May,
}

/// A row of the permission map: one action on one thing, and who may do it, over all routes that do it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Permission {
    /// The app.
    pub app: String,
    /// What is done, as the effects of the routes show: `approve` sets a state that somebody decides, `export` answers with a
    /// file, `trigger` sets something in motion.
    #[schemars(extend("enum" = ACTIONS))]
    pub action: String,
    /// To what, in the words of the code: a table; else what is set in motion (`e-mail`, `AI model`).
    pub resource: Excerpt,
    /// Whether anyone may, without signing in. A key that every browser has is no sign-in.
    pub anyone: May,
    /// Whether any signed-in user may, whatever their role.
    pub signed_in: May,
    /// Whether what signed-in users may do is bound to what belongs to them, on every way.
    pub own: bool,
    /// Whether a machine may, that has a shared secret or signs its requests: a job, another service.
    pub machine: May,
    /// Whether an AI tool does it.
    pub agent: May,
    /// Whether each role may, by set and name.
    pub roles: Vec<RoleMay>,
    /// The routes and AI tools that do it, `POST /api/users`, in the order of their files.
    pub routes: Vec<Excerpt>,
    /// Where it is done.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for Permission {
    fn subject(&self) -> String {
        let Self { app, action, resource, .. } = self;
        if app.is_empty() || app == "." {
            format!("{action} {resource}")
        } else {
            format!("{action} {resource} in {app}")
        }
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
