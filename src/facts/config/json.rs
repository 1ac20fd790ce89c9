use super::{Broken, Entry, LineStarts, MAX_BYTES, Node, Value};

const MAX_DEPTH: u32 = 64;

/// Parses JSON, with comments and trailing commas allowed (`tsconfig.json`, `wrangler.jsonc`).
///
/// # Errors
/// Where it does not parse, or is too large or too deep.
pub fn json(text: &str) -> Result<Node, Broken> {
    if text.len() > MAX_BYTES {
        return Err(Broken::new(0, 0, "it is too large"));
    }
    let mut parser = Parser { text, bytes: text.as_bytes(), at: 0, lines: LineStarts::of(text) };
    parser.space();
    let node = parser.value(0)?;
    parser.space();
    if parser.at < parser.bytes.len() { Err(parser.broken()) } else { Ok(node) }
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    lines: LineStarts,
}

impl Parser<'_> {
    fn broken(&self) -> Broken {
        Broken::new(self.lines.line(self.at) as usize, self.lines.column(self.at), "it is not valid JSON")
    }

    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn space(&mut self) {
        loop {
            let rest = &self.bytes[self.at.min(self.bytes.len())..];
            match rest {
                [b' ' | b'\t' | b'\r' | b'\n', ..] => self.at += 1,
                [b'/', b'/', ..] => self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
                [b'/', b'*', ..] => {
                    self.at += memchr::memmem::find(&rest[2..], b"*/").map_or(rest.len(), |end| end + 4);
                }
                _ => return,
            }
        }
    }

    fn value(&mut self, depth: u32) -> Result<Node, Broken> {
        if depth > MAX_DEPTH {
            return Err(Broken::new(self.lines.line(self.at) as usize, 0, "it is nested too deeply"));
        }
        let line = self.lines.line(self.at);
        let value = match self.peek() {
            b'{' => self.map(depth)?,
            b'[' => self.items(depth)?,
            b'"' => Value::Text(self.string()?),
            _ => self.word()?,
        };
        Ok(Node { line, text_line: line, value })
    }

    fn map(&mut self, depth: u32) -> Result<Value, Broken> {
        let mut entries = Vec::new();
        self.at += 1;
        loop {
            self.space();
            match self.peek() {
                b'}' => {
                    self.at += 1;
                    return Ok(Value::Map(entries));
                }
                b',' if !entries.is_empty() => self.at += 1,
                b'"' => {
                    let line = self.lines.line(self.at);
                    let key = self.string()?;
                    self.space();
                    if self.peek() != b':' {
                        return Err(self.broken());
                    }
                    self.at += 1;
                    self.space();
                    let mut node = self.value(depth + 1)?;
                    node.line = line;
                    entries.push(Entry { key, node });
                }
                _ => return Err(self.broken()),
            }
        }
    }

    fn items(&mut self, depth: u32) -> Result<Value, Broken> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.space();
            match self.peek() {
                b']' => {
                    self.at += 1;
                    return Ok(Value::List(items));
                }
                b',' if !items.is_empty() => self.at += 1,
                _ => items.push(self.value(depth + 1)?),
            }
        }
    }

    fn string(&mut self) -> Result<String, Broken> {
        let mut out = String::new();
        let mut start = self.at + 1;
        self.at = start;
        loop {
            match self.peek() {
                b'"' => {
                    out.push_str(self.text.get(start..self.at).unwrap_or_default());
                    self.at += 1;
                    return Ok(out);
                }
                b'\\' => {
                    out.push_str(self.text.get(start..self.at).unwrap_or_default());
                    match self.bytes.get(self.at + 1) {
                        Some(b'n') => out.push('\n'),
                        Some(b't') => out.push('\t'),
                        Some(b'r') => out.push('\r'),
                        Some(b'u') => {
                            let code = self.text.get(self.at + 2..self.at + 6);
                            let code = code.and_then(|hex| u32::from_str_radix(hex, 16).ok());
                            out.push(code.and_then(char::from_u32).unwrap_or('\u{fffd}'));
                            self.at += 4;
                        }
                        Some(c @ (b'"' | b'\\' | b'/')) => out.push(char::from(*c)),
                        Some(b'b' | b'f') => out.push(' '),
                        _ => return Err(self.broken()),
                    }
                    self.at += 2;
                    start = self.at;
                }
                0 | b'\n' => return Err(self.broken()),
                _ => self.at += 1,
            }
        }
    }

    fn word(&mut self) -> Result<Value, Broken> {
        let start = self.at;
        while matches!(self.peek(), b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'+' | b'.') {
            self.at += 1;
        }
        match self.text.get(start..self.at).unwrap_or_default() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "null" => Ok(Value::Null),
            word if word.parse::<f64>().is_ok() => Ok(Value::Number(word.to_owned())),
            _ => {
                self.at = start;
                Err(self.broken())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_trailing_commas_are_allowed() {
        let node = json("{\n // build\n \"compilerOptions\": {\n  \"strict\": false, /* later */\n },\n}\n")
            .unwrap();
        let strict = node.at(&["compilerOptions", "strict"]).unwrap();
        assert_eq!((strict.line, strict.truth()), (4, Some(false)));
    }

    #[test]
    fn broken_files_say_where() {
        let broken = json("{\n  \"a\": 1\n  \"b\" 2\n}").unwrap_err();
        assert_eq!((broken.line, broken.column), (3, 7));
        assert!(json(&"[".repeat(100_000)).is_err());
        assert!(json("{\"a\": \"open").is_err());
        assert!(json("").is_err());
    }

    #[test]
    fn escapes_are_decoded() {
        assert_eq!(json(r#""a\"b\u00e9\n""#).unwrap().text(), Some("a\"bé\n"));
    }
}
