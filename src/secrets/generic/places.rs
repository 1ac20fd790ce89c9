//! Files that hold credentials in a form of their own, told by the name of the file.

use std::ops::Range;

use super::Search;
use super::judge::Judged;
use super::literal::{literal, skip_space};
use super::shape::{is_random, shape};
use super::sql::is_hash;
use super::syntax::Syntax;

/// Finds the credentials of a file that is known by its name.
pub(super) fn find(path: &str, windows: &[Range<usize>], search: &mut Search<'_, '_>) {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        ".pgpass" | "pgpass.conf" => lines(search, windows, pgpass),
        ".htpasswd" | "htpasswd" | "shadow" | "passwd" | "proftpdpasswd" | "ftpd.passwd" | ".htdigest"
        | "pureftpd.passwd" => {
            lines(search, windows, hash_of_a_login);
        }
        "master.key" => lines(search, windows, master_key),
        ".git-credentials" => lines(search, windows, git_credentials),
        "logins.json" => firefox(search, windows),
        _ if name.ends_with(".key") && path.contains("credentials/") => lines(search, windows, master_key),
        _ => {}
    }
}

fn lines(search: &mut Search<'_, '_>, windows: &[Range<usize>], look: fn(&mut Search<'_, '_>, Range<usize>)) {
    for window in windows {
        let mut at = super::back_to_line(search.text, window.start);
        while at < window.end.min(search.text.len()) {
            let rest = search.text.get(at..).unwrap_or_default();
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            if length < 2000 {
                look(search, at..at + length);
            }
            at += length + 1;
        }
    }
}

/// `host:port:database:user:password`.
fn pgpass(search: &mut Search<'_, '_>, line: Range<usize>) {
    let Some(text) = search.text.get(line.clone()) else { return };
    let text = text.trim_ascii_end();
    let colons: Vec<usize> = text.iter().enumerate().filter(|(_, b)| **b == b':').map(|(i, _)| i).collect();
    let (Some(last), 4) = (colons.last(), colons.len()) else { return };
    let password = text.get(last + 1..).unwrap_or_default();
    // What every database on a developer's machine opens with.
    let known = text.ends_with(b":postgres:postgres")
        && [&b"localhost:"[..], b"127.0.0.1:"].iter().any(|host| text.starts_with(host));
    if text.starts_with(b"#")
        || known
        || password.len() < 3
        || super::super::classify::words::stands_for_a_value(password)
    {
        return;
    }
    let value = line.start + last + 1..line.start + text.len();
    search.keep(Judged::Secret, None, value, "database-password");
}

/// `user:$apr1$…`.
fn hash_of_a_login(search: &mut Search<'_, '_>, line: Range<usize>) {
    let Some(text) = search.text.get(line.clone()) else { return };
    let Some(colon) = text.iter().position(|b| *b == b':') else { return };
    let rest = text.get(colon + 1..).unwrap_or_default();
    let end = rest.iter().position(|b| *b == b':' || b.is_ascii_whitespace()).unwrap_or(rest.len());
    let hash = rest.get(..end).unwrap_or_default();
    if is_hash(hash) || hash.len() == 13 && shape(hash).kinds() >= 3 {
        let start = line.start + colon + 1;
        search.keep(Judged::Secret, None, start..start + end, "password-hash");
    }
}

/// `https://user:password@host`: the last `@` is that of the host, and a user may be a mail address.
fn git_credentials(search: &mut Search<'_, '_>, line: Range<usize>) {
    let Some(text) = search.text.get(line.clone()) else { return };
    let text = text.trim_ascii_end();
    let Some(login) = memchr::memmem::find(text, b"://").map(|at| at + 3) else { return };
    let Some(host) = memchr::memrchr(b'@', text).filter(|at| *at > login) else { return };
    let Some(password) = memchr::memchr(b':', text.get(login..host).unwrap_or_default()) else { return };
    let value = text.get(login + password + 1..host).unwrap_or_default();
    if value.len() >= 4 && !super::super::classify::words::stands_for_a_value(value) {
        search.keep(Judged::Secret, None, line.start..line.start + text.len(), "url-password");
    }
}

/// The saved logins of a browser: encrypted with a key in the file beside them.
fn firefox(search: &mut Search<'_, '_>, windows: &[Range<usize>]) {
    const NAME: &[u8] = b"\"encryptedPassword\"";
    for window in windows {
        let part = search.text.get(window.clone()).unwrap_or_default();
        for found in memchr::memmem::find_iter(part, NAME).take(1000) {
            let name = window.start + found + 1..window.start + found + NAME.len() - 1;
            let after = skip_space(search.text, name.end + 1, 4);
            let value = literal(search.text, skip_space(search.text, after + 1, 4), Syntax::default());
            if let Some(value) = value.map(|found| found.value).filter(|value| value.len() >= 40) {
                search.keep(Judged::Secret, Some(name), value, "generic-password");
            }
        }
    }
}

/// The key of Rails' encrypted credentials: a line of its own.
fn master_key(search: &mut Search<'_, '_>, line: Range<usize>) {
    let Some(text) = search.text.get(line.clone()) else { return };
    let text = text.trim_ascii();
    if shape(text).hex && text.len() >= 32 && is_random(text) {
        search.keep(Judged::Secret, None, line.start..line.start + text.len(), "encryption-key");
    }
}
