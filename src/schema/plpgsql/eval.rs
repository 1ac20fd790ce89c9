//! Expressions, evaluated as far as they don't depend on data.

use super::query::Scope;
use super::value::{Object, Value, array, equal, like};
use crate::schema::builtin;
use crate::schema::check::Checked;
use crate::schema::lower::fold;
use crate::schema::replay::Session;
use crate::schema::sql::{Expr, IsTest, TypeName};

impl Session {
    /// The value of an expression.
    pub(super) fn evaluate(&mut self, e: &Expr, scope: &Scope<'_>) -> Checked<Value> {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.evaluate_here(e, scope))
    }

    fn evaluate_here(&mut self, e: &Expr, scope: &Scope<'_>) -> Checked<Value> {
        Ok(match e {
            Expr::Null => Value::Null,
            Expr::Bool(value) => Value::Bool(*value),
            Expr::Number(digits) => digits.parse().map_or(Value::Unknown, Value::Int),
            Expr::Text(text) => Value::text(text.clone()),
            Expr::Param(n) => scope.param(*n),
            Expr::Column(parts) => scope.column(parts),
            Expr::Keyword(word) => match word.as_str() {
                "current_schema" => Value::text(self.path.first().cloned().unwrap_or_default()),
                "current_user" | "session_user" | "user" | "current_role" => Value::text(self.role.clone()),
                _ => Value::Unknown,
            },
            Expr::Unary(op, inner) => {
                let value = self.evaluate(inner, scope)?;
                match (op.as_str(), value) {
                    ("not", value) => match value.truth() {
                        Ok(Some(value)) => Value::Bool(!value),
                        Ok(None) => Value::Null,
                        Err(()) => Value::Unknown,
                    },
                    ("-", Value::Int(n)) => Value::Int(n.saturating_neg()),
                    ("+", value) => value,
                    _ => Value::Unknown,
                }
            }
            Expr::Binary(op, a, b) if op == "and" || op == "or" => {
                let stops = op == "or";
                let a = self.evaluate(a, scope)?.truth();
                if a == Ok(Some(stops)) {
                    return Ok(Value::Bool(stops));
                }
                let b = self.evaluate(b, scope)?.truth();
                match (a, b) {
                    (_, Ok(Some(b))) if b == stops => Value::Bool(stops),
                    (Err(()), _) | (_, Err(())) => Value::Unknown,
                    (Ok(None), _) | (_, Ok(None)) => Value::Null,
                    _ => Value::Bool(!stops),
                }
            }
            Expr::Binary(op, a, b) => {
                let a = self.evaluate(a, scope)?;
                let b = self.evaluate(b, scope)?;
                operator(op, &a, &b)
            }
            Expr::Is { expr, negated, test } => {
                let value = self.evaluate(expr, scope)?;
                if value == Value::Unknown {
                    return Ok(Value::Unknown);
                }
                let holds = match test {
                    IsTest::Null => Some(match &value {
                        Value::Row(fields) => fields.iter().all(|(_, v)| *v == Value::Null),
                        value => *value == Value::Null,
                    }),
                    IsTest::Bool(wanted) => value.truth().ok().map(|is| is == *wanted),
                    IsTest::DistinctFrom(other) => {
                        let other = self.evaluate(other, scope)?;
                        match equal(&value, &other) {
                            Ok(Some(same)) => Some(!same),
                            Ok(None) => Some((value == Value::Null) != (other == Value::Null)),
                            Err(()) => None,
                        }
                    }
                    IsTest::Other => None,
                };
                holds.map_or(Value::Unknown, |holds| Value::Bool(holds != *negated))
            }
            Expr::In { expr, negated, list } => {
                let value = self.evaluate(expr, scope)?;
                let mut items = Vec::new();
                for item in list {
                    items.push(self.evaluate(item, scope)?);
                }
                negate(any(&value, &items, false), *negated)
            }
            Expr::InQuery { expr, negated, query } => {
                let value = self.evaluate(expr, scope)?;
                let rows = self.rows(query, scope)?;
                let items: Vec<Value> =
                    rows.rows.iter().filter_map(|row| row.first().map(|(_, v)| v.clone())).collect();
                negate(any(&value, &items, rows.open), *negated)
            }
            Expr::Quantified(q) => {
                let left = self.evaluate(&q.left, scope)?;
                let (items, open) = match &q.right {
                    Expr::Subquery(query) => {
                        let rows = self.rows(query, scope)?;
                        (
                            rows.rows.iter().filter_map(|r| r.first().map(|(_, v)| v.clone())).collect(),
                            rows.open,
                        )
                    }
                    other => match self.evaluate(other, scope)? {
                        Value::Array(items) => (items, false),
                        Value::Text(text) => match array(&text) {
                            Value::Array(items) => (items, false),
                            _ => return Ok(Value::Unknown),
                        },
                        _ => return Ok(Value::Unknown),
                    },
                };
                quantified(&q.op, q.all, &left, &items, open)
            }
            Expr::Between { expr, negated, low, high } => {
                let value = self.evaluate(expr, scope)?.number();
                let low = self.evaluate(low, scope)?.number();
                let high = self.evaluate(high, scope)?.number();
                match (value, low, high) {
                    (Some(v), Some(l), Some(h)) => Value::Bool((l..=h).contains(&v) != *negated),
                    _ => Value::Unknown,
                }
            }
            Expr::Case { subject, whens, otherwise } => {
                let subject = match subject {
                    Some(subject) => Some(self.evaluate(subject, scope)?),
                    None => None,
                };
                for (when, then) in whens {
                    let when = self.evaluate(when, scope)?;
                    let holds = match &subject {
                        Some(subject) => equal(subject, &when),
                        None => when.truth(),
                    };
                    match holds {
                        Ok(Some(true)) => return self.evaluate(then, scope),
                        Ok(_) => {}
                        Err(()) => return Ok(Value::Unknown),
                    }
                }
                match otherwise {
                    Some(otherwise) => self.evaluate(otherwise, scope)?,
                    None => Value::Null,
                }
            }
            Expr::Cast(inner, ty) => {
                let value = self.evaluate(inner, scope)?;
                self.cast(value, ty)?
            }
            Expr::Collate(inner) => self.evaluate(inner, scope)?,
            Expr::Array(items) => {
                let mut values = Vec::new();
                for item in items {
                    values.push(self.evaluate(item, scope)?);
                }
                Value::Array(values)
            }
            Expr::ArrayQuery(query) => {
                let rows = self.rows(query, scope)?;
                if rows.open {
                    return Ok(Value::Unknown);
                }
                Value::Array(rows.rows.iter().filter_map(|r| r.first().map(|(_, v)| v.clone())).collect())
            }
            Expr::Subquery(query) => {
                let rows = self.rows(query, scope)?;
                match rows.rows.first() {
                    _ if rows.open => Value::Unknown,
                    None => Value::Null,
                    Some(row) => row.first().map_or(Value::Null, |(_, v)| v.clone()),
                }
            }
            Expr::Exists(query) => {
                let rows = self.rows(query, scope)?;
                match (rows.rows.is_empty(), rows.open) {
                    (false, _) => Value::Bool(true),
                    (true, true) => Value::Unknown,
                    (true, false) => Value::Bool(false),
                }
            }
            Expr::Row(items) => match items.as_slice() {
                [only] => self.evaluate(only, scope)?,
                items => {
                    let mut fields = Vec::new();
                    for (i, item) in items.iter().enumerate() {
                        fields.push((format!("f{}", i + 1), self.evaluate(item, scope)?));
                    }
                    Value::Row(fields)
                }
            },
            Expr::Field(inner, name) => match self.evaluate(inner, scope)? {
                Value::Row(fields) => {
                    fields.into_iter().find(|(field, _)| field == name).map_or(Value::Unknown, |(_, v)| v)
                }
                Value::Null => Value::Null,
                _ => Value::Unknown,
            },
            Expr::Index(inner, false, bounds) => {
                let value = self.evaluate(inner, scope)?;
                let at = match bounds.first() {
                    Some(bound) => self.evaluate(bound, scope)?.number(),
                    None => None,
                };
                match (value, at) {
                    (Value::Array(items), Some(at)) => {
                        let found = usize::try_from(at - 1).ok().and_then(|i| items.get(i).cloned());
                        found.unwrap_or(Value::Null)
                    }
                    _ => Value::Unknown,
                }
            }
            Expr::Call(call) => self.evaluate_call(call, scope)?,
            _ => Value::Unknown,
        })
    }

    fn cast(&mut self, value: Value, ty: &TypeName) -> Checked<Value> {
        if matches!(value, Value::Unknown | Value::Null) {
            return Ok(value);
        }
        if ty.array {
            return Ok(match value {
                Value::Text(text) => array(&text),
                value => value,
            });
        }
        Ok(match (ty.name.name.as_str(), value) {
            ("text" | "varchar" | "name" | "bpchar", value) => {
                self.shown(&value).map_or(Value::Unknown, Value::Text)
            }
            ("int4" | "int8" | "int2" | "oid" | "numeric", value) => {
                value.number().map_or(Value::Unknown, Value::Int)
            }
            ("bool", value) => value.truth().ok().flatten().map_or(Value::Unknown, Value::Bool),
            ("regclass", Value::Text(text)) => {
                self.checker().read_literal(&text, crate::schema::catalogue::Ty::REGCLASS)?;
                let name = fold(&text);
                match self.cat.find_name(&name, &self.path) {
                    Some(oid) => Value::Object(Object::Relation, oid),
                    None if builtin::relation(name.schema.as_deref(), &name.name).is_some() => Value::Unknown,
                    None => Value::Unknown,
                }
            }
            ("regnamespace", Value::Text(text)) => self
                .namespace_oid(&fold(&text).name)
                .map_or(Value::Unknown, |n| Value::Object(Object::Namespace, n)),
            ("regclass", Value::Int(oid)) => object(Object::Relation, oid),
            ("regprocedure", Value::Int(oid)) => object(Object::Procedure, oid),
            ("regproc", Value::Int(oid)) => object(Object::Function, oid),
            ("regtype", Value::Int(oid)) => object(Object::Type, oid),
            ("regnamespace", Value::Int(oid)) => object(Object::Namespace, oid),
            ("regrole", Value::Int(oid)) => object(Object::Role, oid),
            ("regprocedure", Value::Object(_, oid)) => Value::Object(Object::Procedure, oid),
            ("regclass" | "regproc" | "regtype" | "regrole", Value::Object(kind, oid)) => {
                Value::Object(kind, oid)
            }
            ("char", value) => value,
            (_, Value::Text(text)) => Value::Text(text),
            _ => Value::Unknown,
        })
    }

    /// A value as text.
    pub(super) fn shown(&self, value: &Value) -> Option<String> {
        Some(match value {
            Value::Text(text) => text.clone(),
            Value::Int(n) => n.to_string(),
            Value::Bool(value) => if *value { "true" } else { "false" }.to_owned(),
            Value::Object(kind, oid) => self.object_text(*kind, *oid)?,
            Value::Array(items) => {
                let items: Option<Vec<String>> = items.iter().map(|item| self.shown(item)).collect();
                format!("{{{}}}", items?.join(","))
            }
            _ => return None,
        })
    }
}

fn object(kind: Object, oid: i64) -> Value {
    u32::try_from(oid).map_or(Value::Unknown, |oid| Value::Object(kind, oid))
}

fn negate(value: Value, negated: bool) -> Value {
    match value {
        Value::Bool(holds) => Value::Bool(holds != negated),
        other => other,
    }
}

/// Whether a value is among others, of which there may be more.
fn any(value: &Value, items: &[Value], open: bool) -> Value {
    let (mut null, mut unknown) = (false, open);
    for item in items {
        match equal(value, item) {
            Ok(Some(true)) => return Value::Bool(true),
            Ok(Some(false)) => {}
            Ok(None) => null = true,
            Err(()) => unknown = true,
        }
    }
    if unknown {
        Value::Unknown
    } else if null {
        Value::Null
    } else {
        Value::Bool(false)
    }
}

fn quantified(op: &str, all: bool, left: &Value, items: &[Value], open: bool) -> Value {
    let mut unknown = open;
    for item in items {
        match operator(op, left, item).truth() {
            Ok(Some(holds)) if holds != all => return Value::Bool(holds),
            Ok(_) => {}
            Err(()) => unknown = true,
        }
    }
    if unknown { Value::Unknown } else { Value::Bool(all) }
}

/// An operator, applied.
pub(super) fn operator(op: &str, a: &Value, b: &Value) -> Value {
    let truth = |result: Result<Option<bool>, ()>| match result {
        Ok(Some(value)) => Value::Bool(value),
        Ok(None) => Value::Null,
        Err(()) => Value::Unknown,
    };
    let of_text = |test: &dyn Fn(&str, &str) -> bool| match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Text(a), Value::Text(b)) => Value::Bool(test(a, b)),
        _ => Value::Unknown,
    };
    match op {
        "=" => truth(equal(a, b)),
        "<>" => truth(equal(a, b).map(|same| same.map(|same| !same))),
        "~~" => of_text(&|a, b| like(a, b)),
        "!~~" => of_text(&|a, b| !like(a, b)),
        "~~*" => of_text(&|a, b| like(&a.to_lowercase(), &b.to_lowercase())),
        "!~~*" => of_text(&|a, b| !like(&a.to_lowercase(), &b.to_lowercase())),
        "~" | "~*" | "!~" | "!~*" => {
            let (Value::Text(text), Value::Text(pattern)) = (a, b) else { return Value::Unknown };
            match matches_simply(text, pattern, op.ends_with('*')) {
                Some(found) => Value::Bool(found != op.starts_with('!')),
                None => Value::Unknown,
            }
        }
        "||" => match (a, b) {
            (Value::Null, _) | (_, Value::Null) => Value::Null,
            (Value::Array(x), Value::Array(y)) => Value::Array(x.iter().chain(y).cloned().collect()),
            (Value::Array(x), y) if !y.is_unknown() => {
                Value::Array(x.iter().cloned().chain(std::iter::once(y.clone())).collect())
            }
            (Value::Text(x), Value::Text(y)) => Value::Text(format!("{x}{y}")),
            (Value::Text(x), Value::Int(y)) => Value::Text(format!("{x}{y}")),
            (Value::Int(x), Value::Text(y)) => Value::Text(format!("{x}{y}")),
            _ => Value::Unknown,
        },
        "<" | ">" | "<=" | ">=" => {
            let order = match (a, b) {
                (Value::Null, _) | (_, Value::Null) => return Value::Null,
                (Value::Text(a), Value::Text(b)) => a.cmp(b),
                (a, b) => match (a.number(), b.number()) {
                    (Some(a), Some(b)) => a.cmp(&b),
                    _ => return Value::Unknown,
                },
            };
            Value::Bool(match op {
                "<" => order.is_lt(),
                ">" => order.is_gt(),
                "<=" => order.is_le(),
                _ => order.is_ge(),
            })
        }
        "+" | "-" | "*" => match (a, b) {
            (Value::Int(a), Value::Int(b)) => {
                let result = match op {
                    "+" => a.checked_add(*b),
                    "-" => a.checked_sub(*b),
                    _ => a.checked_mul(*b),
                };
                result.map_or(Value::Unknown, Value::Int)
            }
            (Value::Null, _) | (_, Value::Null) => Value::Null,
            _ => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

/// A regular expression without anything but anchors and plain characters.
fn matches_simply(text: &str, pattern: &str, fold: bool) -> Option<bool> {
    let start = pattern.starts_with('^');
    let end = pattern.ends_with('$');
    let plain = pattern.trim_start_matches('^').trim_end_matches('$');
    if plain.contains(['.', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '\\', '^', '$']) {
        return None;
    }
    let (text, plain) =
        if fold { (text.to_lowercase(), plain.to_lowercase()) } else { (text.to_owned(), plain.to_owned()) };
    Some(match (start, end) {
        (true, true) => text == plain,
        (true, false) => text.starts_with(&plain),
        (false, true) => text.ends_with(&plain),
        (false, false) => text.contains(&plain),
    })
}
