//! Secrets that a caller shows, and rows that are found by them.

use super::Flow;
use super::facts::GuardId;
use super::origin::Origin;
use super::trace::GuardUse;
use super::value::{Symbol, Value};
use crate::code::{Name, Step};
use crate::meaning::symbols::{Found, Proof, What};
use crate::words::has_one;

impl<'c> Flow<'c> {
    /// A comparison with a secret is a guard as well.
    pub(super) fn secret(&mut self, secret: &Value<'c>, what: What) -> GuardId {
        let (module, line) = self.site();
        let name = match (self.environment(secret), what) {
            (_, What::Signature) => "signature".to_owned(),
            (Some(name), _) => name.to_string(),
            (None, _) => "shared secret".to_owned(),
        };
        self.meet(GuardUse::new(what, Proof::Verified, name, (module, line), true))
    }

    /// Whether rows are looked up by a secret of the caller's: `Some(true)`, if it stood in a header or cookie, `Some(false)`
    /// if elsewhere in the request.
    pub(super) fn by_secret(&mut self, symbol: &Symbol<'c>, found: &Found) -> Option<bool> {
        let effect = found.entry().effect.as_ref()?;
        let mut best = None;
        // ``redis.get(`session:${token}`)``: what is kept by keys is found by who knows one.
        if effect.filter.is_empty()
            && let Some(key) = symbol.given.get(found.used).and_then(|given| given.first())
            && is_token(key)
        {
            let origin = self.origin(key);
            best = (origin.has(Origin::HEADER) && !origin.has(Origin::ADDRESS)).then_some(true);
        }
        for (name, value) in self.asked_in_sql(symbol, found) {
            best = best.max(self.of_secret(&name, &value));
        }
        for place in &effect.filter {
            let values = self.conditions_at(place, symbol, found);
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
        let named = names_secret(name);
        // A key that browsers are given is known to everybody.
        if has_one(name, &["public", "publishable", "anon"])
            || !named && !has_one(name, &["key", "hash", "session"])
        {
            return None;
        }
        let origin = self.origin(value);
        match origin.has(Origin::HEADER) {
            true => Some(true),
            false => (named && origin.has(Origin::REQUEST)).then_some(false),
        }
    }

    fn secret_in(&mut self, value: &Value<'c>, deep: u32) -> Option<bool> {
        if deep > 4 {
            return None;
        }
        match value {
            Value::Object(object) => {
                let object = object.clone();
                object
                    .entries
                    .iter()
                    .map(|(name, value)| match value {
                        Value::Object(_) => self.secret_in(value, deep + 1),
                        _ => self.of_secret(name, value),
                    })
                    .max()
                    .flatten()
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
}

/// Whether a key of a store is, or names, what only those know who may.
pub(super) fn is_token(key: &Value<'_>) -> bool {
    let named = |text: &str| names_secret(text) || text.contains("session");
    match key {
        Value::Template(parts) => texts(parts).any(named),
        // `headers.get("Authorization").split(" ")[1]`.
        Value::Symbol(symbol) => symbol.given.iter().flat_map(|given| given.iter()).any(
            |arg| matches!(arg, Value::Text(text) if text.eq_ignore_ascii_case("authorization") || named(text)),
        ),
        _ => false,
    }
}

/// The texts of which one is made, as far as they are known.
fn texts<'v>((texts, values): &'v (Vec<Name>, Vec<Value<'_>>)) -> impl Iterator<Item = &'v str> {
    let known = values.iter().filter_map(|value| match value {
        Value::Text(text) => Some(&**text),
        _ => None,
    });
    texts.iter().map(|text| &**text).chain(known)
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
    if !has_one(name, &["token", "secret", "otp", "api", "signature", "code"]) {
        return false;
    }
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
                || has(&[
                    "invite",
                    "invitation",
                    "access",
                    "verification",
                    "reset",
                    "share",
                    "magic",
                    "login",
                    "auth",
                ]))
}
