//! What is written before a route and what answers it: from values to layers and handlers.

use super::interpret::{Is, Run, Site, Value};
use super::{Handler, Layer, Style};
use crate::code::{Expr, ModuleId, Stmt};

/// Wrappers in wrappers.
const WRAPPERS: usize = 8;

/// A layer of a value. The line is that of the call that puts it there, if both are in one file.
pub fn layer<'c>(run: &Run<'c>, value: &Value<'c>, site: Site<'c>, style: Style) -> Layer<'c> {
    let (module, runs) = value.from.unwrap_or((site.module, site.expr));
    let line = if module == site.module { site.line() } else { line_of(run, module, runs).unwrap_or(site.line()) };
    Layer { module, line, runs, style, only: None }
}

/// The line of an expression, where the model knows one.
pub fn line_of(run: &Run<'_>, module: ModuleId, expr: &Expr) -> Option<u32> {
    let of = run.code.module(module);
    match expr {
        Expr::Call(call) => Some(call.line),
        Expr::Member(member) => Some(member.line),
        Expr::Function(id) => of.functions.get(id.0 as usize).map(|f| f.line),
        Expr::Class(id) => of.classes.get(id.0 as usize).map(|c| c.line),
        Expr::Name(_, Some(symbol)) => of.symbols.get(symbol.0 as usize).map(|s| s.line),
        Expr::Await(inner) | Expr::Spread(inner) => line_of(run, module, inner),
        _ => None,
    }
}

/// What answers, and the calls that it was wrapped in, outermost first.
///
/// `withAuth(handler)` is a wrapper around `handler` whatever `withAuth` is: whether it guards is for others to say.
pub fn handler<'c>(run: &Run<'c>, value: &Value<'c>, site: Site<'c>) -> (Vec<Layer<'c>>, Handler<'c>) {
    let mut wrappers = Vec::new();
    let mut value = value.clone();
    while wrappers.len() < WRAPPERS {
        let Some((module, runs @ Expr::Call(call))) = value.made else { break };
        let Some(given) = run.given(call) else { break };
        let Some(at) = given.iter().rposition(|arg| matches!(arg.is, Is::Function(_))) else { break };
        let line = if module == site.module { site.line() } else { call.line };
        let style = Style::Wrapper(u32::try_from(at).unwrap_or(u32::MAX));
        wrappers.push(Layer { module, line, runs, style, only: None });
        value = given[at].clone();
    }
    let handler = match value.is {
        Is::Function(closure) => Handler::Function(closure.at),
        _ => {
            let (module, expr) = value.from.unwrap_or((site.module, site.expr));
            Handler::Value(module, expr)
        }
    };
    (wrappers, handler)
}

/// Whether a function of the repository has a call of its parameter at `place`, without arguments: `next()`.
pub fn calls_next(run: &Run<'_>, value: &Value<'_>, place: usize) -> bool {
    let Is::Function(closure) = value.is else { return false };
    let function = run.function(closure.at);
    let Some(param) = function.params.get(place) else { return false };
    let crate::code::Pattern::Name(next) = param.pattern else { return false };
    // Steps bound this on any input.
    let mut left = 20_000_u32;
    body_calls(run, closure.at.0, &function.body, next, &mut left)
}

fn body_calls(
    run: &Run<'_>,
    module: ModuleId,
    body: &[Stmt],
    next: crate::code::SymbolId,
    left: &mut u32,
) -> bool {
    let mut statements: Vec<&Stmt> = body.iter().collect();
    let mut exprs: Vec<&Expr> = Vec::new();
    let of = run.code.module(module);
    loop {
        if *left == 0 {
            return false;
        }
        *left -= 1;
        if let Some(expr) = exprs.pop() {
            if let Expr::Call(call) = expr
                && matches!(&call.callee, Expr::Name(_, Some(symbol)) if *symbol == next)
                && call.args.is_empty()
            {
                return true;
            }
            parts(of, expr, &mut exprs, &mut statements);
        } else if let Some(statement) = statements.pop() {
            match statement {
                Stmt::Let(_, value) => exprs.extend(value.and_then(|v| of.values.get(v.0 as usize))),
                Stmt::Expr(expr) | Stmt::Throw(expr, _) => exprs.push(expr),
                Stmt::Return(expr, _) => exprs.extend(expr),
                Stmt::If { test, then, otherwise, .. } => {
                    exprs.push(test);
                    statements.extend(then);
                    statements.extend(otherwise);
                }
                Stmt::Try { body, handler, finally, .. } => {
                    statements.extend(body);
                    statements.extend(handler.iter().flatten());
                    statements.extend(finally);
                }
                Stmt::Loop { head, body, .. } => {
                    exprs.extend(head);
                    statements.extend(body);
                }
                Stmt::Switch { on, cases, .. } => {
                    exprs.push(on);
                    statements.extend(cases.iter().flat_map(|(_, body)| body));
                }
                Stmt::Block(body) => statements.extend(body),
                Stmt::Break | Stmt::Continue => {}
            }
        } else {
            return false;
        }
    }
}

/// The parts of an expression, functions in it with all that they do.
fn parts<'a>(
    of: &'a crate::code::Module,
    expr: &'a Expr,
    exprs: &mut Vec<&'a Expr>,
    statements: &mut Vec<&'a Stmt>,
) {
    match expr {
        Expr::Member(member) => exprs.push(&member.object),
        Expr::Call(call) => {
            exprs.push(&call.callee);
            exprs.extend(&call.args);
        }
        Expr::Await(inner) | Expr::Spread(inner) | Expr::Not(inner) | Expr::TypeOf(inner) => exprs.push(inner),
        Expr::Function(id) => statements.extend(of.functions.get(id.0 as usize).into_iter().flat_map(|f| &f.body)),
        Expr::List(items) | Expr::Other(items) | Expr::Template(_, items) => exprs.extend(items),
        Expr::Binary(_, sides) | Expr::Logical(_, sides) => exprs.extend(sides.iter()),
        Expr::Conditional(sides) => exprs.extend(sides.iter()),
        Expr::Assign(assign) => exprs.push(&assign.value),
        Expr::Object(entries) => exprs.extend(entries.iter().map(|entry| match entry {
            crate::code::Entry::Pair(_, value) | crate::code::Entry::Spread(value) => value,
        })),
        _ => {}
    }
}

/// The paths that a first argument gives: a text, a regular expression, or a list of such. `None` if it is none.
pub fn paths(run: &Run<'_>, value: &Value<'_>) -> Option<Vec<super::tree::Path>> {
    use super::tree::Path;
    let one = |value: &Value<'_>| match &value.is {
        Is::Text(text) => Some(Path::Text(text.to_string())),
        Is::Regex(regex) => Some(Path::Regex(regex.to_string())),
        // A text that can't be told is one still.
        Is::Unknown => match value.from {
            Some((_, Expr::Template(..) | Expr::Binary(crate::code::BinaryOp::Add, _))) => {
                Some(Path::Text("{?}".to_owned()))
            }
            _ => None,
        },
        _ => None,
    };
    match value.is {
        Is::List(_) => {
            let all: Option<Vec<Path>> = run.flat(value).iter().map(one).collect();
            all.filter(|all| !all.is_empty())
        }
        _ => one(value).map(|path| vec![path]),
    }
}

/// The texts of a text or a list of such.
pub fn texts(run: &Run<'_>, value: &Value<'_>) -> Vec<String> {
    run.flat(value).iter().filter_map(|v| v.text().map(|t| t.to_string())).collect()
}
