//! Which authors are no people, and which identities were never set up.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    bot: Vec<BotEntry>,
    unnamed: Vec<UnnamedEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BotEntry {
    id: String,
    #[serde(default)]
    builder: bool,
    #[serde(default)]
    name: Vec<String>,
    #[serde(default)]
    email: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnnamedEntry {
    name: Option<String>,
    email: Option<String>,
}

/// An author that is no person.
#[derive(Debug)]
pub struct Bot {
    /// `lovable`, `dependabot`, … or `bot` for any other.
    pub id: String,
    /// Whether it is an AI tool that writes code.
    pub builder: bool,
    name: Vec<Regex>,
    email: Vec<Regex>,
}

struct Unnamed {
    name: Option<Regex>,
    email: Option<Regex>,
}

#[derive(Default)]
struct Table {
    bots: Vec<Bot>,
    unnamed: Vec<Unnamed>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| load(super::vocabulary("bots.toml")).unwrap_or_default());

fn load(text: &str) -> Option<Table> {
    let file: File = toml::from_str(text).ok()?;
    let all = |patterns: &[String]| patterns.iter().map(|p| compile(p)).collect::<Option<Vec<_>>>();
    let one = |pattern: Option<String>| match pattern {
        None => Some(None),
        Some(pattern) => compile(&pattern).map(Some),
    };
    let mut table = Table::default();
    for entry in file.bot {
        let (name, email) = (all(&entry.name)?, all(&entry.email)?);
        table.bots.push(Bot { id: entry.id, builder: entry.builder, name, email });
    }
    for entry in file.unnamed {
        table.unnamed.push(Unnamed { name: one(entry.name)?, email: one(entry.email)? });
    }
    Some(table)
}

fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).case_insensitive(true).build().ok()
}

/// The bot behind an author's name and address, if it is one.
pub fn bot(name: &str, email: &str) -> Option<&'static Bot> {
    TABLE.bots.iter().find(|bot| {
        bot.name.iter().any(|r| r.is_match(name.trim())) || bot.email.iter().any(|r| r.is_match(email.trim()))
    })
}

/// Whether nobody can be identified by this name and address: a git identity that was never set up.
pub fn unnamed(name: &str, email: &str) -> bool {
    TABLE.unnamed.iter().any(|entry| {
        let fits = |regex: &Option<Regex>, text: &str| regex.as_ref().is_none_or(|r| r.is_match(text.trim()));
        fits(&entry.name, name) && fits(&entry.email, email)
    })
}

/// Whether this name alone names nobody (`Your Name`, `root`), so that two addresses with it may be two people.
pub fn placeholder_name(name: &str) -> bool {
    TABLE.unnamed.iter().any(|entry| entry.name.as_ref().is_some_and(|r| r.is_match(name.trim())))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_file_parses_with_unique_ids() {
        let table =
            load(super::super::vocabulary("bots.toml")).expect("bots.toml parses, its patterns compile");
        let ids: BTreeSet<_> = table.bots.iter().map(|b| &b.id).collect();
        assert_eq!(ids.len(), table.bots.len());
        assert!(table.bots.iter().all(|b| !(b.name.is_empty() && b.email.is_empty())));
        assert!(table.unnamed.iter().all(|u| u.name.is_some() || u.email.is_some()));
    }

    #[test]
    fn bots_are_told_from_people() {
        let id = |name, email| bot(name, email).map(|b| b.id.as_str());
        assert_eq!(
            id("gpt-engineer-app[bot]", "1+gpt-engineer-app[bot]@users.noreply.github.com"),
            Some("lovable")
        );
        assert_eq!(id("Firebase Studio", "noreply@firebase.studio"), Some("firebase-studio"));
        assert_eq!(
            id("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"),
            Some("dependabot")
        );
        assert_eq!(id("some-new-thing[bot]", "1+some-new-thing[bot]@users.noreply.github.com"), Some("bot"));
        assert_eq!(id("github-actions", "github-actions@github.com"), Some("github-actions"));
        assert_eq!(id("Snyk bot", "snyk-bot@snyk.io"), Some("snyk"));
        assert_eq!(
            id("maria", "457-maria@users.noreply.replit.com"),
            None,
            "a person who commits from Replit"
        );
        assert_eq!(id("Claude Martin", "claude.martin@example.fr"), None);
        assert_eq!(id("Claude", "claude@martin.fr"), None, "a given name");
        assert_eq!(id("Abbot", "abbot@example.co"), None);
    }

    #[test]
    fn identities_that_were_never_set_up() {
        assert!(unnamed("Your Name", "your.email@example.com"));
        assert!(unnamed("Your Name", "you@example.com"));
        assert!(unnamed("root", "root@localhost"));
        assert!(unnamed("Ubuntu", "ubuntu@ip-172-31-0-1.eu-west-1.compute.internal"));
        assert!(unnamed("unknown", "unknown"));
        assert!(!unnamed("Your Name", "maria@gmail.com"), "the address tells");
        assert!(!unnamed("Maria", "maria@MacBook-Pro.local"), "the name tells");
    }
}
