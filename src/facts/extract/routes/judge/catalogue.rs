//! What is there to be looked at: what a site is made of, rows of a catalogue, what people write for everybody. What a table
//! is called says what is in it, and is not enough: that the app asks whoever changes it who they are, and lets everybody
//! look, is how it says that this is meant; or that its columns hold nothing that is somebody's. (That only the staff writes
//! to it is not enough: so it is with drivers.)

use std::collections::{HashMap, HashSet};

use super::super::Declared;
use super::super::judged::{Authenticated, Cell, Effect, Judged};
use super::cells::says;
use super::is_look;
use super::kept::Kept;
use crate::schema::model::Model;

/// What shops and sites show, by the last word of a table's name.
const SHOWN: &[&str] = &[
    "product",
    "category",
    "tag",
    "brand",
    "collection",
    "testimonial",
    "article",
    "news",
    "blog",
    "faq",
    "achievement",
    "badge",
    "course",
    "lesson",
    "recipe",
    "country",
    "city",
    "region",
    "language",
    "currency",
    "feature",
    "changelog",
    "announcement",
    "banner",
    "slide",
    "gallery",
    "genre",
    "movie",
    "book",
    "skill",
    "holiday",
    "leaderboard",
];
/// Of what sites are made, anywhere in the name: `faq_items`, `site_statistics`.
const SITE: &[&str] = &["faq", "menu", "pricing", "site", "landing", "page", "subject", "meal", "dish"];
/// What people write for everybody to read.
const WRITTEN: &[&str] =
    &["review", "rating", "comment", "reply", "post", "thread", "topic", "vote", "like", "reaction"];
/// Words that say that rows are somebody's, or the app's own business.
const OTHERWISE: &[&str] = &[
    "account",
    "activity",
    "admin",
    "application",
    "appointment",
    "assessment",
    "audit",
    "booking",
    "candidate",
    "client",
    "contact",
    "contract",
    "customer",
    "document",
    "draft",
    "employee",
    "feedback",
    "file",
    "inquiry",
    "internal",
    "invoice",
    "key",
    "lead",
    "log",
    "member",
    "message",
    "metric",
    "notification",
    "order",
    "password",
    "patient",
    "payment",
    "person",
    "private",
    "profile",
    "project",
    "report",
    "reservation",
    "response",
    "salary",
    "saved",
    "secret",
    "session",
    "staff",
    "submission",
    "subscription",
    "support",
    "task",
    "ticket",
    "token",
    "transaction",
    "upload",
    "user",
];

/// Calls routes public that only show such rows.
pub fn mark(declared: &[Declared<'_>], models: &[Model], all: &mut [Judged]) {
    let kept = Kept::of(models);
    // For each table, whether all that write to it are guarded; and those of which only some rows are for everybody.
    let mut guarded: HashMap<String, bool> = HashMap::new();
    let mut marked: HashSet<String> = HashSet::new();
    for effect in all.iter().flat_map(|judged| &judged.effects) {
        let table = effect.target.to_ascii_lowercase();
        if effect.has_mark {
            marked.insert(table.clone());
        }
        if effect.kind != "read" {
            *guarded.entry(table).or_insert(true) &= effect.guarded;
        }
    }
    let is_meant = |effect: &Effect| {
        let words = words(&effect.target);
        let Some(last) = words.last().filter(|_| !words.iter().any(|w| OTHERWISE.contains(&&**w))) else {
            return false;
        };
        let table = effect.target.to_ascii_lowercase();
        let is_kept = guarded.get(&table).copied();
        let is_shown = SHOWN.contains(&&**last) || words.iter().any(|word| SITE.contains(&&**word));
        let is_nobodys = kept.is_nobodys(&effect.target);
        let is_meant = is_shown && (is_kept != Some(false) || is_nobodys)
            || WRITTEN.contains(&&**last) && is_kept == Some(true)
            || is_nobodys && is_kept == Some(true);
        let is_read = effect.kind == "read" && !effect.client.is_empty();
        is_read && (is_meant && !marked.contains(&table) || effect.is_approved)
    };
    // What belongs to a row that is shown: the versions of a plugin.
    let is_part = |effect: &Effect| {
        let is_otherwise = words(&effect.target).iter().any(|word| OTHERWISE.contains(&&**word));
        effect.kind == "read" && effect.follows && !effect.has_mark && !is_otherwise
    };
    for (route, judged) in declared.iter().zip(all.iter_mut()) {
        // Who put a guard there that lets everybody pass did not mean it to.
        let is_open = judged.authenticated == Authenticated::No && judged.holes.is_empty() && is_look(route);
        let mut effects = judged.effects.iter();
        if !is_open || !effects.clone().any(is_meant) || !effects.all(|one| is_meant(one) || is_part(one)) {
            continue;
        }
        judged.authenticated = Authenticated::Public;
        judged.authorized = Cell::Na;
        judged.evidence.retain(|evidence| !matches!(evidence.cell, "authenticated" | "authorized"));
        let text = format!(
            "it shows {}, which nobody changes unasked: that is meant for anyone",
            judged.effects[0].target
        );
        judged.evidence.push(says("authenticated", Some(route.module), route.line, &text));
    }
}

/// The words of a table's name in the singular: `idea_comments`, `BlogPost`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let begins = c.is_uppercase() && before.is_lowercase();
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(last) = words.last_mut()
        {
            last.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words.into_iter().map(singular).collect()
}

fn singular(word: String) -> String {
    if word == "news" {
        return word;
    }
    if let Some(start) = word.strip_suffix("ies") {
        return format!("{start}y");
    }
    match word.strip_suffix('s') {
        Some(start) if !start.ends_with('s') => start.to_owned(),
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_of_tables_are_told_by_their_words() {
        assert_eq!(words("idea_comments"), ["idea", "comment"]);
        assert_eq!(words("BlogPost"), ["blog", "post"]);
        assert_eq!(words("product_categories"), ["product", "category"]);
        assert_eq!(words("news"), ["news"]);
    }
}
