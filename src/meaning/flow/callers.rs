//! What functions are given that are not entered: told by their types, and by who calls them. An app that is handed its
//! database (`buildApp({ db })`, `userRoutes(db)`) answers requests in functions within such a one.

use std::collections::HashMap;

use super::Flow;
use super::facts::Facts;
use super::value::Value;
use crate::code::{
    Binding, Call, Code, Definition, Expr, FunctionAt, FunctionId, ModuleId, Step, SymbolId, walk,
};
use crate::hash::Keyed;

/// So many calls of a function are looked at: with more of them it is no app that is put together once.
const MOST_CALLS: usize = 3;
/// In so many modules calls are looked for.
const MOST_MODULES: usize = 24;

impl<'c> Flow<'c> {
    /// A parameter of a function that was not entered, and what is done with it.
    pub(super) fn of_param(
        &mut self,
        module: ModuleId,
        function: FunctionId,
        at: u32,
        path: &[Step<'c>],
    ) -> Value<'c> {
        let functions = &self.code.module(module).functions;
        let param = functions.get(function.0 as usize).and_then(|f| f.params.get(at as usize));
        let Some(param) = param else { return Value::Unknown };
        let value = match self.of_type(module, &param.type_name) {
            Value::Unknown => self.handed((module, function), at),
            value => value,
        };
        self.of_steps(value, path)
    }

    /// What those who call a function by its name hand it.
    fn handed(&mut self, function: FunctionAt, at: u32) -> Value<'c> {
        if self.handing.contains(&(function, at)) {
            self.is_shallow = true;
            return Value::Unknown;
        }
        let calls = self.calls_of(function);
        if calls.is_empty() || calls.len() > MOST_CALLS {
            return Value::Unknown;
        }
        self.handing.push((function, at));
        let values = calls
            .into_iter()
            .map(|(module, call)| {
                let value = match call.args.get(at as usize) {
                    Some(Expr::Spread(_)) => Value::Unknown,
                    Some(arg) => self.elsewhere((module, FunctionId(0)), arg),
                    None => Value::Undefined,
                };
                (value, Facts::default())
            })
            .collect();
        self.handing.pop();
        Value::one_of(values)
    }

    /// The calls of a function in its own module and those that import it, one more than [`MOST_CALLS`] at most.
    fn calls_of(&mut self, function: FunctionAt) -> Vec<(ModuleId, &'c Call)> {
        let mut modules = vec![function.0];
        // Through a module that only passes it on, too.
        let mut at = 0;
        for _ in 0..2 {
            let end = modules.len();
            while at < end {
                for importer in self.callers.importers(self.code, modules[at]) {
                    if !modules.contains(importer) {
                        modules.push(*importer);
                    }
                }
                at += 1;
                if modules.len() > MOST_MODULES {
                    return Vec::new();
                }
            }
        }
        let mut found = Vec::new();
        for module in modules {
            let calls = self.callers.calls(self.code, module).get(&function);
            found.extend(calls.into_iter().flatten().map(|call| (module, *call)));
            if found.len() > MOST_CALLS {
                break;
            }
        }
        found
    }
}

/// Who imports and who calls, as far as somebody asked.
#[derive(Default)]
pub(super) struct Callers<'c> {
    /// For each module, those that import it.
    importers: Option<Vec<Vec<ModuleId>>>,
    /// For each module that was looked at, its calls of functions of the repository by their names.
    calls: HashMap<ModuleId, HashMap<FunctionAt, Vec<&'c Call>, Keyed>, Keyed>,
}

impl<'c> Callers<'c> {
    fn importers(&mut self, code: &'c Code, module: ModuleId) -> &[ModuleId] {
        let all = self.importers.get_or_insert_with(|| {
            let mut all = vec![Vec::new(); code.modules.len()];
            for (from, to) in code.imports() {
                all[to.0 as usize].push(from);
            }
            all.iter_mut().for_each(|of| of.sort_unstable());
            all
        });
        all.get(module.0 as usize).map_or(&[], Vec::as_slice)
    }

    fn calls(&mut self, code: &'c Code, module: ModuleId) -> &HashMap<FunctionAt, Vec<&'c Call>, Keyed> {
        self.calls.entry(module).or_insert_with(|| {
            let mut by_name: HashMap<SymbolId, Vec<&'c Call>, Keyed> = HashMap::default();
            walk::everything(code.module(module), &mut |expr| {
                if let Expr::Call(call) = expr
                    && let Expr::Name(_, Some(symbol)) = &call.callee
                {
                    let calls = by_name.entry(*symbol).or_default();
                    if calls.len() <= MOST_CALLS {
                        calls.push(call);
                    }
                }
            });
            let mut all: HashMap<FunctionAt, Vec<&'c Call>, Keyed> = HashMap::default();
            let mut by_name: Vec<_> = by_name.into_iter().collect();
            by_name.sort_unstable_by_key(|(symbol, _)| *symbol);
            for (symbol, calls) in by_name {
                if let Some(function) = function_named(code, module, symbol) {
                    all.entry(function).or_default().extend(calls);
                }
            }
            all
        })
    }
}

/// The function that a name of a module stands for.
fn function_named(code: &Code, module: ModuleId, symbol: SymbolId) -> Option<FunctionAt> {
    let Definition::Symbol(module, symbol) = code.of_symbol(module, symbol) else { return None };
    let of = code.module(module);
    match &of.symbols.get(symbol.0 as usize)?.is {
        Binding::Function(id) => Some((module, *id)),
        Binding::Variable(_, Some(value)) => match of.values.get(value.0 as usize)? {
            Expr::Function(id) => Some((module, *id)),
            _ => None,
        },
        _ => None,
    }
}
