//! The map as data.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::facts::Facts;
use crate::facts::kinds::{ACTIONS, May, Permission};
use crate::secrets::Excerpt;

/// A role that has a column of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Column {
    /// What declares it; `""` where it is only asked for.
    pub set: Excerpt,
    /// The role.
    pub role: Excerpt,
}

/// One action on one thing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MapRow {
    /// To what.
    pub resource: Excerpt,
    /// What is done.
    pub action: String,
    /// Whether anyone may.
    pub anyone: May,
    /// Whether any signed-in user may.
    pub signed_in: May,
    /// Whether that is bound to what belongs to them.
    pub own: bool,
    /// Whether each role may, in the order of [`AppMap::columns`].
    pub roles: Vec<May>,
    /// Whether a machine with a secret may.
    pub machine: May,
    /// Whether an AI tool does it.
    pub agent: May,
}

/// The map of one app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AppMap {
    /// The app.
    pub app: String,
    /// `roles`, `unasked`, `signed-in`, `unknown`; `""` where nobody signs in.
    pub model: String,
    /// The roles that there are, whether or not they are asked for.
    pub roles: Vec<Excerpt>,
    /// Routes that ask who is calling.
    pub signed_in_routes: u32,
    /// Of those, the ones that ask for a role.
    pub role_routes: u32,
    /// Whether policies of the database ask for roles.
    pub policies: bool,
    /// Roles about which any row says something.
    pub columns: Vec<Column>,
    /// Whether machines have a column.
    pub machines: bool,
    /// Whether AI tools have one.
    pub agents: bool,
    /// By thing and action.
    pub rows: Vec<MapRow>,
    /// AI tools that act, by name.
    pub tools: Vec<Excerpt>,
}

/// Who may do what, app by app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PermissionMap {
    /// Apps with anything to do in them.
    pub apps: Vec<AppMap>,
}

impl PermissionMap {
    /// The map of what is known.
    pub fn of(facts: &Facts) -> Self {
        let apps: BTreeSet<&str> = facts.permissions.iter().map(|one| one.app.as_str()).collect();
        Self { apps: apps.into_iter().map(|app| map(facts, app)).collect() }
    }
}

fn map(facts: &Facts, app: &str) -> AppMap {
    let of_app: Vec<&Permission> = facts.permissions.iter().filter(|one| one.app == app).collect();
    // The roles of a set have columns where a row tells one of them from whoever is signed in.
    let tells = |one: &&Permission, set: &Excerpt| {
        one.roles.iter().any(|role| role.set == *set && role.may != May::Unknown && role.may != one.signed_in)
    };
    let columns: Vec<Column> = of_app
        .first()
        .iter()
        .flat_map(|one| &one.roles)
        .filter(|role| of_app.iter().any(|one| tells(one, &role.set)))
        .map(|role| Column { set: role.set.clone(), role: role.role.clone() })
        .collect();
    let rows = of_app
        .iter()
        .map(|one| MapRow {
            resource: one.resource.clone(),
            action: one.action.clone(),
            anyone: one.anyone,
            signed_in: one.signed_in,
            own: one.own,
            roles: columns
                .iter()
                .map(|column| {
                    let known =
                        one.roles.iter().find(|role| role.set == column.set && role.role == column.role);
                    known.map_or(May::Unknown, |role| role.may)
                })
                .collect(),
            machine: one.machine,
            agent: one.agent,
        })
        .collect::<Vec<_>>();
    let model = facts.access_models.iter().find(|model| model.app == app);
    let tools = facts.ai_tools.iter().filter(|tool| tool.app == app && tool.acts);
    let mut map = AppMap {
        app: app.to_owned(),
        machines: rows.iter().any(|row| row.machine == May::Allowed),
        agents: rows.iter().any(|row| row.agent == May::Allowed),
        columns,
        rows,
        tools: tools.map(|tool| tool.name.clone()).collect(),
        ..AppMap::default()
    };
    if let Some(model) = model {
        map.model.clone_from(&model.model);
        map.roles.clone_from(&model.roles);
        (map.signed_in_routes, map.role_routes) = (model.signed_in_routes, model.role_routes);
        map.policies = model.policies;
    }
    let place = |action: &str| ACTIONS.iter().position(|known| *known == action);
    map.rows.sort_by(|a, b| {
        (a.resource.as_str(), place(&a.action)).cmp(&(b.resource.as_str(), place(&b.action)))
    });
    map
}
