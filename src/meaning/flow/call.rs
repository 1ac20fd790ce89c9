//! Calls, and functions of the repository that are entered.

use std::rc::Rc;

use super::facts::{Fact, Facts};
use super::origin::Origin;
use super::results::{is_operation, operation};
use super::state::{State, join};
use super::trace::Cause;
use super::value::{Closure, Object, Response, Value};
use super::{DEEPEST, Exit, Flow, frame};
use crate::code::walk::{Inner, each_expr};
use crate::code::{Call, ClassId, Denoted, Expr, ModuleId, Name, Property, Root, Step};

impl<'c> Flow<'c> {
    /// A call, and what it gives. `awaits`: it is waited for.
    pub(super) fn call(&mut self, call: &'c Call, awaits: bool) -> Value<'c> {
        let module = self.module();
        self.line = call.line;
        match &call.callee {
            Expr::Member(member) => {
                let Property::Named(name) = &member.property else {
                    let callee = self.eval(&call.callee);
                    let args = self.args(call, false);
                    return self.apply_awaited(&callee, args, call, module, awaits);
                };
                let then = matches!(&**name, "then" | "catch" | "finally");
                let base = if then { self.eval_waiting(&member.object) } else { self.eval(&member.object) };
                let all = awaits && matches!(&**name, "all" | "allSettled" | "race");
                let args = self.args(call, all);
                if self.state.is_none() {
                    return Value::Unknown;
                }
                if let Some(value) = self.method(&base, name, &args, call, awaits) {
                    return value;
                }
                let mut callee = self.member(&base, name);
                let lost = matches!(base, Value::Unknown | Value::Instance(..) | Value::Class(..));
                if matches!(callee, Value::Unknown) && lost {
                    let denoted = self.code.denote_in(self.at(), &call.callee);
                    callee = self.of_unknown_base(denoted);
                }
                if !matches!(callee, Value::Function(_)) {
                    callee = match self.decorated(name) {
                        Value::Unknown => callee,
                        decorated => decorated,
                    };
                }
                self.apply_awaited(&callee, args, call, module, awaits)
            }
            Expr::Super => {
                self.args(call, false);
                Value::Undefined
            }
            callee => {
                let callee = self.eval(callee);
                let args = self.args(call, false);
                self.apply_awaited(&callee, args, call, module, awaits)
            }
        }
    }

    /// What plugins of Fastify put on the instance: `app.decorate("authenticate", fn)`.
    pub(super) fn decorated(&mut self, name: &Name) -> Value<'c> {
        match self.decorations.iter().find(|(known, ..)| known == name) {
            Some((_, of, expr)) => self.value_in(*of, expr),
            None => Value::Unknown,
        }
    }

    pub(super) fn eval_waiting(&mut self, expr: &'c Expr) -> Value<'c> {
        self.awaits = true;
        let value = self.eval(expr);
        self.awaits = false;
        value
    }

    fn args(&mut self, call: &'c Call, awaits: bool) -> Vec<Value<'c>> {
        let mut all = Vec::with_capacity(call.args.len().min(16));
        for arg in &call.args {
            match arg {
                Expr::Spread(inner) => match self.eval(inner) {
                    Value::List(items, true) => all.extend(items.iter().cloned()),
                    value => all.push(self.element(&value)),
                },
                Expr::List(items) if awaits => {
                    let items: Vec<Value<'c>> = items.iter().map(|item| self.eval_awaited(item)).collect();
                    all.push(Value::List(Rc::new(items), true));
                }
                arg => {
                    let value = self.eval(arg);
                    all.push(value);
                }
            }
        }
        all
    }

    fn apply_awaited(
        &mut self,
        callee: &Value<'c>,
        args: Vec<Value<'c>>,
        call: &'c Call,
        module: ModuleId,
        awaits: bool,
    ) -> Value<'c> {
        self.awaits = awaits;
        let value = self.apply(callee, args, call, module);
        self.awaits = false;
        value
    }

    /// Calls a value.
    pub fn apply(
        &mut self,
        callee: &Value<'c>,
        args: Vec<Value<'c>>,
        call: &'c Call,
        module: ModuleId,
    ) -> Value<'c> {
        let awaits = std::mem::take(&mut self.awaits);
        if self.state.is_none() || !self.pay() {
            return Value::Unknown;
        }
        let line = self.line;
        let value = self.apply_now(callee, args, call, module, awaits);
        self.line = line;
        value
    }

    fn apply_now(
        &mut self,
        callee: &Value<'c>,
        args: Vec<Value<'c>>,
        call: &'c Call,
        module: ModuleId,
        awaits: bool,
    ) -> Value<'c> {
        match callee {
            Value::Function(closure) => self.enter(closure, args, awaits),
            Value::Class(of, class) if call.is_new => self.made(*of, *class, args),
            Value::Symbol(symbol) => {
                let symbol = symbol.then(Step::Call(module, call), Rc::from(args));
                self.library(symbol, awaits)
            }
            Value::OneOf(all) => {
                let all = all.clone();
                let mut values = Vec::new();
                let before = self.state.clone();
                let mut after: Option<State<'c>> = None;
                for (callee, facts) in
                    all.iter().filter(|(v, _)| !matches!(v, Value::Undefined | Value::Null))
                {
                    self.state = before.clone();
                    if let Some(state) = &mut self.state {
                        state.facts.add_all(facts);
                    }
                    self.awaits = awaits;
                    let value = self.apply(callee, args.clone(), call, module);
                    let state = self.state.take();
                    values.push((value, Facts::default()));
                    after = join(after, state);
                }
                self.state = after.or(before);
                Value::one_of(values)
            }
            Value::Next(at) => {
                self.next(*at, &args);
                Value::Unknown
            }
            Value::Wrapped(wrapped) => {
                let wrapped = wrapped.clone();
                self.enter_wrapped(&wrapped, args)
            }
            _ => {
                self.may_run(&args);
                Value::Unknown
            }
        }
    }

    /// Functions that are given to something unknown: they may run, and what they establish does not count.
    pub(super) fn may_run(&mut self, args: &[Value<'c>]) {
        self.may_run_where(args, false);
    }

    /// The same. `decided`: what calls them was given what the caller shows to be let in, and may ask for it before.
    pub(super) fn may_run_where(&mut self, args: &[Value<'c>], decided: bool) {
        // What happens at another time isn't seen: then only what a call gives counts, and this gives nothing.
        if self.apart > 0 {
            return;
        }
        for arg in args {
            let inner: Vec<Value<'c>> = match arg {
                Value::Function(_) => vec![arg.clone()],
                Value::Object(object) => object
                    .entries
                    .iter()
                    .filter(|(_, value)| matches!(value, Value::Function(_)))
                    .map(|(_, value)| value.clone())
                    .collect(),
                // What was made for a pipe of a library, and is given to something else.
                Value::Symbol(symbol) if operation(symbol).is_some_and(is_operation) => {
                    symbol.given.last().map(|given| given.to_vec()).unwrap_or_default()
                }
                _ => Vec::new(),
            };
            for function in inner {
                if let Value::Function(closure) = &function {
                    let params = self.code.function(closure.at).params.len();
                    let before = self.state.clone();
                    let given = vec![Value::Unknown; params.min(8)];
                    if let Some(state) = self.state.as_mut().filter(|_| decided) {
                        state.facts.add(Fact::Decided, None);
                    }
                    self.enter(closure, given, false);
                    // It may not have run.
                    self.state = join(before, self.state.take());
                }
            }
        }
    }

    /// `new X(…)` of a class of the repository.
    fn made(&mut self, module: ModuleId, class: ClassId, args: Vec<Value<'c>>) -> Value<'c> {
        let code = self.code;
        let of = code.module(module).classes.get(class.0 as usize);
        let constructor = of.and_then(|of| of.methods.iter().find(|method| &*method.name == "constructor"));
        if let Some(extends) = of.and_then(|of| of.extends.as_ref()) {
            let denoted = code.denote(module, extends);
            // An error of the repository's own: what it was given says what it is.
            if is_error(&denoted) || self.extends_error(&denoted, 0) {
                let mut object = Object::default();
                object.entries.push(("message".into(), args.first().cloned().unwrap_or(Value::Undefined)));
                let status = args.iter().find_map(status_of).or_else(|| self.status_in(module, class));
                return Value::Response(Rc::new(Response {
                    status: status.or(Some(500)),
                    passes: false,
                    caught: false,
                    location: None,
                    body: args.first().cloned(),
                }));
            }
        }
        if let Some(method) = constructor {
            let this = Value::Instance(module, class);
            let closure = Closure {
                at: (module, method.function),
                around: Default::default(),
                this,
                bound: Vec::new(),
            };
            self.enter(&closure, args, true);
        }
        Value::Instance(module, class)
    }

    fn extends_error(&self, denoted: &Denoted<'c>, deep: u32) -> bool {
        let Root::Class(module, class) = denoted.root else { return false };
        if deep > 6 || !denoted.path.is_empty() {
            return false;
        }
        let Some(of) = self.code.module(module).classes.get(class.0 as usize) else { return false };
        of.extends.as_ref().is_some_and(|extends| {
            let denoted = self.code.denote(module, extends);
            is_error(&denoted) || self.extends_error(&denoted, deep + 1)
        })
    }

    /// The status that a class of errors always has: `super(message, 401)`, `statusCode = 401`.
    fn status_in(&self, module: ModuleId, class: ClassId) -> Option<u16> {
        let of = self.code.module(module).classes.get(class.0 as usize)?;
        let field = of.fields.iter().find_map(|field| field.value.as_ref().and_then(number));
        if field.is_some() {
            return field;
        }
        let constructor = of.methods.iter().find(|method| &*method.name == "constructor")?;
        let body = &self.code.module(module).functions.get(constructor.function.0 as usize)?.body;
        let mut found = None;
        each_expr(self.code.module(module), body, Inner::Skip, &mut |expr| match expr {
            Expr::Call(call) if matches!(call.callee, Expr::Super) => {
                found = found.or_else(|| call.args.iter().find_map(number));
            }
            Expr::Assign(assign) => found = found.or_else(|| number(&assign.value)),
            _ => {}
        });
        found
    }

    /// Enters a function: what it returns, with the state after it.
    pub(super) fn enter(&mut self, closure: &Closure<'c>, args: Vec<Value<'c>>, awaits: bool) -> Value<'c> {
        let is_async = self.code.function(closure.at).is_async;
        if self.state.is_none() {
            return Value::Unknown;
        }
        let before = self.state.clone();
        let Some(exits) = self.invoke(closure, args) else {
            self.state = before;
            return Value::Unknown;
        };
        let forgotten = is_async && !awaits;
        let mut returns: Vec<(Value<'c>, State<'c>)> = Vec::new();
        // A helper that asks nobody in some environments is the one place to mend, wherever it is called.
        let is_off = |facts: &Facts| facts.environment().is_some() && !facts.has(&Fact::Known);
        let off = exits.iter().find(|exit| !exit.throws && is_off(&exit.state.facts));
        let off = off.map(|exit| (closure.at.0, exit.line));
        for exit in exits {
            if !exit.throws {
                let value = if is_async { exit.value.awaited() } else { exit.value };
                returns.push((value, exit.state));
            } else if forgotten {
                // Nobody waits: the caller goes on as if nothing had happened.
                let mut state = exit.state;
                state.facts = before.as_ref().map(|state| state.facts.clone()).unwrap_or_default();
                returns.push((Value::Unknown, state));
            } else if let Some(frame) = self.stack.last_mut() {
                frame.exits.push(exit);
            }
        }
        let Some(((_, first), rest)) = returns.split_first() else {
            self.state = None;
            return Value::Unknown;
        };
        let common = rest.iter().fold(first.facts.clone(), |known, (_, state)| known.both(&state.facts));
        let mut values = Vec::with_capacity(returns.len());
        let mut after: Option<State<'c>> = None;
        for (value, state) in returns {
            values.push((value, state.facts.without(&common)));
            let site = off.unwrap_or(self.site());
            self.compare_at(after.as_ref(), Some(&state), Cause::Branch, Origin::default(), site);
            after = join(after, Some(state));
        }
        if let Some(state) = &mut after {
            state.facts = common.clone();
            state.tried = before.as_ref().map_or(0, |state| state.tried);
        }
        let value = Value::one_of(values);
        if let Value::OneOf(all) = &value {
            let tells = all.iter().any(|(_, facts)| facts.has(&Fact::Known));
            self.trace.has_helper |= tells && !self.held(&common, &Fact::Known);
        }
        self.state = after;
        if forgotten {
            // What it established holds once somebody waits for it.
            let earlier = before.map(|state| state.facts).unwrap_or_default();
            let gained = common.without(&earlier);
            let of_value = match &value {
                Value::OneOf(all) => all.as_slice(),
                _ => &[],
            };
            for facts in std::iter::once(&gained).chain(of_value.iter().map(|(_, facts)| facts)) {
                for by in facts.each().filter_map(|(_, by)| by) {
                    self.met_before(by).is_forgotten = Some(true);
                }
            }
            if let Some(state) = &mut self.state {
                state.facts = earlier;
            }
            return Value::Promise(Rc::new(Value::one_of(vec![(value, gained)])));
        }
        value
    }

    /// Runs a function, and says how it ends. `None`, if it isn't entered: it is too deep, or in a circle.
    pub(super) fn invoke(&mut self, closure: &Closure<'c>, args: Vec<Value<'c>>) -> Option<Vec<Exit<'c>>> {
        if self.stack.len() >= DEEPEST {
            self.note_too_deep();
            return None;
        }
        if let Some(at) = self.stack.iter().position(|frame| frame.at == closure.at) {
            self.note_circle(closure.at, at);
            return None;
        }
        if !self.pay() {
            return None;
        }
        // What the questions of a function are about is its own, wherever it is called.
        let line = std::mem::replace(&mut self.line, self.code.function(closure.at).line);
        let touched = std::mem::take(&mut self.touched);
        let environment = self.touched_environment.take();
        let choice = self.last_choice.take();
        self.awaits = false;
        let held = self.state.as_mut().map(|state| std::mem::take(&mut state.facts)).unwrap_or_default();
        let tried = self.state.as_ref().map_or(0, |state| state.tried);
        if let Some(state) = &mut self.state {
            state.tried = tried.min(1);
        }
        let mut exits = self.recall(closure, args, &held);
        for exit in exits.iter_mut().flatten() {
            let own = std::mem::replace(&mut exit.state.facts, held.clone());
            exit.state.facts.add_all(&own);
            exit.state.tried = tried;
        }
        self.line = line;
        self.touched = touched.with(self.touched);
        self.touched_environment = self.touched_environment.take().or(environment);
        self.last_choice = choice;
        exits
    }

    pub(super) fn gone_through(
        &mut self,
        closure: &Closure<'c>,
        args: Vec<Value<'c>>,
    ) -> Option<Vec<Exit<'c>>> {
        self.note_entry(closure.at);
        let function = self.code.function(closure.at);
        self.stack.push(frame(closure.at, closure.this.clone()));
        let outer = self.state.as_ref().map(|state| state.vars.clone()).unwrap_or_default();
        if let Some(state) = &mut self.state {
            // A function sees its own names and those around it, as they are now.
            state.vars = closure.around.as_in(&outer);
        }
        let mut given = closure.bound.iter().cloned().chain(args);
        for param in &function.params {
            let value = if param.is_rest {
                Value::List(Rc::new(given.by_ref().collect()), true)
            } else {
                given.next().unwrap_or(Value::Undefined)
            };
            let value = match (&value, &param.default) {
                (Value::Undefined, Some(default)) => self.eval(default),
                // What a library gives can be known by its type.
                (Value::Unknown, _) if !param.type_name.is_empty() => {
                    self.of_type(closure.at.0, &param.type_name)
                }
                _ => value,
            };
            self.bind(&param.pattern, value);
        }
        self.run(&function.body);
        self.exit(false, Value::Undefined, function.end);
        let mut exits = self.stack.pop().map(|frame| frame.exits)?;
        for exit in &mut exits {
            exit.state.vars = outer.with(&outer.changes(&closure.around, &exit.state.vars));
        }
        Some(exits)
    }

    /// Where it is now.
    pub(super) fn site(&self) -> (ModuleId, u32) {
        (self.module(), self.line)
    }

    /// An object that is handed to a handler.
    pub fn object_of(entries: Vec<(&str, Value<'c>)>) -> Value<'c> {
        let entries = entries.into_iter().map(|(name, value)| (name.into(), value)).collect();
        Value::Object(Rc::new(Object { entries, rest: Vec::new() }))
    }

    /// An object that may have more than this.
    pub fn open_object(entries: Vec<(&str, Value<'c>)>) -> Value<'c> {
        let entries = entries.into_iter().map(|(name, value)| (name.into(), value)).collect();
        Value::Object(Rc::new(Object { entries, rest: vec![Value::Unknown] }))
    }
}

fn is_error(denoted: &Denoted) -> bool {
    match &denoted.root {
        Root::Global(name) => name.ends_with("Error"),
        Root::Package(_) => matches!(
            denoted.path.last(),
            Some(Step::Member(name)) if name.ends_with("Error") || name.ends_with("Exception")
        ),
        _ => false,
    }
}

fn number(expr: &Expr) -> Option<u16> {
    match expr {
        Expr::Number(number) if (100.0..600.0).contains(number) => Some(*number as u16),
        _ => None,
    }
}

fn status_of(value: &Value) -> Option<u16> {
    match value {
        Value::Number(number) if (100.0..600.0).contains(number) => Some(*number as u16),
        _ => None,
    }
}
