//! What stands between the sign of an assignment and its value, and around the value.

use std::ops::Range;

use super::assigned::NEAR;
use super::literal::{Literal, skip_blank, skip_space};
use super::syntax::Syntax;

/// `- "NAME=value"`: the quote before the name ends the value; and quotes within quotes are none of it.
pub(super) fn within_quotes(text: &[u8], name: &Range<usize>, found: Literal) -> Literal {
    let Literal { mut value, quoted } = found;
    let before = name.start.checked_sub(1).and_then(|at| text.get(at));
    if !quoted && let Some(quote @ (b'"' | b'\'' | b'`')) = before {
        let bytes = text.get(value.clone()).unwrap_or_default();
        value.end = memchr::memchr(*quote, bytes).map_or(value.end, |at| value.start + at);
    }
    let bytes = text.get(value.clone()).unwrap_or_default();
    // `PWD={…}` of ODBC.
    if let ([b'{', b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9', ..], Some(b'}')) = (bytes, text.get(value.end))
        && !quoted
    {
        value = value.start + 1..value.end;
    } else if let [b'\\', b'"' | b'\'', .., b'\\', b'"' | b'\''] = bytes {
        value = value.start + 2..value.end - 2;
    } else if let [b'"', .., b'"'] | [b'\'', .., b'\''] = bytes
        && bytes.len() > 2
    {
        value = value.start + 1..value.end - 1;
    }
    Literal { value, quoted }
}

/// Whether a name is one of a list of settings in one string: `Server=…;User Id=…;Password=…`, `host=… password=…`.
pub(super) fn is_of_connection(text: &[u8], name: &Range<usize>) -> bool {
    let before = text.get(name.start.saturating_sub(200)..name.start).unwrap_or_default();
    let line = memchr::memrchr(b'\n', before).map_or(before, |at| before.get(at + 1..).unwrap_or_default());
    let after = text.get(name.end..text.len().min(name.end + 120)).unwrap_or_default();
    let after = memchr::memchr(b'\n', after).map_or(after, |at| after.get(..at).unwrap_or_default());
    let begins = matches!(line.trim_ascii_end().last(), Some(b';' | b',' | b'"' | b'\'' | b'`' | b'&'))
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
        "ssl=",
        "abortconnect=",
        "driver=",
    ];
    begins
        && after.trim_ascii_start().starts_with(b"=")
        && MARKS.iter().filter(|mark| super::shape::contains(&lower, mark.as_bytes())).count() >= 1
}

/// Whether a name is the first on its line, but for what declares it: else other settings may follow its value.
pub(super) fn begins_line(text: &[u8], at: usize) -> bool {
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

/// The length of a call that hashes a password, up to its argument: `hasher.hash(`, `await this.passwords.hash(`.
fn hashing(rest: &[u8]) -> Option<usize> {
    const CALLS: &[&[u8]] =
        &[b"hash", b"hashSync", b"hashpw", b"hash_password", b"hashPassword", b"HashPassword"];
    let start = if rest.starts_with(b"await ") { 6 } else { 0 };
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':');
    let name: &[u8] = rest.get(start..)?;
    let name = name.get(..name.iter().take(64).position(|b| !is_name(b))?)?;
    let mut parts = name.rsplit(|b| matches!(b, b'.' | b':'));
    let (call, of) = (parts.next()?, parts.next()?);
    // `crypto.hash("sha256", …)` is for no password.
    let hashes = CALLS.contains(&call) && of != b"crypto";
    let end = start + name.len();
    (hashes && rest.get(end) == Some(&b'(')).then_some(end + 1)
}

/// Steps into what wraps a literal: `[`, `SecretStr(`, `Buffer.from(`, `b`, `[]byte(`.
pub(super) fn through(text: &[u8], at: usize) -> Option<usize> {
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
        b"PASSWORD(",
        b"password(",
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
        b"BCrypt::Password.create(",
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
    if let Some(wrapper) =
        WRAPPERS.iter().find(|wrapper| wrapper.first() == rest.first() && rest.starts_with(wrapper))
    {
        return Some(skip_space(text, at + wrapper.len(), 40));
    }
    if let Some(length) = hashing(rest) {
        return Some(skip_space(text, at + length, 40));
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
pub(super) fn rest_is_type(text: &[u8], at: usize) -> bool {
    let at = skip_blank(text, at);
    matches!(text.get(at), Some(b'a'..=b'z' | b'A'..=b'Z' | b'&' | b'*' | b'[' | b'?'))
}

/// Past the `=` that follows a type.
pub(super) fn typed(text: &[u8], at: usize) -> Option<usize> {
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

/// The first line of a block of YAML that has no other.
pub(super) fn block_scalar(text: &[u8], at: usize, syntax: Syntax) -> Option<Range<usize>> {
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
