//! Metadata that decorators put on routes and guards read: `@Public()` is a decorator that calls
//! `SetMetadata(key, true)`, and a guard that finds the key lets the request pass
//! (https://docs.nestjs.com/recipes/passport#enable-authentication-globally).

use super::super::Layer;
use super::super::interpret::{Is, Run, Value};
use super::ClassAt;
use super::decorators::Decorator;
use crate::code::walk::{Inner, each_expr, each_stmt};
use crate::code::{Expr, LogicalOp, Module, ModuleId, Pattern, Property, Stmt, SymbolId};

/// What of a guard's metadata means for requests to a route that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// Marked routes are let pass.
    OptOut,
    /// Only marked routes are guarded.
    OptIn,
    /// It is read, and how it decides can't be told.
    Somehow,
}

/// A mark on a route: its key, and whether it is nothing but a mark.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    key: String,
    is_flag: bool,
}

/// The marks on a route, those of its class included.
pub(super) fn marks(_: &Run<'_>, class: &[Decorator<'_>], own: &[Decorator<'_>]) -> Vec<Mark> {
    let mut out = Vec::new();
    for decorator in class.iter().chain(own).filter(|d| d.is("@nestjs/common", "SetMetadata")) {
        let Some(key) = decorator.args.first().and_then(Value::text) else { continue };
        let is_flag = matches!(decorator.args.get(1).map(|v| &v.is), None | Some(Is::Bool(true)));
        out.push(Mark { key: key.to_string(), is_flag });
    }
    out
}

/// A guard on a route with these marks.
pub(super) fn marked<'c>(run: &mut Run<'c>, mut guard: Layer<'c>, marks: &[Mark]) -> Layer<'c> {
    let Some(class) = class_of(run, &guard) else { return guard };
    for (key, reads) in keys(run, class) {
        let mark = marks.iter().find(|mark| mark.key == key);
        let only = match (mark, reads) {
            (Some(_), Reads::OptOut) => format!("the route is marked `{key}`"),
            (Some(mark), Reads::Somehow) if mark.is_flag => format!("the route is marked `{key}`"),
            (None, Reads::OptIn) => format!("the route is not marked `{key}`"),
            _ => continue,
        };
        guard.only.get_or_insert(only);
    }
    guard
}

fn class_of<'c>(run: &mut Run<'c>, guard: &Layer<'c>) -> Option<ClassAt> {
    match run.value_in(guard.module, guard.runs).is {
        Is::Class(module, class) => Some((module, class)),
        Is::Object(id) => run.class_of_object(id),
        _ => None,
    }
}

/// The keys that a guard reads, and how.
fn keys<'c>(run: &mut Run<'c>, class: ClassAt) -> Vec<(String, Reads)> {
    let mut out = Vec::new();
    for class in run.ancestors(class) {
        for method in &run.class(class).methods {
            let code: &'c crate::code::Code = run.code;
            let module = code.module(class.0);
            let Some(function) = module.functions.get(method.function.0 as usize) else { continue };
            let mut reads: Vec<&'c Expr> = Vec::new();
            each_expr(module, &function.body, Inner::Enter, &mut |expr| {
                if reads.len() < 16 && is_reading(expr) {
                    reads.push(expr);
                }
            });
            for read in reads {
                let Expr::Call(call) = read else { continue };
                let Some(first) = call.args.first() else { continue };
                let Some(key) = constant(run, class.0, first) else { continue };
                out.push((key, how(module, &function.body, read)));
            }
        }
    }
    out
}

fn constant<'c>(run: &mut Run<'c>, module: ModuleId, expr: &'c Expr) -> Option<String> {
    run.value_in(module, expr).text().map(|text| text.to_string())
}

/// `this.reflector.getAllOverride(KEY, [context.getHandler(), context.getClass()])`.
fn is_reading(expr: &Expr) -> bool {
    let Expr::Call(call) = expr else { return false };
    let Expr::Member(member) = &call.callee else { return false };
    let Property::Named(name) = &member.property else { return false };
    matches!(name.as_ref(), "get" | "getAll" | "getAllAndOverride" | "getAllAndMerge") && call.args.len() == 2
}

fn how(module: &Module, body: &[Stmt], read: &Expr) -> Reads {
    let mut bound: Option<SymbolId> = None;
    each_stmt(module, body, Inner::Enter, &mut |statement| {
        if let Stmt::Let(Pattern::Name(symbol), Some(value)) = statement
            && module.values.get(value.0 as usize).is_some_and(|value| std::ptr::eq(bare(value), read))
        {
            bound = Some(*symbol);
        }
    });
    let is_it = |expr: &Expr| {
        std::ptr::eq(bare(expr), read)
            || matches!(expr, Expr::Name(_, Some(symbol)) if Some(*symbol) == bound)
    };
    let mut found = Reads::Somehow;
    each_stmt(module, body, Inner::Enter, &mut |statement| match statement {
        Stmt::If { test, then, .. } if found == Reads::Somehow && lets_pass(then) => {
            if holds_if(test, &is_it) {
                found = Reads::OptOut;
            } else if fails_if(test, &is_it) {
                found = Reads::OptIn;
            }
        }
        // `return isPublic || super.canActivate(context)`
        Stmt::Return(Some(Expr::Logical(LogicalOp::Or, sides)), _) if is_it(&sides[0]) => {
            found = Reads::OptOut
        }
        _ => {}
    });
    found
}

/// Without the default of `?? false`, and without `await`.
fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Logical(_, sides) => &sides[0],
        Expr::Await(inner) => inner,
        _ => expr,
    }
}

fn lets_pass(body: &[Stmt]) -> bool {
    matches!(body.last(), Some(Stmt::Return(Some(Expr::Bool(true)), _)))
}

/// Whether a test holds if the mark is there.
fn holds_if(test: &Expr, is_it: &dyn Fn(&Expr) -> bool) -> bool {
    match test {
        Expr::Logical(LogicalOp::Or, sides) => sides.iter().any(is_it),
        Expr::Binary(crate::code::BinaryOp::Equal, sides) => {
            is_it(&sides[0]) && matches!(sides[1], Expr::Bool(true))
        }
        _ => is_it(test),
    }
}

/// Whether a test holds if the mark is not there: `!roles`, `!roles || roles.length === 0`.
fn fails_if(test: &Expr, is_it: &dyn Fn(&Expr) -> bool) -> bool {
    match test {
        Expr::Not(inner) => match inner.as_ref() {
            Expr::Member(member) => is_it(&member.object),
            inner => is_it(inner),
        },
        Expr::Logical(LogicalOp::Or, sides) => {
            sides.iter().any(|side| matches!(side, Expr::Not(i) if is_it(i)))
        }
        _ => false,
    }
}
