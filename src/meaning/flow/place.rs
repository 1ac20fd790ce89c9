//! What stands at a place of a use of a symbol: an argument, a part of its name.

use super::Flow;
use super::value::{Symbol, Value};
use crate::code::Step;
use crate::meaning::symbols::{self, Condition, Found, Place, Which};

impl<'c> Flow<'c> {
    /// Whether a condition of the vocabulary holds for a use of a symbol, if that can be told.
    pub(super) fn holds(
        &self,
        condition: &'static Condition,
        symbol: &Symbol<'c>,
        found: &Found,
    ) -> Option<bool> {
        condition.holds_in(self.code, &symbol.denoted.path, found)
    }

    /// The values at a place of a use of a symbol.
    pub(super) fn values_at(
        &mut self,
        place: &'static Place,
        symbol: &Symbol<'c>,
        found: &Found,
    ) -> Vec<Value<'c>> {
        match place {
            Place::Wild => match found.wild.and_then(|at| symbol.denoted.path.get(at)) {
                Some(Step::Member(name)) => vec![Value::Text(name.clone())],
                _ => Vec::new(),
            },
            Place::Argument { of, which, keys } => {
                let mut all = Vec::new();
                for at in symbols::calls(&symbol.denoted.path, of, found.used) {
                    let Some(given) = symbol.given.get(at).cloned() else { continue };
                    let chosen: &[Value<'c>] = match which {
                        Which::Nth(n) => given.get(*n..=*n).unwrap_or_default(),
                        Which::Last => given.last().map(std::slice::from_ref).unwrap_or_default(),
                        Which::All => &given,
                    };
                    for value in chosen {
                        let mut value = value.clone();
                        for key in keys {
                            value = self.member(&value, &key.as_str().into());
                        }
                        if !matches!(value, Value::Undefined) {
                            all.push(value);
                        }
                    }
                }
                all
            }
        }
    }
}
