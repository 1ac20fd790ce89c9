//! Where names are mentioned, and who imports what: made for a module when something in it is asked for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::{base, holder, outermost, to};
use crate::code::walk::{Inner, each_expr, each_part};
use crate::code::{
    Binding, Code, ExportOf, Expr, FunctionId, Module, ModuleId, Name, Pattern, Stmt, SymbolId,
};

/// Where a name is mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mention {
    /// Where it runs when the module does.
    Top,
    /// In a function or class with this name.
    Within(SymbolId),
}

/// Who asks for something of a module.
#[derive(Debug, Clone)]
pub(super) enum Importer {
    /// For all of it.
    Whole(ModuleId),
    /// For one name, or `*` for all of it, which is called this there.
    Named(ModuleId, Name, SymbolId),
    /// For one name, which it exports under another.
    PassedOn(ModuleId, Name, Name),
    /// With `export *`.
    All(ModuleId),
}

pub(super) struct Mentions<'c> {
    code: &'c Code,
    of: HashMap<ModuleId, Rc<Of>>,
    importers: Option<HashMap<ModuleId, Rc<[Importer]>>>,
}

/// What one module mentions and exports.
#[derive(Default)]
struct Of {
    mentions: HashMap<SymbolId, BTreeMap<Mention, u32>>,
    exports: HashMap<SymbolId, Vec<String>>,
}

impl<'c> Mentions<'c> {
    pub(super) fn new(code: &'c Code) -> Self {
        Self { code, of: HashMap::new(), importers: None }
    }

    /// Where a name is mentioned, but for where it is exported.
    pub(super) fn of(&mut self, module: ModuleId, symbol: SymbolId) -> Vec<Mention> {
        self.module(module).mentions.get(&symbol).map(|all| all.keys().copied().collect()).unwrap_or_default()
    }

    /// The names under which something is exported.
    pub(super) fn exported_as(&mut self, module: ModuleId, symbol: SymbolId) -> Vec<String> {
        self.module(module).exports.get(&symbol).cloned().unwrap_or_default()
    }

    /// Who asks for something of a module.
    pub(super) fn importers(&mut self, module: ModuleId) -> Vec<Importer> {
        let code = self.code;
        let all = self.importers.get_or_insert_with(|| importers(code));
        all.get(&module).map(|importers| importers.to_vec()).unwrap_or_default()
    }

    fn module(&mut self, module: ModuleId) -> Rc<Of> {
        let code = self.code;
        Rc::clone(self.of.entry(module).or_insert_with(|| Rc::new(Of::new(code, module))))
    }
}

impl Of {
    fn new(code: &Code, id: ModuleId) -> Self {
        let module = code.module(id);
        let mut of = Self::default();
        of.exports(module);
        let outermost = outermost(module);
        for (at, function) in module.functions.iter().enumerate() {
            let top = outermost[at];
            let place = match (top, holder(code, (id, top))) {
                (FunctionId(0), _) | (_, None) => Mention::Top,
                (_, Some(symbol)) => Mention::Within(symbol),
            };
            let mut add = |expr: &Expr| of.add(expr, place);
            for param in &function.params {
                for expr in param.default.iter().chain(&param.decorators) {
                    each_part(module, expr, Inner::Skip, &mut add);
                }
            }
            function.decorators.iter().for_each(|expr| each_part(module, expr, Inner::Skip, &mut add));
            let body = function.body.iter().filter(|stmt| at > 0 || !only_exports(stmt));
            body.for_each(|stmt| each_expr(module, std::slice::from_ref(stmt), Inner::Skip, &mut add));
            if at == 0 {
                function.body.iter().for_each(|stmt| of.put_in(module, stmt));
            }
        }
        for class in &module.classes {
            let mut add = |expr: &Expr| of.add(expr, Mention::Top);
            class.fields.iter().filter_map(|field| field.value.as_ref()).for_each(|value| {
                each_part(module, value, Inner::Skip, &mut add);
            });
            class.extends.iter().chain(&class.decorators).for_each(|value| {
                each_part(module, value, Inner::Skip, &mut add);
            });
        }
        of.types(module);
        of
    }

    fn add(&mut self, expr: &Expr, place: Mention) {
        let symbol = match expr {
            Expr::Name(_, Some(symbol)) => Some(*symbol),
            Expr::Markup(markup) => markup.symbol,
            _ => None,
        };
        if let Some(symbol) = symbol {
            *self.mentions.entry(symbol).or_default().entry(place).or_default() += 1;
        }
    }

    /// `router.get(…);` puts something in it, and does nothing with it: that is no mention.
    fn put_in(&mut self, module: &Module, stmt: &Stmt) {
        let is_made = |symbol: SymbolId| match module.symbols[symbol.0 as usize].is {
            Binding::Variable(_, Some(value)) => matches!(module.values[value.0 as usize], Expr::Call(_)),
            _ => false,
        };
        if let Stmt::Expr(Expr::Call(call)) = stmt
            && let Some(symbol) = base(&call.callee)
            && is_made(symbol)
            && let Some(all) = self.mentions.get_mut(&symbol)
            && let Some(count) = all.get_mut(&Mention::Top)
        {
            *count = count.saturating_sub(1);
            if *count == 0 {
                all.remove(&Mention::Top);
            }
        }
    }

    /// Who is asked for by its type is made by something that reads types.
    fn types(&mut self, module: &Module) {
        if module.classes.is_empty() {
            return;
        }
        let names: BTreeSet<&str> = (module.functions.iter().flat_map(|f| &f.params).map(|p| &*p.type_name))
            .chain(module.classes.iter().flat_map(|c| &c.fields).map(|f| &*f.type_name))
            .filter(|name| !name.is_empty())
            .collect();
        for (at, symbol) in module.symbols.iter().enumerate() {
            let is_type = matches!(symbol.is, Binding::Class(_) | Binding::Import(_));
            if is_type && names.contains(&*symbol.name) {
                *self.mentions.entry(SymbolId(at as u32)).or_default().entry(Mention::Top).or_default() += 1;
            }
        }
    }

    fn exports(&mut self, module: &Module) {
        let mut add = |symbol: SymbolId, name: &str| {
            self.exports.entry(symbol).or_default().push(name.to_owned());
        };
        for export in &module.exports {
            match &export.of {
                ExportOf::Symbol(symbol) => add(*symbol, &export.name),
                ExportOf::Value(value) => {
                    each_part(module, value, Inner::Skip, &mut |part| {
                        if let Expr::Name(_, Some(symbol)) = part {
                            add(*symbol, &export.name);
                        }
                    });
                }
                ExportOf::From { .. } => {}
            }
        }
    }
}

/// `module.exports = { … }`, `exports.a = a`.
fn only_exports(stmt: &Stmt) -> bool {
    let Stmt::Expr(expr) = stmt else { return false };
    match expr {
        Expr::Assign(assign) => {
            let Pattern::Place(place) = &assign.target else { return false };
            let mut at = &**place;
            while let Expr::Member(member) = at {
                at = &member.object;
            }
            matches!(at, Expr::Name(name, None) if matches!(&**name, "module" | "exports"))
                && plain(&assign.value)
        }
        // What is left of `export default { … }`.
        Expr::Object(_) | Expr::List(_) => plain(expr),
        _ => false,
    }
}

/// A name, or an object of such.
fn plain(value: &Expr) -> bool {
    match value {
        Expr::Object(entries) => entries.iter().all(|entry| match entry {
            crate::code::Entry::Pair(_, value) => matches!(value, Expr::Name(..) | Expr::Function(_)),
            crate::code::Entry::Spread(_) => false,
        }),
        Expr::Name(..) | Expr::Function(_) | Expr::Class(_) => true,
        _ => false,
    }
}

fn importers(code: &Code) -> HashMap<ModuleId, Rc<[Importer]>> {
    let mut found: HashMap<ModuleId, Vec<Importer>> = HashMap::new();
    for (at, module) in code.modules.iter().enumerate() {
        let by = ModuleId(at as u32);
        for import in &module.imports {
            let Some(of) = to(code, by, &import.specifier) else { continue };
            let importer = match (import.name.as_ref(), import.symbol) {
                (_, _) if import.types_only => continue,
                // Run, or `require("x")` as a value.
                (_, None) => Importer::Whole(by),
                (_, Some(symbol)) => Importer::Named(by, import.name.clone(), symbol),
            };
            found.entry(of).or_default().push(importer);
        }
        for export in &module.exports {
            let ExportOf::From { specifier, name } = &export.of else { continue };
            let Some(of) = to(code, by, specifier) else { continue };
            found.entry(of).or_default().push(match (export.name.as_ref(), name.as_ref()) {
                ("*", _) => Importer::All(by),
                (_, "*") => Importer::Whole(by),
                (given, _) => Importer::PassedOn(by, name.clone(), given.into()),
            });
        }
    }
    found.into_iter().map(|(of, importers)| (of, Rc::from(importers))).collect()
}
