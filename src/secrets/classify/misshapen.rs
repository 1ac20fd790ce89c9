//! Values that say whose they are, and have not the shape that all of theirs have: cut off, or made up.

use super::super::generic::names::Words;
use super::super::generic::shape::shape;

/// Whether `value` can't be what it says that it is, by its prefix or by its name.
pub(in crate::secrets) fn is_misshapen(value: &[u8], words: &Words) -> bool {
    // "live_" and the number of the channel are a part of the key.
    let no_stream = words.has("twitch") && words.has("stream") && !value.starts_with(b"live_");
    no_stream
        || is_fingerprint(value, words)
        || is_no_vault_token(value, words)
        || is_no_aws_secret(value, words)
}

/// `GPG_KEY 0D96…`: with which key something is signed, and not that key.
fn is_fingerprint(value: &[u8], words: &Words) -> bool {
    let of_key = ["gpg", "pgp", "fingerprint", "keyid"].iter().any(|word| words.has(word));
    of_key && shape(value).hex && [8, 16, 32, 40, 64].contains(&value.len())
}

/// Tokens of HashiCorp Vault have 24 characters, or those of a signed record: more than 80. Before version 1.10 the prefix
/// was a letter. <https://developer.hashicorp.com/vault/docs/concepts/tokens>
fn is_no_vault_token(value: &[u8], words: &Words) -> bool {
    let prefix = match value {
        [b'h', b'v', b's' | b'b' | b'r', b'.', ..] => 4,
        [b's' | b'b' | b'r', b'.', ..] if words.has("vault") => 2,
        _ => return false,
    };
    // A namespace may follow: `s.<24>.<5>`.
    let own = value.get(prefix..).unwrap_or_default();
    !(own.len() == 24 || own.len() == 30 && own.get(24) == Some(&b'.') || own.len() >= 80)
}

/// Amazon's secrets are 40 characters of base64. Other stores of objects that are asked in the same way draw hexadecimal
/// digits, of as many bytes as a key has.
fn is_no_aws_secret(value: &[u8], words: &Words) -> bool {
    words.has("aws") && words.has("secret") && shape(value).hex && ![32, 40, 64].contains(&value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_whose_it_is_has_the_shape_of_theirs() {
        let drawn = "Zb4TMtngfLeQ18AqVoBBkUAO";
        for (value, name, misshapen) in [
            (format!("hvs.{drawn}"), "apikey", false),
            (format!("hvs.{drawn}c7Kq9"), "apikey", true),
            (format!("hvs.{}", drawn.repeat(4)), "apikey", false),
            (format!("s.{drawn}"), "VAULT_TOKEN", false),
            (format!("s.{drawn}.a8Fq2"), "VAULT_TOKEN", false),
            (format!("s.{drawn}D1"), "VAULT_TOKEN", true),
            (format!("s.{drawn}D1"), "OTHER_TOKEN", false),
            ("5e".repeat(21), "AWS_SECRET_ACCESS_KEY", true),
            ("5e".repeat(32), "AWS_SECRET_ACCESS_KEY", false),
            (format!("{drawn}k7Wp1Ym6"), "AWS_SECRET_ACCESS_KEY", false),
            (format!("12345678_{drawn}"), "TWITCH_STREAM_KEY", true),
            ("0D96".repeat(10), "GPG_KEY", true),
            ("0D96".repeat(10), "SIGNING_TOKEN", false),
            (format!("live_12345678_{drawn}"), "TWITCH_STREAM_KEY", false),
        ] {
            assert_eq!(
                is_misshapen(value.as_bytes(), &Words::of(name.as_bytes())),
                misshapen,
                "{name}={value}"
            );
        }
    }
}
