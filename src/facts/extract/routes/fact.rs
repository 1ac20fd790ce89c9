//! From routes that were judged to facts.

use std::collections::{BTreeMap, BTreeSet};

use super::judged::{self, Cell, Judged};
use super::reach::{self, Reach};
use super::{Declared, Gate, every, next, supabase};
use crate::code::{self, Code, Module, ModuleId};
use crate::facts::kinds::{
    ACTIONS, Answer, Authenticated, CALLERS, CLIENTS, EFFECTS, Evidence, HOLES, RoleAsk, Route, RouteEffect,
    RouteGuard, RouteHole, RouteKind, Unknown, WHICH,
};
use crate::facts::notes::SalvagedNote;
use crate::facts::{FileNotes, Input, layout};
use crate::meaning::models;
use crate::schema::model::Model;
use crate::secrets::excerpt;
use crate::source::Role;

/// Why nothing is known of a route in a file that does not parse.
const BROKEN: &str = "its file does not parse";
/// Why something is not known where nobody says why.
const NO_REASON: &str = "the code that decides it could not be followed";

/// The facts of all routes, by file and line.
pub fn all(input: &Input<'_>) -> Vec<Route> {
    let (next, supabase) = (next_of(input.notes), supabase_of(input.notes));
    let declared = every::declared(&next, &supabase, input.code);
    let judged = every::judged(input.code, &declared, &models(input));
    let reached = reach::reach(input.code, &declared, &unread(input));
    let mut routes: Vec<Route> = declared
        .iter()
        .zip(judged.iter().zip(&reached))
        .map(|(declared, (judged, reached))| route(input.code, declared, judged, reached))
        .collect();
    salvaged(input, &mut routes);
    routes.sort_by(|a, b| {
        (&a.file, a.line, a.path.as_str(), &a.method).cmp(&(&b.file, b.line, b.path.as_str(), &b.method))
    });
    number_twins(&mut routes);
    for route in &mut routes {
        route.name = match route.method.as_str() {
            "ANY" | "ACTION" => route.path.clone(),
            method => excerpt(&format!("{method} {}", route.path)),
        };
    }
    routes
}

/// The tables that the app declares, in schemas and in code.
fn models(input: &Input<'_>) -> Vec<Model> {
    let mut all: Vec<Model> = input.notes.iter().flat_map(|note| &note.models).cloned().collect();
    all.extend(models::declared(input.code));
    all
}

/// What files import that ship and could not be parsed.
fn unread<'i>(input: &Input<'i>) -> Vec<&'i str> {
    let is_read =
        |path: &str| input.code.at(path).is_some_and(|module| input.code.module(module).broken.is_none());
    let ships = |path: &str| matches!(Role::of(path), Role::Product | Role::Example | Role::Docs);
    let notes = input.notes.iter().filter(|note| code::handles(&note.path));
    let notes = notes.filter(|note| ships(&note.path) && !is_read(&note.path));
    notes.flat_map(|note| &note.imports).map(|import| import.module.as_str()).collect()
}

/// The packages that depend on Next.js.
fn next_of(notes: &[FileNotes]) -> next::Input {
    let packages = layout::manifests(notes).filter(|(_, manifest)| manifest.ecosystem == "npm");
    let packages = packages.filter_map(|(note, manifest)| {
        let next = manifest.dependencies.iter().find(|dependency| dependency.name == "next")?;
        Some(next::Package { folder: layout::folder(&note.path).to_owned(), next: next.version.clone() })
    });
    next::Input { packages: packages.collect(), ..next::Input::default() }
}

fn supabase_of(notes: &[FileNotes]) -> supabase::Input {
    supabase::Input {
        configs: notes.iter().filter_map(|note| note.edge_functions.clone()).collect(),
        unchecked: notes.iter().flat_map(|note| note.unchecked.iter().cloned()).collect(),
    }
}

fn route(code: &Code, declared: &Declared<'_>, judged: &Judged, reached: &Reach) -> Route {
    let module = code.module(declared.module);
    let kind = match declared.kind {
        _ if judged.is_webhook => RouteKind::Webhook,
        "action" => RouteKind::Action,
        "procedure" => RouteKind::Procedure,
        "edge-function" => RouteKind::EdgeFunction,
        "page" => RouteKind::Page,
        _ => RouteKind::Http,
    };
    let mut route = Route {
        file: module.path.clone(),
        line: declared.line,
        method: method(&declared.method),
        path: excerpt(&declared.path),
        framework: declared.framework.to_owned(),
        kind,
        reachable: answer(reached.answer),
        guards: judged.guards.iter().map(|guard| named(code, guard)).collect(),
        roles: judged.roles.iter().map(|role| excerpt(role)).collect(),
        authenticated: authenticated(judged.authenticated),
        authorized: answer(judged.authorized),
        validated: answer(judged.validated),
        rate_limited: answer(judged.rate_limited),
        logged: answer(judged.logged),
        handles_failure: answer(judged.handles_failure),
        signature_verified: answer(judged.signature_verified),
        effects: judged.effects.iter().map(|one| effect(code, one)).collect(),
        holes: judged.holes.iter().map(|one| hole(code, one)).collect(),
        tells_inside: judged
            .evidence
            .iter()
            .any(|one| one.cell == "handles_failure" && one.says == judged::TELLS_INSIDE),
        tells_data: judged
            .evidence
            .iter()
            .any(|one| one.cell == "authenticated" && one.says == judged::TELLS_DATA),
        parsed: module.broken.is_none(),
        ..Route::default()
    };
    if !route.parsed {
        nothing_known(&mut route);
        return route;
    }
    for (names, module, line) in &judged.asks {
        for name in names {
            let file = &code.module(*module).path;
            route.evidence.push(Evidence::of_item(
                "roles",
                name,
                file,
                *line,
                &format!("it asks for {name}"),
            ));
        }
    }
    let path = |module: Option<ModuleId>| module.map_or(String::new(), |id| code.module(id).path.clone());
    route.evidence.extend(judged.evidence.iter().map(|one| match one.module {
        Some(_) => Evidence::new(one.cell, &path(one.module), one.line, &one.says),
        // What speaks of no place in the code speaks of the route.
        None => Evidence::new(one.cell, &module.path, declared.line, &one.says),
    }));
    complete(&mut route, declared);
    match route.reachable {
        Answer::Yes => {}
        Answer::Unknown => route.unknowns.push(Unknown::new("reachable", &reached.says)),
        _ => route.evidence.push(Evidence::new("reachable", &route.file, route.line, &reached.says)),
    }
    route
}

/// Adds what rules and readers rely on: a place for every cell, for every hole and effect, and a reason for what is
/// unknown.
fn complete(route: &mut Route, declared: &Declared<'_>) {
    match &declared.gate {
        Gate::Off { file, line } | Gate::Token { file, line } if *line > 0 => {
            let off = matches!(declared.gate, Gate::Off { .. });
            let says = if off {
                "the platform's check of a token is switched off"
            } else {
                "the platform asks for a token"
            };
            let place = (file.as_str(), *line);
            if !route
                .evidence
                .iter()
                .any(|one| one.cell == "authenticated" && (one.file.as_str(), one.line) == place)
            {
                route.evidence.push(Evidence::new("authenticated", file, *line, says));
            }
        }
        _ => {}
    }
    for hole in &route.holes {
        let cell = format!("holes[{}]", hole.pattern);
        route.evidence.push(Evidence::new(&cell, &hole.file, hole.line, hole.says.as_str()));
    }
    for effect in &route.effects {
        let says = match effect.target.as_str() {
            "" => effect.kind.clone(),
            target => format!("{} {target}", effect.kind),
        };
        route.evidence.push(Evidence::new(&format!("effects[{says}]"), &effect.file, effect.line, &says));
    }
    for effect in route.effects.iter().filter(|effect| effect.kind == "request" && effect.which == "chosen") {
        let says = "the request names the address";
        route.evidence.push(Evidence::new("fetches_any", &effect.file, effect.line, says));
        route.fetches_any = true;
    }
    for guard in &route.guards {
        route.evidence.push(Evidence::new("guards", &guard.file, guard.line, guard.name.as_str()));
    }
    let says = format!("{} {}", route.method, route.path);
    for cell in CELLS {
        if !route.evidence.iter().any(|one| one.cell == *cell) {
            route.evidence.push(Evidence::new(cell, &route.file, route.line, &says));
        }
        if is_unknown(route, cell) {
            let told: Vec<String> = route
                .evidence
                .iter()
                .filter(|one| one.cell == *cell)
                .map(|one| one.says.as_str().to_owned())
                .collect();
            let reason = told.into_iter().find(|told| *told != says).unwrap_or_else(|| NO_REASON.to_owned());
            route.unknowns.push(Unknown::new(cell, &reason));
        }
    }
}

/// The cells of the matrix, in its order.
pub const CELLS: &[&str] = &[
    "authenticated",
    "authorized",
    "validated",
    "rate_limited",
    "logged",
    "handles_failure",
    "signature_verified",
];

fn is_unknown(route: &Route, cell: &str) -> bool {
    let answer = match cell {
        "authenticated" => return route.authenticated == Authenticated::Unknown,
        "authorized" => route.authorized,
        "validated" => route.validated,
        "rate_limited" => route.rate_limited,
        "logged" => route.logged,
        "handles_failure" => route.handles_failure,
        _ => route.signature_verified,
    };
    answer == Answer::Unknown
}

/// A route of which only its place is known.
fn nothing_known(route: &mut Route) {
    *route = Route {
        app: std::mem::take(&mut route.app),
        file: std::mem::take(&mut route.file),
        line: route.line,
        method: std::mem::take(&mut route.method),
        path: std::mem::take(&mut route.path),
        framework: std::mem::take(&mut route.framework),
        kind: route.kind,
        parsed: false,
        ..Route::default()
    };
    for cell in CELLS.iter().copied().chain(["reachable"]) {
        route.unknowns.push(Unknown::new(cell, BROKEN));
        route.evidence.push(Evidence::new(cell, &route.file, route.line, "the file does not parse"));
    }
}

/// Routes in files that do not parse: what stands at a route's place is there already, as one route for all methods, and
/// gets its methods; what else looks like a declaration is added.
fn salvaged(input: &Input<'_>, routes: &mut Vec<Route>) {
    let whole: BTreeMap<String, Route> = routes
        .iter()
        .filter(|route| !route.parsed && route.framework == "next" && route.method == "ANY")
        .map(|route| (route.file.clone(), route.clone()))
        .collect();
    let mut added: Vec<Route> = Vec::new();
    for note in input.notes.iter().filter(|note| !note.salvaged.is_empty()) {
        let whole = whole.get(&note.path);
        added.extend(note.salvaged.iter().filter_map(|found| salvage(note, found, whole)));
    }
    let known: BTreeSet<(String, u32)> =
        routes.iter().map(|route| (route.file.clone(), route.line)).collect();
    let told: BTreeSet<String> =
        added.iter().filter(|route| route.kind == RouteKind::Http).map(|route| route.file.clone()).collect();
    routes.retain(|route| !(told.contains(&route.file) && whole.contains_key(&route.file)));
    added.retain(|route| {
        whole.contains_key(&route.file) || !known.contains(&(route.file.clone(), route.line))
    });
    routes.extend(added);
}

/// One of them. `whole`: what is known of the file's place.
fn salvage(note: &FileNotes, found: &SalvagedNote, whole: Option<&Route>) -> Option<Route> {
    let imports = |name: &str| note.imports.iter().any(|import| import.module.contains(name));
    let is_address = |file: &str| file.rsplit('/').next().is_some_and(|name| name.starts_with("route."));
    let (framework, method, path) = match (found.on.as_str(), found.method.as_str()) {
        ("", "USE SERVER") => ("next", "ACTION", excerpt(&found.path)),
        ("", "DEFAULT") => ("next", "ANY", whole.filter(|_| !is_address(&note.path))?.path.clone()),
        ("", method) => ("next", method, whole.filter(|_| is_address(&note.path))?.path.clone()),
        ("@", method) => (imports("@nestjs/").then_some("nestjs")?, method, excerpt(&found.path)),
        (_, method) => {
            let framework = ["express", "hono", "fastify"].into_iter().find(|name| imports(name))?;
            (framework, method, excerpt(&found.path))
        }
    };
    let kind = if method == "ACTION" { RouteKind::Action } else { RouteKind::Http };
    let mut route = Route {
        file: note.path.clone(),
        line: found.line,
        method: method.to_owned(),
        path,
        framework: framework.to_owned(),
        kind,
        ..Route::default()
    };
    nothing_known(&mut route);
    Some(route)
}

fn number_twins(routes: &mut [Route]) {
    let mut seen: BTreeMap<(String, String, String), u32> = BTreeMap::new();
    for route in routes {
        let key = (route.method.clone(), route.path.as_str().to_owned(), route.file.clone());
        let count = seen.entry(key).or_default();
        route.twin = *count;
        *count += 1;
    }
}

/// A method is a short word; what is none is all of them.
fn method(text: &str) -> String {
    let plain =
        !text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    if plain { text.to_ascii_uppercase() } else { "ANY".to_owned() }
}

fn place(code: &Code, id: ModuleId) -> &Module {
    code.module(id)
}

fn named(code: &Code, guard: &judged::Named) -> RouteGuard {
    RouteGuard { name: excerpt(&guard.name), file: place(code, guard.module).path.clone(), line: guard.line }
}

fn effect(code: &Code, effect: &judged::Effect) -> RouteEffect {
    RouteEffect {
        kind: known(EFFECTS, effect.kind, "other"),
        target: excerpt(&effect.target),
        client: known(CLIENTS, effect.client, "unknown"),
        file: place(code, effect.module).path.clone(),
        line: effect.line,
        guarded: effect.guarded,
        which: known(WHICH, effect.which, ""),
        action: known(ACTIONS, effect.action, ""),
        resource: excerpt(&effect.resource),
        callers: known(CALLERS, effect.callers, "unknown"),
        bound: effect.bound,
        roles: effect.roles.iter().map(role_ask).collect(),
    }
}

fn role_ask(ask: &judged::RoleAsk) -> RoleAsk {
    RoleAsk { names: ask.names.iter().map(|name| excerpt(name)).collect(), refused: ask.refused }
}

fn hole(code: &Code, hole: &judged::Hole) -> RouteHole {
    RouteHole {
        pattern: known(HOLES, hole.pattern, "other"),
        file: place(code, hole.module).path.clone(),
        line: hole.line,
        says: excerpt(&hole.says),
    }
}

/// A word that rules know.
fn known(words: &[&str], word: &str, other: &str) -> String {
    if words.contains(&word) { word.to_owned() } else { other.to_owned() }
}

fn answer(cell: Cell) -> Answer {
    match cell {
        Cell::Yes => Answer::Yes,
        Cell::No => Answer::No,
        Cell::Partial => Answer::Partial,
        Cell::Unknown => Answer::Unknown,
        Cell::Na => Answer::Na,
    }
}

fn authenticated(told: judged::Authenticated) -> Authenticated {
    match told {
        judged::Authenticated::Yes => Authenticated::Yes,
        judged::Authenticated::No => Authenticated::No,
        judged::Authenticated::Partial => Authenticated::Partial,
        judged::Authenticated::Gateway => Authenticated::Gateway,
        judged::Authenticated::Public => Authenticated::Public,
        judged::Authenticated::Unknown => Authenticated::Unknown,
    }
}
