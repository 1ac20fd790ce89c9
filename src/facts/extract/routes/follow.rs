//! From what is exported or registered to the function that answers: through names, imports, wrappers and chains of
//! builders.

use super::made::UNKNOWN;
use super::{Handler, Layer, Style};
use crate::code::{
    Binding, Call, Code, Definition, Entry, Expr, FunctionAt, Member, ModuleId, Property, Root, SymbolId,
    Target,
};

/// How deep wrappers, names and chains are followed: more than anybody writes, less than the stack.
const DEEPEST: u32 = 24;
/// How many expressions are looked at for one handler. Names that use each other twice would double at every level.
const MOST_STEPS: u32 = 500;
/// The keys under which a wrapper with options is given the handler: `withAuth({ role, handler: async () => … })`.
const HANDLER_KEYS: &[&str] = &["handler", "handle", "action", "run", "execute"];
/// The methods that end a chain of a builder and are given the handler: next-safe-action, zsa, next-zod-route.
pub(super) const LAST_OF_CHAIN: &[&str] = &["action", "stateAction", "handler"];
/// Methods that are given functions and make no handler of them: they register it somewhere, or call it at once.
const NO_WRAPPERS: &[&str] = &[
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "all",
    "on",
    "use",
    "route",
    "mount",
    "openapi",
    "then",
    "catch",
    "finally",
    "map",
    "filter",
    "reduce",
    "find",
    "sort",
    "refine",
    "superRefine",
    "transform",
    "preprocess",
    "default",
];
/// The methods of such a chain that are given a schema of what comes in.
const SCHEMAS: &[&str] = &["schema", "inputSchema", "input", "bindArgsSchemas", "params", "query", "body"];

/// Where a name leads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place<'c> {
    /// To a function that is declared.
    Function(FunctionAt),
    /// To a value that is written down.
    Value(ModuleId, &'c Expr),
    /// To a name for which no expression stands: a part of a destructured value, one that is assigned to again.
    Symbol(ModuleId, SymbolId),
    /// Out of the repository, or nowhere.
    Elsewhere,
}

/// Where a bound name leads, through imports and re-exports.
pub fn symbol(code: &Code, module: ModuleId, symbol: SymbolId) -> Place<'_> {
    place(code, code.of_symbol(module, symbol)).unwrap_or(Place::Elsewhere)
}

/// Where an export leads, through re-exports. `None` where the module has no such export, or it can't be told where it
/// leads.
pub fn exported<'c>(code: &'c Code, module: ModuleId, name: &'c str) -> Option<Place<'c>> {
    place(code, code.definition(module, name))
}

fn place<'c>(code: &'c Code, definition: Definition<'c>) -> Option<Place<'c>> {
    Some(match definition {
        Definition::Value(module, value) => Place::Value(module, value),
        Definition::Module(_) | Definition::Package(..) => Place::Elsewhere,
        Definition::Unknown => return None,
        Definition::Symbol(module, id) => {
            let from = code.module(module);
            let symbol = &from.symbols[id.0 as usize];
            match &symbol.is {
                Binding::Function(function) if !symbol.reassigned => Place::Function((module, *function)),
                Binding::Variable(_, Some(value)) if !symbol.reassigned => {
                    Place::Value(module, &from.values[value.0 as usize])
                }
                Binding::Import(_) => Place::Elsewhere,
                _ => Place::Symbol(module, id),
            }
        }
    })
}

/// What runs before a handler, outermost first, and the handler.
#[derive(Debug, Clone, PartialEq)]
pub struct Unwrapped<'c> {
    /// Wrappers, and the links of a builder's chain.
    pub layers: Vec<Layer<'c>>,
    /// What answers.
    pub handler: Handler<'c>,
}

/// Follows an expression to the function that answers.
///
/// A call that is given a function is a layer of [`Style::Wrapper`]. A chain such as
/// `client.use(signedIn).inputSchema(schema).action(fn)` gives a layer of [`Style::Trpc`] for every `use`, and one for
/// every schema (`runs` is the schema then); a procedure of zsa gives one of [`Style::Fastify`], since it lets pass by
/// returning. What leads to no function is left as it is, without layers.
pub fn unwrap<'c>(code: &'c Code, module: ModuleId, value: &'c Expr) -> Unwrapped<'c> {
    let mut search = Search { code, steps: 0 };
    match search.function(module, value, 0) {
        Some((layers, at)) => Unwrapped { layers, handler: Handler::Function(at) },
        None => {
            let (module, value) = search.written(module, value);
            Unwrapped { layers: Vec::new(), handler: Handler::Value(module, value) }
        }
    }
}

/// The handler that a call is given, for calls that only register it: `Deno.serve(options, handler)`.
pub fn handler_of<'c>(code: &'c Code, module: ModuleId, call: &'c Call) -> Unwrapped<'c> {
    let mut search = Search { code, steps: 0 };
    if let Some((_, (layers, at))) = search.handler_argument(module, call, 0) {
        return Unwrapped { layers, handler: Handler::Function(at) };
    }
    let plain = call.args.iter().find(|arg| !matches!(arg, Expr::Object(_)));
    let inside = || {
        call.args.iter().find_map(|arg| match arg {
            Expr::Object(entries) => entry(entries, "handler"),
            _ => None,
        })
    };
    let value = plain.or_else(inside).or(call.args.first()).unwrap_or(&UNKNOWN);
    let (module, value) = search.written(module, value);
    Unwrapped { layers: Vec::new(), handler: Handler::Value(module, value) }
}

type Found<'c> = Option<(Vec<Layer<'c>>, FunctionAt)>;

struct Search<'c> {
    code: &'c Code,
    steps: u32,
}

impl<'c> Search<'c> {
    fn function(&mut self, module: ModuleId, value: &'c Expr, depth: u32) -> Found<'c> {
        self.steps += 1;
        if depth > DEEPEST || self.steps > MOST_STEPS {
            return None;
        }
        match value {
            Expr::Function(function) => Some((Vec::new(), (module, *function))),
            Expr::Name(_, Some(id)) => match symbol(self.code, module, *id) {
                Place::Function(at) => Some((Vec::new(), at)),
                Place::Value(module, value) => self.function(module, value, depth + 1),
                Place::Symbol(..) | Place::Elsewhere => None,
            },
            Expr::Await(inner) => self.function(module, inner, depth + 1),
            Expr::Call(call) => self.call(module, value, call, depth + 1),
            Expr::Member(_) => {
                let denoted = self.code.denote(module, value);
                match (denoted.root, denoted.path.is_empty()) {
                    (Root::Function(at), true) => Some((Vec::new(), at)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn call(&mut self, module: ModuleId, value: &'c Expr, call: &'c Call, depth: u32) -> Found<'c> {
        if call.is_new {
            return None;
        }
        let method = method_of(call);
        if let Some((member, "bind")) = method {
            return self.function(module, &member.object, depth);
        }
        if method.is_some_and(|(_, name)| NO_WRAPPERS.contains(&name)) {
            return None;
        }
        let (index, (inner, at)) = self.handler_argument(module, call, depth)?;
        let mut layers = Vec::new();
        let before = match method {
            Some((member, name)) if LAST_OF_CHAIN.contains(&name) => self.links(module, &member.object),
            _ => Vec::new(),
        };
        if before.is_empty() {
            layers.push(Layer {
                module,
                line: call.line,
                runs: value,
                style: Style::Wrapper(index),
                only: None,
            });
        } else {
            layers.extend(self.layers_of_chain(before, depth));
        }
        layers.extend(inner);
        Some((layers, at))
    }

    /// Which argument of a call is the handler: the first function that is written there, else the first that leads to
    /// one; the last that does where the callee takes any number of them (`compose(a, b, handler)`).
    fn handler_argument(
        &mut self,
        module: ModuleId,
        call: &'c Call,
        depth: u32,
    ) -> Option<(u32, (Vec<Layer<'c>>, FunctionAt))> {
        let written = call.args.iter().position(|arg| matches!(arg, Expr::Function(_)));
        let mut order: Vec<usize> = written.into_iter().chain(0..call.args.len()).collect();
        if written.is_none() && call.args.len() > 1 && self.takes_any_number(module, call) {
            order.reverse();
        }
        for index in order {
            let arg = &call.args[index];
            let found = match arg {
                Expr::Object(entries) => HANDLER_KEYS.iter().find_map(|key| {
                    let value = entry(entries, key)?;
                    self.function(module, value, depth + 1)
                }),
                _ => self.function(module, arg, depth + 1),
            };
            if let Some(found) = found {
                return Some((u32::try_from(index).unwrap_or(u32::MAX), found));
            }
        }
        None
    }

    fn takes_any_number(&self, module: ModuleId, call: &'c Call) -> bool {
        let denoted = self.code.denote(module, &call.callee);
        let callee = self.code.function_of(&denoted).map(|at| self.code.function(at));
        callee.is_some_and(|callee| callee.params.first().is_some_and(|param| param.is_rest))
    }

    /// The links of the chain that makes a value, the first call first: the name of the method (or `""`), and the call.
    fn links(&mut self, module: ModuleId, value: &'c Expr) -> Vec<(&'c str, ModuleId, &'c Call)> {
        let (mut module, mut value) = (module, value);
        let mut links = Vec::new();
        for _ in 0..64 {
            (module, value) = self.written(module, value);
            match value {
                Expr::Call(call) => match method_of(call) {
                    Some((member, name)) => {
                        links.push((name, module, &**call));
                        value = &member.object;
                    }
                    None => {
                        links.push(("", module, &**call));
                        break;
                    }
                },
                Expr::Member(member) => value = &member.object,
                _ => break,
            }
        }
        links.reverse();
        links
    }

    fn layers_of_chain(&mut self, links: Vec<(&'c str, ModuleId, &'c Call)>, depth: u32) -> Vec<Layer<'c>> {
        let mut layers = Vec::new();
        if depth > DEEPEST {
            return layers;
        }
        for (name, module, call) in links {
            self.steps += 1;
            let layer =
                |runs: &'c Expr, style: Style| Layer { module, line: call.line, runs, style, only: None };
            match name {
                "use" => layers.extend(call.args.iter().map(|arg| layer(arg, Style::Trpc))),
                "handler" => layers.extend(call.args.first().map(|arg| layer(arg, Style::Fastify))),
                // zsa: `createServerActionProcedure(parent)` runs what the parent runs.
                "" if self.steps < MOST_STEPS => {
                    for parent in &call.args {
                        let before = self.links(module, parent);
                        layers.extend(self.layers_of_chain(before, depth + 1));
                    }
                }
                name if SCHEMAS.contains(&name) => {
                    layers.extend(call.args.first().map(|arg| layer(arg, Style::Trpc)));
                }
                _ => {}
            }
        }
        layers
    }

    /// What names lead to, as far as it is written down.
    fn written(&mut self, module: ModuleId, value: &'c Expr) -> (ModuleId, &'c Expr) {
        let (mut module, mut value) = (module, value);
        for _ in 0..DEEPEST {
            match value {
                Expr::Await(inner) => value = inner,
                Expr::Name(_, Some(id)) => match symbol(self.code, module, *id) {
                    Place::Value(to, at) => (module, value) = (to, at),
                    _ => break,
                },
                _ => break,
            }
        }
        (module, value)
    }
}

/// The member that a call calls: `object.name(…)`.
pub fn method_of(call: &Call) -> Option<(&Member, &str)> {
    match &call.callee {
        Expr::Member(member) => match &member.property {
            Property::Named(name) => Some((member, name)),
            Property::Computed(_) => None,
        },
        _ => None,
    }
}

/// What an object has under a key: the last one counts.
pub fn entry<'c>(entries: &'c [Entry], key: &str) -> Option<&'c Expr> {
    entries.iter().rev().find_map(|entry| match entry {
        Entry::Pair(name, value) if &**name == key => Some(value),
        _ => None,
    })
}

/// What names and `await` lead to: the expression that is written down in the end.
pub fn written<'c>(code: &'c Code, module: ModuleId, value: &'c Expr) -> (ModuleId, &'c Expr) {
    Search { code, steps: 0 }.written(module, value)
}
