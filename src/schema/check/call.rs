//! Calls of functions (`parse_func.c`).

use super::select::Choice;
use super::{Checked, Checker, Context, Fault, Value};
use crate::schema::builtin;
use crate::schema::catalogue::{Dep, Function, FunctionKind, Ty};
use crate::schema::sql::{Call, Volatility};

/// A function that may be meant.
struct Candidate<'f> {
    /// Types of the arguments as they are given.
    args: Vec<Ty>,
    returns: Ty,
    /// How far back in the search path.
    distance: usize,
    defaults: usize,
    expanded: bool,
    made: Option<&'f Function>,
    volatile: bool,
    immutable: bool,
    kind: char,
    set: bool,
}

/// What a call comes to.
pub(super) struct Called<'f> {
    pub(super) ty: Ty,
    pub(super) made: Option<&'f Function>,
}

impl<'a> Checker<'a> {
    /// A call.
    pub(super) fn call(&mut self, call: &Call) -> Checked<Value> {
        if call.name.schema.is_none()
            && let Some(value) = self.special(call)?
        {
            return Ok(value);
        }
        Ok(self.called(call)?.ty.into())
    }

    /// A call, with the function that is meant.
    pub(super) fn called(&mut self, call: &Call) -> Checked<Called<'a>> {
        let mut values = Vec::new();
        for (_, arg) in &call.args {
            values.push(self.expr(arg)?);
        }
        if call.within_group {
            for e in &call.order {
                values.push(self.expr(e)?);
            }
        } else {
            for e in &call.order {
                self.expr(e)?;
            }
        }
        if let Some(filter) = &call.filter {
            self.condition(filter)?;
        }
        for e in call.over.iter().flatten() {
            self.expr(e)?;
        }
        let names: Vec<Option<&str>> = call.args.iter().map(|(name, _)| name.as_deref()).collect();
        let called = self.resolve(call, &values, &names)?;
        Ok(called)
    }

    fn resolve(&mut self, call: &Call, values: &[Value], names: &[Option<&str>]) -> Checked<Called<'a>> {
        let cat = self.cat;
        let inputs: Vec<Ty> = values.iter().map(|v| v.ty).collect();
        let candidates = self.candidates(call, inputs.len(), names);
        // Of two with the same arguments, the one in the nearer schema hides the other.
        let mut kept: Vec<&Candidate<'a>> = Vec::new();
        for candidate in &candidates {
            match kept.iter().position(|k| k.args == candidate.args) {
                None => kept.push(candidate),
                Some(i) => {
                    let better = kept.get(i).is_some_and(|k| {
                        (candidate.distance, candidate.expanded, candidate.defaults)
                            < (k.distance, k.expanded, k.defaults)
                    });
                    if better && let Some(slot) = kept.get_mut(i) {
                        *slot = candidate;
                    }
                }
            }
        }
        let types: Vec<Vec<Ty>> = kept.iter().map(|c| c.args.clone()).collect();
        let signature = || {
            let list: Vec<String> = inputs.iter().map(|ty| cat.type_text(*ty)).collect();
            format!("{}({})", call.name, list.join(", "))
        };
        match cat.choose(&inputs, &types) {
            Choice::One(i) => {
                let (Some(found), Some(wanted)) = (kept.get(i), types.get(i)) else {
                    return Ok(Called { ty: Ty::ANY, made: None });
                };
                for (value, to) in values.iter().zip(wanted) {
                    if !to.is_polymorphic() {
                        self.require(value, *to, Context::Implicit)?;
                    }
                }
                if let Some(made) = found.made
                    && !names.iter().any(Option::is_some)
                {
                    self.deps.insert(Dep::Function(made.oid));
                } else if let Some(made) = found.made {
                    self.deps.insert(Dep::Function(made.oid));
                }
                self.mutable |= !found.immutable;
                self.set |= found.set;
                let windowed = call.over.is_some();
                self.aggregate |= found.kind == 'a' && !windowed;
                if found.kind == 'p' {
                    return Err(Fault::new("42809", format!("{} is a procedure", signature())));
                }
                let _ = found.volatile;
                Ok(Called { ty: cat.polymorphic_result(found.returns, &inputs, wanted), made: found.made })
            }
            Choice::Several => Err(Fault::new("42725", format!("function {} is not unique", signature()))),
            Choice::None => {
                if let Some(ty) = self.otherwise(call, values) {
                    return Ok(Called { ty, made: None });
                }
                Err(Fault::new("42883", format!("function {} does not exist", signature())))
            }
        }
    }

    /// What a call can be that names no function: a cast, a field, something of an extension that has no list.
    fn otherwise(&mut self, call: &Call, values: &[Value]) -> Option<Ty> {
        if let [only] = values {
            if let Some(ty) = self.cat.find_type(&call.name, self.path)
                && self.cat.coercible(only.ty, ty, Context::Explicit)
            {
                return Some(ty);
            }
            if let Some(column) = self.cat.row_of(only.ty).and_then(|row| row.column(&call.name.name)) {
                return Some(column.ty);
            }
        }
        self.wildcard(&call.name.name).then_some(Ty::ANY)
    }

    fn wildcard(&self, name: &str) -> bool {
        let has = |extension: &str| self.cat.extensions.contains(extension);
        name.starts_with("st_") && has("postgis")
            || name.starts_with("pgp_") && has("pgcrypto")
            || name.starts_with("digest") && has("pgcrypto")
            || name.contains("hypertable") && has("timescaledb")
            || name == "time_bucket" && has("timescaledb")
            || call_of_text_search(name)
            || name.starts_with("xml")
    }

    fn candidates(&self, call: &Call, count: usize, names: &[Option<&str>]) -> Vec<Candidate<'a>> {
        let mut found = Vec::new();
        let cat = self.cat;
        if call.name.schema.as_deref().is_none_or(|s| s == "pg_catalog") {
            let named = names.iter().any(Option::is_some);
            for function in builtin::functions_named(&call.name.name) {
                let min =
                    if named { 0 } else { function.args.len() - function.defaults.min(function.args.len()) };
                let Some((args, expanded)) =
                    fit(&function.args, min, function.variadic && !call.variadic, count, named)
                else {
                    continue;
                };
                found.push(Candidate {
                    args,
                    returns: function.returns,
                    distance: 0,
                    defaults: function.args.len().saturating_sub(count),
                    expanded,
                    made: None,
                    volatile: function.volatile,
                    immutable: function.immutable,
                    kind: function.kind,
                    set: function.set,
                });
            }
        }
        let oids = cat.function_names.get(call.name.name.as_str()).map(Vec::as_slice).unwrap_or_default();
        for function in oids.iter().filter_map(|oid| cat.functions.get(oid)) {
            let distance = match &call.name.schema {
                Some(schema) if *schema == function.schema => 1,
                Some(_) => continue,
                None => match self.path.iter().position(|s| *s == function.schema) {
                    Some(at) => at + 1,
                    None => continue,
                },
            };
            let Some(order) = arrange(function, names) else { continue };
            let min = function.args.len() - function.defaults.min(function.args.len());
            let fitted = match order {
                Some(args) => Some((args, false)),
                None => fit(&function.args, min, function.variadic && !call.variadic, count, false),
            };
            let Some((args, expanded)) = fitted else { continue };
            found.push(Candidate {
                args,
                returns: function.returns,
                distance,
                defaults: function.args.len().saturating_sub(count),
                expanded,
                made: Some(function),
                volatile: function.volatility == Volatility::Volatile,
                immutable: function.volatility == Volatility::Immutable,
                kind: match function.kind {
                    FunctionKind::Function => 'f',
                    FunctionKind::Aggregate => 'a',
                    FunctionKind::Procedure => 'p',
                },
                set: function.set,
            });
        }
        found
    }

    /// What looks like a function and is syntax.
    fn special(&mut self, call: &Call) -> Checked<Option<Value>> {
        let mut values = || -> Checked<Vec<Value>> { call.args.iter().map(|(_, e)| self.expr(e)).collect() };
        Ok(Some(match call.name.name.as_str() {
            "coalesce" => {
                let values = values()?;
                self.common(&values, "COALESCE")?.into()
            }
            "greatest" | "least" => {
                let values = values()?;
                self.common(&values, "GREATEST")?.into()
            }
            "nullif" => {
                let values = values()?;
                if let [left, right] = values.as_slice() {
                    self.binary_operator("=", left, right)?;
                    let ty = if left.ty == Ty::UNKNOWN { Ty::TEXT } else { left.ty };
                    ty.into()
                } else {
                    Ty::ANY.into()
                }
            }
            "grouping" => {
                values()?;
                Ty::INT4.into()
            }
            "%special" => {
                values()?;
                Ty::ANY.into()
            }
            _ => return Ok(None),
        }))
    }
}

fn call_of_text_search(name: &str) -> bool {
    matches!(name, "ts_debug" | "ts_lexize" | "ts_parse" | "ts_stat" | "ts_token_type")
}

/// The types of the arguments, if so many can be given.
fn fit(args: &[Ty], min: usize, variadic: bool, count: usize, named: bool) -> Option<(Vec<Ty>, bool)> {
    if named {
        return (count <= args.len()).then(|| (vec![Ty::ANY; count], false));
    }
    if variadic && count >= args.len() {
        let (last, first) = args.split_last()?;
        let mut types = first.to_vec();
        let element = if last.array { last.element() } else { elements_of(*last) };
        types.resize(count, element);
        return Some((types, true));
    }
    (count >= min && count <= args.len()).then(|| (args.get(..count).unwrap_or_default().to_vec(), false))
}

fn elements_of(ty: Ty) -> Ty {
    match ty {
        Ty::ANYARRAY => Ty::ANYELEMENT,
        Ty::ANYCOMPATIBLEARRAY => Ty::ANYCOMPATIBLE,
        other => other,
    }
}

/// The types in the order of the call, if some arguments are named. `None`: they can't be these.
fn arrange(function: &Function, names: &[Option<&str>]) -> Option<Option<Vec<Ty>>> {
    if names.iter().all(Option::is_none) {
        return Some(None);
    }
    let inputs: Vec<_> = function.params.iter().filter(|p| !p.out || p.in_out).collect();
    let mut types = Vec::new();
    let mut given = vec![false; inputs.len()];
    for (i, name) in names.iter().enumerate() {
        let at = match name {
            None => i,
            Some(name) => inputs.iter().position(|p| p.name == *name)?,
        };
        let slot = given.get_mut(at)?;
        if std::mem::replace(slot, true) {
            return None;
        }
        types.push(inputs.get(at)?.ty);
    }
    let required = inputs.len() - function.defaults.min(inputs.len());
    given.iter().take(required).all(|given| *given).then_some(Some(types))
}
