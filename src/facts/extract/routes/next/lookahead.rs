//! Regular expressions with lookahead, for the matchers of Next.js: the `regex` crate has none.
//!
//! Without back references, all that matters is which places of the text can be reached. So sets of places go through the
//! tree of the expression, and nothing is tried twice: a hostile expression costs nodes times length, and lookahead
//! inside repetitions is bounded by counting.

/// How many steps one expression may take on one text.
const MOST_STEPS: usize = 200_000;
/// How deep groups may stand within each other.
const DEEPEST: usize = 32;
/// Longer expressions are not written by anybody.
const LONGEST: usize = 4_000;

/// A parsed expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lookahead(Vec<Vec<Node>>);

#[derive(Debug, Clone, PartialEq)]
enum Node {
    One(Class),
    Group(Vec<Vec<Node>>),
    Look { not: bool, ahead: Vec<Vec<Node>> },
    Repeat { what: Box<Node>, least: usize, most: usize },
    Start,
    End,
}

#[derive(Debug, Clone, PartialEq)]
struct Class {
    not: bool,
    ranges: Vec<(char, char)>,
}

impl Class {
    fn has(&self, c: char) -> bool {
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != self.not
    }
}

impl Lookahead {
    /// Parses an expression of JavaScript. `None` for what is not understood: back references, lookbehind, `\b`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let chars: Vec<char> = text.chars().collect();
        let mut parser = Parser { chars: &chars, at: 0, depth: 0 };
        let all = parser.alternatives()?;
        (parser.at == chars.len()).then_some(Self(all))
    }

    /// Whether it matches somewhere in a text. `None` if that takes too long. What it takes is taken off `budget`, which
    /// all expressions of a repository share.
    pub(super) fn matches(&self, text: &str, budget: &mut usize) -> Option<bool> {
        let chars: Vec<char> = text.chars().take(LONGEST).collect();
        let most = MOST_STEPS.min(*budget);
        let mut run = Run { chars: &chars, left: most };
        let everywhere = vec![true; chars.len() + 1];
        let ends = run.any(&self.0, &everywhere);
        *budget -= most - run.left;
        Some(ends?.contains(&true))
    }
}

struct Run<'t> {
    chars: &'t [char],
    left: usize,
}

impl Run<'_> {
    fn any(&mut self, alternatives: &[Vec<Node>], from: &[bool]) -> Option<Vec<bool>> {
        let mut ends = vec![false; from.len()];
        for sequence in alternatives {
            let mut places = from.to_vec();
            for node in sequence {
                places = self.node(node, &places)?;
                if !places.contains(&true) {
                    break;
                }
            }
            merge(&mut ends, &places);
        }
        Some(ends)
    }

    fn node(&mut self, node: &Node, from: &[bool]) -> Option<Vec<bool>> {
        if self.left < from.len() {
            self.left = 0;
            return None;
        }
        self.left -= from.len();
        let only = |keep: &dyn Fn(usize) -> bool| (0..from.len()).map(|at| from[at] && keep(at)).collect();
        Some(match node {
            Node::One(class) => {
                let mut ends = vec![false; from.len()];
                for (at, c) in self.chars.iter().enumerate() {
                    ends[at + 1] = from[at] && class.has(*c);
                }
                ends
            }
            Node::Start => only(&|at| at == 0),
            Node::End => only(&|at| at == self.chars.len()),
            Node::Group(alternatives) => self.any(alternatives, from)?,
            Node::Look { not, ahead } => {
                let mut ends = vec![false; from.len()];
                for at in (0..from.len()).filter(|at| from[*at]) {
                    let mut here = vec![false; from.len()];
                    here[at] = true;
                    ends[at] = self.any(ahead, &here)?.contains(&true) != *not;
                }
                ends
            }
            Node::Repeat { what, least, most } => {
                let mut now = from.to_vec();
                for _ in 0..*least {
                    now = self.node(what, &now)?;
                }
                let mut ends = now.clone();
                for _ in *least..*most {
                    let next = self.node(what, &now)?;
                    let is_new: Vec<bool> = next.iter().zip(&ends).map(|(next, old)| *next && !old).collect();
                    if !is_new.contains(&true) {
                        break;
                    }
                    merge(&mut ends, &is_new);
                    now = is_new;
                }
                ends
            }
        })
    }
}

fn merge(into: &mut [bool], from: &[bool]) {
    for (into, from) in into.iter_mut().zip(from) {
        *into |= from;
    }
}

struct Parser<'t> {
    chars: &'t [char],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn eat(&mut self, text: &str) -> bool {
        let here = text.chars().eq(self.chars.iter().skip(self.at).take(text.chars().count()).copied());
        if here {
            self.at += text.chars().count();
        }
        here
    }

    fn alternatives(&mut self) -> Option<Vec<Vec<Node>>> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut all = vec![Vec::new()];
        while let Some(c) = self.peek() {
            match c {
                ')' => break,
                '|' => {
                    self.at += 1;
                    all.push(Vec::new());
                }
                _ => {
                    let node = self.quantified()?;
                    all.last_mut()?.push(node);
                }
            }
        }
        self.depth -= 1;
        Some(all)
    }

    fn quantified(&mut self) -> Option<Node> {
        let what = self.atom()?;
        let (least, most) = match self.peek() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => {
                let close = self.chars.iter().skip(self.at).take(12).position(|c| *c == '}')?;
                let inner: String = self.chars.get(self.at + 1..self.at + close)?.iter().collect();
                let (least, most) = match inner.split_once(',') {
                    None => (inner.parse().ok()?, inner.parse().ok()?),
                    Some((least, "")) => (least.parse().ok()?, usize::MAX),
                    Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
                };
                self.at += close;
                (least, most)
            }
            _ => return Some(what),
        };
        self.at += 1;
        // Lazy or greedy makes no difference to whether it matches.
        self.eat("?");
        if least > LONGEST || matches!(self.peek(), Some('*' | '+' | '?')) {
            return None;
        }
        Some(Node::Repeat { what: Box::new(what), least, most })
    }

    fn atom(&mut self) -> Option<Node> {
        let c = self.peek()?;
        self.at += 1;
        let one = |ranges: Vec<(char, char)>, not: bool| Some(Node::One(Class { not, ranges }));
        match c {
            '.' => one(vec![('\n', '\n'), ('\r', '\r')], true),
            '^' => Some(Node::Start),
            '$' => Some(Node::End),
            '[' => self.class().map(Node::One),
            '\\' => {
                let c = self.peek()?;
                self.at += 1;
                let (ranges, not) = escape(c)?;
                one(ranges, not)
            }
            '(' => {
                let look = if self.eat("?!") {
                    Some(true)
                } else if self.eat("?=") {
                    Some(false)
                } else {
                    if !self.eat("?:") && self.peek() == Some('?') {
                        return None;
                    }
                    None
                };
                let inner = self.alternatives()?;
                if !self.eat(")") {
                    return None;
                }
                Some(match look {
                    Some(not) => Node::Look { not, ahead: inner },
                    None => Node::Group(inner),
                })
            }
            '*' | '+' | '?' => None,
            c => one(vec![(c, c)], false),
        }
    }

    fn class(&mut self) -> Option<Class> {
        let not = self.eat("^");
        let mut ranges: Vec<(char, char)> = Vec::new();
        loop {
            let c = self.peek()?;
            self.at += 1;
            let from = match c {
                ']' => return Some(Class { not, ranges }),
                '\\' => {
                    let c = self.peek()?;
                    self.at += 1;
                    let (several, inverted) = escape(c)?;
                    if inverted {
                        return None;
                    }
                    match several.as_slice() {
                        [(from, to)] if from == to => *from,
                        _ => {
                            ranges.extend(several);
                            continue;
                        }
                    }
                }
                c => c,
            };
            let is_range = self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|c| *c != ']');
            if !is_range {
                ranges.push((from, from));
                continue;
            }
            self.at += 1;
            let mut to = self.peek()?;
            self.at += 1;
            if to == '\\' {
                to = self.peek()?;
                self.at += 1;
            }
            ranges.push((from, to));
        }
    }
}

/// What stands behind a backslash: ranges, and whether it is everything but those.
fn escape(c: char) -> Option<(Vec<(char, char)>, bool)> {
    let digits = vec![('0', '9')];
    let words = vec![('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_')];
    let spaces = vec![(' ', ' '), ('\t', '\r'), ('\u{a0}', '\u{a0}')];
    Some(match c {
        'd' => (digits, false),
        'D' => (digits, true),
        'w' => (words, false),
        'W' => (words, true),
        's' => (spaces, false),
        'S' => (spaces, true),
        'n' => (vec![('\n', '\n')], false),
        't' => (vec![('\t', '\t')], false),
        c if c.is_ascii_alphanumeric() => return None,
        c => (vec![(c, c)], false),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(expression: &str, text: &str) -> bool {
        Lookahead::parse(expression).unwrap().matches(text, &mut 1_000_000).unwrap()
    }

    #[test]
    fn what_javascript_says() {
        assert!(matches("^/(?!api|_next).*$", "/about"));
        assert!(!matches("^/(?!api|_next).*$", "/api/users"));
        assert!(matches("^/(?!api/|_next).*$", "/apiary"));
        assert!(!matches(r"^/(?!.*\.(?:png|svg)$).*$", "/a/b.png"));
        assert!(matches(r"^/(?!.*\.(?:png|svg)$).*$", "/a/b.png/c"));
        assert!(!matches(r"^(?!.*\.js(?!on)).*$", "/x.js"));
        assert!(matches(r"^(?!.*\.js(?!on)).*$", "/x.json"));
        assert!(matches(r"^/[\w-]{2,3}$", "/a-b"));
        assert!(!matches(r"^/[\w-]{2,3}$", "/a-bc"));
        assert!(matches("^/(?:a|b)+?/?$", "/abab/"));
        assert!(matches("b", "abc"));
    }

    #[test]
    fn what_is_not_understood_is_not_guessed() {
        for expression in [r"(a)\1", "(?<=a)b", r"\bword", "(a", "a)", "*", "[a"] {
            assert_eq!(Lookahead::parse(expression), None, "{expression}");
        }
    }

    #[test]
    fn hostile_expressions_end() {
        let text = "a".repeat(3_000);
        assert_eq!(Lookahead::parse("^(?:(?:a*)*)*b$").unwrap().matches(&text, &mut 1_000_000), None);
        let nested = format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000));
        assert_eq!(Lookahead::parse(&nested), None);
        let looks = "(?:(?=.*(?=.*(?=.*a))).)*$";
        assert_eq!(Lookahead::parse(looks).unwrap().matches(&text, &mut 1_000_000), None);
    }
}
