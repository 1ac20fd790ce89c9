//! What stands where a value could, and is none: a name of one, an expression, an address, a text.

use super::super::generic::shape::{contains, shape};

/// Whether `value` only says where the value comes from, or is something else altogether.
pub(in crate::secrets) fn is_no_value(value: &[u8], quoted: bool) -> bool {
    let value = value.trim_ascii();
    if value.len() < 3 || value.len() > 4096 {
        return true;
    }
    is_reference(value) || is_code(value, quoted) || is_address(value) || is_named_thing(value)
}

/// `${NAME}`, `$NAME`, `{{ name }}`, `%NAME%`, `vault:…`, `secrets.NAME`.
pub(in crate::secrets) fn is_reference(value: &[u8]) -> bool {
    const STARTS: &[&[u8]] = &[
        b"${",
        b"$(",
        b"{{",
        b"<%",
        b"#{",
        b"@@",
        b"%(",
        b"!Ref",
        b"!Sub",
        b"!GetAtt",
        b"!ImportValue",
        b"!env",
        b"!vault",
        b"!secret",
        b"vault:",
        b"arn:",
        b"op://",
        b"sm://",
        b"ssm:",
        b"ssm://",
        b"kms:",
        b"secret://",
        b"aws-sm://",
        b"gcp-sm://",
        b"akv://",
        b"ref+",
        b"doppler://",
        b"projects/",
        b"process.env",
        b"import.meta",
        b"os.environ",
        b"os.getenv",
        b"os.Getenv",
        b"env.",
        b"env(",
        b"ENV[",
        b"ENV.",
        b"Deno.env",
        b"secrets.",
        b"vars.",
        b"var.",
        b"local.",
        b"data.",
        b"module.",
        b"inputs.",
        b"params.",
        b"config.",
        b"settings.",
        b"self.",
        b"this.",
        b"self::",
        b"github.",
        b"steps.",
        b"needs.",
        b"matrix.",
        b"keyring:",
        b"file:",
        b"file(",
        b"@Microsoft.KeyVault",
        b"{resolve:",
        b"{{resolve",
        b"lookup(",
        b"sops:",
        b"ENC[",
        b"ENC(",
        b"AQICA",
        // What only the cluster can open: SealedSecrets begin with the length of their key, 512.
        b"AgA",
        b"AgB",
        b"AgC",
        b"AgD",
        b"vault_",
        b"random_password.",
        b"aws_",
        b"google_",
        b"azurerm_",
        b"$env:",
        b"%env(",
        b"@env",
        b"System.getenv",
        b"base64encode(",
        b"__",
        b"data:image",
        b"-----BEGIN",
        b"env:",
        b"fn::",
        b"Fn::",
        b"context.",
        b"$encrypted",
        b"=",
        b"$argon",
        b"$2a$",
        b"$2b$",
        b"$2y$",
        b"$1$",
        b"$5$",
        b"$6$",
        b"$apr1$",
        b"{SHA}",
        b"{SSHA}",
        b"pbkdf2",
        b"scrypt:",
        b"sha1$",
        b"argon2",
        b"SCRAM-SHA",
        b"md5$",
        b"md5:",
        b"sha256-",
        b"sha384-",
        b"sha512-",
        b"sha256:",
        b"sha1-",
        b"sha512:",
        b"bcrypt$",
        b"bcrypt_sha",
    ];
    if STARTS.iter().any(|start| value.starts_with(start)) {
        // A random value may begin with any of the letters, but hardly with a dot or a bracket after them.
        return !([b"AgA", b"AgB", b"AgC", b"AgD"].iter().any(|sealed| value.starts_with(*sealed))
            || value.starts_with(b"=")
            || value.starts_with(b"aws_"))
            || value.len() > 100
            || value.starts_with(b"=");
    }
    if let [b'$', name @ ..] = value {
        return name.iter().all(|b| {
            b.is_ascii_alphanumeric()
                || matches!(
                    b,
                    b'_' | b'.' | b':' | b'{' | b'}' | b'[' | b']' | b'-' | b'>' | b'\'' | b'"' | b'(' | b')'
                )
        }) && name.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
    }
    if let [b'%', .., b'%']
    | [b'{', .., b'}']
    | [b'<', .., b'>']
    | [b'#', b'{', .., b'}']
    | [b'@', b'{', ..] = value
    {
        return true;
    }
    contains(value, b"${")
        || contains(value, b"{{")
        || contains(value, b"$(")
        || contains(value, b"#{")
        || contains(value, b"<%")
        || contains(value, b"%s")
        || contains(value, b"%v")
        || contains(value, b"'+")
        || contains(value, b"' +")
        || contains(value, b"\" +")
        || contains(value, b"\"+")
        || contains(value, b"process.env")
        || contains(value, b"%d")
        || value.contains(&b'{')
            && value.contains(&b'}')
            && (contains(value, b"}}") || shape(value).symbols < 8)
}

/// Calls, paths of fields, types, operators.
fn is_code(value: &[u8], quoted: bool) -> bool {
    const WORDS: &[&[u8]] = &[
        b"true",
        b"false",
        b"null",
        b"nil",
        b"None",
        b"none",
        b"undefined",
        b"string",
        b"String",
        b"str",
        b"number",
        b"boolean",
        b"required",
        b"optional",
        b"yes",
        b"no",
        b"True",
        b"False",
        b"text",
        b"TEXT",
        b"varchar",
        b"any",
        b"unknown",
        b"void",
        b"self",
        b"this",
        b"new",
        b"await",
        b"async",
        b"auto",
        b"write",
        b"read",
        b"inherit",
        b"always",
        b"never",
        b"include",
        b"same-origin",
        b"omit",
        b"bearer",
        b"Bearer",
        b"basic",
        b"Basic",
        b"header",
        b"query",
        b"body",
        b"oauth",
        b"oauth2",
        b"jwt",
        b"JWT",
        b"hidden",
        b"off",
        b"on",
        b"current-password",
        b"new-password",
        b"one-time-code",
        b"off",
        b"not-set",
        b"N/A",
        b"n/a",
        b"disabled",
        b"enabled",
        b"NULL",
        b"unset",
        b"FAIL",
        b"FAILED",
        b"PASS",
        b"SKIP",
        b"WARN",
        b"ALL",
    ];
    if WORDS.contains(&value) {
        return true;
    }
    if contains(value, b"(?")
        || contains(value, b"\\d")
        || contains(value, b"\\w")
        || contains(value, b"a-z")
        || contains(value, b"0-9")
        || contains(value, b"[s|S]")
        || contains(value, b"[A-Z")
        || contains(value, b"[0-9")
        || contains(value, b"=>")
        || contains(value, b".*")
    {
        return true;
    }
    if quoted {
        return false;
    }
    let name = value
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':')))
        .unwrap_or(value.len());
    let after = value.get(name).copied();
    // `getToken(`, `user.password`, `keys[0]`, `name:`.
    name > 0 && matches!(after, Some(b'(' | b'[')) && value.first().is_some_and(u8::is_ascii_alphabetic)
        || value.contains(&b'.') && dotted(value)
        || matches!(value.first(), Some(b'(' | b'[' | b'{' | b'|' | b'>' | b'&' | b'*' | b'!' | b'?'))
}

/// `user.password`, `request.headers.token`: names joined by dots.
fn dotted(value: &[u8]) -> bool {
    value.split(|b| *b == b'.').all(|part| {
        part.first().is_some_and(u8::is_ascii_alphabetic)
            && part.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'?' | b'!' | b';'))
            && !super::super::generic::shape::is_random(part)
    })
}

/// Addresses without a password in them, paths, mail addresses.
fn is_address(value: &[u8]) -> bool {
    if contains(value, b"://") || value.starts_with(b"%2e%2e%2f") || value.starts_with(b"..%2f") {
        return true;
    }
    if value.starts_with(b"/")
        || value.starts_with(b"./")
        || value.starts_with(b"../")
        || value.starts_with(b"~/")
        || value.starts_with(b"C:\\")
        || value.starts_with(b"@/")
    {
        return !super::super::generic::shape::is_random(value)
            || value.iter().filter(|b| **b == b'/').count() > 2 && value.len() < 40;
    }
    const ENDS: &[&[u8]] = &[
        b".pem", b".key", b".crt", b".json", b".txt", b".yml", b".yaml", b".ts", b".tsx", b".js", b".py",
        b".p12", b".pfx", b".jks", b".env", b".com", b".net", b".org", b".io", b".dev", b".html", b".php",
        b".md", b".p8", b".local", b".toml", b".xml", b".svg", b".png",
    ];
    let mail = value.iter().filter(|b| **b == b'@').count() == 1
        && value.split(|b| *b == b'@').nth(1).is_some_and(|host| {
            host.contains(&b'.')
                && host.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
                && host
                    .rsplit(|b| *b == b'.')
                    .next()
                    .is_some_and(|end| end.len() >= 2 && end.iter().all(u8::is_ascii_alphabetic))
        });
    mail || ENDS.iter().any(|end| value.ends_with(end)) && value.len() < 120
}

/// Names of things: dates, versions, MIME types, colours, selectors, packages.
fn is_named_thing(value: &[u8]) -> bool {
    let shape = shape(value);
    if shape.digits + shape.symbols == shape.length && shape.digits > 0 {
        // `2024-01-01`, `1.2.3`, `+49 30 1234`: what has no letter is a number of some kind, but for passwords.
        return shape.symbols > 0
            && value
                .iter()
                .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':' | b'/' | b'+' | b',' | b'_'));
    }
    value.starts_with(b"#")
        && value.iter().skip(1).all(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_'))
        || value.starts_with(b"application/")
        || value.starts_with(b"text/")
        || value.starts_with(b"image/")
        || value.starts_with(b"@") && value.contains(&b'/')
        || value.starts_with(b"--")
}
