//! Which names functions and statements use.

use std::collections::{BTreeSet, HashSet};

use super::walk::{DEEPEST, each_of, each_of_function};
use super::{Binding, Expr, FunctionId, Module, Pattern, Stmt, SymbolId};

/// The names that a function uses or sets, with those of the functions inside it, and of the functions that it names: those
/// see the names around them as they are where they are called. Sorted.
pub fn names_used(module: &Module, function: FunctionId) -> Vec<SymbolId> {
    let mut names =
        Names { module, used: BTreeSet::new(), seen: HashSet::from([function]), left: vec![function] };
    names.with_functions();
    names.used.into_iter().collect()
}

/// The same of a statement.
pub fn names_used_by(module: &Module, stmt: &Stmt) -> Vec<SymbolId> {
    let mut names = Names { module, used: BTreeSet::new(), seen: HashSet::new(), left: Vec::new() };
    names.found(|(visit, each)| each_of(module, std::slice::from_ref(stmt), visit, each));
    names.with_functions();
    names.used.into_iter().collect()
}

/// What is found on the way.
struct Names<'m> {
    module: &'m Module,
    used: BTreeSet<SymbolId>,
    /// The functions that were found, and those that were not looked at yet.
    seen: HashSet<FunctionId>,
    left: Vec<FunctionId>,
}

/// What is called for each expression, and for each statement.
type Visits<'v, 'm> = (&'v mut dyn FnMut(&'m Expr), &'v mut dyn FnMut(&'m Stmt));

impl<'m> Names<'m> {
    fn with_functions(&mut self) {
        let module = self.module;
        while let Some(id) = self.left.pop() {
            let Some(function) = module.functions.get(id.0 as usize) else { continue };
            self.found(|(visit, each)| each_of_function(module, function, visit, each));
        }
    }

    /// Takes down the names in what `walk` goes through.
    fn found(&mut self, walk: impl FnOnce(Visits<'_, 'm>)) {
        let (mut used, mut inside, mut sets) = (Vec::new(), Vec::new(), Vec::new());
        walk((
            &mut |expr| match expr {
                Expr::Name(_, Some(symbol)) => used.push(*symbol),
                Expr::Function(id) => inside.push(*id),
                Expr::Assign(assign) => set_by(&assign.target, 0, &mut used),
                _ => {}
            },
            &mut |stmt| match stmt {
                Stmt::Loop { each: Some(pattern), .. }
                | Stmt::Let(pattern, _)
                | Stmt::Try { caught: Some(pattern), .. } => sets.push(pattern),
                _ => {}
            },
        ));
        sets.into_iter().for_each(|pattern| set_by(pattern, 0, &mut used));
        let module = self.module;
        let named = used.iter().filter_map(|symbol| match module.symbols.get(symbol.0 as usize)?.is {
            Binding::Function(id) => Some(id),
            _ => None,
        });
        let seen = &mut self.seen;
        self.left.extend(named.chain(inside).filter(|id| seen.insert(*id)));
        self.used.extend(used);
    }
}

/// The names that a pattern sets.
fn set_by(pattern: &Pattern, deep: u32, names: &mut Vec<SymbolId>) {
    if deep >= DEEPEST {
        return;
    }
    match pattern {
        Pattern::Name(symbol) => names.push(*symbol),
        Pattern::Object(entries) => {
            entries.iter().for_each(|(_, inner, _)| set_by(inner, deep + 1, names));
        }
        Pattern::List(items) => items.iter().flatten().for_each(|inner| set_by(inner, deep + 1, names)),
        // What stands there is gone through as an expression.
        Pattern::Place(_) | Pattern::Other => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::parse;

    fn names(code: &str, of: &str) -> String {
        let module = parse("a.ts", code);
        let at = module.functions.iter().position(|function| &*function.name == of).unwrap_or_default();
        let used = names_used(&module, FunctionId(at as u32));
        used.iter().map(|id| &*module.symbols[id.0 as usize].name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn of_what_is_inside_and_of_what_is_named() {
        let code = "
            const a = 1;
            function outer(b, c, d, e, f, unused) {
                function helper() { return b; }
                const inner = (x = c) => { helper(); d = 2; ({ e } = x); for (f of []) {} return () => a; };
            }
        ";
        assert_eq!(names(code, "inner"), "a b c d e f helper x");
    }

    #[test]
    fn functions_that_name_each_other_end() {
        let code = "function outer(a) { function one() { two(); } function two() { one(); a; } }";
        assert_eq!(names(code, "one"), "a one two");
    }
}
