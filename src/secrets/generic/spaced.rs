//! Names and values with nothing but blanks between them.

use std::ops::Range;

use super::assigned::{Assigned, By, Closed, is_shouted};
use super::commands::option_after;
use super::comments;
use super::literal::{Literal, literal, skip_blank};
use super::pairs::pair;
use super::sql::makes_a_role;
use super::syntax::Syntax;

/// Whether `login NAME` stands right before.
pub(super) fn follows_a_login(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    let word = before.iter().rev().take_while(|b| !b.is_ascii_whitespace()).count();
    let rest = before.get(..before.len() - word).unwrap_or_default().trim_ascii_end();
    word > 0 && (rest.ends_with(b"login") || rest.ends_with(b"account"))
}

/// Whether `line` up to a name is a command that sets it: `npm config set //registry/:`, `pulumi config set --secret `.
fn is_set(line: &[u8]) -> bool {
    let path = |b: &&u8| !b.is_ascii_whitespace();
    let line = line.get(..line.len() - line.iter().rev().take_while(path).count()).unwrap_or_default();
    let line = line.trim_ascii_end();
    let line = line.strip_suffix(b"--secret").unwrap_or(line).trim_ascii_end();
    [
        &b"config set"[..],
        b"configure set",
        b"dotenvx set",
        b"user-secrets set",
        b"poetry config",
        b"composer config",
    ]
    .iter()
    .any(|command| line.ends_with(command))
}

/// `storePassword "…"` in a block, `@secret "…"`, `:password "…"`, `(def secret "…")`, but no call.
fn follows_a_mark(indent: &[u8]) -> bool {
    let before = indent.get(indent.len().saturating_sub(2)..indent.len() - 1).unwrap_or_default();
    indent.ends_with(b"{") || before.is_empty() || before.ends_with(b" ") || before.ends_with(b"{")
}

/// `OPTIONS (user 'app', password '…')`.
fn is_option_of_sql(indent: &[u8]) -> bool {
    indent.ends_with(b",") && indent.windows(8).any(|word| word.eq_ignore_ascii_case(b"options "))
}

/// No sign between the two: options of commands, SQL, `ENV NAME value`, `machine … login … password …`, prose.
pub(super) fn spaced_out(
    text: &[u8],
    name: &Range<usize>,
    at: usize,
    closed: Closed,
    syntax: Syntax,
    rest: &[u8],
) -> Option<Assigned> {
    with_blanks(text, name, at, closed, syntax, rest).or_else(|| {
        let found = (text.get(at) == Some(&b' ')).then(|| comments::said(text, at)).flatten();
        found.filter(|_| comments::is_told(text, name.start, syntax))
    })
}

fn with_blanks(
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
    // Tags of Go: `env:"NAME" envDefault:"value"`.
    if closed.quote
        && let Some(tag) = [&b"envDefault:"[..], b"default:"]
            .into_iter()
            .find(|tag| text.get(start..).is_some_and(|rest| rest.starts_with(tag)))
    {
        let Literal { value, quoted } = literal(text, start + tag.len(), Syntax::default())?;
        return quoted.then_some(Assigned { value, quoted, fallback: true, by: By::Sign });
    }
    let to = text.get(start..).is_some_and(|after| after.starts_with(b"TO ") || after.starts_with(b"to "));
    if !gap
        || closed.any
            && !to
            && !is_set(line)
            && !rest.starts_with(b"`")
            && !rest.starts_with(b"*")
            && !syntax.prose
    {
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
    let known = ["requirepass", "masterauth", "rootpw", "bindpw", "authtoken", "add-authtoken"]
        .iter()
        .any(|name| name.as_bytes() == lower.as_slice());
    if let Some(value) = option_after(text, line, name) {
        return Some(Assigned { value, quoted: true, fallback: false, by: By::Pair });
    }
    if option || docker || known || follows || login || is_set(line) {
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
        || matches!(indent.last(), Some(b'{' | b'@' | b':' | b'(')) && follows_a_mark(indent)
        || lower == b"password" && makes_a_role(text.get(name.start.saturating_sub(200)..name.start)?)
        || lower == b"password" && is_option_of_sql(indent)
        || indent.ends_with(b"WITH")
        || indent.ends_with(b"with")
        || to.is_some()
        || is_shouted(text.get(name.clone())?);
    let Literal { value, quoted } = literal(text, start, Syntax::default())?;
    (quoted && begins).then_some(Assigned { value, quoted, fallback: false, by: By::Space })
}
