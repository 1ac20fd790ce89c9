//! Members of values.

use std::rc::Rc;

use super::Flow;
use super::look::head_of_type;
use super::value::{Closure, From, Object, Symbol, Value};
use super::vars::Vars;
use crate::code::{ClassId, Code, Entry, Expr, FunctionAt, FunctionId, ModuleId, Name, Root, Step};
use crate::meaning::symbols;

/// How many classes may extend each other.
const MOST_CLASSES: usize = 8;

impl<'c> Flow<'c> {
    /// `value.name`.
    pub(super) fn member(&mut self, value: &Value<'c>, name: &Name) -> Value<'c> {
        match value {
            Value::Object(object) => match object.get(name) {
                Some(value) => value.clone(),
                None if object.rest.is_empty() => Value::Undefined,
                None => {
                    let found: Vec<Value<'c>> =
                        object.rest.clone().iter().map(|rest| self.member(rest, name)).collect();
                    match found.iter().rev().find(|value| !matches!(value, Value::Undefined)) {
                        Some(value) => value.clone(),
                        None => Value::Undefined,
                    }
                }
            },
            Value::List(items, whole) => match name.parse::<usize>() {
                Ok(at) => match items.get(at) {
                    Some(value) => value.clone(),
                    None if *whole => Value::Undefined,
                    None => Value::Unknown,
                },
                // Whether the roles that are asked for are none. A list that is being filled begins empty.
                Err(_)
                    if *whole
                        && &**name == "length"
                        && !items.is_empty()
                        && items.iter().all(|item| matches!(item, Value::Text(_))) =>
                {
                    Value::Number(items.len() as f64)
                }
                Err(_) => Value::Unknown,
            },
            Value::Symbol(symbol) => self.of_symbol_member(symbol, name),
            Value::OneOf(all) => {
                let all = all.clone();
                Value::one_of(
                    all.iter().map(|(value, facts)| (self.member(value, name), facts.clone())).collect(),
                )
            }
            Value::Instance(module, class) => self.of_class(*module, *class, name, false),
            Value::Class(module, class) => self.of_class(*module, *class, name, true),
            Value::Text(text) if &**name == "length" => Value::Number(text.chars().count() as f64),
            Value::Undefined | Value::Null => Value::Undefined,
            Value::Caught => Value::Caught,
            // `export const { POST } = serve(handler)`.
            Value::Wrapped(_) if matches!(&**name, "GET" | "POST" | "PUT" | "PATCH" | "DELETE") => {
                value.clone()
            }
            Value::Response(response) => match (&**name, response.status) {
                ("status", Some(status)) => Value::Number(f64::from(status)),
                ("ok", Some(status)) => Value::Bool(status < 400),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    /// `value[…]`.
    pub(super) fn element(&mut self, value: &Value<'c>) -> Value<'c> {
        match value {
            Value::Symbol(symbol) => Value::Symbol(Rc::new(symbol.then(Step::Element, Rc::from([])))),
            Value::List(items, _) => {
                Value::one_of(items.iter().map(|item| (item.clone(), Default::default())).collect())
            }
            Value::Object(object) => {
                let values = object.entries.iter().map(|(_, value)| (value.clone(), Default::default()));
                match object.rest.is_empty() {
                    true => Value::one_of(values.collect()),
                    false => Value::Unknown,
                }
            }
            _ => Value::Unknown,
        }
    }

    fn of_symbol_member(&mut self, symbol: &Rc<Symbol<'c>>, name: &Name) -> Value<'c> {
        let next = symbol.then(Step::Member(name.clone()), Rc::from([]));
        if let Some(place) = place(&next)
            && let Some(known) = self.left(&place)
        {
            return known;
        }
        if let Some(value) = self.through_proxy(symbol, name) {
            return value;
        }
        // What libraries make whole objects of: `const { handlers, auth } = NextAuth(…)` is no object that is written.
        Value::Symbol(Rc::new(next))
    }

    fn of_class(&mut self, module: ModuleId, class: ClassId, name: &Name, is_static: bool) -> Value<'c> {
        let model = name_of_class(self.code, module, class).filter(|_| is_static);
        let (mut module, mut class) = (module, class);
        let code = self.code;
        for _ in 0..MOST_CLASSES {
            let Some(of) = code.module(module).classes.get(class.0 as usize) else { return Value::Unknown };
            if let Some(method) =
                of.methods.iter().rev().find(|m| m.name == *name && m.is_static == is_static)
            {
                let this =
                    if is_static { Value::Class(module, class) } else { Value::Instance(module, class) };
                return self.method_of((module, method.function), this);
            }
            if let Some(field) = of.fields.iter().rev().find(|field| field.name == *name) {
                return match &field.value {
                    Some(Expr::Function(function)) => {
                        self.method_of((module, *function), Value::Instance(module, class))
                    }
                    Some(value) => self.elsewhere((module, FunctionId(0)), value),
                    None => match self.injected(module, &field.decorators) {
                        Some(value) => value,
                        None => self.of_type(module, &field.type_name),
                    },
                };
            }
            if is_static && &**name == "name" && !of.name.is_empty() {
                return Value::Text(of.name.clone());
            }
            let Some(extends) = &of.extends else { return Value::Unknown };
            let denoted = code.denote(module, extends);
            if let Some(head) = symbols::instance(&denoted) {
                return self.member(&Value::from(From::Head(head)).as_model(model), name);
            }
            match denoted.root {
                Root::Class(of, id) if denoted.path.is_empty() => (module, class) = (of, id),
                Root::Package(_) => {
                    let base = self.of_denoted(denoted).as_model(model);
                    return self.member(&base, name);
                }
                _ => return Value::Unknown,
            }
        }
        Value::Unknown
    }

    /// What a decorator has a framework put into a field: `@InjectRepository(Post) private posts: Repository<Post>`.
    fn injected(&mut self, module: ModuleId, decorators: &'c [Expr]) -> Option<Value<'c>> {
        let decorator =
            decorators.iter().find(|one| symbols::head(&self.code.denote(module, one)).is_some())?;
        Some(self.elsewhere((module, FunctionId(0)), decorator))
    }

    /// What has a type of this name in a module: an instance of a class of the repository, or of a library's.
    pub(super) fn of_type(&mut self, module: ModuleId, name: &str) -> Value<'c> {
        if let Some(class) = name.strip_prefix("typeof ") {
            let denoted = self.code.denote_type(module, class.trim());
            return denoted.map_or(Value::Unknown, |denoted| self.of_denoted(denoted));
        }
        if let Some(denoted) = self.code.denote_type(module, name) {
            if let Some(head) = symbols::instance(&denoted) {
                return Value::from(From::Head(head));
            }
            match denoted.root {
                Root::Class(module, class) if denoted.path.is_empty() => {
                    return Value::Instance(module, class);
                }
                Root::Package(_) => return self.of_denoted(denoted),
                _ => {}
            }
        }
        head_of_type(name).map_or(Value::Unknown, |head| Value::from(From::Head(head)))
    }

    fn method_of(&mut self, at: FunctionAt, this: Value<'c>) -> Value<'c> {
        Value::Function(Rc::new(Closure { at, around: Vars::default(), this, bound: Vec::new() }))
    }

    /// `{ … }`.
    pub(super) fn object(&mut self, entries: &'c [Entry]) -> Value<'c> {
        let mut object = Object::default();
        for entry in entries {
            match entry {
                Entry::Pair(name, value) => {
                    let value = self.eval(value);
                    object.entries.push((name.clone(), value));
                }
                Entry::Spread(value) => match self.eval(value) {
                    Value::Object(inner) => object.spread(&inner),
                    Value::Undefined | Value::Null => {}
                    value => object.spread_value(value),
                },
            }
        }
        Value::Object(Rc::new(object))
    }
}

fn name_of_class(code: &Code, module: ModuleId, class: ClassId) -> Option<&Name> {
    code.module(module).classes.get(class.0 as usize).map(|class| &class.name)
}

/// The place of something on an object that comes from elsewhere: `express-request.user`, `globalThis.client`.
pub(super) fn place(symbol: &Symbol<'_>) -> Option<String> {
    let mut place = match (symbol.origin, &symbol.denoted.root) {
        (From::Head(head), _) => head.to_owned(),
        (From::Root, Root::Global(name)) if matches!(&**name, "globalThis" | "global") => {
            "globalThis".to_owned()
        }
        _ => return None,
    };
    for step in &symbol.denoted.path {
        match step {
            Step::Member(name) => {
                place.push('.');
                place.push_str(name);
            }
            _ => return None,
        }
    }
    Some(place)
}
