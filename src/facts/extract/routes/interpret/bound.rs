//! Which expression says where a value comes from, if whoever gave it took it from a parameter: in
//! `const make = (g) => ({ mw: g() })` the call `g()` says nothing by itself, and `made.mw` says all.

use super::{Run, Source, Value};
use crate::code::walk::{Inner, each_part};
use crate::code::{Binding, Expr, ModuleId, SymbolId};

/// So many names are followed to what they were declared with.
const NAMES: u32 = 64;

impl<'c> Run<'c> {
    /// The value, said to come from where it is read if what gave it was called in a function, with what that was given.
    pub(super) fn read_at(&mut self, mut value: Value<'c>, from: Source<'c>) -> Value<'c> {
        if let Some((module, written @ Expr::Call(_))) = value.from
            && self.hangs_on_params(module, written)
            && !self.hangs_on_params(from.0, from.1)
        {
            value.from = Some(from);
        }
        value
    }

    /// Whether an expression hangs on what a function was given: it tells nothing outside of a call of that.
    fn hangs_on_params(&mut self, module: ModuleId, expr: &'c Expr) -> bool {
        let mut left = NAMES;
        let found = self.has_param(module, expr, &mut left);
        self.tick((NAMES - left) as usize);
        found
    }

    fn has_param(&self, module: ModuleId, expr: &'c Expr, left: &mut u32) -> bool {
        let of = self.module(module);
        let mut names: Vec<SymbolId> = Vec::new();
        each_part(of, expr, Inner::Skip, &mut |part| {
            if let Expr::Name(_, Some(symbol)) = part {
                names.push(*symbol);
            }
        });
        names.into_iter().any(|symbol| {
            let Some(rest) = left.checked_sub(1) else { return false };
            *left = rest;
            match of.symbols.get(symbol.0 as usize).map(|symbol| &symbol.is) {
                Some(Binding::Param(..)) => true,
                Some(Binding::Variable(function, Some(value)) | Binding::Part(function, _, value))
                    if function.0 != 0 =>
                {
                    let value = of.values.get(value.0 as usize);
                    value.is_some_and(|value| self.has_param(module, value, left))
                }
                _ => false,
            }
        })
    }
}
