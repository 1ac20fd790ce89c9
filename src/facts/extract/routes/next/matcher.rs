//! The paths that a `matcher` of Next.js means: path-to-regexp 6, as Next.js bundles it.

use super::lookahead::Lookahead;

/// A matcher without its conditions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pattern(Lookahead);

/// Which requests to a route a matcher lets the middleware see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Coverage {
    /// None.
    None,
    /// It can't be told.
    Unknown,
    /// Those with some values of the route's parameters.
    Some,
    /// All but those to paths that end like a file: `/api/files/a.png`.
    NotFiles,
    /// All.
    All,
}

impl Pattern {
    /// `None` where it is no pattern of path-to-regexp, or one that is not understood.
    pub(super) fn parse(source: &str) -> Option<Self> {
        if !source.starts_with('/') || source.len() > 2_000 {
            return None;
        }
        Lookahead::parse(&expression(source)?).map(Self)
    }

    /// How much of a route, as Next.js writes it (`/api/users/[id]`), it covers. The parameters of the route are
    /// tried with a few values that are as plain as they come.
    pub(super) fn covers(&self, route: &str, budget: &mut usize) -> Coverage {
        let plain = self.of(&samples(route, &["1", "abc", "a-b_c"], &["a", "a/b"]), budget);
        if plain != Coverage::All || !route.contains("[...") {
            return plain;
        }
        match self.of(&samples(route, &["1"], &["a/b.png", "a.js"]), budget) {
            Coverage::All => Coverage::All,
            _ => Coverage::NotFiles,
        }
    }

    fn of(&self, paths: &[String], budget: &mut usize) -> Coverage {
        let mut seen = (false, false);
        for path in paths {
            match self.0.matches(path, budget) {
                Some(true) => seen.0 = true,
                Some(false) => seen.1 = true,
                None => return Coverage::Unknown,
            }
        }
        match seen {
            (true, false) => Coverage::All,
            (true, true) => Coverage::Some,
            (false, _) => Coverage::None,
        }
    }
}

/// Paths of requests that come to a route.
fn samples(route: &str, values: &[&str], rests: &[&str]) -> Vec<String> {
    let mut out = Vec::new();
    for value in values {
        for rest in rests {
            out.push(sample(route, value, rest));
        }
    }
    if route.contains("[[...") {
        out.extend(values.iter().map(|value| sample(route, value, "")));
    }
    out.sort();
    out.dedup();
    out
}

fn sample(route: &str, value: &str, rest: &str) -> String {
    let mut path = String::new();
    for segment in route.split('/').filter(|segment| !segment.is_empty()) {
        let filled = if segment.starts_with("[[...") {
            rest
        } else if segment.starts_with("[...") {
            if rest.is_empty() { "a" } else { rest }
        } else if segment.starts_with('[') {
            value
        } else {
            segment
        };
        if !filled.is_empty() {
            path.push('/');
            path.push_str(filled);
        }
    }
    if path.is_empty() { "/".to_owned() } else { path }
}

/// One piece of a pattern: what stands before it, its own expression, what stands behind it, and how often.
#[derive(Default)]
struct Piece {
    prefix: String,
    pattern: String,
    suffix: String,
    modifier: Option<char>,
}

const PARAMETER: &str = r"[^\/#\?]+?";

/// The regular expression of a pattern, with the whole path anchored.
fn expression(source: &str) -> Option<String> {
    let chars: Vec<char> = source.chars().collect();
    let mut at = 0;
    let mut out = String::from("^");
    while let Some(c) = chars.get(at).copied() {
        match c {
            '\\' => {
                out.push_str(&quoted(*chars.get(at + 1)?));
                at += 2;
            }
            '{' => out.push_str(&braces(&chars, &mut at)?.expression()),
            // A modifier that nothing stands before.
            '*' | '+' | '?' | '}' | ')' => return None,
            '/' | '.' if matches!(chars.get(at + 1), Some(':' | '(')) => {
                at += 1;
                let pattern = parameter(&chars, &mut at)??;
                let modifier = modifier(&chars, &mut at);
                out.push_str(
                    &Piece { prefix: c.to_string(), pattern, modifier, ..Piece::default() }.expression(),
                );
            }
            ':' | '(' => {
                let pattern = parameter(&chars, &mut at)??;
                let modifier = modifier(&chars, &mut at);
                out.push_str(&Piece { pattern, modifier, ..Piece::default() }.expression());
            }
            c => {
                out.push_str(&quoted(c));
                at += 1;
            }
        }
    }
    out.push_str(r"[\/#\?]?$");
    Some(out)
}

impl Piece {
    fn expression(&self) -> String {
        let Self { prefix, pattern, suffix, modifier } = self;
        let (before, after): (String, String) =
            (prefix.chars().map(quoted).collect(), suffix.chars().map(quoted).collect());
        let times = modifier.map(String::from).unwrap_or_default();
        let repeats = matches!(modifier, Some('*' | '+'));
        if pattern.is_empty() {
            format!("(?:{before}{after}){times}")
        } else if prefix.is_empty() && suffix.is_empty() {
            format!("(?:{pattern}){times}")
        } else if repeats {
            let optional = if *modifier == Some('*') { "?" } else { "" };
            format!("(?:{before}(?:(?:{pattern})(?:{after}{before}(?:{pattern}))*){after}){optional}")
        } else {
            format!("(?:{before}(?:{pattern}){after}){times}")
        }
    }
}

/// `{prefix:name(pattern)suffix}` and its modifier.
fn braces(chars: &[char], at: &mut usize) -> Option<Piece> {
    *at += 1;
    let prefix = text(chars, at)?;
    let pattern = parameter(chars, at)?.unwrap_or_default();
    let suffix = text(chars, at)?;
    if chars.get(*at) != Some(&'}') {
        return None;
    }
    *at += 1;
    let modifier = modifier(chars, at);
    Some(Piece { prefix, pattern, suffix, modifier })
}

/// Plain text up to what means something.
fn text(chars: &[char], at: &mut usize) -> Option<String> {
    let mut out = String::new();
    while let Some(c) = chars.get(*at) {
        match c {
            '\\' => {
                out.push(*chars.get(*at + 1)?);
                *at += 2;
            }
            '{' | '}' | ':' | '(' | ')' | '*' | '+' | '?' => break,
            c => {
                out.push(*c);
                *at += 1;
            }
        }
    }
    Some(out)
}

fn modifier(chars: &[char], at: &mut usize) -> Option<char> {
    let found = chars.get(*at).copied().filter(|c| matches!(c, '*' | '+' | '?'))?;
    *at += 1;
    Some(found)
}

/// The expression of `:name`, `:name(pattern)` or `(pattern)`. `Some(None)` if there is none of them here, `None` if it
/// is broken.
#[allow(clippy::option_option, reason = "nothing here, and nothing that is understood, are different things")]
fn parameter(chars: &[char], at: &mut usize) -> Option<Option<String>> {
    let mut found = None;
    if chars.get(*at) == Some(&':') {
        let name = chars.iter().skip(*at + 1).take_while(|c| c.is_ascii_alphanumeric() || **c == '_').count();
        if name == 0 {
            return None;
        }
        *at += 1 + name;
        found = Some(PARAMETER.to_owned());
    }
    if chars.get(*at) != Some(&'(') {
        return Some(found);
    }
    *at += 1;
    let mut depth = 1;
    let mut pattern = String::new();
    loop {
        let c = *chars.get(*at)?;
        *at += 1;
        match c {
            '\\' => {
                pattern.push(c);
                pattern.push(*chars.get(*at)?);
                *at += 1;
                continue;
            }
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        pattern.push(c);
    }
    (!pattern.is_empty()).then_some(Some(pattern))
}

fn quoted(c: char) -> String {
    if c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '~' | '%') {
        c.to_string()
    } else {
        format!("\\{c}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(source: &str, route: &str) -> Coverage {
        Pattern::parse(source).unwrap().covers(route, &mut 1_000_000)
    }

    #[test]
    fn everything_but_some() {
        let source = "/((?!api|_next/static|_next/image|favicon.ico).*)";
        assert_eq!(covers(source, "/api/users"), Coverage::None);
        assert_eq!(covers(source, "/dashboard/export"), Coverage::All);
        let source = r"/((?!_next/static|.*\.(?:svg|png|js)$).*)";
        assert_eq!(covers(source, "/api/users/[id]"), Coverage::All);
        assert_eq!(covers(source, "/api/files/[...path]"), Coverage::NotFiles);
    }

    #[test]
    fn parameters_and_repetition() {
        assert_eq!(covers("/api/:path*", "/api"), Coverage::All);
        assert_eq!(covers("/api/:path*", "/api/users/[id]"), Coverage::All);
        assert_eq!(covers("/api/:path*", "/apiary"), Coverage::None);
        assert_eq!(covers("/api/:path+", "/api"), Coverage::None);
        assert_eq!(covers("/api/:path", "/api/users/[id]"), Coverage::None);
        assert_eq!(covers("/api/:path", "/api/[...rest]"), Coverage::Some);
        assert_eq!(covers("/shop/:path*", "/shop/[[...rest]]"), Coverage::All);
        assert_eq!(covers("/shop/:path+", "/shop/[[...rest]]"), Coverage::Some);
        assert_eq!(covers("/(api|trpc)(.*)", "/api/files/[...path]"), Coverage::All);
        assert_eq!(covers("/items/:id(\\d+)", "/items/[id]"), Coverage::Some);
        assert_eq!(covers("/a{/:x}?/b", "/a/b"), Coverage::All);
        assert_eq!(covers("/", "/"), Coverage::All);
        assert_eq!(covers("/", "/api"), Coverage::None);
    }

    #[test]
    fn what_next_refuses_is_no_pattern() {
        for source in ["api/:path*", "/api/*", "/api/(", "/api/:", "/{a"] {
            assert_eq!(Pattern::parse(source), None, "{source}");
        }
    }
}
