//! What functions are given that are not entered: told by their types, and by who calls them. An app that is handed its
//! database (`buildApp({ db })`, `userRoutes(db)`) answers requests in functions within such a one.

use super::Flow;
use super::facts::Facts;
use super::value::Value;
use crate::code::{Binding, Call, Definition, Expr, FunctionAt, FunctionId, ModuleId, Step, SymbolId, walk};

/// So many calls of a function are looked at: with more of them it is no app that is put together once.
const MOST_CALLS: usize = 3;
/// In so many modules calls are looked for.
const MOST_MODULES: usize = 48;

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
        let code = self.code;
        let mut modules = vec![function.0];
        // Through a module that only passes it on, too.
        for at in 0..2 {
            let begin = if at == 0 { 0 } else { 1 };
            for from in modules[begin..].to_vec() {
                for importer in self.importers(from) {
                    if !modules.contains(&importer) {
                        modules.push(importer);
                    }
                }
            }
            if modules.len() > MOST_MODULES {
                return Vec::new();
            }
        }
        let mut found = Vec::new();
        for id in modules {
            walk::everything(code.module(id), &mut |expr| {
                if let Expr::Call(call) = expr
                    && let Expr::Name(_, Some(symbol)) = &call.callee
                    && found.len() <= MOST_CALLS
                    && self.is_function(id, *symbol, function)
                {
                    found.push((id, &**call));
                }
            });
        }
        found
    }

    fn is_function(&self, module: ModuleId, symbol: SymbolId, function: FunctionAt) -> bool {
        let Definition::Symbol(module, symbol) = self.code.of_symbol(module, symbol) else { return false };
        let of = self.code.module(module);
        module == function.0
            && match of.symbols.get(symbol.0 as usize).map(|symbol| &symbol.is) {
                Some(Binding::Function(id)) => *id == function.1,
                Some(Binding::Variable(_, Some(value))) => {
                    matches!(of.values.get(value.0 as usize), Some(Expr::Function(id)) if *id == function.1)
                }
                _ => false,
            }
    }

    fn importers(&mut self, module: ModuleId) -> Vec<ModuleId> {
        let code = self.code;
        let all = self.importers.get_or_insert_with(|| {
            let mut all = vec![Vec::new(); code.modules.len()];
            for (from, to) in code.imports() {
                all[to.0 as usize].push(from);
            }
            all.iter_mut().for_each(|of| of.sort_unstable());
            all
        });
        all.get(module.0 as usize).cloned().unwrap_or_default()
    }
}
