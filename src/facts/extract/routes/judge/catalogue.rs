//! What is there to be looked at: rows of a catalogue, or what people write for everybody, that only guarded routes change.
//! What a table is called says what is in it, and is not enough: that the app asks whoever changes it who they are, and lets
//! everybody look, is how it says that this is meant.

use std::collections::{HashMap, HashSet};

use super::super::Declared;
use super::super::judged::{Authenticated, Cell, Effect, Judged};
use super::cells::says;
use super::is_look;

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
/// What people write for everybody to read.
const WRITTEN: &[&str] =
    &["review", "rating", "comment", "reply", "post", "thread", "topic", "vote", "like", "reaction"];
/// Words beside these that say the contrary.
const OTHERWISE: &[&str] = &[
    "user", "customer", "client", "private", "draft", "internal", "admin", "audit", "order", "ticket",
    "support", "patient", "member", "employee", "staff", "message", "task", "project", "document", "session",
    "saved",
];

/// Calls routes public that only show such rows.
pub fn mark(declared: &[Declared<'_>], all: &mut [Judged]) {
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
        let writes = guarded.get(&table);
        effect.kind == "read"
            && !marked.contains(&table)
            && !effect.client.is_empty()
            && (SHOWN.contains(&&**last) && writes != Some(&false)
                || WRITTEN.contains(&&**last) && writes == Some(&true))
    };
    for (route, judged) in declared.iter().zip(all.iter_mut()) {
        let is_open = judged.authenticated == Authenticated::No && is_look(route);
        if !is_open || judged.effects.is_empty() || !judged.effects.iter().all(is_meant) {
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
fn words(name: &str) -> Vec<String> {
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
