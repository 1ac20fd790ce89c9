//! Configuration files (YAML, JSON with comments, TOML, HCL) as one tree whose nodes know their lines.
//!
//! The parsers are bounded: size, depth and number of nodes are capped, so that a hostile file is an error and
//! never a hang.

mod expression;
mod hcl;
mod json;
mod toml;
mod yaml;
mod yaml_lines;

pub use expression::Expression;
pub use hcl::{hcl, hcl_json};
pub use json::json;
pub use toml::toml;
pub use yaml::{yaml, yaml_documents};

/// Files larger than this are not configuration that anybody wrote.
const MAX_BYTES: usize = 1 << 20;

/// What is wrong with a file that does not parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// From 1; 0 where the parser doesn't say.
    pub line: u32,
    /// From 1; 0 where the parser doesn't say.
    pub column: u32,
    /// What is wrong. May quote the file: never for output.
    what: &'static str,
}

impl Broken {
    fn new(line: usize, column: usize, what: &'static str) -> Self {
        Self {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
            what,
        }
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.line, self.column) {
            (0, _) => write!(f, "{}", self.what),
            (line, 0) => write!(f, "{} at line {line}", self.what),
            (line, column) => write!(f, "{} at line {line}, column {column}", self.what),
        }
    }
}

/// A value and where it stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    /// The line of its key, or of its dash; from 1.
    pub line: u32,
    /// The line at which its text begins: below the key for a block of text.
    pub text_line: u32,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, as written where that is known.
    Number(String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file.
    Map(Vec<Entry>),
    /// What the file computes. Only of formats that compute.
    Expression(Box<Expression>),
}

/// An entry of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// What stands there.
    pub node: Node,
}

impl Node {
    /// The value of `key`; YAML's merge keys (`<<`) are followed.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let entries = self.entries();
        if let Some(entry) = entries.iter().find(|e| e.key == key) {
            return Some(&entry.node);
        }
        let merged = entries.iter().filter(|e| e.key == "<<");
        merged.flat_map(|e| std::iter::once(&e.node).chain(e.node.list())).find_map(|node| match node.value {
            Value::Map(_) => node.get(key),
            _ => None,
        })
    }

    /// The value below a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Its text, if it is text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Text, number or boolean as text; `""` for anything else.
    pub fn scalar(&self) -> String {
        match &self.value {
            Value::Text(text) | Value::Number(text) => text.clone(),
            Value::Bool(b) => b.to_string(),
            _ => String::new(),
        }
    }

    /// Its truth, also as the texts `true` and `false`.
    pub fn truth(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(b) => Some(*b),
            Value::Text(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Some(true),
                "false" | "no" | "off" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// Its number, also when written as text.
    pub fn number(&self) -> Option<f64> {
        match &self.value {
            Value::Number(text) | Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Its items, if it is a list.
    pub fn list(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// Its entries, if it is a map.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Whether it is a map.
    pub fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }

    /// Pairs of a map of scalars, or of a list of `name=value`.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let from_map = self.entries().iter().map(|e| (e.key.clone(), e.node.scalar()));
        let from_list = self.list().iter().filter_map(|item| {
            let text = item.scalar();
            text.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()))
        });
        from_map.chain(from_list).collect()
    }

    /// The texts of a list of scalars, or of the one scalar that stands for such a list.
    pub fn texts(&self) -> Vec<(String, u32)> {
        match &self.value {
            Value::List(items) => {
                items.iter().map(|i| (i.scalar(), i.line)).filter(|(t, _)| !t.is_empty()).collect()
            }
            Value::Null | Value::Map(_) | Value::Expression(_) => Vec::new(),
            _ => vec![(self.scalar(), self.line)],
        }
    }
}

/// The offset of each line's first byte, to tell lines of offsets.
struct LineStarts(Vec<usize>);

impl LineStarts {
    fn of(text: &str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self(std::iter::once(0).chain(breaks).collect())
    }

    fn line(&self, offset: usize) -> u32 {
        u32::try_from(self.0.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }

    fn column(&self, offset: usize) -> usize {
        let line = self.0.partition_point(|start| *start <= offset);
        offset - self.0.get(line.saturating_sub(1)).copied().unwrap_or(0) + 1
    }
}
