//! What code falls back to when a setting is missing.

use super::assigned::{Assigned, By, NEAR};
use super::literal::{Literal, literal, skip_blank, skip_space};
use super::syntax::Syntax;
use super::wrapped::through;

/// `${NAME:-value}`, and `${NAME:value}` of Spring.
pub(super) fn default_of_variable(text: &[u8], at: usize) -> Option<Assigned> {
    let length = match text.get(at..)? {
        [b':', b'-' | b'=', ..] => 2,
        [b':', b'?' | b'+', ..] => return None,
        [b':' | b'-' | b'=', ..] => 1,
        _ => return None,
    };
    let start = at + length;
    let rest = text.get(start..start + NEAR.min(text.len().saturating_sub(start)))?;
    let end = rest.iter().position(|b| matches!(b, b'}' | b'\n'))?;
    if rest.get(end) != Some(&b'}') || rest.contains(&b'$') && rest.iter().position(|b| *b == b'$')? < end {
        return None;
    }
    let found = literal(text, start, Syntax::default());
    let value = match found {
        Some(Literal { value, quoted: true }) if value.end <= start + end => value,
        _ => start..start + end,
    };
    (!value.is_empty()).then_some(Assigned { value, quoted: true, fallback: true, by: By::Sign })
}

/// What an expression falls back to, in the same statement: `process.env.X || "value"`, `z.string().default("value")`.
pub(super) fn later(text: &[u8], at: usize) -> Option<Assigned> {
    let rest = text.get(at..text.len().min(at + NEAR))?;
    let mut quote = None;
    let mut i = 0;
    let mut lines = 0;
    while let Some(byte) = rest.get(i) {
        if let Some(open) = quote {
            if *byte == open || *byte == b'\n' {
                quote = None;
            }
            i += 1;
            continue;
        }
        let here = rest.get(i..)?;
        let step = match here {
            [b'|', b'|', ..] | [b'?', b'?', ..] | [b'?', b':', ..] => Some(2),
            _ if here.starts_with(b" or ") => Some(4),
            _ if here.starts_with(b".default(") => Some(9),
            _ if here.starts_with(b"default:") || here.starts_with(b"default=") => Some(8),
            _ if here.starts_with(b"default =") => Some(9),
            _ if here.starts_with(b"unwrap_or(") => Some(10),
            _ if here.starts_with(b"unwrap_or_else(|_| ") => Some(19),
            _ if here.starts_with(b"unwrap_or_else(|| ") => Some(18),
            _ if here.starts_with(b"getOrElse(") || here.starts_with(b"get_or_else(") => Some(10),
            _ if here.starts_with(b"orElse(") => Some(7),
            _ if here.starts_with(b"default_value = ") => Some(16),
            _ if here.starts_with(b"default_value=") => Some(14),
            _ => None,
        };
        if let Some(step) = step {
            let start = skip_space(text, at + i + step, 40);
            let start = through(text, start).unwrap_or(start);
            if let Some(Literal { value, quoted: true }) = literal(text, start, Syntax::default()) {
                return Some(Assigned { value, quoted: true, fallback: true, by: By::Sign });
            }
            i += step;
            continue;
        }
        match byte {
            b'"' | b'\'' | b'`' => quote = Some(*byte),
            b'{' if text.get((at + i).wrapping_sub(1)) == Some(&b'(') => {}
            b';' | b'{' | b'}' => return None,
            b'\n' => {
                lines += 1;
                let next = skip_space(text, at + i, 40);
                let goes_on = matches!(text.get(next), Some(b'|' | b'?' | b'.' | b':'));
                if lines > 2 || !goes_on {
                    return None;
                }
            }
            // The next field or argument.
            b',' => return None,
            _ => {}
        }
        i += 1;
    }
    None
}

/// Past what says that the next argument is the fallback: `defaultValue:`, `fallback:`, `default=`.
pub(super) fn named_default(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..text.len().min(at + 24))?;
    let word = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let known = [&b"defaultValue"[..], b"default", b"fallback", b"default_value", b"orElse"]
        .contains(&rest.get(..word)?);
    (known && matches!(rest.get(word), Some(b':' | b'='))).then(|| skip_space(text, at + word + 1, 20))
}

/// `X ? X : "value"`.
pub(super) fn ternary(text: &[u8], at: usize) -> Option<Assigned> {
    let rest = text.get(at..text.len().min(at + 120))?;
    let colon = rest.windows(2).position(|pair| pair == b": ")?;
    if rest.get(..colon)?.iter().any(|b| matches!(b, b'\n' | b';' | b'"' | b'\'' | b',')) {
        return None;
    }
    let Literal { value, quoted } = literal(text, skip_space(text, at + colon + 1, 20), Syntax::default())?;
    quoted.then_some(Assigned { value, quoted, fallback: true, by: By::Sign })
}

/// `variable "db_password" { default = "value" }`, `"password": {"value": "value"}`.
pub(super) fn block(text: &[u8], at: usize) -> Option<Assigned> {
    // `public string Secret { get; set; } = "value";`.
    let rest = text.get(at..text.len().min(at + 60))?;
    if rest.trim_ascii_start().starts_with(b"get;")
        && let Some(equals) = memchr::memmem::find(rest, b"} = ")
    {
        let Literal { value, quoted } = literal(text, at + equals + 4, Syntax::default())?;
        return quoted.then_some(Assigned { value, quoted, fallback: true, by: By::Sign });
    }
    // `ENV.fetch("NAME") { "value" }`.
    if let Some(Literal { value, quoted: true }) = literal(text, skip_blank(text, at), Syntax::default())
        && text
            .get(value.end + 1..text.len().min(value.end + 4))
            .is_some_and(|after| after.trim_ascii().starts_with(b"}"))
    {
        return Some(Assigned { value, quoted: true, fallback: true, by: By::Sign });
    }
    let rest = text.get(at..text.len().min(at + 400))?;
    let end = rest.iter().position(|b| *b == b'}').unwrap_or(rest.len());
    let inside = rest.get(..end)?;
    for key in [&b"default"[..], b"value", b"Default", b"Value", b"defaultValue", b"initialValue", b"const"] {
        let Some(found) = memchr::memmem::find(inside, key) else { continue };
        let mut next = at + found + key.len();
        while matches!(text.get(next), Some(b'"' | b'\'' | b'\\' | b' ' | b'\t')) {
            next += 1;
        }
        if let Some(b':' | b'=') = text.get(next)
            && let Some(Literal { value, quoted: true }) =
                literal(text, skip_space(text, next + 1, 20), Syntax::default())
        {
            return Some(Assigned {
                value,
                quoted: true,
                fallback: key.eq_ignore_ascii_case(b"default"),
                by: By::Sign,
            });
        }
    }
    None
}
