//! tRPC: procedures are built step by step (https://trpc.io/docs/server/procedures), each step a builder of its own, and
//! put in routers under a name.

#[cfg(test)]
mod tests;
mod v9;

use super::handlers::{handler, layer};
use super::interpret::{Framework, Is, Library, LibraryStep, Run, Site, Value};
use super::tree::{Cover, Item, Node, NodeId, Route, Tree, What, settled};
use super::{Declared, Gate, Style};
use crate::code::{Code, Expr, Property};

/// Routers in routers, and objects in them.
const DEPTH: usize = 24;
/// So many procedures are told of.
const PROCEDURES: usize = 20_000;
/// Longer names are none.
const NAME: usize = 400;
/// So many steps of a procedure are kept.
const STEPS: usize = 60;

struct Trpc;

/// Procedures of tRPC.
pub fn find(code: &Code) -> Vec<Declared<'_>> {
    let run = Run::over(code, &Trpc);
    if run.is_used() { declared(&run) } else { Vec::new() }
}

impl Framework for Trpc {
    fn packages(&self) -> &'static [&'static str] {
        &["@trpc/server"]
    }

    fn made<'c>(&self, run: &mut Run<'c>, library: &Library<'c>, site: Site<'c>) -> Option<Is> {
        let [LibraryStep::Member(first), .., LibraryStep::Call(args)] = library.steps.as_slice() else {
            return None;
        };
        let last = library.steps.iter().rev().find_map(|step| match step {
            LibraryStep::Member(name) => Some(name.as_ref()),
            LibraryStep::Call(_) => None,
        });
        match (first.as_ref(), last) {
            ("initTRPC", Some("create")) => Some(made(run, "t")),
            ("router", Some("router")) => Some(made(run, v9::KIND)),
            ("experimental_standaloneMiddleware" | "standaloneMiddleware", Some("create")) => {
                let args = args.clone();
                Some(middleware(run, &args, site))
            }
            // https://trpc.io/docs/server/merging-routers#lazy-load
            ("lazy", Some("lazy")) => match args.first()?.is {
                Is::Function(closure) => {
                    let loaded = run.call_function(closure, &[]);
                    match loaded.is {
                        Is::Module(module) => Some(run.export_default(module).is),
                        is => Some(is),
                    }
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn member<'c>(&self, run: &mut Run<'c>, node: NodeId, name: &str) -> Option<Value<'c>> {
        match (run.tree.node(node).kind, name) {
            ("t", "procedure") => Some(Value::of(made(run, "procedure"))),
            ("router", name) => run.tree.node(node).names.get(name).cloned(),
            _ => None,
        }
    }

    fn method<'c>(
        &self,
        run: &mut Run<'c>,
        node: NodeId,
        name: &str,
        args: &[Value<'c>],
        site: Site<'c>,
    ) -> Option<Is> {
        match (run.tree.node(node).kind, name) {
            ("t", "router") => {
                let fields = run.fields(args.first()?).to_vec();
                let router = run.node(Node { kind: "router", ..Node::default() });
                for (name, value) in fields {
                    put_child(run, router, name.to_string(), value);
                }
                Some(Is::Node(router))
            }
            ("t", "mergeRouters") => {
                let router = run.node(Node { kind: "router", ..Node::default() });
                for of in args {
                    let Some(of) = of.node() else { continue };
                    run.tree.node_mut(of).is_mounted = true;
                    let names = run.tree.node(of).names.clone();
                    run.tree.node_mut(router).names.extend(names);
                }
                Some(Is::Node(router))
            }
            ("t", "middleware") => Some(middleware(run, args, site)),
            (v9::KIND, name) => v9::method(run, node, name, args, site),
            ("middleware", "unstable_pipe" | "pipe")
            | ("procedure", "use" | "input" | "concat" | "unstable_concat") => {
                Some(longer(run, node, args, site))
            }
            ("procedure", "output" | "meta") => Some(Is::Node(node)),
            ("procedure", "query" | "mutation" | "subscription") => {
                Some(endpoint(run, node, name, args.first()?, site))
            }
            _ => None,
        }
    }
}

fn made<'c>(run: &mut Run<'c>, kind: &'static str) -> Is {
    Is::Node(run.node(Node { kind, ..Node::default() }))
}

fn put_child<'c>(run: &mut Run<'c>, router: NodeId, name: String, value: Value<'c>) {
    // A plain object is a router as well: https://trpc.io/docs/server/merging-routers
    if let Is::Object(_) = value.is {
        if name.len() < NAME {
            for (inner, value) in run.fields(&value).to_vec() {
                put_child(run, router, format!("{name}.{inner}"), value);
            }
        }
        return;
    }
    let node = match value.node() {
        Some(node) => Some(node),
        None => on_unknown(run, &value),
    };
    let Some(node) = node else { return };
    let value = Value { is: Is::Node(node), ..value };
    run.tree.node_mut(node).is_mounted = true;
    run.tree.node_mut(router).names.insert(name, value);
}

/// A procedure whose builder can't be told: `somewhere.input(schema).query(function)`. The builder is the first of what
/// runs before it, for others to judge.
fn on_unknown<'c>(run: &mut Run<'c>, value: &Value<'c>) -> Option<NodeId> {
    let (module, expr @ Expr::Call(call)) = value.from? else { return None };
    let Expr::Member(member) = &call.callee else { return None };
    let Property::Named(name) = &member.property else { return None };
    if !matches!(name.as_ref(), "query" | "mutation" | "subscription") {
        return None;
    }
    let site = Site { module, call, expr };
    let builder = Value::at(Is::Unknown, (module, &member.object));
    let layer = layer(run, &builder, site, Style::Trpc);
    let node = run.node(Node { kind: "procedure", ..Node::default() });
    run.put(node, What::Layer(Cover::default(), layer));
    let function = run.value_in(module, call.args.first()?).or_from((module, call.args.first()?));
    endpoint(run, node, name, &function, site);
    Some(NodeId(u32::try_from(run.tree.nodes.len()).ok()? - 1))
}

fn middleware<'c>(run: &mut Run<'c>, args: &[Value<'c>], site: Site<'c>) -> Is {
    let node = run.node(Node { kind: "middleware", ..Node::default() });
    add(run, node, args, site);
    Is::Node(node)
}

/// A builder with one step more. The one before stays as it is.
fn longer<'c>(run: &mut Run<'c>, node: NodeId, args: &[Value<'c>], site: Site<'c>) -> Is {
    let before = run.tree.node(node);
    let (kind, items) = (before.kind, before.items.clone());
    let node = run.node(Node { kind, items, ..Node::default() });
    add(run, node, args, site);
    Is::Node(node)
}

fn add<'c>(run: &mut Run<'c>, node: NodeId, args: &[Value<'c>], site: Site<'c>) {
    for value in args.iter().take(1) {
        if run.tree.node(node).items.len() >= STEPS {
            return;
        }
        match value.node() {
            // A middleware or another procedure: its steps.
            Some(other) => {
                let room = STEPS.saturating_sub(run.tree.node(node).items.len());
                let steps: Vec<_> = run.tree.node(other).items.iter().take(room).cloned().collect();
                run.tree.node_mut(node).items.extend(steps);
            }
            None => {
                let layer = layer(run, value, site, Style::Trpc);
                run.put(node, What::Layer(Cover::default(), layer));
            }
        }
    }
}

fn endpoint<'c>(run: &mut Run<'c>, node: NodeId, name: &str, function: &Value<'c>, site: Site<'c>) -> Is {
    let mut layers: Vec<_> = run.tree.node(node).items.iter().filter_map(layer_of).collect();
    let (wrappers, handler) = handler(run, function, site);
    layers.extend(wrappers);
    let endpoint = run.node(Node { kind: "endpoint", ..Node::default() });
    run.put(
        endpoint,
        What::Route(Route {
            methods: vec![name.to_uppercase()],
            paths: Vec::new(),
            layers,
            handler,
            written: function.from.unwrap_or((site.module, site.expr)),
            module: site.module,
            line: first_line(site.expr).unwrap_or(site.line()),
            passes_on: false,
        }),
    );
    Is::Node(endpoint)
}

fn layer_of<'c>(item: &Item<'c>) -> Option<super::Layer<'c>> {
    match &item.what {
        What::Layer(_, layer) => Some(layer.clone()),
        _ => None,
    }
}

/// The line on which a chain of calls begins: that of the key before it, as code is formatted.
fn first_line(expr: &Expr) -> Option<u32> {
    let mut at = expr;
    let mut line = None;
    loop {
        match at {
            Expr::Member(member) => {
                line = Some(member.begins);
                at = &member.object;
            }
            Expr::Call(call) => {
                line = Some(call.line);
                at = &call.callee;
            }
            Expr::Await(inner) => at = inner,
            _ => return line,
        }
    }
}

fn declared<'c>(run: &Run<'c>) -> Vec<Declared<'c>> {
    let tree = &run.tree;
    let mut out = Vec::new();
    for (at, node) in tree.nodes.iter().enumerate() {
        if matches!(node.kind, "router" | v9::KIND) && !node.is_mounted {
            let mut within = Vec::new();
            collect(tree, NodeId(at as u32), "", &mut within, &mut out);
        }
    }
    settled(out)
}

fn collect<'c>(
    tree: &Tree<'c>,
    id: NodeId,
    path: &str,
    within: &mut Vec<NodeId>,
    out: &mut Vec<Declared<'c>>,
) {
    if within.contains(&id) || within.len() >= DEPTH {
        return;
    }
    within.push(id);
    for (name, value) in &tree.node(id).names {
        let Some(child) = value.node() else { continue };
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if out.len() >= PROCEDURES || path.len() > 400 {
            break;
        }
        if matches!(tree.node(child).kind, "router" | v9::KIND) {
            collect(tree, child, &path, within, out);
            continue;
        }
        for item in &tree.node(child).items {
            let What::Route(route) = &item.what else { continue };
            out.push(Declared {
                framework: "trpc",
                kind: "procedure",
                method: route.methods.first().cloned().unwrap_or_default(),
                path: path.clone(),
                module: route.module,
                line: route.line,
                layers: route.layers.clone(),
                handler: route.handler.clone(),
                gate: Gate::None,
            });
        }
    }
    within.pop();
}
