//! Routers of tRPC before version 10: procedures are put in by name, and a step of a router is a router of its own
//! (https://trpc.io/docs/v9/router).

use super::super::handlers::layer;
use super::super::interpret::{Is, Run, Site, Value};
use super::super::tree::{Cover, Node, NodeId, What};
use super::super::{Layer, Style};
use super::{NAME, STEPS, endpoint, layer_of, made};

/// What such a router is among the nodes. Its names are procedures; its items are what runs before those that come later.
pub(super) const KIND: &str = "router-9";

/// So many procedures of a router are copied to the next.
const MANY: usize = 200;

/// What a call of a method of such a router does and gives.
pub(super) fn method<'c>(
    run: &mut Run<'c>,
    node: NodeId,
    name: &str,
    args: &[Value<'c>],
    site: Site<'c>,
) -> Option<Is> {
    match (name, args) {
        ("query" | "mutation" | "subscription", [path, described, ..]) => {
            let path = path.text()?.to_string();
            let next = longer(run, node);
            let before = run.node(Node { kind: "procedure", ..Node::default() });
            let items = run.tree.node(node).items.clone();
            run.tree.node_mut(before).items = items;
            if let Some(input) = run.field(described, "input") {
                let layer = layer(run, &input, site, Style::Trpc);
                run.put(before, What::Layer(Cover::default(), layer));
            }
            let resolve = run.field(described, "resolve").unwrap_or_else(Value::unknown);
            let made = endpoint(run, before, name, &resolve, site);
            if let Is::Node(endpoint) = made {
                // Of a chain each procedure has a line of its own.
                for item in &mut run.tree.node_mut(endpoint).items {
                    if let What::Route(route) = &mut item.what {
                        route.line = site.line();
                    }
                }
            }
            put(run, next, path, Value::of(made));
            Some(Is::Node(next))
        }
        ("middleware", [function, ..]) => {
            let next = longer(run, node);
            let layer = layer(run, function, site, Style::Trpc);
            if run.tree.node(next).items.len() < STEPS {
                run.put(next, What::Layer(Cover::default(), layer));
            }
            Some(Is::Node(next))
        }
        ("merge", [.., of]) => {
            let prefix =
                args.first().filter(|_| args.len() > 1).and_then(Value::text).cloned().unwrap_or_default();
            let next = longer(run, node);
            let of = of.node()?;
            run.tree.node_mut(of).is_mounted = true;
            let around: Vec<Layer<'c>> = run.tree.node(node).items.iter().filter_map(layer_of).collect();
            for (name, value) in run.tree.node(of).names.clone() {
                let value = within(run, value, &around);
                put(run, next, format!("{prefix}{name}"), value);
            }
            // One that is made longer itself may be given itself.
            run.tree.node_mut(next).is_mounted = false;
            Some(Is::Node(next))
        }
        ("transformer" | "formatError" | "flat" | "interop", _) => Some(Is::Node(node)),
        _ => None,
    }
}

/// The same router, to be made longer. One that is very long is made longer itself.
fn longer(run: &mut Run<'_>, node: NodeId) -> NodeId {
    if run.tree.node(node).names.len() > MANY {
        return node;
    }
    run.tree.node_mut(node).is_mounted = true;
    let before = run.tree.node(node);
    let (items, names) = (before.items.clone(), before.names.clone());
    run.node(Node { kind: KIND, items, names, ..Node::default() })
}

fn put<'c>(run: &mut Run<'c>, node: NodeId, name: String, value: Value<'c>) {
    if name.len() < NAME && run.tree.has_room() {
        run.tree.node_mut(node).names.insert(name, value);
    }
}

/// A procedure behind what the router around it runs first.
fn within<'c>(run: &mut Run<'c>, procedure: Value<'c>, around: &[Layer<'c>]) -> Value<'c> {
    let Some(node) = procedure.node().filter(|_| !around.is_empty() && run.tree.has_room()) else {
        return procedure;
    };
    let mut items = run.tree.node(node).items.clone();
    for item in &mut items {
        if let What::Route(route) = &mut item.what {
            route.layers.splice(0..0, around.iter().cloned());
        }
    }
    let Is::Node(copy) = made(run, "endpoint") else { return procedure };
    run.tree.node_mut(copy).items = items;
    Value { is: Is::Node(copy), ..procedure }
}
