//! What may fail as a value: `Result` of byethrow, which has a `type` and a `value` or an `error`
//! (https://praha-inc.github.io/byethrow/).

use std::rc::Rc;

use super::Flow;
use super::facts::Facts;
use super::state::join;
use super::value::{Symbol, Test, Value};
use crate::code::{Call, Name, Root, Step};

const PACKAGE: &str = "@praha/byethrow";
const SUCCESS: &str = "Success";
const FAILURE: &str = "Failure";

/// A value, and what holds if it is that.
type Alternative<'c> = (Value<'c>, Facts);

impl<'c> Flow<'c> {
    /// What a function of the library gives. `None`: nothing is known of it, and what it is given may run.
    pub(super) fn of_result(
        &mut self,
        symbol: &Symbol<'c>,
        args: &[Value<'c>],
        call: &'c Call,
    ) -> Option<Value<'c>> {
        let first = args.first().cloned();
        match (operation(symbol)?, args) {
            ("succeed", _) => Some(success(first.unwrap_or(Value::Undefined))),
            ("fail", _) => Some(failure(first.unwrap_or(Value::Undefined))),
            ("try", _) => self.attempted(&first?),
            ("isSuccess", _) => is_of_kind(&first?, SUCCESS),
            ("isFailure", _) => is_of_kind(&first?, FAILURE),
            ("unwrap", [result]) => self.unwrapped_result(result),
            ("pipe", [result, operations @ ..]) => {
                let is_promise = matches!(result, Value::Promise(_));
                let mut result = result.awaited();
                for operation in operations {
                    result = self.operated(&result, operation, call);
                }
                Some(if is_promise { Value::Promise(Rc::new(result)) } else { result })
            }
            (name, [_]) if is_operation(name) => Some(Value::Symbol(Rc::new(symbol.clone()))),
            _ => None,
        }
    }

    /// `Result.try({ try, catch })`: with what it gives goes what held then. Whether it waits for a function says the type of
    /// what that gives, so a promise is one.
    fn attempted(&mut self, options: &Value<'c>) -> Option<Value<'c>> {
        let Value::Object(options) = options else { return None };
        let Some(Value::Function(run)) = options.get("try").cloned() else { return None };
        let before = self.state.clone()?;
        let mut is_promise = self.code.function(run.at).is_async;
        let mut all: Vec<Alternative<'c>> = vec![(failure(Value::Caught), Facts::default())];
        // It may have failed at once.
        let mut after = Some(before.clone());
        match self.invoke(&run, Vec::new()) {
            Some(exits) => {
                for exit in exits.into_iter().filter(|exit| !exit.throws) {
                    is_promise |= matches!(exit.value, Value::Promise(_));
                    let gained = exit.state.facts.without(&before.facts);
                    for (value, facts) in alternatives(&exit.value.awaited()) {
                        let mut held = gained.clone();
                        held.add_all(&facts);
                        all.push((success(value), held));
                    }
                    after = join(after, Some(exit.state));
                }
            }
            None => all.push((success(Value::Unknown), Facts::default())),
        }
        self.state = after;
        if let Some(catch) = options.get("catch").cloned() {
            self.may_run(&[catch]);
        }
        let result = Value::one_of(all);
        Some(if is_promise { Value::Promise(Rc::new(result)) } else { result })
    }

    /// `Result.unwrap(result)`: a failure is thrown.
    fn unwrapped_result(&mut self, result: &Value<'c>) -> Option<Value<'c>> {
        let all: Vec<Alternative<'c>> =
            alternatives(result).into_iter().filter(|(value, _)| kind(value) != Some(false)).collect();
        if all.is_empty() || all.iter().any(|(value, _)| kind(value).is_none()) {
            return None;
        }
        let common = Self::common(&Value::OneOf(Rc::new(all.clone())));
        if let Some(state) = &mut self.state {
            state.facts.add_all(&common);
        }
        let values = all.into_iter().map(|(value, facts)| (inner(&value, "value"), facts));
        Some(Value::one_of(values.collect()))
    }

    /// One step of a pipe: each of what it may be goes its way.
    fn operated(&mut self, result: &Value<'c>, operation: &Value<'c>, call: &'c Call) -> Value<'c> {
        let by = match operation {
            Value::Symbol(symbol) => symbol,
            Value::Function(_) => {
                let (value, _) = self.given_to(operation, result.clone(), &Facts::default(), call);
                return value;
            }
            _ => return Value::Unknown,
        };
        let Some(name) = self::operation(by).filter(|name| is_operation(name)) else { return Value::Unknown };
        let Some(function) = by.given.last().and_then(|given| given.first()).cloned() else {
            return Value::Unknown;
        };
        let mut all: Vec<Alternative<'c>> = Vec::new();
        for (value, facts) in alternatives(result) {
            match (kind(&value), name) {
                (Some(true), "map" | "andThen" | "inspect" | "andThrough") => {
                    let given = inner(&value, "value");
                    if name == "andThen" && is_check(&function) {
                        all.push((value, facts));
                        all.push((failure(Value::Unknown), Facts::default()));
                        continue;
                    }
                    let (made, held) = self.given_to(&function, given, &facts, call);
                    match name {
                        "map" => all.push((success(made), held)),
                        "andThen" => all.push((made, held)),
                        _ => all.push((value, facts)),
                    }
                    if name == "andThrough" {
                        all.push((failure(Value::Unknown), Facts::default()));
                    }
                }
                (Some(false), "mapError" | "orElse" | "inspectError" | "orThrough") => {
                    let (made, held) = self.given_to(&function, inner(&value, "error"), &facts, call);
                    match name {
                        "mapError" => all.push((failure(made), held)),
                        "orElse" => all.push((made, held)),
                        _ => all.push((value, facts)),
                    }
                }
                (Some(_), _) => all.push((value, facts)),
                // It may be either.
                (None, _) => {
                    self.given_to(&function, Value::Unknown, &facts, call);
                    all.push((Value::Unknown, facts));
                }
            }
        }
        Value::one_of(all)
    }

    /// What a function gives where this holds, and what holds then.
    fn given_to(
        &mut self,
        function: &Value<'c>,
        given: Value<'c>,
        facts: &Facts,
        call: &'c Call,
    ) -> (Value<'c>, Facts) {
        let module = self.module();
        let Some(mut state) = self.state.clone() else { return (Value::Unknown, facts.clone()) };
        state.facts.add_all(facts);
        let before = self.state.as_ref().map(|state| state.facts.clone()).unwrap_or_default();
        let (value, after) = self.aside(Some(state), |flow| {
            flow.awaits = true;
            let value = flow.apply(function, vec![given], call, module);
            flow.awaits = false;
            value.awaited()
        });
        let held = after.map(|state| state.facts.without(&before)).unwrap_or_default();
        (value, held)
    }
}

/// The function of the library that was called, and no more.
pub(super) fn operation<'s>(symbol: &'s Symbol<'_>) -> Option<&'s str> {
    match (&symbol.denoted.root, symbol.denoted.path.as_slice()) {
        (Root::Package(package), [.., Step::Member(name), Step::Call(..)])
            if **package == *PACKAGE
                && symbol.denoted.path.iter().filter(|step| matches!(step, Step::Call(..))).count() == 1 =>
        {
            Some(name)
        }
        _ => None,
    }
}

/// The library itself, whose `map` is not that of a list.
pub(super) fn is_library(value: &Value<'_>) -> bool {
    let Value::Symbol(symbol) = value else { return false };
    let is_called = symbol.denoted.path.iter().any(|step| matches!(step, Step::Call(..)));
    matches!(&symbol.denoted.root, Root::Package(package) if **package == *PACKAGE) && !is_called
}

/// What is made for a pipe: a function that waits for a result.
pub(super) fn is_operation(name: &str) -> bool {
    matches!(
        name,
        "map"
            | "andThen"
            | "andThrough"
            | "inspect"
            | "mapError"
            | "orElse"
            | "orThrough"
            | "inspectError"
            | "parse"
    )
}

/// `Result.parse(schema)`: it gives what it is given, or fails.
fn is_check(function: &Value<'_>) -> bool {
    matches!(function, Value::Symbol(symbol) if operation(symbol) == Some("parse"))
}

fn made<'c>(kind: &str, part: &str, value: Value<'c>) -> Value<'c> {
    Flow::object_of(vec![("type", Value::Text(Name::from(kind))), (part, value)])
}

fn success(value: Value<'_>) -> Value<'_> {
    made(SUCCESS, "value", value)
}

fn failure(error: Value<'_>) -> Value<'_> {
    made(FAILURE, "error", error)
}

/// Whether it is a success, if that is known.
fn kind(value: &Value<'_>) -> Option<bool> {
    let Value::Object(object) = value else { return None };
    match object.get("type") {
        Some(Value::Text(text)) if **text == *SUCCESS => Some(true),
        Some(Value::Text(text)) if **text == *FAILURE => Some(false),
        _ => None,
    }
}

fn inner<'c>(value: &Value<'c>, part: &str) -> Value<'c> {
    match value {
        Value::Object(object) => object.get(part).cloned().unwrap_or(Value::Undefined),
        _ => Value::Unknown,
    }
}

fn alternatives<'c>(value: &Value<'c>) -> Vec<Alternative<'c>> {
    match value {
        Value::OneOf(all) => all.to_vec(),
        one => vec![(one.clone(), Facts::default())],
    }
}

/// `Result.isFailure(result)`. Of a promise, or of what can't be told, nothing is known.
fn is_of_kind<'c>(result: &Value<'c>, wanted: &str) -> Option<Value<'c>> {
    let all = alternatives(result);
    if all.iter().all(|(value, _)| kind(value).is_none()) {
        return None;
    }
    let kinds = all.into_iter().map(|(value, facts)| match kind(&value) {
        Some(yes) => (Value::Bool(yes == (wanted == SUCCESS)), facts),
        None => (Value::Unknown, facts),
    });
    let not = Value::Test(Rc::new(Test::Not(Value::one_of(kinds.collect()))));
    Some(Value::Test(Rc::new(Test::Not(not))))
}
