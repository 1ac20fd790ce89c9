//! Functions that policies call: `is_admin()`, `has_role(auth.uid(), 'admin')`, `current_company_id()`.

use super::eval::{Eval, Scalar};
use super::scope::Frame;
use super::text::Step;
use super::truth::{Ties, Truth};
use crate::schema::catalogue::{Function, Ty};
use crate::schema::sql::{Call, Expr, FunctionBody, QName, Query, Statement};

/// How deep functions may call each other.
const DEEPEST: usize = 6;

impl Eval<'_> {
    /// What a function of the database gives.
    pub(super) fn helper(&self, name: &QName, call: &Call, args: &[Scalar]) -> Scalar {
        let path = self.path();
        let named = self.cat().functions_named(name, &path);
        let takes = |function: &&&Function| {
            args.len() <= function.args.len() && args.len() + function.defaults >= function.args.len()
        };
        let Some(function) = named.iter().find(takes) else { return Scalar::Unknown };
        if self.within.len() >= DEEPEST || self.within.contains(&function.oid) {
            return Scalar::Unknown;
        }
        let mut inner = self.clone();
        inner.within.push(function.oid);
        inner.as_owner |= function.security_definer;
        inner.params.clear();
        // A function sees its own tables alone.
        let nested = self.is_nested();
        inner.scope.frames = (0..=usize::from(nested)).map(Frame::nothing).collect();
        for (at, param) in function.params.iter().filter(|param| !param.out).enumerate() {
            let given =
                call.args.iter().position(|(name, _)| name.as_deref() == Some(&param.name)).unwrap_or(at);
            let default = || {
                let declared = function
                    .declared
                    .as_ref()?
                    .params
                    .iter()
                    .find(|one| one.name.as_deref() == Some(&param.name));
                declared?.default.as_ref().map(|value| self.scalar(value))
            };
            if let Some(value) = args.get(given).cloned().or_else(default) {
                inner.params.insert(param.name.clone(), value.clone());
                inner.params.insert(format!("${}", at + 1), value);
            }
        }
        match body(function) {
            Some(Body::Rows(query)) => handed(inner.found(&query)),
            Some(Body::Steps(steps)) => handed(inner.returned(steps, function.returns == Ty::BOOL)),
            None => Scalar::Unknown,
        }
    }

    /// What a body in PL/pgSQL returns.
    fn returned(mut self, steps: Vec<Step>, is_bool: bool) -> Scalar {
        // What holds where the next step is reached.
        let mut here = Truth::always();
        let mut all = Truth::never();
        let mut plain = true;
        for step in steps {
            match step {
                Step::Let(name, query) => {
                    let value = self.found(&query);
                    self.params.insert(name, value);
                }
                Step::Return(conditions, value) => {
                    let met = |(condition, met): &(Expr, bool)| {
                        let truth = self.truth(condition);
                        if *met { truth } else { truth.negated() }
                    };
                    let under = conditions.iter().fold(here.clone(), |all, one| all.and(&met(one)));
                    if value == Expr::Default {
                        here = under;
                        plain = false;
                        continue;
                    }
                    // One value, whatever holds.
                    if plain && conditions.is_empty() {
                        return match self.scalar(&value) {
                            Scalar::Unknown => Scalar::Bool(self.truth(&value)),
                            value => value,
                        };
                    }
                    plain = false;
                    all = all.or(match is_bool {
                        true => under.and(&self.truth(&value)),
                        // It gives something where there is something to give.
                        false => match self.scalar(&value) {
                            Scalar::Found(rows, _) => under.and(&rows),
                            Scalar::Null => Truth::never(),
                            Scalar::Unknown => under.and(&Truth::when(Ties::UNKNOWN)),
                            _ => under,
                        },
                    });
                    if conditions.is_empty() {
                        break;
                    }
                }
            }
        }
        if is_bool { Scalar::Bool(all) } else { Scalar::Found(all, String::new()) }
    }
}

/// What a function hands to its caller: its own columns are none of theirs.
fn handed(value: Scalar) -> Scalar {
    match value {
        Scalar::Column(_) | Scalar::Folder(_) => Scalar::Unknown,
        value => value,
    }
}

enum Body {
    Rows(Query),
    Steps(Vec<Step>),
}

/// What a function returns, where its body says that in one expression.
fn body(function: &Function) -> Option<Body> {
    if let Some(declared) = &function.declared
        && let FunctionBody::Sql(statements) = &declared.body
        && let [Statement::Query(query)] = statements.as_slice()
    {
        return Some(Body::Rows(query.clone()));
    }
    match function.language.as_str() {
        "sql" => match super::text::queries(&function.body).as_slice() {
            [query] => Some(Body::Rows(query.clone())),
            _ => None,
        },
        "plpgsql" => super::text::steps(&function.body).map(Body::Steps),
        _ => None,
    }
}
