use schemars::JsonSchema;
use serde::Serialize;

use super::{Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// How an app with accounts tells what each of its users may do, one for each app whose routes ask who is calling.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccessModel {
    /// The app.
    pub app: String,
    /// `roles`: routes or policies of the database ask for roles or permissions; `unasked`: roles are declared or kept, and
    /// nothing asks for them; `signed-in`: there are none, whoever is signed in may do what any other may with what is theirs;
    /// `unknown`: somebody is turned away for a reason that could not be followed.
    #[schemars(extend("enum" = ["roles", "unasked", "signed-in", "unknown"]))]
    pub model: String,
    /// The roles that are declared or asked for, sorted.
    pub roles: Vec<Excerpt>,
    /// The permissions, sorted.
    pub permissions: Vec<Excerpt>,
    /// Tables of teams, organizations, workspaces, and of who is in them; sorted. Empty unless there are both.
    pub teams: Vec<Excerpt>,
    /// Routes that ask who is calling.
    pub signed_in_routes: u32,
    /// Of those, the ones that ask for a role or a permission.
    pub role_routes: u32,
    /// Places in the code that compare a role with a text.
    pub checks: u32,
    /// Files with such places.
    pub check_files: u32,
    /// Whether policies of the database ask for roles.
    pub policies: bool,
    /// Where roles are declared, teams are kept and roles are asked for.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for AccessModel {
    fn subject(&self) -> String {
        if self.app.is_empty() || self.app == "." {
            "roles of the app".to_owned()
        } else {
            format!("roles of {}", self.app)
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
