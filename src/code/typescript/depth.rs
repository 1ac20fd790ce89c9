//! How much stack a file may need. The parser and what follows recurse for each level of nesting, and a stack that
//! overflows ends the whole audit. So the levels are counted before, and never too few.

/// Where a file can be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stack {
    /// On the stack at hand.
    Here,
    /// On one of this size.
    Own(usize),
    /// Nowhere.
    None,
}

/// The most that one level takes in the parser (measured with oxc 0.146 over 170 kinds of nesting: 2.1 KB, without
/// optimisation 3.8 KB), and one link of a chain (`a.b.c`, `a & b & c`), which only those recurse into that come after.
const LEVEL: usize = if cfg!(debug_assertions) { 6 << 10 } else { 3 << 10 };
const LINK: usize = if cfg!(debug_assertions) { 2 << 10 } else { 256 };
/// What is left of any stack when a file is parsed.
const HERE: usize = 512 << 10;
/// What is needed without any nesting.
const BASE: usize = 256 << 10;
/// The largest stack that is asked for. Only what is really nested uses it.
const LARGEST: usize = if cfg!(debug_assertions) { 1 << 30 } else { 512 << 20 };

/// The stack that a text needs.
pub(super) fn stack(text: &str) -> Stack {
    let (levels, links) = nesting(text);
    let needed = levels * LEVEL + links * LINK;
    if needed <= HERE {
        Stack::Here
    } else if needed + BASE <= LARGEST {
        Stack::Own(needed + BASE)
    } else {
        Stack::None
    }
}

/// At least as many levels and links as there are: everything that nests takes one of these signs or words. Nothing is
/// taken back where something closes, so nothing that looks like a string or comment can hide a level.
fn nesting(text: &str) -> (usize, usize) {
    let bytes = text.as_bytes();
    let (mut levels, mut links) = (0, 0);
    let mut word = 0;
    for (place, &byte) in bytes.iter().enumerate() {
        let kind = KINDS[byte as usize];
        if kind == Kind::Word {
            continue;
        }
        levels += usize::from(nests(&bytes[word..place]));
        word = place + 1;
        match kind {
            Kind::Level => levels += 1,
            Kind::Link => links += 1,
            // `a = b = c` and `a ** b ** c` lean to the right. `===` is one sign.
            Kind::Equals => levels += usize::from(place == 0 || bytes[place - 1] != b'='),
            Kind::Star => levels += usize::from(place > 0 && bytes[place - 1] == b'*'),
            Kind::Word | Kind::Other => {}
        }
    }
    (levels + usize::from(nests(&bytes[word..])), links)
}

/// Words that can be followed by more of the same kind.
fn nests(word: &[u8]) -> bool {
    if !(2..=10).contains(&word.len()) || !word[0].is_ascii_lowercase() {
        return false;
    }
    matches!(
        word,
        b"typeof"
            | b"void"
            | b"delete"
            | b"await"
            | b"yield"
            | b"new"
            | b"throw"
            | b"else"
            | b"do"
            | b"keyof"
            | b"unique"
            | b"readonly"
            | b"infer"
            | b"as"
            | b"satisfies"
            | b"in"
            | b"of"
            | b"is"
            | b"instanceof"
            | b"extends"
            | b"asserts"
            | b"abstract"
            | b"async"
    )
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Level,
    Link,
    Equals,
    Star,
    Other,
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = match byte as u8 {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' => Kind::Word,
            b'(' | b'[' | b'{' | b'<' | b'?' | b'!' | b'~' | b'+' | b'-' | b':' | b'`' | b'@' => Kind::Level,
            b'.' | b'&' | b'|' | b'^' | b'%' | b'>' | b'/' => Kind::Link,
            b'=' => Kind::Equals,
            b'*' => Kind::Star,
            _ => Kind::Other,
        };
        byte += 1;
    }
    kinds
};
