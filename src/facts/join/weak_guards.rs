//! Guards that let requests pass, one for each place: what ten routes share is one root cause.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::kinds::{Answer, Authenticated, Evidence, Route, RouteHole, WeakGuard};
use crate::facts::{Facts, Input};
use crate::secrets::excerpt;

/// A route that a hole lets requests through to.
type Behind<'f> = (&'f Route, &'f RouteHole);

/// Fills `weak_guards`, by file and line.
pub fn run(_: &Input<'_>, facts: &mut Facts) {
    let mut found: BTreeMap<(&str, u32, &str), Vec<Behind<'_>>> = BTreeMap::new();
    for route in facts.routes.iter().filter(|route| route.reachable != Answer::No) {
        for hole in told(route) {
            found.entry((&hole.file, hole.line, &hole.pattern)).or_default().push((route, hole));
        }
    }
    let mut twins: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let mut guards = Vec::with_capacity(found.len());
    for ((file, line, pattern), behind) in found {
        let Some((_, first)) = behind.first() else { continue };
        let twin = twins.entry((file, pattern)).or_default();
        let mut routes: Vec<_> =
            behind.iter().map(|(route, _)| excerpt(&format!("{} {}", route.method, route.path))).collect();
        routes.dedup();
        let kinds: BTreeSet<&str> =
            behind.iter().flat_map(|(route, _)| &route.effects).map(|effect| effect.kind.as_str()).collect();
        let open_routes = behind.iter().filter(|(route, _)| is_open(route)).count();
        guards.push(WeakGuard {
            pattern: pattern.to_owned(),
            file: file.to_owned(),
            line,
            says: first.says.clone(),
            routes,
            open_routes: u32::try_from(open_routes).unwrap_or(u32::MAX),
            effects: kinds.into_iter().map(str::to_owned).collect(),
            evidence: vec![Evidence::new("pattern", file, line, first.says.as_str())],
            twin: *twin,
            ..WeakGuard::default()
        });
        *twin += 1;
    }
    for guard in &mut guards {
        guard.app = crate::facts::layout::app_of(&facts.apps, &guard.file);
    }
    facts.weak_guards = guards;
}

fn is_open(route: &Route) -> bool {
    matches!(route.authenticated, Authenticated::No | Authenticated::Gateway | Authenticated::Partial)
}

/// The holes of a route that are told: those that are a flaw wherever they are, those that may be meant so, and of those that
/// explain why it is open the one that does so best, since one cause is one finding.
fn told(route: &Route) -> impl Iterator<Item = &RouteHole> {
    let rank = |hole: &RouteHole| EXPLAIN.iter().position(|pattern| *pattern == hole.pattern);
    let best = route
        .holes
        .iter()
        .filter(|_| is_open(route))
        .filter_map(|hole| Some((rank(hole)?, hole)))
        .min_by_key(|(rank, _)| *rank);
    let own = move |hole: &&RouteHole| match hole.pattern.as_str() {
        "role-from-client" | "listed-in-code" | "undefined-bearer" | "any-origin-with-cookies" => true,
        "matcher-gap" | "layer-order" | "client-only" | "layout-only" => is_open(route) && best.is_none(),
        _ => best.is_some_and(|(_, best)| std::ptr::eq(best, *hole)),
    };
    route.holes.iter().filter(own)
}

/// What explains that a route is open, the most certain first.
const EXPLAIN: &[&str] = &[
    "result-ignored",
    "missing-await",
    "wrapper-truthiness",
    "no-return",
    "catch-continues",
    "unset-secret",
    "decoded-only",
    "session-from-cookie",
    "cookie-presence",
    "after-effect",
    "some-methods",
    "development-bypass",
    "optional-identity",
    "always-next",
    "other",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use crate::secrets::Numbers;
    use crate::source::{Source, Tree};

    #[test]
    fn a_hole_that_routes_share_is_one() {
        let hole = |pattern: &str, line| RouteHole {
            pattern: pattern.to_owned(),
            file: "lib/guard.ts".to_owned(),
            line,
            says: excerpt("nothing asks what it says"),
        };
        let route = |path: &str, holes, authenticated| Route {
            method: "POST".to_owned(),
            path: excerpt(path),
            holes,
            authenticated,
            ..Route::default()
        };
        let mut facts = Facts {
            routes: vec![
                route("/a", vec![hole("result-ignored", 3)], Authenticated::No),
                route("/b", vec![hole("always-next", 9), hole("result-ignored", 3)], Authenticated::Gateway),
                route("/c", vec![hole("result-ignored", 9), hole("role-from-client", 5)], Authenticated::Yes),
            ],
            ..Facts::default()
        };
        let source = Source { tree: Tree::default(), git: None, notes: Vec::new(), at: String::new() };
        let (code, numbers) = (Code::default(), Numbers::default());
        run(&Input::new(&source, &[], None, &code, &numbers), &mut facts);
        let shown: Vec<String> = facts
            .weak_guards
            .iter()
            .map(|one| format!("{} {} {:?} {}", one.line, one.twin, one.routes.len(), one.open_routes))
            .collect();
        assert_eq!(shown, ["3 0 2 2", "5 0 1 0"]);
    }
}
