//! Answers that are made or sent, and whether they turn the caller away.

use std::rc::Rc;

use super::facts::Facts;
use super::state::State;
use super::value::{Response, Symbol, Value};
use super::{Exit, Flow};
use crate::code::{Call, ModuleId, Step};
use crate::meaning::symbols::{self, Found, Takes};
use crate::words::has_one;

impl<'c> Flow<'c> {
    /// An answer is made or sent.
    pub(super) fn respond(
        &mut self,
        symbol: &Symbol<'c>,
        found: &Found,
        module: ModuleId,
        call: &'c Call,
    ) -> Option<Value<'c>> {
        let response = found.entry().response.as_ref()?;
        let mut status = None;
        for place in &response.status {
            for value in self.values_at(place, symbol, found) {
                status = status.or(match &value {
                    Value::Number(number) => Some(*number as u16),
                    Value::Text(name) => symbols::code(&response.codes, name),
                    Value::OneOf(all) => Some(one_failure(all).unwrap_or(0)),
                    _ => Some(0),
                });
            }
        }
        let status = match status {
            // A status that is computed isn't known.
            Some(0) => None,
            Some(status) => Some(status),
            None => response.fixed,
        };
        let body =
            response.body.iter().find_map(|place| self.values_at(place, symbol, found).into_iter().next());
        let location = response
            .location
            .as_ref()
            .and_then(|place| self.values_at(place, symbol, found).into_iter().next());
        let passes = response.takes == Takes::Passes;
        let caught = self.state.as_ref().is_some_and(|state| state.caught);
        let made = Value::Response(Rc::new(Response { status, passes, caught, location, body }));
        match response.takes {
            Takes::Returned | Takes::Thrown | Takes::Passes => Some(made),
            Takes::Throws => {
                self.exit(true, made, call.line);
                Some(Value::Unknown)
            }
            Takes::Sent => {
                let state = self.state.as_mut()?;
                // Of `res.status(401)`, said before, and `res.json(…)`.
                let own = symbol.denoted.path.iter().any(
                    |step| matches!(step, Step::Member(name) if matches!(&**name, "status" | "code" | "writeHead" | "sendStatus" | "redirect")),
                );
                let status = if own { status } else { state.status.or(status) };
                let first = state.sent.is_none();
                if first {
                    state.sent = Some(status.unwrap_or(0));
                    let facts = state.facts.clone();
                    self.sent(&made, status, facts, module, call.line);
                }
                // It ends the hook, however deep in it that is.
                if self.ends_by_sending
                    && let Some(mut state) = self.state.take()
                {
                    state.facts = self.with_base(&state.facts);
                    let Some(hook) = self.stack.get_mut(1) else { return Some(made) };
                    hook.exits.push(Exit { throws: false, value: made.clone(), state, line: call.line });
                }
                Some(made)
            }
            Takes::Set => {
                let state = self.state.as_mut()?;
                state.status = status;
                None
            }
        }
    }

    /// Whether an end turns the caller away.
    pub(super) fn denies(&self, throws: bool, value: &Value<'c>, state: &State<'c>) -> bool {
        let denial = |status: Option<u16>| matches!(status, Some(401 | 403));
        if denial(state.sent) {
            return true;
        }
        match value {
            Value::Response(response) => {
                denial(response.status)
                    || response.location.is_some() && !response.passes
                    || response.status.is_none() && says_no(response.body.as_ref())
                    || response.status == Some(500) && throws && says_no(response.body.as_ref())
            }
            Value::OneOf(all) => all.iter().all(|(value, _)| self.denies(throws, value, state)),
            Value::Object(object) => {
                let said =
                    ["error", "message", "serverError", "errors"].iter().find_map(|key| object.get(key));
                match said {
                    Some(Value::Text(_)) => says_no(said),
                    Some(Value::Response(inner)) => denial(inner.status),
                    _ => object.get("status").is_some_and(
                        |status| matches!(status, Value::Number(n) if *n == 401.0 || *n == 403.0),
                    ),
                }
            }
            _ => false,
        }
    }
}

/// Of several statuses that are all of failures one, and none that turns the caller away if there is another.
fn one_failure(all: &[(Value, Facts)]) -> Option<u16> {
    let status = |(value, _): &(Value, Facts)| match value {
        Value::Number(number) if (400.0..600.0).contains(number) => Some(*number as u16),
        _ => None,
    };
    let all: Vec<u16> = all.iter().map(status).collect::<Option<_>>()?;
    all.iter().find(|status| !matches!(status, 401 | 403)).or(all.first()).copied()
}

/// Whether a message says that whoever calls may not.
fn says_no(body: Option<&Value>) -> bool {
    let text = match body {
        Some(Value::Text(text)) => text,
        Some(Value::Object(object)) => {
            return ["error", "message"].iter().any(|key| says_no(object.get(key)));
        }
        _ => return false,
    };
    const WORDS: &[&str] = &[
        "unauthor",
        "not auth",
        "forbidden",
        "permission",
        "not allowed",
        "sign in",
        "signed in",
        "log in",
        "logged in",
        "unauthenticated",
        "access denied",
    ];
    has_one(text, WORDS)
}
