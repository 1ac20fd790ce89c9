//! Text of rules as tokens.

use super::Broken;

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// `match`, `request`, `$uid`.
    Name(String),
    /// `5`, `1.5`.
    Number(String),
    /// A text, without its quotes.
    Text(String),
    /// `/^a.*$/` of the Realtime Database.
    Regex(String),
    /// `&&`, `(`, `/`.
    Sign(&'static str),
}

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub line: u32,
    /// The bytes of the text from which it was made.
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub(super) fn is(&self, sign: &str) -> bool {
        matches!(self.kind, Kind::Sign(own) if own == sign)
    }

    pub(super) fn names(&self, name: &str) -> bool {
        matches!(&self.kind, Kind::Name(own) if own == name)
    }
}

/// Longest first: the first that fits is taken.
const SIGNS: &[&str] = &[
    "===", "!==", "&&", "||", "==", "!=", "<=", ">=", "{", "}", "(", ")", "[", "]", "<", ">", "=", "!", "+",
    "-", "*", "/", "%", "?", ":", ";", ",", ".", "&", "|",
];

/// The tokens of `text`. `regexes`: whether `/…/` is a pattern where a value may stand.
pub(super) fn tokens(text: &str, regexes: bool) -> Result<Vec<Token>, Broken> {
    let bytes = text.as_bytes();
    let mut tokens: Vec<Token> = Vec::new();
    let (mut at, mut line) = (0, 1_u32);
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let rest = bytes.get(at..).unwrap_or_default();
        if byte == b'\n' {
            line += 1;
            at += 1;
            continue;
        }
        if rest.starts_with(b"//") && !regexes {
            at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            continue;
        }
        if rest.starts_with(b"/*") {
            let Some(end) = memchr::memmem::find(rest.get(2..).unwrap_or_default(), b"*/") else {
                return Err(Broken { line, what: "a comment does not end" });
            };
            line += newlines(rest.get(..end + 4).unwrap_or_default());
            at += end + 4;
            continue;
        }
        let kind = if byte == b'"' || byte == b'\'' {
            let Some((value, length)) = quoted(rest, byte) else {
                return Err(Broken { line, what: "a text does not end" });
            };
            at += length;
            Kind::Text(value)
        } else if byte == b'/' && regexes && takes_value(tokens.last()) {
            let Some((value, length)) = quoted(rest, byte) else {
                return Err(Broken { line, what: "a pattern does not end" });
            };
            // Flags.
            at += length;
            at += bytes.get(at..).unwrap_or_default().iter().take_while(|b| b.is_ascii_alphabetic()).count();
            Kind::Regex(value)
        } else if byte.is_ascii_digit() {
            let is_part = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
            at += rest.iter().take_while(is_part).count();
            let more = bytes.get(at..).unwrap_or_default();
            if let [b'.', digit, ..] = more
                && digit.is_ascii_digit()
            {
                at += 1 + more.iter().skip(1).take_while(is_part).count();
            }
            Kind::Number(text.get(start..at).unwrap_or_default().to_owned())
        } else if is_name(byte) {
            at += rest.iter().take_while(|b| is_name(**b) || b.is_ascii_digit()).count();
            Kind::Name(text.get(start..at).unwrap_or_default().to_owned())
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(sign.as_bytes())) {
            at += sign.len();
            Kind::Sign(sign)
        } else if byte.is_ascii_whitespace()
            || rest.starts_with(b"\xc2\xa0")
            || rest.starts_with(b"\xef\xbb\xbf")
        {
            at += if byte.is_ascii_whitespace() {
                1
            } else if byte == 0xc2 {
                2
            } else {
                3
            };
            continue;
        } else {
            return Err(Broken { line, what: "there is a character that rules don't know" });
        };
        tokens.push(Token { kind, line, start, end: at });
        line += newlines(bytes.get(start..at).unwrap_or_default());
    }
    Ok(tokens)
}

fn newlines(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}

/// Names may hold letters of any language; the rules' own are plain.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic()
        || byte == b'_'
        || byte == b'$'
        || byte >= 0xc3 && byte != 0xef
        || (0x80..0xc0).contains(&byte)
}

/// Whether a value may follow, so that `/` begins a pattern.
fn takes_value(last: Option<&Token>) -> bool {
    !matches!(
        last.map(|token| &token.kind),
        Some(Kind::Name(_) | Kind::Number(_) | Kind::Text(_) | Kind::Regex(_) | Kind::Sign(")" | "]"))
    )
}

/// A text between two `quote`s, and how many bytes it takes with them.
fn quoted(rest: &[u8], quote: u8) -> Option<(String, usize)> {
    let mut value: Vec<u8> = Vec::new();
    let mut at = 1;
    loop {
        match *rest.get(at)? {
            byte if byte == quote => return Some((String::from_utf8_lossy(&value).into_owned(), at + 1)),
            b'\\' if quote != b'/' => {
                value.push(*rest.get(at + 1)?);
                at += 2;
            }
            b'\\' => {
                value.extend(rest.get(at..at + 2)?);
                at += 2;
            }
            b'\n' if quote == b'/' => return None,
            byte => {
                value.push(byte);
                at += 1;
            }
        }
    }
}
