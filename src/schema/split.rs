//! A script cut into statements, as `psql` cuts it: semicolons count outside of quotes, comments, parentheses and
//! `begin atomic` bodies. One broken statement then costs that statement, and not the file.

/// A statement of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// From its first token to before its semicolon.
    pub text: &'a str,
    /// Where it starts, in bytes.
    pub start: usize,
    /// Line of its first token, from 1.
    pub line: u32,
    /// Line of its semicolon.
    pub last_line: u32,
}

/// The statements of a script. Meta commands of `psql`, and the data behind `copy … from stdin`, are left out.
pub fn split(text: &str) -> Vec<Piece<'_>> {
    Splitter { text, bytes: text.as_bytes(), at: 0, line: 1, pieces: Vec::new(), piece: None }.run()
}

struct Splitter<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: u32,
    pieces: Vec<Piece<'a>>,
    /// The statement that is open.
    piece: Option<Open>,
}

/// What is known of the statement that is being read.
struct Open {
    start: usize,
    line: u32,
    parens: usize,
    /// How many words there were, and whether it makes a function.
    words: usize,
    creates: bool,
    function: bool,
    /// Depth of `begin atomic … case … end`.
    blocks: usize,
    last_word_begin: bool,
}

impl<'a> Splitter<'a> {
    fn run(mut self) -> Vec<Piece<'a>> {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' | 0x0B | 0x0C => self.at += 1,
                b'-' if self.next() == Some(b'-') => self.skip_line(),
                b'/' if self.next() == Some(b'*') => self.block_comment(),
                b'\\' if self.piece.is_none() || self.line_start() => self.skip_line(),
                b';' => self.semicolon(),
                _ => self.token(byte),
            }
        }
        self.end(self.bytes.len());
        self.pieces
    }

    fn next(&self) -> Option<u8> {
        self.bytes.get(self.at + 1).copied()
    }

    fn line_start(&self) -> bool {
        self.bytes
            .get(..self.at)
            .and_then(|before| before.iter().rposition(|b| !matches!(b, b' ' | b'\t')))
            .is_none_or(|last| self.bytes.get(last) == Some(&b'\n'))
    }

    fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    }

    /// Comments nest.
    fn block_comment(&mut self) {
        let mut depth = 0usize;
        while let Some(&byte) = self.bytes.get(self.at) {
            match (byte, self.next()) {
                (b'/', Some(b'*')) => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', Some(b'/')) => {
                    depth = depth.saturating_sub(1);
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => {
                    self.line += u32::from(byte == b'\n');
                    self.at += 1;
                }
            }
        }
    }

    fn open(&mut self) -> &mut Open {
        let (start, line) = (self.at, self.line);
        self.piece.get_or_insert(Open {
            start,
            line,
            parens: 0,
            words: 0,
            creates: false,
            function: false,
            blocks: 0,
            last_word_begin: false,
        })
    }

    fn token(&mut self, byte: u8) {
        self.open();
        match byte {
            b'\'' => self.quoted(b'\'', false),
            b'"' => self.quoted(b'"', false),
            b'$' => self.dollar(),
            b'(' | b'[' => {
                if byte == b'(' {
                    self.open().parens += 1;
                }
                self.at += 1;
            }
            b')' => {
                let open = self.open();
                open.parens = open.parens.saturating_sub(1);
                self.at += 1;
            }
            b if b.is_ascii_alphabetic() || b == b'_' || b >= 0x80 => self.word(),
            b if b.is_ascii_digit() => {
                while self.bytes.get(self.at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'.') {
                    self.at += 1;
                }
            }
            _ => self.at += 1,
        }
    }

    fn word(&mut self) {
        let start = self.at;
        while self
            .bytes
            .get(self.at)
            .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || *b >= 0x80)
        {
            self.at += 1;
        }
        let word = self.text.get(start..self.at).unwrap_or_default();
        if self.bytes.get(self.at) == Some(&b'\'') && word.eq_ignore_ascii_case("e") {
            return self.quoted(b'\'', true);
        }
        let is = |what: &str| word.eq_ignore_ascii_case(what);
        let open = self.open();
        open.words += 1;
        let after_begin = std::mem::replace(&mut open.last_word_begin, is("begin"));
        if open.words == 1 {
            open.creates = is("create");
        } else if open.words <= 4 && open.creates && (is("function") || is("procedure")) {
            open.function = true;
        }
        if open.function && open.parens == 0 {
            if after_begin && is("atomic") {
                open.blocks = 1;
            } else if open.blocks > 0 && is("case") {
                open.blocks += 1;
            } else if open.blocks > 0 && is("end") {
                open.blocks -= 1;
            }
        }
    }

    fn quoted(&mut self, quote: u8, escapes: bool) {
        self.at += 1;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' if escapes => {
                    self.line += u32::from(self.bytes.get(self.at) == Some(&b'\n'));
                    self.at += 1;
                }
                b'\n' => self.line += 1,
                b if b == quote => {
                    if self.bytes.get(self.at) != Some(&quote) {
                        return;
                    }
                    self.at += 1;
                }
                _ => {}
            }
        }
        self.at = self.at.min(self.bytes.len());
    }

    /// `$tag$ … $tag$`, or a parameter, or an operator's dollar.
    fn dollar(&mut self) {
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
        let tag = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_' || **b >= 0x80).count();
        let starts_with_digit = rest.first().is_some_and(u8::is_ascii_digit);
        if rest.get(tag) != Some(&b'$') || starts_with_digit {
            self.at += 1;
            return;
        }
        let delimiter = self.bytes.get(self.at..self.at + tag + 2).unwrap_or_default();
        let body = self.at + tag + 2;
        let end = memchr::memmem::find(self.bytes.get(body..).unwrap_or_default(), delimiter)
            .map_or(self.bytes.len(), |found| body + found + delimiter.len());
        let inside = self.bytes.get(self.at..end).unwrap_or_default();
        self.line += u32::try_from(memchr::memchr_iter(b'\n', inside).count()).unwrap_or(u32::MAX);
        self.at = end;
    }

    fn semicolon(&mut self) {
        if self.piece.as_ref().is_some_and(|open| open.parens > 0 || open.blocks > 0) {
            self.at += 1;
            return;
        }
        let copies = self.piece.as_ref().is_some_and(|open| {
            let text = self.text.get(open.start..self.at).unwrap_or_default();
            text.get(..4).is_some_and(|t| t.eq_ignore_ascii_case("copy"))
                && text.len() < 10_000
                && text.to_ascii_lowercase().contains("from stdin")
        });
        self.end(self.at);
        self.at += 1;
        if copies {
            self.skip_line();
            while self.at < self.bytes.len() {
                self.at += 1;
                self.line += 1;
                let start = self.at;
                self.skip_line();
                if self.text.get(start..self.at).is_some_and(|line| line.trim_end() == "\\.") {
                    return;
                }
            }
        }
    }

    fn end(&mut self, end: usize) {
        let Some(open) = self.piece.take() else { return };
        if let Some(text) = self.text.get(open.start..end) {
            self.pieces.push(Piece { text, start: open.start, line: open.line, last_line: self.line });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    fn texts(script: &str) -> Vec<&str> {
        split(script).iter().map(|piece| piece.text.trim_end()).collect()
    }

    #[test]
    fn semicolons_in_quotes_and_comments_do_not_count() {
        assert_eq!(texts("a ';' ; b \";\" -- ;\n; /* ; /* ; */ ; */ c"), ["a ';'", "b \";\" -- ;", "c"]);
        assert_eq!(texts(r"select E'\';'; select '\'; x"), [r"select E'\';'", r"select '\'", "x"]);
    }

    #[test]
    fn dollar_quotes_have_tags() {
        assert_eq!(texts("do $a$ $b$ ; $b$ ; $a$; x$1;y"), ["do $a$ $b$ ; $b$ ; $a$", "x$1", "y"]);
    }

    #[test]
    fn atomic_bodies_are_one_statement() {
        let body =
            "create function f() returns int begin atomic select case when true then 1 end; select 2; end";
        assert_eq!(texts(&format!("{body}; select 1")), [body, "select 1"]);
        assert_eq!(texts("begin; select 1; end"), ["begin", "select 1", "end"]);
    }

    #[test]
    fn commands_of_psql_and_copied_data_are_left_out() {
        assert_eq!(
            texts("\\restrict x;y\nselect 1;\ncopy t from stdin;\n1;2\n\\.\nselect 2;"),
            ["select 1", "copy t from stdin", "select 2"]
        );
    }

    #[test]
    fn lines_are_counted_from_one() {
        let lines: Vec<_> =
            split("-- c\n\nselect\n1;\ndo $$\n\n$$;\nx").iter().map(|p| (p.line, p.last_line)).collect();
        assert_eq!(lines, [(3, 4), (5, 7), (8, 8)]);
    }

    #[test]
    fn what_is_not_closed_ends_with_the_text() {
        for broken in ["select '", "select \"", "do $$ x", "/* /* */", "select (1; select 2", "select E'\\"] {
            assert!(split(broken).len() <= 1, "{broken}");
        }
    }
}
