//! Addresses with a password in them: `scheme://user:password@host`.

use super::super::classify::place::Place;
use super::super::classify::reference::is_reference;
use super::super::classify::words::{is_common, is_one_word, stands_for_a_value};
use super::Search;
use super::file::File;
use super::judge::Judged;
use super::shape::{contains, is_random, shape};

/// Schemes of databases and queues, without what names the driver.
const DATABASES: &[&str] = &[
    "postgres",
    "postgresql",
    "postgis",
    "mysql",
    "mysql2",
    "mariadb",
    "mongodb",
    "redis",
    "rediss",
    "valkey",
    "valkeys",
    "amqp",
    "amqps",
    "sqlserver",
    "mssql",
    "oracle",
    "clickhouse",
    "cockroachdb",
    "neo4j",
    "bolt",
    "libsql",
    "prisma",
    "influxdb",
    "cassandra",
    "couchbase",
    "couchdb",
    "nats",
    "kafka",
    "ecto",
    "pymssql",
    "snowflake",
    "trino",
    "presto",
    "elasticsearch",
    "opensearch",
    "ldap",
    "ldaps",
    "memcached",
    "db2",
    "firebird",
    "surrealdb",
    "tidb",
];

/// The parts of an address that has a password.
struct Address<'a> {
    scheme: &'a [u8],
    user: &'a [u8],
    password: &'a [u8],
    host: &'a [u8],
}

/// Looks at the address whose `://` is at `at`; answers from where to go on.
pub(super) fn look(search: &mut Search<'_, '_>, at: usize) -> usize {
    let text = search.text;
    let begin = at + 3;
    let rest = text.get(begin..text.len().min(begin + 600)).unwrap_or_default();
    // Nearly every address ends its host before there is an `@`.
    let host =
        rest.iter().position(|b| matches!(b, b'/' | b'?' | b'#' | b'@') || ends(b)).unwrap_or(rest.len());
    if memchr::memchr(b':', rest.get(..host).unwrap_or_default()).is_none() {
        return begin;
    }
    let length = rest.iter().position(ends).unwrap_or(rest.len());
    let is_scheme = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    let scheme = text.get(..at).unwrap_or_default().iter().rev().take(24).take_while(is_scheme).count();
    let mut end = begin + length;
    while end > begin && matches!(text.get(end - 1), Some(b')' | b']' | b'}' | b'.' | b';' | b':' | b'*')) {
        end -= 1;
    }
    let value = at - scheme..end;
    let Some(address) = text.get(value.clone()).and_then(split) else { return begin };
    let judged = judge(&address, &search.file);
    let format = if is_database(address.scheme) { "database-url" } else { "url-password" };
    search.keep(judged, None, value.clone(), format);
    value.end
}

/// `user:password@tcp(host:3306)/database` of MySQL's driver for Go, whose `@` is at `at`.
pub(super) fn data_source(search: &mut Search<'_, '_>, at: usize) -> usize {
    let text = search.text;
    let next = at + 5;
    let before = text.get(at.saturating_sub(160)..at).unwrap_or_default();
    let start = before.iter().rposition(|b| ends(b) || *b == b'=').map_or(0, |i| i + 1);
    let login = before.get(start..).unwrap_or_default();
    let login = login.strip_prefix(b"mysql://").unwrap_or(login);
    let Some(colon) = memchr::memchr(b':', login) else { return next };
    let rest = text.get(at..text.len().min(at + 200)).unwrap_or_default();
    let Some(close) = memchr::memchr(b')', rest) else { return next };
    let host = rest.get(..close).and_then(|host| host.split(|b| *b == b'(').nth(1)).unwrap_or_default();
    let host = host.split(|b| *b == b':').next().unwrap_or_default();
    let (Some(user), Some(password)) = (login.get(..colon), login.get(colon + 1..)) else { return next };
    if password.is_empty() {
        return next;
    }
    let judged = judge(&Address { scheme: b"mysql", user, password, host }, &search.file);
    let tail = rest.iter().position(ends).unwrap_or(rest.len());
    search.keep(judged, None, at - login.len()..at + tail, "database-url");
    next
}

fn ends(b: &u8) -> bool {
    b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' | b',' | b'|')
}

fn is_database(scheme: &[u8]) -> bool {
    let scheme = scheme.to_ascii_lowercase();
    let base = scheme.split(|b| *b == b'+').next().unwrap_or_default();
    DATABASES.iter().any(|known| known.as_bytes() == base)
}

/// The parts of `address`, if it has a password.
fn split(address: &[u8]) -> Option<Address<'_>> {
    let at = memchr::memmem::find(address, b"://")?;
    let (scheme, rest) = (address.get(..at)?, address.get(at + 3..)?);
    let colon = rest.iter().position(|b| *b == b':')?;
    let after = rest.get(colon + 1..)?;
    let first = memchr::memchr(b'@', after)?;
    // `http://localhost:3000/@scope`: a port, and a path.
    let slash = memchr::memchr(b'/', after).unwrap_or(after.len());
    if slash < first && after.get(..slash)?.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // A password may hold an `@` that nobody encoded: the last one before the path counts.
    let path = after
        .get(first..)?
        .iter()
        .position(|b| matches!(b, b'/' | b'?'))
        .map_or(after.len(), |at| first + at);
    let last = memchr::memrchr(b'@', after.get(..path)?)?;
    let host = after.get(last + 1..)?;
    let end = host
        .iter()
        .position(|b| matches!(b, b':' | b'/' | b'?' | b'#' | b',' | b')' | b']' | b';'))
        .unwrap_or(host.len());
    let found =
        Address { scheme, user: rest.get(..colon)?, password: after.get(..last)?, host: host.get(..end)? };
    (!found.password.is_empty() && (!found.host.is_empty() || is_random(found.password))).then_some(found)
}

/// Judges an address that has the format of a provider's.
pub(in crate::secrets) fn judge_address(address: &[u8], file: &File) -> Option<Judged> {
    split(address).map(|address| judge(&address, file))
}

fn judge(address: &Address<'_>, file: &File) -> Judged {
    let Address { user, password, host, scheme } = *address;
    let place = file.place;
    if matches!(place, Place::Foreign | Place::Translation) || password.len() > 200 {
        return Judged::Nothing;
    }
    let filled_in = |text: &[u8]| {
        is_reference(text)
            || text.iter().any(|b| matches!(b, b'{' | b'('))
            || text.contains(&b'$') && !is_random(text)
            || text.starts_with(b"%")
    };
    if filled_in(password)
        || is_reference(user)
        || host.iter().any(|b| matches!(b, b'$' | b'{' | b'}' | b'%'))
    {
        return Judged::Nothing;
    }
    let lower = host.to_ascii_lowercase();
    let near = is_local_host(&lower);
    let example = is_example_host(&lower);
    if stands_for_a_value(password) || contains(password, b"YOUR") || contains(password, b"PASSWORD") {
        return Judged::Placeholder("it stands for a password", false);
    }
    let random = is_random(password);
    let strong = random || shape(password).kinds() >= 3 && password.len() >= 8 && !is_common(password);
    match place {
        Place::Test if !strong || example || near || password.len() < 16 => return Judged::Nothing,
        Place::Sample if !strong || example || near => {
            return Judged::Placeholder("an example made it up", false);
        }
        // A machine within a network is somebody's all the same; the one that the reader sits at is not.
        Place::Docs if !strong || example || near && (!random || is_own_machine(&lower)) => {
            return Judged::Nothing;
        }
        _ => {}
    }
    if example && !random {
        return Judged::Placeholder("its host is an example", false);
    }
    if near && (!strong || file.local && !random) {
        return Judged::Placeholder("it is a default of a development machine", false);
    }
    let database = is_database(scheme);
    // A server that everybody can reach, with a password that is its user's name, or the first that anybody tries.
    if user.eq_ignore_ascii_case(password) || is_one_word(password) || near && is_common(password) {
        let weak = place == Place::Product && !file.local && database && !near;
        return Judged::Placeholder("it is among the first that anybody tries", weak);
    }
    let short = password.len() < 4
        || !database && !strong && password.iter().all(u8::is_ascii_lowercase) && password.len() < 6;
    if short || !database && !strong && is_common(password) { Judged::Nothing } else { Judged::Secret }
}

/// A machine that only a neighbour can reach: this one, or a service of the same compose file.
fn is_local_host(host: &[u8]) -> bool {
    const ENDS: &[&str] =
        &[".local", ".localhost", ".internal", ".localdomain", ".lan", ".svc", ".cluster.local"];
    const STARTS: &[&str] = &["127.", "192.168.", "10.", "[", "::1", "0.0.0.0", "172.17.", "172.18."];
    ENDS.iter().any(|end| host.ends_with(end.as_bytes()))
        || STARTS.iter().any(|start| host.starts_with(start.as_bytes()))
        || !host.contains(&b'.')
}

/// This machine, or what everybody calls a service of a compose file.
fn is_own_machine(host: &[u8]) -> bool {
    let names: [&[u8]; 16] = [
        b"localhost",
        b"db",
        b"database",
        b"postgres",
        b"postgresql",
        b"mysql",
        b"mariadb",
        b"redis",
        b"mongo",
        b"mongodb",
        b"rabbitmq",
        b"0.0.0.0",
        b"host.docker.internal",
        b"cache",
        b"queue",
        b"app",
    ];
    host.starts_with(b"127.") || host.starts_with(b"[") || names.contains(&host) || host.ends_with(b".local")
}

fn is_example_host(host: &[u8]) -> bool {
    let domain = [
        &b"example.com"[..],
        b"example.org",
        b"example.net",
        b"example",
        b"yourdomain.com",
        b"your-domain.com",
        b"domain.com",
        b"mydomain.com",
        b"myserver.com",
        b"server.com",
        b"host.com",
        b"hostname.com",
        b"company.com",
        b"acme.com",
        b"foo.com",
        b"bar.com",
    ];
    let named = [
        &b"host"[..],
        b"hostname",
        b"server",
        b"myserver",
        b"domain",
        b"xxx",
        b"...",
        b"your",
        b"db-host",
        b"hostaddr",
    ];
    let ends =
        |end: &[u8]| host.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with(b"."));
    domain.into_iter().any(ends)
        || named.contains(&host)
        || host.ends_with(b".test")
        || host.ends_with(b".invalid")
        || contains(host, b"your")
        || contains(host, b"example.")
        || host.starts_with(b"<")
}
