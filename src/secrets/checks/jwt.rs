//! JSON Web Tokens: what they say of themselves.

use serde_json::Value;

use crate::secrets::candidate::Candidate;
use crate::secrets::model::Audience;

use super::{decide, decode, tell, word};

/// Whether it is one. Says its role, issuer, project and end.
pub(super) fn read(candidate: &mut Candidate, text: &[u8]) -> bool {
    let Some((header, payload)) = parts(&candidate.value(text)) else { return false };
    let says = |name: &str| payload.get(name).and_then(Value::as_str).and_then(word).map(str::to_owned);
    if let Some(role) = says("role") {
        tell(candidate, &format!("role {role}"));
    }
    match (says("ref"), says("iss")) {
        (Some(project), _) => tell(candidate, &format!("project {project}")),
        (None, Some(issuer)) => tell(candidate, &format!("issued by {issuer}")),
        (None, None) => {}
    }
    if let Some(end) = payload.get("exp").and_then(Value::as_i64).and_then(day) {
        tell(candidate, &format!("valid until {end}"));
    }
    let algorithm = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    if algorithm.eq_ignore_ascii_case("none") {
        decide(candidate, Audience::Placeholder, "nobody has signed it");
    } else if says("iss").as_deref() == Some("supabase-demo") {
        decide(candidate, Audience::Placeholder, "it opens only Supabase on a development machine");
    } else if is_known_example(&payload) {
        decide(candidate, Audience::Placeholder, "it is the example of a manual");
    }
    true
}

/// Whether the payload says `NAME=VALUE`; a `*` at the end stands for anything.
pub(super) fn claims(value: &[u8], claim: &str) -> bool {
    let Some(((_, payload), (name, expected))) = parts(value).zip(claim.split_once('=')) else {
        return false;
    };
    let fits = |said: &str| match (expected.strip_prefix('*'), expected.strip_suffix('*')) {
        (Some(end), _) => said.ends_with(end),
        (None, Some(start)) => said.starts_with(start),
        (None, None) => said == expected,
    };
    match payload.get(name) {
        Some(Value::String(said)) => fits(said),
        Some(Value::Array(said)) => said.iter().filter_map(Value::as_str).any(fits),
        Some(Value::Number(said)) => fits(&said.to_string()),
        Some(_) => expected == "*",
        None => false,
    }
}

fn parts(value: &[u8]) -> Option<(Value, Value)> {
    let mut parts = value.split(|byte| *byte == b'.');
    let mut object = || {
        let decoded = parts.next().and_then(decode)?;
        serde_json::from_slice::<Value>(&decoded).ok().filter(Value::is_object)
    };
    Some((object()?, object()?))
}

/// The payload that jwt.io and half of all tutorials show.
fn is_known_example(payload: &Value) -> bool {
    let says = |name: &str, value: &str| payload.get(name).and_then(Value::as_str) == Some(value);
    says("sub", "1234567890") || says("name", "John Doe")
}

/// The day of a time in seconds since 1970.
fn day(seconds: i64) -> Option<String> {
    let day = time::OffsetDateTime::from_unix_timestamp(seconds).ok()?.date();
    Some(format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::candidate;
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn token(payload: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"), part(payload), "c2ln".repeat(10))
    }

    fn told(payload: &str) -> (String, Option<Audience>) {
        let text = token(payload);
        let mut candidate = candidate(text.as_bytes());
        assert!(read(&mut candidate, text.as_bytes()));
        (candidate.detail, candidate.audience)
    }

    #[test]
    fn what_a_token_says_of_itself() {
        let supabase = r#"{"iss":"supabase","ref":"abcdefghijklmnopqrst","role":"service_role","iat":1,"exp":2033576000}"#;
        let detail = "role service_role, project abcdefghijklmnopqrst, valid until 2034-06-10";
        assert_eq!(told(supabase), (detail.to_owned(), None));
        let demo = r#"{"iss":"supabase-demo","role":"service_role","exp":1983812996}"#;
        assert_eq!(told(demo).1, Some(Audience::Placeholder));
        assert_eq!(told(r#"{"sub":"1234567890","name":"x"}"#).1, Some(Audience::Placeholder));
    }

    #[test]
    fn claims_are_compared() {
        let text = token(r#"{"iss":"supabase","aud":["a","b"],"n":5}"#);
        for claim in ["iss=supabase", "iss=supa*", "iss=*base", "aud=b", "n=5"] {
            assert!(claims(text.as_bytes(), claim), "{claim}");
        }
        for claim in ["iss=supa", "aud=c", "role=anon"] {
            assert!(!claims(text.as_bytes(), claim), "{claim}");
        }
        assert!(!claims(b"eyJ.x.y", "iss=supabase"));
    }
}
