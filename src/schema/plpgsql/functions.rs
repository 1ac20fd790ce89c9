//! Functions that blocks call to put statements together.

use super::query::Scope;
use super::value::{Object, Value};
use crate::schema::catalogue::{Oid, Rights};
use crate::schema::check::{Checked, Fault};
use crate::schema::lower::fold;
use crate::schema::replay::{Session, quoted};
use crate::schema::sql::Call;

impl Session {
    /// A call.
    pub(super) fn evaluate_call(&mut self, call: &Call, scope: &Scope<'_>) -> Checked<Value> {
        if !matches!(call.name.schema.as_deref(), None | Some("pg_catalog")) {
            self.call_effects_in(call, scope)?;
            return Ok(Value::Unknown);
        }
        if call.name.name == "coalesce" {
            for (_, arg) in &call.args {
                match self.evaluate(arg, scope)? {
                    Value::Null => {}
                    found => return Ok(found),
                }
            }
            return Ok(Value::Null);
        }
        let mut args = Vec::new();
        for (_, arg) in &call.args {
            args.push(self.evaluate(arg, scope)?);
        }
        if call.variadic
            && let Some(Value::Array(items)) = args.pop()
        {
            args.extend(items);
        }
        self.built_in(&call.name.name, &args, call, scope)
    }

    fn built_in(&mut self, name: &str, args: &[Value], call: &Call, scope: &Scope<'_>) -> Checked<Value> {
        let first = args.first();
        let text = |i: usize| match args.get(i) {
            Some(value) => self.shown(value),
            None => None,
        };
        let on_text = |change: &dyn Fn(&str) -> String| match first {
            Some(Value::Null) => Value::Null,
            _ => text(0).map_or(Value::Unknown, |t| Value::Text(change(&t))),
        };
        Ok(match name {
            "format" => self.format(args)?,
            "quote_ident" => on_text(&quoted),
            "quote_literal" => on_text(&literal),
            "quote_nullable" if first == Some(&Value::Null) => Value::text("NULL"),
            "quote_nullable" => on_text(&literal),
            "lower" => on_text(&str::to_lowercase),
            "upper" => on_text(&str::to_uppercase),
            "trim" | "btrim" if args.len() == 1 => on_text(&|t| t.trim_matches(' ').to_owned()),
            "length" | "char_length" => text(0).map_or(Value::Unknown, |t| {
                i64::try_from(t.chars().count()).map_or(Value::Unknown, Value::Int)
            }),
            "replace" => match (text(0), text(1), text(2)) {
                (Some(t), Some(from), Some(to)) => Value::Text(t.replace(&from, &to)),
                _ => Value::Unknown,
            },
            "concat" => {
                let parts: Option<Vec<String>> = args
                    .iter()
                    .map(|v| if *v == Value::Null { Some(String::new()) } else { self.shown(v) })
                    .collect();
                parts.map_or(Value::Unknown, |p| Value::Text(p.concat()))
            }
            "concat_ws" => match (text(0), args.get(1..)) {
                (Some(separator), Some(rest)) => {
                    let parts: Option<Vec<String>> =
                        rest.iter().filter(|v| **v != Value::Null).map(|v| self.shown(v)).collect();
                    parts.map_or(Value::Unknown, |p| Value::Text(p.join(&separator)))
                }
                _ => Value::Unknown,
            },
            "left" => match (text(0), args.get(1).and_then(Value::number)) {
                (Some(t), Some(n)) => {
                    usize::try_from(n).map_or(Value::Unknown, |n| Value::Text(t.chars().take(n).collect()))
                }
                _ => Value::Unknown,
            },
            "split_part" => match (text(0), text(1), args.get(2).and_then(Value::number)) {
                (Some(t), Some(by), Some(n)) if !by.is_empty() => usize::try_from(n - 1)
                    .map_or(Value::Unknown, |n| {
                        Value::Text(t.split(by.as_str()).nth(n).unwrap_or_default().to_owned())
                    }),
                _ => Value::Unknown,
            },
            "position" | "strpos" => match (text(0), text(1)) {
                (Some(t), Some(part)) => {
                    let at = t.find(&part).map_or(0, |at| t.get(..at).map_or(0, |b| b.chars().count()) + 1);
                    i64::try_from(at).map_or(Value::Unknown, Value::Int)
                }
                _ => Value::Unknown,
            },
            "array_length" | "cardinality" => match first {
                Some(Value::Array(items)) if items.is_empty() && name == "array_length" => Value::Null,
                Some(Value::Array(items)) => i64::try_from(items.len()).map_or(Value::Unknown, Value::Int),
                Some(Value::Null) => Value::Null,
                _ => Value::Unknown,
            },
            "array_append" => match args {
                [Value::Array(items), more] => {
                    Value::Array(items.iter().cloned().chain(std::iter::once(more.clone())).collect())
                }
                _ => Value::Unknown,
            },
            "array_to_string" => match (first, text(1)) {
                (Some(Value::Array(items)), Some(separator)) => {
                    let parts: Option<Vec<String>> = items.iter().map(|v| self.shown(v)).collect();
                    parts.map_or(Value::Unknown, |p| Value::Text(p.join(&separator)))
                }
                _ => Value::Unknown,
            },
            "string_to_array" => match (text(0), text(1)) {
                (Some(t), Some(by)) if !by.is_empty() => {
                    Value::Array(t.split(by.as_str()).map(Value::text).collect())
                }
                _ => Value::Unknown,
            },
            "to_regclass" => match text(0) {
                Some(t) => match self.cat.find_name(&fold(&t), &self.path) {
                    Some(oid) => Value::Object(Object::Relation, oid),
                    None => Value::Null,
                },
                None => Value::Unknown,
            },
            "to_regtype" => match text(0) {
                Some(t) => match self.cat.find_type(&fold(&t), &self.path) {
                    Some(ty) => Value::Object(Object::Type, ty.id),
                    None => Value::Null,
                },
                None => Value::Unknown,
            },
            "to_regnamespace" => match text(0) {
                Some(t) => self
                    .namespace_oid(&fold(&t).name)
                    .map_or(Value::Null, |n| Value::Object(Object::Namespace, n)),
                None => Value::Unknown,
            },
            "to_regrole" => match text(0) {
                Some(t) if self.cat.roles.contains(&t) => Value::Text(t),
                Some(_) => Value::Null,
                None => Value::Unknown,
            },
            "to_regproc" | "to_regprocedure" => match text(0) {
                Some(t) => {
                    let name = fold(t.split('(').next().unwrap_or_default());
                    match self.cat.functions_named(&name, &self.path).as_slice() {
                        [] if crate::schema::builtin::all_named(&name.name) => Value::Unknown,
                        [] => Value::Null,
                        [only] => Value::Object(Object::Procedure, only.oid),
                        _ => Value::Unknown,
                    }
                }
                None => Value::Unknown,
            },
            "current_schema" => Value::text(self.path.first().cloned().unwrap_or_default()),
            "current_setting" => Value::Unknown,
            "pg_get_function_identity_arguments" | "pg_get_function_arguments" | "oidvectortypes" => first
                .and_then(Value::number)
                .and_then(|n| self.arguments(n))
                .map_or(Value::Unknown, Value::Text),
            "has_table_privilege" if args.len() == 3 => match (text(0), args.get(1), text(2)) {
                (Some(role), Some(Value::Object(_, oid)), Some(right)) => {
                    let right = match right.to_ascii_lowercase().as_str() {
                        "select" => Rights::SELECT,
                        "insert" => Rights::INSERT,
                        "update" => Rights::UPDATE,
                        "delete" => Rights::DELETE,
                        _ => return Ok(Value::Unknown),
                    };
                    self.cat
                        .relations
                        .get(oid)
                        .map_or(Value::Unknown, |r| Value::Bool(r.acl.held(&role).has(right)))
                }
                _ => Value::Unknown,
            },
            "set_config" => {
                self.call_effects_in(call, scope)?;
                first.cloned().unwrap_or(Value::Unknown)
            }
            _ => {
                self.call_effects_in(call, scope)?;
                Value::Unknown
            }
        })
    }

    fn format(&self, args: &[Value]) -> Checked<Value> {
        let Some(Value::Text(pattern)) = args.first() else { return Ok(Value::Unknown) };
        let mut out = String::new();
        let mut next = 1usize;
        let mut chars = pattern.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            let mut digits = String::new();
            while let Some(d) = chars.peek().copied().filter(|c| c.is_ascii_digit() || *c == '-') {
                digits.push(d);
                chars.next();
            }
            if !digits.is_empty() && chars.peek() == Some(&'$') {
                chars.next();
                next = digits.parse().unwrap_or(next);
            }
            let kind = chars.next();
            if kind == Some('%') {
                out.push('%');
                continue;
            }
            let Some(value) = args.get(next) else {
                return Err(Fault::new("22023", "too few arguments for format()"));
            };
            next += 1;
            match (kind, value) {
                (_, Value::Unknown) => return Ok(Value::Unknown),
                (Some('I'), Value::Null) => {
                    return Err(Fault::new("22004", "null values cannot be formatted as an SQL identifier"));
                }
                (Some('L'), Value::Null) => out.push_str("NULL"),
                (Some('s'), Value::Null) => {}
                (Some(kind @ ('I' | 'L' | 's')), value) => {
                    let Some(text) = self.shown(value) else { return Ok(Value::Unknown) };
                    match kind {
                        'I' => out.push_str(&quoted(&text)),
                        'L' => out.push_str(&literal(&text)),
                        _ => out.push_str(&text),
                    }
                }
                _ => return Err(Fault::new("22023", "unrecognized format() type specifier")),
            }
        }
        Ok(Value::Text(out))
    }

    /// The types of a function's arguments, as `drop function` wants them.
    fn arguments(&self, oid: i64) -> Option<String> {
        let function = self.cat.functions.get(&Oid::try_from(oid).ok()?)?;
        let types: Vec<String> = function.args.iter().map(|ty| self.written(*ty)).collect();
        Some(types.join(", "))
    }

    fn written(&self, ty: crate::schema::catalogue::Ty) -> String {
        let text = self.cat.type_text(ty);
        match self.cat.types.get(&ty.id) {
            Some(made) => {
                let array = if ty.array { "[]" } else { "" };
                format!("{}.{}{array}", quoted(&made.schema), quoted(&made.name))
            }
            None => text,
        }
    }

    /// What an object is called, as a statement can name it.
    pub(super) fn object_text(&self, kind: Object, oid: Oid) -> Option<String> {
        let near = |schema: &str, name: &str| {
            let seen = self.path.iter().any(|s| s == schema);
            if seen { quoted(name) } else { format!("{}.{}", quoted(schema), quoted(name)) }
        };
        Some(match kind {
            Object::Relation => {
                if let Some(relation) = self.cat.relations.get(&oid) {
                    near(&relation.schema, &relation.name)
                } else {
                    let index = self.cat.indexes.get(&oid)?;
                    near(&index.schema, &index.name)
                }
            }
            Object::Procedure => {
                let function = self.cat.functions.get(&oid)?;
                let types: Vec<String> = function.args.iter().map(|ty| self.written(*ty)).collect();
                format!("{}({})", near(&function.schema, &function.name), types.join(","))
            }
            Object::Function => {
                let function = self.cat.functions.get(&oid)?;
                near(&function.schema, &function.name)
            }
            Object::Type => self.written(crate::schema::catalogue::Ty::of(oid)),
            Object::Namespace => self.namespace_name(oid)?,
            Object::Role => return None,
        })
    }
}

/// A string as SQL writes it.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
