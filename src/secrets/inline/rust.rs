//! Tests and documentation within a module of Rust. The text is read token by token, as
//! <https://doc.rust-lang.org/reference/tokens.html> has them: braces in strings and comments are no braces.

use super::{Aside, Part};

/// Attributes that make a test of a function, beside `#[cfg(test)]`, by the last word of their path.
const TESTS: &[&[u8]] = &[b"test", b"rstest", b"test_case", b"bench"];

/// What an item begins with. An attribute may also stand before a field, an argument or an arm.
const ITEMS: &[&[u8]] = &[
    b"mod",
    b"fn",
    b"const",
    b"static",
    b"impl",
    b"struct",
    b"enum",
    b"use",
    b"type",
    b"unsafe",
    b"async",
    b"trait",
    b"macro_rules",
    b"pub",
    b"extern",
];

/// Names of files that are the tests of the module above them, if they have tests.
const FILES: &[&str] = &["test.rs", "tests.rs"];

/// The parts of a module that are tests or documentation.
pub(super) fn asides(text: &[u8], path: &str) -> Vec<Part> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_tests = FILES.contains(&name) || name.ends_with("_test.rs") || name.ends_with("_tests.rs");
    let mut parts: Vec<Part> = Vec::new();
    let mut at = 0;
    let mut is_fenced = false;
    while at < text.len() {
        let end = token(text, at);
        let bytes = text.get(at..end).unwrap_or_default();
        if is_documentation(bytes) {
            let is_fence = bytes.get(3..).is_some_and(|line| line.trim_ascii_start().starts_with(b"```"));
            let aside = if is_fenced || is_fence { Aside::Test } else { Aside::Docs };
            is_fenced ^= is_fence;
            parts.push((at..end, aside));
        } else if let Some(attribute) = attribute(text, at) {
            let says = text.get(at..attribute).unwrap_or_default();
            if is_test(says) {
                if is_tests || says.starts_with(b"#!") {
                    return vec![(0..text.len(), Aside::Test)];
                }
                if let Some(end) = item(text, attribute) {
                    parts.push((at..end, Aside::Test));
                    at = end;
                    continue;
                }
            }
            at = attribute;
            continue;
        } else if !bytes.iter().all(u8::is_ascii_whitespace) {
            is_fenced = false;
        }
        at = end;
    }
    parts
}

/// `/// …`, `//! …`, `/** … */`, `/*! … */`.
fn is_documentation(token: &[u8]) -> bool {
    match token {
        [b'/', b'/', b'/', b'/', ..] | [b'/', b'*', b'*', b'*' | b'/', ..] => false,
        [b'/', b'/' | b'*', b'!', ..] | [b'/', b'/', b'/', ..] | [b'/', b'*', b'*', ..] => true,
        _ => false,
    }
}

/// Where the attribute that begins at `at` ends.
fn attribute(text: &[u8], at: usize) -> Option<usize> {
    let open = match text.get(at..)? {
        [b'#', b'[', ..] => at + 1,
        [b'#', b'!', b'[', ..] => at + 2,
        _ => return None,
    };
    let mut depth = 0_usize;
    let mut at = open;
    while let Some(byte) = text.get(at) {
        match byte {
            b'[' => depth += 1,
            b']' if depth == 1 => return Some(at + 1),
            b']' => depth -= 1,
            _ => {}
        }
        at = token(text, at);
    }
    None
}

/// Whether an attribute says that what follows exists in tests alone.
fn is_test(attribute: &[u8]) -> bool {
    let says: Vec<u8> = attribute.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    let says = says.strip_prefix(b"#!").or_else(|| says.strip_prefix(b"#")).unwrap_or_default();
    let says = says.strip_prefix(b"[").unwrap_or_default();
    if says == b"cfg(test)]" || says.starts_with(b"cfg(all(test,") {
        return true;
    }
    let end = says.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b':')));
    let path = says.get(..end.unwrap_or(says.len())).unwrap_or_default();
    path.rsplit(|b| *b == b':').next().is_some_and(|last| TESTS.contains(&last))
}

/// Where the item ends whose attributes end at `at`: with its block or its semicolon. `None` if it is none, or does not end.
fn item(text: &[u8], at: usize) -> Option<usize> {
    let mut at = at;
    // Other attributes, and comments.
    loop {
        match text.get(at)? {
            b if b.is_ascii_whitespace() => at += 1,
            b'#' => at = attribute(text, at)?,
            b'/' if matches!(text.get(at + 1), Some(b'/' | b'*')) => at = token(text, at),
            _ => break,
        }
    }
    let word = text.get(at..token(text, at))?;
    if !ITEMS.contains(&word) {
        return None;
    }
    let mut depth = 0_usize;
    while let Some(byte) = text.get(at) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b'}' if depth == 1 => return Some(at + 1),
            b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
            b';' if depth == 0 => return Some(at + 1),
            _ => {}
        }
        at = token(text, at);
    }
    None
}

/// Where the token that begins at `at` ends. Blanks and signs are tokens of one byte.
fn token(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let length = match rest {
        [b'/', b'/', ..] => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
        [b'/', b'*', ..] => comment(rest),
        [b'"', ..] => string(rest),
        [b'\'', ..] => character(rest),
        [b, ..] if b.is_ascii_alphabetic() || *b == b'_' => {
            let word = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
            let is_prefix = matches!(rest.get(..word), Some(b"r" | b"br" | b"cr"));
            word + if is_prefix { raw(rest.get(word..).unwrap_or_default()) } else { 0 }
        }
        _ => 1,
    };
    text.len().min(at + length.max(1))
}

/// A comment in `/*` and `*/`, which may hold others.
fn comment(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'/', b'*', rest.get(at..).unwrap_or_default()) {
        at += found;
        match rest.get(at..) {
            Some([b'/', b'*', ..]) => depth += 1,
            Some([b'*', b'/', ..]) if depth == 1 => return at + 2,
            Some([b'*', b'/', ..]) => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
    }
    rest.len()
}

fn string(rest: &[u8]) -> usize {
    let mut at = 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', rest.get(at..).unwrap_or_default()) {
        at += found;
        if rest.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
    rest.len()
}

/// What follows the `r` of a raw string; 0 if it is none.
fn raw(rest: &[u8]) -> usize {
    let hashes = rest.iter().take(256).take_while(|b| **b == b'#').count();
    if rest.get(hashes) != Some(&b'"') {
        return 0;
    }
    let close = [&b"\""[..], rest.get(..hashes).unwrap_or_default()].concat();
    let body = rest.get(hashes + 1..).unwrap_or_default();
    memchr::memmem::find(body, &close).map_or(rest.len(), |end| hashes + 1 + end + close.len())
}

/// `'a'`, `'\n'`, `'\u{1f600}'`; of a lifetime or a label only the quote.
fn character(rest: &[u8]) -> usize {
    if rest.get(1) == Some(&b'\\') {
        let close = rest.iter().take(16).skip(3).position(|b| *b == b'\'');
        return close.map_or(1, |close| close + 4);
    }
    // One character of UTF-8.
    let length = rest.iter().skip(2).take(3).take_while(|b| **b & 0xc0 == 0x80).count();
    if rest.get(2 + length) == Some(&b'\'') { 3 + length } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::super::within;
    use super::*;

    /// For each `x` in the text, what it stands in: `p`roduct, `t`est or `d`ocumentation.
    fn of(path: &str, text: &str) -> String {
        let parts = asides(text.as_bytes(), path);
        let of = |at: usize| match within(&parts, at) {
            Some(Aside::Test) => 't',
            Some(Aside::Docs) => 'd',
            None => 'p',
        };
        text.match_indices('x').map(|(at, _)| of(at)).collect()
    }

    #[test]
    fn a_module_of_tests_ends_with_its_brace() {
        for (text, expected) in [
            ("x #[cfg(test)]\nmod tests {\n fn a() { x }\n}\nx", "ptp"),
            ("#[cfg(test)]\n#[allow(a)] // why\npub(crate) mod tests { x } x", "tp"),
            ("#[cfg(all(test, loom))] mod tests { x } x", "tp"),
            ("#[cfg(any(test, loom))] mod tests { x } x", "pp"),
            ("#[cfg(not(test))] mod tests { x } x", "pp"),
            ("#[test]\nfn a() { x }\nfn b() { x }", "tp"),
            ("#[tokio::test(flavor = \"a\")]\nasync fn a() { x }\nx", "tp"),
            ("#[cfg(test)]\nmod tests;\nx", "p"),
            ("#[cfg(test)]\nconst A: [&str; 2] = [\"x\", \"x\"];\nx", "ttp"),
            ("struct A { #[cfg(test)] b: B, c: C = x }", "p"),
            ("#![cfg(test)]\nx", "t"),
        ] {
            assert_eq!(of("src/a.rs", text), expected, "{text}");
        }
    }

    #[test]
    fn braces_and_marks_that_are_none() {
        for (text, expected) in [
            ("#[cfg(test)] mod t { \"}\"; r#\"}\"\"#; b'}'; '\\''; '}'; /* } /* */ } */ // }\n x } x", "tp"),
            ("#[cfg(test)] mod t { fn a<'a>(b: &'a str) { '\\u{7d}'; '…' } x } x", "tp"),
            ("const A: &str = \"#[cfg(test)] mod t {\"; x", "p"),
            ("// #[cfg(test)] mod t {\nx", "p"),
            ("r#\"\n#[cfg(test)] mod t {\n\"#; x", "p"),
            ("#[cfg(test)] mod t { x", "p"),
            ("#[cfg(test)]", ""),
        ] {
            assert_eq!(of("src/a.rs", text), expected, "{text}");
        }
    }

    #[test]
    fn documentation_and_its_examples() {
        assert_eq!(
            of("src/a.rs", "//! x\n/// x\n/// ```\n/// f(x)\n/// ```\n/// x\nfn f() { x } // x"),
            "ddtdpp"
        );
        assert_eq!(of("src/a.rs", "/** x */ x /* x */ //// x"), "dppp");
    }

    #[test]
    fn the_file_of_a_module_of_tests() {
        assert_eq!(of("src/a/tests.rs", "const A: B = x;\n#[test]\nfn a() {}"), "t");
        assert_eq!(of("src/routes/tests.rs", "const A: B = x;\nfn list() {}"), "p");
        assert_eq!(of("src/a.rs", "const A: B = x;\n#[test]\nfn a() {}"), "p");
    }

    #[test]
    fn any_text_is_taken() {
        for piece in ["'", "'\\", "r#", "r##\"", "\"\\", "/*", "#[", "#[cfg(test)]", "é'", "{", "'\u{1f600}'"]
        {
            for behind in ["", "é", "'", "\"", "}"] {
                of("src/a.rs", &format!("{piece}{behind}"));
            }
        }
    }
}
