//! Values that have the format of a provider: theirs, or one that somebody made up to look like theirs.

use std::ops::Range;

use super::super::around::Around;
use super::super::formats::Format;
use super::super::generic::file::File;
use super::super::generic::judge::Judged;
use super::super::generic::purpose::{OF_TEST_SERVER, is_of_test_server};
use super::super::generic::shape::{contains, is_made_up, is_random, shape};
use super::super::generic::urls::judge_address;
use super::super::model::{Audience, SecretKind};
use super::Verdict;
use super::place::{Place, place};
use super::reference::is_reference;
use super::words::stands_for_a_value;
use crate::source::{Role, role};

/// Values of providers' own documentation. In parts, so that no scanner takes this file for a leak.
const DOCUMENTED: &[(&str, &str)] = &[
    ("AKIAIOSFODNN7", "EXAMPLE"),
    ("wJalrXUtnFEMI/K7MDENG/bPxRfiCY", "EXAMPLEKEY"),
    ("sk_test_", "4eC39HqLyjWDarjtT1zdp7dc"),
    ("sk_test_", "BQokikJOvBiI2HlWgH4olfQ2"),
    ("pk_test_", "TYooMQauvdEDq54NiTphI7jx"),
    // What every emulator of Azure's storage and of Cosmos DB opens with.
    ("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/", "K1SZFPTOtr/KBHBeksoGMGw=="),
    ("C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPM", "bIZnqyMsEcaGQy67XIw/Jw=="),
    // reCAPTCHA's key for tests.
    ("6LeIxAcTAAAAAGG-", "vFI1TnRWxMZNFuojJ4WifJWe"),
];

/// The account of every emulator of Azure's storage.
const EMULATED: &[u8] = b"AccountName=devstoreaccount1;";

/// Addresses at which people look what a webhook sends.
const CATCHERS: &[&str] = &["pipedream-webhook", "webhook-site-url"];

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
    at: &Range<usize>,
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
    if let Some(because) = used_up(format, value, at, text, around) {
        return Verdict::placeholder(because, false);
    }
    if is_reference(value) {
        return Verdict::placeholder("it only names where the value comes from", false);
    }
    if format.id == "ethereum-private-key" && is_of_every_chain(value) {
        return Verdict::placeholder("it is an account of every developer's chain", false);
    }
    let mut file = File::of(path);
    let nobodys =
        format.provider.is_empty() && matches!(format.kind, SecretKind::PrivateKey | SecretKind::Token);
    if nobodys && role(path) == Role::Vendored {
        return Verdict::placeholder("it came with somebody else's code, which everybody can get", false);
    }
    if format.kind == SecretKind::PrivateKey {
        let test = is_of_test_server(text, at, &file);
        return if test { Verdict::placeholder(OF_TEST_SERVER, false) } else { Verdict::secret() };
    }
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
    // Both keys of reCAPTCHA look alike.
    let name = around.variable.to_ascii_lowercase();
    if format.id == "recaptcha-secret-key" && !name.contains("secret") && !name.contains("private") {
        return Verdict::public("the site key stands in every page; only its secret key is secret");
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
        || place == Place::Docs && CATCHERS.contains(&format.id)
        || ["example", "placeholder"].iter().any(|name| around.variable.eq_ignore_ascii_case(name))
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

/// Why what stands around a value says that it opens nothing: it is cut off, encrypted, or has ended.
fn used_up(
    format: &Format,
    value: &[u8],
    at: &Range<usize>,
    text: &[u8],
    around: &Around<'_>,
) -> Option<&'static str> {
    let after = text.get(at.end..).unwrap_or_default();
    if after.starts_with(b"...") || after.starts_with("…".as_bytes()) {
        return Some("only its beginning is shown");
    }
    if contains(value, EMULATED) {
        return Some("it is that of an emulator on the same machine");
    }
    // `<decrypt: …>`, `<encrypted: …>`.
    let before = text.get(at.start.saturating_sub(14)..at.start).unwrap_or_default();
    let tag = before.iter().rposition(|byte| *byte == b'<').and_then(|open| before.get(open + 1..));
    if tag.is_some_and(|tag| contains(tag, b"crypt")) {
        return Some("it is encrypted");
    }
    // What AWS signs an address with; <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html>.
    let name = around.variable.to_ascii_lowercase();
    let signs = ["x-amz-credential", "x-amz-security-token"].contains(&name.as_str());
    match format.id {
        "aws-temporary-key-id" | "aws-session-token" if signs => {
            Some("it is a part of a signed address, which ends by itself within days")
        }
        "aws-access-key-id" if signs => {
            Some("it is a part of a signed address, and no secret without the other")
        }
        _ => None,
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
    let shipped =
        ["VITE_", "NEXT_PUBLIC_", "REACT_APP_", "EXPO_PUBLIC_"].iter().any(|start| name.starts_with(start));
    if !shipped
        && (name.contains("SERVER") || SERVER.iter().any(|service| contains(near, service.as_bytes())))
    {
        return None;
    }
    let maps = name.contains("MAPS")
        || contains(line, b"maps.googleapis.com")
        || contains(line, b"google.com/maps/embed")
        || contains(line, b"com.google.android");
    maps.then_some("it is the key of a map, which every visitor gets")
}

#[cfg(test)]
mod tests {
    use crate::secrets::formats::sample;
    use crate::secrets::model::{Audience, Class, Searched};

    /// Whether a secret is found in `text`, where `‹…›` stands for a value of that format.
    fn is_secret(path: &str, text: &str) -> bool {
        let mut filled = String::new();
        for (i, part) in text.split(['‹', '›']).enumerate() {
            filled.push_str(&if i % 2 == 0 { part.to_owned() } else { sample(part, "a").unwrap() });
        }
        let text = Searched { path, bytes: filled.as_bytes(), class: Class::Whole, windows: None };
        crate::secrets::find(&text).iter().any(|found| found.audience == Audience::Secret)
    }

    #[test]
    fn what_stands_around_a_value_says_that_it_opens_nothing() {
        for (path, text) in [
            ("AUDIT.md", "- Stripe key: ‹stripe-live-secret-key›..."),
            ("src/a.vue", "<input placeholder=\"‹stripe-live-secret-key›\" />"),
            (
                "src/a.ts",
                "const u = 'https://b.s3.amazonaws.com/k?X-Amz-Credential=‹aws-temporary-key-id›%2F20250102';",
            ),
            ("a.mdx", "https://b.s3.amazonaws.com/k?X-Amz-Credential=‹aws-access-key-id›%2F20250102"),
            ("a.md", "TWILIO=<decrypt: ‹stripe-live-secret-key›>"),
            ("node_modules/ecdsa/keys.js", "const key = '‹private-key-pem›';"),
            ("src/a.ts", "const RECAPTCHA_KEY = '‹recaptcha-secret-key›'; // not the secret"),
            ("docs/openapi.json", "{\"url\": \"‹pipedream-webhook›\"}"),
            (".github/workflows/e2e.yml", "env:\n  URL: http://localhost:80\n  KEY: '‹private-key-pem›'\n"),
        ] {
            assert!(!is_secret(path, text), "{text}");
        }
        for (path, text) in [
            ("AUDIT.md", "- Stripe key: ‹stripe-live-secret-key›."),
            ("src/a.ts", "const id = '‹aws-temporary-key-id›';"),
            ("src/a.ts", "verify({\n  secret: '‹recaptcha-secret-key›',\n})"),
            ("src/hooks.ts", "const url = '‹pipedream-webhook›';"),
            (".github/workflows/deploy.yml", "env:\n  URL: https://acme.io\n  KEY: '‹private-key-pem›'\n"),
        ] {
            assert!(is_secret(path, text), "{text}");
        }
    }

    #[test]
    fn what_every_emulator_opens_with() {
        for (start, end) in super::DOCUMENTED.iter().filter(|(start, _)| start.len() > 40) {
            let key = format!("AZURE_STORAGE_ACCOUNT_KEY={start}{end}");
            assert!(!is_secret(".env", &key));
        }
    }
}
