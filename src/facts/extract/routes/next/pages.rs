//! Routes of the older router: `pages/api/**`, one default export for all methods, or a router of next-connect.

use super::METHODS;
use crate::code::walk::{Inner, each_expr, each_stmt};
use crate::code::{BinaryOp, Call, Code, Expr, FunctionAt, ModuleId, Property, Root, Stmt, SymbolId};
use crate::facts::extract::routes::follow::{
    Place, Unwrapped, exported, method_of, of_table, symbol, unwrap,
};
use crate::facts::extract::routes::made::UNKNOWN;
use crate::facts::extract::routes::{Handler, Layer, Style};

/// A method, the line, and what runs.
pub(super) type Answer<'c> = (&'static str, u32, Unwrapped<'c>);

/// What the default export of a file answers: `ANY`, unless a router of next-connect tells methods apart.
pub(super) fn of(code: &Code, id: ModuleId) -> Vec<Answer<'_>> {
    let module = code.module(id);
    let nothing = || Unwrapped { layers: Vec::new(), handler: Handler::Value(id, &UNKNOWN) };
    if module.broken.is_some() {
        return vec![("ANY", 1, nothing())];
    }
    let Some(export) = module.exports.iter().find(|export| &*export.name == "default" && !export.types_only)
    else {
        return Vec::new();
    };
    let unwrapped = match exported(code, id, "default") {
        Some(Place::Function(at)) => Unwrapped { layers: Vec::new(), handler: Handler::Function(at) },
        Some(Place::Value(at, value)) => match router(code, at, value) {
            Some(answers) => return answers,
            None => {
                let table: Vec<Answer<'_>> = METHODS
                    .iter()
                    .filter_map(|method| Some((*method, export.line, of_table(code, at, value, method)?)))
                    .collect();
                if !table.is_empty() {
                    return table;
                }
                unwrap(code, at, value)
            }
        },
        _ => nothing(),
    };
    let methods = match &unwrapped.handler {
        Handler::Function(at) => told_apart(code, *at),
        Handler::Value(..) => Vec::new(),
    };
    match methods.is_empty() {
        true => vec![("ANY", export.line, unwrapped)],
        false => methods.into_iter().map(|method| (method, export.line, unwrapped.clone())).collect(),
    }
}

/// The methods that a handler compares `req.method` with, in the order of [`METHODS`]; only where it does so with two and
/// more, or turns all others away with one.
fn told_apart(code: &Code, at: FunctionAt) -> Vec<&'static str> {
    let module = code.module(at.0);
    let function = code.function(at);
    let mut found = Vec::new();
    let mut look = |text: &Expr| {
        if let Expr::Text(text) = text {
            found.extend(METHODS.iter().copied().filter(|method| **method == **text));
        }
    };
    let about = |expr: &Expr| match expr {
        Expr::Member(member) => matches!(&member.property, Property::Named(name) if &**name == "method"),
        Expr::Name(name, _) => &**name == "method",
        _ => false,
    };
    each_stmt(module, &function.body, Inner::Skip, &mut |stmt| {
        if let Stmt::Switch { on, cases, .. } = stmt
            && about(on)
        {
            cases.iter().filter_map(|(case, _)| case.as_ref()).for_each(&mut look);
        }
    });
    each_expr(module, &function.body, Inner::Skip, &mut |expr| {
        if let Expr::Binary(BinaryOp::Equal | BinaryOp::NotEqual, sides) = expr {
            match (about(&sides[0]), about(&sides[1])) {
                (true, _) => look(&sides[1]),
                (_, true) => look(&sides[0]),
                _ => {}
            }
        }
    });
    found.retain(|method| *method != "OPTIONS" && *method != "HEAD");
    METHODS.iter().copied().filter(|method| found.contains(method)).collect()
}

/// The methods of a next-connect router, with what is put before each.
fn router<'c>(code: &'c Code, id: ModuleId, value: &'c Expr) -> Option<Vec<Answer<'c>>> {
    let (last, base) = links(value);
    let mut all = Vec::new();
    let mut made = base;
    let at = match base {
        Expr::Name(_, Some(name)) => {
            let Place::Value(at, value) = symbol(code, id, *name) else { return None };
            let (first, base) = links(value);
            made = base;
            all.extend(first.into_iter().map(|call| (at, call)));
            if at == id {
                let module = code.module(at);
                let body =
                    module.functions.first().map(|function| function.body.as_slice()).unwrap_or_default();
                all.extend(
                    body.iter().flat_map(|statement| registered(statement, *name)).map(|call| (at, call)),
                );
            }
            at
        }
        _ => id,
    };
    all.extend(last.into_iter().map(|call| (id, call)));
    if !matches!(code.denote(at, made).root, Root::Package(name) if &*name == "next-connect") {
        return None;
    }
    let mut before: Vec<Layer<'c>> = Vec::new();
    let mut answers = Vec::new();
    for (at, call) in all {
        let Some((_, name)) = method_of(call) else { continue };
        let layer = |runs| Layer { module: at, line: call.line, runs, style: Style::Express, only: None };
        // A path may come first.
        let given = || call.args.iter().filter(|arg| !matches!(arg, Expr::Text(_) | Expr::Regex(_)));
        if name == "use" {
            before.extend(given().map(layer));
            continue;
        }
        let Some(method) = method(name) else { continue };
        let given: Vec<&Expr> = given().collect();
        let Some((last, others)) = given.split_last() else { continue };
        let mut unwrapped = unwrap(code, at, last);
        let around = before.iter().cloned().chain(others.iter().map(|runs| layer(runs)));
        unwrapped.layers = around.chain(unwrapped.layers).collect();
        answers.push((method, call.line, unwrapped));
    }
    (!answers.is_empty()).then_some(answers)
}

fn method(name: &str) -> Option<&'static str> {
    Some(match name {
        "get" => "GET",
        "post" => "POST",
        "put" => "PUT",
        "patch" => "PATCH",
        "delete" => "DELETE",
        "head" => "HEAD",
        "options" => "OPTIONS",
        "all" => "ANY",
        _ => return None,
    })
}

/// The calls of a chain, the first one first, and what it begins with: a name, or the call that makes the router.
fn links(value: &Expr) -> (Vec<&Call>, &Expr) {
    let mut calls = Vec::new();
    let mut value = value;
    for _ in 0..500 {
        match value {
            Expr::Call(call) => match method_of(call) {
                Some((member, _)) => {
                    calls.push(&**call);
                    value = &member.object;
                }
                None => break,
            },
            _ => break,
        }
    }
    calls.reverse();
    (calls, value)
}

/// The calls of a statement that begins with a name: `router.use(auth).get(list)`.
fn registered(statement: &Stmt, name: SymbolId) -> Vec<&Call> {
    let Stmt::Expr(value) = statement else { return Vec::new() };
    match links(value) {
        (calls, Expr::Name(_, Some(symbol))) if *symbol == name => calls,
        _ => Vec::new(),
    }
}
