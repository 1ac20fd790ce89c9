//! Reading the tokens of a block, one after another.

use super::tokens::{Kind, Token};
use crate::schema::check::{Checked, Fault};

/// The tokens of a block, and how far they have been read.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token<'a>],
    pub(super) at: usize,
    pub(super) depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn peek(&self) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at)
    }

    pub(super) fn peek_at(&self, n: usize) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at + n)
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.peek().is_some_and(|t| t.is(word))
    }

    pub(super) fn sign(&self, sign: &str) -> bool {
        self.peek().is_some_and(|t| t.sign(sign))
    }

    pub(super) fn take(&mut self, word: &str) -> bool {
        let found = self.is(word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.sign(sign);
        self.at += usize::from(found);
        found
    }

    pub(super) fn error(&self) -> Fault {
        match self.peek() {
            Some(token) => {
                let near: String = token.text.chars().take(40).collect();
                Fault::new("42601", format!("syntax error at or near \"{near}\""))
            }
            None => Fault::new("42601", "syntax error at end of input"),
        }
    }

    pub(super) fn expect(&mut self, word: &str) -> Checked<()> {
        if self.take(word) { Ok(()) } else { Err(self.error()) }
    }

    pub(super) fn semicolon(&mut self) -> Checked<()> {
        if self.take_sign(";") { Ok(()) } else { Err(self.error()) }
    }

    pub(super) fn name(&mut self) -> Checked<String> {
        match self.peek() {
            Some(token) if matches!(token.kind, Kind::Word | Kind::Quoted) => {
                self.at += 1;
                Ok(token.name())
            }
            _ => Err(self.error()),
        }
    }

    pub(super) fn label(&mut self) -> Checked<Option<String>> {
        if !self.take_sign("<<") {
            return Ok(None);
        }
        let name = self.name()?;
        if self.take_sign(">>") { Ok(Some(name)) } else { Err(self.error()) }
    }

    pub(super) fn between(&self, start: usize, end: usize) -> String {
        match (self.tokens.get(start), end.checked_sub(1).and_then(|last| self.tokens.get(last))) {
            (Some(first), Some(last)) if end > start => {
                self.text.get(first.start..last.end).unwrap_or_default().to_owned()
            }
            _ => String::new(),
        }
    }

    /// The text up to one of these words, or a semicolon, outside of parentheses.
    pub(super) fn until(&mut self, words: &[&str]) -> Checked<String> {
        let start = self.at;
        let mut depth = 0usize;
        while let Some(token) = self.peek() {
            if token.sign("(") || token.sign("[") {
                depth += 1;
            } else if token.sign(")") || token.sign("]") {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && (token.sign(";") || words.iter().any(|w| token.is(w) || token.sign(w))) {
                break;
            }
            self.at += 1;
        }
        if self.at == start || self.peek().is_none() {
            return Err(self.error());
        }
        Ok(self.between(start, self.at))
    }

    pub(super) fn list(&mut self, ends: &[&str]) -> Checked<Vec<String>> {
        let mut found = Vec::new();
        let mut stops = vec![","];
        stops.extend(ends);
        loop {
            found.push(self.until(&stops)?);
            if !self.take_sign(",") {
                return Ok(found);
            }
        }
    }
}
