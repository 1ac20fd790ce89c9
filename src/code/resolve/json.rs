//! JSON as configurations are written: with comments and trailing commas.

use serde_json::Value;

/// The value, or `Null` where it can't be read.
pub(super) fn read(text: &str) -> Value {
    serde_json::from_slice(&plain(text)).unwrap_or(Value::Null)
}

/// Comments and trailing commas become spaces.
fn plain(text: &str) -> Vec<u8> {
    let text = text.trim_start_matches('\u{feff}').as_bytes();
    let mut out = Vec::with_capacity(text.len());
    // Where the last comma stands after which nothing but spaces and comments came.
    let mut comma: Option<usize> = None;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let end = match (byte, text.get(at + 1)) {
            (b'"', _) => after_string(text, at),
            (b'/', Some(b'/')) => {
                at += memchr::memchr(b'\n', &text[at..]).unwrap_or(text.len() - at);
                continue;
            }
            (b'/', Some(b'*')) => {
                at += memchr::memmem::find(&text[at + 2..], b"*/").map_or(text.len() - at, |len| len + 4);
                continue;
            }
            _ => at + 1,
        };
        match byte {
            b']' | b'}' => {
                if let Some(place) = comma.take() {
                    out[place] = b' ';
                }
            }
            b',' => comma = Some(out.len()),
            _ if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        out.extend_from_slice(&text[at..end]);
        at = end;
    }
    out
}

/// The place after the string that begins at `start`.
fn after_string(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn comments_and_trailing_commas_are_no_harm() {
        let value = read("\u{feff}{ // one\n \"a\": [1, /* two */ 2, // three\n ],\n \"b\": \"//,}\", }\n");
        assert_eq!(value, serde_json::json!({"a": [1, 2], "b": "//,}"}));
    }

    #[test]
    fn what_is_cut_off_is_nothing() {
        for text in ["{ \"a", "/*", "{ \"a\\", "//", "{,", ""] {
            assert!(read(text).is_null(), "{text}");
        }
    }
}
