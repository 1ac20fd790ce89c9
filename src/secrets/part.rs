//! Part of a text, masked as a part of the whole: what a rule cuts out of a line must not show the half of a
//! credential that can't be recognised without its other half or its name.

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::excerpt::{Excerpt, cut, is_invisible};
use super::mask::{MASK, mask};

/// So much is looked at before and after the part, to tell what it is part of.
const AROUND: usize = 512;

/// So much of the part itself is masked and shown.
const LOOKED_AT: usize = 4_096;

/// So much of the part tells it from others.
const TOLD_BY: usize = 16_384;

/// The longest [`essence`] that is spelt out.
const SPELT_OUT: usize = 200;

/// The bytes `part` of `text`, as an excerpt. What belongs to a credential in the lines around it is masked.
pub fn excerpt_part(text: &str, part: Range<usize>) -> Excerpt {
    cut(&masked(text, part))
}

/// What the bytes `part` of `text` say, without what formatters change. Text that is too long to be spelt out ends in a
/// digest of the rest, so that two long texts can be told apart.
pub fn essence(text: &str, part: Range<usize>) -> Excerpt {
    let told: String = masked(text, part.clone()).chars().filter(|c| !is_formatting(*c)).collect();
    let beyond = floor(text, part.start.saturating_add(LOOKED_AT).min(part.end))
        ..floor(text, part.start.saturating_add(TOLD_BY).min(part.end));
    let beyond = text.get(beyond).unwrap_or_default();
    match told.char_indices().nth(SPELT_OUT) {
        None if beyond.is_empty() => Excerpt::of_masked(told),
        _ => {
            let mut hasher = Sha256::new();
            hasher.update(told.as_bytes());
            let rest: String = beyond.chars().filter(|c| !is_formatting(*c)).collect();
            hasher.update(rest.as_bytes());
            let digest: String = hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            let kept: String = told.chars().take(SPELT_OUT - 40).collect();
            Excerpt::of_masked(format!("{kept}#{digest}"))
        }
    }
}

/// What a formatter adds, removes or exchanges.
pub fn is_formatting(c: char) -> bool {
    c.is_whitespace() || "\"'`;,()".contains(c)
}

/// The part in one line, with what is a credential in its surroundings masked.
fn masked(text: &str, part: Range<usize>) -> String {
    let start = floor(text, part.start);
    let end = floor(text, part.end.min(start.saturating_add(LOOKED_AT)));
    let (from, to) = surroundings(text, start..end);
    let folded = Folded::new(text, from..to, start..end);
    let whole = mask(&folded.text);
    if *whole == folded.text {
        return folded.text.get(folded.part.clone()).unwrap_or_default().to_owned();
    }
    let pieces: Vec<&str> = whole.split(MASK).collect();
    let (left, right) = (leftmost(&folded.text, &pieces), rightmost(&folded.text, &pieces));
    let (Some(left), Some(right)) = (left, right) else { return MASK.to_owned() };
    let mut shown = String::new();
    let mut at = folded.part.start;
    for (index, piece) in pieces.iter().enumerate() {
        let (Some(first), Some(last)) = (left.get(index), right.get(index)) else { return MASK.to_owned() };
        if index > 0 && at < folded.part.end && at < *last {
            // Between the two pieces stands a credential, or what can't be told from one.
            shown.push_str(MASK);
            at = *last;
        }
        if first != last {
            continue;
        }
        let stop = (first + piece.len()).min(folded.part.end);
        if at >= *first && at < stop {
            shown.push_str(folded.text.get(at..stop).unwrap_or_default());
            at = stop;
        }
    }
    if at < folded.part.end {
        shown.push_str(MASK);
    }
    shown
}

/// The lines that hold the part, as far as they are near.
fn surroundings(text: &str, part: Range<usize>) -> (usize, usize) {
    // No farther than what is looked at: a line may be megabytes long, and hold a thousand parts.
    let near = floor(text, part.start.saturating_sub(AROUND));
    let before = text.get(near..part.start).unwrap_or_default();
    let from = before.rfind('\n').map_or(near, |at| near + at + 1);
    let near = floor(text, part.end.saturating_add(AROUND));
    let after = text.get(part.end..near).unwrap_or_default();
    let to = after.find('\n').map_or(near, |at| part.end + at);
    (from, to)
}

/// The last boundary of a character at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}

/// Text in one line, and where a part of it went.
struct Folded {
    text: String,
    part: Range<usize>,
}

impl Folded {
    fn new(text: &str, all: Range<usize>, part: Range<usize>) -> Folded {
        let mut folded = String::new();
        let (mut start, mut end) = (None, 0);
        let mut space = false;
        for (offset, c) in text.get(all.clone()).unwrap_or_default().char_indices() {
            let at = all.start + offset;
            if c.is_whitespace() {
                space = !folded.is_empty();
                continue;
            }
            if is_invisible(c) {
                continue;
            }
            if space {
                folded.push(' ');
                space = false;
            }
            if part.contains(&at) {
                start.get_or_insert(folded.len());
                folded.push(c);
                end = folded.len();
            } else {
                folded.push(c);
            }
        }
        let start = start.unwrap_or(end);
        Folded { text: folded, part: start..end }
    }
}

/// Where each piece stands if each is as far left as it can be. The last one ends the text.
fn leftmost(text: &str, pieces: &[&str]) -> Option<Vec<usize>> {
    let mut found = Vec::with_capacity(pieces.len());
    let mut at = 0;
    for (index, piece) in pieces.iter().enumerate() {
        let here = match index {
            0 => 0,
            _ if index + 1 == pieces.len() => text.len().checked_sub(piece.len())?,
            _ => at + text.get(at..)?.find(piece)?,
        };
        at = here + piece.len();
        found.push(here);
    }
    Some(found)
}

/// Where each piece stands if each is as far right as it can be. The first one begins the text.
fn rightmost(text: &str, pieces: &[&str]) -> Option<Vec<usize>> {
    let mut found = Vec::with_capacity(pieces.len());
    let mut until = text.len();
    for (index, piece) in pieces.iter().enumerate().rev() {
        let here = match index {
            0 => 0,
            _ if index + 1 == pieces.len() => text.len().checked_sub(piece.len())?,
            _ => text.get(..until)?.rfind(piece)?,
        };
        until = here;
        found.push(here);
    }
    found.reverse();
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str, wanted: &str) -> String {
        let at = text.find(wanted).unwrap();
        excerpt_part(text, at..at + wanted.len()).as_str().to_owned()
    }

    #[test]
    fn plain_text_is_shown_in_one_line() {
        assert_eq!(
            part("a\n  app.use(cors({\n    origin: x,\n  }))\n", "cors({\n    origin: x,\n  })"),
            "cors({ origin: x, })"
        );
        assert_eq!(part("é = eval(ü) // x", "eval(ü)"), "eval(ü)");
    }

    #[test]
    fn the_half_of_a_credential_is_masked_like_the_whole() {
        let key = format!("sk_{}{}", "live_", "4eC39HqLyjWDarjtT1zdp7dc");
        let text = format!("const client = stripe('{key}', {{ a: 1 }})");
        for cut in [8, 12, 20] {
            let half = &key[cut..];
            let shown = part(&text, half);
            assert!(!shown.contains("zdp7dc"), "{shown}");
        }
        assert_eq!(part(&text, &format!("stripe('{key}', {{ a: 1 }})")), "stripe('sk_live_•••', { a: 1 })");
        assert_eq!(part(&text, "const client"), "const client");
        assert_eq!(part(&text, "{ a: 1 }"), "{ a: 1 }");
    }

    #[test]
    fn a_value_is_masked_by_the_name_before_it() {
        let text = "db.connect({ password: 'correct horse 7' }, timeout)";
        assert!(!part(text, "horse 7").contains("horse"));
        assert_eq!(part(text, "timeout"), "timeout");
        assert_eq!(part(text, "db.connect"), "db.connect");
    }

    #[test]
    fn the_essence_is_what_formatters_leave() {
        let of = |text: &str| essence(text, 0..text.len()).as_str().to_owned();
        assert_eq!(of("cors({ origin: '*' })"), of("cors({\n  origin: \"*\",\n});"));
        let long = |last: &str| format!("f([{}{last}])", "word, ".repeat(200));
        assert_ne!(of(&long("a")), of(&long("b")));
        assert_eq!(of(&long("a")), of(&long("a").replace(", ", ",\n    ")));
        let huge = |last: &str| format!("f([{}{last}])", "word, ".repeat(1_000));
        assert_ne!(of(&huge("a")), of(&huge("b")));
    }

    #[test]
    fn ends_inside_a_character_or_beyond_the_text_do_no_harm() {
        let text = "aé";
        for start in 0..=text.len() {
            for end in start..text.len() + 3 {
                let _ = excerpt_part(text, start..end);
                let _ = essence(text, start..end);
            }
        }
    }
}
