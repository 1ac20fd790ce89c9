//! What is known when two values turn out to be equal, or one of them in the other.

use super::Flow;
use super::facts::Fact;
use super::origin::{Origin, header_of, of_transport};
use super::roles::is_privileged;
use super::rows::says_public;
use super::secret::is_secret;
use super::state::{State, join};
use super::value::Value;
use crate::code::{Name, Root, Step};
use crate::meaning::symbols::{Proof, What};
use crate::words::has_one;

/// What the request alone is made of.
const WRITTEN: Origin = Origin::REQUEST.with(Origin::HEADER).with(Origin::OWN_URL);

impl<'c> Flow<'c> {
    /// What is known if two values are the same (or are not).
    pub(super) fn equal(
        &mut self,
        a: &Value<'c>,
        b: &Value<'c>,
        state: State<'c>,
        want: bool,
        deep: u32,
    ) -> Option<State<'c>> {
        for (value, other) in [(a, b), (b, a)] {
            match other {
                Value::Null | Value::Undefined => {
                    // `x === null`: what is something is not nothing.
                    return self.refine(value, state, !want, deep + 1);
                }
                Value::Bool(truth) => return self.refine(value, state, *truth == want, deep + 1),
                // `rows.length === 0`.
                Value::Number(number) if *number == 0.0 && is_length(value) => {
                    return self.refine(value, state, !want, deep + 1);
                }
                Value::OneOf(all) if deep < 6 => {
                    let mut joined: Option<State<'c>> = None;
                    for (alternative, facts) in all.iter() {
                        // What a header is where there is none (`header ?? ""`) is no secret that is kept.
                        if want && is_nothing(alternative) && self.is_kept(value) {
                            continue;
                        }
                        // `s === row?.sellerId`: whoever is signed in has an id, so where there is no row they are not alike.
                        if want
                            && matches!(alternative, Value::Null | Value::Undefined)
                            && names_person(value)
                            && self.held(&state.facts, &Fact::Is(What::Identity, Proof::Verified))
                            && self.origin(value).any(Origin::MINE)
                        {
                            continue;
                        }
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
        if is_length(a) || is_length(b) {
            return Some(state);
        }
        if of_a.with(of_b).has(Origin::ENVIRONMENT) {
            let name = self.environment(a).or_else(|| self.environment(b));
            self.touched_environment = name.or(self.touched_environment.take());
        }
        let mut state = state;
        if !want {
            self.has_not_role(a, b, &mut state);
            self.has_not_role(b, a, &mut state);
            return Some(state);
        }
        for (value, of, other, of_other) in [(a, of_a, b, of_b), (b, of_b, a, of_a)] {
            let fixed = matches!(other, Value::Text(_) | Value::Number(_));
            if of.has(Origin::STORED)
                && !of.has(Origin::REQUEST)
                && last_of(value).is_some_and(|name| says_public(&name, other))
            {
                state.facts.add(Fact::MaySee, None);
            }
            if of.has(Origin::METHOD) && matches!(other, Value::Text(text) if &**text == "OPTIONS") {
                state.facts.add(Fact::Preflight, None);
            }
            if fixed && chooses_host(value, of) {
                state.facts.add(Fact::Host, None);
            }
            if fixed
                && matches!(other, Value::Text(text) if is_privileged(text))
                && self.claims_role(value, of)
            {
                let site = self.site();
                self.trace.claims.push(site);
                // That somebody is there is known all the same.
                if of.has(Origin::PRINCIPAL)
                    && let Value::Symbol(symbol) = value
                {
                    self.tells(symbol, &mut state, true);
                }
                continue;
            }
            if of.any(Origin::PRINCIPAL.with(Origin::BOUND)) && fixed {
                // `user?.role === "admin"`: there is a user, and they have the role.
                if let Value::Symbol(symbol) = value {
                    self.tells(symbol, &mut state, true);
                }
                if of.has(Origin::PRINCIPAL) && names_person(value) && is_somebody(other) {
                    let site = self.site();
                    self.trace.listed.push(site);
                }
                self.has_role(value, std::slice::from_ref(other), &mut state);
            } else if !fixed
                && (of.has(Origin::PRINCIPAL) && !of_other.is_none()
                    || of.any(Origin::BOUND.with(Origin::BY_TOKEN))
                        && (of_other.any(Origin::ROW.with(Origin::BY_LINK))
                            || of_other.has(Origin::REQUEST) && !of.has(Origin::ROW) && names_row(value)))
            {
                if let Value::Symbol(symbol) = value {
                    self.tells(symbol, &mut state, true);
                }
                state.facts.add(Fact::Is(What::Owner, Proof::Verified), None);
            } else if of_other.has(Origin::REQUEST)
                && (of.has(Origin::DIGEST) || self.hashes_secret(value, of))
            {
                let by = self.secret(value, What::Signature);
                state.facts.add(Fact::Is(What::Signature, Proof::Verified), Some(by));
            } else if of.has(Origin::ENVIRONMENT)
                && !of.has(Origin::REQUEST)
                && of_other.has(Origin::REQUEST)
                && !of_other.has(Origin::ENVIRONMENT)
                && !self.is_told(value, other)
            {
                let by = self.secret(value, What::Equal);
                if let (Value::Template(_), Some(name)) = (value, self.environment(value))
                    && !self.held(&state.facts, &Fact::Set(name.clone()))
                    && !is_always_set(&name)
                {
                    let (module, line) = self.site();
                    self.trace.unset.push((name, module, line));
                }
                state.facts.add(Fact::Is(What::Equal, Proof::Verified), Some(by));
            } else if of.any(Origin::STORED.with(Origin::BOUND))
                && !of.has(Origin::REQUEST)
                && (is_key(other, of_other) || of_other.has(Origin::REQUEST) && is_secret(value))
            {
                // The secret is in the database. Of whoever is known already it is their own, as a session's: that makes
                // them no service.
                if !self.held(&state.facts, &Fact::Is(What::Identity, Proof::Verified)) {
                    let by = self.secret(value, What::Equal);
                    state.facts.add(Fact::Is(What::Equal, Proof::Verified), Some(by));
                }
            } else if fixed && of.has(Origin::HEADER) && of.except(WRITTEN).is_none() {
                // What everybody can write is compared with what stands in the code.
                self.trace.compared = self.trace.compared.or(Some(self.site()));
                state.facts.add(Fact::Compared, None);
            }
        }
        Some(state)
    }

    /// `ADMINS.includes(user.email)`.
    pub(super) fn included(
        &mut self,
        list: &Value<'c>,
        item: &Value<'c>,
        mut state: State<'c>,
        want: bool,
    ) -> Option<State<'c>> {
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
        if chooses_host(item, of_item)
            && (is_written(list) || of_list.has(Origin::ENVIRONMENT) && !of_list.has(Origin::REQUEST))
        {
            state.facts.add(Fact::Host, None);
        }
        let mine = Origin::MINE;
        if of_item.any(mine) {
            if let Value::Symbol(symbol) = item {
                self.tells(symbol, &mut state, true);
            }
            match list {
                Value::List(items, _) => {
                    let is_person = of_item.has(Origin::PRINCIPAL) && names_person(item);
                    if is_person && !items.is_empty() && items.iter().all(is_somebody) {
                        let site = self.site();
                        self.trace.listed.push(site);
                    }
                    if !items.is_empty() {
                        self.has_role(item, items, &mut state);
                    }
                }
                _ => self.has_role(item, &[], &mut state),
            }
        } else if of_list.any(mine) {
            // `user.roles.includes("admin")`.
            if let Value::Symbol(symbol) = list {
                self.tells(symbol, &mut state, true);
            }
            match item {
                Value::Text(_) => self.has_role(list, std::slice::from_ref(item), &mut state),
                _ => state.facts.add(Fact::Is(What::Owner, Proof::Verified), None),
            }
        } else if of_item.has(Origin::HEADER) && of_list.has(Origin::ENVIRONMENT) && !self.is_told(list, item)
        {
            let by = self.secret(list, What::Equal);
            state.facts.add(Fact::Is(What::Equal, Proof::Verified), Some(by));
        }
        Some(state)
    }

    /// Whether a value is a secret that the server keeps, and nothing else.
    fn is_kept(&mut self, value: &Value<'c>) -> bool {
        if !matches!(value, Value::Symbol(_)) {
            return false;
        }
        let origin = self.origin(value);
        origin.any(Origin::ENVIRONMENT.with(Origin::STORED).with(Origin::DIGEST))
            && !origin.has(Origin::REQUEST)
    }

    /// `sha256(secret + body)`: only who knows the setting that is in it can make it.
    fn hashes_secret(&mut self, value: &Value<'c>, of: Origin) -> bool {
        let Value::Symbol(symbol) = value else { return false };
        of.has(Origin::ENVIRONMENT.with(Origin::BODY))
            && self.lookup(symbol).is_some_and(|found| found.entry().hash)
            && self.within(value, 0).is_none_or(|name| !is_told_to_all(&name))
    }

    /// Whether a setting that is compared with something of the request is no secret, by its name or by what it is compared
    /// with: where a request comes from, and to which host, says nothing of who is calling.
    fn is_told(&mut self, setting: &Value<'c>, asked: &Value<'c>) -> bool {
        matches!(asked, Value::Symbol(symbol) if of_transport(symbol))
            || self.within(setting, 0).is_some_and(|name| is_told_to_all(&name))
            || setting_names(setting, 0).iter().any(|name| is_told_to_all(name))
    }
}

/// Whether two texts are the same. A path with parameters may be another that has as many parts.
fn same_text(a: &str, b: &str) -> Option<bool> {
    let open = |text: &str| {
        text.starts_with('/') && text.contains("/:") || text.contains("/[") || text.contains('*')
    };
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

/// Whether what stood in a header may be a key that only those have who may. What an event holds is none, although a header
/// verified it; nor is the id of a message, which is sent again.
fn is_key(value: &Value, of: Origin) -> bool {
    let names_message = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.ends_with("-id") && !has_one(&name, &["session", "auth", "client", "key"])
    };
    let asked = match value {
        Value::Symbol(symbol) => header_of(symbol),
        _ => None,
    };
    of.has(Origin::HEADER) && !of.has(Origin::BODY) && !asked.is_some_and(names_message)
}

/// The last member of a symbol.
fn last_of(value: &Value) -> Option<Name> {
    let Value::Symbol(symbol) = value else { return None };
    match symbol.denoted.path.last() {
        Some(Step::Member(name)) => Some(name.clone()),
        _ => None,
    }
}

/// Whether a value is what stands for a text that is not there.
fn is_nothing(value: &Value) -> bool {
    matches!(value, Value::Null) || matches!(value, Value::Text(text) if text.is_empty())
}

/// Whether a value says how long, or how many, something is.
fn is_length(value: &Value) -> bool {
    match value {
        Value::OneOf(all) => {
            let mut lengths =
                all.iter().filter(|(value, _)| !matches!(value, Value::Undefined | Value::Null));
            lengths.next().is_some_and(|(value, _)| is_length(value))
                && lengths.all(|(value, _)| is_length(value))
        }
        _ => last_of(value).is_some_and(|name| matches!(&*name, "length" | "byteLength" | "size")),
    }
}

/// Whether a value is the host of an address that the request names, and not of the one that was asked.
fn chooses_host(value: &Value, of: Origin) -> bool {
    of.has(Origin::REQUEST)
        && !of.has(Origin::OWN_URL)
        && last_of(value).is_some_and(|name| matches!(&*name, "host" | "hostname" | "origin"))
}

/// Whether a list of texts stands in the code: `["a.com"]`, `new Set(["a.com"])`.
fn is_written(list: &Value) -> bool {
    match list {
        Value::List(items, true) => {
            !items.is_empty() && items.iter().all(|item| matches!(item, Value::Text(_)))
        }
        Value::Symbol(symbol) => match (&symbol.denoted.root, symbol.given.as_slice()) {
            (Root::Global(name), [given]) if &**name == "Set" => given.first().is_some_and(is_written),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a value is the part of a user that says who it is. What a token is for, or how something went, says it of nobody.
fn names_person(value: &Value) -> bool {
    let Some(name) = last_of(value) else { return false };
    let name = name.to_ascii_lowercase();
    matches!(&*name, "id" | "uid" | "sub" | "username" | "login" | "phone")
        || ["email", "emailaddress", "email_address", "userid", "user_id"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// Whether a value is the part of a row by which others belong to it: `me.id`, `me.organizationId`.
fn names_row(value: &Value) -> bool {
    last_of(value)
        .is_some_and(|name| &*name == "id" || ["Id", "_id", "ID"].iter().any(|end| name.ends_with(end)))
}

/// Whether a text names a person: an e-mail address, an id.
fn is_somebody(value: &Value) -> bool {
    let Value::Text(text) = value else { return false };
    let id = text.len() >= 8 && text.contains(['_', '-']) && !text.contains(' ');
    text.contains('@') && text.contains('.') || id || text.len() >= 20 && !text.contains(' ')
}

/// What platforms set for every function.
fn is_always_set(name: &str) -> bool {
    matches!(name, "SUPABASE_SERVICE_ROLE_KEY" | "SUPABASE_ANON_KEY" | "SUPABASE_URL" | "SUPABASE_DB_URL")
}

/// The settings that a value is made of, as far as their names are written as those of environment variables:
/// `env.APP_URL` of an object that a schema made of the environment.
fn setting_names(value: &Value, deep: u32) -> Vec<Name> {
    let Value::Symbol(symbol) = value else { return Vec::new() };
    let is_setting =
        |name: &Name| name.len() > 2 && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    let own = symbol.denoted.path.iter().filter_map(|step| match step {
        Step::Member(name) if is_setting(name) => Some(name.clone()),
        _ => None,
    });
    let mut all: Vec<Name> = own.collect();
    for given in symbol.given.iter().flat_map(|given| given.iter()).take(8).filter(|_| deep < 4) {
        all.extend(setting_names(given, deep + 1));
    }
    all
}

/// Whether an environment variable holds what everybody may know: an address of the app, or what browsers are told.
pub(super) fn is_told_to_all(name: &str) -> bool {
    const PREFIXES: &[&str] =
        &["NEXT_PUBLIC_", "VITE_", "EXPO_PUBLIC_", "REACT_APP_", "PUBLIC_", "NUXT_PUBLIC_"];
    const WORDS: &[&str] = &[
        "URL",
        "URI",
        "ORIGIN",
        "ORIGINS",
        "HOST",
        "HOSTNAME",
        "DOMAIN",
        "SITE",
        "PUBLIC",
        "PUBLISHABLE",
        "ADDRESS",
    ];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || name.split('_').any(|word| WORDS.contains(&word))
}
