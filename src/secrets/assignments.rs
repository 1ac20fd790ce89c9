//! `password = "…"` and its many forms.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::mask::{MASK, pattern};
use super::references::{is_expression, is_reference};
use crate::words::may_hold;

/// A name that speaks of a credential, what closes it, and what stands between it and a value.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?ix)
        (?: (?:passw(?:or)?d|passphrase|passwort|contrase(?:ñ|n)a|senha|pwd|secret|token|credential
              |(?:api|access|private|secret|signing|encryption|master|session|jwt|service|account|role|anon|admin)[_\-]?key)
            [\w\-]*
          | (?:auth|pass)\b )
        (?P<close> \\?["'`\])]{0,3} )
        (?: \s*[?!]?\s* (?P<separator> => | :?={1,3} | !==? | : | , | \|\| | \?\? | > ) \s* | \s+ )
        "#,
    )
});

/// One of these is in every name that speaks of a credential.
const PARTS: &[&str] = &["pass", "contrase", "senha", "pwd", "secret", "token", "credential", "key", "auth"];

/// Ends of names for something about a credential, which is none itself.
const ABOUT: &[&str] = &[
    "url",
    "uri",
    "endpoint",
    "path",
    "file",
    "header",
    "headers",
    "type",
    "ttl",
    "expiry",
    "expires",
    "length",
    "limit",
    "count",
    "field",
    "label",
    "placeholder",
    "policy",
    "column",
    "error",
    "message",
    "description",
    "title",
    "hint",
    "warning",
    "subject",
    "required",
    "regex",
    "schema",
    "verified",
];

/// Masks the values of names that speak of a credential.
pub(super) fn mask(text: &str) -> Cow<'_, str> {
    if !may_hold(text, PARTS) {
        return Cow::Borrowed(text);
    }
    let mut masked = String::new();
    let mut done = 0;
    for captures in NAME.captures_iter(text) {
        let Some(whole) = captures.get(0).filter(|whole| whole.start() >= done) else { continue };
        let separator = captures.name("separator").map_or("", |found| found.as_str());
        let closed = captures.name("close").is_some_and(|found| !found.is_empty());
        let rest = text.get(whole.end()..).unwrap_or_default();
        let value = value(rest);
        let fits = match separator {
            // `PASSWORD 'x'` in SQL.
            "" => value.quoted && rest.starts_with('\''),
            // `set("token", "x")`.
            "," => value.quoted && closed && !is_longer(whole.as_str()),
            // `<password>x</password>`.
            ">" => is_element(text, whole.start()),
            _ => true,
        };
        let name = text.get(whole.start()..).unwrap_or_default();
        if !fits || is_harmless(name, &value, whole.as_str().ends_with('=')) {
            continue;
        }
        let start = whole.end() + value.start;
        masked.push_str(text.get(done..start).unwrap_or_default());
        masked.push_str(MASK);
        done = start + value.text.len();
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    masked.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(masked)
}

struct Value<'a> {
    /// Where it starts, after its opening quote.
    start: usize,
    text: &'a str,
    quoted: bool,
}

/// The value at the start of `rest`; one whose quote is never closed runs to the end.
fn value(rest: &str) -> Value<'_> {
    let letters = rest.len() - rest.trim_start_matches(['f', 'b', 'r', 'u', 'F', 'B', 'R', 'U']).len();
    for skip in [0, letters.min(2)] {
        let after = rest.get(skip..).unwrap_or_default();
        let escaped = after.starts_with('\\');
        let inner = after.strip_prefix('\\').unwrap_or(after);
        let Some(quote) = inner.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) else { continue };
        let inner = inner.get(1..).unwrap_or_default();
        let start = skip + usize::from(escaped) + 1;
        let mut backslash = false;
        let end = inner.char_indices().find(|(_, c)| {
            let found = *c == quote && !backslash || escaped && *c == '\\';
            backslash = *c == '\\' && !backslash;
            found
        });
        let text = end.and_then(|(end, _)| inner.get(..end)).unwrap_or(inner);
        return Value { start, text, quoted: true };
    }
    let end = rest.find(|c: char| c.is_whitespace() || ",;\"'`<&}])".contains(c)).unwrap_or(rest.len());
    Value { start: 0, text: rest.get(..end).unwrap_or(rest), quoted: false }
}

/// Whether a name goes on after the word for a credential: `passwordVerified`.
fn is_longer(name: &str) -> bool {
    let name = bare(name).to_ascii_lowercase();
    !["key", "password", "passwd", "passphrase", "pwd", "secret", "token", "auth", "pass"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// The name alone, without what closes it and what follows.
fn bare(name: &str) -> &str {
    let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(name.len());
    name.get(..end).unwrap_or(name)
}

fn is_element(text: &str, name: usize) -> bool {
    let before = text.get(..name).unwrap_or_default();
    before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "_-.:".contains(c)).ends_with('<')
}

fn is_harmless(name: &str, value: &Value<'_>, tight: bool) -> bool {
    if is_reference(value.text) {
        return true;
    }
    let lower = bare(name).to_ascii_lowercase();
    if ABOUT.iter().any(|end| lower.ends_with(end)) {
        return true;
    }
    let is_password = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("pass"))
        || name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("pwd"));
    // `max_tokens: 4096`, `tokenExpiry = 3600`.
    let is_number =
        value.text.len() <= 9 && value.text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    if is_number && !is_password {
        return true;
    }
    // `NAME=value` of an environment file holds no code.
    let is_environment = tight && name.starts_with(|c: char| c.is_ascii_uppercase());
    if value.quoted || is_environment {
        return matches!(value.text, "string" | "true" | "false" | "null" | "undefined");
    }
    is_expression(value.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn becomes(text: &str, expected: &str) {
        assert_eq!(mask(text), expected, "{text}");
    }

    #[test]
    fn every_form_of_assignment_is_masked() {
        becomes("DB_PASSWORD=hunter2", "DB_PASSWORD=•••");
        becomes("DB_PASSWORD=hun(ter2", "DB_PASSWORD=•••");
        becomes("password: hunter2", "password: •••");
        becomes("const apiKey = 'abc';", "const apiKey = '•••';");
        becomes("{\"clientSecret\":\"a b\", \"x\": 1}", "{\"clientSecret\":\"•••\", \"x\": 1}");
        becomes("{\\\"token\\\":\\\"abc\\\"}", "{\\\"token\\\":\\\"•••\\\"}");
        becomes("secret_key => 'abc'", "secret_key => '•••'");
        becomes("x.env.JWT_SECRET || \"fallback\"", "x.env.JWT_SECRET || \"•••\"");
        becomes("os.getenv('API_KEY', 'abc')", "os.getenv('API_KEY', '•••')");
        becomes("?api_key=abc&x=1", "?api_key=•••&x=1");
        becomes("ALTER ROLE app PASSWORD 'abc'", "ALTER ROLE app PASSWORD '•••'");
        becomes("<db.password>abc</db.password>", "<db.password>•••</db.password>");
        becomes("if (token === \"abc\")", "if (token === \"•••\")");
        becomes("password = \"it's\\\"me", "password = \"•••");
        becomes("auth: { user, pass: 'abc' }", "auth: { user, pass: '•••' }");
        becomes("password: 123456", "password: •••");
    }

    #[test]
    fn code_and_references_stay_readable() {
        for text in [
            "password: string",
            "password?: string | null",
            "const token = await getToken();",
            "token: session.accessToken,",
            "token: ${{ secrets.GITHUB_TOKEN }}",
            "apiKey: process.env.STRIPE_KEY!",
            "API_KEY=your-api-key",
            "PASSWORD=$DB_PASSWORD",
            "max_tokens: 4096",
            "author: Ana",
            "auth: true",
            "tokenUrl = f\"{base}/login\"",
            "headers: dict[str, str]",
            "token_headers: dict[str, str]",
            "log(\"passwordVerified\", \"yes\")",
            "password = user_data['password']",
            "\"forgot_password_description\": \"Forgot it?\"",
            "import { auth } from './auth'",
            "<Label htmlFor=\"password\">Password</Label>",
            "<input type=\"password\" name=\"password\" />",
        ] {
            becomes(text, text);
        }
    }
}
