//! The context that layers of a procedure hand on to each other.

use std::rc::Rc;

use super::Flow;
use super::chain::{Link, Pass};
use super::value::Value;

impl<'c> Flow<'c> {
    /// The context that earlier layers handed on.
    pub(super) fn with_context(&mut self, arg: &Value<'c>, at: usize) -> Value<'c> {
        match arg {
            Value::Next(_) => Value::Next(at + 1),
            Value::Object(object) if object.get("ctx").is_some() => {
                let left = self.state.as_ref().and_then(|state| state.left.get("ctx").cloned());
                let mut object = (**object).clone();
                for (name, value) in &mut object.entries {
                    if &**name == "ctx" {
                        *value = merged(Some(value.clone()), left.clone().unwrap_or(Value::Undefined));
                    }
                    if &**name == "next" {
                        *value = Value::Next(at + 1);
                    }
                }
                Value::Object(Rc::new(object))
            }
            _ => arg.clone(),
        }
    }
}

/// Whether a layer is one of a procedure: it is handed what it needs to go on.
pub(super) fn is_procedure(link: &Link<'_>) -> bool {
    link.pass == Pass::ByNext
        && matches!(link.args.as_slice(), [Value::Object(object)] if object.get("next").is_some())
}

/// One object with what another adds.
pub(super) fn merged<'c>(old: Option<Value<'c>>, new: Value<'c>) -> Value<'c> {
    match (old, new) {
        (Some(Value::Object(old)), Value::Object(new)) => {
            let mut all = (*old).clone();
            all.spread(&new);
            Value::Object(Rc::new(all))
        }
        (Some(old), Value::Undefined | Value::Unknown) => old,
        (Some(old), Value::Object(new)) => {
            let mut all = (*new).clone();
            all.rest.insert(0, old);
            Value::Object(Rc::new(all))
        }
        (_, new) => new,
    }
}
