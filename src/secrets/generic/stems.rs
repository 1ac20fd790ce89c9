//! What announces a credential: parts of names, of calls and of commands, and how they are found.

use std::sync::LazyLock;

use crate::words::First;

/// Parts of names, and of what else announces a credential; in nearly every text.
const COMMON: &[&str] = &[
    "pass",
    "Pass",
    "PASS",
    "secret",
    "Secret",
    "SECRET",
    "token",
    "Token",
    "TOKEN",
    "key",
    "Key",
    "KEY",
    "auth",
    "Auth",
    "AUTH",
    "pwd",
    "Pwd",
    "PWD",
    "cred",
    "Cred",
    "CRED",
    "salt",
    "Salt",
    "SALT",
    "://",
    "SERT INTO",
    "sert into",
    "ENTIFIED ",
    "entified ",
    "-u ",
    "-user ",
    "ogin(",
    "DirectoryEntry",
    "earer ",
    "_PAT",
    "_pat",
    "_PW",
    "JWT",
    "Hmac",
    "hmac",
    "HMAC",
    ".sign(",
    ".verify(",
    "crypt(",
    "etConnection(",
    "PDO(",
    "mysqli(",
    "CLE_",
    "SEGREDO",
    "chiave",
    "Clave",
    "Chave",
    "b64encode(",
    "ncode64(",
];

/// What few texts have: names in other languages, calls and commands. Of four bytes at least, and of no more than 64
/// parts: so many are found at once, at the speed of memory.
const RARE: &[&str] = &[
    "senha",
    "SENHA",
    "contrase",
    "CONTRASE",
    "clave",
    "CLAVE",
    "chave",
    "CHAVE",
    "cle_",
    "chluessel",
    "egredo",
    "@tcp(",
    "@unix(",
    "jwt.",
    "jwtV",
    "jwt:",
    "jwt\"",
    "onnect(",
    "ookieParser",
    "ipheriv",
    "ignWith",
    "ernet(",
    "equelize",
    "reate_superuser",
    "reate_user",
    "[]byte(",
    "etBytes(",
    "toByteArray(",
    "ovider :",
    "niauth :",
    "wilio",
    "lient(\"AC",
    "lient('AC",
    "crypt.hash",
    "ldap",
    "Wallet",
    "oECDSA",
    "dmin / ",
    ".com / ",
    ".io / ",
    "` / `",
    "ase64",
    "btoa(",
    "-cli",
    "mysql",
    "mariadb",
    " -U ",
    "curl ",
    "sudo -S",
    "rabbitmqctl",
    "mc alias",
    "zip -P",
    "ssl enc",
    " -pw ",
    "net user",
    "project-ref",
    "setx ",
    "nv add ",
    "nv:set ",
    "nv set ",
    "SecureString",
    "kty\"",
    "kty:",
];

/// What finds the first of many texts.
#[derive(Debug)]
pub(super) struct Finder {
    search: First,
    stems: &'static [&'static str],
}

/// What nearly every text has.
pub(super) static NAMES: LazyLock<Finder> = LazyLock::new(|| Finder::of(COMMON));

/// What few texts have.
pub(super) static CALLS: LazyLock<Finder> = LazyLock::new(|| Finder::of(RARE));

impl Finder {
    #[expect(clippy::expect_used, reason = "the stems are constant, and a unit test searches with them")]
    fn of(stems: &'static [&'static str]) -> Finder {
        Finder { search: First::new(stems).expect("constant"), stems }
    }

    /// The first stem from `at` on: where it starts and ends, and which it is.
    pub fn find(&self, text: &[u8], at: usize) -> Option<(usize, usize, &'static str)> {
        let found = self.search.find(text, at)?;
        Some((found.start(), found.end(), self.stems.get(found.pattern().as_usize()).copied()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_are_short_enough_to_be_searched_at_once() {
        assert!(COMMON.len() <= 64 && RARE.len() <= 64, "{} {}", COMMON.len(), RARE.len());
        assert_eq!(NAMES.find(b"x = my_token", 2), Some((7, 12, "token")));
        assert_eq!(CALLS.find(b"app.use(cookieParser('x'))", 0), Some((9, 20, "ookieParser")));
        assert_eq!(CALLS.find(b"nothing", 0), None);
    }
}
