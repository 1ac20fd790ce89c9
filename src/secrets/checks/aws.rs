//! AWS key ids: the account is a part of them.

use crate::secrets::candidate::Candidate;
use crate::secrets::model::Audience;

use super::{decide, tell};

/// Accounts of canary tokens: keys that are left lying about so that whoever tries one is noticed.
/// <https://trufflesecurity.com/blog/canaries>
const CANARIES: &[&str] = &[
    "052310077262",
    "171436882533",
    "534261010715",
    "595918472158",
    "717712589309",
    "819147034852",
    "992382622183",
    "730335385048",
    "266735846894",
    "893192397702",
];

/// Says the account. The ids of AWS's own manual end in EXAMPLE.
pub(super) fn account(candidate: &mut Candidate, text: &[u8]) -> bool {
    let value = candidate.value(text).into_owned();
    if value.ends_with(b"EXAMPLE") || value.ends_with(b"EXAMPL2") {
        decide(candidate, Audience::Placeholder, "it is the example of AWS's manual");
        return true;
    }
    // Keys of before 2019 say none.
    let Some(account) = value.get(4..).and_then(account_of) else { return true };
    tell(candidate, &format!("account {account}"));
    if CANARIES.contains(&account.as_str()) {
        decide(
            candidate,
            Audience::Placeholder,
            "it is a canary: it opens nothing, and using it raises an alarm",
        );
    }
    true
}

/// The first 41 of 48 bits after the first are the account.
/// <https://awsteele.com/blog/2020/09/26/aws-access-key-format.html>
fn account_of(body: &[u8]) -> Option<String> {
    let mut bits = 0u64;
    // Ten characters of five bits: more than the 48 that count.
    for byte in body.get(..10)? {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'2'..=b'7' => byte - b'2' + 26,
            _ => return None,
        };
        bits = bits << 5 | u64::from(digit);
    }
    let account = (bits >> 2 & 0x7fff_ffff_ff80) >> 7;
    (account < 1_000_000_000_000).then(|| format!("{account:012}"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::candidate;
    use super::*;

    #[test]
    fn the_account_is_read_from_the_id() {
        // The example of the page that describes the format.
        assert_eq!(account_of(b"QYYY").as_deref(), None);
        assert_eq!(account_of(b"SP2TPHJSQH3FJXYZ").as_deref(), Some("171436882533"));
        // Zeros, and the highest that 41 bits can say, which is no account.
        assert_eq!(account_of(b"AAAAAAAAAAAAAAAA").as_deref(), Some("000000000000"));
        assert_eq!(account_of(b"P777777777777777"), None);
    }

    #[test]
    fn the_manuals_own_id_is_a_placeholder() {
        let text = format!("AKIA{}EXAMPLE", "IOSFODNN7");
        let mut candidate = candidate(text.as_bytes());
        assert!(account(&mut candidate, text.as_bytes()));
        assert_eq!(candidate.audience, Some(Audience::Placeholder));
    }
}
