//! Whether anything that runs declares a route at all: a function that registers routes and that nobody calls, or a router
//! in a file that nobody imports, answers nothing.
//!
//! A mention counts as a call, wherever it stands in code that may run, and any file may be the one that is started:
//! so what nothing mentions is certain to be dead, but for those who load files by their names. Where there is such code,
//! or the package is made for others, it can't be told.

mod loaders;
mod mentions;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::Declared;
use super::judged::Cell;
use crate::code::walk::{Inner, each_expr};
use crate::code::{
    Binding, ClassId, Code, Expr, FunctionAt, FunctionId, Module, ModuleId, Root, Step, SymbolId, Target,
};
use crate::source::Role;
use loaders::Loaders;
use mentions::{Importer, Mention, Mentions};

/// So many names in a row, each mentioned only by the next, are followed.
const DEEPEST: u32 = 40;
/// So many functions on one line are looked at.
const MOST_AROUND: usize = 100;
/// So many are looked at, over all routes.
const MOST: u32 = 200_000;

/// Packages whose routers answer nothing until they are mounted.
const ROUTERS: &[&str] = &["express", "express-promise-router", "express-async-router", "router"];

/// What is known of whether a route is declared when the product runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// `Yes`, `No` or `Unknown`.
    pub answer: Cell,
    /// Why it isn't yes.
    pub says: String,
}

impl Reach {
    const YES: Reach = Reach { answer: Cell::Yes, says: String::new() };
}

/// Whether each of some routes is declared when the product runs. `unread`: what the files import that could not be parsed.
pub fn reach(code: &Code, declared: &[Declared<'_>], unread: &[&str]) -> Vec<Reach> {
    let mut search = Search::new(code, unread);
    declared
        .iter()
        .map(|route| match route.framework {
            "express" | "hono" | "fastify" => search.route(route),
            // Where a file stands, or what a class says of itself, is what makes the others.
            _ => Reach::YES,
        })
        .collect()
}

/// How sure it is that something runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Life {
    Dead,
    Untold,
    Alive,
}

/// Something at the top of a module that may run, or never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Item {
    module: ModuleId,
    symbol: SymbolId,
}

struct Search<'c> {
    code: &'c Code,
    known: HashMap<Item, Life>,
    exported: HashMap<(ModuleId, String), Life>,
    mentions: Mentions<'c>,
    unread: &'c [&'c str],
    /// For each module, the lines of calls at its top, and the name at the beginning of the first.
    tops: HashMap<ModuleId, HashMap<u32, Option<SymbolId>>>,
    /// For each module, the functions at its top: first line, last line.
    around: HashMap<ModuleId, Vec<(u32, u32, FunctionId)>>,
    loaders: Option<Loaders>,
    left: u32,
}

impl<'c> Search<'c> {
    fn new(code: &'c Code, unread: &'c [&'c str]) -> Self {
        let (known, exported) = (HashMap::new(), HashMap::new());
        Self {
            code,
            known,
            exported,
            mentions: Mentions::new(code),
            unread,
            tops: HashMap::new(),
            around: HashMap::new(),
            loaders: None,
            left: MOST,
        }
    }

    fn route(&mut self, route: &Declared<'_>) -> Reach {
        let told = match self.at_top(route) {
            Some(router) => self.router(route.module, router),
            None => self.functions(route.module, route.line),
        };
        let Some((life, name)) = told else {
            return Reach::YES;
        };
        let path = &self.code.module(route.module).path;
        match life {
            Life::Alive => Reach::YES,
            Life::Dead => {
                Reach { answer: Cell::No, says: format!("nothing calls or mounts {name} of {path}") }
            }
            Life::Untold => Reach {
                answer: Cell::Unknown,
                says: format!(
                    "nothing is seen to call or mount {name} of {path}, but code that loads files may"
                ),
            },
        }
    }

    /// The most that is known of the functions around a line at the top of a module, and the name of one.
    fn functions(&mut self, module: ModuleId, line: u32) -> Option<(Life, String)> {
        let mut most: Option<(Life, String)> = None;
        for function in self.around(module, line) {
            let symbol = holder(self.code, (module, function))?;
            let name = self.name(module, symbol);
            let life = self.item(Item { module, symbol }, 0);
            if most.as_ref().is_none_or(|(other, _)| life > *other) {
                most = Some((life, name));
            }
        }
        most
    }

    /// The functions at the top of a module around a line. None where it stands at the top itself.
    fn around(&mut self, module: ModuleId, line: u32) -> Vec<FunctionId> {
        let of = self.code.module(module);
        let tops = self.around.entry(module).or_insert_with(|| {
            let tops = (1..).map(FunctionId).zip(of.functions.iter().skip(1));
            let tops = tops.filter(|(_, function)| function.within == Some(FunctionId(0)));
            let mut tops: Vec<_> = tops.map(|(id, function)| (function.line, function.end, id)).collect();
            tops.sort_unstable();
            tops
        });
        // Those at the top of a module are not within each other: few can be around a line.
        let upto = tops.partition_point(|(first, ..)| *first <= line);
        let mut found: Vec<FunctionId> = Vec::new();
        for (first, last, id) in tops[..upto].iter().rev() {
            if *last >= line {
                found.push(*id);
            } else if *first < line {
                break;
            }
            if found.len() >= MOST_AROUND {
                break;
            }
        }
        found
    }

    /// What a route is put in by a call at the top of its module, if it is: `None` in it, if that has no name.
    fn at_top(&mut self, route: &Declared<'_>) -> Option<Option<SymbolId>> {
        let module = self.code.module(route.module);
        let lines = self.tops.entry(route.module).or_insert_with(|| {
            let mut lines = HashMap::new();
            let body = module.functions.first().map_or(&[][..], |top| &top.body);
            each_expr(module, body, Inner::Skip, &mut |expr| {
                if let Expr::Call(call) = expr {
                    lines.entry(call.line).or_insert_with(|| base(&call.callee));
                }
            });
            lines
        });
        lines.get(&route.line).copied()
    }

    /// What is known of the router of a module, if it is one, and its name.
    fn router(&mut self, module: ModuleId, symbol: Option<SymbolId>) -> Option<(Life, String)> {
        let symbol = symbol?;
        let made = self.code.denote_symbol(module, symbol);
        let Root::Package(package) = &made.root else { return None };
        let is_router = ROUTERS.contains(&package.as_ref())
            && matches!(made.path.last(), Some(Step::Call(..)))
            && (package.as_ref() != "express"
                || made.path.iter().any(|step| matches!(step, Step::Member(name) if **name == *"Router")));
        let is_own = matches!(self.code.module(module).symbols[symbol.0 as usize].is, Binding::Variable(..));
        if !is_router || !is_own {
            return None;
        }
        Some((self.item(Item { module, symbol }, 0), self.name(module, symbol)))
    }

    fn name(&self, module: ModuleId, symbol: SymbolId) -> String {
        self.code.module(module).symbols[symbol.0 as usize].name.to_string()
    }

    /// Whether something that runs mentions it.
    fn item(&mut self, item: Item, deep: u32) -> Life {
        if let Some(life) = self.known.get(&item) {
            return *life;
        }
        if deep > DEEPEST || self.left == 0 {
            return Life::Alive;
        }
        // Who is only mentioned by itself is not mentioned.
        self.known.insert(item, Life::Dead);
        let mut life = Life::Dead;
        for mention in self.mentions.of(item.module, item.symbol) {
            self.left = self.left.saturating_sub(1);
            life = life.max(match mention {
                Mention::Top => self.module(item.module),
                Mention::Within(symbol) if symbol == item.symbol => Life::Dead,
                Mention::Within(symbol) => self.item(Item { module: item.module, symbol }, deep + 1),
            });
            if life == Life::Alive {
                break;
            }
        }
        for name in self.mentions.exported_as(item.module, item.symbol) {
            if life == Life::Alive {
                break;
            }
            life = life.max(self.export(item.module, &name, deep + 1));
        }
        self.known.insert(item, life);
        life
    }

    /// What runs at the top of a module runs if anything starts or imports it, which tests do as well.
    fn module(&self, module: ModuleId) -> Life {
        match Role::of(&self.code.module(module).path) {
            Role::Test | Role::Fixture => Life::Untold,
            _ => Life::Alive,
        }
    }

    /// Whether something that runs asks for what a module exports under a name.
    fn export(&mut self, module: ModuleId, name: &str, deep: u32) -> Life {
        let key = (module, name.to_owned());
        if let Some(life) = self.exported.get(&key) {
            return *life;
        }
        if deep > DEEPEST || self.left == 0 {
            return Life::Alive;
        }
        self.exported.insert(key.clone(), Life::Dead);
        let mut life = self.asked_from_outside(module, name);
        for importer in self.mentions.importers(module) {
            self.left = self.left.saturating_sub(1);
            if life == Life::Alive {
                break;
            }
            life = life.max(match importer {
                // As a whole, what of it is used can be anything.
                Importer::Whole(by) => self.module(by),
                // `const { setup } = require("./auth")` asks for a part of the default.
                Importer::Named(by, asked, symbol)
                    if asked.as_ref() == name || asked.as_ref() == "*" || name == "default" =>
                {
                    self.item(Item { module: by, symbol }, deep + 1)
                }
                Importer::PassedOn(by, asked, given) if asked.as_ref() == name => {
                    self.export(by, &given.clone(), deep + 1)
                }
                Importer::All(by) if name != "default" => self.export(by, name, deep + 1),
                _ => Life::Dead,
            });
        }
        self.exported.insert(key, life);
        life
    }

    /// Whether somebody outside of the code may ask: one who installs the package, a platform, or code that loads files by
    /// their names.
    fn asked_from_outside(&mut self, module: ModuleId, name: &str) -> Life {
        let (code, unread) = (self.code, self.unread);
        let loaders = self.loaders.get_or_insert_with(|| Loaders::of(code, unread));
        let own = if code.owner_of(module).is_library { Life::Untold } else { Life::Dead };
        own.max(loaders.loads(code, module, name))
    }
}

/// The name that a function at the top of a module goes by: its own, that of the variable whose whole value it is, or
/// that of its class.
fn holder(code: &Code, at: FunctionAt) -> Option<SymbolId> {
    let module = code.module(at.0);
    let class: Option<ClassId> = code.class_of(at);
    if class.is_some_and(|class| !module.classes[class.0 as usize].decorators.is_empty()) {
        return None;
    }
    let is = |binding: &Binding| match (binding, class) {
        (Binding::Class(id), Some(class)) => *id == class,
        (Binding::Function(id), None) => *id == at.1,
        (Binding::Variable(FunctionId(0), Some(value)), class) => match &module.values[value.0 as usize] {
            Expr::Function(id) => class.is_none() && *id == at.1,
            Expr::Class(id) => Some(*id) == class,
            _ => false,
        },
        _ => false,
    };
    let found = module.symbols.iter().position(|symbol| is(&symbol.is))?;
    Some(SymbolId(found as u32))
}

/// The name at the beginning of `name.route("/x").get(…)`.
fn base(callee: &Expr) -> Option<SymbolId> {
    let Expr::Member(member) = callee else { return None };
    let mut at = &member.object;
    loop {
        at = match at {
            Expr::Name(_, symbol) => return *symbol,
            Expr::Member(member) => &member.object,
            Expr::Call(call) => &call.callee,
            _ => return None,
        };
    }
}

/// Where a specifier of a module leads in the repository.
fn to(code: &Code, module: ModuleId, specifier: &str) -> Option<ModuleId> {
    match code.target(module, specifier) {
        Target::Module(to) => Some(to),
        _ => None,
    }
}

/// The functions of a module that stand at its top, by those inside them.
fn outermost(module: &Module) -> Vec<FunctionId> {
    let mut of: Vec<FunctionId> = Vec::with_capacity(module.functions.len());
    for (at, function) in module.functions.iter().enumerate() {
        let own = FunctionId(at as u32);
        of.push(match function.within {
            None | Some(FunctionId(0)) => own,
            // What is around a function comes before it.
            Some(around) => of.get(around.0 as usize).copied().unwrap_or(own),
        });
    }
    of
}
