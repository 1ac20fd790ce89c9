//! What is open on purpose.

use super::super::Declared;
use super::authenticated::is_strong;
use crate::meaning::flow::{EffectUse, Origin, Trace};
use crate::meaning::symbols::EffectKind;

/// Whether it is open on purpose, as what it does shows; a path alone shows nothing.
pub fn is_public(trace: &Trace<'_>, route: &Declared<'_>, at_stake: &[&EffectUse<'_>]) -> bool {
    let path = route.path.to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let harmless = !trace.effects.iter().any(is_strong);
    let asks = |hosts: &[&str]| {
        hosts.iter().any(|host| trace.effects.iter().any(|effect| effect.target.contains(host)))
    };
    // What browsers and crawlers ask for.
    let file = matches!(
        last,
        "robots.txt"
            | "manifest.json"
            | "manifest.webmanifest"
            | "favicon.ico"
            | "rss.xml"
            | "feed.xml"
            | "llms.txt"
    ) || last.starts_with("sitemap")
        || path.contains("/.well-known/");
    if file && harmless && matches!(route.method.as_str(), "GET" | "ANY") {
        return true;
    }
    // It only asks whether a person is calling.
    if !trace.effects.is_empty()
        && trace.effects.iter().all(|effect| effect.kind == EffectKind::Request)
        && asks(&["google.com", "hcaptcha.com", "challenges.cloudflare.com", "recaptcha.net"])
        && trace.effects.len() == 1
    {
        return true;
    }
    // It shows what is marked as public, and nothing else.
    let is_marked = |effect: &EffectUse<'_>| effect.kind == EffectKind::DbRead && effect.is_public;
    if !trace.effects.is_empty() && trace.effects.iter().all(is_marked) {
        return true;
    }
    returns_to_account(trace, &path, at_stake)
}

/// A way back to one's account: it sends a secret, or looks for what was sent. The path says that this is what it means to
/// be; that it is shows what it does. Whoever may choose what a message says may send anything to anyone.
fn returns_to_account(trace: &Trace<'_>, path: &str, at_stake: &[&EffectUse<'_>]) -> bool {
    let names = [
        "forgot",
        "forget",
        "lost",
        "reset",
        "verify",
        "verification",
        "magic",
        "otp",
        "resend",
        "confirm",
        "recover",
        "unlock",
    ];
    let credential = ["password", "email", "token", "code", "otp", "link", "account"];
    let named = |words: &[&str]| words.iter().any(|word| path.contains(word));
    let is_message = |effect: &&EffectUse<'_>| matches!(effect.kind, EffectKind::Email | EffectKind::Sms);
    let is_costly = |effect: &&EffectUse<'_>| {
        !is_message(effect) && !matches!(effect.kind, EffectKind::DbWrite | EffectKind::DbDelete)
    };
    if !named(&names) || !named(&credential) || at_stake.iter().any(is_costly) {
        return false;
    }
    if at_stake.iter().filter(|effect| is_message(effect)).any(|effect| effect.says.any(Origin::REQUEST)) {
        return false;
    }
    let leaves_secret = trace
        .effects
        .iter()
        .any(|effect| effect.leaves_secret || effect.kind == EffectKind::SignIn && effect.provider == "jwt");
    let by_link = trace
        .effects
        .iter()
        .any(|effect| effect.kind == EffectKind::DbRead && effect.filter.has(Origin::BY_LINK));
    // Who answers with it sends it to nobody.
    let tells = trace.ends.iter().any(|end| !end.denies && !end.fails && end.body.has(Origin::OPAQUE));
    leaves_secret && !tells || by_link
}

/// Whether what an address names may be known only to who was sent it: an id that is used up (it is looked up, and deleted)
/// to change something else, which it names, in a way that the code alone says. A name says that it is so meant, and no
/// more: it can't be told whether somebody can find such ids elsewhere.
pub fn may_be_link(trace: &Trace<'_>, route: &Declared<'_>) -> bool {
    let path = route.path.to_ascii_lowercase();
    let named = ["activat", "confirm", "verif", "invit", "accept"].iter().any(|word| path.contains(word));
    let by_request = |effect: &EffectUse<'_>, kind| effect.kind == kind && effect.filter.has(Origin::REQUEST);
    let has = |test: &dyn Fn(&EffectUse<'_>) -> bool| trace.effects.iter().any(test);
    named
        && route.method != "DELETE"
        && trace.ends.iter().any(|end| end.fails)
        && has(&|effect| by_request(effect, EffectKind::DbRead))
        && has(&|effect| by_request(effect, EffectKind::DbDelete))
        && has(&|effect| effect.kind == EffectKind::DbWrite)
        && trace.effects.iter().filter(|effect| is_strong(effect)).all(|effect| match effect.kind {
            EffectKind::DbDelete => true,
            EffectKind::DbWrite => {
                !effect.values.has(Origin::REQUEST)
                    && effect.filter.has(Origin::ROW)
                    && !effect.filter.has(Origin::REQUEST)
            }
            _ => false,
        })
}
