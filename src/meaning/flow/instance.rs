//! Which of several alternatives a value is, where code asks for its kind: `access instanceof Response`, `"error" in access`.

use std::rc::Rc;

use super::Flow;
use super::refine::way;
use super::state::State;
use super::value::{From, Test, Value};
use crate::code::{BinaryOp, Expr, Root, Step};

/// What a class tells of values that are no instance of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Response,
    Error,
    Other,
}

/// What members an answer has, or may have: to have one of these says nothing.
const OF_RESPONSES: &[&str] = &[
    "status", "headers", "ok", "body", "json", "text", "url", "type", "cookies", "error", "message", "code",
];

impl<'c> Flow<'c> {
    /// `a instanceof b`, `a in b`: of each alternative, as far as that can be told.
    pub(super) fn asks_kind(&mut self, op: BinaryOp, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        let (value, other) = if op == BinaryOp::In { (b, a) } else { (a, b) };
        let about = || Value::Test(Rc::new(Test::About(vec![value.clone()])));
        match &value {
            Value::OneOf(all) => {
                let all = all.clone();
                let answers = all.iter().map(|(alternative, facts)| {
                    let answer = self.is_kind(op, alternative, &other).map_or_else(
                        || Value::Test(Rc::new(Test::About(vec![alternative.clone()]))),
                        Value::Bool,
                    );
                    (answer, facts.clone())
                });
                Value::one_of(answers.collect())
            }
            _ => self.is_kind(op, &value, &other).map_or_else(about, Value::Bool),
        }
    }

    /// After such a question, or one for a part (`result.status === "missing"`), the name that was asked about has only the
    /// alternatives that are left, and what holds with all of them holds.
    pub(super) fn of_kind(&mut self, expr: &'c Expr, mut state: State<'c>, want: bool) -> State<'c> {
        let Expr::Binary(op, sides) = expr else { return state };
        let (asked, other, want) = match op {
            BinaryOp::InstanceOf => (&sides[0], &sides[1], want),
            BinaryOp::In => (&sides[1], &sides[0], want),
            BinaryOp::Equal | BinaryOp::NotEqual => {
                let turned = way(&sides[0]).is_none();
                (&sides[usize::from(turned)], &sides[usize::from(!turned)], want == (*op == BinaryOp::Equal))
            }
            _ => return state,
        };
        let Some((symbol, path)) = way(asked) else { return state };
        let module = self.module();
        let Some(Value::OneOf(all)) = state.vars.get(&(module, symbol)).cloned() else { return state };
        let is_simple = matches!(
            other,
            Expr::Name(..) | Expr::Member(_) | Expr::Text(_) | Expr::Bool(_) | Expr::Null | Expr::Undefined
        );
        if !is_simple {
            return state;
        }
        let (other, _) = self.aside(Some(state.clone()), |flow| flow.eval(other));
        let mut kept = Vec::new();
        for (value, facts) in all.iter() {
            let part = path.iter().fold(value.clone(), |part, name| self.member(&part, name));
            let answer = match op {
                BinaryOp::InstanceOf | BinaryOp::In => self.is_kind(*op, &part, &other),
                _ => are_equal(&part, &other),
            };
            if answer != Some(!want) {
                kept.push((value.clone(), facts.clone()));
            }
        }
        if let Some(((_, first), rest)) = kept.split_first()
            && kept.len() < all.len()
        {
            let common = rest.iter().fold(first.clone(), |known, (_, facts)| known.both(facts));
            state.facts.add_all(&common);
            state.set((module, symbol), Value::one_of(kept));
        }
        state
    }

    /// Whether a value that is no choice is of a kind, if that can be told.
    fn is_kind(&self, op: BinaryOp, value: &Value<'c>, other: &Value<'c>) -> Option<bool> {
        if op == BinaryOp::In {
            let Value::Text(key) = other else { return None };
            return match value {
                Value::Object(object) if object.get(key).is_some() => Some(true),
                Value::Object(object) => object.rest.is_empty().then_some(false),
                Value::Response(_) => (!OF_RESPONSES.contains(&&**key)).then_some(false),
                _ => None,
            };
        }
        let kind = self.kind_of(other);
        match value {
            Value::Instance(module, class) => match other {
                Value::Class(of, id) if (of, id) == (module, class) => Some(true),
                _ => None,
            },
            // Errors are answers as well; those have no status of their own, and nowhere to go.
            Value::Response(response) if kind == Kind::Response => (response.location.is_some()
                || response.status.is_some_and(|status| status != 500))
            .then_some(true),
            Value::Object(_)
            | Value::List(..)
            | Value::Text(_)
            | Value::Template(_)
            | Value::Number(_)
            | Value::Bool(_)
            | Value::Null
            | Value::Undefined => Some(false),
            Value::Symbol(symbol) if kind != Kind::Other => match symbol.origin {
                From::Principal => Some(false),
                _ => {
                    let entry = self.lookup(symbol)?.entry();
                    (entry.effect.is_some() && symbol.acts.is_some()).then_some(false)
                }
            },
            _ => None,
        }
    }

    fn kind_of(&self, class: &Value<'c>) -> Kind {
        let Value::Symbol(symbol) = class else { return Kind::Other };
        let name = match (&symbol.denoted.root, symbol.denoted.path.as_slice()) {
            (Root::Global(name), []) => &**name,
            (Root::Package(_), [.., Step::Member(name)]) => &**name,
            _ => return Kind::Other,
        };
        match name {
            "Response" | "NextResponse" => Kind::Response,
            _ if name.ends_with("Error") => Kind::Error,
            _ => Kind::Other,
        }
    }
}

/// Whether two values are the same, if both are known.
fn are_equal(one: &Value<'_>, other: &Value<'_>) -> Option<bool> {
    let is_nothing = |value: &Value<'_>| matches!(value, Value::Null | Value::Undefined);
    match (one, other) {
        (Value::Text(a), Value::Text(b)) => Some(a == b),
        (Value::Bool(a), Value::Bool(b)) => Some(a == b),
        (a, b) if is_nothing(a) && is_nothing(b) => Some(true),
        (a, b) if is_nothing(a) || is_nothing(b) => {
            let known = if is_nothing(a) { b } else { a };
            known.truth().map(|_| false)
        }
        _ => None,
    }
}
