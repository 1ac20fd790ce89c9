//! What symbols of libraries do, as the vocabulary says.

use std::rc::Rc;

use super::facts::Fact;
use super::member::place;
use super::origin::Origin;
use super::trace::{EffectUse, GuardUse};
use super::value::{From, Response, Symbol, Test, Value, Wrapped};
use super::{Flow, State};
use crate::code::{Call, ModuleId, Root, Step};
use crate::meaning::symbols::{
    self, Acts, Condition, EffectKind, Found, How, Place, Proof, Takes, What, Which,
};

impl<'c> Flow<'c> {
    /// What the vocabulary says about a symbol.
    pub(super) fn lookup(&self, symbol: &Symbol<'c>) -> Option<Found> {
        match symbol.origin {
            From::Head(head) => symbols::within(head, &symbol.denoted.path),
            From::Root => symbols::of(&symbol.denoted),
            From::Input(_) | From::Principal => None,
        }
    }

    /// A symbol was called: the call is its last step.
    pub(super) fn library(&mut self, mut symbol: Symbol<'c>, awaits: bool) -> Value<'c> {
        let Some(Step::Call(module, call)) = symbol.denoted.path.last().cloned() else { return Value::Unknown };
        let args: Vec<Value<'c>> = symbol.given.last().map(|given| given.to_vec()).unwrap_or_default();
        if let [Value::Text(name), value, ..] = args.as_slice() {
            self.note_header(name, value);
        }
        let Some(found) = self.lookup(&symbol) else {
            return self.unknown_call(symbol, &args, module, call);
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
        for given in &args {
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
        if let (Some(_), Some(Value::Next(next))) = (&entry.middleware, args.iter().find(|arg| matches!(arg, Value::Next(_)))) {
            self.called_layer(&symbol, *next, module, call.line);
            return Value::Undefined;
        }
        if is_own && entry.guard.is_some() {
            self.guard(&symbol, &found, awaits);
        }
        if is_own && let Some(wrapper) = &entry.wrapper {
            let handler = self.values_at(&wrapper.handler, &symbol, &found).into_iter().next();
            if let Some(handler @ (Value::Function(_) | Value::Wrapped(_))) = handler {
                let by = Rc::new(symbol);
                return Value::Wrapped(Rc::new(Wrapped { by, handler }));
            }
        }
        if is_own && let Some(passes) = &entry.passes {
            if let Some(inner) = self.values_at(passes, &symbol, &found).into_iter().next() {
                return inner;
            }
        }
        if is_own && !entry.callback.is_empty() && entry.wrapper.is_none() && entry.middleware.is_none() {
            let answer = self.call_back(&symbol, &found, module, call);
            value = value.or(answer);
        } else if is_own && entry.guard.as_ref().is_none_or(|guard| guard.answer.is_none()) && entry.effect.is_none() && entry.handler.is_none() && entry.middleware.is_none() {
            self.may_run(&args);
        }
        if let Some(value) = value {
            return value;
        }
        let promised = entry.guard.as_ref().filter(|guard| guard.promise && guard.answer.is_none() && is_own && !awaits);
        if let Some(guard) = promised {
            let mut facts = super::Facts::default();
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
    fn unknown_call(&mut self, symbol: Symbol<'c>, args: &[Value<'c>], module: ModuleId, call: &'c Call) -> Value<'c> {
        match (&symbol.denoted.root, symbol.origin, symbol.denoted.path.as_slice()) {
            (Root::Global(name), From::Root, [Step::Call(..)]) => match &**name {
                "String" | "Number" | "parseInt" | "parseFloat" | "encodeURIComponent" | "decodeURIComponent" => {
                    if let Some(value @ (Value::Text(_) | Value::Number(_))) = args.first() {
                        return value.clone();
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
                        location: None,
                        body: args.first().cloned(),
                    }));
                }
                _ => {}
            },
            (Root::Global(name), From::Root, [Step::Member(member), Step::Call(..)]) => match (&**name, &**member) {
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
                ("Object", "freeze" | "assign") => return args.last().cloned().unwrap_or(Value::Undefined),
                ("process", "exit") | ("Deno", "exit") => {
                    self.state = None;
                    return Value::Unknown;
                }
                _ => {}
            },
            _ => {}
        }
        if let Some(answer) = self.of_nest(&symbol, args) {
            return answer;
        }
        if let Some(answer) = self.of_matcher(&symbol, args) {
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
                    if let Some(known) = self.state.as_ref().and_then(|state| state.left.get(&at)) {
                        return known.clone();
                    }
                }
                _ => {}
            }
        }
        let _ = module;
        self.may_run(args);
        if self.state.is_none() {
            return Value::Unknown;
        }
        Value::Symbol(Rc::new(symbol))
    }

    /// Remembers which sites may call, and whether with cookies.
    fn note_header(&mut self, name: &str, value: &Value<'c>) {
        if name.eq_ignore_ascii_case("access-control-allow-origin") {
            if self.origin(value).has(Origin::REQUEST) {
                self.trace.reflects = Some(self.site());
            }
        } else if name.eq_ignore_ascii_case("access-control-allow-credentials") {
            self.trace.credentials |= matches!(value, Value::Text(text) if &**text == "true");
        }
    }

    fn note_headers(&mut self, value: &Value<'c>, deep: u32) {
        let Value::Object(object) = value else { return };
        if deep > 2 {
            return;
        }
        let object = object.clone();
        for (name, value) in &object.entries {
            match value {
                Value::Object(_) if &**name == "headers" || deep == 0 => self.note_headers(value, deep + 1),
                _ => self.note_header(name, value),
            }
        }
    }

    /// `cors({ origin: true, credentials: true })`.
    pub(super) fn note_cors(&mut self, options: &Value<'c>, module: ModuleId, line: u32) {
        let Value::Object(options) = options else { return };
        let any = match options.get("origin") {
            Some(Value::Bool(true)) => true,
            // `(origin) => origin`.
            Some(Value::Function(closure)) => {
                let closure = closure.clone();
                let (module, function) = (closure.at.0, self.code.function(closure.at));
                let first = function.params.first().and_then(|param| match &param.pattern {
                    crate::code::Pattern::Name(symbol) => Some(*symbol),
                    _ => None,
                });
                let gives = |expr: &crate::code::Expr| matches!(expr, crate::code::Expr::Name(_, symbol) if symbol.is_some() && *symbol == first);
                let _ = module;
                match function.body.as_slice() {
                    [crate::code::Stmt::Return(Some(value), _)] => gives(value),
                    [crate::code::Stmt::Expr(crate::code::Expr::Call(call))] => {
                        call.args.get(1).is_some_and(|arg| gives(arg) || matches!(arg, crate::code::Expr::Bool(true)))
                    }
                    _ => false,
                }
            }
            _ => false,
        };
        if any {
            self.trace.reflects = Some((module, line));
        }
        self.trace.credentials |= matches!(options.get("credentials"), Some(Value::Bool(true)));
    }

    /// What guards of NestJS ask for: the request, and what decorators left.
    fn of_nest(&self, symbol: &Symbol<'c>, args: &[Value<'c>]) -> Option<Value<'c>> {
        let last = symbol.denoted.path.iter().rev().find_map(|step| match step {
            Step::Member(name) => Some(&**name),
            _ => None,
        })?;
        if symbol.origin == From::Head("nest-context") {
            return match last {
                "getRequest" => Some(Value::from(From::Head("express-request"))),
                "getResponse" => Some(Value::from(From::Head("express-response"))),
                _ => None,
            };
        }
        let Root::Package(package) = &symbol.denoted.root else { return None };
        let asks = matches!(last, "get" | "getAll" | "getAllAndOverride" | "getAllAndMerge");
        if &**package != "@nestjs/core" || !asks {
            return None;
        }
        let Some(Value::Text(key)) = args.first() else { return Some(Value::Unknown) };
        let known = self.metadata.iter().find(|(name, _)| name == key);
        Some(known.map_or(Value::Undefined, |(_, value)| value.clone()))
    }

    /// What asks whether the path is one of several: micromatch, and what Clerk makes for that.
    fn of_matcher(&self, symbol: &Symbol<'c>, args: &[Value<'c>]) -> Option<Value<'c>> {
        let Root::Package(package) = &symbol.denoted.root else { return None };
        let name = symbol.denoted.path.iter().find_map(|step| match step {
            Step::Member(name) if **name != *"default" => Some(&**name),
            _ => None,
        });
        let (list, path) = match (&**package, name) {
            ("micromatch" | "minimatch" | "picomatch", Some("isMatch" | "minimatch" | "match") | None) => {
                (args.get(1)?.clone(), args.first()?.clone())
            }
            (package, Some("createRouteMatcher")) if package.starts_with("@clerk/") => {
                let calls = symbol.denoted.path.iter().filter(|step| matches!(step, Step::Call(..))).count();
                if calls != 2 {
                    return None;
                }
                let made = symbol.denoted.path.iter().position(|step| matches!(step, Step::Call(..)))?;
                let list = symbol.given.get(made)?.first()?.clone();
                let path = self.state.as_ref()?.left.get("next-request.nextUrl.pathname")?.clone();
                (list, path)
            }
            _ => return None,
        };
        let Value::Text(path) = path else { return None };
        let texts: Vec<Value<'c>> = match list {
            Value::List(items, true) => items.to_vec(),
            one @ Value::Text(_) => vec![one],
            _ => return Some(Value::Unknown),
        };
        let mut answer = Some(false);
        for text in texts {
            let Value::Text(pattern) = text else {
                answer = None;
                continue;
            };
            match super::method::meets(&pattern, &path) {
                Some(true) => return Some(Value::Bool(true)),
                Some(false) => {}
                None => answer = None,
            }
        }
        Some(answer.map_or(Value::Unknown, Value::Bool))
    }

    /// A guard is called.
    fn guard(&mut self, symbol: &Symbol<'c>, found: &Found, awaits: bool) {
        let Some(guard) = &found.entry().guard else { return };
        let worth = self.worth(symbol, found);
        let holds = |flow: &Self, all: &'static [Condition]| all.iter().any(|c| flow.holds(c, symbol, found) == Some(true));
        let throws = (guard.how == How::Throws || holds(self, &guard.throws_if)) && !holds(self, &guard.result_if);
        let by = self.met(symbol, found, worth, throws);
        if self.is_off(symbol, found) {
            return;
        }
        if guard.promise && !awaits && guard.answer.is_none() {
            if let Some(known) = self.trace.guards.get_mut(by as usize) {
                known.is_forgotten = true;
            }
            return;
        }
        if let Some(answer) = &guard.answer {
            let function = self.values_at(&answer.function, symbol, found).into_iter().next();
            if let Some(Value::Function(closure)) = function {
                let mut held = super::Facts::default();
                held.add(Fact::Is(guard.what, worth), Some(by));
                let result = Value::Symbol(Rc::new(symbol.clone()));
                let params = self.code.function(closure.at).params.len().max(2).min(8);
                let mut args = vec![Value::Unknown; params];
                let none = super::Facts::default();
                if let Some(slot) = args.get_mut(answer.error as usize) {
                    let failure = Self::object_of(vec![("message", Value::Caught)]);
                    *slot = Value::either((failure, none.clone()), (Value::Null, held.clone()));
                }
                // Where there was no error there is a value: asking either tells.
                if let Some(slot) = args.get_mut(answer.value as usize) {
                    *slot = Value::either((Value::Undefined, none), (result, held));
                }
                self.enter(&closure, args, true);
                return;
            }
        }
        if throws && let Some(state) = &mut self.state {
            state.facts.add(Fact::Is(guard.what, worth), Some(by));
            if guard.what == What::Identity && guard.role_if.iter().any(|_| true) {
                let role = self.has_role_option(symbol, found);
                if role && let Some(state) = &mut self.state {
                    state.facts.add(Fact::Is(What::Role, worth), Some(by));
                }
            }
        }
    }

    /// What a guard's success is worth here.
    pub(super) fn worth(&self, symbol: &Symbol<'c>, found: &Found) -> Proof {
        let Some(guard) = &found.entry().guard else { return Proof::Presence };
        if guard.proof != Proof::Verified
            && guard.verified_if.iter().any(|c| self.holds(c, symbol, found) == Some(true))
        {
            return Proof::Verified;
        }
        // What a layer left that was seen doing so.
        if guard.proof == Proof::Carried
            && let Some(state) = &self.state
            && state.facts.verified(What::Identity)
        {
            return Proof::Verified;
        }
        guard.proof
    }

    pub(super) fn is_off(&self, symbol: &Symbol<'c>, found: &Found) -> bool {
        let off: &'static [Condition] = match &found.entry().guard {
            Some(guard) => &guard.off,
            None => return false,
        };
        off.iter().any(|condition| self.holds(condition, symbol, found) == Some(true))
    }

    pub(super) fn has_role_option(&self, symbol: &Symbol<'c>, found: &Found) -> bool {
        let role_if: &'static [Condition] = match &found.entry().guard {
            Some(guard) => &guard.role_if,
            None => return false,
        };
        role_if.iter().any(|condition| self.holds(condition, symbol, found) == Some(true))
    }

    pub(super) fn holds(&self, condition: &'static Condition, symbol: &Symbol<'c>, found: &Found) -> Option<bool> {
        condition.holds_in(self.code, &symbol.denoted.path, found)
    }

    /// The values at a place of a use of a symbol.
    pub(super) fn values_at(&mut self, place: &'static Place, symbol: &Symbol<'c>, found: &Found) -> Vec<Value<'c>> {
        match place {
            Place::Wild => match found.wild.and_then(|at| symbol.denoted.path.get(at)) {
                Some(Step::Member(name)) => vec![Value::Text(name.clone())],
                _ => Vec::new(),
            },
            Place::Argument { of, which, keys } => {
                let mut all = Vec::new();
                for at in symbols::calls(&symbol.denoted.path, of, found.used) {
                    let Some(given) = symbol.given.get(at).cloned() else { continue };
                    let chosen: &[Value<'c>] = match which {
                        Which::Nth(n) => given.get(*n..=*n).unwrap_or_default(),
                        Which::Last => given.last().map(std::slice::from_ref).unwrap_or_default(),
                        Which::All => &given,
                    };
                    for value in chosen {
                        let mut value = value.clone();
                        for key in keys {
                            value = self.member(&value, &key.as_str().into());
                        }
                        if !matches!(value, Value::Undefined) {
                            all.push(value);
                        }
                    }
                }
                all
            }
        }
    }

    /// Where what tells which rows are meant comes from.
    pub(super) fn filter_of(&mut self, symbol: &Symbol<'c>, found: &Found) -> Origin {
        let Some(effect) = &found.entry().effect else { return Origin::default() };
        let mut all = Origin::default();
        for place in &effect.filter {
            for value in self.values_at(place, symbol, found) {
                all = all.with(self.origin(&value));
            }
        }
        if let Some(sql) = &effect.sql {
            for value in self.values_at(sql, symbol, found) {
                all = all.with(self.origin(&value));
            }
            // `query(text, [values])`.
            if let Some(given) = symbol.given.iter().rev().find(|given| given.len() > 1) {
                for value in given.clone().iter().skip(1) {
                    all = all.with(self.origin(value));
                }
            }
        }
        all
    }

    /// Whether rows are looked up by a secret of the caller's: `Some(true)`, if it stood in a header or cookie, `Some(false)`
    /// if elsewhere in the request.
    pub(super) fn by_secret(&mut self, symbol: &Symbol<'c>, found: &Found) -> Option<bool> {
        let effect = found.entry().effect.as_ref()?;
        let mut best = None;
        for place in &effect.filter {
            let values = self.values_at(place, symbol, found);
            // `.eq("token", value)`: the name and the value are given side by side.
            for pair in values.windows(2) {
                if let Value::Text(name) = &pair[0] {
                    best = best.max(self.of_secret(name, &pair[1]));
                }
            }
            for value in values {
                best = best.max(self.secret_in(&value, 0));
            }
        }
        best
    }

    fn of_secret(&mut self, name: &str, value: &Value<'c>) -> Option<bool> {
        let origin = self.origin(value);
        let named = super::refine::names_secret(name);
        match origin.has(Origin::HEADER) {
            true if named || name.contains("key") || name.contains("hash") || name.contains("session") => Some(true),
            _ if named && origin.has(Origin::REQUEST) => Some(origin.has(Origin::HEADER)),
            _ => None,
        }
    }

    fn secret_in(&mut self, value: &Value<'c>, deep: u32) -> Option<bool> {
        if deep > 4 {
            return None;
        }
        match value {
            Value::Object(object) => {
                let object = object.clone();
                object.entries.iter().map(|(name, value)| match value {
                    Value::Object(_) => self.secret_in(value, deep + 1),
                    _ => self.of_secret(name, value),
                }).max().flatten()
            }
            // `eq(tokens.token, value)`, `and(…)`.
            Value::Symbol(symbol) => {
                let given = symbol.given.last()?.clone();
                let pair = match &*given {
                    [Value::Symbol(column), value] => match column.denoted.path.last() {
                        Some(Step::Member(name)) => {
                            let name = name.clone();
                            self.of_secret(&name, value)
                        }
                        _ => None,
                    },
                    _ => None,
                };
                pair.max(given.iter().map(|value| self.secret_in(value, deep + 1)).max().flatten())
            }
            _ => None,
        }
    }

    /// Something is done.
    fn act(&mut self, symbol: &Symbol<'c>, found: &Found, module: ModuleId, call: &'c Call) {
        let Some(effect) = &found.entry().effect else { return };
        let (at_module, at_call) = found.call(&symbol.denoted.path).unwrap_or((module, call));
        let mut kind = effect.kind;
        let mut target = String::new();
        for place in &effect.target {
            if let Some(text) = self.values_at(place, symbol, found).iter().find_map(|value| self.title(value)) {
                target = text;
                break;
            }
        }
        if kind == EffectKind::DbSql {
            let sql = effect.sql.as_ref().and_then(|place| {
                self.values_at(place, symbol, found).into_iter().find_map(|value| match value {
                    Value::Text(text) => Some(text.to_string()),
                    Value::Template(parts) => Some(parts.0.join("?")),
                    _ => None,
                })
            });
            if let Some(statement) = sql.as_deref().and_then(symbols::statement) {
                kind = statement.kind;
                target = statement.table;
            }
        }
        let filter = self.filter_of(symbol, found);
        let mut values = Origin::default();
        for place in &effect.values {
            for value in self.values_at(place, symbol, found) {
                values = values.with(self.origin(&value));
            }
        }
        let mut url = Origin::default();
        if let Some(place) = &effect.url {
            for value in self.values_at(place, symbol, found) {
                // Whoever chooses what stands behind the host does not choose whom is asked.
                if self.host(&value).is_none() {
                    url = url.with(self.origin(&value));
                }
                if target.is_empty() {
                    target = self.host(&value).unwrap_or_default();
                }
                if kind == EffectKind::Request
                    && let Some((known, _)) = self.of_address(&value)
                {
                    kind = known;
                }
            }
        }
        // `findUniqueOrThrow({ where: { id, userId } })`: without a row of the caller's own nothing goes on.
        let throws = symbol.denoted.path.iter().any(|step| matches!(step, Step::Member(name) if name.ends_with("OrThrow")));
        if throws && filter.any(Origin::PRINCIPAL.with(Origin::BOUND)) && let Some(state) = &mut self.state {
            state.facts.add(Fact::Is(What::Owner, Proof::Verified), None);
        }
        let Some(state) = &self.state else { return };
        let use_ = EffectUse {
            kind,
            target,
            provider: effect.provider.clone(),
            acts: symbol.acts,
            module: at_module,
            line: at_call.line,
            call: at_call,
            length: symbol.denoted.path.len(),
            facts: state.facts.clone(),
            filter,
            values,
            url,
            is_tried: state.tried > 0,
            is_late: state.sent.is_some(),
            order: 0,
        };
        self.trace.effect(use_);
    }

    /// What an address stands for, if the vocabulary knows whose it is.
    fn of_address(&self, value: &Value<'c>) -> Option<(EffectKind, &'static str)> {
        let text = match value {
            Value::Text(text) => text.to_string(),
            Value::Template(parts) => parts.0.first()?.to_string(),
            _ => return None,
        };
        symbols::of_url(&text)
    }

    fn host(&self, value: &Value<'c>) -> Option<String> {
        let text = match value {
            Value::Text(text) => text.to_string(),
            Value::Template(parts) => parts.0.first()?.to_string(),
            _ => return None,
        };
        let rest = text.split_once("://")?.1;
        let host = rest.split(['/', '?', '#', ':']).next()?;
        let whole = host.len() < rest.len() || matches!(value, Value::Text(_));
        (!host.is_empty() && whole).then(|| host.to_owned())
    }

    /// The name of a table or the like.
    fn title(&mut self, value: &Value<'c>) -> Option<String> {
        match value {
            Value::Text(text) => Some(text.to_string()),
            Value::Symbol(symbol) => {
                // `pgTable("users", …)`: what the table's maker was given.
                for given in &symbol.given {
                    if let Some(Value::Text(text)) = given.first() {
                        return Some(text.to_string());
                    }
                }
                symbol.denoted.path.iter().rev().find_map(|step| match step {
                    Step::Member(name) => Some(name.to_string()),
                    _ => None,
                })
            }
            _ => None,
        }
    }

    /// For whom a client acts.
    fn acts(&mut self, client: &'static symbols::Client, symbol: &Symbol<'c>, found: &Found) -> Acts {
        for place in &client.user {
            if !self.values_at(place, symbol, found).is_empty() {
                let key = client.key.as_ref().and_then(|key| self.key_of(key, symbol, found));
                // With cookies it acts for a session; with the key of the service and no session, for the service.
                let cookies = matches!(place, Place::Argument { keys, .. } if keys.last().is_some_and(|k| k == "cookies"));
                if cookies && key == Some(Acts::Service) {
                    return Acts::Service;
                }
                return Acts::User;
            }
        }
        if client.acts != Acts::Key {
            return client.acts;
        }
        client.key.as_ref().and_then(|key| self.key_of(key, symbol, found)).unwrap_or(Acts::Key)
    }

    fn key_of(&mut self, place: &'static Place, symbol: &Symbol<'c>, found: &Found) -> Option<Acts> {
        let values = self.values_at(place, symbol, found);
        let mut best = None;
        for value in values {
            for name in self.names_in(&value, 0) {
                match symbols::key(&name) {
                    Some(Acts::Service) => return Some(Acts::Service),
                    found => best = best.or(found),
                }
            }
        }
        best
    }

    /// The names of environment variables in a value.
    fn names_in(&mut self, value: &Value<'c>, deep: u32) -> Vec<String> {
        if deep > 6 {
            return Vec::new();
        }
        match value {
            Value::Text(text) => vec![text.to_string()],
            Value::Symbol(symbol) => {
                if let Some(found) = self.lookup(symbol)
                    && let Some(place) = &found.entry().env
                {
                    return self
                        .values_at(place, symbol, &found)
                        .into_iter()
                        .filter_map(|value| match value {
                            Value::Text(text) => Some(text.to_string()),
                            _ => None,
                        })
                        .collect();
                }
                // `env.SUPABASE_SERVICE_ROLE_KEY` of a checked environment.
                match symbol.denoted.path.last() {
                    Some(Step::Member(name)) => vec![name.to_string()],
                    _ => Vec::new(),
                }
            }
            Value::OneOf(all) => {
                let all = all.clone();
                all.iter().flat_map(|(value, _)| self.names_in(value, deep + 1)).collect()
            }
            Value::Template(parts) => {
                let parts = parts.clone();
                parts.1.iter().flat_map(|value| self.names_in(value, deep + 1)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// An answer is made or sent.
    fn respond(&mut self, symbol: &Symbol<'c>, found: &Found, module: ModuleId, call: &'c Call) -> Option<Value<'c>> {
        let response = found.entry().response.as_ref()?;
        let mut status = None;
        for place in &response.status {
            for value in self.values_at(place, symbol, found) {
                status = status.or(match &value {
                    Value::Number(number) => Some(*number as u16),
                    Value::Text(name) => symbols::code(&response.codes, name),
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
        let body = response.body.iter().find_map(|place| self.values_at(place, symbol, found).into_iter().next());
        let location =
            response.location.as_ref().and_then(|place| self.values_at(place, symbol, found).into_iter().next());
        let passes = response.takes == Takes::Passes;
        let made = Value::Response(Rc::new(Response { status, passes, location, body }));
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
                    && let (Some(state), Some(hook)) = (self.state.take(), self.stack.get_mut(1))
                {
                    hook.exits.push(super::Exit { throws: false, value: made.clone(), state, line: call.line });
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

    /// Functions that are given and called by what is called.
    fn call_back(&mut self, symbol: &Symbol<'c>, found: &Found, module: ModuleId, call: &'c Call) -> Option<Value<'c>> {
        let mut result = None;
        for callback in &found.entry().callback {
            for function in self.values_at(&callback.function, symbol, found) {
                let given: Vec<Value<'c>> = callback.gives.iter().map(|head| self.gift(head, symbol)).collect();
                let value = self.apply(&function, given, call, module);
                result = Some(value.awaited());
            }
        }
        result
    }

    /// What a library gives to a function.
    fn gift(&mut self, head: &'static str, symbol: &Symbol<'c>) -> Value<'c> {
        if head.is_empty() {
            return Value::Unknown;
        }
        let mut value = Value::from(From::Head(head));
        if let Value::Symbol(inner) = &mut value {
            // The client of a transaction acts as the one that began it.
            Rc::make_mut(inner).acts = symbol.acts;
        }
        value
    }

    /// A handler is called within what a library makes of it.
    pub(super) fn enter_wrapped(&mut self, wrapped: &Wrapped<'c>, mut args: Vec<Value<'c>>) -> Value<'c> {
        let symbol = wrapped.by.clone();
        let Some(found) = self.lookup(&symbol) else { return Value::Unknown };
        let Some(wrapper) = &found.entry().wrapper else { return Value::Unknown };
        let off = wrapper.off.iter().any(|c| self.holds(c, &symbol, &found) == Some(true));
        let only = wrapper.only.iter().all(|c| self.holds(c, &symbol, &found) == Some(true));
        for callback in &found.entry().callback {
            for (at, head) in callback.gives.iter().enumerate() {
                if !head.is_empty() {
                    args.resize(args.len().max(at + 1), Value::Unknown);
                    args[at] = self.gift(head, &symbol);
                }
            }
        }
        let (module, line) = match found.call(&symbol.denoted.path) {
            Some((module, call)) => (module, call.line),
            None => self.site(),
        };
        let mut held = super::Facts::default();
        for what in wrapper.establishes.iter().filter(|_| !off && only) {
            let by = self.trace.guard(GuardUse {
                what: *what,
                proof: Proof::Verified,
                name: name_of(&symbol, found.used),
                module,
                line,
                is_checked: true,
                is_forgotten: false,
            is_wrapper: false,
            order: 0,
                note: String::new(),
            });
            held.add(Fact::Is(*what, Proof::Verified), Some(by));
            if *what == What::Identity && wrapper.role_if.iter().any(|c| self.holds(c, &symbol, &found) == Some(true)) {
                held.add(Fact::Is(What::Role, Proof::Verified), Some(by));
            }
        }
        if let Some(state) = &mut self.state {
            state.facts.add_all(&held);
        }
        for part in &wrapper.carries {
            let Some((first, path)) = part.0.split_first() else { continue };
            let Ok(at) = first.parse::<usize>() else { continue };
            let carried = Value::from(From::Principal);
            let carried = match wrapper.optional {
                true => {
                    let mut facts = super::Facts::default();
                    facts.add(Fact::Is(What::Identity, Proof::Verified), None);
                    Value::either((carried, facts), (Value::Undefined, Default::default()))
                }
                false => carried,
            };
            let Some(Value::Symbol(arg)) = args.get(at) else { continue };
            if let (Some(mut key), Some(state)) = (place(arg), &mut self.state) {
                path.iter().for_each(|name| {
                    key.push('.');
                    key.push_str(name);
                });
                state.leave(key, carried);
            }
        }
        let Some((Step::Call(module, call), handler)) =
            symbol.denoted.path.last().cloned().map(|step| (step, wrapped.handler.clone()))
        else {
            return Value::Unknown;
        };
        self.awaits = true;
        self.apply(&handler, args, call, module).awaited()
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
                let said = ["error", "message", "serverError", "errors"].iter().find_map(|key| object.get(key));
                match said {
                    Some(Value::Text(_)) => says_no(said),
                    Some(Value::Response(inner)) => denial(inner.status),
                    _ => object.get("status").is_some_and(|status| matches!(status, Value::Number(n) if *n == 401.0 || *n == 403.0)),
                }
            }
            _ => false,
        }
    }

    /// Whether a call is of what every program has, and does nothing but compute.
    pub(super) fn is_plain(&self, symbol: &Symbol<'c>) -> bool {
        let Root::Global(name) = &symbol.denoted.root else { return false };
        symbol.origin == From::Root
            && matches!(
                &**name,
                "JSON" | "Object" | "String" | "Number" | "Math" | "Date" | "Array" | "parseInt" | "parseFloat"
                    | "Boolean" | "URL" | "URLSearchParams" | "Buffer" | "TextEncoder" | "TextDecoder" | "isNaN"
                    | "encodeURIComponent" | "decodeURIComponent" | "Set" | "Map" | "BigInt" | "Intl" | "RegExp"
                    | "structuredClone" | "atob" | "btoa" | "console" | "Headers" | "FormData" | "Uint8Array"
            )
    }
}

/// Whether a message says that whoever calls may not.
fn says_no(body: Option<&Value>) -> bool {
    let text = match body {
        Some(Value::Text(text)) => text.to_ascii_lowercase(),
        Some(Value::Object(object)) => {
            return ["error", "message"].iter().any(|key| says_no(object.get(key)));
        }
        _ => return false,
    };
    const WORDS: &[&str] =
        &["unauthor", "not auth", "forbidden", "permission", "not allowed", "sign in", "signed in", "log in", "logged in", "unauthenticated", "access denied"];
    WORDS.iter().any(|word| text.contains(word))
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
