//! What an expression stands for, as far as declarations and imports tell.

use super::{Call, ClassId, Expr, FunctionAt, FunctionId, ModuleId, Name};

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
