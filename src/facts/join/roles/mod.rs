//! Roles: which there are, where they are asked for, and who may do what.

mod declared;
mod map;

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::kinds::{AccessModel, Authenticated, Evidence, Role, Route, RouteEffect, Unknown};
use crate::facts::layout::app_of;
use crate::facts::role_names::is_permission;
use crate::facts::{Facts, Input};
use crate::secrets::excerpt;
use declared::Declared;

/// A place in the code.
type Place = (String, u32);

/// Fills `roles`, `permissions` and `access_models`.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let declared = declared::all(input);
    let asked = asked(facts);
    facts.roles = roles(facts, &declared, &asked);
    let columns = map::roles(facts, &declared.sets);
    facts.permissions = map::permissions(facts, &declared.sets, &columns);
    facts.access_models = models(facts, &declared);
}

/// Where each role is asked for, and by how many routes.
fn asked(facts: &Facts) -> BTreeMap<String, (BTreeSet<Place>, u32)> {
    let mut all: BTreeMap<String, (BTreeSet<Place>, u32)> = BTreeMap::new();
    for route in &facts.routes {
        let mut names = BTreeSet::new();
        for one in &route.evidence {
            let name = one.cell.strip_prefix("roles[").and_then(|rest| rest.strip_suffix(']'));
            if let Some(name) = name {
                all.entry(name.to_owned()).or_default().0.insert((one.file.clone(), one.line));
                names.insert(name);
            }
        }
        for name in names {
            all.entry(name.to_owned()).or_default().1 += 1;
        }
    }
    all
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

/// What is declared, and what is asked for and declared nowhere.
fn roles(facts: &Facts, declared: &Declared, asked: &BTreeMap<String, (BTreeSet<Place>, u32)>) -> Vec<Role> {
    let mut all = Vec::new();
    let with_places = |mut role: Role, name: &str| {
        for (other, (places, routes)) in asked {
            if other.eq_ignore_ascii_case(name) {
                role.checks += count(places.len());
                role.routes += routes;
                let at = |(file, line): &Place| {
                    Evidence::new("checks", file, *line, &format!("it asks for {name}"))
                };
                role.evidence.extend(places.iter().map(at));
            }
        }
        role
    };
    for set in &declared.sets {
        for name in &set.names {
            let says = format!("{} declares {name}", set.name);
            let role = Role {
                name: excerpt(name),
                kind: set.kind.to_owned(),
                set: excerpt(&set.name),
                declared: true,
                app: app_of(&facts.apps, &set.file),
                file: set.file.clone(),
                line: set.line,
                evidence: vec![Evidence::new("declared", &set.file, set.line, &says)],
                ..Role::default()
            };
            all.push(with_places(role, name));
        }
    }
    for (name, (places, _)) in asked {
        let Some((file, line)) = places.first() else { continue };
        if !declared.sets.iter().any(|set| set.has(name)) {
            let kind = if is_permission(name) { "permission" } else { "role" };
            let role = Role {
                name: excerpt(name),
                kind: kind.to_owned(),
                app: app_of(&facts.apps, file),
                file: file.clone(),
                line: *line,
                ..Role::default()
            };
            all.push(with_places(role, name));
        }
    }
    all.sort_by(|a, b| {
        (&a.file, a.line, a.set.as_str(), a.name.as_str()).cmp(&(
            &b.file,
            b.line,
            b.set.as_str(),
            b.name.as_str(),
        ))
    });
    // Two enums of one name are told by their files.
    let mut seen = BTreeMap::new();
    for role in &mut all {
        let twin = seen.entry((role.set.as_str().to_owned(), role.name.as_str().to_owned())).or_insert(0_u32);
        *twin += 1;
        if *twin > 1 {
            role.set = excerpt(&format!("{} ({})", role.set, role.file));
        }
    }
    all
}

fn asks_role(route: &Route) -> bool {
    let named = |effect: &RouteEffect| effect.roles.iter().any(|ask| !ask.names.is_empty());
    !route.roles.is_empty() || route.effects.iter().any(named)
}

/// A route that turns somebody away who is signed in, for a reason that could not be followed.
fn asks_something(route: &Route) -> bool {
    route.effects.iter().any(|effect| effect.callers == "role")
}

/// How each app with signed-in users tells what they may do.
fn models(facts: &Facts, declared: &Declared) -> Vec<AccessModel> {
    let mut apps: BTreeMap<&str, Vec<&Route>> = BTreeMap::new();
    for route in &facts.routes {
        if matches!(route.authenticated, Authenticated::Yes | Authenticated::Partial) {
            apps.entry(&route.app).or_default().push(route);
        }
    }
    apps.into_iter().map(|(app, routes)| model(facts, declared, app, &routes)).collect()
}

fn model(facts: &Facts, declared: &Declared, app: &str, routes: &[&Route]) -> AccessModel {
    let mut places: BTreeSet<Place> = BTreeSet::new();
    for one in routes.iter().flat_map(|route| &route.evidence).filter(|one| one.cell.starts_with("roles[")) {
        places.insert((one.file.clone(), one.line));
    }
    let files: BTreeSet<&str> = places.iter().map(|(file, _)| file.as_str()).collect();
    let role_routes = routes.iter().filter(|route| asks_role(route)).count();
    let of = |kind: &str| {
        let mut names: Vec<_> = facts
            .roles
            .iter()
            .filter(|role| role.kind == kind && (role.declared || role.checks > 0))
            .map(|role| role.name.clone())
            .collect();
        names.sort();
        names.dedup();
        names
    };
    let (roles, permissions) = (of("role"), of("permission"));
    let mut teams: Vec<_> = match declared.teams.is_empty() || declared.members.is_empty() {
        true => Vec::new(),
        false => declared.teams.iter().chain(&declared.members).map(|(name, ..)| excerpt(name)).collect(),
    };
    teams.sort();
    teams.dedup();
    let is_kept = !roles.is_empty() || !permissions.is_empty() || !declared.columns.is_empty();
    let model = match () {
        () if role_routes > 0 || !declared.policies.is_empty() => "roles",
        () if routes.iter().any(|route| asks_something(route)) => "unknown",
        () if is_kept => "unasked",
        () => "signed-in",
    };
    let mut evidence: Vec<Evidence> = Vec::new();
    if !teams.is_empty() {
        for (name, file, line) in declared.teams.iter().chain(&declared.members) {
            evidence.push(Evidence::new("teams", file, *line, &format!("{name} keeps who belongs together")));
        }
    }
    for set in &declared.sets {
        let says = format!("{}: {}", set.name, set.names.join(", "));
        evidence.push(Evidence::new("roles", &set.file, set.line, &says));
        evidence.push(Evidence::new("model", &set.file, set.line, &says));
    }
    for (file, line) in declared.columns.iter().take(20) {
        evidence.push(Evidence::new("model", file, *line, "a role is kept"));
    }
    for (file, line) in declared.policies.iter().take(20) {
        evidence.push(Evidence::new("policies", file, *line, "a policy asks for a role"));
    }
    for (file, line) in places.iter().take(200) {
        evidence.push(Evidence::new("checks", file, *line, "it asks for a role"));
    }
    let unknowns = match model {
        "unknown" => vec![Unknown::new("model", "what turns signed-in users away could not be followed")],
        _ => Vec::new(),
    };
    AccessModel {
        app: app.to_owned(),
        model: model.to_owned(),
        roles,
        permissions,
        teams,
        signed_in_routes: count(routes.len()),
        role_routes: count(role_routes),
        checks: count(places.len()),
        check_files: count(files.len()),
        policies: !declared.policies.is_empty(),
        evidence,
        unknowns,
    }
}
