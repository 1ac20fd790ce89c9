//! Fastify.
//!
//! A plugin gets an instance of its own: hooks that are put there run for its routes and for those of the plugins in it,
//! never for its siblings (https://fastify.dev/docs/latest/Reference/Encapsulation/). `fastify-plugin` gives it the
//! instance around it instead. Within an instance order does not matter: hooks are gathered when everything is loaded
//! (`preReady` in fastify/fastify, lib/route.js), and late ones are handed down to instances that are there already
//! (`_addHook` in fastify.js).

mod autoload;
mod declared;
mod put;
#[cfg(test)]
mod tests;

use super::Declared;
use super::interpret::{Framework, Is, Library, LibraryStep, Run, Site, Value};
use super::tree::{Node, NodeId};
use crate::code::Code;

/// https://fastify.dev/docs/latest/Reference/Routes/#shorthand-declaration
const METHODS: &[&str] =
    &["get", "post", "put", "delete", "patch", "head", "options", "all", "search", "trace", "query"];

/// A parameter of which nobody is seen to say what it is: `fastify-cli` and loops over folders give plugins an instance.
/// It is one if it is used like one.
const MAYBE: &str = "maybe";

struct Fastify;

/// Routes of Fastify.
pub fn find(code: &Code) -> Vec<Declared<'_>> {
    let run = Run::over(code, &Fastify);
    if run.is_used() { declared::declared(&run) } else { Vec::new() }
}

impl Framework for Fastify {
    fn packages(&self) -> &'static [&'static str] {
        &["fastify", "fastify-plugin", "@fastify/autoload", "fastify-autoload"]
    }

    fn made<'c>(&self, run: &mut Run<'c>, library: &Library<'c>, _: Site<'c>) -> Option<Is> {
        let (members, _) = library.made_by()?;
        match (library.package.as_ref(), members.as_slice()) {
            ("fastify", [] | ["default" | "fastify"]) => Some(Is::Node(run.node(Node::default()))),
            _ => None,
        }
    }

    fn parameter<'c>(&self, run: &mut Run<'c>, type_name: &str) -> Option<Is> {
        match type_name {
            "FastifyInstance" => Some(Is::Node(run.node(Node::default()))),
            "" => Some(Is::Node(run.node(Node { kind: MAYBE, ..Node::default() }))),
            _ => None,
        }
    }

    fn member<'c>(&self, run: &mut Run<'c>, node: NodeId, name: &str) -> Option<Value<'c>> {
        put::decoration(run, node, name)
    }

    fn method<'c>(
        &self,
        run: &mut Run<'c>,
        node: NodeId,
        name: &str,
        args: &[Value<'c>],
        site: Site<'c>,
    ) -> Option<Is> {
        match name {
            "register" => put::register(run, node, args, site),
            "addHook" => put::hook(run, node, args, site),
            "decorate" => put::decorate(run, node, args),
            "route" => put::route(run, node, args.first()?, site),
            "withTypeProvider"
            | "setValidatorCompiler"
            | "setSerializerCompiler"
            | "setErrorHandler"
            | "setNotFoundHandler"
            | "decorateRequest"
            | "decorateReply"
            | "addSchema"
            | "addContentTypeParser" => {}
            // Of @fastify/auth: what it gives stands for the functions in the list.
            "auth" => {
                let functions = args.first()?;
                let together = args.get(1).and_then(|options| run.field(options, "relation"));
                let all = together.is_some_and(|r| r.text().is_some_and(|r| r.as_ref() == "and"));
                return match (&functions.is, all) {
                    (Is::List(_), true) => Some(functions.is.clone()),
                    (Is::List(_), false) => {
                        Some(Is::Method(std::rc::Rc::new((functions.is.clone(), "auth".into()))))
                    }
                    _ => None,
                };
            }
            "after" | "ready" => return None,
            method if METHODS.contains(&method) => put::shorthand(run, node, method, args, site),
            _ => return None,
        }
        Some(Is::Node(node))
    }
}

/// The function of `fp(function)`.
fn unwrapped<'c>(run: &Run<'c>, value: &Value<'c>) -> Option<Value<'c>> {
    let Is::Library(id) = value.is else { return None };
    let library = run.library(id);
    if library.package.as_ref() != "fastify-plugin" {
        return None;
    }
    match library.steps.as_slice() {
        [.., LibraryStep::Call(args)] => args.first().cloned(),
        _ => None,
    }
}
