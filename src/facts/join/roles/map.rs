//! The permission map: who may do what, over all routes that do it. A cell says what the checks on the way say, and nothing
//! where they don't.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::Set;
use crate::facts::Facts;
use crate::facts::kinds::{Evidence, May, Permission, RoleAsk, RoleMay, Route, RouteEffect, Unknown};
use crate::facts::role_names::is_flag;
use crate::secrets::excerpt;

/// A role of the map: of which set, and its name.
pub type Named = (String, String);

/// One way on which something is done.
type Way<'f> = (&'f Route, &'f RouteEffect);

/// The roles that stand in the map: those of every set of which any is asked for on the way of an effect, and those that are
/// asked for and declared nowhere. Sets without a name hold the latter.
pub fn roles(facts: &Facts, sets: &[Set]) -> BTreeSet<Named> {
    let mut all = BTreeSet::new();
    let asks = facts.routes.iter().flat_map(|route| &route.effects).flat_map(|effect| &effect.roles);
    for name in asks.flat_map(|ask| &ask.names) {
        let of: Vec<&Set> = sets.iter().filter(|set| set.has(name.as_str())).collect();
        for set in &of {
            all.extend(
                set.names.iter().filter(|_| set.kind == "role").map(|name| (set.name.clone(), name.clone())),
            );
        }
        // A permission is what a role is given, and no column of its own.
        if of.is_empty() && !crate::facts::role_names::is_permission(name.as_str()) {
            all.insert((String::new(), name.as_str().to_owned()));
        }
    }
    all
}

/// The map, by app, resource and action.
pub fn permissions(facts: &Facts, sets: &[Set], roles: &BTreeSet<Named>) -> Vec<Permission> {
    let mut rows: BTreeMap<(&str, &str, usize), Vec<Way<'_>>> = BTreeMap::new();
    let place = |action: &str| crate::facts::kinds::ACTIONS.iter().position(|known| *known == action);
    for route in &facts.routes {
        for effect in route.effects.iter().filter(|effect| !effect.resource.as_str().is_empty()) {
            if let Some(action) = place(&effect.action) {
                rows.entry((&route.app, effect.resource.as_str(), action)).or_default().push((route, effect));
            }
        }
    }
    let tools = facts.ai_tools.iter().flat_map(|tool| tool.effects.iter().map(move |effect| (tool, effect)));
    let mut by_tool: BTreeMap<(&str, &str, usize), Vec<_>> = BTreeMap::new();
    for (tool, effect) in tools.filter(|(_, effect)| !effect.resource.as_str().is_empty()) {
        if let Some(action) = place(&effect.action) {
            let key = (tool.app.as_str(), effect.resource.as_str(), action);
            rows.entry(key).or_default();
            by_tool.entry(key).or_default().push((tool, effect));
        }
    }
    rows.into_iter()
        .map(|((app, resource, action), ways)| {
            let tools = by_tool.remove(&(app, resource, action)).unwrap_or_default();
            let mut row = row(&ways, sets, roles);
            row.app = app.to_owned();
            row.resource = excerpt(resource);
            row.action = crate::facts::kinds::ACTIONS[action].to_owned();
            row.agent = if tools.is_empty() { May::Denied } else { May::Allowed };
            for (tool, effect) in tools {
                let says = format!("the AI tool {} does", tool.name);
                row.evidence.push(Evidence::new("agent", &effect.file, effect.line, &says));
                row.routes.push(excerpt(&format!("AI tool {}", tool.name)));
            }
            row.routes.dedup();
            row
        })
        .collect()
}

fn row(ways: &[Way<'_>], sets: &[Set], roles: &BTreeSet<Named>) -> Permission {
    let over = |each: &dyn Fn(&RouteEffect) -> May| {
        let all: Vec<May> = ways.iter().map(|(_, effect)| each(effect)).collect();
        match () {
            () if all.contains(&May::Allowed) => May::Allowed,
            () if all.contains(&May::Unknown) => May::Unknown,
            () => May::Denied,
        }
    };
    let mut row = Permission {
        anyone: over(&anyone),
        signed_in: over(&signed_in),
        machine: over(&|effect| match effect.callers.as_str() {
            "secret" => May::Allowed,
            "unknown" => May::Unknown,
            _ => May::Denied,
        }),
        roles: roles
            .iter()
            .map(|(set, name)| RoleMay {
                role: excerpt(name),
                set: excerpt(set),
                may: over(&|effect| role(effect, sets, set, name)),
            })
            .collect(),
        ..Permission::default()
    };
    let mut open = ways.iter().filter(|(_, effect)| signed_in(effect) == May::Allowed).peekable();
    row.own = open.peek().is_some() && open.all(|(_, effect)| effect.bound);
    for (route, effect) in ways {
        row.routes.push(route.name.clone());
        let says = format!("{} {} in {}", effect.action, effect.resource, route.name);
        for cell in ["anyone", "signed_in", "routes"] {
            row.evidence.push(Evidence::new(cell, &effect.file, effect.line, &says));
        }
    }
    row.evidence.dedup();
    let reason = |may: May, cell: &str, unknowns: &mut Vec<Unknown>| {
        if may == May::Unknown {
            unknowns.push(Unknown::new(cell, why(ways)));
        }
    };
    reason(row.anyone, "anyone", &mut row.unknowns);
    reason(row.signed_in, "signed_in", &mut row.unknowns);
    reason(row.machine, "machine", &mut row.unknowns);
    if let Some(one) = row.roles.iter().find(|one| one.may == May::Unknown) {
        reason(one.may, "roles", &mut row.unknowns);
    }
    row
}

/// Why a cell can't be told.
fn why(ways: &[Way<'_>]) -> &'static str {
    let any = |callers: &str| ways.iter().any(|(_, effect)| effect.callers == callers);
    if any("policies") {
        "row-level security of the database decides, and its policies are not read yet"
    } else if any("link") {
        "whoever was sent the link may"
    } else if any("role") {
        "which role is asked for could not be followed"
    } else {
        "the code that decides it could not be followed"
    }
}

fn anyone(effect: &RouteEffect) -> May {
    match effect.callers.as_str() {
        "anyone" => May::Allowed,
        "link" | "policies" | "unknown" => May::Unknown,
        _ => May::Denied,
    }
}

/// Whether whoever is signed in may, and has no role.
fn signed_in(effect: &RouteEffect) -> May {
    match effect.callers.as_str() {
        "anyone" | "signed-in" => May::Allowed,
        "link" | "policies" | "unknown" => May::Unknown,
        "role" if effect.roles.iter().any(|ask| !ask.refused && !ask.names.is_empty()) => May::Denied,
        "role" => May::Unknown,
        _ => May::Denied,
    }
}

/// Whether who has a role of a set may.
fn role(effect: &RouteEffect, sets: &[Set], set: &str, name: &str) -> May {
    match effect.callers.as_str() {
        "secret" => return May::Denied,
        "link" | "policies" | "unknown" => return May::Unknown,
        _ => {}
    }
    let all: Vec<May> = effect.roles.iter().map(|ask| answer(ask, sets, set, name)).collect();
    match () {
        () if all.contains(&May::Denied) => May::Denied,
        () if all.contains(&May::Unknown) => May::Unknown,
        () => May::Allowed,
    }
}

/// What one question says of who has a role.
fn answer(ask: &RoleAsk, sets: &[Set], set: &str, name: &str) -> May {
    let named = ask.names.iter().any(|one| one.as_str().eq_ignore_ascii_case(name));
    let home = home(ask, sets);
    let is_home = home.as_deref() == Some(set) && !(set.is_empty() && is_flag(name));
    match (ask.refused, named, is_home) {
        // Who has another role of the same set has not this one.
        (false, true, true) | (true, false, true) => May::Allowed,
        (false, false, true) if !set.is_empty() || !ask.names.iter().any(|one| is_flag(one.as_str())) => {
            May::Denied
        }
        (true, true, true) => May::Denied,
        // A flag is had or not, whatever else.
        (false, true, false) if is_flag(name) && ask.names.len() == 1 => May::Allowed,
        _ => May::Unknown,
    }
}

/// The one set to which all names of a question belong: `""` is that of names that are declared nowhere. `None`, if it can't
/// be told.
fn home(ask: &RoleAsk, sets: &[Set]) -> Option<String> {
    if ask.names.is_empty() {
        return None;
    }
    if ask.names.iter().all(|name| !sets.iter().any(|set| set.has(name.as_str()))) {
        return Some(String::new());
    }
    let mut whole = sets.iter().filter(|set| ask.names.iter().all(|name| set.has(name.as_str())));
    match (whole.next(), whole.next()) {
        (Some(set), None) => Some(set.name.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(callers: &str, roles: &[&[&str]]) -> RouteEffect {
        let ask = |names: &&[&str]| RoleAsk {
            names: names.iter().map(|name| excerpt(name.trim_start_matches('!'))).collect(),
            refused: names.iter().any(|name| name.starts_with('!')),
        };
        RouteEffect {
            callers: callers.to_owned(),
            roles: roles.iter().map(ask).collect(),
            ..RouteEffect::default()
        }
    }

    fn set(name: &str, names: &[&str]) -> Set {
        Set {
            name: name.to_owned(),
            kind: "role",
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Set::default()
        }
    }

    #[test]
    fn a_role_may_what_its_set_says_and_nothing_is_guessed() {
        let sets = [set("OrgRole", &["owner", "admin", "member"]), set("TeamRole", &["lead", "member"])];
        let asks = effect("role", &[&["owner", "admin"]]);
        assert_eq!(role(&asks, &sets, "OrgRole", "admin"), May::Allowed);
        assert_eq!(role(&asks, &sets, "OrgRole", "member"), May::Denied);
        assert_eq!(role(&asks, &sets, "TeamRole", "lead"), May::Unknown);
        assert_eq!((anyone(&asks), signed_in(&asks)), (May::Denied, May::Denied));
        // `member` is a role of both.
        assert_eq!(role(&effect("role", &[&["member"]]), &sets, "OrgRole", "owner"), May::Unknown);
        // Two questions, and each must be answered.
        let both = effect("role", &[&["owner", "admin"], &["owner"]]);
        assert_eq!(role(&both, &sets, "OrgRole", "admin"), May::Denied);
        // A question that was not understood leaves open what it asks.
        let unnamed = effect("role", &[&["owner"], &[]]);
        assert_eq!(role(&unnamed, &sets, "OrgRole", "owner"), May::Unknown);
        assert_eq!(role(&unnamed, &sets, "OrgRole", "member"), May::Denied);
        assert_eq!(signed_in(&effect("role", &[&[]])), May::Unknown);
        let refused = effect("signed-in", &[&["!lead"]]);
        assert_eq!(role(&refused, &sets, "TeamRole", "lead"), May::Denied);
        assert_eq!(role(&refused, &sets, "TeamRole", "member"), May::Allowed);
        assert_eq!(signed_in(&refused), May::Allowed);
        assert_eq!(role(&effect("secret", &[]), &sets, "OrgRole", "owner"), May::Denied);
        assert_eq!(role(&effect("policies", &[]), &sets, "OrgRole", "owner"), May::Unknown);
    }

    #[test]
    fn roles_that_are_declared_nowhere_are_told_from_flags() {
        let asks = effect("role", &[&["admin"]]);
        assert_eq!(role(&asks, &[], "", "editor"), May::Denied);
        assert_eq!(role(&asks, &[], "", "isOwner"), May::Unknown);
        let flag = effect("role", &[&["isAdmin"]]);
        assert_eq!(role(&flag, &[], "", "isAdmin"), May::Allowed);
        assert_eq!(role(&flag, &[], "", "editor"), May::Unknown);
    }
}
