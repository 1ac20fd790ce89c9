//! Replaces what looks like a credential by `•••`.
//!
//! This errs on the side of masking: an excerpt shows where something is, not what it is. References
//! (`${{ secrets.X }}`, `process.env.X`) and placeholders stay readable, because they say that there is no secret.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::marks::has_prefix;
use super::{assignments, references::is_reference, tokens};
use crate::words::may_hold;

/// What stands for a credential.
pub(super) const MASK: &str = "•••";

/// Masks every credential in a line.
pub(super) fn mask(text: &str) -> Cow<'_, str> {
    if !is_suspect(text) {
        return Cow::Borrowed(text);
    }
    let text = Cow::Borrowed(text);
    let text = where_marked(text, is_key, |text| PRIVATE_KEY.replace_all(text, MASK));
    let text = where_marked(text, is_address, |text| URL.replace_all(text, url));
    let text = where_marked(text, is_hook, |text| HOOK.replace_all(text, hook));
    let text = where_marked(text, has_prefix, |text| PREFIX.replace_all(text, prefixed));
    let text = then(text, tokens_of_web);
    let text = where_marked(text, is_header, |text| HEADER.replace_all(text, header));
    let text = where_marked(text, is_flag, |text| FLAG.replace_all(text, flag));
    let text = where_marked(text, is_letter, |text| LETTER.replace_all(text, letter));
    let text = then(text, assignments::mask);
    then(text, tokens::mask)
}

/// Most text has nothing in which a credential could stand.
fn is_suspect(text: &str) -> bool {
    let mut run = 0;
    for byte in text.bytes() {
        if matches!(byte, b'=' | b':' | b'@' | b'>' | b'\'') {
            return true;
        }
        run = if byte.is_ascii_alphanumeric() || b"_-+/.".contains(&byte) { run + 1 } else { 0 };
        if run >= 10 {
            return true;
        }
    }
    // `Bearer x`, `--token x`, `-px`.
    ["earer ", "asic ", "--", " -p", " -a "].iter().any(|mark| text.contains(mark))
}

/// A step that is taken only where its pattern could match.
fn where_marked<'a>(
    text: Cow<'a, str>,
    is_marked: impl Fn(&str) -> bool,
    step: impl for<'b> Fn(&'b str) -> Cow<'b, str>,
) -> Cow<'a, str> {
    if is_marked(&text) { then(text, step) } else { text }
}

fn is_key(text: &str) -> bool {
    text.contains("-----BEGIN ")
}

fn is_address(text: &str) -> bool {
    text.contains("://") && text.contains('@')
}

fn is_hook(text: &str) -> bool {
    may_hold(text, &["hooks.slack.com/", ".com/api/webhooks/", "api.telegram.org/bot"])
}

fn is_header(text: &str) -> bool {
    may_hold(text, &["bearer", "basic"])
}

fn is_flag(text: &str) -> bool {
    let words = ["-u", "password", "passwd", "secret", "token", "apikey", "api-key", "auth"];
    text.contains('-') && may_hold(text, &words)
}

fn is_letter(text: &str) -> bool {
    ["mysql", "mariadb", "sshpass", "redis-cli"].iter().any(|program| text.contains(program))
}

fn then<'a>(text: Cow<'a, str>, step: impl for<'b> Fn(&'b str) -> Cow<'b, str>) -> Cow<'a, str> {
    let changed = match step(&text) {
        Cow::Borrowed(_) => None,
        Cow::Owned(changed) => Some(changed),
    };
    changed.map_or(text, Cow::Owned)
}

#[expect(clippy::expect_used, reason = "a unit test compiles every pattern")]
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("patterns of this file are constant")
}

/// A block that has no end runs to the end of the text.
static PRIVATE_KEY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"-----BEGIN [A-Z0-9 ]+-----.*?(?:-----END [A-Z0-9 ]+-----|$)"));

/// `scheme://user:password@`. A password may hold a `/` or an `@` that nobody encoded.
static URL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"([A-Za-z][A-Za-z0-9+.\-]*://)([^\s/?#@:"'`<>]*)(:[^\s"'`<>]*)?@"#));

/// Addresses that are a credential by themselves.
static HOOK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(hooks\.slack\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/webhooks/|api\.telegram\.org/bot)[A-Za-z0-9_/:\-]+",
    )
});

/// Prefixes by which providers mark their keys. Those that are also ends of words need a start of a word.
pub(super) static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)
        ( [srp]k_(?:live|test)_ | whsec_ | sk-(?:ant|proj|svcacct|admin|or-v1|lf)- | gh[pousr]_ | github_pat_
        | gl(?:pat|dt|rt|ptt|cbt|soat)- | xox[abceoprs](?:-|\.) | xapp- | sb_(?:secret|publishable)_ | sbp_ | gsk_
        | pplx- | ph[cx]_ | sntry[su]_ | lin_(?:api|oauth)_ | ntn_ | do[opr]_v1_ | vc[apirk]_ | vercel_blob_rw_
        | pscale_(?:tkn|pw|oauth)_ | napi_ | npg_ | pcsk_ | lsv2_(?:pt|sk)_ | GOCSPX- | cf(?:k|ut|at)_
        | shp(?:at|ss|ca|pa)_ | dckr_pat_ | pypi- | ya29\. | tvly- | tskey- | hvs\. | glsa_ | nfp_ | AIza
        | A(?:KIA|SIA|BIA|CCA) | \bSG\. | \bre_ | \br8_ | \bhf_ | \bnpm_ | \bsk- | \brnd_ | \bxai- | \bfc- | \bkey-
        | \bAQ\. | \bsecret_ | \bfw_ | \bSK | \bFlyV1\x20 )
        ( [A-Za-z0-9_.\-/+=]{6,} )",
    )
});

static JWT: LazyLock<Regex> = LazyLock::new(|| pattern(r"eyJ[A-Za-z0-9_\-+/=]{6,}(?:\.[A-Za-z0-9_\-+/=]*)*"));

/// Masks every JSON web token, whatever it says.
pub(super) fn tokens_of_web(text: &str) -> Cow<'_, str> {
    if text.contains("eyJ") { JWT.replace_all(text, format!("eyJ{MASK}")) } else { Cow::Borrowed(text) }
}

static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(authorization\S{0,4}\s*(?:[:=,]\s*)?\S{0,2})?\b(bearer|basic)(\s+)([^\s\x22\x27`,;<>{}]{6,})",
    )
});

/// `--password hunter`, `-u user:password`.
static FLAG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)((?:^|\s)--?(?:\w[\w\-]*)?(?:password|passwd|secret|token|api-?key|auth)[\w\-]*\s+|\s-u\s+["']?[^\s:"']+:)(["']?)([^\s"'\-][^\s"']*)"#,
    )
});

/// Flags of one letter, which mean a password to these programs only: `mysql -phunter`, `sshpass -p hunter`.
static LETTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?x)( \b(?: (?:mysql|mariadb)[\w\-]*\b [^|;&]{0,300}? \s-p
                      | sshpass \s+ -p \s*
                      | redis-cli\b [^|;&]{0,300}? \s-a \s+ ) )
              (?: (["'])([^"']+)  |  ()([^\s"'\-][^\s"']*) )"#,
    )
});

fn part<'a>(captures: &Captures<'a>, group: usize) -> &'a str {
    captures.get(group).map_or("", |found| found.as_str())
}

fn url(captures: &Captures<'_>) -> String {
    let (scheme, user, password) = (part(captures, 1), part(captures, 2), part(captures, 3));
    let password = password.strip_prefix(':').unwrap_or_default();
    // `http://localhost:3000/@scope`: a port, and an `@` in the path.
    let port = password.split('/').next().unwrap_or_default();
    let is_host = user == "localhost" || user.contains('.') || user.starts_with('[');
    let is_path = is_host && password.contains('/') && port.bytes().all(|byte| byte.is_ascii_digit());
    let keeps_user = user.len() < 16 || is_reference(user);
    let user = if keeps_user { user } else { MASK };
    if is_path {
        part(captures, 0).to_owned()
    } else if password.is_empty() || is_reference(password) {
        format!("{scheme}{user}{}@", part(captures, 3))
    } else {
        format!("{scheme}{MASK}@")
    }
}

fn hook(captures: &Captures<'_>) -> String {
    format!("{}{MASK}", part(captures, 1))
}

fn prefixed(captures: &Captures<'_>) -> String {
    let (prefix, value) = (part(captures, 1), part(captures, 2));
    // `re_render_the_component`, `npm_config_registry`, `whsec_your_secret` are no keys.
    if value.len() < 32 && !value.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return part(captures, 0).to_owned();
    }
    let is_word = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '-';
    if value.len() < 12 && prefix.len() <= 3 || prefix == "SK" && value.chars().all(is_word) {
        return part(captures, 0).to_owned();
    }
    format!("{prefix}{MASK}")
}

fn header(captures: &Captures<'_>) -> String {
    let value = part(captures, 4);
    let named = captures.get(1).is_some();
    // "basic information" is prose.
    let is_word = value.bytes().all(|byte| byte.is_ascii_lowercase()) && value.len() < 20;
    if is_reference(value) || is_word && !named {
        return part(captures, 0).to_owned();
    }
    format!("{}{}{}{MASK}", part(captures, 1), part(captures, 2), part(captures, 3))
}

fn flag(captures: &Captures<'_>) -> String {
    let value = part(captures, 3);
    if is_reference(value) {
        return part(captures, 0).to_owned();
    }
    format!("{}{}{MASK}", part(captures, 1), part(captures, 2))
}

fn letter(captures: &Captures<'_>) -> String {
    let value = captures.get(3).or(captures.get(5)).map_or("", |found| found.as_str());
    if is_reference(value) {
        return part(captures, 0).to_owned();
    }
    format!("{}{}{MASK}", part(captures, 1), part(captures, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        mask(text).into_owned()
    }

    /// A secret that no scanner of this project's own files takes for one.
    fn key(prefix: &str) -> String {
        format!("{prefix}{}", "4eC39HqLyjWDarjtT1zdp7dcJk2Lm8Qx")
    }

    #[test]
    fn keys_with_a_known_prefix_keep_only_the_prefix() {
        let prefixes = [
            "sk_live_",
            "rk_live_",
            "whsec_",
            "sk-ant-",
            "sk-proj-",
            "sk-",
            "ghp_",
            "gho_",
            "github_pat_",
            "glpat-",
            "npm_",
            "xoxb-",
            "SG.",
            "sb_secret_",
            "sbp_",
            "re_",
            "r8_",
            "hf_",
            "gsk_",
            "xai-",
            "pplx-",
            "phx_",
            "sntrys_",
            "lin_api_",
            "ntn_",
            "dop_v1_",
            "rnd_",
            "vcp_",
            "AKIA",
            "ASIA",
            "AIza",
            "ya29.",
        ];
        for prefix in prefixes {
            assert_eq!(masked(&format!("use {} now", key(prefix))), format!("use {prefix}{MASK} now"));
        }
    }

    #[test]
    fn words_that_start_like_a_key_stay() {
        for text in [
            "re_render_component_tree",
            "npm_config_registry",
            "sk-loading-spinner",
            "store_key_value",
            "hf_hub",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn a_url_loses_its_user_and_password() {
        let at = |userinfo: &str| format!("postgres://{userinfo}@db.example.com:5432/app");
        for userinfo in ["app:hunter2", "app:hun/ter2", "app:hun@ter2", ":hunter2"] {
            assert_eq!(masked(&at(userinfo)), at(MASK));
        }
        for text in [
            "https://github.com/acme/shop",
            "ssh://git@github.com/acme/shop",
            "https://cdn.example.com/npm/@scope/pkg@2",
            "http://localhost:3000/@scope/page",
            "postgres://app:${DB_PASSWORD}@db:5432/app",
            "mailto:ana@example.com",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn web_hooks_jwts_headers_flags_and_private_keys() {
        assert_eq!(
            masked("https://hooks.slack.com/services/T00/B00/abcDEF"),
            format!("https://hooks.slack.com/services/{MASK}")
        );
        let jwt = format!("eyJ{}.eyJ{}.{}", "hbGciOiJIUzI1NiJ9", "zdWIiOiIxIn0", "c2lnbmF0dXJl");
        assert_eq!(masked(&format!("key {jwt};")), format!("key eyJ{MASK};"));
        assert_eq!(masked("Authorization: Bearer abcdefgh"), format!("Authorization: Bearer {MASK}"));
        assert_eq!(masked("curl -H 'x: Basic dXNlcjpwYXNz'"), format!("curl -H 'x: Basic {MASK}'"));
        assert_eq!(masked("mysql --password hunter2 app"), format!("mysql --password {MASK} app"));
        assert_eq!(masked("mysql -u root -phunter2 shop"), format!("mysql -u root -p{MASK} shop"));
        assert_eq!(masked("mysqldump -p'hunt er2' shop"), format!("mysqldump -p'{MASK}' shop"));
        assert_eq!(masked("mysql -p shop"), "mysql -p shop");
        assert_eq!(masked("mysql -p$DB_PASSWORD shop"), "mysql -p$DB_PASSWORD shop");
        assert_eq!(masked("ssh -p22 host"), "ssh -p22 host");
        assert_eq!(masked("sshpass -p hunter2 ssh a"), format!("sshpass -p {MASK} ssh a"));
        assert_eq!(masked("redis-cli -a hunter2 ping"), format!("redis-cli -a {MASK} ping"));
        assert_eq!(masked("curl -u ana:hunter2 x"), format!("curl -u ana:{MASK} x"));
        let block = format!("a -----BEGIN {} KEY----- MIIEvQ -----END {} KEY----- b", "PRIVATE", "PRIVATE");
        assert_eq!(masked(&block), format!("a {MASK} b"));
        assert_eq!(masked("not hand-authored skill folders"), "not hand-authored skill folders");
        assert_eq!(masked("basic information about bearer shares"), "basic information about bearer shares");
    }
}
