//! What is known at a place of a function.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::facts::Facts;
use super::value::Value;
use crate::code::{ModuleId, SymbolId};

/// What names have as values.
pub type Vars<'c> = Rc<BTreeMap<(ModuleId, SymbolId), Value<'c>>>;

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
        Rc::make_mut(&mut self.vars).insert(at, value);
    }

    /// Puts a value on something that comes from elsewhere.
    pub fn leave(&mut self, place: String, value: Value<'c>) {
        Rc::make_mut(&mut self.left).insert(place, value);
    }

    /// What is known where two ways come together.
    pub fn join(self, other: State<'c>) -> State<'c> {
        let facts = self.facts.both(&other.facts);
        let (mine, theirs) = (self.facts.without(&facts), other.facts.without(&facts));
        let vars = merge(&self.vars, &other.vars, &mine, &theirs, false);
        let left = merge(&self.left, &other.left, &mine, &theirs, true);
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

fn merge<'c, K: Ord + Clone>(
    one: &Rc<BTreeMap<K, Value<'c>>>,
    other: &Rc<BTreeMap<K, Value<'c>>>,
    mine: &Facts,
    theirs: &Facts,
    may_be_missing: bool,
) -> Rc<BTreeMap<K, Value<'c>>> {
    if Rc::ptr_eq(one, other) {
        return one.clone();
    }
    let mut all = BTreeMap::new();
    for (key, value) in one.iter() {
        let value = match other.get(key) {
            Some(same) if same.same(value) => value.clone(),
            Some(differs) => Value::either((value.clone(), mine.clone()), (differs.clone(), theirs.clone())),
            None if may_be_missing => {
                Value::either((value.clone(), mine.clone()), (Value::Undefined, theirs.clone()))
            }
            // A name that only one way has ends with it.
            None => value.clone(),
        };
        all.insert(key.clone(), value);
    }
    for (key, value) in other.iter().filter(|(key, _)| !one.contains_key(key)) {
        let value = match may_be_missing {
            true => Value::either((value.clone(), theirs.clone()), (Value::Undefined, mine.clone())),
            false => value.clone(),
        };
        all.insert(key.clone(), value);
    }
    Rc::new(all)
}
