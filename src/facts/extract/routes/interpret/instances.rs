//! Classes and what is made of them.

use super::calls::plain_name;
use super::{Closure, Flow, Is, Library, LibraryStep, Object, Run, Site, Value};
use crate::code::{Call, ClassId, Expr, FunctionId, Member, ModuleId, Name, Property};

/// Classes that extend classes.
const ANCESTORS: usize = 12;

type ClassAt = (ModuleId, ClassId);

impl<'c> Run<'c> {
    /// A class and those that it extends, and the library class at the end.
    pub(super) fn lineage(&mut self, class: ClassAt) -> (Vec<ClassAt>, Option<usize>) {
        let mut line = vec![class];
        let mut at = class;
        while let Some(extends) = &self.class(at).extends {
            let frame = self.begin(at.0);
            match self.eval(frame, extends).is {
                Is::Class(module, class) if line.len() < ANCESTORS && !line.contains(&(module, class)) => {
                    at = (module, class);
                    line.push(at);
                }
                Is::Library(id) => return (line, Some(id)),
                _ => break,
            }
        }
        (line, None)
    }

    /// `new X(…)`.
    pub(super) fn instantiate(&mut self, class: ClassAt, args: &[Value<'c>], site: Site<'c>) -> Value<'c> {
        let object = self.begin_instance(class);
        if let (Is::Object(id), (_, Some(library))) = (&object, self.lineage(class)) {
            let mut base: Library<'c> = self.libraries[library].clone();
            base.steps.push(LibraryStep::Call(Vec::new()));
            let framework = self.framework;
            if let Some(Is::Node(node)) = framework.made(self, &base, site) {
                self.objects[*id].base = Some(node);
            }
        }
        if let Is::Object(id) = object {
            let runs = self.relevant[class.0.0 as usize] || args.iter().any(|arg| self.carries(arg));
            self.fill_fields(id, class, runs);
            self.construct(id, class, args, runs);
        }
        Value::of(object)
    }

    fn begin_instance(&mut self, class: ClassAt) -> Is {
        self.new_object(Object { class: Some(class), base: None, fields: Vec::new() })
    }

    /// An instance of which only the class is known.
    pub(super) fn empty_instance(&mut self, class: ClassAt) -> Value<'c> {
        let object = self.begin_instance(class);
        if let Is::Object(id) = object {
            self.fill_fields(id, class, false);
        }
        Value::of(object)
    }

    /// An instance of a class that nothing was seen to make: its constructor and then every method is run.
    pub(super) fn instantiate_alone(&mut self, class: ClassAt) {
        let Is::Object(id) = self.begin_instance(class) else { return };
        self.fill_fields(id, class, true);
        self.construct(id, class, &[], true);
        for method in &self.class(class).methods {
            let at = (class.0, method.function);
            if self.visited.insert(at) {
                self.run_method(id, class, at.1, &[]);
            }
        }
    }

    fn fill_fields(&mut self, id: usize, class: ClassAt, runs: bool) {
        let (line, _) = self.lineage(class);
        for class in line.into_iter().rev() {
            let top = self.begin(class.0);
            let frame = self.push_frame(class.0, FunctionId(0), Some(top));
            self.frames[frame].this = Some(Is::Object(id));
            for field in &self.class(class).fields {
                let Some(expr) = &field.value else { continue };
                if runs || matches!(expr, Expr::Function(_) | Expr::Call(_)) {
                    let mut value = self.eval(frame, expr).or_from((class.0, expr));
                    if let Is::Function(closure) = &mut value.is {
                        closure.this = Some(id);
                    }
                    self.set_field(id, &field.name, value);
                }
            }
        }
    }

    fn set_field(&mut self, id: usize, name: &Name, value: Value<'c>) {
        let fields = &mut self.objects[id].fields;
        if fields.len() < super::ENTRIES {
            fields.push((name.clone(), value));
        }
    }

    /// Runs the constructor of a class, or the one that it inherits.
    fn construct(&mut self, id: usize, class: ClassAt, args: &[Value<'c>], runs: bool) {
        let (line, _) = self.lineage(class);
        for class in line {
            let found = self.class(class).methods.iter().find(|m| m.name.as_ref() == "constructor");
            let Some(method) = found else { continue };
            let function = method.function;
            if runs {
                self.run_method(id, class, function, args);
            }
            return;
        }
    }

    fn run_method(&mut self, id: usize, class: ClassAt, function: FunctionId, args: &[Value<'c>]) {
        let at = (class.0, function);
        if self.calls.len() >= super::CALLS || self.calls.contains(&at) {
            return;
        }
        self.visited.insert(at);
        let top = self.begin(class.0);
        let frame = self.push_frame(class.0, function, Some(top));
        self.frames[frame].this = Some(Is::Object(id));
        self.frames[frame].home = Some(class);
        self.calls.push(at);
        let of = self.function(at);
        self.bind_params(frame, of, args);
        self.fields_of_params(id, class, frame, function);
        self.returned.push(None);
        let _: Flow = self.statements(frame, &of.body);
        self.returned.pop();
        self.calls.pop();
    }

    /// `constructor(private users: Users)` is a field as well.
    fn fields_of_params(&mut self, id: usize, class: ClassAt, frame: usize, function: FunctionId) {
        let symbols = &self.module(class.0).symbols;
        for param in &self.function((class.0, function)).params {
            let Some(symbol) = plain_name(&param.pattern) else { continue };
            let Some(name) = symbols.get(symbol.0 as usize).map(|s| &s.name) else { continue };
            let is_field = self.class(class).fields.iter().any(|f| f.name == *name && f.value.is_none());
            if is_field && self.own_field(id, name).is_none() {
                let value = self.lookup(frame, symbol);
                self.set_field(id, name, value);
            }
        }
    }

    /// `super(…)`.
    pub(super) fn call_super(&mut self, frame: usize, call: &'c Call) {
        let args = self.values(frame, &call.args);
        let (Some(home), Some(id)) = (self.frames[frame].home, self.this_object(frame)) else { return };
        let (line, _) = self.lineage(home);
        if let Some(parent) = line.get(1).copied() {
            self.construct(id, parent, &args, true);
        }
    }

    /// `super.method`.
    pub(super) fn member_of_super(&mut self, frame: usize, member: &'c Member) -> Value<'c> {
        let (Some(home), Some(id)) = (self.frames[frame].home, self.this_object(frame)) else {
            return Value::unknown();
        };
        let Property::Named(name) = &member.property else { return Value::unknown() };
        let (line, _) = self.lineage(home);
        for class in line.into_iter().skip(1) {
            if let Some(value) = self.method(class, name, Some(id)) {
                return value;
            }
        }
        Value::unknown()
    }

    pub(super) fn member_of_object(&mut self, id: usize, name: &str) -> Value<'c> {
        if !self.tick(self.objects[id].fields.len() / 8) {
            return Value::unknown();
        }
        if let Some(value) = self.own_field(id, name) {
            return value;
        }
        if let Some(class) = self.objects[id].class {
            let (line, _) = self.lineage(class);
            for class in line {
                if let Some(value) = self.method(class, name, Some(id)) {
                    return value;
                }
            }
        }
        match self.objects[id].base {
            Some(node) => self.member(&Value::of(Is::Node(node)), name),
            None => Value::unknown(),
        }
    }

    fn method(&mut self, class: ClassAt, name: &str, this: Option<usize>) -> Option<Value<'c>> {
        let found = self.class(class).methods.iter().find(|m| m.name.as_ref() == name && !m.is_static)?;
        let at = (class.0, found.function);
        let frame = self.begin(class.0);
        Some(Value::of(Is::Function(Closure { at, frame, this })))
    }

    /// A static member.
    pub(super) fn member_of_class(&mut self, class: ClassAt, name: &str) -> Value<'c> {
        let (line, _) = self.lineage(class);
        for class in line {
            let of = self.class(class);
            let frame = self.begin(class.0);
            if let Some(found) = of.methods.iter().find(|m| m.name.as_ref() == name) {
                let at = (class.0, found.function);
                return Value::of(Is::Function(Closure { at, frame, this: None }));
            }
            if let Some(expr) =
                of.fields.iter().find(|f| f.name.as_ref() == name).and_then(|f| f.value.as_ref())
            {
                return self.eval(frame, expr).or_from((class.0, expr));
            }
        }
        Value::unknown()
    }
}
