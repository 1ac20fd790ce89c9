//! What the name of a value says of it: `STRIPE_WEBHOOK_SECRET`, `dbPassword`, `x-api-key`.

use std::collections::HashSet;
use std::sync::LazyLock;

/// What sort of credential a name speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::secrets) enum Sort {
    /// What a person types: may be a word.
    Password,
    /// What signs or encrypts: drawn at random, or made up by a person.
    Signing,
    /// Drawn at random by whoever issues it.
    Token,
    /// Some key: only a value that can be nothing else counts.
    Key,
    /// `authorization`, `_auth`: a scheme and a token, or base64 of user and password.
    Auth,
}

/// The words of a name, in small letters: `dbPassword`, `DB_PASSWORD` and `db.password` are `db` and `password`.
#[derive(Debug, Default)]
pub(in crate::secrets) struct Words {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Words {
    /// The words of `name`.
    pub fn of(name: &[u8]) -> Words {
        let mut words = Words { text: Vec::with_capacity(name.len()), ends: Vec::with_capacity(8) };
        let mut before = b' ';
        for (i, byte) in name.iter().copied().enumerate() {
            let after = name.get(i + 1).copied().unwrap_or(b' ');
            let begins = byte.is_ascii_uppercase()
                && (before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || before.is_ascii_uppercase() && after.is_ascii_lowercase() && after != b's');
            let parts = !(byte.is_ascii_alphanumeric() || byte >= 0x80);
            if begins || parts || byte.is_ascii_digit() != before.is_ascii_digit() && before != b' ' {
                words.close();
            }
            if !parts {
                words.text.push(byte.to_ascii_lowercase());
            }
            before = byte;
        }
        words.close();
        words
    }

    fn close(&mut self) {
        if self.text.len() > self.ends.last().copied().unwrap_or(0) {
            self.ends.push(self.text.len());
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The word at `i`; `""` beyond the last.
    pub fn at(&self, i: usize) -> &str {
        let start = i.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(i).copied().unwrap_or(start);
        self.text.get(start..end).and_then(|word| std::str::from_utf8(word).ok()).unwrap_or_default()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|i| self.at(i))
    }

    /// Whether `word` is one of them.
    pub fn has(&self, word: &str) -> bool {
        self.iter().any(|other| other == word)
    }
}

/// What follows the word for a credential without making the name one of something else.
static AFTER: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "value val str string text txt plain plaintext raw default prod production dev develop development staging stage \
    live test testing old new backup env local base current primary secondary main b base64 hex bytes const var \
    again confirm confirmation fallback override real temp tmp v for prd dflt initial data literal clear unencrypted \
    uat qa sandbox demo server client app api admin user root db us eu global"
        .split(' ')
        .collect()
});

/// What makes a name one of a task, a text or a widget.
static ABOUT: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "is has show hide hidden use forgot forgotten reset change update validate invalid missing wrong error err errors \
    label placeholder field input type column message msg no require required requires max min num number total on \
    handle toggle enter remember regex pattern hint title text description incorrect weak strong generate create \
    delete remove check rotate mask masked redact redacted hash hashed encrypted digest next page \
    continuation sync csrf xsrf cancel cancellation design css color theme start end stop eos bos pad unk special \
    sep cls parse parser lexer syntax i18n translation lang icon href route path url link event scope permission \
    count"
        .split(' ')
        .collect()
});

/// What a key is for that is a secret.
static OPENS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "api access secret private encryption encrypt signing sign sig signature auth master service role admin crypto \
    cipher aes hmac jwt session cookie sas shared license webhook decryption decrypt enc write subscription \
    functions consumer server internal deploy account nonce in security rest stream integration root app application \
    client user bot partner merchant"
        .split(' ')
        .collect()
});

/// What a key is for that is none.
static HARMLESS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "public publishable pub anon anonymous site cache primary foreign sort partition query storage row map object \
    idempotency dedupe unique i18n translation locale index group lookup verify verifying verification sitekey \
    measurement hot short shortcut keyboard press down up enter arrow tab field data dict item react list s3 file \
    bucket path image asset label message text feature flag permission event state config setting column table \
    header env metadata prop attr param body form sorting order filter tenant project workspace org organization \
    node edge parent child component fingerprint host known ssh_public peer recipient entity resource record \
    document doc candidate constraint composite surrogate natural routing shard hash rowkey lock mutex i kv redis \
    memo toast step section page menu nav crowdin issue jira meta"
        .split(' ')
        .collect()
});

/// Ends of words for what a person types.
const PASSWORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "passwort",
    "kennwort",
    "wachtwoord",
    "contrasena",
    "contraseña",
    "contrasenya",
    "motdepasse",
    "senha",
    "pwd",
    "psw",
    "passwrd",
    "pword",
    "passw",
    "haslo",
    "heslo",
    "dbpass",
    "mypass",
    "userpass",
    "smtppass",
    "mailpass",
    "rootpass",
    "adminpass",
    "ftppass",
    "sqlpass",
    "basicpass",
    "dbpw",
    "sshpass",
    "rootpw",
    "requirepass",
    "masterauth",
    "storepass",
    "keypass",
    "kodeord",
    "losenord",
    "salasana",
];

/// Ends of words for what signs or encrypts.
const SIGNING: &[&str] = &[
    "secret",
    "secretkey",
    "cryptokey",
    "signkey",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "salt",
    "pepper",
    "segredo",
    "secreto",
    "segreto",
];

/// Ends of words for what an issuer draws.
const TOKENS: &[&str] = &[
    "token",
    "apikey",
    "accesskey",
    "authkey",
    "privatekey",
    "servicekey",
    "accountkey",
    "secretaccesskey",
    "sharedaccesskey",
    "subscriptionkey",
    "consumerkey",
    "credential",
    "credentials",
    "chaveapi",
    "claveapi",
    "apichave",
    "apiclave",
    "apischluessel",
    "chaveprivada",
    "claveprivada",
    "chavesecreta",
    "clavesecreta",
];

/// What a key is called elsewhere: Portuguese, Spanish, French, German, Dutch, Italian, Catalan, Polish, Turkish.
const KEYS: &[&str] = &[
    "key",
    "clave",
    "chave",
    "cle",
    "schluessel",
    "schlussel",
    "llave",
    "sleutel",
    "chiave",
    "clau",
    "klucz",
    "anahtar",
];

/// What a key opens, where that is said behind it: `chave_api`, `clave_de_acceso`, `cle_privee`.
const OPENED: &[&str] = &[
    "api",
    "secreta",
    "secrete",
    "segreta",
    "privada",
    "privee",
    "privata",
    "privat",
    "acesso",
    "acceso",
    "acces",
    "accesso",
    "jwt",
    "sessao",
    "sesion",
    "cifrado",
    "encriptacion",
    "criptografia",
    "chiffrement",
    "geheim",
];

/// Whose a password or a token is, where that is said behind it: `senha_banco`, `contrasena_bd`, `token_acesso`.
const WHOSE: &[&str] = &[
    "banco",
    "bd",
    "db",
    "admin",
    "usuario",
    "utilisateur",
    "correo",
    "email",
    "smtp",
    "acesso",
    "acceso",
    "acces",
    "api",
    "de",
    "do",
    "da",
    "del",
    "jwt",
    "sistema",
    "servidor",
    "base",
    "datos",
    "dados",
];

/// What a key signs or encrypts.
const SIGNS: &[&str] = &[
    "secret",
    "encryption",
    "encrypt",
    "signing",
    "sign",
    "master",
    "hmac",
    "jwt",
    "session",
    "cookie",
    "aes",
    "cipher",
    "crypto",
    "enc",
    "signature",
    "nonce",
    "in",
    "kek",
    "dek",
    "csrf",
    "auth",
];

/// `allpass`, `bypass`: other words that end like it.
const PASSES: &[&str] = &[
    "all", "by", "one", "two", "multi", "first", "second", "single", "render", "shadow", "low", "high",
    "band", "test", "did", "season", "boarding", "will", "must", "should", "can", "to", "did", "ski",
    "event", "day", "guest",
];

/// The sort of credential that a name with these words speaks of.
pub(in crate::secrets) fn sort(words: &Words) -> Option<Sort> {
    let mut last = words.len().checked_sub(1)?;
    let follows = |word: &str| AFTER.contains(word) || word.bytes().all(|b| b.is_ascii_digit());
    // `client_secret` ends with its word, `api_key_prod` doesn't.
    while last > 0 && head(words, last).is_none() && follows(words.at(last)) {
        last -= 1;
    }
    let Some(sort) = head(words, last) else { return abroad(words) };
    let about = |word: &str| match sort {
        Sort::Auth => false,
        Sort::Signing | Sort::Key => ABOUT.contains(word) && !MADE.contains(&word),
        Sort::Password | Sort::Token => ABOUT.contains(word),
    };
    (!words.iter().take(last).any(about)).then_some(sort)
}

/// Whether the name is that of the hash of a password: `password_hash`, `hashedPassword`.
pub(super) fn is_of_hash(words: &Words) -> bool {
    let has = |list: &[&str]| list.iter().any(|word| words.has(word));
    words.len() <= 3
        && has(&["password", "passwd", "pass", "pwd"])
        && has(&["hash", "hashed", "encrypted", "digest"])
}

/// What a password is the subject of, and a signing secret is for.
const MADE: &[&str] =
    &["hash", "hashed", "encrypted", "digest", "csrf", "xsrf", "url", "link", "event", "page", "scope"];

/// Names in languages that say first what it is, and then of what.
fn abroad(words: &Words) -> Option<Sort> {
    let first = words.at(0);
    let rest = || (1..words.len()).map(|i| words.at(i));
    let linked = |list: &[&str]| words.len() > 1 && rest().all(|word| list.contains(&word) || word == "de");
    if KEYS.contains(&first) && first != "key" && linked(OPENED) {
        return Some(if words.has("jwt") { Sort::Signing } else { Sort::Token });
    }
    if first == "clave" && linked(WHOSE) {
        return Some(Sort::Password);
    }
    let local =
        ["senha", "contrasena", "contraseña", "contrasenya", "passwort", "kennwort", "segredo", "secreto"];
    if local.contains(&first) && linked(WHOSE) || first == "token" && linked(&["acesso", "acceso", "acces"]) {
        return head(words, 0);
    }
    None
}

fn head(words: &Words, i: usize) -> Option<Sort> {
    let word = words.at(i);
    // Lists of them: `API_KEYS`.
    let word = word
        .strip_suffix('s')
        .filter(|one| ["token", "secret", "key", "apikey"].contains(one))
        .unwrap_or(word);
    let before = i.checked_sub(1).map_or("", |before| words.at(before));
    let ends = |ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    if word == "nopasswd" {
        return None;
    }
    if ends(PASSWORDS) || ["pass", "pw", "mdp", "passe"].contains(&word) {
        return (word != "pass" || !PASSES.contains(&before)).then_some(Sort::Password);
    }
    if ends(SIGNING) || before == "secret" && word == "base" {
        return Some(Sort::Signing);
    }
    if ends(TOKENS) || ["bearer", "pat", "creds", "cred", "jwt"].contains(&word) {
        return Some(Sort::Token);
    }
    if ["auth", "authorization", "authentication"].contains(&word) {
        return Some(Sort::Auth);
    }
    if !KEYS.contains(&word) || i == 0 {
        return None;
    }
    let public = ["public", "publishable", "anon", "pub", "site", "vapid"].iter().any(|word| words.has(word));
    let azure = before == "storage" && words.has("azure");
    if HARMLESS.contains(before) && !azure || public && !words.has("private") {
        return None;
    }
    if SIGNS.contains(&before) || before == "app" && words.len() == 2 {
        return Some(Sort::Signing);
    }
    Some(if OPENS.contains(before) || azure { Sort::Token } else { Sort::Key })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Option<Sort> {
        sort(&Words::of(name.as_bytes()))
    }

    #[test]
    fn the_last_word_says_what_a_name_is_of() {
        for (name, sort) in [
            ("DB_PASSWORD", Sort::Password),
            ("dbPassword", Sort::Password),
            ("db.password", Sort::Password),
            ("smtp-pass", Sort::Password),
            ("PGPASSWORD", Sort::Password),
            ("rootpw2", Sort::Password),
            ("JWT_SECRET", Sort::Signing),
            ("secretKeyBase", Sort::Signing),
            ("APP_KEY", Sort::Signing),
            ("HASH_SALT", Sort::Signing),
            ("STRIPE_WEBHOOK_SECRET", Sort::Signing),
            ("stripeAPIKey", Sort::Token),
            ("x-api-key", Sort::Token),
            ("API_KEYS", Sort::Token),
            ("GITHUB_TOKEN_PROD", Sort::Token),
            ("GITHUB_PAT", Sort::Token),
            ("SENDGRID_KEY", Sort::Key),
            ("Authorization", Sort::Auth),
            ("_auth", Sort::Auth),
        ] {
            assert_eq!(of(name), Some(sort), "{name}");
        }
    }

    #[test]
    fn names_of_other_things_say_nothing() {
        for name in [
            "passwordHash",
            "password_field",
            "tokenUrl",
            "secretName",
            "keyId",
            "keyboard",
            "monkey",
            "cacheKey",
            "primary_key",
            "publicKey",
            "SITE_KEY",
            "SUPABASE_ANON_KEY",
            "VAPID_PUBLIC_KEY",
            "forgotPassword",
            "showPassword",
            "bypass",
            "compass",
            "maxTokens",
            "nextPageToken",
            "author",
            "key",
            "CSRF_TOKEN",
            "errInvalidToken",
            "tokenType",
        ] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
