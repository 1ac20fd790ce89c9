//! From an expression to where its value comes from.

use super::super::{
    Binding, ClassId, Code, Definition, Expr, FunctionAt, LogicalOp, Module, ModuleId, Name, Pattern,
    Property, SymbolId, Target,
};
use super::choose::one_of;
use super::{Denoted, Root, Step};

/// How many names are followed one after the other.
pub(super) const DEEPEST: u32 = 24;
/// How much is looked at for one answer.
const MOST_STEPS: u32 = 2000;
/// How many entries or statements cost as much as a step.
const CHEAP: usize = 16;
/// How many entries of an object or a pattern are looked through for a name.
pub(super) const MOST_ENTRIES: usize = 2000;

/// What `this` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct This {
    pub module: ModuleId,
    pub class: ClassId,
    /// In a static method it is the class itself.
    pub is_static: bool,
}

/// What was found on the way.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found<'c> {
    /// All of a module: `import * as db`, `require("./db")`.
    Module(ModuleId),
    Is(Denoted<'c>),
}

/// One question, with what it may cost.
pub(super) struct Follow<'c> {
    pub code: &'c Code,
    steps: u32,
    depth: u32,
}

impl<'c> From<Denoted<'c>> for Found<'c> {
    fn from(denoted: Denoted<'c>) -> Self {
        Self::Is(denoted)
    }
}

impl<'c> From<Root<'c>> for Found<'c> {
    fn from(root: Root<'c>) -> Self {
        Self::Is(Denoted::of(root))
    }
}

impl Code {
    /// What `this` is in a function.
    pub(super) fn this_in(&self, at: FunctionAt) -> Option<This> {
        let (class, is_static) = self.owner(at)?;
        Some(This { module: at.0, class, is_static })
    }
}

impl<'c> Follow<'c> {
    pub(super) fn new(code: &'c Code) -> Self {
        Self { code, steps: 0, depth: 0 }
    }

    pub(super) fn denote(&mut self, module: ModuleId, this: Option<This>, expr: &'c Expr) -> Denoted<'c> {
        let found = self.expr(module, this, expr);
        self.settle(found)
    }

    /// A module as a whole, where something else than a member of it is asked for.
    pub(super) fn settle(&mut self, found: Found<'c>) -> Denoted<'c> {
        match found {
            Found::Is(denoted) => denoted,
            // What CommonJS exports as a whole is its default.
            Found::Module(module) => match self.export(module, "default") {
                Some(Found::Is(denoted)) => denoted,
                _ => Denoted::unknown(),
            },
        }
    }

    /// One step deeper; nothing where that is too deep, or took too long.
    pub(super) fn deeper<T>(&mut self, follow: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.steps += 1;
        if self.depth >= DEEPEST || self.steps > MOST_STEPS {
            return None;
        }
        self.depth += 1;
        let found = follow(self);
        self.depth -= 1;
        found
    }

    /// Counts what is only gone through.
    pub(super) fn pay(&mut self, looked_at: usize) {
        let steps = u32::try_from(looked_at / CHEAP).unwrap_or(u32::MAX);
        self.steps = self.steps.saturating_add(steps);
    }

    pub(super) fn of_module(&self, module: ModuleId) -> Option<&'c Module> {
        self.code.modules.get(module.0 as usize).map(|module| &**module)
    }

    pub(super) fn expr(&mut self, module: ModuleId, this: Option<This>, expr: &'c Expr) -> Found<'c> {
        self.deeper(|follow| Some(follow.chain(module, this, expr))).unwrap_or(Root::Unknown.into())
    }

    /// Members and calls are gone through without going deeper: builders are long.
    fn chain(&mut self, module: ModuleId, this: Option<This>, expr: &'c Expr) -> Found<'c> {
        let mut links = Vec::new();
        let mut inner = expr;
        loop {
            inner = match inner {
                Expr::Member(member) => {
                    links.push(inner);
                    &member.object
                }
                Expr::Call(call) => match passed_on(&call.callee, &call.args) {
                    Some(same) => same,
                    None => {
                        links.push(inner);
                        &call.callee
                    }
                },
                Expr::Await(awaited) => awaited,
                _ => break,
            };
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return Root::Unknown.into();
            }
        }
        let mut found = self.start(module, this, inner);
        for link in links.into_iter().rev() {
            found = match link {
                Expr::Member(member) => match &member.property {
                    Property::Named(name) => self.member(found, name),
                    Property::Computed(key) => match self.constant_index(module, key) {
                        Some(name) => self.member_named(found, name),
                        None => self.settle(found).then(Step::Element).into(),
                    },
                },
                Expr::Call(call) => self.settle(found).then(Step::Call(module, call)).into(),
                _ => found,
            };
        }
        found
    }

    fn start(&mut self, module: ModuleId, this: Option<This>, expr: &'c Expr) -> Found<'c> {
        match expr {
            Expr::Name(name, None) => Root::Global(name.clone()).into(),
            Expr::Name(_, Some(symbol)) => self.symbol(module, *symbol).unwrap_or(Root::Unknown.into()),
            Expr::This => match this {
                Some(this) if this.is_static => Root::Class(this.module, this.class).into(),
                Some(this) => Found::Is(super::members::instance(this.module, this.class)),
                None => Root::This.into(),
            },
            Expr::Super => self.above_this(this),
            Expr::Function(id) => Root::Function((module, *id)).into(),
            Expr::Class(id) => Root::Class(module, *id).into(),
            Expr::Import(specifier) => self.required(module, specifier).unwrap_or(Root::Unknown.into()),
            Expr::Logical(LogicalOp::And, sides) => self.expr(module, this, &sides[1]),
            Expr::Logical(LogicalOp::Or | LogicalOp::Coalesce, sides) => {
                let sides = sides.iter().map(|side| self.denote(module, this, side)).collect();
                one_of(sides).into()
            }
            Expr::Conditional(parts) => {
                let sides = parts[1..].iter().map(|side| self.denote(module, this, side)).collect();
                one_of(sides).into()
            }
            Expr::Assign(assign) if !assign.adds => self.expr(module, this, &assign.value),
            Expr::Object(_)
            | Expr::List(_)
            | Expr::Text(_)
            | Expr::Template(..)
            | Expr::Number(_)
            | Expr::Bool(_)
            | Expr::Null
            | Expr::Undefined
            | Expr::Regex(_)
            | Expr::Markup(_) => Root::Value(module, expr).into(),
            _ => Root::Unknown.into(),
        }
    }

    fn required(&mut self, module: ModuleId, specifier: &str) -> Option<Found<'c>> {
        Some(match self.code.target_ref(module, specifier)? {
            Target::Module(to) => Found::Module(*to),
            Target::Package(package) => Root::Package(package.clone()).into(),
            Target::Missing => return None,
        })
    }

    /// What a module exports under a name: `default` of a module that only has names is the module.
    pub(super) fn export(&mut self, module: ModuleId, name: &'c str) -> Option<Found<'c>> {
        let definition = self.code.definition(module, name);
        self.defined(definition).or_else(|| self.of_common_js(module, name))
    }

    /// `import { a }` of `module.exports = { a }`, and `import x` of `exports.a = …`.
    fn of_common_js(&mut self, module: ModuleId, name: &str) -> Option<Found<'c>> {
        if name == "default" {
            let exports = &self.of_module(module)?.exports;
            return (!exports.is_empty()).then_some(Found::Module(module));
        }
        self.code.own_export(module, "default")?;
        self.deeper(|follow| {
            let definition = follow.code.definition(module, "default");
            let default = follow.defined(definition)?;
            match follow.member_named(default, name.into()) {
                // That there is such a member must be seen.
                Found::Is(denoted) if matches!(denoted.root, Root::Value(..)) && !denoted.path.is_empty() => {
                    None
                }
                found => Some(found),
            }
        })
    }

    /// `None`: it could not be told.
    fn defined(&mut self, definition: Definition<'c>) -> Option<Found<'c>> {
        Some(match definition {
            Definition::Symbol(module, symbol) => return self.deeper(|f| f.bound(module, symbol)),
            Definition::Value(module, value) => self.expr(module, None, value),
            Definition::Module(module) => Found::Module(module),
            Definition::Package(package, "*") => Root::Package(package.into()).into(),
            Definition::Package(package, name) => {
                Denoted::of(Root::Package(package.into())).then(Step::Member(name.into())).into()
            }
            Definition::Unknown => return None,
        })
    }

    pub(super) fn symbol(&mut self, module: ModuleId, symbol: SymbolId) -> Option<Found<'c>> {
        let of = self.of_module(module)?;
        // An import is asked by name, so that what CommonJS exports is found as well.
        if let Binding::Import(import) = of.symbols.get(symbol.0 as usize)?.is {
            let import = of.imports.get(import as usize)?;
            if let Target::Module(to) = self.code.target_ref(module, &import.specifier)? {
                return match &*import.name {
                    "*" => Some(Found::Module(*to)),
                    name => self.deeper(|follow| follow.export(*to, name)),
                };
            }
        }
        let definition = self.code.of_symbol(module, symbol);
        self.defined(definition)
    }

    /// What is bound in the module itself.
    fn bound(&mut self, module: ModuleId, id: SymbolId) -> Option<Found<'c>> {
        let of = self.of_module(module)?;
        let symbol = of.symbols.get(id.0 as usize)?;
        match &symbol.is {
            Binding::Import(_) => self.symbol(module, id),
            Binding::Function(function) if !symbol.reassigned => {
                Some(Root::Function((module, *function)).into())
            }
            Binding::Class(class) if !symbol.reassigned => Some(Root::Class(module, *class).into()),
            Binding::Param(function, at) if !symbol.reassigned => {
                let param = of.functions.get(function.0 as usize)?.params.get(*at as usize)?;
                let mut found = Found::from(Root::Param(module, *function, *at));
                for name in way_to(&param.pattern, id)? {
                    found = self.part_named(found, name);
                }
                Some(found)
            }
            Binding::Variable(function, value) if symbol.reassigned => {
                let value = value.and_then(|value| of.values.get(value.0 as usize));
                Some(self.assigned((module, *function), id, value).into())
            }
            Binding::Variable(function, Some(value)) => {
                let this = self.code.this_in((module, *function));
                Some(self.expr(module, this, of.values.get(value.0 as usize)?))
            }
            Binding::Part(function, path, value) if !symbol.reassigned => {
                let this = self.code.this_in((module, *function));
                let mut found = self.expr(module, this, of.values.get(value.0 as usize)?);
                for name in path {
                    found = self.part(found, name);
                }
                Some(found)
            }
            Binding::Part(function, _, _) => Some(self.assigned((module, *function), id, None).into()),
            Binding::Caught(_) => Some(Root::Caught.into()),
            _ => None,
        }
    }

    /// A part of what is destructured. The rest of something is taken for all of it: it has the same members.
    pub(super) fn part(&mut self, found: Found<'c>, name: &'c Name) -> Found<'c> {
        match &**name {
            "*" | "" => self.part_named(found, name.clone()),
            _ => self.member(found, name),
        }
    }

    pub(super) fn part_named(&mut self, found: Found<'c>, name: Name) -> Found<'c> {
        match &*name {
            "*" => found,
            "" => self.settle(found).then(Step::Element).into(),
            _ => self.member_named(found, name),
        }
    }

    /// `a["b"]` and `a[NAME]`.
    fn constant_index(&mut self, module: ModuleId, key: &'c Expr) -> Option<Name> {
        self.deeper(|follow| follow.text(module, key)).map(Name::from)
    }
}

/// `f.bind(x)` is `f`, and `Object.freeze(x)` is `x`.
fn passed_on<'c>(callee: &'c Expr, args: &'c [Expr]) -> Option<&'c Expr> {
    let Expr::Member(member) = callee else { return None };
    let Property::Named(name) = &member.property else { return None };
    match (&**name, &member.object) {
        ("bind", object) => Some(object),
        ("freeze" | "seal", Expr::Name(object, None)) if &**object == "Object" => args.first(),
        _ => None,
    }
}

/// The parts of a pattern on the way to a name.
pub(super) fn way_to(pattern: &Pattern, symbol: SymbolId) -> Option<Vec<Name>> {
    let mut way = Vec::new();
    let mut left = MOST_ENTRIES;
    search(pattern, symbol, &mut way, &mut left).then_some(way)
}

fn search(pattern: &Pattern, symbol: SymbolId, way: &mut Vec<Name>, left: &mut usize) -> bool {
    if *left == 0 || way.len() > DEEPEST as usize {
        return false;
    }
    *left -= 1;
    let mut inside = |name: Name, inner: &Pattern, way: &mut Vec<Name>| {
        way.push(name);
        let found = search(inner, symbol, way, left);
        if !found {
            way.pop();
        }
        found
    };
    match pattern {
        Pattern::Name(name) => *name == symbol,
        Pattern::Object(entries) => entries.iter().any(|(name, inner, _)| inside(name.clone(), inner, way)),
        Pattern::List(items) => {
            let mut items = items.iter().enumerate();
            items.any(|(i, item)| item.as_ref().is_some_and(|inner| inside(i.to_string().into(), inner, way)))
        }
        Pattern::Place(_) | Pattern::Other => false,
    }
}
