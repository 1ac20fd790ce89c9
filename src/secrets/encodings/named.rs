//! Encoded values that are told by where they stand: `data` of Kubernetes secrets, and logins of registries.

use std::ops::Range;

use crate::secrets::candidate::Candidate;
use crate::secrets::checks::decode;
use crate::secrets::find::candidates;
use crate::secrets::formats::format_named;
use crate::secrets::generic;
use crate::secrets::model::{Class, Searched};
use crate::secrets::search::Budget;

use super::Depth;
use super::base64::outward;

/// No value of a Kubernetes secret is longer.
const LONGEST: usize = 1 << 20;

/// What such places hold.
pub(in crate::secrets) fn named(
    text: &Searched<'_>,
    windows: &[Range<usize>],
    depth: Depth,
    budget: &mut Budget,
) -> Vec<Candidate> {
    let name = text.path.rsplit('/').next().unwrap_or_default();
    let is = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    let mut found = Vec::new();
    if !depth.may_go_deeper() {
        return found;
    }
    if is(&[".yaml", ".yml", ".json", ".tpl"]) && has_secret(text.bytes) {
        for (name, value) in entries(text.bytes) {
            if windows.iter().any(|window| value.start < window.end && window.start < value.end) {
                found.extend(entry(text, name, value, depth, budget));
            }
        }
    }
    if is(&[".json", ".dockercfg", ".dockerconfigjson"]) {
        found.extend(logins(text.bytes));
    }
    found
}

/// Whether a `kind: Secret` may be there. Texts of an interface speak of secrets as well.
fn has_secret(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, b"Secret").any(|at| {
        let before = text.get(at.saturating_sub(12)..at).unwrap_or_default();
        memchr::memmem::find(before, b"kind").is_some()
    })
}

/// What stands in one entry: the name tells of the value, as in an environment file.
fn entry(
    text: &Searched<'_>,
    name: Range<usize>,
    place: Range<usize>,
    depth: Depth,
    budget: &mut Budget,
) -> Vec<Candidate> {
    let (Some(name), Some(encoded)) = (text.bytes.get(name), text.bytes.get(place.clone())) else {
        return Vec::new();
    };
    if encoded.len() > LONGEST || !budget.take(encoded.len()) {
        return Vec::new();
    }
    let Some(decoded) = decode(encoded).filter(|decoded| is_text(decoded)) else { return Vec::new() };
    let inner = [name, b"=", &decoded, b"\n"].concat();
    let path = format!("{}.env", text.path);
    let inner = Searched { path: &path, bytes: &inner, class: Class::Whole, windows: None };
    let mut found = candidates(&inner, depth.deeper(), budget);
    generic::find(&inner, &mut found);
    found.extend(logins(&decoded).map(|login| {
        let behind = name.len() + 1;
        Candidate { at: login.at.start + behind..login.at.end + behind, ..login }
    }));
    found.into_iter().map(|candidate| outward(candidate, inner.bytes, place.clone())).collect()
}

fn is_text(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t' | 0x80..))
}

/// Names and values below `data:` of each `kind: Secret`.
fn entries(text: &[u8]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut entries = Vec::new();
    let mut document: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let (mut is_secret, mut data) = (false, None::<usize>);
    for line in lines(text) {
        let bytes = text.get(line.clone()).unwrap_or_default();
        let indent = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let content = bytes.trim_ascii();
        if content.starts_with(b"---") {
            entries.extend(is_secret.then(|| std::mem::take(&mut document)).into_iter().flatten());
            document.clear();
            (is_secret, data) = (false, None);
            continue;
        }
        let Some(colon) = memchr::memchr(b':', content) else { continue };
        let name = trimmed(text, line.start + indent..line.start + indent + colon);
        let value = trimmed(text, line.start + indent + colon + 1..line.start + indent + content.len());
        match (text.get(name.clone()).unwrap_or_default(), text.get(value.clone()).unwrap_or_default()) {
            (b"kind", kind) => is_secret |= kind == b"Secret",
            (b"data", b"" | b"{") => data = Some(indent),
            (_, b"") => {}
            _ if data.is_some_and(|data| indent > data) => document.push((name, value)),
            _ => data = None,
        }
    }
    entries.extend(is_secret.then_some(document).into_iter().flatten());
    entries
}

/// Without the spaces, quotes and commas around it.
fn trimmed(text: &[u8], range: Range<usize>) -> Range<usize> {
    let is_around = |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b',');
    let bytes = text.get(range.clone()).unwrap_or_default();
    let start = bytes.iter().take_while(is_around).count();
    let end = bytes.iter().skip(start).rev().take_while(is_around).count();
    range.start + start..range.end - end
}

fn lines(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    let ends = memchr::memchr_iter(b'\n', text).chain(std::iter::once(text.len()));
    ends.map(move |end| std::mem::replace(&mut from, end + 1)..end)
}

/// `"auth": "<base64 of user:password>"`, as `docker login` leaves it.
fn logins(text: &[u8]) -> impl Iterator<Item = Candidate> {
    memchr::memmem::find_iter(text, b"\"auth\"").filter_map(move |at| {
        let rest = text.get(at + 6..text.len().min(at + 600))?;
        let open = rest.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != b':')?;
        let value = rest.get(open..)?.strip_prefix(b"\"")?;
        let length = memchr::memchr(b'"', value).filter(|length| *length >= 8)?;
        let decoded = decode(value.get(..length)?).filter(|decoded| is_text(decoded))?;
        let password = memchr::memchr(b':', &decoded).and_then(|colon| decoded.get(colon + 1..))?;
        let start = at + 6 + open + 1;
        let mut candidate = Candidate::new(format_named("http-basic-auth")?, start..start + length);
        candidate.decoded = Some(password.to_vec());
        (password.len() >= 4).then_some(candidate)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::base64::Engine as _;
    use ::base64::engine::general_purpose::STANDARD;

    fn found(path: &str, text: &str) -> Vec<(String, String)> {
        let text = Searched { path, bytes: text.as_bytes(), class: Class::Whole, windows: None };
        let whole = [0..text.bytes.len()];
        named(&text, &whole, Depth::OUTERMOST, &mut Budget::of(text.bytes.len()))
            .into_iter()
            .map(|candidate| {
                let value = candidate.value(text.bytes).into_owned();
                (
                    String::from_utf8(value).unwrap(),
                    String::from_utf8_lossy(&text.bytes[candidate.at]).into_owned(),
                )
            })
            .collect()
    }

    #[test]
    fn data_of_a_kubernetes_secret_is_decoded_and_told_by_its_name() {
        let password = "q8Zr2Lk9Vx4Tn7Wp";
        let encoded = STANDARD.encode(password);
        let secret = format!(
            "apiVersion: v1\nkind: Secret\ntype: Opaque\ndata:\n  DB_PASSWORD: {encoded}\n  user: YWRtaW4=\n"
        );
        assert_eq!(found("k8s/a.yaml", &secret), [(password.to_owned(), encoded.clone())]);
        assert_eq!(found("k8s/a.yaml", &secret.replace("kind: Secret", "kind: ConfigMap")), []);
        assert_eq!(found("k8s/a.yaml", &secret.replace("data:", "---\ndata:")), []);
    }

    #[test]
    fn logins_of_registries() {
        let encoded = STANDARD.encode("acme:q8Zr2Lk9Vx4Tn7Wp");
        let config = format!("{{\"auths\": {{\"ghcr.io\": {{\"auth\": \"{encoded}\"}}}}}}");
        let expected = [("q8Zr2Lk9Vx4Tn7Wp".to_owned(), encoded.clone())];
        assert_eq!(found(".docker/config.json", &config), expected);
        let outer = STANDARD.encode(&config);
        let secret = format!("kind: Secret\ndata:\n  .dockerconfigjson: {outer}\n");
        assert!(found("a.yml", &secret).contains(&("q8Zr2Lk9Vx4Tn7Wp".to_owned(), outer)));
    }
}
