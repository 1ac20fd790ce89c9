//! Secrets for fixtures, made when a test runs: a fixture that held one would be reported by every scanner, ours
//! included. The same placeholder gives the same value everywhere.

use sha2::{Digest, Sha256};

/// The formats that `{{secret:<format>}}` may name. `{{secret:<format>#2}}` is another value of the same format.
pub(super) static FORMATS: &[&str] =
    &["aws", "github", "openai", "stripe-live", "supabase-anon", "supabase-service-role"];

const LETTERS_DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const URL_SAFE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const OPEN: &str = "{{secret:";

/// The text with every placeholder replaced; the unknown format otherwise.
pub(super) fn fill_in(text: &str) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        let after = &rest[at + OPEN.len()..];
        let Some(end) = after.find("}}") else { break };
        filled.push_str(&rest[..at]);
        filled.push_str(&value(&after[..end]).ok_or_else(|| after[..end].to_owned())?);
        rest = &after[end + 2..];
    }
    filled.push_str(rest);
    Ok(filled)
}

fn value(name: &str) -> Option<String> {
    let mut random = Random::new(name);
    Some(match name.split('#').next()? {
        "aws" => format!("AKIA{}", random.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)),
        // The last six characters check the thirty before: https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
        "github" => {
            let body = random.text(LETTERS_DIGITS, 30);
            format!("ghp_{body}{}", base62(crc32(body.as_bytes())))
        }
        "openai" => {
            let (before, after) = (random.text(URL_SAFE, 74), random.text(URL_SAFE, 74));
            format!("sk-proj-{before}T3BlbkFJ{after}")
        }
        "stripe-live" => format!("sk_live_51{}", random.text(LETTERS_DIGITS, 97)),
        format @ ("supabase-anon" | "supabase-service-role") => {
            let role = if format == "supabase-anon" { "anon" } else { "service_role" };
            let project = random.text(b"abcdefghijklmnopqrstuvwxyz", 20);
            let payload = format!(
                r#"{{"iss":"supabase","ref":"{project}","role":"{role}","iat":1735689600,"exp":2051049600}}"#
            );
            let header = base64_url(br#"{"alg":"HS256","typ":"JWT"}"#);
            format!("{header}.{}.{}", base64_url(payload.as_bytes()), base64_url(&random.bytes(32)))
        }
        _ => return None,
    })
}

/// Bytes that look random and depend on a name alone.
struct Random {
    seed: String,
    block: u64,
}

impl Random {
    fn new(name: &str) -> Random {
        Random { seed: format!("vibecheck fixture secret {name}"), block: 0 }
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < count {
            bytes.extend(Sha256::digest(format!("{} {}", self.seed, self.block)));
            self.block += 1;
        }
        bytes.truncate(count);
        bytes
    }

    fn text(&mut self, alphabet: &[u8], count: usize) -> String {
        let pick = |byte: &u8| alphabet.get(usize::from(*byte) % alphabet.len()).copied().map(char::from);
        self.bytes(count).iter().filter_map(pick).collect()
    }
}

fn base64_url(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let index = (group >> (18 - 6 * place)) & 63;
            text.extend(URL_SAFE.get(index as usize).copied().map(char::from));
        }
    }
    text
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

fn base62(mut number: u32) -> String {
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = LETTERS_DIGITS.get((number % 62) as usize).copied().unwrap_or(b'0');
        number /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_shapes_and_never_change() {
        let lengths: Vec<(usize, &str)> =
            FORMATS.iter().map(|name| (value(name).unwrap().len(), *name)).collect();
        assert_eq!(lengths[..4], [(20, "aws"), (40, "github"), (164, "openai"), (107, "stripe-live")]);
        assert_eq!(value("aws"), value("aws"));
        assert_ne!(value("aws"), value("aws#2"));
    }

    #[test]
    fn known_check_values() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(base62(62 * 62 + 61), "00010z");
        assert_eq!(base64_url(b"any carnal pleasure"), "YW55IGNhcm5hbCBwbGVhc3VyZQ");
        assert_eq!(base64_url(b"any carnal pleasur"), "YW55IGNhcm5hbCBwbGVhc3Vy");
        assert_eq!(base64_url(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn placeholders_are_replaced_and_other_braces_stay() {
        let filled = fill_in("a {{secret:aws}} b {{secret:aws}} {{ x }} {{secret:").unwrap();
        let aws = value("aws").unwrap();
        assert_eq!(filled, format!("a {aws} b {aws} {{{{ x }}}} {{{{secret:"));
    }
}
