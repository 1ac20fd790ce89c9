//! How requests end.

use std::rc::Rc;

use super::Flow;
use super::facts::Facts;
use super::origin::Origin;
use super::state::State;
use super::trace::End;
use super::value::{Response, Value};
use crate::code::ModuleId;

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
        let body = self.origin(&value);
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
        self.trace.ends.push(End {
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
}
