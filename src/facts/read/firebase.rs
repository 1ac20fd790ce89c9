//! Security rules of Firebase, which of them are deployed, documents that quote them, and what code reads of people's own
//! rows.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::Reader;
use crate::facts::FileNotes;
use crate::facts::config::{Node, json};
use crate::schema::firebase::{Rules, Service, Verdict, judge, realtime, rules};
use crate::source::{File, Role};

/// The readers.
pub static READERS: &[Reader] = &[
    Reader { name: "rules of Firebase", wants: wants_rules, read: read_rules },
    Reader { name: "which rules of Firebase are deployed", wants: wants_config, read: read_config },
    Reader { name: "rules of Firebase in documents", wants: wants_document, read: read_document },
    Reader { name: "fields of people's own rows", wants: wants_code, read: read_code },
];

/// What a file says of Firebase.
#[derive(Debug, Clone, Default)]
pub struct FirebaseNote {
    /// Its rules, and what each statement comes to.
    pub rules: Vec<(Rules, Vec<Verdict>)>,
    /// If it is a `firebase.json`: the services that it configures.
    pub config: Vec<Deployed>,
    /// If it is a document: the services whose rules it quotes, and where.
    pub quoted: Vec<(Service, u32)>,
    /// If it is code that reads rows of people: what it reads of them.
    pub own_fields: Option<OwnFields>,
}

/// What code reads of rows of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnFields {
    /// Collections that it names.
    pub collections: BTreeSet<String>,
    /// Fields of rights and credit that it reads, with the line of each.
    pub fields: Vec<(String, u32)>,
}

/// A service that `firebase.json` configures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// Which.
    pub service: Service,
    /// The file of its rules relative to PATH, `""` where none is named.
    pub rules: String,
    /// The line.
    pub line: u32,
}

fn wants_rules(file: &File) -> bool {
    let name = file.name();
    file.role == Role::Product
        && (name.ends_with(".rules")
            || name.ends_with(".json") && name.to_ascii_lowercase().contains("rules"))
}

fn read_rules(file: &File, text: &str, notes: &mut FileNotes) {
    let read = if file.name().ends_with(".json") {
        // Other tools keep rules in JSON as well.
        if !(text.contains("\"rules\"") && (text.contains("\".read\"") || text.contains("\".write\""))) {
            return;
        }
        realtime::parse(text).map(|rules| vec![rules])
    } else {
        // And others have files of this name: those of a firewall, of udev.
        if !(text.contains("cloud.firestore") || text.contains("firebase.storage")) {
            return;
        }
        rules::parse(text)
    };
    match read {
        Ok(all) => {
            notes.firebase.rules = all
                .into_iter()
                .map(|rules| {
                    let verdicts = judge(&rules);
                    (rules, verdicts)
                })
                .collect();
        }
        Err(broken) => notes.broken = Some(format!("{broken}, so who may reach the data cannot be told")),
    }
}

fn wants_config(file: &File) -> bool {
    file.role == Role::Product && file.name() == "firebase.json"
}

fn read_config(file: &File, text: &str, notes: &mut FileNotes) {
    // What does not parse is told by who reads what it deploys.
    let Ok(root) = json(text) else { return };
    let folder = file.folder();
    let services =
        [("firestore", Service::Firestore), ("storage", Service::Storage), ("database", Service::Realtime)];
    for (key, service) in services {
        let Some(node) = root.get(key) else { continue };
        let each: Vec<&Node> = if node.is_map() { vec![node] } else { node.list().iter().collect() };
        for one in each {
            let named = one.get("rules").map(Node::scalar).unwrap_or_default();
            let rules = if named.is_empty() { String::new() } else { joined(folder, &named) };
            let line = one.get("rules").map_or(one.line, |rules| rules.line);
            notes.firebase.config.push(Deployed { service, rules, line });
        }
    }
}

/// A path that is named in a file of `folder`, relative to PATH.
fn joined(folder: &str, named: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in named.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn wants_document(file: &File) -> bool {
    matches!(&*file.extension(), "md" | "mdx" | "markdown" | "txt")
        && matches!(file.role, Role::Product | Role::Docs)
}

fn read_document(_: &File, text: &str, notes: &mut FileNotes) {
    for (words, service) in
        [("service cloud.firestore", Service::Firestore), ("service firebase.storage", Service::Storage)]
    {
        let found = memchr::memmem::find(text.as_bytes(), words.as_bytes());
        let Some(at) = found.filter(|at| text.get(*at..).is_some_and(|rest| rest.contains("allow "))) else {
            continue;
        };
        notes.firebase.quoted.push((service, super::json::line_at(text, at)));
    }
}

fn wants_code(file: &File) -> bool {
    file.role == Role::Product
        && matches!(&*file.extension(), "ts" | "tsx" | "js" | "jsx" | "mjs" | "vue" | "svelte")
}

/// `doc(db, 'users', uid)`, `collection("users")`, `ref(db, 'users/' + uid)`.
static COLLECTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"\b(?:doc|collection|ref)\(\s*(?:[\w.()]+\s*,\s*)?["'`]/?([A-Za-z][\w-]*)"#).ok()
});

/// Fields of a row that say what somebody may do or has paid for, where code reads them of something: `profile.isAdmin`.
static FIELD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:data|userData|userDoc|profile|userProfile|currentUser|user|account|snap|snapshot|docSnap)(?:\(\))?(?:\?|!)?\.(role|isAdmin|is_admin|isPremium|isPro|plan|credits|balance|subscriptionStatus)\b",
    )
    .ok()
});

fn read_code(_: &File, text: &str, notes: &mut FileNotes) {
    if !text.contains("firebase") && !text.contains("firestore") {
        return;
    }
    let (Some(collection), Some(field)) = (COLLECTION.as_ref(), FIELD.as_ref()) else { return };
    let of_people = |name: &str| matches!(name, "users" | "profiles" | "accounts" | "user" | "customers");
    let collections: BTreeSet<String> = collection
        .captures_iter(text)
        .filter_map(|found| Some(found.get(1)?.as_str().to_owned()))
        .filter(|name| of_people(name))
        .collect();
    if collections.is_empty() {
        return;
    }
    let mut fields: Vec<(String, u32)> = Vec::new();
    for found in field.captures_iter(text) {
        let Some(name) = found.get(1) else { continue };
        if !fields.iter().any(|(known, _)| known == name.as_str()) {
            fields.push((name.as_str().to_owned(), super::json::line_at(text, name.start())));
        }
    }
    if !fields.is_empty() {
        notes.firebase.own_fields = Some(OwnFields { collections, fields });
    }
}
