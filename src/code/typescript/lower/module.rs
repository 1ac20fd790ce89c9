//! Imports and exports, also those of CommonJS.

use std::sync::Arc;

use oxc::ast::ast::{
    BindingPattern, Declaration, ExportAllDeclaration, ExportDefaultDeclaration,
    ExportDefaultDeclarationKind, ExportFromDeclaration, ExportNamedDeclaration, ImportDeclaration,
    ImportDeclarationSpecifier, ModuleDeclaration, ModuleExportName, TSImportEqualsDeclaration,
    TSModuleReference, TSTypeName,
};

use super::{Lower, symbol_of};
use crate::code::{
    Assign, Binding, Entry, Export, ExportOf, Expr, FunctionId, Import, Member, Name, Pattern, Property,
    Stmt, SymbolId,
};

impl Lower<'_> {
    /// `import …` and `export …`.
    pub(super) fn module_declaration(&mut self, declaration: &ModuleDeclaration<'_>, out: &mut Vec<Stmt>) {
        match declaration {
            ModuleDeclaration::ImportDeclaration(import) => self.import(import),
            ModuleDeclaration::ExportAllDeclaration(export) => self.export_all(export),
            ModuleDeclaration::ExportNamedDeclaration(export) => self.export_names(export),
            ModuleDeclaration::ExportFromDeclaration(export) => self.export_from(export),
            ModuleDeclaration::ExportDefaultDeclaration(export) => self.export_default(export, out),
            ModuleDeclaration::ExportDeclaration(export) => {
                let line = self.lines.line(export.span.start);
                self.declaration(&export.declaration, out);
                self.export_declared(&export.declaration, line);
            }
            ModuleDeclaration::TSExportAssignment(export) => {
                let line = self.lines.line(export.span.start);
                let value = self.expr(&export.expression);
                self.export_whole(&value, line);
                run_value(value, out);
            }
            ModuleDeclaration::TSNamespaceExportDeclaration(_) => {}
        }
    }

    fn import(&mut self, import: &ImportDeclaration<'_>) {
        let specifier = self.name(import.source.value.as_str());
        let line = self.lines.line(import.span.start);
        let types = import.import_kind.is_type();
        let Some(specifiers) = import.specifiers.as_ref().filter(|specifiers| !specifiers.is_empty()) else {
            let name = self.name("");
            self.module.imports.push(Import { specifier, name, symbol: None, types_only: types, line });
            return;
        };
        for part in specifiers {
            let (name, local, types_only) = match part {
                ImportDeclarationSpecifier::ImportSpecifier(part) => {
                    (self.export_name(&part.imported), &part.local, types || part.import_kind.is_type())
                }
                ImportDeclarationSpecifier::ImportDefaultSpecifier(part) => {
                    (self.name("default"), &part.local, types)
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(part) => {
                    (self.name("*"), &part.local, types)
                }
            };
            let index = self.module.imports.len();
            self.bind(local, Binding::Import(u32::try_from(index).unwrap_or(u32::MAX)));
            let specifier = Arc::clone(&specifier);
            self.module.imports.push(Import { specifier, name, symbol: symbol_of(local), types_only, line });
        }
    }

    /// `import x = require("y")`, and `import x = a.b`, which is a variable.
    pub(super) fn import_equals(&mut self, import: &TSImportEqualsDeclaration<'_>, out: &mut Vec<Stmt>) {
        let line = self.lines.line(import.span.start);
        let symbol = symbol_of(&import.id);
        let value = match &import.module_reference {
            TSModuleReference::ExternalModuleReference(of) => {
                let (specifier, name) = (self.name(of.expression.value.as_str()), self.name("*"));
                let index = u32::try_from(self.module.imports.len()).unwrap_or(u32::MAX);
                self.bind(&import.id, Binding::Import(index));
                let types_only = import.import_kind.is_type();
                self.module.imports.push(Import { specifier, name, symbol, types_only, line });
                return;
            }
            TSModuleReference::IdentifierReference(identifier) => self.identifier(identifier),
            TSModuleReference::QualifiedName(qualified) => {
                let object = self.qualified(&qualified.left);
                let property = Property::Named(self.name(qualified.right.name.as_str()));
                Expr::Member(Box::new(Member { object, property, optional: false, line, begins: line }))
            }
        };
        let value = self.value(value);
        self.bind(&import.id, Binding::Variable(self.current, Some(value)));
        out.push(Stmt::Let(symbol.map_or(Pattern::Other, Pattern::Name), Some(value)));
    }

    fn qualified(&mut self, name: &TSTypeName<'_>) -> Expr {
        if !self.enter() {
            return Expr::Other(Vec::new());
        }
        let value = match name {
            TSTypeName::IdentifierReference(identifier) => self.identifier(identifier),
            TSTypeName::ThisExpression(_) => Expr::This,
            TSTypeName::QualifiedName(qualified) => {
                let object = self.qualified(&qualified.left);
                let property = Property::Named(self.name(qualified.right.name.as_str()));
                let line = self.lines.line(qualified.right.span.start);
                Expr::Member(Box::new(Member { object, property, optional: false, line, begins: line }))
            }
        };
        self.leave();
        value
    }

    /// What of a `require`d module gets a name: all of it, or a part. A part of a part is no import.
    pub(super) fn required_names(&mut self, pattern: &Pattern, specifier: &Name, line: u32) {
        let mut parts: Vec<(Name, SymbolId)> = Vec::new();
        match pattern {
            Pattern::Name(symbol) => parts.push((self.name("*"), *symbol)),
            Pattern::Object(entries) => {
                for (key, pattern, default) in entries {
                    if let (Pattern::Name(symbol), None) = (pattern, default)
                        && !key.is_empty()
                        && **key != *"*"
                    {
                        parts.push((Arc::clone(key), *symbol));
                    }
                }
            }
            _ => {}
        }
        if parts.is_empty() {
            self.loads(specifier, line);
        }
        for (name, symbol) in parts {
            let index = u32::try_from(self.module.imports.len()).unwrap_or(u32::MAX);
            if let Some(bound) = self.module.symbols.get_mut(symbol.0 as usize) {
                bound.is = Binding::Import(index);
            }
            let specifier = Arc::clone(specifier);
            self.module.imports.push(Import {
                specifier,
                name,
                symbol: Some(symbol),
                types_only: false,
                line,
            });
        }
    }

    fn export_name(&mut self, name: &ModuleExportName<'_>) -> Name {
        match name {
            ModuleExportName::IdentifierName(name) => self.name(name.name.as_str()),
            ModuleExportName::IdentifierReference(name) => self.name(name.name.as_str()),
            ModuleExportName::StringLiteral(name) => self.name(name.value.as_str()),
        }
    }

    /// `export * from "x"`, `export * as y from "x"`.
    fn export_all(&mut self, export: &ExportAllDeclaration<'_>) {
        let star = self.name("*");
        let name = match &export.exported {
            Some(name) => self.export_name(name),
            None => Arc::clone(&star),
        };
        let of = ExportOf::From { specifier: self.name(export.source.value.as_str()), name: star };
        let line = self.lines.line(export.span.start);
        self.module.exports.push(Export { name, of, types_only: export.export_kind.is_type(), line });
    }

    /// `export { a, b as c }`.
    fn export_names(&mut self, export: &ExportNamedDeclaration<'_>) {
        for part in &export.specifiers {
            let name = self.export_name(&part.exported);
            let of = match &part.local {
                ModuleExportName::IdentifierReference(identifier) => export_of(self.identifier(identifier)),
                other => {
                    let local = self.export_name(other);
                    ExportOf::Value(Expr::Name(local, None))
                }
            };
            let types_only = export.export_kind.is_type() || part.export_kind.is_type();
            let line = self.lines.line(part.span.start);
            self.module.exports.push(Export { name, of, types_only, line });
        }
    }

    /// `export { a, b as c } from "x"`. Without names the module is only run.
    fn export_from(&mut self, export: &ExportFromDeclaration<'_>) {
        let specifier = self.name(export.source.value.as_str());
        if export.specifiers.is_empty() {
            let line = self.lines.line(export.span.start);
            self.loads(&specifier, line);
        }
        for part in &export.specifiers {
            let name = self.export_name(&part.exported);
            let of =
                ExportOf::From { specifier: Arc::clone(&specifier), name: self.export_name(&part.local) };
            let types_only = export.export_kind.is_type() || part.export_kind.is_type();
            let line = self.lines.line(part.span.start);
            self.module.exports.push(Export { name, of, types_only, line });
        }
    }

    fn export_default(&mut self, export: &ExportDefaultDeclaration<'_>, out: &mut Vec<Stmt>) {
        let line = self.lines.line(export.span.start);
        let mut types_only = false;
        let of = match &export.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                if function.body.is_none() {
                    return;
                }
                let id = self.function(function, None);
                let symbol = function.id.as_ref().and_then(symbol_of);
                symbol.map_or(ExportOf::Value(Expr::Function(id)), ExportOf::Symbol)
            }
            ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                let id = self.class(class, None);
                let symbol = class.id.as_ref().and_then(symbol_of);
                symbol.map_or(ExportOf::Value(Expr::Class(id)), ExportOf::Symbol)
            }
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(interface) => {
                types_only = true;
                symbol_of(&interface.id).map_or(ExportOf::Value(Expr::Undefined), ExportOf::Symbol)
            }
            value => {
                let Some(value) = value.as_expression() else { return };
                let value = self.expr(value);
                run_value(value.clone(), out);
                export_of(value)
            }
        };
        let name = self.name("default");
        self.module.exports.push(Export { name, of, types_only, line });
    }

    /// `export const a = …`, `export function b() {}`, `export type C = …`.
    fn export_declared(&mut self, declaration: &Declaration<'_>, line: u32) {
        let (id, types_only) = match declaration {
            Declaration::VariableDeclaration(variables) => {
                for declarator in &variables.declarations {
                    self.export_pattern(&declarator.id, variables.declare, line);
                }
                return;
            }
            Declaration::FunctionDeclaration(function) => {
                // Overloads come before the function itself.
                if function.body.is_none() && !function.declare {
                    return;
                }
                (function.id.as_ref(), function.declare)
            }
            Declaration::ClassDeclaration(class) => (class.id.as_ref(), class.declare),
            Declaration::TSTypeAliasDeclaration(alias) => (Some(&alias.id), true),
            Declaration::TSInterfaceDeclaration(interface) => (Some(&interface.id), true),
            Declaration::TSEnumDeclaration(declaration) => (Some(&declaration.id), declaration.declare),
            Declaration::TSNamespaceDeclaration(namespace) => (Some(&namespace.id), namespace.declare),
            Declaration::TSImportEqualsDeclaration(import) => {
                (Some(&import.id), import.import_kind.is_type())
            }
            Declaration::TSExternalModuleDeclaration(_) | Declaration::TSGlobalDeclaration(_) => return,
        };
        let Some(id) = id else { return };
        let Some(symbol) = symbol_of(id) else { return };
        let name = self.name(id.name.as_str());
        self.module.exports.push(Export { name, of: ExportOf::Symbol(symbol), types_only, line });
    }

    /// Each name that a declaration binds.
    fn export_pattern(&mut self, pattern: &BindingPattern<'_>, types_only: bool, line: u32) {
        for identifier in pattern.get_binding_identifiers() {
            let Some(symbol) = symbol_of(identifier) else { continue };
            let name = self.name(identifier.name.as_str());
            self.module.exports.push(Export { name, of: ExportOf::Symbol(symbol), types_only, line });
        }
    }

    /// `module.exports = …`, `exports.a = …`, `module.exports.a = …`, and several of them in a row.
    pub(super) fn common_export(&mut self, assign: &Assign) {
        if self.current != FunctionId(0) {
            return;
        }
        let mut names: Vec<(Name, u32)> = Vec::new();
        let mut assign = assign;
        let value = loop {
            if let (Some(name), false) = (common_name(&assign.target), assign.adds) {
                names.push((name, assign.line));
            }
            match &assign.value {
                Expr::Assign(inner) => assign = inner,
                value => break value,
            }
        };
        let mut is_exported = false;
        for (place, (name, line)) in names.into_iter().enumerate() {
            if name.is_empty() {
                if !is_exported {
                    self.export_whole(value, line);
                }
                is_exported = true;
                continue;
            }
            // One value with many names is kept once, unless it is small.
            let of = if place == 0 || is_small(value) {
                export_of(value.clone())
            } else {
                ExportOf::Value(Expr::Other(Vec::new()))
            };
            self.module.exports.push(Export { name, of, types_only: false, line });
        }
    }

    /// `module.exports = value`: the default, and each of its properties.
    fn export_whole(&mut self, value: &Expr, line: u32) {
        let mut exports = vec![(self.name("default"), export_of(value.clone()))];
        match value {
            Expr::Import(specifier) => {
                let star = self.name("*");
                exports[0].1 =
                    ExportOf::From { specifier: Arc::clone(specifier), name: self.name("default") };
                exports.push((
                    Arc::clone(&star),
                    ExportOf::From { specifier: Arc::clone(specifier), name: star },
                ));
            }
            Expr::Object(entries) => {
                for entry in entries {
                    match entry {
                        Entry::Pair(name, value) if !name.is_empty() => {
                            exports.push((Arc::clone(name), export_of(value.clone())));
                        }
                        Entry::Spread(Expr::Import(specifier)) => {
                            let star = self.name("*");
                            let specifier = Arc::clone(specifier);
                            exports.push((Arc::clone(&star), ExportOf::From { specifier, name: star }));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        let exports = exports.into_iter().map(|(name, of)| Export { name, of, types_only: false, line });
        self.module.exports.extend(exports);
    }
}

/// What an exported value is: a name stands for what it is bound to.
fn export_of(value: Expr) -> ExportOf {
    match value {
        Expr::Name(_, Some(symbol)) => ExportOf::Symbol(symbol),
        Expr::Member(member) => match (&member.object, &member.property) {
            (Expr::Import(specifier), Property::Named(name)) => {
                ExportOf::From { specifier: Arc::clone(specifier), name: Arc::clone(name) }
            }
            _ => ExportOf::Value(Expr::Member(member)),
        },
        value => ExportOf::Value(value),
    }
}

fn is_small(value: &Expr) -> bool {
    !matches!(value, Expr::Object(_) | Expr::List(_) | Expr::Call(_) | Expr::Template(..) | Expr::Other(_))
}

/// What is run to make an exported value, so that no call is lost. Names, functions and classes are nothing to run.
fn run_value(value: Expr, out: &mut Vec<Stmt>) {
    if !matches!(value, Expr::Name(..) | Expr::Function(_) | Expr::Class(_)) {
        out.push(Stmt::Expr(value));
    }
}

/// `a` of `exports.a` and `module.exports.a`; `""` of `module.exports`.
fn common_name(target: &Pattern) -> Option<Name> {
    let Pattern::Place(place) = target else { return None };
    let Expr::Member(member) = &**place else { return None };
    let Property::Named(name) = &member.property else { return None };
    let is_whole = is_global(&member.object, "module") && **name == *"exports";
    if is_whole {
        return Some(Name::from(""));
    }
    let of_exports = is_global(&member.object, "exports")
        || matches!(&member.object, Expr::Member(inner)
            if is_global(&inner.object, "module")
                && matches!(&inner.property, Property::Named(name) if **name == *"exports"));
    of_exports.then(|| Arc::clone(name))
}

fn is_global(expression: &Expr, name: &str) -> bool {
    matches!(expression, Expr::Name(written, None) if **written == *name)
}
