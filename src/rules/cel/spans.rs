//! Where the nodes of a parsed expression stand in its text.
//!
//! The parser keeps one token for each node (the dot of a selection, the parenthesis of a call). What people want
//! underlined is the whole operand, so extents are worked out from there. Tokens count bytes; everything here
//! counts characters, as escapes of TOML strings do.

use std::ops::Range;

use cel::common::ast::{Expr, IdedExpr, LiteralValue, SourceInfo};

/// The characters of an expression and where its nodes stand.
pub(super) struct Spans {
    chars: Vec<char>,
    info: SourceInfo,
    /// Whether bytes and characters are the same.
    ascii: bool,
}

impl Spans {
    pub(super) fn new(text: &str, info: SourceInfo) -> Spans {
        Spans { chars: text.chars().collect(), info, ascii: text.is_ascii() }
    }

    /// The whole text.
    pub(super) fn all(&self) -> Range<usize> {
        0..self.chars.len()
    }

    /// The token that the parser remembers for a node.
    pub(super) fn token(&self, expr: &IdedExpr) -> Range<usize> {
        match self.info.offset_for(expr.id) {
            Some((start, stop)) => self.clamp(self.char_at(start as usize)..self.char_at(stop as usize) + 1),
            None => self.all(),
        }
    }

    /// The character that holds a byte.
    fn char_at(&self, byte: usize) -> usize {
        if self.ascii {
            return byte;
        }
        let mut end = 0;
        let holds = |c: &char| {
            end += c.len_utf8();
            byte < end
        };
        self.chars.iter().position(holds).unwrap_or(self.chars.len())
    }

    /// All characters of a node.
    pub(super) fn extent(&self, expr: &IdedExpr) -> Range<usize> {
        let token = self.token(expr);
        let range = match &expr.expr {
            Expr::Literal(LiteralValue::Int(value)) if *value.inner() < 0 => self.sign(token),
            Expr::Literal(LiteralValue::Double(value)) if *value.inner() < 0.0 => self.sign(token),
            Expr::Select(select) if select.test && self.is_open(token.start) => {
                self.call_name(token.start).start..self.closing(token.start)
            }
            Expr::Select(select) => self.extent(&select.operand).start..self.field(expr).end,
            Expr::Call(call) => match (&call.target, call.args.as_slice()) {
                (Some(target), _) => self.extent(target).start..self.closing(token.start),
                (None, [only]) if !self.is_open(token.start) => token.start..self.extent(only).end,
                (None, [first, .., last]) if !self.is_open(token.start) => {
                    self.extent(first).start..self.extent(last).end
                }
                (None, [list, _]) if call.func_name == "_[_]" => {
                    self.extent(list).start..self.closing(token.start)
                }
                _ => self.call_name(token.start).start..self.closing(token.start),
            },
            Expr::Comprehension(over) => self.extent(&over.iter_range).start..self.closing(token.start),
            Expr::List(_) | Expr::Map(_) | Expr::Struct(_) => token.start..self.closing(token.start),
            _ => token,
        };
        self.balanced(self.clamp(range))
    }

    /// The name of the field that a selection selects.
    pub(super) fn field(&self, select: &IdedExpr) -> Range<usize> {
        let Expr::Select(inner) = &select.expr else { return self.token(select) };
        let token = self.token(select).start;
        // `has(a.b)` keeps its parenthesis; the dot follows the operand.
        self.word(if self.is_open(token) { self.extent(&inner.operand).end } else { token })
    }

    /// The name of a function, given the place of its opening parenthesis.
    pub(super) fn call_name(&self, open: usize) -> Range<usize> {
        let mut end = open;
        while end > 0 && self.chars.get(end - 1).is_some_and(|c| c.is_whitespace()) {
            end -= 1;
        }
        let mut start = end;
        while start > 0 && self.chars.get(start - 1).is_some_and(|c| is_word(*c)) {
            start -= 1;
        }
        start..end.max(start)
    }

    /// The first word after the character at `from`: a field after its dot, a variable after its parenthesis.
    pub(super) fn word(&self, from: usize) -> Range<usize> {
        let mut start = from;
        while self.chars.get(start).is_some_and(|c| !is_word(*c)) {
            start += 1;
        }
        let mut end = start;
        while self.chars.get(end).is_some_and(|c| is_word(*c)) {
            end += 1;
        }
        self.clamp(start..end)
    }

    /// One past the bracket that closes the one at `open`.
    fn closing(&self, open: usize) -> usize {
        let mut depth = 0usize;
        let mut at = open;
        while let Some(c) = self.chars.get(at) {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return at + 1;
                    }
                }
                '"' | '\'' => at = self.string_end(at),
                _ => {}
            }
            at += 1;
        }
        self.chars.len()
    }

    /// The closing quote of the string whose opening quote is at `open`. Triple quotes read as an empty
    /// string next to a string next to an empty string, which ends at the same place.
    fn string_end(&self, open: usize) -> usize {
        let quote = self.chars.get(open).copied();
        let raw = open > 0 && matches!(self.chars.get(open - 1), Some('r' | 'R'));
        let mut at = open + 1;
        while let Some(c) = self.chars.get(at) {
            if Some(*c) == quote {
                return at;
            }
            at += if *c == '\\' && !raw { 2 } else { 1 };
        }
        self.chars.len()
    }

    fn is_open(&self, at: usize) -> bool {
        matches!(self.chars.get(at), Some('(' | '['))
    }

    /// With the minus sign before a number.
    fn sign(&self, token: Range<usize>) -> Range<usize> {
        let mut start = token.start;
        while start > 0 && self.chars.get(start - 1).is_some_and(|c| c.is_whitespace()) {
            start -= 1;
        }
        let signed = start > 0 && self.chars.get(start - 1) == Some(&'-');
        if signed { start - 1..token.end } else { token }
    }

    /// Widens a range that starts or ends inside a pair of parentheses: operands forget theirs.
    fn balanced(&self, range: Range<usize>) -> Range<usize> {
        let Range { mut start, mut end } = range;
        let mut missing_open = 0usize;
        let mut depth = 0usize;
        let mut at = start;
        while at < end {
            match self.chars.get(at) {
                Some('(') => depth += 1,
                Some(')') if depth == 0 => missing_open += 1,
                Some(')') => depth -= 1,
                Some('"' | '\'') => at = self.string_end(at),
                _ => {}
            }
            at += 1;
        }
        while missing_open > 0 && start > 0 {
            start -= 1;
            missing_open -= usize::from(self.chars.get(start) == Some(&'('));
        }
        while depth > 0 && end < self.chars.len() {
            depth -= usize::from(self.chars.get(end) == Some(&')'));
            end += 1;
        }
        start..end
    }

    fn clamp(&self, range: Range<usize>) -> Range<usize> {
        let end = range.end.min(self.chars.len());
        range.start.min(end)..end
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
