//! The last gate. Names of files and branches are shown as they are, because people must find them, and a name may hold a
//! key. Nothing is printed or written that can be nothing but a secret.

use std::borrow::Cow;

use super::find::find;
use super::mask::{MASK, tokens_of_web};
use super::model::{Audience, Class, Searched};

/// `text` with every value masked that its form alone gives away.
pub fn silent(text: &str) -> Cow<'_, str> {
    match tokens_of_web(text) {
        Cow::Borrowed(text) => formats(text),
        Cow::Owned(text) => Cow::Owned(formats(&text).into_owned()),
    }
}

fn formats(text: &str) -> Cow<'_, str> {
    let searched = Searched { path: "", bytes: text.as_bytes(), class: Class::Distinctive, windows: None };
    let mut shown = String::new();
    let mut done = 0;
    for found in find(&searched) {
        // What is a placeholder for want of a right checksum may be a typing error away from a key.
        if found.audience == Audience::Public || found.at.start < done {
            continue;
        }
        // A value ends at the end of a character, or nothing is known of where it ends.
        let (Some(before), Some(_)) = (text.get(done..found.at.start), text.get(found.at.clone())) else {
            continue;
        };
        shown.push_str(before);
        shown.push_str(MASK);
        done = found.at.end;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::formats::sample;

    #[test]
    fn a_key_in_a_name_does_not_get_out() {
        let key = sample("stripe-live-secret-key", "name").unwrap();
        let text = format!("{{\"file\": \"notes/{key}.txt\", \"line\": 3}}");
        assert_eq!(silent(&text), "{\"file\": \"notes/•••.txt\", \"line\": 3}");
    }

    #[test]
    fn what_a_report_says_stays() {
        let text = "1 critical  The Stripe key sk_live_••• is in src/a.ts (key 9f86d081884c7d65)";
        assert!(matches!(silent(text), Cow::Borrowed(_)));
    }
}
