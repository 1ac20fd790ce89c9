//! What stands around a value: the name that it is assigned to, and how.

use std::ops::Range;

use super::generic::shape::contains;

/// What stands around a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Around<'a> {
    /// The name that it is assigned to, as written; `""` without one.
    pub variable: &'a str,
    /// Whether it is what code falls back to when a setting is missing.
    pub fallback: bool,
    /// Whether it stands in quotes.
    pub quoted: bool,
    /// Whether it stands in a comment.
    pub comment: bool,
    /// Its line, or as much of it as is near.
    pub line: Range<usize>,
}

/// How much of a line is looked at, on each side.
const NEAR: usize = 512;

/// What stands around `value`. Looks at no more than a kilobyte, however long the line.
pub(super) fn around<'a>(text: &'a [u8], value: Range<usize>, path: &str) -> Around<'a> {
    let line = line(text, &value);
    let before = text.get(line.start..value.start).unwrap_or_default();
    let comment = is_comment(before, path);
    let quoted = matches!(before.last(), Some(b'"' | b'\'' | b'`'));
    let earliest = value.start.saturating_sub(NEAR);
    let (name, fallback) = name_before(text, earliest, value.start);
    let variable = name
        .and_then(|name| text.get(name))
        .and_then(|name| std::str::from_utf8(name).ok())
        .unwrap_or_default();
    Around { variable, fallback, quoted, comment, line }
}

/// The line of `value`, cut at [`NEAR`] bytes from it.
fn line(text: &[u8], value: &Range<usize>) -> Range<usize> {
    let earliest = value.start.saturating_sub(NEAR);
    let before = text.get(earliest..value.start).unwrap_or_default();
    let start = memchr::memrchr(b'\n', before).map_or(earliest, |at| earliest + at + 1);
    let latest = text.len().min(value.end + NEAR);
    let after = text.get(value.end..latest).unwrap_or_default();
    let end = memchr::memchr(b'\n', after).map_or(latest, |at| value.end + at);
    start..end
}

fn is_comment(before: &[u8], path: &str) -> bool {
    let start = before.trim_ascii_start();
    let marked = [&b"//"[..], b"/*", b"* ", b"<!--", b"--", b"{/*", b"REM ", b"rem "]
        .iter()
        .any(|mark| start.starts_with(mark));
    let markdown = path.ends_with(".md") || path.ends_with(".mdx");
    let hash = !markdown
        && (start.starts_with(b"#") || contains(before, b" # "))
        && !start.starts_with(b"#define")
        && !start.starts_with(b"#[");
    marked && !start.starts_with(b"---") || hash || contains(before, b" // ") || contains(before, b"\t// ")
}

/// The name before `at`, and whether the value is what its lookup falls back to.
fn name_before(text: &[u8], earliest: usize, at: usize) -> (Option<Range<usize>>, bool) {
    let mut at = at;
    // Each turn steps over what wraps a value: quotes, schemes, calls, lookups.
    for _ in 0..6 {
        at = back_over(text, earliest, at, |b| {
            b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'`' | b'\\' | b'[' | b'>' | b'*')
        });
        let before = text.get(earliest..at).unwrap_or_default();
        if let Some(scheme) = [&b"Bearer"[..], b"bearer", b"Basic", b"basic", b"Token", b"token", b"Bot"]
            .into_iter()
            .find(|scheme| before.ends_with(scheme))
        {
            let next = at - scheme.len();
            // `"Authorization: Bearer …"`, but `token=…` is a name.
            if text.get(at) == Some(&b' ') {
                at = next;
                continue;
            }
        }
        let cut =
            [&b"||="[..], b"??=", b"||", b"??", b"?:", b":-", b" or", b"default:", b"default=", b"default("]
                .into_iter()
                .find(|sign| before.ends_with(sign));
        if let Some(sign) = cut {
            at -= sign.len();
            at = back_over(text, earliest, at, |b| {
                b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b')' | b']' | b'!' | b'?')
            });
            let found = identifier(text, earliest, at);
            let word = found.clone().and_then(|name| text.get(name)).unwrap_or_default();
            if !is_method(word) && found.is_some() {
                return (found, true);
            }
            return (assigned_before(text, earliest, at), true);
        }
        match before.last() {
            Some(b'=' | b':') => {
                at = back_over(text, earliest, at, |b| matches!(b, b'=' | b':' | b'!' | b'?' | b'+'));
                at = back_over(text, earliest, at, |b| {
                    b.is_ascii_whitespace()
                        || matches!(b, b'"' | b'\'' | b'`' | b'\\' | b']' | b')' | b'*' | b'?' | b'!')
                });
                let found = identifier(text, earliest, at);
                let word = found.clone().and_then(|name| text.get(name)).unwrap_or_default();
                if is_method(word) || word.eq_ignore_ascii_case(b"val") {
                    return (named_before(text, earliest, at).or(found), false);
                }
                return (typed_before(text, earliest, &found).or(found), false);
            }
            Some(b',') => {
                at = back_over(text, earliest, at, |b| b.is_ascii_whitespace() || b == b',');
                if !matches!(text.get(at.saturating_sub(1)), Some(b'"' | b'\'' | b'`')) {
                    return (assigned_before(text, earliest, at), false);
                }
                let end = at - 1;
                let found = identifier(text, earliest, end);
                let lookup = text
                    .get(found.as_ref().map_or(at, |name| name.start).saturating_sub(24)..at)
                    .unwrap_or_default();
                let gets =
                    [&b"env"[..], b"ENV", b"get(", b"fetch("].iter().any(|word| contains(lookup, word))
                        && !contains(lookup, b"set");
                return (found, gets);
            }
            Some(b'(') => {
                let end = at - 1;
                let Some(callee) = identifier(text, earliest, end) else { return (None, false) };
                let word = text.get(callee.clone()).unwrap_or_default();
                let method = matches!(
                    callee.start.checked_sub(1).and_then(|before| text.get(before)),
                    Some(b'.' | b'>')
                );
                let named = || super::generic::names::sort(&super::generic::names::Words::of(word)).is_some();
                if word.starts_with(b"set") && word.len() > 3 || method && named() {
                    return (Some(callee), false);
                }
                at = back_over(text, earliest, callee.start, |b| {
                    b.is_ascii_alphanumeric() || matches!(b, b'.' | b':' | b'_' | b' ')
                });
                if matches!(text.get(at.wrapping_sub(1)), Some(b'=' | b':' | b'(' | b'|' | b'?' | b',')) {
                    continue;
                }
                return (None, false);
            }
            Some(b) if b.is_ascii_alphanumeric() || *b == b'_' => {
                // `--token value`, `PASSWORD 'value'`, `password is "value"`.
                let found = identifier(text, earliest, at);
                let word = found.clone().and_then(|name| text.get(name)).unwrap_or_default();
                if [&b"is"[..], b"to", b"TO", b"as", b"was"].contains(&word) {
                    at = found.map_or(at, |name| name.start);
                    continue;
                }
                return (found, false);
            }
            _ => return (None, false),
        }
    }
    (None, false)
}

fn back_over(text: &[u8], earliest: usize, mut at: usize, skip: impl Fn(u8) -> bool) -> usize {
    while at > earliest && text.get(at - 1).is_some_and(|b| skip(*b)) {
        at -= 1;
    }
    at
}

/// The name that ends at `end`.
fn identifier(text: &[u8], earliest: usize, end: usize) -> Option<Range<usize>> {
    let start = back_over(text, earliest, end, |b| {
        b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'$') || b >= 0x80
    });
    let start = start + text.get(start..end)?.iter().take_while(|b| matches!(b, b'-' | b'$')).count();
    let named = text.get(start..end)?.iter().any(u8::is_ascii_alphabetic);
    (named && end - start <= 100).then_some(start..end)
}

/// Words that say no more than that a value follows.
fn is_method(word: &[u8]) -> bool {
    [
        &b"default"[..],
        b"value",
        b"Value",
        b"or",
        b"default_value",
        b"defaultValue",
        b"initialValue",
        b"content",
        b"Default",
        b"unwrap_or",
        b"get",
    ]
    .contains(&word)
}

/// `name: type = `: the name, if what was found is its type.
fn typed_before(text: &[u8], earliest: usize, found: &Option<Range<usize>>) -> Option<Range<usize>> {
    let found = found.as_ref()?;
    let at = back_over(text, earliest, found.start, |b| {
        b.is_ascii_alphanumeric() || matches!(b, b' ' | b'<' | b'[' | b'|' | b'&' | b'\'' | b'.')
    });
    let word = text.get(found.clone())?;
    let is_type = [
        &b"string"[..],
        b"String",
        b"str",
        b"bytes",
        b"SecretStr",
        b"any",
        b"Secret",
        b"static",
        b"Final",
        b"const",
        b"char",
    ]
    .contains(&word);
    if !is_type {
        return None;
    }
    if at.checked_sub(1).and_then(|before| text.get(before)) == Some(&b':') {
        let at = back_over(text, earliest, at - 1, |b| matches!(b, b'?' | b' '));
        return identifier(text, earliest, at);
    }
    // Go: `const name string = `.
    let at = back_over(text, earliest, found.start, |b| b == b' ');
    identifier(text, earliest, at)
}

/// The key of the field, or the variable, whose expression is before `at`.
fn assigned_before(text: &[u8], earliest: usize, at: usize) -> Option<Range<usize>> {
    let before = text.get(earliest..at)?;
    let start = before.iter().rposition(|b| matches!(b, b'\n' | b';' | b'{')).map_or(0, |at| at + 1);
    let statement = before.get(start..)?;
    let sign = statement.iter().position(|b| matches!(b, b'=' | b':'))?;
    let end = back_over(text, earliest, earliest + start + sign, |b| {
        b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'?' | b':')
    });
    identifier(text, earliest, end)
}

/// `name: NAME, value:`: what the pair names.
fn named_before(text: &[u8], earliest: usize, at: usize) -> Option<Range<usize>> {
    let before = text.get(earliest..at)?;
    for key in [&b"name"[..], b"key", b"Name", b"Key", b"variable"] {
        let Some(found) = memchr::memmem::rfind(before, key) else { continue };
        let mut start = found + key.len();
        while before.get(start).is_some_and(|b| {
            b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b':' | b'=' | b'>' | b'\\')
        }) {
            start += 1;
        }
        let length = before
            .get(start..)?
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
            .count();
        if length > 0 {
            return Some(earliest + start..earliest + start + length);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "v4lu3V4lu3";

    /// The name and whether it is a fallback, of the value in `text`.
    fn of(path: &str, text: &str) -> (String, bool) {
        let at = text.rfind(VALUE).unwrap();
        let around = around(text.as_bytes(), at..at + VALUE.len(), path);
        (around.variable.to_owned(), around.fallback)
    }

    #[test]
    fn the_name_a_value_is_assigned_to() {
        for (text, name) in [
            ("API_KEY=v4lu3V4lu3", "API_KEY"),
            ("export API_KEY='v4lu3V4lu3'", "API_KEY"),
            ("const apiKey = \"v4lu3V4lu3\";", "apiKey"),
            ("const apiKey: string = \"v4lu3V4lu3\";", "apiKey"),
            ("const API_KEY: &'static str = \"v4lu3V4lu3\";", "API_KEY"),
            ("const apiKey string = \"v4lu3V4lu3\"", "apiKey"),
            ("{ apiKey: 'v4lu3V4lu3' }", "apiKey"),
            ("{\"api_key\": \"v4lu3V4lu3\"}", "api_key"),
            ("'api_key' => 'v4lu3V4lu3'", "api_key"),
            ("process.env[\"API_KEY\"] = \"v4lu3V4lu3\"", "API_KEY"),
            ("os.environ.setdefault('API_KEY', 'v4lu3V4lu3')", "API_KEY"),
            ("client.setApiKey(\"v4lu3V4lu3\")", "setApiKey"),
            ("api_key = SecretStr(\"v4lu3V4lu3\")", "api_key"),
            ("headers: { Authorization: `Bearer v4lu3V4lu3` }", "Authorization"),
            ("-H \"Authorization: Bearer v4lu3V4lu3\"", "Authorization"),
            ("- name: API_KEY\n  value: v4lu3V4lu3", "API_KEY"),
            ("{\"name\": \"API_KEY\", \"value\": \"v4lu3V4lu3\"}", "API_KEY"),
            ("https://acme.io/x?api_key=v4lu3V4lu3", "api_key"),
            ("tool --api-key v4lu3V4lu3", "api-key"),
            ("| API_KEY | `v4lu3V4lu3` |", ""),
            ("v4lu3V4lu3", ""),
        ] {
            assert_eq!(of("a.ts", text), (name.to_owned(), false), "{text}");
        }
    }

    #[test]
    fn what_a_lookup_falls_back_to() {
        for (text, name) in [
            ("const k = process.env.API_KEY || \"v4lu3V4lu3\";", "API_KEY"),
            ("const k = process.env.API_KEY ?? 'v4lu3V4lu3';", "API_KEY"),
            ("const k = process.env['API_KEY'] || 'v4lu3V4lu3';", "API_KEY"),
            ("k = os.getenv(\"API_KEY\", \"v4lu3V4lu3\")", "API_KEY"),
            ("k = os.environ.get('API_KEY') or 'v4lu3V4lu3'", "API_KEY"),
            ("ENV.fetch('API_KEY', 'v4lu3V4lu3')", "API_KEY"),
            ("API_KEY=${API_KEY:-v4lu3V4lu3}", "API_KEY"),
            ("API_KEY: z.string().default('v4lu3V4lu3')", "API_KEY"),
        ] {
            assert_eq!(of("a.ts", text), (name.to_owned(), true), "{text}");
        }
    }

    #[test]
    fn comments() {
        let comment = |path: &str, text: &str| {
            let at = text.find(VALUE).unwrap();
            around(text.as_bytes(), at..at + VALUE.len(), path).comment
        };
        assert!(comment("a.ts", "  // key = \"v4lu3V4lu3\""));
        assert!(comment("a.ts", "run(); // old key: v4lu3V4lu3"));
        assert!(comment("a.py", "# KEY = 'v4lu3V4lu3'"));
        assert!(comment("a.sql", "-- v4lu3V4lu3"));
        assert!(comment("a.html", "<!-- v4lu3V4lu3 -->"));
        assert!(!comment("a.ts", "const u = \"https://acme.io/v4lu3V4lu3\""));
        assert!(!comment("a.md", "# Set v4lu3V4lu3"));
    }
}
