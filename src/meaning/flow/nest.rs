//! What guards of NestJS ask for: the request, and what decorators left.

use super::Flow;
use super::value::{From, Symbol, Value};
use crate::code::{Root, Step};

impl<'c> Flow<'c> {
    /// What decorators leave for guards to read: `SetMetadata("roles", ["admin"])`, also within a decorator of the project.
    pub fn decorate(&mut self, decorator: &Value<'c>) {
        let Value::Symbol(symbol) = decorator else { return };
        let Some(given) = symbol.given.last().cloned() else { return };
        let name = symbol.denoted.path.iter().find_map(|step| match step {
            Step::Member(name) => Some(&**name),
            _ => None,
        });
        match (name, &*given) {
            (Some("SetMetadata"), [Value::Text(key), value])
                if !self.metadata.iter().any(|(known, _)| known == key) =>
            {
                self.metadata.push((key.clone(), value.clone()));
            }
            (Some("applyDecorators"), all) => all.iter().for_each(|one| self.decorate(one)),
            _ => {}
        }
    }

    /// What guards of NestJS ask for: the request, and what decorators left.
    pub(super) fn of_nest(&self, symbol: &Symbol<'c>, args: &[Value<'c>]) -> Option<Value<'c>> {
        let last = symbol.denoted.path.iter().rev().find_map(|step| match step {
            Step::Member(name) => Some(&**name),
            _ => None,
        })?;
        if symbol.origin == From::Head("nest-context") {
            return match last {
                "getRequest" => Some(Value::from(From::Head("express-request"))),
                "getResponse" => Some(Value::from(From::Head("express-response"))),
                _ => None,
            };
        }
        let Root::Package(package) = &symbol.denoted.root else { return None };
        let asks = matches!(last, "get" | "getAll" | "getAllAndOverride" | "getAllAndMerge");
        if &**package != "@nestjs/core" || !asks {
            return None;
        }
        let Some(Value::Text(key)) = args.first() else { return Some(Value::Unknown) };
        let known = self.metadata.iter().find(|(name, _)| name == key);
        Some(known.map_or(Value::Undefined, |(_, value)| value.clone()))
    }
}
