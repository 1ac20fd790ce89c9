//! From a name to the value it is given: assignments of every language, fallbacks, calls, pairs, prose.

use std::ops::Range;

use super::literal::{Literal, literal, skip_blank, skip_space};
use super::syntax::Syntax;

/// A value and how it came to its name.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::secrets) struct Assigned {
    /// Without its quotes.
    pub value: Range<usize>,
    pub quoted: bool,
    /// What code falls back to when a setting is missing.
    pub fallback: bool,
    pub by: By,
}

/// What stands between the name and the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::secrets) enum By {
    /// `=`, `:`, `=>`, `:=` and the like.
    Sign,
    /// `==`, `!==`.
    Comparison,
    /// `("NAME", "value")`.
    Comma,
    /// `setName("value")`.
    Call,
    /// `{name: NAME, value: "value"}`, `<key>NAME</key><string>value</string>`.
    Pair,
    /// `--name value`, `PASSWORD 'value'`, `ENV NAME value`.
    Space,
    /// `the password is "value"`, and cells of a table.
    Prose,
    /// `machine host login user password value`.
    Login,
}

const NEAR: usize = 240;

/// What is assigned to the name at `name`.
pub(in crate::secrets) fn assigned(text: &[u8], name: &Range<usize>, syntax: Syntax) -> Option<Assigned> {
    let (at, closed) = close(text, name.end);
    let before = text.get(..name.start).unwrap_or_default();
    let rest = text.get(at..).unwrap_or_default();
    let path = before
        .iter()
        .rev()
        .take(60)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        .count();
    if before.get(..before.len() - path).is_some_and(|before| before.ends_with(b"${")) {
        return default_of_variable(text, at);
    }
    if let Some(found) = parameter(text, name) {
        return Some(found);
    }
    if syntax.markup
        && before.ends_with(b"<")
        && let Some(found) = text_of_element(text, at)
    {
        return Some(found);
    }
    let mut spaced = skip_blank(text, at);
    if matches!(text.get(spaced), Some(b'\n' | b'\r')) {
        // An operator on the next line.
        let next = skip_space(text, spaced, 80);
        if matches!(
            text.get(next..).unwrap_or_default(),
            [b'|', b'|', ..] | [b'?', b'?', ..] | [b'?', b':', ..]
        ) {
            spaced = next;
        }
    }
    let after = text.get(spaced..).unwrap_or_default();
    let (by, length, fallback) = match after {
        [b'=', b'>', ..] => (By::Sign, 2, false),
        [b'=' | b'!', b'=', b'=', ..] => (By::Comparison, 3, false),
        [b'=' | b'!', b'=', ..] => (By::Comparison, 2, false),
        [b':', b'=', ..] | [b'?', b'=', ..] | [b'+', b'=', ..] => (By::Sign, 2, false),
        [b'|', b'|', b'=', ..] | [b'?', b'?', b'=', ..] => (By::Sign, 3, true),
        [b'|', b'|', ..] | [b'?', b'?', ..] | [b'?', b':', ..] => (By::Sign, 2, true),
        [b':', b':', ..] => return None,
        [b'=' | b':', ..] => (By::Sign, 1, false),
        [b'o', b'r', b' ', ..] if closed.any => (By::Sign, 3, true),
        [b'?', ..] if closed.any => return ternary(text, spaced + 1),
        [b',', ..] if closed.quote => {
            let pair = pair(text, name, spaced + 1, syntax);
            if pair.is_some() {
                return pair;
            }
            (By::Comma, 1, is_lookup(before))
        }
        [b'(', ..] if !closed.any => (By::Call, 1, false),
        [b'{', ..] => return block(text, spaced + 1),
        [b'.', ..] if closed.quote => return later(text, spaced),
        [b'>', ..] if before.iter().rposition(|b| *b == b'<').is_some_and(|open| name.start - open <= 40) => {
            return element(text, name, spaced + 1);
        }
        [b'|', ..] if syntax.prose => return cell(text, spaced + 1),
        [b'<', b'/', ..] => return listed(text, spaced),
        _ => return spaced_out(text, name, at, closed, syntax, rest),
    };
    let at = spaced + length;
    if by == By::Sign
        && length == 1
        && rest_is_type(text, at)
        && let Some(equals) = typed(text, at)
    {
        return value(text, equals, By::Sign, false, syntax, name);
    }
    value(text, at, by, fallback, syntax, name)
}

/// Whether the call before a quoted name looks a setting up: what follows is what it falls back to.
fn is_lookup(before: &[u8]) -> bool {
    let tail = before.get(before.len().saturating_sub(40)..).unwrap_or_default();
    let tail = tail
        .iter()
        .rposition(|b| matches!(b, b'\n' | b';'))
        .map_or(tail, |at| tail.get(at + 1..).unwrap_or_default());
    [&b"env"[..], b"ENV", b"config", b"get(", b"fetch(", b"Env"]
        .iter()
        .any(|word| super::shape::contains(tail, word))
        && !super::shape::contains(tail, b"set")
}

#[derive(Debug, Clone, Copy)]
struct Closed {
    any: bool,
    quote: bool,
}

/// What closes a name: quotes, brackets, marks of optional and of never missing.
fn close(text: &[u8], mut at: usize) -> (usize, Closed) {
    let mut closed = Closed { any: false, quote: false };
    for _ in 0..8 {
        match text.get(at..).unwrap_or_default() {
            [b'\\', b'"' | b'\'' | b'\\', ..] => {}
            [b'"' | b'\'' | b'`', ..] => closed.quote = true,
            [b']' | b')' | b'}' | b'*', ..] => {}
            [b'!', b'=', ..] => break,
            [b'!', ..] => {}
            [b'?', b':' | b'.', ..] if !closed.any => {
                at += 1;
                break;
            }
            _ => break,
        }
        closed.any = true;
        at += 1;
    }
    (at, closed)
}

/// `${NAME:-value}`, and `${NAME:value}` of Spring.
fn default_of_variable(text: &[u8], at: usize) -> Option<Assigned> {
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

fn value(
    text: &[u8],
    at: usize,
    by: By,
    fallback: bool,
    syntax: Syntax,
    name: &Range<usize>,
) -> Option<Assigned> {
    let mut start = skip_space(text, at, 200);
    // A value on the next line belongs to the name only in quotes, or in a block of YAML.
    let wrapped = text.get(at..start).is_some_and(|gap| gap.contains(&b'\n'));
    if let Some(block) = block_scalar(text, start, syntax) {
        return Some(Assigned { value: block, quoted: false, fallback, by });
    }
    if by == By::Sign && text.get(start) == Some(&b'{') {
        return block(text, start + 1);
    }
    for _ in 0..2 {
        if let Some(next) = through(text, start) {
            start = next;
        }
    }
    let tight = start == at && text.get(name.end) == Some(&b'=') && is_shouted(text.get(name.clone())?);
    let mut bare = syntax;
    let connects = by == By::Sign && is_of_connection(text, name);
    bare.bare |= tight || connects;
    bare.line &= by == By::Sign && begins_line(text, name.start);
    let found = literal(text, start, bare).map(|found| within_quotes(text, name, found));
    match found {
        Some(Literal { value, quoted }) if quoted || !wrapped && matches!(by, By::Sign) && (bare.bare) => {
            Some(Assigned { value, quoted, fallback, by })
        }
        _ if matches!(by, By::Sign | By::Comma) && !wrapped => later(text, start),
        _ => None,
    }
}

fn is_shouted(name: &[u8]) -> bool {
    name.iter().any(u8::is_ascii_uppercase) && !name.iter().any(u8::is_ascii_lowercase)
}

/// `- "NAME=value"`: the quote before the name ends the value; and quotes within quotes are none of it.
fn within_quotes(text: &[u8], name: &Range<usize>, found: Literal) -> Literal {
    let Literal { mut value, quoted } = found;
    let before = name.start.checked_sub(1).and_then(|at| text.get(at));
    if !quoted && let Some(quote @ (b'"' | b'\'' | b'`')) = before {
        let bytes = text.get(value.clone()).unwrap_or_default();
        value.end = memchr::memchr(*quote, bytes).map_or(value.end, |at| value.start + at);
    }
    let bytes = text.get(value.clone()).unwrap_or_default();
    if let [b'\\', b'"' | b'\'', .., b'\\', b'"' | b'\''] = bytes {
        value = value.start + 2..value.end - 2;
    } else if let [b'"', .., b'"'] | [b'\'', .., b'\''] = bytes
        && bytes.len() > 2
    {
        value = value.start + 1..value.end - 1;
    }
    Literal { value, quoted }
}

/// Whether a name is one of a list of settings in one string: `Server=…;User Id=…;Password=…`, `host=… password=…`.
fn is_of_connection(text: &[u8], name: &Range<usize>) -> bool {
    let before = text.get(name.start.saturating_sub(200)..name.start).unwrap_or_default();
    let line = memchr::memrchr(b'\n', before).map_or(before, |at| before.get(at + 1..).unwrap_or_default());
    let after = text.get(name.end..text.len().min(name.end + 120)).unwrap_or_default();
    let after = memchr::memchr(b'\n', after).map_or(after, |at| after.get(..at).unwrap_or_default());
    let begins = matches!(line.trim_ascii_end().last(), Some(b';' | b'"' | b'\'' | b'`' | b'&'))
        || line.ends_with(b" ");
    let lower = [line.to_ascii_lowercase(), after.to_ascii_lowercase()].concat();
    const MARKS: &[&str] = &[
        "server=",
        "data source=",
        "user id=",
        "uid=",
        "host=",
        "dbname=",
        "database=",
        "accountname=",
        "endpoint=",
        "sharedaccesskeyname=",
        "initial catalog=",
        "username=",
        "user=",
    ];
    begins
        && after.trim_ascii_start().starts_with(b"=")
        && MARKS.iter().filter(|mark| super::shape::contains(&lower, mark.as_bytes())).count() >= 1
}

/// `?token=value&…` of an address.
fn parameter(text: &[u8], name: &Range<usize>) -> Option<Assigned> {
    let before = text.get(name.start.checked_sub(1)?)?;
    if !matches!(before, b'?' | b'&') || text.get(name.end) != Some(&b'=') {
        return None;
    }
    let rest = text.get(name.end + 1..text.len().min(name.end + 600))?;
    let length = rest
        .iter()
        .take_while(|b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'_' | b'-' | b'.' | b'~' | b'%' | b'+' | b'/' | b'=' | b':' | b'!' | b'*')
        })
        .count();
    let joined = rest.get(length).is_some_and(|b| matches!(b, b'{' | b'$'));
    (length > 0 && !joined).then_some(Assigned {
        value: name.end + 1..name.end + 1 + length,
        quoted: true,
        fallback: false,
        by: By::Sign,
    })
}

/// Whether a name is the first on its line, but for what declares it: else other settings may follow its value.
fn begins_line(text: &[u8], at: usize) -> bool {
    let before = text.get(at.saturating_sub(120)..at).unwrap_or_default();
    let line = memchr::memrchr(b'\n', before).map_or(before, |at| before.get(at + 1..).unwrap_or_default());
    let path = line
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'/' | b'$' | b'@'))
        .count();
    let path = if line.last().is_some_and(|b| matches!(b, b'.' | b'/' | b'-' | b'@')) { path } else { 0 };
    let declared = line.get(..line.len() - path).unwrap_or_default().trim_ascii();
    let marks = |b: &u8| {
        matches!(b, b'#' | b'/' | b'*' | b';' | b'-' | b'"' | b'\'' | b'`' | b'|' | b'>' | b'{')
            || b.is_ascii_whitespace()
    };
    declared.iter().all(marks)
        || [
            &b"export"[..],
            b"set",
            b"SET",
            b"ENV",
            b"ARG",
            b"local",
            b"declare -x",
            b"readonly",
            b"- export",
            b"$ export",
            b"RUN export",
        ]
        .contains(&declared)
}

/// Steps into what wraps a literal: `[`, `SecretStr(`, `Buffer.from(`, `b`, `[]byte(`.
fn through(text: &[u8], at: usize) -> Option<usize> {
    const WRAPPERS: &[&[u8]] = &[
        b"SecretStr(",
        b"Secret(",
        b"Buffer.from(",
        b"new TextEncoder().encode(",
        b"[]byte(",
        b"Secret::new(",
        b"String::from(",
        b"base64.b64decode(",
        b"Password(",
        b"SecretString::new(",
        b"SecretString::from(",
        b"Encoding.UTF8.GetBytes(",
        b"Encoding.ASCII.GetBytes(",
        b"new SymmetricSecurityKey(",
        b"bytes(",
        b"str(",
        b"String(",
        b"Some(",
        b"aws.String(",
        b"pulumi.secret(",
        b"cdk.SecretValue.plainText(",
        b"SecretValue.unsafePlainText(",
        b"SecretValue.plainText(",
        b"createSecretKey(",
        b"jose.base64url.decode(",
        b"Uint8Array.from(",
        b"hash_password(",
        b"get_password_hash(",
        b"generate_password_hash(",
        b"make_password(",
        b"bcrypt.hashSync(",
        b"await bcrypt.hash(",
        b"bcrypt.hash(",
        b"hashSync(",
        b"await hash(",
        b"await hashPassword(",
        b"hashPassword(",
        b"Hash::make(",
        b"bcrypt(",
        b"BCrypt.HashPassword(",
        b"passwordEncoder.encode(",
        b"bcrypt.hashpw(",
        b"crypt(",
        b"extensions.crypt(",
        b"Deno.env.get(",
        b"await argon2.hash(",
        b"argon2.hash(",
        b"pwd_context.hash(",
        b"Sha256(",
        b"unquote(",
        b"concat(",
        b"trim(",
        b"CryptoJS.enc.Utf8.parse(",
        b"Field(",
        b"Query(",
        b"Header(",
        b"new String(",
        b"as_bytes(",
        b"Bytes::from(",
        b"Bytes::from_static(",
        b"Keys.hmacShaKeyFor(",
        b"Base64.decode(",
        b"Base64.getDecoder().decode(",
        b"atob(",
        b"base64_decode(",
        b"new Secret(",
        b"new SecureString(",
        b"Credential(",
        b"cleverCloud(",
    ];
    let rest = text.get(at..)?;
    if let Some(wrapper) = WRAPPERS.iter().find(|wrapper| rest.starts_with(wrapper)) {
        return Some(skip_space(text, at + wrapper.len(), 40));
    }
    // An anchor or a tag of YAML.
    if matches!(rest, [b'&', b'a'..=b'z' | b'A'..=b'Z', ..] | [b'!', b'!', ..]) {
        let word = rest.iter().take(40).position(|b| *b == b' ')?;
        return Some(skip_blank(text, at + word));
    }
    if let [b'[' | b'(' | b'{', ..] = rest {
        return matches!(rest, [b'[' | b'(', ..]).then(|| skip_space(text, at + 1, 40));
    }
    None
}

/// `: string = `: whether a type may follow.
fn rest_is_type(text: &[u8], at: usize) -> bool {
    let at = skip_blank(text, at);
    matches!(text.get(at), Some(b'a'..=b'z' | b'A'..=b'Z' | b'&' | b'*' | b'[' | b'?'))
}

/// Past the `=` that follows a type.
fn typed(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..text.len().min(at + 60))?;
    let length = rest.iter().position(|b| {
        !(b.is_ascii_alphanumeric()
            || matches!(
                b,
                b' ' | b'<'
                    | b'>'
                    | b'['
                    | b']'
                    | b'|'
                    | b'&'
                    | b'\''
                    | b'?'
                    | b'.'
                    | b'_'
                    | b','
                    | b'*'
                    | b'!'
                    | b':'
            ))
    })?;
    let rest = rest.get(length..)?;
    // `name: value=` is no type, `: str = ` is.
    let spaced = length > 0 && text.get(at + length - 1).is_some_and(|b| *b == b' ');
    (rest.starts_with(b"=") && !rest.starts_with(b"==") && !rest.starts_with(b"=>") && spaced)
        .then_some(at + length + 1)
}

/// What an expression falls back to, in the same statement: `process.env.X || "value"`, `z.string().default("value")`.
fn later(text: &[u8], at: usize) -> Option<Assigned> {
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

/// `X ? X : "value"`.
fn ternary(text: &[u8], at: usize) -> Option<Assigned> {
    let rest = text.get(at..text.len().min(at + 120))?;
    let colon = rest.windows(2).position(|pair| pair == b": ")?;
    if rest.get(..colon)?.iter().any(|b| matches!(b, b'\n' | b';' | b'"' | b'\'' | b',')) {
        return None;
    }
    let Literal { value, quoted } = literal(text, skip_space(text, at + colon + 1, 20), Syntax::default())?;
    quoted.then_some(Assigned { value, quoted, fallback: true, by: By::Sign })
}

/// `{name: NAME, value: "value"}`, after the comma or line break that ends the name.
fn pair(text: &[u8], name: &Range<usize>, at: usize, syntax: Syntax) -> Option<Assigned> {
    let before = text.get(name.start.saturating_sub(40)..name.start)?;
    let before = before.trim_ascii_end();
    let opened = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
    let opened = opened.strip_suffix(b"\\").unwrap_or(opened).trim_ascii_end();
    let key = opened
        .strip_suffix(b":")
        .or_else(|| opened.strip_suffix(b"="))
        .or_else(|| opened.strip_suffix(b"=>"))?;
    let key = key.trim_ascii_end().trim_ascii_end();
    let key: Vec<u8> = key
        .iter()
        .rev()
        .skip_while(|b| matches!(b, b'"' | b'\'' | b'\\' | b' '))
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
        .map(u8::to_ascii_lowercase)
        .collect();
    let key: Vec<u8> = key.into_iter().rev().collect();
    const KEYS: &[&[u8]] = &[
        b"name",
        b"key",
        b"envname",
        b"variable",
        b"id",
        b"parameterkey",
        b"parameter_name",
        b"field",
        b"header",
        b"option_name",
        b"var",
        b"envvar",
        b"env",
        b"property",
        b"k",
        b"label",
        b"displayname",
        b"headername",
        b"title",
    ];
    if !KEYS.contains(&key.as_slice()) {
        return None;
    }
    let rest = text.get(at..text.len().min(at + 300))?;
    let mut i = 0;
    while i < rest.len() {
        let here = rest.get(i..)?;
        // The next item of the list.
        if here.starts_with(b"}")
            || here.starts_with(b"/>")
            || here.starts_with(b"- ") && i > 0 && rest.get(i - 1).is_some_and(|b| b.is_ascii_whitespace())
        {
            return None;
        }
        let boundary = i == 0 || rest.get(i - 1).is_some_and(|b| !b.is_ascii_alphanumeric());
        let step = [
            &b"value"[..],
            b"Value",
            b"defaultValue",
            b"default",
            b"content",
            b"option_value",
            b"parameterValue",
            b"ParameterValue",
            b"val",
            b"\xc3\xa4",
        ]
        .iter()
        .find(|key| boundary && here.starts_with(key))
        .map(|key| key.len());
        if let Some(step) = step {
            let mut next = at + i + step;
            while matches!(text.get(next), Some(b'"' | b'\'' | b'\\' | b' ' | b'\t')) {
                next += 1;
            }
            if let Some(b':' | b'=') = text.get(next) {
                let arrow = usize::from(text.get(next + 1) == Some(&b'>'));
                let start = skip_space(text, next + 1 + arrow, 40);
                let Literal { value, quoted } = literal(text, start, syntax)?;
                return (quoted || syntax.bare).then_some(Assigned {
                    value,
                    quoted,
                    fallback: false,
                    by: By::Pair,
                });
            }
        }
        i += 1;
    }
    None
}

/// `variable "db_password" { default = "value" }`, `"password": {"value": "value"}`.
fn block(text: &[u8], at: usize) -> Option<Assigned> {
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

/// `<password>value</password>`, also with attributes.
fn element(text: &[u8], name: &Range<usize>, at: usize) -> Option<Assigned> {
    let before = text.get(name.start.saturating_sub(60)..name.start)?;
    let open = before.iter().rposition(|b| *b == b'<')?;
    let tag = before.get(open + 1..)?;
    if tag.iter().any(|b| matches!(b, b'>' | b'\n')) {
        return None;
    }
    between_tags(text, at)
}

/// `<password encoding="plain">value</password>`.
fn text_of_element(text: &[u8], at: usize) -> Option<Assigned> {
    let rest = text.get(at..text.len().min(at + 120))?;
    let end = rest.iter().position(|b| matches!(b, b'>' | b'\n' | b'<'))?;
    (rest.get(end) == Some(&b'>') && rest.get(end.wrapping_sub(1)) != Some(&b'/'))
        .then(|| between_tags(text, at + end + 1))?
}

fn between_tags(text: &[u8], at: usize) -> Option<Assigned> {
    let rest = text.get(at..text.len().min(at + NEAR))?;
    let (start, rest) = rest.strip_prefix(b"<![CDATA[").map_or((at, rest), |inner| (at + 9, inner));
    let end = rest.iter().position(|b| matches!(b, b'<' | b'\n' | b'{'))?;
    let value = rest.get(..end)?;
    let closes = rest.get(end..)?.starts_with(b"</") || start > at;
    let blank = value.iter().any(|b| b.is_ascii_whitespace());
    (closes && !value.is_empty() && !blank).then_some(Assigned {
        value: start..start + end,
        quoted: true,
        fallback: false,
        by: By::Sign,
    })
}

/// `<key>NAME</key><string>value</string>`.
fn listed(text: &[u8], at: usize) -> Option<Assigned> {
    let rest = text.get(at..text.len().min(at + 120))?;
    let tag =
        [&b"</key>"[..], b"</name>", b"</Name>", b"</Key>"].into_iter().find(|tag| rest.starts_with(tag))?;
    let next = skip_space(text, at + tag.len(), 40);
    let rest = text.get(next..)?;
    let tag = [&b"<string>"[..], b"<value>", b"<Value>"].into_iter().find(|tag| rest.starts_with(tag))?;
    let found = between_tags(text, next + tag.len())?;
    Some(Assigned { by: By::Pair, ..found })
}

/// A cell of a Markdown table.
fn cell(text: &[u8], at: usize) -> Option<Assigned> {
    let start = skip_blank(text, at);
    let rest = text.get(start..text.len().min(start + NEAR))?;
    let end = rest.iter().position(|b| matches!(b, b'|' | b'\n'))?;
    let cell = rest.get(..end)?.trim_ascii_end();
    let (start, cell) = cell.strip_prefix(b"`").map_or((start, cell), |inner| (start + 1, inner));
    let cell = cell.strip_suffix(b"`").unwrap_or(cell);
    let blank = cell.iter().any(|b| b.is_ascii_whitespace() || *b == b'`');
    (!cell.is_empty() && !blank).then_some(Assigned {
        value: start..start + cell.len(),
        quoted: false,
        fallback: false,
        by: By::Prose,
    })
}

/// The first line of a block of YAML that has no other.
fn block_scalar(text: &[u8], at: usize, syntax: Syntax) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let [b'|' | b'>', after @ ..] = rest else { return None };
    if !syntax.bare {
        return None;
    }
    let end = after.iter().take(3).position(|b| *b == b'\n')?;
    let start = skip_blank(text, at + 1 + end + 1);
    let line = text.get(start..text.len().min(start + NEAR))?;
    let length = line.iter().position(|b| *b == b'\n').unwrap_or(line.len());
    let value = line.get(..length)?.trim_ascii_end();
    (!value.is_empty() && !value.contains(&b' ')).then_some(start..start + value.len())
}

/// Whether `login NAME` stands right before.
fn follows_a_login(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    let word = before.iter().rev().take_while(|b| !b.is_ascii_whitespace()).count();
    let rest = before.get(..before.len() - word).unwrap_or_default().trim_ascii_end();
    word > 0 && (rest.ends_with(b"login") || rest.ends_with(b"account"))
}

/// No sign between the two: options of commands, SQL, `ENV NAME value`, `machine … login … password …`, prose.
fn spaced_out(
    text: &[u8],
    name: &Range<usize>,
    at: usize,
    closed: Closed,
    syntax: Syntax,
    rest: &[u8],
) -> Option<Assigned> {
    let before = text.get(name.start.saturating_sub(80)..name.start).unwrap_or_default();
    let start = skip_blank(text, at);
    let gap = start > at;
    let line = before
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(before, |at| before.get(at + 1..).unwrap_or_default());
    if let Some(found) = pair(text, name, at, syntax) {
        return Some(found);
    }
    let to = text.get(start..).is_some_and(|after| after.starts_with(b"TO ") || after.starts_with(b"to "));
    if !gap || closed.any && !to && !rest.starts_with(b"`") && !rest.starts_with(b"*") && !syntax.prose {
        return None;
    }
    let after = text.get(start..)?;
    let lower: Vec<u8> = text.get(name.clone())?.to_ascii_lowercase();
    let indent = line.trim_ascii();
    // `--password value`, `-Password value`.
    let option = line.ends_with(b"-")
        && line
            .get(..line.len() - 1)
            .is_none_or(|l| l.last().is_none_or(|b| matches!(b, b' ' | b'-' | b'"' | b'\'' | b'\t')));
    // `login user password value`, alone on its line in some files.
    let follows = lower == b"password" && follows_a_login(before);
    let login = syntax.login && indent.is_empty();
    let docker = indent.eq_ignore_ascii_case(b"ENV") || indent.eq_ignore_ascii_case(b"ARG");
    let known = ["requirepass", "masterauth", "rootpw", "bindpw"]
        .iter()
        .any(|name| name.as_bytes() == lower.as_slice());
    if option || docker || known || follows || login {
        let mut bare = syntax;
        bare.bare = true;
        bare.line = false;
        let Literal { value, quoted } = literal(text, start, bare)?;
        let dashed = text.get(value.start) == Some(&b'-');
        let by = if follows { By::Login } else { By::Space };
        return (!dashed).then_some(Assigned { value, quoted, fallback: false, by });
    }
    // Go: `const name string = "value"`.
    for word in [&b"string "[..], b"String ", b"str "] {
        if let Some(next) = after.strip_prefix(word)
            && next.starts_with(b"= ")
        {
            let Literal { value, quoted } = literal(text, start + word.len() + 2, Syntax::default())?;
            return quoted.then_some(Assigned { value, quoted, fallback: false, by: By::Sign });
        }
    }
    // SQL: `SET app.secret TO 'value'`, `PASSWORD 'value'`; `password 'value'` of Gradle.
    let to = after.strip_prefix(b"TO ").or_else(|| after.strip_prefix(b"to "));
    let start = if to.is_some() { skip_blank(text, start + 3) } else { start };
    let prose = [&b"is "[..], b"is: ", b"was ", b"to ", b"of ", b"as ", b"es ", b"ist "]
        .into_iter()
        .find(|word| after.starts_with(word));
    if let Some(word) = prose.filter(|_| to.is_none() || syntax.prose) {
        let Literal { value, quoted } =
            literal(text, skip_blank(text, start + word.len()), Syntax::default())?;
        return quoted.then_some(Assigned { value, quoted, fallback: false, by: By::Prose });
    }
    let begins = indent.is_empty()
        || indent.ends_with(b"WITH")
        || indent.ends_with(b"with")
        || to.is_some()
        || is_shouted(text.get(name.clone())?);
    let Literal { value, quoted } = literal(text, start, Syntax::default())?;
    (quoted && begins).then_some(Assigned { value, quoted, fallback: false, by: By::Space })
}
