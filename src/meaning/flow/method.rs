//! Methods of what every JavaScript has: texts, lists, promises, functions.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use regex::{Regex, RegexBuilder};

use super::Flow;
use super::facts::Facts;
use super::origin::Origin;
use super::results::is_library;
use super::state::join;
use super::value::{Closure, Test, Value};
use crate::code::{Call, Name, Step};

/// So many entries of a list are asked one by one which is meant.
const MOST_ASKED: usize = 6;

impl<'c> Flow<'c> {
    /// `base.name(…)`, if it is one of those. `None`: it is called like any other.
    pub(super) fn method(
        &mut self,
        base: &Value<'c>,
        name: &str,
        args: &[Value<'c>],
        call: &'c Call,
        awaits: bool,
    ) -> Option<Value<'c>> {
        match (base, name) {
            (_, "then" | "catch" | "finally") => return self.later(base, name, args, call),
            (Value::Function(closure), "bind") => {
                let mut bound = (**closure).clone();
                bound.bound.extend(args.iter().skip(1).cloned());
                return Some(Value::Function(Rc::new(bound)));
            }
            (Value::Function(closure), "call") => {
                let rest = args.iter().skip(1).cloned().collect();
                return Some(self.enter(closure, rest, awaits));
            }
            (Value::Function(closure), "apply") => {
                let rest = match args.get(1) {
                    Some(Value::List(items, _)) => items.to_vec(),
                    _ => Vec::new(),
                };
                return Some(self.enter(closure, rest, awaits));
            }
            // `originalJson.apply(res, [body])` is a call like any other.
            (Value::Symbol(symbol), "call" | "apply") if !symbol.denoted.path.is_empty() => {
                let given: Vec<Value<'c>> = match (name, args.get(1)) {
                    ("apply", Some(Value::List(items, _))) => items.to_vec(),
                    ("apply", _) => Vec::new(),
                    _ => args.iter().skip(1).cloned().collect(),
                };
                let module = self.module();
                let symbol = symbol.then(Step::Call(module, call), Rc::from(given));
                return Some(self.library(symbol, awaits));
            }
            (Value::Symbol(_), "bind") => return Some(base.clone()),
            (Value::OneOf(all), _) if all.len() <= 6 => {
                let all = all.clone();
                let module = self.module();
                let mut values = Vec::new();
                for (value, facts) in all.iter().filter(|(v, _)| !matches!(v, Value::Undefined | Value::Null))
                {
                    let one = match of_nothing(value, name)
                        .or_else(|| self.method(value, name, args, call, awaits))
                    {
                        Some(value) => value,
                        None => {
                            let callee = self.member(value, &name.into());
                            self.awaits = awaits;
                            let value = self.apply(&callee, args.to_vec(), call, module);
                            self.awaits = false;
                            value
                        }
                    };
                    values.push((one, facts.clone()));
                }
                return Some(Value::one_of(values));
            }
            _ => {}
        }
        if let Some(value) = of_text(base, name, args) {
            return Some(value);
        }
        match (base, name) {
            (Value::List(..), _) => Some(self.of_list(base, name, args)),
            (
                Value::Symbol(symbol),
                "includes" | "some" | "has" | "every" | "find" | "startsWith" | "test" | "match",
            ) if self.lookup(&symbol.then(Step::Member(name.into()), Rc::from([]))).is_none_or(|found| {
                // A list in what a library gave: `org.members.find(…)`.
                found.used <= symbol.denoted.path.len()
                    || found.entry().guard.is_some()
                    || found.entry().input.is_some()
                    || found.entry().env.is_some()
            }) =>
            {
                Some(self.about(base, name, args))
            }
            // `allowed.includes(user.role)`: whichever are allowed.
            (Value::Unknown, "includes" | "has")
                if args.first().is_some_and(|item| self.origin(item).any(Origin::MINE)) =>
            {
                Some(self.about(base, name, args))
            }
            (
                Value::Symbol(_) | Value::Unknown,
                "map" | "forEach" | "filter" | "flatMap" | "reduce" | "sort",
            ) if args.first().is_some_and(|arg| matches!(arg, Value::Function(_))) && !is_library(base) => {
                let item = self.item(base);
                Some(self.each_item(name, base, vec![item], args))
            }
            (Value::Regex(pattern), "test") => Some(match args.first() {
                Some(Value::Text(text)) => regex(pattern, text).map_or(Value::Unknown, Value::Bool),
                Some(other) => Value::Test(Rc::new(Test::About(vec![other.clone()]))),
                None => Value::Unknown,
            }),
            // A text that is made of others stays that, whatever is cut off.
            (
                Value::Template(_) | Value::Test(_),
                "toLowerCase" | "toUpperCase" | "trim" | "slice" | "substring" | "replace" | "replaceAll"
                | "toString" | "padStart" | "padEnd" | "normalize" | "split" | "join" | "concat",
            ) => Some(base.clone()),
            (Value::Object(_), "hasOwnProperty") => Some(Value::Unknown),
            _ => None,
        }
    }

    /// `list.includes(x)`, `list.some(fn)` of what comes from elsewhere.
    fn about(&mut self, base: &Value<'c>, name: &str, args: &[Value<'c>]) -> Value<'c> {
        match (name, args.first()) {
            ("includes" | "has", Some(item)) => Value::Test(Rc::new(Test::In(base.clone(), item.clone()))),
            ("some" | "every" | "find", Some(Value::Function(closure))) => {
                let item = self.item(base);
                let closure = closure.clone();
                match name {
                    "find" => {
                        let found = self.element(base);
                        self.found_by(&closure, item, found)
                    }
                    _ => self.said_of(&closure, item),
                }
            }
            _ => {
                let mut values = vec![base.clone()];
                values.extend(args.iter().cloned());
                Value::Test(Rc::new(Test::About(values)))
            }
        }
    }

    /// What a function says of something. What it does is not done.
    fn said_of(&mut self, closure: &Rc<Closure<'c>>, item: Value<'c>) -> Value<'c> {
        let state = self.state.clone();
        let asked = self.enter(closure, vec![item], true);
        self.state = state;
        asked
    }

    /// `members.find((m) => m.userId === user.id)`: what is found is as it was asked for, and there may be none.
    fn found_by(&mut self, closure: &Rc<Closure<'c>>, item: Value<'c>, found: Value<'c>) -> Value<'c> {
        let asked = self.said_of(closure, item);
        let Some(state) = self.state.clone() else { return Value::Unknown };
        let known = state.facts.clone();
        let facts = self.refined(&asked, state, true).map(|state| state.facts.without(&known));
        Value::either((found, facts.unwrap_or_default()), (Value::Undefined, Facts::default()))
    }

    /// `promise.then(fn)`.
    fn later(
        &mut self,
        base: &Value<'c>,
        name: &str,
        args: &[Value<'c>],
        call: &'c Call,
    ) -> Option<Value<'c>> {
        let value = base.awaited();
        let facts = Self::common(&value);
        if let Some(state) = &mut self.state {
            state.facts.add_all(&facts);
        }
        let module = self.module();
        match name {
            "then" => {
                let before = self.state.clone();
                let given = match args.first() {
                    Some(function @ (Value::Function(_) | Value::Next(_) | Value::OneOf(_))) => {
                        self.awaits = true;
                        self.apply(function, vec![value], call, module)
                    }
                    _ => value,
                };
                let given = given.awaited();
                if let Some(Value::Function(closure)) = args.get(1) {
                    let after = self.state.take();
                    self.state = before;
                    let other = self.enter(closure, vec![Value::Caught], true);
                    self.state = join(after, self.state.take());
                    return Some(Value::either((given, Facts::default()), (other, Facts::default())));
                }
                Some(given)
            }
            "catch" => {
                let after = self.state.clone();
                let Some(Value::Function(closure)) = args.first() else { return Some(value) };
                // What was established before failing does not hold.
                if let Some(state) = &mut self.state {
                    state.facts = state.facts.without(&facts);
                }
                let other = self.enter(closure, vec![Value::Caught], true);
                let failed = self.state.take();
                self.state = after;
                let (mine, theirs) = match (&self.state, &failed) {
                    (Some(a), Some(b)) => {
                        let common = a.facts.both(&b.facts);
                        (a.facts.without(&common), b.facts.without(&common))
                    }
                    _ => Default::default(),
                };
                let alive = failed.is_some();
                self.state = join(self.state.take(), failed);
                Some(match alive {
                    true => Value::either((value, mine), (other, theirs)),
                    false => value,
                })
            }
            _ => {
                if let Some(Value::Function(closure)) = args.first() {
                    self.enter(closure, Vec::new(), true);
                }
                Some(value)
            }
        }
    }

    fn of_list(&mut self, base: &Value<'c>, name: &str, args: &[Value<'c>]) -> Value<'c> {
        let Value::List(items, whole) = base else { return Value::Unknown };
        match (name, args.first()) {
            ("includes" | "indexOf", Some(item)) => {
                Value::Test(Rc::new(Test::In(base.clone(), item.clone())))
            }
            ("find", Some(Value::Function(closure))) if (1..=MOST_ASKED).contains(&items.len()) => {
                let closure = closure.clone();
                let each = items
                    .iter()
                    .map(|item| (self.found_by(&closure, item.clone(), item.clone()), Facts::default()));
                Value::one_of(each.collect())
            }
            // What is in it was made of something, as each of them is.
            ("some", Some(Value::Function(closure))) if !*whole && items.len() == 1 => {
                let closure = closure.clone();
                self.said_of(&closure, items[0].clone())
            }
            ("some" | "every", Some(Value::Function(closure))) if *whole && items.len() <= 40 => {
                let mut answers = Vec::new();
                for item in items.iter() {
                    let state = self.state.clone();
                    answers.push(self.enter(closure, vec![item.clone()], true));
                    self.state = state;
                }
                let stops = name == "some";
                if answers.iter().any(|answer| answer.truth() == Some(stops)) {
                    return Value::Bool(stops);
                }
                if answers.iter().all(|answer| answer.truth() == Some(!stops)) {
                    return Value::Bool(!stops);
                }
                answers.retain(|answer| answer.truth().is_none());
                let join = |a: Value<'c>, b: Value<'c>| {
                    Value::Test(Rc::new(if stops { Test::Or(a, b) } else { Test::And(a, b) }))
                };
                answers.into_iter().reduce(join).unwrap_or(Value::Unknown)
            }
            (
                "map" | "forEach" | "filter" | "flatMap" | "reduce" | "find" | "some" | "every" | "sort",
                Some(Value::Function(_)),
            ) => {
                let given = match items.first() {
                    Some(_) => self.element(base),
                    None => Value::Unknown,
                };
                self.each_item(name, base, vec![given], args)
            }
            ("join", separator) => {
                let texts: Option<Vec<String>> = items
                    .iter()
                    .map(|item| match item {
                        Value::Text(text) => Some(text.to_string()),
                        _ => None,
                    })
                    .collect();
                match (texts, separator) {
                    (Some(texts), Some(Value::Text(by))) => Value::Text(texts.join(by).into()),
                    _ => Value::Template(Rc::new((vec!["".into(); items.len() + 1], items.to_vec()))),
                }
            }
            ("concat", _) => {
                let mut all = items.to_vec();
                for arg in args {
                    match arg {
                        Value::List(more, _) => all.extend(more.iter().cloned()),
                        other => all.push(other.clone()),
                    }
                }
                Value::List(Rc::new(all), *whole)
            }
            _ => Value::Unknown,
        }
    }

    /// A function that is called for each of a list, or for none.
    fn each_item(
        &mut self,
        name: &str,
        base: &Value<'c>,
        given: Vec<Value<'c>>,
        args: &[Value<'c>],
    ) -> Value<'c> {
        let before = self.state.clone();
        let mut one = Value::Unknown;
        if let Some(Value::Function(closure)) = args.first() {
            let given = match name {
                "reduce" => vec![args.get(1).cloned().unwrap_or(Value::Unknown), given[0].clone()],
                _ => given,
            };
            let item = given.last().cloned().unwrap_or(Value::Unknown);
            one = self.enter(closure, given, true);
            // What each becomes may not be known; what it is made of is.
            if !matches!(one, Value::Symbol(_) | Value::Object(_)) {
                one = Value::either((one, Facts::default()), (item, Facts::default()));
            }
        }
        self.state = join(before, self.state.take());
        match name {
            "map" | "flatMap" => Value::List(Rc::new(vec![one]), false),
            // Which of them are left can't be told.
            "filter" => match base {
                Value::List(items, _) => Value::List(items.clone(), false),
                _ => base.clone(),
            },
            "sort" => base.clone(),
            "find" => self.element(base),
            "some" | "every" => Value::Test(Rc::new(Test::About(vec![one]))),
            _ => Value::Unknown,
        }
    }
}

/// A method of the list that there is instead of one that is missing: `rows ?? []`. (One that stands alone may be filled.)
fn of_nothing<'c>(value: &Value<'c>, name: &str) -> Option<Value<'c>> {
    let is_empty = matches!(value, Value::List(items, true) if items.is_empty());
    match name {
        _ if !is_empty => None,
        "map" | "filter" | "flatMap" | "sort" | "slice" => Some(value.clone()),
        "find" | "at" | "pop" | "shift" => Some(Value::Undefined),
        "some" | "includes" => Some(Value::Bool(false)),
        "every" => Some(Value::Bool(true)),
        _ => None,
    }
}

/// A method of a text that is known.
fn of_text<'c>(base: &Value<'c>, name: &str, args: &[Value<'c>]) -> Option<Value<'c>> {
    let Value::Text(text) = base else { return None };
    let other = match args.first() {
        Some(Value::Text(other)) => Some(&**other),
        _ => None,
    };
    // A part of a path that differs from request to request is `[id]` or `:id`: what it is can't be told.
    let open = text.contains(['[', ':', '*']);
    Some(match (name, other) {
        ("startsWith", Some(other)) => match text.find(['[', ':', '*']) {
            Some(at) if other.len() > at => Value::Unknown,
            _ => Value::Bool(text.starts_with(other)),
        },
        ("endsWith", Some(other)) if !open => Value::Bool(text.ends_with(other)),
        ("includes", Some(other)) if text.contains(other) => Value::Bool(true),
        ("includes", Some(_)) if !open => Value::Bool(false),
        ("toLowerCase", _) => Value::Text(text.to_lowercase().into()),
        ("toUpperCase", _) => Value::Text(text.to_uppercase().into()),
        ("trim" | "toString" | "valueOf", _) => base.clone(),
        ("split", Some(by)) if !by.is_empty() => {
            let parts = text.split(by).map(|part| Value::Text(part.into())).collect();
            Value::List(Rc::new(parts), true)
        }
        ("match", _) => match args.first() {
            Some(Value::Regex(pattern)) if !open => regex(pattern, text).map_or(Value::Unknown, Value::Bool),
            _ => Value::Unknown,
        },
        ("replace" | "replaceAll" | "slice" | "substring" | "substr", _) if text.is_empty() => base.clone(),
        ("replace" | "replaceAll" | "slice" | "substring" | "concat" | "padStart", _) => Value::Unknown,
        _ => return None,
    })
}

/// How many regular expressions are kept ready.
const MOST_READY: usize = 256;

thread_local! {
    /// Those that were asked last: a middleware asks the same of every route. `None` is one that ours can't read.
    static READY: RefCell<HashMap<Name, Option<Regex>>> = RefCell::default();
}

/// Whether a regular expression of JavaScript meets a text, if ours can tell.
fn regex(pattern: &Name, text: &str) -> Option<bool> {
    let make = || RegexBuilder::new(&pattern.replace("\\/", "/")).size_limit(1 << 18).build().ok();
    READY.with_borrow_mut(|ready| {
        if ready.len() >= MOST_READY {
            ready.clear();
        }
        let regex = ready.entry(pattern.clone()).or_insert_with(make).as_ref()?;
        Some(regex.is_match(text))
    })
}
