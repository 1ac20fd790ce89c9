//! How requests end.

use std::rc::Rc;

use super::Flow;
use super::compare::is_told_to_all;
use super::facts::Facts;
use super::origin::Origin;
use super::state::State;
use super::trace::End;
use super::value::{Response, Value};
use crate::code::{ModuleId, Root, Step};

/// So deep in each other are the parts of an answer that are looked at one by one.
const DEEPEST: u32 = 8;
/// So many alternatives of a part are looked at one by one.
const MOST_TOLD: usize = 6;

impl<'c> Flow<'c> {
    /// An answer was sent by a call.
    pub(super) fn sent(
        &mut self,
        value: &Value<'c>,
        status: Option<u16>,
        facts: Facts,
        module: ModuleId,
        line: u32,
    ) {
        let caught = self.state.as_ref().is_some_and(|state| state.caught);
        let state = State { facts, caught, sent: status.or(Some(0)), ..State::default() };
        self.end_with(false, value.clone(), state, module, line);
    }

    /// The request ends.
    pub(super) fn end(
        &mut self,
        throws: bool,
        value: Value<'c>,
        state: State<'c>,
        module: ModuleId,
        line: u32,
    ) {
        // What was sent is the end already.
        if state.sent.is_some() && !throws {
            return;
        }
        self.end_with(throws, value, state, module, line);
    }

    fn end_with(&mut self, throws: bool, value: Value<'c>, state: State<'c>, module: ModuleId, line: u32) {
        if let Value::OneOf(all) = &value {
            for (value, facts) in all.iter() {
                let mut state = state.clone();
                state.facts.add_all(facts);
                self.end_with(throws, value.clone(), state, module, line);
            }
            return;
        }
        if let Value::Response(response) = &value
            && let Some(Value::OneOf(all)) = &response.body
        {
            // `Response.json(team)`, where there is one only for who is signed in.
            for (body, facts) in all.iter() {
                let mut state = state.clone();
                state.facts.add_all(facts);
                let one = Response { body: Some(body.clone()), ..(**response).clone() };
                self.end_with(throws, Value::Response(Rc::new(one)), state, module, line);
            }
            return;
        }
        let denies = self.denies(throws, &value, &state);
        let status = match &value {
            Value::Response(response) => response.status,
            _ => None,
        };
        let status = state.sent.filter(|status| *status != 0).or(status);
        let body = self.told(&value, 0);
        let is_caught = matches!(&value, Value::Response(response) if response.caught);
        let refuses = match &value {
            Value::Object(object) => {
                object.get("error").is_some_and(|error| error.truth() != Some(false))
                    || matches!(object.get("success"), Some(Value::Bool(false)))
                    || matches!(object.get("ok"), Some(Value::Bool(false)))
            }
            _ => false,
        };
        let facts = self.with_base(&state.facts);
        let is_read = match &value {
            Value::Response(response) => response.body.as_ref().is_some_and(is_written),
            value => is_written(value),
        };
        self.trace.ends.push(End {
            is_read,
            status,
            denies,
            // In a `catch`, an answer with a status that isn't known tells of the failure.
            fails: throws
                || status.is_some_and(|status| status >= 400)
                || refuses
                || status.is_none() && (state.caught || is_caught || body.has(Origin::CAUGHT)),
            throws,
            facts,
            body,
            module,
            line,
        });
    }

    /// What an answer tells. That something is so, or is not, is not what it is made of; nor is what everybody may know.
    fn told(&mut self, value: &Value<'c>, deep: u32) -> Origin {
        if deep > DEEPEST {
            return self.origin(value);
        }
        match as_object(value) {
            Value::Response(response) => match &response.body {
                Some(body) => self.told(body, deep + 1),
                None => Origin::default(),
            },
            Value::Object(object) => {
                let entries = object.entries.iter().map(|(_, value)| value).chain(&object.rest);
                entries.fold(Origin::default(), |all, value| all.with(self.told(value, deep + 1)))
            }
            Value::OneOf(all) if all.len() <= MOST_TOLD => {
                let each = all.iter().map(|(value, _)| value);
                each.fold(Origin::default(), |all, value| all.with(self.told(value, deep + 1)))
            }
            Value::Test(_) => Origin::default(),
            Value::Symbol(_) if self.environment(value).is_some_and(|name| is_told_to_all(&name)) => {
                Origin::default()
            }
            _ => self.origin(value),
        }
    }
}

/// What is put into JSON.
fn as_object<'v, 'c>(value: &'v Value<'c>) -> &'v Value<'c> {
    let Value::Symbol(symbol) = value else { return value };
    match (&symbol.denoted.root, symbol.denoted.path.as_slice(), symbol.given.last().map(|given| &**given)) {
        (Root::Global(name), [Step::Member(method), Step::Call(..)], Some([inner, ..]))
            if &**name == "JSON" && &**method == "stringify" =>
        {
            inner
        }
        _ => value,
    }
}

/// Whether it is written down what an answer is made of.
fn is_written(value: &Value<'_>) -> bool {
    matches!(
        as_object(value),
        Value::Object(_) | Value::Text(_) | Value::Bool(_) | Value::Test(_) | Value::Number(_)
    )
}
