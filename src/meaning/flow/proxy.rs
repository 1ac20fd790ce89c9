//! `new Proxy(target, { get })`: how clients are made that should not be made before somebody asks them for something.

use super::Flow;
use super::value::{From, Symbol, Value};
use crate::code::{FunctionId, Name, Root, Step};

impl<'c> Flow<'c> {
    /// A member of a proxy: what its `get` gives for the name. `None`, if it is no proxy or that can't be told.
    pub(super) fn through_proxy(&mut self, symbol: &Symbol<'c>, name: &Name) -> Option<Value<'c>> {
        let (From::Root, Root::Global(global), [Step::Call(..)]) =
            (symbol.origin, &symbol.denoted.root, symbol.denoted.path.as_slice())
        else {
            return None;
        };
        if &**global != "Proxy" {
            return None;
        }
        let Some([target, Value::Object(traps), ..]) = symbol.given.first().map(|given| &**given) else {
            return None;
        };
        let value = match traps.get("get") {
            Some(Value::Function(closure)) => {
                let args = vec![target.clone(), Value::Text(name.clone()), Value::Undefined];
                self.apart((closure.at.0, FunctionId(0)), |flow| flow.enter(closure, args, true).awaited())
            }
            Some(_) => Value::Unknown,
            None => self.member(target, name),
        };
        (!matches!(value, Value::Unknown | Value::Undefined)).then_some(value)
    }
}
