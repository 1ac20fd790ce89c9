//! The vocabulary in the form in which it is looked up: a tree of steps for each package, global name and head.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::code::Step;

use super::Found;
use super::entry::Entry;
use super::pattern::{self, From, Part, Pattern};

/// One file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    entry: Vec<Entry>,
    /// Names that stand for a status, by who uses them.
    #[serde(default)]
    codes: BTreeMap<String, BTreeMap<String, u16>>,
}

/// All files.
#[derive(Default)]
pub(super) struct Table {
    pub entries: Vec<Entry>,
    pub codes: BTreeMap<String, BTreeMap<String, u16>>,
    roots: HashMap<From, usize>,
    nodes: Vec<Node>,
}

/// A place in a tree: everything that was done so far.
#[derive(Default)]
struct Node {
    members: HashMap<String, usize>,
    call: Option<usize>,
    one: Option<usize>,
    any: Option<usize>,
    /// What it means to come here.
    entry: Option<usize>,
    /// What is called by this name goes on in the tree of that.
    head: Option<usize>,
}

/// The best so far, and how many steps of its symbol are spelled out.
type Best = Option<(usize, Found)>;

/// A way through the tree.
#[derive(Clone, Copy, Default)]
struct Way {
    node: usize,
    at: usize,
    spelled: usize,
    wild: Option<usize>,
    client: Option<(usize, usize)>,
}

/// The longest path that is looked at: what a person writes has some dozen steps.
const STEPS: usize = 512;

/// What makes looking up a symbol endless or slow.
fn unfit(pattern: &Pattern, names: bool) -> Option<&'static str> {
    let any = |part: &Part| *part == Part::Any;
    if pattern.parts.is_empty() && matches!(pattern.from, From::Head(_)) {
        return Some("a name for another name");
    }
    if pattern.parts.iter().filter(|part| any(part)).count() > usize::from(!names) {
        return Some("`**` only once, and not in what has a name");
    }
    let spelled = pattern.parts.windows(2).all(|pair| !any(&pair[0]) || matches!(pair[1], Part::Member(_)));
    (!spelled || pattern.parts.last().is_some_and(any)).then_some("a name has to follow `**`")
}

impl Table {
    /// Reads files: their names and texts. What is wrong with them, by name.
    pub fn read<'t>(files: impl Iterator<Item = (&'t str, &'t str)>) -> (Table, Vec<String>) {
        let (mut table, mut wrong) = (Table::default(), Vec::new());
        for (name, text) in files {
            match toml::from_str::<File>(text) {
                Ok(file) => {
                    table.entries.extend(file.entry);
                    table.codes.extend(file.codes);
                }
                Err(error) => wrong.push(format!("{name}: {error}")),
            }
        }
        for at in 0..table.entries.len() {
            let symbols = table.entries[at].symbols.clone();
            for symbol in symbols {
                if let Err(what) = table.plant(&symbol, at) {
                    wrong.push(what);
                }
            }
        }
        (table, wrong)
    }

    fn plant(&mut self, symbol: &str, entry: usize) -> Result<(), String> {
        let head = match self.entries[entry].is.clone() {
            name if name.is_empty() => None,
            name => Some(self.root(From::Head(name))),
        };
        for pattern in pattern::parse(symbol)? {
            if let Some(what) = unfit(&pattern, head.is_some()) {
                return Err(format!("`{symbol}`: {what}"));
            }
            let mut node = self.root(pattern.from);
            for part in pattern.parts {
                node = self.child(node, part);
            }
            if self.nodes[node].entry.replace(entry).is_some() {
                return Err(format!("`{symbol}` is there twice"));
            }
            self.nodes[node].head = head;
        }
        Ok(())
    }

    fn root(&mut self, from: From) -> usize {
        if let Some(node) = self.roots.get(&from) {
            return *node;
        }
        self.nodes.push(Node::default());
        self.roots.insert(from, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    fn child(&mut self, node: usize, part: Part) -> usize {
        let new = self.nodes.len();
        let of = &mut self.nodes[node];
        let child = match part {
            Part::Member(name) => *of.members.entry(name).or_insert(new),
            Part::Call => *of.call.get_or_insert(new),
            Part::One => *of.one.get_or_insert(new),
            Part::Any => *of.any.get_or_insert(new),
        };
        if child == new {
            self.nodes.push(Node::default());
        }
        child
    }

    /// The entry that says most about a path from any of these roots.
    pub fn best(&self, roots: &[From], path: &[Step]) -> Option<Found> {
        let path = &path[..path.len().min(STEPS)];
        let mut best = None;
        for root in roots {
            if let Some(node) = self.roots.get(root) {
                self.go(path, Way { node: *node, ..Way::default() }, &mut best);
            }
        }
        best.map(|(_, found)| found)
    }

    /// The names by which other entries know the value that comes of a path; with `made`, of calling that.
    pub fn heads(&self, roots: &[From], path: &[Step], made: bool) -> Option<&str> {
        roots.iter().find_map(|root| {
            let mut node = *self.roots.get(root)?;
            for step in path {
                let of = &self.nodes[node];
                node = match step {
                    Step::Member(name) => *of.members.get(&**name)?,
                    Step::Call(..) => of.call?,
                    Step::Element => return None,
                };
            }
            let node = &self.nodes[if made { self.nodes[node].call? } else { node }];
            node.head.and(node.entry).map(|entry| self.entries[entry].is.as_str())
        })
    }

    /// Goes on from a place in a tree. Ends, since every step takes one of the path, and of a symbol only one is `**`.
    fn go(&self, path: &[Step], way: Way, best: &mut Best) {
        let node = &self.nodes[way.node];
        let mut way = way;
        // A package that is called, or used as it is: not any export of it.
        let whole = way.at > 0 || !matches!(path.first(), Some(Step::Member(_) | Step::Element));
        if let Some(entry) = node.entry.filter(|_| whole) {
            let says = &self.entries[entry];
            if way.client.is_none() && says.client.is_some() {
                way.client = Some((entry, way.at));
            }
            let better = best.as_ref().is_none_or(|(spelled, found)| (way.spelled, way.at) > (*spelled, found.used));
            if better {
                *best = Some((way.spelled, Found { entry, used: way.at, wild: way.wild, client: way.client }));
            }
        }
        if let Some(head) = node.head {
            self.go(path, Way { node: head, ..way }, best);
        }
        if let Some(step) = path.get(way.at) {
            self.step(path, step, way, best);
        }
        // Last, so that what is spelled out as a whole comes first.
        if let Some(any) = node.any {
            // The next step of the symbol is spelled out: go to where the path has it.
            for at in way.at..=path.len() {
                self.go(path, Way { node: any, at, ..way }, best);
            }
        }
    }

    /// Goes one step on.
    fn step(&self, path: &[Step], step: &Step, way: Way, best: &mut Best) {
        let node = &self.nodes[way.node];
        let on = Way { at: way.at + 1, spelled: way.spelled + 1, ..way };
        match step {
            Step::Member(name) => {
                if let Some(node) = node.members.get(&**name) {
                    self.go(path, Way { node: *node, ..on }, best);
                }
                if let Some(node) = node.one {
                    self.go(path, Way { node, spelled: way.spelled, wild: Some(way.at), ..on }, best);
                }
            }
            Step::Element => {
                if let Some(node) = node.one {
                    self.go(path, Way { node, spelled: way.spelled, wild: Some(way.at), ..on }, best);
                }
            }
            Step::Call(..) => {
                if let Some(node) = node.call {
                    self.go(path, Way { node, ..on }, best);
                }
            }
        }
    }
}
