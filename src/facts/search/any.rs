//! The predicates `#any-eq?`, `#any-not-eq?`, `#any-match?` and `#any-not-match?`.
//!
//! tree-sitter 0.27.1 accepts them and lets every match through: `satisfies_text_predicates` answers yes where no node
//! is like that. So they get names that it leaves to its callers.

use regex::Regex;
use tree_sitter::{QueryMatch, QueryPredicate, QueryPredicateArg};

const THEIRS: &str = "#any-";
const OURS: &str = "#ANY-";

/// The query with our names for these predicates. Every byte keeps its place.
pub(super) fn renamed(query: &str) -> String {
    let mut places = Vec::new();
    let (mut in_text, mut in_comment, mut escaped) = (false, false, false);
    for (at, c) in query.char_indices() {
        match c {
            '"' if !in_comment && !escaped => in_text = !in_text,
            ';' if !in_text => in_comment = true,
            '\n' => in_comment = false,
            '#' if !in_text && !in_comment => places.push(at),
            _ => {}
        }
        escaped = in_text && c == '\\' && !escaped;
    }
    let mut renamed = query.to_owned();
    for at in places {
        let rest = query.get(at..).unwrap_or_default();
        if rest.starts_with(THEIRS) && !rest.starts_with("#any-of?") {
            renamed.replace_range(at..at + THEIRS.len(), OURS);
        }
    }
    renamed
}

/// One predicate of a pattern.
#[derive(Debug)]
struct One {
    pattern: usize,
    capture: u32,
    with: With,
    /// Whether a node that is so, or one that is not, is looked for.
    wanted: bool,
}

#[derive(Debug)]
enum With {
    Text(String),
    Regex(Regex),
    Capture(u32),
}

/// The predicates of a query.
#[derive(Debug)]
pub(super) struct Any(Vec<One>);

impl Any {
    pub(super) fn of(query: &tree_sitter::Query) -> Any {
        let patterns = 0..query.pattern_count();
        let all = patterns
            .flat_map(|pattern| query.general_predicates(pattern).iter().map(move |one| (pattern, one)));
        Any(all.filter_map(|(pattern, one)| read(pattern, one)).collect())
    }

    /// Whether each predicate holds for a match.
    pub(super) fn hold(&self, found: &QueryMatch<'_, '_>, text: &str) -> bool {
        self.0.iter().filter(|one| one.pattern == found.pattern_index).all(|one| {
            let texts = |capture| {
                found
                    .nodes_for_capture_index(capture)
                    .map(|node| text.get(node.byte_range()).unwrap_or_default())
            };
            match &one.with {
                With::Text(with) => texts(one.capture).any(|text| (text == with) == one.wanted),
                With::Regex(with) => texts(one.capture).any(|text| with.is_match(text) == one.wanted),
                With::Capture(with) => {
                    texts(one.capture).zip(texts(*with)).any(|(text, with)| (text == with) == one.wanted)
                }
            }
        })
    }
}

fn read(pattern: usize, predicate: &QueryPredicate) -> Option<One> {
    let [QueryPredicateArg::Capture(capture), with] = &*predicate.args else { return None };
    let with = match (&*predicate.operator, with) {
        ("ANY-eq?" | "ANY-not-eq?", QueryPredicateArg::String(with)) => With::Text(with.to_string()),
        ("ANY-eq?" | "ANY-not-eq?", QueryPredicateArg::Capture(with)) => With::Capture(*with),
        ("ANY-match?" | "ANY-not-match?", QueryPredicateArg::String(with)) => {
            With::Regex(Regex::new(with).ok()?)
        }
        _ => return None,
    };
    Some(One { pattern, capture: *capture, with, wanted: !predicate.operator.contains("not-") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_predicates_are_renamed() {
        let query = r##"((x) @a (#any-eq? @a "#any-eq? \" #any-eq?") (#any-of? @a "b")) ; (#any-eq? é"##;
        let expected = r##"((x) @a (#ANY-eq? @a "#any-eq? \" #any-eq?") (#any-of? @a "b")) ; (#any-eq? é"##;
        assert_eq!(renamed(query), expected);
    }
}
