//! Which modules are run, in which order, and what they export.

use std::collections::HashMap;

use memchr::memmem::Finder;

use super::{Flow, Frame, Is, Library, LibraryStep, Run, State, Value};
use crate::code::{Binding, Code, ExportOf, Expr, FunctionId, Import, ModuleId, Name, Stmt, Target};
use crate::source::Role;

/// Re-exports of re-exports.
const THROUGH: u32 = 16;

/// Whether routes of this file are routes of the product.
pub(super) fn is_product(path: &str) -> bool {
    !matches!(Role::of(path), Role::Test | Role::Fixture | Role::Vendored | Role::Generated)
}

/// Modules that name one of the packages, and those together with all that import such.
pub(super) fn relevant(code: &Code, packages: &[&str]) -> (Vec<bool>, Vec<bool>) {
    let count = code.modules.len();
    let mut direct = vec![false; count];
    // A specifier of a package has its name in it, whatever is around it: `npm:hono@4`.
    let names: Vec<Finder> = packages.iter().map(Finder::new).collect();
    for (at, module) in code.modules.iter().enumerate() {
        let may = |import: &&Import| {
            let specifier = import.specifier.as_bytes();
            !specifier.starts_with(b".") && names.iter().any(|name| name.find(specifier).is_some())
        };
        direct[at] = module.imports.iter().filter(may).any(|import| {
            match code.target(ModuleId(at as u32), &import.specifier) {
                Target::Package(name) => packages.contains(&name.as_ref()),
                _ => false,
            }
        }) && is_product(&module.path);
    }
    if !direct.contains(&true) {
        return (direct.clone(), direct);
    }
    let mut importers: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (at, module) in code.modules.iter().enumerate() {
        if !is_product(&module.path) {
            continue;
        }
        for import in &module.imports {
            if import.types_only {
                continue;
            }
            if let Target::Module(to) = code.target(ModuleId(at as u32), &import.specifier) {
                importers[to.0 as usize].push(at);
            }
        }
        for export in &module.exports {
            let ExportOf::From { specifier, .. } = &export.of else { continue };
            if let Target::Module(to) = code.target(ModuleId(at as u32), specifier) {
                importers[to.0 as usize].push(at);
            }
        }
    }
    let mut relevant = direct.clone();
    let mut waiting: Vec<usize> = (0..count).filter(|at| direct[*at]).collect();
    while let Some(at) = waiting.pop() {
        for importer in &importers[at] {
            if !relevant[*importer] {
                relevant[*importer] = true;
                waiting.push(*importer);
            }
        }
    }
    (direct, relevant)
}

impl<'c> Run<'c> {
    /// The relevant modules, each after those that it imports, as far as there is no circle.
    pub(super) fn order(&self) -> Vec<ModuleId> {
        let count = self.code.modules.len();
        let mut seen = vec![false; count];
        let mut order = Vec::new();
        for first in 0..count {
            if !self.relevant[first] || seen[first] {
                continue;
            }
            seen[first] = true;
            // Each with the place in its imports that is next.
            let mut path = vec![(first, 0)];
            while let Some((at, next)) = path.pop() {
                let module = ModuleId(at as u32);
                let Some(import) = self.module(module).imports.get(next) else {
                    order.push(module);
                    continue;
                };
                path.push((at, next + 1));
                if import.types_only {
                    continue;
                }
                if let Target::Module(to) = self.code.target(module, &import.specifier) {
                    let to = to.0 as usize;
                    if self.relevant[to] && !seen[to] {
                        seen[to] = true;
                        path.push((to, 0));
                    }
                }
            }
        }
        order
    }

    /// Runs a module, if that has not begun yet, and gives its frame.
    pub(super) fn begin(&mut self, module: ModuleId) -> usize {
        if let State::Begun(frame) = self.states[module.0 as usize] {
            return frame;
        }
        let frame = self.push_frame(module, FunctionId(0), None);
        self.states[module.0 as usize] = State::Begun(frame);
        if let Some(top) = self.module(module).functions.first() {
            // What is true where a module is first asked for says nothing about the module.
            let branches = std::mem::take(&mut self.branches);
            self.returned.push(None);
            let _: Flow = self.statements(frame, &top.body);
            self.returned.pop();
            self.branches = branches;
        }
        frame
    }

    pub(super) fn push_frame(
        &mut self,
        module: ModuleId,
        function: FunctionId,
        parent: Option<usize>,
    ) -> usize {
        let names = HashMap::new();
        self.frames.push(Frame { module, function, parent, this: None, home: None, names });
        self.frames.len() - 1
    }

    /// What an import of a module's stands for.
    pub(super) fn imported(&mut self, module: ModuleId, import: u32) -> Value<'c> {
        let Some(import) = self.module(module).imports.get(import as usize) else { return Value::unknown() };
        match self.code.target(module, &import.specifier) {
            Target::Module(to) if import.name.as_ref() == "*" => Value::of(Is::Module(to)),
            Target::Module(to) => self.export(to, &import.name),
            Target::Package(package) => Value::of(self.package(package, &import.name)),
            Target::Missing => Value::unknown(),
        }
    }

    /// What `import("x")` and `require("x")` stand for.
    pub(super) fn whole(&mut self, module: ModuleId, specifier: &Name) -> Is {
        match self.code.target(module, specifier) {
            Target::Module(to) => Is::Module(to),
            Target::Package(package) => self.package(package, "*"),
            Target::Missing => Is::Unknown,
        }
    }

    /// Something of a package, if anybody asks for it: of others it is only known that they are unknown.
    fn package(&mut self, package: Name, name: &str) -> Is {
        let asked = self.framework.packages().contains(&package.as_ref());
        if !asked && !matches!(package.as_ref(), "path" | "node:path") {
            return Is::Unknown;
        }
        let steps = if name == "*" { Vec::new() } else { vec![LibraryStep::Member(name.into())] };
        self.new_library(Library { package, steps })
    }

    pub(super) fn new_library(&mut self, library: Library<'c>) -> Is {
        self.libraries.push(library);
        Is::Library(self.libraries.len() - 1)
    }

    /// What a module exports under a name.
    pub(super) fn export(&mut self, module: ModuleId, name: &str) -> Value<'c> {
        let outer = std::mem::take(&mut self.asked);
        let found = self.export_through(module, name, THROUGH).unwrap_or_else(Value::unknown);
        self.asked = outer;
        found
    }

    fn export_through(&mut self, module: ModuleId, name: &str, left: u32) -> Option<Value<'c>> {
        if left == 0 || !self.tick(1) {
            return None;
        }
        let of = self.module(module);
        let index = self.indices.entry(module).or_insert_with(|| {
            // The last one counts: `module.exports` may be given twice.
            of.exports.iter().enumerate().map(|(at, export)| (export.name.as_ref(), at)).collect()
        });
        if let Some(at) = index.get(name).copied() {
            match &of.exports[at].of {
                ExportOf::Symbol(symbol) => {
                    let frame = self.begin(module);
                    return Some(self.lookup(frame, *symbol));
                }
                ExportOf::Value(expr) => {
                    if let Some(value) = self.exported.get(&(module, at)) {
                        return Some(value.clone());
                    }
                    let frame = self.begin(module);
                    // A circle finds nothing.
                    self.exported.insert((module, at), Value::unknown());
                    let value = match self.already_run(module, name, expr, left) {
                        Some(value) => value,
                        None => self.eval(frame, expr).or_from((module, expr)),
                    };
                    self.exported.insert((module, at), value.clone());
                    return Some(value);
                }
                ExportOf::From { specifier, name } => {
                    let (specifier, name) = (specifier.clone(), name.clone());
                    return self.export_of_specifier(module, &specifier, &name, left);
                }
            }
        }
        // Who was asked once has nothing new to say.
        if !self.asked.insert((module, name.to_owned())) {
            return None;
        }
        for export in &of.exports {
            let ExportOf::From { specifier, .. } = &export.of else { continue };
            if export.name.as_ref() != "*" || name == "default" || export.types_only {
                continue;
            }
            let found = self.export_of_specifier(module, specifier, name, left);
            if found.as_ref().is_some_and(|v| !matches!(v.is, Is::Unknown)) {
                return found;
            }
        }
        if name == "default" {
            return None;
        }
        // `import { a }` from a module with `module.exports = { a }`.
        let whole = self.export_through(module, "default", left - 1)?;
        match whole.is {
            Is::Object(_) | Is::Class(..) => Some(self.member(&whole, name)),
            _ => None,
        }
    }

    /// The value of an exported expression that the module has run already: it must not be made twice.
    fn already_run(&mut self, module: ModuleId, name: &str, expr: &Expr, left: u32) -> Option<Value<'c>> {
        if name != "default" {
            // `module.exports = { a: make() }` exports `a`, and `default` with it.
            let whole = self.export_through(module, "default", left - 1);
            if let Some(field) = whole.and_then(|whole| self.field(&whole, name)) {
                return Some(field);
            }
        }
        let body = &self.module(module).functions.first()?.body;
        if !self.tick(body.len()) {
            return None;
        }
        for statement in body {
            let Stmt::Expr(run) = statement else { continue };
            let mut of = run;
            while let Expr::Assign(assign) = of {
                of = &assign.value;
            }
            if of == expr {
                return self.run_already.get(&(std::ptr::from_ref(run) as usize)).cloned();
            }
        }
        None
    }

    fn export_of_specifier(
        &mut self,
        module: ModuleId,
        specifier: &str,
        name: &str,
        left: u32,
    ) -> Option<Value<'c>> {
        match self.code.target(module, specifier) {
            Target::Module(to) if name == "*" => Some(Value::of(Is::Module(to))),
            Target::Module(to) => self.export_through(to, name, left - 1),
            Target::Package(package) => Some(Value::of(self.package(package, name))),
            Target::Missing => None,
        }
    }

    /// The value of a name.
    pub(super) fn lookup(&mut self, frame: usize, symbol: crate::code::SymbolId) -> Value<'c> {
        let mut at = Some(frame);
        while let Some(frame) = at {
            if let Some(value) = self.frames[frame].names.get(&symbol) {
                return value.clone();
            }
            at = self.frames[frame].parent;
        }
        let module = self.frames[frame].module;
        let Some(bound) = self.module(module).symbols.get(symbol.0 as usize) else { return Value::unknown() };
        match &bound.is {
            Binding::Import(import) => {
                let value = self.imported(module, *import);
                // In a circle of imports it may be known later.
                let specifier =
                    self.module(module).imports.get(*import as usize).map(|import| &import.specifier);
                let outside = specifier.is_some_and(|specifier| {
                    !matches!(self.code.target(module, specifier), Target::Module(_))
                });
                if outside || !matches!(value.is, Is::Unknown) {
                    let top = self.begin(module);
                    self.frames[top].names.insert(symbol, value.clone());
                }
                value
            }
            Binding::Function(id) => Value::of(self.closure(frame, *id)),
            Binding::Class(id) => Value::of(Is::Class(module, *id)),
            // Used before its line is reached: only functions wait for that.
            Binding::Variable(_, Some(value)) => match &self.module(module).values[value.0 as usize] {
                Expr::Function(id) => Value::of(self.closure(frame, *id)),
                Expr::Class(id) => Value::of(Is::Class(module, *id)),
                _ => Value::unknown(),
            },
            _ => Value::unknown(),
        }
    }
}
