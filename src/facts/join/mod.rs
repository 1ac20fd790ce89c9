//! Joins: what takes more than one kind to say. They run in this order, each seeing what came before.

mod apps_of_operations;
mod databases;
mod env_vars;
mod test_suites;
mod tests_in_ci;
mod types_checked;

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
    Join { name: "the app of each deployed unit and setting", run: apps_of_operations::run },
    Join { name: "test suites of each app", run: test_suites::run },
    Join { name: "environment variables of each app", run: env_vars::run },
    Join { name: "whether CI runs an app's tests", run: tests_in_ci::run },
    Join { name: "whether an app's build checks types", run: types_checked::run },
    Join { name: "databases, and whether they are backed up", run: databases::run },
];
