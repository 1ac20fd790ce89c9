//! Base58: no `0`, `O`, `I` and `l`.

use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// The longest value that is decoded: decoding takes the square of the length.
const LONGEST: usize = 160;

/// Whether it has no other characters.
pub(super) fn is_base58(value: &[u8]) -> bool {
    value.iter().all(|byte| ALPHABET.contains(byte))
}

/// Whether the last four bytes are the beginning of the double SHA-256 of those before.
pub(super) fn is_checked(value: &[u8]) -> bool {
    let Some(bytes) = decode(value) else { return false };
    let Some((body, sum)) = bytes.split_last_chunk::<4>() else { return false };
    Sha256::digest(Sha256::digest(body)).starts_with(sum)
}

fn decode(value: &[u8]) -> Option<Vec<u8>> {
    if value.len() > LONGEST {
        return None;
    }
    // The lowest first.
    let mut bytes: Vec<u8> = Vec::new();
    for byte in value {
        let mut carry = ALPHABET.iter().position(|digit| digit == byte)? as u32;
        for byte in &mut bytes {
            carry += u32::from(*byte) * 58;
            *byte = (carry & 0xff) as u8;
            carry >>= 8;
        }
        while carry > 0 {
            bytes.push((carry & 0xff) as u8);
            carry >>= 8;
        }
    }
    bytes.extend(value.iter().take_while(|byte| **byte == b'1').map(|_| 0));
    bytes.reverse();
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_of_an_address() {
        // The address that was paid with the first block of Bitcoin.
        assert!(is_checked(b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"));
        assert!(!is_checked(b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"));
        assert!(!is_checked(b"0OIl"));
    }
}
