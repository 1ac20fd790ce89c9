//! Whether a value that its name calls a credential is one.

use super::super::classify::misshapen::is_misshapen;
use super::super::classify::place::Place;
use super::super::classify::reference::is_no_value;
use super::super::classify::strength::{Strength, strength};
use super::super::classify::words::{is_common, is_filler, says_nothing_else, stands_for_a_value};
use super::assigned::By;
use super::file::File;
use super::names::{Sort, Words};
use super::shape::{contains, is_made_up, is_random, is_uuid, shape, unlike_words};

/// What is to be done with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::secrets) enum Judged {
    Secret,
    /// Why it is for everybody.
    Public(&'static str),
    /// Why it opens nothing; whether it is a weak secret where it counts.
    Placeholder(&'static str, bool),
    /// No value of a credential at all.
    Nothing,
}

/// What is known of a value beside itself.
#[derive(Debug, Clone, Copy)]
pub(in crate::secrets) struct Use<'a> {
    pub sort: Sort,
    pub name: &'a [u8],
    pub quoted: bool,
    pub fallback: bool,
    pub by: By,
    /// What stands around it, as far as it tells more: a user, a host, a comment.
    pub near: &'a [u8],
    /// Whether it stands in a comment, or is printed.
    pub shown: bool,
}

impl<'a> Use<'a> {
    /// A password that stands beside its user, where nothing else would: in a login, a statement, a comment.
    pub fn beside_user(name: &'a [u8], by: By) -> Use<'a> {
        Use { sort: Sort::Password, name, quoted: true, fallback: false, by, near: b"user:", shown: false }
    }
}

/// Prefixes of settings that bundlers put into what browsers load.
const PREFIXES: &[&str] = &[
    "NEXT_PUBLIC_",
    "VITE_",
    "EXPO_PUBLIC_",
    "REACT_APP_",
    "PUBLIC_",
    "NUXT_PUBLIC_",
    "GATSBY_",
    "VUE_APP_",
    "NG_APP_",
];

/// `name` without the prefix that makes it public.
pub(super) fn without_prefix(name: &[u8]) -> &[u8] {
    PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix.as_bytes())).unwrap_or(name)
}

/// Prefixes of keys that providers make for browsers.
const PUBLISHABLE: &[&str] = &[
    "pk_live_",
    "pk_test_",
    "pk.",
    "phc_",
    "sb_publishable_",
    "6L",
    "pub_",
    "public_",
    "public-",
    "publishable_",
];

/// Judges `value`.
pub(in crate::secrets) fn judge(value: &[u8], used: &Use<'_>, file: &File) -> Judged {
    if matches!(file.place, Place::Test | Place::Foreign) {
        return Judged::Nothing;
    }
    let made = matches!(used.sort, Sort::Signing | Sort::Password) && is_chaos(value)
        || used.sort == Sort::Password && is_app_password(value) && is_of_mail(used, value);
    if !made && (is_no_value(value, used.quoted) || same_as_name(value, used.name) || is_filler(value)) {
        return Judged::Nothing;
    }
    let words = Words::of(without_prefix(used.name));
    if matches!(used.sort, Sort::Token | Sort::Key | Sort::Auth) && is_misshapen(value, &words) {
        return Judged::Nothing;
    }
    if !made && stands_for_a_value(value) {
        return guessable(value, used, file, &words, "it stands for a value");
    }
    if is_text_in_base64(value) {
        return guessable(value, used, file, &words, "it is made of words that can be guessed");
    }
    if made || is_random(value) {
        return drawn(value, used, file, &words);
    }
    made_up(value, used, file, &words)
}

/// Four groups of four small letters, as Google draws them for programs that send mail; also written as one word.
fn is_app_password(value: &[u8]) -> bool {
    let spaced = value.len() == 19;
    let grouped = value
        .iter()
        .enumerate()
        .all(|(i, b)| if spaced && i % 5 == 4 { *b == b' ' } else { b.is_ascii_lowercase() });
    let least = if spaced { 3 } else { 5 };
    (spaced || value.len() == 16) && grouped && unlike_words(value) >= least && !is_made_up(value)
}

/// A word beside it says that it is for mail; groups of letters need none.
fn is_of_mail(used: &Use<'_>, value: &[u8]) -> bool {
    let near = [used.name, used.near].concat().to_ascii_lowercase();
    value.len() == 19 || contains(&near, b"mail") || contains(&near, b"smtp") || contains(&near, b"app_pass")
}

/// What generators of salts draw: all kinds of characters, blanks and brackets among them.
fn is_chaos(value: &[u8]) -> bool {
    let shape = shape(value);
    (40..=128).contains(&shape.length)
        && shape.kinds() == 4
        && shape.distinct >= 24
        && shape.symbols * 6 >= shape.length
        && shape.digits >= 2
        && shape.foreign == 0
        && ![&b"a-z"[..], b"A-Z", b"0-9", b"[s|S]", b"\\s"].into_iter().any(|part| contains(value, part))
        && ![&b"${"[..], b"$(", b"{{", b"<%"].iter().any(|start| value.starts_with(start))
        && !is_computed(value)
        && shape.spaces * 12 <= shape.length
}

/// `temp_${Date.now()}`: the part of a text that code puts in.
fn is_computed(value: &[u8]) -> bool {
    memchr::memmem::find_iter(value, b"${").any(|at| {
        let inner = value.get(at + 2..).unwrap_or_default();
        let end = memchr::memchr(b'}', inner).unwrap_or(0);
        end > 0 && inner.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
    })
}

/// What tokens of rows and requests are called by.
const DATA: &[&str] = &[
    "share",
    "session",
    "device",
    "push",
    "request",
    "correlation",
    "tracking",
    "invite",
    "invitation",
    "reset",
    "confirm",
    "confirmation",
    "unsubscribe",
    "upload",
    "download",
    "event",
    "idempotency",
    "table",
    "row",
    "user",
    "order",
    "cart",
    "guest",
    "visitor",
    "preview",
    "result",
    "results",
    "public",
    "id",
];

/// A random value.
fn drawn(value: &[u8], used: &Use<'_>, file: &File, words: &Words) -> Judged {
    let shape = shape(value);
    let long = value.len() >= 20 || used.sort == Sort::Password && is_app_password(value);
    if shape.foreign > 0 || is_jwt(value) {
        // Who reads tokens decides about them.
        return Judged::Nothing;
    }
    let has = |list: &[&str]| list.iter().any(|word| words.has(word));
    if file.place == Place::Docs && is_shown_in_docs(used, words) {
        return Judged::Nothing;
    }
    let hidden = has(&["secret", "private", "service", "admin", "password", "server"]);
    let browser = PREFIXES.iter().any(|prefix| used.name.starts_with(prefix.as_bytes()));
    let issued = matches!(used.sort, Sort::Token | Sort::Key | Sort::Auth);
    if browser && !hidden && issued {
        return Judged::Public("its name says that every browser gets it");
    }
    if has(&["public", "publishable", "anon", "sitekey"]) && !hidden
        || issued && PUBLISHABLE.iter().any(|start| value.starts_with(start.as_bytes()))
    {
        return Judged::Public("it is made for browsers");
    }
    let shouted = is_shouted(used.name);
    let clear = has(&[
        "api", "apikey", "auth", "access", "secret", "server", "client", "bearer", "admin", "deploy",
        "private", "service",
    ]);
    // Most of what has this form names a row.
    let of_data = words.iter().any(|word| DATA.contains(&word));
    let alone = words.len() < 2 && !shouted || file.place != Place::Product;
    if is_uuid(value) && issued && (used.sort == Sort::Key || !clear && (of_data || alone)) {
        return Judged::Nothing;
    }
    // Commits and digests.
    let digest = shape.hex && [40, 64].contains(&value.len()) && used.sort == Sort::Key && !shouted;
    match file.place {
        Place::Translation => Judged::Nothing,
        _ if used.sort == Sort::Key && (!long || digest) => Judged::Nothing,
        _ if issued && used.by == By::Comparison && !long => Judged::Nothing,
        _ if issued && used.by == By::Comma && !clear && !shouted => Judged::Nothing,
        _ if issued && value.len() < 16 && !shouted && shape.digits == 0 => Judged::Nothing,
        // A password is short; what is made up for a page looks like words.
        Place::Docs if used.sort == Sort::Password && value.len() >= 10 && shape.kinds() >= 3 => {
            Judged::Secret
        }
        Place::Docs if !long || is_uuid(value) || used.sort == Sort::Key && !shouted => Judged::Nothing,
        Place::Sample if !long || is_uuid(value) => Judged::Placeholder("an example made it up", false),
        _ => Judged::Secret,
    }
}

/// Base64 of words: `dGVzdGtleWZvc…`, a key for trying things out.
fn is_text_in_base64(value: &[u8]) -> bool {
    if value.len() < 24 || !value.len().is_multiple_of(4) || value.len() > 128 {
        return false;
    }
    let text = crate::secrets::checks::decode(value).unwrap_or_default();
    let words = text.iter().all(|b| b.is_ascii_lowercase() || matches!(b, b'-' | b'_' | b' ' | b'0'..=b'9'));
    let tries = [&b"test"[..], b"dummy", b"fake", b"sample", b"secret", b"changeme"];
    words && !text.is_empty() && !is_random(&text) && tries.iter().any(|word| contains(&text, word))
}

/// `"token": "…"` in the body of a request, `https://…?token=…`: how an answer or a link looks, in a document.
fn is_shown_in_docs(used: &Use<'_>, words: &Words) -> bool {
    let bare = words.len() == 1 && used.sort == Sort::Token && !is_shouted(used.name);
    bare && (used.quoted && used.by == By::Sign
        || contains(used.near, b"?token=")
        || contains(used.near, b"&token="))
}

/// A value that a person thought of.
fn made_up(value: &[u8], used: &Use<'_>, file: &File, words: &Words) -> Judged {
    if !matches!(used.sort, Sort::Password | Sort::Signing | Sort::Token) || file.place == Place::Translation
    {
        return Judged::Nothing;
    }
    let shape = shape(value);
    // No person types that much.
    if shape.length > 128 {
        return Judged::Nothing;
    }
    let strength = strength(value);
    let password = used.sort == Sort::Password;
    if password
        && file.syntax.login
        && file.place == Place::Product
        && shape.spaces == 0
        && shape.foreign == 0
    {
        return Judged::Secret;
    }
    let shouted = is_shouted(used.name);
    let setting = file.syntax.settings && matches!(used.by, By::Sign | By::Pair);
    if is_for_trying(words) || file.place == Place::Sample {
        return Judged::Nothing;
    }
    if contains(used.near, b"anonymous") {
        return Judged::Nothing;
    }
    let named = is_named_nearby(value, used);
    match strength {
        Strength::Strong
            if used.sort == Sort::Token
                && (shape.kinds() < 4 || shape.length < 12 || shape.symbols > 4 || is_made_up(value)) =>
        {
            Judged::Nothing
        }
        Strength::Strong if used.sort == Sort::Signing && shape.length < 10 => Judged::Nothing,
        Strength::Strong if file.local && shape.kinds() < 4 => Judged::Nothing,
        Strength::Strong if matches!(used.by, By::Prose | By::Comma) && shape.kinds() < 4 => Judged::Nothing,
        Strength::Strong if file.place == Place::Docs && (shape.kinds() < 4 || shape.length < 8) => {
            Judged::Nothing
        }
        Strength::Strong if is_common(value) && (file.place == Place::Docs || file.syntax.prose) => {
            Judged::Nothing
        }
        Strength::Strong => Judged::Secret,
        _ if file.place == Place::Docs || file.syntax.prose => Judged::Nothing,
        Strength::Guessable => {
            guessable(value, used, file, words, "it is among the first that anybody tries")
        }
        Strength::Plain | Strength::Word if named && password => {
            guessable(value, used, file, words, "it is made of the name beside it")
        }
        Strength::Plain if file.local || used.by == By::Comma && !used.fallback => Judged::Nothing,
        Strength::Plain if password => Judged::Secret,
        Strength::Plain
            if used.sort == Sort::Signing && shape.length >= 10 && (shouted || used.fallback || setting) =>
        {
            Judged::Secret
        }
        Strength::Word
            if password
                && is_login(used)
                && !is_label(value)
                && (used.quoted || file.syntax.settings)
                && shape.spaces == 0
                && shape.length >= 5 =>
        {
            match used.by {
                By::Sign | By::Pair | By::Space | By::Login if used.fallback || file.local => {
                    guessable(value, used, file, words, "it is a word")
                }
                By::Sign | By::Pair | By::Space | By::Login | By::Call | By::Comparison => Judged::Secret,
                By::Comma | By::Prose => Judged::Nothing,
            }
        }
        Strength::Word
            if password
                && setting
                && shouted
                && shape.length >= 5
                && shape.spaces == 0
                && !is_label(value)
                && !file.local =>
        {
            Judged::Secret
        }
        Strength::Word
            if used.sort == Sort::Signing
                && (used.fallback || setting && shouted)
                && shape.spaces == 0
                && shape.length >= 4 =>
        {
            guessable(value, used, file, words, "it is made of words that can be guessed")
        }
        _ => Judged::Nothing,
    }
}

fn is_shouted(name: &[u8]) -> bool {
    name.iter().any(u8::is_ascii_uppercase) && !name.iter().any(u8::is_ascii_lowercase)
}

/// Whether the name says that the value is for trying things out.
fn is_for_trying(words: &Words) -> bool {
    ["test", "testing", "dev", "development", "demo", "dummy", "mock", "fake", "example", "sample", "local"]
        .iter()
        .any(|word| words.has(word))
}

/// Three parts of base64, the first a JSON object.
fn is_jwt(value: &[u8]) -> bool {
    value.starts_with(b"eyJ") && value.iter().filter(|b| **b == b'.').count() == 2
}

/// Whether a user or a host is named beside a password.
fn is_login(used: &Use<'_>) -> bool {
    const MARKS: &[&str] = &[
        "username", "user =", "user=", "user:", "user\"", "user'", "hostname", "host\"", "host=", "host =",
        "host:", "host'", "login ", "login:", "email:", "email=", "email\"", "userid", "user id", "user =>",
        "uid=", ":user", "usr=",
    ];
    let lower = used.near.to_ascii_lowercase();
    MARKS.iter().any(|mark| contains(&lower, mark.as_bytes()))
}

/// Whether a password is the user's or the database's name: `surgeon` and `surgeon123`.
fn is_named_nearby(value: &[u8], used: &Use<'_>) -> bool {
    let lower = value.to_ascii_lowercase();
    let stem = lower.split(|b| !b.is_ascii_alphabetic()).next().unwrap_or_default();
    if stem.len() < 3 || lower.len() > stem.len() + 6 {
        return false;
    }
    let near = used.near.to_ascii_lowercase();
    let times = memchr::memmem::find_iter(&near, stem).take(2).count();
    times >= 2
}

/// Words with capitals, or joined by signs, that are names rather than passwords.
fn is_label(value: &[u8]) -> bool {
    let capitals = value.iter().any(u8::is_ascii_uppercase) && !value.iter().any(u8::is_ascii_digit);
    capitals || value.iter().any(|b| matches!(b, b'-' | b'.' | b':' | b'/' | b',' | b'(' | b'[' | b'{'))
}

/// Secrets that the provider hands out: a made-up value is no weak one, it opens nothing.
const ISSUED: &[&str] = &[
    "client",
    "webhook",
    "oauth",
    "consumer",
    "stripe",
    "clerk",
    "azure",
    "azuread",
    "google",
    "github",
    "gitlab",
    "cloudinary",
    "paypal",
    "twilio",
    "aws",
    "s3",
    "openai",
    "facebook",
    "twitter",
    "linkedin",
    "discord",
    "slack",
    "razorpay",
    "paystack",
    "flutterwave",
    "auth0",
    "okta",
    "apple",
    "spotify",
    "r2",
    "minio",
    "recaptcha",
    "turnstile",
    "hcaptcha",
    "pusher",
    "mux",
    "plaid",
    "svix",
    "sendgrid",
    "mailgun",
    "resend",
];

/// A value that everybody knows: a weak secret, if it is what ships.
fn guessable(value: &[u8], used: &Use<'_>, file: &File, words: &Words, because: &'static str) -> Judged {
    if file.place != Place::Product || file.syntax.prose || used.shown || value.len() > 60 {
        return Judged::Nothing;
    }
    let said = matches!(used.by, By::Sign | By::Pair | By::Call | By::Comparison) || used.fallback;
    let shape = shape(value);
    if !said || shape.spaces > 2 || shape.foreign > 0 {
        return Judged::Nothing;
    }
    let shouted = is_shouted(used.name);
    // `password: "Password"` is a label, and so is nearly every word at a token.
    let letters = value.iter().all(|b| b.is_ascii_alphabetic() || *b == b' ');
    let label = used.quoted && !used.fallback && !shouted && letters && used.sort != Sort::Signing;
    if label || !matches!(used.sort, Sort::Password | Sort::Signing) && !used.fallback && !shouted {
        return Judged::Nothing;
    }
    let issued = ISSUED.iter().any(|word| words.has(word));
    let works = match used.sort {
        // What code calls `salt` is no secret: those that are stand in settings.
        Sort::Signing => !issued && (shouted || words.len() > 1 || !words.has("salt")),
        // Nobody's password is "your-password".
        Sort::Password => !issued && !says_nothing_else(value),
        _ => false,
    };
    Judged::Placeholder(because, works && !file.local && !is_for_trying(words))
}

/// `token: "token"`, `PASSWORD: password`, `secret: "client_secret"`.
fn same_as_name(value: &[u8], name: &[u8]) -> bool {
    let plain = |text: &[u8]| -> Vec<u8> {
        text.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect()
    };
    let shouted = value.contains(&b'_')
        && value.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
        && !is_random(value);
    // `SECRET: "Secret"` of a list of names.
    let label = value.first().is_some_and(u8::is_ascii_uppercase);
    let (value, name) = (plain(value), plain(name));
    // `SECRET_KEY = "secret"` is weak, and no name.
    let same = value == name && (value.len() > 8 || label);
    let long = name.len() > 10 && value.len() > 10 && !value.iter().any(u8::is_ascii_digit);
    shouted || same || long && (contains(&name, &value) || contains(&value, &name))
}
