//! Joins: what takes more than one kind to say. They run in this order, each seeing what came before.

mod app_names;
mod assign;
pub mod browser_secrets;
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
    /// Whether it is about routes, so that it has nothing to say where those were not asked for.
    pub of_routes: bool,
    /// Whether it has something to say where no more is asked for than secrets.
    pub of_secrets: bool,
    /// Says it.
    pub run: fn(&Input<'_>, &mut Facts),
}

/// Every join, in order.
pub static JOINS: &[Join] = &[
    Join { name: "the app of every fact", of_routes: false, of_secrets: true, run: assign::run },
    Join {
        name: "guards of routes that let requests pass",
        of_routes: true,
        of_secrets: false,
        run: weak_guards::run,
    },
    Join {
        name: "settings of a server in code that browsers load",
        of_routes: false,
        of_secrets: true,
        run: browser_secrets::run,
    },
    Join { name: "what routes of an app lack", of_routes: true, of_secrets: false, run: route_gaps::run },
    Join { name: "roles, and who may do what", of_routes: true, of_secrets: false, run: roles::run },
    Join {
        name: "names of apps that their manifests don't name",
        of_routes: false,
        of_secrets: true,
        run: app_names::run,
    },
    Join { name: "payments", of_routes: false, of_secrets: false, run: payments::run },
    Join {
        name: "services that are named like an app",
        of_routes: false,
        of_secrets: true,
        run: services_of_apps::run,
    },
    Join { name: "test suites of each app", of_routes: false, of_secrets: false, run: test_suites::run },
    Join {
        name: "environment variables of each app",
        of_routes: false,
        of_secrets: true,
        run: env_vars::run,
    },
    Join {
        name: "whether CI runs an app's tests",
        of_routes: false,
        of_secrets: false,
        run: tests_in_ci::run,
    },
    Join {
        name: "whether an app's build checks types",
        of_routes: false,
        of_secrets: false,
        run: types_checked::run,
    },
    Join {
        name: "what surrounds the workloads of Kubernetes",
        of_routes: false,
        of_secrets: true,
        run: kubernetes::run,
    },
    Join { name: "backups of cloud resources", of_routes: false, of_secrets: false, run: cloud_backups::run },
    Join {
        name: "databases, and whether they are backed up",
        of_routes: false,
        of_secrets: false,
        run: databases::run,
    },
    Join { name: "floating dependencies", of_routes: false, of_secrets: false, run: floating::run },
    Join { name: "undeclared settings", of_routes: false, of_secrets: false, run: undeclared_env::run },
    Join {
        name: "which runtimes ship, and on which others they are tested",
        of_routes: false,
        of_secrets: false,
        run: runtimes::run,
    },
    Join {
        name: "unpinned actions of all workflows",
        of_routes: false,
        of_secrets: false,
        run: unpinned_actions::run,
    },
    Join { name: "secrets, one for each value", of_routes: false, of_secrets: true, run: credentials::run },
    Join {
        name: "keys and scripts of all workflows and images",
        of_routes: false,
        of_secrets: true,
        run: unseen::run,
    },
];
