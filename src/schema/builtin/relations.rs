//! Tables and views of PostgreSQL's own catalogue.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::read_type;
use crate::schema::catalogue::Ty;

/// A relation of `pg_catalog` or `information_schema`.
#[derive(Debug)]
pub struct BuiltinRelation {
    /// Its schema.
    pub schema: &'static str,
    /// Its columns.
    pub columns: Vec<(&'static str, Ty)>,
}

/// The relation of this name.
pub fn relation(schema: Option<&str>, name: &str) -> Option<&'static BuiltinRelation> {
    static RELATIONS: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    static READ: OnceLock<HashMap<&'static str, OnceLock<BuiltinRelation>>> = OnceLock::new();
    let lines = RELATIONS.get_or_init(|| {
        include_str!("relations.txt").lines().filter_map(|line| line.split_once(' ')).collect()
    });
    let read = READ.get_or_init(|| lines.keys().map(|name| (*name, OnceLock::new())).collect());
    let schema = schema.unwrap_or("pg_catalog");
    let full = format!("{schema}.{name}");
    let (key, line) = lines.get_key_value(full.as_str())?;
    let slot = read.get(key)?;
    Some(slot.get_or_init(|| {
        BuiltinRelation {
            schema: key.split('.').next().unwrap_or_default(),
            columns: line
                .split_once(' ')
                .map(|(_, columns)| columns)
                .unwrap_or_default()
                .split(',')
                .filter_map(|column| column.rsplit_once(':'))
                .map(|(name, ty)| (name, read_type(ty)))
                .collect(),
        }
    }))
}
