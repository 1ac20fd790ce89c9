//! The code of the repository: syntax, scopes, imports and what names stand for. Front ends lower each file to one
//! small model ([`Module`]) and drop their own trees; [`link`] puts the modules together. Knows no library, no framework
//! and no rule.

mod denote;
mod link;
mod model;
mod names;
mod resolve;
mod typescript;
pub mod walk;

pub use denote::{Denoted, Root, Step};
pub use link::link;
pub use model::*;
pub use names::{names_used, names_used_by};
pub use resolve::{is_configuration, is_mapping};

use std::collections::HashMap;

use crate::hash::Keyed;

/// Whether [`parse`] knows files with such a name.
pub fn handles(path: &str) -> bool {
    typescript::handles(path)
}

/// Parses one file and lowers it. What can't be parsed says why in [`Module::broken`], as does what is nested so deeply that
/// it would take too long or too much memory.
///
/// Of a list or object with more than 1,000 entries those after that are left out which are constant. An expression or
/// statement that is deeper than 300 in its function is [`Expr::Other`] of nothing, and more than 100 operators in a row
/// are [`Expr::Other`] of their operands. What JavaScript runs to make an exported value (`export default wrap(…)`,
/// `module.exports = …`) is in the body of the module as well as in the export. Of a Vue, Svelte or Astro file the scripts
/// are one module; its template is not read.
pub fn parse(path: &str, text: &str) -> Module {
    typescript::parse(path, text)
}

/// One module of a [`Code`]: an index into [`Code::modules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(pub u32);

/// A function anywhere.
pub type FunctionAt = (ModuleId, FunctionId);

/// Everything that was read, put together.
#[derive(Debug, Default)]
pub struct Code {
    /// Sorted by path.
    pub modules: Vec<std::sync::Arc<Module>>,
    by_path: HashMap<String, ModuleId>,
    /// For each module, what each specifier in it leads to.
    targets: Vec<HashMap<Name, Target, Keyed>>,
    /// For each module, the package that it belongs to.
    owners: Vec<Owner>,
    /// For each module, what is looked up in it by name.
    indexes: Vec<link::Index>,
}

/// The package that a module belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Owner {
    /// Which of those in the repository: the nearest `package.json` or `deno.json` above it.
    pub package: Option<usize>,
    /// Whether that is made for others to import: it has `exports` or types.
    pub is_library: bool,
}

/// Where a specifier leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To a module of the repository.
    Module(ModuleId),
    /// To a package that is not in the repository: `@clerk/nextjs/server`, `stripe` (of `npm:stripe@14`,
    /// `https://esm.sh/stripe@14`), `node:crypto`. Without version and registry.
    Package(Name),
    /// Into the repository, but to no file that is there: something generated, an asset.
    Missing,
}

/// What an import or export leads to in the end, through all re-exports.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Definition<'c> {
    /// A name bound in a module.
    Symbol(ModuleId, SymbolId),
    /// A value without a name: `export default { … }`.
    Value(ModuleId, &'c Expr),
    /// A module as a whole: `import * as db`.
    Module(ModuleId),
    /// An export of a package: the package, and the name (`default`, `*` for all of it).
    Package(&'c str, &'c str),
    /// It could not be told: a file that is not there, a circle.
    Unknown,
}

impl Code {
    /// A module.
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0 as usize]
    }

    /// A function.
    pub fn function(&self, at: FunctionAt) -> &Function {
        &self.module(at.0).functions[at.1.0 as usize]
    }

    /// The module at a path.
    pub fn at(&self, path: &str) -> Option<ModuleId> {
        self.by_path.get(path).copied()
    }

    /// The package that a module belongs to.
    pub fn owner_of(&self, module: ModuleId) -> Owner {
        self.owners.get(module.0 as usize).copied().unwrap_or_default()
    }

    /// Which modules of the repository each imports, itself or to pass something on; in no order.
    pub fn imports(&self) -> impl Iterator<Item = (ModuleId, ModuleId)> {
        self.targets.iter().enumerate().flat_map(|(from, targets)| {
            targets.values().filter_map(move |target| match target {
                Target::Module(to) => Some((ModuleId(from as u32), *to)),
                Target::Package(_) | Target::Missing => None,
            })
        })
    }

    /// Where a specifier in a module leads.
    pub fn target(&self, from: ModuleId, specifier: &str) -> Target {
        self.targets.get(from.0 as usize).and_then(|of| of.get(specifier)).cloned().unwrap_or(Target::Missing)
    }
}
