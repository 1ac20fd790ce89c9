//! What runs before a handler, and the handler: each goes on with the next.

use std::rc::Rc;

use super::context::{is_procedure, merged};
use super::facts::{Fact, Facts};
use super::origin::Origin;
use super::state::{State, join};
use super::trace::{Cause, Loss};
use super::value::{From, Response, Value};
use super::{Exit, Flow, frame};
use crate::code::{FunctionId, ModuleId};
use crate::meaning::symbols::What;

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
            self.state = join(passed, before);
        }
        self.trace.guards.retain(|guard| !guard.is_elsewhere);
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
                let loss = Loss {
                    cause: Cause::Layer(link.name.clone()),
                    about: Origin::default(),
                    environment: None,
                    sent: false,
                    module: link.module,
                    line: link.line,
                };
                self.trace.losses.push(loss);
            }
            return;
        }
        let looks =
            self.trace.guards.get(met..).unwrap_or_default().iter().any(|guard| guard.what == What::Identity);
        let leaves = after.left.len() > before.left.len()
            && after.left.iter().any(|(key, value)| {
                !before.left.contains_key(key)
                    && matches!(value, Value::OneOf(all) if all.iter().any(|(_, f)| f.has(&Fact::Known)))
            });
        let denies =
            self.trace.ends.get(ended..).unwrap_or_default().iter().any(|end| end.denies || end.fails);
        // `passport.session()` is for those who ask later.
        let is_library = match &link.runs {
            Value::Symbol(made) => made
                .given
                .iter()
                .flat_map(|given| given.iter())
                .all(|given| !matches!(given, Value::Function(_) | Value::Symbol(_) | Value::Wrapped(_))),
            _ => false,
        };
        if (looks || leaves) && !denies && !is_library {
            self.trace.passing.push((module, line));
        }
    }

    /// Requests go on behind a layer with what is known now.
    pub(super) fn proceed(&mut self, at: usize) {
        let mut state = self.state.take();
        if let Some(state) = &mut state {
            state.facts = self.with_base(&state.facts);
        }
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

    pub(super) fn link(&mut self, link: &Link<'c>, at: usize) {
        let mut args: Vec<Value<'c>> = link.args.iter().map(|arg| self.with_context(arg, at)).collect();
        args.iter_mut().for_each(|arg| self.as_it_was_left(arg));
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
                    self.decided((link.module, link.line));
                    return self.proceed(at + 1);
                };
                self.after(link, at, exits);
            }
            Value::Wrapped(wrapped) => {
                let wrapped = wrapped.clone();
                let value = self.enter_wrapped(&wrapped, args);
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
                if self.combined(&symbol, link, at) {
                    return;
                }
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
                        self.decided((link.module, link.line));
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
                    self.decided((link.module, link.line));
                    self.proceed(at + 1);
                }
            }
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
                    // What is carried is worth what holds where it is asked.
                    let before = self.state.replace(exit.state.clone());
                    self.line = exit.line;
                    self.stack.push(frame((module, FunctionId(0)), Value::Undefined));
                    let denied = self.refined(&exit.value, exit.state.clone(), false);
                    let passed = self.refined(&exit.value, exit.state, true);
                    self.stack.pop();
                    self.state = before;
                    on = self.joined(on, passed);
                    if let Some(state) = denied {
                        let body = None;
                        let no = Response {
                            status: Some(403),
                            passes: false,
                            caught: false,
                            location: None,
                            body,
                        };
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
    pub(super) fn split(&self, exit: &Exit<'c>) -> (bool, bool) {
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
}

/// A way out for each of the values that it may give: with each goes what holds then.
pub(super) fn apart<'c>(exit: Exit<'c>) -> Vec<Exit<'c>> {
    let Value::OneOf(all) = &exit.value else { return vec![exit] };
    let one = |(value, facts): &(Value<'c>, Facts)| {
        let mut state = exit.state.clone();
        state.facts.add_all(facts);
        Exit { throws: exit.throws, value: value.clone(), state, line: exit.line }
    };
    all.iter().map(one).collect()
}
