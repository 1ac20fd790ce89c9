//! Where values come from: the caller, the session, the environment.

use super::Flow;
use super::value::{From, Symbol, Test, Value};
use crate::code::{Root, Step};
use crate::meaning::symbols::{EffectKind, Found, Input, Place, Proof, What};

/// How many values may be within each other, and how many within one: more than code has that was not made to be hard.
const DEEPEST: u32 = 64;
const MOST_PARTS: u32 = 5_000;

/// Where a value, or what it was made of, comes from: a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Origin(u32);

impl Origin {
    /// Who is calling, as verified.
    pub const PRINCIPAL: Origin = Origin(1);
    /// What was looked up by who is calling.
    pub const BOUND: Origin = Origin(2);
    /// The caller chose it.
    pub const REQUEST: Origin = Origin(4);
    /// It stood in a header or cookie.
    pub const HEADER: Origin = Origin(8);
    /// An environment variable.
    pub const ENVIRONMENT: Origin = Origin(16);
    /// A keyed digest.
    pub const DIGEST: Origin = Origin(32);
    /// It was looked up by what the caller chose.
    pub const ROW: Origin = Origin(64);
    /// It was looked up by a secret that the caller has.
    pub const BY_TOKEN: Origin = Origin(128);
    /// It was looked up.
    pub const STORED: Origin = Origin(256);
    /// What nothing is known of has a part in it.
    pub const OPAQUE: Origin = Origin(512);
    /// The body of the request.
    pub const BODY: Origin = Origin(1024);
    /// What an earlier layer left, and nobody saw leaving it.
    pub const CARRIED: Origin = Origin(2048);
    /// What was caught.
    pub const CAUGHT: Origin = Origin(4096);
    /// The input was checked.
    pub const VALIDATED: Origin = Origin(8192);
    /// The address of the caller.
    pub const ADDRESS: Origin = Origin(16384);
    /// The address that was asked, as a whole.
    pub const OWN_URL: Origin = Origin(32768);
    /// It was looked up by a secret that the request names.
    pub const BY_LINK: Origin = Origin(65536);
    /// The method of the request.
    pub const METHOD: Origin = Origin(131_072);
    /// It stood in a token that was decoded and not verified.
    pub const DECODED: Origin = Origin(262_144);

    /// A payment service told it.
    pub const TOLD: Origin = Origin(524_288);

    /// It is who is calling, or was looked up by that, or by a secret that only they have.
    pub const MINE: Origin = Origin(1 | 2 | 128);

    /// Whether all of these are in it.
    pub fn has(self, part: Origin) -> bool {
        self.0 & part.0 == part.0
    }

    /// Whether any of these is in it.
    pub fn any(self, parts: Origin) -> bool {
        self.0 & parts.0 != 0
    }

    /// Both together.
    pub const fn with(self, other: Origin) -> Origin {
        Origin(self.0 | other.0)
    }

    /// One without the other.
    pub fn except(self, other: Origin) -> Origin {
        Origin(self.0 & !other.0)
    }

    /// Whether nothing is known to be in it.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// What can be said of one of two: who is calling counts only if it is in both. Whether they come with a session or with
    /// a key, the row that belongs to it is theirs.
    pub fn alike(self, other: Origin) -> Origin {
        let sure = Origin::PRINCIPAL.0 | Origin::BOUND.0;
        let both = if self.any(Origin::MINE) && other.any(Origin::MINE) { Origin::BOUND.0 } else { 0 };
        Origin((self.0 & other.0 & sure) | both | ((self.0 | other.0) & !sure))
    }
}

impl<'c> Flow<'c> {
    /// Where a value comes from.
    pub fn origin(&mut self, value: &Value<'c>) -> Origin {
        self.fuel = MOST_PARTS;
        self.origin_in(value, 0)
    }

    fn origin_in(&mut self, value: &Value<'c>, deep: u32) -> Origin {
        if deep > DEEPEST || self.fuel == 0 {
            self.hangs_on_state = true;
            return Origin::OPAQUE;
        }
        self.fuel -= 1;
        let mut all = Origin::default();
        let mut each = |flow: &mut Self, values: &[Value<'c>]| {
            for value in values {
                all = all.with(flow.origin_in(value, deep + 1));
            }
            all
        };
        match value {
            Value::Unknown => Origin::OPAQUE,
            Value::Caught => Origin::CAUGHT,
            Value::Template(parts) => each(self, &parts.1),
            Value::List(items, whole) => {
                let items = each(self, items);
                if *whole { items } else { items.with(Origin::OPAQUE) }
            }
            Value::Object(object) => {
                for (name, value) in &object.entries {
                    let origin = self.origin_in(value, deep + 1);
                    // `userId: { not: user.id }`: what isn't the caller's.
                    all = all.with(if is_other(name) { origin.except(Origin::MINE) } else { origin });
                }
                for value in &object.rest {
                    all = all.with(self.origin_in(value, deep + 1));
                }
                all
            }
            Value::OneOf(alternatives) => {
                let mut of_all: Option<Origin> = None;
                for (value, _) in alternatives.iter() {
                    // `user?.id ?? ""`: what is empty finds nobody's row.
                    let nothing = match value {
                        Value::Undefined | Value::Null => true,
                        Value::Text(text) => text.is_empty(),
                        _ => false,
                    };
                    if !nothing {
                        let one = self.origin_in(value, deep + 1);
                        of_all = Some(of_all.map_or(one, |known| known.alike(one)));
                    }
                }
                of_all.unwrap_or_default()
            }
            Value::Promise(value) => self.origin_in(value, deep + 1),
            Value::Test(test) => match &**test {
                Test::Not(a) => self.origin_in(a, deep + 1),
                Test::Equal(a, b) | Test::In(a, b) | Test::And(a, b) | Test::Or(a, b) => {
                    each(self, &[a.clone(), b.clone()])
                }
                Test::About(values) => each(self, values),
            },
            Value::Response(response) => match &response.body {
                Some(body) => self.origin_in(body, deep + 1),
                None => Origin::default(),
            },
            Value::Symbol(symbol) => {
                if let Some(known) = symbol.known.get() {
                    return known;
                }
                let before = std::mem::take(&mut self.hangs_on_state);
                let origin = self.of_symbol(symbol, deep);
                // What is carried is worth more once something was established.
                if !self.hangs_on_state {
                    symbol.known.set(Some(origin));
                }
                self.hangs_on_state |= before;
                origin
            }
            _ => Origin::default(),
        }
    }

    fn of_symbol(&mut self, symbol: &Symbol<'c>, deep: u32) -> Origin {
        match symbol.origin {
            From::Principal => return Origin::PRINCIPAL,
            From::Input(input) => return of_input(input),
            From::Root | From::Head(_) => {}
        }
        if self.is_decoded(symbol) {
            return Origin::DECODED.with(Origin::REQUEST);
        }
        let Some(found) = self.lookup(symbol) else { return self.of_parts(symbol, deep) };
        let entry = found.entry();
        let path = &symbol.denoted.path;
        let rest = found.rest(path);
        if let Some(input) = entry.input {
            let asks_method = matches!(path.last(), Some(Step::Member(name)) if &**name == "method");
            return match input {
                _ if asks_method => Origin::METHOD,
                Input::Headers | Input::Cookies if of_transport(symbol) => Origin::REQUEST,
                input => of_input(input),
            };
        }
        if entry.env.is_some() {
            return Origin::ENVIRONMENT;
        }
        if entry.digest.is_some() {
            return self.of_parts(symbol, deep).with(Origin::DIGEST);
        }
        // What everybody can compute hides nothing of what it was made of.
        if entry.hash {
            let given = symbol.given.iter().flat_map(|values| values.iter()).take(24);
            return given.fold(Origin::default(), |all, value| all.with(self.origin_in(value, deep + 1)));
        }
        if let Some(guard) = &entry.guard {
            let yields = guard.yields.iter().any(|part| part.before(rest).is_some());
            match guard.what {
                What::Identity if yields => {
                    return match self.worth(symbol, &found) {
                        Proof::Verified => Origin::PRINCIPAL,
                        Proof::Carried => Origin::CARRIED,
                        Proof::Unverified => Origin::REQUEST.with(Origin::DECODED),
                        _ => Origin::REQUEST,
                    };
                }
                What::Validated => {
                    let of = self.at_place(guard.of.as_ref(), symbol, &found, deep);
                    return of.with(Origin::VALIDATED);
                }
                What::Identity => return Origin::STORED,
                _ => {}
            }
        }
        if let Some(effect) = &entry.effect {
            use EffectKind::{
                DbDelete, DbRead, DbSql, DbWrite, PaymentRead, SecretRead, StorageRead, UserRead,
            };
            if matches!(
                effect.kind,
                DbRead | DbSql | DbWrite | DbDelete | PaymentRead | StorageRead | UserRead | SecretRead
            ) {
                let filter = self.filter_of(symbol, &found);
                let mut of = Origin::STORED;
                if filter.any(Origin::MINE) {
                    of = of.with(Origin::BOUND);
                }
                if filter.any(Origin::REQUEST.with(Origin::ROW)) {
                    of = of.with(Origin::ROW);
                }
                if effect.kind == PaymentRead {
                    of = of.with(Origin::TOLD);
                }
                if self.asks_relation(symbol, &found) {
                    of = of.with(Origin::BOUND);
                }
                match self.by_secret(symbol, &found) {
                    Some(true) => of = of.with(Origin::BY_TOKEN),
                    Some(false) => of = of.with(Origin::BY_LINK),
                    None => {}
                }
                return of;
            }
            // A file that every visitor of a page is sent is no more than what is written in the code.
            if effect.kind == EffectKind::FileRead
                && self.at_target(symbol, &found).is_some_and(|path| is_sent_to_all(&path))
            {
                return Origin::default();
            }
        }
        self.of_parts(symbol, deep)
    }

    /// What something is done to, as it is given.
    fn at_target(&mut self, symbol: &Symbol<'c>, found: &Found) -> Option<Value<'c>> {
        let place = found.entry().effect.as_ref()?.target.first()?;
        self.values_at(place, symbol, found).into_iter().next()
    }

    /// What a call gives that nothing is known of may be made of all that it was given.
    fn of_parts(&mut self, symbol: &Symbol<'c>, deep: u32) -> Origin {
        let mut all = Origin::default();
        let given: Vec<Value<'c>> = symbol.given.iter().flat_map(|values| values.iter().cloned()).collect();
        let calls = !symbol.given.iter().all(|values| values.is_empty());
        for value in given.iter().take(24) {
            all = all.with(self.origin_in(value, deep + 1));
        }
        // What stands behind the `?` of an address is chosen; the address itself is the app's own.
        if symbol
            .denoted
            .path
            .iter()
            .any(|step| matches!(step, Step::Member(name) if &**name == "searchParams"))
        {
            all = all.except(Origin::OWN_URL);
        }
        let plain = self.is_plain(symbol);
        if is_of_now(symbol) {
            return all;
        }
        if !plain || !calls && symbol.origin == From::Root {
            all = all.with(Origin::OPAQUE);
        }
        // `ne(posts.userId, user.id)`.
        if let [.., Step::Member(name), Step::Call(..)] = symbol.denoted.path.as_slice()
            && is_other(name)
        {
            all = all.except(Origin::MINE);
        }
        all
    }

    /// Where what stands at a place comes from.
    fn at_place(
        &mut self,
        place: Option<&'static Place>,
        symbol: &Symbol<'c>,
        found: &Found,
        deep: u32,
    ) -> Origin {
        let Some(place) = place else { return Origin::default() };
        let mut all = Origin::default();
        for value in self.values_at(place, symbol, found) {
            all = all.with(self.origin_in(&value, deep + 1));
        }
        all
    }
}

/// Whether a value is what time it is, or by chance: `Date.now().toString()`.
fn is_of_now(symbol: &Symbol) -> bool {
    let Root::Global(name) = &symbol.denoted.root else { return false };
    let calls = symbol.denoted.path.iter().any(|step| matches!(step, Step::Call(..)));
    symbol.origin == From::Root && calls && matches!(&**name, "Date" | "Math")
}

/// Whether a path is written in the code, and is that of a file of which a page is made.
fn is_sent_to_all(path: &Value) -> bool {
    const ENDS: &[&str] = &[
        ".js",
        ".mjs",
        ".css",
        ".html",
        ".svg",
        ".png",
        ".jpg",
        ".jpeg",
        ".webp",
        ".gif",
        ".ico",
        ".woff",
        ".woff2",
        ".wasm",
        ".webmanifest",
    ];
    match path {
        Value::Text(text) => ENDS.iter().any(|end| text.ends_with(end)),
        Value::OneOf(all) => all.iter().all(|(value, _)| is_sent_to_all(value)),
        Value::Symbol(symbol) => match (&symbol.denoted.root, symbol.denoted.path.as_slice()) {
            (Root::Package(name), [.., Step::Member(join), Step::Call(..)])
                if matches!(name.trim_start_matches("node:"), "path" | "path/posix") =>
            {
                let given = symbol.given.last().map(|given| &**given).unwrap_or_default();
                let Some((last, before)) = given.split_last() else { return false };
                matches!(&**join, "join" | "resolve") && is_sent_to_all(last) && before.iter().all(is_place)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether a part of a path says where the app itself is.
fn is_place(part: &Value) -> bool {
    match part {
        Value::Text(_) => true,
        Value::Symbol(symbol) => match &symbol.denoted.root {
            Root::Global(name) => matches!(&**name, "process" | "__dirname" | "Deno"),
            Root::Package(name) => {
                matches!(name.trim_start_matches("node:"), "path" | "path/posix")
                    && symbol.given.iter().flat_map(|given| given.iter()).all(is_place)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether a condition with such a name leaves out what it names.
fn is_other(name: &str) -> bool {
    matches!(
        name,
        "not"
            | "NOT"
            | "none"
            | "notIn"
            | "ne"
            | "neq"
            | "notInArray"
            | "notExists"
            | "notLike"
            | "$ne"
            | "$nin"
            | "$not"
    )
}

/// Whether a header says how a request is made and where from, and nothing of who makes it: whoever asks for such a one
/// asks nobody for a key.
pub(super) fn of_transport(symbol: &Symbol) -> bool {
    const NAMES: &[&str] = &[
        "connection",
        "host",
        "if-modified-since",
        "if-none-match",
        "next-action",
        "origin",
        "range",
        "referer",
        "referrer",
        "upgrade",
        "user-agent",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-http-method-override",
        "x-requested-with",
    ];
    header_of(symbol).is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        NAMES.contains(&name.as_str())
            || ["accept", "content-", "cache-", "sec-"].iter().any(|start| name.starts_with(start))
            || name.contains("csrf")
            || name.contains("xsrf")
    })
}

/// The name of the header that is asked for: what was given last, else the last member.
pub(super) fn header_of<'s>(symbol: &'s Symbol) -> Option<&'s str> {
    let asked = symbol.given.iter().rev().find_map(|given| match given.first() {
        Some(Value::Text(name)) => Some(&**name),
        _ => None,
    });
    let member = symbol.denoted.path.iter().rev().find_map(|step| match step {
        Step::Member(name) => Some(&**name),
        _ => None,
    });
    asked.or(member)
}

fn of_input(input: Input) -> Origin {
    match input {
        Input::Headers | Input::Cookies => Origin::REQUEST.with(Origin::HEADER),
        // Whoever has one got it from the server, and what for can't be told.
        Input::SignedCookies => Origin::REQUEST.with(Origin::HEADER).with(Origin::OPAQUE),
        Input::Body => Origin::REQUEST.with(Origin::BODY),
        Input::Address => Origin::REQUEST.with(Origin::ADDRESS),
        Input::Url => Origin::REQUEST.with(Origin::OWN_URL),
        Input::Query | Input::Params => Origin::REQUEST,
    }
}
