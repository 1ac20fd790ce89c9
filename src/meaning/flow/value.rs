//! What an expression may be when it runs, as far as that can be told without running it.

use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;

use super::facts::Facts;
use super::origin::Origin;
use super::vars::Vars;
use crate::code::{ClassId, Denoted, Expr, FunctionAt, ModuleId, Name, Root, Step};
use crate::meaning::symbols::{Acts, Found, Input};

/// How many alternatives a value may have.
pub const MOST_ALTERNATIVES: usize = 12;

/// With more entries than this, those of an object that don't count are left out.
const MANY_ENTRIES: usize = 64;
/// How many entries are kept then, and how many values that are spread into it.
const MOST_ENTRIES: usize = 2_000;
const MOST_SPREAD: usize = 12;

/// How many parts of two values are compared to tell whether they are the same.
const MOST_COMPARED: u32 = 400;

/// A value.
#[derive(Debug, Clone)]
pub enum Value<'c> {
    /// Nothing is known of it.
    Unknown,
    /// A text.
    Text(Name),
    /// A number.
    Number(f64),
    /// `true`, `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// `undefined`.
    Undefined,
    /// A regular expression.
    Regex(Name),
    /// A text with values in it.
    Template(Rc<(Vec<Name>, Vec<Value<'c>>)>),
    /// An object that is written down.
    Object(Rc<Object<'c>>),
    /// A list that is written down. If it is not whole, more may be in it.
    List(Rc<Vec<Value<'c>>>, bool),
    /// A function of the repository.
    Function(Rc<Closure<'c>>),
    /// A class of the repository.
    Class(ModuleId, ClassId),
    /// An instance of a class of the repository.
    Instance(ModuleId, ClassId),
    /// Something that comes from elsewhere, and what was done with it.
    Symbol(Rc<Symbol<'c>>),
    /// One of several, each with what holds if it is that one.
    OneOf(Rc<Vec<(Value<'c>, Facts)>>),
    /// What an asynchronous function of the repository gives, before it is awaited.
    Promise(Rc<Value<'c>>),
    /// The answer to a question.
    Test(Rc<Test<'c>>),
    /// An answer to the request.
    Response(Rc<Response<'c>>),
    /// A handler within what a library makes of it.
    Wrapped(Rc<Wrapped<'c>>),
    /// What goes on with the next layer.
    Next(usize),
    /// What a `catch` caught.
    Caught,
}

/// See [`Value::Object`].
#[derive(Debug, Clone, Default)]
pub struct Object<'c> {
    /// Its entries; of two with one name the last counts.
    pub entries: Vec<(Name, Value<'c>)>,
    /// What else is spread into it.
    pub rest: Vec<Value<'c>>,
}

/// See [`Value::Function`].
#[derive(Debug, Clone)]
pub struct Closure<'c> {
    /// Which.
    pub at: FunctionAt,
    /// The names around it that had a value.
    pub around: Vars<'c>,
    /// `this`.
    pub this: Value<'c>,
    /// Parameters that are given before it is called (`fn.bind(null, id)`).
    pub bound: Vec<Value<'c>>,
}

/// See [`Value::Symbol`].
#[derive(Debug, Clone)]
pub struct Symbol<'c> {
    /// What it is known as.
    pub origin: From,
    /// Where it comes from, and what was done with it. The root is unknown where [`Symbol::origin`] says more.
    pub denoted: Denoted<'c>,
    /// For every call in the path, what it was given; empty for other steps.
    pub given: Vec<Rc<[Value<'c>]>>,
    /// Whom the client at its beginning acts for.
    pub acts: Option<Acts>,
    /// The class of the repository that it is, of what a library makes of it: `class User extends Model`.
    pub model: Option<Name>,
    /// Where it comes from, once that was asked.
    pub known: Cell<Option<Origin>>,
    /// What the vocabulary says about it, once that was asked.
    pub found: Cell<Option<Option<Found>>>,
    /// Its print, once that was asked; `Some(None)` if it has none. See [`super::print`].
    pub print: Cell<Option<Option<u64>>>,
}

/// Where a symbol comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum From {
    /// From a package, or nothing that is bound, or what could not be followed.
    Root,
    /// It is known by a name of the vocabulary: `express-request`.
    Head(&'static str),
    /// The caller chose it.
    Input(Input),
    /// An identity that a library verified and hands over.
    Principal,
}

/// A question about values.
#[derive(Debug, Clone)]
pub enum Test<'c> {
    /// `!a`.
    Not(Value<'c>),
    /// `a === b`.
    Equal(Value<'c>, Value<'c>),
    /// `a` is one of what is in `b`.
    In(Value<'c>, Value<'c>),
    /// Both.
    And(Value<'c>, Value<'c>),
    /// One of them.
    Or(Value<'c>, Value<'c>),
    /// Something about these that is not followed.
    About(Vec<Value<'c>>),
}

/// See [`Value::Response`].
#[derive(Debug, Clone)]
pub struct Response<'c> {
    /// Its status, if it is known.
    pub status: Option<u16>,
    /// The request goes on.
    pub passes: bool,
    /// It was made where a failure was caught.
    pub caught: bool,
    /// It sends the browser elsewhere.
    pub location: Option<Value<'c>>,
    /// Its body.
    pub body: Option<Value<'c>>,
}

/// See [`Value::Wrapped`].
#[derive(Debug, Clone)]
pub struct Wrapped<'c> {
    /// The call that made it.
    pub by: Rc<Symbol<'c>>,
    /// What it calls.
    pub handler: Value<'c>,
}

impl<'c> Value<'c> {
    /// A symbol with nothing done to it.
    pub fn from(origin: From) -> Self {
        let denoted = Denoted { root: Root::Unknown, path: Vec::new() };
        Value::Symbol(Rc::new(Symbol {
            origin,
            denoted,
            given: Vec::new(),
            acts: None,
            model: None,
            known: Cell::new(None),
            found: Cell::new(None),
            print: Cell::new(None),
        }))
    }

    /// The same, as a class of the repository that a library is the base of: `class User extends Model`.
    pub fn as_model(self, class: Option<&Name>) -> Self {
        match (self, class) {
            (Value::Symbol(symbol), Some(class)) => {
                Value::Symbol(Rc::new(Symbol { model: Some(class.clone()), ..(*symbol).clone() }))
            }
            (value, _) => value,
        }
    }

    /// What comes from a package, or from a name that nothing binds.
    pub fn root(root: Root<'c>) -> Self {
        let denoted = Denoted { root, path: Vec::new() };
        Value::Symbol(Rc::new(Symbol {
            origin: From::Root,
            denoted,
            given: Vec::new(),
            acts: None,
            model: None,
            known: Cell::new(None),
            found: Cell::new(None),
            print: Cell::new(None),
        }))
    }

    /// One of two.
    pub fn either(one: (Value<'c>, Facts), other: (Value<'c>, Facts)) -> Self {
        Value::one_of(vec![one, other])
    }

    /// One of several. Those within are laid side by side.
    pub fn one_of(values: Vec<(Value<'c>, Facts)>) -> Self {
        let mut all: Vec<(Value<'c>, Facts)> = Vec::new();
        for (value, facts) in values {
            match value {
                Value::OneOf(inner) => {
                    for (value, more) in inner.iter() {
                        let mut facts = facts.clone();
                        facts.add_all(more);
                        put(&mut all, value.clone(), facts);
                    }
                }
                value => put(&mut all, value, facts),
            }
            if all.len() > MOST_ALTERNATIVES {
                return Value::Unknown;
            }
        }
        match all.as_slice() {
            [] => Value::Undefined,
            [(value, facts)] if facts.is_empty() => value.clone(),
            _ => Value::OneOf(Rc::new(all)),
        }
    }

    /// What it is when it is awaited.
    pub fn awaited(&self) -> Value<'c> {
        match self {
            Value::Promise(value) => value.awaited(),
            Value::OneOf(all) if all.iter().any(|(value, _)| matches!(value, Value::Promise(_))) => {
                Value::one_of(all.iter().map(|(value, facts)| (value.awaited(), facts.clone())).collect())
            }
            _ => self.clone(),
        }
    }

    /// Whether it counts as true, if that is known.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Value::Text(text) => Some(!text.is_empty()),
            Value::Number(number) => Some(*number != 0.0),
            Value::Bool(value) => Some(*value),
            Value::Null | Value::Undefined => Some(false),
            Value::Template(parts) => parts.0.iter().any(|text| !text.is_empty()).then_some(true),
            Value::Object(_)
            | Value::List(..)
            | Value::Function(_)
            | Value::Class(..)
            | Value::Instance(..) => Some(true),
            Value::Promise(_) | Value::Response(_) | Value::Wrapped(_) | Value::Next(_) | Value::Regex(_) => {
                Some(true)
            }
            Value::Unknown | Value::Symbol(_) | Value::OneOf(_) | Value::Test(_) | Value::Caught => None,
        }
    }

    /// Whether both are surely the same. Two symbols are if they are the same call.
    pub fn same(&self, other: &Value<'c>) -> bool {
        same(self, other, &mut MOST_COMPARED.clone())
    }
}

/// `left`: how many more parts are compared.
fn same(one: &Value<'_>, other: &Value<'_>, left: &mut u32) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    let optional = |a: &Option<Value<'_>>, b: &Option<Value<'_>>, left: &mut u32| match (a, b) {
        (Some(a), Some(b)) => same(a, b, left),
        (a, b) => a.is_none() && b.is_none(),
    };
    match (one, other) {
        (Value::Unknown, Value::Unknown)
        | (Value::Null, Value::Null)
        | (Value::Undefined, Value::Undefined)
        | (Value::Caught, Value::Caught) => true,
        (Value::Text(a), Value::Text(b)) | (Value::Regex(a), Value::Regex(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Class(a, b), Value::Class(c, d)) | (Value::Instance(a, b), Value::Instance(c, d)) => {
            a == c && b == d
        }
        (Value::Next(a), Value::Next(b)) => a == b,
        (Value::Function(a), Value::Function(b)) => {
            Rc::ptr_eq(a, b) || a.at == b.at && a.around.is_empty() && all_same(&a.bound, &b.bound, left)
        }
        (Value::Object(a), Value::Object(b)) => {
            Rc::ptr_eq(a, b)
                || a.entries.len() == b.entries.len()
                    && a.entries.iter().zip(&b.entries).all(|(a, b)| a.0 == b.0 && same(&a.1, &b.1, left))
                    && all_same(&a.rest, &b.rest, left)
        }
        (Value::List(a, whole), Value::List(b, other)) => {
            Rc::ptr_eq(a, b) || whole == other && all_same(a, b, left)
        }
        (Value::Template(a), Value::Template(b)) => {
            Rc::ptr_eq(a, b) || a.0 == b.0 && all_same(&a.1, &b.1, left)
        }
        (Value::OneOf(a), Value::OneOf(b)) => {
            Rc::ptr_eq(a, b)
                || a.len() == b.len()
                    && a.iter().zip(b.iter()).all(|(a, b)| a.1 == b.1 && same(&a.0, &b.0, left))
        }
        (Value::Promise(a), Value::Promise(b)) => same(a, b, left),
        (Value::Test(a), Value::Test(b)) => {
            Rc::ptr_eq(a, b)
                || match (&**a, &**b) {
                    (Test::Not(a), Test::Not(b)) => same(a, b, left),
                    (Test::Equal(a, b), Test::Equal(c, d))
                    | (Test::In(a, b), Test::In(c, d))
                    | (Test::And(a, b), Test::And(c, d))
                    | (Test::Or(a, b), Test::Or(c, d)) => same(a, c, left) && same(b, d, left),
                    (Test::About(a), Test::About(b)) => all_same(a, b, left),
                    _ => false,
                }
        }
        (Value::Response(a), Value::Response(b)) => {
            Rc::ptr_eq(a, b)
                || (a.status, a.passes, a.caught) == (b.status, b.passes, b.caught)
                    && optional(&a.location, &b.location, left)
                    && optional(&a.body, &b.body, left)
        }
        (Value::Wrapped(a), Value::Wrapped(b)) => Rc::ptr_eq(a, b),
        (Value::Symbol(a), Value::Symbol(b)) => Rc::ptr_eq(a, b) || a.same(b),
        _ => false,
    }
}

fn all_same(some: &[Value<'_>], others: &[Value<'_>], left: &mut u32) -> bool {
    some.len() == others.len() && some.iter().zip(others).all(|(a, b)| same(a, b, left))
}

fn put<'c>(all: &mut Vec<(Value<'c>, Facts)>, value: Value<'c>, facts: Facts) {
    match all.iter_mut().find(|(known, _)| known.same(&value)) {
        Some((_, known)) => *known = known.both(&facts),
        None => all.push((value, facts)),
    }
}

impl<'c> Symbol<'c> {
    /// The same with one more step.
    pub fn then(&self, step: Step<'c>, given: Rc<[Value<'c>]>) -> Symbol<'c> {
        // Room for one more: most values are made of others in this way.
        let mut path = Vec::with_capacity(self.denoted.path.len() + 1);
        path.extend_from_slice(&self.denoted.path);
        path.push(step);
        let mut all_given = Vec::with_capacity(self.given.len() + 1);
        all_given.extend_from_slice(&self.given);
        all_given.push(given);
        Symbol {
            origin: self.origin,
            denoted: Denoted { root: self.denoted.root.clone(), path },
            given: all_given,
            acts: self.acts,
            model: self.model.clone(),
            known: Cell::new(None),
            found: Cell::new(None),
            print: Cell::new(None),
        }
    }

    /// What it was before all but the first steps.
    pub fn begin(&self, steps: usize) -> Symbol<'c> {
        Symbol {
            origin: self.origin,
            denoted: Denoted {
                root: self.denoted.root.clone(),
                path: self.denoted.path.iter().take(steps).cloned().collect(),
            },
            given: self.given.iter().take(steps).cloned().collect(),
            acts: self.acts,
            model: self.model.clone(),
            known: Cell::new(None),
            found: Cell::new(None),
            print: Cell::new(None),
        }
    }

    fn same(&self, other: &Symbol<'_>) -> bool {
        let (mine, theirs) = (&self.denoted, &other.denoted);
        self.origin == other.origin
            && self.model == other.model
            && mine.root == theirs.root
            && mine.path.len() == theirs.path.len()
            && mine.path.iter().zip(&theirs.path).all(|steps| match steps {
                (Step::Call(_, a), Step::Call(_, b)) => std::ptr::eq(*a, *b),
                (a, b) => a == b,
            })
    }
}

impl<'c> Object<'c> {
    /// What is at a key. `None` if nothing is; what is spread may have it.
    pub fn get(&self, key: &str) -> Option<&Value<'c>> {
        self.entries.iter().rev().find(|(name, _)| **name == *key).map(|(_, value)| value)
    }

    /// `{ ...self, ...other }`. What is spread again and again stays as large as what is in it.
    pub fn spread(&mut self, other: &Object<'c>) {
        self.entries.extend(other.entries.iter().cloned());
        if self.entries.len() > MANY_ENTRIES {
            let mut seen = HashSet::new();
            let mut kept: Vec<_> = self.entries.drain(..).rev().collect();
            kept.retain(|(name, _)| seen.insert(name.clone()));
            kept.truncate(MOST_ENTRIES);
            kept.reverse();
            self.entries = kept;
        }
        for value in &other.rest {
            self.spread_value(value.clone());
        }
    }

    /// The same of what is no object that is written down.
    pub fn spread_value(&mut self, value: Value<'c>) {
        if self.rest.len() >= MOST_SPREAD {
            let unknown = matches!(self.rest.last(), Some(Value::Unknown));
            self.rest.extend((!unknown).then_some(Value::Unknown));
        } else if !self.rest.iter().any(|known| known.same(&value)) {
            self.rest.push(value);
        }
    }
}

/// The constant that an expression is, if it is one.
pub fn constant<'c>(expr: &Expr) -> Option<Value<'c>> {
    Some(match expr {
        Expr::Text(text) => Value::Text(text.clone()),
        Expr::Number(number) => Value::Number(*number),
        Expr::Bool(value) => Value::Bool(*value),
        Expr::Null => Value::Null,
        Expr::Undefined => Value::Undefined,
        Expr::Regex(text) => Value::Regex(text.clone()),
        _ => return None,
    })
}
