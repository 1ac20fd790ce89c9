//! What an expression stands for, as far as declarations and imports tell.

mod choose;
mod constant;
mod follow;
mod members;
#[cfg(test)]
mod tests;

use super::{Call, ClassId, Code, Expr, FunctionAt, FunctionId, ModuleId, Name, SymbolId};
use follow::{Follow, Found};

/// What an expression stands for: where it comes from, and what was done with that.
///
/// `await` and parentheses leave no trace. With `import Stripe from "stripe"; const stripe = new Stripe(key)`,
/// `stripe.webhooks.constructEvent` has the root `Package("stripe")` and the path
/// `default`, call (with [`Call::is_new`]), `webhooks`, `constructEvent`.
#[derive(Debug, Clone, PartialEq)]
pub struct Denoted<'c> {
    /// Where it comes from.
    pub root: Root<'c>,
    /// What was done with it, in order.
    pub path: Vec<Step<'c>>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Root<'c> {
    /// A package; the first step of the path is the name of the export (none for `import * as x`).
    Package(Name),
    /// A name that nothing binds: `process`, `Deno`, `fetch`.
    Global(Name),
    /// A function of the repository. A method that is reached through `new X()` or `this` is one as well.
    Function(FunctionAt),
    /// A class of the repository; a call with [`Call::is_new`] makes an instance.
    Class(ModuleId, ClassId),
    /// A parameter: of which function, the how-manieth.
    Param(ModuleId, FunctionId, u32),
    /// `this`, where no class tells what it is.
    This,
    /// What a `catch` caught.
    Caught,
    /// A value that is written down: an object, a list, a text, a template.
    Value(ModuleId, &'c Expr),
    /// It could not be told.
    Unknown,
}

/// What was done with a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Step<'c> {
    /// `.name`, `["name"]`, or a destructured part; a place in a list is its number.
    Member(Name),
    /// It was called, or made with `new`: in which module, and how.
    Call(ModuleId, &'c Call),
    /// A member whose name is not constant.
    Element,
}

impl Code {
    /// What an expression stands for. `this` is [`Root::This`], since it isn't known in which function the expression
    /// stands: see [`Code::denote_in`].
    pub fn denote<'c>(&'c self, module: ModuleId, expr: &'c Expr) -> Denoted<'c> {
        Follow::new(self).denote(module, None, expr)
    }

    /// What an expression in a function stands for: there `this` is an instance of the class around it.
    pub fn denote_in<'c>(&'c self, at: FunctionAt, expr: &'c Expr) -> Denoted<'c> {
        Follow::new(self).denote(at.0, self.this_in(at), expr)
    }

    /// What a name bound in a module stands for. A module as a whole (`import * as db`) can't be told: ask about its members.
    pub fn denote_symbol(&self, module: ModuleId, symbol: SymbolId) -> Denoted<'_> {
        let mut follow = Follow::new(self);
        match follow.symbol(module, symbol) {
            Some(Found::Is(denoted)) => denoted,
            // `module.exports = …` is all that there is.
            Some(Found::Module(of))
                if self.module(of).exports.iter().all(|export| &*export.name == "default") =>
            {
                follow.settle(Found::Module(of))
            }
            _ => Denoted::unknown(),
        }
    }

    /// What the name of a type in a module stands for, if that is bound there.
    pub fn denote_type(&self, module: ModuleId, name: &str) -> Option<Denoted<'_>> {
        Some(self.denote_symbol(module, self.type_symbol(module, name)?))
    }

    /// The function that something stands for, if it is one of the repository and nothing was done with it.
    pub fn function_of(&self, denoted: &Denoted) -> Option<FunctionAt> {
        match denoted.root {
            Root::Function(at) if denoted.path.is_empty() => Some(at),
            _ => None,
        }
    }

    /// The text that an expression always is. What the environment gives isn't constant.
    pub fn constant(&self, module: ModuleId, expr: &Expr) -> Option<String> {
        Follow::new(self).constant(module, expr)
    }
}

impl<'c> Denoted<'c> {
    /// What could not be told.
    pub(super) fn unknown() -> Self {
        Self::of(Root::Unknown)
    }

    fn of(root: Root<'c>) -> Self {
        Self { root, path: Vec::new() }
    }

    fn then(mut self, step: Step<'c>) -> Self {
        // What is done with something that isn't known isn't known either.
        if self.root != Root::Unknown {
            self.path.push(step);
        }
        self
    }
}
