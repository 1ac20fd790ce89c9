//! What a value looks like: drawn at random, or made of words.

/// For each letter, the letters that often follow it in English words and in names of code, a bit for each. Counted over
/// ten thousand words: these pairs, 38 in 100 of all, make up 95 in 100 of those that words have.
const FOLLOWS: [u32; 26] = [
    0x33ebd6f, 0x0164911, 0x01a4d95, 0x0164119, 0x2ffbd7f, 0x0124931, 0x01661d1, 0x00a4111, 0x22efc7f,
    0x0000010, 0x0044111, 0x11c4919, 0x014d113, 0x03c6d7d, 0x07efd6f, 0x01ec991, 0x0100000, 0x13e7d5d,
    0x11cdd95, 0x11e4995, 0x00eb95f, 0x0004111, 0x0006191, 0x0088110, 0x0048011, 0x0000111,
];

/// How many characters of each kind a value has.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::secrets) struct Shape {
    pub length: usize,
    pub lower: usize,
    pub upper: usize,
    pub digits: usize,
    /// ASCII that is neither letter nor digit nor space.
    pub symbols: usize,
    pub spaces: usize,
    /// Beyond ASCII.
    pub foreign: usize,
    pub hex: bool,
    /// How many different bytes.
    pub distinct: usize,
}

impl Shape {
    /// Kinds of characters in it: small and capital letters, digits, symbols.
    pub fn kinds(&self) -> usize {
        [self.lower, self.upper, self.digits, self.symbols].iter().filter(|count| **count > 0).count()
    }
}

/// The shape of `value`.
pub(in crate::secrets) fn shape(value: &[u8]) -> Shape {
    let mut shape = Shape { length: value.len(), hex: !value.is_empty(), ..Shape::default() };
    let mut seen = [0u64; 4];
    for byte in value {
        match byte {
            b'a'..=b'z' => shape.lower += 1,
            b'A'..=b'Z' => shape.upper += 1,
            b'0'..=b'9' => shape.digits += 1,
            b' ' | b'\t' | b'\r' | b'\n' => shape.spaces += 1,
            0x80.. => shape.foreign += 1,
            _ => shape.symbols += 1,
        }
        shape.hex &= byte.is_ascii_hexdigit();
        if let Some(bits) = seen.get_mut(usize::from(byte >> 6)) {
            *bits |= 1 << (byte & 63);
        }
    }
    shape.hex &= shape.lower == 0 || shape.upper == 0 || shape.digits == shape.length;
    shape.distinct = seen.iter().map(|bits| bits.count_ones() as usize).sum();
    shape
}

/// Whether `value` holds a part that nobody would type: long enough, and letters, digits and case without any order.
pub(in crate::secrets) fn is_random(value: &[u8]) -> bool {
    if value.len() < 12 || value.len() > 4096 {
        return false;
    }
    if is_uuid(value) {
        return !is_made_up(value);
    }
    if runs(value).any(|run| is_random_run(run) && !is_made_up(run)) {
        return true;
    }
    // `key-d4c3b2a1-f6e5-h8g7-p6o5n4m3l2k1`: made up in its longest part is made up.
    if runs(value).any(|run| run.len() >= 12 && is_made_up(run)) {
        return false;
    }
    let shape = shape(value);
    if shape.spaces > 0 || shape.foreign > 0 {
        return false;
    }
    // Cut up by symbols: `q8$kL!2v_9@x…`, and base64 with many slashes.
    let alphanumeric = shape.lower + shape.upper + shape.digits;
    if alphanumeric < 12 || shape.lower + shape.upper == 0 || is_made_up(value) {
        return false;
    }
    let least = if shape.digits == 0 || shape.length < 16 { 36 } else { 30 };
    shape.kinds() >= 3 && disorder(value) * 100 >= alphanumeric * least
}

/// Eight hexadecimal digits, three times four, and twelve.
pub(in crate::secrets) fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(i, byte)| match i {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Rows of one character, or of characters in the order of the alphabet or of the keyboard.
pub(in crate::secrets) fn is_made_up(value: &[u8]) -> bool {
    let plain: Vec<u8> =
        value.iter().take(256).filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
    if plain.len() < 6 {
        return false;
    }
    let seen = shape(&plain).distinct;
    if seen <= 4 || plain.len() >= 24 && seen <= 6 {
        return true;
    }
    // Runs in the order of the alphabet, up or down, or of one character; also every other character: `a1b2c3d4`.
    let in_order = |plain: &[u8], step: usize, least: usize| {
        let mut ordered = 0;
        let mut run = 1;
        let mut before = [0, 0];
        for (a, b) in plain.iter().zip(plain.iter().skip(step)) {
            let by = i16::from(*b) - i16::from(*a);
            // Of `a9b8c7d6`, the letters go up and the digits down.
            let goes_on = match step {
                1 => by.abs() <= 1,
                _ => by == 1 || by == -1 && (run < 3 || before[0] == -1),
            };
            before = [before[1], by];
            run = if goes_on { run + 1 } else { 1 };
            // A run counts from one of its first characters on, and then as a whole.
            ordered += match run {
                _ if run == least => least,
                _ if run > least => 1,
                _ => 0,
            };
        }
        ordered
    };
    let most = if plain.len() < 16 { 60 } else { 45 };
    let letters: Vec<u8> = plain.iter().copied().filter(u8::is_ascii_alphabetic).collect();
    let ordered = in_order(&plain, 1, 4) * 100 >= plain.len() * most
        || in_order(&plain, 2, 4) * 100 >= plain.len() * most
        || shape(&letters).distinct >= 10 && in_order(&letters, 1, 4) * 100 >= letters.len() * 60
        || letters.len() >= 6 && in_order(&letters, 1, 4) == letters.len()
        // `abc123xyz789`
        || plain.len() >= 12 && in_order(&plain, 1, 3) * 100 >= plain.len() * 90;
    let repeats = (2..=12).any(|period| {
        plain.len() >= period * 2 + period.min(6)
            && plain.iter().zip(plain.iter().skip(period)).filter(|(a, b)| a == b).count() * 100
                >= (plain.len() - period) * 85
    });
    let keys = KEYBOARD.iter().filter(|row| contains(&plain, row)).map(|row| row.len()).sum::<usize>();
    ordered || repeats || keys * 100 >= plain.len() * 50
}

const KEYBOARD: &[&[u8]] = &[
    b"123456",
    b"qwerty",
    b"asdfgh",
    b"zxcvbn",
    b"abcdef",
    b"ghijkl",
    b"mnopqr",
    b"stuvwx",
    b"deadbeef",
    b"cafebabe",
    b"0a1b2c",
    b"a1b2c3",
    b"1a2b3c",
    b"d4e5f6",
    b"4d5e6f",
    b"g7h8i9",
    b"j0k1l2",
    b"m3n4o5",
    b"p6q7r8",
    b"7890",
    b"987654",
    b"fedcba",
    b"1q2w3e",
    b"qazwsx",
    b"yuiop",
    b"jkl",
];

/// Whether `part` stands in `text`.
pub(in crate::secrets) fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

/// The parts of letters and digits.
fn runs(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| !byte.is_ascii_alphanumeric()).filter(|run| !run.is_empty())
}

fn is_random_run(run: &[u8]) -> bool {
    let shape = shape(run);
    let letters = shape.lower + shape.upper;
    if shape.hex && letters > 0 && shape.digits > 0 {
        return shape.length >= 16 && shape.distinct >= 7;
    }
    if shape.length < 12 || letters == 0 {
        return false;
    }
    let share = disorder(run) * 100 / shape.length;
    match shape.length {
        12..=15 => share >= 34,
        16..=23 => share >= 26,
        _ => share >= 22,
    }
}

/// How many steps from one character to the next are none that words and names have.
fn disorder(run: &[u8]) -> usize {
    let mut disorder = 0;
    let mut before = b' ';
    for pair in run.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        let odd = match (a, b) {
            // Capitals within a word: `aB` begins one, `AB` is shouted, `Ab` goes on only after a beginning.
            (b'a'..=b'z', b'A'..=b'Z') => before.is_ascii_uppercase() || before.is_ascii_digit(),
            (b'A'..=b'Z', b'a'..=b'z') if before.is_ascii_uppercase() => true,
            _ if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => !follows(a, b),
            (b'0'..=b'9', b'0'..=b'9') => false,
            (b'0'..=b'9', _) => b.is_ascii_alphabetic(),
            (_, b'0'..=b'9') => a.is_ascii_alphabetic() && before != b' ',
            _ => false,
        };
        disorder += usize::from(odd);
        before = a;
    }
    disorder
}

/// How many pairs of letters in `text` are none that words have.
pub(in crate::secrets) fn unlike_words(text: &[u8]) -> usize {
    let odd = |pair: &&[u8]| matches!(pair, [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && !follows(*a, *b));
    text.windows(2).filter(odd).count()
}

fn follows(a: u8, b: u8) -> bool {
    let row = FOLLOWS.get(usize::from(a.to_ascii_lowercase().wrapping_sub(b'a'))).copied().unwrap_or(0);
    row >> (b.to_ascii_lowercase().wrapping_sub(b'a') & 31) & 1 == 1
}
