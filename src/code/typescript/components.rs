//! The scripts in Vue, Svelte and Astro files: everything around them is blanked, so that lines stay.

use oxc::span::SourceType;

/// Which file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `<script>` and `<script setup>`.
    Vue,
    /// `<script>` and `<script module>`.
    Svelte,
    /// What is between `---` at the top, and `<script>`s for the browser.
    Astro,
}

/// The scripts of a component as one text of the same length, and how to read it.
pub(super) fn scripts(kind: Kind, text: &str) -> (String, SourceType) {
    let mut kept: Vec<(usize, usize)> = Vec::new();
    let mut languages = Vec::new();
    let mut at = 0;
    if kind == Kind::Astro {
        languages.push("ts");
        if let Some((start, end)) = fence(text) {
            kept.push((start, end));
            at = end;
        }
    }
    while let Some(script) = next_script(text, at) {
        at = script.after;
        if is_code(script.attributes) && script.start < script.end {
            languages.push(attribute(script.attributes, "lang").unwrap_or(""));
            kept.push((script.start, script.end));
        }
    }
    let has = |names: &[&str]| languages.iter().any(|language| names.contains(language));
    let source = if has(&["tsx"]) {
        SourceType::tsx()
    } else if has(&["ts", "typescript"]) {
        SourceType::ts()
    } else {
        SourceType::mjs().with_jsx(has(&["jsx"]))
    };
    (blanked(text, &kept), source)
}

/// Everything else is spaces, and a `;` ends each script.
fn blanked(text: &str, kept: &[(usize, usize)]) -> String {
    let mut bytes: Vec<u8> = text.bytes().map(|byte| if byte == b'\n' { byte } else { b' ' }).collect();
    for &(start, end) in kept {
        bytes[start..end].copy_from_slice(&text.as_bytes()[start..end]);
        if let Some(byte) = bytes.get_mut(end) {
            *byte = b';';
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// What is between the first `---`, which only space may precede, and the next at the beginning of a line.
fn fence(text: &str) -> Option<(usize, usize)> {
    let open = text.len() - text.trim_start().len();
    let start = open + text[open..].strip_prefix("---").map(|_| 3)?;
    let end = text[start..].find("\n---").map(|place| start + place + 1)?;
    Some((start, end))
}

struct Script<'t> {
    attributes: &'t str,
    start: usize,
    end: usize,
    after: usize,
}

/// The next `<script …>…</script>` that is not in a comment.
fn next_script(text: &str, from: usize) -> Option<Script<'_>> {
    let mut at = from;
    loop {
        let open = at + memchr::memchr(b'<', &text.as_bytes()[at..])?;
        let rest = &text[open..];
        if rest.starts_with("<!--") {
            at = open + rest.find("-->")? + 3;
            continue;
        }
        if !is_tag(rest, "<script") {
            at = open + 1;
            continue;
        }
        let attributes_start = open + "<script".len();
        let close = attributes_start + tag_end(&text[attributes_start..])?;
        let attributes = &text[attributes_start..close];
        let start = close + 1;
        if attributes.trim_end().ends_with('/') {
            return Some(Script { attributes, start, end: start, after: start });
        }
        let end = start + end_tag(&text[start..])?;
        return Some(Script { attributes, start, end, after: end });
    }
}

fn is_tag(text: &str, tag: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > tag.len()
        && bytes[..tag.len()].eq_ignore_ascii_case(tag.as_bytes())
        && matches!(bytes[tag.len()], b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/')
}

/// Where a tag ends: at the first `>` that no quotes are around.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (place, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(place),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

fn end_tag(text: &str) -> Option<usize> {
    memchr::memchr_iter(b'<', text.as_bytes()).find(|&place| {
        let rest = &text[place..];
        is_tag(rest, "</script")
    })
}

/// Data blocks and scripts of other files are no code here.
fn is_code(attributes: &str) -> bool {
    match attribute(attributes, "type") {
        None => true,
        Some(kind) => {
            kind.is_empty() || kind == "module" || kind.contains("javascript") || kind.contains("typescript")
        }
    }
}

/// The value of an attribute that is written down.
fn attribute<'t>(attributes: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_whitespace() || c == '=' || c == '/').unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        if key.is_empty() && after.is_empty() {
            return None;
        }
        let after = after.trim_start();
        let Some(value) = after.strip_prefix('=') else {
            if key == name {
                return Some("");
            }
            rest = after;
            continue;
        };
        let value = value.trim_start();
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        if key == name {
            return Some(value);
        }
        rest = after;
    }
}
