//! `Excerpt`: text of the audited repository, safe to show. Only this layer builds one.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use super::mask;

/// Text of the repository, masked: what looks like a credential is replaced by `•••`.
///
/// Facts, findings and errors carry text of the repository only as this type. It is one line, at
/// most [`Excerpt::MAX_CHARS`] characters, without control characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Excerpt(String);

impl Excerpt {
    /// The longest excerpt, in characters.
    pub const MAX_CHARS: usize = 200;

    /// The masked text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Text that was masked already.
    pub(super) fn of_masked(text: String) -> Excerpt {
        Excerpt(text)
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<str> for Excerpt {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

/// So much of a text is looked at. An excerpt is far shorter, and nobody pays for a line of megabytes.
const LOOKED_AT: usize = 4_096;

/// Masks what looks like a credential in `text`, folds white space and cuts it to one line.
pub fn excerpt(text: &str) -> Excerpt {
    let folded = fold(text);
    // Masked before it is cut: the first half of a key is still half a key.
    cut(&mask::mask(&folded))
}

/// Masked text, cut to the longest that an excerpt may be.
pub(super) fn cut(masked: &str) -> Excerpt {
    // No text has more characters than bytes.
    if masked.len() <= Excerpt::MAX_CHARS {
        return Excerpt(masked.to_owned());
    }
    let Some((end, _)) = masked.char_indices().nth(Excerpt::MAX_CHARS) else {
        return Excerpt(masked.to_owned());
    };
    let end = masked.char_indices().nth(Excerpt::MAX_CHARS - 1).map_or(end, |(last, _)| last);
    Excerpt(format!("{}…", masked.get(..end).unwrap_or_default().trim_end()))
}

/// Masks what looks like a credential in each line of `text`, which is otherwise left as it is: for errors, which quote
/// a line where it stands. Text that is not a person's own goes through [`excerpt`].
pub fn masked(text: &str) -> String {
    text.split('\n').map(mask::mask).collect::<Vec<_>>().join("\n")
}

/// One line: white space folded, and without characters that a reader can't see, which could hide what is there or
/// split a key in two.
fn fold(text: &str) -> Cow<'_, str> {
    if text.len() < LOOKED_AT && is_plain(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len().min(LOOKED_AT));
    let mut space = false;
    for char in text.chars() {
        if char.is_whitespace() {
            space = !folded.is_empty();
        } else if !is_invisible(char) {
            if space {
                folded.push(' ');
                space = false;
            }
            folded.push(char);
        }
        if folded.len() >= LOOKED_AT {
            // What is cut off here can't be told to be a key.
            let is_part = |char: char| char.is_ascii_alphanumeric() || "_-+/=.:@%~".contains(char);
            folded.truncate(folded.trim_end_matches(is_part).len());
            break;
        }
    }
    Cow::Owned(folded)
}

/// Whether there is nothing to fold: visible ASCII, with single spaces between. So is nearly all that is shown.
fn is_plain(text: &[u8]) -> bool {
    let mut space = true;
    let is_plain = text.iter().all(|byte| {
        let was_space = std::mem::replace(&mut space, *byte == b' ');
        byte.is_ascii_graphic() || space && !was_space
    });
    is_plain && !space
}

/// Controls, marks that change the direction of text, and characters of no width.
pub(super) fn is_invisible(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_becomes_one_visible_line() {
        assert_eq!(excerpt("  const  a =\n\t1;\r\n").as_str(), "const a = 1;");
        assert_eq!(excerpt("a\u{202e}b\u{200b}c\u{1b}[31md\u{7f}").as_str(), "abc[31md");
        assert!(excerpt(" \n ").is_empty());
    }

    #[test]
    fn errors_keep_their_lines_without_credentials() {
        let key = format!("sk_{}{}", "live_", "4eC39HqLyjWDarjtT1zdp7dc");
        let text = format!("error: `{key}` is no rule\n\n  2 │  id = {key}\n    ·  ─┬─");
        assert_eq!(masked(&text), "error: `sk_live_•••` is no rule\n\n  2 │  id = sk_live_•••\n    ·  ─┬─");
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let cut = excerpt(&"é ".repeat(300));
        assert_eq!(cut.as_str().chars().count(), Excerpt::MAX_CHARS);
        assert!(cut.as_str().ends_with('…'));
        assert_eq!(excerpt(&"é".repeat(Excerpt::MAX_CHARS)).as_str(), "é".repeat(Excerpt::MAX_CHARS));
    }

    #[test]
    fn a_key_at_the_cut_is_masked_before_it_is_cut() {
        let key = format!("sk_{}{}", "live_", "4eC39HqLyjWDarjtT1zdp7dc");
        let text = format!("{} {key}", "word ".repeat(38));
        assert!(!excerpt(&text).as_str().contains("4eC3"));
        let text = format!("{} {key}", "\u{200b}a ".repeat(2_040));
        assert!(!excerpt(&text).as_str().contains("4eC3"));
    }

    #[test]
    fn characters_of_no_width_do_not_hide_a_key() {
        let key = format!("sk_{}{}", "li\u{200b}ve_", "4eC39HqLyj\u{200d}WDarjtT1zdp7dc");
        assert_eq!(excerpt(&key).as_str(), "sk_live_•••");
    }

    /// Text with a credential in it, and the part of the credential that must not survive.
    fn planted() -> impl Strategy<Value = (String, String)> {
        let prefixed = (
            prop::sample::select(vec![
                "sk_live_",
                "rk_live_",
                "whsec_",
                "sk-ant-api03-",
                "sk-proj-",
                "sk-",
                "ghp_",
                "github_pat_",
                "glpat-",
                "npm_",
                "AKIA",
                "AIza",
                "ya29.",
                "xoxb-",
                "https://hooks.slack.com/services/",
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
                "eyJ",
            ]),
            "[A-Za-z0-9]{16,60}[0-9]",
        )
            .prop_map(|(prefix, secret)| (format!("{prefix}{secret}"), secret));
        let assigned = (
            prop::sample::select(vec![
                "password=",
                "DB_PASSWORD=",
                "password: ",
                "client_secret = ",
                "ACCESS_KEY=",
                "private-key: ",
                "apiKey:",
                "Authorization: Bearer ",
                "auth_token=",
                "curl --token ",
                "pwd=",
            ]),
            "[A-Za-z0-9!%^+]{10,20}[0-9]",
        )
            .prop_map(|(name, secret)| (format!("{name}{secret}"), secret));
        let quoted = (
            prop::sample::select(vec![
                "password = \"",
                "\"api_key\": \"",
                "\\\"token\\\": \\\"",
                "secret => '",
                "x.SECRET || '",
                "PASSWORD '",
                "<p secret=\"",
                "set('token', '",
                "auth: `",
            ]),
            "[A-Za-z0-9 !#%^*(){}<>=:;,.-]{8,20}[a-z][0-9]",
        )
            .prop_map(|(open, secret)| (format!("{open}{secret}{}", &open[open.len() - 1..]), secret));
        let url = "[a-zA-Z0-9/:@!%]{8,20}[0-9]"
            .prop_map(|secret| (format!("postgres://app:{secret}@db.example.com/app"), secret));
        let hex = "[0-9a-f]{32,64}".prop_map(|secret| (secret.clone(), secret));
        let random = "[A-Za-z0-9]{4}[0-9][A-Z][a-z][0-9]([A-Z][0-9][a-z][A-Za-z0-9]{3}){5}"
            .prop_map(|secret| (secret.clone(), secret));
        let around = "[ -!#-&(-~]{0,150}";
        (around, prop_oneof![prefixed, assigned, quoted, url, hex, random], around)
            .prop_map(|(before, (text, secret), after)| (format!("{before} {text} {after}"), secret))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

        #[test]
        fn a_planted_credential_does_not_survive((text, secret) in planted()) {
            let shown = excerpt(&text);
            let secret: Vec<char> = secret.trim().chars().collect();
            for part in secret.windows(8) {
                let part: String = part.iter().collect();
                // Folded white space would be another text; and fillers are no part to recognise.
                prop_assume!(!part.contains("  "));
                prop_assert!(!shown.as_str().contains(&part), "{} in {}", part, shown);
            }
        }

        #[test]
        fn any_text_is_one_short_line_without_controls(text in "\\PC*|(?s).{0,600}") {
            let excerpt = excerpt(&text);
            prop_assert!(excerpt.as_str().chars().count() <= Excerpt::MAX_CHARS);
            prop_assert!(!excerpt.as_str().chars().any(is_invisible));
        }
    }
}
