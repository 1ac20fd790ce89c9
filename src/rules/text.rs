//! From characters of a decoded TOML string back to bytes of the file.

use std::ops::Range;

/// The bytes of `source` that hold the characters `chars` of the string whose token (with its quotes) is at `token`.
/// The whole token where the two can't be matched up.
pub(crate) fn bytes_of(source: &str, token: Range<usize>, chars: Range<usize>) -> Range<usize> {
    let Some(raw) = source.get(token.clone()) else { return token };
    let starts = character_starts(raw);
    match (starts.get(chars.start), starts.get(chars.end)) {
        (Some((start, _)), Some(_)) => {
            // The end is where the last character ends, which is not where the next begins if a line is continued.
            let end = match chars.end.checked_sub(1).filter(|last| *last >= chars.start) {
                Some(last) => starts.get(last).map_or(*start, |(_, end)| *end),
                None => *start,
            };
            token.start + start..token.start + end
        }
        _ => token,
    }
}

/// Where each decoded character starts and ends in the raw token, and an empty one for the end.
fn character_starts(raw: &str) -> Vec<(usize, usize)> {
    let (quotes, escapes) = match raw {
        _ if raw.starts_with("'''") => (3, false),
        _ if raw.starts_with("\"\"\"") => (3, true),
        _ if raw.starts_with('\'') => (1, false),
        _ if raw.starts_with('"') => (1, true),
        _ => (0, false),
    };
    let end = raw.len().saturating_sub(quotes);
    let mut at = quotes;
    if quotes == 3 {
        // The line break right after the opening quotes is no part of the string.
        at += ["\r\n", "\n"].iter().find(|line| raw[at..].starts_with(**line)).map_or(0, |line| line.len());
    }
    let mut starts = Vec::new();
    while at < end {
        let rest = &raw[at..end];
        let Some(first) = rest.chars().next() else { break };
        let length = match first {
            '\\' if escapes => match continued_line(rest) {
                Some(length) => {
                    at += length;
                    continue;
                }
                None => escape_length(rest),
            },
            other => other.len_utf8(),
        };
        starts.push((at, (at + length).min(end)));
        at += length;
    }
    starts.push((end, end));
    starts
}

/// The length of an escape sequence.
fn escape_length(rest: &str) -> usize {
    match rest.as_bytes().get(1) {
        Some(b'x') => 4,
        Some(b'u') => 6,
        Some(b'U') => 10,
        _ => 2,
    }
}

/// The length of a backslash at the end of a line and of all white space after it, which stand for nothing.
fn continued_line(rest: &str) -> Option<usize> {
    let after = &rest[1..];
    let line_end = after.find(|c: char| c != ' ' && c != '\t')?;
    if !after[line_end..].starts_with(['\n', '\r']) {
        return None;
    }
    let next = after.find(|c: char| !c.is_ascii_whitespace()).unwrap_or(after.len());
    Some(1 + next)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands at the first `needle` of the decoded string, as written in the file.
    fn found(source: &str, needle: &str) -> String {
        let (table, errors) = toml::de::DeTable::parse_recoverable(source);
        assert!(errors.is_empty(), "{errors:?}");
        let value = table.get_ref().get("k").unwrap();
        let text = value.get_ref().as_str().unwrap();
        let byte = text.find(needle).unwrap();
        let start = text[..byte].chars().count();
        let range = bytes_of(source, value.span(), start..start + needle.chars().count());
        source[range].to_owned()
    }

    #[test]
    fn every_kind_of_string() {
        assert_eq!(found("k = 'a.bc == d'", "bc"), "bc");
        assert_eq!(found("# é\nk = \"é.bc == d\"", "bc"), "bc");
        assert_eq!(found("k = '''\n  é\n  bc'''", "bc"), "bc");
        assert_eq!(found("k = '''\r\n  é\r\n  bc'''", "bc"), "bc");
        assert_eq!(found("k = \"\"\"\n  é\n  bc\"\"\"", "bc"), "bc");
        assert_eq!(found("k = '''bc'''", "bc"), "bc");
    }

    #[test]
    fn escapes_are_longer_in_the_file() {
        assert_eq!(found(r#"k = "a == \"x\" && bc""#, "bc"), "bc");
        assert_eq!(found(r#"k = "a == \"x\" && bc""#, "\"x\""), r#"\"x\""#);
        assert_eq!(found(r#"k = "\u00e9\U0001F600\t bc""#, "bc"), "bc");
        assert_eq!(found(r#"k = "\u00e9 bc""#, "é"), r"\u00e9");
        assert_eq!(found("k = \"\"\"one \\\n    bc two\"\"\"", "bc"), "bc");
        assert_eq!(found("k = \"\"\"one bc\\\n    two\"\"\"", "bc"), "bc");
    }

    #[test]
    fn a_range_outside_the_string_is_the_whole_token() {
        assert_eq!(bytes_of("k = 'ab'", 4..8, 1..9), 4..8);
        assert_eq!(bytes_of("k = 'ab'", 4..8, 2..2), 7..7);
    }
}
