//! Private keys in PEM: what stands between `-----BEGIN` and `-----END`.

use std::ops::Range;

use crate::secrets::candidate::Candidate;
use crate::secrets::model::Audience;

use super::{decide, decode, tell};

/// No key is longer.
const LONGEST: usize = 32_768;

/// The fewest characters of base64: an Ed25519 key has 64.
const SHORTEST: usize = 56;

/// Whether a body follows. The candidate then reaches to the end of the block, and its value is the body alone, however it
/// is wrapped.
pub(super) fn read(candidate: &mut Candidate, text: &[u8]) -> bool {
    let limit = text.len().min(candidate.at.end + LONGEST);
    let Some(rest) = text.get(candidate.at.end..limit) else { return false };
    let header = String::from_utf8_lossy(&candidate.value(text)).into_owned();
    let block = block(rest);
    if block.body.len() < SHORTEST {
        // Code that cuts the markers off, or shows where a key is to be put.
        return false;
    }
    let start = candidate.at.start;
    candidate.at = start..candidate.at.end + block.length;
    let decoded = decode(&block.body).or_else(|| {
        // A body that was cut off between characters of one group.
        decode(block.body.get(..block.body.len() / 4 * 4).unwrap_or_default())
    });
    let is_locked =
        block.locked || header.contains("ENCRYPTED") || decoded.as_deref().is_some_and(is_locked_openssh);
    if is_locked {
        tell(candidate, "protected by a passphrase");
    }
    let bytes = decoded.unwrap_or_default();
    if block.cut || bytes.len() < 32 || !is_random(&bytes) {
        decide(candidate, Audience::Placeholder, "the key is cut off or made up");
    }
    candidate.decoded = Some(block.body);
    true
}

/// Whether the JSON around a key says whose it is.
pub(super) fn is_of_service_account(candidate: &mut Candidate, text: &[u8]) -> bool {
    const AROUND: usize = 4_096;
    let around = candidate.at.start.saturating_sub(AROUND)..text.len().min(candidate.at.end + AROUND);
    let around = text.get(around).unwrap_or_default();
    let Some(at) = memchr::memmem::find(around, b"client_email") else { return false };
    let after = around.get(at + 12..around.len().min(at + 160)).unwrap_or_default();
    let after = String::from_utf8_lossy(after);
    let email = after.split(['"', '\'', '\\']).find(|part| part.contains('@')).and_then(super::word);
    if let Some(email) = email {
        tell(candidate, &format!("of {email}"));
    }
    true
}

#[derive(Debug, Default)]
struct Block {
    /// The base64.
    body: Vec<u8>,
    /// So far behind the first marker the block reaches.
    length: usize,
    /// Whether it ends in dots or something else that is no base64, without a marker.
    cut: bool,
    /// Whether a line says that it is encrypted.
    locked: bool,
}

/// Takes the base64 out of what follows the first marker: over line ends, escaped line ends, quotes, operators and marks of
/// comments, until the second.
fn block(rest: &[u8]) -> Block {
    let mut block = Block::default();
    let mut at = 0;
    while let Some(byte) = rest.get(at) {
        let after = rest.get(at..).unwrap_or_default();
        match byte {
            b'-' if after.starts_with(b"-----") => {
                block.length = at + end_marker(after);
                return block;
            }
            b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b'`' | b',' | b'>' | b'|' | b'#' | b'*' | b'<'
            | b'(' | b')' => at += 1,
            b'\\' => at += escape(after),
            // `" + "`, and `//` before a line of a comment.
            b'+' | b'/' if is_alone(rest, at) => at += 1,
            _ if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=') => {
                let length = after.iter().position(|b| !is_base64(*b)).unwrap_or(after.len());
                if let Some(header) = header_line(after, length) {
                    block.locked |= after.get(..header.end).is_some_and(|line| {
                        memchr::memmem::find(line, b"ENCRYPTED").is_some() || line.starts_with(b"DEK-Info")
                    });
                    at += header.end;
                    continue;
                }
                block.body.extend_from_slice(after.get(..length).unwrap_or_default());
                at += length;
                block.length = at;
                // A quote or a line that ends what is no block: `"…"` followed by other text.
                if ends_early(rest.get(at..).unwrap_or_default()) {
                    return block;
                }
            }
            _ => {
                block.cut = true;
                return block;
            }
        }
    }
    block
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// `Proc-Type: 4,ENCRYPTED`, `Comment: x`: up to the end of its line.
fn header_line(after: &[u8], word: usize) -> Option<Range<usize>> {
    let name = after.iter().take(24).position(|byte| *byte == b':')?;
    let is_name = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'-';
    if word > name || !after.get(..name)?.iter().all(is_name) || after.get(name + 1) != Some(&b' ') {
        return None;
    }
    let line = after.iter().take(200).position(|byte| matches!(byte, b'\n' | b'\\')).unwrap_or(name + 2);
    Some(0..line)
}

/// `\n`, `\\n`, `\` at the end of a line.
fn escape(after: &[u8]) -> usize {
    let slashes = after.iter().take_while(|byte| **byte == b'\\').count();
    slashes + usize::from(after.get(slashes).is_some_and(|byte| matches!(byte, b'n' | b'r' | b't')))
}

/// Whether a `+` or `/` stands between spaces or quotes, and not in base64.
fn is_alone(rest: &[u8], at: usize) -> bool {
    let is_apart =
        |byte: Option<&u8>| byte.is_none_or(|byte| !is_base64(*byte) || matches!(byte, b'+' | b'/'));
    let before = at.checked_sub(1).and_then(|at| rest.get(at));
    is_apart(before) && is_apart(rest.get(at + 1))
}

/// Whether a string ends here and no other piece of it follows.
fn ends_early(after: &[u8]) -> bool {
    let Some(quote) = after.first().filter(|byte| matches!(byte, b'"' | b'\'' | b'`')) else { return false };
    let next =
        after.iter().skip(1).take(200).find(|byte| !byte.is_ascii_whitespace() && !b"+,.\\".contains(byte));
    next.is_none_or(|next| next != quote)
}

/// The length of `-----END … KEY-----`.
fn end_marker(after: &[u8]) -> usize {
    let inner = after.get(5..after.len().min(80)).unwrap_or_default();
    if !inner.starts_with(b"END") {
        return 0;
    }
    memchr::memmem::find(inner, b"-----").map_or(0, |at| at + 10)
}

/// An OpenSSH key says what it is encrypted with.
fn is_locked_openssh(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b"openssh-key-v1\0") else { return false };
    rest.get(4..8) != Some(b"none")
}

/// Whether the bytes are those of a key: many different ones.
fn is_random(bytes: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in bytes {
        if let Some(seen) = seen.get_mut(usize::from(*byte)) {
            *seen = true;
        }
    }
    let different = seen.iter().filter(|seen| **seen).count();
    different * 3 >= bytes.len().min(150)
}

#[cfg(test)]
mod tests {
    use super::super::tests::candidate;
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    fn begin() -> String {
        format!("-----BEGIN {}-----", "PRIVATE KEY")
    }

    fn end() -> String {
        begin().replace("BEGIN", "END")
    }

    fn body() -> String {
        let bytes: Vec<u8> = (0..150u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        STANDARD.encode(bytes)
    }

    fn told(text: &str) -> Option<Candidate> {
        let mut candidate = candidate(text.as_bytes());
        candidate.at = 0..begin().len();
        read(&mut candidate, text.as_bytes()).then_some(candidate)
    }

    #[test]
    fn however_it_is_wrapped_the_value_is_the_body() {
        let body = body();
        let lines: Vec<&str> =
            body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let (begin, end) = (begin(), end());
        for text in [
            format!("{begin}\n{}\n{end}\n", lines.join("\n")),
            format!("{begin}\r\n{}\r\n{end}\r\n", lines.join("\r\n")),
            format!("{begin}\\n{}\\n{end}\\n\"", lines.join("\\n")),
            format!("{begin}\\\\n{}\\\\n{end}", lines.join("\\\\n")),
            format!("{begin}\\n\" +\n  \"{}\\n\" +\n  \"{end}\"", lines.join("\\n\" +\n  \"")),
            format!("{begin}\n    {}\n    {end}", lines.join("\n    ")),
            format!("{begin} {} {end}", lines.join(" ")),
            format!("{begin}\n# {}\n# {end}", lines.join("\n# ")),
        ] {
            let candidate = told(&text).unwrap();
            assert_eq!(candidate.decoded.as_deref(), Some(body.as_bytes()), "{text}");
            assert!(text[candidate.at.clone()].ends_with(&end), "{text}");
            assert_eq!(candidate.audience, None, "{text}");
        }
    }

    #[test]
    fn markers_alone_are_no_key() {
        assert!(told(&format!("{}\", \"\").replace(\"{}\", \"\")", begin(), end())).is_none());
        assert!(told(&format!("{}\nMIIE...\n{}", begin(), end())).is_none());
        assert!(told(&begin()).is_none());
    }

    #[test]
    fn a_body_that_is_cut_off_is_a_placeholder() {
        let cut = format!("{}\n{}...\n{}", begin(), &body()[..64], end());
        assert_eq!(told(&cut).unwrap().audience, Some(Audience::Placeholder));
        let same = format!("{}\n{}\n{}", begin(), "AAAA".repeat(40), end());
        assert_eq!(told(&same).unwrap().audience, Some(Audience::Placeholder));
    }

    #[test]
    fn a_passphrase_is_told() {
        let locked =
            format!("{}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n{}\n{}", begin(), body(), end());
        assert_eq!(told(&locked).unwrap().detail, "protected by a passphrase");
    }
}
