//! Values that have the format of a provider: theirs, or one that somebody made up to look like theirs.

use super::super::around::Around;
use super::super::formats::Format;
use super::super::generic::judge::{File, Judged};
use super::super::generic::shape::{contains, is_made_up, is_random, shape};
use super::super::generic::urls::judge_address;
use super::super::model::{Audience, SecretKind};
use super::Verdict;
use super::place::{Place, place};
use super::reference::is_reference;
use super::words::stands_for_a_value;

/// Values of providers' own documentation. In parts, so that no scanner takes this file for a leak.
const DOCUMENTED: &[(&str, &str)] = &[
    ("AKIAIOSFODNN7", "EXAMPLE"),
    ("wJalrXUtnFEMI/K7MDENG/bPxRfiCY", "EXAMPLEKEY"),
    ("sk_test_", "4eC39HqLyjWDarjtT1zdp7dc"),
    ("sk_test_", "BQokikJOvBiI2HlWgH4olfQ2"),
    ("pk_test_", "TYooMQauvdEDq54NiTphI7jx"),
];

/// Whether a key is one of those that Hardhat, Anvil and Ganache give to everybody: the beginnings of the first ten.
fn is_of_every_chain(key: &[u8]) -> bool {
    const BEGINNINGS: &[&[u8]] = &[
        b"ac0974be",
        b"59c6995e",
        b"5de4111a",
        b"7c852118",
        b"47e179ec",
        b"8b3a350c",
        b"92db14e4",
        b"4bbbf85c",
        b"dbda1821",
        b"2a871d07",
        b"4f3edf98",
    ];
    let digits = key.strip_prefix(b"0x").unwrap_or(key);
    digits.get(..8).is_some_and(|start| BEGINNINGS.iter().any(|known| start.eq_ignore_ascii_case(known)))
}

/// What is to be thought of a value of `format`.
pub(super) fn verdict(
    format: &Format,
    value: &[u8],
    text: &[u8],
    around: &Around<'_>,
    path: &str,
) -> Verdict {
    if format.audience != Audience::Secret {
        return Verdict { audience: format.audience, because: String::new(), weak: false };
    }
    if DOCUMENTED.iter().any(|(start, end)| value.strip_prefix(start.as_bytes()) == Some(end.as_bytes())) {
        return Verdict::placeholder("it is the example of the provider's documentation", false);
    }
    if is_reference(value) {
        return Verdict::placeholder("it only names where the value comes from", false);
    }
    if format.id == "ethereum-private-key" && is_of_every_chain(value) {
        return Verdict::placeholder("it is an account of every developer's chain", false);
    }
    if format.kind == SecretKind::PrivateKey {
        return Verdict::secret();
    }
    let mut file = File::of(path);
    if file.place == Place::Foreign {
        // A provider's address opens its database wherever a tool has put it.
        file.place = Place::Product;
    }
    if format.kind == SecretKind::ConnectionString
        && let Some(judged) = judge_address(value, &file)
    {
        return match judged {
            Judged::Secret => Verdict::secret(),
            Judged::Public(because) => Verdict::public(because),
            Judged::Placeholder(because, weak) => Verdict::placeholder(because, weak),
            Judged::Nothing => Verdict::placeholder("an example made it up", false),
        };
    }
    // What follows the prefix that all values of the format share.
    let own = own_part(value);
    let random = is_random(value) || shape(own).length < 12;
    if is_made_up(own) || stands_for_a_value(own) && !(random && is_long(own)) {
        return Verdict::placeholder("it stands for a value", false);
    }
    if format.id == "google-api-key"
        && let Some(because) = browser_key(text, around)
    {
        return Verdict::public(because);
    }
    if !format.near.is_empty() && (path.ends_with(".svg") || is_part_of_data(text, around)) {
        return Verdict::placeholder("it is a part of an image or a file", false);
    }
    let line = text.get(around.line.clone()).unwrap_or_default();
    let place = place(path);
    if format.provider.is_empty()
        && matches!(place, Place::Test | Place::Sample | Place::Docs)
        && format.kind == SecretKind::Token
        || around.variable.eq_ignore_ascii_case("example")
    {
        // What everybody makes: the token of a session on somebody's machine.
        return Verdict::placeholder("a document or a test shows what one looks like", false);
    }
    match place {
        Place::Test if format.sandbox => Verdict::placeholder("a test uses it with a sandbox", false),
        Place::Test if !random => Verdict::placeholder("a test made it up", false),
        Place::Sample | Place::Docs if !random => Verdict::placeholder("an example made it up", false),
        _ if !random && (contains(line, b"example") || contains(line, b"e.g.")) => {
            Verdict::placeholder("its line says that it is an example", false)
        }
        _ => Verdict::secret(),
    }
}

/// Whether the line is nothing but data: base64 without a blank.
fn is_part_of_data(text: &[u8], around: &Around<'_>) -> bool {
    let line = text.get(around.line.clone()).unwrap_or_default();
    line.len() > 400
        && line.iter().filter(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'=' | b':')).count()
            * 100
            < line.len()
}

/// Words are in long random values by chance.
fn is_long(own: &[u8]) -> bool {
    own.len() >= 32
        && !contains(own, b"xxxx")
        && !contains(own, b"XXXX")
        && !contains(&own.to_ascii_lowercase(), b"example")
}

/// Without the prefix: `sk_live_…`, `xoxb-…`.
fn own_part(value: &[u8]) -> &[u8] {
    let start = value.iter().take(16).rposition(|b| matches!(b, b'_' | b'-' | b'.')).map_or(0, |at| at + 1);
    let own = value.get(start..).unwrap_or_default();
    if own.len() >= 8 { own } else { value }
}

/// Why a Google key is one that browsers are meant to have: Firebase's, or that of a map.
fn browser_key(text: &[u8], around: &Around<'_>) -> Option<&'static str> {
    let near = text
        .get(around.line.start.saturating_sub(500)..text.len().min(around.line.end + 700))
        .unwrap_or_default();
    let firebase = [
        "authDomain",
        "messagingSenderId",
        "storageBucket",
        "measurementId",
        "AUTH_DOMAIN",
        "MESSAGING_SENDER_ID",
        "firebaseConfig",
        "current_key",
        "mobilesdk_app_id",
        "GOOGLE_APP_ID",
        "initializeApp",
    ];
    let name = around.variable.to_ascii_uppercase();
    if name.contains("GEMINI")
        || name.contains("YOUTUBE")
        || name.contains("GENAI")
        || name.contains("SERVER")
    {
        return None;
    }
    if name.contains("FIREBASE") || firebase.iter().any(|mark| contains(near, mark.as_bytes())) {
        return Some("it is the key of a Firebase web app, which every visitor gets");
    }
    let line = text.get(around.line.clone()).unwrap_or_default();
    // What a server asks: no visitor gets these.
    const SERVER: &[&str] = &[
        "/geocode/",
        "/place/",
        "/directions/",
        "/distancematrix/",
        "/elevation/",
        "/timezone/",
        "/findplace",
    ];
    if name.contains("SERVER") || SERVER.iter().any(|service| contains(near, service.as_bytes())) {
        return None;
    }
    let maps = name.contains("MAPS")
        || contains(line, b"maps.googleapis.com")
        || contains(line, b"google.com/maps/embed")
        || contains(line, b"com.google.android");
    maps.then_some("it is the key of a map, which every visitor gets")
}
