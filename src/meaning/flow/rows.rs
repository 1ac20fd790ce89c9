//! Which rows are meant, where more than a filter tells.

use super::Flow;
use super::origin::Origin;
use super::value::{Symbol, Value};
use crate::code::{FunctionId, Root, Step};
use crate::meaning::symbols::{Found, Place};

impl<'c> Flow<'c> {
    /// What says which rows are meant.
    pub(super) fn conditions(&mut self, symbol: &Symbol<'c>, found: &Found) -> Vec<Value<'c>> {
        let places = found.entry().effect.as_ref().map_or(&[] as &[Place], |effect| &effect.filter);
        places.iter().flat_map(|place| self.conditions_at(place, symbol, found)).collect()
    }

    /// The same, of one place. A function (`where: (posts, { eq }) => eq(posts.userId, user.id)`) is what it gives.
    pub(super) fn conditions_at(
        &mut self,
        place: &'static Place,
        symbol: &Symbol<'c>,
        found: &Found,
    ) -> Vec<Value<'c>> {
        let values = self.values_at(place, symbol, found);
        let given = |flow: &mut Self, value: Value<'c>| match &value {
            Value::Function(closure) => {
                let table = Value::root(Root::Global("table".into()));
                let operators = Value::root(Root::Package("drizzle-orm".into()));
                let around = (closure.at.0, FunctionId(0));
                flow.apart(around, |flow| flow.enter(closure, vec![table, operators], true))
            }
            _ => value,
        };
        values.into_iter().map(|value| given(self, value)).collect()
    }

    /// Whether what is asked of a row is whether something that is read along, and is the caller's own, is there:
    /// `team.members.length` of `include: { members: { where: { userId } } }`. The list itself is always there.
    pub(super) fn asks_relation(&mut self, symbol: &Symbol<'c>, found: &Found) -> bool {
        let Some(effect) = &found.entry().effect else { return false };
        if effect.relations.is_empty() {
            return false;
        }
        let mut level: Vec<Value<'c>> = Vec::new();
        for place in &effect.relations {
            level.extend(self.values_at(place, symbol, found));
        }
        let mut is_own = false;
        for step in found.rest(&symbol.denoted.path).to_vec() {
            let Step::Member(name) = step else { return is_own && matches!(step, Step::Element) };
            let picks = name.bytes().all(|byte| byte.is_ascii_digit())
                || matches!(&*name, "length" | "at" | "find" | "some" | "pop" | "shift");
            if picks {
                return is_own;
            }
            let mut inner = Vec::new();
            for relations in std::mem::take(&mut level) {
                let relation = self.member(&relations, &name);
                let filter = self.member(&relation, &"where".into());
                is_own |= !matches!(filter, Value::Undefined | Value::Unknown)
                    && self.origin(&filter).any(Origin::MINE);
                for key in ["include", "select", "with"] {
                    match self.member(&relation, &key.into()) {
                        Value::Undefined => {}
                        value => inner.push(value),
                    }
                }
            }
            level = inner;
        }
        false
    }
}
