//! From instances to routes: the hooks of an instance and of all around it, then what is written at the route.

use super::super::interpret::Run;
use super::super::paths::join;
use super::super::tree::{
    Branch, Item, NodeId, Path, Route, Tree, What, capped, settled, together, with_only,
};
use super::super::{Declared, Gate, Layer};
use super::put::HOOKS;

/// So many routes are told of.
const ROUTES: usize = 20_000;
/// Instances in instances.
const DEPTH: usize = 64;
/// So often a hook and a route are compared.
const COMPARED: usize = 5_000_000;

/// Every route of every instance.
pub(super) fn declared<'c>(run: &Run<'c>) -> Vec<Declared<'c>> {
    let tree = &run.tree;
    let mut out = Vec::new();
    let mut left = COMPARED;
    for at in 0..tree.nodes.len() {
        let id = NodeId(at as u32);
        let around = around(tree, id);
        let prefix = around.iter().rev().fold(String::new(), |path, id| join(&path, &tree.node(*id).prefix));
        let conditions: Vec<Branch> = mounted_under(tree, &around);
        for item in &tree.node(id).items {
            let What::Route(route) = &item.what else { continue };
            let mut all = conditions.clone();
            all.extend(item.conditions.iter().cloned());
            add(tree, &around, &prefix, &all, route, &mut left, &mut out);
            if out.len() >= ROUTES {
                return settled(out);
            }
        }
    }
    settled(out)
}

/// An instance and those around it, innermost first.
fn around(tree: &Tree<'_>, id: NodeId) -> Vec<NodeId> {
    let mut out = vec![id];
    let mut at = id;
    while let Some(parent) = tree.node(at).parent {
        if out.len() >= DEPTH {
            break;
        }
        out.push(parent);
        at = parent;
    }
    out
}

fn mounted_under(tree: &Tree<'_>, around: &[NodeId]) -> Vec<Branch> {
    let mut out = Vec::new();
    for pair in around.windows(2) {
        let [child, parent] = pair else { continue };
        let mount = tree
            .node(*parent)
            .items
            .iter()
            .find(|item| matches!(&item.what, What::Mount(_, of, _) if of == child));
        out.extend(mount.into_iter().flat_map(|item: &Item<'_>| item.conditions.iter().cloned()));
    }
    out
}

fn add<'c>(
    tree: &Tree<'c>,
    around: &[NodeId],
    prefix: &str,
    conditions: &[Branch],
    route: &Route<'c>,
    left: &mut usize,
    out: &mut Vec<Declared<'c>>,
) {
    let mut layers: Vec<Layer<'c>> = Vec::new();
    for hook in HOOKS {
        for id in around.iter().rev() {
            let items = &tree.node(*id).items;
            *left = left.saturating_sub(items.len());
            if *left == 0 {
                break;
            }
            for item in items {
                let What::Layer(cover, layer) = &item.what else { continue };
                if cover.paths.first() != Some(&Path::Text((*hook).to_owned())) {
                    continue;
                }
                if let Some(only) = together(&item.conditions, conditions) {
                    layers.push(with_only(layer, only));
                }
            }
        }
    }
    layers.extend(route.layers.iter().cloned());
    let layers = capped(layers);
    for path in &route.paths {
        let Path::Text(path) = path else { continue };
        for method in &route.methods {
            out.push(Declared {
                framework: "fastify",
                kind: "http",
                method: method.clone(),
                path: join(prefix, path),
                module: route.module,
                line: route.line,
                layers: layers.clone(),
                handler: route.handler.clone(),
                gate: Gate::None,
            });
        }
    }
}
