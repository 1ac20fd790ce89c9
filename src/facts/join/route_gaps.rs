//! What routes of an app lack, all of them together: a hundred routes without a limit are one root cause.

use std::collections::BTreeMap;

use crate::facts::kinds::{
    Answer, Authenticated, Evidence, GAPS, Route, RouteEffect, RouteGap, RouteKind, Unknown,
};
use crate::facts::{Facts, Input};
use crate::secrets::excerpt;

/// Why what is asked of routes can't be told.
const UNCLEAR: &str = "the code behind some of the routes could not be followed";

/// Holes that do not explain why a route is open, or may be meant so.
const APART: &[&str] = &[
    "listed-in-code",
    "any-origin-with-cookies",
    "role-from-client",
    "matcher-gap",
    "layer-order",
    "client-only",
    "layout-only",
];

/// What is known of one route.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Has,
    Lacks,
    Unclear,
}

/// Fills `route_gaps`, by app and question.
pub fn run(_: &Input<'_>, facts: &mut Facts) {
    let mut apps: BTreeMap<&str, Vec<&Route>> = BTreeMap::new();
    for route in &facts.routes {
        apps.entry(&route.app).or_default().push(route);
    }
    let gaps = apps.iter().flat_map(|(app, routes)| GAPS.iter().filter_map(|asks| gap(app, asks, routes)));
    facts.route_gaps = gaps.collect();
}

/// One question about the routes of one app, if it is about any of them.
fn gap(app: &str, asks: &str, routes: &[&Route]) -> Option<RouteGap> {
    let told: Vec<(&Route, Told)> =
        routes.iter().filter_map(|route| Some((*route, answer(asks, route)?))).collect();
    if told.is_empty() {
        return None;
    }
    let lacking = || told.iter().filter(|(_, told)| *told == Told::Lacks).map(|(route, _)| *route);
    let mut names: Vec<_> = lacking().map(|r| r.name.clone()).collect();
    names.dedup();
    let evidence = lacking().map(|r| Evidence::new("lacking", &r.file, r.line, r.name.as_str())).collect();
    let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
    let unclear = count(told.iter().filter(|(_, told)| *told == Told::Unclear).count());
    let unknowns = if unclear > 0 || asks == "caller" && !names.is_empty() {
        vec![Unknown::new("unclear", UNCLEAR), Unknown::new("lacking", UNCLEAR)]
    } else {
        Vec::new()
    };
    let asked = count(told.len());
    let some_have = told.iter().any(|(_, told)| *told == Told::Has);
    let whose = excerpt(if app.is_empty() || app == "." { "the app" } else { app });
    let (app, asks) = (app.to_owned(), asks.to_owned());
    Some(RouteGap { app, asks, whose, asked, lacking: names, some_have, unclear, evidence, unknowns })
}

/// What one route answers; `None` where the question does not arise.
fn answer(asks: &str, route: &Route) -> Option<Told> {
    match asks {
        "reached" => told(route.reachable),
        // What never runs lacks nothing.
        _ if route.reachable == Answer::No => None,
        "caller" => Some(match route.authenticated {
            Authenticated::Unknown => Told::Lacks,
            _ => Told::Has,
        }),
        "owner" => match route.authenticated {
            Authenticated::Yes | Authenticated::Partial => told(route.authorized),
            _ => None,
        },
        "action-write" => is_action(route).filter(|_| acts(route)),
        "action-read" => is_action(route).filter(|_| !acts(route) && (route.tells_data || !open(route))),
        "validation" => takes(route).then(|| told(route.validated)).flatten(),
        "log" => changes(route).then(|| told(route.logged)).flatten(),
        "failure" => match (route.tells_inside, route.handles_failure) {
            (true, _) => Some(Told::Lacks),
            (false, Answer::Unknown) => Some(Told::Unclear),
            (false, Answer::Na) => None,
            (false, _) => Some(Told::Has),
        },
        _ => is_limited(asks, route).then(|| told(route.rate_limited)).flatten(),
    }
}

/// Whether a server action that does anything knows who calls. One with a guard that lets requests pass is told of there.
fn is_action(route: &Route) -> Option<Told> {
    let is_weak = route.holes.iter().any(|hole| !APART.contains(&hole.pattern.as_str()));
    let is_asked = route.kind == RouteKind::Action && !route.effects.is_empty() && !is_weak;
    match route.authenticated {
        Authenticated::Public | Authenticated::Unknown => None,
        _ if !is_asked => None,
        _ => Some(if open(route) { Told::Lacks } else { Told::Has }),
    }
}

fn open(route: &Route) -> bool {
    matches!(route.authenticated, Authenticated::No | Authenticated::Gateway)
}

/// Whether it changes or costs something with rights that its caller does not have.
fn acts(route: &Route) -> bool {
    let acts = [
        "write", "delete", "llm", "payment", "email", "sms", "push", "storage", "file", "process", "users",
        "job",
    ];
    route.effects.iter().any(|effect| {
        acts.contains(&effect.kind.as_str()) && !matches!(effect.client.as_str(), "user" | "anonymous")
    })
}

fn told(answer: Answer) -> Option<Told> {
    match answer {
        Answer::Yes | Answer::Partial => Some(Told::Has),
        Answer::No => Some(Told::Lacks),
        Answer::Unknown => Some(Told::Unclear),
        Answer::Na => None,
    }
}

/// Whether a limit is asked for. Events of other services come as often as they come.
fn is_limited(asks: &str, route: &Route) -> bool {
    use Authenticated::{No, Partial, Public, Yes};
    let does = |kinds: &[&str]| route.effects.iter().any(|effect| kinds.contains(&effect.kind.as_str()));
    // Whoever is not known is the worse finding where it costs; what to do there is to ask who is calling.
    let is_let_in = matches!(route.authenticated, Yes | Partial | Public);
    let is_asked = matches!(route.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    match asks {
        _ if route.kind == RouteKind::Webhook => false,
        "limit" => does(&["sign-in", "llm", "email", "sms", "payment", "write", "delete"]),
        "limit-sign-in" => does(&["sign-in"]) && !is_asked && matches!(route.authenticated, Public | No),
        "limit-cost" => does(&["llm"]) && is_let_in,
        "limit-message" => does(&["email", "sms"]) && matches!(route.authenticated, Public | Yes | Partial),
        _ => false,
    }
}

/// Whether it stores what callers send. Whose signature is verified is believed.
fn takes(route: &Route) -> bool {
    route.effects.iter().any(|effect| effect.kind == "write")
        && !matches!(route.method.as_str(), "GET" | "HEAD" | "DELETE" | "QUERY")
        && route.signature_verified != Answer::Yes
}

fn changes(route: &Route) -> bool {
    let changes =
        |effect: &RouteEffect| matches!(effect.kind.as_str(), "write" | "delete" | "users" | "payment");
    route.effects.iter().any(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use crate::secrets::Numbers;
    use crate::source::{Source, Tree};

    fn effect(kind: &str) -> RouteEffect {
        RouteEffect { kind: kind.to_owned(), ..RouteEffect::default() }
    }

    fn gaps(routes: Vec<Route>) -> Vec<String> {
        let mut facts = Facts { routes, ..Facts::default() };
        let source = Source { tree: Tree::default(), git: None, notes: Vec::new(), at: String::new() };
        let (code, numbers) = (Code::default(), Numbers::default());
        run(&Input::new(&source, &[], None, &code, &numbers), &mut facts);
        let shown = |gap: &RouteGap| {
            let lacking: Vec<&str> = gap.lacking.iter().map(|one| one.as_str()).collect();
            format!(
                "{} {}: {} of {} ({} unclear)",
                gap.app,
                gap.asks,
                lacking.join(", "),
                gap.asked,
                gap.unclear
            )
        };
        facts.route_gaps.iter().map(shown).collect()
    }

    #[test]
    fn each_app_is_asked_for_itself() {
        let route = |app: &str, path: &str, kind: &str, rate_limited| Route {
            app: app.to_owned(),
            method: "POST".to_owned(),
            path: excerpt(path),
            name: excerpt(&format!("POST {path}")),
            authenticated: Authenticated::Yes,
            authorized: Answer::Yes,
            validated: Answer::Na,
            logged: Answer::Yes,
            handles_failure: Answer::Yes,
            effects: vec![effect(kind)],
            rate_limited,
            ..Route::default()
        };
        let found = gaps(vec![
            route("a", "/chat", "llm", Answer::No),
            route("a", "/draw", "llm", Answer::Yes),
            route("b", "/chat", "llm", Answer::Unknown),
            route("b", "/notes", "read", Answer::No),
        ]);
        let found: Vec<&str> =
            found.iter().map(String::as_str).filter(|gap| gap.contains("limit-cost")).collect();
        assert_eq!(found, ["a limit-cost: POST /chat of 2 (0 unclear)", "b limit-cost:  of 1 (1 unclear)"]);
    }

    #[test]
    fn a_route_that_anyone_may_call_is_no_missing_quota() {
        let open = Route {
            method: "POST".to_owned(),
            path: excerpt("/chat"),
            name: excerpt("POST /chat"),
            authenticated: Authenticated::No,
            rate_limited: Answer::No,
            effects: vec![effect("llm")],
            ..Route::default()
        };
        let found = gaps(vec![open]);
        assert!(!found.iter().any(|gap| gap.contains("limit-cost")), "{found:?}");
        assert!(found.iter().any(|gap| gap.contains("limit: POST /chat of 1")), "{found:?}");
    }
}
