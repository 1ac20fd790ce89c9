//! What the layers and the handler of a route come to. (A stub until the judge is merged.)

use super::Declared;
use super::judged::{Authenticated, Cell, Judged};
use crate::code::Code;

/// One answer for each route, in their order.
pub fn judge(_code: &Code, declared: &[Declared<'_>]) -> Vec<Judged> {
    let unknown = |_: &Declared<'_>| Judged {
        authenticated: Authenticated::Unknown,
        authorized: Cell::Unknown,
        validated: Cell::Unknown,
        rate_limited: Cell::Unknown,
        logged: Cell::Unknown,
        handles_failure: Cell::Unknown,
        signature_verified: Cell::Unknown,
        is_webhook: false,
        roles: Vec::new(),
        guards: Vec::new(),
        effects: Vec::new(),
        evidence: Vec::new(),
        holes: Vec::new(),
    };
    declared.iter().map(unknown).collect()
}
