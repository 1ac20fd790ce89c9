//! Named checks: what a pattern can't say of a value. A check turns a candidate down, decides who may know it, or says more
//! of it.

mod aws;
mod base58;
mod jwt;
mod pem;
mod url;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::candidate::Candidate;
use super::model::Audience;
use super::search::is_restless;

/// Whether a candidate has what the checks of its format ask for.
pub(super) fn passes(candidate: &mut Candidate, text: &[u8]) -> bool {
    let format = candidate.format;
    if format.audience != Audience::Secret {
        decide(candidate, format.audience, format.because);
    }
    let part = !format.near.is_empty() && (is_commit(candidate, text) || is_cut_out(candidate, text));
    !part && format.checks.iter().all(|check| passes_one(check, candidate, text))
}

/// `uses: some/action@<commit>`, `…/blob/<commit>/…`: words that stand near do not make a token of it.
fn is_commit(candidate: &Candidate, text: &[u8]) -> bool {
    let value = candidate.value(text);
    let before = candidate.at.start.checked_sub(1).and_then(|at| text.get(at));
    let is_hash = value.len() == 40 && value.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_hash && before.is_some_and(|byte| matches!(byte, b'@' | b'/' | b'#'))
}

fn passes_one(check: &str, candidate: &mut Candidate, text: &[u8]) -> bool {
    if let Some(claim) = check.strip_prefix("claim:") {
        return jwt::claims(&candidate.value(text), claim);
    }
    match check {
        "jwt" => jwt::read(candidate, text),
        "crc32-base62" => crc32_base62(candidate, text),
        "aws-account" => aws::account(candidate, text),
        "mixed-case" => is_mixed(&candidate.value(text)),
        "digit" => candidate.value(text).iter().any(u8::is_ascii_digit),
        "hexadecimal" => is_hexadecimal(&candidate.value(text)),
        "random" => is_restless(&candidate.value(text)),
        "clerk-publishable" => is_clerk(&candidate.value(text)),
        "stripe-publishable" => !is_clerk(&candidate.value(text)),
        "sentry-token" => is_sentry(&candidate.value(text)),
        "pem" => pem::read(candidate, text),
        "google-service-account" => pem::is_of_service_account(candidate, text),
        "base58" => base58::is_base58(&candidate.value(text)),
        "base58check" => base58::is_checked(&candidate.value(text)),
        "password-of-url" => url::read(candidate, text),
        // A unit test knows every check that a format names.
        _ => true,
    }
}

/// Decides who may know a candidate.
fn decide(candidate: &mut Candidate, audience: Audience, because: &str) {
    candidate.audience = Some(audience);
    because.clone_into(&mut candidate.because);
}

/// Adds to what is known of a candidate.
fn tell(candidate: &mut Candidate, detail: &str) {
    if !candidate.detail.is_empty() {
        candidate.detail.push_str(", ");
    }
    candidate.detail.push_str(detail);
}

/// Text of the repository that a detail may repeat: names, hosts and numbers, and nothing in which a secret could stand.
fn word(text: &str) -> Option<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.@".contains(c);
    (!text.is_empty() && text.len() <= 64 && text.chars().all(is_name)).then_some(text)
}

/// Base64 of either alphabet, padded or not.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    static STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
    static URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);
    let is_url = text.iter().any(|byte| matches!(byte, b'-' | b'_'));
    if is_url { URL_SAFE.decode(text).ok() } else { STANDARD.decode(text).ok() }
}

/// GitHub and npm end a token in six characters that check those before: CRC32 in base62.
fn crc32_base62(candidate: &mut Candidate, text: &[u8]) -> bool {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let value = candidate.value(text).into_owned();
    let start = value.iter().rposition(|byte| *byte == b'_').map_or(0, |at| at + 1);
    let Some((body, sum)) = value.get(start..).and_then(|body| body.split_last_chunk::<6>()) else {
        return false;
    };
    let mut rest = crc32fast::hash(body);
    let mut expected = [b'0'; 6];
    for digit in expected.iter_mut().rev() {
        *digit = DIGITS.get((rest % 62) as usize).copied().unwrap_or(b'0');
        rest /= 62;
    }
    if expected != *sum {
        decide(candidate, Audience::Placeholder, "its checksum is wrong, so it was never issued");
    }
    true
}

fn is_mixed(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_uppercase)
        && value.iter().any(u8::is_ascii_lowercase)
        && value.iter().any(u8::is_ascii_digit)
}

/// A part of a longer text in base64, a picture: where `+` and `/` may stand, they end no value.
fn is_cut_out(candidate: &Candidate, text: &[u8]) -> bool {
    let before = candidate.at.start.checked_sub(1).and_then(|at| text.get(at));
    let after = text.get(candidate.at.end);
    candidate.format.regex.contains("z+/]")
        && [before, after].into_iter().flatten().any(|byte| matches!(byte, b'+' | b'/'))
}

/// What follows the last `_` is hexadecimal.
fn is_hexadecimal(value: &[u8]) -> bool {
    value.rsplit(|byte| *byte == b'_').next().is_some_and(|end| end.iter().all(u8::is_ascii_hexdigit))
}

/// `pk_live_<base64 of "clerk.example.com$">`.
fn is_clerk(value: &[u8]) -> bool {
    let start = value.iter().rposition(|byte| *byte == b'_').map_or(0, |at| at + 1);
    let decoded = value.get(start..).and_then(decode).unwrap_or_default();
    let host = decoded.strip_suffix(b"$");
    host.is_some_and(|host| {
        host.contains(&b'.') && host.iter().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(b))
    })
}

/// `sntrys_<base64 of JSON>_<…>`.
fn is_sentry(value: &[u8]) -> bool {
    let first = value.iter().position(|byte| *byte == b'_').map_or(0, |at| at + 1);
    let last = value.iter().rposition(|byte| *byte == b'_').unwrap_or(first);
    let decoded = value.get(first..last).and_then(decode).unwrap_or_default();
    serde_json::from_slice::<serde_json::Value>(&decoded).is_ok_and(|json| json.get("url").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::formats::FORMATS;

    /// A candidate that is a whole text.
    pub(super) fn candidate(text: &[u8]) -> Candidate {
        Candidate::new(&FORMATS[0], 0..text.len())
    }

    #[test]
    fn a_checksum_tells_issued_tokens_from_made_up_ones() {
        let token = |sum: &str| format!("ghp_{}{sum}", "0123456789".repeat(3));
        // CRC32 of the 30 digits is 0x2A2C1F4D? Worked out by the rule itself: one sum of all is right.
        let right = |text: &str| {
            let mut candidate = candidate(text.as_bytes());
            crc32_base62(&mut candidate, text.as_bytes()) && candidate.audience.is_none()
        };
        let sum = crc32fast::hash("0123456789".repeat(3).as_bytes());
        let digits: Vec<char> = ('0'..='9').chain('A'..='Z').chain('a'..='z').collect();
        let sum: String = (0..6).rev().map(|place| digits[(sum / 62u32.pow(place) % 62) as usize]).collect();
        assert!(right(&token(&sum)));
        assert!(!right(&token("000000")));
    }

    #[test]
    fn keys_that_carry_data_are_told_by_it() {
        use base64::engine::general_purpose::STANDARD;
        let clerk = format!("pk_live_{}", STANDARD.encode("clerk.acme.com$"));
        assert!(is_clerk(clerk.as_bytes()));
        assert!(!is_clerk(b"pk_live_51abcdefghijklmnop"));
        let sentry = format!("sntrys_{}_abc", STANDARD.encode("{\"iat\":1,\"url\":\"https://sentry.io\"}"));
        assert!(is_sentry(sentry.as_bytes()));
        assert!(!is_sentry(b"sntrys_eyJhYmMiOjF9_abc"));
    }

    #[test]
    fn details_repeat_names_only() {
        assert_eq!(word("abcdefgh.supabase.co"), Some("abcdefgh.supabase.co"));
        assert_eq!(word("a b\u{202e}"), None);
        assert_eq!(word(&"a".repeat(65)), None);
    }
}
