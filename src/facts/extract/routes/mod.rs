//! Routes: what answers requests, as each framework declares it, and what guards each of them.
//!
//! An extractor of a framework only says what is declared: which routes there are, what runs before each handler, and
//! which function that is ([`Declared`]). What that comes to is judged in one place for all of them.

pub mod ai_tools;
mod every;
pub mod express;
mod fact;
#[cfg(test)]
mod fact_tests;
pub mod fastify;
pub mod follow;
mod handlers;
pub mod hono;
mod interpret;
pub mod judge;
pub mod judged;
#[cfg(test)]
mod lines;
pub mod made;
pub mod nest;
pub mod next;
mod paths;
pub mod reach;
pub mod supabase;
#[cfg(test)]
mod testing;
mod tree;
pub mod trpc;

pub use every::{declared, names_framework};

use crate::code::{Expr, FunctionAt, ModuleId};
use crate::facts::{Facts, Input};

/// Fills `routes`, by file and line.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    facts.routes = fact::all(input);
}

/// A route as its framework declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared<'c> {
    /// `next`, `express`, `hono`, `fastify`, `trpc`, `nestjs`, `supabase`.
    pub framework: &'static str,
    /// `http`, `action`, `procedure`, `edge-function` or `page`. What turns out to be a webhook becomes one later.
    pub kind: &'static str,
    /// `GET`, `POST`, …, `ANY` for all of them, `ACTION` for server actions, `QUERY` and `MUTATION` for procedures.
    pub method: String,
    /// From the root of the app: `/api/users/:id`; parameters as the framework writes them. A procedure is
    /// `users.create`, an action the name of its function.
    pub path: String,
    /// The module in which it is declared.
    pub module: ModuleId,
    /// Line: of `app.get(…)`, of the decorator, of the exported handler, of `Deno.serve(…)`.
    pub line: u32,
    /// What runs before the handler, outermost first, in the order of the requests.
    pub layers: Vec<Layer<'c>>,
    /// What answers.
    pub handler: Handler<'c>,
    /// What stands before the app itself.
    pub gate: Gate,
}

/// What answers a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Handler<'c> {
    /// A function of the repository.
    Function(FunctionAt),
    /// An expression that was not followed to a function: a library's handler (`toNextJsHandler(auth)`), or one that
    /// can't be told. It is looked at by those who judge.
    Value(ModuleId, &'c Expr),
}

/// Something that runs before a handler.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer<'c> {
    /// Where it is written.
    pub module: ModuleId,
    /// The line at which it is put before the route.
    pub line: u32,
    /// What runs: a function's name, a function, or a call that makes one.
    pub runs: &'c Expr,
    /// How it lets a request pass.
    pub style: Style,
    /// It runs on this route only sometimes, and why: `only if NODE_ENV is production`.
    pub only: Option<String>,
}

/// How a layer lets a request pass, and stops it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `(req, res, next)`: by calling `next()`.
    Express,
    /// `(c, next)`: by `await next()`; it stops by returning a response.
    Hono,
    /// A hook: by returning; it stops by sending a reply or throwing.
    Fastify,
    /// Next.js middleware: by returning nothing or `NextResponse.next()`; it stops by any other response.
    NextMiddleware,
    /// `({ ctx, next })`: by returning `next(…)`; it stops by throwing.
    Trpc,
    /// A class with `canActivate`: by returning true.
    NestGuard,
    /// A pipe, interceptor or filter of NestJS.
    NestOther,
    /// A call that is given the handler and makes another of it: `withAuth(handler)`. The handler is this argument.
    Wrapper(u32),
}

/// What a platform checks before a request comes to the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// Nothing is known to.
    None,
    /// A token of the platform that the public key passes as well (`verify_jwt`): where that is said; line 0 if it is the
    /// default.
    Token {
        /// File.
        file: String,
        /// Line.
        line: u32,
    },
    /// It was switched off: file and line.
    Off {
        /// File.
        file: String,
        /// Line.
        line: u32,
    },
}
