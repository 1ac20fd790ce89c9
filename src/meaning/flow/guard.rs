//! Guards that are met, and what their success is worth.

use std::rc::Rc;

use super::Flow;
use super::facts::{Fact, Facts, GuardId};
use super::library::name_of;
use super::origin::Origin;
use super::trace::GuardUse;
use super::value::{Symbol, Value};
use crate::meaning::symbols::{Condition, Found, How, Proof, What};

impl<'c> Flow<'c> {
    /// A guard is called.
    pub(super) fn guard(&mut self, symbol: &Symbol<'c>, found: &Found, awaits: bool) {
        let Some(guard) = &found.entry().guard else { return };
        let worth = self.worth(symbol, found);
        let holds = |flow: &Self, all: &'static [Condition]| {
            all.iter().any(|c| flow.holds(c, symbol, found) == Some(true))
        };
        let throws =
            (guard.how == How::Throws || holds(self, &guard.throws_if)) && !holds(self, &guard.result_if);
        let by = self.met(symbol, found, worth, throws);
        if self.is_off(symbol, found) {
            return;
        }
        if guard.promise && !awaits && guard.answer.is_none() {
            self.met_before(by).is_forgotten = Some(true);
            return;
        }
        if let Some(answer) = &guard.answer {
            let function = self.values_at(&answer.function, symbol, found).into_iter().next();
            if let Some(Value::Function(closure)) = function {
                let mut held = Facts::default();
                held.add(Fact::Is(guard.what, worth), Some(by));
                let result = Value::Symbol(Rc::new(symbol.clone()));
                let params = self.code.function(closure.at).params.len().clamp(2, 8);
                let mut args = vec![Value::Unknown; params];
                let none = Facts::default();
                if let Some(slot) = args.get_mut(answer.error as usize) {
                    let failure = Self::object_of(vec![("message", Value::Caught)]);
                    *slot = Value::either((failure, none.clone()), (Value::Null, held.clone()));
                }
                // Where there was no error there is a value: asking either tells.
                if let Some(slot) = args.get_mut(answer.value as usize) {
                    *slot = Value::either((Value::Undefined, none), (result, held));
                }
                self.enter(&closure, args, true);
                return;
            }
        }
        let has_role = self.has_role_option(symbol, found);
        if throws && let Some(mut state) = self.state.take() {
            state.facts.add(Fact::Is(guard.what, worth), Some(by));
            if guard.what == What::Identity && has_role {
                state.facts.add(Fact::Is(What::Role, worth), Some(by));
            }
            if has_role || guard.what == What::Role {
                self.has_asked(symbol, worth, &mut state);
            }
            self.state = Some(state);
        }
    }

    /// Remembers that a guard was met, and says which it is.
    pub(super) fn meet(&mut self, mut guard: GuardUse) -> GuardId {
        let key = (guard.module, guard.line, guard.what, guard.proof, guard.name.clone());
        let next = self.guards.len();
        let at = *self.guard_ids.entry(key).or_insert(next);
        guard.id = GuardId::try_from(at).unwrap_or(GuardId::MAX);
        if at == next {
            self.guards.push(guard.clone());
        }
        let id = guard.id;
        self.trace.guard(guard);
        id
    }

    /// A guard that was met, to add what else turned out.
    pub(super) fn met_before(&mut self, id: GuardId) -> &mut GuardUse {
        let at = self.trace.guards.iter().position(|guard| guard.id == id).unwrap_or_else(|| {
            // It was met before the call that is gone through now.
            let first = self.guards[id as usize].clone();
            let order = self.trace.guards.len() + self.trace.effects.len();
            self.trace.guards.push(GuardUse { is_checked: false, is_elsewhere: true, order, ..first });
            self.trace.guards.len() - 1
        });
        &mut self.trace.guards[at]
    }

    /// Remembers that a guard of the vocabulary was met.
    pub(super) fn met(
        &mut self,
        symbol: &Symbol<'c>,
        found: &Found,
        proof: Proof,
        is_checked: bool,
    ) -> GuardId {
        let what = self.what_of(symbol, found);
        let (module, line) = match found.call(&symbol.denoted.path) {
            Some((module, call)) => (module, call.line),
            None => self.site(),
        };
        let name = name_of(symbol, found.used);
        let guard = GuardUse::new(what, proof, name, (module, line), is_checked);
        let id = self.meet(guard);
        if is_checked {
            self.met_before(id).is_checked = true;
        }
        id
    }

    /// What a guard tells here. A password stands in a form. Another secret that is compared with the hash of the one that
    /// was given out is the key with which somebody asks.
    pub(super) fn what_of(&mut self, symbol: &Symbol<'c>, found: &Found) -> What {
        let Some(guard) = &found.entry().guard else { return What::Identity };
        if guard.what != What::Password || guard.of.is_none() {
            return guard.what;
        }
        let given = symbol.given.get(found.used).cloned().unwrap_or_default();
        let of = given.iter().fold(Origin::default(), |all, value| all.with(self.origin(value)));
        match of.has(Origin::BODY) || !of.any(Origin::HEADER.with(Origin::OPAQUE)) {
            true => What::Password,
            false => What::Equal,
        }
    }

    /// What a guard's success is worth here.
    pub(super) fn worth(&mut self, symbol: &Symbol<'c>, found: &Found) -> Proof {
        let Some(guard) = &found.entry().guard else { return Proof::Presence };
        if guard.proof != Proof::Verified
            && guard.verified_if.iter().any(|c| self.holds(c, symbol, found) == Some(true))
        {
            return Proof::Verified;
        }
        // What a layer left that was seen doing so.
        if guard.proof == Proof::Carried {
            self.hangs_on_state = true;
            let facts = self.state.as_ref().map(|state| state.facts.clone()).unwrap_or_default();
            if self.held(&facts, &Fact::Is(What::Identity, Proof::Verified)) {
                return Proof::Verified;
            }
        }
        guard.proof
    }

    pub(super) fn is_off(&self, symbol: &Symbol<'c>, found: &Found) -> bool {
        let off: &'static [Condition] = match &found.entry().guard {
            Some(guard) => &guard.off,
            None => return false,
        };
        off.iter().any(|condition| self.holds(condition, symbol, found) == Some(true))
    }

    pub(super) fn has_role_option(&self, symbol: &Symbol<'c>, found: &Found) -> bool {
        let role_if: &'static [Condition] = match &found.entry().guard {
            Some(guard) => &guard.role_if,
            None => return false,
        };
        role_if.iter().any(|condition| self.holds(condition, symbol, found) == Some(true))
    }
}
