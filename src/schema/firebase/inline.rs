//! Functions of rules put in where they are called, so that a condition speaks of nothing but the request.

use super::expression::{Expr, Kind};
use super::rules::Function;

/// Calls within calls: rules allow twenty.
const MAX_CALLS: u32 = 20;
/// Parts of a condition with everything put in.
const MAX_PARTS: usize = 8_000;

/// `expr` with the functions of `scope` (the innermost last) put in.
pub(super) fn inlined(expr: &Expr, scope: &[&[Function]]) -> Expr {
    Inliner { scope, parts: 0 }.of(expr, &[], 0)
}

struct Inliner<'s> {
    scope: &'s [&'s [Function]],
    parts: usize,
}

/// What names stand for.
type Names = [(String, Expr)];

impl Inliner<'_> {
    fn of(&mut self, expr: &Expr, names: &Names, calls: u32) -> Expr {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Expr::new(Kind::Unclear("the condition is too large"));
        }
        let kind = match &expr.kind {
            Kind::Name(name) => match names.iter().rev().find(|(known, _)| known == name) {
                Some((_, value)) => {
                    self.parts += value.size();
                    return value.clone();
                }
                None => return expr.clone(),
            },
            Kind::Call(called, arguments) => {
                let arguments: Vec<Expr> = arguments.iter().map(|part| self.of(part, names, calls)).collect();
                match &called.kind {
                    Kind::Name(name) => match function(self.scope, name, arguments.len()) {
                        Some(function) => return self.called(function, arguments, calls),
                        None => Kind::Call(called.clone(), arguments),
                    },
                    _ => Kind::Call(Box::new(self.of(called, names, calls)), arguments),
                }
            }
            Kind::Member(of, name) => Kind::Member(Box::new(self.of(of, names, calls)), name.clone()),
            Kind::Not(of) => Kind::Not(Box::new(self.of(of, names, calls))),
            Kind::Index(of, at) => {
                Kind::Index(Box::new(self.of(of, names, calls)), Box::new(self.of(at, names, calls)))
            }
            Kind::Binary(op, a, b) => {
                Kind::Binary(*op, Box::new(self.of(a, names, calls)), Box::new(self.of(b, names, calls)))
            }
            Kind::Choice(a, b, c) => Kind::Choice(
                Box::new(self.of(a, names, calls)),
                Box::new(self.of(b, names, calls)),
                Box::new(self.of(c, names, calls)),
            ),
            Kind::Path(parts) => Kind::Path(self.each(parts, names, calls)),
            Kind::List(parts) => Kind::List(self.each(parts, names, calls)),
            Kind::Map(parts) => Kind::Map(self.each(parts, names, calls)),
            Kind::And(parts) => Kind::And(self.each(parts, names, calls)),
            Kind::Or(parts) => Kind::Or(self.each(parts, names, calls)),
            _ => return expr.clone(),
        };
        Expr::new(kind)
    }

    fn each(&mut self, parts: &[Expr], names: &Names, calls: u32) -> Vec<Expr> {
        parts.iter().map(|part| self.of(part, names, calls)).collect()
    }

    fn called(&mut self, function: &Function, arguments: Vec<Expr>, calls: u32) -> Expr {
        if calls >= MAX_CALLS {
            return Expr::new(Kind::Unclear("functions call each other too often"));
        }
        let mut names: Vec<(String, Expr)> = function.parameters.iter().cloned().zip(arguments).collect();
        for (name, value) in &function.lets {
            let value = self.of(value, &names, calls + 1);
            names.push((name.clone(), value));
        }
        self.of(&function.body, &names, calls + 1)
    }
}

/// The innermost function of that name with so many parameters.
fn function<'s>(scope: &[&'s [Function]], name: &str, arguments: usize) -> Option<&'s Function> {
    scope
        .iter()
        .rev()
        .flat_map(|functions| functions.iter())
        .find(|function| function.name == name && function.parameters.len() == arguments)
}
