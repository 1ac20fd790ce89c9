//! Words that stand for a value, and words that people make secrets of.

use super::super::generic::names::Words;
use super::super::generic::shape::{is_made_up, is_random, shape};

/// Each says by itself that somebody should put a value here.
const STANDS_FOR: &[&str] = &[
    "your",
    "yours",
    "example",
    "examples",
    "sample",
    "placeholder",
    "replace",
    "replaceme",
    "replacewith",
    "insert",
    "todo",
    "fixme",
    "dummy",
    "fake",
    "mock",
    "mocked",
    "xxx",
    "redacted",
    "masked",
    "tbd",
    "lorem",
    "ipsum",
    "enter",
    "paste",
    "fill",
    "put",
    "stub",
    "changeme",
    "changethis",
    "changeit",
    "chang",
    "tochange",
    "yourkey",
    "yoursecret",
    "yourtoken",
    "yourpassword",
    "yourapikey",
    "here",
    "goes",
    "undefined",
    "null",
    "none",
    "nil",
    "notset",
    "unset",
    "missing",
    "empty",
    "todo",
    "foo",
    "bar",
    "baz",
    "foobar",
    "foobarbaz",
    "qux",
    "invalid",
    "bogus",
    "whatever",
    "something",
    "anything",
    "nope",
    "notreal",
    "unused",
    "irrelevant",
    // Spanish, Portuguese, French, German, Italian, Dutch, Polish, Turkish.
    "tu",
    "tus",
    "aqui",
    "aquí",
    "ejemplo",
    "cambiar",
    "cambiame",
    "cambia",
    "reemplazar",
    "sua",
    "seu",
    "suas",
    "exemplo",
    "trocar",
    "substitua",
    "votre",
    "vos",
    "ici",
    "exemple",
    "remplacer",
    "changez",
    "deine",
    "dein",
    "deinen",
    "ihr",
    "ihre",
    "beispiel",
    "hier",
    "ersetzen",
    "platzhalter",
    "tuo",
    "tua",
    "qui",
    "esempio",
    "inserisci",
    "jouw",
    "voorbeeld",
    "twoj",
    "twój",
    "przyklad",
    "senin",
    "buraya",
    "ornek",
    "sizin",
    "insira",
    "inserir",
    "coloque",
    "ponga",
    "pon",
    "introduce",
    "votrecle",
    "tuclave",
];

/// What people make secrets of that everybody can guess, beside what anybody's secret is called.
const COMMON: &[&str] = &[
    "my",
    "our",
    "super",
    "top",
    "very",
    "ultra",
    "mega",
    "secret",
    "secrets",
    "key",
    "keys",
    "jwt",
    "token",
    "tokens",
    "password",
    "passwort",
    "passwd",
    "pass",
    "pwd",
    "pw",
    "dev",
    "devel",
    "development",
    "local",
    "localhost",
    "test",
    "tester",
    "testing",
    "tests",
    "default",
    "admin",
    "admins",
    "administrator",
    "user",
    "users",
    "username",
    "root",
    "app",
    "session",
    "auth",
    "api",
    "the",
    "a",
    "an",
    "is",
    "this",
    "that",
    "not",
    "for",
    "in",
    "at",
    "of",
    "to",
    "least",
    "long",
    "longer",
    "than",
    "characters",
    "character",
    "chars",
    "char",
    "random",
    "randomly",
    "string",
    "change",
    "me",
    "it",
    "please",
    "use",
    "used",
    "only",
    "production",
    "prod",
    "staging",
    "safe",
    "secure",
    "security",
    "insecure",
    "unsafe",
    "private",
    "public",
    "signing",
    "sign",
    "encryption",
    "encrypt",
    "cookie",
    "cookies",
    "flask",
    "django",
    "next",
    "nextauth",
    "node",
    "nodejs",
    "express",
    "laravel",
    "rails",
    "spring",
    "react",
    "server",
    "client",
    "db",
    "database",
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "redis",
    "mongo",
    "mongodb",
    "rabbitmq",
    "rabbit",
    "minio",
    "minioadmin",
    "supabase",
    "access",
    "refresh",
    "login",
    "hello",
    "world",
    "qwerty",
    "abc",
    "abcd",
    "abcdef",
    "abcdefg",
    "guest",
    "demo",
    "temp",
    "temporary",
    "keyboard",
    "cat",
    "welcome",
    "letmein",
    "master",
    "system",
    "service",
    "role",
    "anon",
    "value",
    "some",
    "any",
    "fallback",
    "hash",
    "salt",
    "hunter",
    "dragon",
    "monkey",
    "football",
    "baseball",
    "iloveyou",
    "sunshine",
    "princess",
    "superman",
    "batman",
    "shadow",
    "michael",
    "trustno",
    "starwars",
    "freedom",
    "hackme",
    "owner",
    "manager",
    "student",
    "teacher",
    "customer",
    "company",
    "website",
    "web",
    "site",
    "email",
    "mail",
    "smtp",
    "ftp",
    "sa",
    "oracle",
    "tiger",
    "scott",
    "toor",
    "system",
    "postgre",
    "sql",
    "elastic",
    "kibana",
    "grafana",
    "jenkins",
    "vagrant",
    "docker",
    "ubuntu",
    "pi",
    "raspberry",
    "cisco",
    "nagios",
    "zabbix",
    "wordpress",
    "wp",
    "joomla",
    "drupal",
    "magento",
    "and",
    "or",
    "with",
    "must",
    "be",
    "should",
    "will",
    "do",
    "dont",
    "don",
    "t",
    "s",
    "yes",
    "no",
    "new",
    "old",
    "backend",
    "frontend",
    "project",
    "internal",
    "webhook",
    "bearer",
    "credential",
    "credentials",
    "min",
    "minimum",
    "length",
    "bit",
    "bits",
    "byte",
    "bytes",
    "env",
    "environment",
    "file",
    "config",
    "set",
    "strong",
    "generated",
    "generate",
    "openssl",
    "rand",
    "base",
    "hex",
    "one",
    "two",
    "three",
    "qwertyuiop",
    "asdf",
    "asdfgh",
    "zxcvbn",
    "zxcvbnm",
    "qwer",
    "letme",
    "open",
    "sesame",
    "correct",
    "horse",
    "battery",
    "staple",
    "secretkey",
    "mysecretkey",
    "x",
    "apikey",
    "jwtsecret",
    "sessionsecret",
    "super",
    "duper",
    "hush",
    "shh",
    "shhh",
    "nobody",
    "knows",
    "know",
    "everyone",
    "someone",
    "we",
    "you",
    "i",
    "am",
    "are",
    "let",
    "go",
    "in",
    "on",
    "now",
    "later",
    "before",
    "deploy",
    "deploying",
    "deployment",
    "placeholder",
    "example",
    "sample",
    "dummy",
    "fake",
    "foo",
    "bar",
    "baz",
    "your",
    "here",
    "replace",
    "todo",
    "build",
    "ci",
    "e",
    "ee",
    "dummysecret",
    "bot",
    "chat",
    "store",
    "shop",
    "blog",
    "vault",
    "cron",
    "job",
    "worker",
    "queue",
    "stripe",
    "openai",
    "google",
    "github",
    "aws",
    "azure",
];

/// Whether `value` says of itself that it stands for another.
pub(in crate::secrets) fn stands_for_a_value(value: &[u8]) -> bool {
    let trimmed = value.trim_ascii();
    let is_filler = |b: &u8| {
        matches!(b, b'x' | b'X' | b'*' | b'.' | b'-' | b'_' | b'#' | b'?' | b'0' | b' ')
            || *b >= 0x80 && false
    };
    if trimmed.iter().all(is_filler)
        || trimmed.windows(3).any(|three| three == "…".as_bytes() || three == "•".as_bytes())
    {
        return true;
    }
    if let [b'<', .., b'>'] | [b'[', .., b']'] | [b'{', .., b'}'] = trimmed {
        return true;
    }
    let has = |part: &[u8]| super::super::generic::shape::contains(trimmed, part);
    if has(b"...")
        || has(b"***")
        || has(b"xxxx")
        || has(b"XXXX")
        || has(b"&lt;")
        || has("你的".as_bytes())
        || has("您的".as_bytes())
        || has("あなた".as_bytes())
        || has("ваш".as_bytes())
        || has("여기".as_bytes())
    {
        return true;
    }
    let lower = trimmed.to_ascii_lowercase();
    let has = |part: &[u8]| super::super::generic::shape::contains(&lower, part);
    if has(b"example")
        || has(b"placeholder")
        || has(b"changeme")
        || has(b"change-me")
        || has(b"change_me")
        || has(b"replace")
        || has(b"your-")
        || has(b"your_")
        || has(b"redacted")
        || has(b"dummy")
    {
        return true;
    }
    let words = Words::of(trimmed);
    words.iter().any(|word| STANDS_FOR.contains(&word)) && !is_random(value)
}

/// Whether `value` is made of words that everybody tries, of counted characters, or of nothing else.
pub(in crate::secrets) fn is_common(value: &[u8]) -> bool {
    if is_made_up(value) || value.iter().all(u8::is_ascii_digit) {
        return true;
    }
    let plain = unleet(value);
    let words = Words::of(&plain);
    let mut letters = false;
    let all = words.iter().all(|word| {
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        letters |= !digits;
        digits || covered(word)
    });
    let plainly = Words::of(value);
    let mut some = false;
    let all_plainly = plainly.iter().all(|word| {
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        some |= !digits;
        digits || covered(word)
    });
    letters && all || some && all_plainly
}

/// How many common words a value of common words has.
pub(in crate::secrets) fn words_in(value: &[u8]) -> usize {
    Words::of(&unleet(value)).iter().filter(|word| !word.bytes().all(|b| b.is_ascii_digit())).count()
}

/// `P@ssw0rd` is `Password`. Digits and symbols at the end stay what they are.
fn unleet(value: &[u8]) -> Vec<u8> {
    let end = value.iter().rposition(u8::is_ascii_alphabetic).map_or(value.len(), |last| last + 1);
    value
        .iter()
        .enumerate()
        .map(|(i, byte)| match byte {
            _ if i >= end => *byte,
            b'0' => b'o',
            b'1' => b'i',
            b'3' => b'e',
            b'4' | b'@' => b'a',
            b'5' | b'$' => b's',
            b'7' => b't',
            _ => *byte,
        })
        .collect()
}

/// Whether `word` is a row of common words: `mysecretpassword`.
fn covered(word: &str) -> bool {
    if COMMON.contains(&word) {
        return true;
    }
    if word.len() > 64 || shape(word.as_bytes()).foreign > 0 {
        return false;
    }
    let mut reached = [false; 65];
    reached[0] = true;
    for start in 0..word.len() {
        if !reached.get(start).copied().unwrap_or(false) {
            continue;
        }
        let rest = word.get(start..).unwrap_or_default();
        for common in
            COMMON.iter().chain(STANDS_FOR).filter(|common| common.len() > 1 && rest.starts_with(**common))
        {
            if let Some(end) = reached.get_mut(start + common.len()) {
                *end = true;
            }
        }
    }
    reached.get(word.len()).copied().unwrap_or(false)
}
