//! Addresses with a password in them: `scheme://user:password@host`.

use super::super::classify::place::Place;
use super::super::classify::reference::is_reference;
use super::super::classify::words::{is_common, stands_for_a_value};
use super::Search;
use super::judge::Judged;
use super::shape::{contains, is_random, shape};

/// Schemes of databases and queues.
const DATABASES: &[&[u8]] = &[
    b"postgres",
    b"postgresql",
    b"mysql",
    b"mysql2",
    b"mariadb",
    b"mongodb",
    b"mongodb+srv",
    b"redis",
    b"rediss",
    b"amqp",
    b"amqps",
    b"sqlserver",
    b"mssql",
    b"oracle",
    b"clickhouse",
    b"cockroachdb",
    b"neo4j",
    b"neo4j+s",
    b"bolt",
    b"libsql",
    b"prisma",
    b"influxdb",
    b"cassandra",
    b"couchbase",
    b"couchdb",
    b"nats",
    b"kafka",
    b"postgresql+psycopg2",
    b"postgresql+asyncpg",
    b"postgresql+psycopg",
    b"mysql+pymysql",
    b"mysql+mysqlconnector",
    b"mysql+aiomysql",
    b"oracle+cx_oracle",
    b"postgis",
    b"ecto",
    b"pymssql",
    b"mssql+pyodbc",
    b"valkey",
    b"valkeys",
    b"keydb",
    b"snowflake",
    b"trino",
    b"presto",
    b"elasticsearch",
    b"opensearch",
];

/// Looks at the address whose `://` is at `at`; answers from where to go on.
pub(super) fn look(search: &mut Search<'_, '_>, at: usize) -> usize {
    let text = search.text;
    let begin = at + 3;
    let rest = text.get(begin..text.len().min(begin + 600)).unwrap_or_default();
    let stop =
        |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' | b',');
    // Nearly every address ends its host before there is an `@`.
    let host =
        rest.iter().position(|b| matches!(b, b'/' | b'?' | b'#' | b'@') || stop(b)).unwrap_or(rest.len());
    let colon = rest.get(..host).unwrap_or_default().iter().position(|b| *b == b':');
    let Some(colon) = colon else { return begin };
    let length = rest.iter().position(stop).unwrap_or(rest.len());
    let address = rest.get(..length).unwrap_or_default();
    // A password may hold `@`, `/` and `#` that nobody encoded: the last `@` before the path of the host counts.
    let is_at = rest.get(host) == Some(&b'@');
    let Some(split) = last_at(address, colon, is_at) else { return begin };
    let scheme_start = text
        .get(..at)
        .unwrap_or_default()
        .iter()
        .rev()
        .take(24)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        .count();
    let scheme = text.get(at - scheme_start..at).unwrap_or_default().to_ascii_lowercase();
    let scheme = scheme.strip_prefix(b"jdbc:").unwrap_or(&scheme).to_vec();
    let (user, password) =
        (address.get(..colon).unwrap_or_default(), address.get(colon + 1..split).unwrap_or_default());
    let host = address.get(split + 1..).unwrap_or_default();
    let host_end = host
        .iter()
        .position(|b| matches!(b, b':' | b'/' | b'?' | b'#' | b',' | b')' | b']' | b';'))
        .unwrap_or(host.len());
    let host = host.get(..host_end).unwrap_or_default();
    let value = begin + colon + 1..begin + split;
    if value.is_empty() || host.is_empty() && !is_random(password) {
        return begin;
    }
    let database = DATABASES.contains(&scheme.as_slice());
    let judged = judge(user, password, host, database, search);
    let format = if database { "database-url" } else { "url-password" };
    search.keep(judged, None, value.clone(), format);
    value.end
}

fn last_at(address: &[u8], colon: usize, plain: bool) -> Option<usize> {
    let after = address.get(colon + 1..)?;
    let first = after.iter().position(|b| *b == b'@')?;
    if !plain {
        // `http://localhost:3000/@scope`: a port, and a path.
        let slash = after.iter().position(|b| *b == b'/').unwrap_or(after.len());
        if slash < first && after.get(..slash).is_some_and(|port| port.iter().all(u8::is_ascii_digit)) {
            return None;
        }
    }
    let path = after
        .get(first..)?
        .iter()
        .position(|b| matches!(b, b'/' | b'?'))
        .map_or(after.len(), |at| first + at);
    let last = after.get(..path)?.iter().rposition(|b| *b == b'@')?;
    Some(colon + 1 + last)
}

fn judge(user: &[u8], password: &[u8], host: &[u8], database: bool, search: &Search<'_, '_>) -> Judged {
    let place = search.file.place;
    if matches!(place, Place::Foreign | Place::Translation) || password.len() > 200 {
        return Judged::Nothing;
    }
    let part = |text: &[u8]| {
        is_reference(text)
            || text.contains(&b'{')
            || text.contains(&b'$') && !is_random(text)
            || text.contains(&b'(')
            || text.starts_with(b"%")
    };
    if part(password)
        || is_reference(user)
        || host.starts_with(b"$")
        || host.starts_with(b"{")
        || host.contains(&b'}')
    {
        return Judged::Nothing;
    }
    let lower = host.to_ascii_lowercase();
    let near = is_local_host(&lower);
    let example = contains(&lower, b"example")
        || contains(&lower, b"your")
        || [&b"host"[..], b"hostname", b"server", b"myserver", b"domain.com", b"domain", b"xxx", b"..."]
            .contains(&lower.as_slice())
        || lower.ends_with(b".test")
        || lower.ends_with(b".invalid")
        || lower.starts_with(b"<")
        || lower.starts_with(b"[");
    if stands_for_a_value(password) || contains(password, b"YOUR") || contains(password, b"PASSWORD") {
        return Judged::Placeholder("it stands for a password", false);
    }
    let strong =
        is_random(password) || shape(password).kinds() >= 3 && password.len() >= 8 && !is_common(password);
    let same = user.eq_ignore_ascii_case(password) || is_common(password);
    match place {
        Place::Test if !strong || example || near || shape(password).length < 16 => return Judged::Nothing,
        Place::Sample if !strong || example || near => {
            return Judged::Placeholder("an example made it up", false);
        }
        Place::Docs if !strong || example || near => return Judged::Nothing,
        _ => {}
    }
    if example && !is_random(password) && !strong {
        return Judged::Placeholder("its host is an example", false);
    }
    if near && !strong {
        return Judged::Placeholder("it is a default of a development machine", false);
    }
    if near && search.file.local && !is_random(password) {
        return Judged::Placeholder("it is a default of a development machine", false);
    }
    if same {
        let weak = place == Place::Product && !search.file.local && database && !near;
        return Judged::Placeholder("it is among the first that anybody tries", weak);
    }
    let short = password.len() < 4
        || !database && !strong && password.iter().all(u8::is_ascii_lowercase) && password.len() < 6;
    if short { Judged::Nothing } else { Judged::Secret }
}

/// A machine that only a neighbour can reach: this one, or a service of the same compose file.
fn is_local_host(host: &[u8]) -> bool {
    host == b"localhost"
        || host.starts_with(b"127.")
        || host == b"0.0.0.0"
        || host == b"::1"
        || host.ends_with(b".local")
        || host.ends_with(b".localhost")
        || host.ends_with(b".internal")
        || host.ends_with(b".docker.internal")
        || host.starts_with(b"[")
        || host.starts_with(b"192.168.")
        || host.starts_with(b"10.")
        || !host.contains(&b'.')
}
