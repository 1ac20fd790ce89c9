//! What is known of each route.

use super::Declared;
use super::judged::{Authenticated, Cell, Judged};
use crate::code::Code;

/// The answers for each route, in their order.
pub fn judge(_: &Code, declared: &[Declared<'_>]) -> Vec<Judged> {
    let unknown = |_| Judged {
        authenticated: Authenticated::Unknown,
        authorized: Cell::Unknown,
        validated: Cell::Unknown,
        rate_limited: Cell::Unknown,
        logged: Cell::Unknown,
        handles_failure: Cell::Unknown,
        signature_verified: Cell::Na,
        is_webhook: false,
        roles: Vec::new(),
        guards: Vec::new(),
        effects: Vec::new(),
        evidence: Vec::new(),
        holes: Vec::new(),
    };
    declared.iter().map(unknown).collect()
}
