//! Words that stand for a value, and words that people make secrets of.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::super::generic::names::Words;
use super::super::generic::shape::{contains, is_made_up, is_random, shape};

/// Each says by itself that somebody should put a value here.
static STANDS_FOR: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "your yours example examples sample placeholder replace replaceme replacewith insert todo fixme dummy fake mock \
    mocked xxx redacted masked tbd lorem ipsum enter paste fill put stub changeme changethis changeit tochange \
    yourkey yoursecret yourtoken yourpassword yourapikey here goes undefined null none nil notset unset missing \
    empty foo bar baz foobar foobarbaz qux invalid bogus whatever something anything nope notreal unused irrelevant \
    tu tus aqui aquí ejemplo cambiar cambiame cambia reemplazar sua seu suas exemplo trocar substitua votre vos ici \
    exemple remplacer changez deine dein deinen ihr ihre beispiel hier ersetzen platzhalter tuo tua qui esempio \
    inserisci jouw voorbeeld twoj twój przyklad senin buraya ornek sizin insira inserir coloque ponga pon introduce \
    votrecle tuclave"
        .split(' ')
        .collect()
});

/// What people make secrets of that everybody can guess, beside what anybody's secret is called.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "my our super top very ultra mega secret secrets key keys jwt token tokens password passwort passwd pass pwd pw \
    dev devel development local localhost test tester testing tests default admin admins administrator user users \
    username root app session auth api the a an is this that not for in at of to least long longer than characters \
    character chars char random randomly string change me it please use used only production prod staging safe \
    secure security insecure unsafe private public signing sign encryption encrypt cookie cookies flask django next \
    nextauth node nodejs express laravel rails spring react server client db database postgres postgresql mysql \
    mariadb redis mongo mongodb rabbitmq rabbit minio minioadmin supabase access refresh login hello world qwerty \
    abc abcd abcdef abcdefg guest demo temp temporary keyboard cat welcome letmein master service role anon value \
    some any fallback hash salt hunter dragon monkey football baseball iloveyou sunshine princess superman batman \
    shadow michael trustno starwars freedom hackme owner manager student teacher customer company website web site \
    email mail smtp ftp sa oracle tiger scott toor sql elastic kibana grafana jenkins vagrant docker ubuntu pi \
    raspberry cisco nagios zabbix wordpress wp joomla drupal magento and or with must be should will do dont don t s \
    yes no new old backend frontend project internal webhook bearer credential credentials min minimum length bit \
    bits byte bytes env environment file config set strong generated generate openssl rand base hex one two three \
    qwertyuiop asdf asdfgh zxcvbn zxcvbnm qwer letme open sesame correct horse battery staple secretkey mysecretkey \
    apikey jwtsecret sessionsecret duper hush shh shhh nobody knows know everyone someone we you i am are let go on \
    now later before deploy deploying deployment placeholder example sample dummy fake foo bar baz your here replace \
    todo build ci dummysecret bot chat store shop blog vault cron job worker queue stripe openai google github aws \
    azure"
        .split(' ')
        .collect()
});

/// Nothing but dots, stars, crosses and the like, or something in angle brackets.
pub(in crate::secrets) fn is_filler(value: &[u8]) -> bool {
    let value = head(value).trim_ascii();
    let fills = |b: &u8| {
        matches!(b, b'x' | b'X' | b'*' | b'.' | b'-' | b'_' | b'#' | b'?' | b'0' | b' ' | b'/' | b'+' | b'=')
    };
    let dots = |three: &[u8]| three == "…".as_bytes() || three == "•".as_bytes() || three == "●".as_bytes();
    let bracketed = matches!(value, [b'<', .., b'>'] | [b'[', .., b']'] | [b'{', .., b'}']);
    value.iter().all(fills)
        || value.windows(3).any(dots)
        || bracketed
        || has_any(value, &["...", "***", "&lt;"])
        // The secrets of one-time passwords in every manual; the second one is RFC 6238's.
        || has_any(value, &["JBSWY3DPEHPK3PXP", "GEZDGNBVGY3TQOJQ"])
        // `header.eyJ….signature`
        || value.ends_with(b".signature")
}

/// Nobody spells out that a value is none after this many bytes; hostile text may go on for ever.
fn head(value: &[u8]) -> &[u8] {
    value.get(..256).unwrap_or(value)
}

/// Parts that no value has by chance, in small letters.
const PARTS: &[&str] = &[
    "example",
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "changethis",
    "change-this",
    "replace",
    "your-",
    "your_",
    "yoursecret",
    "yourapp",
    "yourpass",
    "yourmail",
    "yourkey",
    "redacted",
    "dummy",
    "fake",
    "wrong",
    "xxxx",
    "insert_",
    "insert-",
    "todo",
    "fixme",
    "put_your",
    "enter_your",
    "1234567890",
    "notreal",
    "not-real",
    "not_real",
    "goes-here",
    "goes_here",
    "goeshere",
    "你的",
    "您的",
    "あなた",
    "ваш",
    "여기",
    "tu_",
    "tu-",
    "sua_",
    "sua-",
    "seu_",
    "seu-",
    "votre",
    "deine",
    "_here",
    "-here",
];

fn has_any(text: &[u8], parts: &[&str]) -> bool {
    parts.iter().any(|part| contains(text, part.as_bytes()))
}

/// Whether `value` says of itself that it stands for another.
pub(in crate::secrets) fn stands_for_a_value(value: &[u8]) -> bool {
    if is_filler(value) {
        return true;
    }
    let value = head(value);
    let lower = value.trim_ascii().to_ascii_lowercase();
    // A part of two letters may be there by chance.
    let parts = PARTS.iter().filter(|part| part.len() >= 4 || value.len() < 24 || !is_random(value));
    if parts.into_iter().any(|part| {
        contains(&lower, part.as_bytes())
            && (!part.starts_with(['t', 's'])
                || !part.ends_with(['_', '-'])
                || lower.starts_with(part.as_bytes()))
    }) {
        return true;
    }
    Words::of(value).iter().any(|word| STANDS_FOR.contains(word)) && !is_random(value)
}

/// Whether a value that stands for another would not work as one: `your-password`, and not `changeme`.
pub(in crate::secrets) fn says_nothing_else(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    stands_for_a_value(value) && !contains(&lower, b"change")
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

/// Whether `value` is one common word, however written and followed: `P@ssw0rd!2024`.
pub(in crate::secrets) fn is_one_word(value: &[u8]) -> bool {
    let single = |text: &[u8]| {
        let words = Words::of(text);
        let mut letters = words.iter().filter(|word| !word.bytes().all(|b| b.is_ascii_digit()));
        letters.next().is_some_and(|word| COMMON.contains(word)) && letters.next().is_none()
    };
    single(value) || single(&unleet(value))
}

/// `P@ssw0rd` is `Password`. Digits and symbols at the end stay what they are.
fn unleet(value: &[u8]) -> Vec<u8> {
    let end = value.iter().rposition(u8::is_ascii_alphabetic).map_or(value.len(), |last| last + 1);
    let start = value.iter().position(u8::is_ascii_alphanumeric).unwrap_or(0);
    value
        .iter()
        .enumerate()
        .map(|(i, byte)| match byte {
            _ if i >= end || i < start => *byte,
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
    if COMMON.contains(word) {
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
        for (end, reached) in reached.iter_mut().enumerate().take(start + 17).skip(start + 2) {
            let part = word.get(start..end).unwrap_or_default();
            *reached |= COMMON.contains(part) || STANDS_FOR.contains(part);
        }
    }
    reached.get(word.len()).copied().unwrap_or(false)
}
