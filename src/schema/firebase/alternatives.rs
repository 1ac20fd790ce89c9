//! A condition as the ways past it.

use super::atoms;
use super::expression::{Expr, Kind};
use super::term::Context;
use super::who::{Asks, Way};

/// More ways than this are not told apart.
const MAX_WAYS: usize = 48;

/// The ways past `expr` where it is true, or (`is_true` false) where it is false. None: nobody gets past.
pub(super) fn ways(expr: &Expr, is_true: bool, context: Context<'_>) -> Vec<Way> {
    match &expr.kind {
        Kind::Bool(value) => always(*value == is_true),
        Kind::Not(of) => ways(of, !is_true, context),
        Kind::And(parts) if is_true => all(parts, true, context),
        Kind::Or(parts) if !is_true => all(parts, false, context),
        Kind::And(parts) | Kind::Or(parts) => {
            merged(parts.iter().flat_map(|part| ways(part, is_true, context)).collect())
        }
        Kind::Choice(condition, then, otherwise) => {
            let mut both = product(&ways(condition, true, context), &ways(then, is_true, context));
            both.extend(product(&ways(condition, false, context), &ways(otherwise, is_true, context)));
            merged(both)
        }
        Kind::Unclear(why) => vec![Way::asking(Asks::Unclear(why))],
        _ => merged(atoms::ways(expr, is_true, context)),
    }
}

/// One way that asks nothing, or none.
pub(super) fn always(holds: bool) -> Vec<Way> {
    if holds { vec![Way::default()] } else { Vec::new() }
}

fn all(parts: &[Expr], is_true: bool, context: Context<'_>) -> Vec<Way> {
    let mut so_far = always(true);
    for part in parts {
        if so_far.is_empty() {
            break;
        }
        so_far = merged(product(&so_far, &ways(part, is_true, context)));
    }
    so_far
}

fn product(left: &[Way], right: &[Way]) -> Vec<Way> {
    left.iter().flat_map(|a| right.iter().map(move |b| a.and(b))).collect()
}

/// Ways that ask the same are one, which says of fields what holds on each of them. Of too many it can't be told.
fn merged(ways: Vec<Way>) -> Vec<Way> {
    let mut made: Vec<Way> = Vec::new();
    for way in ways {
        match made.iter_mut().find(|known| known.asks == way.asks) {
            Some(known) => known.either(&way),
            None => made.push(way),
        }
        if made.len() > MAX_WAYS {
            return vec![Way::asking(Asks::Unclear("there are too many ways past the condition"))];
        }
    }
    made
}
