//! Aggregates over rows of the catalogue.

use super::query::{Row, Scope};
use super::value::Value;
use crate::schema::check::Checked;
use crate::schema::replay::Session;
use crate::schema::sql::Expr;

impl Session {
    pub(super) fn aggregate(
        &mut self,
        e: &Expr,
        rows: &[Vec<(String, Row)>],
        opaque: bool,
        outer: &Scope<'_>,
    ) -> Checked<Value> {
        let Expr::Call(call) = e else {
            if let Expr::Binary(op, a, b) = e {
                let a = self.aggregate(a, rows, opaque, outer)?;
                let b = self.aggregate(b, rows, opaque, outer)?;
                return Ok(super::eval::operator(op, &a, &b));
            }
            let inner = e_inner(e);
            if inner != e {
                return self.aggregate(inner, rows, opaque, outer);
            }
            if let Expr::Cast(inner, _) | Expr::Collate(inner) = e {
                return self.aggregate(inner, rows, opaque, outer);
            }
            return self.evaluate(e, outer);
        };
        if call.name.name == "coalesce" {
            for (_, arg) in &call.args {
                match self.aggregate(arg, rows, opaque, outer)? {
                    Value::Null => {}
                    found => return Ok(found),
                }
            }
            return Ok(Value::Null);
        }
        let mut values = Vec::new();
        for items in rows {
            let scope = Scope { items: items.clone(), opaque, ..Scope::inside(outer) };
            if let Some(filter) = &call.filter {
                match self.evaluate(filter, &scope)?.truth() {
                    Ok(Some(true)) => {}
                    Ok(_) => continue,
                    Err(()) => return Ok(Value::Unknown),
                }
            }
            let mut row = Vec::new();
            for (_, arg) in &call.args {
                row.push(self.evaluate(arg, &scope)?);
            }
            let mut keys = Vec::new();
            for e in &call.order {
                keys.push(self.evaluate(e, &scope)?);
            }
            values.push((keys, row));
        }
        if !call.order.is_empty() {
            values.sort_by_key(|(keys, _)| sort_key(keys));
        }
        let firsts: Vec<Value> = values.iter().filter_map(|(_, row)| row.first().cloned()).collect();
        if firsts.iter().any(Value::is_unknown) {
            return Ok(Value::Unknown);
        }
        let present: Vec<Value> = firsts.iter().filter(|v| **v != Value::Null).cloned().collect();
        let size = |n: usize| i64::try_from(n).map_or(Value::Unknown, Value::Int);
        Ok(match call.name.name.as_str() {
            "count" if call.star => size(values.len()),
            "count" => size(present.len()),
            "array_agg" if firsts.is_empty() => Value::Null,
            "array_agg" => Value::Array(firsts),
            "string_agg" => {
                let separator = values.first().and_then(|(_, row)| row.get(1)).and_then(|v| self.shown(v));
                let parts: Option<Vec<String>> = present.iter().map(|v| self.shown(v)).collect();
                match (parts, separator) {
                    (Some(parts), _) if parts.is_empty() => Value::Null,
                    (Some(parts), Some(separator)) => Value::Text(parts.join(&separator)),
                    _ => Value::Unknown,
                }
            }
            "bool_or" | "bool_and" | "every" => {
                let wanted = call.name.name == "bool_or";
                let found = present.iter().any(|v| v.truth() == Ok(Some(wanted)));
                if present.is_empty() { Value::Null } else { Value::Bool(found == wanted) }
            }
            "max" => {
                present.into_iter().max_by_key(|v| sort_key(std::slice::from_ref(v))).unwrap_or(Value::Null)
            }
            "min" => {
                present.into_iter().min_by_key(|v| sort_key(std::slice::from_ref(v))).unwrap_or(Value::Null)
            }
            _ => Value::Unknown,
        })
    }
}

fn e_inner(e: &Expr) -> &Expr {
    match e {
        Expr::Row(items) => match items.as_slice() {
            [only] => only,
            _ => e,
        },
        e => e,
    }
}

pub(super) fn aggregates(e: &Expr) -> bool {
    match e {
        Expr::Call(call) => {
            call.over.is_none()
                && matches!(
                    call.name.name.as_str(),
                    "count"
                        | "array_agg"
                        | "string_agg"
                        | "bool_or"
                        | "bool_and"
                        | "every"
                        | "max"
                        | "min"
                        | "sum"
                        | "avg"
                        | "json_agg"
                        | "jsonb_agg"
                )
                || call.args.iter().any(|(_, e)| aggregates(e))
        }
        Expr::Binary(_, a, b) => aggregates(a) || aggregates(b),
        Expr::Cast(a, _) | Expr::Unary(_, a) => aggregates(a),
        Expr::Row(items) => items.iter().any(aggregates),
        _ => false,
    }
}

pub(super) fn sort_key(values: &[Value]) -> Vec<(i64, String)> {
    values
        .iter()
        .map(|value| match value {
            Value::Int(n) => (*n, String::new()),
            Value::Bool(b) => (i64::from(*b), String::new()),
            Value::Text(text) => (0, text.clone()),
            _ => (i64::MAX, String::new()),
        })
        .collect()
}
