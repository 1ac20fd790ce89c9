//! Formats of secrets: data in `rules/secrets/*.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::model::{Audience, SecretKind};

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
    /// whose keywords have four characters or more. May be empty only with `near`, or without `regex`.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Words one of which stands before the value, for values that look like many others (40 hexadecimal digits): in the
    /// name it is assigned to, in the keys around that, earlier in its line, or in one of the two lines before. In lower
    /// case, letters and digits only: `deepgram` also stands in `DEEPGRAM_API_KEY` and `deepGramKey`; `customerio` also in
    /// `customer.io`, `CUSTOMER_IO` and `customer-io`. None: the value alone tells.
    #[serde(default)]
    pub near: Vec<String>,
    /// Whether keywords are matched without regard to case.
    #[serde(default)]
    pub ignore_case: bool,
    /// The value: its group `value`, or the whole match. It looks at bytes: `\w`, `\b`, `.` and the like are those of
    /// ASCII. It is asked only around a keyword (from 256 bytes before it to 4,096 after, whole tokens; with `near` but
    /// without keywords: around a token of 16 or more letters, digits, `_` and `-` with a digit in it). Begin and end with
    /// `\b` or with what may not stand there. Of a private key: only its `-----BEGIN …-----`; the check `pem` takes the
    /// rest. `""`: no pattern finds it, but code (`generic`).
    #[serde(default)]
    pub regex: String,
    /// The least entropy of the value, in bits for each character.
    #[serde(default)]
    pub entropy: f64,
    /// Named checks that a value must pass, or that say more of it: see `checks/mod.rs`.
    /// `jwt` `supabase-jwt` `crc32-base62` `aws-account` `clerk-publishable` `stripe-publishable` `sentry-token` `pem`
    /// `google-service-account` `base58` `random` (no words in it: letters, digits and case change all the time).
    #[serde(default)]
    pub checks: Vec<String>,
    /// Whether it only opens a sandbox where nothing real happens: test keys.
    #[serde(default)]
    pub sandbox: bool,
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
        Ok(file) => file.format,
        Err(error) => panic!("{path}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_file_is_read() {
        assert!(format_named("stripe-live-secret-key").is_some());
    }
}
