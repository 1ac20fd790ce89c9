//! What expressions come to.

use std::rc::Rc;

use super::{Closure, DEPTH, ENTRIES, Is, LibraryStep, Run, Site, Value};
use crate::code::{
    BinaryOp, Binding, Call, Entry, Expr, FunctionId, LogicalOp, Member, ModuleId, Name, Pattern, Property,
};

/// What of a text can't be told.
const HOLE: &str = "{?}";
/// Longer paths are none.
const TEXT: usize = 500;
/// So long a chain of calls on something of a package is followed.
const STEPS_OF_LIBRARY: usize = 16;

impl<'c> Run<'c> {
    /// The value of an expression.
    pub(super) fn eval(&mut self, frame: usize, expr: &'c Expr) -> Value<'c> {
        if self.depth >= DEPTH || !self.tick(1) {
            return Value::unknown();
        }
        self.depth += 1;
        let value = self.eval_here(frame, expr);
        self.depth -= 1;
        value
    }

    fn eval_here(&mut self, frame: usize, expr: &'c Expr) -> Value<'c> {
        let module = self.frames[frame].module;
        let is = match expr {
            Expr::Member(_) | Expr::Call(_) | Expr::Await(_) => return self.chain(frame, expr),
            Expr::Name(name, symbol) => return self.name(frame, expr, name, *symbol),
            Expr::This => self.this(frame),
            Expr::Function(id) => self.closure(frame, *id),
            Expr::Class(id) => Is::Class(module, *id),
            Expr::Object(entries) => self.object(frame, entries),
            Expr::List(items) => {
                let items = self.values(frame, items);
                self.list(items)
            }
            Expr::Text(text) => Is::Text(text.clone()),
            Expr::Template(texts, values) => self.template(frame, texts, values),
            Expr::Number(number) => Is::Text(number.to_string().into()),
            Expr::Bool(yes) => Is::Bool(*yes),
            Expr::Regex(regex) => Is::Regex(regex.clone()),
            Expr::Import(specifier) => self.whole(module, specifier),
            Expr::Binary(BinaryOp::Add, sides) => {
                let left = self.eval(frame, &sides[0]);
                let right = self.eval(frame, &sides[1]);
                joined(&[left, right])
            }
            Expr::Logical(op, sides) => {
                let left = self.eval(frame, &sides[0]);
                let right = self.eval(frame, &sides[1]);
                let first_known = !matches!(left.is, Is::Unknown | Is::Global(_) | Is::Bool(false));
                return match op {
                    LogicalOp::And => right,
                    _ if first_known => left,
                    _ => right,
                }
                .or_from((module, expr));
            }
            Expr::Conditional(parts) => return self.conditional(frame, expr, parts),
            Expr::Assign(assign) => {
                let value = self.eval(frame, &assign.value).or_from((module, &assign.value));
                if !assign.adds {
                    self.bind(frame, &assign.target, value.clone(), false);
                }
                return value;
            }
            Expr::Spread(inner) | Expr::Not(inner) | Expr::TypeOf(inner) => {
                self.eval(frame, inner);
                Is::Unknown
            }
            Expr::Binary(_, sides) => {
                self.eval(frame, &sides[0]);
                self.eval(frame, &sides[1]);
                Is::Unknown
            }
            Expr::Other(parts) => return self.other(frame, parts),
            Expr::Super | Expr::Null | Expr::Undefined | Expr::Markup(_) => Is::Unknown,
        };
        Value::at(is, (module, expr))
    }

    /// What has no word of its own: of a sequence, a cast and the like the last part is the value.
    fn other(&mut self, frame: usize, parts: &'c [Expr]) -> Value<'c> {
        let mut last = Value::unknown();
        for part in parts {
            last = self.eval(frame, part);
        }
        last
    }

    fn conditional(&mut self, frame: usize, expr: &'c Expr, parts: &'c [Expr; 3]) -> Value<'c> {
        self.eval(frame, &parts[0]);
        let then = self.under(&parts[0], 0, |run| run.eval(frame, &parts[1]));
        let otherwise = self.under(&parts[0], 1, |run| run.eval(frame, &parts[2]));
        // A node is a node on either way; of anything else both ways are what it may be.
        match (&then.is, &otherwise.is) {
            (Is::Node(_), _) => then,
            (_, Is::Node(_)) => otherwise,
            (Is::Text(a), Is::Text(b)) if a == b => then,
            (Is::Text(_), Is::Text(_)) => Value::of(Is::Text(HOLE.into())),
            _ => Value::at(Is::Unknown, (self.frames[frame].module, expr)),
        }
    }

    /// The values of arguments or items, with spread lists in their place.
    pub(super) fn values(&mut self, frame: usize, items: &'c [Expr]) -> Vec<Value<'c>> {
        let module = self.frames[frame].module;
        let mut out = Vec::with_capacity(items.len().min(ENTRIES));
        for item in items.iter().take(ENTRIES) {
            if let Expr::Spread(inner) = item {
                let list = self.eval(frame, inner).or_from((module, inner));
                match list.is {
                    Is::List(id) => {
                        let room = ENTRIES.saturating_sub(out.len());
                        let spread: Vec<_> = self.lists[id].iter().take(room).cloned().collect();
                        self.tick(spread.len());
                        out.extend(spread);
                    }
                    _ => out.push(Value { is: Is::Unknown, ..list }),
                }
            } else {
                let value = self.eval(frame, item).or_from((module, item));
                out.push(value);
            }
        }
        out
    }

    fn object(&mut self, frame: usize, entries: &'c [Entry]) -> Is {
        let module = self.frames[frame].module;
        let mut fields = Vec::with_capacity(entries.len().min(ENTRIES));
        for entry in entries.iter().take(ENTRIES) {
            match entry {
                Entry::Pair(name, expr) => {
                    let value = self.eval(frame, expr).or_from((module, expr));
                    fields.push((name.clone(), value));
                }
                Entry::Spread(expr) => {
                    let value = self.eval(frame, expr);
                    let more: Vec<_> = self.fields(&value).iter().take(ENTRIES).cloned().collect();
                    self.tick(more.len());
                    fields.extend(more);
                    fields.truncate(ENTRIES);
                }
            }
        }
        self.new_object(super::Object { class: None, base: None, fields })
    }

    pub(super) fn new_object(&mut self, object: super::Object<'c>) -> Is {
        self.objects.push(object);
        Is::Object(self.objects.len() - 1)
    }

    fn template(&mut self, frame: usize, texts: &'c [Name], values: &'c [Expr]) -> Is {
        let mut parts = Vec::new();
        for (at, text) in texts.iter().take(ENTRIES).enumerate() {
            parts.push(Value::of(Is::Text(text.clone())));
            if let Some(value) = values.get(at) {
                let value = self.eval(frame, value);
                parts.push(match value.is {
                    Is::Text(_) => value,
                    _ => Value::of(Is::Text(HOLE.into())),
                });
            }
        }
        joined(&parts)
    }

    fn this(&mut self, frame: usize) -> Is {
        let mut at = Some(frame);
        while let Some(frame) = at {
            if let Some(this) = &self.frames[frame].this {
                return this.clone();
            }
            at = self.frames[frame].parent;
        }
        Is::Unknown
    }

    pub(super) fn this_object(&mut self, frame: usize) -> Option<usize> {
        match self.this(frame) {
            Is::Object(id) => Some(id),
            _ => None,
        }
    }

    /// A function as a value: its frame is that of the function around it.
    pub(super) fn closure(&mut self, frame: usize, id: FunctionId) -> Is {
        let module = self.frames[frame].module;
        let within = self.module(module).functions.get(id.0 as usize).and_then(|f| f.within);
        let mut at = frame;
        while Some(self.frames[at].function) != within {
            match self.frames[at].parent {
                Some(parent) => at = parent,
                None => {
                    at = frame;
                    break;
                }
            }
        }
        Is::Function(Closure { at: (module, id), frame: at, this: None })
    }

    fn name(
        &mut self,
        frame: usize,
        expr: &'c Expr,
        name: &Name,
        symbol: Option<crate::code::SymbolId>,
    ) -> Value<'c> {
        let module = self.frames[frame].module;
        let Some(symbol) = symbol else {
            let is = match name.as_ref() {
                "__dirname" => {
                    let path = &self.module(module).path;
                    Is::Text(path.rsplit_once('/').map_or("", |(folder, _)| folder).into())
                }
                _ => Is::Global(name.clone()),
            };
            return Value::at(is, (module, expr));
        };
        let mut value = self.lookup(frame, symbol);
        // A name that declarations tell about is where the value comes from. What came through a parameter or a
        // loop comes from where it was written.
        let told = match self.module(module).symbols.get(symbol.0 as usize).map(|s| &s.is) {
            Some(Binding::Import(_) | Binding::Function(_) | Binding::Class(_)) => true,
            Some(Binding::Variable(function, Some(_))) => function.0 == 0,
            Some(Binding::Part(..)) => return self.read_at(value, (module, expr)).or_from((module, expr)),
            _ => false,
        };
        if told || value.from.is_none() {
            value.from = Some((module, expr));
        }
        value
    }

    /// Members and calls on each other, from the inside to the outside: fluent code is as deep as it is long.
    fn chain(&mut self, frame: usize, expr: &'c Expr) -> Value<'c> {
        let mut links = Vec::new();
        let mut at = expr;
        loop {
            match at {
                Expr::Member(member) => {
                    links.push(at);
                    at = &member.object;
                }
                Expr::Call(call) => {
                    links.push(at);
                    at = &call.callee;
                }
                Expr::Await(inner) => at = inner,
                _ => break,
            }
        }
        let mut value = match at {
            Expr::Super => Value::of(Is::Unknown),
            _ => self.eval(frame, at),
        };
        let mut on_super = matches!(at, Expr::Super);
        for link in links.into_iter().rev() {
            if !self.tick(1) {
                return Value::unknown();
            }
            value = match link {
                Expr::Member(member) if on_super => self.member_of_super(frame, member),
                Expr::Call(call) if on_super => {
                    self.call_super(frame, call);
                    Value::unknown()
                }
                Expr::Member(member) => self.member_written(frame, &value, member),
                Expr::Call(call) => self.call_written(frame, value, call, link),
                _ => value,
            };
            on_super = false;
            let from = (self.frames[frame].module, link);
            value = match link {
                Expr::Member(_) => self.read_at(value, from).or_from(from),
                _ => value.or_from(from),
            };
        }
        value
    }

    fn member_written(&mut self, frame: usize, object: &Value<'c>, member: &'c Member) -> Value<'c> {
        match &member.property {
            Property::Named(name) => self.member(object, name),
            Property::Computed(expr) => {
                let name = self.eval(frame, expr);
                match name.text() {
                    Some(name) if !name.contains(HOLE) => self.member(object, name),
                    _ => Value::unknown(),
                }
            }
        }
    }

    /// A member of a value.
    pub(super) fn member(&mut self, object: &Value<'c>, name: &str) -> Value<'c> {
        let method = |is: &Is| Value::of(Is::Method(Rc::new((is.clone(), name.into()))));
        if matches!(name, "then" | "catch" | "finally") {
            return method(&object.is);
        }
        match &object.is {
            Is::Node(node) => {
                let framework = self.framework;
                framework.member(self, *node, name).unwrap_or_else(|| method(&object.is))
            }
            Is::Object(id) => self.member_of_object(*id, name),
            Is::Class(module, class) => self.member_of_class((*module, *class), name),
            Is::Module(module) => {
                let module: ModuleId = *module;
                self.export(module, name)
            }
            Is::Library(id) => {
                let library = &self.libraries[*id];
                if library.steps.len() >= STEPS_OF_LIBRARY {
                    return Value::unknown();
                }
                let mut library = library.clone();
                library.steps.push(LibraryStep::Member(name.into()));
                Value::of(self.new_library(library))
            }
            Is::List(id) => match name.parse::<usize>() {
                Ok(at) => self.lists[*id].get(at).cloned().unwrap_or_else(Value::unknown),
                Err(_) => method(&object.is),
            },
            Is::Function(_) | Is::Text(_) | Is::Global(_) => method(&object.is),
            Is::Unknown if name == "forEach" => method(&object.is),
            _ => Value::unknown(),
        }
    }

    fn call_written(&mut self, frame: usize, callee: Value<'c>, call: &'c Call, expr: &'c Expr) -> Value<'c> {
        let module = self.frames[frame].module;
        let args = self.values(frame, &call.args);
        let given_functions = args.iter().any(|arg| matches!(arg.is, Is::Function(_)));
        if given_functions {
            self.given.insert(std::ptr::from_ref(call) as usize, args.clone());
        }
        let mut value = self.call(callee, args, Site { module, call, expr });
        // A call that only gives back what it was called on, or bound its `this`, is not what that comes from.
        let is_bind = matches!(&call.callee, Expr::Member(m) if m.property == Property::Named("bind".into()));
        if !is_bind || value.from.is_none() {
            value.from = Some((module, expr));
            value.made = given_functions.then_some((module, expr));
        }
        value
    }

    /// Gives a pattern its value. `declares` for declarations, which bind here and not further out.
    pub(super) fn bind(&mut self, frame: usize, pattern: &'c Pattern, value: Value<'c>, declares: bool) {
        if self.depth >= DEPTH || !self.tick(1) {
            return;
        }
        self.depth += 1;
        match pattern {
            Pattern::Name(symbol) => {
                let mut at = frame;
                if !declares {
                    let mut next = Some(frame);
                    while let Some(frame) = next {
                        if self.frames[frame].names.contains_key(symbol) {
                            at = frame;
                            break;
                        }
                        next = self.frames[frame].parent;
                    }
                }
                self.frames[at].names.insert(*symbol, value);
            }
            Pattern::Object(parts) => {
                for (name, part, default) in parts {
                    let mut of = match name.as_ref() {
                        "*" => value.clone(),
                        "" => Value::unknown(),
                        name => self.member(&value, name),
                    };
                    if let (Is::Unknown, Some(default)) = (&of.is, default) {
                        of = self.eval(frame, default);
                    }
                    self.bind(frame, part, of, declares);
                }
            }
            Pattern::List(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let Some(part) = part else { continue };
                    let of = match value.is {
                        Is::List(id) => self.lists[id].get(at).cloned().unwrap_or_else(Value::unknown),
                        _ => Value::unknown(),
                    };
                    self.bind(frame, part, of, declares);
                }
            }
            Pattern::Place(place) => self.assign_place(frame, place, value),
            Pattern::Other => {}
        }
        self.depth -= 1;
    }

    fn assign_place(&mut self, frame: usize, place: &'c Expr, value: Value<'c>) {
        let Expr::Member(member) = place else { return };
        let object = self.eval(frame, &member.object);
        let Property::Named(name) = &member.property else { return };
        if let Is::Object(id) = object.is {
            let fields = &mut self.objects[id].fields;
            if let Some(field) = fields.iter_mut().find(|(n, _)| n == name) {
                field.1 = value;
            } else if fields.len() < ENTRIES {
                fields.push((name.clone(), value));
            }
        }
    }
}

/// Texts after each other; what is none leaves a hole.
fn joined(parts: &[Value<'_>]) -> Is {
    if parts.iter().all(|part| part.text().is_none()) {
        return Is::Unknown;
    }
    let mut out = String::new();
    for part in parts {
        out.push_str(part.text().map_or(HOLE, |text| text.as_ref()));
        if out.len() > TEXT {
            return Is::Unknown;
        }
    }
    Is::Text(out.into())
}
