//! Whose the rows of a table are, as its columns say, and what of them must not be changed by whose they are.

use super::names::words;
use crate::schema::catalogue::{Catalogue, ConstraintKind, Oid, Relation, Rights};
use crate::schema::sql::TriggerEvent;

/// People, as tables and columns are called after them.
const PEOPLE: &[&str] = &[
    "user", "profile", "owner", "customer", "client", "member", "patient", "student", "employee", "person",
    "author", "creator", "driver", "buyer", "seller", "player",
];
/// What people belong to.
const TEAMS: &[&str] = &[
    "organization",
    "organisation",
    "org",
    "company",
    "team",
    "workspace",
    "tenant",
    "account",
    "business",
    "agency",
    "school",
    "household",
    "family",
    "practice",
    "clinic",
];
/// Columns that tell of a person, by a word of their names.
const PERSONAL: &[&str] = &[
    "birth",
    "birthday",
    "birthdate",
    "card",
    "diagnosis",
    "dob",
    "gender",
    "income",
    "ip",
    "passport",
    "salary",
    "medical",
    "nationality",
    "tax",
    "billing",
    "religion",
];
/// The same, which businesses have as well and tell everybody.
const CONTACT: &[&str] = &[
    "address",
    "email",
    "mail",
    "mobile",
    "phone",
    "street",
    "tel",
    "telephone",
    "whatsapp",
    "zip",
    "lat",
    "latitude",
];
/// Columns that nobody else is to see.
const SECRET: &[&str] = &[
    "hash",
    "iban",
    "otp",
    "password",
    "passwd",
    "pin",
    "secret",
    "ssn",
    "token",
    "apikey",
    "credential",
    "cpf",
];
/// Tables of what wants to be found.
const FOUND: &[&str] = &[
    "company",
    "business",
    "store",
    "shop",
    "restaurant",
    "venue",
    "location",
    "branch",
    "office",
    "clinic",
    "agency",
    "organization",
    "hotel",
    "property",
    "listing",
    "event",
    "school",
    "partner",
    "sponsor",
    "setting",
    "site",
    "info",
    "provider",
    "vendor",
    "lender",
    "church",
    "club",
    "gym",
    "salon",
    "supplier",
    "hospital",
];
/// What is sent in by strangers, by words of a table's name.
const SENT: &[&str] = &["enquiry", "feedback", "inquiry", "newsletter", "rsvp", "subscriber", "waitlist"];
/// The same, of two words.
const SENT_PAIRS: &[(&str, &str)] = &[
    ("contact", "form"),
    ("contact", "message"),
    ("contact", "request"),
    ("contact", "submission"),
    ("contact", "us"),
    ("demo", "request"),
    ("waiting", "list"),
    ("wait", "list"),
];
/// Columns that say what somebody may do or has paid for, without `_` and `is_`.
const POWERS: &[&str] = &[
    "role",
    "roles",
    "userrole",
    "approle",
    "admin",
    "superadmin",
    "superuser",
    "staff",
    "moderator",
    "permissions",
    "plan",
    "plantype",
    "subscriptionplan",
    "subscriptiontier",
    "subscriptionstatus",
    "credits",
    "creditbalance",
    "balance",
    "premium",
];
/// What tables of people's affairs are called, by a word.
const RECORDS: &[&str] = &[
    "message",
    "conversation",
    "chat",
    "transaction",
    "payment",
    "order",
    "invoice",
    "booking",
    "appointment",
    "reservation",
    "prescription",
    "document",
    "contract",
    "payroll",
    "ticket",
    "lead",
    "customer",
    "client",
    "patient",
    "candidate",
    "application",
    "submission",
    "subscription",
    "invitation",
    "notification",
    "audit",
    "email",
    "sms",
    "call",
    "note",
    "expense",
    "contact",
    "response",
    "assessment",
];
/// How far a key is looked for along foreign keys.
const FARTHEST: usize = 4;

/// The column that names whose a row is: a person. `""` if none does.
pub fn owner_key(cat: &Catalogue, table: &Relation) -> String {
    key(cat, table, &|cat, to, column| is_person(cat, to, column), &mut Vec::new()).unwrap_or_default()
}

/// The column that names the team, company or account that a row belongs to.
pub fn tenant_key(cat: &Catalogue, table: &Relation) -> String {
    key(cat, table, &|_, to, column| is_team(to, column), &mut Vec::new()).unwrap_or_default()
}

type Is = dyn Fn(&Catalogue, Option<&Relation>, &str) -> bool;

/// A key of the table itself; else a foreign key to a table that has one.
fn key(cat: &Catalogue, table: &Relation, is: &Is, seen: &mut Vec<Oid>) -> Option<String> {
    if let Some(own) = direct(cat, table, is) {
        return Some(own);
    }
    if seen.len() >= FARTHEST || seen.contains(&table.oid) {
        return None;
    }
    seen.push(table.oid);
    // A row that may be without it belongs to nothing.
    let is_always = |column: &str| table.column(column).is_some_and(|column| column.not_null);
    let found = foreign(table).find(|(column, to)| {
        let to = cat.relations.get(to).filter(|_| is_always(column));
        to.is_some_and(|to| to.schema == table.schema && key(cat, to, is, seen).is_some())
    });
    found.map(|(column, _)| column.to_owned())
}

fn direct(cat: &Catalogue, table: &Relation, is: &Is) -> Option<String> {
    let by_reference = foreign(table).find(|(column, to)| is(cat, cat.relations.get(to), column));
    let by_name =
        || table.columns.iter().map(|column| column.name.as_str()).find(|column| is(cat, None, column));
    by_reference.map(|(column, _)| column).or_else(by_name).map(str::to_owned)
}

/// Foreign keys of one column: the column, and the table.
fn foreign(table: &Relation) -> impl Iterator<Item = (&str, Oid)> {
    table.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::Foreign { columns, table, .. } => match columns.as_slice() {
            [column] => Some((column.as_str(), *table)),
            _ => None,
        },
        _ => None,
    })
}

fn is_person(_: &Catalogue, to: Option<&Relation>, column: &str) -> bool {
    match to {
        Some(to) => {
            to.schema == "auth" && to.name == "users"
                || last(&to.name).is_some_and(|word| PEOPLE.contains(&&*word))
        }
        None => {
            let named = words(column);
            let of_person = named.iter().any(|word| PEOPLE.contains(&&**word));
            of_person && named.last().is_some_and(|word| word == "id" || word == "uid")
                || matches!(column, "created_by" | "owner" | "uid" | "user")
        }
    }
}

fn is_team(to: Option<&Relation>, column: &str) -> bool {
    match to {
        Some(to) => last(&to.name).is_some_and(|word| TEAMS.contains(&&*word)),
        None => {
            let named = words(column);
            named.iter().any(|word| TEAMS.contains(&&**word)) && named.last().is_some_and(|word| word == "id")
        }
    }
}

/// The last word of a name, in the singular.
fn last(name: &str) -> Option<String> {
    words(name).pop().map(|word| singular(&word))
}

fn singular(word: &str) -> String {
    match (word.strip_suffix("ies"), word.strip_suffix('s')) {
        (Some(start), _) => format!("{start}y"),
        (None, Some(start)) if !start.ends_with('s') => start.to_owned(),
        _ => word.to_owned(),
    }
}

/// The columns that tell of people, or that nobody else is to see.
pub fn personal(table: &Relation) -> Vec<&str> {
    let is_found = words(&table.name).iter().any(|word| FOUND.contains(&&*singular(word)));
    let is_personal = |name: &str| {
        let named = words(name);
        // `email_verified`, `token_count`, `phone_id`.
        let says_less = named.last().is_some_and(|word| {
            matches!(
                &**word,
                "id" | "at"
                    | "count"
                    | "verified"
                    | "enabled"
                    | "type"
                    | "status"
                    | "url"
                    | "template"
                    | "subject"
                    | "sent"
                    | "limit"
                    | "opened"
                    | "clicked"
                    | "budget"
                    | "usage"
                    | "used"
                    | "tokens"
                    | "color"
                    | "notifications"
            )
        });
        let has = |list: &[&str]| named.iter().any(|word| list.contains(&&*singular(word)));
        !says_less && (has(SECRET) || has(PERSONAL) || !is_found && has(CONTACT) || name.contains("api_key"))
    };
    table.columns.iter().map(|column| column.name.as_str()).filter(|name| is_personal(name)).collect()
}

/// What of somebody's a table keeps: `secrets`, `people`, or nothing that its names tell of: `""`.
pub fn keeps(table: &Relation) -> &'static str {
    let personal = personal(table);
    let is_secret = |name: &&str| words(name).iter().any(|word| SECRET.contains(&&*singular(word)));
    if personal.iter().any(|name| is_secret(name) || name.contains("api_key")) {
        "secrets"
    } else if !personal.is_empty()
        || words(&table.name).iter().any(|word| RECORDS.contains(&&*singular(word)))
    {
        "people"
    } else {
        ""
    }
}

/// Whether strangers are asked to send rows in: the contact form, the waiting list.
pub fn takes_in(table: &Relation) -> bool {
    let named: Vec<String> = words(&table.name).iter().map(|word| singular(word)).collect();
    named.iter().any(|word| SENT.contains(&&**word))
        || named.windows(2).any(|two| SENT_PAIRS.contains(&(two[0].as_str(), two[1].as_str())))
}

/// The columns by which somebody who may change a row gives themselves more than they have, and that nothing keeps them from
/// writing: no missing privilege, no condition on the new row, no trigger.
pub fn promotable<'t>(cat: &Catalogue, table: &'t Relation) -> Vec<&'t str> {
    let role = "authenticated";
    let whole = table.acl.held(role).has(Rights::UPDATE);
    let may = |column: &str| {
        let of_column = |((who, one), rights): (&(String, String), &Rights)| {
            one == column && (who == role || who == "public") && rights.has(Rights::UPDATE)
        };
        whole || table.acl.columns.iter().any(of_column)
    };
    // Who says what in a chat has a role as well.
    let is_chat =
        words(&table.name).iter().any(|word| matches!(&*singular(word), "message" | "chat" | "conversation"));
    let is_power = |column: &str| {
        let plain: String = column.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect();
        !is_chat && POWERS.contains(&plain.strip_prefix("is").unwrap_or(&plain))
    };
    let is_held = |column: &str| {
        let in_checks = table.policies.values().any(|policy| mentions(&policy.check_text, column));
        let in_triggers = table.triggers.values().any(|trigger| {
            trigger.enabled
                && trigger.events.iter().any(|event| matches!(event, TriggerEvent::Update(_)))
                && cat
                    .functions
                    .get(&trigger.function)
                    .is_some_and(|function| mentions(&function.body, column))
        });
        in_checks || in_triggers
    };
    let columns = table.columns.iter().map(|column| column.name.as_str());
    columns.filter(|name| is_power(name) && may(name) && !is_held(name)).collect()
}

/// Whether a text has a name as a word.
fn mentions(text: &str, name: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word.eq_ignore_ascii_case(name))
}
