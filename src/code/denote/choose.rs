//! What a value is that may be one of several.

use super::super::{Assign, Entry, Expr, FunctionAt, Property, Stmt, SymbolId, walk};
use super::follow::{Follow, way_to};
use super::{Denoted, Root, Step};

/// How many statements and expressions are looked at for what is assigned to a name.
const MOST: usize = 5000;

/// What a value is that is one of several:
///
/// - the one that leads to a package, a function or a class, whatever the others are but values that are written down:
///   `(await getUser()) ?? { id: "demo" }` can't be told,
/// - a member of what all of them are members of: `req.headers.a ?? req.headers.b` is an [`Step::Element`] of
///   `req.headers`,
/// - what remains where the others are nothing, or plain texts and numbers for a parameter: `req.query.page ?? "1"`.
pub(super) fn one_of(sides: Vec<Denoted<'_>>) -> Denoted<'_> {
    let mut leading: Option<Denoted> = None;
    let mut others: Vec<Denoted> = Vec::new();
    let mut has_plain = false;
    for side in sides {
        match &side.root {
            Root::Package(_) | Root::Function(_) | Root::Class(..) => match &leading {
                Some(other) if !same(other, &side) => return Denoted::unknown(),
                Some(_) => {}
                None => leading = Some(side),
            },
            Root::Value(_, value) if side.path.is_empty() && is_nothing(value) => {}
            Root::Value(_, Expr::Text(_) | Expr::Number(_) | Expr::Template(..)) => has_plain = true,
            Root::Value(..) => return Denoted::unknown(),
            _ => others.push(side),
        }
    }
    match leading {
        Some(_) if has_plain => Denoted::unknown(),
        Some(leading) => leading,
        None => common(others)
            .filter(|one| !has_plain || matches!(one.root, Root::Param(..)))
            .unwrap_or(Denoted::unknown()),
    }
}

/// What all of them are, or are parts of.
fn common(sides: Vec<Denoted<'_>>) -> Option<Denoted<'_>> {
    let mut sides = sides.into_iter();
    let mut one = sides.next()?;
    for side in sides {
        if side.root != one.root {
            return None;
        }
        let shared = one.path.iter().zip(&side.path).take_while(|pair| is_same_step(*pair)).count();
        if shared < one.path.len() || shared < side.path.len() {
            one.path.truncate(shared);
            one = one.then(Step::Element);
        }
    }
    Some(one)
}

/// The same was done with the same, at whatever place.
fn same(a: &Denoted, b: &Denoted) -> bool {
    a.root == b.root && a.path.len() == b.path.len() && a.path.iter().zip(&b.path).all(is_same_step)
}

fn is_same_step((a, b): (&Step, &Step)) -> bool {
    match (a, b) {
        (Step::Call(_, a), Step::Call(_, b)) => a.is_new == b.is_new && a.args == b.args,
        (a, b) => a == b,
    }
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
    pub(super) fn assigned(
        &mut self,
        at: FunctionAt,
        symbol: SymbolId,
        first: Option<&'c Expr>,
    ) -> Denoted<'c> {
        self.deeper(|follow| {
            let module = follow.of_module(at.0)?;
            let body = &module.functions.get(at.1.0 as usize)?.body;
            let mut assigns: Vec<&'c Assign> = Vec::new();
            let mut is_looped_over = false;
            let mut visited = 0;
            let whole = walk::at_most(
                module,
                body,
                MOST,
                &mut |expr| {
                    visited += 1;
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
            follow.pay(visited);
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
    sides
        .iter()
        .all(|side| matches!(side.root, Root::Value(_, value) if side.path.is_empty() && is_nothing(value)))
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
