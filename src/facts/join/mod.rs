//! Joins: what takes more than one kind to say. They run in this order, each seeing what came before.

pub mod assign;
mod payments;

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
    Join { name: "payments", run: payments::run },
];
