//! What is known when something turns out to be so, or not.

use super::facts::{Fact, Facts};
use super::library::name_of;
use super::origin::Origin;
use super::state::join;
use super::value::{From, Symbol, Test, Value};
use super::{Flow, GuardUse, State};
use crate::code::{Expr, Name, Property, Step};
use crate::meaning::symbols::{Proof, What};

impl<'c> Flow<'c> {
    /// The same as [`Flow::refined`], and what the name in a condition is worth afterwards.
    pub(super) fn narrowed(
        &mut self,
        expr: &'c Expr,
        value: &Value<'c>,
        state: State<'c>,
        want: bool,
    ) -> Option<State<'c>> {
        let mut state = self.refined(value, state, want)?;
        let module = self.module();
        if let Some((symbol, path)) = way(expr)
            && let Some(Value::OneOf(all)) = state.vars.get(&(module, symbol)).cloned()
        {
            let mut kept = Vec::new();
            for (alternative, facts) in all.iter() {
                let mut part = alternative.clone();
                for name in &path {
                    part = self.member(&part, name);
                }
                if part.truth().is_none_or(|truth| truth == want) {
                    kept.push((alternative.clone(), facts.clone()));
                }
            }
            if !kept.is_empty() && kept.len() < all.len() {
                let (_, first) = &kept[0];
                let common = kept.iter().fold(first.clone(), |known, (_, facts)| known.both(facts));
                state.facts.add_all(&common);
                state.set((module, symbol), Value::one_of(kept));
            }
        }
        Some(state)
    }

    /// What is known if a value counts as true (or as false). `None`, if it can't.
    pub(super) fn refined(&mut self, value: &Value<'c>, state: State<'c>, want: bool) -> Option<State<'c>> {
        self.refine(value, state, want, 0)
    }

    fn refine(&mut self, value: &Value<'c>, mut state: State<'c>, want: bool, deep: u32) -> Option<State<'c>> {
        if let Some(truth) = value.truth() {
            return (truth == want).then_some(state);
        }
        if deep > 24 || !self.pay() {
            return Some(state);
        }
        match value {
            Value::OneOf(all) => {
                let mut joined: Option<State<'c>> = None;
                for (value, facts) in all.iter() {
                    let mut state = state.clone();
                    state.facts.add_all(facts);
                    let one = self.refine(value, state, want, deep + 1);
                    let line = self.line;
                    self.compare(joined.as_ref(), one.as_ref(), super::Cause::Branch, Origin::default(), line);
                    joined = join(joined, one);
                }
                joined
            }
            Value::Test(test) => match &**test {
                Test::Not(inner) => self.refine(inner, state, !want, deep + 1),
                Test::Equal(a, b) => self.equal(a, b, state, want, deep),
                Test::In(a, b) => self.included(a, b, state, want),
                Test::And(a, b) => self.both(a, b, state, want, deep),
                Test::Or(a, b) => self.both_not(a, b, state, want, deep),
                Test::About(values) => {
                    for value in values {
                        self.touch(value);
                    }
                    Some(state)
                }
            },
            Value::Symbol(symbol) => {
                self.touch(value);
                self.tells(symbol, &mut state, want);
                if want && let Some(name) = self.environment(value) {
                    state.facts.add(Fact::Set(name), None);
                }
                Some(state)
            }
            _ => {
                self.touch(value);
                Some(state)
            }
        }
    }

    fn both(&mut self, a: &Value<'c>, b: &Value<'c>, state: State<'c>, want: bool, deep: u32) -> Option<State<'c>> {
        let yes = self.refine(a, state.clone(), true, deep + 1);
        if want {
            return yes.and_then(|state| self.refine(b, state, true, deep + 1));
        }
        let no = self.refine(a, state, false, deep + 1);
        let other = yes.and_then(|state| self.refine(b, state, false, deep + 1));
        join(no, other)
    }

    fn both_not(&mut self, a: &Value<'c>, b: &Value<'c>, state: State<'c>, want: bool, deep: u32) -> Option<State<'c>> {
        let no = self.refine(a, state.clone(), false, deep + 1);
        if !want {
            return no.and_then(|state| self.refine(b, state, false, deep + 1));
        }
        let yes = self.refine(a, state, true, deep + 1);
        let other = no.and_then(|state| self.refine(b, state, true, deep + 1));
        join(yes, other)
    }

    /// Remembers what a question was about.
    pub(super) fn touch(&mut self, value: &Value<'c>) {
        let origin = self.origin(value);
        self.touched = self.touched.with(origin);
        if origin.has(Origin::ENVIRONMENT) {
            self.touched_environment = self.environment(value).or(self.touched_environment.take());
        }
    }

    /// What a symbol tells by being something, or nothing.
    fn tells(&mut self, symbol: &Symbol<'c>, state: &mut State<'c>, something: bool) {
        if symbol.origin == From::Principal {
            if something {
                state.facts.add(Fact::Is(What::Identity, Proof::Verified), None);
            }
            return;
        }
        if something && self.is_decoded(symbol) {
            let (module, line) = self.site();
            let name = "a token that is decoded by hand".to_owned();
            let by = self.trace.guard(GuardUse {
                what: What::Identity,
                proof: Proof::Unverified,
                name,
                module,
                line,
                is_checked: true,
                is_forgotten: false,
                is_wrapper: false,
                order: 0,
                note: String::new(),
            });
            state.facts.add(Fact::Is(What::Identity, Proof::Unverified), Some(by));
            return;
        }
        let Some(found) = self.lookup(symbol) else { return };
        let Some(guard) = &found.entry().guard else {
            if something && asks_own_session(symbol) {
                let by = self.secret(&Value::Unknown, What::Identity);
                if let Some(guard) = self.trace.guards.get_mut(by as usize) {
                    guard.name = "the session that the app itself tells".to_owned();
                }
                state.facts.add(Fact::Is(What::Identity, Proof::Verified), Some(by));
                return;
            }
            self.tells_of_row(symbol, state, something);
            return;
        };
        let rest = found.rest(&symbol.denoted.path);
        let worth = self.worth(symbol, &found);
        let by = self.met(symbol, &found, worth, true);
        if self.is_off(symbol, &found) {
            return;
        }
        let shows = guard.fails.iter().any(|failure| failure.when != something && failure.shown_by(rest));
        if shows {
            state.facts.add(Fact::Is(guard.what, worth), Some(by));
            if guard.what == What::Identity && self.has_role_option(symbol, &found) {
                state.facts.add(Fact::Is(What::Role, worth), Some(by));
            }
        }
        let around = |part: &crate::meaning::symbols::Part| part.0.len() > rest.len() && {
            let shorter = crate::meaning::symbols::Part(part.0[..rest.len()].to_vec());
            shorter.before(rest).is_some_and(<[_]>::is_empty)
        };
        let is_around = !shows
            && !guard.fails.iter().any(|failure| failure.shown_by(rest))
            && guard.fails.iter().any(|failure| around(&failure.part));
        if let Some(known) = self.trace.guards.get_mut(by as usize) {
            known.is_wrapper |= is_around;
            known.is_forgotten = false;
        }
        // `user.isAdmin`: a part of who is calling that says what they may do.
        let parts = guard.yields.iter().find_map(|part| part.before(rest));
        if something
            && guard.what == What::Identity
            && let Some(parts @ [.., Step::Member(last)]) = parts
            && is_role(last)
        {
            if is_own_claim(parts) {
                let site = self.site();
                self.trace.claims.push(site);
                return;
            }
            state.facts.add(Fact::Is(What::Role, worth), Some(by));
            state.facts.add(Fact::Role(last.clone()), Some(by));
        }
    }

    /// Whether something is `JSON.parse(atob(token.split(".")[1]))` of what stood in a header.
    pub(super) fn is_decoded(&mut self, symbol: &Symbol<'c>) -> bool {
        let (crate::code::Root::Global(name), From::Root) = (&symbol.denoted.root, symbol.origin) else {
            return false;
        };
        if &**name != "JSON" {
            return false;
        }
        let Some(given) = symbol.given.iter().find(|given| !given.is_empty()).cloned() else { return false };
        let Some(text) = given.first() else { return false };
        decodes(text, 0) && self.origin(text).has(Origin::HEADER)
    }

    /// A member of who is calling was asked for, which throws where nobody is.
    pub(super) fn is_there(&mut self, symbol: &Symbol<'c>, state: &mut State<'c>) {
        let Some(found) = self.lookup(symbol) else { return };
        let Some(guard) = &found.entry().guard else { return };
        let rest = found.rest(&symbol.denoted.path);
        let is_nothing = |part: &crate::meaning::symbols::Part| part.before(rest).is_some_and(<[_]>::is_empty);
        let shows = guard.fails.iter().any(|failure| !failure.when && is_nothing(&failure.part) && !failure.part.0.iter().any(|n| n == "*"));
        if guard.what == What::Identity && shows && !rest.is_empty() && found.call(&symbol.denoted.path).is_some() {
            self.tells(symbol, state, true);
        }
    }

    /// `profile.is_admin` of a row that was looked up by who is calling.
    fn tells_of_row(&mut self, symbol: &Symbol<'c>, state: &mut State<'c>, something: bool) {
        if !something {
            return;
        }
        let origin = self.origin(&Value::Symbol(std::rc::Rc::new(symbol.clone())));
        if origin.has(Origin::BY_TOKEN) {
            self.found_by_token(state);
        } else if origin.has(Origin::BY_LINK) {
            state.facts.add(Fact::Link, None);
        }
        // That there is a row of the caller's own: a membership, a profile.
        if origin.has(Origin::BOUND) {
            if let Some(Step::Member(last)) = symbol.denoted.path.last()
                && is_role(last)
            {
                state.facts.add(Fact::Is(What::Role, Proof::Verified), None);
                state.facts.add(Fact::Role(last.clone()), None);
            } else {
                state.facts.add(Fact::Is(What::Owner, Proof::Verified), None);
            }
        }
    }

    /// A row was there for the secret that the caller has.
    pub(super) fn found_by_token(&mut self, state: &mut State<'c>) {
        state.facts.add(Fact::Is(What::Identity, Proof::Verified), None);
        state.facts.add(Fact::Is(What::Owner, Proof::Verified), None);
    }

    fn equal(&mut self, a: &Value<'c>, b: &Value<'c>, state: State<'c>, want: bool, deep: u32) -> Option<State<'c>> {
        for (value, other) in [(a, b), (b, a)] {
            match other {
                Value::Null | Value::Undefined => {
                    // `x === null`: what is something is not nothing.
                    return self.refine(value, state, !want, deep + 1);
                }
                Value::Bool(truth) => return self.refine(value, state, *truth == want, deep + 1),
                Value::OneOf(all) if !matches!(value, Value::OneOf(_)) && deep < 6 => {
                    let mut joined: Option<State<'c>> = None;
                    for (alternative, facts) in all.iter() {
                        let mut state = state.clone();
                        state.facts.add_all(facts);
                        joined = join(joined, self.equal(value, alternative, state, want, deep + 1));
                    }
                    return joined;
                }
                _ => {}
            }
        }
        match (a, b) {
            (Value::Text(a), Value::Text(b)) => match same_text(a, b) {
                Some(same) => return (same == want).then_some(state),
                None => return Some(state),
            },
            (Value::Number(a), Value::Number(b)) => return ((a == b) == want).then_some(state),
            _ => {}
        }
        let (of_a, of_b) = (self.origin(a), self.origin(b));
        self.touched = self.touched.with(of_a).with(of_b);
        // How long a secret is says nothing of who has it.
        if [a, b].iter().any(|side| last_of(side).is_some_and(|name| matches!(&*name, "length" | "byteLength" | "size"))) {
            return Some(state);
        }
        if of_a.with(of_b).has(Origin::ENVIRONMENT) {
            let name = self.environment(a).or_else(|| self.environment(b));
            self.touched_environment = name.or(self.touched_environment.take());
        }
        let mut state = state;
        if !want {
            return Some(state);
        }
        for (value, of, other, of_other) in [(a, of_a, b, of_b), (b, of_b, a, of_a)] {
            let fixed = matches!(other, Value::Text(_) | Value::Number(_));
            if fixed && self.claims_role(value, of) {
                let site = self.site();
                self.trace.claims.push(site);
                // That somebody is there is known all the same.
                if of.has(Origin::PRINCIPAL) && let Value::Symbol(symbol) = value {
                    self.tells(symbol, &mut state, true);
                }
                continue;
            }
            if of.any(Origin::PRINCIPAL.with(Origin::BOUND)) && fixed {
                // `user?.role === "admin"`: there is a user, and they have the role.
                if let Value::Symbol(symbol) = value {
                    self.tells(symbol, &mut state, true);
                }
                if !last_of(value).is_some_and(|name| is_role(&name)) && of.has(Origin::PRINCIPAL) && is_somebody(other) {
                    let site = self.site();
                    self.trace.listed.push(site);
                }
                self.role(other, &mut state);
            } else if !fixed
                && (of.has(Origin::PRINCIPAL) && !of_other.is_none()
                    || of.has(Origin::BOUND) && of_other.any(Origin::ROW.with(Origin::BY_LINK)))
            {
                if let Value::Symbol(symbol) = value {
                    self.tells(symbol, &mut state, true);
                }
                state.facts.add(Fact::Is(What::Owner, Proof::Verified), None);
            } else if of.has(Origin::DIGEST) && of_other.has(Origin::REQUEST) {
                let by = self.secret(value, What::Signature);
                state.facts.add(Fact::Is(What::Signature, Proof::Verified), Some(by));
            } else if of.has(Origin::ENVIRONMENT)
                && !of.has(Origin::REQUEST)
                && of_other.has(Origin::REQUEST)
                && !of_other.has(Origin::ENVIRONMENT)
            {
                let by = self.secret(value, What::Equal);
                if let (Value::Template(_), Some(name)) = (value, self.environment(value))
                    && !state.facts.has(&Fact::Set(name.clone()))
                    && !is_always_set(&name)
                {
                    let (module, line) = self.site();
                    self.trace.unset.push((name, module, line));
                }
                state.facts.add(Fact::Is(What::Equal, Proof::Verified), Some(by));
            } else if of.any(Origin::STORED.with(Origin::BOUND))
                && !of.has(Origin::REQUEST)
                && (of_other.has(Origin::HEADER) || of_other.has(Origin::REQUEST) && is_secret(value))
            {
                // The secret is in the database.
                let by = self.secret(value, What::Equal);
                state.facts.add(Fact::Is(What::Equal, Proof::Verified), Some(by));
            }
        }
        Some(state)
    }

    fn role(&mut self, role: &Value<'c>, state: &mut State<'c>) {
        state.facts.add(Fact::Is(What::Role, Proof::Verified), None);
        if let Value::Text(text) = role {
            state.facts.add(Fact::Role(text.clone()), None);
        }
    }

    /// A comparison with a secret is a guard as well.
    fn secret(&mut self, secret: &Value<'c>, what: What) -> super::GuardId {
        let (module, line) = self.site();
        let note = self.environment(secret);
        let name = match (&note, what) {
            (_, What::Signature) => "signature".to_owned(),
            (Some(name), _) => name.to_string(),
            (None, _) => "shared secret".to_owned(),
        };
        let note = note.map(|name| name.to_string()).unwrap_or_default();
        self.trace.guard(GuardUse {
            what,
            proof: Proof::Verified,
            name,
            module,
            line,
            is_checked: true,
            is_forgotten: false,
            is_wrapper: false,
            order: 0,
            note,
        })
    }

    /// `ADMINS.includes(user.email)`.
    fn included(&mut self, list: &Value<'c>, item: &Value<'c>, mut state: State<'c>, want: bool) -> Option<State<'c>> {
        if let (Value::List(items, true), Value::Text(text)) = (list, item)
            && items.iter().all(|item| matches!(item, Value::Text(_)))
        {
            let has = items.iter().any(|item| matches!(item, Value::Text(one) if one == text));
            return (has == want).then_some(state);
        }
        let (of_list, of_item) = (self.origin(list), self.origin(item));
        self.touched = self.touched.with(of_list).with(of_item);
        if !want {
            return Some(state);
        }
        let mine = Origin::PRINCIPAL.with(Origin::BOUND);
        if of_item.any(mine) {
            if let Value::Symbol(symbol) = item {
                self.tells(symbol, &mut state, true);
            }
            match list {
                Value::List(items, _) => {
                    if !items.is_empty() && items.iter().all(is_somebody) {
                        let site = self.site();
                        self.trace.listed.push(site);
                    }
                    for item in items.iter().take(20) {
                        self.role(item, &mut state);
                    }
                }
                _ => self.role(&Value::Unknown, &mut state),
            }
        } else if of_list.any(mine) {
            // `user.roles.includes("admin")`.
            if let Value::Symbol(symbol) = list {
                self.tells(symbol, &mut state, true);
            }
            match item {
                Value::Text(_) => self.role(item, &mut state),
                _ => state.facts.add(Fact::Is(What::Owner, Proof::Verified), None),
            }
        } else if of_item.has(Origin::HEADER) && of_list.has(Origin::ENVIRONMENT) {
            let by = self.secret(list, What::Equal);
            state.facts.add(Fact::Is(What::Equal, Proof::Verified), Some(by));
        }
        Some(state)
    }

    /// The environment variable that a value is made of.
    fn environment(&mut self, value: &Value<'c>) -> Option<Name> {
        match value {
            Value::Symbol(symbol) => {
                let found = self.lookup(symbol)?;
                let place = found.entry().env.as_ref()?;
                match self.values_at(place, symbol, &found).into_iter().next()? {
                    Value::Text(name) => Some(name),
                    _ => None,
                }
            }
            Value::Template(parts) => parts.1.clone().iter().find_map(|value| self.environment(value)),
            Value::OneOf(all) => all.clone().iter().find_map(|(value, _)| self.environment(value)),
            _ => None,
        }
    }

    /// Remembers that a guard was met.
    pub(super) fn met(
        &mut self,
        symbol: &Symbol<'c>,
        found: &crate::meaning::symbols::Found,
        proof: Proof,
        is_checked: bool,
    ) -> super::GuardId {
        let what = found.entry().guard.as_ref().map_or(What::Identity, |guard| guard.what);
        let (module, line) = match found.call(&symbol.denoted.path) {
            Some((module, call)) => (module, call.line),
            None => self.site(),
        };
        let name = name_of(symbol, found.used);
        let guard = GuardUse {
            what,
            proof,
            name,
            module,
            line,
            is_checked,
            is_forgotten: false,
            is_wrapper: false,
            order: 0,
            note: String::new(),
        };
        let id = self.trace.guard(guard);
        if is_checked && let Some(known) = self.trace.guards.get_mut(id as usize) {
            known.is_checked = true;
        }
        id
    }

    /// What holds whichever alternative it is.
    pub(super) fn common(value: &Value<'c>) -> Facts {
        match value {
            Value::OneOf(all) => match all.split_first() {
                Some(((_, first), rest)) => rest.iter().fold(first.clone(), |known, (_, f)| known.both(f)),
                None => Facts::default(),
            },
            _ => Facts::default(),
        }
    }
}

/// `auth.error` of a name: the name, and the members.
fn way(expr: &Expr) -> Option<(crate::code::SymbolId, Vec<Name>)> {
    let mut names = Vec::new();
    let mut inner = expr;
    loop {
        match inner {
            Expr::Name(_, Some(symbol)) => {
                names.reverse();
                return Some((*symbol, names));
            }
            Expr::Member(member) => {
                let Property::Named(name) = &member.property else { return None };
                names.push(name.clone());
                inner = &member.object;
            }
            _ => return None,
        }
    }
}

/// Whether a part of a user with this name says what they may do.
fn is_role(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["admin", "role", "permission", "superuser", "staff", "moderator", "scope"].iter().any(|w| name.contains(w))
}

/// Whether two texts are the same. A path with parameters may be another that has as many parts.
fn same_text(a: &str, b: &str) -> Option<bool> {
    let open = |text: &str| text.starts_with('/') && text.contains("/:") || text.contains("/[") || text.contains('*');
    if a == b || !open(a) && !open(b) {
        return Some(a == b);
    }
    let (one, other): (Vec<&str>, Vec<&str>) = (a.split('/').collect(), b.split('/').collect());
    let any = |part: &str| part.starts_with([':', '[', '*']);
    if a.contains("...") || b.contains("...") || a.contains('*') || b.contains('*') {
        return None;
    }
    let may = one.len() == other.len() && one.iter().zip(&other).all(|(a, b)| a == b || any(a) || any(b));
    if may { None } else { Some(false) }
}

/// Whether a column with such a name holds what only those know who may.
pub(super) fn is_secret(value: &Value) -> bool {
    match value {
        Value::Symbol(symbol) => match symbol.denoted.path.last() {
            Some(Step::Member(name)) => names_secret(name),
            _ => false,
        },
        Value::Text(text) => names_secret(text),
        _ => false,
    }
}

/// Whether a name is that of a secret: `share_token`, `apiKey`, `invite_code`; not `country_code`.
pub(super) fn names_secret(name: &str) -> bool {
    let mut words: Vec<String> = vec![String::new()];
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            words.push(String::new());
            continue;
        }
        if c.is_ascii_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let pair = |a: &str, b: &str| words.windows(2).any(|two| two[0] == a && two[1] == b);
    has(&["token", "secret", "otp", "apikey", "signature"])
        || pair("api", "key")
        || has(&["code"])
            && (words.len() == 1
                || has(&["invite", "invitation", "access", "verification", "reset", "share", "magic", "login", "auth"]))
}

/// The last member of a symbol.
fn last_of(value: &Value) -> Option<Name> {
    let Value::Symbol(symbol) = value else { return None };
    match symbol.denoted.path.last() {
        Some(Step::Member(name)) => Some(name.clone()),
        _ => None,
    }
}

/// Whether a text names a person: an e-mail address, an id.
fn is_somebody(value: &Value) -> bool {
    let Value::Text(text) = value else { return false };
    let id = text.len() >= 8 && text.contains(['_', '-']) && !text.contains(' ');
    text.contains('@') && text.contains('.') || id || text.len() >= 20 && !text.contains(' ')
}

/// Whether a part of a user is what they may write themselves.
fn is_own_claim(path: &[Step]) -> bool {
    path.iter().any(|step| {
        matches!(step, Step::Member(name) if matches!(&**name, "user_metadata" | "raw_user_meta_data" | "unsafeMetadata"))
    })
}

/// What platforms set for every function.
fn is_always_set(name: &str) -> bool {
    matches!(name, "SUPABASE_SERVICE_ROLE_KEY" | "SUPABASE_ANON_KEY" | "SUPABASE_URL" | "SUPABASE_DB_URL")
}

impl<'c> Flow<'c> {
    /// Whether a role is what the caller says: in the request, or where users write about themselves.
    fn claims_role(&mut self, value: &Value<'c>, origin: Origin) -> bool {
        let Value::Symbol(symbol) = value else { return false };
        if origin.has(Origin::PRINCIPAL) && is_own_claim(&symbol.denoted.path) {
            return true;
        }
        let named = symbol.denoted.path.iter().rev().take(3).any(|step| match step {
            Step::Member(name) => is_role(name),
            Step::Call(_, call) => call.args.iter().any(|arg| matches!(arg, Expr::Text(text) if is_role(text))),
            Step::Element => false,
        });
        origin.has(Origin::REQUEST) && !origin.any(Origin::PRINCIPAL.with(Origin::BOUND)) && named
    }
}

/// Whether a text came out of base64.
fn decodes(value: &Value, deep: u32) -> bool {
    let Value::Symbol(symbol) = value else { return false };
    if deep > 8 {
        return false;
    }
    let root = match &symbol.denoted.root {
        crate::code::Root::Global(name) => &**name,
        _ => "",
    };
    let path = symbol.denoted.path.iter();
    let named = |name: &str| path.clone().any(|step| matches!(step, Step::Member(member) if **member == *name));
    root == "atob"
        || root == "Buffer" && named("from")
        || named("decodeBase64")
        || named("decode") && symbol.given.iter().any(|given| given.iter().any(|v| decodes(v, deep + 1)))
        || symbol.given.iter().any(|given| given.iter().any(|value| decodes(value, deep + 1)))
}

/// Whether something is the `user` of what the app itself says at the address where Auth.js and Better Auth tell the session
/// (https://next-auth.js.org/getting-started/rest-api#get-apiauthsession).
fn asks_own_session(symbol: &Symbol) -> bool {
    let asks_user = matches!(symbol.denoted.path.last(), Some(Step::Member(name)) if matches!(&**name, "user" | "session"));
    let address = symbol.given.iter().find_map(|given| given.first());
    let text = match address {
        Some(Value::Text(text)) => text.to_string(),
        Some(Value::Template(parts)) => parts.0.join(""),
        Some(Value::Symbol(url)) => match url.given.iter().find_map(|given| given.first()) {
            Some(Value::Text(text)) => text.to_string(),
            _ => return false,
        },
        _ => return false,
    };
    asks_user && (text.ends_with("/api/auth/session") || text.ends_with("/api/auth/get-session"))
}
