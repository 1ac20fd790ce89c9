//! Functions of the repository's own, run for what they do to the catalogue.

use super::query::Scope;
use super::run::Frame;
use super::value::Value;
use crate::schema::catalogue::{FunctionKind, Oid, Ty};
use crate::schema::check::{Checked, Fault};
use crate::schema::parse;
use crate::schema::replay::Session;
use crate::schema::sql::{Call, DropKind, Expr, FunctionSignature, QName, Query, Statement};

impl Session {
    /// A function, run for what it does to the catalogue.
    pub(in crate::schema) fn run_function(&mut self, oid: Oid, args: Vec<Value>) -> Checked<()> {
        let Some(function) = self.cat.functions.get(&oid).cloned() else { return Ok(()) };
        if !matters(&function.body) {
            return Ok(());
        }
        let path = self.path.clone();
        if let Some(own) = function.settings.get("search_path") {
            self.path = own
                .split(',')
                .map(|s| s.trim().trim_matches('"').to_owned())
                .filter(|s| !s.is_empty())
                .collect();
        }
        let line = std::mem::replace(&mut self.body_line, self.place.line);
        let result = match function.language.as_str() {
            "plpgsql" => self.parsed(&function.body).and_then(|block| {
                let mut frame = Frame { variables: Vec::new(), params: args.clone() };
                let inputs = function.params.iter().filter(|p| !p.out || p.in_out);
                for (i, param) in inputs.enumerate() {
                    let value = args.get(i).cloned().unwrap_or(Value::Unknown);
                    frame.variables.push((param.name.clone(), value, param.ty));
                }
                for param in function.params.iter().filter(|p| p.out && !p.in_out) {
                    frame.variables.push((param.name.clone(), Value::Null, param.ty));
                }
                self.nested(|s| s.block(&block, &mut frame)).map(|_| ())
            }),
            "sql" => parse::body(&function.body).and_then(|statements| {
                statements
                    .iter()
                    .filter(|s| !matches!(s, Statement::Query(_) | Statement::Data(_)))
                    .try_for_each(|s| self.nested(|session| session.run(s)))
            }),
            _ => Ok(()),
        };
        self.body_line = line;
        self.path = path;
        result
    }

    /// `call`
    pub(in crate::schema) fn call_procedure(&mut self, name: &QName, args: &[Expr]) -> Checked<()> {
        let named = self.cat.functions_named(name, &self.path);
        let found = named.iter().find(|f| f.kind == FunctionKind::Procedure && f.params.len() >= args.len());
        match found.map(|f| f.oid) {
            Some(oid) => {
                let scope = Scope::default();
                let mut values = Vec::new();
                for arg in args {
                    values.push(self.evaluate(arg, &scope)?);
                }
                self.run_function(oid, values)
            }
            None => Err(Fault::new("42883", format!("procedure {name} does not exist"))),
        }
    }

    /// What calling a function of the repository's own changes.
    pub(in crate::schema) fn called_effects(&mut self, call: &Call) -> Checked<()> {
        self.call_effects_in(call, &Scope::default())
    }

    pub(super) fn call_effects_in(&mut self, call: &Call, scope: &Scope<'_>) -> Checked<()> {
        if call.name.schema.as_deref() == Some("cron")
            || call.name.schema.as_deref() == Some("pgmq")
            || call.name.name == "set_config"
        {
            let mut plain = call.clone();
            for (_, arg) in &mut plain.args {
                if let Value::Text(text) = self.evaluate(arg, scope)? {
                    *arg = Expr::Text(text);
                }
            }
            return self.effects(&Expr::Call(Box::new(plain)));
        }
        let signature = FunctionSignature { name: call.name.clone(), params: None };
        let found = match self.find_function(&signature, DropKind::Routine) {
            Ok(oid) => Some(oid),
            Err(_) => {
                let named = self.cat.functions_named(&call.name, &self.path);
                named.iter().find(|f| f.args.len() == call.args.len()).map(|f| f.oid)
            }
        };
        let Some(oid) = found else { return Ok(()) };
        let mine = self.cat.functions.get(&oid).is_some_and(|f| {
            f.declared.is_some() && f.extension.is_none() && f.returns != Ty::TRIGGER && matters(&f.body)
        });
        if !mine {
            return Ok(());
        }
        let mut values = Vec::new();
        for (_, arg) in &call.args {
            values.push(self.evaluate(arg, scope)?);
        }
        self.run_function(oid, values)
    }
}

/// Whether a body can change the catalogue.
fn matters(body: &str) -> bool {
    let lower = body.to_ascii_lowercase();
    ["create ", "alter ", "drop ", "grant ", "revoke ", "execute", "cron.", "pgmq.", "storage.buckets"]
        .iter()
        .any(|word| lower.contains(word))
}

impl Session {
    /// Whether a query gives rows, so that the functions in its select list are called at all.
    pub(in crate::schema) fn takes_place(&mut self, query: &Query) -> Checked<bool> {
        let crate::schema::sql::QueryBody::Select(select) = &query.body else { return Ok(true) };
        if select.from.is_empty() && select.condition.is_none() {
            return Ok(true);
        }
        let mut asked = query.clone();
        if let crate::schema::sql::QueryBody::Select(select) = &mut asked.body {
            select.targets =
                vec![crate::schema::sql::Target { expr: Expr::Number("1".to_owned()), alias: None }];
        }
        asked.order.clear();
        let rows = self.rows(&asked, &Scope::default())?;
        Ok(!rows.rows.is_empty())
    }
}
