//! A number that two values share if they are alike in everything that code can tell of them.

use std::cell::Cell;
use std::hash::{BuildHasher, Hash, Hasher};
use std::rc::Rc;

use super::facts::Facts;
use super::value::{Closure, Symbol, Test, Value};
use super::vars::Vars;
use crate::code::{Root, Step};
use crate::hash::{Folded, Keyed};

/// How many values may be within one.
const MOST_PARTS: u32 = 600;
/// How many functions may see each other, where what they see is what it is now.
const MOST_SEEN: u32 = 4;

/// The print of values, one after the other. 64 bits: that two that differ share one is not to be feared.
pub(super) struct Printer<'h, 'c> {
    key: Keyed,
    hasher: Folded,
    left: Cell<u32>,
    /// What names have as values where functions are called: those see that.
    here: Option<&'h Vars<'c>>,
    /// How many functions it is in now that see each other.
    seen: u32,
}

impl<'h, 'c> Printer<'h, 'c> {
    /// Nothing added yet. What is compared must have one key.
    pub(super) fn new(key: Keyed) -> Self {
        Self::with(key, MOST_PARTS)
    }

    /// The same, of what is called where names have these values.
    pub(super) fn at(key: Keyed, here: &'h Vars<'c>) -> Self {
        Self { here: Some(here), ..Self::new(key) }
    }

    fn with(key: Keyed, left: u32) -> Self {
        Self { key, hasher: key.build_hasher(), left: Cell::new(left), here: None, seen: 0 }
    }

    /// What was added so far.
    pub(super) fn print(&self) -> u64 {
        self.hasher.finish()
    }

    pub(super) fn plain(&mut self, part: impl Hash) {
        part.hash(&mut self.hasher);
    }

    pub(super) fn facts(&mut self, facts: &Facts) {
        for (fact, by) in facts.each() {
            self.plain((fact, by));
        }
        self.plain(u8::MAX);
    }

    /// Adds a value. `None`, if it has too many parts, or one that means something only in this request.
    pub(super) fn value(&mut self, value: &Value<'_>) -> Option<()> {
        self.left.set(self.left.get().checked_sub(1)?);
        std::mem::discriminant(value).hash(&mut self.hasher);
        match value {
            Value::Unknown | Value::Null | Value::Undefined | Value::Caught => {}
            Value::Text(text) | Value::Regex(text) => self.plain(text),
            Value::Number(number) => self.plain(number.to_bits()),
            Value::Bool(value) => self.plain(value),
            Value::Class(module, class) | Value::Instance(module, class) => self.plain((module, class)),
            Value::Template(parts) => {
                self.plain(&parts.0);
                self.values(&parts.1)?;
            }
            Value::Object(object) => {
                self.plain(object.entries.len());
                for (name, value) in &object.entries {
                    self.plain(name);
                    self.value(value)?;
                }
                self.values(&object.rest)?;
            }
            Value::List(items, whole) => {
                self.plain(whole);
                self.values(items)?;
            }
            Value::Function(closure) => self.closure(closure)?,
            Value::Symbol(symbol) => {
                let print = self.of_symbol(symbol)?;
                self.plain(print);
            }
            Value::OneOf(all) => {
                self.plain(all.len());
                for (value, facts) in all.iter() {
                    self.value(value)?;
                    self.facts(facts);
                }
            }
            Value::Promise(value) => self.value(value)?,
            Value::Test(test) => {
                std::mem::discriminant(&**test).hash(&mut self.hasher);
                match &**test {
                    Test::Not(a) => self.value(a)?,
                    Test::Equal(a, b) | Test::In(a, b) | Test::And(a, b) | Test::Or(a, b) => {
                        self.value(a)?;
                        self.value(b)?;
                    }
                    Test::About(values) => self.values(values)?,
                }
            }
            Value::Response(response) => {
                self.plain((response.status, response.passes, response.caught));
                for part in [&response.location, &response.body] {
                    self.plain(part.is_some());
                    if let Some(part) = part {
                        self.value(part)?;
                    }
                }
            }
            Value::Wrapped(wrapped) => {
                let print = self.of_symbol(&wrapped.by)?;
                self.plain(print);
                self.value(&wrapped.handler)?;
            }
            // What it goes on with is this request's.
            Value::Next(_) => return None,
        }
        Some(())
    }

    /// Adds a function, with what it sees of the names around it.
    pub(super) fn closure(&mut self, closure: &Closure<'_>) -> Option<()> {
        self.plain(closure.around.all().len());
        if self.here.is_some() && self.seen >= MOST_SEEN {
            return None;
        }
        self.seen += 1;
        for (name, made_with) in closure.around.all() {
            self.plain(name);
            match self.here.and_then(|here| here.get(name)) {
                Some(now) => self.value(now)?,
                None => self.value(made_with)?,
            }
        }
        self.seen -= 1;
        self.called(closure)
    }

    /// Adds a function without what it sees of the names around it.
    pub(super) fn called(&mut self, closure: &Closure<'_>) -> Option<()> {
        self.plain(closure.at);
        self.value(&closure.this)?;
        self.values(&closure.bound)
    }

    pub(super) fn values(&mut self, values: &[Value<'_>]) -> Option<()> {
        self.plain(values.len());
        values.iter().try_for_each(|value| self.value(value))
    }
}

impl Printer<'_, '_> {
    fn of_symbol(&self, symbol: &Rc<Symbol<'_>>) -> Option<u64> {
        if let Some(known) = symbol.print.get() {
            return known;
        }
        let mut printer = Printer::with(self.key, self.left.get());
        let print = printer.symbol(symbol).map(|()| printer.print());
        self.left.set(printer.left.get());
        symbol.print.set(Some(print));
        print
    }

    fn symbol(&mut self, symbol: &Symbol<'_>) -> Option<()> {
        self.plain((symbol.origin, symbol.acts));
        self.plain(&symbol.model);
        std::mem::discriminant(&symbol.denoted.root).hash(&mut self.hasher);
        match &symbol.denoted.root {
            Root::Package(name) | Root::Global(name) => self.plain(name),
            Root::Function(at) => self.plain(at),
            Root::Class(module, class) => self.plain((module, class)),
            Root::Param(module, function, at) => self.plain((module, function, at)),
            Root::Value(module, expr) => self.plain((module, std::ptr::from_ref(*expr))),
            Root::This | Root::Caught | Root::Unknown => {}
        }
        for (step, given) in symbol.denoted.path.iter().zip(&symbol.given) {
            match step {
                Step::Member(name) => self.plain(name),
                Step::Element => self.plain(1u8),
                // The same call is the same place of the code.
                Step::Call(module, call) => {
                    self.plain((module, std::ptr::from_ref(*call)));
                    self.values(given)?;
                }
            }
        }
        Some(())
    }
}
