//! Layers of libraries, and those that cannot be read.

use super::Flow;
use super::chain::{Link, Pass, apart};
use super::facts::{Fact, Facts, GuardId};
use super::library::name_of;
use super::state::{State, join};
use super::trace::{GuardUse, note};
use super::value::{From, Symbol, Value};
use crate::code::{ClassId, FunctionId, ModuleId, Root};
use crate::meaning::symbols::{Found, Log, Proof, Style, What};

impl<'c> Flow<'c> {
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
        inner.found.set(None);
        inner.print.set(None);
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
        let before = self.state.clone();
        if next > 0 && self.combined(&inner, &link, next - 1) {
            // What runs behind it does so whatever the rest did.
            self.state = before;
            return;
        }
        self.of_library(&inner, &link);
        self.next(next, &[]);
    }

    /// What a layer of a library leaves.
    pub(super) fn of_library(&mut self, symbol: &Symbol<'c>, link: &Link<'c>) {
        let Some(found) = self.lookup(symbol) else {
            return self.of_unknown(symbol, link);
        };
        if let Some(middleware) = &found.entry().middleware {
            // Before it is called, what makes a middleware is none.
            let called = found.call(&symbol.denoted.path).is_some();
            let applies = called || !middleware.factory;
            let off = middleware.off.iter().any(|c| self.holds(c, symbol, &found) == Some(true));
            let only = middleware.only.iter().all(|c| self.holds(c, symbol, &found) == Some(true));
            if middleware.cors
                && let Some(options) = symbol.given.iter().flat_map(|given| given.iter()).last().cloned()
            {
                self.note_cors(&options, link.module, link.line);
            }
            if middleware.logs {
                self.trace.logs.push((Log::Info, link.module, link.line));
            }
            if off && middleware.establishes.contains(&What::Identity) {
                self.trace.optional.push((link.module, link.line));
            }
            if !applies || off || !only {
                self.own_function(symbol, &found, link);
                return;
            }
            self.trace.signs_in |=
                middleware.signs_in.iter().any(|c| self.holds(c, symbol, &found) == Some(true));
            let name = name_of(symbol, found.used);
            for what in &middleware.establishes {
                let by = self.meet(GuardUse::new(
                    *what,
                    middleware.proof,
                    name.clone(),
                    (link.module, link.line),
                    true,
                ));
                if let Some(mut state) = self.state.take() {
                    state.facts.add(Fact::Is(*what, middleware.proof), Some(by));
                    if *what == What::Role {
                        self.has_asked(symbol, middleware.proof, &mut state);
                    }
                    self.state = Some(state);
                }
            }
            let nest = matches!(middleware.style, Style::NestGuard);
            let head = if nest { Some("express-request") } else { None };
            let head = head.or_else(|| {
                link.args.first().and_then(|arg| match arg {
                    Value::Symbol(symbol) => match symbol.origin {
                        From::Head(head) => Some(head),
                        _ => None,
                    },
                    _ => None,
                })
            });
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
            if nest
                && verified
                && let Some(state) = &mut self.state
            {
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
    pub(super) fn own_function(&mut self, symbol: &Symbol<'c>, found: &Found, link: &Link<'c>) {
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
            Root::Package(name) => name.to_string(),
            Root::Global(name) => name.to_string(),
            _ => String::new(),
        };
        if is_schema(&package) || package == "Type" {
            return self.validated(link);
        }
        if !is_harmless(&package) {
            self.decided((link.module, link.line));
            self.trace.unknown.push((package, link.module, link.line));
        }
    }

    pub(super) fn validated(&mut self, link: &Link<'c>) {
        let by = self.guard_of(link, What::Validated, "schema".to_owned());
        if let Some(state) = &mut self.state {
            state.facts.add(Fact::Is(What::Validated, Proof::Verified), Some(by));
        }
    }

    fn guard_of(&mut self, link: &Link<'c>, what: What, name: String) -> GuardId {
        self.meet(GuardUse::new(what, Proof::Verified, name, (link.module, link.line), true))
    }

    /// A layer that can't be read may guard.
    pub(super) fn decided(&mut self, place: (ModuleId, u32)) {
        self.has_unread = true;
        note(&mut self.trace.unread, place);
        if let Some(state) = &mut self.state {
            state.facts.add(Fact::Decided, None);
        }
    }

    /// A guard class that extends a library's.
    pub(super) fn extends_guard(&mut self, module: ModuleId, class: ClassId, link: &Link<'c>) {
        let put = (link.module, link.line);
        let Some(of) = self.code.module(module).classes.get(class.0 as usize) else {
            return self.decided(put);
        };
        let Some(extends) = &of.extends else { return self.decided(put) };
        let own = self.member(&Value::Instance(module, class), &"handleRequest".into());
        match (self.elsewhere((module, FunctionId(0)), extends), own) {
            // It is told who is calling, or that nobody is, and decides.
            (Value::Symbol(_), Value::Function(closure)) => {
                let (failed, user) = told(Facts::default());
                let Some(exits) = self.invoke(&closure, vec![failed, user]) else { return self.decided(put) };
                let mut on = None;
                for exit in exits.into_iter().flat_map(apart) {
                    match exit.throws {
                        true => self.end(true, exit.value, exit.state, link.module, exit.line),
                        false => on = join(on, Some(exit.state)),
                    }
                }
                self.state = on;
            }
            (Value::Symbol(symbol), _) => self.of_library(&symbol, link),
            _ => self.decided(put),
        }
    }

    /// Whether a library answers requests with this: what it is given is no handler, but a part of its own.
    pub fn is_served(&self, value: &Value<'c>) -> bool {
        let Value::Symbol(symbol) = value else { return false };
        self.lookup(symbol).is_some_and(|found| found.entry().handler.is_some())
    }

    /// The handler is a library's.
    pub(super) fn library_handler(&mut self, symbol: &Symbol<'c>, link: &Link<'c>) {
        let found = self.lookup(symbol);
        if let Some(handler) = found.as_ref().and_then(|found| found.entry().handler.as_ref()) {
            self.trace.serves.push((handler.serves.clone(), link.module, link.line));
            let found = found.as_ref();
            let only =
                handler.only.iter().all(|c| found.is_some_and(|f| self.holds(c, symbol, f) == Some(true)));
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
}

/// What a function is told about who is calling: a failure or none, somebody or nobody.
fn told<'c>(held: Facts) -> (Value<'c>, Value<'c>) {
    let mut known = held;
    known.add(Fact::Is(What::Identity, Proof::Verified), None);
    let failure = Flow::object_of(vec![("message", Value::Caught)]);
    let nothing = Facts::default;
    (
        Value::either((failure, nothing()), (Value::Null, known.clone())),
        Value::either((Value::Undefined, nothing()), (Value::from(From::Principal), known)),
    )
}

fn is_schema(package: &str) -> bool {
    ["zod", "valibot", "yup", "joi", "superstruct", "arktype", "@sinclair/typebox", "ajv", "io-ts", "effect"]
        .iter()
        .any(|name| {
            package == *name || package.strip_prefix(name).is_some_and(|rest| rest.starts_with(['/', '-']))
        })
}

/// Packages whose middleware stops nobody.
fn is_harmless(package: &str) -> bool {
    matches!(
        package,
        "express"
            | "cors"
            | "helmet"
            | "compression"
            | "body-parser"
            | "cookie-parser"
            | "morgan"
            | "multer"
            | "serve-static"
            | "express-fileupload"
            | "method-override"
            | "next-intl/middleware"
            | "hpp"
            | "swagger-ui-express"
            | "express-async-handler"
            | "response-time"
            | "serve-favicon"
            | "connect-flash"
            | "express-ejs-layouts"
    ) || package.starts_with("hono/") && !package.contains("auth") && !package.contains("jwt")
        || package.starts_with("@fastify/")
        || package.starts_with("@nestjs/common")
}
