//! Statements of SQL inside a block.

use super::parse::What;
use super::reader::Reader;
use super::tokens::{Kind, Token};
use crate::schema::check::Checked;

impl Reader<'_> {
    /// Names after `into`, and whether `strict` stood before them.
    pub(super) fn targets(&mut self) -> Checked<(Vec<String>, bool)> {
        let strict = self.take("strict");
        let mut names = Vec::new();
        loop {
            let mut name = self.name()?;
            while self.take_sign(".") {
                name = format!("{name}.{}", self.name()?);
            }
            names.push(name);
            if !self.take_sign(",") {
                return Ok((names, strict));
            }
        }
    }

    /// A statement of SQL. Where its results go is taken out of it.
    pub(super) fn sql(&mut self) -> Checked<What> {
        let start = self.at;
        let first = self.peek().map(|t| t.text.to_ascii_lowercase()).unwrap_or_default();
        // `r.field := …`, `a[1] := …`
        if let Some(sign) = self
            .tokens
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(|t| !t.sign(";"))
            .position(|t| t.sign(":="))
        {
            let plain = self.tokens.get(start..start + sign).unwrap_or_default();
            if plain.iter().all(|t| {
                matches!(t.kind, Kind::Word | Kind::Quoted | Kind::Number)
                    || matches!(t.text, "." | "[" | "]" | "+" | "-")
            }) {
                self.at = start + sign + 1;
                let value = self.until(&[])?;
                self.semicolon()?;
                return Ok(What::Assign(plain.iter().map(|t| t.name()).collect(), value));
            }
        }
        // `r.field = …`
        if self.peek_at(1).is_some_and(|t| t.sign(".")) && self.peek_at(3).is_some_and(|t| t.sign("=")) {
            let name: String =
                self.tokens.get(start..start + 3).unwrap_or_default().iter().map(Token::name).collect();
            self.at += 4;
            let value = self.until(&[])?;
            self.semicolon()?;
            return Ok(What::Assign(name, value));
        }
        let mut into = Vec::new();
        let mut strict = false;
        let mut cut = None;
        let mut depth = 0usize;
        let mut previous = String::new();
        while let Some(token) = self.peek() {
            if token.sign("(") {
                depth += 1;
            } else if token.sign(")") {
                depth = depth.saturating_sub(1);
            } else if token.sign(";") && depth == 0 {
                break;
            } else if depth == 0
                && token.is("into")
                && cut.is_none()
                && !matches!(previous.as_str(), "insert" | "merge")
                && matches!(first.as_str(), "select" | "with" | "insert" | "update" | "delete" | "values")
            {
                let from = token.start;
                self.at += 1;
                (into, strict) = self.targets()?;
                let to =
                    self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(from, |t| t.end);
                cut = Some((from, to));
                continue;
            }
            previous = token.text.to_ascii_lowercase();
            self.at += 1;
        }
        if self.peek().is_none() {
            return Err(self.error());
        }
        let mut text = self.between(start, self.at);
        if let (Some((from, to)), Some(first)) = (cut, self.tokens.get(start)) {
            let (a, b) = (from - first.start, to - first.start);
            text = format!("{} {}", text.get(..a).unwrap_or_default(), text.get(b..).unwrap_or_default());
        }
        self.semicolon()?;
        Ok(What::Sql { text, into, strict })
    }
}
