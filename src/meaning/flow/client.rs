//! For whom clients of services act, as their keys and cookies tell.

use super::Flow;
use super::value::{Symbol, Value};
use crate::code::Step;
use crate::meaning::symbols::{self, Acts, Found, Place};

impl<'c> Flow<'c> {
    /// For whom a client acts.
    pub(super) fn acts(
        &mut self,
        client: &'static symbols::Client,
        symbol: &Symbol<'c>,
        found: &Found,
    ) -> Acts {
        for place in &client.user {
            if !self.values_at(place, symbol, found).is_empty() {
                let key = client.key.as_ref().and_then(|key| self.key_of(key, symbol, found));
                // With cookies it acts for a session; with the key of the service and no session, for the service.
                let cookies = matches!(place, Place::Argument { keys, .. } if keys.last().is_some_and(|k| k == "cookies"));
                if cookies && key == Some(Acts::Service) {
                    return Acts::Service;
                }
                return Acts::User;
            }
        }
        if client.acts != Acts::Key {
            return client.acts;
        }
        client.key.as_ref().and_then(|key| self.key_of(key, symbol, found)).unwrap_or(Acts::Key)
    }

    fn key_of(&mut self, place: &'static Place, symbol: &Symbol<'c>, found: &Found) -> Option<Acts> {
        let values = self.values_at(place, symbol, found);
        let mut best = None;
        for value in values {
            for name in self.names_in(&value, 0) {
                match symbols::key(&name) {
                    Some(Acts::Service) => return Some(Acts::Service),
                    found => best = best.or(found),
                }
            }
        }
        best
    }

    /// The names of environment variables in a value.
    fn names_in(&mut self, value: &Value<'c>, deep: u32) -> Vec<String> {
        if deep > 6 {
            return Vec::new();
        }
        match value {
            Value::Text(text) => vec![text.to_string()],
            Value::Symbol(symbol) => {
                if let Some(found) = self.lookup(symbol)
                    && let Some(place) = &found.entry().env
                {
                    return self
                        .values_at(place, symbol, &found)
                        .into_iter()
                        .filter_map(|value| match value {
                            Value::Text(text) => Some(text.to_string()),
                            _ => None,
                        })
                        .collect();
                }
                // `env.SUPABASE_SERVICE_ROLE_KEY` of a checked environment.
                match symbol.denoted.path.last() {
                    Some(Step::Member(name)) => vec![name.to_string()],
                    _ => Vec::new(),
                }
            }
            Value::OneOf(all) => {
                let all = all.clone();
                all.iter().flat_map(|(value, _)| self.names_in(value, deep + 1)).collect()
            }
            Value::Template(parts) => {
                let parts = parts.clone();
                parts.1.iter().flat_map(|value| self.names_in(value, deep + 1)).collect()
            }
            _ => Vec::new(),
        }
    }
}
