//! What a message says, beside to whom it goes; and secrets that are left for somebody to show later.

use super::Flow;
use super::facts::Fact;
use super::origin::{Origin, of_transport};
use super::secret::names_secret;
use super::value::{Symbol, Value};
use crate::code::Step;
use crate::meaning::symbols::{EffectKind, Found, Place};

/// How deep the parts of a message or a row are looked at, and how many of them.
const DEEPEST: u32 = 12;
const MOST_PARTS: u32 = 600;

/// The parts of a message that say whom it goes to and who sends it, in small letters and without `_` and `-`.
const PEOPLE: &[&str] = &[
    "to",
    "cc",
    "bcc",
    "from",
    "sender",
    "replyto",
    "replytoaddresses",
    "email",
    "recipient",
    "recipients",
    "destination",
    "destinations",
    "toaddresses",
    "phonenumber",
    "toemail",
];

impl<'c> Flow<'c> {
    /// Where what a message says comes from. Whom it goes to is no part of that, also where the text repeats it; neither is
    /// what a header says of the address that was asked.
    pub(super) fn says(&mut self, message: &Value<'c>) -> Origin {
        let mut people = Vec::new();
        people_of(message, &mut people, (0, &mut MOST_PARTS.clone()));
        self.said(message, &people, (0, &mut MOST_PARTS.clone()))
    }

    fn said(&mut self, value: &Value<'c>, people: &[Value<'c>], (deep, left): (u32, &mut u32)) -> Origin {
        if deep > DEEPEST || *left == 0 {
            return self.origin(value);
        }
        *left -= 1;
        if people.iter().any(|one| one.same(value)) {
            return Origin::default();
        }
        let (parts, more): (Vec<Value<'c>>, Origin) = match value {
            Value::Object(object) => {
                let own =
                    object.entries.iter().filter(|(name, _)| !is_of_people(name)).map(|(_, value)| value);
                (own.chain(&object.rest).cloned().collect(), Origin::default())
            }
            Value::Template(parts) => (parts.1.clone(), Origin::default()),
            Value::List(items, _) => (items.to_vec(), Origin::default()),
            Value::OneOf(all) => (all.iter().map(|(value, _)| value.clone()).collect(), Origin::default()),
            Value::Promise(value) => (vec![(**value).clone()], Origin::default()),
            Value::Symbol(symbol) if of_transport(symbol) => return Origin::default(),
            // Whoever chooses what is signed does not choose what comes of it: `jwt.sign({ email }, secret)`.
            Value::Symbol(symbol) if self.is_signed(symbol) => return Origin::OPAQUE,
            // `JSON.stringify({ to, html })`, `render(template, { name })`.
            Value::Symbol(symbol) if self.is_made(symbol) => {
                let given = symbol.given.iter().flat_map(|given| given.iter().cloned());
                (given.take(24).collect(), Origin::OPAQUE)
            }
            value => return self.origin(value),
        };
        parts.iter().fold(more, |all, value| all.with(self.said(value, people, (deep + 1, &mut *left))))
    }

    /// Whether a value is what a call made that is known for nothing, of what it was given.
    fn is_made(&self, symbol: &Symbol<'c>) -> bool {
        symbol.origin == super::value::From::Root
            && self.lookup(symbol).is_none()
            && symbol.given.iter().any(|given| !given.is_empty())
    }

    fn is_signed(&self, symbol: &Symbol<'c>) -> bool {
        let effect = self.lookup(symbol).and_then(|found| found.entry().effect.as_ref());
        effect.is_some_and(|effect| effect.kind == EffectKind::SignIn)
    }

    /// Whether something that is written has a secret in it that whoever calls did not choose: a token to be sent to them.
    pub(super) fn leaves_secret(
        &mut self,
        symbol: &Symbol<'c>,
        found: &Found,
        (kind, sql, table): (EffectKind, Option<&str>, &str),
    ) -> bool {
        if kind != EffectKind::DbWrite {
            return false;
        }
        // `user.resetToken = token; await user.save()`.
        if self.state.as_ref().is_some_and(|state| state.facts.has(&Fact::GaveSecret)) {
            return true;
        }
        if let Some(sql) = sql {
            return sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(names_secret);
        }
        let places: &[Place] = found.entry().effect.as_ref().map_or(&[], |effect| &effect.values);
        // ``redis.set(`otp:${email}`, code)``.
        if places.is_empty()
            && let Some([Value::Template(key), value, ..]) =
                symbol.given.get(found.used).map(|given| &**given)
        {
            return key.0.iter().any(|text| names_secret(text)) && !self.origin(value).has(Origin::REQUEST);
        }
        places.iter().any(|place| {
            let values = self.values_at(place, symbol, found);
            values.iter().any(|value| self.has_secret(value, (0, &mut MOST_PARTS.clone())))
                // `otp.create({ data: { code } })`.
                || names_secret(table)
                    && values.iter().any(|value| match value {
                        Value::Object(row) => row.entries.iter().any(|(name, value)| {
                            matches!(&**name, "code" | "value" | "hash" | "codeHash" | "code_hash")
                                && !self.origin(value).has(Origin::REQUEST)
                        }),
                        _ => false,
                    })
        })
    }

    fn has_secret(&mut self, value: &Value<'c>, (deep, left): (u32, &mut u32)) -> bool {
        if deep > DEEPEST || *left == 0 {
            return false;
        }
        *left -= 1;
        match value {
            Value::Object(object) => object.entries.iter().any(|(name, value)| match value {
                Value::Null | Value::Undefined => false,
                Value::Object(_) => self.has_secret(value, (deep + 1, &mut *left)),
                value => names_secret(name) && !self.origin(value).has(Origin::REQUEST),
            }),
            Value::List(items, _) => items.iter().any(|item| self.has_secret(item, (deep + 1, &mut *left))),
            Value::OneOf(all) => all.iter().any(|(value, _)| self.has_secret(value, (deep + 1, &mut *left))),
            _ => false,
        }
    }
}

fn is_of_people(name: &str) -> bool {
    let name: String = name.chars().filter(|c| !matches!(c, '_' | '-')).collect();
    PEOPLE.contains(&name.to_ascii_lowercase().as_str())
}

/// Whom a message names as those whom it goes to.
fn people_of<'c>(value: &Value<'c>, all: &mut Vec<Value<'c>>, (deep, left): (u32, &mut u32)) {
    if deep > DEEPEST || all.len() > 24 || *left == 0 {
        return;
    }
    *left -= 1;
    match value {
        Value::Object(object) => {
            for (name, value) in &object.entries {
                match (is_of_people(name), value) {
                    (true, Value::List(items, _)) => all.extend(items.iter().take(24).cloned()),
                    (true, value) => all.push(value.clone()),
                    (false, value) => people_of(value, all, (deep + 1, &mut *left)),
                }
            }
        }
        Value::List(items, _) => {
            items.iter().take(24).for_each(|item| people_of(item, all, (deep + 1, &mut *left)));
        }
        Value::OneOf(values) => {
            values.iter().for_each(|(value, _)| people_of(value, all, (deep + 1, &mut *left)));
        }
        Value::Symbol(symbol) if matches!(symbol.denoted.path.last(), Some(Step::Call(..))) => {
            let given = symbol.given.iter().flat_map(|given| given.iter());
            given.for_each(|arg| people_of(arg, all, (deep + 1, &mut *left)));
        }
        _ => {}
    }
}
