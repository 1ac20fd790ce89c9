//! Security rules of Firebase: one fact for each statement, and one for each service that only rules guard.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::kinds::{AccessRule, Answer, Evidence, FirebaseService, Unknown};
use crate::facts::read::firebase::OwnFields;
use crate::facts::{Facts, FileNotes, Input};
use crate::meaning::packages;
use crate::schema::firebase::{Operation, Rules, Service, Statement, Verdict, Who};
use crate::secrets::excerpt;

/// Fills `access_rules`, by file and line.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let mut found = Vec::new();
    for note in input.notes {
        for (rules, verdicts) in &note.firebase.rules {
            let in_force = in_force(input.notes, rules.service, &note.path);
            for (statement, verdict) in rules.statements.iter().zip(verdicts) {
                let mut fact = fact(note, rules, statement, verdict);
                if in_force == Answer::Unknown {
                    let reason = "no firebase.json says which file of rules is deployed";
                    fact.unknowns.push(Unknown::new("in_force", reason));
                }
                fact.in_force = in_force;
                believed_by_code(input.notes, &mut fact);
                found.push(fact);
            }
        }
    }
    found.sort_by(|a, b| (&a.file, a.line, &a.path).cmp(&(&b.file, b.line, &b.path)));
    habits(&mut found);
    let mut twins: BTreeMap<String, u32> = BTreeMap::new();
    for fact in &mut found {
        let twin = twins.entry(crate::facts::Fact::subject(fact)).or_default();
        fact.twin = *twin;
        *twin += 1;
    }
    facts.access_rules = found;
}

/// What many statements of a file have in common is told once, by the first.
fn habits(found: &mut [AccessRule]) {
    let mut start = 0;
    while let Some(first) = found.get(start) {
        let length = found.iter().skip(start).take_while(|other| other.file == first.file).count();
        let own = found.get_mut(start..start + length).unwrap_or_default();
        start += length.max(1);
        for (cell, of) in HABITS {
            let which: Vec<usize> = (0..own.len()).filter(|i| own.get(*i).is_some_and(of)).collect();
            let mut paths: Vec<_> = which.iter().filter_map(|i| Some(own.get(*i)?.path.clone())).collect();
            paths.dedup();
            let lines: Vec<u32> = which.iter().filter_map(|i| Some(own.get(*i)?.line)).collect();
            let Some(first) = which.first().and_then(|i| own.get_mut(*i)) else { continue };
            for (line, path) in lines.iter().zip(&paths) {
                let says = format!("of {path}");
                first.evidence.push(Evidence::of_item(cell, path.as_str(), &first.file, *line, &says));
            }
            match *cell {
                "forged" => first.forged = paths,
                _ => first.given_away = paths,
            }
        }
    }
}

/// Whether a statement has a habit.
type Habit = fn(&AccessRule) -> bool;

static HABITS: &[(&str, Habit)] =
    &[("forged", |one| !one.forged_by.is_empty()), ("given_away", |one| !one.given_away_by.is_empty())];

/// Whether a file of rules is the one that is deployed.
fn in_force(notes: &[FileNotes], service: Service, file: &str) -> Answer {
    let all = || notes.iter().flat_map(|note| &note.firebase.config);
    let named = || all().filter(|one| one.service == service && !one.rules.is_empty());
    if named().any(|one| one.rules == file) {
        Answer::Yes
    } else if named().any(|one| notes.iter().any(|n| n.path == one.rules && !n.firebase.rules.is_empty())) {
        Answer::No
    } else {
        Answer::Unknown
    }
}

fn slug(service: Service) -> (&'static str, &'static str) {
    match service {
        Service::Firestore => ("firestore", "Firestore"),
        Service::Storage => ("storage", "Cloud Storage"),
        Service::Realtime => ("realtime-database", "the Realtime Database"),
    }
}

fn word(operation: Operation) -> &'static str {
    match operation {
        Operation::Get => "get",
        Operation::List => "list",
        Operation::Create => "create",
        Operation::Update => "update",
        Operation::Delete => "delete",
    }
}

fn who_word(who: Who) -> &'static str {
    match who {
        Who::Nobody => "nobody",
        Who::Person => "person",
        Who::Role => "role",
        Who::Owner => "owner",
        Who::Member => "member",
        Who::Flagged => "flagged",
        Who::Unknown => "unknown",
        Who::SignedIn => "signed-in",
        Who::Timed => "timed",
        Who::Public => "anyone",
    }
}

/// What the reports says of who may.
fn says(who: &str) -> &'static str {
    match who {
        "nobody" => "nobody",
        "person" => "people that are named in it",
        "role" => "who has a role",
        "owner" => "whose it is",
        "member" => "who belongs to it",
        "flagged" => "anyone, of what is marked for that",
        "signed-in" => "anybody with an account",
        "timed" => "anyone, until a day",
        "anyone" => "anyone",
        _ => "it can't be told who",
    }
}

fn fact(note: &FileNotes, rules: &Rules, statement: &Statement, verdict: &Verdict) -> AccessRule {
    let (service, title) = slug(rules.service);
    let by = |of: fn(Operation) -> bool| {
        let each = verdict.who.iter().filter(|(operation, _)| of(**operation));
        each.map(|(_, who)| *who).max().map_or("na", who_word).to_owned()
    };
    let which = |wanted: Who| -> Vec<String> {
        let each = verdict.who.iter().filter(|(_, who)| **who == wanted);
        each.map(|(operation, _)| word(*operation).to_owned()).collect()
    };
    let path_of = |i: &usize| rules.statements.get(*i).map(|other| excerpt(&other.path.to_string()));
    let mut defeats: Vec<_> = verdict.defeats.iter().filter_map(path_of).collect();
    defeats.sort();
    defeats.dedup();
    let opened: BTreeSet<usize> = verdict.promotes.values().flatten().copied().collect();
    let mut promoted_to: Vec<_> = opened.iter().filter_map(path_of).collect();
    promoted_to.sort();
    promoted_to.dedup();
    let mut fact = AccessRule {
        service: service.to_owned(),
        title: title.to_owned(),
        file: note.path.clone(),
        line: statement.line,
        path: excerpt(&statement.path.to_string()),
        collection: excerpt(statement.path.collection()),
        everything: statement.reach.is_everything(),
        operations: statement.operations.iter().map(|operation| word(*operation).to_owned()).collect(),
        condition: excerpt(&statement.text),
        read_by: by(Operation::reads),
        create_by: by(|operation| operation == Operation::Create),
        change_by: by(|operation| matches!(operation, Operation::Update | Operation::Delete)),
        anyone: which(Who::Public),
        any_account: which(Who::SignedIn),
        open_until: verdict.until.clone(),
        defeats,
        forged_by: excerpt(&verdict.forges),
        taken_over_by: excerpt(&verdict.takes_over),
        given_away_by: excerpt(&verdict.gives_away),
        promotes_by: verdict.promotes.keys().map(|field| excerpt(field)).collect(),
        promoted_to,
        own_row_unlimited: verdict.own_row_unlimited,
        ..AccessRule::default()
    };
    let line = statement.line;
    let mut say = |cell: &str, text: &str| fact.evidence.push(Evidence::new(cell, &note.path, line, text));
    for (cell, who) in
        [("read_by", &fact.read_by), ("create_by", &fact.create_by), ("change_by", &fact.change_by)]
    {
        if who != "na" {
            say(cell, says(who));
        }
    }
    for cell in ["defeats", "forged_by", "taken_over_by", "given_away_by", "promotes_by", "open_until"] {
        let text = match cell {
            "defeats" if !verdict.defeats.is_empty() => "it is enough that one statement allows it",
            "forged_by" if !verdict.forges.is_empty() => "nothing asks whose id is written there",
            "taken_over_by" if !verdict.takes_over.is_empty() => "only what is being written is looked at",
            "given_away_by" if !verdict.gives_away.is_empty() => "the new value is not looked at",
            "promotes_by" if !verdict.promotes.is_empty() => "people may write this themselves",
            "open_until" if !verdict.until.is_empty() => "everybody is let in until that day",
            _ => continue,
        };
        say(cell, text);
    }
    for i in &opened {
        if let Some(other) = rules.statements.get(*i) {
            fact.evidence.push(Evidence::new(
                "promoted_to",
                &note.path,
                other.line,
                "believes what stands there",
            ));
        }
    }
    for (cell, who) in
        [("read_by", &fact.read_by), ("create_by", &fact.create_by), ("change_by", &fact.change_by)]
    {
        if who == "unknown" {
            let reason = verdict.unclear.first().copied().unwrap_or("the condition is not understood");
            fact.unknowns.push(Unknown::new(cell, reason));
        }
    }
    fact
}

/// What code believes of rows that people write themselves.
fn believed_by_code(notes: &[FileNotes], fact: &mut AccessRule) {
    if !fact.own_row_unlimited {
        return;
    }
    let mut seen = BTreeSet::new();
    for note in notes {
        let Some(OwnFields { collections, fields }) = &note.firebase.own_fields else { continue };
        if !collections.contains(fact.collection.as_str()) {
            continue;
        }
        for (field, line) in fields {
            if seen.insert(field.clone()) {
                let says = format!("the code believes `{field}`");
                fact.evidence.push(Evidence::of_item("code_believes", field, &note.path, *line, &says));
            }
        }
    }
    fact.code_believes = seen.iter().map(|field| excerpt(field)).collect();
}

/// Fills `firebase_services`.
pub fn services(input: &Input<'_>, facts: &mut Facts) {
    let all = [Service::Firestore, Service::Storage, Service::Realtime];
    facts.firebase_services = all.into_iter().filter_map(|service| of_service(input, service)).collect();
}

fn of_service(input: &Input<'_>, service: Service) -> Option<FirebaseService> {
    let (slug, title) = slug(service);
    let mut fact =
        FirebaseService { service: slug.to_owned(), title: title.to_owned(), ..FirebaseService::default() };
    let used = input.notes.iter().find_map(|note| {
        let import = note.imports.iter().find(|import| reaches(service, &import.module))?;
        Some((note.path.clone(), import.line))
    });
    let configured = input.notes.iter().find_map(|note| {
        let one = note.firebase.config.iter().find(|one| one.service == service)?;
        Some((note.path.clone(), one))
    });
    let has = |note: &&FileNotes| note.firebase.rules.iter().any(|(rules, _)| rules.service == service);
    fact.files = input.notes.iter().filter(has).map(|note| note.path.clone()).collect();
    fact.used_by_clients = used.is_some();
    let quoted = input.notes.iter().flat_map(|note| {
        let own = note.firebase.quoted.iter().filter(|(its, _)| *its == service);
        own.map(|(_, line)| (note.path.clone(), *line))
    });
    let quoted: Vec<(String, u32)> = quoted.collect();
    fact.documents = quoted.iter().map(|(file, _)| file.clone()).collect();
    let (file, line) = used
        .clone()
        .or_else(|| configured.as_ref().map(|(file, one)| (file.clone(), one.line)))
        .or_else(|| fact.files.first().map(|file| (file.clone(), 0)))?;
    (fact.file, fact.line) = (file.clone(), line);
    let missing = configured.filter(|(_, one)| {
        !one.rules.is_empty() && !input.source.tree.files().iter().any(|file| file.path == one.rules)
    });
    let unread = input.notes.iter().any(|note| note.broken.is_some() && is_rules(&note.path, service));
    let mut say = |file: &str, line: u32, text: &str| {
        fact.evidence.push(Evidence::new("rules_in_repository", file, line, text));
    };
    fact.rules_in_repository = if let Some(first) = fact.files.first() {
        say(first, 0, "its rules");
        Answer::Yes
    } else if unread {
        fact.unknowns.push(Unknown::new("rules_in_repository", "its rules can't be read"));
        Answer::Unknown
    } else if let Some((file, one)) = missing {
        say(&file, one.line, "the file of rules that is named here is not in the repository");
        Answer::No
    } else if let Some((file, line)) = quoted.first() {
        say(file, *line, "rules are only quoted here, and nobody deploys from a document");
        Answer::Partial
    } else {
        say(&file, line, "uses it");
        let reason = "no file of the repository holds its rules, and those in force are only in the console";
        fact.unknowns.push(Unknown::new("rules_in_repository", reason));
        Answer::Unknown
    };
    (fact.used_by_clients || fact.rules_in_repository != Answer::Unknown || unread).then_some(fact)
}

fn is_rules(path: &str, service: Service) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    match service {
        Service::Firestore => name.ends_with(".rules") && !name.contains("storage"),
        Service::Storage => name.ends_with(".rules") && name.contains("storage"),
        Service::Realtime => name.ends_with(".json") && name.contains("rules"),
    }
}

/// Whether an import is how a browser or a device reaches the service.
fn reaches(service: Service, module: &str) -> bool {
    let (id, script) = match service {
        Service::Firestore => ("firestore", "firebase-firestore"),
        Service::Storage => ("firebase-storage", "firebase-storage"),
        Service::Realtime => ("firebase-rtdb", "firebase-database"),
    };
    // Firebase's own scripts: `https://www.gstatic.com/firebasejs/10.12.0/firebase-firestore.js`.
    if module.contains("gstatic.com/firebasejs/") {
        return module.contains(script);
    }
    let mut parts = module.splitn(3, '/');
    let first = parts.next().unwrap_or_default();
    let name = match parts.next() {
        Some(second) if first.starts_with('@') => format!("{first}/{second}"),
        _ => first.to_owned(),
    };
    // What runs on a server passes by the rules.
    if name == "firebase-admin" || name.starts_with("@google-cloud/") {
        return false;
    }
    packages::declared("npm", &name)
        .into_iter()
        .any(|package| package.id == id && package.shown_by_import(&name, module))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    const OPEN: &str = "service cloud.firestore { match /databases/{d}/documents { match /notes/{n} { allow read: if true; } } }";

    #[test]
    fn the_file_that_is_named_is_in_force() {
        let config = |rules: &str| format!("{{\"firestore\": {rules}}}");
        let found = |files: &[(&str, &str)]| -> Vec<(String, Answer)> {
            facts(files).access_rules.into_iter().map(|rule| (rule.file, rule.in_force)).collect()
        };
        let one = config("{\"rules\": \"./rules/live.rules\"}");
        let files =
            [("app/firebase.json", one.as_str()), ("app/rules/live.rules", OPEN), ("app/old.rules", OPEN)];
        assert_eq!(
            found(&files),
            [("app/old.rules".to_owned(), Answer::No), ("app/rules/live.rules".to_owned(), Answer::Yes)]
        );
        let many = config(
            "[{\"database\": \"(default)\", \"rules\": \"a.rules\"}, {\"database\": \"b\", \"rules\": \"b.rules\"}]",
        );
        let files = [("firebase.json", many.as_str()), ("a.rules", OPEN), ("b.rules", OPEN)];
        assert!(found(&files).iter().all(|(_, answer)| *answer == Answer::Yes));
        assert_eq!(found(&[("firestore.rules", OPEN)]), [("firestore.rules".to_owned(), Answer::Unknown)]);
    }

    #[test]
    fn services_whose_rules_are_not_there() {
        let package = (
            "package.json",
            r#"{"scripts": {"dev": "vite"}, "dependencies": {"firebase": "12", "firebase-admin": "13"}}"#,
        );
        let browser = ("src/a.ts", "import { getDoc } from 'firebase/firestore'\n");
        let server = ("src/a.ts", "import { getFirestore } from 'firebase-admin/firestore'\n");
        let told = |files: &[(&str, &str)]| -> Vec<(String, Answer)> {
            facts(files)
                .firebase_services
                .into_iter()
                .map(|one| (one.service, one.rules_in_repository))
                .collect()
        };
        let firestore = |answer| vec![("firestore".to_owned(), answer)];
        assert_eq!(told(&[package, browser]), firestore(Answer::Unknown));
        assert_eq!(told(&[package, server]), [], "what runs on a server passes by the rules");
        assert_eq!(told(&[package, browser, ("firestore.rules", OPEN)]), firestore(Answer::Yes));
        let quoted = ("README.md", "```\nservice cloud.firestore {\n allow read: if true;\n}\n```\n");
        assert_eq!(told(&[package, browser, quoted]), firestore(Answer::Partial));
        let named = ("firebase.json", r#"{"firestore": {"rules": "firestore.rules"}}"#);
        assert_eq!(told(&[package, browser, named]), firestore(Answer::No));
        let broken = ("firestore.rules", "service cloud.firestore { match /a {");
        assert_eq!(told(&[package, browser, broken]), firestore(Answer::Unknown));
    }

    #[test]
    fn a_habit_is_told_once_for_each_file() {
        let text = "service cloud.firestore { match /databases/{d}/documents {
            match /a/{i} { allow update: if resource.data.by == request.auth.uid; }
            match /b/{i} { allow update: if resource.data.by == request.auth.uid; }
        } }";
        let found = facts(&[("firestore.rules", text)]).access_rules;
        let told: Vec<usize> = found.iter().map(|rule| rule.given_away.len()).collect();
        assert_eq!(told, [2, 0]);
        assert_eq!(found[0].evidence.iter().filter(|e| e.cell.starts_with("given_away[")).count(), 2);
    }
}
