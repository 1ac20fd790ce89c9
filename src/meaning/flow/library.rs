//! What symbols of libraries do, as the vocabulary says.

use std::rc::Rc;

use super::Flow;
use super::facts::{Fact, Facts};
use super::value::{From, Response, Symbol, Test, Value, Wrapped};
use crate::code::{Call, Root, Step};
use crate::meaning::symbols::{self, Found, How};

impl<'c> Flow<'c> {
    /// What the vocabulary says about a symbol.
    pub(super) fn lookup(&self, symbol: &Symbol<'c>) -> Option<Found> {
        if let Some(found) = symbol.found.get() {
            return found;
        }
        let found = match symbol.origin {
            From::Head(head) => symbols::within(head, &symbol.denoted.path),
            From::Root => symbols::of(&symbol.denoted),
            From::Input(_) | From::Principal => None,
        };
        symbol.found.set(Some(found));
        found
    }

    /// A symbol was called: the call is its last step.
    pub(super) fn library(&mut self, mut symbol: Symbol<'c>, awaits: bool) -> Value<'c> {
        let Some(Step::Call(module, call)) = symbol.denoted.path.last().cloned() else {
            return Value::Unknown;
        };
        let args = symbol.given.last().cloned().unwrap_or_default();
        if let [Value::Text(name), value, ..] = &*args {
            self.note_header(name, value);
        }
        if let Some(method) = self.of_document(&symbol) {
            return self.enter(&method, args.to_vec(), awaits);
        }
        let Some(found) = self.lookup(&symbol) else {
            return self.unknown_call(symbol, &args, call);
        };
        let entry = found.entry();
        let rest = found.rest(&symbol.denoted.path);
        let is_own = rest.is_empty();
        if let Some(client) = &entry.client
            && symbol.acts.is_none()
        {
            symbol.acts = Some(self.acts(client, &symbol, &found));
        } else if symbol.acts.is_none()
            && let Some(above) = found.client()
            && let Some(client) = &above.entry().client
        {
            symbol.acts = Some(self.acts(client, &symbol, &above));
        }
        let mut value = None;
        if let Some(log) = entry.log {
            self.trace.logs.push((log, module, call.line));
        }
        if let Some(handler) = &entry.handler
            && is_own
        {
            self.trace.serves.push((handler.serves.clone(), module, call.line));
        }
        for given in args.iter() {
            self.note_headers(given, 0);
        }
        if is_own && entry.response.is_some() {
            value = self.respond(&symbol, &found, module, call);
            if self.state.is_none() {
                return Value::Unknown;
            }
        }
        if entry.effect.is_some() {
            self.act(&symbol, &found, module, call);
        }
        if let (Some(_), Some(Value::Next(next))) =
            (&entry.middleware, args.iter().find(|arg| matches!(arg, Value::Next(_))))
        {
            self.called_layer(&symbol, *next, module, call.line);
            return Value::Undefined;
        }
        if is_own && entry.guard.is_some() {
            self.guard(&symbol, &found, awaits);
        }
        if is_own && let Some(wrapper) = &entry.wrapper {
            // `createAxiomRouteHandler(logger)(handler)`: of what was made by a call, the next one is given the handler.
            let last = found.used.checked_sub(1).and_then(|last| symbol.denoted.path.get(last));
            let is_made = symbol.denoted.path.len() > found.used && matches!(last, Some(Step::Call(..)));
            let handler = match is_made {
                true => args.last().cloned(),
                false => self.values_at(&wrapper.handler, &symbol, &found).into_iter().next(),
            };
            if let Some(handler @ (Value::Function(_) | Value::Wrapped(_))) = handler {
                let by = Rc::new(symbol);
                return Value::Wrapped(Rc::new(Wrapped { by, handler }));
            }
        }
        if is_own
            && let Some(passes) = &entry.passes
            && let Some(inner) = self.values_at(passes, &symbol, &found).into_iter().next()
        {
            return inner;
        }
        if is_own && !entry.callback.is_empty() && entry.wrapper.is_none() && entry.middleware.is_none() {
            let answer = self.call_back(&symbol, &found, module, call);
            value = value.or(answer);
        } else if is_own
            && entry.guard.as_ref().is_none_or(|guard| guard.answer.is_none())
            && entry.effect.is_none()
            && entry.handler.is_none()
            && entry.middleware.is_none()
        {
            self.may_run(&args);
        }
        if let Some(value) = value {
            return value;
        }
        let promised =
            entry.guard.as_ref().filter(|guard| guard.promise && guard.answer.is_none() && is_own && !awaits);
        if let Some(guard) = promised {
            let mut facts = Facts::default();
            let worth = self.worth(&symbol, &found);
            if guard.how == How::Throws && !self.is_off(&symbol, &found) {
                let by = self.met(&symbol, &found, worth, true);
                facts.add(Fact::Is(guard.what, worth), Some(by));
            }
            let value = Value::one_of(vec![(Value::Symbol(Rc::new(symbol)), facts)]);
            return Value::Promise(Rc::new(value));
        }
        Value::Symbol(Rc::new(symbol))
    }

    /// A call of which the vocabulary says nothing.
    fn unknown_call(&mut self, symbol: Symbol<'c>, args: &[Value<'c>], call: &'c Call) -> Value<'c> {
        match (&symbol.denoted.root, symbol.origin, symbol.denoted.path.as_slice()) {
            (Root::Global(name), From::Root, [Step::Call(..)]) => match &**name {
                "String" | "Number" | "parseInt" | "parseFloat" | "encodeURIComponent"
                | "decodeURIComponent" => {
                    match args.first() {
                        Some(value @ (Value::Text(_) | Value::Number(_))) => return value.clone(),
                        // `String(user?.email || "")`: what is empty stays that.
                        Some(Value::OneOf(all)) => {
                            let each = |(value, facts): &(Value<'c>, Facts)| {
                                (converted(&symbol, value), facts.clone())
                            };
                            return Value::one_of(all.iter().map(each).collect());
                        }
                        _ => {}
                    }
                }
                "Boolean" => {
                    let value = args.first().cloned().unwrap_or(Value::Undefined);
                    let not = Value::Test(Rc::new(Test::Not(value)));
                    return Value::Test(Rc::new(Test::Not(not)));
                }
                "Error" | "TypeError" | "RangeError" => {
                    return Value::Response(Rc::new(Response {
                        status: None,
                        passes: false,
                        caught: false,
                        location: None,
                        body: args.first().cloned(),
                    }));
                }
                _ => {}
            },
            (Root::Global(name), From::Root, [Step::Member(member), Step::Call(..)]) => {
                match (&**name, &**member) {
                    ("Array", "isArray") => match args.first() {
                        Some(Value::List(..)) => return Value::Bool(true),
                        Some(Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::Object(_)) => {
                            return Value::Bool(false);
                        }
                        _ => {}
                    },
                    ("Reflect", "get") => {
                        if let [of, Value::Text(name), ..] = args {
                            return self.member(of, name);
                        }
                    }
                    ("Promise", "all" | "allSettled" | "race" | "any") => {
                        return match args.first() {
                            Some(Value::List(items, whole)) => {
                                let items = items.iter().map(|item| item.awaited()).collect();
                                Value::List(Rc::new(items), *whole)
                            }
                            _ => Value::Unknown,
                        };
                    }
                    ("Promise", "resolve") => return args.first().cloned().unwrap_or(Value::Undefined),
                    ("Promise", "reject") => {
                        let value = args.first().cloned().unwrap_or(Value::Undefined);
                        self.exit(true, value, call.line);
                        return Value::Unknown;
                    }
                    ("Object", "freeze" | "assign") => {
                        return args.last().cloned().unwrap_or(Value::Undefined);
                    }
                    ("process", "exit") | ("Deno", "exit") => {
                        self.state = None;
                        return Value::Unknown;
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        if let Some(answer) = self.of_nest(&symbol, args) {
            return answer;
        }
        if let Some(answer) = self.of_matcher(&symbol, args) {
            return answer;
        }
        if let Some(answer) = self.of_result(&symbol, args, call) {
            return answer;
        }
        // What layers of Hono leave for each other: `c.set("user", user)`, `c.get("user")`.
        if let (From::Head(head), [Step::Member(name), Step::Call(..)], Some(Value::Text(key))) =
            (symbol.origin, symbol.denoted.path.as_slice(), args.first())
        {
            let at = format!("{head}.var.{key}");
            match (&**name, args.get(1)) {
                ("set", Some(value)) => {
                    if let Some(state) = &mut self.state {
                        state.leave(at, value.clone());
                    }
                    return Value::Undefined;
                }
                ("get", _) => {
                    if let Some(known) = self.left(&at) {
                        return known;
                    }
                }
                _ => {}
            }
        }
        let decided = self.asks_for_key(&symbol, args);
        self.may_run_where(args, decided);
        if self.state.is_none() {
            return Value::Unknown;
        }
        Value::Symbol(Rc::new(symbol))
    }

    /// Whether what nothing is known of is given a function, and with it the key that the caller shows:
    /// `directory.handle({ secret: headers.get("authorization"), … }, onEvent)`.
    fn asks_for_key(&mut self, symbol: &Symbol<'c>, args: &[Value<'c>]) -> bool {
        let runs = args.iter().any(|arg| matches!(arg, Value::Function(_)));
        let is_library = match &symbol.denoted.root {
            Root::Package(_) => true,
            Root::Global(name) => matches!(&**name, "globalThis" | "global"),
            _ => false,
        };
        runs && is_library && args.iter().any(|arg| shows_key(arg, 0))
    }

    /// Whether a call is of what every program has, and does nothing but compute.
    pub(super) fn is_plain(&self, symbol: &Symbol<'c>) -> bool {
        let Root::Global(name) = &symbol.denoted.root else { return false };
        symbol.origin == From::Root
            && matches!(
                &**name,
                "JSON"
                    | "Object"
                    | "String"
                    | "Number"
                    | "Math"
                    | "Date"
                    | "Array"
                    | "parseInt"
                    | "parseFloat"
                    | "Boolean"
                    | "URL"
                    | "URLSearchParams"
                    | "Buffer"
                    | "TextEncoder"
                    | "TextDecoder"
                    | "isNaN"
                    | "encodeURIComponent"
                    | "decodeURIComponent"
                    | "Set"
                    | "Map"
                    | "BigInt"
                    | "Intl"
                    | "RegExp"
                    | "structuredClone"
                    | "atob"
                    | "btoa"
                    | "console"
                    | "Headers"
                    | "FormData"
                    | "Uint8Array"
            )
    }
}

/// What a function that makes a text or a number of something makes of one alternative.
fn converted<'c>(by: &Symbol<'c>, value: &Value<'c>) -> Value<'c> {
    match value {
        Value::Text(_) | Value::Number(_) => value.clone(),
        _ => {
            let mut one = by.clone();
            if let Some(given) = one.given.last_mut() {
                *given = Rc::from([value.clone()]);
            }
            // What was asked of it before was asked of all alternatives.
            one.known.set(None);
            one.print.set(None);
            Value::Symbol(Rc::new(one))
        }
    }
}

/// Whether a value is, or holds, what stood in the header for those who are let in.
fn shows_key(value: &Value<'_>, deep: u32) -> bool {
    let names =
        |name: &str| name.eq_ignore_ascii_case("authorization") || name.eq_ignore_ascii_case("x-api-key");
    match value {
        _ if deep > 4 => false,
        Value::Object(object) => object.entries.iter().take(40).any(|(_, value)| shows_key(value, deep + 1)),
        Value::OneOf(all) => all.iter().any(|(value, _)| shows_key(value, deep + 1)),
        Value::Symbol(symbol) => {
            symbol.denoted.path.iter().any(|step| matches!(step, Step::Member(name) if names(name)))
                || symbol.given.iter().flat_map(|given| given.iter()).any(|arg| match arg {
                    Value::Text(text) => names(text),
                    Value::Symbol(_) => shows_key(arg, deep + 1),
                    _ => false,
                })
        }
        _ => false,
    }
}

/// A symbol as the code calls it, without what it was given: `supabase.auth.getUser`.
pub(super) fn name_of(symbol: &Symbol<'_>, used: usize) -> String {
    let mut name = match (symbol.origin, &symbol.denoted.root) {
        (From::Head(head), _) => head.to_owned(),
        (_, Root::Global(name)) => name.to_string(),
        (_, Root::Package(name)) => name.rsplit('/').next().unwrap_or(name).to_owned(),
        _ => String::new(),
    };
    let members = symbol.denoted.path.iter().take(used).filter_map(|step| match step {
        Step::Member(member) if **member != *"default" => Some(member),
        _ => None,
    });
    let members: Vec<&str> = members.map(|name| &**name).collect();
    if !members.is_empty() {
        let keep = members.len().saturating_sub(3);
        if matches!(symbol.denoted.root, Root::Package(_)) {
            name = members[keep..].join(".");
        } else {
            name = format!("{name}.{}", members[keep..].join("."));
        }
    }
    name
}
