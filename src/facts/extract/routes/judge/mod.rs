//! From what is declared to verdicts: a route is gone through as a request would, and what was found becomes the cells of
//! the matrix.

mod authenticated;
mod cells;
mod request;

use rayon::prelude::*;

use super::Declared;
use super::judged::{Evidence, Judged};
use crate::code::Code;
use crate::meaning::flow::Flow;

/// What is known of each route, in the same order.
pub fn judge<'c>(code: &'c Code, declared: &[Declared<'c>]) -> Vec<Judged> {
    let context = request::context(code, declared);
    declared
        .par_iter()
        .map_init(
            || Flow::new(code),
            |flow, route| {
                request::run(flow, route, context);
                #[cfg(debug_assertions)]
                if std::env::var("FLOWDBG").is_ok_and(|want| format!("{} {}", route.path, route.line).contains(&want)) { flow.dump(); } // DBG
                verdict(flow, route)
            },
        )
        .collect()
}

fn verdict<'c>(flow: &Flow<'c>, route: &Declared<'c>) -> Judged {
    let trace = &flow.trace;
    let mut evidence: Vec<Evidence> = Vec::new();
    let guards = cells::guards(trace);
    let effects = cells::effects(trace, route);
    let is_webhook = cells::is_webhook(trace, route);
    let authenticated = authenticated::of(trace, route, &mut evidence);
    let authorized = cells::authorized(trace, route, authenticated, &mut evidence);
    Judged {
        authenticated,
        authorized,
        validated: cells::validated(trace, &mut evidence),
        rate_limited: cells::rate_limited(trace, &mut evidence),
        logged: cells::logged(trace, &mut evidence),
        handles_failure: cells::handles_failure(trace, route, &mut evidence),
        signature_verified: cells::signature(trace, is_webhook),
        is_webhook,
        roles: cells::roles(trace),
        guards,
        effects,
        evidence,
        holes: cells::holes(trace, route, authenticated),
    }
}
