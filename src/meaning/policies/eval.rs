//! What an expression is, for who is calling.

use std::collections::HashMap;

use super::names::is_role;
use super::scope::{At, Scope};
use super::truth::{Ties, Truth};
use crate::schema::Catalogue;
use crate::schema::sql::{Call, Expr, IsTest, QName, Quantified};

/// Who is calling the Data API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caller {
    /// Whoever has the public key.
    Anonymous,
    /// Somebody who signed up a minute ago.
    SignedIn,
}

impl Caller {
    /// Their role in the database.
    pub fn role(self) -> &'static str {
        match self {
            Caller::Anonymous => "anon",
            Caller::SignedIn => "authenticated",
        }
    }
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar {
    Null,
    /// The id, the e-mail of who is calling.
    Uid,
    /// A part of their token.
    Claim(Vec<String>),
    Const(String),
    Column(At),
    /// The first folder of the path in a column.
    Folder(At),
    /// What a subquery finds: a column of a row for which something holds.
    Found(Truth, String),
    /// A setting of the connection.
    Setting,
    /// A truth as a value.
    Bool(Truth),
    Unknown,
}

/// How deep expressions, subqueries and functions are followed.
const DEEPEST: usize = 40;

/// Goes through expressions.
#[derive(Clone)]
pub(super) struct Eval<'a> {
    pub scope: Scope<'a>,
    pub caller: Caller,
    /// What the parameters of the function are whose body it is.
    pub params: HashMap<String, Scalar>,
    /// How deep it is.
    pub deep: usize,
    /// The functions whose bodies it is in.
    pub within: Vec<u32>,
    /// The tables whose policies it is in.
    pub tables: Vec<u32>,
    /// Whether it runs with the rights of an owner, whom no policy stops.
    pub as_owner: bool,
}

impl<'a> Eval<'a> {
    pub fn cat(&self) -> &'a Catalogue {
        self.scope.cat
    }

    fn deeper(&self) -> Option<Self> {
        (self.deep < DEEPEST).then(|| Self { deep: self.deep + 1, ..self.clone() })
    }

    /// When it is true.
    pub fn truth(&self, expr: &Expr) -> Truth {
        let Some(this) = self.deeper() else { return Truth::when(Ties::UNKNOWN) };
        this.truth_of(expr)
    }

    fn truth_of(&self, expr: &Expr) -> Truth {
        match expr {
            Expr::Bool(value) => Truth::of(*value),
            Expr::Null => Truth::never(),
            Expr::Text(text) => Truth::of(matches!(text.as_str(), "t" | "true" | "1" | "yes" | "on")),
            Expr::Binary(op, left, right) => match op.as_str() {
                "and" => self.truth(left).and(&self.truth(right)),
                "or" => self.truth(left).or(self.truth(right)),
                "=" => self.equal(&self.scalar(left), &self.scalar(right)),
                "<>" | "!=" => self.unequal(&self.scalar(left), &self.scalar(right)),
                _ => self.other(&self.scalar(left), &self.scalar(right)),
            },
            Expr::Unary(op, inner) if op == "not" => self.truth(inner).negated(),
            Expr::Cast(inner, _) | Expr::Collate(inner) => self.truth(inner),
            Expr::Is { expr, negated, test } => self.is(expr, *negated, test),
            Expr::In { expr, negated, list } => {
                let left = self.scalar(expr);
                let each = list.iter().map(|item| self.equal(&left, &self.scalar(item)));
                let any = each.fold(Truth::never(), Truth::or);
                if *negated { self.other(&left, &Scalar::Const(String::new())) } else { any }
            }
            Expr::InQuery { expr, negated, query } => {
                let found = self.found(query);
                let truth = self.equal(&self.scalar(expr), &found);
                if *negated { truth.negated() } else { truth }
            }
            Expr::Quantified(quantified) => self.quantified(quantified),
            Expr::Between { expr, .. } => self.other(&self.scalar(expr), &Scalar::Const(String::new())),
            Expr::Case { whens, otherwise, .. } => {
                let each = whens.iter().map(|(when, then)| self.truth(when).and(&self.truth(then)));
                let rest = otherwise.as_ref().map_or_else(Truth::never, |rest| self.truth(rest));
                each.fold(rest, Truth::or)
            }
            Expr::Exists(query) => self.rows(query).exists(self.is_nested()),
            Expr::Call(_) | Expr::Column(_) | Expr::Subquery(_) | Expr::Field(..) | Expr::Index(..) => {
                self.as_truth(self.scalar(expr))
            }
            _ => Truth::when(Ties::UNKNOWN),
        }
    }

    /// A value, asked whether it is true.
    fn as_truth(&self, value: Scalar) -> Truth {
        match value {
            Scalar::Bool(truth) => truth,
            Scalar::Null => Truth::never(),
            Scalar::Const(text) => Truth::of(matches!(text.as_str(), "t" | "true" | "1")),
            value => self.equal(&value, &Scalar::Const("true".to_owned())),
        }
    }

    /// Whether it is in a subquery of a policy.
    pub fn is_nested(&self) -> bool {
        self.scope.below() > 1
    }

    fn is(&self, expr: &Expr, negated: bool, test: &IsTest) -> Truth {
        match test {
            IsTest::Null => {
                let truth = match self.scalar(expr) {
                    Scalar::Null => Truth::always(),
                    Scalar::Uid | Scalar::Const(_) => Truth::never(),
                    // Whether there is a row.
                    Scalar::Found(rows, _) => {
                        return if negated {
                            rows.exists(self.is_nested())
                        } else {
                            Truth::when(Ties::UNKNOWN)
                        };
                    }
                    Scalar::Column(at) if self.is_never_null(&at) => Truth::never(),
                    Scalar::Column(at) | Scalar::Folder(at) => return Truth::when(self.tested(&at, false)),
                    Scalar::Claim(path) => return self.claim(&path),
                    Scalar::Setting => return Truth::when(Ties::SETTING),
                    Scalar::Bool(_) | Scalar::Unknown => return Truth::when(Ties::UNKNOWN),
                };
                if negated { truth.negated() } else { truth }
            }
            IsTest::Bool(Some(value)) => {
                let truth = self.truth(expr);
                if *value != negated { truth } else { truth.negated() }
            }
            IsTest::DistinctFrom(other) => {
                let equal = self.equal(&self.scalar(expr), &self.scalar(other));
                if negated { equal } else { equal.negated() }
            }
            _ => Truth::when(Ties::UNKNOWN),
        }
    }

    fn is_never_null(&self, at: &At) -> bool {
        let frame = self.scope.frames.iter().find(|frame| frame.depth == at.depth && frame.alias == at.alias);
        let column = frame.and_then(|frame| frame.relation).and_then(|relation| relation.column(&at.column));
        column.is_some_and(|column| column.not_null)
    }

    fn quantified(&self, quantified: &Quantified) -> Truth {
        let left = self.scalar(&quantified.left);
        let one = |right: &Scalar| match quantified.op.as_str() {
            "=" => self.equal(&left, right),
            _ => self.other(&left, right),
        };
        match &quantified.right {
            Expr::Array(items) if !quantified.all => {
                items.iter().map(|item| one(&self.scalar(item))).fold(Truth::never(), Truth::or)
            }
            Expr::Subquery(query) | Expr::ArrayQuery(query) if !quantified.all => one(&self.found(query)),
            right if !quantified.all => one(&self.scalar(right)),
            _ => Truth::when(Ties::UNKNOWN),
        }
    }

    /// What holds where a column has a value that the policy names.
    pub fn tested(&self, at: &At, named: bool) -> Ties {
        match at.depth {
            0 => Ties::MARK,
            _ if named && is_role(&at.column) => Ties::ROLE,
            _ => Ties::INNER_TEST,
        }
    }

    /// What it is.
    pub fn scalar(&self, expr: &Expr) -> Scalar {
        let Some(this) = self.deeper() else { return Scalar::Unknown };
        this.scalar_of(expr)
    }

    fn scalar_of(&self, expr: &Expr) -> Scalar {
        match expr {
            Expr::Null => Scalar::Null,
            Expr::Bool(value) => Scalar::Const(value.to_string()),
            Expr::Text(text) | Expr::Number(text) => Scalar::Const(text.clone()),
            Expr::Column(parts) => {
                // A parameter hides behind a column of its name.
                if let Some(at) = self.scope.find(parts) {
                    return Scalar::Column(at);
                }
                let known = parts.last().and_then(|name| self.params.get(name));
                known.cloned().unwrap_or(Scalar::Unknown)
            }
            Expr::Param(at) => self.params.get(&format!("${at}")).cloned().unwrap_or(Scalar::Unknown),
            Expr::Keyword(name) => match name.as_str() {
                "current_user" | "user" | "current_role" | "session_user" => {
                    Scalar::Const(self.caller.role().to_owned())
                }
                name => Scalar::Const(name.to_owned()),
            },
            Expr::Cast(inner, _) | Expr::Collate(inner) => self.scalar(inner),
            Expr::Call(call) => self.call(call),
            Expr::Binary(op, left, right) if matches!(op.as_str(), "->" | "->>" | "#>" | "#>>") => {
                match (self.scalar(left), self.scalar(right)) {
                    (Scalar::Claim(mut path), Scalar::Const(key)) => {
                        let keys = key.trim_matches(['{', '}']).split(',').map(str::to_owned);
                        path.extend(keys);
                        self.claim_value(path)
                    }
                    (Scalar::Column(at), _) => Scalar::Column(at),
                    (Scalar::Null, _) => Scalar::Null,
                    (Scalar::Setting, _) => Scalar::Setting,
                    _ => Scalar::Unknown,
                }
            }
            Expr::Binary(op, left, right) if op == "||" => match (self.scalar(left), self.scalar(right)) {
                (Scalar::Const(a), Scalar::Const(b)) => Scalar::Const(a + &b),
                (Scalar::Null, _) | (_, Scalar::Null) => Scalar::Null,
                (value, Scalar::Const(_)) | (Scalar::Const(_), value) => value,
                _ => Scalar::Unknown,
            },
            Expr::Subquery(query) => self.found(query),
            Expr::Index(inner, false, _) | Expr::Field(inner, _) => self.scalar(inner),
            Expr::Case { whens, otherwise, .. } => {
                let mut all =
                    whens.iter().map(|(_, then)| then).chain(otherwise.as_deref()).map(|e| self.scalar(e));
                match (all.next(), all.next()) {
                    (Some(one), None) => one,
                    _ => Scalar::Bool(self.truth_of(expr)),
                }
            }
            Expr::Binary(op, ..) if is_question(op) => Scalar::Bool(self.truth(expr)),
            Expr::Unary(op, _) if op == "not" => Scalar::Bool(self.truth(expr)),
            Expr::Is { .. }
            | Expr::In { .. }
            | Expr::InQuery { .. }
            | Expr::Exists(_)
            | Expr::Quantified(_) => Scalar::Bool(self.truth(expr)),
            _ => Scalar::Unknown,
        }
    }

    fn call(&self, call: &Call) -> Scalar {
        let args: Vec<Scalar> = call.args.iter().map(|(_, arg)| self.scalar(arg)).collect();
        let schema = call.name.schema.as_deref().unwrap_or("");
        let first = || args.first().cloned().unwrap_or(Scalar::Unknown);
        match (schema, call.name.name.as_str()) {
            ("auth", "uid") => self.signed_in(Scalar::Uid),
            ("auth", "email") => self.claim_value(vec!["email".to_owned()]),
            ("auth", "role") => Scalar::Const(self.caller.role().to_owned()),
            ("auth", "jwt") => Scalar::Claim(Vec::new()),
            ("", "current_setting") => self.setting(&first()),
            ("", "coalesce") => {
                let mut rest = args.iter().filter(|arg| !matches!(arg, Scalar::Null));
                match (rest.next(), rest.next()) {
                    (None, _) => Scalar::Null,
                    // What stands in for a missing value.
                    (Some(one), None | Some(Scalar::Const(_))) => one.clone(),
                    _ => Scalar::Unknown,
                }
            }
            (
                "",
                "nullif" | "lower" | "upper" | "trim" | "btrim" | "text" | "uuid" | "to_jsonb" | "ltrim"
                | "rtrim" | "any_value" | "max" | "min",
            ) => first(),
            ("", "now" | "clock_timestamp" | "statement_timestamp") => Scalar::Const("now".to_owned()),
            ("storage", "foldername" | "filename") | ("", "split_part" | "string_to_array") => {
                match first() {
                    Scalar::Column(at) => Scalar::Folder(at),
                    other => other,
                }
            }
            ("", "array_length" | "cardinality" | "length" | "char_length") => first(),
            ("", "exists") => Scalar::Unknown,
            _ => self.helper(&call.name, call, &args),
        }
    }

    fn signed_in(&self, value: Scalar) -> Scalar {
        match self.caller {
            Caller::Anonymous => Scalar::Null,
            Caller::SignedIn => value,
        }
    }

    /// `current_setting('request.jwt.claims', true)`.
    fn setting(&self, name: &Scalar) -> Scalar {
        let Scalar::Const(name) = name else { return Scalar::Setting };
        match name.as_str() {
            "request.jwt.claims" => Scalar::Claim(Vec::new()),
            "role" => Scalar::Const(self.caller.role().to_owned()),
            name => match name.strip_prefix("request.jwt.claim.") {
                Some(claim) => self.claim_value(vec![claim.to_owned()]),
                None => Scalar::Setting,
            },
        }
    }

    /// A part of the token: what everybody's has is known.
    fn claim_value(&self, path: Vec<String>) -> Scalar {
        match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["sub"] => self.signed_in(Scalar::Uid),
            ["role"] => Scalar::Const(self.caller.role().to_owned()),
            ["is_anonymous"] => Scalar::Const("false".to_owned()),
            ["email" | "phone"] => self.signed_in(Scalar::Claim(path)),
            _ => self.signed_in(Scalar::Claim(path)),
        }
    }

    /// What it says that a claim is there, or has some value.
    pub fn claim(&self, path: &[String]) -> Truth {
        let ties = match path.first().map(String::as_str) {
            _ if self.caller == Caller::Anonymous => return Truth::never(),
            None => return Truth::always(),
            Some("user_metadata" | "raw_user_meta_data") => Ties::CLAIM,
            Some("aal" | "amr" | "session_id") => return Truth::always(),
            Some(_) => Ties::ROLE,
        };
        Truth::when(ties)
    }

    /// The schemas in which names without one are looked for.
    pub fn path(&self) -> Vec<String> {
        ["public", "extensions", "auth"].map(str::to_owned).to_vec()
    }

    /// A relation, by name.
    pub fn relation(&self, name: &QName) -> Option<&'a crate::schema::catalogue::Relation> {
        self.cat().relation(name, &self.path())
    }
}

fn is_question(op: &str) -> bool {
    matches!(
        op,
        "and"
            | "or"
            | "="
            | "<>"
            | "!="
            | "<"
            | ">"
            | "<="
            | ">="
            | "~~"
            | "~~*"
            | "!~~"
            | "@>"
            | "<@"
            | "&&"
            | "?"
            | "~"
            | "~*"
    )
}
