//! What a symbol tells about who is calling by being something, or nothing.

use std::rc::Rc;

use super::Flow;
use super::facts::{Fact, GuardId};
use super::origin::Origin;
use super::roles::texts;
use super::rows::is_flag;
use super::state::State;
use super::trace::{GuardUse, note};
use super::value::{From, Symbol, Value};
use crate::code::{Expr, Name, Root, Step};
use crate::meaning::symbols::{Acts, Found, Part, Proof, What};
use crate::words::has_one;

impl<'c> Flow<'c> {
    /// What a symbol tells by being something, or nothing.
    pub(super) fn tells(&mut self, symbol: &Symbol<'c>, state: &mut State<'c>, something: bool) {
        if symbol.origin == From::Principal {
            if something {
                state.facts.add(Fact::Is(What::Identity, Proof::Verified), None);
                self.tells_role(&symbol.denoted.path, Proof::Verified, None, state);
            }
            return;
        }
        if something && self.is_decoded(symbol) {
            let (module, line) = self.site();
            let name = "a token that is decoded by hand".to_owned();
            let by = self.meet(GuardUse::new(What::Identity, Proof::Unverified, name, (module, line), true));
            state.facts.add(Fact::Is(What::Identity, Proof::Unverified), Some(by));
            return;
        }
        let Some(found) = self.lookup(symbol) else { return };
        let Some(guard) = &found.entry().guard else {
            if something && asks_own_session(symbol) {
                let name = "the session that the app itself tells".to_owned();
                let site = self.site();
                let by = self.meet(GuardUse::new(What::Identity, Proof::Verified, name, site, true));
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
            let what = self.what_of(symbol, &found);
            state.facts.add(Fact::Is(what, worth), Some(by));
            let has_role = guard.what == What::Identity && self.has_role_option(symbol, &found);
            if has_role {
                state.facts.add(Fact::Is(What::Role, worth), Some(by));
            }
            if has_role || what == What::Role {
                self.has_asked(symbol, worth, state);
            }
        }
        let around = |part: &Part| {
            part.0.len() > rest.len() && {
                let shorter = Part(part.0[..rest.len()].to_vec());
                shorter.before(rest).is_some_and(<[_]>::is_empty)
            }
        };
        let is_around = !shows
            && !guard.fails.iter().any(|failure| failure.shown_by(rest))
            && guard.fails.iter().any(|failure| around(&failure.part));
        let known = self.met_before(by);
        known.is_wrapper |= is_around;
        known.is_forgotten = Some(false);
        // `user.isAdmin`: a part of who is calling that says what they may do.
        let parts = guard.yields.iter().find_map(|part| part.before(rest));
        if something
            && guard.what == What::Identity
            && let Some(parts) = parts
        {
            self.tells_role(parts, worth, Some(by), state);
        }
    }

    /// `user.isAdmin` is something: a part of who is calling that says what they may do.
    fn tells_role(&mut self, parts: &[Step<'c>], worth: Proof, by: Option<GuardId>, state: &mut State<'c>) {
        let Some(Step::Member(last)) = parts.last() else { return };
        if !is_role(last) {
            return;
        }
        if is_own_claim(parts) {
            let site = self.site();
            self.trace.claims.push(site);
            return;
        }
        state.facts.add(Fact::Is(What::Role, worth), by);
        if worth == Proof::Verified {
            self.has_part(last, state);
        }
    }

    /// Whether something is `JSON.parse(atob(token.split(".")[1]))` of what stood in a header.
    pub(super) fn is_decoded(&mut self, symbol: &Symbol<'c>) -> bool {
        let (Root::Global(name), From::Root) = (&symbol.denoted.root, symbol.origin) else {
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
        let is_nothing = |part: &Part| part.before(rest).is_some_and(<[_]>::is_empty);
        let shows = guard.fails.iter().any(|failure| {
            !failure.when && is_nothing(&failure.part) && !failure.part.0.iter().any(|n| n == "*")
        });
        if guard.what == What::Identity
            && shows
            && !rest.is_empty()
            && found.call(&symbol.denoted.path).is_some()
        {
            self.tells(symbol, state, true);
        }
    }

    /// `profile.is_admin` of a row that was looked up by who is calling.
    fn tells_of_row(&mut self, symbol: &Symbol<'c>, state: &mut State<'c>, something: bool) {
        if !something {
            return;
        }
        let origin = self.origin(&Value::Symbol(Rc::new(symbol.clone())));
        if origin.has(Origin::STORED)
            && matches!(symbol.denoted.path.last(), Some(Step::Member(name)) if is_flag(name))
        {
            state.facts.add(Fact::MaySee, None);
        }
        let is_row = is_row(symbol, self.lookup(symbol).as_ref());
        if is_row && origin.has(Origin::BY_TOKEN) {
            self.found_by_token(state);
        } else if is_row && origin.has(Origin::BY_LINK) {
            state.facts.add(Fact::Link, None);
        }
        // A row that the caller may see, who names it: row-level security decides, and what it says can't be told here.
        if symbol.acts == Some(Acts::User) && origin.has(Origin::ROW) {
            let site = self.site();
            note(&mut self.trace.undecided, site);
            state.facts.add(Fact::Decided, None);
        }
        // That there is a row of the caller's own: a membership, a profile.
        if origin.has(Origin::BOUND) {
            if let Some(Step::Member(last)) = symbol.denoted.path.last()
                && is_role(last)
            {
                state.facts.add(Fact::Is(What::Role, Proof::Verified), None);
                self.has_part(last, state);
            } else if let Some(roles) = role_asked(symbol) {
                // `user_roles` where the user is the caller and the role is this one.
                state.facts.add(Fact::Is(What::Role, Proof::Verified), None);
                self.has_named(roles, state);
            } else if origin.has(Origin::ROW) {
                // That there is a row of one's own says nothing of another that the request names: this one is both.
                state.facts.add(Fact::Is(What::Owner, Proof::Verified), None);
            }
        }
    }

    /// A row was there for the secret that the caller has.
    pub(super) fn found_by_token(&mut self, state: &mut State<'c>) {
        state.facts.add(Fact::Is(What::Identity, Proof::Verified), None);
    }

    /// Whether a role is what the caller says: in the request, or where users write about themselves.
    pub(super) fn claims_role(&mut self, value: &Value<'c>, origin: Origin) -> bool {
        let Value::Symbol(symbol) = value else { return false };
        if origin.has(Origin::PRINCIPAL) && is_own_claim(&symbol.denoted.path) {
            return true;
        }
        let named = symbol.denoted.path.iter().rev().take(3).any(|step| match step {
            Step::Member(name) => is_role(name),
            Step::Call(_, call) => {
                call.args.iter().any(|arg| matches!(arg, Expr::Text(text) if is_role(text)))
            }
            Step::Element => false,
        });
        origin.has(Origin::REQUEST) && !origin.any(Origin::PRINCIPAL.with(Origin::BOUND)) && named
    }
}

/// Whether what is looked at is a row, or how many there are. That a query in SQL gave something says nothing: it gives
/// a list, also of none.
fn is_row(symbol: &Symbol<'_>, found: Option<&Found>) -> bool {
    let Some(found) = found.filter(|found| found.entry().effect.as_ref().is_some_and(|e| e.sql.is_some()))
    else {
        return true;
    };
    let mysql = matches!(&symbol.denoted.root, Root::Package(name) if name.contains("mysql"));
    let one = |step: &Step<'_>| matches!(step, Step::Member(name) if matches!(&**name, "get" | "first" | "one" | "oneOrNone" | "maybeOne"));
    if found.used.checked_sub(1).and_then(|at| symbol.denoted.path.get(at)).is_some_and(one) {
        return true;
    }
    let mut picks = 0;
    for step in found.rest(&symbol.denoted.path) {
        match step {
            Step::Element => picks += 1,
            Step::Member(name) if matches!(&**name, "length" | "rowCount" | "count") => return true,
            step if one(step) => return true,
            Step::Member(name) if name.bytes().all(|byte| byte.is_ascii_digit()) => picks += 1,
            _ => {}
        }
    }
    picks > i32::from(mysql)
}

/// Whether a part of a user with this name says what they may do.
pub(super) fn is_role(name: &str) -> bool {
    has_one(name, &["admin", "role", "permission", "superuser", "staff", "moderator", "scope"])
}

/// Whether a part of a user is what they may write themselves.
fn is_own_claim(path: &[Step]) -> bool {
    path.iter().any(|step| {
        matches!(step, Step::Member(name) if matches!(&**name, "user_metadata" | "raw_user_meta_data" | "unsafeMetadata"))
    })
}

/// Whether a text came out of base64.
fn decodes(value: &Value, deep: u32) -> bool {
    let Value::Symbol(symbol) = value else { return false };
    if deep > 8 {
        return false;
    }
    let root = match &symbol.denoted.root {
        Root::Global(name) => &**name,
        _ => "",
    };
    let path = symbol.denoted.path.iter();
    let named =
        |name: &str| path.clone().any(|step| matches!(step, Step::Member(member) if **member == *name));
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

/// The roles that rows are asked for: `.eq("role", "admin")`, `where: { role: { in: ["ADMIN", "OWNER"] } }`.
fn role_asked(symbol: &Symbol) -> Option<Vec<Name>> {
    fn of(value: &Value<'_>, deep: u32) -> Option<Vec<Name>> {
        let Value::Object(object) = value else { return None };
        object.entries.iter().find_map(|(name, value)| {
            let named = if is_role(name) { texts(value) } else { Vec::new() };
            match value {
                _ if !named.is_empty() => Some(named),
                Value::Object(_) if deep < 4 => of(value, deep + 1),
                _ => None,
            }
        })
    }
    symbol.given.iter().find_map(|given| match &**given {
        [Value::Text(name), asked] if is_role(name) && !texts(asked).is_empty() => Some(texts(asked)),
        values => values.iter().find_map(|value| of(value, 0)),
    })
}
