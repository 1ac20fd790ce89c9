//! Expressions.

use std::rc::Rc;

use super::facts::{Fact, Facts};
use super::member::place;
use super::origin::Origin;
use super::roles::{is_length, ranked};
use super::secret::names_secret;
use super::state::{State, join};
use super::text::{sum, template};
use super::trace::Cause;
use super::value::{Test, Value, constant};
use super::{DEEPEST_SYNTAX, Flow};
use crate::code::{
    Assign, BinaryOp, Binding, Expr, LogicalOp, Markup, Member, Name, Pattern, Property, Step,
};

impl<'c> Flow<'c> {
    /// What an expression is. What it does is done.
    pub fn eval(&mut self, expr: &'c Expr) -> Value<'c> {
        if let Some(value) = constant(expr) {
            return value;
        }
        if self.state.is_none() || !self.pay() || self.deep >= DEEPEST_SYNTAX {
            self.is_shallow |= self.deep >= DEEPEST_SYNTAX;
            return Value::Unknown;
        }
        self.deep += 1;
        self.note_depth();
        let awaits = std::mem::take(&mut self.awaits);
        let value = match expr {
            Expr::Call(call) => self.call(call, awaits),
            _ => self.eval_other(expr),
        };
        self.deep -= 1;
        value
    }

    /// The same, where whoever calls waits for what it gives.
    pub(super) fn eval_awaited(&mut self, expr: &'c Expr) -> Value<'c> {
        self.awaits = true;
        let value = self.eval(expr);
        self.awaits = false;
        self.settle(value)
    }

    /// What was awaited: what holds in every case holds.
    fn settle(&mut self, value: Value<'c>) -> Value<'c> {
        let was = matches!(value, Value::Promise(_));
        let value = value.awaited();
        if was
            && let Value::OneOf(all) = &value
            && let Some(state) = &mut self.state
            && let Some(((_, first), rest)) = all.split_first()
        {
            let common = rest.iter().fold(first.clone(), |known, (_, facts)| known.both(facts));
            state.facts.add_all(&common);
        }
        value
    }

    fn eval_other(&mut self, expr: &'c Expr) -> Value<'c> {
        match expr {
            Expr::Name(name, symbol) => self.name(name, *symbol),
            Expr::This => self.stack.last().map_or(Value::Undefined, |frame| frame.this.clone()),
            Expr::Member(member) => self.eval_member(member, expr),
            Expr::Await(inner) => self.eval_awaited(inner),
            Expr::Function(id) => {
                let at = (self.module(), *id);
                self.closure(at)
            }
            Expr::Class(id) => Value::Class(self.module(), *id),
            Expr::Object(entries) => self.object(entries),
            Expr::List(items) => self.list(items),
            Expr::Spread(inner) => self.eval(inner),
            Expr::Template(texts, values) => {
                let values: Vec<Value<'c>> = values.iter().map(|value| self.eval(value)).collect();
                template(texts, values)
            }
            Expr::Binary(op, sides) => self.binary(*op, &sides[0], &sides[1]),
            Expr::Logical(op, sides) => self.logical(*op, &sides[0], &sides[1]),
            Expr::Not(inner) => {
                let value = self.eval(inner);
                match value.truth() {
                    Some(truth) => Value::Bool(!truth),
                    None => Value::Test(Rc::new(Test::Not(value))),
                }
            }
            Expr::TypeOf(inner) => {
                let value = self.eval(inner);
                Value::Test(Rc::new(Test::About(vec![value])))
            }
            Expr::Conditional(parts) => {
                let ((yes, no), about) = self.question(|flow| flow.test(&parts[0]));
                self.one_way(about, yes, no, |flow| flow.eval(&parts[1]), |flow| flow.eval(&parts[2]))
            }
            Expr::Assign(assign) => self.assign(assign),
            Expr::Markup(markup) => {
                self.markup(markup);
                Value::Unknown
            }
            Expr::Import(_) | Expr::Super => {
                let denoted = self.code.denote_in(self.at(), expr);
                self.of_denoted(denoted)
            }
            Expr::Other(parts) => {
                for part in parts {
                    self.eval(part);
                }
                Value::Unknown
            }
            _ => Value::Unknown,
        }
    }

    /// Goes both ways, and puts together what they give.
    fn one_way(
        &mut self,
        about: Origin,
        yes: Option<State<'c>>,
        no: Option<State<'c>>,
        then: impl FnOnce(&mut Self) -> Value<'c>,
        otherwise: impl FnOnce(&mut Self) -> Value<'c>,
    ) -> Value<'c> {
        self.state = yes;
        let one = then(self);
        let after = self.state.take();
        self.state = no;
        let other = otherwise(self);
        let rest = self.state.take();
        self.compare(after.as_ref(), rest.as_ref(), Cause::Branch, about, self.line);
        match (after, rest) {
            (Some(a), Some(b)) => {
                let common = a.facts.both(&b.facts);
                let value = Value::either((one, a.facts.without(&common)), (other, b.facts.without(&common)));
                self.state = Some(a.join(b));
                value
            }
            (Some(state), None) => {
                self.state = Some(state);
                one
            }
            (None, state) => {
                self.state = state;
                other
            }
        }
    }

    fn eval_member(&mut self, member: &'c Member, whole: &'c Expr) -> Value<'c> {
        let mut base = self.eval(&member.object);
        self.line = member.line;
        if !member.optional {
            base = self.has_members(&member.object, base);
        }
        let value = match &member.property {
            Property::Named(name) => self.member(&base, name),
            Property::Computed(key) => match self.eval(key) {
                Value::Text(name) => self.member(&base, &name),
                Value::Number(at) => self.member(&base, &Name::from(at.to_string())),
                key => self.by_role(&base, &key).unwrap_or_else(|| self.element(&base)),
            },
        };
        if matches!(value, Value::Unknown)
            && matches!(base, Value::Unknown | Value::Instance(..) | Value::Class(..))
        {
            let denoted = self.code.denote_in(self.at(), whole);
            let value = self.of_unknown_base(denoted);
            return match (&value, &member.property) {
                (Value::Unknown, Property::Named(name)) => self.decorated(name),
                _ => value,
            };
        }
        value
    }

    /// Whether an expression is what a call in this function gave.
    fn was_made_here(&self, expr: &Expr) -> bool {
        let symbol = match expr {
            Expr::Name(_, Some(symbol)) => self.code.module(self.module()).symbols.get(symbol.0 as usize),
            Expr::Call(_) | Expr::Await(_) => return true,
            _ => None,
        };
        symbol.is_some_and(|symbol| {
            let value = match &symbol.is {
                Binding::Variable(_, Some(value)) | Binding::Part(_, _, value) => *value,
                Binding::Variable(_, None) => return true,
                _ => return false,
            };
            let made = self.code.module(self.module()).values.get(value.0 as usize);
            !matches!(made, Some(Expr::Name(..) | Expr::Member(_)))
        })
    }

    /// What has a member that is asked for isn't nothing: asking nothing for one throws.
    fn has_members(&mut self, expr: &'c Expr, base: Value<'c>) -> Value<'c> {
        // What a layer left, or a function was given, may be missing where the layer let everybody pass: that the handler
        // then fails is no guard.
        if !self.was_made_here(expr) {
            return base;
        }
        match &base {
            Value::OneOf(all)
                if all.iter().any(|(value, _)| matches!(value, Value::Undefined | Value::Null)) =>
            {
                let kept: Vec<_> = all
                    .iter()
                    .filter(|(value, _)| !matches!(value, Value::Undefined | Value::Null))
                    .cloned()
                    .collect();
                let base = Value::one_of(kept);
                let facts = Self::common(&base);
                if let Some(state) = &mut self.state {
                    state.facts.add_all(&facts);
                }
                self.replace(expr, base.clone());
                base
            }
            Value::Symbol(symbol) => {
                let symbol = symbol.clone();
                if let Some(mut state) = self.state.take() {
                    self.is_there(&symbol, &mut state);
                    self.state = Some(state);
                }
                base
            }
            _ => base,
        }
    }

    fn list(&mut self, items: &'c [Expr]) -> Value<'c> {
        let mut all = Vec::with_capacity(items.len().min(64));
        let mut whole = true;
        for item in items {
            match item {
                Expr::Spread(inner) => match self.eval(inner) {
                    Value::List(more, is_whole) => {
                        all.extend(more.iter().cloned());
                        whole &= is_whole;
                    }
                    value => {
                        all.push(value);
                        whole = false;
                    }
                },
                item => {
                    let value = self.eval(item);
                    all.push(value);
                }
            }
        }
        Value::List(Rc::new(all), whole)
    }

    fn binary(&mut self, op: BinaryOp, left: &'c Expr, right: &'c Expr) -> Value<'c> {
        let (a, b) = (self.eval(left), self.eval(right));
        match op {
            BinaryOp::Equal => Value::Test(Rc::new(Test::Equal(a, b))),
            BinaryOp::NotEqual => Value::Test(Rc::new(Test::Not(Value::Test(Rc::new(Test::Equal(a, b)))))),
            BinaryOp::Add => match (&a, &b) {
                (Value::Number(a), Value::Number(b)) => Value::Number(a + b),
                _ => sum(a, b),
            },
            BinaryOp::In | BinaryOp::InstanceOf => self.asks_kind(op, a, b),
            BinaryOp::Less | BinaryOp::AtMost | BinaryOp::More | BinaryOp::AtLeast => {
                let counted = [left, right].iter().any(|side| is_length(side));
                ranked(op, &a, &b, counted).unwrap_or_else(|| Value::Test(Rc::new(Test::About(vec![a, b]))))
            }
            BinaryOp::Other => Value::Test(Rc::new(Test::About(vec![a, b]))),
        }
    }

    fn logical(&mut self, op: LogicalOp, left: &'c Expr, right: &'c Expr) -> Value<'c> {
        if self.state.is_none() {
            return Value::Unknown;
        }
        let ((first, ways), about) = self.question(|flow| {
            let first = flow.eval(left);
            let ways = flow.state.clone().map(|after| match op {
                LogicalOp::Coalesce => (Some(after.clone()), Some(after)),
                _ => (flow.refined(&first, after.clone(), true), flow.refined(&first, after, false)),
            });
            (first, ways)
        });
        let Some((yes, no)) = ways else { return first };
        match op {
            LogicalOp::And => self.one_way(about, yes, no, |flow| flow.eval(right), |_| falsy(&first)),
            LogicalOp::Or => self.one_way(about, yes, no, |_| first.clone(), |flow| flow.eval(right)),
            LogicalOp::Coalesce => match &first {
                Value::Undefined | Value::Null => self.eval(right),
                _ if first.truth().is_some() => first,
                _ => self.one_way(about, yes, no, |_| first.clone(), |flow| flow.eval(right)),
            },
        }
    }

    /// A condition: what is known if it is so, and if it isn't.
    pub(super) fn test(&mut self, expr: &'c Expr) -> (Option<State<'c>>, Option<State<'c>>) {
        if self.state.is_none() || !self.pay() || self.deep >= DEEPEST_SYNTAX {
            self.is_shallow |= self.deep >= DEEPEST_SYNTAX;
            let state = self.state.take();
            return (state.clone(), state);
        }
        self.deep += 1;
        self.note_depth();
        let both = match expr {
            Expr::Not(inner) => {
                let (yes, no) = self.test(inner);
                (no, yes)
            }
            Expr::Logical(LogicalOp::And, sides) => {
                let (yes, no) = self.test(&sides[0]);
                self.state = yes;
                let (yes, other) = self.test(&sides[1]);
                (yes, self.joined_about(no, other))
            }
            Expr::Logical(LogicalOp::Or, sides) => {
                let (yes, no) = self.test(&sides[0]);
                self.state = no;
                let (other, no) = self.test(&sides[1]);
                (self.joined_about(yes, other), no)
            }
            _ => {
                let value = self.eval(expr);
                // What is carried is worth what holds now: the state stays until the question is answered.
                let both = match self.state.clone() {
                    Some(state) => {
                        let yes = self.narrowed(expr, &value, state.clone(), true);
                        let yes = yes.map(|state| self.caught_as(expr, state));
                        (yes, self.narrowed(expr, &value, state, false))
                    }
                    None => (None, None),
                };
                self.state = None;
                both
            }
        };
        self.deep -= 1;
        both
    }

    /// `error instanceof HttpError`, of a class of the repository: it tells nothing that isn't written in the code.
    fn caught_as(&mut self, expr: &'c Expr, mut state: State<'c>) -> State<'c> {
        let Expr::Binary(BinaryOp::InstanceOf, sides) = expr else { return state };
        let (Expr::Name(_, Some(symbol)), class) = (&sides[0], &sides[1]) else { return state };
        let key = (self.module(), *symbol);
        if matches!(state.vars.get(&key), Some(Value::Caught))
            && let Value::Class(module, class) = self.eval(class)
        {
            state.set(key, Value::Instance(module, class));
        }
        state
    }

    /// Two ways of one question come together.
    fn joined_about(&mut self, one: Option<State<'c>>, other: Option<State<'c>>) -> Option<State<'c>> {
        self.compare(one.as_ref(), other.as_ref(), Cause::Branch, self.touched, self.line);
        join(one, other)
    }

    fn assign(&mut self, assign: &'c Assign) -> Value<'c> {
        let value = self.eval(&assign.value);
        if assign.adds {
            // `x ||= y`, `x += y`: one or the other, or both.
            if let Pattern::Name(symbol) = &assign.target {
                let old = self.name(&Name::from(""), Some(*symbol));
                let mixed = match (&old, &value) {
                    // `instance ??= make()`: what it was before, if anything, was made in the same way.
                    (Value::Unknown | Value::Undefined | Value::Null, _) => value,
                    (Value::Text(_) | Value::Template(_), _) => sum(old, value),
                    _ => Value::either((old, Facts::default()), (value, Facts::default())),
                };
                self.bind(&assign.target, mixed.clone());
                return mixed;
            }
            return value;
        }
        self.bind(&assign.target, value.clone());
        value
    }

    /// Gives the names of a pattern their values.
    pub(super) fn bind(&mut self, pattern: &'c Pattern, value: Value<'c>) {
        let module = self.module();
        match pattern {
            Pattern::Name(symbol) => {
                if let Some(state) = &mut self.state {
                    state.set((module, *symbol), value);
                }
            }
            Pattern::Object(entries) => {
                for (name, inner, default) in entries {
                    let part = match &**name {
                        "*" => value.clone(),
                        "" => Value::Unknown,
                        _ => self.member(&value, name),
                    };
                    let part = match (&part, default) {
                        (Value::Undefined, Some(default)) => self.eval(default),
                        _ => part,
                    };
                    self.bind(inner, part);
                }
            }
            Pattern::List(items) => {
                for (at, inner) in items.iter().enumerate() {
                    if let Some(inner) = inner {
                        let part = self.member(&value, &Name::from(at.to_string()));
                        self.bind(inner, part);
                    }
                }
            }
            Pattern::Place(target) => self.put(target, value),
            Pattern::Other => {}
        }
    }

    /// `a.b = value`.
    fn put(&mut self, target: &'c Expr, value: Value<'c>) {
        let Expr::Member(member) = target else { return };
        let Property::Named(name) = &member.property else { return };
        let base = self.eval(&member.object);
        match &base {
            Value::Symbol(symbol) => {
                let is_secret = names_secret(name)
                    && !matches!(value, Value::Undefined | Value::Null)
                    && !self.origin(&value).has(Origin::REQUEST);
                if is_secret && let Some(state) = &mut self.state {
                    state.facts.add(Fact::GaveSecret, None);
                }
                let next = symbol.then(Step::Member(name.clone()), Rc::from([]));
                if let (Some(place), Some(state)) = (place(&next), &mut self.state) {
                    state.leave(place, value);
                }
            }
            Value::Object(object) => {
                let mut object = (**object).clone();
                object.entries.push((name.clone(), value));
                self.replace(&member.object, Value::Object(Rc::new(object)));
            }
            _ => {}
        }
    }

    /// Gives the name that an expression is another value.
    pub(super) fn replace(&mut self, expr: &'c Expr, value: Value<'c>) {
        let module = self.module();
        if let (Expr::Name(_, Some(symbol)), Some(state)) = (expr, &mut self.state) {
            state.set((module, *symbol), value);
        }
    }

    fn markup(&mut self, markup: &'c Markup) {
        for (_, value) in &markup.attributes {
            self.eval(value);
        }
        for child in &markup.children {
            self.eval(child);
        }
    }
}

/// What something is that counts as false.
fn falsy<'c>(value: &Value<'c>) -> Value<'c> {
    match value {
        Value::Undefined | Value::Null | Value::Bool(_) => value.clone(),
        _ => Value::Bool(false),
    }
}
