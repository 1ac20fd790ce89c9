//! What runs before a handler, and the handler: each goes on with the next.

use std::rc::Rc;

use super::facts::{Fact, Facts};
use super::state::State;
use super::trace::{End, GuardUse};
use super::value::{From, Symbol, Value};
use super::{Exit, Flow};
use crate::code::ModuleId;
use crate::meaning::symbols::{Found, Proof, Style, What};

/// Something that runs before the handler, or the handler.
#[derive(Debug, Clone)]
pub struct Link<'c> {
    /// What runs.
    pub runs: Value<'c>,
    /// How it lets a request pass.
    pub pass: Pass,
    /// What it is given.
    pub args: Vec<Value<'c>>,
    /// It may as well not run.
    pub maybe: bool,
    /// Where it was put.
    pub module: ModuleId,
    /// Line.
    pub line: u32,
    /// Arguments that are made when it runs: which, and by what.
    pub made: Vec<(usize, Value<'c>)>,
    /// When it runs, where that is not always.
    pub name: String,
}

/// How a request passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// By calling what it is given for that.
    ByNext,
    /// By returning, unless it answered.
    ByReturning,
    /// By returning nothing, or what says so.
    ByNoResponse,
    /// By returning something that counts as true.
    ByTrue,
    /// It is the handler.
    Handler,
}

impl<'c> Flow<'c> {
    /// Runs everything that a request goes through.
    pub fn request(&mut self, links: Vec<Link<'c>>) {
        self.passed = vec![None; links.len() + 1];
        self.links = links;
        for at in 0..self.links.len() {
            let Some(link) = self.links.get(at).cloned() else { break };
            if self.state.is_none() || !self.pay() {
                break;
            }
            let entry = self.state.clone();
            let (met, ended) = (self.trace.guards.len(), self.trace.ends.len());
            self.link(&link, at);
            let mut passed = self.passed.get_mut(at + 1).and_then(Option::take);
            // `.input((value) => value)` of tRPC is given the input alone, and goes on by returning.
            if passed.is_none() && self.trace.ends.len() == ended && is_procedure(&link) {
                passed.clone_from(&entry);
            }
            self.look_back(&link, at, entry.as_ref(), passed.as_ref(), (met, ended));
            let before = entry.filter(|_| link.maybe);
            // Requests for which a layer does not run go on with what they had.
            self.state = super::state::join(passed, before);
        }
    }

    /// What a layer came to.
    fn look_back(
        &mut self,
        link: &Link<'c>,
        at: usize,
        before: Option<&State<'c>>,
        after: Option<&State<'c>>,
        (met, ended): (usize, usize),
    ) {
        let (Some(before), Some(after)) = (before, after) else { return };
        if link.pass == Pass::Handler || before.facts.has(&Fact::Known) {
            return;
        }
        let (module, line) = match &link.runs {
            Value::Function(closure) => (closure.at.0, self.code.function(closure.at).line),
            _ => (link.module, link.line),
        };
        if after.facts.has(&Fact::Known) {
            self.trace.protectors.push(at);
            if link.maybe {
                let loss = super::Loss {
                    cause: super::Cause::Layer(link.name.clone()),
                    about: super::Origin::default(),
                    environment: None,
                    sent: false,
                    module: link.module,
                    line: link.line,
                };
                self.trace.losses.push(loss);
            }
            return;
        }
        let looks = self.trace.guards.get(met..).unwrap_or_default().iter().any(|guard| guard.what == What::Identity);
        let leaves = after.left.len() > before.left.len()
            && after.left.iter().any(|(key, value)| {
                !before.left.contains_key(key) && matches!(value, Value::OneOf(all) if all.iter().any(|(_, f)| f.has(&Fact::Known)))
            });
        let denies = self.trace.ends.get(ended..).unwrap_or_default().iter().any(|end| end.denies || end.fails);
        if (looks || leaves) && !denies {
            self.trace.passing.push((module, line));
        }
    }

    /// Requests go on behind a layer with what is known now.
    fn proceed(&mut self, at: usize) {
        let state = self.state.take();
        let before = self.passed.get_mut(at).and_then(Option::take);
        let joined = self.joined(before, state);
        if let Some(passed) = self.passed.get_mut(at) {
            *passed = joined;
        }
    }

    /// `next()`: the rest runs in the state that there is now.
    pub(super) fn next(&mut self, at: usize, args: &[Value<'c>]) {
        // `next(error)`: it goes to who handles errors.
        if let Some(error) = args.first() {
            match error {
                Value::Undefined | Value::Null => {}
                Value::Object(object) => {
                    // tRPC and next-safe-action: what is handed on.
                    if let (Some(context), Some(state)) = (object.get("ctx"), &mut self.state) {
                        let old = state.left.get("ctx").cloned();
                        let merged = merged(old, context.clone());
                        state.leave("ctx".to_owned(), merged);
                    }
                }
                Value::Text(text) if matches!(&**text, "route" | "router") => return,
                Value::Response(_) | Value::Caught | Value::Symbol(_) | Value::Instance(..) => {
                    let state = self.state.clone().unwrap_or_default();
                    let (module, line) = self.site();
                    self.end(true, error.clone(), state, module, line);
                    return;
                }
                _ => {}
            }
        }
        let before = self.state.clone();
        self.proceed(at);
        // What runs afterwards does so whatever the rest did.
        self.state = before;
    }

    fn link(&mut self, link: &Link<'c>, at: usize) {
        let mut args: Vec<Value<'c>> = link.args.iter().map(|arg| self.with_context(arg, at)).collect();
        for (place, maker) in &link.made {
            if let Value::Function(closure) = maker {
                let context = Value::from(From::Head("nest-context"));
                let value = self.enter(closure, vec![Value::Undefined, context], true);
                if let Some(slot) = args.get_mut(*place) {
                    *slot = value;
                }
            }
        }
        match &link.runs {
            Value::Function(closure) => {
                self.ends_by_sending = link.pass == Pass::ByReturning;
                let exits = self.invoke(closure, args);
                self.ends_by_sending = false;
                let Some(exits) = exits else {
                    self.decided();
                    return self.proceed(at + 1);
                };
                self.after(link, at, exits);
            }
            Value::Wrapped(_) => {
                let state = self.state.clone();
                let mark = self.trace.ends.len();
                let value = self.called(link, args);
                let _ = (mark, state);
                if let Some(state) = self.state.take() {
                    self.after(link, at, vec![Exit { throws: false, value, state, line: link.line }]);
                }
                self.thrown(link);
            }
            Value::OneOf(all) if link.pass != Pass::Handler => {
                let all = all.clone();
                let before = self.state.clone();
                for (value, facts) in all.iter() {
                    self.state = before.clone();
                    if let Some(state) = &mut self.state {
                        state.facts.add_all(facts);
                    }
                    let one = Link { runs: value.clone(), ..link.clone() };
                    self.link(&one, at);
                }
            }
            Value::Undefined | Value::Null | Value::Bool(_) => self.proceed(at + 1),
            Value::Symbol(symbol) if link.pass != Pass::Handler => {
                let symbol = symbol.clone();
                self.of_library(&symbol, link);
                self.proceed(at + 1);
            }
            Value::Class(module, class) | Value::Instance(module, class) if link.pass == Pass::ByTrue => {
                let instance = Value::Instance(*module, *class);
                match self.member(&instance, &"canActivate".into()) {
                    guard @ Value::Function(_) => {
                        let link = Link { runs: guard, ..link.clone() };
                        self.link(&link, at);
                    }
                    _ => {
                        self.extends_guard(*module, *class, link);
                        self.proceed(at + 1);
                    }
                }
            }
            Value::Class(module, class) | Value::Instance(module, class) if link.pass == Pass::ByNext => {
                let instance = Value::Instance(*module, *class);
                match self.member(&instance, &"use".into()) {
                    runs @ Value::Function(_) => {
                        let link = Link { runs, ..link.clone() };
                        self.link(&link, at);
                    }
                    _ => {
                        self.decided();
                        self.proceed(at + 1);
                    }
                }
            }
            Value::Class(..) | Value::Instance(..) if link.pass == Pass::ByReturning => self.proceed(at + 1),
            Value::Object(_) | Value::List(..) if link.pass != Pass::Handler => {
                // A schema in the form of an object.
                self.validated(link);
                self.proceed(at + 1);
            }
            Value::Symbol(symbol) => {
                let symbol = symbol.clone();
                self.library_handler(&symbol, link);
            }
            _ => {
                if link.pass == Pass::Handler {
                    self.trace.unknown.push(("the handler".to_owned(), link.module, link.line));
                    let state = self.state.take().unwrap_or_default();
                    self.end(false, Value::Unknown, state, link.module, link.line);
                } else {
                    self.decided();
                    self.proceed(at + 1);
                }
            }
        }
    }

    /// Calls what can't be entered by itself.
    fn called(&mut self, link: &Link<'c>, args: Vec<Value<'c>>) -> Value<'c> {
        match &link.runs {
            Value::Wrapped(wrapped) => {
                let wrapped = wrapped.clone();
                self.enter_wrapped(&wrapped, args)
            }
            _ => Value::Unknown,
        }
    }

    /// What was thrown through everything ends the request.
    fn thrown(&mut self, link: &Link<'c>) {
        let exits = match self.stack.first_mut() {
            Some(frame) => std::mem::take(&mut frame.exits),
            None => return,
        };
        for exit in exits {
            self.end(exit.throws, exit.value, exit.state, link.module, exit.line);
        }
    }

    /// A layer that can't be read may guard.
    fn decided(&mut self) {
        self.has_unread = true;
        if let Some(state) = &mut self.state {
            state.facts.add(Fact::Decided, None);
        }
    }

    fn validated(&mut self, link: &Link<'c>) {
        let by = self.guard_of(link, What::Validated, "schema".to_owned());
        if let Some(state) = &mut self.state {
            state.facts.add(Fact::Is(What::Validated, Proof::Verified), Some(by));
        }
    }

    fn guard_of(&mut self, link: &Link<'c>, what: What, name: String) -> super::GuardId {
        self.trace.guard(GuardUse {
            what,
            proof: Proof::Verified,
            name,
            module: link.module,
            line: link.line,
            is_checked: true,
            is_forgotten: false,
            is_wrapper: false,
            order: 0,
            note: String::new(),
        })
    }

    /// What a layer does with a request, from how it ended.
    fn after(&mut self, link: &Link<'c>, at: usize, exits: Vec<Exit<'c>>) {
        let module = match &link.runs {
            Value::Function(closure) => closure.at.0,
            _ => link.module,
        };
        let mut on: Option<State<'c>> = None;
        for exit in exits.into_iter().flat_map(apart) {
            if exit.throws {
                self.end(true, exit.value, exit.state, module, exit.line);
                continue;
            }
            match link.pass {
                Pass::Handler => self.end(false, exit.value, exit.state, module, exit.line),
                Pass::ByNext => {
                    // Whoever calls `next` went on already; an answer ends the request.
                    if matches!(exit.value, Value::Response(_)) && exit.state.sent.is_none() {
                        self.end(false, exit.value, exit.state, module, exit.line);
                    }
                }
                Pass::ByReturning => match exit.state.sent {
                    Some(_) => {}
                    None => {
                        if let Value::Object(_) = &exit.value {
                            // next-safe-action before version 7: what it returns is the context.
                            let mut state = exit.state;
                            let old = state.left.get("ctx").cloned();
                            let context = merged(old, exit.value);
                            state.leave("ctx".to_owned(), context);
                            on = self.joined(on, Some(state));
                        } else {
                            on = self.joined(on, Some(exit.state));
                        }
                    }
                },
                Pass::ByNoResponse => {
                    let (pass, stop) = self.split(&exit);
                    if pass {
                        on = self.joined(on, Some(exit.state.clone()));
                    }
                    if stop {
                        self.end(false, exit.value, exit.state, module, exit.line);
                    }
                }
                Pass::ByTrue => {
                    let denied = self.refined(&exit.value, exit.state.clone(), false);
                    let passed = self.refined(&exit.value, exit.state, true);
                    on = self.joined(on, passed);
                    if let Some(state) = denied {
                        let body = None;
                        let no = super::Response { status: Some(403), passes: false, location: None, body };
                        self.end(false, Value::Response(Rc::new(no)), state, module, exit.line);
                    }
                }
            }
        }
        if let Some(state) = on {
            self.state = Some(state);
            self.proceed(at + 1);
        }
        self.state = None;
    }

    /// Whether what a middleware file returns lets the request pass, and whether it may stop it.
    fn split(&self, exit: &Exit<'c>) -> (bool, bool) {
        fn of(value: &Value) -> (bool, bool) {
            match value {
                Value::Response(response) => (response.passes, !response.passes),
                Value::OneOf(all) => all.iter().fold((false, false), |(pass, stop), (value, _)| {
                    let (a, b) = of(value);
                    (pass || a, stop || b)
                }),
                _ => (true, false),
            }
        }
        of(&exit.value)
    }

    /// A layer of a library that is called by hand: `guard(req, res, next)`.
    pub(super) fn called_layer(&mut self, symbol: &Symbol<'c>, next: usize, module: ModuleId, line: u32) {
        // `passport.authenticate("jwt", (err, user) => …)(req, res, next)`: the function decides.
        let own = symbol.given.iter().rev().skip(1).find_map(|given| match given.last() {
            Some(Value::Function(closure)) => Some(closure.clone()),
            _ => None,
        });
        if let Some(closure) = own {
            let (failed, user) = told(Facts::default());
            self.enter(&closure, vec![failed, user, Value::Unknown], true);
            return;
        }
        let mut inner = symbol.clone();
        inner.denoted.path.pop();
        inner.given.pop();
        inner.known.set(None);
        let link = Link {
            runs: Value::Unknown,
            pass: Pass::ByNext,
            args: symbol.given.last().map(|given| given.to_vec()).unwrap_or_default(),
            made: Vec::new(),
            maybe: false,
            module,
            line,
            name: String::new(),
        };
        self.of_library(&inner, &link);
        self.next(next, &[]);
    }

    /// What a layer of a library leaves.
    fn of_library(&mut self, symbol: &Symbol<'c>, link: &Link<'c>) {
        let Some(found) = self.lookup(symbol) else {
            return self.of_unknown(symbol, link);
        };
        if let Some(middleware) = &found.entry().middleware {
            // Before it is called, what makes a middleware is none.
            let called = found.call(&symbol.denoted.path).is_some();
            let applies = called || !middleware.factory;
            let off = middleware.off.iter().any(|c| self.holds(c, symbol, &found) == Some(true));
            let only = middleware.only.iter().all(|c| self.holds(c, symbol, &found) == Some(true));
            if middleware.cors && let Some(options) = symbol.given.iter().flat_map(|given| given.iter()).last().cloned() {
                self.note_cors(&options, link.module, link.line);
            }
            if middleware.logs {
                self.trace.logs.push((crate::meaning::symbols::Log::Info, link.module, link.line));
            }
            if off && middleware.establishes.contains(&What::Identity) {
                self.trace.optional.push((link.module, link.line));
            }
            if !applies || off || !only {
                self.own_function(symbol, &found, link);
                return;
            }
            let name = super::library::name_of(symbol, found.used);
            for what in &middleware.establishes {
                let by = self.trace.guard(GuardUse {
                    what: *what,
                    proof: middleware.proof,
                    name: name.clone(),
                    module: link.module,
                    line: link.line,
                    is_checked: true,
                    is_forgotten: false,
            is_wrapper: false,
            order: 0,
                    note: String::new(),
                });
                if let Some(state) = &mut self.state {
                    state.facts.add(Fact::Is(*what, middleware.proof), Some(by));
                }
            }
            let nest = matches!(middleware.style, Style::NestGuard);
            let head = if nest { Some("express-request") } else { None };
            let head = head.or_else(|| link.args.first().and_then(|arg| match arg {
                Value::Symbol(symbol) => match symbol.origin {
                    From::Head(head) => Some(head),
                    _ => None,
                },
                _ => None,
            }));
            let verified = middleware.establishes.contains(&What::Identity);
            for part in &middleware.leaves {
                let Some(head) = head else { continue };
                let at = match middleware.style {
                    Style::Hono => format!("{head}.var.{}", part.0.join(".")),
                    _ => format!("{head}.{}", part.0.join(".")),
                };
                let principal = Value::from(From::Principal);
                let value = match verified {
                    true => principal,
                    false => {
                        let mut facts = Facts::default();
                        facts.add(Fact::Is(What::Identity, Proof::Verified), None);
                        Value::either((principal, facts), (Value::Undefined, Facts::default()))
                    }
                };
                if let Some(state) = &mut self.state {
                    state.leave(at, value);
                }
            }
            if nest && verified && let Some(state) = &mut self.state {
                state.leave("express-request.user".to_owned(), Value::from(From::Principal));
            }
            self.own_function(symbol, &found, link);
            return;
        }
        if found.entry().guard.as_ref().is_some_and(|guard| guard.what == What::Validated)
            || found.entry().wrapper.is_some()
        {
            return;
        }
        if found.entry().handler.is_none() && found.entry().log.is_none() {
            self.of_unknown(symbol, link);
        }
    }

    /// `clerkMiddleware((auth, req) => …)`: what it is given runs as well.
    fn own_function(&mut self, symbol: &Symbol<'c>, found: &Found, link: &Link<'c>) {
        for callback in &found.entry().callback {
            for function in self.values_at(&callback.function, symbol, found) {
                let Value::Function(closure) = function else { continue };
                let given: Vec<Value<'c>> = callback
                    .gives
                    .iter()
                    .map(|head| if head.is_empty() { Value::Unknown } else { Value::from(From::Head(head)) })
                    .collect();
                let Some(exits) = self.invoke(&closure, given) else { continue };
                let mut on: Option<State<'c>> = None;
                for exit in exits {
                    let (pass, stop) = if exit.throws { (false, true) } else { self.split(&exit) };
                    if pass {
                        on = self.joined(on, Some(exit.state.clone()));
                    }
                    if stop {
                        self.end(exit.throws, exit.value, exit.state, link.module, exit.line);
                    }
                }
                self.state = on;
            }
        }
    }

    /// A layer of which the vocabulary says nothing: a schema, or something that may guard.
    fn of_unknown(&mut self, symbol: &Symbol<'c>, link: &Link<'c>) {
        let package = match &symbol.denoted.root {
            crate::code::Root::Package(name) => name.to_string(),
            crate::code::Root::Global(name) => name.to_string(),
            _ => String::new(),
        };
        if is_schema(&package) || package == "Type" {
            return self.validated(link);
        }
        if !is_harmless(&package) {
            self.decided();
            self.trace.unknown.push((package, link.module, link.line));
        }
    }

    /// A guard class that extends a library's.
    fn extends_guard(&mut self, module: ModuleId, class: crate::code::ClassId, link: &Link<'c>) {
        let Some(of) = self.code.module(module).classes.get(class.0 as usize) else { return self.decided() };
        let Some(extends) = &of.extends else { return self.decided() };
        let own = self.member(&Value::Instance(module, class), &"handleRequest".into());
        match (self.elsewhere((module, crate::code::FunctionId(0)), extends), own) {
            // It is told who is calling, or that nobody is, and decides.
            (Value::Symbol(_), Value::Function(closure)) => {
                let (failed, user) = told(Facts::default());
                let Some(exits) = self.invoke(&closure, vec![failed, user]) else { return self.decided() };
                let mut on = None;
                for exit in exits.into_iter().flat_map(apart) {
                    match exit.throws {
                        true => self.end(true, exit.value, exit.state, link.module, exit.line),
                        false => on = super::state::join(on, Some(exit.state)),
                    }
                }
                self.state = on;
            }
            (Value::Symbol(symbol), _) => self.of_library(&symbol, link),
            _ => self.decided(),
        }
    }

    /// The handler is a library's.
    fn library_handler(&mut self, symbol: &Symbol<'c>, link: &Link<'c>) {
        let found = self.lookup(symbol);
        if let Some(handler) = found.as_ref().and_then(|found| found.entry().handler.as_ref()) {
            self.trace.serves.push((handler.serves.clone(), link.module, link.line));
            let found = found.as_ref();
            let only = handler.only.iter().all(|c| found.is_some_and(|f| self.holds(c, symbol, f) == Some(true)));
            for what in handler.establishes.iter().filter(|_| only) {
                let by = self.guard_of(link, *what, handler.serves.clone());
                if let Some(state) = &mut self.state {
                    state.facts.add(Fact::Is(*what, Proof::Verified), Some(by));
                }
            }
        } else {
            self.trace.unknown.push(("the handler".to_owned(), link.module, link.line));
        }
        let state = self.state.take().unwrap_or_default();
        self.end(false, Value::Unknown, state, link.module, link.line);
    }

    /// The context that earlier layers handed on.
    fn with_context(&mut self, arg: &Value<'c>, at: usize) -> Value<'c> {
        match arg {
            Value::Next(_) => Value::Next(at + 1),
            Value::Object(object) if object.get("ctx").is_some() => {
                let left = self.state.as_ref().and_then(|state| state.left.get("ctx").cloned());
                let mut object = (**object).clone();
                for (name, value) in &mut object.entries {
                    if &**name == "ctx" {
                        *value = merged(Some(value.clone()), left.clone().unwrap_or(Value::Undefined));
                    }
                    if &**name == "next" {
                        *value = Value::Next(at + 1);
                    }
                }
                Value::Object(Rc::new(object))
            }
            _ => arg.clone(),
        }
    }

    /// An answer was sent by a call.
    pub(super) fn sent(&mut self, value: &Value<'c>, status: Option<u16>, facts: Facts, module: ModuleId, line: u32) {
        let caught = self.state.as_ref().is_some_and(|state| state.caught);
        let state = State { facts, caught, sent: status.or(Some(0)), ..State::default() };
        self.end_with(false, value.clone(), state, module, line);
    }

    /// The request ends.
    fn end(&mut self, throws: bool, value: Value<'c>, state: State<'c>, module: ModuleId, line: u32) {
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
                let one = super::Response { body: Some(body.clone()), ..(**response).clone() };
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
        let refuses = match &value {
            Value::Object(object) => {
                object.get("error").is_some_and(|error| error.truth() != Some(false))
                    || matches!(object.get("success"), Some(Value::Bool(false)))
                    || matches!(object.get("ok"), Some(Value::Bool(false)))
            }
            _ => false,
        };
        self.trace.ends.push(End {
            status,
            denies,
            // In a `catch`, an answer with a status that isn't known tells of the failure.
            fails: throws
                || status.is_some_and(|status| status >= 400)
                || refuses
                || status.is_none() && (state.caught || body.has(super::Origin::CAUGHT)),
            throws,
            facts: state.facts,
            body,
            module,
            line,
        });
    }
}

/// Whether a layer is one of a procedure: it is handed what it needs to go on.
fn is_procedure(link: &Link<'_>) -> bool {
    link.pass == Pass::ByNext
        && matches!(link.args.as_slice(), [Value::Object(object)] if object.get("next").is_some())
}

/// What a function is told about who is calling: a failure or none, somebody or nobody.
pub(super) fn told<'c>(held: Facts) -> (Value<'c>, Value<'c>) {
    let mut known = held;
    known.add(Fact::Is(What::Identity, Proof::Verified), None);
    let failure = Flow::object_of(vec![("message", Value::Caught)]);
    let nothing = Facts::default;
    (
        Value::either((failure, nothing()), (Value::Null, known.clone())),
        Value::either((Value::Undefined, nothing()), (Value::from(From::Principal), known)),
    )
}

/// A way out for each of the values that it may give: with each goes what holds then.
fn apart<'c>(exit: Exit<'c>) -> Vec<Exit<'c>> {
    let Value::OneOf(all) = &exit.value else { return vec![exit] };
    let one = |(value, facts): &(Value<'c>, Facts)| {
        let mut state = exit.state.clone();
        state.facts.add_all(facts);
        Exit { throws: exit.throws, value: value.clone(), state, line: exit.line }
    };
    all.iter().map(one).collect()
}

/// One object with what another adds.
fn merged<'c>(old: Option<Value<'c>>, new: Value<'c>) -> Value<'c> {
    match (old, new) {
        (Some(Value::Object(old)), Value::Object(new)) => {
            let mut all = (*old).clone();
            all.entries.extend(new.entries.iter().cloned());
            all.rest.extend(new.rest.iter().cloned());
            Value::Object(Rc::new(all))
        }
        (Some(old), Value::Undefined | Value::Unknown) => old,
        (Some(old), Value::Object(new)) => {
            let mut all = (*new).clone();
            all.rest.insert(0, old);
            Value::Object(Rc::new(all))
        }
        (_, new) => new,
    }
}

fn is_schema(package: &str) -> bool {
    ["zod", "valibot", "yup", "joi", "superstruct", "arktype", "@sinclair/typebox", "ajv", "io-ts", "effect"]
        .iter()
        .any(|name| package == *name || package.strip_prefix(name).is_some_and(|rest| rest.starts_with(['/', '-'])))
}

/// Packages whose middleware stops nobody.
fn is_harmless(package: &str) -> bool {
    matches!(
        package,
        "express" | "cors" | "helmet" | "compression" | "body-parser" | "cookie-parser" | "morgan" | "multer"
            | "serve-static" | "express-fileupload" | "method-override" | "next-intl/middleware" | "hpp" | "swagger-ui-express"
            | "express-async-handler" | "response-time" | "serve-favicon" | "connect-flash" | "express-ejs-layouts"
    ) || package.starts_with("hono/") && !package.contains("auth") && !package.contains("jwt")
        || package.starts_with("@fastify/")
        || package.starts_with("@nestjs/common")
}
