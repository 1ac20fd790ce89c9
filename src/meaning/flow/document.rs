//! Methods that schemas give their documents: `userSchema.methods.comparePassword = function (password) { … }`
//! (<https://mongoosejs.com/docs/guide.html#methods>).

use std::rc::Rc;

use super::Flow;
use super::value::{Closure, Symbol, Value};
use super::vars::Vars;
use crate::code::walk::{Inner, each_part};
use crate::code::{Code, Entry, Expr, FunctionAt, Module, ModuleId, Name, Pattern, Property, Step, Stmt};

/// Every method that schemas give their documents, by name.
pub fn methods(code: &Code) -> Vec<(Name, FunctionAt)> {
    let mut all = Vec::new();
    for (id, module) in (0..).map(ModuleId).zip(&code.modules) {
        let body = module.functions.first().map_or(&[][..], |function| &function.body);
        for stmt in body {
            if let Stmt::Expr(expr) = stmt {
                given(module, expr, &mut |name, function| all.push((name.clone(), (id, function))));
            }
        }
        // `new Schema({ … }, { methods: { … } })`.
        for value in &module.values {
            if let Expr::Call(call) = value
                && call.is_new
                && let [_, Expr::Object(options), ..] = call.args.as_slice()
                && let Some(Entry::Pair(_, methods)) =
                    options.iter().find(|entry| matches!(entry, Entry::Pair(name, _) if &**name == "methods"))
            {
                each_method(methods, &mut |name, function| all.push((name.clone(), (id, function))));
            }
        }
    }
    all
}

/// `schema.methods.name = function …`, `schema.methods = { … }`, `schema.method("name", function …)`.
fn given<'m>(module: &'m Module, expr: &'m Expr, found: &mut dyn FnMut(&'m Name, crate::code::FunctionId)) {
    each_part(module, expr, Inner::Skip, &mut |part| match part {
        Expr::Assign(assign) => {
            let Pattern::Place(place) = &assign.target else { return };
            let Some((object, name)) = member(place) else { return };
            match (&assign.value, member(object)) {
                (Expr::Function(function), Some((_, of))) if &**of == "methods" => found(name, *function),
                (methods @ Expr::Object(_), _) if &**name == "methods" => each_method(methods, found),
                _ => {}
            }
        }
        Expr::Call(call) => {
            if let (Some((_, method)), [Expr::Text(name), Expr::Function(function), ..]) =
                (member(&call.callee), call.args.as_slice())
                && &**method == "method"
            {
                found(name, *function);
            }
        }
        _ => {}
    });
}

fn each_method<'m>(methods: &'m Expr, found: &mut dyn FnMut(&'m Name, crate::code::FunctionId)) {
    let Expr::Object(entries) = methods else { return };
    for entry in entries {
        if let Entry::Pair(name, Expr::Function(function)) = entry {
            found(name, *function);
        }
    }
}

fn member(expr: &Expr) -> Option<(&Expr, &Name)> {
    match expr {
        Expr::Member(member) => match &member.property {
            Property::Named(name) => Some((&member.object, name)),
            Property::Computed(_) => None,
        },
        _ => None,
    }
}

impl<'c> Flow<'c> {
    /// The method that a document is asked for, if its schema gave it one: of this name, and no other schema has one.
    pub(super) fn of_document(&mut self, symbol: &Symbol<'c>) -> Option<Closure<'c>> {
        if self.documents.is_empty() {
            return None;
        }
        let [row @ .., Step::Member(name), Step::Call(..)] = symbol.denoted.path.as_slice() else {
            return None;
        };
        let mut named = self.documents.iter().filter(|(known, _)| known == name);
        let (Some((_, at)), None) = (named.next(), named.next()) else { return None };
        let document = symbol.begin(row.len());
        let found = self.lookup(&document)?;
        let effect = found.entry().effect.as_ref()?;
        (effect.provider == "mongoose").then(|| Closure {
            at: *at,
            around: Vars::default(),
            this: Value::Symbol(Rc::new(document)),
            bound: Vec::new(),
        })
    }
}
