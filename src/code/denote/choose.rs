//! What a value is that may be one of several.

use super::super::{Assign, Entry, Expr, FunctionAt, Property, Stmt, SymbolId, walk};
use super::follow::{Follow, way_to};
use super::{Denoted, Root, Step};

/// How many statements and expressions are looked at for what is assigned to a name.
const MOST: usize = 5000;

/// The one that leads to a package, a function or a class, if the others may well be nothing. Where another is a value
/// that is written down, it stands for that as well, and it can't be told: `(await getUser()) ?? { id: "demo" }`.
pub(super) fn one_of(sides: Vec<Denoted<'_>>) -> Denoted<'_> {
    let mut leading: Option<Denoted> = None;
    for side in sides {
        match &side.root {
            Root::Package(_) | Root::Function(_) | Root::Class(..) => match &leading {
                Some(other) if !same(other, &side) => return Denoted::unknown(),
                Some(_) => {}
                None => leading = Some(side),
            },
            Root::Value(_, value) if !is_nothing(value) => return Denoted::unknown(),
            _ => {}
        }
    }
    leading.unwrap_or(Denoted::unknown())
}

/// The same was done with the same, at whatever place.
fn same(a: &Denoted, b: &Denoted) -> bool {
    let step = |(a, b): (&Step, &Step)| match (a, b) {
        (Step::Call(_, a), Step::Call(_, b)) => a.is_new == b.is_new && a.args == b.args,
        (a, b) => a == b,
    };
    a.root == b.root && a.path.len() == b.path.len() && a.path.iter().zip(&b.path).all(step)
}

/// What has nothing in it.
fn is_nothing(value: &Expr) -> bool {
    match value {
        Expr::Null | Expr::Undefined | Expr::Bool(false) => true,
        Expr::Text(text) => text.is_empty(),
        Expr::Number(number) => *number == 0.0,
        Expr::Object(entries) => entries.iter().all(|entry| match entry {
            Entry::Pair(_, value) => is_nothing(value),
            Entry::Spread(_) => false,
        }),
        Expr::List(items) => items.is_empty(),
        _ => false,
    }
}

impl<'c> Follow<'c> {
    /// What a variable is that is assigned to later: one thing, where it begins as nothing and only one thing is
    /// assigned, or where what is assigned is made of itself (`query = query.eq(…)`).
    pub(super) fn assigned(&mut self, at: FunctionAt, symbol: SymbolId, first: Option<&'c Expr>) -> Denoted<'c> {
        self.deeper(|follow| {
            let module = follow.of_module(at.0)?;
            let body = &module.functions.get(at.1.0 as usize)?.body;
            let mut assigns: Vec<&'c Assign> = Vec::new();
            let mut is_looped_over = false;
            let whole = walk::at_most(
                module,
                body,
                MOST,
                &mut |expr| {
                    if let Expr::Assign(assign) = expr {
                        assigns.push(assign);
                    }
                },
                // `for (x of …)`: it is many things.
                &mut |stmt| {
                    if let Stmt::Loop { each: Some(pattern), .. } = stmt {
                        is_looped_over |= way_to(pattern, symbol).is_some();
                    }
                },
            );
            if !whole || is_looped_over {
                return None;
            }
            let this = follow.code.this_in(at);
            let mut sides = Vec::new();
            if let Some(first) = first {
                sides.push(follow.denote(at.0, this, first));
            }
            for assign in assigns {
                let Some(way) = way_to(&assign.target, symbol) else { continue };
                if way.is_empty() && begins_with(&assign.value, symbol) {
                    continue;
                }
                if assign.adds && !is_nothing_yet(&sides) {
                    return None;
                }
                let mut found = follow.expr(at.0, this, &assign.value);
                for name in way {
                    found = follow.part_named(found, name);
                }
                let side = follow.settle(found);
                sides.push(side);
                if sides.len() > 16 {
                    return None;
                }
            }
            Some(one_of(sides))
        })
        .unwrap_or(Denoted::unknown())
    }
}

fn is_nothing_yet(sides: &[Denoted]) -> bool {
    sides.iter().all(|side| matches!(side.root, Root::Value(_, value) if side.path.is_empty() && is_nothing(value)))
}

/// `x.a().b()` begins with `x`.
fn begins_with(mut expr: &Expr, symbol: SymbolId) -> bool {
    loop {
        expr = match expr {
            Expr::Member(member) if matches!(member.property, Property::Named(_)) => &member.object,
            Expr::Call(call) => &call.callee,
            Expr::Await(inner) => inner,
            Expr::Name(_, Some(name)) => return *name == symbol,
            _ => return false,
        };
    }
}
