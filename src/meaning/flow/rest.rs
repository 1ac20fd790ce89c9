//! Rows of Supabase that are reached by plain requests: ``fetch(`${SUPABASE_URL}/rest/v1/orders?id=eq.${id}`)``. The method
//! says what is done, and the key in the headers for whom.
//!
//! <https://supabase.com/docs/guides/api>, <https://docs.postgrest.org/en/stable/references/api/tables_views.html>

use super::Flow;
use super::origin::Origin;
use super::value::{Symbol, Value};
use crate::code::Name;
use crate::meaning::symbols::{self, Acts, EffectKind};

/// Behind the address of the project.
const TABLES: &str = "/rest/v1/";

/// What such a request does.
pub(super) struct Rest {
    pub kind: EffectKind,
    /// The table, or the function that is called.
    pub table: String,
    pub acts: Option<Acts>,
    /// What tells which rows.
    pub filter: Origin,
}

impl<'c> Flow<'c> {
    /// What a request to this address does, if it is one to the tables of a project.
    pub(super) fn rest(&mut self, address: &Value<'c>, symbol: &Symbol<'c>) -> Option<Rest> {
        let Value::Template(parts) = address else { return None };
        let (texts, values) = (&parts.0, &parts.1);
        let is_named = |name: Name| name.contains("SUPABASE") && name.contains("URL");
        let path = match (texts.first(), values.first()) {
            (Some(first), Some(base)) if first.is_empty() => {
                self.environment(base).filter(|name| is_named(name.clone()))?;
                texts.get(1)?
            }
            (Some(first), _) => {
                let (host, _) = first.strip_prefix("https://")?.split_once('/')?;
                host.ends_with(".supabase.co").then_some(first)?
            }
            _ => return None,
        };
        let rest = &path[path.find(TABLES)? + TABLES.len()..];
        let end = rest.find(['?', '/']).filter(|_| !rest.starts_with("rpc/"));
        let table = &rest[..end.or(rest.find('?')).unwrap_or(rest.len())];
        if table.is_empty() {
            return None;
        }
        let options = symbol.given.iter().rev().find_map(|given| match given.get(1) {
            Some(Value::Object(options)) => Some(options.clone()),
            _ => None,
        });
        let option = |name: &str| options.as_ref().and_then(|options| options.get(name).cloned());
        let method = match option("method") {
            Some(Value::Text(method)) => method.to_ascii_uppercase(),
            None => "GET".to_owned(),
            Some(_) => String::new(),
        };
        let kind = match method.as_str() {
            "GET" | "HEAD" => EffectKind::DbRead,
            "DELETE" => EffectKind::DbDelete,
            _ => EffectKind::DbWrite,
        };
        let mut filter = Origin::default();
        for value in values.iter().skip(usize::from(texts.first().is_some_and(|text| text.is_empty()))) {
            filter = filter.with(self.origin(value));
        }
        Some(Rest {
            kind,
            table: table.trim_start_matches("rpc/").to_owned(),
            acts: self.key_in(option("headers")),
            filter,
        })
    }

    /// For whom the key in the headers acts. `Authorization` counts before `apikey`.
    fn key_in(&mut self, headers: Option<Value<'c>>) -> Option<Acts> {
        let Some(Value::Object(headers)) = headers else { return None };
        let header = |name: &str| {
            headers
                .entries
                .iter()
                .rev()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.clone())
        };
        let value = header("authorization").or_else(|| header("apikey"))?;
        if self.origin(&value).has(Origin::HEADER) {
            return Some(Acts::User);
        }
        self.environment(&value).and_then(|name| symbols::key(&name))
    }
}
