//! Which roles and permissions the caller was found to have, by name.

use std::rc::Rc;

use super::Flow;
use super::facts::{Fact, Facts};
use super::origin::Origin;
use super::state::State;
use super::tells::is_role;
use super::value::{Symbol, Value};
use crate::code::{BinaryOp, Expr, Name, Property, Step};
use crate::meaning::symbols::{Found, Proof, What};
use crate::words::has_one;

/// How many names one question may have.
const MOST_NAMES: usize = 24;

impl<'c> Flow<'c> {
    /// The caller has one of these roles: what was compared says whether it is about roles at all.
    pub(super) fn has_role(&mut self, compared: &Value<'c>, roles: &[Value<'c>], state: &mut State<'c>) {
        state.facts.add(Fact::Is(What::Role, Proof::Verified), None);
        let texts: Option<Vec<Name>> = roles.iter().map(text).collect();
        match texts.filter(|texts| (1..=MOST_NAMES).contains(&texts.len())) {
            Some(texts) if texts.iter().all(|text| is_about_role(compared, text)) => {
                self.has_named(texts, state)
            }
            None if names_role(compared, 0) => state.facts.add(Fact::role_in(Vec::new()), None),
            _ => {}
        }
    }

    /// The caller has one of these roles or permissions.
    pub(super) fn has_named(&mut self, names: Vec<Name>, state: &mut State<'c>) {
        let (module, line) = self.site();
        let asked = (names.clone(), module, line);
        if !self.trace.roles.contains(&asked) {
            self.trace.roles.push(asked);
        }
        state.facts.add(Fact::role_in(names), None);
    }

    /// A part of the caller that says what they may do is something: `user.isAdmin`. That there is a `role` says nothing.
    pub(super) fn has_part(&mut self, name: &Name, state: &mut State<'c>) {
        if is_flag(name) {
            self.has_named(vec![name.clone()], state);
        }
    }

    /// A library says that the caller has the role or permission that it was asked about.
    pub(super) fn has_asked(&mut self, symbol: &Symbol<'c>, worth: Proof, state: &mut State<'c>) {
        let names = asked_of_library(symbol);
        match (worth, names.is_empty()) {
            (Proof::Verified, false) => self.has_named(names, state),
            (Proof::Verified, true) => state.facts.add(Fact::role_in(names), None),
            _ => {}
        }
    }

    /// Whether a row that is written gives its owner rights over others, or those that the caller asks for.
    pub(super) fn grants(&mut self, symbol: &Symbol<'c>, found: &Found, table: &str) -> bool {
        if is_privileged(&table.to_ascii_lowercase()) {
            return true;
        }
        let Some(effect) = &found.entry().effect else { return false };
        let written: Vec<Value<'c>> =
            effect.values.iter().flat_map(|place| self.values_at(place, symbol, found)).collect();
        written.iter().any(|value| {
            let Value::Object(object) = value else { return false };
            object.entries.iter().filter(|(name, _)| is_role(name)).any(|(_, value)| match value {
                Value::Text(role) => is_privileged(&role.to_ascii_lowercase()),
                Value::Bool(is_one) => *is_one,
                value => {
                    let of = self.origin(value);
                    of.has(Origin::REQUEST) && !of.any(Origin::VALIDATED.with(Origin::STORED))
                }
            })
        })
    }

    /// The caller has not this role.
    pub(super) fn has_not_role(&mut self, compared: &Value<'c>, role: &Value<'c>, state: &mut State<'c>) {
        let Value::Text(role) = role else { return };
        if !is_about_role(compared, role) {
            return;
        }
        // Of a row that the request names it may be somebody else's role: an owner can't be removed by others.
        let of = self.origin(compared);
        if of.has(Origin::PRINCIPAL) || of.has(Origin::BOUND) && !of.any(Origin::ROW.with(Origin::REQUEST)) {
            state.facts.add(Fact::RoleNot(role.clone()), None);
        }
    }

    /// `PERMISSIONS[user.role]` of a table that is written down: one of its entries, each for who has that role.
    pub(super) fn by_role(&mut self, table: &Value<'c>, key: &Value<'c>) -> Option<Value<'c>> {
        let Value::Object(object) = table else { return None };
        // What the role was found to be, way by way.
        if let (Value::OneOf(all), true) = (key, hangs_on_role(key)) {
            let each = |(key, facts): &(Value<'c>, Facts)| match key {
                Value::Text(name) => Some((name.clone(), facts.clone())),
                _ => None,
            };
            let named: Vec<_> = all.iter().map(each).collect::<Option<_>>()?;
            let each = named.into_iter().map(|(name, facts)| (self.member(table, &name), facts));
            return Some(Value::one_of(each.collect()));
        }
        let is_table = object.rest.is_empty()
            && (1..super::value::MOST_ALTERNATIVES).contains(&object.entries.len())
            && object.entries.iter().all(|(name, _)| is_about_role(key, name));
        if !is_table || !self.origin(key).any(Origin::PRINCIPAL.with(Origin::BOUND)) {
            return None;
        }
        let entry = |(name, value): &(Name, Value<'c>)| {
            let mut facts = Facts::default();
            facts.add(Fact::Is(What::Role, Proof::Verified), None);
            facts.add(Fact::role_in(vec![name.clone()]), None);
            (value.clone(), facts)
        };
        let mut entries: Vec<_> = object.entries.iter().map(entry).collect();
        entries.push((Value::Undefined, Facts::default()));
        Some(Value::one_of(entries))
    }
}

/// `RANKS[user.role] >= 2`: the answer for each role; and `roles.length > 0` of a list that is written down. Nothing else is
/// compared: a number may change as it is counted up.
pub(super) fn ranked<'c>(op: BinaryOp, a: &Value<'c>, b: &Value<'c>, counted: bool) -> Option<Value<'c>> {
    if !counted && !hangs_on_role(a) && !hangs_on_role(b) {
        return None;
    }
    let each = |value: &Value<'c>| match value {
        Value::OneOf(all) => all.to_vec(),
        value => vec![(value.clone(), Facts::default())],
    };
    let mut answers = Vec::new();
    for (a, of_a) in &each(a) {
        for (b, of_b) in &each(b) {
            let answer = match (a, b) {
                (Value::Number(a), Value::Number(b)) => match op {
                    BinaryOp::Less => a < b,
                    BinaryOp::AtMost => a <= b,
                    BinaryOp::More => a > b,
                    _ => a >= b,
                },
                // Nothing is neither more nor less than a number.
                (Value::Undefined, Value::Number(_)) | (Value::Number(_), Value::Undefined) => false,
                _ => return None,
            };
            let mut facts = of_a.clone();
            facts.add_all(of_b);
            answers.push((Value::Bool(answer), facts));
        }
    }
    Some(Value::one_of(answers))
}

/// `list.length`.
pub(super) fn is_length(expr: &Expr) -> bool {
    matches!(expr, Expr::Member(member) if matches!(&member.property, Property::Named(name) if &**name == "length"))
}

/// Whether which of its alternatives a value is hangs on the role of who is calling.
pub(super) fn hangs_on_role(value: &Value) -> bool {
    matches!(value, Value::OneOf(all) if all.iter().any(|(_, facts)| facts.roles().next().is_some()))
}

/// The roles and permissions that a library is asked about: `has({ permission: "org:invoices:write" })`.
fn asked_of_library(symbol: &Symbol) -> Vec<Name> {
    let Some(given) = symbol.given.iter().rev().find(|given| !given.is_empty()) else { return Vec::new() };
    // Of several a word alone says half: `can("update", project)`.
    let whole = |value: &Value| {
        let names = texts(value);
        let full = given.len() == 1 || names.iter().all(|name| name.contains([':', '.']));
        if full { names } else { Vec::new() }
    };
    let of = |value: &Value| match value {
        Value::Text(_) | Value::List(..) => whole(value),
        Value::Object(object) => {
            object.entries.iter().find(|(name, _)| is_role(name)).map_or(Vec::new(), |(_, v)| texts(v))
        }
        _ => Vec::new(),
    };
    given.iter().map(of).find(|names| !names.is_empty()).unwrap_or_default()
}

/// The texts that a value is, or a list of texts. Nothing if anything else is in it.
pub(super) fn texts(value: &Value) -> Vec<Name> {
    match value {
        Value::Text(text) => vec![text.clone()],
        Value::List(items, true) if items.len() <= MOST_NAMES => {
            items.iter().map(text).collect::<Option<_>>().unwrap_or_default()
        }
        Value::Object(object) => object.get("in").map_or(Vec::new(), texts),
        _ => Vec::new(),
    }
}

fn text(value: &Value) -> Option<Name> {
    match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// Whether a part of a user with this name says by itself what they may do.
fn is_flag(name: &str) -> bool {
    let starts = |start: &str| name.get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start));
    ["is", "has", "can"].into_iter().any(starts) || !has_one(name, &["role", "permission", "scope"])
}

/// Whether a comparison of something with this text is about roles.
fn is_about_role(compared: &Value, role: &str) -> bool {
    !role.is_empty() && !role.contains(['@', ' ']) && (names_role(compared, 0) || is_privileged(role))
}

fn names_role(value: &Value, deep: u32) -> bool {
    match value {
        Value::Symbol(symbol) => symbol.denoted.path.iter().rev().take(6).any(|step| match step {
            Step::Member(name) => is_role(name),
            Step::Call(_, call) => {
                call.args.iter().any(|arg| matches!(arg, Expr::Text(text) if is_role(text)))
            }
            Step::Element => false,
        }),
        Value::List(items, _) if deep < 3 => items.iter().any(|item| names_role(item, deep + 1)),
        Value::OneOf(all) if deep < 3 => all.iter().any(|(value, _)| names_role(value, deep + 1)),
        _ => false,
    }
}

/// Whether a role with this name may do what others may not.
pub(super) fn is_privileged(role: &str) -> bool {
    const ROLES: &[&str] =
        &["admin", "root", "super", "staff", "internal", "service", "system", "moderator", "operator"];
    has_one(role, ROLES)
}

impl Fact {
    /// One of these.
    pub(super) fn role_in(mut names: Vec<Name>) -> Fact {
        names.sort_unstable();
        names.dedup();
        Fact::RoleIn(Rc::from(names))
    }

    /// What two facts about roles have in common, of which one or the other holds.
    pub(super) fn either_role(&self, other: &Fact) -> Option<Fact> {
        match (self, other) {
            (Fact::RoleIn(a), Fact::RoleIn(b)) if a.is_empty() || b.is_empty() => {
                Some(Fact::role_in(Vec::new()))
            }
            (Fact::RoleIn(a), Fact::RoleIn(b)) if a.len() + b.len() <= MOST_NAMES => {
                Some(Fact::role_in(a.iter().chain(b.iter()).cloned().collect()))
            }
            (Fact::RoleIn(some), Fact::RoleNot(name)) | (Fact::RoleNot(name), Fact::RoleIn(some)) => {
                (!some.is_empty() && !some.contains(name)).then(|| Fact::RoleNot(name.clone()))
            }
            _ => None,
        }
    }
}
