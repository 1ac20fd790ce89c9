//! `query` bodies: tree-sitter queries.
//!
//! Work is bounded by counting it, never by the clock, so that the same file always gives the same matches.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::OnceLock;

use tree_sitter::{
    Node, ParseOptions, Parser, Point, QueryCursor, QueryCursorOptions, QueryErrorKind, StreamingIterator,
    Tree,
};

use super::any::{self, Any};
use super::syntax::{self, Part};
use super::{Hit, Hits, MOST_MATCHES};
use crate::facts::kinds::Syntax;
use crate::source::File;

/// How often the parser may ask whether to go on. It asks after each hundred steps; of 4,651 real files none needs more
/// than one question for 28 bytes.
const PARSE_AT_LEAST: usize = 500;
const PARSE_BYTES: usize = 10;

/// The same from the first error on. Recovery takes some hundred times as long for a step as parsing does; real files
/// with an error need one question for a hundred bytes, and no more than 724.
const RECOVER_BYTES: usize = 80;
const RECOVER_AT_MOST: usize = 2_000;

/// What a parser could make nothing of is one flat node, which a query walks in time that grows with the square of its
/// parts. The largest sum of such squares in a real file is 3,428.
const MOST_FLAT: u64 = 10_000_000;

/// How often a query may ask whether to go on. It asks after a thousand steps; simple queries take three for a node.
const QUERY_AT_LEAST: usize = 1_000;
const QUERY_NODES: usize = 10;

/// Begun matches that a query may keep at once.
const BEGUN_MATCHES: u32 = 4_096;

/// A query in each syntax that it is about. Compiling one takes longer than auditing a small repository, so it waits for
/// the first file that is worth searching.
#[derive(Debug)]
pub struct Query {
    of: BTreeMap<Syntax, OnceLock<Option<Compiled>>>,
    text: String,
    capture: String,
    names: Vec<String>,
}

#[derive(Debug)]
struct Compiled {
    query: tree_sitter::Query,
    any: Any,
}

/// Why a query can't be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryMistake {
    /// What is wrong.
    pub problem: QueryProblem,
    /// The byte of the query at which it is wrong.
    pub at: usize,
    /// The name that is wrong, `""` if it is no name.
    pub name: String,
}

/// What is wrong with a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryProblem {
    /// It does not parse.
    Syntax,
    /// The grammar has no such kind of node.
    Node,
    /// The grammar has no such field.
    Field,
    /// A predicate names a capture that the pattern does not have.
    Capture,
    /// The grammar never puts these nodes together like that.
    Impossible,
    /// A predicate is wrong.
    Predicate,
}

impl Query {
    /// Whether a query compiles in one syntax.
    ///
    /// # Errors
    /// The first mistake.
    pub fn check(syntax: Syntax, text: &str) -> Result<(), QueryMistake> {
        compile(syntax, text).map(|_| ())
    }

    /// The query in each of `syntaxes`. It makes the captures `names` and shows `capture`. Whether it compiles turns out
    /// when it is first needed: ask [`Query::check`] before.
    pub fn new(syntaxes: &[Syntax], text: &str, capture: &str, names: &[String]) -> Query {
        let mut names: Vec<String> = names.iter().filter(|name| !name.starts_with('_')).cloned().collect();
        names.sort();
        names.dedup();
        let of = syntaxes.iter().map(|syntax| (*syntax, OnceLock::new())).collect();
        Query { of, text: text.to_owned(), capture: capture.to_owned(), names }
    }

    fn compiled(&self, syntax: Syntax) -> Option<&Compiled> {
        let compiled = || {
            let query = compile(syntax, &self.text).ok()?;
            let any = Any::of(&query);
            Some(Compiled { query, any })
        };
        self.of.get(&syntax)?.get_or_init(compiled).as_ref()
    }

    /// Whether it is about code in this syntax.
    pub fn has(&self, syntax: Syntax) -> bool {
        self.of.contains_key(&syntax)
    }

    /// The captures, sorted; those that begin with `_` are left out.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

fn compile(syntax: Syntax, text: &str) -> Result<tree_sitter::Query, QueryMistake> {
    let Some(language) = syntax::grammar(syntax) else {
        return Err(QueryMistake { problem: QueryProblem::Syntax, at: 0, name: String::new() });
    };
    tree_sitter::Query::new(&language, &any::renamed(text)).map_err(|error| {
        let (problem, is_name) = match error.kind {
            QueryErrorKind::NodeType => (QueryProblem::Node, true),
            QueryErrorKind::Field => (QueryProblem::Field, true),
            QueryErrorKind::Capture => (QueryProblem::Capture, true),
            QueryErrorKind::Structure => (QueryProblem::Impossible, false),
            QueryErrorKind::Predicate => (QueryProblem::Predicate, false),
            QueryErrorKind::Syntax | QueryErrorKind::Language => (QueryProblem::Syntax, false),
        };
        let name = if is_name { error.message.trim_matches('"').to_owned() } else { String::new() };
        QueryMistake { problem, at: error.offset, name }
    })
}

/// Runs queries over a file: each part is parsed once, if one of them is about it.
pub(super) fn run(file: &File, text: &str, queries: &[(usize, &Query)]) -> Vec<(usize, Hits)> {
    let mut found: Vec<(usize, Hits)> = queries.iter().map(|(index, _)| (*index, Hits::default())).collect();
    if queries.is_empty() {
        return found;
    }
    for part in syntax::parts(file, text) {
        if !queries.iter().any(|(_, query)| query.has(part.syntax)) {
            continue;
        }
        let tree = parse(text, &part);
        for ((_, query), (_, hits)) in queries.iter().zip(&mut found) {
            if !query.has(part.syntax) {
                continue;
            }
            match (&tree, query.compiled(part.syntax)) {
                (_, None) => hits.cut = Some("its query does not compile"),
                (Some(tree), Some(compiled)) => {
                    search(query, compiled, tree.root_node(), text, part.syntax, hits)
                }
                (None, _) => hits.cut = Some("too much of it makes no sense to the parser"),
            }
        }
    }
    found
}

fn parse(text: &str, part: &Part) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&syntax::grammar(part.syntax)?).ok()?;
    if (part.start, part.end) != (0, text.len()) {
        parser
            .set_included_ranges(&[tree_sitter::Range {
                start_byte: part.start,
                end_byte: part.end,
                start_point: point(text, part.start),
                end_point: point(text, part.end),
            }])
            .ok()?;
    }
    let bytes = text.as_bytes();
    let length = part.end - part.start;
    let most = PARSE_AT_LEAST + length / PARSE_BYTES;
    let most_after = (PARSE_AT_LEAST + length / RECOVER_BYTES).min(RECOVER_AT_MOST);
    let (mut steps, mut after) = (0, 0);
    let mut progress = |state: &tree_sitter::ParseState| {
        steps += 1;
        after += usize::from(state.has_error());
        if steps > most || after > most_after { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let tree =
        parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options))?;
    (flat(tree.root_node()) <= MOST_FLAT).then_some(tree)
}

/// The sum of the squares of the parts of what the parser could make nothing of.
fn flat(root: Node<'_>) -> u64 {
    let mut sum = 0u64;
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_error() {
            sum = sum.saturating_add(u64::from(node.child_count()).pow(2));
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return sum;
            }
        }
    }
}

fn point(text: &str, at: usize) -> Point {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let row = memchr::memchr_iter(b'\n', before).count();
    Point { row, column: at - memchr::memrchr(b'\n', before).map_or(0, |line| line + 1) }
}

fn search(query: &Query, compiled: &Compiled, root: Node<'_>, text: &str, syntax: Syntax, found: &mut Hits) {
    let names = compiled.query.capture_names();
    let Some(shown) = compiled.query.capture_index_for_name(&query.capture) else { return };
    let of_names: Vec<Option<u32>> = query
        .names
        .iter()
        .map(|name| names.iter().position(|known| known == name).and_then(|at| u32::try_from(at).ok()))
        .collect();
    let mut cursor = QueryCursor::new();
    cursor.set_match_limit(BEGUN_MATCHES);
    let mut steps = 0;
    let most = QUERY_AT_LEAST + root.descendant_count() / QUERY_NODES;
    let mut too_long = false;
    let mut progress = |_: &tree_sitter::QueryCursorState| {
        steps += 1;
        too_long = steps > most;
        if too_long { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = QueryCursorOptions::new().progress_callback(&mut progress);
    let mut matches = cursor.matches_with_options(&compiled.query, root, text.as_bytes(), options);
    let mut cut = None;
    while let Some(one) = matches.next() {
        if found.hits.len() > 2 * MOST_MATCHES {
            cut = Some("the query matches too often in it");
            break;
        }
        let node = |index: u32| one.captures().iter().find(|capture| capture.index == index);
        let range = |node: Node<'_>| (node.start_byte(), node.end_byte());
        if !compiled.any.hold(one, text) {
            continue;
        }
        let Some(shown) = node(shown).map(|capture| range(capture.node)) else { continue };
        let whole = one.captures().iter().map(|capture| range(capture.node));
        let whole = whole.fold(shown, |all, part| (all.0.min(part.0), all.1.max(part.1)));
        let captures =
            of_names.iter().map(|index| (*index).and_then(node).map(|capture| range(capture.node))).collect();
        found.hits.push(Hit { shown, whole, captures, syntax });
    }
    drop(matches);
    if cut.is_none() && (too_long || cursor.did_exceed_match_limit()) {
        cut = Some("the query takes too long in it");
    }
    if cut.is_some() {
        found.cut = cut;
    }
}
