//! From what is declared to verdicts: a route is gone through as a request would, and what was found becomes the cells of
//! the matrix.

mod above;
mod authenticated;
mod catalogue;
mod cells;
mod holes;
mod intake;
mod kept;
mod parents;
mod project;
mod public;
mod request;
mod rights;
mod shared;

pub use rights::action_of;

use std::borrow::Cow;

use super::judged::{Evidence, Hole, Judged};
use super::tree::untold;
use super::{Declared, Handler, Style};
use crate::code::{Code, ModuleId, Root};
use crate::meaning::flow::{Flow, Trace, document};
use crate::schema::model::Model;

/// So many layers are gone through, over all routes. A thousand routes with twenty each are a third of it.
const MOST_LAYERS: usize = 60_000;

/// What is known of each route, in the same order.
pub fn judge<'c>(code: &'c Code, declared: &[Declared<'c>], models: &[Model]) -> Vec<Judged> {
    let declared = &*bounded(declared);
    let context = request::context(code, declared);
    let project = project::of(code);
    let decorations = project::decorations(code);
    let documents = document::methods(code);
    let above = above::guarding(code, declared);
    let made = || {
        let mut flow = Flow::for_routes(code, declared.len());
        flow.decorations.clone_from(&decorations);
        flow.documents.clone_from(&documents);
        flow
    };
    let one = |flow: &mut Flow<'c>, route: &'_ Declared<'c>| {
        request::run(flow, route, context);
        leave_caches(&mut flow.trace, route);
        let judged = verdict(flow, route, project);
        let parents = parents::of(&flow.trace, route);
        let looks = is_look(route) && !flow.trace.effects.iter().any(authenticated::is_strong);
        (judged, (std::mem::take(&mut flow.trace.protectors), (parents, looks)))
    };
    let (mut all, beside): (Vec<Judged>, Vec<_>) = shared::each(declared, made, one).into_iter().unzip();
    let (protectors, rest): (Vec<_>, Vec<_>) = beside.into_iter().unzip();
    let (parents, looks): (Vec<_>, Vec<bool>) = rest.into_iter().unzip();
    parents::name(&mut all, &parents);
    catalogue::mark(declared, models, &mut all);
    intake::mark(declared, &mut all);
    let routes: Vec<_> = declared
        .iter()
        .zip(&all)
        .zip(protectors)
        .map(|((route, judged), protectors)| (route, judged.authenticated, protectors))
        .collect();
    let mut holes: Vec<Vec<Hole>> = all.iter_mut().map(|judged| std::mem::take(&mut judged.holes)).collect();
    holes::beside(&routes, &looks, &mut holes);
    above::name(code, &above, &routes, &mut holes);
    for (judged, holes) in all.iter_mut().zip(holes) {
        judged.holes = holes;
    }
    all
}

/// Whether requests of its method are for looking at something.
fn is_look(route: &Declared<'_>) -> bool {
    matches!(route.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "QUERY")
}

/// What keeps what was found for those who look next changes nothing that somebody could tell.
fn leave_caches(trace: &mut Trace<'_>, route: &Declared<'_>) {
    if is_look(route) && trace.effects.iter().any(|effect| !effect.keeps) {
        trace.effects.retain(|effect| !effect.keeps);
    }
}

/// The modules in which a route and its layers are written. Middleware of Next.js runs for whatever it does not leave out.
fn near(code: &Code, route: &Declared<'_>) -> Vec<ModuleId> {
    let mut all = vec![route.module];
    if let Handler::Function(at) = route.handler {
        all.push(at.0);
    }
    for layer in route.layers.iter().filter(|layer| layer.style != Style::NextMiddleware) {
        all.push(layer.module);
        match code.denote(layer.module, layer.runs).root {
            Root::Function((module, _)) | Root::Class(module, _) | Root::Value(module, _) => all.push(module),
            _ => {}
        }
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
    let mut effects = cells::effects(trace, route);
    let is_webhook = cells::is_webhook(trace, route);
    let authenticated = authenticated::of(trace, route, &mut evidence);
    rights::fill(flow.code, trace, route, authenticated, &mut effects);
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
        asks: cells::asks(trace),
        guards,
        effects,
        evidence,
        holes: holes::of(trace, route, authenticated, &near(flow.code, route)),
    }
}
