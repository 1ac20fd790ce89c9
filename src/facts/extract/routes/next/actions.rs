//! Server actions: functions that the browser may call by their id, whatever page they are meant for.
//!
//! A request for an action goes to the address of a page, and middleware sees that address. Which pages that are can't be
//! told, and any page will do, so no middleware is a layer of an action.

use std::collections::BTreeSet;

use crate::code::{Code, Export, ExportOf, Expr, FunctionAt, FunctionId, Module, ModuleId, Stmt};
use crate::facts::extract::routes::follow::{
    LAST_OF_CHAIN, Place, Unwrapped, exported, method_of, symbol, unwrap, written,
};
use crate::facts::extract::routes::made::Made;
use crate::facts::extract::routes::{Declared, Gate, Handler};

const DIRECTIVE: &str = "use server";

/// The actions of a module: what it exports if it says `'use server'` at its top, and every function that says so.
pub(super) fn of<'c>(code: &'c Code, made: &'c Made, id: ModuleId) -> Vec<Declared<'c>> {
    let module = code.module(id);
    let mut actions = Vec::new();
    let mut known: BTreeSet<FunctionAt> = BTreeSet::new();
    if module.directives.iter().any(|directive| &**directive == DIRECTIVE) {
        for export in module.exports.iter().filter(|export| !export.types_only && &*export.name != "*") {
            let Some(unwrapped) = action(code, made, id, module, export) else { continue };
            if let Handler::Function(at) = unwrapped.handler {
                known.insert(at);
            }
            let name = match (&*export.name, &unwrapped.handler) {
                ("default", Handler::Function(at)) if !code.function(*at).name.is_empty() => {
                    code.function(*at).name.to_string()
                }
                (name, _) => name.to_owned(),
            };
            // `export { save }` at the end of the file: the action is where it is declared.
            let line = match &export.of {
                ExportOf::Symbol(symbol) => match module.symbols[symbol.0 as usize].is {
                    crate::code::Binding::Import(_) => export.line,
                    _ => module.symbols[symbol.0 as usize].line,
                },
                _ => export.line,
            };
            actions.push(declared(id, name, line, unwrapped));
        }
    }
    for (number, function) in (0..).zip(&module.functions) {
        let at = (id, FunctionId(number));
        if function.directives.iter().any(|directive| &**directive == DIRECTIVE) && known.insert(at) {
            let name = if function.name.is_empty() { "inline action" } else { &function.name };
            // Whatever wraps it wraps what the page calls, not what a request reaches.
            let unwrapped = Unwrapped { layers: Vec::new(), handler: Handler::Function(at) };
            actions.push(declared(id, name.to_owned(), function.line, unwrapped));
        }
    }
    actions
}

fn declared(module: ModuleId, path: String, line: u32, unwrapped: Unwrapped<'_>) -> Declared<'_> {
    Declared {
        framework: "next",
        kind: "action",
        method: "ACTION".to_owned(),
        path,
        module,
        line,
        layers: unwrapped.layers,
        handler: unwrapped.handler,
        gate: Gate::None,
    }
}

/// What an export of a `'use server'` file runs, if it is an async function. Next.js refuses anything else.
fn action<'c>(
    code: &'c Code,
    made: &'c Made,
    id: ModuleId,
    module: &'c Module,
    export: &'c Export,
) -> Option<Unwrapped<'c>> {
    match exported(code, id, &export.name).unwrap_or(Place::Elsewhere) {
        Place::Function(at) => code
            .function(at)
            .is_async
            .then(|| Unwrapped { layers: Vec::new(), handler: Handler::Function(at) }),
        Place::Value(at, value) => {
            let unwrapped = unwrap(code, at, value);
            let is_action = match &unwrapped.handler {
                Handler::Function(at) => code.function(*at).is_async,
                Handler::Value(at, value) => makes_function(code, *at, value),
            };
            is_action.then_some(unwrapped)
        }
        // A part of what a call returns (`export const { signIn } = NextAuth(…)`), or what a package exports. That
        // it is anything else would not build.
        Place::Symbol(at, symbol) => {
            let name = &code.module(at).symbols[symbol.0 as usize].name;
            Some(Unwrapped { layers: Vec::new(), handler: Handler::Value(at, made.name(name, symbol)) })
        }
        Place::Elsewhere => {
            let value = match &export.of {
                ExportOf::Symbol(symbol) => made.name(&module.symbols[symbol.0 as usize].name, *symbol),
                ExportOf::From { specifier, name } => made.import(specifier, name),
                ExportOf::Value(value) => value,
            };
            Some(Unwrapped { layers: Vec::new(), handler: Handler::Value(id, value) })
        }
    }
}

/// Whether a call makes an action although no handler was found in it: it ends the chain of a builder, or what it calls
/// is a function of the repository that returns one.
fn makes_function(code: &Code, module: ModuleId, value: &Expr) -> bool {
    let Expr::Call(call) = value else { return false };
    if method_of(call).is_some_and(|(_, name)| LAST_OF_CHAIN.contains(&name)) {
        return true;
    }
    let (at, callee) = written(code, module, &call.callee);
    let function = match callee {
        Expr::Function(function) => (at, *function),
        Expr::Name(_, Some(id)) => match symbol(code, at, *id) {
            Place::Function(at) => at,
            _ => return false,
        },
        _ => return false,
    };
    code.function(function).body.iter().any(|statement| {
        matches!(statement, Stmt::Return(Some(Expr::Function(inner)), _)
            if code.function((function.0, *inner)).is_async)
    })
}
