//! Names that the server makes up (`makeObjectName`, `ChooseRelationName`).

use super::Session;
use crate::schema::catalogue::{IndexKey, Oid};

/// A name of two parts and a label, no longer than names may be: the longer part is cut first.
fn object_name(first: &str, second: &str, label: &str) -> String {
    let overhead = usize::from(!second.is_empty()) + if label.is_empty() { 0 } else { label.len() + 1 };
    let room = 63usize.saturating_sub(overhead);
    let (mut a, mut b) = (first.len(), second.len());
    while a + b > room {
        if a > b { a -= 1 } else { b -= 1 }
    }
    let cut = |text: &str, mut len: usize| {
        while !text.is_char_boundary(len) {
            len -= 1;
        }
        text.get(..len).unwrap_or_default().to_owned()
    };
    let mut name = cut(first, a);
    if !second.is_empty() {
        name.push('_');
        name.push_str(&cut(second, b));
    }
    if !label.is_empty() {
        name.push('_');
        name.push_str(label);
    }
    name
}

impl Session {
    /// A name for a relation that nothing has yet.
    pub(super) fn free_relation_name(&self, schema: &str, first: &str, second: &str, label: &str) -> String {
        for pass in 0..1_000 {
            let label = if pass == 0 { label.to_owned() } else { format!("{label}{pass}") };
            let name = object_name(first, second, &label);
            let key = (schema.to_owned(), name);
            if !self.cat.names.contains(&key) && !self.constraint_named(schema, &key.1) {
                return key.1;
            }
        }
        object_name(first, second, label)
    }

    /// A name for a constraint that no constraint of the schema has yet.
    pub(super) fn free_constraint_name(
        &self,
        schema: &str,
        first: &str,
        second: &str,
        label: &str,
        more: &[String],
    ) -> String {
        for pass in 0..1_000 {
            let label = if pass == 0 { label.to_owned() } else { format!("{label}{pass}") };
            let name = object_name(first, second, &label);
            if !self.constraint_named(schema, &name) && !more.contains(&name) {
                return name;
            }
        }
        object_name(first, second, label)
    }

    fn constraint_named(&self, schema: &str, name: &str) -> bool {
        self.cat
            .relations
            .values()
            .any(|r| r.schema == schema && r.constraints.iter().any(|c| c.name == name))
    }

    /// The second part of an index's name: its columns.
    pub(super) fn index_columns(keys: &[IndexKey]) -> String {
        let mut names: Vec<String> = Vec::new();
        for key in keys {
            let base = key.column.clone().unwrap_or_else(|| {
                key.text
                    .split('(')
                    .next()
                    .filter(|t| {
                        key.text.contains('(')
                            && t.chars().all(|c| c.is_alphanumeric() || c == '_')
                            && !t.is_empty()
                    })
                    .unwrap_or("expr")
                    .to_owned()
            });
            let mut name = base.clone();
            let mut n = 0;
            while names.contains(&name) {
                n += 1;
                name = format!("{base}{n}");
            }
            names.push(name);
        }
        names.join("_")
    }

    /// The table of an index by name.
    pub(super) fn index_oid(&self, schema: &str, name: &str) -> Option<Oid> {
        let oid = self.cat.names.get(&(schema.to_owned(), name.to_owned()))?;
        self.cat.indexes.contains(oid).then_some(*oid)
    }
}
