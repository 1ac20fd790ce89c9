//! Which rows are meant, where more than a filter tells.

use super::Flow;
use super::origin::Origin;
use super::value::{Symbol, Value};
use crate::code::{FunctionId, Root, Step};
use crate::meaning::symbols::{self, Asked, Found, Place};

impl<'c> Flow<'c> {
    /// What says which rows are meant.
    pub(super) fn conditions(&mut self, symbol: &Symbol<'c>, found: &Found) -> Vec<Value<'c>> {
        let places = found.entry().effect.as_ref().map_or(&[] as &[Place], |effect| &effect.filter);
        places.iter().flat_map(|place| self.conditions_at(place, symbol, found)).collect()
    }

    /// The same, of one place. A function (`where: (posts, { eq }) => eq(posts.userId, user.id)`) is what it gives.
    pub(super) fn conditions_at(
        &mut self,
        place: &'static Place,
        symbol: &Symbol<'c>,
        found: &Found,
    ) -> Vec<Value<'c>> {
        let values = self.values_at(place, symbol, found);
        let given = |flow: &mut Self, value: Value<'c>| match &value {
            Value::Function(closure) => {
                let table = Value::root(Root::Global("table".into()));
                let operators = Value::root(Root::Package("drizzle-orm".into()));
                let around = (closure.at.0, FunctionId(0));
                flow.apart(around, |flow| flow.enter(closure, vec![table, operators], true))
            }
            _ => value,
        };
        values.into_iter().map(|value| given(self, value)).collect()
    }

    /// What the rows that a text in SQL means have to be: columns, each with the value that it must have.
    pub(super) fn asked_in_sql(&mut self, symbol: &Symbol<'c>, found: &Found) -> Vec<(String, Value<'c>)> {
        let Some(place) = found.entry().effect.as_ref().and_then(|effect| effect.sql.as_ref()) else {
            return Vec::new();
        };
        let Some(written) = self.values_at(place, symbol, found).into_iter().next() else {
            return Vec::new();
        };
        // ``sql`select …` ``.
        let written = match &written {
            Value::Symbol(made) => {
                made.given.last().and_then(|given| given.first()).cloned().unwrap_or(written)
            }
            _ => written,
        };
        let (text, values): (String, Vec<Value<'c>>) = match &written {
            Value::Text(text) => {
                // `query(text, [values])`, `prepare(text).get(value)`.
                let given =
                    symbol.given.iter().skip_while(|given| !given.iter().any(|one| one.same(&written)));
                let mut rest = Vec::new();
                for value in given.flat_map(|given| given.iter()).filter(|one| !one.same(&written)) {
                    match value {
                        Value::List(items, true) => rest.extend(items.iter().cloned()),
                        value => rest.push(value.clone()),
                    }
                }
                (text.to_string(), rest)
            }
            Value::Template(parts) if parts.0.iter().all(|text| !text.contains(['?', '$'])) => {
                (parts.0.join("?"), parts.1.clone())
            }
            _ => return Vec::new(),
        };
        let value = |asked| match asked {
            Asked::Given(at) => values.get(at).cloned(),
            Asked::Text(text) => Some(Value::Text(text.into())),
        };
        symbols::asked(&text).into_iter().filter_map(|(name, asked)| Some((name, value(asked)?))).collect()
    }

    /// What is said of who may see the rows that are meant: `where: { isPublic: true }`.
    pub(super) fn marks(&mut self, symbol: &Symbol<'c>, found: &Found) -> Marks {
        let sql = self.asked_in_sql(symbol, found);
        let mut marks = Marks {
            is_public: sql.iter().any(|(name, value)| says_public(name, value)),
            is_approved: sql.iter().any(|(name, value)| says_approved(name, value)),
            has_mark: sql.iter().any(|(name, _)| is_mark(name)),
        };
        let Some(effect) = &found.entry().effect else { return marks };
        for place in &effect.filter {
            let values = self.conditions_at(place, symbol, found);
            // `.eq("is_public", true)`: the name and the value are given side by side.
            let asks = |says: Says| {
                matches!(&*values, [Value::Text(name), value] if says(name, value))
                    || values.iter().any(|value| lets(value, says, 0))
            };
            marks.is_public |= asks(says_public);
            marks.is_approved |= asks(says_approved);
            marks.has_mark |= values.iter().any(|value| names_mark(value, 0));
        }
        for place in &effect.values {
            marks.has_mark |= self.values_at(place, symbol, found).iter().any(|value| names_mark(value, 0));
        }
        marks
    }

    /// Whether what is asked of a row is whether something that is read along, and is the caller's own, is there:
    /// `team.members.length` of `include: { members: { where: { userId } } }`. The list itself is always there.
    pub(super) fn asks_relation(&mut self, symbol: &Symbol<'c>, found: &Found) -> bool {
        let Some(effect) = &found.entry().effect else { return false };
        if effect.relations.is_empty() {
            return false;
        }
        let mut level: Vec<Value<'c>> = Vec::new();
        for place in &effect.relations {
            level.extend(self.values_at(place, symbol, found));
        }
        let mut is_own = false;
        for step in found.rest(&symbol.denoted.path).to_vec() {
            let Step::Member(name) = step else { return is_own && matches!(step, Step::Element) };
            let picks = name.bytes().all(|byte| byte.is_ascii_digit())
                || matches!(&*name, "length" | "at" | "find" | "some" | "pop" | "shift");
            if picks {
                return is_own;
            }
            let mut inner = Vec::new();
            for relations in std::mem::take(&mut level) {
                let relation = self.member(&relations, &name);
                let filter = self.member(&relation, &"where".into());
                is_own |= !matches!(filter, Value::Undefined | Value::Unknown)
                    && self.origin(&filter).any(Origin::MINE);
                for key in ["include", "select", "with"] {
                    match self.member(&relation, &key.into()) {
                        Value::Undefined => {}
                        value => inner.push(value),
                    }
                }
            }
            level = inner;
        }
        false
    }
}

/// What a query says of who may see the rows that it asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Only rows that are written down as open to all.
    pub is_public: bool,
    /// Only rows that somebody approved.
    pub is_approved: bool,
    /// Rows are told apart by a column that says who may see them.
    pub has_mark: bool,
}

/// Whether a column with a value says something of its row.
type Says = fn(&str, &Value<'_>) -> bool;

/// Whether a condition lets only such rows be of which this is said.
fn lets(condition: &Value<'_>, says: Says, deep: u32) -> bool {
    if deep > 6 {
        return false;
    }
    match condition {
        // What is spread into it may say something else.
        Value::Object(object) => {
            object.rest.is_empty()
                && object.entries.iter().any(|(name, value)| match value {
                    Value::Object(_) | Value::List(..) => {
                        matches!(&**name, "AND" | "$and" | "and" | "where") && lets(value, says, deep + 1)
                    }
                    value => says(name, value),
                })
        }
        Value::List(items, true) => items.iter().any(|item| lets(item, says, deep + 1)),
        // `eq(posts.published, true)`, `and(…)`.
        Value::Symbol(symbol) => {
            let (Some(given), [.., Step::Member(name), Step::Call(..)]) =
                (symbol.given.last(), symbol.denoted.path.as_slice())
            else {
                return false;
            };
            match (&**name, &**given) {
                ("and", all) => all.iter().any(|one| lets(one, says, deep + 1)),
                ("eq", [Value::Symbol(column), value]) => match column.denoted.path.last() {
                    Some(Step::Member(column)) => says(column, value),
                    _ => false,
                },
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether a column that says who may see the row is named.
fn names_mark(condition: &Value<'_>, deep: u32) -> bool {
    if deep > 6 {
        return false;
    }
    match condition {
        Value::Text(name) => is_mark(name),
        Value::Object(object) => {
            object.entries.iter().any(|(name, value)| is_mark(name) || names_mark_within(value, deep))
                || object.rest.iter().any(|value| names_mark_within(value, deep))
        }
        Value::List(items, _) => items.iter().any(|item| names_mark(item, deep + 1)),
        Value::OneOf(all) => all.iter().any(|(value, _)| names_mark(value, deep + 1)),
        Value::Symbol(symbol) => {
            let column = symbol.denoted.path.last();
            matches!(column, Some(Step::Member(name)) if is_mark(name))
                || symbol.given.last().is_some_and(|given| given.iter().any(|one| names_mark(one, deep + 1)))
        }
        _ => false,
    }
}

/// The same of what a column has to be: a text there is no name.
fn names_mark_within(value: &Value<'_>, deep: u32) -> bool {
    matches!(value, Value::Object(_) | Value::List(..) | Value::OneOf(_)) && names_mark(value, deep + 1)
}

fn is_mark(name: &str) -> bool {
    is_flag(name) || matches!(&*plain(name), "visibility" | "privacy" | "access")
}

/// Whether a column with this name is true of rows that everybody may see.
pub(super) fn is_flag(name: &str) -> bool {
    let name = plain(name);
    matches!(&*name, "public" | "ispublic" | "published" | "ispublished" | "shared" | "isshared")
        || name.contains("publicly") // `isPubliclyVisible`
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase()
}

/// Whether a column with such a value says that somebody looked at the row and let it pass. What that is for, the table says.
fn says_approved(name: &str, value: &Value<'_>) -> bool {
    match value {
        Value::Bool(true) => matches!(&*plain(name), "approved" | "isapproved" | "verified" | "isverified"),
        Value::Text(text) => {
            plain(name).ends_with("status") && matches!(&*text.to_ascii_lowercase(), "approved" | "live")
        }
        _ => false,
    }
}

/// Whether a column with such a value says that everybody may see the row.
pub(super) fn says_public(name: &str, value: &Value<'_>) -> bool {
    let flag = is_flag(name);
    match value {
        Value::Bool(true) => flag,
        Value::Number(number) => flag && *number == 1.0,
        Value::Text(text) => {
            let text = text.to_ascii_lowercase();
            flag && matches!(text.as_str(), "true" | "1")
                || matches!(&*plain(name), "status" | "visibility" | "state" | "access" | "privacy")
                    && matches!(text.as_str(), "public" | "published" | "unlisted")
        }
        _ => false,
    }
}
