//! What rules with a body look for in the text of files, while it is read. Knows nothing of rules but their ids: the
//! rules layer builds a [`Search`] from the packs.
//!
//! A file is searched by a body if its path is in the body's [`Scope`] and one of the body's keywords occurs in it. All
//! keywords of all bodies are looked for at once, and a file is parsed at most once for each syntax, so that rules cost
//! next to nothing where they find nothing.

mod any;
mod pattern;
mod positions;
mod query;
mod scope;
pub mod syntax;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use pattern::Pattern;
pub use query::{Query, QueryMistake, QueryProblem};
pub use scope::Scope;
pub(super) use syntax::{grammar, parts};

use super::Evidence;
use super::kinds::{FileRole, Match, Syntax};
use crate::secrets::{essence, excerpt_part};
use crate::source::File;
use crate::words::Words;
use positions::Positions;

/// The most matches that one body has in one file.
pub const MOST_MATCHES: usize = 1_000;

/// A line up to this length is shown with the match in it; of a longer one the match alone.
const SHOWN_LINE: usize = 240;

/// What one rule looks for.
#[derive(Debug)]
pub struct Body {
    /// The rule's id.
    pub rule: String,
    /// Texts one of which a file must hold, upper or lower case, to be searched at all.
    pub keywords: Vec<String>,
    /// The files that it looks at.
    pub scope: Scope,
    /// What it looks for in them.
    pub finder: Finder,
}

/// How a body looks.
#[derive(Debug)]
pub enum Finder {
    /// By a regular expression.
    Pattern(Pattern),
    /// By the shape of the code.
    Query(Query),
}

/// Everything that the loaded rules look for. Without any, nothing is searched.
#[derive(Debug, Default)]
pub struct Search {
    bodies: Vec<Arc<Body>>,
    words: Option<Words>,
    /// Each keyword in small letters, with its body.
    keywords: Vec<(Vec<u8>, usize)>,
}

/// Something found, in bytes of the text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    /// What is shown.
    shown: Range2,
    /// What tells it from others.
    whole: Range2,
    /// Named parts, in the order of the body's names.
    captures: Vec<Option<Range2>>,
    syntax: Syntax,
}

/// A range that can be sorted.
type Range2 = (usize, usize);

/// What came of the search in one part of one file by one body.
#[derive(Debug, Default)]
struct Hits {
    hits: Vec<Hit>,
    /// Why it was not searched to the end.
    cut: Option<&'static str>,
}

/// What was found in one file.
#[derive(Debug, Default)]
pub struct Found {
    /// In the order of the bodies, then of the text.
    pub matches: Vec<Match>,
    /// The bodies that looked at it, as their places in the search, and whether it holds one of their keywords.
    pub looked: Vec<(usize, bool)>,
    /// What was not searched to the end, in sentences.
    pub cut: Vec<String>,
}

impl Search {
    /// A search for all of `bodies`.
    pub fn new(bodies: impl IntoIterator<Item = Arc<Body>>) -> Search {
        let bodies: Vec<Arc<Body>> = bodies.into_iter().collect();
        let small = |index: usize, keyword: &String| (keyword.to_ascii_lowercase().into_bytes(), index);
        let of_body = |(index, body): (usize, &Arc<Body>)| {
            body.keywords.iter().map(|keyword| small(index, keyword)).collect::<Vec<_>>()
        };
        let keywords: Vec<(Vec<u8>, usize)> = bodies.iter().enumerate().flat_map(of_body).collect();
        // Fails only beyond billions of keywords; then every file counts as holding them.
        let words = match keywords.is_empty() {
            true => None,
            false => Words::new(keywords.iter().filter_map(|(word, _)| std::str::from_utf8(word).ok())),
        };
        Search { bodies, words, keywords }
    }

    /// The id of a rule by the place of its body.
    pub fn rule(&self, body: usize) -> &str {
        self.bodies.get(body).map_or("", |body| body.rule.as_str())
    }

    /// The bodies that look at the file, by their places.
    pub fn scope(&self, file: &File) -> Vec<usize> {
        if self.bodies.is_empty() {
            return Vec::new();
        }
        let Some(role) = FileRole::of(file.role) else { return Vec::new() };
        let syntaxes = syntax::of_file(file);
        let looks = |body: &Body| {
            let reads = match &body.finder {
                Finder::Pattern(_) => true,
                Finder::Query(query) => syntaxes.iter().any(|syntax| query.has(*syntax)),
            };
            reads && body.scope.holds(role, &file.path)
        };
        self.bodies.iter().enumerate().filter(|(_, body)| looks(body)).map(|(index, _)| index).collect()
    }

    /// Searches the text of a file for what the bodies in `scope` look for.
    pub fn run(&self, file: &File, text: &str, scope: &[usize]) -> Found {
        let mut found = Found::default();
        let hit = self.with_keywords(text, scope);
        let mut searched = Vec::new();
        if !hit.is_empty() {
            let patterns = hit.iter().filter_map(|index| match &self.bodies.get(*index)?.finder {
                Finder::Pattern(pattern) => Some((*index, pattern.find(text, syntax::of_text(file)))),
                Finder::Query(_) => None,
            });
            searched.extend(patterns);
            let queries: Vec<(usize, &Query)> = hit
                .iter()
                .filter_map(|index| match &self.bodies.get(*index)?.finder {
                    Finder::Query(query) => Some((*index, query)),
                    Finder::Pattern(_) => None,
                })
                .collect();
            searched.extend(query::run(file, text, &queries));
        }
        searched.sort_by_key(|(index, _)| *index);
        let mut positions = Positions::new(text);
        let mut unsearched = Vec::new();
        for (index, mut hits) in searched {
            hits.hits.sort();
            hits.hits.dedup();
            if hits.hits.len() > MOST_MATCHES {
                hits.hits.truncate(MOST_MATCHES);
                hits.cut = Some("it has more than 1,000 matches; the others were left out");
            }
            if let Some(why) = hits.cut {
                found.cut.push(format!(
                    "The rule {} did not search {} to the end: {why}.",
                    self.rule(index),
                    crate::secrets::excerpt(&file.path)
                ));
                if hits.hits.is_empty() {
                    unsearched.push(index);
                }
            }
            if let Some(body) = self.bodies.get(index) {
                found
                    .matches
                    .extend(hits.hits.iter().map(|hit| body.matched(file, text, hit, &mut positions)));
            }
        }
        found.looked = scope
            .iter()
            .filter(|index| !unsearched.contains(index))
            .map(|index| (*index, hit.contains(index)))
            .collect();
        found
    }

    /// The bodies of `scope` with a keyword in the text.
    fn with_keywords(&self, text: &str, scope: &[usize]) -> Vec<usize> {
        let Some(words) = &self.words else { return scope.to_vec() };
        let mut open = scope.to_vec();
        let mut hit = Vec::new();
        let text = text.as_bytes().to_ascii_lowercase();
        let mut from = 0;
        while !open.is_empty()
            && let Some(at) = words.find(&text, from)
        {
            let rest = text.get(at..).unwrap_or_default();
            for (_, owner) in self.keywords.iter().filter(|(keyword, _)| rest.starts_with(keyword)) {
                if let Some(at) = open.iter().position(|index| index == owner) {
                    hit.push(open.swap_remove(at));
                }
            }
            from = at + 1;
        }
        hit.sort_unstable();
        hit
    }
}

impl Body {
    fn names(&self) -> &[String] {
        match &self.finder {
            Finder::Pattern(pattern) => pattern.names(),
            Finder::Query(query) => query.names(),
        }
    }

    fn matched(&self, file: &File, text: &str, hit: &Hit, positions: &mut Positions<'_>) -> Match {
        let (line, column) = positions.of(hit.shown.0);
        let (end_line, _) = positions.line(hit.shown.1.max(hit.shown.0 + 1) - 1);
        let part = |range: Range2| excerpt_part(text, range.0..range.1);
        let shown = part(hit.shown);
        let lines = positions.lines(hit.shown);
        let snippet = if lines.1 - lines.0 <= SHOWN_LINE { part(lines) } else { shown.clone() };
        let captures = self.names().iter().zip(&hit.captures);
        Match {
            rule: self.rule.clone(),
            app: String::new(),
            file: file.path.clone(),
            line,
            column,
            end_line,
            text: shown.clone(),
            captures: captures
                .map(|(name, range)| (name.clone(), range.map(part).unwrap_or_default()))
                .collect(),
            language: hit.syntax,
            role: FileRole::of(file.role).unwrap_or_default(),
            evidence: vec![Evidence {
                cell: "text".to_owned(),
                file: file.path.clone(),
                line,
                column,
                says: shown,
                snippet,
                essence: essence(text, hit.whole.0..hit.whole.1),
            }],
            unknowns: Vec::new(),
        }
    }
}
