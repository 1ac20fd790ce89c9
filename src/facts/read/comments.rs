//! Which parts of a file are comments, in any language that has some: exact where `mask` knows the language, line by
//! line elsewhere. Linear, never fails.

use memchr::memmem;

use crate::facts::mask::{Syntax, mask};
use crate::source::File;

/// The most of a comment that is looked at.
const MOST_BYTES: usize = 4_096;

/// How a language writes comments, as far as a look at one line and at blocks tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// What begins a comment that ends with its line.
    line: &'static [&'static str],
    /// What begins and ends a block.
    block: &'static [(&'static str, &'static str)],
    /// Whether code may stand before a comment on its line.
    after_code: bool,
}

/// How the comments of a file are found.
#[derive(Debug, Clone, Copy)]
pub(super) enum Comments {
    /// By a scanner of the language.
    Scanned(Syntax),
    /// By what begins and ends them.
    Marked(Style),
}

const SLASHES: Style = Style { line: &["//"], block: &[("/*", "*/")], after_code: true };
const HASH: Style = Style { line: &["#"], block: &[], after_code: true };
const BOTH: Style = Style { line: &["#", "//"], block: &[("/*", "*/")], after_code: true };
const CSS: Style = Style { line: &[], block: &[("/*", "*/")], after_code: true };
const DASHES: Style = Style { line: &["--"], block: &[], after_code: true };
const SEMICOLON: Style = Style { line: &[";", "#"], block: &[], after_code: true };
const PERCENT: Style = Style { line: &["%"], block: &[], after_code: true };
const MARKUP: Style = Style { line: &[], block: &[("<!--", "-->"), ("{/*", "*/}")], after_code: true };
const COMPONENT: Style = Style { line: &["//"], block: &[("<!--", "-->"), ("/*", "*/")], after_code: true };
/// What a file of an unknown kind may write, alone on its line.
const UNKNOWN: Style =
    Style { line: &["#", "//", "--", ";", "%"], block: &[("/*", "*/"), ("<!--", "-->")], after_code: false };

/// By extension.
static STYLES: &[(&str, Style)] = &[
    (
        "go java kt kts swift c h cc cpp hpp cs m mm dart scala groovy gradle proto prisma sol zig scss less",
        SLASHES,
    ),
    ("rules jsonnet thrift bicep jenkinsfile", SLASHES),
    (
        "yml yaml toml sh bash zsh fish rb rake ex exs pl pm r jl nix conf cfg cnf env properties mk cmake",
        HASH,
    ),
    ("graphql gql ps1 coffee cr gitignore dockerignore dockerfile just nu", HASH),
    ("tf tfvars hcl php", BOTH),
    ("css", CSS),
    ("lua hs elm ada vhd", DASHES),
    ("ini lisp clj cljs el", SEMICOLON),
    ("erl hrl tex", PERCENT),
    ("md mdx markdown xml svg plist csproj xhtml", MARKUP),
    ("html htm vue svelte astro", COMPONENT),
];

/// By the beginning of the name.
static NAMES: &[(&str, Style)] = &[
    ("Dockerfile", HASH),
    ("Containerfile", HASH),
    ("Makefile", HASH),
    ("Gemfile", HASH),
    ("Rakefile", HASH),
    ("Caddyfile", HASH),
    ("CODEOWNERS", HASH),
    ("justfile", HASH),
    ("Justfile", HASH),
    (".env", HASH),
    ("requirements", HASH),
    ("Jenkinsfile", SLASHES),
];

/// How this file writes comments.
pub(super) fn syntax(file: &File) -> Comments {
    if let Some((_, style)) = NAMES.iter().find(|(name, _)| file.name().starts_with(name)) {
        return Comments::Marked(*style);
    }
    let extension = file.extension();
    let style = STYLES.iter().find(|(all, _)| all.split(' ').any(|one| one == extension));
    match &*extension {
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" | "json" | "jsonc" | "json5" => {
            Comments::Scanned(Syntax::Js)
        }
        "py" | "pyi" => Comments::Scanned(Syntax::Python),
        "rs" => Comments::Scanned(Syntax::Rust),
        "sql" => Comments::Scanned(Syntax::Sql),
        _ => Comments::Marked(style.map_or(UNKNOWN, |(_, style)| *style)),
    }
}

/// A file with its comments told from the rest, by line.
pub(super) struct Commented<'a> {
    text: &'a str,
    /// The text with blanks for comments, byte for byte as long.
    rest: Vec<u8>,
    /// Where each line begins.
    starts: Vec<usize>,
    /// For each line, the first line at or after it that holds more than a comment.
    code: Vec<Option<usize>>,
}

impl<'a> Commented<'a> {
    pub(super) fn new(text: &'a str, comments: Comments) -> Self {
        let rest = match comments {
            Comments::Scanned(syntax) => mask(text, syntax).text.into_bytes(),
            Comments::Marked(style) => blanked(text, style),
        };
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        let mut commented = Self { text, rest, starts, code: Vec::new() };
        let mut next = None;
        let mut code: Vec<Option<usize>> = (0..commented.starts.len())
            .rev()
            .map(|number| {
                if commented.is_code(number) {
                    next = Some(number);
                }
                next
            })
            .collect();
        code.reverse();
        commented.code = code;
        commented
    }

    /// The line, from 0, that holds the byte.
    pub(super) fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    fn range(&self, line: usize) -> std::ops::Range<usize> {
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        let end = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        start..end.max(start)
    }

    /// Whether a line holds more than a comment. The braces around one in JSX are no more.
    fn is_code(&self, line: usize) -> bool {
        let range = self.range(line);
        let rest = self.rest.get(range.clone()).unwrap_or_default();
        let commented = self.text.as_bytes().get(range) != Some(rest);
        rest.iter().any(|b| !(b.is_ascii_whitespace() || commented && matches!(b, b'{' | b'}')))
    }

    /// What the comment says from `at` to its end or that of the line; `None` if there is no comment.
    pub(super) fn rest_of_comment(&self, at: usize) -> Option<&'a str> {
        if self.rest.get(at) == self.text.as_bytes().get(at) {
            return None;
        }
        // Far more than a reason holds, and a line of megabytes is not read for each of its comments.
        let end = self.text.floor_char_boundary(self.range(self.line(at)).end.min(at + MOST_BYTES));
        let after = self.rest.get(at..end)?.iter().position(|b| !b.is_ascii_whitespace());
        self.text.get(at..after.map_or(end, |after| at + after))
    }

    /// The line that a comment on `line` is about: that line where code stands on it, else the next with code.
    pub(super) fn covered(&self, line: usize) -> Option<usize> {
        self.code.get(line).copied().flatten()
    }

    /// Whether only comments, and what a file of its kind must begin with, stand at and above `line`.
    pub(super) fn is_leading(&self, line: usize) -> bool {
        let mut from = 0;
        while let Some(Some(code)) = self.code.get(from) {
            let text = self.text.get(self.range(*code)).unwrap_or_default().trim();
            let opening = text == "---" || text.starts_with("<?") || text.starts_with("#!");
            if !opening {
                return line < *code;
            }
            from = code + 1;
        }
        true
    }
}

/// The text with blanks for comments.
fn blanked(text: &str, style: Style) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut rest = bytes.to_vec();
    let mut at = 0;
    // Whether only white space stands before, on the line.
    let mut fresh = true;
    let mut unclosed: Vec<u8> = Vec::new();
    while at < bytes.len() {
        let here = &bytes[at..];
        let end = if !fresh && !style.after_code {
            None
        } else if let Some((open, close)) =
            style.block.iter().find(|(open, _)| here.starts_with(open.as_bytes()))
        {
            let inside = at + open.len();
            Some(
                memmem::find(&bytes[inside..], close.as_bytes())
                    .map_or(bytes.len(), |i| inside + i + close.len()),
            )
        } else if style.line.iter().any(|open| here.starts_with(open.as_bytes()) && may_open(bytes, at, open))
        {
            Some(memchr::memchr(b'\n', here).map_or(bytes.len(), |i| at + i))
        } else {
            None
        };
        if let Some(end) = end {
            for byte in &mut rest[at..end] {
                if *byte != b'\n' && *byte != b'\r' {
                    *byte = b' ';
                }
            }
            at = end;
            continue;
        }
        let byte = bytes[at];
        match byte {
            b'\n' => {
                fresh = true;
                unclosed.clear();
            }
            b'"' | b'\'' | b'`' if at == 0 || !bytes[at - 1].is_ascii_alphanumeric() => {
                // An apostrophe in prose has no partner on its line; it is looked for once.
                if !unclosed.contains(&byte) {
                    match string(here) {
                        0 => unclosed.push(byte),
                        length => at += length,
                    }
                }
                fresh = false;
            }
            _ => fresh &= byte.is_ascii_whitespace(),
        }
        at += 1;
    }
    rest
}

/// How far from its first quote a string ends, on the same line; 0 if it doesn't.
fn string(from: &[u8]) -> usize {
    let Some((quote, rest)) = from.split_first() else { return 0 };
    let mut escaped = false;
    for (i, byte) in rest.iter().enumerate() {
        match byte {
            b'\n' => return 0,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            _ if byte == quote => return i + 1,
            _ => {}
        }
    }
    0
}

/// `//` follows a colon in an address; the other marks follow white space, or they are part of a word or a value.
fn may_open(bytes: &[u8], at: usize, open: &str) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|i| bytes.get(i)) else { return true };
    if open == "//" { *before != b':' } else { before.is_ascii_whitespace() }
}
