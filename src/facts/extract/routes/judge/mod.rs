//! From what is declared to verdicts: a route is gone through as a request would, and what was found becomes the cells of
//! the matrix.

mod above;
mod authenticated;
mod cells;
mod holes;
mod project;
mod request;
mod shared;

use std::borrow::Cow;

use super::Declared;
use super::judged::{Evidence, Hole, Judged};
use super::tree::untold;
use crate::code::Code;
use crate::meaning::flow::Flow;

/// So many layers are gone through, over all routes. A thousand routes with twenty each are a third of it.
const MOST_LAYERS: usize = 60_000;

/// What is known of each route, in the same order.
pub fn judge<'c>(code: &'c Code, declared: &[Declared<'c>]) -> Vec<Judged> {
    let declared = &*bounded(declared);
    let context = request::context(code, declared);
    let project = project::of(code);
    let decorations = project::decorations(code);
    let above = above::guarding(code, declared);
    let made = || {
        let mut flow = Flow::new(code);
        flow.decorations.clone_from(&decorations);
        flow
    };
    let one = |flow: &mut Flow<'c>, route: &'_ Declared<'c>| {
        request::run(flow, route, context);
        let judged = verdict(flow, route, project);
        (judged, std::mem::take(&mut flow.trace.protectors))
    };
    let (mut all, protectors): (Vec<Judged>, Vec<_>) = shared::each(declared, made, one).into_iter().unzip();
    let routes: Vec<_> = declared
        .iter()
        .zip(&all)
        .zip(protectors)
        .map(|((route, judged), protectors)| (route, judged.authenticated, protectors))
        .collect();
    let mut holes: Vec<Vec<Hole>> = all.iter_mut().map(|judged| std::mem::take(&mut judged.holes)).collect();
    holes::beside(&routes, &mut holes);
    above::name(code, &above, &routes, &mut holes);
    for (judged, holes) in all.iter_mut().zip(holes) {
        judged.holes = holes;
    }
    all
}

/// The routes with as many layers as are gone through; what stands before those that come later can't be told.
fn bounded<'d, 'c>(declared: &'d [Declared<'c>]) -> Cow<'d, [Declared<'c>]> {
    let all: usize = declared.iter().map(|route| route.layers.len()).sum();
    if all <= MOST_LAYERS {
        return Cow::Borrowed(declared);
    }
    let mut left = MOST_LAYERS;
    let cut = |route: &Declared<'c>| {
        let mut route = route.clone();
        match left.checked_sub(route.layers.len()) {
            Some(rest) => left = rest,
            None => route.layers = route.layers.first().map(untold).into_iter().collect(),
        }
        route
    };
    Cow::Owned(declared.iter().map(cut).collect())
}

fn verdict(flow: &Flow<'_>, route: &Declared<'_>, project: project::Project) -> Judged {
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
        logged: cells::logged(trace, route, project, &mut evidence),
        handles_failure: cells::handles_failure(trace, route, project, &mut evidence),
        signature_verified: cells::signature(trace, is_webhook),
        is_webhook,
        roles: cells::roles(trace),
        guards,
        effects,
        evidence,
        holes: holes::of(trace, route, authenticated),
    }
}
