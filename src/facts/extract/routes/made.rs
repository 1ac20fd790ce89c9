//! Expressions that nobody wrote: the names of what is exported without one.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::code::{Expr, Member, Name, Property, SymbolId};

/// How many there may be. A repository needs one for each middleware and for each handler that a package exports.
const MOST: usize = 2_048;

/// Holds expressions for as long as the routes that point to them.
///
/// `export function middleware() {}` and `export { default } from "next-auth/middleware"` are no expressions, and a
/// [`super::Layer`] points to one.
#[derive(Debug)]
pub struct Made {
    slots: Vec<OnceLock<Expr>>,
    used: AtomicUsize,
}

impl Default for Made {
    fn default() -> Self {
        Self { slots: (0..MOST).map(|_| OnceLock::new()).collect(), used: AtomicUsize::new(0) }
    }
}

/// What stands for all those that there was no room for, and for what can't be told.
pub static UNKNOWN: Expr = Expr::Other(Vec::new());

impl Made {
    /// Keeps an expression.
    pub fn keep(&self, value: Expr) -> &Expr {
        let slot = self.slots.get(self.used.fetch_add(1, Ordering::Relaxed));
        slot.map_or(&UNKNOWN, |slot| slot.get_or_init(|| value))
    }

    /// The name of something bound.
    pub fn name(&self, name: &Name, symbol: SymbolId) -> &Expr {
        self.keep(Expr::Name(name.clone(), Some(symbol)))
    }

    /// What another module exports.
    pub fn import(&self, specifier: &Name, name: &Name) -> &Expr {
        let object = Expr::Import(specifier.clone());
        let property = Property::Named(name.clone());
        self.keep(Expr::Member(Box::new(Member { object, property, optional: false, line: 0, begins: 0 })))
    }
}
