//! Long tokens without a name or a prefix: told by how random they look.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::mask::{MASK, pattern};

/// An identifier of a row or a project; what opens a door is never only that.
static UUID: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"));

/// The shortest token.
const SHORTEST: usize = 24;

/// Masks tokens that look random.
pub(super) fn mask(text: &str) -> Cow<'_, str> {
    let mut masked = String::new();
    let mut done = 0;
    let mut start = 0;
    for part in text.split(|char: char| !is_part(char)) {
        let token = start..start + part.len();
        // What ends a part is one character, of whatever length.
        start =
            token.end + text.get(token.end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        if part.len() < SHORTEST {
            continue;
        }
        let before = text.get(..token.start).unwrap_or_default();
        if !is_digest(before, part) && is_random(part) {
            masked.push_str(text.get(done..token.start).unwrap_or_default());
            masked.push_str(MASK);
            done = token.end;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    masked.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(masked)
}

fn is_part(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '_' | '+' | '/' | '=' | '-')
}

/// `uses: a/b@<commit>`, `rev: <commit>`, `image@sha256:<digest>`, `"integrity": "sha512-…"`.
fn is_digest(before: &str, token: &str) -> bool {
    let is_hex = token.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
    let names_commit = ["@", "rev: ", "commit ", "ref: "].iter().any(|start| before.ends_with(start));
    let is_commit = names_commit && is_hex && token.len() == 40;
    let is_image = before.ends_with("sha256:") && is_hex && token.len() == 64;
    let is_integrity = ["sha256-", "sha384-", "sha512-"].iter().any(|start| token.starts_with(start));
    is_commit || is_image || is_integrity
}

fn is_random(token: &str) -> bool {
    let may_be_uuid = token.len() >= 36 && token.contains('-');
    if may_be_uuid && UUID.is_match(token) {
        return UUID.split(token).any(|rest| rest.len() >= 24 && is_random(rest));
    }
    let token = token.trim_matches(['-', '_', '=', '/']);
    let hex = token.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex && token.len() >= 32 {
        // A row of zeros is a placeholder.
        return entropy(token) > 1.5;
    }
    // Names join words; a random token changes between digits and letters, and from small to capital, all the time.
    let (mut changes, mut lower, mut upper, mut digits) = (0usize, 0usize, 0usize, 0usize);
    let mut last = b' ';
    for byte in token.bytes() {
        match byte {
            b'a'..=b'z' => lower += 1,
            b'A'..=b'Z' => upper += 1,
            b'0'..=b'9' => digits += 1,
            _ => {}
        }
        let digit_edge = last.is_ascii_digit() != byte.is_ascii_digit()
            && last.is_ascii_alphanumeric()
            && byte.is_ascii_alphanumeric();
        if digit_edge || last.is_ascii_lowercase() && byte.is_ascii_uppercase() {
            changes += 1;
        }
        last = byte;
    }
    let length = token.len();
    let changes_every = |percent: usize| changes * 100 >= length * percent;
    if lower > 0 && upper > 0 && digits > 0 && length >= 24 {
        let most = f64::from(u32::try_from(length).unwrap_or(u32::MAX)).log2();
        return changes_every(28) || changes_every(20) && entropy(token) >= (0.86 * most).min(4.5);
    }
    // Two kinds of characters only: longer, and as restless.
    length >= 32 && digits >= 4 && changes_every(20)
}

/// Bits for each character.
fn entropy(token: &str) -> f64 {
    let mut counts = [0u32; 256];
    for byte in token.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let length = f64::from(u32::try_from(token.len()).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / length)
        .map(|share| -share * share.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_tokens_are_masked() {
        for token in [
            "9f86d081884c7d659a2feaa0c55ad015",
            "wJalrXUtnFEMIK7MDENGbPxRfiCYzEXAMPL1KEY",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCY9q8Lm2Kp",
            "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6",
        ] {
            assert_eq!(mask(&format!("x {token} y")), format!("x {MASK} y"));
        }
    }

    #[test]
    fn names_paths_and_digests_stay() {
        for text in [
            "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683",
            "node@sha256:9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015",
            "supabase/migrations/20250613120000_0bb1fa9c-b4e9-4f51-a5b4-5ab2b1ed1a5f",
            "supabase/migrations/20240101123456_create_users_table_with_policies",
            "packages/Backend2/UserController/handleRequestWithRetry",
            "rev: 11bd71901bbe5b1630ceea73d27597364c9af683 # v6.0.0",
            "from fastapi.security import OAuth2PasswordRequestForm",
            "getServerSidePropsWithAuthentication2FA",
            "src/components/ui/AlertDialogContent",
            "ghcr-io-acme-platform-production-image",
            "THIS_IS_A_VERY_LONG_CONSTANT_NAME_V2",
        ] {
            assert_eq!(mask(text), text);
        }
    }
}
