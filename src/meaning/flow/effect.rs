//! What is done: to which rows, with what, at which address.

use super::Flow;
use super::facts::Fact;
use super::origin::Origin;
use super::rows::Marks;
use super::secret::is_token;
use super::trace::EffectUse;
use super::value::{Symbol, Value};
use crate::code::{Call, ModuleId, Step};
use crate::meaning::symbols::{self, EffectKind, Found, Proof, What};

/// The text of a statement, with `?` where a value stands: also of what is made of one (``sql`select …` ``).
fn statement_of(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Template(parts) => Some(parts.0.join("?")),
        Value::Symbol(symbol) => match symbol.given.last()?.first()? {
            text @ (Value::Text(_) | Value::Template(_)) => statement_of(text),
            _ => None,
        },
        _ => None,
    }
}

/// `upsert({ where, update: {}, create })`: what is there stays as it is, and what isn't is added.
fn changes_nothing(symbol: &Symbol<'_>, found: &Found) -> bool {
    let Some(Value::Object(options)) = symbol.given.get(found.used).and_then(|given| given.first()) else {
        return false;
    };
    matches!(options.get("update"), Some(Value::Object(update)) if update.entries.is_empty() && update.rest.is_empty())
        && options.get("create").is_some()
}

impl<'c> Flow<'c> {
    /// Something is done.
    pub(super) fn act(&mut self, symbol: &Symbol<'c>, found: &Found, module: ModuleId, call: &'c Call) {
        let Some(effect) = &found.entry().effect else { return };
        let (at_module, at_call) = found.call(&symbol.denoted.path).unwrap_or((module, call));
        let mut kind = effect.kind;
        let mut target = String::new();
        for place in &effect.target {
            if let Some(text) =
                self.values_at(place, symbol, found).iter().find_map(|value| self.title(value))
            {
                target = text;
                break;
            }
        }
        // `class User extends Model`: `User.findAll()`.
        if target.is_empty()
            && let Some(model) = &symbol.model
        {
            target = model.to_string();
        }
        let mut sql = None;
        if kind == EffectKind::DbSql {
            sql = effect
                .sql
                .as_ref()
                .and_then(|place| self.values_at(place, symbol, found).iter().find_map(statement_of));
            if let Some(statement) = sql.as_deref().and_then(symbols::statement) {
                kind = statement.kind;
                target = statement.table;
            }
        }
        let mut acts = symbol.acts;
        let keeps = changes_nothing(symbol, found);
        let mut filter = match keeps {
            true => Origin::default(),
            false => self.filter_of(symbol, found).with(match self.by_secret(symbol, found) {
                Some(true) => Origin::BY_TOKEN,
                Some(false) => Origin::BY_LINK,
                None => Origin::default(),
            }),
        };
        let mut values = Origin::default();
        let mut parents = Vec::new();
        for place in &effect.values {
            for value in self.values_at(place, symbol, found) {
                values = values.with(self.origin(&value));
                if effect.kind == EffectKind::DbWrite && filter.is_none() && !keeps {
                    let table = effect.target.first().map(|place| self.values_at(place, symbol, found));
                    let table = table.and_then(|tables| tables.into_iter().next());
                    parents.extend(self.parents_in(&value, table.as_ref()));
                }
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
                if kind == EffectKind::Request
                    && let Some(rest) = self.rest(&value, symbol)
                {
                    (kind, target, acts) = (rest.kind, rest.table, rest.acts);
                    filter = filter.with(rest.filter);
                }
            }
        }
        let mut says = Origin::default();
        if matches!(kind, EffectKind::Email | EffectKind::Sms) {
            let given = symbol.given.get(found.used).cloned().unwrap_or_default();
            says = given.iter().fold(says, |all, value| all.with(self.says(value)));
        }
        let marks = match kind {
            EffectKind::DbRead | EffectKind::DbWrite | EffectKind::DbDelete | EffectKind::DbSql => {
                self.marks(symbol, found)
            }
            _ => Marks::default(),
        };
        let grants = kind == EffectKind::DbWrite && filter.is_none() && self.grants(symbol, found, &target);
        let keeps = kind == EffectKind::DbWrite && self.keeps(symbol, found);
        let leaves_secret = self.leaves_secret(symbol, found, (kind, sql.as_deref(), &target));
        // `findUniqueOrThrow({ where: { id, userId } })`: without a row of the caller's own nothing goes on.
        let throws = symbol
            .denoted
            .path
            .iter()
            .any(|step| matches!(step, Step::Member(name) if name.ends_with("OrThrow")));
        if throws
            && filter.any(Origin::MINE)
            && let Some(state) = &mut self.state
        {
            state.facts.add(Fact::Is(What::Owner, Proof::Verified), None);
        }
        let Some(state) = &self.state else { return };
        let use_ = EffectUse {
            kind,
            target,
            provider: effect.provider.clone(),
            acts,
            module: at_module,
            line: at_call.line,
            call: at_call,
            length: symbol.denoted.path.len(),
            facts: self.with_base(&state.facts),
            filter,
            values,
            parents: (!parents.is_empty()).then(|| parents.into()),
            url,
            says,
            leaves_secret,
            keeps,
            is_public: marks.is_public && kind == EffectKind::DbRead,
            is_approved: marks.is_approved && kind == EffectKind::DbRead,
            has_mark: marks.has_mark,
            grants,
            is_tried: state.tried > 0,
            order: 0,
        };
        self.trace.effect(use_);
    }

    /// Whether what was found is kept by a key (`redis.set(key, JSON.stringify(post))`): no words of the caller's, no session,
    /// no secret.
    fn keeps(&mut self, symbol: &Symbol<'c>, found: &Found) -> bool {
        let name = match found.used.checked_sub(1).and_then(|at| symbol.denoted.path.get(at)) {
            Some(Step::Member(name)) => &**name,
            _ => return false,
        };
        let Some([key, rest @ ..]) = symbol.given.get(found.used).map(|given| &**given) else { return false };
        if found.entry().effect.as_ref().is_none_or(|effect| effect.provider != "redis") || is_token(key) {
            return false;
        }
        let of = rest.iter().fold(Origin::default(), |all, value| all.with(self.origin(value)));
        match name {
            "expire" => !of.has(Origin::REQUEST),
            "set" | "setex" | "setEx" | "hset" | "hSet" => of.any(Origin::STORED.with(Origin::OPAQUE)),
            _ => false,
        }
    }

    /// Where what tells which rows are meant comes from.
    pub(super) fn filter_of(&mut self, symbol: &Symbol<'c>, found: &Found) -> Origin {
        let Some(effect) = &found.entry().effect else { return Origin::default() };
        let mut all = Origin::default();
        for value in self.conditions(symbol, found) {
            all = all.with(self.origin(&value));
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
            Value::Template(parts) => match (parts.0.as_slice(), parts.1.first()) {
                // `${isLive ? "https://a.com" : "https://b.com"}/orders`: the first of several that are known.
                ([first, behind, ..], Some(Value::OneOf(all)))
                    if first.is_empty() && behind.starts_with('/') =>
                {
                    let hosts = all.iter().map(|(value, _)| self.host(value));
                    return hosts.collect::<Option<Vec<_>>>()?.into_iter().next();
                }
                (texts, _) => texts.first()?.to_string(),
            },
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
            // `getRepository(Post)`.
            Value::Class(module, class) => {
                let of = self.code.module(*module).classes.get(class.0 as usize)?;
                (!of.name.is_empty()).then(|| of.name.to_string())
            }
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
}
