//! What code does in development alone.

use std::collections::BTreeMap;

use crate::code::walk::{Inner, each_expr, each_stmt};
use crate::code::{self, BinaryOp, Binding, Expr, LogicalOp, Module, Property, Stmt};
use crate::facts::Input;

/// How far a question is followed through the constants that hold it.
const DEEPEST: u32 = 8;

/// Code that was not parsed before and is asked about, each file once: one may hold thousands of secrets.
pub(super) struct Files<'r, 'a> {
    input: &'r Input<'a>,
    parsed: BTreeMap<String, Option<Module>>,
}

impl<'r, 'a> Files<'r, 'a> {
    /// None parsed yet.
    pub(super) fn new(input: &'r Input<'a>) -> Self {
        Self { input, parsed: BTreeMap::new() }
    }

    /// Whether what stands on a line of a file runs only where `NODE_ENV` is not `production`, so that no customer ever
    /// meets it.
    pub(super) fn only_in_development(&mut self, file: &str, line: u32) -> bool {
        // Where no more is parsed than what browsers load, of other modules only their path is known.
        let module = self.input.code.at(file).map(|id| self.input.code.module(id));
        if let Some(module) = module.filter(|module| !module.functions.is_empty()) {
            return within(module, line);
        }
        if !self.parsed.contains_key(file) {
            self.parsed.insert(file.to_owned(), asks_mode(self.input, file));
        }
        self.parsed.get(file).and_then(Option::as_ref).is_some_and(|module| within(module, line))
    }
}

/// The module, if it is code that asks for the mode at all.
fn asks_mode(input: &Input<'_>, file: &str) -> Option<Module> {
    let tree = &input.source.tree;
    let text = tree.read(tree.get(file).filter(|_| code::handles(file))?).ok()?;
    text.text.contains("NODE_ENV").then(|| code::parse(file, &text.text))
}

fn within(module: &Module, line: u32) -> bool {
    let bodies = || module.functions.iter().map(|function| &function.body);
    let all: usize = bodies().map(|body| reads(module, body, line)).sum();
    let mut kept = 0;
    for body in bodies() {
        let mut outer: Vec<&[Stmt]> = Vec::new();
        each_stmt(module, body, Inner::Skip, &mut |stmt| {
            if let Stmt::If { test, then, otherwise, .. } = stmt {
                match in_production(module, test, 0) {
                    Some(false) => outer.push(then),
                    Some(true) => outer.push(otherwise),
                    None => {}
                }
            }
        });
        // One branch within another counts once.
        kept += outer.iter().map(|branch| reads(module, branch, line)).max().unwrap_or_default();
    }
    all > 0 && kept == all
}

/// How often something is read on a line: `process.env.SECRET`.
fn reads(module: &Module, body: &[Stmt], line: u32) -> usize {
    let mut found = 0;
    each_expr(module, body, Inner::Skip, &mut |expr| {
        found += usize::from(matches!(expr, Expr::Member(member) if member.line == line));
    });
    found
}

/// How a question is answered wherever it is production, if that is one way.
fn in_production(module: &Module, expr: &Expr, deep: u32) -> Option<bool> {
    if deep > DEEPEST {
        return None;
    }
    let answer = |expr| in_production(module, expr, deep + 1);
    match expr {
        Expr::Not(inner) => answer(inner).map(|yes| !yes),
        Expr::Logical(op @ (LogicalOp::And | LogicalOp::Or), sides) => {
            // One side that decides is enough; else both must be told.
            let decides = *op == LogicalOp::Or;
            match (answer(&sides[0]), answer(&sides[1])) {
                (Some(one), _) | (_, Some(one)) if one == decides => Some(decides),
                (Some(_), Some(_)) => Some(!decides),
                _ => None,
            }
        }
        Expr::Binary(BinaryOp::Equal, sides) => compared(sides).map(|text| text == "production"),
        Expr::Binary(BinaryOp::NotEqual, sides) => compared(sides).map(|text| text != "production"),
        _ => constant(module, expr).and_then(answer),
    }
}

/// What `process.env.NODE_ENV` is compared with.
fn compared(sides: &[Expr; 2]) -> Option<&str> {
    match sides {
        [Expr::Member(member), Expr::Text(text)] | [Expr::Text(text), Expr::Member(member)] => {
            let is_mode = matches!(&member.property, Property::Named(name) if &**name == "NODE_ENV");
            is_mode.then_some(&**text)
        }
        _ => None,
    }
}

/// The value of a constant.
fn constant<'m>(module: &'m Module, expr: &Expr) -> Option<&'m Expr> {
    let Expr::Name(_, Some(symbol)) = expr else { return None };
    let symbol = module.symbols.get(symbol.0 as usize)?;
    match symbol.is {
        Binding::Variable(_, Some(value)) if !symbol.reassigned => module.values.get(value.0 as usize),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    /// Whether the line with `SECRET` runs in development alone.
    fn told(text: &str) -> bool {
        let line = text.lines().position(|line| line.contains("SECRET")).unwrap() + 1;
        within(&code::parse("a.ts", text), u32::try_from(line).unwrap())
    }

    #[test]
    fn a_branch_that_production_never_takes() {
        let read = "\n  use(process.env.SECRET || \"x\");\n";
        assert!(told(&format!("function f() {{ if (process.env.NODE_ENV !== 'production') {{{read}}} }}")));
        assert!(told(&format!("if (process.env.NODE_ENV === 'development' && a()) {{{read}}}")));
        assert!(told(&format!(
            "function f() {{ const isLive = process.env.NODE_ENV === 'production' || b; if (!a && !isLive) {{{read}}} }}"
        )));
        assert!(told(&format!("if (process.env.NODE_ENV === 'production') {{}} else {{{read}}}")));
    }

    #[test]
    fn a_branch_that_production_may_take() {
        let read = "\n  use(process.env.SECRET || \"x\");\n";
        assert!(!told(read));
        assert!(!told(&format!("if (process.env.NODE_ENV === 'production') {{{read}}}")));
        assert!(!told(&format!("if (process.env.NODE_ENV !== 'production' || a) {{{read}}}")));
        assert!(!told(&format!("if (!process.env.DATABASE_URL) {{{read}}}")));
        assert!(!told(&format!(
            "let isDev = process.env.NODE_ENV !== 'production'; isDev = true; if (isDev) {{{read}}}"
        )));
        assert!(!told(
            "if (process.env.NODE_ENV !== 'production') { a(); }\n  use(process.env.SECRET || \"x\");"
        ));
    }
}
