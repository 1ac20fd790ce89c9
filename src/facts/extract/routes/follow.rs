//! From what is exported or registered to the function that answers: through names, imports, wrappers and chains of
//! builders.

use super::made::UNKNOWN;
use super::{Handler, Layer, Style};
use crate::code::walk::{Inner, each_expr, each_stmt};
use crate::code::{
    Binding, Call, Code, Definition, Entry, Expr, Function, FunctionAt, Member, ModuleId, Pattern, Property,
    Root, Step, Stmt, SymbolId,
};
use crate::source::Role;

/// How deep wrappers, names and chains are followed: more than anybody writes, less than the stack.
const DEEPEST: u32 = 24;
/// How many expressions are looked at for one handler. Names that use each other twice would double at every level.
const MOST_STEPS: u32 = 500;
/// A wrapper with more lines is not looked into, so that many routes with one wrapper cost no more than their number;
/// nor one in a file with more declarations, which may be all in one line.
const LONGEST_WRAPPER: u32 = 400;
const MOST_VALUES: usize = 5_000;
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

/// Whether what stands at a path belongs to the product: no test, no fixture, nothing from elsewhere.
pub fn is_product(path: &str) -> bool {
    !matches!(Role::of(path), Role::Test | Role::Fixture | Role::Vendored | Role::Generated)
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
/// A call that is given a function, itself or as the `handler` of its options, is a layer of [`Style::Wrapper`]. A
/// chain such as
/// `client.use(signedIn).inputSchema(schema).action(fn)` gives a layer of [`Style::Trpc`] for every `use`, and one for
/// every schema (`runs` is the schema then); a procedure of zsa gives one of [`Style::Fastify`], since it lets pass by
/// returning. What leads to no function is left as it is; it has layers only if a wrapper of the repository is seen to
/// call what it is given.
pub fn unwrap<'c>(code: &'c Code, module: ModuleId, value: &'c Expr) -> Unwrapped<'c> {
    let mut search = Search { code, steps: 0 };
    if let Some((layers, at)) = search.function(module, value, 0) {
        return Unwrapped { layers, handler: Handler::Function(at) };
    }
    let (mut module, mut value) = search.written(module, value);
    let mut layers = Vec::new();
    while let Expr::Call(call) = value
        && layers.len() < 8
        && let (returned, called) = search.calls(module, call)
        && let Some(index) = returned.into_iter().chain(called).next()
        && let Some(arg) = call.args.get(index)
    {
        layers.push(wrapper(module, value, call, index));
        (module, value) = search.written(module, arg);
    }
    Unwrapped { layers, handler: Handler::Value(module, value) }
}

/// A table of handlers by method that a wrapper is given: `apiHandler({ get: list, post: create })`. The answer to one
/// method; `None` if it has none.
pub fn of_table<'c>(
    code: &'c Code,
    module: ModuleId,
    value: &'c Expr,
    method: &str,
) -> Option<Unwrapped<'c>> {
    let (module, value) = written(code, module, value);
    let Expr::Call(call) = value else { return None };
    if call.is_new || method_of(call).is_some_and(|(_, name)| NO_WRAPPERS.contains(&name)) {
        return None;
    }
    let (index, entries) = call.args.iter().enumerate().find_map(|(index, arg)| match arg {
        Expr::Object(entries) => Some((index, entries)),
        _ => None,
    })?;
    let handler = entry(entries, method).or_else(|| entry(entries, &method.to_ascii_lowercase()))?;
    let mut found = unwrap(code, module, handler);
    if let Handler::Value(..) = found.handler {
        return None;
    }
    found.layers.insert(0, wrapper(module, value, call, index));
    Some(found)
}

fn wrapper<'c>(module: ModuleId, runs: &'c Expr, call: &Call, index: usize) -> Layer<'c> {
    let style = Style::Wrapper(u32::try_from(index).unwrap_or(u32::MAX));
    Layer { module, line: call.line, runs, style, only: None }
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
            layers.push(wrapper(module, value, call, index));
            layers.extend(self.middleware_of_client(module, call));
        } else {
            layers.extend(self.layers_of_chain(before, depth));
        }
        layers.extend(inner);
        Some((layers, at))
    }

    /// Which argument of a call is the handler. If several may be: the one that the callee is seen to call and
    /// return, then the first function that is written there, then the first that leads to one; the last that does
    /// where the callee takes any number of them (`compose(a, b, handler)`).
    fn handler_argument(
        &mut self,
        module: ModuleId,
        call: &'c Call,
        depth: u32,
    ) -> Option<(usize, (Vec<Layer<'c>>, FunctionAt))> {
        let may_be =
            |arg: &Expr| matches!(arg, Expr::Function(_) | Expr::Name(..) | Expr::Member(_) | Expr::Call(_));
        let mut order: Vec<usize> = (0..call.args.len()).collect();
        if call.args.iter().filter(|arg| may_be(arg)).count() > 1 {
            let written = call.args.iter().position(|arg| matches!(arg, Expr::Function(_)));
            if written.is_none() && self.takes_any_number(module, call) {
                order.reverse();
            }
            let (returned, called) = self.calls(module, call);
            let first = returned.iter().copied().chain(called).chain(written);
            order.splice(0..0, first.filter(|index| *index < call.args.len()).collect::<Vec<_>>());
            if let [handler] = *returned {
                order = vec![handler];
            }
        }
        for index in order {
            let Some(arg) = call.args.get(index) else { continue };
            let found = match arg {
                Expr::Object(entries) => HANDLER_KEYS.iter().find_map(|key| {
                    let value = entry(entries, key)?;
                    self.function(module, value, depth + 1)
                }),
                _ => self.function(module, arg, depth + 1),
            };
            if let Some(found) = found {
                return Some((index, found));
            }
        }
        None
    }

    /// The function of the repository that a call calls.
    fn callee(&self, module: ModuleId, call: &'c Call) -> Option<(ModuleId, &'c Function)> {
        let at = self.code.function_of(&self.code.denote(module, &call.callee))?;
        Some((at.0, self.code.function(at)))
    }

    fn takes_any_number(&self, module: ModuleId, call: &'c Call) -> bool {
        let callee = self.callee(module, call);
        callee.is_some_and(|(_, callee)| callee.params.first().is_some_and(|param| param.is_rest))
    }

    /// Which of its parameters the callee calls: those whose result it returns, and the others.
    fn calls(&self, module: ModuleId, call: &'c Call) -> (Vec<usize>, Vec<usize>) {
        let (mut returned, mut called) = (Vec::new(), Vec::new());
        let Some((module, callee)) = self.callee(module, call) else { return (returned, called) };
        let of = self.code.module(module);
        if callee.end.saturating_sub(callee.line) > LONGEST_WRAPPER || of.values.len() > MOST_VALUES {
            return (returned, called);
        }
        let position = |value: &Expr| {
            let Expr::Call(call) = value else { return None };
            let Expr::Name(_, Some(name)) = call.callee else { return None };
            callee.params.iter().position(|param| param.pattern == Pattern::Name(name))
        };
        each_stmt(of, &callee.body, Inner::Enter, &mut |statement| {
            if let Stmt::Return(Some(value), _) = statement {
                let value = match value {
                    Expr::Await(inner) => inner,
                    value => value,
                };
                returned.extend(position(value));
            }
        });
        each_expr(of, &callee.body, Inner::Enter, &mut |value| called.extend(position(value)));
        for places in [&mut returned, &mut called] {
            places.sort_unstable();
            places.dedup();
        }
        called.retain(|index| !returned.contains(index));
        (returned, called)
    }

    /// next-safe-action before version 7: `createSafeActionClient({ middleware })`, called with a schema and the handler.
    fn middleware_of_client(&self, module: ModuleId, call: &'c Call) -> Option<Layer<'c>> {
        let denoted = self.code.denote(module, &call.callee);
        let (Root::Package(package), [_, Step::Call(at, made)]) = (denoted.root, denoted.path.as_slice())
        else {
            return None;
        };
        let Some(Expr::Object(entries)) = made.args.first() else { return None };
        let runs = entry(entries, "middleware").filter(|_| &*package == "next-safe-action")?;
        Some(Layer { module: *at, line: made.line, runs, style: Style::Fastify, only: None })
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
