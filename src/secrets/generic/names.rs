//! What the name of a value says of it: `STRIPE_WEBHOOK_SECRET`, `dbPassword`, `x-api-key`.

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
    /// Twelve or more words that a wallet is made of.
    Phrase,
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
        let mut words = Words::default();
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
const AFTER: &[&str] = &[
    "value",
    "val",
    "str",
    "string",
    "text",
    "txt",
    "plain",
    "plaintext",
    "raw",
    "default",
    "prod",
    "production",
    "dev",
    "develop",
    "development",
    "staging",
    "stage",
    "live",
    "test",
    "testing",
    "old",
    "new",
    "backup",
    "env",
    "local",
    "base",
    "current",
    "primary",
    "secondary",
    "main",
    "b",
    "base64",
    "hex",
    "bytes",
    "const",
    "var",
    "again",
    "confirm",
    "confirmation",
    "fallback",
    "override",
    "real",
    "temp",
    "tmp",
    "v",
    "for",
    "prd",
    "dflt",
    "initial",
    "data",
    "literal",
    "clear",
    "unencrypted",
    "uat",
    "qa",
    "sandbox",
    "demo",
    "server",
    "client",
    "app",
    "api",
    "admin",
    "user",
    "root",
    "db",
    "us",
    "eu",
    "global",
];

/// What makes a name one of a task, a text or a widget.
const ABOUT: &[&str] = &[
    "is",
    "has",
    "show",
    "hide",
    "hidden",
    "use",
    "forgot",
    "forgotten",
    "reset",
    "change",
    "update",
    "validate",
    "invalid",
    "missing",
    "wrong",
    "error",
    "err",
    "errors",
    "label",
    "placeholder",
    "field",
    "input",
    "type",
    "column",
    "message",
    "msg",
    "no",
    "require",
    "required",
    "requires",
    "max",
    "min",
    "num",
    "number",
    "total",
    "on",
    "handle",
    "toggle",
    "enter",
    "remember",
    "regex",
    "pattern",
    "hint",
    "title",
    "text",
    "description",
    "incorrect",
    "weak",
    "strong",
    "generate",
    "create",
    "delete",
    "remove",
    "verify",
    "check",
    "rotate",
    "refresh_",
    "mask",
    "masked",
    "redact",
    "redacted",
    "hash",
    "hashed",
    "encrypted",
    "digest",
    "next",
    "page",
    "continuation",
    "sync",
    "csrf",
    "xsrf",
    "cancel",
    "cancellation",
    "design",
    "css",
    "color",
    "theme",
    "start",
    "end",
    "stop",
    "eos",
    "bos",
    "pad",
    "unk",
    "special",
    "sep",
    "cls",
    "parse",
    "parser",
    "lexer",
    "syntax",
    "i18n",
    "translation",
    "lang",
    "icon",
    "href",
    "route",
    "path",
    "url",
    "link",
    "event",
    "scope",
    "permission",
    "count",
];

/// What a key is for that is a secret.
const OPENS: &[&str] = &[
    "api",
    "access",
    "secret",
    "private",
    "encryption",
    "encrypt",
    "signing",
    "sign",
    "sig",
    "signature",
    "auth",
    "master",
    "service",
    "role",
    "admin",
    "crypto",
    "cipher",
    "aes",
    "hmac",
    "jwt",
    "session",
    "cookie",
    "sas",
    "shared",
    "license",
    "webhook",
    "decryption",
    "decrypt",
    "enc",
    "write",
    "subscription",
    "functions",
    "consumer",
    "server",
    "internal",
    "deploy",
    "account",
    "nonce",
    "in",
    "security",
    "rest",
    "stream",
    "integration",
    "root",
    "auth_",
    "app",
    "application",
    "client",
    "user",
    "bot",
    "partner",
    "merchant",
];

/// What a key is for that is none.
const HARMLESS: &[&str] = &[
    "public",
    "publishable",
    "pub",
    "anon",
    "anonymous",
    "site",
    "cache",
    "primary",
    "foreign",
    "sort",
    "partition",
    "query",
    "storage",
    "row",
    "map",
    "object",
    "idempotency",
    "dedupe",
    "unique",
    "i18n",
    "translation",
    "locale",
    "index",
    "group",
    "lookup",
    "verify",
    "verifying",
    "verification",
    "sitekey",
    "measurement",
    "hot",
    "short",
    "shortcut",
    "keyboard",
    "press",
    "down",
    "up",
    "enter",
    "arrow",
    "tab",
    "field",
    "data",
    "dict",
    "item",
    "react",
    "list",
    "s3",
    "file",
    "bucket",
    "path",
    "image",
    "asset",
    "label",
    "message",
    "text",
    "feature",
    "flag",
    "permission",
    "role_",
    "event",
    "state",
    "config",
    "setting",
    "column",
    "table",
    "header",
    "env",
    "metadata",
    "prop",
    "attr",
    "param",
    "body",
    "form",
    "sorting",
    "order",
    "filter",
    "tenant",
    "project",
    "workspace",
    "org",
    "organization",
    "node",
    "edge",
    "parent",
    "child",
    "row_",
    "component",
    "fingerprint",
    "host",
    "known",
    "ssh_public",
    "peer",
    "recipient",
    "entity",
    "resource",
    "record",
    "document",
    "doc",
    "candidate",
    "constraint",
    "composite",
    "surrogate",
    "natural",
    "routing",
    "shard",
    "hash",
    "rowkey",
    "lock",
    "mutex",
    "i",
    "kv",
    "redis",
    "memo",
    "toast",
    "step",
    "section",
    "page",
    "menu",
    "nav",
    "tab_",
    "crowdin",
    "issue",
    "jira",
    "meta",
];

/// The sort of credential that `name` speaks of, and whether it says so clearly.
pub(in crate::secrets) fn sort(words: &Words) -> Option<Sort> {
    let mut last = words.len().checked_sub(1)?;
    while last > 0 && (AFTER.contains(&words.at(last)) || words.at(last).bytes().all(|b| b.is_ascii_digit()))
    {
        // `client_secret` ends with its word; `secret_client` doesn't exist, but `key_prod` does.
        if head(words, last).is_some() {
            break;
        }
        last -= 1;
    }
    let sort = head(words, last)?;
    let about = words.iter().take(last).any(|word| ABOUT.contains(&word));
    if about && sort != Sort::Auth {
        return None;
    }
    Some(sort)
}

fn head(words: &Words, i: usize) -> Option<Sort> {
    let word = words.at(i);
    let before = i.checked_sub(1).map_or("", |before| words.at(before));
    let ends = |ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    if ends(&[
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
    ]) {
        return Some(Sort::Password);
    }
    if word == "pass"
        || word == "pw"
        || word == "mdp"
        || word == "passe"
        || ends(&[
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
        ])
    {
        let harmless = [
            "all", "by", "one", "two", "multi", "first", "second", "single", "render", "shadow", "low",
            "high", "band", "test", "did", "season", "boarding", "will", "must", "should", "can", "to",
        ];
        return (!harmless.contains(&before)).then_some(Sort::Password);
    }
    if ends(&["mnemonic"]) || before == "seed" && ["phrase", "words"].contains(&word) {
        return Some(Sort::Phrase);
    }
    if ends(&["secret", "secretkey", "cryptokey", "signkey", "signingkey", "encryptionkey", "masterkey"])
        || word == "salt"
        || before == "secret" && word == "base"
        || word == "pepper"
    {
        return Some(Sort::Signing);
    }
    if ends(&[
        "apikey",
        "accesskey",
        "authkey",
        "privatekey",
        "servicekey",
        "accountkey",
        "secretaccesskey",
        "sharedaccesskey",
        "primarykey_",
    ]) {
        return Some(Sort::Token);
    }
    if ends(&["token"])
        || ["bearer", "pat", "credential", "credentials", "creds", "cred", "jwt"].contains(&word)
    {
        return Some(Sort::Token);
    }
    if word == "auth" || word == "authorization" || word == "authentication" {
        return Some(Sort::Auth);
    }
    if ["key", "clave", "chave", "cle", "schluessel", "llave"].contains(&word) {
        if i == 0 || HARMLESS.contains(&before) && !(before == "storage" && words.has("azure")) {
            return None;
        }
        let public = words
            .iter()
            .any(|word| ["public", "publishable", "anon", "pub", "site", "vapid"].contains(&word));
        if public && !words.has("private") {
            return None;
        }
        if [
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
        ]
        .contains(&before)
            || before == "app" && words.len() == 2
        {
            return Some(Sort::Signing);
        }
        return Some(if OPENS.contains(&before) { Sort::Token } else { Sort::Key });
    }
    None
}
