//! Formats of secrets: data in `rules/secrets/*.toml`.

mod sample;

use std::sync::LazyLock;

use serde::Deserialize;

use super::model::{Audience, SecretKind};

pub use sample::{fill_in, sample};

/// One format. What each key means: the head of `rules/secrets/README.md`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Format {
    /// Kebab-case: `stripe-live-secret-key`.
    pub id: String,
    /// What a person calls it: `Stripe live secret key`.
    pub name: String,
    /// Whose it is: `Stripe`; `""` for nobody's.
    #[serde(default)]
    pub provider: String,
    /// What sort of thing it is.
    pub kind: SecretKind,
    /// Who may know it. Checks may say otherwise of one value.
    #[serde(default)]
    pub audience: Audience,
    /// How bad it is when strangers have it: `blocker`, `critical`, `high`, `medium`, `low`.
    pub severity: String,
    /// Texts one of which every match of `regex` holds, as long and as rare as can be: `sk_live_`, `hooks.slack.com/`.
    /// Case counts unless `ignore-case`. In what tools made of source code, only formats count that have no `near` and
    /// whose keywords have four characters or more, or whose values are long or decode to something. May be empty only with `near`, or without `regex`.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Words one of which stands before the value, for values that look like many others (40 hexadecimal digits): in the
    /// name it is assigned to, in the keys around that, earlier in its line, or in one of the two lines before. In lower
    /// case, letters and digits only: `deepgram` also stands in `DEEPGRAM_API_KEY` and `deepGramKey`; `customerio` also in
    /// `customer.io`, `CUSTOMER_IO` and `customer-io`. None: the value alone tells.
    #[serde(default)]
    pub near: Vec<String>,
    /// With `near`: words one of which stands in the name of the value or earlier in its line (`token`, `key`, `secret`,
    /// `authorization`), for providers whose ids look like their keys. Matched as `near` is. None: any name will do.
    #[serde(default)]
    pub named: Vec<String>,
    /// Whether keywords are matched without regard to case.
    #[serde(default)]
    pub ignore_case: bool,
    /// The value: its group `value`. It looks at bytes: `\w`, `\b`, `.` and the like are those of ASCII. A file may write
    /// the value alone: it is then read as one that neither begins nor ends within a word ([`value_alone`]). It is asked
    /// only around a keyword (from 256 bytes before it to 4,096 after, whole tokens; with `near` but without keywords:
    /// around a token of 16 or more letters, digits, `_` and `-` with a digit in it). Of a private key: only its
    /// `-----BEGIN …-----`; the check `pem` takes the rest. `""`: no pattern finds it, but code (`generic`).
    #[serde(default)]
    pub regex: String,
    /// The least entropy of the value, in bits for each character.
    #[serde(default)]
    pub entropy: f64,
    /// Named checks that a value must pass, or that say more of it; see `checks/mod.rs`. Where values of several formats
    /// overlap, the longest counts, then the one with more checks, then the one with `near`, then the first.
    /// - `jwt`: three parts, the first two of which decode to JSON. Says role, issuer, project and expiry.
    /// - `claim:NAME=VALUE`: a JWT whose payload says so; `*` at the end or the beginning of VALUE stands for anything.
    /// - `crc32-base62`: the last six characters check those between the last `_` and them.
    /// - `aws-account`: says the account that the body of a key id names.
    /// - `mixed-case`: has a capital, a small letter and a digit. `digit`: has a digit. `hexadecimal`: what follows the last `_` is hexadecimal.
    /// - `random`: no words in it: letters, digits and case change all the time.
    /// - `clerk-publishable`: what follows the last `_` is the base64 of a host and `$`; `stripe-publishable`: it is not.
    /// - `sentry-token`: what stands between the first and the last `_` is the base64 of JSON with a `url`.
    /// - `pem`: the body is base64. Says when a passphrase protects it. `google-service-account`: of such a JSON file.
    /// - `base58`: only letters and digits of that alphabet. `base58check`: the last four bytes check those before them.
    /// - `password-of-url`: what the group `password` holds is neither a placeholder nor a development default.
    #[serde(default)]
    pub checks: Vec<String>,
    /// Whether it only opens a sandbox where nothing real happens: test keys.
    #[serde(default)]
    pub sandbox: bool,
    /// Of a public format: why everybody may know it, as the end of "because …".
    #[serde(default)]
    pub because: String,
    /// What whoever has it can do, for a founder; one sentence.
    #[serde(default)]
    pub opens: String,
    /// How to replace it, for an engineer; one or two sentences.
    #[serde(default)]
    pub rotate: String,
    /// Where the shape is documented: addresses.
    #[serde(default)]
    pub refs: Vec<String>,
}

/// `[[format]]` of a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    format: Vec<Format>,
}

/// Every shipped format, in the order of the files.
pub static FORMATS: LazyLock<Vec<Format>> = LazyLock::new(|| {
    let files = crate::embedded::SECRETS.iter();
    files.flat_map(|(path, text)| parse(path, text)).collect()
});

/// The format with this id.
pub fn format_named(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == id)
}

#[expect(clippy::panic, reason = "the files are part of the program, and a unit test reads every one")]
fn parse(path: &str, text: &str) -> Vec<Format> {
    match toml::from_str::<File>(text) {
        Ok(file) => file.format.into_iter().map(complete).collect(),
        Err(error) => panic!("{path}: {error}"),
    }
}

fn complete(mut format: Format) -> Format {
    if !format.regex.is_empty() && !format.regex.contains("(?<value>") {
        format.regex = value_alone(&format.regex);
    }
    format
}

/// `value` where neither a word character stands before it, unless as an escape (`\n`, `%3D`), nor after it.
pub fn value_alone(value: &str) -> String {
    format!(r"(?:\b{{start-half}}|\\[nrt]|%[0-9A-F]{{2}})(?<value>{value})\b{{end-half}}")
}

#[cfg(test)]
mod tests;
