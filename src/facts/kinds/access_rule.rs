use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// Who may do something by a rule, widest last.
pub const RULE_CALLERS: &[&str] = &[
    "na",
    "nobody",
    "person",
    "role",
    "owner",
    "member",
    "flagged",
    "unknown",
    "signed-in",
    "timed",
    "anyone",
];

/// Services that rules of Firebase guard.
pub const RULE_SERVICES: &[&str] = &["firestore", "storage", "realtime-database"];

/// One statement of the security rules of Firebase: who may do what with which documents, files or nodes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccessRule {
    /// The app it belongs to.
    pub app: String,
    /// What it guards.
    #[schemars(extend("enum" = RULE_SERVICES))]
    pub service: String,
    /// The same as people write it: `Firestore`.
    pub title: String,
    /// Relative to PATH.
    pub file: String,
    /// The line.
    pub line: u32,
    /// What it is about: `/users/{userId}`.
    pub path: Excerpt,
    /// The last fixed name of the path: the collection or folder, `""` for none.
    pub collection: Excerpt,
    /// Whether it is about everything that the service keeps.
    pub everything: bool,
    /// What it allows: `get`, `list`, `create`, `update`, `delete`.
    pub operations: Vec<String>,
    /// On which condition, as written; `""` for none.
    pub condition: Excerpt,
    /// Whether the file is the one that is deployed, as `firebase.json` says; `unknown` where none names one.
    pub in_force: Answer,
    /// Who may read by it: `flagged`: anyone, of what is marked for that; `timed`: anyone, until `open_until`; `na`: it does
    /// not speak of reading.
    #[schemars(extend("enum" = RULE_CALLERS))]
    pub read_by: String,
    /// Who may add something by it.
    #[schemars(extend("enum" = RULE_CALLERS))]
    pub create_by: String,
    /// Who may change or delete by it what is there.
    #[schemars(extend("enum" = RULE_CALLERS))]
    pub change_by: String,
    /// The operations that anyone may do by it, without an account.
    pub anyone: Vec<String>,
    /// The operations that it takes no more than an account for.
    pub any_account: Vec<String>,
    /// The first day on which it no longer lets everybody in (`request.time < timestamp.date(…)`); `""` for none.
    pub open_until: String,
    /// Paths of statements that ask for more and that it defeats, since one statement that allows something is enough.
    pub defeats: Vec<Excerpt>,
    /// The field that says whose a row is, where rows can be made in somebody else's name; else `""`.
    pub forged_by: Excerpt,
    /// Paths of statements of its file where rows can be made in somebody else's name, where it is the first of them: the
    /// file has one habit, and one statement says it.
    pub forged: Vec<Excerpt>,
    /// The field by which a row of somebody else can be taken over: who writes their own id into it gets past; else `""`.
    pub taken_over_by: Excerpt,
    /// The field by which an owner may hand a row to somebody else; else `""`.
    pub given_away_by: Excerpt,
    /// Paths of statements of its file by which an owner may do that, where it is the first of them.
    pub given_away: Vec<Excerpt>,
    /// Fields that people may write into their own row although other statements believe them: `role`.
    pub promotes_by: Vec<Excerpt>,
    /// Paths of the statements that believe those fields.
    pub promoted_to: Vec<Excerpt>,
    /// Fields that people may write into their own row, of which the code of the product reads rights or credit: `isAdmin`,
    /// `credits`.
    pub code_believes: Vec<Excerpt>,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
    /// Of statements with the same words about the same path in one file, the how-manieth; 0 for the first.
    #[serde(skip)]
    pub twin: u32,
    /// Whether people may write every field of their own row, which is found by their id in its path.
    #[serde(skip)]
    pub own_row_unlimited: bool,
}

impl Fact for AccessRule {
    fn subject(&self) -> String {
        let operations = self.operations.join(", ");
        let Self { path, file, twin, .. } = self;
        match twin {
            0 => format!("{operations} of {path} in {file}"),
            _ => format!("{operations} of {path} in {file} ({})", twin + 1),
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
