//! From a candidate to what is said of it: everything but its value.

use sha2::{Digest, Sha256};

use super::around::around;
use super::candidate::Candidate;
use super::classify::classify;
use super::excerpt::Excerpt;
use super::find::entropy;
use super::mask::MASK;
use super::model::{Found, Searched, SecretKind};
use super::numbers::Weak;
use super::search::is_restless;

/// Judges candidates, which are in the order of the text, and says what may be said of them. `path` is that of the file, the
/// one of `text` may be another that it is judged by.
pub(super) fn describe(text: &Searched<'_>, candidates: &[Candidate], path: &str) -> Vec<Found> {
    let mut place = Place::default();
    candidates.iter().map(|candidate| one(text, candidate, path, &mut place)).collect()
}

fn one(text: &Searched<'_>, candidate: &Candidate, path: &str, place: &mut Place) -> Found {
    let mut around = around(text.bytes, candidate.at.clone(), text.path);
    if let Some(name) = candidate.name.clone().and_then(|name| text.bytes.get(name)) {
        around.variable = std::str::from_utf8(name).unwrap_or_default();
    }
    let verdict = classify(candidate, text.bytes, &around, text.path);
    let value = candidate.value(text.bytes);
    let (line, column) = place.of(text.bytes, candidate.at.start);
    let strong = bits(candidate, &value) >= BITS;
    let fingerprint =
        if strong { of_value(&value) } else { of_place(candidate.format.id, around.variable, path) };
    Found {
        format: candidate.format,
        audience: verdict.audience,
        because: verdict.because,
        detail: candidate.detail.clone(),
        at: candidate.at.clone(),
        line,
        column,
        variable: around.variable.to_owned(),
        fallback: around.fallback,
        weak: verdict.weak,
        redacted: redacted(candidate, &value),
        aside: false,
        weak_value: (!strong).then(|| Weak::of(&fingerprint, &value)),
        fingerprint,
    }
}

/// Counts lines and characters, each byte of the text once.
#[derive(Default)]
struct Place {
    at: usize,
    line: u32,
    column: u32,
}

impl Place {
    /// The line and the character at `at`, which is not before the place asked for last.
    fn of(&mut self, text: &[u8], at: usize) -> (u32, u32) {
        let mut between = text.get(self.at..at).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', between).count();
        if lines > 0 {
            self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            self.column = 0;
            let last = memchr::memrchr(b'\n', between).map_or(0, |last| last + 1);
            between = between.get(last..).unwrap_or_default();
        }
        // Every character of UTF-8 has one byte that goes on from none.
        let characters = between.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        self.column = self.column.saturating_add(u32::try_from(characters).unwrap_or(u32::MAX));
        self.at = self.at.max(at);
        (self.line + 1, self.column + 1)
    }
}

/// The prefix that all values of the format share, and nothing of the rest.
fn redacted(candidate: &Candidate, value: &[u8]) -> Excerpt {
    let shared = |keyword: &&&str| {
        let is_prefix = value.starts_with(keyword.as_bytes());
        // What the pattern does not spell out is no fixed part.
        is_prefix && keyword.len() * 2 <= value.len() && candidate.format.regex.len() > keyword.len()
    };
    let prefix = candidate.format.keywords.iter().filter(shared).max_by_key(|keyword| keyword.len());
    Excerpt::of_masked(format!("{}{MASK}", prefix.copied().unwrap_or_default()))
}

/// The least entropy with which a value can be told by its digest alone: nobody tries all of 2^60.
const BITS: f64 = 60.0;

/// 16 hex digits of a value alone.
fn of_value(value: &[u8]) -> String {
    digest(&[b"vibecheck secret\0", value])
}

/// 16 hex digits of where a value is.
fn of_place(format: &str, variable: &str, path: &str) -> String {
    let [format, variable, path] = [format, variable, path].map(str::as_bytes);
    digest(&[b"vibecheck place of a secret\0", format, b"\0", variable, b"\0", path, b"\0"])
}

fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The entropy that a value has at the least.
fn bits(candidate: &Candidate, value: &[u8]) -> f64 {
    let format = candidate.format;
    let shared = format.keywords.iter().filter(|keyword| value.starts_with(keyword.as_bytes()));
    let fixed = shared.map(|keyword| keyword.len()).max().unwrap_or(0);
    let random = value.get(fixed..).unwrap_or_default();
    // An address is as hard to guess as its password.
    let random = if format.kind == SecretKind::ConnectionString { password(random) } else { random };
    let length = f64::from(u32::try_from(random.len()).unwrap_or(u32::MAX));
    if format.regex.is_empty() || format.kind == SecretKind::ConnectionString {
        // Somebody may have thought of it. What looks random is taken for half of what it would be.
        let looks_random = random.len() >= 20 && is_restless(random) && !has_words(random);
        return if looks_random { length * alphabet(random).log2() / 1.5 } else { 0.0 };
    }
    // A provider has made it; what repeats itself counts only once.
    (length * alphabet(random).log2()).min(length * entropy(random) * 1.5)
}

/// What stands between the last `:` before the last `@`, and that.
fn password(address: &[u8]) -> &[u8] {
    let at = memchr::memrchr(b'@', address).unwrap_or(address.len());
    let userinfo = address.get(..at).unwrap_or_default();
    let start = memchr::memrchr(b':', userinfo).map_or(0, |at| at + 1);
    userinfo.get(start..).unwrap_or_default()
}

/// Five small letters in a row with a vowel among them are a word, more often than not.
fn has_words(value: &[u8]) -> bool {
    let runs = value.split(|byte| !byte.is_ascii_alphabetic()).filter(|run| run.len() >= 5);
    let is_word = |run: &[u8]| {
        let same = run.iter().all(u8::is_ascii_lowercase) || run.iter().all(u8::is_ascii_uppercase);
        same && run.iter().any(|byte| b"aeiouAEIOU".contains(byte))
    };
    let letters: usize = runs.flat_map(|run| run.windows(5)).filter(|run| is_word(run)).count();
    letters * 6 > value.len()
}

/// How many characters a value draws on, from those it has.
fn alphabet(value: &[u8]) -> f64 {
    let has = |test: fn(&u8) -> bool| value.iter().any(test);
    if value.iter().all(u8::is_ascii_hexdigit) {
        return 16.0;
    }
    let mut size: f64 = 0.0;
    size += if has(u8::is_ascii_lowercase) { 26.0 } else { 0.0 };
    size += if has(u8::is_ascii_uppercase) { 26.0 } else { 0.0 };
    size += if has(u8::is_ascii_digit) { 10.0 } else { 0.0 };
    size.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_characters_count_from_one() {
        let text = "aé\nbü x\n\ny".as_bytes();
        let mut place = Place::default();
        assert_eq!(place.of(text, 0), (1, 1));
        assert_eq!(place.of(text, 3), (1, 3));
        assert_eq!(place.of(text, 8), (2, 4));
        assert_eq!(place.of(text, 11), (4, 1));
    }

    #[test]
    fn a_password_is_told_by_its_place_and_a_key_by_its_value() {
        assert!(has_words(b"correct-horse-battery-staple"));
        assert!(!has_words(b"q8Zr2Lk9Vx4Tn7Wp1Ym6"));
        assert_eq!(password(b"postgres://u:p@ss@host/db"), b"p@ss");
    }
}
