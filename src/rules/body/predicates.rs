//! The predicates of a query, checked where they stand: the library says no more than the pattern they belong to.

use super::regexes;
use crate::rules::cel::{Mistake, closest};

/// Predicates that are evaluated, and how many arguments they take after the capture: at least, at most.
static KNOWN: &[(&str, usize, usize)] = &[
    ("eq?", 1, 1),
    ("not-eq?", 1, 1),
    ("any-eq?", 1, 1),
    ("any-not-eq?", 1, 1),
    ("match?", 1, 1),
    ("not-match?", 1, 1),
    ("any-match?", 1, 1),
    ("any-not-match?", 1, 1),
    ("any-of?", 1, usize::MAX),
    ("not-any-of?", 1, usize::MAX),
];

/// What is wrong with the predicates of a query.
pub(super) struct Predicates {
    pub(super) mistakes: Vec<Mistake>,
}

/// A piece of a query: where it begins and ends, in characters.
#[derive(Debug, Clone)]
struct Token {
    start: usize,
    end: usize,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Open,
    Close,
    /// `@name`, without the sign.
    Capture(String),
    /// `#name?`, without the sign.
    Predicate(String),
    /// A string, and where each of its characters stands.
    Text(String, Vec<usize>),
    Other,
}

/// The captures that a query makes, and where: each `@name` but those in predicates.
pub(super) fn captures(text: &str) -> Vec<(String, usize)> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut inside = None;
    let mut depth = 0usize;
    for token in &tokens {
        match &token.kind {
            Kind::Open => depth += 1,
            Kind::Close => {
                depth = depth.saturating_sub(1);
                if inside.is_some_and(|at| depth < at) {
                    inside = None;
                }
            }
            Kind::Predicate(_) => {
                inside.get_or_insert(depth);
            }
            Kind::Capture(name) if inside.is_none() => found.push((name.clone(), token.start)),
            _ => {}
        }
    }
    found
}

impl Predicates {
    pub(super) fn of(text: &str) -> Predicates {
        let tokens = tokens(text);
        let made: Vec<String> = captures(text).into_iter().map(|(name, _)| name).collect();
        let mut mistakes = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            let Kind::Predicate(name) = &token.kind else { continue };
            let arguments = tokens.get(index + 1..).unwrap_or_default();
            let end = arguments.iter().position(|token| matches!(token.kind, Kind::Open | Kind::Close));
            let arguments = arguments.get(..end.unwrap_or(arguments.len())).unwrap_or_default();
            mistakes.extend(check(token, name, arguments, &made));
        }
        Predicates { mistakes }
    }
}

fn check(token: &Token, name: &str, arguments: &[Token], made: &[String]) -> Option<Mistake> {
    let chars = token.start..token.end;
    let Some((_, least, most)) = KNOWN.iter().find(|(known, ..)| *known == name) else {
        let near = closest(name, KNOWN.iter().map(|(known, ..)| *known));
        let all: Vec<String> = KNOWN.iter().map(|(known, ..)| format!("#{known}")).collect();
        return Some(
            Mistake::new(chars, format!("there is no predicate `#{name}`"))
                .label("would have no effect")
                .help(match near {
                    Some(near) => format!("did you mean `#{near}`?"),
                    None => format!("there are {}", all.join(", ")),
                }),
        );
    };
    let Some((first, rest)) = arguments.split_first() else {
        return Some(
            Mistake::new(chars, format!("`#{name}` compares nothing"))
                .label("no capture follows")
                .help(format!("write `(#{name} @name \"text\")`")),
        );
    };
    let Kind::Capture(capture) = &first.kind else {
        return Some(
            Mistake::new(first.start..first.end, format!("`#{name}` begins with a capture"))
                .label("not a capture")
                .help(format!("write `(#{name} @name \"text\")`")),
        );
    };
    if let Some(unknown) = arguments.iter().find_map(|token| match &token.kind {
        Kind::Capture(name) if !made.contains(name) => Some((token, name)),
        _ => None,
    }) {
        let (token, name) = unknown;
        let help = match closest(name, made.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `@{near}`?"),
            None => "write it after the node that it should name".to_owned(),
        };
        return Some(
            Mistake::new(token.start..token.end, format!("the query has no capture `{name}`"))
                .label("unknown capture")
                .help(help),
        );
    }
    if rest.len() < *least || rest.len() > *most {
        let wanted = if *most == 1 { "one text" } else { "texts" };
        return Some(
            Mistake::new(chars, format!("`#{name}` compares a capture with {wanted}"))
                .label(format!("{} here", rest.len()))
                .help(format!("write `(#{name} @{capture} \"text\")`")),
        );
    }
    if name.ends_with("match?") {
        let Some(Token { kind: Kind::Text(text, places), start, end }) = rest.first() else {
            let at = rest.first().map_or(chars, |token| token.start..token.end);
            return Some(
                Mistake::new(at, format!("`#{name}` takes a regex"))
                    .label("not a text")
                    .help("to compare two captures write `#eq?`"),
            );
        };
        let mistake = regexes::mistake(text, false)?;
        // `^$` and `^` are fair questions about one node.
        if mistake.message.contains("empty string") {
            return None;
        }
        let at = |index: usize| places.get(index).copied().unwrap_or(end - 1);
        let chars = match mistake.chars.is_empty() {
            true => *start..*end,
            false => at(mistake.chars.start)..at(mistake.chars.end - 1) + 1,
        };
        return Some(Mistake { chars, ..mistake });
    }
    None
}

fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let is_name = |c: &char| c.is_alphanumeric() || "_-.?!".contains(*c);
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        let start = at;
        let kind = match c {
            ';' => {
                at += chars.iter().skip(at).take_while(|c| **c != '\n').count();
                continue;
            }
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '(' | '[' => Kind::Open,
            ')' | ']' => Kind::Close,
            '"' => {
                let (value, places, end) = quoted(&chars, at);
                at = end;
                tokens.push(Token { start, end, kind: Kind::Text(value, places) });
                continue;
            }
            '@' | '#' => {
                let name: String = chars.iter().skip(at + 1).take_while(|c| is_name(c)).collect();
                at += name.chars().count();
                if *c == '@' { Kind::Capture(name) } else { Kind::Predicate(name) }
            }
            c if is_name(c) => {
                at += chars.iter().skip(at).take_while(|c| is_name(c)).count() - 1;
                Kind::Other
            }
            _ => Kind::Other,
        };
        at += 1;
        tokens.push(Token { start, end: at, kind });
    }
    tokens
}

/// A string: its characters, where each stands, and where it ends.
fn quoted(chars: &[char], start: usize) -> (String, Vec<usize>, usize) {
    let (mut value, mut places) = (String::new(), Vec::new());
    let mut at = start + 1;
    while let Some(c) = chars.get(at) {
        match c {
            '"' => return (value, places, at + 1),
            '\\' => {
                places.push(at);
                at += 1;
                value.push(match chars.get(at) {
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some('t') => '\t',
                    Some('0') => '\0',
                    Some(other) => *other,
                    None => break,
                });
            }
            other => {
                places.push(at);
                value.push(*other);
            }
        }
        at += 1;
    }
    (value, places, chars.len())
}
