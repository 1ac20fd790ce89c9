//! The words of a block.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or keyword.
    Word,
    /// `"name"`
    Quoted,
    /// A string of any kind.
    Text,
    /// `:=`, `<<`, `..` and single characters.
    Sign,
    /// A number.
    Number,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Token<'_> {
    /// Whether it is this keyword.
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is this sign.
    pub(super) fn sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    /// The name that it is, folded.
    pub(super) fn name(&self) -> String {
        match self.kind {
            Kind::Quoted => self.text.trim_matches('"').replace("\"\"", "\""),
            _ => self.text.to_lowercase(),
        }
    }
}

/// The tokens of a text, comments left out.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let next = bytes.get(at + 1).copied();
        let kind = match byte {
            b if b.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'-' if next == Some(b'-') => {
                at += memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default()).unwrap_or(bytes.len() - at);
                continue;
            }
            b'/' if next == Some(b'*') => {
                at = comment_end(bytes, at);
                continue;
            }
            b'\'' => {
                at = quoted_end(bytes, at, b'\'', false);
                Kind::Text
            }
            b'"' => {
                at = quoted_end(bytes, at, b'"', false);
                Kind::Quoted
            }
            b'e' | b'E' if next == Some(b'\'') => {
                at = quoted_end(bytes, at + 1, b'\'', true);
                Kind::Text
            }
            b'$' => match dollar_end(bytes, at) {
                Some(end) => {
                    at = end;
                    Kind::Text
                }
                None => {
                    at += 1;
                    while bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
                        at += 1;
                    }
                    Kind::Number
                }
            },
            b if b.is_ascii_alphabetic() || b == b'_' || b >= 0x80 => {
                while bytes
                    .get(at)
                    .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || *b >= 0x80)
                {
                    at += 1;
                }
                Kind::Word
            }
            b if b.is_ascii_digit() => {
                while bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'.') {
                    // `1..3` is a range.
                    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1) == Some(&b'.') {
                        break;
                    }
                    at += 1;
                }
                Kind::Number
            }
            b':' if matches!(next, Some(b'=' | b':')) => {
                at += 2;
                Kind::Sign
            }
            b'<' if next == Some(b'<') => {
                at += 2;
                Kind::Sign
            }
            b'>' if next == Some(b'>') => {
                at += 2;
                Kind::Sign
            }
            b'.' if next == Some(b'.') => {
                at += 2;
                Kind::Sign
            }
            _ => {
                at += 1;
                Kind::Sign
            }
        };
        found.push(Token { kind, text: text.get(start..at).unwrap_or_default(), start, end: at });
    }
    found
}

fn comment_end(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0usize;
    while let Some(&byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (b'/', Some(b'*')) => {
                depth += 1;
                at += 2;
            }
            (b'*', Some(b'/')) => {
                depth = depth.saturating_sub(1);
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn quoted_end(bytes: &[u8], mut at: usize, quote: u8, escapes: bool) -> usize {
    at += 1;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if escapes && byte == b'\\' {
            at += 1;
        } else if byte == quote {
            if bytes.get(at) != Some(&quote) {
                return at;
            }
            at += 1;
        }
    }
    bytes.len()
}

fn dollar_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at + 1..)?;
    let tag = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    if rest.get(tag) != Some(&b'$') || rest.first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let delimiter = bytes.get(at..at + tag + 2)?;
    let body = at + tag + 2;
    let end = memchr::memmem::find(bytes.get(body..)?, delimiter).map(|found| body + found + delimiter.len());
    Some(end.unwrap_or(bytes.len()))
}
