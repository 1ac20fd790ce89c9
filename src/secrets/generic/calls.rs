//! Calls that are told by their name: which of their arguments is the secret.

use std::ops::Range;

use super::super::classify::words::is_common;
use super::assigned::By;
use super::judge::{Judged, Use, judge};
use super::literal::{literal, skip_blank, skip_space};
use super::names::Sort;
use super::shape::{contains, is_made_up, is_random, shape};
use super::syntax::Syntax;
use super::wrapped::through;
use super::{Candidate, Search, comments, format_named};

/// What an argument of a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// The password of whoever the call is for.
    Password,
    /// What signs or encrypts.
    Key,
    /// Drawn by an issuer.
    Token,
    /// The private key of a wallet.
    Wallet,
}

/// Ends of the names of calls, which of the arguments counts, and what it is.
const CALLS: &[(&str, usize, What)] = &[
    ("cookieParser", 0, What::Key),
    ("signWith", 1, What::Key),
    ("HMAC256", 0, What::Key),
    ("HMAC384", 0, What::Key),
    ("HMAC512", 0, What::Key),
    ("HMACSHA256", 0, What::Key),
    ("HMACSHA512", 0, What::Key),
    ("HmacSHA256", 1, What::Key),
    ("HmacSHA512", 1, What::Key),
    ("HmacSHA1", 1, What::Key),
    ("hmacShaKeyFor", 0, What::Key),
    ("hash_hmac", 2, What::Key),
    ("SecretKeySpec", 0, What::Key),
    ("SymmetricSecurityKey", 0, What::Key),
    ("setSigningKey", 0, What::Key),
    ("from_secret", 0, What::Key),
    ("new_from_slice", 0, What::Key),
    ("createCipheriv", 1, What::Key),
    ("createDecipheriv", 1, What::Key),
    ("openssl_encrypt", 2, What::Key),
    ("openssl_decrypt", 2, What::Key),
    ("AES.encrypt", 1, What::Key),
    ("AES.decrypt", 1, What::Key),
    ("DES.encrypt", 1, What::Key),
    ("DES.decrypt", 1, What::Key),
    ("jwtVerify", 1, What::Key),
    ("jwt.encode", 1, What::Key),
    ("jwt.decode", 1, What::Key),
    ("JWT.encode", 1, What::Key),
    ("JWT.decode", 1, What::Key),
    ("JWT::encode", 1, What::Key),
    ("JWT::decode", 1, What::Key),
    ("Fernet", 0, What::Key),
    ("TimedSerializer", 0, What::Key),
    ("SignatureSerializer", 0, What::Key),
    ("TimestampSigner", 0, What::Key),
    ("asicAuth", 1, What::Password),
    ("basic_auth", 1, What::Password),
    ("authenticate_or_request_with_http_basic", 1, What::Password),
    ("PlainAuth", 2, What::Password),
    ("NewDialer", 3, What::Password),
    ("UsernamePasswordCredentials", 1, What::Password),
    ("UsernamePasswordCredential", 1, What::Password),
    ("UsernamePasswordAuthenticationToken", 1, What::Password),
    ("PasswordAuthentication", 1, What::Password),
    ("Credentials.basic", 1, What::Password),
    ("Authenticate", 1, What::Password),
    ("AuthenticateAsync", 1, What::Password),
    ("ithEmailAndPassword", 2, What::Password),
    ("create_superuser", 2, What::Password),
    ("create_user", 2, What::Password),
    ("ssh2_auth_password", 2, What::Password),
    ("equelize", 2, What::Password),
    ("mysql_connect", 2, What::Password),
    ("mysqli_connect", 2, What::Password),
    ("mysqli_real_connect", 3, What::Password),
    ("pymysql.connect", 2, What::Password),
    ("MySQLdb.connect", 2, What::Password),
    ("ssh.connect", 3, What::Password),
    ("DBI->connect", 2, What::Password),
    ("ftp.connect", 2, What::Password),
    ("crypt.hash", 0, What::Password),
    ("crypt.hashSync", 0, What::Password),
    ("Credentials::new", 1, What::Password),
    ("auth", 1, What::Password),
    ("setVapidDetails", 2, What::Token),
    ("ldap_bind", 2, What::Password),
    ("GenerateFromPassword", 0, What::Password),
    ("password_hash", 0, What::Password),
    ("generate_password_hash", 0, What::Password),
    ("hash_password", 0, What::Password),
    ("get_password_hash", 0, What::Password),
    ("make_password", 0, What::Password),
    ("hashPassword", 0, What::Password),
    ("BasicAWSCredentials", 1, What::Token),
    ("AwsBasicCredentials.create", 1, What::Token),
    ("NewStaticCredentials", 1, What::Token),
    ("NewStaticCredentialsProvider", 1, What::Token),
    ("ClientSecretCredential", 2, What::Token),
    ("StorageCredentials", 1, What::Token),
    ("StorageSharedKeyCredential", 1, What::Token),
    ("OAuthHandler", 1, What::Token),
    ("set_access_token", 1, What::Token),
    ("twilio", 1, What::Token),
    ("Twilio", 1, What::Token),
    ("Twilio.init", 1, What::Token),
    ("TwilioClient.Init", 1, What::Token),
    ("HDWalletProvider", 0, What::Wallet),
    ("Wallet", 0, What::Wallet),
    ("Credentials.create", 0, What::Wallet),
    ("Wallet::from_str", 0, What::Wallet),
    ("Wallet.fromPrivateKey", 0, What::Wallet),
    ("privateKeyToAccount", 0, What::Wallet),
    ("privateKeyToAddress", 0, What::Wallet),
    ("Account.from_key", 0, What::Wallet),
    ("account.from_key", 0, What::Wallet),
    ("HexToECDSA", 0, What::Wallet),
];

/// Looks at the call whose name, or the beginning of it, is `name`; answers whether it is one that is known.
pub(super) fn look(search: &mut Search<'_, '_>, name: &Range<usize>) -> bool {
    let text = search.text;
    // `jwt` of `jwt.encode(`, and `MySQLdb` of what `connect` belongs to.
    let goes_on = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'>' | b'-');
    let rest = text.get(name.end..text.len().min(name.end + 40)).unwrap_or_default();
    let longer = rest.iter().take_while(|b| goes_on(b)).count();
    let end = name.end + longer;
    if text.get(name.clone()).is_some_and(|name| name.ends_with(b"wilio"))
        && let Some(account) = rest.windows(3).position(|open| matches!(open, b"\"AC" | b"'AC"))
    {
        twilio(search, name.end + account);
        return true;
    }
    let open = match text.get(end..) {
        Some([b'(', ..]) => end + 1,
        // Ruby: `JWT.encode payload, 'secret'`.
        Some([b' ', ..])
            if longer > 0 || text.get(name.clone()).is_some_and(|n| n.ends_with(b"basic_auth")) =>
        {
            end + 1
        }
        _ => return false,
    };
    let from = name.start.saturating_sub(24);
    let before = text.get(from..name.start).unwrap_or_default();
    let earlier = before.iter().rev().take_while(|b| goes_on(b)).count();
    let Some(callee) = text.get(name.start - earlier..end) else { return false };
    let Some((_, place, what)) = CALLS.iter().find(|(known, ..)| is_called(callee, known)) else {
        return false;
    };
    let arguments = arguments(text, open);
    if callee.ends_with(b"asicAuth")
        && let Some(value) = listed_login(text, open)
    {
        keep(search, value, *what);
        return true;
    }
    // `auth("jwt", "session")` is something else.
    let is_login = || match arguments.as_slice() {
        [Some(_), Some(password)] => {
            text.get(password.clone()).is_some_and(|v| shape(v).kinds() == 4 || is_random(v))
        }
        _ => false,
    };
    if callee.ends_with(b"auth") && !callee.ends_with(b"basic_auth") && !is_login() {
        return arguments.len() > 1;
    }
    let Some(Some(value)) = arguments.get(*place).cloned() else { return true };
    keep(search, value, *what);
    true
}

/// The password of the first login of a list: `basicAuth({ users: { admin: '…' } })`, `BasicAuth(gin.Accounts{"admin": "…"})`.
fn listed_login(text: &[u8], open: usize) -> Option<Range<usize>> {
    let rest = text.get(open..text.len().min(open + 100))?;
    let list =
        [&b"users:"[..], b"Accounts{"].into_iter().find_map(|mark| memchr::memmem::find(rest, mark))?;
    let brace = list + memchr::memchr(b'{', rest.get(list..)?)?;
    let colon = brace + memchr::memchr(b':', rest.get(brace..)?)?;
    let found = literal(text, skip_space(text, open + colon + 1, 20), Syntax::default())?;
    found.quoted.then_some(found.value)
}

/// The token behind the id of an account that begins at `at`: `twilio("AC…", "token")`.
pub(super) fn twilio(search: &mut Search<'_, '_>, at: usize) -> usize {
    if let [Some(account), Some(token), ..] = arguments(search.text, at).as_slice() {
        let is_account = account.len() == 34;
        let is_token = search.text.get(token.clone()).is_some_and(|v| v.len() == 32 && shape(v).hex);
        if is_account && is_token {
            keep(search, token.clone(), What::Token);
        }
    }
    at
}

/// The value before the name of a header: `request.setValue("…", forHTTPHeaderField: "X-Api-Key")`.
pub(super) fn before_header(text: &[u8], name: &Range<usize>) -> Option<Range<usize>> {
    let before = text.get(name.start.saturating_sub(240)..name.start)?;
    let before = before.strip_suffix(b"\"")?.trim_ascii_end().strip_suffix(b"forHTTPHeaderField:")?;
    let before = before.trim_ascii_end().strip_suffix(b",")?.strip_suffix(b"\"")?;
    let open = before
        .iter()
        .rposition(|b| matches!(b, b'"' | b'\n'))
        .filter(|open| before.get(*open) == Some(&b'"'))?;
    let end = name.start.saturating_sub(240).min(name.start) + before.len();
    Some(end - (before.len() - open - 1)..end)
}

/// Whether `callee` ends with the whole of `known`: `bcrypt.hash`, and not `rehash`.
fn is_called(callee: &[u8], known: &str) -> bool {
    // Nearly every name is none of them: most differ in the last letter.
    if callee.last() != known.as_bytes().last() {
        return false;
    }
    let Some(before) = callee.strip_suffix(known.as_bytes()) else { return false };
    let begins = known.as_bytes().first().is_some_and(u8::is_ascii_uppercase);
    let within =
        matches!(known, "crypt.hash" | "crypt.hashSync" | "asicAuth" | "ithEmailAndPassword" | "equelize");
    within || begins || before.last().is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'_')
}

fn keep(search: &mut Search<'_, '_>, value: Range<usize>, what: What) {
    let bytes = search.text.get(value.clone()).unwrap_or_default();
    let (sort, name, format): (Sort, &[u8], _) = match what {
        What::Password => (Sort::Password, b"password", "generic-password"),
        What::Key => (Sort::Signing, b"SECRET", "signing-secret"),
        What::Token => (Sort::Token, b"SECRET_TOKEN", "generic-token"),
        What::Wallet => return keep_wallet(search, value),
    };
    let near = search.near(&value);
    let near: &[u8] = if contains(near, b"mail") { b"user: mail" } else { b"user:" };
    // `@example hashPassword("mySecurePassword123!")`.
    if is_common(bytes) && comments::is_comment(search.text, value.start) {
        return;
    }
    let used =
        Use { sort, name, quoted: true, fallback: sort == Sort::Signing, by: By::Call, near, shown: false };
    let judged = judge(bytes, &used, &search.file);
    search.keep(judged, None, value, format);
}

/// 64 hexadecimal digits that somebody drew; those that every developer's chain knows are told later.
fn keep_wallet(search: &mut Search<'_, '_>, value: Range<usize>) {
    let bytes = search.text.get(value.clone()).unwrap_or_default();
    let digits = bytes.strip_prefix(b"0x").unwrap_or(bytes);
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) || is_made_up(digits) {
        return;
    }
    if let Some(format) = format_named("ethereum-private-key") {
        search.out.push(Candidate::new(format, value));
    }
}

/// The arguments of the call that is open at `at`, each with the literal that it comes down to.
pub(super) fn arguments(text: &[u8], at: usize) -> Vec<Option<Range<usize>>> {
    let mut found = Vec::new();
    let mut at = at;
    let end = text.len().min(at + 600);
    while found.len() < 6 && at < end {
        let start = skip_space(text, at, 80);
        let value = value(text, start);
        let mut next = value.as_ref().map_or(start, |value| value.end + 1);
        // Brackets that were stepped into on the way to the literal.
        let stepped = value.as_ref().and_then(|value| text.get(start..value.start)).unwrap_or_default();
        let mut wrapped = stepped.iter().filter(|b| matches!(b, b'(' | b'[' | b'{')).count();
        let (mut depth, mut quote) = (0usize, None);
        while next < end {
            let Some(byte) = text.get(next) else { break };
            match (quote, byte) {
                (Some(open), _) if *byte == open => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'' | b'`') => quote = Some(*byte),
                (None, b',') if depth == 0 => break,
                (None, b')' | b']' | b'}') if depth == 0 && wrapped > 0 => wrapped -= 1,
                (None, b')' | b']' | b'}') if depth == 0 => break,
                (None, b'(' | b'[' | b'{') => depth += 1,
                (None, b')' | b']' | b'}') => depth = depth.saturating_sub(1),
                // A function's body: what follows is none of the call's literals.
                (None, b';') => return found,
                _ => {}
            }
            next += 1;
        }
        found.push(value);
        if text.get(next) != Some(&b',') {
            break;
        }
        at = next + 1;
    }
    found
}

/// The literal that an argument comes down to: `[]byte("x")`, `Some("x")`, `"x".getBytes()`, `process.env.X || "x"`.
fn value(text: &[u8], start: usize) -> Option<Range<usize>> {
    let mut at = start;
    for _ in 0..2 {
        at = through(text, at).unwrap_or(at);
    }
    let Some(found) = literal(text, at, Syntax::default()).filter(|found| found.quoted) else {
        let rest = text.get(at..text.len().min(at + 100))?;
        let end = rest
            .iter()
            .position(|b| matches!(b, b',' | b')' | b'\n' | b';' | b'"' | b'\''))
            .unwrap_or(rest.len());
        let operator = rest.get(..end)?.windows(2).position(|pair| matches!(pair, b"||" | b"??" | b"?:"))?;
        let found = literal(text, skip_blank(text, at + operator + 2), Syntax::default())?;
        return found.quoted.then_some(found.value);
    };
    // `"a" + b` is no literal, `"a".encode()` is.
    let after = text.get(found.value.end + 1..).unwrap_or_default();
    let after = after.get(..after.len().min(40)).unwrap_or_default().trim_ascii_start();
    let joined = matches!(after.first(), Some(b'+' | b'%' | b'[' | b'?'))
        || after.starts_with(b". ")
        || after.starts_with(b".format");
    (!joined).then_some(found.value)
}

/// The key of what makes a digest with it, `hmac` or `Hmac` ending at `at`: the first literal that names no algorithm.
pub(super) fn hmac(search: &mut Search<'_, '_>, at: usize) -> usize {
    let rest = search.text.get(at..search.text.len().min(at + 20)).unwrap_or_default();
    let name =
        rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':')).count();
    let before = search.text.get(at.saturating_sub(12)..at).unwrap_or_default();
    // `hmac.update(…)` and `hmac.digest("hex")` have no key.
    let takes_key = match rest.get(..name).unwrap_or_default() {
        b"" => before.ends_with(b"createHmac") || before.ends_with(b"hash_hmac"),
        b".new" | b".New" | b".hexdigest" | b".digest" | b".base64digest" => {
            before.ends_with(b"hmac") || before.ends_with(b"HMAC")
        }
        _ => false,
    };
    if rest.get(name) != Some(&b'(') || !takes_key {
        return at;
    }
    let arguments = arguments(search.text, at + name + 1);
    let is_algorithm = |value: &Range<usize>| {
        search.text.get(value.clone()).is_some_and(|v| {
            v.len() < 12 && (v.to_ascii_lowercase().starts_with(b"sha") || v.eq_ignore_ascii_case(b"md5"))
        })
    };
    let first = arguments.first().cloned().flatten();
    let key = match first {
        Some(first) if !is_algorithm(&first) => Some(first),
        Some(_) => arguments.iter().skip(1).take(2).flatten().next().cloned(),
        None => arguments.get(1).cloned().flatten(),
    };
    // `hmac.digest("hex")`.
    if let Some(key) = key.filter(|key| key.len() >= 4) {
        keep(search, key, What::Key);
    }
    at
}

/// `provider :github, 'id', 'secret'`, after the name.
pub(super) fn provider(search: &mut Search<'_, '_>, at: usize) -> usize {
    let text = search.text;
    let rest = text.get(at..text.len().min(at + 60)).unwrap_or_default();
    let Some(comma) = rest.iter().position(|b| *b == b',') else { return at };
    let symbol = rest.get(..comma).unwrap_or_default().trim_ascii();
    let is_symbol = symbol.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':'));
    if !is_symbol || symbol.is_empty() {
        return at;
    }
    if let [_, Some(secret), ..] = arguments(text, at + comma + 1).as_slice() {
        let bytes = text.get(secret.clone()).unwrap_or_default();
        if is_random(bytes) {
            keep(search, secret.clone(), What::Token);
        }
    }
    at
}

/// A literal that is made bytes of, where the statement speaks of a key: `return []byte("…"), nil`, `key = "…".getBytes()`.
pub(super) fn bytes(search: &mut Search<'_, '_>, start: usize, at: usize) -> usize {
    let text = search.text;
    let name = if text.get(start) == Some(&b'e') { start.saturating_sub(1) } else { start };
    let quote = name.checked_sub(2).filter(|quote| text.get(*quote..name) == Some(b"\"."));
    let value = if let Some(quote) = quote {
        // `"…".getBytes(`.
        let before = text.get(quote.saturating_sub(200)..quote).unwrap_or_default();
        let Some(open) = before.iter().rposition(|b| matches!(b, b'"' | b'\n')) else { return at };
        quote - (before.len() - open - 1)..quote
    } else {
        match literal(text, at, Syntax::default()) {
            Some(found) if found.quoted => found.value,
            _ => return at,
        }
    };
    let line = text.get(value.start.saturating_sub(120)..value.start).unwrap_or_default();
    let line = memchr::memrchr(b'\n', line).map_or(line, |at| line.get(at..).unwrap_or_default());
    let after = text.get(value.end..text.len().min(value.end + 80)).unwrap_or_default();
    let after = memchr::memchr(b'\n', after).map_or(after, |at| after.get(..at).unwrap_or_default());
    let said = |word: &&[u8]| {
        contains(&line.to_ascii_lowercase(), word) || contains(&after.to_ascii_lowercase(), word)
    };
    let keyed = [
        &b"key"[..],
        b"secret",
        b"hmac",
        b"jwt",
        b"signedstring",
        b"cookiestore",
        b"newstore",
        b"newcipher",
        b"protect(",
    ]
    .iter()
    .any(said)
        || after.starts_with(b"\"), nil") && contains(line, b"return");
    let bytes = text.get(value.clone()).unwrap_or_default();
    let shape = shape(bytes);
    if keyed && is_random(bytes) && bytes.len() >= 16 && shape.spaces == 0 {
        keep(search, value, What::Key);
    }
    at
}

/// Keys that cookies are signed with: `app.keys = ['…']`, `keys: ['…']` of a session.
pub(super) fn cookie_keys(search: &mut Search<'_, '_>, name: &Range<usize>) -> bool {
    let text = search.text;
    let before = text.get(name.start.saturating_sub(120)..name.start).unwrap_or_default();
    let lower = before.to_ascii_lowercase();
    if !(before.ends_with(b"app.") || contains(&lower, b"cookie") || contains(&lower, b"session")) {
        return false;
    }
    let sign = skip_blank(text, name.end);
    if !matches!(text.get(sign), Some(b'=' | b':')) || text.get(skip_blank(text, sign + 1)) != Some(&b'[') {
        return false;
    }
    for value in arguments(text, skip_blank(text, sign + 1) + 1).into_iter().flatten() {
        if text.get(value.clone()).is_some_and(is_random) {
            keep(search, value, What::Key);
        }
    }
    true
}

/// The private half of a JSON web key, told by the `kty` at `at`.
pub(super) fn web_key(search: &mut Search<'_, '_>, at: usize) -> usize {
    let text = search.text;
    let from = at.saturating_sub(500);
    let before = text.get(from..at).unwrap_or_default();
    let open = memchr::memrchr(b'{', before).map_or(from, |open| from + open);
    let rest = text.get(open..text.len().min(open + 1600)).unwrap_or_default();
    let close = memchr::memchr(b'}', rest).unwrap_or(rest.len());
    let object = rest.get(..close).unwrap_or_default();
    for key in [b'd', b'k'] {
        let named = object.iter().enumerate().filter(|(i, b)| {
            **b == key
                && i.checked_sub(1)
                    .and_then(|i| object.get(i))
                    .is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'_' && *b != b'-')
                && object.get(i + 1).is_none_or(|b| matches!(b, b'"' | b'\'' | b'\\' | b':' | b' '))
        });
        for (i, _) in named.take(4) {
            let mut next = open + i + 1;
            while matches!(text.get(next), Some(b'"' | b'\'' | b'\\' | b' ')) {
                next += 1;
            }
            if text.get(next) != Some(&b':') {
                continue;
            }
            let Some(found) = literal(text, skip_space(text, next + 1, 20), Syntax::default()) else {
                continue;
            };
            let bytes = text.get(found.value.clone()).unwrap_or_default();
            let fits = bytes.len() >= 40
                && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
            if fits && is_random(bytes) && !matches!(search.file.place, super::Place::Test) {
                search.keep_as(Judged::Secret, found.value, "jwk-private-key");
            }
        }
    }
    // Another key begins behind it.
    at.max(open + close)
}
