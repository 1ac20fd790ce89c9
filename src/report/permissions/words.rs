//! The words of the map: few and plain, the same in every format.

use super::map::{AppMap, MapRow};
use crate::facts::kinds::May;

/// What the words mean.
pub const LEGEND: [(&str, &str); 6] = [
    ("yes", "gets past every check on the way that asks who somebody is and what they may do"),
    ("own", "the same, for what belongs to them or to what they belong to"),
    ("no", "is turned away on every way"),
    ("?", "can't be told from the code"),
    ("machine", "who has a shared secret or signs the request: a job, another service"),
    ("AI", "a tool that a language model calls"),
];

/// So many roles are named.
const MOST_ROLES: usize = 10;

fn word(may: May) -> &'static str {
    match may {
        May::Allowed => "yes",
        May::Denied => "no",
        May::Unknown => "?",
    }
}

/// The headings of the columns behind resource and action.
pub fn headings(map: &AppMap) -> Vec<String> {
    let mut all = vec!["anyone".to_owned(), "signed in".to_owned()];
    for column in &map.columns {
        let twin = map.columns.iter().filter(|other| other.role == column.role).count() > 1;
        all.push(if twin { format!("{}.{}", column.set, column.role) } else { column.role.to_string() });
    }
    all.extend(map.machines.then(|| "machine".to_owned()));
    all.extend(map.agents.then(|| "AI".to_owned()));
    all
}

/// The cells of a row, in the order of [`headings`].
pub fn cells(map: &AppMap, row: &MapRow) -> Vec<&'static str> {
    let own = |may: May| if may == May::Allowed && row.own { "own" } else { word(may) };
    let mut all = vec![word(row.anyone), own(row.signed_in)];
    all.extend(row.roles.iter().map(|may| match (row.signed_in, may) {
        (May::Allowed, May::Allowed) => own(*may),
        _ => word(*may),
    }));
    all.extend(map.machines.then(|| word(row.machine)));
    all.extend(map.agents.then(|| word(row.agent)));
    all
}

/// What there is of roles, in a sentence or two; `""` where nobody signs in.
pub fn said(map: &AppMap) -> String {
    let mut names: Vec<String> = map.roles.iter().map(ToString::to_string).collect();
    let more = names.len().saturating_sub(MOST_ROLES);
    names.truncate(MOST_ROLES);
    let names = match more {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    };
    let signed_in = match map.signed_in_routes {
        1 => "Of 1 route that asks who is calling".to_owned(),
        n => format!("Of {n} routes that ask who is calling"),
    };
    let asking = match map.role_routes {
        0 => "none asks for a role".to_owned(),
        1 => "1 asks for a role or a permission".to_owned(),
        n => format!("{n} ask for a role or a permission"),
    };
    let roles = if names.is_empty() { String::new() } else { format!("Roles: {names}. ") };
    let mut all = match map.model.as_str() {
        "roles" if map.role_routes == 0 => format!("{roles}Policies of the database ask for them."),
        "roles" => format!("{roles}{signed_in}, {asking}."),
        "unasked" if names.is_empty() => format!("A role is kept for each user. {signed_in}, {asking}."),
        "unasked" => format!("{roles}{signed_in}, {asking}."),
        "signed-in" => {
            format!("There are no roles. {signed_in}, each serves whoever is signed in.")
        }
        "unknown" => format!("{signed_in}, some turn users away in a way that could not be followed."),
        _ => String::new(),
    };
    if !map.tools.is_empty() {
        let tools: Vec<&str> = map.tools.iter().take(6).map(|tool| tool.as_str()).collect();
        let more = map.tools.len().saturating_sub(tools.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let space = if all.is_empty() { "" } else { " " };
        all.push_str(&format!("{space}AI tools that act: {}{more}.", tools.join(", ")));
    }
    all
}
