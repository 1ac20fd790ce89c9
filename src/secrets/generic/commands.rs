//! Commands with a credential among their words: `redis-cli -a …`, `mysql -p…`, `gh secret set NAME --body …`.

use std::ops::Range;

use super::assigned::By;
use super::judge::{Use, judge};
use super::literal::{literal, skip_blank};
use super::names::{self, Sort, Words};
use super::shape::{is_random, shape};
use super::syntax::Syntax;
use super::{Search, infra};

/// The words of the command from `at` on, without quotes, until it ends; also of a list of strings: `["redis-cli", "-a"]`.
fn words(text: &[u8], at: usize) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let end = text.len().min(at + 500);
    let mut at = at;
    while words.len() < 24 && at < end {
        match text.get(at..end).unwrap_or_default() {
            [b' ' | b'\t', ..] => at += 1,
            [b'\\', b'\n', ..] => at += 2,
            [b'\\', b'\r', b'\n', ..] => at += 3,
            [b',', ..] => at += 1,
            // The next string of a list.
            [b'"' | b'\'', b',', ..] => at = skip_blank(text, at + 2),
            [b'"' | b'\'' | b'\\', ..] => {
                let quoted = literal(text, at, Syntax::default()).filter(|found| found.quoted);
                let Some(found) = quoted else { break };
                // `\"value\"` in a string of JSON.
                at = found.value.end + 1 + usize::from(text.get(found.value.end) == Some(&b'\\'));
                words.push(found.value);
            }
            [b'\n' | b'\r' | b'|' | b';' | b'&' | b')' | b'`' | b'#' | b']', ..] | [] => break,
            rest => {
                let length = rest
                    .iter()
                    .position(|b| {
                        b.is_ascii_whitespace()
                            || matches!(b, b'"' | b'\'' | b'`' | b';' | b'|' | b')' | b'\\' | b'<' | b'>')
                    })
                    .unwrap_or(rest.len());
                if length == 0 {
                    break;
                }
                let mut stop = at + length;
                // `--body="value"`, `-p'value'`.
                let opens = matches!(text.get(stop), Some(b'"' | b'\''));
                let option = rest.first() == Some(&b'-')
                    && text.get(stop + 1).is_some_and(|b| !b.is_ascii_whitespace() && *b != b',');
                if opens
                    && option
                    && let Some(found) = literal(text, stop, Syntax::default())
                {
                    stop = found.value.end;
                }
                words.push(at..stop);
                at = stop + usize::from(opens && option);
            }
        }
    }
    words
}

/// The value of one of `options`: the next word, or what is joined to it.
fn option(text: &[u8], words: &[Range<usize>], options: &[&str], joined: bool) -> Option<Range<usize>> {
    for (i, word) in words.iter().enumerate() {
        let bytes = text.get(word.clone())?;
        for name in options {
            if bytes == name.as_bytes() {
                // `-p` alone asks for the password.
                return words.get(i + 1).filter(|_| !joined).cloned();
            }
            let Some(rest) = bytes.strip_prefix(name.as_bytes()) else { continue };
            let sign = usize::from(rest.first() == Some(&b'='));
            let quote = usize::from(matches!(rest.get(sign), Some(b'"' | b'\'')));
            if sign == 1 || joined || quote == 1 {
                return Some(word.start + name.len() + sign + quote..word.end);
            }
        }
    }
    None
}

/// A known command, of which `stem` from `start` to `at` is a part.
pub(super) fn look(search: &mut Search<'_, '_>, start: usize, at: usize, stem: &str) -> usize {
    let text = search.text;
    let rest = text.get(at..).unwrap_or_default();
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    // `mysqldump`, `mysqladmin`: and `mysql://` is no command.
    let longer = rest.iter().take(12).take_while(is_part).count();
    let next = if stem.ends_with(' ') { at } else { at + longer };
    if !matches!(text.get(next), Some(b' ' | b'"' | b'\'')) && !stem.ends_with(' ') {
        return at;
    }
    let before = text.get(start.saturating_sub(12)..start).unwrap_or_default();
    if stem == "-cli" && !before.ends_with(b"redis") && !before.ends_with(b"valkey") {
        return at;
    }
    let words = words(text, next);
    let sort = Sort::Password;
    let found = match stem {
        "-cli" => option(text, &words, &["-a", "--pass"], false),
        "mysql" | "mariadb" => option(text, &words, &["-p"], true),
        "sshpass" => option(text, &words, &["-p"], false).or_else(|| option(text, &words, &["-p"], true)),
        "sudo -S" => return piped(search, start, sort, b"password", "generic-password").unwrap_or(at),
        "zip -P" | "ssl enc" | "ldap" | "ssh-keygen" | "project-ref" | " -pw " => {
            let names: &[&str] = match stem {
                "ssl enc" => &["-k"],
                "ldap" => &["-w"],
                "ssh-keygen" => &["-N"],
                "project-ref" => &["-p"],
                _ => return first(search, &words, at),
            };
            option(text, &words, names, false)
        }
        // `sqlcmd -U sa -P value`, `smbclient -U user%value`.
        " -U " => {
            let login =
                words.first().and_then(|word| Some((word, memchr::memchr(b'%', text.get(word.clone())?)?)));
            match login {
                Some((word, sign)) => Some(word.start + sign + 1..word.end),
                None => option(text, words.get(1..).unwrap_or_default(), &["-P"], false),
            }
        }
        "rabbitmqctl" => {
            words.get(2).filter(|_| is_one(text, words.first(), &["add_user", "change_password"])).cloned()
        }
        // `mc alias set name address key secret`.
        "mc alias" => words.get(4).cloned(),
        "net user" => words.get(1).cloned(),
        "curl " => return curl(search, &words, at),
        _ => None,
    };
    if let Some(value) = found {
        keep(search, value, sort, b"PASSWORD", "generic-password");
    }
    at
}

fn first(search: &mut Search<'_, '_>, words: &[Range<usize>], at: usize) -> usize {
    if let Some(value) = words.first() {
        keep(search, value.clone(), Sort::Password, b"PASSWORD", "generic-password");
    }
    at
}

fn is_one(text: &[u8], word: Option<&Range<usize>>, names: &[&str]) -> bool {
    word.and_then(|word| text.get(word.clone()))
        .is_some_and(|word| names.iter().any(|name| name.as_bytes() == word))
}

/// `curl -uuser:password`, `--user=…`, `--proxy-user …`: what stands behind `-u ` is found by itself.
fn curl(search: &mut Search<'_, '_>, words: &[Range<usize>], at: usize) -> usize {
    let text = search.text;
    for (i, word) in words.iter().enumerate() {
        let bytes = text.get(word.clone()).unwrap_or_default();
        let login = if bytes == b"--proxy-user" {
            words.get(i + 1).cloned()
        } else if bytes.starts_with(b"--user=") {
            Some(word.start + 7..word.end)
        } else if bytes.starts_with(b"-u") && bytes.len() > 6 {
            Some(word.start + 2..word.end)
        } else {
            None
        };
        let Some(login) = login else { continue };
        let bytes = text.get(login.clone()).unwrap_or_default();
        if let Some(colon) = memchr::memchr(b':', bytes).filter(|colon| *colon > 0) {
            keep(search, login.start + colon + 1..login.end, Sort::Password, b"PASSWORD", "http-basic-auth");
        }
    }
    // `-u token:`.
    let key =
        words.iter().position(|word| text.get(word.clone()) == Some(b"-u")).and_then(|i| words.get(i + 1));
    if let Some(key) = key
        && let Some(bytes) = text.get(key.clone()).and_then(|key| key.strip_suffix(b":"))
        && is_random(bytes)
    {
        keep(search, key.start..key.end - 1, Sort::Token, b"API_TOKEN", "http-basic-auth");
    }
    at
}

fn keep(search: &mut Search<'_, '_>, value: Range<usize>, sort: Sort, name: &[u8], format: &'static str) {
    let bytes = search.text.get(value.clone()).unwrap_or_default();
    let bad = bytes.len() < 6 || bytes.starts_with(b"-") || bytes.contains(&b'$') && !is_random(bytes);
    // Files and addresses are no passwords.
    if bad || bytes.iter().any(|b| matches!(b, b'/' | b'<' | b'(')) && !is_random(bytes) {
        return;
    }
    let used = Use { sort, name, quoted: true, fallback: false, by: By::Space, near: b"user:", shown: false };
    let judged = judge(bytes, &used, &search.file);
    search.keep(judged, None, value, format);
}

/// `gh secret set NAME --body "value"`, `echo value | wrangler secret put NAME`, `vercel secrets add name value`: after
/// the word `secret`.
pub(super) fn secret_of_a_tool(search: &mut Search<'_, '_>, at: usize) -> bool {
    let text = search.text;
    let rest = text.get(at..).unwrap_or_default();
    let verbs = [&b" set "[..], b" put ", b" add ", b" create ", b" versions add "];
    let Some(verb) = verbs.into_iter().find(|verb| rest.starts_with(verb)) else { return false };
    let words = words(text, at + verb.len());
    let Some(name) = words.iter().find(|word| is_name(text, word)) else { return true };
    let after: Vec<_> = words.iter().skip_while(|word| *word != name).cloned().collect();
    let value =
        option(text, &after, &["--body", "-b", "--value"], false).or_else(|| here_string(text, name.end));
    if let Some(value) = value {
        named(search, name.clone(), value);
    } else if !verb.ends_with(b"put ") && after.len() == 2 && !matches!(verb, b" create ") {
        // `doppler secrets set NAME value`; `NAME=value` is found by its name.
        if let Some(value) = after.get(1) {
            named(search, name.clone(), value.clone());
        }
    } else {
        piped_into(search, at, name.clone());
    }
    // `supabase secrets set A=…` goes on.
    true
}

/// `vercel env add NAME production`, `netlify env:set NAME value`, `setx NAME value`: after the verb.
pub(super) fn variable(search: &mut Search<'_, '_>, start: usize, at: usize) -> usize {
    let words = words(search.text, at);
    let Some(name) = words.iter().find(|word| is_name(search.text, word)).cloned() else { return at };
    let after = words.iter().skip_while(|word| **word != name).nth(1);
    if search.text.get(start..at) == Some(b"nv add ") {
        match here_string(search.text, name.end) {
            Some(value) => named(search, name, value),
            None => piped_into(search, start, name),
        }
    } else if let Some(value) = after {
        named(search, name, value.clone());
    }
    at
}

/// Capitals and digits, or words joined: `API_TOKEN`, `api-token`.
fn is_name(text: &[u8], word: &Range<usize>) -> bool {
    let bytes = text.get(word.clone()).unwrap_or_default();
    bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':' | b'/'))
        && bytes.len() < 64
}

/// A value for a name that a tool stores as a secret: random, or a good password, whatever the name says.
fn named(search: &mut Search<'_, '_>, name: Range<usize>, value: Range<usize>) {
    let bytes = search.text.get(name.clone()).unwrap_or_default();
    let sort = names::sort(&Words::of(bytes));
    let value_bytes = search.text.get(value.clone()).unwrap_or_default();
    if sort.is_none() && !(is_random(value_bytes) && value_bytes.len() >= 16) {
        return;
    }
    let sort = sort.filter(|sort| *sort != Sort::Key && *sort != Sort::Auth).unwrap_or(Sort::Token);
    let format = match sort {
        Sort::Password => "generic-password",
        Sort::Signing => "signing-secret",
        _ => "generic-token",
    };
    if value_bytes.len() < 6 || value_bytes.starts_with(b"-") {
        return;
    }
    let used =
        Use { sort, name: bytes, quoted: true, fallback: false, by: By::Sign, near: b"", shown: false };
    let judged = judge(value_bytes, &used, &search.file);
    search.keep(judged, Some(name), value, format);
}

/// `<<< "value"` later in the line.
fn here_string(text: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..text.len().min(at + 80))?;
    let line = memchr::memchr(b'\n', rest).and_then(|end| rest.get(..end)).unwrap_or(rest);
    let sign = memchr::memmem::find(line, b"<<<")?;
    let bare = Syntax { bare: true, ..Syntax::default() };
    literal(text, skip_blank(text, at + sign + 3), bare).map(|found| found.value)
}

/// What is echoed into the command that stands at `at`: `echo "value" | …`.
fn echoed(text: &[u8], at: usize) -> Option<Range<usize>> {
    let from = at.saturating_sub(300);
    let before = text.get(from..at)?;
    let line = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let pipe = memchr::memrchr(b'|', before.get(line..)?)? + line;
    let left = before.get(line..pipe)?;
    let echo = [&b"echo "[..], b"printf "]
        .into_iter()
        .filter_map(|word| Some(memchr::memmem::rfind(left, word)? + word.len()))
        .max()?;
    let mut start = skip_blank(text, from + line + echo);
    for flag in [&b"-n "[..], b"-ne ", b"-e ", b"'%s' ", b"\"%s\" ", b"%s ", b"'%s\\n' ", b"-- "] {
        if text.get(start..).is_some_and(|rest| rest.starts_with(flag)) {
            start = skip_blank(text, start + flag.len());
        }
    }
    let bare = Syntax { bare: true, ..Syntax::default() };
    let found = literal(text, start, bare)?;
    let end = from + pipe;
    let rest = text.get(found.value.end..end)?.iter().filter(|b| !b.is_ascii_whitespace()).count();
    (found.value.end <= end && rest <= 1).then_some(found.value)
}

fn piped_into(search: &mut Search<'_, '_>, at: usize, name: Range<usize>) {
    if let Some(value) = echoed(search.text, at) {
        named(search, name, value);
    }
}

fn piped(
    search: &mut Search<'_, '_>,
    at: usize,
    sort: Sort,
    name: &[u8],
    format: &'static str,
) -> Option<usize> {
    let value = echoed(search.text, at)?;
    keep(search, value, sort, name, format);
    None
}

/// `echo 'password' | docker login --password-stdin`, `echo 'user:password' | chpasswd`: before the word at `at`.
pub(super) fn piped_login(search: &mut Search<'_, '_>, at: usize) -> bool {
    let text = search.text;
    let is_chpasswd = text.get(at..).is_some_and(|rest| rest.starts_with(b"chpasswd"));
    let is_passwd = text.get(at..).is_some_and(|rest| rest.starts_with(b"passwd"));
    if is_passwd && !text.get(at..).is_some_and(|rest| rest.starts_with(b"passwd --stdin")) {
        return false;
    }
    let Some(mut value) = echoed(text, at) else { return false };
    if is_chpasswd {
        let Some(colon) = text.get(value.clone()).and_then(|login| memchr::memchr(b':', login)) else {
            return true;
        };
        value.start += colon + 1;
    }
    keep(search, value, Sort::Password, b"PASSWORD", "generic-password");
    true
}

/// `htpasswd -bc file user password`.
pub(super) fn htpasswd(search: &mut Search<'_, '_>, at: usize) -> usize {
    let words = words(search.text, at);
    let flags = words.first().and_then(|word| search.text.get(word.clone())).unwrap_or_default();
    if flags.starts_with(b"-") && flags.contains(&b'b') {
        // `-n` writes to no file.
        let place = if flags.contains(&b'n') { 2 } else { 3 };
        if let Some(value) = words.get(place) {
            keep(search, value.clone(), Sort::Password, b"PASSWORD", "generic-password");
        }
    }
    at
}

/// `ConvertTo-SecureString "value" -AsPlainText`, after the name; `type = "SecureString"` of a parameter.
pub(super) fn secure_string(search: &mut Search<'_, '_>, at: usize) -> usize {
    let text = search.text;
    if matches!(text.get(at), Some(b'"' | b'\'')) {
        return infra::secure_parameter(search, at);
    }
    if !text.get(at.saturating_sub(22)..at).is_some_and(|name| name.starts_with(b"ConvertTo-")) {
        return at;
    }
    let words = words(text, at);
    let plain = words
        .iter()
        .any(|word| text.get(word.clone()).is_some_and(|w| w.eq_ignore_ascii_case(b"-AsPlainText")));
    let value = words.iter().find(|word| text.get((*word).clone()).is_some_and(|w| !w.starts_with(b"-")));
    if let Some(value) = value.filter(|value| plain && matches!(text.get(value.end), Some(b'"' | b'\''))) {
        let strong = text.get(value.clone()).is_some_and(|value| shape(value).spaces == 0);
        if strong {
            keep(search, value.clone(), Sort::Password, b"PASSWORD", "generic-password");
        }
    }
    at
}

/// `--value "…"` or `--body "…"` behind a name that a command is told with `--name /app/token`, or with `set TOKEN`.
pub(super) fn option_after(text: &[u8], line: &[u8], name: &Range<usize>) -> Option<Range<usize>> {
    let path = line
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.' | b'"' | b'\''))
        .count();
    let before = line.get(..line.len() - path)?.trim_ascii_end();
    let is_told = [&b"--name"[..], b" set", b"--secret-id", b"--parameter-name"]
        .iter()
        .any(|word| before.ends_with(word));
    if !is_told {
        return None;
    }
    let after = words(text, name.end + usize::from(matches!(text.get(name.end), Some(b'"' | b'\''))));
    option(text, &after, &["--value", "--body", "--secret-string"], false)
}
