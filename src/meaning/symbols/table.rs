//! The vocabulary in the form in which it is looked up: a tree of steps for each package, global name and head.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::code::Step;
use crate::hash::Keyed;

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
    /// Packages, what is below them, global names, heads.
    roots: [HashMap<String, u32, Keyed>; 4],
    nodes: Vec<Node>,
}

/// A place in a tree: everything that was done so far. 0 where there is nothing, since no node leads to the first.
#[derive(Default)]
struct Node {
    /// Sorted by name.
    members: Vec<(Box<str>, u32)>,
    call: u32,
    one: u32,
    any: u32,
    /// What it means to come here.
    entry: Option<u32>,
    /// What is called by this name goes on in the tree of that.
    head: u32,
}

impl Node {
    fn member(&self, name: &str) -> Option<u32> {
        let at = self.members.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        Some(self.members[at].1)
    }
}

/// The best so far, and how many steps of its symbol are spelled out.
type Best = Option<(usize, Found)>;

/// A way through the tree.
#[derive(Clone, Copy, Default)]
struct Way {
    node: u32,
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
        // The first node is none.
        table.nodes.push(Node::default());
        let entries = std::mem::take(&mut table.entries);
        for (at, entry) in entries.iter().enumerate() {
            for symbol in &entry.symbols {
                if let Err(what) = table.plant(symbol, &entry.is, at as u32) {
                    wrong.push(what);
                }
            }
        }
        table.entries = entries;
        (table, wrong)
    }

    fn plant(&mut self, symbol: &str, is: &str, entry: u32) -> Result<(), String> {
        let head = if is.is_empty() { 0 } else { self.root(From::Head(is)) };
        for pattern in pattern::parse(symbol)? {
            if let Some(what) = unfit(&pattern, head != 0) {
                return Err(format!("`{symbol}`: {what}"));
            }
            let root = self.root(pattern.from);
            let node = pattern.parts.iter().fold(root, |node, part| self.child(node, *part)) as usize;
            if self.nodes[node].entry.replace(entry).is_some() {
                return Err(format!("`{symbol}` is there twice"));
            }
            self.nodes[node].head = head;
        }
        Ok(())
    }

    fn root(&mut self, from: From) -> u32 {
        let (kind, name) = place(from);
        if let Some(node) = self.roots[kind].get(name) {
            return *node;
        }
        let new = self.node();
        self.roots[kind].insert(name.to_owned(), new);
        new
    }

    fn node(&mut self) -> u32 {
        self.nodes.push(Node::default());
        (self.nodes.len() - 1) as u32
    }

    fn child(&mut self, node: u32, part: Part) -> u32 {
        let node = node as usize;
        let known = match part {
            Part::Member(name) => self.nodes[node].member(name).unwrap_or(0),
            Part::Call => self.nodes[node].call,
            Part::One => self.nodes[node].one,
            Part::Any => self.nodes[node].any,
        };
        if known != 0 {
            return known;
        }
        let new = self.node();
        let of = &mut self.nodes[node];
        match part {
            Part::Member(name) => {
                let at = of.members.partition_point(|(known, _)| **known < *name);
                of.members.insert(at, (name.into(), new));
            }
            Part::Call => of.call = new,
            Part::One => of.one = new,
            Part::Any => of.any = new,
        }
        new
    }

    fn find(&self, from: From) -> Option<u32> {
        let (kind, name) = place(from);
        self.roots[kind].get(name).copied()
    }

    fn at(&self, node: u32) -> &Node {
        &self.nodes[node as usize]
    }

    /// The entry that says most about a path from any of these roots.
    pub fn best<'r>(&self, roots: impl Iterator<Item = From<'r>>, path: &[Step]) -> Option<Found> {
        let path = &path[..path.len().min(STEPS)];
        let mut best = None;
        for node in roots.filter_map(|root| self.find(root)) {
            self.go(path, Way { node, ..Way::default() }, &mut best);
        }
        best.map(|(_, found)| found)
    }

    /// The name by which other entries know the value that comes of a path; with `made`, of calling that.
    pub fn head<'r>(
        &self,
        mut roots: impl Iterator<Item = From<'r>>,
        path: &[Step],
        made: bool,
    ) -> Option<&str> {
        roots.find_map(|root| {
            let mut node = self.find(root)?;
            for step in path {
                node = match step {
                    Step::Member(name) => self.at(node).member(name)?,
                    Step::Call(..) => self.at(node).call,
                    Step::Element => 0,
                };
            }
            let node = self.at(if made { self.at(node).call } else { node });
            let entry = node.entry.filter(|_| node.head != 0)?;
            Some(self.entries[entry as usize].is.as_str())
        })
    }

    /// Goes on from a place in a tree. Ends, since every step takes one of the path, and of a symbol only one is `**`.
    fn go(&self, path: &[Step], way: Way, best: &mut Best) {
        let node = self.at(way.node);
        let mut way = way;
        // A package that is called, or used as it is: not any export of it.
        let whole = way.at > 0 || !matches!(path.first(), Some(Step::Member(_) | Step::Element));
        if let Some(entry) = node.entry.filter(|_| whole) {
            let entry = entry as usize;
            if way.client.is_none() && self.entries[entry].client.is_some() {
                way.client = Some((entry, way.at));
            }
            if best.as_ref().is_none_or(|(spelled, found)| (way.spelled, way.at) > (*spelled, found.used)) {
                *best =
                    Some((way.spelled, Found { entry, used: way.at, wild: way.wild, client: way.client }));
            }
        }
        if node.head != 0 {
            self.go(path, Way { node: node.head, ..way }, best);
        }
        if let Some(step) = path.get(way.at) {
            self.step(path, step, way, best);
        }
        // Last, so that what is spelled out as a whole comes first.
        if node.any != 0 {
            // The next step of the symbol is a name: go to where the path has it.
            for at in way.at..path.len() {
                self.go(path, Way { node: node.any, at, ..way }, best);
            }
        }
    }

    /// Goes one step on.
    fn step(&self, path: &[Step], step: &Step, way: Way, best: &mut Best) {
        let node = self.at(way.node);
        let on = Way { at: way.at + 1, spelled: way.spelled + 1, ..way };
        let (spelled, any_one) = match step {
            Step::Member(name) => (node.member(name).unwrap_or(0), node.one),
            Step::Element => (0, node.one),
            Step::Call(..) => (node.call, 0),
        };
        if spelled != 0 {
            self.go(path, Way { node: spelled, ..on }, best);
        }
        if any_one != 0 {
            let way = Way { node: any_one, spelled: way.spelled, wild: Some(way.at), ..on };
            self.go(path, way, best);
        }
    }
}

/// In which of the roots, and by which name.
fn place(from: From<'_>) -> (usize, &str) {
    match from {
        From::Package(name) => (0, name),
        From::Below(name) => (1, name),
        From::Global(name) => (2, name),
        From::Head(name) => (3, name),
    }
}
