//! What names have as values, at a place of a function.

use std::rc::Rc;

use super::value::Value;
use crate::code::{ModuleId, SymbolId};

/// A name: of which module, and which.
pub type Key = (ModuleId, SymbolId);

/// What names have as values. A function has few: they are kept in one piece, by name, which is shared until it changes.
#[derive(Debug, Clone, Default)]
pub struct Vars<'c>(Option<Rc<Vec<(Key, Value<'c>)>>>);

impl<'c> Vars<'c> {
    /// All of them, by name.
    pub fn all(&self) -> &[(Key, Value<'c>)] {
        self.0.as_ref().map_or(&[], |all| all.as_slice())
    }

    /// The value of a name.
    pub fn get(&self, key: &Key) -> Option<&Value<'c>> {
        let all = self.all();
        let at = all.binary_search_by(|(known, _)| known.cmp(key)).ok()?;
        all.get(at).map(|(_, value)| value)
    }

    /// Gives a name a value.
    pub fn set(&mut self, key: Key, value: Value<'c>) {
        let all = Rc::make_mut(self.0.get_or_insert_default());
        match all.binary_search_by(|(known, _)| known.cmp(&key)) {
            Ok(at) => all[at].1 = value,
            Err(at) => all.insert(at, (key, value)),
        }
    }

    /// Whether both are one.
    pub fn is(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all().is_empty()
    }

    /// Those of some names of a module, which are sorted.
    pub fn only(&self, module: ModuleId, names: &[SymbolId]) -> Self {
        let is_wanted = |(of, name): &Key| *of == module && names.binary_search(name).is_ok();
        let kept = self.all().iter().filter(|(key, _)| is_wanted(key)).count();
        if kept == self.all().len() {
            return self.clone();
        }
        let all = self.all().iter().filter(|(key, _)| is_wanted(key)).cloned();
        Self((kept > 0).then(|| Rc::new(all.collect())))
    }

    /// The same names, with the values that they have there, where they have one.
    pub fn as_in(&self, there: &Self) -> Self {
        match self.is(there) || self.is_empty() || there.is_empty() {
            true => self.clone(),
            false => both(self, there, |here, there| match (here, there) {
                (Some(here), there) => Some(there.unwrap_or(here).clone()),
                (None, _) => None,
            }),
        }
    }

    /// Of the names of `seen` that there are here those that have another value then, with that.
    pub fn changes(&self, seen: &Self, then: &Self) -> Self {
        if self.is(then) {
            return Self::default();
        }
        let changed = seen.all().iter().filter_map(|(key, _)| {
            let (before, now) = (self.get(key)?, then.get(key)?);
            (!now.same(before)).then(|| (*key, now.clone()))
        });
        let all: Vec<_> = changed.collect();
        Self((!all.is_empty()).then(|| Rc::new(all)))
    }

    /// Of some names of a module, which are sorted, those that have another value then, or that there are only then.
    pub fn changes_of(&self, module: ModuleId, names: &[SymbolId], then: &Self) -> Self {
        if self.is(then) {
            return Self::default();
        }
        let is_changed = |(key, now): &&(Key, Value<'c>)| {
            key.0 == module
                && names.binary_search(&key.1).is_ok()
                && self.get(key).is_none_or(|before| !now.same(before))
        };
        let all: Vec<_> = then.all().iter().filter(is_changed).cloned().collect();
        Self((!all.is_empty()).then(|| Rc::new(all)))
    }

    /// The same, with what other names, or the same, have as values there.
    pub fn with(&self, there: &Self) -> Self {
        let mut vars = self.clone();
        there.all().iter().for_each(|(key, value)| vars.set(*key, value.clone()));
        vars
    }
}

/// Goes through two at once, by name. What `pick` gives is kept.
pub(super) fn both<'c>(
    one: &Vars<'c>,
    other: &Vars<'c>,
    mut pick: impl FnMut(Option<&Value<'c>>, Option<&Value<'c>>) -> Option<Value<'c>>,
) -> Vars<'c> {
    let (mut mine, mut theirs) = (one.all().iter().peekable(), other.all().iter().peekable());
    let mut all = Vec::with_capacity(one.all().len().max(other.all().len()));
    while let Some(key) = mine.peek().into_iter().chain(theirs.peek()).map(|(key, _)| *key).min() {
        let a = mine.next_if(|(known, _)| *known == key).map(|(_, value)| value);
        let b = theirs.next_if(|(known, _)| *known == key).map(|(_, value)| value);
        all.extend(pick(a, b).map(|value| (key, value)));
    }
    Vars((!all.is_empty()).then(|| Rc::new(all)))
}
