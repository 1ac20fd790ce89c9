//! What is written before a route and what answers it: from values to layers and handlers.

use super::interpret::{Is, Run, Site, Value};
use super::{Handler, Layer, Style};
use crate::code::walk::{Inner, each_expr};
use crate::code::{Expr, ModuleId};

/// Wrappers in wrappers.
const WRAPPERS: usize = 8;

/// A layer of a value. The line is that of the call that puts it there, if both are in one file.
pub fn layer<'c>(run: &Run<'c>, value: &Value<'c>, site: Site<'c>, style: Style) -> Layer<'c> {
    let (module, runs) = value.from.unwrap_or((site.module, site.expr));
    let line =
        if module == site.module { site.line() } else { line_of(run, module, runs).unwrap_or(site.line()) };
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
    let mut found = false;
    let module = run.code.module(closure.at.0);
    each_expr(module, &function.body, Inner::Enter, &mut |expr| {
        if let Expr::Call(call) = expr {
            found |=
                call.args.is_empty() && matches!(call.callee, Expr::Name(_, Some(symbol)) if symbol == next);
        }
    });
    found
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
