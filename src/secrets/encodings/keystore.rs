//! Files that hold private keys in a binary form, told by their first bytes.

use crate::secrets::candidate::Candidate;
use crate::secrets::formats::format_named;
use crate::secrets::model::Searched;

/// The keystore that a whole file is. Its fingerprint is that of all its bytes.
pub(in crate::secrets) fn keystore(text: &Searched<'_>) -> Option<Candidate> {
    let id = kind(text.bytes)?;
    let mut candidate = Candidate::new(format_named(id)?, 0..text.bytes.len());
    candidate.decoded = Some(text.bytes.to_vec());
    Some(candidate)
}

fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        // Java: JKS and JCEKS, version 2, with at least one entry.
        [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, ..] | [0xce, 0xce, 0xce, 0xce, 0, 0, 0, 2, ..] => {
            Some("java-keystore")
        }
        // PKCS#12: a sequence whose first element is the number 3.
        [0x30, 0x82, _, _, 0x02, 0x01, 0x03, ..] | [0x30, 0x80, 0x02, 0x01, 0x03, ..] => {
            Some("pkcs12-keystore")
        }
        // PKCS#8 and PKCS#1 in DER: number 0, then an algorithm or a modulus.
        [0x30, 0x82, _, _, 0x02, 0x01, 0x00, 0x30 | 0x02, ..] => Some("private-key-der"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keystores_are_told_by_their_first_bytes() {
        assert_eq!(kind(&[0x30, 0x82, 9, 9, 2, 1, 3, 0x30]), Some("pkcs12-keystore"));
        assert_eq!(kind(&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0]), Some("java-keystore"));
        // A certificate: a sequence of a sequence.
        assert_eq!(kind(&[0x30, 0x82, 9, 9, 0x30, 0x82, 1, 1]), None);
    }
}
