//! Reading a value: in quotes of every style, or bare where the syntax has no quotes.

use std::ops::Range;

use super::syntax::Syntax;

/// A value as it stands in the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Literal {
    /// Without quotes.
    pub value: Range<usize>,
    pub quoted: bool,
}

/// No value is longer.
const LONGEST: usize = 2048;

/// Past blanks of the same line.
pub(super) fn skip_blank(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b' ' | b'\t')) {
        at += 1;
    }
    at
}

/// Past blanks and line breaks, at most `most` bytes, and past backslashes that continue a line.
pub(super) fn skip_space(text: &[u8], at: usize, most: usize) -> usize {
    let end = text.len().min(at + most);
    let mut next = at;
    while next < end
        && text
            .get(next)
            .is_some_and(|b| b.is_ascii_whitespace() || *b == b'\\' && text.get(next + 1) == Some(&b'\n'))
    {
        next += 1;
    }
    next
}

/// The literal that begins at `at`.
pub(super) fn literal(text: &[u8], at: usize, syntax: Syntax) -> Option<Literal> {
    let mut at = at;
    // `b"…"`, `f'…'`, `@"…"`, `N'…'`, `E'…'`, `L"…"`.
    if matches!(
        text.get(at),
        Some(b'b' | b'r' | b'f' | b'u' | b'B' | b'R' | b'U' | b'@' | b'N' | b'E' | b'L' | b'$')
    ) && matches!(text.get(at + 1), Some(b'"' | b'\''))
    {
        at += 1;
    }
    let rest = text.get(at..text.len().min(at + LONGEST))?;
    if let Some(inner) = rest.strip_prefix(b"&quot;") {
        let end = memchr::memmem::find(inner, b"&")?;
        return Some(Literal { value: at + 6..at + 6 + end, quoted: true });
    }
    // A fence of Markdown is no quote: what follows is a block of its own.
    if rest.starts_with(b"```") {
        return None;
    }
    let escapes = rest.iter().take_while(|b| **b == b'\\').count().min(3);
    if let Some(quote @ (b'"' | b'\'' | b'`')) = rest.get(escapes).copied() {
        let open = escapes + 1;
        let inner = rest.get(open..)?;
        let triple = escapes == 0 && inner.first() == Some(&quote) && inner.get(1) == Some(&quote);
        let open = if triple { open + 2 } else { open };
        let inner = rest.get(open..)?;
        let end = close(inner, quote, escapes, triple)?;
        return Some(Literal { value: at + open..at + open + end, quoted: true });
    }
    if !syntax.bare {
        return None;
    }
    let end = bare(rest, syntax);
    (end > 0).then_some(Literal { value: at..at + end, quoted: false })
}

/// Where a quoted value ends.
fn close(inner: &[u8], quote: u8, escapes: usize, triple: bool) -> Option<usize> {
    let mut i = 0;
    while let Some(byte) = inner.get(i) {
        match byte {
            b'\\'
                if escapes > 0
                    && inner.get(i..)?.iter().take_while(|b| **b == b'\\').count() <= escapes
                    && inner.get(i + escapes) == Some(&quote) =>
            {
                return Some(i);
            }
            b'\\' => i += 1,
            b'\n' if quote != b'`' && !triple => return None,
            _ if *byte == quote
                && (!triple
                    || inner.get(i..i + 3).is_some_and(|three| three.iter().all(|b| *b == quote))) =>
            {
                return Some(i);
            }
            _ => {}
        }
        i += 1;
    }
    None
}

/// Four groups of four letters.
const GROUPED: usize = 19;

/// Whether `line` begins with the four groups of four small letters that Google draws: blanks belong to them.
fn is_grouped(line: &[u8]) -> bool {
    line.get(..GROUPED).is_some_and(|start| {
        start.iter().enumerate().all(|(i, b)| if i % 5 == 4 { *b == b' ' } else { b.is_ascii_lowercase() })
    }) && !line.get(GROUPED).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b' ')
}

/// Where a bare value ends.
fn bare(rest: &[u8], syntax: Syntax) -> usize {
    let rest = rest.get(..LONGEST / 2).unwrap_or(rest);
    let line = rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
    let line = rest.get(..line).unwrap_or(rest);
    if syntax.line {
        // The whole line, without a comment and what a list of settings ends with.
        let comment = line
            .windows(2)
            .position(|pair| matches!(pair, [b' ' | b'\t', b'#' | b';']))
            .unwrap_or(line.len());
        let comment = line.windows(3).position(|three| three == b" //").unwrap_or(comment).min(comment);
        let value = line.get(..comment).unwrap_or(line).trim_ascii_end();
        // In a string of JSON, `\n` ends the line.
        return memchr::memmem::find(value, b"\\n").map_or(value.len(), |at| at);
    }
    if is_grouped(line) {
        return GROUPED;
    }
    let stops = |b: &u8| {
        b.is_ascii_whitespace()
            || matches!(
                b,
                b'"' | b'\'' | b'`' | b';' | b',' | b'<' | b'>' | b')' | b'}' | b'|' | b'\\' | b'&'
            )
    };
    line.iter().position(stops).unwrap_or(line.len())
}
