//! Files that hold credentials in a form of their own, told by the name of the file.

use std::ops::Range;

use super::Search;
use super::judge::Judged;
use super::shape::{is_random, shape};
use super::sql::is_hash;

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
        "logins.json" => {}
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
    if text.starts_with(b"#")
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

/// The key of Rails' encrypted credentials: a line of its own.
fn master_key(search: &mut Search<'_, '_>, line: Range<usize>) {
    let Some(text) = search.text.get(line.clone()) else { return };
    let text = text.trim_ascii();
    if shape(text).hex && text.len() >= 32 && is_random(text) {
        search.keep(Judged::Secret, None, line.start..line.start + text.len(), "encryption-key");
    }
}
