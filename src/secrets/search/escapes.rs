//! Text inside text: escapes of strings, addresses and markup, and strings that are put together of pieces.

/// A copy of a part of a text without escapes, and where each of its bytes stands in the part.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::secrets) struct Plain {
    pub bytes: Vec<u8>,
    /// For each byte of the copy, and for its end, where it begins in the original.
    pub at: Vec<usize>,
}

/// Spaces and operators between two pieces of a string are no longer than this.
const BETWEEN: usize = 96;

/// The part without escapes; `None` if it has none.
pub(in crate::secrets) fn plain(part: &[u8]) -> Option<Plain> {
    let first = part.iter().enumerate().find(|(at, byte)| {
        matches!(byte, b'\\' | b'%' | b'&' | b'"' | b'\'' | b'`')
            && step(part.get(*at..).unwrap_or_default()).is_some()
    });
    let mut at = first?.0;
    let mut plain = Plain { bytes: part.get(..at)?.to_vec(), at: (0..at).collect() };
    while let Some(byte) = part.get(at) {
        let (byte, length) = step(part.get(at..).unwrap_or_default()).unwrap_or((Some(*byte), 1));
        if let Some(byte) = byte {
            plain.bytes.push(byte);
            plain.at.push(at);
        }
        at += length;
    }
    plain.at.push(part.len());
    Some(plain)
}

/// The escape at the beginning: what it stands for, if anything, and its length.
fn step(rest: &[u8]) -> Step {
    match rest.first()? {
        b'\\' => backslash(rest),
        b'%' => percent(rest),
        b'&' => entity(rest),
        b'"' | b'\'' | b'`' => join(rest).map(|length| (None, length)),
        _ => None,
    }
}

type Step = Option<(Option<u8>, usize)>;

/// `\n`, `\"`, `\u0026`, `\x26`, however often the backslash itself was escaped.
fn backslash(rest: &[u8]) -> Step {
    let slashes = rest.iter().take(8).take_while(|byte| **byte == b'\\').count();
    let byte = match rest.get(slashes)? {
        b'n' | b'r' => b'\n',
        b't' => b'\t',
        quote @ (b'"' | b'\'' | b'/' | b'`' | b'=' | b':' | b'$') => *quote,
        b'u' => return hex(rest.get(slashes + 1..slashes + 5)?).map(|byte| (Some(byte), slashes + 5)),
        b'x' => return hex(rest.get(slashes + 1..slashes + 3)?).map(|byte| (Some(byte), slashes + 3)),
        // The line goes on.
        b'\n' => return Some((None, slashes + 1)),
        _ => return None,
    };
    Some((Some(byte), slashes + 1))
}

fn percent(rest: &[u8]) -> Step {
    hex(rest.get(1..3)?).map(|byte| (Some(byte), 3))
}

fn entity(rest: &[u8]) -> Step {
    const ENTITIES: &[(&[u8], u8)] = &[
        (b"&amp;", b'&'),
        (b"&quot;", b'"'),
        (b"&lt;", b'<'),
        (b"&gt;", b'>'),
        (b"&#39;", b'\''),
        (b"&#34;", b'"'),
        (b"&#x27;", b'\''),
        (b"&#x2F;", b'/'),
    ];
    ENTITIES
        .iter()
        .find(|(entity, _)| rest.starts_with(entity))
        .map(|(entity, byte)| (Some(*byte), entity.len()))
}

/// Between two pieces of a string: `" + "`, `' . '`, or only a new line.
fn join(rest: &[u8]) -> Option<usize> {
    let quote = rest.first()?;
    let between = rest.get(1..rest.len().min(BETWEEN)).unwrap_or_default();
    let length = between
        .iter()
        .position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'+' | b'.' | b'\\'))?;
    let joins = between.get(..length)?;
    let operators = joins.iter().filter(|byte| b"+.".contains(byte)).count();
    let is_join = operators == 1 || operators == 0 && joins.contains(&b'\n');
    // What follows opens a string, with the same quote or a prefix of one.
    (is_join && between.get(length)? == quote).then_some(length + 2)
}

/// A visible ASCII character or a line end.
fn hex(digits: &[u8]) -> Option<u8> {
    let text =
        std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let code = u16::from_str_radix(text, 16).ok()?;
    u8::try_from(code).ok().filter(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        plain(text.as_bytes()).map(|plain| String::from_utf8(plain.bytes).unwrap())
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(of(r#"A=1\nB=\"x\u0026y\" \\nC \/"#).as_deref(), Some("A=1\nB=\"x&y\" \nC /"));
        assert_eq!(of("u%3Ap%40h&amp;&quot;").as_deref(), Some("u:p@h&\""));
        assert_eq!(of("a = \"b\", 'c'. 100% of \\d & more"), None);
    }

    #[test]
    fn strings_are_put_together() {
        assert_eq!(of("\"ab\" + \"cd\"").as_deref(), Some("\"abcd\""));
        assert_eq!(of("'ab' .\n  'cd'").as_deref(), Some("'abcd'"));
        assert_eq!(of("(\"ab\"\n    \"cd\")").as_deref(), Some("(\"abcd\")"));
        assert_eq!(of("[\"ab\", \"cd\"]\n"), None);
    }

    #[test]
    fn each_byte_keeps_its_place() {
        let found = plain(br"a\nb%20c").unwrap();
        assert_eq!(found.bytes, b"a\nb c");
        assert_eq!(found.at, [0, 1, 3, 4, 7, 8]);
    }
}
