//! Functions that are given to libraries, which call them: callbacks, and handlers within what a library makes of them.

use std::rc::Rc;

use super::Flow;
use super::facts::{Fact, Facts};
use super::library::name_of;
use super::member::place;
use super::trace::GuardUse;
use super::value::{From, Symbol, Value, Wrapped};
use crate::code::{Call, ModuleId, Step};
use crate::meaning::symbols::{Found, Proof, What};

impl<'c> Flow<'c> {
    /// Functions that are given and called by what is called.
    pub(super) fn call_back(
        &mut self,
        symbol: &Symbol<'c>,
        found: &Found,
        module: ModuleId,
        call: &'c Call,
    ) -> Option<Value<'c>> {
        let mut result = None;
        for callback in &found.entry().callback {
            for function in self.values_at(&callback.function, symbol, found) {
                let given: Vec<Value<'c>> =
                    callback.gives.iter().map(|head| self.gift(head, symbol)).collect();
                let value = self.apply(&function, given, call, module);
                result = Some(value.awaited());
            }
        }
        result
    }

    /// What a library gives to a function.
    fn gift(&mut self, head: &'static str, symbol: &Symbol<'c>) -> Value<'c> {
        if head.is_empty() {
            return Value::Unknown;
        }
        let mut value = Value::from(From::Head(head));
        if let Value::Symbol(inner) = &mut value {
            // The client of a transaction acts as the one that began it.
            Rc::make_mut(inner).acts = symbol.acts;
        }
        value
    }

    /// The function within what a library that nothing is known of makes of it, if it was given one and no more: it calls
    /// it for each request. It may turn callers away before, which can't be told.
    pub fn unwrapped(&mut self, value: &Value<'c>) -> Option<Value<'c>> {
        let Value::Symbol(symbol) = value else { return None };
        let Some(Step::Call(module, call)) = symbol.denoted.path.last() else { return None };
        if self.lookup(symbol).is_some() {
            return None;
        }
        let mut given =
            symbol.given.last()?.iter().filter(|arg| matches!(arg, Value::Function(_) | Value::Wrapped(_)));
        let (inner, None) = (given.next()?.clone(), given.next()) else { return None };
        self.decided((*module, call.line));
        Some(inner)
    }

    /// A handler is called within what a library makes of it.
    pub(super) fn enter_wrapped(&mut self, wrapped: &Wrapped<'c>, mut args: Vec<Value<'c>>) -> Value<'c> {
        let symbol = wrapped.by.clone();
        let Some(found) = self.lookup(&symbol) else { return Value::Unknown };
        let Some(wrapper) = &found.entry().wrapper else { return Value::Unknown };
        let off = wrapper.off.iter().any(|c| self.holds(c, &symbol, &found) == Some(true));
        let only = wrapper.only.iter().all(|c| self.holds(c, &symbol, &found) == Some(true));
        for callback in &found.entry().callback {
            for (at, head) in callback.gives.iter().enumerate() {
                if !head.is_empty() {
                    args.resize(args.len().max(at + 1), Value::Unknown);
                    args[at] = self.gift(head, &symbol);
                }
            }
        }
        let (module, line) = match found.call(&symbol.denoted.path) {
            Some((module, call)) => (module, call.line),
            None => self.site(),
        };
        let mut held = Facts::default();
        for what in wrapper.establishes.iter().filter(|_| !off && only) {
            let by = self.meet(GuardUse::new(
                *what,
                Proof::Verified,
                name_of(&symbol, found.used),
                (module, line),
                true,
            ));
            held.add(Fact::Is(*what, Proof::Verified), Some(by));
            if *what == What::Identity
                && wrapper.role_if.iter().any(|c| self.holds(c, &symbol, &found) == Some(true))
            {
                held.add(Fact::Is(What::Role, Proof::Verified), Some(by));
            }
        }
        if let Some(state) = &mut self.state {
            state.facts.add_all(&held);
        }
        for part in &wrapper.carries {
            let Some((first, path)) = part.0.split_first() else { continue };
            let Ok(at) = first.parse::<usize>() else { continue };
            let carried = Value::from(From::Principal);
            let carried = match wrapper.optional {
                true => {
                    let mut facts = Facts::default();
                    facts.add(Fact::Is(What::Identity, Proof::Verified), None);
                    Value::either((carried, facts), (Value::Undefined, Default::default()))
                }
                false => carried,
            };
            let Some(Value::Symbol(arg)) = args.get(at) else { continue };
            if let (Some(mut key), Some(state)) = (place(arg), &mut self.state) {
                path.iter().for_each(|name| {
                    key.push('.');
                    key.push_str(name);
                });
                state.leave(key, carried);
            }
        }
        let Some((Step::Call(module, call), handler)) =
            symbol.denoted.path.last().cloned().map(|step| (step, wrapped.handler.clone()))
        else {
            return Value::Unknown;
        };
        self.awaits = true;
        self.apply(&handler, args, call, module).awaited()
    }
}
