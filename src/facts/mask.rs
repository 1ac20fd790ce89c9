//! Code with its comments, and its strings, blanked: what is left of it can be searched line by line without being
//! fooled by text. Offsets and line breaks stay where they are. A scanner, not a parser: linear, never fails.

/// How a language writes comments and strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// JavaScript and TypeScript.
    Js,
    /// Python.
    Python,
    /// Rust.
    Rust,
    /// SQL as PostgreSQL writes it.
    Sql,
}

/// The two views of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// Comments and the insides of strings are blank; quotes stay.
    pub code: String,
    /// Comments are blank; strings are there.
    pub text: String,
}

/// Blanks comments and strings of `source`.
pub fn mask(source: &str, syntax: Syntax) -> Masked {
    let mut scan = Scan {
        bytes: source.as_bytes(),
        at: 0,
        code: source.as_bytes().to_vec(),
        text: source.as_bytes().to_vec(),
        last: 0,
        word_start: 0,
    };
    match syntax {
        Syntax::Js => scan.js(),
        Syntax::Python => scan.python(),
        Syntax::Rust => scan.rust(),
        Syntax::Sql => scan.sql(),
    }
    Masked { code: into_string(scan.code), text: into_string(scan.text) }
}

/// Blanking replaces whole characters by spaces, except where a scanner cuts one in two.
fn into_string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Letters, digits, `_` and `$`.
static WORD: [bool; 256] = {
    let mut is = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        is[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_' || byte as u8 == b'$';
        byte += 1;
    }
    is
};

fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    code: Vec<u8>,
    text: Vec<u8>,
    /// The last byte of code that is no white space.
    last: u8,
    /// Where the word that ends in `last` begins.
    word_start: usize,
}

impl Scan<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn starts(&self, what: &[u8]) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(what))
    }

    fn blank(&mut self, from: usize, to: usize, text_too: bool) {
        let to = to.min(self.bytes.len());
        let blank = |bytes: &mut [u8]| {
            for byte in bytes.get_mut(from.min(to)..to).unwrap_or_default() {
                *byte = if matches!(*byte, b'\n' | b'\r') { *byte } else { b' ' };
            }
        };
        blank(&mut self.code);
        if text_too {
            blank(&mut self.text);
        }
    }

    fn comment_to(&mut self, end: usize) {
        self.blank(self.at, end, true);
        self.at = end.min(self.bytes.len());
    }

    fn line_end(&self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |i| self.at + i)
    }

    fn find(&self, what: &[u8], from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        memchr::memmem::find(rest, what).map_or(self.bytes.len(), |i| from + i + what.len())
    }

    /// A string that ends at an unescaped `quote`, or at the end of the line if it may not go over it.
    fn string(&mut self, quote: u8, multiline: bool, escapes: bool) {
        let start = self.at + 1;
        let mut i = start;
        while i < self.bytes.len() {
            match self.bytes[i] {
                b'\\' if escapes => i += 1,
                b'\n' if !multiline => break,
                b if b == quote => break,
                _ => {}
            }
            i += 1;
        }
        self.blank(start, i, false);
        self.at = (i + 1).min(self.bytes.len());
        self.last = quote;
    }

    fn step(&mut self) {
        let byte = self.peek(0);
        if !byte.is_ascii_whitespace() {
            let follows = self.at > 0 && is_word(self.bytes[self.at - 1]);
            if !(is_word(byte) && follows) {
                self.word_start = self.at;
            }
            self.last = byte;
        }
        self.at += 1;
    }

    /// A word, white space, or one other byte: as many steps at once as mean nothing to a scanner.
    fn plain(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let word = rest.iter().position(|byte| !is_word(*byte)).unwrap_or(rest.len());
        if word > 0 {
            let follows = self.at > 0 && is_word(self.bytes[self.at - 1]);
            if !follows {
                self.word_start = self.at;
            }
            self.last = rest[word - 1];
            self.at += word;
            return;
        }
        let space = rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len());
        if space > 0 {
            self.at += space;
        } else {
            self.step();
        }
    }

    fn js(&mut self) {
        // Depth of braces inside each open `${`.
        let mut templates: Vec<u32> = Vec::new();
        while self.at < self.bytes.len() {
            match self.peek(0) {
                b'/' if self.peek(1) == b'/' => self.comment_to(self.line_end()),
                b'/' if self.peek(1) == b'*' => self.comment_to(self.find(b"*/", self.at + 2)),
                b'/' if self.regex_may_start() => self.regex(),
                quote @ (b'"' | b'\'') => self.string(quote, false, true),
                b'`' => self.template(&mut templates),
                b'{' => {
                    if let Some(depth) = templates.last_mut() {
                        *depth += 1;
                    }
                    self.step();
                }
                b'}' => match templates.last_mut() {
                    Some(0) => {
                        templates.pop();
                        self.template(&mut templates);
                    }
                    Some(depth) => {
                        *depth -= 1;
                        self.step();
                    }
                    None => self.step(),
                },
                b'#' if self.at == 0 && self.peek(1) == b'!' => self.comment_to(self.line_end()),
                _ => self.plain(),
            }
        }
    }

    /// From a backtick, or the brace that ends a `${…}`, to the next `${` or backtick.
    fn template(&mut self, templates: &mut Vec<u32>) {
        let start = self.at + 1;
        let mut i = start;
        while i < self.bytes.len() {
            match self.bytes[i] {
                b'\\' => i += 1,
                b'`' => break,
                b'$' if self.bytes.get(i + 1) == Some(&b'{') => {
                    templates.push(0);
                    self.blank(start, i, false);
                    self.at = i + 2;
                    self.last = b'{';
                    return;
                }
                _ => {}
            }
            i += 1;
        }
        self.blank(start, i, false);
        self.at = (i + 1).min(self.bytes.len());
        self.last = b'`';
    }

    /// After a value a slash divides; elsewhere it begins a regular expression.
    fn regex_may_start(&self) -> bool {
        match self.last {
            b')' | b']' | b'}' | b'"' | b'\'' | b'`' => false,
            last if last.is_ascii_alphanumeric() || last == b'_' || last == b'$' => {
                let rest = self.bytes.get(self.word_start..self.at).unwrap_or_default();
                let word = rest.split(|b| b.is_ascii_whitespace()).next().unwrap_or_default();
                matches!(
                    word,
                    b"return" | b"typeof" | b"case" | b"in" | b"of" | b"await" | b"yield" | b"void"
                )
            }
            // `</div>` and `/>` of JSX.
            b'<' => false,
            _ => self.peek(1) != b'>',
        }
    }

    fn regex(&mut self) {
        let start = self.at + 1;
        let mut i = start;
        let mut class = false;
        while i < self.bytes.len() {
            match self.bytes[i] {
                b'\\' => i += 1,
                b'[' => class = true,
                b']' => class = false,
                b'\n' => {
                    // Not a regular expression after all.
                    self.step();
                    return;
                }
                b'/' if !class => break,
                _ => {}
            }
            i += 1;
        }
        self.blank(start, i, false);
        self.at = (i + 1).min(self.bytes.len());
        self.last = b')';
    }

    fn python(&mut self) {
        while self.at < self.bytes.len() {
            match self.peek(0) {
                b'#' => self.comment_to(self.line_end()),
                quote @ (b'"' | b'\'') => {
                    let triple = [quote, quote, quote];
                    if self.starts(&triple) {
                        // A docstring is a comment; it ends at three quotes.
                        let mut end = self.at + 3;
                        while end < self.bytes.len() && !self.bytes[end..].starts_with(&triple) {
                            end += if self.bytes[end] == b'\\' { 2 } else { 1 };
                        }
                        let docstring = matches!(self.last, 0 | b':');
                        self.blank(self.at + 3, end, docstring);
                        self.at = (end + 3).min(self.bytes.len());
                        self.last = quote;
                    } else {
                        self.string(quote, false, true);
                    }
                }
                _ => self.step(),
            }
        }
    }

    fn rust(&mut self) {
        while self.at < self.bytes.len() {
            match self.peek(0) {
                b'/' if self.peek(1) == b'/' => self.comment_to(self.line_end()),
                b'/' if self.peek(1) == b'*' => {
                    let mut depth = 0_u32;
                    let mut end = self.at;
                    while end < self.bytes.len() {
                        if self.bytes[end..].starts_with(b"/*") {
                            depth += 1;
                            end += 2;
                        } else if self.bytes[end..].starts_with(b"*/") {
                            depth = depth.saturating_sub(1);
                            end += 2;
                            if depth == 0 {
                                break;
                            }
                        } else {
                            end += 1;
                        }
                    }
                    self.comment_to(end);
                }
                b'r' if self.peek(1) == b'"'
                    || (self.peek(1) == b'#' && matches!(self.peek(2), b'"' | b'#')) =>
                {
                    let hashes = self.bytes[self.at + 1..].iter().take_while(|b| **b == b'#').count();
                    if self.peek(1 + hashes) == b'"' {
                        let mut end = vec![b'"'];
                        end.extend(std::iter::repeat_n(b'#', hashes));
                        let from = self.at + 2 + hashes;
                        let to = self.find(&end, from);
                        self.blank(from, to.saturating_sub(end.len()).max(from), false);
                        self.at = to;
                        self.last = b'"';
                    } else {
                        self.step();
                    }
                }
                b'"' => self.string(b'"', true, true),
                // A character, not a lifetime.
                b'\'' if self.peek(1) == b'\\' || self.peek(2) == b'\'' => {
                    let from = self.at + 1;
                    let skip = if self.peek(1) == b'\\' { 2 } else { 1 };
                    let rest = self.bytes.get(from + skip..).unwrap_or_default();
                    let to = memchr::memchr(b'\'', rest).map_or(from, |i| from + skip + i);
                    self.blank(from, to, false);
                    self.at = to + 1;
                    self.last = b'\'';
                }
                _ => self.step(),
            }
        }
    }

    fn sql(&mut self) {
        while self.at < self.bytes.len() {
            match self.peek(0) {
                b'-' if self.peek(1) == b'-' => self.comment_to(self.line_end()),
                b'/' if self.peek(1) == b'*' => self.comment_to(self.find(b"*/", self.at + 2)),
                b'\'' => self.string(b'\'', true, false),
                _ => self.step(),
            }
        }
    }
}

/// Brackets that belong together, in masked code.
pub struct Partners {
    /// Where each opens and where it closes, by where it opens; `usize::MAX` where it never does.
    pairs: Vec<(usize, usize)>,
}

impl Partners {
    /// Where the bracket that opens at `open` closes.
    pub fn of(&self, open: usize) -> Option<usize> {
        let at = self.pairs.binary_search_by_key(&open, |(open, _)| *open).ok()?;
        self.pairs.get(at).map(|(_, close)| *close).filter(|close| *close != usize::MAX)
    }
}

/// The brackets of masked code.
pub fn partners(code: &str) -> Partners {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut open: Vec<(u8, usize)> = Vec::new();
    for (at, byte) in code.bytes().enumerate() {
        // Most bytes are letters and spaces.
        if byte == b' ' || is_word(byte) {
            continue;
        }
        let opener = match byte {
            b'(' | b'[' | b'{' => {
                open.push((byte, pairs.len()));
                pairs.push((at, usize::MAX));
                continue;
            }
            b')' => b'(',
            b']' => b'[',
            b'}' => b'{',
            _ => continue,
        };
        // A bracket that fits none of the open ones is left alone.
        if open.last().is_some_and(|(b, _)| *b == opener)
            && let Some(pair) = open.pop().and_then(|(_, pair)| pairs.get_mut(pair))
        {
            pair.1 = at;
        }
    }
    Partners { pairs }
}

/// The line of an offset, for rising offsets.
pub struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    /// Of this text.
    pub fn of(text: &'a str) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// The line of `offset`, from 1. Offsets before the last one asked for count from the top again.
    pub fn line(&mut self, offset: usize) -> u32 {
        let offset = offset.min(self.text.len());
        if offset < self.at {
            (self.at, self.line) = (0, 1);
        }
        let between = self.text.as_bytes().get(self.at..offset).unwrap_or_default();
        self.line += u32::try_from(memchr::memchr_iter(b'\n', between).count()).unwrap_or(0);
        self.at = offset;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn javascript() {
        let source =
            "a('it(') // it('x')\nb(/[/'\"]/.test(x)) /* it( */ + `x ${f('y')} it(` + 4 / 2 / c('z')";
        let masked = mask(source, Syntax::Js);
        assert_eq!(
            masked.code,
            "a('   ')           \nb(/     /.test(x))           + `  ${f(' ')}    ` + 4 / 2 / c(' ')"
        );
        assert!(masked.text.contains("a('it(')") && !masked.text.contains("it('x')"));
        let jsx = "<a href='x'>it's</a>; return <br/>; x = y</div>";
        assert_eq!(mask(jsx, Syntax::Js).code.len(), jsx.len());
    }

    #[test]
    fn python_and_rust_and_sql() {
        let masked = mask("def f():\n  \"\"\"def test_x(): assert\"\"\"\n  g('#') # h\n", Syntax::Python);
        assert_eq!(masked.code, "def f():\n  \"\"\"                    \"\"\"\n  g(' ')    \n");
        let masked = mask("fn a<'x>() { r#\"a\"b\"#; '\"'; \"c\\\"d\" } /* /* */ e */ f", Syntax::Rust);
        assert_eq!(masked.code, "fn a<'x>() { r#\"   \"#; ' '; \"    \" }               f");
        assert_eq!(mask("select 'a--b' -- ok(", Syntax::Sql).code, "select '    '       ");
    }

    #[test]
    fn broken_code_is_no_problem() {
        for source in ["'", "`${", "`${`", "/*", "r#", "\"\\", "'''", "é'é", "}", "`a${b`é", "'\\"] {
            for syntax in [Syntax::Js, Syntax::Python, Syntax::Rust, Syntax::Sql] {
                assert!(!mask(source, syntax).code.is_empty());
            }
        }
        let of = |code: &str| (0..code.len()).map(|at| partners(code).of(at)).collect::<Vec<_>>();
        assert_eq!(of("(a[b)"), [None; 5]);
        assert_eq!(of("(a)"), [Some(2), None, None]);
    }
}
