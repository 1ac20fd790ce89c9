//! What is there to be looked at: what the staff of an app keeps, rows of a catalogue, what people write for everybody. What
//! a table is called says what is in it, and is not enough: that the app asks whoever changes it who they are, and lets
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

/// An app that writes to so many tables would write to what its users have as well.
const MANY: usize = 4;

/// Who changes rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Writers {
    Anyone,
    /// Whoever is known.
    Known,
    /// Whoever has a role, or a secret of the app.
    Staff,
}

/// Calls routes public that only show such rows.
pub fn mark(declared: &[Declared<'_>], all: &mut [Judged]) {
    // For each table, who writes to it at least; and those of which only some rows are for everybody.
    let mut writers: HashMap<String, Writers> = HashMap::new();
    let mut marked: HashSet<String> = HashSet::new();
    for effect in all.iter().flat_map(|judged| &judged.effects) {
        let table = effect.target.to_ascii_lowercase();
        if effect.has_mark {
            marked.insert(table.clone());
        }
        if effect.kind != "read" {
            let who = match (effect.guarded, effect.callers) {
                (true, "role" | "secret") => Writers::Staff,
                (true, _) => Writers::Known,
                (false, _) => Writers::Anyone,
            };
            let known = writers.entry(table).or_insert(who);
            *known = who.min(*known);
        }
    }
    // An app whose pages write to the database themselves shows nothing of that.
    let knows_writes = writers.len() >= MANY && !declared.iter().any(|route| route.framework == "supabase");
    let is_meant = |effect: &Effect| {
        let words = words(&effect.target);
        let Some(last) = words.last().filter(|_| !words.iter().any(|w| OTHERWISE.contains(&&**w))) else {
            return false;
        };
        let table = effect.target.to_ascii_lowercase();
        let by = writers.get(&table).copied();
        let is_kept_elsewhere = by.is_none() && knows_writes;
        let is_meant = by == Some(Writers::Staff)
            || is_kept_elsewhere
            || by == Some(Writers::Known) && WRITTEN.contains(&&**last)
            || by != Some(Writers::Anyone) && SHOWN.contains(&&**last);
        effect.kind == "read" && !effect.client.is_empty() && !marked.contains(&table) && is_meant
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
