//! What is known at a place of a function.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::facts::Facts;
use super::value::Value;
use super::vars::{Vars, both};
use crate::code::{ModuleId, SymbolId};

/// What is known at a place.
#[derive(Debug, Clone, Default)]
pub struct State<'c> {
    /// What names have as values.
    pub vars: Vars<'c>,
    /// What was put on objects that come from elsewhere: `express-request.user`.
    pub left: Rc<BTreeMap<String, Value<'c>>>,
    /// What holds.
    pub facts: Facts,
    /// The status of the answer that was sent already, 0 if that isn't known.
    pub sent: Option<u16>,
    /// The status that was set and not yet sent.
    pub status: Option<u16>,
    /// Something failed before, and was caught.
    pub caught: bool,
    /// How many `try` with a `catch` that answers are around it.
    pub tried: u32,
}

impl<'c> State<'c> {
    /// Gives a name a value.
    pub fn set(&mut self, at: (ModuleId, SymbolId), value: Value<'c>) {
        self.vars.set(at, value);
    }

    /// Puts a value on something that comes from elsewhere.
    pub fn leave(&mut self, place: String, value: Value<'c>) {
        Rc::make_mut(&mut self.left).insert(place, value);
    }

    /// What is known where two ways come together.
    pub fn join(self, other: State<'c>) -> State<'c> {
        let facts = self.facts.both(&other.facts);
        let (mine, theirs) = (self.facts.without(&facts), other.facts.without(&facts));
        let either = |one: &Value<'c>, other: &Value<'c>| match one.same(other) {
            true => other.clone(),
            false => Value::either((one.clone(), mine.clone()), (other.clone(), theirs.clone())),
        };
        let vars = match self.vars.is(&other.vars) {
            true => self.vars,
            // A name that only one way has ends with it.
            false => both(&self.vars, &other.vars, |one, other| match (one, other) {
                (Some(one), Some(other)) => Some(either(one, other)),
                (one, other) => one.or(other).cloned(),
            }),
        };
        let left = match Rc::ptr_eq(&self.left, &other.left) {
            true => self.left,
            false => Rc::new(merged(&self.left, &other.left, either)),
        };
        let same = |a: Option<u16>, b: Option<u16>| if a == b { a } else { None };
        State {
            vars,
            left,
            facts,
            // Both ways answered, if with different words.
            sent: match (self.sent, other.sent) {
                (Some(a), Some(b)) => Some(if a == b { a } else { 0 }),
                _ => None,
            },
            status: same(self.status, other.status),
            caught: self.caught && other.caught,
            tried: self.tried.min(other.tried),
        }
    }
}

/// Two ways, each of which may not be there.
pub fn join<'c>(one: Option<State<'c>>, other: Option<State<'c>>) -> Option<State<'c>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.join(other)),
        (one, other) => one.or(other),
    }
}

/// What is left on either way: what only one has may not be there.
fn merged<'c>(
    one: &BTreeMap<String, Value<'c>>,
    other: &BTreeMap<String, Value<'c>>,
    either: impl Fn(&Value<'c>, &Value<'c>) -> Value<'c>,
) -> BTreeMap<String, Value<'c>> {
    let places = one.keys().chain(other.keys().filter(|place| !one.contains_key(*place)));
    places
        .map(|place| {
            let value =
                |left: &BTreeMap<String, Value<'c>>| left.get(place).cloned().unwrap_or(Value::Undefined);
            (place.clone(), either(&value(one), &value(other)))
        })
        .collect()
}
