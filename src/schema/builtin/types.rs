//! Built-in types.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::schema::catalogue::{Oid, Ty};

/// The built-in types. Their number is their line in the table.
#[derive(Debug)]
pub struct Types {
    rows: Vec<Row>,
    names: HashMap<&'static str, Oid>,
}

#[derive(Debug)]
struct Row {
    name: &'static str,
    category: char,
    preferred: bool,
    /// Whether reading it from text, and writing it as text, always gives the same.
    stable_text: (bool, bool),
}

/// The built-in types.
pub fn types() -> &'static Types {
    static TYPES: OnceLock<Types> = OnceLock::new();
    TYPES.get_or_init(|| {
        let mut rows = Vec::new();
        let mut names = HashMap::new();
        for line in include_str!("types.txt").lines() {
            let mut words = line.split(' ');
            let name = words.next().unwrap_or_default();
            let category = words.next().and_then(|w| w.chars().next()).unwrap_or('U');
            let preferred = words.next() == Some("t");
            let _kind = words.next();
            let stable_text = (words.next() == Some("i"), words.next() == Some("i"));
            names.insert(name, Oid::try_from(rows.len()).unwrap_or_default());
            rows.push(Row { name, category, preferred, stable_text });
        }
        Types { rows, names }
    })
}

impl Types {
    /// A type by the name that the catalogue has for it. `_text` is the array of `text`.
    pub fn by_name(&self, name: &str) -> Option<Ty> {
        if let Some(id) = self.names.get(name) {
            return Some(Ty::of(*id));
        }
        self.names.get(name.strip_prefix('_')?).map(|id| Ty::of(*id).array_of())
    }

    /// The category of a type, and whether it is the preferred one in it.
    pub fn category(&self, id: Oid) -> (char, bool) {
        self.row(id).map_or(('U', false), |row| (row.category, row.preferred))
    }

    /// Whether reading a type from text, and writing it as text, always gives the same.
    pub fn immutable_text(&self, id: Oid) -> (bool, bool) {
        self.row(id).map_or((false, false), |row| row.stable_text)
    }

    /// The name of a type.
    pub fn name(&self, id: Oid) -> &'static str {
        self.row(id).map_or("?", |row| row.name)
    }

    /// The name of a type in messages.
    pub fn display(&self, id: Oid) -> &'static str {
        match self.name(id) {
            "int4" => "integer",
            "int8" => "bigint",
            "int2" => "smallint",
            "bool" => "boolean",
            "varchar" => "character varying",
            "bpchar" => "character",
            "float8" => "double precision",
            "float4" => "real",
            "timestamptz" => "timestamp with time zone",
            "timestamp" => "timestamp without time zone",
            "timetz" => "time with time zone",
            "time" => "time without time zone",
            other => other,
        }
    }

    fn row(&self, id: Oid) -> Option<&Row> {
        self.rows.get(usize::try_from(id).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Ty, types};

    #[test]
    fn the_numbers_that_the_code_knows_are_those_of_the_table() {
        for (ty, name) in [
            (Ty::ANY, "?"),
            (Ty::UNKNOWN, "unknown"),
            (Ty::TEXT, "text"),
            (Ty::UUID, "uuid"),
            (Ty::EVENT_TRIGGER, "event_trigger"),
            (Ty::REGCLASS, "regclass"),
            (Ty::JSONB, "jsonb"),
            (Ty::JSON, "json"),
            (Ty::ANYELEMENT, "anyelement"),
            (Ty::ANYCOMPATIBLEMULTIRANGE, "anycompatiblemultirange"),
            (Ty::ANY_PSEUDO, "any"),
            (Ty::INTERVAL, "interval"),
        ] {
            assert_eq!(types().by_name(name), Some(ty), "{name}");
        }
    }
}
