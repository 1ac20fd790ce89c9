//! What holds at a place of a function, whichever way led there.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::code::Name;
use crate::meaning::symbols::{Proof, What};

/// Something that was established about a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// What the vocabulary says a guard tells, and what that is worth.
    Is(What, Proof),
    /// Who is calling is known, whichever way: an identity, a shared secret, a signature.
    Known,
    /// The caller has a right to it, whichever: it is theirs, or they have a role, a shared secret or a signature.
    Entitled,
    /// The caller may see it: they have a right to it, or it is marked as open to all.
    MaySee,
    /// Whoever is not let in gets a 401 or 403, and what decides that can't be told.
    Decided,
    /// An environment variable is set.
    Set(Name),
    /// It is so only where an environment variable has some value; which way the question was answered.
    When(Name, bool),
    /// There is a row for the secret that the request names: a link that only its receiver has.
    Link,
    /// A cookie, header or token was there. It says nothing about whose.
    Checked,
    /// A cookie or header is a text that stands in the code. It says nothing about whose.
    Compared,
    /// The request is what browsers ask before they make another: `OPTIONS`.
    Preflight,
    /// A row was given a secret that whoever calls did not choose: `user.resetToken = randomBytes(32)`.
    GaveSecret,
    /// The host that the request names is one of those that the code, or a setting, lists.
    Host,
    /// The caller has one of these roles or permissions, as the code writes them; sorted. Empty where
    /// it can't be told which.
    RoleIn(Rc<[Name]>),
    /// The caller has not this role.
    RoleNot(Name),
}

/// The guard that established a fact: an index into [`super::Trace::guards`].
pub type GuardId = u32;

/// A set of facts, each with the guard that established it first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts(Option<Rc<BTreeMap<Fact, Option<GuardId>>>>);

impl Facts {
    /// Whether one is there.
    pub fn has(&self, fact: &Fact) -> bool {
        self.0.as_ref().is_some_and(|map| map.contains_key(fact))
    }

    /// Whether this was established with certainty.
    pub fn verified(&self, what: What) -> bool {
        self.has(&Fact::Is(what, Proof::Verified))
    }

    /// Adds one.
    pub fn add(&mut self, fact: Fact, by: Option<GuardId>) {
        if let Fact::Is(What::Identity | What::Equal | What::Signature, Proof::Verified) = fact {
            let map = Rc::make_mut(self.0.get_or_insert_default());
            map.entry(Fact::Known).or_insert(by);
            // What is known is decided: where ways join, the less holds.
            map.entry(Fact::Decided).or_insert(None);
        }
        if let Fact::Is(What::Owner | What::Role | What::Equal | What::Signature, Proof::Verified) = fact {
            let map = Rc::make_mut(self.0.get_or_insert_default());
            map.entry(Fact::Entitled).or_insert(by);
            map.entry(Fact::MaySee).or_insert(by);
        }
        Rc::make_mut(self.0.get_or_insert_default()).entry(fact).or_insert(by);
    }

    /// Adds all of another set.
    pub fn add_all(&mut self, other: &Facts) {
        match (&self.0, &other.0) {
            (_, None) => {}
            (None, Some(_)) => *self = other.clone(),
            (Some(mine), Some(theirs)) if Rc::ptr_eq(mine, theirs) => {}
            _ => other.each().for_each(|(fact, by)| self.add(fact.clone(), by)),
        }
    }

    /// What holds both here and there.
    pub fn both(&self, other: &Facts) -> Facts {
        match (&self.0, &other.0) {
            (None, _) | (_, None) => Facts::default(),
            (Some(mine), Some(theirs)) if Rc::ptr_eq(mine, theirs) => self.clone(),
            (Some(mine), Some(theirs)) if mine == theirs => self.clone(),
            _ => {
                let mut kept: BTreeMap<_, _> =
                    self.each().filter(|(fact, _)| other.has(fact)).map(|(f, by)| (f.clone(), by)).collect();
                // Who has this role here and that one there has one of the two.
                for mine in self.roles().filter(|fact| !other.has(fact)) {
                    for theirs in other.roles().filter(|fact| !self.has(fact)) {
                        if let Some(fact) = mine.either_role(theirs) {
                            kept.insert(fact, None);
                        }
                    }
                }
                Facts((!kept.is_empty()).then(|| Rc::new(kept)))
            }
        }
    }

    /// What is known of roles, by name. A handful at most counts.
    pub fn roles(&self) -> impl Iterator<Item = &Fact> {
        let last = self.0.iter().flat_map(|map| map.keys().rev());
        last.take_while(|fact| matches!(fact, Fact::RoleIn(_) | Fact::RoleNot(_))).take(8)
    }

    /// What holds here and not there.
    pub fn without(&self, other: &Facts) -> Facts {
        match (&self.0, &other.0) {
            (None, _) => return Facts::default(),
            (Some(_), None) => return self.clone(),
            (Some(mine), Some(theirs)) if Rc::ptr_eq(mine, theirs) => return Facts::default(),
            _ => {}
        }
        let kept: BTreeMap<_, _> =
            self.each().filter(|(fact, _)| !other.has(fact)).map(|(f, by)| (f.clone(), by)).collect();
        Facts((!kept.is_empty()).then(|| Rc::new(kept)))
    }

    /// The environment variable on which it hangs.
    pub fn environment(&self) -> Option<Name> {
        self.each().find_map(|(fact, _)| match fact {
            Fact::When(name, _) => Some(name.clone()),
            _ => None,
        })
    }

    /// All of them, in a stable order.
    pub fn each(&self) -> impl Iterator<Item = (&Fact, Option<GuardId>)> {
        self.0.iter().flat_map(|map| map.iter().map(|(fact, by)| (fact, *by)))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|map| map.is_empty())
    }
}
