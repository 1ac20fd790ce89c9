//! Which names a function uses.

use std::collections::{BTreeSet, HashSet};

use super::walk::{DEEPEST, each_of_function};
use super::{Binding, Expr, FunctionId, Module, Pattern, Stmt, SymbolId};

/// The names that a function uses or sets, with those of the functions inside it, and of the functions that it names: those
/// see the names around them as they are where they are called. Sorted.
pub fn names_used(module: &Module, function: FunctionId) -> Vec<SymbolId> {
    let mut names = BTreeSet::new();
    let (mut seen, mut left) = (HashSet::from([function]), vec![function]);
    while let Some(id) = left.pop() {
        let Some(function) = module.functions.get(id.0 as usize) else { continue };
        let (mut used, mut inside, mut sets) = (Vec::new(), Vec::new(), Vec::new());
        each_of_function(
            module,
            function,
            &mut |expr| match expr {
                Expr::Name(_, Some(symbol)) => used.push(*symbol),
                Expr::Function(id) => inside.push(*id),
                Expr::Assign(assign) => set_by(&assign.target, 0, &mut used),
                _ => {}
            },
            &mut |stmt| {
                if let Stmt::Loop { each: Some(each), .. } = stmt {
                    sets.push(each);
                }
            },
        );
        sets.into_iter().for_each(|pattern| set_by(pattern, 0, &mut used));
        let named = used.iter().filter_map(|symbol| match module.symbols.get(symbol.0 as usize)?.is {
            Binding::Function(id) => Some(id),
            _ => None,
        });
        left.extend(named.chain(inside).filter(|id| seen.insert(*id)));
        names.extend(used);
    }
    names.into_iter().collect()
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
