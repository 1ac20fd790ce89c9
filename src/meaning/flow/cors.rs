//! Which sites an answer allows to call, and whether with cookies.

use super::Flow;
use super::origin::Origin;
use super::value::Value;
use crate::code::{Expr, ModuleId, Pattern, Stmt};

impl<'c> Flow<'c> {
    /// Remembers which sites may call, and whether with cookies.
    pub(super) fn note_header(&mut self, name: &str, value: &Value<'c>) {
        if name.eq_ignore_ascii_case("access-control-allow-origin") {
            if self.origin(value).has(Origin::REQUEST) {
                self.trace.reflects = Some(self.site());
            }
        } else if name.eq_ignore_ascii_case("access-control-allow-credentials") {
            self.trace.credentials |= matches!(value, Value::Text(text) if &**text == "true");
        }
    }

    /// The same for all headers of an object: those of `{ headers: { … } }`, or of the object itself.
    pub(super) fn note_headers(&mut self, value: &Value<'c>, deep: u32) {
        let Value::Object(object) = value else { return };
        if deep > 2 {
            return;
        }
        let object = object.clone();
        for (name, value) in &object.entries {
            match value {
                Value::Object(_) if &**name == "headers" || deep == 0 => self.note_headers(value, deep + 1),
                _ => self.note_header(name, value),
            }
        }
    }

    /// `cors({ origin: true, credentials: true })`.
    pub(super) fn note_cors(&mut self, options: &Value<'c>, module: ModuleId, line: u32) {
        let Value::Object(options) = options else { return };
        let any = match options.get("origin") {
            Some(Value::Bool(true)) => true,
            // `(origin) => origin`.
            Some(Value::Function(closure)) => {
                let closure = closure.clone();
                let function = self.code.function(closure.at);
                let first = function.params.first().and_then(|param| match &param.pattern {
                    Pattern::Name(symbol) => Some(*symbol),
                    _ => None,
                });
                let gives = |expr: &Expr| matches!(expr, Expr::Name(_, symbol) if symbol.is_some() && *symbol == first);
                match function.body.as_slice() {
                    [Stmt::Return(Some(value), _)] => gives(value),
                    [Stmt::Expr(Expr::Call(call))] => {
                        call.args.get(1).is_some_and(|arg| gives(arg) || matches!(arg, Expr::Bool(true)))
                    }
                    _ => false,
                }
            }
            _ => false,
        };
        if any {
            self.trace.reflects = Some((module, line));
        }
        self.trace.credentials |= matches!(options.get("credentials"), Some(Value::Bool(true)));
    }
}
