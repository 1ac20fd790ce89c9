//! What calls do.

use super::{CALLS, Closure, ENTRIES, Flow, Framework, Is, LibraryStep, Run, Site, Value};
use crate::code::{Binding, ExportOf, Expr, Function, Name, Pattern, Stmt};

/// Longer chains of calls on something of a package mean nothing here.
const STEPS_OF_LIBRARY: usize = 16;

impl<'c> Run<'c> {
    /// What a call gives.
    pub(super) fn call(&mut self, callee: Value<'c>, args: Vec<Value<'c>>, site: Site<'c>) -> Value<'c> {
        let framework: &'static dyn Framework = self.framework;
        match callee.is {
            Is::Method(method) if method.1.as_ref() == "then" => match args.first().map(|arg| &arg.is) {
                Some(Is::Function(closure)) => self.call_function(*closure, &[Value::of(method.0.clone())]),
                _ => Value::of(method.0.clone()),
            },
            Is::Method(method) if matches!(method.1.as_ref(), "catch" | "finally") => {
                Value::of(method.0.clone())
            }
            Is::Method(method) => match &method.0 {
                Is::Node(node) => {
                    let known = framework.method(self, *node, &method.1, &args, site);
                    Value::of(known.unwrap_or_else(|| self.callbacks(&args, site)))
                }
                Is::List(id) => self.method_of_list(*id, &method.1, &args),
                Is::Function(closure) => self.method_of_function(*closure, &method.1, args, site),
                Is::Global(name) => self.method_of_global(name, &method.1, &args, site),
                Is::Text(text) => Value::of(method_of_text(text, &method.1, &args)),
                _ => Value::of(self.callbacks(&args, site)),
            },
            Is::Node(node) => {
                let known = framework.method(self, node, "", &args, site);
                Value::of(known.unwrap_or(Is::Unknown))
            }
            Is::Function(closure) => self.call_function(closure, &args),
            Is::Class(module, class) if site.call.is_new => self.instantiate((module, class), &args, site),
            Is::Module(module) => {
                let whole = self.export(module, "default");
                match whole.is {
                    Is::Module(_) => Value::unknown(),
                    _ => self.call(whole, args, site),
                }
            }
            Is::Library(id) => {
                let mut library = self.libraries[id].clone();
                if library.steps.len() >= STEPS_OF_LIBRARY {
                    return Value::of(self.callbacks(&args, site));
                }
                library.steps.push(LibraryStep::Call(args));
                if let Some(made) = framework.made(self, &library, site) {
                    return Value::of(made);
                }
                if let Some(LibraryStep::Call(args)) = library.steps.last() {
                    let args = args.clone();
                    self.callbacks(&args, site);
                }
                Value::of(self.new_library(library))
            }
            _ => Value::of(self.callbacks(&args, site)),
        }
    }

    /// Runs the functions that are written where something unknown is called: what waits for a connection, say.
    fn callbacks(&mut self, args: &[Value<'c>], site: Site<'c>) -> Is {
        for (at, arg) in args.iter().enumerate() {
            if let (Is::Function(closure), Some(Expr::Function(_))) = (&arg.is, site.call.args.get(at)) {
                self.call_function(*closure, &[]);
            }
        }
        Is::Unknown
    }

    /// Runs a function and gives what it returns.
    pub fn call_function(&mut self, closure: Closure, args: &[Value<'c>]) -> Value<'c> {
        let at = closure.at;
        let twice = self.calls.iter().filter(|called| **called == at).count() >= 2;
        if twice || self.calls.len() >= CALLS || !self.tick(10) {
            return Value::unknown();
        }
        let carries = args.iter().any(|arg| self.carries(arg)) || closure.this.is_some();
        let plain = !carries && args.is_empty() && self.frames[closure.frame].parent.is_none();
        if plain && let Some(value) = self.remembered.get(&at) {
            return value.clone();
        }
        let function = self.function(at);
        let frame = self.push_frame(at.0, at.1, Some(closure.frame));
        if let Some(this) = closure.this {
            self.frames[frame].this = Some(Is::Object(this));
            self.frames[frame].home = self.objects[this].class;
        }
        self.calls.push(at);
        self.bind_params(frame, function, args);
        let before = self.tree.changes();
        let value = if self.relevant[at.0.0 as usize] || carries {
            self.visited.insert(at);
            self.returned.push(None);
            let _: Flow = self.statements(frame, &function.body);
            self.returned.pop().flatten().unwrap_or_else(Value::unknown)
        } else {
            self.what_it_makes(frame, function)
        };
        self.calls.pop();
        if plain && before == self.tree.changes() && !self.carries(&value) {
            self.remembered.insert(at, value.clone());
        }
        value
    }

    /// Of a function that has nothing to do with routes: the function or object that it makes, a handler say.
    fn what_it_makes(&mut self, frame: usize, function: &'c Function) -> Value<'c> {
        let Some(Stmt::Return(Some(expr), _)) = function.body.iter().find(|s| matches!(s, Stmt::Return(..)))
        else {
            return Value::unknown();
        };
        match expr {
            Expr::Function(_) | Expr::Object(_) | Expr::Name(..) => self.eval(frame, expr),
            _ => Value::unknown(),
        }
    }

    /// Whether a value is or has a node: then what is done with it matters.
    pub(super) fn carries(&self, value: &Value<'c>) -> bool {
        const LOOK: usize = 32;
        match &value.is {
            Is::Node(_) => true,
            Is::Method(method) => matches!(method.0, Is::Node(_)),
            Is::Object(id) => {
                let object = &self.objects[*id];
                object.base.is_some()
                    || object.fields.iter().take(LOOK).any(|(_, v)| matches!(v.is, Is::Node(_)))
            }
            Is::List(id) => self.lists[*id].iter().take(LOOK).any(|v| match &v.is {
                Is::Node(_) => true,
                Is::Object(id) => {
                    self.objects[*id].fields.iter().take(LOOK).any(|(_, v)| matches!(v.is, Is::Node(_)))
                }
                _ => false,
            }),
            _ => false,
        }
    }

    pub(super) fn bind_params(&mut self, frame: usize, function: &'c Function, args: &[Value<'c>]) {
        let module = self.frames[frame].module;
        for (at, param) in function.params.iter().enumerate() {
            let mut value = if param.is_rest {
                let rest = args.get(at..).unwrap_or_default().to_vec();
                Value::of(self.list(rest))
            } else {
                args.get(at).cloned().unwrap_or_else(Value::unknown)
            };
            if let (Is::Unknown, Some(default)) = (&value.is, &param.default) {
                value = self.eval(frame, default).or_from((module, default));
            }
            if matches!(value.is, Is::Unknown)
                && !param.type_name.is_empty()
                && matches!(param.pattern, Pattern::Name(_))
            {
                let from = value.from;
                value = self.by_type(module, &param.type_name);
                value.from = value.from.or(from);
            }
            self.bind(frame, &param.pattern, value, true);
        }
    }

    /// What stands for a parameter whose type is all that is known of it: an app of the framework, an instance of a class
    /// of the repository.
    fn by_type(&mut self, module: crate::code::ModuleId, name: &Name) -> Value<'c> {
        let of = self.module(module);
        if !self.tick(of.imports.len()) {
            return Value::unknown();
        }
        let import = of.imports.iter().position(|import| {
            import.symbol.and_then(|s| of.symbols.get(s.0 as usize)).is_some_and(|s| s.name == *name)
        });
        let Some(at) = import else {
            let here = of.classes.iter().position(|class| class.name == *name);
            return match here {
                Some(at) => self.empty_instance((module, crate::code::ClassId(at as u32))),
                None => Value::unknown(),
            };
        };
        let import = &of.imports[at];
        match self.code.target(module, &import.specifier) {
            crate::code::Target::Package(package) => {
                let framework = self.framework;
                if !framework.packages().contains(&package.as_ref()) {
                    return Value::unknown();
                }
                let made = framework.parameter(self, &import.name);
                made.map_or_else(Value::unknown, Value::of)
            }
            crate::code::Target::Module(to) => match self.export(to, &import.name).is {
                Is::Class(module, class) => self.empty_instance((module, class)),
                _ => Value::unknown(),
            },
            crate::code::Target::Missing => Value::unknown(),
        }
    }

    /// Runs the functions and classes of a module that nothing was seen to call, as if something did.
    pub(super) fn left_over(&mut self, module: crate::code::ModuleId) {
        let frame = self.begin(module);
        let of = self.module(module);
        for (at, class) in of.classes.iter().enumerate() {
            let seen = class.methods.iter().any(|m| self.visited.contains(&(module, m.function)));
            if !seen {
                self.instantiate_alone((module, crate::code::ClassId(at as u32)));
            }
        }
        for (at, function) in of.functions.iter().enumerate().skip(1) {
            let id = crate::code::FunctionId(at as u32);
            let top = function.within == Some(crate::code::FunctionId(0));
            if top && !self.visited.contains(&(module, id)) {
                self.run_alone(module, id, function, frame);
            }
        }
    }

    /// Runs what modules that don't name the framework export as a whole and nobody was seen to import:
    /// `module.exports = (app) => { … }` in a folder that is loaded by a loop.
    pub(super) fn loaded_somehow(&mut self) {
        let framework = self.framework;
        if framework.parameter(self, "").is_none() {
            return;
        }
        for at in 0..self.code.modules.len() {
            let module = crate::code::ModuleId(at as u32);
            let of = self.module(module);
            if self.direct[at] || !super::modules::is_product(&of.path) {
                continue;
            }
            let Some(export) = of.exports.iter().rfind(|export| export.name.as_ref() == "default") else {
                continue;
            };
            let id = match &export.of {
                ExportOf::Value(Expr::Function(id)) => *id,
                ExportOf::Symbol(symbol) => match of.symbols.get(symbol.0 as usize).map(|s| &s.is) {
                    Some(Binding::Function(id)) => *id,
                    Some(Binding::Variable(_, Some(value))) => match of.values.get(value.0 as usize) {
                        Some(Expr::Function(id)) => *id,
                        _ => continue,
                    },
                    _ => continue,
                },
                _ => continue,
            };
            let Some(function) = of.functions.get(id.0 as usize) else { continue };
            let untyped = function
                .params
                .first()
                .is_some_and(|param| param.type_name.is_empty() && plain_name(&param.pattern).is_some());
            if untyped && !self.visited.contains(&(module, id)) {
                let frame = self.begin(module);
                self.run_alone(module, id, function, frame);
            }
        }
    }

    /// Runs a function as if somebody had called it. What it is given may be an app.
    fn run_alone(
        &mut self,
        module: crate::code::ModuleId,
        id: crate::code::FunctionId,
        of: &'c Function,
        top: usize,
    ) {
        self.visited.insert((module, id));
        let frame = self.push_frame(module, id, Some(top));
        let framework = self.framework;
        let mut args = Vec::new();
        for param in &of.params {
            let unknown = param.type_name.is_empty() && plain_name(&param.pattern).is_some();
            let made = if unknown { framework.parameter(self, "") } else { None };
            args.push(made.map_or_else(Value::unknown, Value::of));
        }
        self.bind_params(frame, of, &args);
        self.returned.push(None);
        let _: Flow = self.statements(frame, &of.body);
        self.returned.pop();
    }

    fn method_of_list(&mut self, id: usize, name: &str, args: &[Value<'c>]) -> Value<'c> {
        let items: Vec<Value<'c>> = self.lists[id].iter().take(ENTRIES).cloned().collect();
        if !self.tick(items.len()) {
            return Value::unknown();
        }
        let first = args.first().map(|arg| arg.is.clone());
        match (name, first) {
            ("forEach" | "map" | "flatMap", Some(Is::Function(closure))) => {
                let mut made = Vec::with_capacity(items.len());
                for item in items {
                    made.push(self.call_function(closure, &[item]));
                }
                Value::of(self.list(made))
            }
            ("reduce", Some(Is::Function(closure))) => {
                let mut so_far = args.get(1).cloned().unwrap_or_else(Value::unknown);
                for item in items {
                    so_far = self.call_function(closure, &[so_far, item]);
                }
                so_far
            }
            ("concat", _) => {
                let mut all = items;
                for arg in args {
                    all.extend(self.flat(arg));
                }
                all.truncate(ENTRIES);
                Value::of(self.list(all))
            }
            ("push", _) => {
                let list = &mut self.lists[id];
                let room = ENTRIES.saturating_sub(list.len());
                list.extend(args.iter().take(room).cloned());
                Value::unknown()
            }
            // What may leave some out is taken to leave out none.
            ("filter" | "slice" | "sort" | "reverse" | "flat", _) => Value::of(Is::List(id)),
            _ => Value::unknown(),
        }
    }

    fn method_of_function(
        &mut self,
        closure: Closure,
        name: &str,
        args: Vec<Value<'c>>,
        site: Site<'c>,
    ) -> Value<'c> {
        let this = match args.first().map(|arg| &arg.is) {
            Some(Is::Object(id)) => Some(*id),
            _ => closure.this,
        };
        let bound = Closure { this, ..closure };
        match name {
            "bind" => {
                let from = match &site.call.callee {
                    Expr::Member(member) => Some((site.module, &member.object)),
                    _ => None,
                };
                Value { is: Is::Function(bound), from, made: None }
            }
            "call" => self.call_function(bound, args.get(1..).unwrap_or_default()),
            _ => Value::unknown(),
        }
    }

    fn method_of_global(
        &mut self,
        global: &str,
        name: &str,
        args: &[Value<'c>],
        site: Site<'c>,
    ) -> Value<'c> {
        let Some(first) = args.first() else { return Value::unknown() };
        match (global, name) {
            ("Object", "entries" | "values" | "keys") => {
                let fields: Vec<_> = self.fields(first).to_vec();
                let mut out = Vec::with_capacity(fields.len());
                for (key, value) in fields {
                    let key = Value::of(Is::Text(key));
                    out.push(match name {
                        "entries" => {
                            let pair = self.list(vec![key, value]);
                            Value::of(pair)
                        }
                        "keys" => key,
                        _ => value,
                    });
                }
                Value::of(self.list(out))
            }
            ("Object", "assign" | "freeze") | ("Promise", "all" | "resolve") => first.clone(),
            _ => Value::of(self.callbacks(args, site)),
        }
    }
}

fn method_of_text(text: &Name, name: &str, args: &[Value<'_>]) -> Is {
    match name {
        "toLowerCase" => Is::Text(text.to_lowercase().into()),
        "toUpperCase" => Is::Text(text.to_uppercase().into()),
        "toString" | "trim" => Is::Text(text.clone()),
        "concat" => match args.first().and_then(Value::text) {
            Some(more) if text.len() + more.len() < 500 => Is::Text(format!("{text}{more}").into()),
            _ => Is::Unknown,
        },
        _ => Is::Unknown,
    }
}

/// Whether a pattern is a plain name.
pub(super) fn plain_name(pattern: &Pattern) -> Option<crate::code::SymbolId> {
    match pattern {
        Pattern::Name(symbol) => Some(*symbol),
        _ => None,
    }
}
