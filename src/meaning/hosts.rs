//! What the text of code shows to be used: hosts of APIs, and calls of clients that do several things.

use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, Input};
use serde::Deserialize;

use super::packages::Purpose;
use crate::words::Words;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct File {
    host: Vec<HostEntry>,
    call: Vec<CallEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HostEntry {
    host: String,
    is: Purpose,
    id: String,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    fallback: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallEntry {
    call: String,
    is: Purpose,
    id: String,
    provider: String,
    needs: String,
}

/// Something that an app uses, told by a text in its code. What its fields mean is said at the top of
/// `rules/vocabulary/hosts.toml`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Service {
    /// What it is for.
    pub is: Purpose,
    /// Its name in facts.
    pub id: String,
    /// Who runs it, `""` where that is the service itself.
    pub provider: String,
    /// The text that shows it.
    pub text: String,
    /// Whether the text is code; else it is an address in a string.
    pub call: bool,
    /// The app must use something of this provider as well, `""` for none.
    pub needs: String,
    /// Whether it counts only where nothing else for the same purpose was found.
    pub fallback: bool,
    /// Texts of which the file must hold one.
    pub with: Vec<String>,
}

/// Where the text of a service stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The service.
    pub service: &'static Service,
    /// The first byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
}

struct Table {
    services: Vec<Service>,
    /// One of these stands wherever a text of a service does.
    marks: Words,
    /// The length of the longest text.
    longest: usize,
    /// The texts; built for the first file that has a mark.
    texts: OnceLock<Option<AhoCorasick>>,
}

static TABLE: LazyLock<Option<Table>> = LazyLock::new(|| load(super::vocabulary("hosts.toml")));

fn load(text: &str) -> Option<Table> {
    let file: File = toml::from_str(text).ok()?;
    let hosts = file.host.into_iter().map(|h| Service {
        is: h.is,
        id: h.id,
        provider: String::new(),
        text: h.host,
        call: false,
        needs: String::new(),
        fallback: h.fallback,
        with: h.with,
    });
    let calls = file.call.into_iter().map(|c| Service {
        is: c.is,
        id: c.id,
        provider: c.provider,
        text: c.call,
        call: true,
        needs: c.needs,
        fallback: false,
        with: Vec::new(),
    });
    let services: Vec<Service> = hosts.chain(calls).collect();
    let marks = Words::new(marks(&services))?;
    let longest = services.iter().map(|s| s.text.len()).max()?;
    Some(Table { services, marks, longest, texts: OnceLock::new() })
}

/// What stands in every text of a service: as few as can be, since so few are found many times faster than all texts. Of
/// calls the object alone, and no address in which another one stands.
fn marks(services: &[Service]) -> BTreeSet<&str> {
    let mark = |service: &'_ Service| match service.call {
        true => service.text.match_indices('.').nth(1).map_or(service.text.len(), |(dot, _)| dot + 1),
        false => service.text.len(),
    };
    let all: BTreeSet<&str> = services.iter().filter_map(|s| s.text.get(..mark(s))).collect();
    let is_least = |text: &&str| !all.iter().any(|other| other != text && text.contains(other));
    all.iter().copied().filter(is_least).collect()
}

/// Every place of a service's text, in one pass. The caller says which of them are strings, code or comments.
pub fn find(text: &str) -> impl Iterator<Item = Found> {
    TABLE.iter().flat_map(move |table| {
        let first = table.marks.find(text.as_bytes(), 0);
        // A text may begin before its mark.
        let input = |at: usize| Input::new(text).range(at.saturating_sub(table.longest)..);
        let places = move |at: usize| {
            let build = || AhoCorasick::new(table.services.iter().map(|s| &s.text)).ok();
            let texts = table.texts.get_or_init(build).as_ref();
            texts.into_iter().flat_map(move |texts| texts.find_overlapping_iter(input(at)))
        };
        first.into_iter().flat_map(places).filter_map(move |m| {
            let service = table.services.get(m.pattern().as_usize())?;
            whole(text, service, m.start(), m.end()).then_some(Found {
                service,
                start: m.start(),
                end: m.end(),
            })
        })
    })
}

/// Whether the file holds what the service asks for besides its address.
pub fn company(text: &str, service: &Service) -> bool {
    let lower = if service.with.is_empty() { String::new() } else { text.to_ascii_lowercase() };
    service.with.is_empty() || service.with.iter().any(|w| lower.contains(w.as_str()))
}

/// Whether an address is no part of a longer name: `api.x.ai` is not in `api.x.air` or `myapi.x.ai`.
fn whole(text: &str, service: &Service, start: usize, end: usize) -> bool {
    if service.call {
        return true;
    }
    let part = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let bytes = text.as_bytes();
    let open = service.text.starts_with(['.', '/', '-']);
    let before = start.checked_sub(1).and_then(|i| bytes.get(i));
    let after = bytes.get(end);
    (open || !(part(before) || before == Some(&b'.'))) && !part(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_parses_with_unique_texts() {
        let table = load(super::super::vocabulary("hosts.toml")).expect("hosts.toml parses");
        let mut texts: Vec<&str> = table.services.iter().map(|s| s.text.as_str()).collect();
        let all = texts.len();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), all, "a text stands for one thing");
        assert!(table.services.iter().flat_map(|s| &s.with).all(|w| *w == w.to_ascii_lowercase()));
    }

    #[test]
    fn addresses_are_matched_as_wholes() {
        let ids = |text| find(text).map(|f| f.service.id.as_str()).collect::<Vec<_>>();
        assert_eq!(ids("https://api.x.ai/v1"), ["xai"]);
        assert_eq!(ids("https://api.x.air/v1 https://myapi.x.ai https://a.api.x.ai"), [""; 0]);
        assert_eq!(ids("https://openrouter.ai/keys"), [""; 0], "a page for people");
        assert_eq!(ids("https://shop.openai.azure.com/openai"), ["azure-openai"]);
    }
}
