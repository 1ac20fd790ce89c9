//! What guards of NestJS ask for: the request, and what decorators left.

use std::rc::Rc;

use super::Flow;
use super::value::{From, Symbol, Value};
use crate::code::{Name, Root, Step};
use crate::meaning::symbols::Input;

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

    /// What a decorator of a parameter asks for is a part of the request as guards left it: `request.body = { user }`, and
    /// then `@Body() body`.
    pub(super) fn as_it_was_left(&mut self, arg: &mut Value<'c>) {
        let Value::Symbol(symbol) = &*arg else { return };
        let part = match symbol.origin {
            From::Input(Input::Body) => "body",
            From::Input(Input::Params) => "params",
            From::Input(Input::Query) => "query",
            From::Input(Input::Headers) => "headers",
            _ => return,
        };
        let place = format!("express-request.{part}");
        let Some(state) = &self.state else { return };
        let is_left = state
            .left
            .range(place.clone()..)
            .next()
            .and_then(|(known, _)| known.strip_prefix(&*place))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if !is_left {
            return;
        }
        let path: Vec<Name> = symbol
            .denoted
            .path
            .iter()
            .filter_map(|step| match step {
                Step::Member(name) => Some(name.clone()),
                _ => None,
            })
            .collect();
        let mut value = self.member(&Value::from(From::Head("express-request")), &part.into());
        for name in &path {
            value = self.member(&value, name);
        }
        *arg = value;
    }

    /// A member of something that comes from elsewhere, as it is.
    pub fn member_of(symbol: &Symbol<'c>, name: Name) -> Value<'c> {
        Value::Symbol(Rc::new(symbol.then(Step::Member(name), Rc::from([]))))
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
