//! Routing trees: apps and routers, each with what was put in it, in order; and what of it runs before which route.
//!
//! Apps of Express and of Hono go through what was put in them from the first to the last, and through a router where
//! it is mounted. So the whole tree is one list, and a layer covers every later route whose requests meet its path,
//! whichever router either is in.

mod meeting;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::interpret::{Source, Value};
use super::paths::{Meets, join};
use super::{Declared, Gate, Handler, Layer};
use crate::code::ModuleId;
use meeting::{best, full, meets_path, shown, under};

/// So many routes are told of.
const ROUTES: usize = 20_000;
/// So often a layer and a route are compared.
const COMPARED: usize = 3_000_000;
/// So much is put in nodes.
const CHANGES: usize = 100_000;
/// Routers in routers.
const DEPTH: usize = 24;
/// So many layers before one route are kept. What comes then is one that nothing is known of.
const LAYERS: usize = 100;

/// An app, a router, or what else a framework makes: an index into [`Tree::nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// What was declared.
#[derive(Debug, Default)]
pub struct Tree<'c> {
    /// In the order in which they were made.
    pub nodes: Vec<Node<'c>>,
    changes: usize,
}

/// One app, router or the like.
#[derive(Debug, Default)]
pub struct Node<'c> {
    /// What kind it is, as the framework names it.
    pub kind: &'static str,
    /// What stands before its paths, beside where it is mounted.
    pub prefix: String,
    /// What it belongs to: the instance around a plugin, the app of a view with another prefix.
    pub parent: Option<NodeId>,
    /// What was put in it, in order.
    pub items: Vec<Item<'c>>,
    /// What was hung on it by name.
    pub names: BTreeMap<String, Value<'c>>,
    /// Something else was mounted on, or it is a part of something else.
    pub is_mounted: bool,
}

/// Something put in a node.
#[derive(Debug, Clone)]
pub struct Item<'c> {
    /// What had to hold for it.
    pub conditions: Conditions,
    /// What it is.
    pub what: What<'c>,
}

/// Conditions, outermost first.
pub type Conditions = Rc<[Branch]>;

/// One arm of a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Which branch.
    pub id: usize,
    /// Which arm.
    pub arm: u32,
    /// In words.
    pub says: Rc<str>,
}

/// What can be put in a node.
#[derive(Debug, Clone)]
pub enum What<'c> {
    /// Something that runs before routes.
    Layer(Cover, Layer<'c>),
    /// A route.
    Route(Route<'c>),
    /// Another node, below a path, with as much of it as is in it when it is mounted (`None`: all, ever).
    Mount(String, NodeId, Option<usize>),
}

/// Which routes a layer runs before.
#[derive(Debug, Clone, Default)]
pub struct Cover {
    /// At which paths. Of a regular expression it can't be told.
    pub paths: Vec<Path>,
    /// And all that is below.
    pub prefix: bool,
    /// For these methods alone.
    pub methods: Option<Vec<String>>,
    /// Only for routes of this very node that have this parameter, wherever they stand.
    pub param: Option<String>,
}

/// A path as it is written, or a regular expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Path {
    /// A path.
    Text(String),
    /// A regular expression.
    Regex(String),
}

/// A route as it is put in a node.
#[derive(Debug, Clone)]
pub struct Route<'c> {
    /// Its methods.
    pub methods: Vec<String>,
    /// Its paths.
    pub paths: Vec<Path>,
    /// What is written before its handler.
    pub layers: Vec<Layer<'c>>,
    /// What answers.
    pub handler: Handler<'c>,
    /// The handler as it is written.
    pub written: Source<'c>,
    /// Where it is declared.
    pub module: ModuleId,
    /// Where it is declared.
    pub line: u32,
    /// Its handler may hand the request on: what comes later with the same path answers then.
    pub passes_on: bool,
}

impl<'c> Tree<'c> {
    /// A new node.
    pub fn add(&mut self, node: Node<'c>) -> NodeId {
        self.changes += 1;
        self.nodes.push(node);
        NodeId(u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX))
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node<'c> {
        &self.nodes[id.0 as usize]
    }

    /// A node, to change it.
    pub fn node_mut(&mut self, id: NodeId) -> &mut Node<'c> {
        self.changes += 1;
        &mut self.nodes[id.0 as usize]
    }

    /// Puts something at the end of a node.
    pub fn put(&mut self, id: NodeId, item: Item<'c>) {
        if self.changes > CHANGES {
            return;
        }
        if let What::Mount(_, node, _) = &item.what {
            let node = *node;
            self.node_mut(node).is_mounted = true;
        }
        self.node_mut(id).items.push(item);
    }

    /// Whether more is still put in.
    pub fn has_room(&self) -> bool {
        self.changes <= CHANGES
    }

    /// So often it was changed.
    pub fn changes(&self) -> usize {
        self.changes
    }

    /// What is declared, of a framework in whose apps order decides.
    pub fn in_order(&self, framework: &'static str) -> Vec<Declared<'c>> {
        let mut out = Vec::new();
        let mut seen = HashSet::new();
        let mut budget = COMPARED;
        let free =
            |mounted: bool| (0..self.nodes.len()).filter(move |at| self.nodes[*at].is_mounted == mounted);
        // Those that are only mounted in a circle are left for the end.
        for at in free(false).chain(free(true)) {
            let root = NodeId(at as u32);
            if seen.contains(&root) {
                continue;
            }
            let mut walk = Walk {
                tree: self,
                framework,
                active: Vec::new(),
                within: Vec::new(),
                seen: &mut seen,
                budget: &mut budget,
                params: HashMap::new(),
                found: Vec::new(),
            };
            walk.node(root, "", &[], usize::MAX);
            out.extend(without_passed_on(walk.found));
            if out.len() >= ROUTES {
                break;
            }
        }
        settled(out)
    }
}

/// Each route once, in the order of the files. An app that is made twice has the fewest layers of both.
pub fn settled(mut routes: Vec<Declared<'_>>) -> Vec<Declared<'_>> {
    routes.sort_by(|a, b| {
        (a.module, a.line, &a.path, &a.method, a.layers.len()).cmp(&(
            b.module,
            b.line,
            &b.path,
            &b.method,
            b.layers.len(),
        ))
    });
    routes.dedup_by(|b, a| {
        a.module == b.module && a.line == b.line && a.path == b.path && a.method == b.method
    });
    routes
}

struct Walk<'a, 'c> {
    tree: &'a Tree<'c>,
    framework: &'static str,
    active: Vec<Active<'a, 'c>>,
    within: Vec<NodeId>,
    seen: &'a mut HashSet<NodeId>,
    budget: &'a mut usize,
    /// Of nodes, the places of those items that are layers for a parameter.
    params: HashMap<NodeId, Vec<usize>>,
    found: Vec<(Declared<'c>, bool)>,
}

/// A layer that later routes go through.
struct Active<'a, 'c> {
    /// Where its node is mounted.
    below: String,
    /// Its paths from the root.
    full: Vec<Path>,
    cover: std::borrow::Cow<'a, Cover>,
    layer: Layer<'c>,
    conditions: Vec<Branch>,
}

impl<'c> Walk<'_, 'c> {
    fn node(&mut self, id: NodeId, below: &str, conditions: &[Branch], upto: usize) {
        if self.within.contains(&id) || self.within.len() >= DEPTH || self.found.len() >= ROUTES {
            return;
        }
        // A router in routers in routers is gone through as often as it is mounted.
        *self.budget = self.budget.saturating_sub(50);
        if *self.budget == 0 {
            return;
        }
        self.seen.insert(id);
        self.within.push(id);
        let tree = self.tree;
        let node = tree.node(id);
        let below = join(below, &node.prefix);
        for item in node.items.iter().take(upto) {
            *self.budget = self.budget.saturating_sub(1);
            if *self.budget == 0 {
                break;
            }
            let mut all = conditions.to_vec();
            all.extend(item.conditions.iter().filter(|c| !conditions.contains(c)).cloned());
            match &item.what {
                What::Layer(cover, layer) => self.active.push(Active {
                    full: full(&cover.paths, &below),
                    below: below.clone(),
                    cover: std::borrow::Cow::Borrowed(cover),
                    layer: layer.clone(),
                    conditions: all,
                }),
                What::Mount(path, node, upto) => {
                    self.node(*node, &join(&below, path), &all, upto.unwrap_or(usize::MAX));
                }
                What::Route(route) => self.route(id, route, &below, all),
            }
        }
        self.within.pop();
    }

    fn route(&mut self, id: NodeId, route: &Route<'c>, below: &str, conditions: Vec<Branch>) {
        for path in &route.paths {
            let shown = match path {
                Path::Text(text) => join(below, text),
                Path::Regex(regex) if below == "/" => format!("/{regex}/"),
                Path::Regex(regex) => format!("{below} /{regex}/"),
            };
            for method in &route.methods {
                let mut layers = self.covering(id, path, below, method, &conditions);
                layers.extend(route.layers.iter().take(LAYERS + 1).cloned());
                let layers = capped(layers);
                let declared = Declared {
                    framework: self.framework,
                    kind: "http",
                    method: method.clone(),
                    path: shown.clone(),
                    module: route.module,
                    line: route.line,
                    layers,
                    handler: route.handler.clone(),
                    gate: Gate::None,
                };
                if self.found.len() < ROUTES {
                    self.found.push((declared, route.passes_on));
                }
            }
        }
        if route.passes_on {
            self.passes_on(route, below, &conditions);
        }
    }

    /// What a route that hands on runs before those that come later.
    fn passes_on(&mut self, route: &Route<'c>, below: &str, conditions: &[Branch]) {
        let any = route.methods.iter().any(|m| m == "ANY");
        let cover = Cover {
            paths: route.paths.clone(),
            prefix: false,
            methods: (!any).then(|| route.methods.clone()),
            param: None,
        };
        let style = route.layers.first().map_or(super::Style::Express, |layer| layer.style);
        let style = if self.framework == "hono" { super::Style::Hono } else { style };
        let own =
            Layer { module: route.written.0, line: route.line, runs: route.written.1, style, only: None };
        for layer in route.layers.iter().cloned().chain([own]) {
            self.active.push(Active {
                full: full(&cover.paths, below),
                below: below.to_owned(),
                cover: std::borrow::Cow::Owned(cover.clone()),
                layer,
                conditions: conditions.to_vec(),
            });
        }
    }

    fn covering(
        &mut self,
        id: NodeId,
        path: &Path,
        below: &str,
        method: &str,
        conditions: &[Branch],
    ) -> Vec<Layer<'c>> {
        *self.budget = self.budget.saturating_sub(self.active.len());
        let whole = under(path, below);
        let mut out = Vec::new();
        for active in &self.active {
            if out.len() >= LAYERS || *self.budget == 0 {
                out.push(untold(&active.layer));
                break;
            }
            let Some(mut only) = together(&active.conditions, conditions) else { continue };
            if active.cover.param.is_some() {
                continue;
            }
            let met = active
                .full
                .iter()
                .map(|of| meets_path(of, &active.below, active.cover.prefix, &whole, below));
            match best(met) {
                Meets::Never => continue,
                Meets::Sometimes => {
                    only.push(format!("only for {}", shown(&active.cover.paths, &active.below)))
                }
                Meets::Always => {}
            }
            match &active.cover.methods {
                Some(methods) if method == "ANY" => only.push(format!("only for {}", methods.join(", "))),
                // Express answers HEAD with what answers GET.
                Some(methods) if !methods.iter().any(|m| m == method) => continue,
                _ => {}
            }
            out.push(with_only(&active.layer, only));
        }
        // `router.param`: its place among the routes does not count, and other routers do not see it.
        // https://expressjs.com/en/api.html#router.param
        let node = self.tree.node(id);
        let of_params = self.params.entry(id).or_insert_with(|| {
            let is_one = |item: &Item<'_>| matches!(item.what, What::Layer(Cover { param: Some(_), .. }, _));
            (0..node.items.len()).filter(|at| is_one(&node.items[*at])).collect()
        });
        for item in of_params.iter().take(LAYERS).map(|at| &node.items[*at]) {
            let What::Layer(Cover { param: Some(param), .. }, layer) = &item.what else { continue };
            let Path::Text(text) = path else { continue };
            let has = text
                .split(['/', '.', '-'])
                .filter_map(|part| part.strip_prefix(':'))
                .any(|part| part.split(['(', '?', '*', '+']).next() == Some(param.as_str()));
            if let (true, Some(only)) = (has, together(&item.conditions, conditions)) {
                out.push(with_only(layer, only));
            }
        }
        out
    }
}

/// What of a layer's conditions is not known to hold for a route. `None` if they exclude each other.
pub fn together(layer: &[Branch], route: &[Branch]) -> Option<Vec<String>> {
    let mut only = Vec::new();
    for branch in layer {
        match route.iter().find(|other| other.id == branch.id) {
            Some(other) if other.arm == branch.arm => {}
            Some(_) => return None,
            None => only.push(branch.says.to_string()),
        }
    }
    Some(only)
}

/// What stands for layers of which there are too many.
pub fn untold<'c>(like: &Layer<'c>) -> Layer<'c> {
    Layer { runs: &super::made::UNKNOWN, only: None, ..like.clone() }
}

/// The layers before a route, as many as are kept.
pub fn capped(mut layers: Vec<Layer<'_>>) -> Vec<Layer<'_>> {
    if layers.len() > LAYERS {
        layers.truncate(LAYERS);
        let last = layers.last().map(untold);
        layers.extend(last);
    }
    layers
}

/// A layer with more of what restricts it.
pub fn with_only<'c>(layer: &Layer<'c>, more: Vec<String>) -> Layer<'c> {
    let mut layer = layer.clone();
    let mut all: Vec<String> = layer.only.take().into_iter().chain(more).collect();
    all.dedup();
    if !all.is_empty() {
        layer.only = Some(all.join("; "));
    }
    layer
}

/// Routes, without those that only hand on to a later one with the same path, or to many.
fn without_passed_on(found: Vec<(Declared<'_>, bool)>) -> Vec<Declared<'_>> {
    let mut last: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (at, (route, _)) in found.iter().enumerate() {
        last.insert((route.path.clone(), route.method.clone()), at);
    }
    let answers = |at: usize, route: &Declared<'_>| {
        let is_wide = route.method == "ANY" || route.path.contains('*');
        let later = last.get(&(route.path.clone(), route.method.clone())).is_some_and(|last| *last > at);
        !is_wide && !later
    };
    found
        .into_iter()
        .enumerate()
        .filter(|(at, (route, passes_on))| !passes_on || answers(*at, route))
        .map(|(_, (route, _))| route)
        .collect()
}
