//! Joins: what takes more than one kind to say. They run in this order, each seeing what came before.

use super::{Facts, Input};

/// One join.
pub struct Join {
    /// What it says.
    pub name: &'static str,
    /// Says it.
    pub run: fn(&Input<'_>, &mut Facts),
}

/// Every join, in order.
pub static JOINS: &[Join] = &[];
