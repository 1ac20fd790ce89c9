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

/// The most that one level takes.
const LEVEL: usize = if cfg!(debug_assertions) { 16 << 10 } else { 2 << 10 };
/// What is left of any stack when a file is parsed.
const HERE: usize = 512 << 10;
/// What is needed without any nesting.
const BASE: usize = 256 << 10;
/// The largest stack that is asked for. Only what is really nested uses it.
const LARGEST: usize = if cfg!(debug_assertions) { 4 << 30 } else { 512 << 20 };

/// The stack that a text needs.
pub(super) fn stack(text: &str) -> Stack {
    let needed = levels(text) * LEVEL;
    if needed <= HERE {
        Stack::Here
    } else if needed + BASE <= LARGEST {
        Stack::Own(needed + BASE)
    } else {
        Stack::None
    }
}

/// At least as many as there are levels of nesting. Everything that nests takes one of these signs, or a word that
/// another word follows (`typeof await x`, `else if`).
fn levels(text: &str) -> usize {
    let mut levels = 1;
    let mut after_word = false;
    let mut after_space = false;
    for byte in text.bytes() {
        let kind = KINDS[byte as usize];
        match kind {
            Kind::Space => after_space = true,
            Kind::Word => {
                levels += usize::from(after_word && after_space);
                after_word = true;
                after_space = false;
            }
            Kind::Nests | Kind::Other => {
                levels += usize::from(kind == Kind::Nests);
                after_word = false;
                after_space = false;
            }
        }
    }
    levels
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Space,
    Word,
    Nests,
    Other,
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Word; 256];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = match byte as u8 {
            b'\t' | b'\n' | 0x0b | 0x0c | b'\r' | b' ' => Kind::Space,
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'\\' | b'#' => Kind::Word,
            b')' | b']' | b'}' | b',' | b';' | b'"' | b'\'' | b'@' => Kind::Other,
            _ => Kind::Nests,
        };
        byte += 1;
    }
    kinds
};
