//! What is known when something turns out to be so, or not.

use std::rc::Rc;

use super::Flow;
use super::facts::{Fact, Facts};
use super::member::place;
use super::origin::Origin;
use super::roles::hangs_on_role;
use super::state::{State, join};
use super::trace::Cause;
use super::value::{Test, Value};
use crate::code::{Expr, Name, Property, Step, SymbolId};

impl<'c> Flow<'c> {
    /// The same as [`Flow::refined`], and what the name in a condition is worth afterwards.
    pub(super) fn narrowed(
        &mut self,
        expr: &'c Expr,
        value: &Value<'c>,
        state: State<'c>,
        want: bool,
    ) -> Option<State<'c>> {
        let state = self.refined(value, state, want)?;
        let mut state = self.of_kind(expr, state, want);
        let module = self.module();
        let Some((symbol, path)) = way(expr) else { return Some(state) };
        let Some(value) = state.vars.get(&(module, symbol)).cloned() else { return Some(state) };
        if let Some((value, common)) = self.left_of(&value, &path, want) {
            state.facts.add_all(&common);
            state.set((module, symbol), value);
        }
        // `if (!req.user)`: what a layer left there.
        if let Value::Symbol(on) = value {
            let mut on = (*on).clone();
            for (at, name) in path.iter().enumerate() {
                on = on.then(Step::Member(name.clone()), Rc::from([]));
                let Some(place) = place(&on) else { break };
                let Some(left) = state.left.get(&place).cloned() else { continue };
                if let Some((value, common)) = self.left_of(&left, &path[at + 1..], want) {
                    state.facts.add_all(&common);
                    state.leave(place, value);
                }
            }
        }
        Some(state)
    }

    /// What is left of a value when what is at a path in it counts as true (or as false), and what holds then in any case.
    /// `None`, if that is all of it.
    fn left_of(&mut self, value: &Value<'c>, path: &[Name], want: bool) -> Option<(Value<'c>, Facts)> {
        match value {
            Value::OneOf(all) => {
                let mut kept = Vec::new();
                for (alternative, facts) in all.iter() {
                    let part = path.iter().fold(alternative.clone(), |part, name| self.member(&part, name));
                    if part.truth().is_none_or(|truth| truth == want) {
                        kept.push((alternative.clone(), facts.clone()));
                    }
                }
                let (_, first) = kept.first().filter(|_| kept.len() < all.len())?;
                let common = kept.iter().fold(first.clone(), |known, (_, facts)| known.both(facts));
                Some((Value::one_of(kept), common))
            }
            // `if (!ctx.user)`.
            Value::Object(object) => {
                let (name, rest) = path.split_first()?;
                let at = object.entries.iter().rposition(|(known, _)| known == name)?;
                let (left, common) = self.left_of(&object.entries[at].1, rest, want)?;
                let mut object = (**object).clone();
                object.entries[at].1 = left;
                Some((Value::Object(Rc::new(object)), common))
            }
            _ => None,
        }
    }

    /// What is known if a value counts as true (or as false). `None`, if it can't.
    pub(super) fn refined(&mut self, value: &Value<'c>, state: State<'c>, want: bool) -> Option<State<'c>> {
        self.refine(value, state, want, 0)
    }

    pub(super) fn refine(
        &mut self,
        value: &Value<'c>,
        mut state: State<'c>,
        want: bool,
        deep: u32,
    ) -> Option<State<'c>> {
        if let Some(truth) = value.truth() {
            return (truth == want).then_some(state);
        }
        if deep > 24 || !self.pay() {
            return Some(state);
        }
        match value {
            Value::OneOf(all) => {
                let mut joined: Option<State<'c>> = None;
                for (value, facts) in all.iter() {
                    let mut state = state.clone();
                    state.facts.add_all(facts);
                    let one = self.refine(value, state, want, deep + 1);
                    let line = self.line;
                    self.compare(joined.as_ref(), one.as_ref(), Cause::Branch, Origin::default(), line);
                    joined = join(joined, one);
                }
                joined
            }
            Value::Test(test) => match &**test {
                Test::Not(inner) => self.refine(inner, state, !want, deep + 1),
                Test::Equal(a, b) => self.equal(a, b, state, want, deep),
                Test::In(a, b) => self.included(a, b, state, want),
                Test::And(a, b) => self.both(a, b, state, want, deep),
                Test::Or(a, b) => self.both_not(a, b, state, want, deep),
                Test::About(values) => {
                    for value in values {
                        self.touch(value);
                    }
                    if values.iter().any(hangs_on_role) {
                        state.facts.add(Fact::role_in(Vec::new()), None);
                    }
                    Some(state)
                }
            },
            Value::Symbol(symbol) => {
                self.touch(value);
                self.tells(symbol, &mut state, want);
                if let Some(name) = self.environment(value) {
                    if !want && self.held(&state.facts, &Fact::Set(name.clone())) {
                        return None;
                    }
                    if want {
                        state.facts.add(Fact::Set(name), None);
                    }
                }
                Some(state)
            }
            _ => {
                self.touch(value);
                Some(state)
            }
        }
    }

    fn both(
        &mut self,
        a: &Value<'c>,
        b: &Value<'c>,
        state: State<'c>,
        want: bool,
        deep: u32,
    ) -> Option<State<'c>> {
        let yes = self.refine(a, state.clone(), true, deep + 1);
        if want {
            return yes.and_then(|state| self.refine(b, state, true, deep + 1));
        }
        let no = self.refine(a, state, false, deep + 1);
        let other = yes.and_then(|state| self.refine(b, state, false, deep + 1));
        join(no, other)
    }

    fn both_not(
        &mut self,
        a: &Value<'c>,
        b: &Value<'c>,
        state: State<'c>,
        want: bool,
        deep: u32,
    ) -> Option<State<'c>> {
        let no = self.refine(a, state.clone(), false, deep + 1);
        if !want {
            return no.and_then(|state| self.refine(b, state, false, deep + 1));
        }
        let yes = self.refine(a, state, true, deep + 1);
        let other = no.and_then(|state| self.refine(b, state, true, deep + 1));
        join(yes, other)
    }

    /// Asks something, and tells what it was about: not what was asked before it.
    pub(super) fn question<T>(&mut self, ask: impl FnOnce(&mut Self) -> T) -> (T, Origin) {
        let before = std::mem::take(&mut self.touched);
        let answer = ask(self);
        let about = self.touched;
        self.touched = before.with(about);
        (answer, about)
    }

    /// Remembers what a question was about.
    pub(super) fn touch(&mut self, value: &Value<'c>) {
        let origin = self.origin(value);
        self.touched = self.touched.with(origin);
        if origin.has(Origin::ENVIRONMENT) {
            self.touched_environment = self.environment(value).or(self.touched_environment.take());
        }
    }

    /// The environment variable that a value is made of.
    pub(super) fn environment(&mut self, value: &Value<'c>) -> Option<Name> {
        match value {
            Value::Symbol(symbol) => {
                let found = self.lookup(symbol)?;
                let place = found.entry().env.as_ref()?;
                match self.values_at(place, symbol, &found).into_iter().next()? {
                    Value::Text(name) => Some(name),
                    _ => None,
                }
            }
            Value::Template(parts) => parts.1.clone().iter().find_map(|value| self.environment(value)),
            Value::OneOf(all) => all.clone().iter().find_map(|(value, _)| self.environment(value)),
            _ => None,
        }
    }

    /// The environment variable that a value is made of, also by calls: `new URL(process.env.APP_URL).origin`.
    pub(super) fn within(&mut self, value: &Value<'c>, deep: u32) -> Option<Name> {
        if let Some(name) = self.environment(value) {
            return Some(name);
        }
        let Value::Symbol(symbol) = value else { return None };
        let given: Vec<Value<'c>> =
            symbol.given.iter().flat_map(|given| given.iter()).take(8).cloned().collect();
        given.iter().filter(|_| deep < 4).find_map(|value| self.within(value, deep + 1))
    }

    /// What holds whichever alternative it is.
    pub(super) fn common(value: &Value<'c>) -> Facts {
        match value {
            Value::OneOf(all) => match all.split_first() {
                Some(((_, first), rest)) => rest.iter().fold(first.clone(), |known, (_, f)| known.both(f)),
                None => Facts::default(),
            },
            _ => Facts::default(),
        }
    }
}

/// `auth.error` of a name: the name, and the members.
pub(super) fn way(expr: &Expr) -> Option<(SymbolId, Vec<Name>)> {
    let mut names = Vec::new();
    let mut inner = expr;
    loop {
        match inner {
            Expr::Name(_, Some(symbol)) => {
                names.reverse();
                return Some((*symbol, names));
            }
            Expr::Member(member) => {
                let Property::Named(name) = &member.property else { return None };
                names.push(name.clone());
                inner = &member.object;
            }
            _ => return None,
        }
    }
}
