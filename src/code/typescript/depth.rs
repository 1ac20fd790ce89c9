//! How much stack a file may need. The parser and what follows recurse for each level of nesting, and a stack that
//! overflows ends the whole audit. So the levels are counted before, and never too few.

/// The most that one level takes in the parser (measured with oxc 0.146 over 170 kinds of nesting: 1.8 KB for each
/// sign, without optimisation 3.8 KB), and one link of a chain (`a.b.c`, `a & b & c`), which only those recurse into that come after.
const LEVEL: usize = if cfg!(debug_assertions) { 6 << 10 } else { 2 << 10 };
const LINK: usize = if cfg!(debug_assertions) { 2 << 10 } else { 256 };
/// So many levels have room on the stack of a thread, so that it is enough to know that there are no more.
const FEW: usize = 6_000;
/// What is needed without any nesting.
const BASE: usize = 256 << 10;
/// The largest stack that is asked for. Only what is really nested uses it.
const LARGEST: usize = if cfg!(debug_assertions) { 1 << 30 } else { 512 << 20 };

/// What is counted of a text before it is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    /// At least as many levels of nesting as there are.
    pub(super) levels: usize,
    /// And links of chains.
    links: usize,
}

impl Count {
    /// How much stack the text needs, in bytes. `None`, if that is too much.
    pub(super) fn stack(self) -> Option<usize> {
        let needed = BASE + self.levels * LEVEL + self.links * LINK;
        (needed <= LARGEST).then_some(needed)
    }

    /// Everything that nests takes one of some signs or words. Nothing is taken back where something closes, so nothing
    /// that looks like a string or comment can hide a level.
    pub(super) fn of(text: &str) -> Count {
        let most = signs_and_words(text.as_bytes()) + 1;
        if most <= FEW { Count { levels: most, links: 0 } } else { Count::exactly(text) }
    }

    fn exactly(text: &str) -> Count {
        let bytes = text.as_bytes();
        let mut count = Count { levels: 1, links: 0 };
        let mut at = 0;
        while at < bytes.len() {
            let kind = KINDS[bytes[at] as usize];
            let start = at;
            at += 1;
            match kind {
                SPACE => {}
                WORD => {
                    while at < bytes.len() && KINDS[bytes[at] as usize] == WORD {
                        at += 1;
                    }
                    if (2..=10).contains(&(at - start)) {
                        count.levels += usize::from(nests(&bytes[start..at]));
                    }
                }
                LEVEL_SIGN => count.levels += 1,
                LINK_SIGN => count.links += 1,
                // `===` is one sign; `a = b = c` leans to the right.
                EQUALS => count.levels += usize::from(start == 0 || bytes[start - 1] != b'='),
                // And `a ** b ** c`.
                _ => count.levels += usize::from(start > 0 && bytes[start - 1] == b'*'),
            }
        }
        count
    }
}

/// How many signs and words there are: as many levels as there can be. Without branches, so that it is done for many
/// letters at once.
fn signs_and_words(bytes: &[u8]) -> usize {
    /// So many give a sum that a byte can hold.
    const AT_ONCE: usize = 96;
    let Some((first, next)) = bytes.split_first() else { return 0 };
    let is_word = |byte: u8| {
        byte.is_ascii_lowercase()
            | byte.is_ascii_uppercase()
            | byte.is_ascii_digit()
            | (byte == b'_')
            | (byte == b'$')
    };
    let is_sign = |byte: u8| (byte > b' ') & (byte < 128) & !is_word(byte);
    let counted = |(before, after): (&[u8], &[u8])| {
        let each = before
            .iter()
            .zip(after)
            .map(|(before, after)| u8::from(is_sign(*after)) + u8::from(is_word(*before) & !is_word(*after)));
        usize::from(each.sum::<u8>())
    };
    let between: usize = bytes.chunks(AT_ONCE).zip(next.chunks(AT_ONCE)).map(counted).sum();
    usize::from(is_sign(*first)) + between + usize::from(bytes.last().is_some_and(|last| is_word(*last)))
}

/// Words that can be followed by more of the same kind.
fn nests(word: &[u8]) -> bool {
    match word[0] {
        b'a' => matches!(word, b"as" | b"async" | b"await" | b"abstract" | b"asserts"),
        b'd' => matches!(word, b"do" | b"delete"),
        b'e' => matches!(word, b"else" | b"extends"),
        b'i' => matches!(word, b"in" | b"is" | b"infer" | b"instanceof"),
        b'k' => word == b"keyof",
        b'n' => word == b"new",
        b'o' => word == b"of",
        b'r' => word == b"readonly",
        b's' => word == b"satisfies",
        b't' => matches!(word, b"typeof" | b"throw"),
        b'u' => word == b"unique",
        b'v' => word == b"void",
        b'y' => word == b"yield",
        _ => false,
    }
}

/// Part of a word.
const WORD: u8 = 0;
/// Space, and what else does not count.
const SPACE: u8 = 1;
/// A level of nesting.
const LEVEL_SIGN: u8 = 2;
const LINK_SIGN: u8 = 3;
const EQUALS: u8 = 4;
const STAR: u8 = 5;

const KINDS: [u8; 256] = {
    let mut kinds = [SPACE; 256];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = match byte as u8 {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' => WORD,
            b'(' | b'[' | b'{' | b'<' | b'?' | b'!' | b'~' | b'+' | b'-' | b':' | b'`' | b'@' => LEVEL_SIGN,
            b'.' | b'&' | b'|' | b'^' | b'%' | b'>' | b'/' => LINK_SIGN,
            b'=' => EQUALS,
            b'*' => STAR,
            _ => SPACE,
        };
        byte += 1;
    }
    kinds
};
