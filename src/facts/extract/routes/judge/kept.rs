//! What tables keep, as their columns say: whether any of it is somebody's, or tells of somebody.

use std::collections::HashMap;

use super::catalogue::words;
use crate::schema::model::{Column, Model};

/// Columns that tell of a person or hold what must not be told, by a word of their names.
const PERSONAL: &[&str] = &[
    "address",
    "balance",
    "birth",
    "birthday",
    "card",
    "cookie",
    "credential",
    "diagnosis",
    "dob",
    "email",
    "gender",
    "hash",
    "iban",
    "income",
    "internal",
    "ip",
    "license",
    "mail",
    "mobile",
    "note",
    "otp",
    "passport",
    "password",
    "payload",
    "phone",
    "pin",
    "private",
    "prompt",
    "salary",
    "salt",
    "secret",
    "session",
    "signature",
    "ssn",
    "stripe",
    "tel",
    "telephone",
    "token",
    "transcript",
    "wallet",
    "whatsapp",
    "zip",
];
/// Whose rows may be, by a word of a column's name or of the table that it refers to.
const PEOPLE: &[&str] = &[
    "account",
    "agent",
    "author",
    "buyer",
    "client",
    "company",
    "creator",
    "customer",
    "driver",
    "employee",
    "guest",
    "member",
    "merchant",
    "org",
    "organisation",
    "organization",
    "owner",
    "patient",
    "person",
    "player",
    "profile",
    "seller",
    "staff",
    "student",
    "teacher",
    "team",
    "tenant",
    "user",
    "vendor",
    "visitor",
    "workspace",
];

/// Which tables keep nothing of the kind.
pub struct Kept(HashMap<String, bool>);

impl Kept {
    /// Of what the app declares. Where two tables have one name, both have to be so.
    pub fn of(models: &[Model]) -> Self {
        let mut kept: HashMap<String, bool> = HashMap::new();
        for model in models.iter().filter(|model| !model.columns.is_empty()) {
            let columns = model.columns.iter().filter(|column| !column.is_list);
            let is_nobodys = !columns.into_iter().any(is_somebodys);
            *kept.entry(plain(&model.name)).or_insert(true) &= is_nobodys;
        }
        Self(kept)
    }

    /// Whether the columns of a table are known, and none is somebody's or tells of somebody.
    pub fn is_nobodys(&self, table: &str) -> bool {
        // `pgTableCreator((name) => `app_${name}`)`.
        let ends = table.match_indices('_').map(|(at, _)| &table[at + 1..]);
        let known = std::iter::once(table).chain(ends).find_map(|name| self.0.get(&plain(name)));
        known.copied().unwrap_or(false)
    }
}

fn is_somebodys(column: &Column) -> bool {
    let named = words(&column.name);
    let is_person = |word: &String| PEOPLE.contains(&&**word);
    let names_row =
        !column.names.is_empty() || named.last().is_some_and(|word| word == "id" || word == "uid");
    named.iter().any(|word| PERSONAL.contains(&&**word))
        || names_row && (named.iter().any(is_person) || words(&column.names).iter().any(is_person))
        || matches!(&*plain(&column.name), "owner" | "createdby" | "uid" | "userid" | "updatedby")
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(name: &str, columns: &[(&str, &str)]) -> Model {
        let column = |(name, names): &(&str, &str)| Column {
            name: (*name).to_owned(),
            names: (*names).to_owned(),
            is_list: false,
        };
        Model { name: name.to_owned(), columns: columns.iter().map(column).collect() }
    }

    #[test]
    fn columns_say_whether_rows_are_somebodys() {
        let kept = Kept::of(&[
            model("holidays", &[("id", ""), ("name", ""), ("day", "")]),
            model("drivers", &[("id", ""), ("name", ""), ("phoneNumber", "")]),
            model("Plan", &[("id", ""), ("ownerId", "")]),
            model("note", &[("id", ""), ("writer", "users")]),
            model("plugin_category", &[("id", ""), ("plugin_id", "plugin")]),
        ]);
        assert!(kept.is_nobodys("holidays"));
        assert!(kept.is_nobodys("app_plugin_category"));
        for table in ["drivers", "Plan", "note", "unheard_of"] {
            assert!(!kept.is_nobodys(table), "{table}");
        }
    }
}
