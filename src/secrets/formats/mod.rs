//! Formats of secrets: data in `rules/secrets/*.toml`, which the build script turns into [`FORMATS`].

mod alone;
mod sample;

use super::model::{Audience, SecretKind};

pub use alone::value_alone;
pub use sample::{fill_in, sample};

include!(concat!(env!("OUT_DIR"), "/formats.rs"));

/// One format. What each key means: the head of `rules/secrets/README.md`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Format {
    /// Kebab-case: `stripe-live-secret-key`.
    pub id: &'static str,
    /// What a person calls it: `Stripe live secret key`.
    pub name: &'static str,
    /// Whose it is: `Stripe`; `""` for nobody's.
    pub provider: &'static str,
    /// What sort of thing it is.
    pub kind: SecretKind,
    /// Who may know it. Checks may say otherwise of one value.
    pub audience: Audience,
    /// How bad it is when strangers have it: `blocker`, `critical`, `high`, `medium`, `low`.
    pub severity: &'static str,
    /// Texts one of which every match of `regex` holds, as long and as rare as can be: `sk_live_`, `hooks.slack.com/`.
    /// Case counts unless `ignore-case`. In what tools made of source code, only formats count that have no `near` and
    /// whose keywords have four characters or more, or whose values are long or decode to something. May be empty only with `near`, or without `regex`.
    pub keywords: &'static [&'static str],
    /// Words one of which stands before the value, for values that look like many others (40 hexadecimal digits): in the
    /// name it is assigned to, in the keys around that, earlier in its line, or in one of the two lines before. In lower
    /// case, letters and digits only: `deepgram` also stands in `DEEPGRAM_API_KEY` and `deepGramKey`; `customerio` also in
    /// `customer.io`, `CUSTOMER_IO` and `customer-io`. None: the value alone tells.
    pub near: &'static [&'static str],
    /// With `near`: words one of which stands in the name of the value or earlier in its line (`token`, `key`, `secret`,
    /// `authorization`), for providers whose ids look like their keys. Matched as `near` is. None: any name will do.
    pub named: &'static [&'static str],
    /// Whether keywords are matched without regard to case.
    pub ignore_case: bool,
    /// The value: its group `value`. It looks at bytes: `\w`, `\b`, `.` and the like are those of ASCII. A file may write
    /// the value alone: it is then read as one that neither begins nor ends within a word ([`value_alone`]). It is asked
    /// only around a keyword (from 256 bytes before it to 4,096 after, whole tokens; with `near` but without keywords:
    /// around a token of 16 or more letters, digits, `_` and `-` with a digit in it). Of a private key: only its
    /// `-----BEGIN …-----`; the check `pem` takes the rest. `""`: no pattern finds it, but code (`generic`).
    pub regex: &'static str,
    /// The least entropy of the value, in bits for each character.
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
    pub checks: &'static [&'static str],
    /// Whether it only opens a sandbox where nothing real happens: test keys.
    pub sandbox: bool,
    /// Of a public format: why everybody may know it, as the end of "because …".
    pub because: &'static str,
    /// What whoever has it can do, for a founder; one sentence.
    pub opens: &'static str,
    /// How to replace it, for an engineer; one or two sentences.
    pub rotate: &'static str,
    /// Where the shape is documented: addresses.
    pub refs: &'static [&'static str],
}

impl Format {
    /// What a format is that says nothing of itself. The build script fills in what a file leaves out.
    const NONE: Format = Format {
        id: "",
        name: "",
        provider: "",
        kind: SecretKind::ApiKey,
        audience: Audience::Secret,
        severity: "",
        keywords: &[],
        near: &[],
        named: &[],
        ignore_case: false,
        regex: "",
        entropy: 0.0,
        checks: &[],
        sandbox: false,
        because: "",
        opens: "",
        rotate: "",
        refs: &[],
    };
}

/// The format with this id.
pub fn format_named(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == id)
}

#[cfg(test)]
mod tests;
