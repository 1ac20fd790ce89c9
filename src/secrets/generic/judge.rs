//! Whether a value that its name calls a credential is one.

use super::super::classify::place::{Place, is_local, place};
use super::super::classify::reference::is_no_value;
use super::super::classify::strength::{Strength, strength};
use super::super::classify::words::{is_common, stands_for_a_value};
use super::assigned::By;
use super::names::{Sort, Words};
use super::shape::{contains, is_random, is_uuid, shape};
use super::syntax::{Syntax, syntax};

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

/// What is known of the file, once for all its values.
#[derive(Debug, Clone, Copy)]
pub(in crate::secrets) struct File {
    pub place: Place,
    pub local: bool,
    pub syntax: Syntax,
}

impl File {
    /// What is known of the file at `path`.
    pub fn of(path: &str) -> File {
        File { place: place(path), local: is_local(path), syntax: syntax(path) }
    }
}

/// What is known of a value beside itself.
#[derive(Debug, Clone, Copy)]
pub(in crate::secrets) struct Use<'a> {
    pub sort: Sort,
    pub name: &'a [u8],
    pub quoted: bool,
    pub fallback: bool,
    pub by: By,
    /// A user name or a host stands beside it.
    pub login: bool,
}

const PREFIXES: &[&[u8]] = &[
    b"NEXT_PUBLIC_",
    b"VITE_",
    b"EXPO_PUBLIC_",
    b"REACT_APP_",
    b"PUBLIC_",
    b"NUXT_PUBLIC_",
    b"GATSBY_",
    b"VUE_APP_",
    b"NG_APP_",
];

/// Judges `value`.
pub(in crate::secrets) fn judge(value: &[u8], used: &Use<'_>, file: &File) -> Judged {
    if used.sort == Sort::Phrase {
        return phrase(value, file);
    }
    if is_no_value(value, used.quoted) || same_as_name(value, used.name) {
        return Judged::Nothing;
    }
    if matches!(file.place, Place::Test | Place::Foreign) {
        return Judged::Nothing;
    }
    let words = Words::of(used.name);
    if stands_for_a_value(value) {
        return guessable(value, used, file, &words, "it stands for a value");
    }
    let random = is_random(value);
    if random {
        return drawn(value, used, file, &words);
    }
    made_up(value, used, file, &words)
}

/// A random value.
fn drawn(value: &[u8], used: &Use<'_>, file: &File, words: &Words) -> Judged {
    let shape = shape(value);
    let long = value.len() >= 20;
    if shape.spaces > 3 || shape.foreign > 0 {
        return Judged::Nothing;
    }
    let hidden =
        ["secret", "private", "service", "admin", "password", "server"].iter().any(|word| words.has(word));
    let shown = PREFIXES.iter().any(|prefix| used.name.starts_with(prefix));
    if shown && !hidden && matches!(used.sort, Sort::Token | Sort::Key | Sort::Auth) {
        return Judged::Public("its name says that every browser gets it");
    }
    if words.iter().any(|word| ["public", "publishable", "anon", "sitekey"].contains(&word)) && !hidden {
        return Judged::Public("its name says that it is public");
    }
    match (used.sort, file.place) {
        (_, Place::Translation) => Judged::Nothing,
        (Sort::Key, _)
            if is_uuid(value) || !long || shape.hex && value.len() == 40 && !used.name.contains(&b'_') =>
        {
            Judged::Nothing
        }
        (Sort::Key | Sort::Token | Sort::Auth, _) if used.by == By::Comparison && !long => Judged::Nothing,
        (_, Place::Docs) if !long || is_uuid(value) => Judged::Nothing,
        (Sort::Key, Place::Docs) if !used.name.contains(&b'_') => Judged::Nothing,
        (_, Place::Sample) if !long || is_uuid(value) => Judged::Placeholder("an example made it up", false),
        (Sort::Token | Sort::Auth, _)
            if value.len() < 16 && !used.name.contains(&b'_') && shape.digits == 0 =>
        {
            Judged::Nothing
        }
        _ => Judged::Secret,
    }
}

/// A value that a person thought of.
fn made_up(value: &[u8], used: &Use<'_>, file: &File, words: &Words) -> Judged {
    if !matches!(used.sort, Sort::Password | Sort::Signing | Sort::Token) || file.place == Place::Translation
    {
        return Judged::Nothing;
    }
    let shape = shape(value);
    let strength = strength(value);
    let password = used.sort == Sort::Password;
    let shouted = !used.name.iter().any(u8::is_ascii_lowercase);
    let setting = file.syntax.settings && (used.by == By::Sign || used.by == By::Pair);
    let dev = ["test", "dev", "demo", "dummy", "mock", "fake", "example", "sample", "local"]
        .iter()
        .any(|word| words.has(word));
    if dev || file.place == Place::Sample {
        return if strength == Strength::Strong
            && !dev
            && shape.kinds() == 4
            && shape.length >= 12
            && !is_common(value)
        {
            Judged::Placeholder("an example made it up", false)
        } else {
            Judged::Nothing
        };
    }
    match strength {
        Strength::Strong if used.sort == Sort::Token => {
            if shape.kinds() == 4 && shape.length >= 12 && shape.symbols <= 4 {
                Judged::Secret
            } else {
                Judged::Nothing
            }
        }
        Strength::Strong if used.sort == Sort::Signing && shape.length < 10 => Judged::Nothing,
        Strength::Strong if matches!(used.by, By::Prose | By::Comma) && shape.kinds() < 4 => Judged::Nothing,
        Strength::Strong if file.place == Place::Docs && shape.kinds() < 4 => Judged::Nothing,
        Strength::Strong => Judged::Secret,
        _ if file.place == Place::Docs => Judged::Nothing,
        Strength::Plain if password && used.by != By::Comma => Judged::Secret,
        Strength::Plain
            if used.sort == Sort::Signing && shape.length >= 10 && (shouted || used.fallback || setting) =>
        {
            Judged::Secret
        }
        Strength::Guessable => {
            guessable(value, used, file, words, "it is among the first that anybody tries")
        }
        Strength::Word
            if password
                && (used.login || file.syntax.login || setting && shouted)
                && shape.spaces == 0
                && shape.length >= 5
                && !is_label(value) =>
        {
            if file.local {
                Judged::Nothing
            } else {
                Judged::Secret
            }
        }
        Strength::Word
            if used.sort == Sort::Signing
                && (used.fallback || setting && shouted)
                && shape.spaces == 0
                && shape.length >= 4 =>
        {
            Judged::Placeholder("it is made of words that can be guessed", weak_here(used, file))
        }
        _ => Judged::Nothing,
    }
}

/// Words with capitals, or joined by signs, that are names rather than passwords.
fn is_label(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_uppercase) && !value.iter().any(u8::is_ascii_digit)
        || value.iter().any(|b| matches!(b, b'-' | b'.' | b':' | b'/' | b','))
}

/// A value that everybody knows: a weak secret, if it is what ships.
fn guessable(value: &[u8], used: &Use<'_>, file: &File, words: &Words, because: &'static str) -> Judged {
    let dev = ["test", "dev", "demo", "dummy", "mock", "fake", "example", "sample", "local"]
        .iter()
        .any(|word| words.has(word));
    if file.place != Place::Product
        || !matches!(used.sort, Sort::Password | Sort::Signing | Sort::Token)
        || value.len() > 100
    {
        return Judged::Nothing;
    }
    let token = used.sort == Sort::Token;
    let said = matches!(used.by, By::Sign | By::Pair | By::Call | By::Comparison) || used.fallback;
    if !said || shape(value).spaces > 2 || shape(value).foreign > 0 {
        return Judged::Nothing;
    }
    let shouted = !used.name.iter().any(u8::is_ascii_lowercase);
    // `type: "password"` and labels aren't asked here; `password: "Password"` is one.
    let label = used.quoted
        && !used.fallback
        && !shouted
        && value.iter().all(|b| b.is_ascii_alphabetic() || *b == b' ')
        && used.sort != Sort::Signing;
    if label || token && !used.fallback && !shouted {
        return Judged::Nothing;
    }
    Judged::Placeholder(because, !dev && !file.local && weak_here(used, file) && !token)
}

/// Whether the name is one whose value guards what ships.
fn weak_here(used: &Use<'_>, file: &File) -> bool {
    file.place == Place::Product
        && !file.local
        && !(used.by == By::Prose || used.by == By::Comma && !used.fallback)
}

/// `token: "token"`, `PASSWORD: password`, `secret: "client_secret"`.
fn same_as_name(value: &[u8], name: &[u8]) -> bool {
    let plain = |text: &[u8]| -> Vec<u8> {
        text.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect()
    };
    let (value, name) = (plain(value), plain(name));
    // `SECRET_KEY = "secret"` is weak, not a name of itself.
    value == name && value.len() > 8
        || name.len() > 10
            && value.len() > 10
            && (contains(&name, &value) || contains(&value, &name))
            && !value.iter().any(u8::is_ascii_digit)
}

/// The words of a wallet.
fn phrase(value: &[u8], file: &File) -> Judged {
    let words: Vec<&[u8]> = value.split(|b| *b == b' ').filter(|word| !word.is_empty()).collect();
    let fits = [12, 15, 18, 21, 24].contains(&words.len())
        && words.iter().all(|word| (3..=8).contains(&word.len()) && word.iter().all(u8::is_ascii_lowercase));
    let mut different = words.clone();
    different.sort_unstable();
    different.dedup();
    match file.place {
        _ if !fits => Judged::Nothing,
        Place::Test | Place::Foreign | Place::Translation => Judged::Nothing,
        _ if different.len() * 2 <= words.len() => {
            Judged::Placeholder("everybody develops with these words", false)
        }
        _ => Judged::Secret,
    }
}
