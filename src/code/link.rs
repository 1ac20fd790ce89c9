//! Putting modules together: what their specifiers lead to, and what names of one module mean in another.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::resolve::{Resolver, Scope};
use super::{
    Binding, ClassId, Code, Definition, Export, ExportOf, Expr, FunctionAt, FunctionId, Module, ModuleId,
    Name, SymbolId, Target,
};
use crate::hash::Keyed;

/// How many times a name may be passed on.
const LONGEST_CHAIN: u32 = 64;
/// How many `export *` are followed for one name.
const MOST_STARS: u32 = 1000;

/// What is looked up in a module by name.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Places in [`Module::exports`]. Of two with one name the last counts, as it does for `module.exports`.
    exports: HashMap<Name, usize, Keyed>,
    /// Those of `export * from`.
    stars: Vec<usize>,
    /// The classes of methods and of fields that are functions, and whether they are static.
    owners: HashMap<FunctionId, (ClassId, bool), Keyed>,
    /// Names of classes and imports, which types are written with.
    types: HashMap<Name, SymbolId, Keyed>,
    /// For each class, its members.
    pub(super) members: Vec<HashMap<Name, Vec<MemberAt>, Keyed>>,
}

/// A member of a class: a place in its methods or fields.
#[derive(Debug, Clone, Copy)]
pub(super) enum MemberAt {
    Method(usize),
    Field(usize),
}

/// Puts modules together. `configurations`: paths and texts of the files that [`is_configuration`](super::is_configuration)
/// wants.
pub fn link(mut modules: Vec<Arc<Module>>, configurations: &[(String, String)]) -> Code {
    modules.sort_by(|a, b| a.path.cmp(&b.path));
    modules.dedup_by(|a, b| a.path == b.path);
    let by_path: HashMap<String, ModuleId> =
        modules.iter().enumerate().map(|(i, module)| (module.path.clone(), ModuleId(i as u32))).collect();
    let resolver = Resolver::new(&modules, &by_path, configurations);
    let ((targets, owners), indexes) = modules
        .par_iter()
        .map(|module| {
            let scope = resolver.scope(&module.path);
            ((targets(module, scope, &resolver), resolver.package(scope)), Index::new(module))
        })
        .unzip();
    Code { modules, by_path, targets, owners, indexes }
}

fn targets(module: &Module, scope: &Scope, resolver: &Resolver) -> HashMap<Name, Target, Keyed> {
    let mut found: HashMap<Name, Target, Keyed> = HashMap::default();
    let mut add = |specifier: &Name| {
        if !found.contains_key(specifier) {
            found.insert(specifier.clone(), resolver.target(scope, &module.path, specifier));
        }
    };
    // What `require` and `import()` load is among the imports.
    module.imports.iter().for_each(|import| add(&import.specifier));
    for export in &module.exports {
        if let ExportOf::From { specifier, .. } = &export.of {
            add(specifier);
        }
    }
    found
}

impl Index {
    fn new(module: &Module) -> Self {
        let mut index = Self::default();
        for (i, export) in module.exports.iter().enumerate() {
            // `export * as name from` has a name of its own.
            if &*export.name == "*" {
                index.stars.push(i);
            } else {
                index.exports.insert(export.name.clone(), i);
            }
        }
        for (id, class) in module.classes.iter().enumerate() {
            let mut members: HashMap<Name, Vec<MemberAt>, Keyed> = HashMap::default();
            for (i, method) in class.methods.iter().enumerate() {
                index.owners.insert(method.function, (ClassId(id as u32), method.is_static));
                members.entry(method.name.clone()).or_default().push(MemberAt::Method(i));
            }
            for (i, field) in class.fields.iter().enumerate() {
                if let Some(Expr::Function(function)) = field.value {
                    index.owners.insert(function, (ClassId(id as u32), false));
                }
                members.entry(field.name.clone()).or_default().push(MemberAt::Field(i));
            }
            index.members.push(members);
        }
        if !module.classes.is_empty() {
            for (i, symbol) in module.symbols.iter().enumerate() {
                if matches!(symbol.is, Binding::Import(_) | Binding::Class(_)) {
                    index.types.entry(symbol.name.clone()).or_insert(SymbolId(i as u32));
                }
            }
        }
        index
    }
}

impl Code {
    /// What a name that a module exports is in the end, through all re-exports.
    pub fn definition<'c>(&'c self, module: ModuleId, name: &'c str) -> Definition<'c> {
        Search::new(self).export(module, name, 0).unwrap_or(Definition::Unknown)
    }

    /// What a name bound in a module is in the end: for one that is imported, what it is there.
    pub fn of_symbol(&self, module: ModuleId, symbol: SymbolId) -> Definition<'_> {
        Search::new(self).symbol(module, symbol, 0).unwrap_or(Definition::Unknown)
    }

    /// The class whose method (or whose field) a function is, or is written in.
    pub fn class_of(&self, at: FunctionAt) -> Option<ClassId> {
        self.owner(at).map(|(class, _)| class)
    }

    /// The same, and whether it is a static method.
    pub(super) fn owner(&self, at: FunctionAt) -> Option<(ClassId, bool)> {
        let owners = &self.index(at.0)?.owners;
        if owners.is_empty() {
            return None;
        }
        let functions = &self.module(at.0).functions;
        let mut id = at.1;
        for _ in 0..LONGEST_CHAIN {
            if let Some(owner) = owners.get(&id) {
                return Some(*owner);
            }
            id = functions.get(id.0 as usize)?.within?;
        }
        None
    }

    pub(super) fn index(&self, module: ModuleId) -> Option<&Index> {
        self.indexes.get(module.0 as usize)
    }

    pub(super) fn target_ref(&self, from: ModuleId, specifier: &str) -> Option<&Target> {
        self.targets.get(from.0 as usize)?.get(specifier)
    }

    /// What a module exports under a name itself, without what it passes on with `*`.
    pub(super) fn own_export(&self, module: ModuleId, name: &str) -> Option<&Export> {
        let at = *self.index(module)?.exports.get(name)?;
        self.module(module).exports.get(at)
    }

    /// What the name of a type is bound to.
    pub(super) fn type_symbol(&self, module: ModuleId, name: &str) -> Option<SymbolId> {
        self.index(module)?.types.get(name).copied()
    }

    /// What a specifier and a name there lead to; `*` is the module as a whole.
    fn imported<'c>(
        &'c self,
        from: ModuleId,
        specifier: &str,
        name: &'c str,
        search: &mut Search<'c>,
        depth: u32,
    ) -> Option<Definition<'c>> {
        match self.target_ref(from, specifier)? {
            Target::Module(to) if name == "*" => Some(Definition::Module(*to)),
            Target::Module(to) => search.export(*to, name, depth + 1),
            Target::Package(package) => Some(Definition::Package(package, name)),
            Target::Missing => None,
        }
    }
}

/// One search for what a name is. `None`: nowhere, or it can't be told.
struct Search<'c> {
    code: &'c Code,
    asked: HashSet<(ModuleId, &'c str), Keyed>,
    stars: u32,
}

impl<'c> Search<'c> {
    fn new(code: &'c Code) -> Self {
        Self { code, asked: HashSet::default(), stars: 0 }
    }

    fn symbol(&mut self, module: ModuleId, id: SymbolId, depth: u32) -> Option<Definition<'c>> {
        let code = self.code;
        let of = code.modules.get(module.0 as usize)?;
        let Binding::Import(import) = of.symbols.get(id.0 as usize)?.is else {
            return Some(Definition::Symbol(module, id));
        };
        let import = of.imports.get(import as usize)?;
        code.imported(module, &import.specifier, &import.name, self, depth)
    }

    fn export(&mut self, module: ModuleId, name: &'c str, depth: u32) -> Option<Definition<'c>> {
        if depth > LONGEST_CHAIN || !self.asked.insert((module, name)) {
            return None;
        }
        let code = self.code;
        if name == "*" {
            return Some(Definition::Module(module));
        }
        if let Some(export) = code.own_export(module, name) {
            return match &export.of {
                ExportOf::Symbol(id) => self.symbol(module, *id, depth),
                ExportOf::Value(Expr::Name(_, Some(id))) => self.symbol(module, *id, depth),
                ExportOf::Value(value) => Some(Definition::Value(module, value)),
                ExportOf::From { specifier, name } => code.imported(module, specifier, name, self, depth),
            };
        }
        // `export *` leaves the default out.
        if name == "default" {
            return None;
        }
        let of = code.modules.get(module.0 as usize)?;
        let mut packages = Vec::new();
        let mut unclear = false;
        for export in code.index(module)?.stars.iter().filter_map(|at| of.exports.get(*at)) {
            let ExportOf::From { specifier, .. } = &export.of else { continue };
            self.stars += 1;
            if self.stars > MOST_STARS {
                return None;
            }
            match code.target_ref(module, specifier) {
                Some(Target::Module(to)) => match self.export(*to, name, depth + 1) {
                    Some(Definition::Package(package, name)) => packages.push((package, name)),
                    Some(definition) => return Some(definition),
                    None => {}
                },
                Some(Target::Package(package)) => packages.push((package, name)),
                Some(Target::Missing) | None => unclear = true,
            }
        }
        // Which of several packages has it can't be told without them.
        packages.dedup();
        match packages[..] {
            [(package, name)] if !unclear => Some(Definition::Package(package, name)),
            _ => None,
        }
    }
}
