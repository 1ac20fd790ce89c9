//! Joins: what takes more than one kind to say. They run in this order, each seeing what came before.

mod app_names;
mod assign;
mod browser_secrets;
mod cloud_backups;
mod credentials;
mod databases;
mod env_vars;
mod floating;
mod kubernetes;
mod payments;
mod roles;
mod route_gaps;
mod runtimes;
mod services_of_apps;
mod test_suites;
mod tests_in_ci;
mod types_checked;
mod undeclared_env;
mod unpinned_actions;
mod unseen;
mod weak_guards;

use super::{Facts, Input};

/// One join.
pub struct Join {
    /// What it says.
    pub name: &'static str,
    /// Says it.
    pub run: fn(&Input<'_>, &mut Facts),
}

/// Every join, in order.
pub static JOINS: &[Join] = &[
    Join { name: "the app of every fact", run: assign::run },
    Join { name: "guards of routes that let requests pass", run: weak_guards::run },
    Join { name: "settings of a server in code that browsers load", run: browser_secrets::run },
    Join { name: "what routes of an app lack", run: route_gaps::run },
    Join { name: "roles, and who may do what", run: roles::run },
    Join { name: "names of apps that their manifests don't name", run: app_names::run },
    Join { name: "payments", run: payments::run },
    Join { name: "services that are named like an app", run: services_of_apps::run },
    Join { name: "test suites of each app", run: test_suites::run },
    Join { name: "environment variables of each app", run: env_vars::run },
    Join { name: "whether CI runs an app's tests", run: tests_in_ci::run },
    Join { name: "whether an app's build checks types", run: types_checked::run },
    Join { name: "what surrounds the workloads of Kubernetes", run: kubernetes::run },
    Join { name: "backups of cloud resources", run: cloud_backups::run },
    Join { name: "databases, and whether they are backed up", run: databases::run },
    Join { name: "floating dependencies", run: floating::run },
    Join { name: "undeclared settings", run: undeclared_env::run },
    Join { name: "which runtimes ship, and on which others they are tested", run: runtimes::run },
    Join { name: "unpinned actions of all workflows", run: unpinned_actions::run },
    Join { name: "secrets, one for each value", run: credentials::run },
    Join { name: "keys and scripts of all workflows and images", run: unseen::run },
];
