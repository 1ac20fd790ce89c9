//! The kinds by name: what `on = "…"` may say, and how to get at the facts of a kind.

use serde::Serialize;
use serde_json::Value;

use super::{Fact, Facts};

/// A kind of fact.
pub struct Kind {
    /// What a rule says in `on`, and the name of the fact in its expressions.
    pub name: &'static str,
    /// The list's name in the fact base and in expressions.
    pub list: &'static str,
    /// The facts of this kind.
    pub facts: fn(&Facts) -> Vec<&dyn AnyFact>,
}

/// A fact of any kind.
pub trait AnyFact: Fact + Sync {
    /// The fact as JSON, as `vibecheck facts` prints it.
    fn json(&self) -> Value;
}

impl<T: Fact + Serialize + Sync> AnyFact for T {
    fn json(&self) -> Value {
        serde_json::to_value(self).unwrap_or(Value::Null)
    }
}

fn all<T: AnyFact>(list: &[T]) -> Vec<&dyn AnyFact> {
    list.iter().map(|fact| fact as &dyn AnyFact).collect()
}

/// Every kind, in the order of [`Facts`].
pub static KINDS: &[Kind] = &[
    Kind { name: "project", list: "project", facts: |f| vec![&f.project] },
    Kind { name: "app", list: "apps", facts: |f| all(&f.apps) },
    Kind { name: "person", list: "people", facts: |f| all(&f.people) },
    Kind { name: "folder", list: "folders", facts: |f| all(&f.folders) },
    Kind { name: "manifest", list: "manifests", facts: |f| all(&f.manifests) },
    Kind { name: "lockfile", list: "lockfiles", facts: |f| all(&f.lockfiles) },
    Kind { name: "dependency", list: "dependencies", facts: |f| all(&f.dependencies) },
    Kind { name: "test", list: "tests", facts: |f| all(&f.tests) },
    Kind { name: "ci_workflow", list: "ci_workflows", facts: |f| all(&f.ci_workflows) },
    Kind { name: "deploy_unit", list: "deploy_units", facts: |f| all(&f.deploy_units) },
    Kind { name: "cloud_resource", list: "cloud_resources", facts: |f| all(&f.cloud_resources) },
    Kind { name: "database", list: "databases", facts: |f| all(&f.databases) },
    Kind { name: "backup", list: "backups", facts: |f| all(&f.backups) },
    Kind { name: "env_var", list: "env_vars", facts: |f| all(&f.env_vars) },
    Kind { name: "setting", list: "settings", facts: |f| all(&f.settings) },
    Kind { name: "runtime", list: "runtimes", facts: |f| all(&f.runtimes) },
    Kind { name: "route", list: "routes", facts: |f| all(&f.routes) },
    Kind { name: "weak_guard", list: "weak_guards", facts: |f| all(&f.weak_guards) },
    Kind { name: "route_gap", list: "route_gaps", facts: |f| all(&f.route_gaps) },
    Kind { name: "role", list: "roles", facts: |f| all(&f.roles) },
    Kind { name: "permission", list: "permissions", facts: |f| all(&f.permissions) },
    Kind { name: "access_model", list: "access_models", facts: |f| all(&f.access_models) },
    Kind { name: "access_rule", list: "access_rules", facts: |f| all(&f.access_rules) },
    Kind { name: "firebase_service", list: "firebase_services", facts: |f| all(&f.firebase_services) },
    Kind { name: "ai_tool", list: "ai_tools", facts: |f| all(&f.ai_tools) },
    Kind { name: "browser_secret", list: "browser_secrets", facts: |f| all(&f.browser_secrets) },
    Kind { name: "migration", list: "migrations", facts: |f| all(&f.migrations) },
    Kind { name: "table", list: "tables", facts: |f| all(&f.tables) },
    Kind { name: "policy", list: "policies", facts: |f| all(&f.policies) },
    Kind { name: "function", list: "functions", facts: |f| all(&f.functions) },
    Kind { name: "view", list: "views", facts: |f| all(&f.views) },
    Kind { name: "bucket", list: "buckets", facts: |f| all(&f.buckets) },
    Kind { name: "notable_file", list: "notable_files", facts: |f| all(&f.notable_files) },
    Kind { name: "secret", list: "secrets", facts: |f| all(&f.secrets) },
    Kind { name: "credential", list: "credentials", facts: |f| all(&f.credentials) },
    Kind { name: "match", list: "matches", facts: |f| all(&f.matches) },
];

/// The kind that `on` names.
pub fn kind_named(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// The JSON schema of the fact base: what `docs/facts.schema.json` holds, and the type table of the expression
/// checker.
pub fn schema() -> Value {
    schemars::schema_for!(Facts).to_value()
}
