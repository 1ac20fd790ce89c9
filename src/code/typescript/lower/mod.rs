//! From the syntax tree to the model.

mod class;
mod expression;
mod function;
mod literal;
mod markup;
mod module;
mod names;
mod operator;
mod pattern;
mod statement;

use std::sync::Arc;

use oxc::ast::ast::{BindingIdentifier, IdentifierReference, Program};
use oxc::semantic::Scoping;

use self::names::Names;
use super::lines::Lines;
use crate::code::{Binding, Expr, Function, FunctionId, Import, Module, Name, Symbol, SymbolId};

/// How deep the tree of one function may be. What is deeper is [`Expr::Other`] of nothing.
const DEEPEST: u32 = 300;
/// The same through all functions around.
const DEEPEST_OF_ALL: u32 = 1_000;

/// What is on the way from a tree to a [`Module`].
struct Lower<'s> {
    text: &'s str,
    lines: Lines,
    scoping: &'s Scoping,
    names: Names,
    module: Module,
    /// The function that is being lowered.
    current: FunctionId,
    /// How deep it is in that function, and in all of them.
    depth: u32,
    depth_of_all: u32,
}

/// Lowers a program whose names are resolved.
pub(super) fn module(path: &str, program: &Program<'_>, scoping: &Scoping) -> Module {
    let text = program.source_text;
    let mut lower = Lower {
        text,
        lines: Lines::of(text),
        scoping,
        names: Names::new(text.len()),
        module: super::empty(path, None),
        current: FunctionId(0),
        depth: 0,
        depth_of_all: 0,
    };
    lower.symbols();
    lower.module.directives = lower.directives(&program.directives);
    let end = lower.lines.line(u32::try_from(text.len().saturating_sub(1)).unwrap_or(u32::MAX));
    let name = lower.name("");
    lower.module.functions.push(Function {
        name,
        params: Vec::new(),
        body: Vec::new(),
        is_async: false,
        directives: Vec::new(),
        decorators: Vec::new(),
        within: None,
        line: 1,
        end,
    });
    let body = lower.statements(&program.body);
    lower.module.functions[0].body = body;
    let mut module = lower.module;
    module.functions.shrink_to_fit();
    module.values.shrink_to_fit();
    module
}

impl Lower<'_> {
    /// Every name that is bound, in the numbering of the scopes.
    fn symbols(&mut self) {
        let scoping = self.scoping;
        self.module.symbols.reserve(scoping.symbols_len());
        for id in scoping.symbol_ids() {
            let name = self.name(scoping.symbol_name(id));
            self.module.symbols.push(Symbol {
                name,
                is: Binding::Other,
                reassigned: scoping.symbol_is_mutated(id),
                line: self.lines.line(scoping.symbol_span(id).start),
            });
        }
    }

    /// A name, shared within the module.
    fn name(&mut self, text: &str) -> Name {
        self.names.shared(text)
    }

    /// Says what a name is bound to. Whatever is declared twice counts as reassigned.
    fn bind(&mut self, identifier: &BindingIdentifier<'_>, is: Binding) {
        let Some(id) = symbol_of(identifier) else { return };
        let Some(symbol) = self.module.symbols.get_mut(id.0 as usize) else { return };
        if symbol.is == Binding::Other {
            symbol.is = is;
        } else {
            symbol.reassigned = true;
        }
    }

    /// What a name that is used is bound to here.
    fn resolve(&self, identifier: &IdentifierReference<'_>) -> Option<SymbolId> {
        let id = self.scoping.get_reference(identifier.reference_id.get()?).symbol_id()?;
        Some(symbol_id(id))
    }

    /// A name that is used.
    fn identifier(&mut self, identifier: &IdentifierReference<'_>) -> Expr {
        let symbol = self.resolve(identifier);
        match symbol.and_then(|id| self.module.symbols.get(id.0 as usize)) {
            Some(bound) => Expr::Name(Arc::clone(&bound.name), symbol),
            None if identifier.name.as_str() == "undefined" => Expr::Undefined,
            None => Expr::Name(self.name(identifier.name.as_str()), None),
        }
    }

    /// Goes one level down, if that is not too deep.
    fn enter(&mut self) -> bool {
        if self.depth >= DEEPEST || self.depth_of_all >= DEEPEST_OF_ALL {
            return false;
        }
        self.depth += 1;
        self.depth_of_all += 1;
        true
    }

    /// And up again.
    fn leave(&mut self) {
        self.depth -= 1;
        self.depth_of_all -= 1;
    }

    /// Notes that a module is loaded, without a name for it.
    fn loads(&mut self, specifier: &Name, line: u32) {
        let name = self.name("");
        let specifier = Arc::clone(specifier);
        self.module.imports.push(Import { specifier, name, symbol: None, types_only: false, line });
    }
}

fn symbol_of(identifier: &BindingIdentifier<'_>) -> Option<SymbolId> {
    identifier.symbol_id.get().map(symbol_id)
}

fn symbol_id(id: oxc::syntax::symbol::SymbolId) -> SymbolId {
    SymbolId(u32::try_from(id.index()).unwrap_or(u32::MAX))
}
