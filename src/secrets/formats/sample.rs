//! Values that have the formats of secrets and open nothing: for fixtures and tests. Made when they are needed, for a file
//! that held one would be reported by every scanner, ours included.

use std::fmt::Write as _;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, ClassBytes, Hir, HirKind};
use sha2::{Digest, Sha256};

use super::{Format, format_named};

const OPEN: &str = "{{secret:";
const ALPHANUMERIC: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// What scanners take for a stand-in, and what random text must not spell by chance.
const STAND_INS: &[&str] =
    &["test", "exam", "demo", "fake", "your", "pass", "1234", "abcd", "none", "null", "todo"];

/// A value with the format `id`, the same for the same `seed`; `None` where there is no such format.
pub fn sample(id: &str, seed: &str) -> Option<String> {
    let format = format_named(id)?;
    let mut random = Random::new(&format!("{id} {seed}"));
    if format.regex.is_empty() {
        return Some(random.text(ALPHANUMERIC, 32));
    }
    let hir = ParserBuilder::new().utf8(false).unicode(false).build().parse(format.regex).ok()?;
    let regex = RegexBuilder::new(format.regex).unicode(false).build().ok()?;
    // Chance may spell a word or miss a check: with other random text it soon does not.
    (0..64).find_map(|_| attempt(format, &hir, &regex, &mut random))
}

/// The text with every `{{secret:FORMAT}}` and `{{secret:FORMAT#2}}` replaced by a value; the unknown format otherwise.
/// The same placeholder gives the same value everywhere.
pub fn fill_in(text: &str) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        let after = &rest[at + OPEN.len()..];
        let Some(end) = after.find("}}") else { break };
        let (id, seed) = after[..end].split_once('#').unwrap_or((&after[..end], "1"));
        filled.push_str(&rest[..at]);
        filled.push_str(&sample(id, seed).ok_or_else(|| after[..end].to_owned())?);
        rest = &after[end + 2..];
    }
    filled.push_str(rest);
    Ok(filled)
}

/// A value, if it fits.
fn attempt(format: &Format, hir: &Hir, regex: &Regex, random: &mut Random) -> Option<String> {
    let mut made = Made::default();
    walk(hir, random, &mut made);
    let text = |range: Range<usize>| String::from_utf8(made.bytes.get(range)?.to_vec()).ok();
    let plain = text(made.value.clone())?;
    let value = format.checks.iter().fold(plain, |value, check| satisfy(check, value, format, random));
    let (before, after) = (text(0..made.value.start)?, text(made.value.end..made.bytes.len())?);
    let whole = format!("\"{before}{value}{after}\"");
    let found = regex.captures(whole.as_bytes()).and_then(|groups| groups.name("value"))?;
    // Of a private key, the regex takes the first line alone.
    let first_line = value.starts_with("-----BEGIN") && value.as_bytes().starts_with(found.as_bytes());
    let all = first_line || found.as_bytes() == value.as_bytes();
    (all && found.start() == before.len() + 1 && fits(format, &value)).then_some(value)
}

/// Whether its checks hold, and nothing in it reads like a stand-in.
fn fits(format: &Format, value: &str) -> bool {
    let (spelt, literal) = (value.to_lowercase(), format.regex.to_lowercase());
    let stand_in = |word: &&str| spelt.contains(word) && !literal.contains(word);
    let repeated =
        |four: &[u8]| four.iter().all(|byte| Some(byte) == four.first() && byte.is_ascii_alphanumeric());
    let by_chance = |four: &[u8]| !format.regex.as_bytes().windows(4).any(|literal| literal == four);
    let holds = |check: &&str| match *check {
        "mixed-case" | "random" => [u8::is_ascii_uppercase, u8::is_ascii_lowercase, u8::is_ascii_digit]
            .iter()
            .all(|class| has(value, *class)),
        "digit" => has(value, u8::is_ascii_digit),
        _ => true,
    };
    let made_up = !format.checks.iter().any(|check| ["pem", "jwt"].contains(check));
    let chance = STAND_INS.iter().any(stand_in)
        || value.as_bytes().windows(4).any(|four| repeated(four) && by_chance(four));
    !(made_up && chance) && format.checks.iter().all(holds) && entropy(value) >= format.entropy
}

fn has(value: &str, class: fn(&u8) -> bool) -> bool {
    value.as_bytes().iter().any(class)
}

/// Bits for each character.
fn entropy(value: &str) -> f64 {
    let total = value.len() as f64;
    let count = |byte: u8| value.bytes().filter(|other| *other == byte).count() as f64 / total;
    (0..=255).map(count).filter(|share| *share > 0.0).map(|share| -share * share.log2()).sum()
}

/// A text that the regex matches, and where the group `value` stands in it.
#[derive(Default)]
struct Made {
    bytes: Vec<u8>,
    value: Range<usize>,
}

/// Appends what the regex matches.
fn walk(hir: &Hir, random: &mut Random, into: &mut Made) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => into.bytes.extend_from_slice(&literal.0),
        HirKind::Class(class) => into.bytes.push(random.pick(&alphabet(class))),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            let usual = repetition.min.max(if most == 1 { 1 } else { 40 }).min(most);
            let fewest =
                if most - repetition.min <= 1 { repetition.min } else { usual.min(repetition.min.max(16)) };
            for _ in 0..fewest + random.below(usual - fewest + 1) {
                walk(&repetition.sub, random, into);
            }
        }
        HirKind::Capture(capture) => {
            let start = into.bytes.len();
            match (capture.name.as_deref(), capture.sub.properties().minimum_len()) {
                (Some("password"), Some(..20)) => into.bytes.extend(random.text(ALPHANUMERIC, 20).bytes()),
                _ => walk(&capture.sub, random, into),
            }
            if capture.name.as_deref() == Some("value") {
                into.value = start..into.bytes.len();
            }
        }
        HirKind::Concat(parts) => parts.iter().for_each(|part| walk(part, random, into)),
        HirKind::Alternation(parts) => {
            if let Some(part) = parts.get(random.below(parts.len() as u32) as usize) {
                walk(part, random, into);
            }
        }
    }
}

/// The characters to choose from: letters and digits if the class has any, with `+/_-` where those belong to it as they do
/// to base64.
fn alphabet(class: &Class) -> Vec<u8> {
    let bytes = match class {
        Class::Bytes(bytes) => bytes.clone(),
        Class::Unicode(unicode) => unicode.to_byte_class().unwrap_or_else(ClassBytes::empty),
    };
    let all: Vec<u8> =
        bytes.ranges().iter().flat_map(|r| r.start()..=r.end()).filter(u8::is_ascii_graphic).collect();
    let plain: Vec<u8> = all.iter().copied().filter(u8::is_ascii_alphanumeric).collect();
    match all.as_slice() {
        [] => return vec![b' '],
        // Where case does not count.
        [upper, lower] if upper.to_ascii_lowercase() == *lower => return vec![*lower],
        _ => {}
    }
    if plain.is_empty() || (plain.len() >= 52 && all.len() <= 64) { all } else { plain }
}

/// The value changed so that the check holds.
fn satisfy(check: &str, value: String, format: &Format, random: &mut Random) -> String {
    match check {
        "crc32-base62" if value.len() > 6 => {
            let kept = &value[..value.len() - 6];
            let body = kept.rsplit('_').next().unwrap_or_default();
            format!("{kept}{}", base62(crc32fast::hash(body.as_bytes())))
        }
        "jwt" => jwt(format, random),
        "pem" => pem(&value, format, random),
        "clerk-publishable" => {
            let prefix = value.split_inclusive('_').take(2).collect::<String>();
            let host = format!("clerk.{}.app$", random.text(b"abcdefghijklmnopqrstuvwxyz", 12));
            prefix + &STANDARD_NO_PAD.encode(host)
        }
        "sentry-token" => {
            let organization = random.text(b"abcdefghijklmnopqrstuvwxyz", 8);
            let body = format!(
                r#"{{"iat":1735689600.5,"url":"https://sentry.io","region_url":"https://us.sentry.io","org":"{organization}"}}"#
            );
            format!("sntrys_{}_{}", STANDARD_NO_PAD.encode(body), random.text(ALPHANUMERIC, 43))
        }
        "base58check" => base58check(random),
        _ => value,
    }
}

/// Signed by nobody, valid until 2035.
fn jwt(format: &Format, random: &mut Random) -> String {
    let mut payload = String::from("{");
    for claim in format.checks.iter().filter_map(|check| check.strip_prefix("claim:")) {
        let (name, said) = claim.split_once('=').unwrap_or((claim, ""));
        let _ = write!(payload, r#""{name}":"{}","#, said.trim_matches('*'));
        if said.starts_with("supabase") {
            let _ = write!(payload, r#""ref":"{}","#, random.text(b"abcdefghijklmnopqrstuvwxyz", 20));
        }
    }
    let _ =
        write!(payload, r#""sub":"{}","iat":1735689600,"exp":2051049600}}"#, random.text(ALPHANUMERIC, 16));
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let signature = URL_SAFE_NO_PAD.encode(random.bytes(32));
    format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(payload))
}

/// From its first line to the whole file. Inside JSON, where the key of a service account stands, lines end with `\n`.
fn pem(begin: &str, format: &Format, random: &mut Random) -> String {
    let mut body = if begin.contains("OPENSSH") {
        b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01".to_vec()
    } else {
        // PKCS #8 with an RSA key of 2048 bits: the lengths are those of the 1,185 bytes that follow.
        let head = "308204be020100300d06092a864886f70d0101010500048204a8308204a4020100";
        (0..head.len()).step_by(2).filter_map(|at| u8::from_str_radix(&head[at..at + 2], 16).ok()).collect()
    };
    body.extend(random.bytes(1185));
    let newline = if format.checks.contains(&"google-service-account") { "\\n" } else { "\n" };
    let text = STANDARD.encode(body);
    let lines: Vec<&str> =
        (0..text.len()).step_by(64).filter_map(|at| text.get(at..text.len().min(at + 64))).collect();
    let end = begin.replace("BEGIN", "END");
    format!("{begin}{newline}{}{newline}{end}", lines.join(newline))
}

fn base62(mut number: u32) -> String {
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHANUMERIC.get((number % 62) as usize).copied().unwrap_or(b'0');
        number /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

/// A private key in the form that Bitcoin wallets export.
fn base58check(random: &mut Random) -> String {
    let mut bytes = vec![0x80];
    bytes.extend(random.bytes(32));
    bytes.push(1);
    let check = Sha256::digest(Sha256::digest(&bytes));
    bytes.extend(check.iter().take(4));
    let mut digits: Vec<u32> = Vec::new();
    for byte in bytes {
        let mut carry = u32::from(byte);
        for digit in &mut digits {
            carry += *digit << 8;
            *digit = carry % 58;
            carry /= 58;
        }
        while carry > 0 {
            digits.push(carry % 58);
            carry /= 58;
        }
    }
    let letters = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    digits.iter().rev().filter_map(|digit| letters.get(*digit as usize).copied().map(char::from)).collect()
}

/// Bytes that look random and depend on a name alone.
struct Random {
    seed: String,
    block: u64,
    left: Vec<u8>,
}

impl Random {
    fn new(name: &str) -> Random {
        Random { seed: format!("vibecheck fixture secret {name}"), block: 0, left: Vec::new() }
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        while self.left.len() < count {
            self.left.extend(Sha256::digest(format!("{} {}", self.seed, self.block)));
            self.block += 1;
        }
        self.left.drain(..count).collect()
    }

    fn below(&mut self, bound: u32) -> u32 {
        let number = self.bytes(4).iter().fold(0u32, |number, byte| number << 8 | u32::from(*byte));
        number % bound.max(1)
    }

    fn pick(&mut self, alphabet: &[u8]) -> u8 {
        let at = self.below(alphabet.len() as u32) as usize;
        alphabet.get(at).copied().unwrap_or(b'0')
    }

    fn text(&mut self, alphabet: &[u8], count: usize) -> String {
        (0..count).map(|_| char::from(self.pick(alphabet))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_never_change_and_differ_by_seed() {
        let value = sample("aws-access-key-id", "1").unwrap();
        assert_eq!((value.len(), &value[..4]), (20, "AKIA"));
        assert_eq!(sample("aws-access-key-id", "1").unwrap(), value);
        assert_ne!(sample("aws-access-key-id", "2").unwrap(), value);
        assert_eq!(sample("no-such-format", "1"), None);
    }

    #[test]
    fn checks_hold() {
        // The check value of "123456789", and its number in base 62.
        assert_eq!(crc32fast::hash(b"123456789"), 0xCBF4_3926);
        assert_eq!(base62(62 * 62 + 61), "00010z");
        let token = sample("github-personal-token", "1").unwrap();
        assert_eq!(token[34..], base62(crc32fast::hash(&token.as_bytes()[4..34])));

        let jwt = sample("supabase-service-role-key", "1").unwrap();
        let payload = URL_SAFE_NO_PAD.decode(jwt.split('.').nth(1).unwrap()).unwrap();
        assert!(String::from_utf8(payload).unwrap().starts_with(r#"{"iss":"supabase","ref":""#));

        let key = sample("private-key-pem", "1").unwrap();
        assert_eq!(key.lines().next().unwrap().replace("BEGIN", "END"), key.lines().last().unwrap());
    }

    #[test]
    fn placeholders_are_replaced_and_other_braces_stay() {
        let filled =
            fill_in("a {{secret:aws-access-key-id}} b {{secret:aws-access-key-id}} {{ x }} {{secret:")
                .unwrap();
        let key = sample("aws-access-key-id", "1").unwrap();
        assert_eq!(filled, format!("a {key} b {key} {{{{ x }}}} {{{{secret:"));
        assert_eq!(fill_in("{{secret:nothing}}"), Err("nothing".to_owned()));
    }
}
