//! Guards that are there and let requests pass: why it isn't known who is calling, although somebody asks.

use std::collections::{HashMap, HashSet};

use super::super::judged::{Authenticated, Hole};
use super::super::{Declared, Gate, Layer, Style};
use super::authenticated::{at_stake, is_strong, knows};
use crate::code::ModuleId;
use crate::meaning::flow::{Cause, EffectUse, Fact, GuardUse, Loss, Origin, Trace};
use crate::meaning::symbols::{Proof, What};

/// So many guards of others, and so many routes at one address, are looked at.
const MOST_BESIDE: usize = 400;

/// The holes of one route, as far as its own code shows them. `near`: the modules in which it and its layers are written.
/// A helper that finds out who is calling to choose a language or to count is no guard that fails.
pub fn of(
    trace: &Trace<'_>,
    route: &Declared<'_>,
    authenticated: Authenticated,
    near: &[ModuleId],
) -> Vec<Hole> {
    let mut holes = Vec::new();
    // Where a role or an owner was verified besides, what the caller says of a role is a choice, and no key.
    let mut facts =
        trace.effects.iter().map(|effect| &effect.facts).chain(trace.ends.iter().map(|end| &end.facts));
    let verified = facts.any(|facts| facts.verified(What::Role) || facts.verified(What::Owner));
    for (module, line) in trace.claims.iter().filter(|_| !verified) {
        push(&mut holes, "role-from-client", *module, *line, "the role is what whoever calls says it is");
    }
    for (module, line) in &trace.listed {
        push(&mut holes, "listed-in-code", *module, *line, "who may is written in the code");
    }
    for (name, module, line) in &trace.unset {
        let says = format!("where {name} is not set, the text that is compared with is known");
        push(&mut holes, "undefined-bearer", *module, *line, &says);
    }
    if let (Some((module, line)), true) = (trace.reflects, trace.credentials) {
        push(
            &mut holes,
            "any-origin-with-cookies",
            module,
            line,
            "any site may call with the cookies of its visitors",
        );
    }
    let open = !matches!(authenticated, Authenticated::Yes | Authenticated::Public);
    if !open {
        return holes;
    }
    let before = holes.len();
    lost(trace, route, near, &mut holes);
    for (module, line) in &trace.dropped {
        push(
            &mut holes,
            "no-return",
            *module,
            *line,
            "whoever is turned away gets on all the same: nothing ends here",
        );
    }
    for (module, line) in &trace.optional {
        push(&mut holes, "optional-identity", *module, *line, "it is told to let strangers pass as well");
    }
    late(trace, route, &mut holes);
    weak(trace, route, &mut holes);
    if holes.len() == before {
        headers(trace, route, &mut holes);
    }
    if holes.len() == before {
        unlooked(trace, authenticated, near, &mut holes);
    }
    holes
}

fn push(holes: &mut Vec<Hole>, pattern: &'static str, module: ModuleId, line: u32, says: &str) {
    if !holes.iter().any(|hole| (hole.pattern, hole.module, hole.line) == (pattern, module, line)) {
        holes.push(Hole { pattern, module, line, says: says.to_owned() });
    }
}

/// Where it was known on one way and not on another. What is lost within a helper is often asked again by whoever called it:
/// of each pattern the last place counts, and rather one in the file of the route.
fn lost(trace: &Trace<'_>, route: &Declared<'_>, near: &[ModuleId], holes: &mut Vec<Hole>) {
    let mut last: Vec<(&str, &str, &Loss)> = Vec::new();
    for loss in &trace.losses {
        let (pattern, says) = pattern_of(loss);
        if pattern == "optional-identity" && !near.contains(&loss.module) {
            continue;
        }
        match last.iter_mut().find(|(known, ..)| *known == pattern) {
            Some((.., known)) if known.module == route.module && loss.module != route.module => {}
            Some(known) => *known = (pattern, says, loss),
            None => last.push((pattern, says, loss)),
        }
    }
    for (pattern, says, loss) in last {
        push(holes, pattern, loss.module, loss.line, says);
    }
}

fn pattern_of(loss: &Loss) -> (&'static str, &'static str) {
    if loss.sent {
        return ("no-return", "whoever is turned away gets on all the same: nothing ends here");
    }
    match &loss.cause {
        Cause::Caught => {
            ("catch-continues", "where the check fails, the failure is caught and the request goes on")
        }
        Cause::Layer(only) if is_development(only) => {
            ("development-bypass", "the guard is not there in every environment")
        }
        Cause::Layer(only) if only.contains("method") => {
            ("some-methods", "the guard is for some methods only")
        }
        Cause::Layer(_) => ("unset-secret", "the guard is only there where it was configured"),
        Cause::Branch => match &loss.environment {
            Some(name) if is_development(name) => {
                ("development-bypass", "in some environments nobody is asked")
            }
            Some(_) => ("unset-secret", "where the secret is not set, nobody is asked"),
            None if loss.about.has(Origin::METHOD) => ("some-methods", "only some methods are guarded"),
            None if loss.about.has(Origin::OWN_URL) => ("matcher-gap", "only some paths are guarded"),
            None => ("optional-identity", "who is calling is looked at, and nobody is turned away"),
        },
    }
}

/// Whether all that a guard lacks is that it isn't there in some environments.
pub fn only_in_development(trace: &Trace<'_>) -> bool {
    !trace.losses.is_empty() && trace.losses.iter().all(|loss| pattern_of(loss).0 == "development-bypass")
}

/// Whether a variable, or what a layer hangs on, is about the environment that the app runs in, or switches guards off.
fn is_development(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    const WORDS: &[&str] = &[
        "NODE_ENV",
        "VERCEL_ENV",
        "DENO_ENV",
        "APP_ENV",
        "ENVIRONMENT",
        "DEV",
        "DEBUG",
        "SKIP",
        "DISABLE",
        "BYPASS",
        "MOCK",
        "TEST",
        "DEMO",
        "LOCAL",
        "PROD",
        "STAGE",
        "NO_AUTH",
        "E2E",
        "ALLOW",
    ];
    // Platforms set these themselves: where one is missing, the app runs on somebody's own machine.
    const PLATFORMS: &[&str] = &[
        "VERCEL",
        "VERCEL_URL",
        "VERCEL_REGION",
        "NETLIFY",
        "RENDER",
        "FLY_APP_NAME",
        "DYNO",
        "K_SERVICE",
        "CF_PAGES",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_EXECUTION_ENV",
        "DENO_DEPLOYMENT_ID",
        "CI",
    ];
    WORDS.iter().any(|word| text.contains(word))
        || PLATFORMS.contains(&text.as_str())
        || text.starts_with("RAILWAY_")
}

/// What is done before anybody asks.
fn late(trace: &Trace<'_>, route: &Declared<'_>, holes: &mut Vec<Hole>) {
    let known_later =
        trace.effects.iter().map(|effect| &effect.facts).chain(trace.ends.iter().map(|end| &end.facts));
    let later = known_later.clone().any(|facts| facts.has(&Fact::Known));
    let Some(effect) =
        trace.effects.iter().find(|effect| is_strong(effect) && !effect.facts.has(&Fact::Known))
    else {
        return;
    };
    let asked = trace.guards.iter().find(|guard| is_identity(guard) && guard.order > effect.order);
    // What helpers do before anybody is asked (a licence, a cache) is not what the route is there for.
    // Nor is what a helper that checks does for that (it fetches a key, and keeps it), where the check guards the rest.
    let guards_rest = trace.effects.iter().any(|effect| is_strong(effect) && effect.facts.has(&Fact::Known));
    let asked =
        asked.filter(|guard| effect.module == route.module || effect.module == guard.module && !guards_rest);
    if let Some(guard) = asked.filter(|_| later || trace.ends.iter().any(|end| end.denies)) {
        let says = format!("{} comes after what it should guard", guard.name);
        push(holes, "after-effect", guard.module, guard.line, &says);
    }
}

fn is_identity(guard: &GuardUse) -> bool {
    matches!(guard.what, What::Identity | What::Equal | What::Signature)
}

/// Guards that prove nothing, or not here.
fn weak(trace: &Trace<'_>, route: &Declared<'_>, holes: &mut Vec<Hole>) {
    let behind_gate = matches!(route.gate, Gate::Token { .. });
    for guard in trace.guards.iter().filter(|guard| is_identity(guard)) {
        let (module, line) = (guard.module, guard.line);
        match guard.proof {
            Proof::Unverified if !behind_gate && guard.is_checked => {
                let session = guard.name.ends_with("getSession") || guard.name.ends_with(".session");
                let (pattern, says) = match session {
                    true => {
                        ("session-from-cookie", "the session is what the cookie says, and nobody verified it")
                    }
                    false => ("decoded-only", "the token is decoded, and nobody verified it"),
                };
                push(holes, pattern, module, line, says);
            }
            Proof::Client if guard.is_checked => {
                push(
                    holes,
                    "client-only",
                    module,
                    line,
                    "it is for the browser, and proves nothing on a server",
                );
            }
            Proof::Presence if guard.is_checked => {
                push(holes, "cookie-presence", module, line, "that there is a cookie is all that is asked");
            }
            Proof::Verified if guard.is_forgotten == Some(true) => {
                push(holes, "missing-await", module, line, "nobody waits for what it finds");
            }
            Proof::Verified if guard.is_wrapper && guard.is_checked => {
                push(
                    holes,
                    "wrapper-truthiness",
                    module,
                    line,
                    "what is asked is always there, whoever calls",
                );
            }
            _ => {}
        }
    }
    for (module, line) in &trace.passing {
        push(holes, "always-next", *module, *line, "it looks who is calling, and lets everybody pass");
    }
}

/// Whoever has no header is turned away, and any header will do.
fn headers(trace: &Trace<'_>, route: &Declared<'_>, holes: &mut Vec<Hole>) {
    let behind_gate = matches!(route.gate, Gate::Token { .. });
    let strong: Vec<&EffectUse<'_>> = trace.effects.iter().filter(|effect| is_strong(effect)).collect();
    let facts: Vec<_> = match strong.is_empty() {
        true => at_stake(trace, route, behind_gate),
        false => strong.iter().map(|effect| &effect.facts).collect(),
    };
    let open: Vec<_> = facts.into_iter().filter(|facts| !knows(facts, behind_gate)).collect();
    // `if (key === "open") return data;`, and else nobody gets anything.
    let only_then = trace.ends.iter().any(|end| end.denies)
        && trace
            .ends
            .iter()
            .filter(|end| !end.denies && !end.fails)
            .all(|end| end.facts.has(&Fact::Compared));
    let all = |fact: Fact| open.iter().all(|facts| facts.has(&fact));
    let place = match (all(Fact::Checked), all(Fact::Compared) && only_then) {
        (true, _) => trace.checked,
        (false, true) => trace.compared,
        (false, false) => None,
    };
    if let (false, Some((module, line))) = (open.is_empty(), place) {
        let says = "all that is asked is a cookie or a header that anyone can write";
        push(holes, "cookie-presence", module, line, says);
    }
}

/// A guard whose answer nobody looks at, or nobody acts on.
fn unlooked(trace: &Trace<'_>, authenticated: Authenticated, near: &[ModuleId], holes: &mut Vec<Hole>) {
    let mine = Origin::MINE;
    let uses = trace.effects.iter().any(|effect| effect.values.with(effect.filter).any(mine));
    let guards = trace.guards.iter().filter(|guard| is_identity(guard) && guard.proof == Proof::Verified);
    for guard in guards {
        let (pattern, says) = match (authenticated, guard.is_checked && !trace.has_helper || uses) {
            (Authenticated::Partial, _) => ("some-methods", "only a part of what it does is guarded"),
            (_, true) => ("optional-identity", "who is calling is looked at, and nobody is turned away"),
            (_, false) => ("result-ignored", "nobody looks at what it finds"),
        };
        if pattern == "result-ignored" || near.contains(&guard.module) {
            push(holes, pattern, guard.module, guard.line, says);
        }
    }
}

/// What only shows beside other routes: guards that stand before others and not before this one. Those at which one can
/// only look (`looks`) may be open beside one that changes the same: so is every catalogue.
pub fn beside(
    routes: &[(&Declared<'_>, Authenticated, Vec<usize>)],
    looks: &[bool],
    holes: &mut [Vec<Hole>],
) {
    let mut same_address: HashMap<(ModuleId, &str), Vec<&Declared<'_>>> = HashMap::new();
    for (route, authenticated, _) in routes {
        if *authenticated == Authenticated::Yes {
            let known = same_address.entry((route.module, &route.path)).or_default();
            if known.len() < MOST_BESIDE {
                known.push(route);
            }
        }
    }
    let guarding = guarding(routes);
    for (at, (route, authenticated, _)) in routes.iter().enumerate() {
        if !matches!(authenticated, Authenticated::No | Authenticated::Gateway | Authenticated::Partial) {
            continue;
        }
        // The same address is guarded for another method.
        let twin = same_address.get(&(route.module, &*route.path)).into_iter().flatten().any(|other| {
            other.method != route.method
                && (other.handler == route.handler || other.line == route.line || !route.layers.is_empty())
        });
        if twin && !looks[at] && *authenticated != Authenticated::Partial && holes[at].is_empty() {
            let says = "the same address is guarded for other methods";
            push(&mut holes[at], "some-methods", route.module, route.line, says);
        }
        let own: HashSet<_> = route.layers.iter().map(|mine| std::ptr::from_ref(mine.runs)).collect();
        let places: HashSet<_> = route.layers.iter().map(|mine| (mine.module, mine.line)).collect();
        for (framework, layer) in &guarding {
            let has_it = own.contains(&std::ptr::from_ref(layer.runs));
            if *framework != route.framework || has_it || places.contains(&(layer.module, layer.line)) {
                continue;
            }
            match layer.style {
                Style::NextMiddleware if !has(&holes[at], "matcher-gap") => {
                    push(
                        &mut holes[at],
                        "matcher-gap",
                        layer.module,
                        layer.line,
                        "the middleware does not run on this path",
                    );
                }
                Style::Express | Style::Hono | Style::Fastify if layer.module == route.module => {
                    let (pattern, says) = match layer.line > route.line {
                        true => ("layer-order", "the guard is registered behind this route"),
                        false if layer.style == Style::Fastify => {
                            ("layer-order", "the guard is registered where it does not reach this route")
                        }
                        false => ("matcher-gap", "the guard is for other paths"),
                    };
                    // A guard of a single route is none for others: only layers that stand by themselves count.
                    if !has(&holes[at], pattern) && layer.line != route.line {
                        push(&mut holes[at], pattern, layer.module, layer.line, says);
                    }
                }
                _ => {}
            }
        }
    }
}

/// The layers that guard routes, each once, in the order of the routes, with the framework. What a single route is given
/// as an argument (`app.delete("/x", auth, handler)`) stands before that one alone.
fn guarding<'r, 'c>(
    routes: &'r [(&Declared<'c>, Authenticated, Vec<usize>)],
) -> Vec<(&'static str, &'r Layer<'c>)> {
    let mut seen = HashSet::new();
    let all = routes.iter().flat_map(|(route, _, protectors)| {
        let layers = protectors.iter().filter_map(|at| route.layers.get(*at));
        let own = |layer: &&Layer<'_>| (layer.module, layer.line) == (route.module, route.line);
        layers.filter(move |layer| !own(layer)).map(|layer| (route.framework, layer))
    });
    all.filter(|(framework, layer)| {
        seen.insert((*framework, std::ptr::from_ref(layer.runs), layer.module, layer.line))
    })
    .take(MOST_BESIDE)
    .collect()
}

fn has(holes: &[Hole], pattern: &str) -> bool {
    holes.iter().any(|hole| hole.pattern == pattern)
}
