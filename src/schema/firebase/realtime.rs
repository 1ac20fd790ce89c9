//! Rules of the Realtime Database: JSON with comments, whose texts are conditions
//! (<https://firebase.google.com/docs/database/security/core-syntax>). A rule holds for everything below its node, and
//! nothing below can take it back.

use super::Broken;
use super::expression::{Expr, Kind, Parser};
use super::lex;
use super::path::{Pattern, Segment};
use super::rules::{Operation, Rules, Service, Statement};

/// How deep nodes may be nested: the database itself allows 32.
const MAX_DEPTH: usize = 64;

/// Reads a file.
///
/// # Errors
/// Where it can't be read.
pub fn parse(text: &str) -> Result<Rules, Broken> {
    let mut reader =
        Reader { text, bytes: text.as_bytes(), at: 0, line: 1, path: Vec::new(), rules: Rules::default() };
    reader.rules.service = Service::Realtime;
    reader.space()?;
    reader.need(b'{')?;
    let mut found = false;
    loop {
        reader.space()?;
        if reader.peek() == b'}' {
            break;
        }
        let key = reader.string()?;
        reader.space()?;
        reader.need(b':')?;
        reader.space()?;
        if key == "rules" {
            found = true;
            reader.node()?;
        } else {
            reader.skipped(0)?;
        }
        reader.space()?;
        if reader.peek() != b',' {
            break;
        }
        reader.at += 1;
    }
    reader.need(b'}')?;
    if !found {
        return Err(Broken { line: 1, what: "there is no key `rules`" });
    }
    Ok(reader.rules)
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    line: u32,
    path: Vec<Segment>,
    rules: Rules,
}

impl Reader<'_> {
    fn broken(&self, what: &'static str) -> Broken {
        Broken { line: self.line, what }
    }

    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn need(&mut self, byte: u8) -> Result<(), Broken> {
        if self.peek() != byte {
            return Err(self.broken("it is not valid JSON"));
        }
        self.at += 1;
        Ok(())
    }

    /// White space and comments.
    fn space(&mut self) -> Result<(), Broken> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            match rest {
                [b'\n', ..] => {
                    self.line += 1;
                    self.at += 1;
                }
                [b' ' | b'\t' | b'\r', ..] => self.at += 1,
                [0xef, 0xbb, 0xbf, ..] => self.at += 3,
                [b'/', b'/', ..] => self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
                [b'/', b'*', ..] => {
                    let Some(end) = memchr::memmem::find(rest.get(2..).unwrap_or_default(), b"*/") else {
                        return Err(self.broken("a comment does not end"));
                    };
                    let inside = rest.get(..end).unwrap_or_default();
                    self.line += u32::try_from(memchr::memchr_iter(b'\n', inside).count()).unwrap_or(0);
                    self.at += end + 4;
                }
                _ => return Ok(()),
            }
        }
    }

    /// A text; line breaks within one are taken, as the console does.
    fn string(&mut self) -> Result<String, Broken> {
        let start = self.at;
        self.need(b'"')?;
        loop {
            match self.bytes.get(self.at) {
                None => return Err(self.broken("a text does not end")),
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(b'\n') => {
                    self.line += 1;
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let raw = self.text.get(start..self.at).unwrap_or_default();
        let flat = raw.replace(['\n', '\r', '\t'], " ");
        serde_json::from_str(&flat).map_err(|_| self.broken("a text is not valid JSON"))
    }

    /// A value that says nothing here.
    fn skipped(&mut self, depth: usize) -> Result<(), Broken> {
        if depth > MAX_DEPTH {
            return Err(self.broken("it is nested too deeply"));
        }
        self.space()?;
        match self.peek() {
            b'"' => self.string().map(drop),
            open @ (b'{' | b'[') => {
                self.at += 1;
                let close = if open == b'{' { b'}' } else { b']' };
                loop {
                    self.space()?;
                    if self.peek() == close {
                        self.at += 1;
                        return Ok(());
                    }
                    self.skipped(depth + 1)?;
                    self.space()?;
                    if matches!(self.peek(), b',' | b':') {
                        self.at += 1;
                    } else if self.peek() != close {
                        return Err(self.broken("it is not valid JSON"));
                    }
                }
            }
            _ => self.word().map(drop),
        }
    }

    /// `true`, `12`.
    fn word(&mut self) -> Result<&str, Broken> {
        let start = self.at;
        let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.');
        self.at += self.bytes.get(start..).unwrap_or_default().iter().take_while(is_part).count();
        if self.at == start {
            return Err(self.broken("it is not valid JSON"));
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    /// A node and what is below it.
    fn node(&mut self) -> Result<(), Broken> {
        if self.path.len() > MAX_DEPTH {
            return Err(self.broken("it is nested too deeply"));
        }
        if self.peek() != b'{' {
            // `"x": true` beside rules: nothing that grants anything.
            return self.skipped(0);
        }
        self.at += 1;
        loop {
            self.space()?;
            if self.peek() == b'}' {
                self.at += 1;
                return Ok(());
            }
            let line = self.line;
            let key = self.string()?;
            self.space()?;
            self.need(b':')?;
            self.space()?;
            match key.as_str() {
                ".read" | ".write" => self.statement(&key, line)?,
                ".validate" => {
                    self.rules.validated.push(Pattern(self.path.clone()));
                    self.skipped(0)?;
                }
                key if key.starts_with('.') => self.skipped(0)?,
                _ => {
                    let before = self.path.len();
                    for part in key.split('/').filter(|part| !part.is_empty()) {
                        self.path.push(if part.starts_with('$') {
                            Segment::One(part.to_owned())
                        } else {
                            Segment::Text(part.to_owned())
                        });
                    }
                    self.node()?;
                    self.path.truncate(before);
                }
            }
            self.space()?;
            if self.peek() == b',' {
                self.at += 1;
            } else if self.peek() != b'}' {
                return Err(self.broken("it is not valid JSON"));
            }
        }
    }

    fn statement(&mut self, key: &str, line: u32) -> Result<(), Broken> {
        let (text, condition) = if self.peek() == b'"' {
            let text = self.string()?;
            let condition = condition(&text, line)?;
            (text, condition)
        } else {
            let word = self.word()?.to_owned();
            let truth = match word.as_str() {
                "true" => true,
                "false" | "null" => false,
                _ => return Err(self.broken("a rule is neither true, false nor a text")),
            };
            (word, Expr::new(Kind::Bool(truth)))
        };
        let operations = match key {
            ".read" => vec![Operation::Get, Operation::List],
            _ => vec![Operation::Create, Operation::Update, Operation::Delete],
        };
        let path = Pattern(self.path.clone());
        let mut reach = path.clone();
        reach.0.push(Segment::Many(String::new()));
        self.rules.statements.push(Statement {
            path,
            reach,
            operations,
            condition: Some(condition),
            text,
            line,
        });
        Ok(())
    }
}

fn condition(text: &str, line: u32) -> Result<Expr, Broken> {
    let at = |broken: Broken| Broken { line, ..broken };
    let tokens = lex::tokens(text, true).map_err(at)?;
    let mut parser = Parser::new(&tokens);
    let made = parser.expression().map_err(at)?;
    if parser.peek().is_some() {
        return Err(Broken { line, what: "a condition goes on after its end" });
    }
    Ok(made)
}
