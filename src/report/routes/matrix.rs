//! The matrix as data, worst first.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::facts::kinds::{Authenticated, Route};
use crate::facts::{Answer, Facts};
use crate::secrets::Excerpt;

/// So many things of one kind that a route does are named.
const MOST_TARGETS: usize = 4;

/// How many routes there are, by whether it is known who is calling.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RouteCounts {
    /// All of them.
    pub routes: u32,
    /// Who is calling is known.
    pub yes: u32,
    /// Anyone can call it.
    pub no: u32,
    /// Only some methods, or only writes, are guarded.
    pub partial: u32,
    /// Only a platform looks at a token.
    pub gateway: u32,
    /// Open on purpose.
    pub public: u32,
    /// It can't be told.
    pub unknown: u32,
}

/// One route.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RouteRow {
    /// The app it belongs to.
    pub app: String,
    /// `GET`, `ANY`, `ACTION` …
    pub method: String,
    /// Its path, or its name.
    pub path: Excerpt,
    /// Relative to PATH.
    pub file: String,
    /// The line at which it is declared.
    pub line: u32,
    /// Whether it is known who is calling before anything happens.
    pub authenticated: Authenticated,
    /// Whether what it reads and changes is bound to who is calling.
    pub authorized: Answer,
    /// Whether its input is checked before it is used.
    pub validated: Answer,
    /// Whether somebody who calls too often is stopped.
    pub rate_limited: Answer,
    /// Whether what it does, or that it failed, is written down.
    pub logged: Answer,
    /// Whether a failure gives a clear answer that tells nothing of the inside.
    pub handles_failure: Answer,
    /// Whether the sender's signature is verified.
    pub signature_verified: Answer,
    /// What it does: kinds of effects, with what they touch.
    pub effects: Vec<(String, Vec<String>)>,
}

/// A guard that the project uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GuardUse {
    /// As the code calls it.
    pub name: Excerpt,
    /// How many routes it stands before.
    pub routes: u32,
}

/// Every route with what is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RouteMatrix {
    /// How many there are.
    pub counts: RouteCounts,
    /// Worst first: what can be called by anyone and does most harm.
    pub rows: Vec<RouteRow>,
    /// The most used first.
    pub guards: Vec<GuardUse>,
}

impl RouteMatrix {
    /// The matrix of the routes that are facts, without those that nothing reaches.
    pub fn of(facts: &Facts) -> Self {
        let mut counts = RouteCounts::default();
        for route in reached(facts) {
            counts.routes += 1;
            *match route.authenticated {
                Authenticated::Yes => &mut counts.yes,
                Authenticated::No => &mut counts.no,
                Authenticated::Partial => &mut counts.partial,
                Authenticated::Gateway => &mut counts.gateway,
                Authenticated::Public => &mut counts.public,
                Authenticated::Unknown => &mut counts.unknown,
            } += 1;
        }
        let mut worst: Vec<&Route> = reached(facts).collect();
        worst.sort_by_key(|route| std::cmp::Reverse(badness(route)));
        Self { counts, rows: worst.into_iter().map(row).collect(), guards: guards(facts) }
    }
}

/// How much harm a stranger could do.
fn badness(route: &Route) -> (u32, u32, u32) {
    let caller = match route.authenticated {
        Authenticated::No => 5,
        Authenticated::Gateway => 4,
        Authenticated::Partial => 3,
        Authenticated::Unknown => 2,
        Authenticated::Yes => 1,
        Authenticated::Public => 0,
    };
    let harm = route
        .effects
        .iter()
        .map(|effect| match effect.kind.as_str() {
            "process" | "users" | "payment" | "delete" => 9,
            "write" if effect.client == "service" => 8,
            "write" | "secret" => 7,
            "llm" | "email" | "sms" => 6,
            "read" if effect.client == "service" => 5,
            "storage" | "file" | "request" | "push" | "job" => 4,
            "read" => 3,
            _ => 1,
        })
        .max()
        .unwrap_or(0);
    let answers = [
        route.authorized,
        route.validated,
        route.rate_limited,
        route.logged,
        route.handles_failure,
        route.signature_verified,
    ];
    let missing = answers
        .iter()
        .map(|answer| match answer {
            Answer::No => 3,
            Answer::Partial => 2,
            Answer::Unknown => 1,
            Answer::Yes | Answer::Na => 0,
        })
        .sum();
    (caller, harm, missing)
}

fn row(route: &Route) -> RouteRow {
    let mut effects: Vec<(String, Vec<String>)> = Vec::new();
    for effect in &route.effects {
        let target = effect.target.as_str();
        let known = effects.iter_mut().find(|(kind, _)| *kind == effect.kind);
        let targets = match known {
            Some((_, targets)) => targets,
            None => {
                effects.push((effect.kind.clone(), Vec::new()));
                let Some((_, targets)) = effects.last_mut() else { continue };
                targets
            }
        };
        if !target.is_empty() && !targets.iter().any(|known| known == target) && targets.len() < MOST_TARGETS
        {
            targets.push(target.to_owned());
        }
    }
    RouteRow {
        app: route.app.clone(),
        method: route.method.clone(),
        path: route.path.clone(),
        file: route.file.clone(),
        line: route.line,
        authenticated: route.authenticated,
        authorized: route.authorized,
        validated: route.validated,
        rate_limited: route.rate_limited,
        logged: route.logged,
        handles_failure: route.handles_failure,
        signature_verified: route.signature_verified,
        effects,
    }
}

fn reached(facts: &Facts) -> impl Iterator<Item = &Route> {
    facts.routes.iter().filter(|route| route.reachable != Answer::No)
}

fn guards(facts: &Facts) -> Vec<GuardUse> {
    let mut uses: BTreeMap<&str, (&Excerpt, BTreeSet<usize>)> = BTreeMap::new();
    for (at, route) in reached(facts).enumerate() {
        for guard in &route.guards {
            uses.entry(guard.name.as_str()).or_insert_with(|| (&guard.name, BTreeSet::new())).1.insert(at);
        }
    }
    let mut guards: Vec<GuardUse> = uses
        .into_values()
        .map(|(name, routes)| GuardUse {
            name: name.clone(),
            routes: u32::try_from(routes.len()).unwrap_or(u32::MAX),
        })
        .collect();
    guards.sort_by(|a, b| (b.routes, a.name.as_str()).cmp(&(a.routes, b.name.as_str())));
    guards
}
