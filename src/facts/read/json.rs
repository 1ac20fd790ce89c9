//! Help for readers of JSON: comments and trailing commas, and the lines of keys.

use std::collections::HashMap;

/// The text with comments and trailing commas blanked out, so that offsets and lines stay the same.
pub fn strict(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    let mut comma: Option<usize> = None;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                comma = None;
                at = string_end(&bytes, at);
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                let end = bytes.iter().skip(at).position(|b| *b == b'\n').map_or(bytes.len(), |n| at + n);
                blank(&mut bytes, at, end);
                at = end;
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let rest = bytes.get(at + 2..).unwrap_or(&[]);
                let end = memchr::memmem::find(rest, b"*/").map_or(bytes.len(), |n| at + 2 + n + 2);
                blank(&mut bytes, at, end);
                at = end;
                continue;
            }
            b',' => comma = Some(at),
            b'}' | b']' => {
                if let Some(slot) = comma.and_then(|c| bytes.get_mut(c)) {
                    *slot = b' ';
                }
                comma = None;
            }
            b if b.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        at += 1;
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn blank(bytes: &mut [u8], from: usize, to: usize) {
    for byte in bytes.iter_mut().take(to).skip(from).filter(|b| **b != b'\n') {
        *byte = b' ';
    }
}

/// The offset behind the string that starts at `at`.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The lines of the keys of a JSON text, down to the third level of objects.
#[derive(Default)]
pub struct KeyLines(HashMap<Vec<String>, u32>);

impl KeyLines {
    /// Walks `text`, which should be valid JSON without comments; of anything else it finds what it can.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut lines = HashMap::new();
        // For each open bracket: whether it is an object, and the last key seen in it.
        let mut open: Vec<(bool, String)> = Vec::new();
        let (mut at, mut line) = (0, 1u32);
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\n' => line += 1,
                b'{' | b'[' => open.push((byte == b'{', String::new())),
                b'}' | b']' => {
                    open.pop();
                }
                b'"' => {
                    let end = string_end(bytes, at);
                    let after = bytes.iter().skip(end).find(|b| !b.is_ascii_whitespace());
                    if after == Some(&b':')
                        && open.len() <= 3
                        && let Some((true, key)) = open.last_mut()
                    {
                        let raw = text.get(at..end).unwrap_or("");
                        *key = serde_json::from_str(raw).unwrap_or_default();
                        lines.entry(open.iter().map(|(_, k)| k.clone()).collect()).or_insert(line);
                    }
                    at = end;
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        Self(lines)
    }

    /// The line of the key at this path; 0 if it is not there.
    pub fn line(&self, path: &[&str]) -> u32 {
        let path: Vec<String> = path.iter().map(|p| (*p).to_owned()).collect();
        self.0.get(&path).copied().unwrap_or(0)
    }
}

/// The line of a byte offset, counted from 1.
pub fn line_at(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().get(..offset.min(text.len())).unwrap_or(&[]);
    u32::try_from(memchr::memchr_iter(b'\n', before).count()).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_trailing_commas_go_and_lines_stay() {
        let text = "{\n  // one \"é\n  \"a\": \"// not a comment\", /* two\n */\n  \"b\": [1, 2,],\n}\n";
        let value: serde_json::Value = serde_json::from_str(&strict(text)).expect("strict JSON");
        assert_eq!(value, serde_json::json!({"a": "// not a comment", "b": [1, 2]}));
        assert_eq!(strict(text).matches('\n').count(), text.matches('\n').count());
    }

    #[test]
    fn lines_of_keys() {
        let lines = KeyLines::new(
            "{\n \"name\": \"dependencies\",\n \"dependencies\": {\n  \"react\":\n \"^1\", \"next\": \"1\"\n }\n}",
        );
        assert_eq!(lines.line(&["dependencies"]), 3);
        assert_eq!(lines.line(&["dependencies", "react"]), 4);
        assert_eq!(lines.line(&["dependencies", "next"]), 5);
        assert_eq!(lines.line(&["scripts", "dev"]), 0);
    }
}
