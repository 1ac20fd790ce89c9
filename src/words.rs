//! Whether one of a few words stands in a text, at the speed of memory. Most files hold none of the words that a reader is
//! about, and to know that early is most of the speed of an audit.

use aho_corasick::packed::{self, Config, Searcher};
use aho_corasick::{AhoCorasick, Input, Match, MatchKind, Span};

/// So many words are looked for at once by vector instructions.
const AT_ONCE: usize = 64;

/// What finds the first of a few words, and says which it is. Of those that begin at one place the first in the list counts.
#[derive(Debug)]
pub enum First {
    /// By vector instructions.
    Packed(Searcher),
    /// For processors without them.
    Plain(AhoCorasick),
}

impl First {
    /// Of one word at least and [`AT_ONCE`] at most; `None` where no search can be built.
    pub fn new(words: &[&str]) -> Option<First> {
        let packed =
            Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder().extend(words).build();
        let plain = || AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words).ok();
        packed.map(First::Packed).or_else(|| plain().map(First::Plain))
    }

    /// The first of the words at or behind `from`; its pattern is its place in the list.
    pub fn find(&self, text: &[u8], from: usize) -> Option<Match> {
        let span = Span { start: from.min(text.len()), end: text.len() };
        match self {
            First::Packed(packed) => packed.find_in(text, span),
            First::Plain(plain) => plain.find(Input::new(text).span(span)),
        }
    }
}

/// Words, ready for searching.
#[derive(Debug)]
pub struct Words {
    searches: Vec<First>,
}

impl Words {
    /// Of any number of words; `None` where no search can be built.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<Words> {
        let words: Vec<&str> = words.into_iter().collect();
        Some(Words { searches: words.chunks(AT_ONCE).map(First::new).collect::<Option<_>>()? })
    }

    /// The first place at or behind `from` where one of the words begins. To find every such place, ask again from the next
    /// byte on: words may overlap.
    pub fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        self.searches.iter().filter_map(|search| search.find(text, from)).map(|found| found.start()).min()
    }
}

/// Names are shorter.
const SHORT: usize = 64;

/// Whether one of the words, which are written small, stands in the text, in small letters or capitals of ASCII.
pub fn has_one(text: &str, words: &[&str]) -> bool {
    let text = text.as_bytes();
    if text.len() > SHORT {
        return words.iter().any(|word| holds(text, word.as_bytes()));
    }
    // To begin a search for each word takes longer than to look at a name: a tenth of what it took to judge routes. Of most
    // words a letter is not there.
    let letters = text.iter().fold(0, |letters, byte| letters | letter(*byte));
    let may = |word: &[u8]| word.iter().all(|byte| letters & letter(*byte) != 0);
    words.iter().map(|word| word.as_bytes()).any(|word| may(word) && holds(text, word))
}

/// One bit for a letter, large or small; others may share it.
fn letter(byte: u8) -> u64 {
    1 << (byte.to_ascii_lowercase() & 63)
}

/// The same, where beyond ASCII there are two letters that count as one of them (`ſ`, the sign for kelvin): a text with one
/// may always.
pub fn may_hold(text: &str, words: &[&str]) -> bool {
    let is_odd = || !text.is_ascii() && (text.contains('\u{17f}') || text.contains('\u{212a}'));
    has_one(text, words) || is_odd()
}

fn holds(text: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else { return true };
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), text)
        .any(|at| text.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found_from_the_byte_behind_the_last() {
        let words = Words::new(["it(", "xit(", "test."]).unwrap();
        let text = b"a xit( test.it(";
        let mut places = Vec::new();
        let mut from = 0;
        while let Some(at) = words.find(text, from) {
            places.push(at);
            from = at + 1;
        }
        assert_eq!(places, [2, 3, 7, 12]);
        assert_eq!(words.find(text, 99), None);
    }

    #[test]
    fn more_words_than_are_looked_for_at_once() {
        let many: Vec<String> = (100..250).map(|number| format!("w{number}")).collect();
        let words = Words::new(many.iter().map(String::as_str)).unwrap();
        assert_eq!(words.find(b"x w249 w100", 0), Some(2));
    }

    #[test]
    fn case_does_not_count() {
        assert!(may_hold("X-API-Key: y", &["token", "key"]) && may_hold("ba\u{17f}ic x", &["basic"]));
        assert!(!may_hold("nothing", &["token", "key"]) && !may_hold("toke", &["token"]));
        let long = "x ".repeat(50);
        for text in ["Role", "userROLE", "x_role", "role"] {
            assert!(
                has_one(text, &["admin", "role"]) && has_one(&format!("{long}{text}"), &["admin", "role"])
            );
        }
        for text in ["", "rol", "elor", "r e"] {
            assert!(
                !has_one(text, &["admin", "role"]) && !has_one(&format!("{long}{text}"), &["admin", "role"])
            );
        }
    }
}
