//! Conditions of rules as trees.

use super::Broken;
use super::lex::{Kind as T, Token};

/// How deep a condition may be nested. The compiler of rules takes far less.
const MAX_DEPTH: u16 = 80;

/// How two values are held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `==`, `===`
    Equal,
    /// `!=`, `!==`
    Differs,
    /// `<`, `<=`
    Less,
    /// `>`, `>=`
    Greater,
    /// `in`
    In,
    /// `is`
    Is,
    /// `+`, `-`, `*`, `/`, `%`
    Compute,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `true`
    Bool(bool),
    /// `null`
    Null,
    /// `5`
    Number(String),
    /// `'admin'`
    Text(String),
    /// `request`, `userId`
    Name(String),
    /// `request.auth`
    Member(Box<Expr>, String),
    /// `data['role']`
    Index(Box<Expr>, Box<Expr>),
    /// `isOwner(id)`, `get(…)`, `data.keys()`
    Call(Box<Expr>, Vec<Expr>),
    /// `/databases/$(database)/documents/users/$(uid)`: fixed parts are texts.
    Path(Vec<Expr>),
    /// `['a', 'b']`
    List(Vec<Expr>),
    /// `{'a': 1}`: its values.
    Map(Vec<Expr>),
    /// `!a`
    Not(Box<Expr>),
    /// `a && b && c`
    And(Vec<Expr>),
    /// `a || b || c`
    Or(Vec<Expr>),
    /// `a == b`
    Binary(Op, Box<Expr>, Box<Expr>),
    /// `a ? b : c`
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
    /// What can't be followed, and why.
    Unclear(&'static str),
}

/// A condition or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    depth: u16,
}

impl Expr {
    /// An expression; one that would be nested too deeply is unclear.
    pub(super) fn new(kind: Kind) -> Expr {
        let of = |parts: &[Expr]| parts.iter().map(|part| part.depth).max().unwrap_or(0);
        let below = match &kind {
            Kind::Member(a, _) | Kind::Not(a) => a.depth,
            Kind::Index(a, b) | Kind::Binary(_, a, b) => a.depth.max(b.depth),
            Kind::Choice(a, b, c) => a.depth.max(b.depth).max(c.depth),
            Kind::Call(a, parts) => a.depth.max(of(parts)),
            Kind::Path(parts) | Kind::List(parts) | Kind::Map(parts) | Kind::And(parts) | Kind::Or(parts) => {
                of(parts)
            }
            _ => 0,
        };
        if below >= MAX_DEPTH * 2 {
            return Expr { kind: Kind::Unclear("the condition is nested too deeply"), depth: 1 };
        }
        Expr { kind, depth: below + 1 }
    }

    /// How many parts it has.
    pub(super) fn size(&self) -> usize {
        1 + self.parts().map(Expr::size).sum::<usize>()
    }

    /// What it is made of.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Expr> {
        let (ones, many): ([Option<&Expr>; 3], &[Expr]) = match &self.kind {
            Kind::Member(a, _) | Kind::Not(a) => ([Some(a), None, None], &[]),
            Kind::Index(a, b) | Kind::Binary(_, a, b) => ([Some(a), Some(b), None], &[]),
            Kind::Choice(a, b, c) => ([Some(a), Some(b), Some(c)], &[]),
            Kind::Call(a, parts) => ([Some(a), None, None], parts),
            Kind::Path(parts) | Kind::List(parts) | Kind::Map(parts) | Kind::And(parts) | Kind::Or(parts) => {
                ([None, None, None], parts)
            }
            _ => ([None, None, None], &[]),
        };
        ones.into_iter().flatten().chain(many)
    }
}

/// Reads tokens one after the other.
pub(super) struct Parser<'t> {
    pub tokens: &'t [Token],
    pub at: usize,
    depth: u16,
}

impl<'t> Parser<'t> {
    pub(super) fn new(tokens: &'t [Token]) -> Self {
        Self { tokens, at: 0, depth: 0 }
    }

    pub(super) fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn line(&self) -> u32 {
        self.peek().or(self.tokens.last()).map_or(1, |token| token.line)
    }

    pub(super) fn broken(&self, what: &'static str) -> Broken {
        Broken { line: self.line(), what }
    }

    pub(super) fn is(&self, sign: &str) -> bool {
        self.peek().is_some_and(|token| token.is(sign))
    }

    pub(super) fn names(&self, name: &str) -> bool {
        self.peek().is_some_and(|token| token.names(name))
    }

    pub(super) fn take(&mut self, sign: &str) -> bool {
        let is = self.is(sign);
        self.at += usize::from(is);
        is
    }

    pub(super) fn need(&mut self, sign: &str, what: &'static str) -> Result<(), Broken> {
        if self.take(sign) { Ok(()) } else { Err(self.broken(what)) }
    }

    pub(super) fn name(&mut self) -> Option<String> {
        match &self.peek()?.kind {
            T::Name(name) => {
                self.at += 1;
                Some(name.clone())
            }
            _ => None,
        }
    }

    fn node(&self, kind: Kind) -> Result<Expr, Broken> {
        let made = Expr::new(kind);
        if made.depth > MAX_DEPTH { Err(self.broken("a condition is nested too deeply")) } else { Ok(made) }
    }

    /// A whole condition.
    pub(super) fn expression(&mut self) -> Result<Expr, Broken> {
        if self.depth >= MAX_DEPTH {
            return Err(self.broken("a condition is nested too deeply"));
        }
        self.depth += 1;
        let made = self.choice();
        self.depth -= 1;
        made
    }

    fn choice(&mut self) -> Result<Expr, Broken> {
        let first = self.either()?;
        if !self.take("?") {
            return Ok(first);
        }
        let then = self.expression()?;
        self.need(":", "a choice lacks its `:`")?;
        let otherwise = self.expression()?;
        self.node(Kind::Choice(Box::new(first), Box::new(then), Box::new(otherwise)))
    }

    fn either(&mut self) -> Result<Expr, Broken> {
        let mut parts = vec![self.all()?];
        while self.take("||") {
            parts.push(self.all()?);
        }
        self.several(parts, Kind::Or)
    }

    fn all(&mut self) -> Result<Expr, Broken> {
        let mut parts = vec![self.compared()?];
        while self.take("&&") {
            parts.push(self.compared()?);
        }
        self.several(parts, Kind::And)
    }

    fn several(&self, mut parts: Vec<Expr>, of: fn(Vec<Expr>) -> Kind) -> Result<Expr, Broken> {
        match parts.len() {
            1 => parts.pop().ok_or_else(|| self.broken("a condition is empty")),
            _ => self.node(of(parts)),
        }
    }

    fn compared(&mut self) -> Result<Expr, Broken> {
        let mut left = self.computed()?;
        loop {
            let op = match self.peek().map(|token| &token.kind) {
                Some(T::Sign("==" | "===")) => Op::Equal,
                Some(T::Sign("!=" | "!==")) => Op::Differs,
                Some(T::Sign("<" | "<=")) => Op::Less,
                Some(T::Sign(">" | ">=")) => Op::Greater,
                Some(T::Name(name)) if name == "in" => Op::In,
                Some(T::Name(name)) if name == "is" => Op::Is,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.computed()?;
            left = self.node(Kind::Binary(op, Box::new(left), Box::new(right)))?;
        }
    }

    fn computed(&mut self) -> Result<Expr, Broken> {
        let mut left = self.single()?;
        while ["+", "-", "*", "/", "%"].iter().any(|sign| self.take(sign)) {
            let right = self.single()?;
            left = self.node(Kind::Binary(Op::Compute, Box::new(left), Box::new(right)))?;
        }
        Ok(left)
    }

    fn single(&mut self) -> Result<Expr, Broken> {
        if self.take("!") {
            if self.depth >= MAX_DEPTH {
                return Err(self.broken("a condition is nested too deeply"));
            }
            self.depth += 1;
            let inner = self.single();
            self.depth -= 1;
            return self.node(Kind::Not(Box::new(inner?)));
        }
        if self.take("-") {
            return self.postfix();
        }
        self.postfix()
    }

    fn postfix(&mut self) -> Result<Expr, Broken> {
        let mut left = self.primary()?;
        loop {
            if self.take(".") {
                let name = self.name().ok_or_else(|| self.broken("a name is missing after a dot"))?;
                left = self.node(Kind::Member(Box::new(left), name))?;
            } else if self.take("[") {
                let index = self.expression()?;
                // A part of a list or text: `path[0:2]`.
                if self.take(":") {
                    self.expression()?;
                }
                self.need("]", "a bracket does not close")?;
                left = self.node(Kind::Index(Box::new(left), Box::new(index)))?;
            } else if self.take("(") {
                let parts = self.list(")")?;
                left = self.node(Kind::Call(Box::new(left), parts))?;
            } else {
                return Ok(left);
            }
        }
    }

    /// Expressions up to the sign that closes them.
    fn list(&mut self, close: &'static str) -> Result<Vec<Expr>, Broken> {
        let mut parts = Vec::new();
        while !self.take(close) {
            parts.push(self.expression()?);
            if !self.take(",") && !self.is(close) {
                return Err(self.broken("a bracket does not close"));
            }
        }
        Ok(parts)
    }

    fn primary(&mut self) -> Result<Expr, Broken> {
        let Some(token) = self.peek() else { return Err(self.broken("a condition ends too early")) };
        self.at += 1;
        let kind = match &token.kind {
            T::Name(name) => match name.as_str() {
                "true" => Kind::Bool(true),
                "false" => Kind::Bool(false),
                "null" => Kind::Null,
                _ => Kind::Name(name.clone()),
            },
            T::Number(number) => Kind::Number(number.clone()),
            T::Text(text) | T::Regex(text) => Kind::Text(text.clone()),
            T::Sign("(") => {
                let inner = self.expression()?;
                self.need(")", "a bracket does not close")?;
                return Ok(inner);
            }
            T::Sign("[") => Kind::List(self.list("]")?),
            T::Sign("{") => self.map()?,
            T::Sign("/") => {
                self.at -= 1;
                Kind::Path(self.path()?)
            }
            T::Sign(_) => {
                self.at -= 1;
                return Err(self.broken("a value is missing"));
            }
        };
        self.node(kind)
    }

    fn map(&mut self) -> Result<Kind, Broken> {
        let mut values = Vec::new();
        while !self.take("}") {
            self.expression()?;
            self.need(":", "a map lacks a `:`")?;
            values.push(self.expression()?);
            if !self.take(",") && !self.is("}") {
                return Err(self.broken("a bracket does not close"));
            }
        }
        Ok(Kind::Map(values))
    }

    /// `/databases/$(database)/documents/users/$(request.auth.uid)`.
    fn path(&mut self) -> Result<Vec<Expr>, Broken> {
        let mut parts = Vec::new();
        while self.take("/") {
            if self.names("$") {
                self.at += 1;
                self.need("(", "a path lacks a bracket after `$`")?;
                parts.push(self.expression()?);
                self.need(")", "a bracket does not close")?;
                continue;
            }
            // The one database that has no name: `(default)`.
            if self.take("(") {
                let name = self.name().ok_or_else(|| self.broken("a path lacks a part"))?;
                self.need(")", "a bracket does not close")?;
                parts.push(self.node(Kind::Text(format!("({name})")))?);
                continue;
            }
            let fixed = self.fixed();
            if fixed.is_empty() {
                return Err(self.broken("a path lacks a part"));
            }
            parts.push(match fixed.strip_prefix('$') {
                Some(name) => self.node(Kind::Name(name.to_owned()))?,
                None => self.node(Kind::Text(fixed))?,
            });
        }
        Ok(parts)
    }

    /// A fixed part of a path: tokens that stand together, as in `user-roles`.
    pub(super) fn fixed(&mut self) -> String {
        let mut text = String::new();
        let mut end = self.peek().map_or(0, |token| token.start);
        while let Some(token) = self.peek().filter(|token| token.start == end) {
            match &token.kind {
                T::Name(part) | T::Number(part) => text.push_str(part),
                T::Sign(sign @ ("-" | "." | "+")) => text.push_str(sign),
                _ => break,
            }
            end = token.end;
            self.at += 1;
        }
        text
    }
}
