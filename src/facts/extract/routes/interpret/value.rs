//! What an expression comes to when the code that declares routes is run in the mind.
//!
//! Everything that can be long or refer to itself is an index into [`super::Run`], so that a value is small and
//! dropping one never recurses.

use std::rc::Rc;

use super::super::tree::NodeId;
use crate::code::{ClassId, Expr, FunctionAt, ModuleId, Name};

/// An expression and the module that it stands in.
pub type Source<'c> = (ModuleId, &'c Expr);

/// A value, and the expression that says best where it comes from: what was written down or called, not the
/// parameter through which it came.
#[derive(Debug, Clone)]
pub struct Value<'c> {
    /// What it is.
    pub is: Is,
    /// Where it is written.
    pub from: Option<Source<'c>>,
    /// The call that gave it, if that was given functions: `wrap(handler)`, also where the result has a name.
    pub made: Option<Source<'c>>,
}

/// What a value is.
#[derive(Debug, Clone)]
pub enum Is {
    /// It can't be told.
    Unknown,
    /// A text. What can't be told of it is `{?}`.
    Text(Name),
    /// `true`, `false`.
    Bool(bool),
    /// A regular expression.
    Regex(Name),
    /// An app, a router, a procedure: whatever the framework makes.
    Node(NodeId),
    /// A function of the repository.
    Function(Closure),
    /// A class of the repository.
    Class(ModuleId, ClassId),
    /// An object or an instance: an index into the run's objects.
    Object(usize),
    /// A list: an index into the run's lists.
    List(usize),
    /// A module as a whole.
    Module(ModuleId),
    /// Something of a package: an index into the run's libraries.
    Library(usize),
    /// A name that nothing binds.
    Global(Name),
    /// A method that is not called yet.
    Method(Rc<(Is, Name)>),
}

/// A function, where it was made, and its `this`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closure {
    /// The function.
    pub at: FunctionAt,
    /// The frame that it was made in.
    pub frame: usize,
    /// The object whose method it is.
    pub this: Option<usize>,
}

/// Something of a package: `import { a } from "p"` and what was done with it.
#[derive(Debug, Clone)]
pub struct Library<'c> {
    /// The package.
    pub package: Name,
    /// What was done with it, in order.
    pub steps: Vec<LibraryStep<'c>>,
}

/// What was done with something of a package.
#[derive(Debug, Clone)]
pub enum LibraryStep<'c> {
    /// `.name`; for an import the name of the export.
    Member(Name),
    /// It was called with these.
    Call(Vec<Value<'c>>),
}

/// An object literal or an instance.
#[derive(Debug, Clone, Default)]
pub struct Object<'c> {
    /// The class that it is an instance of.
    pub class: Option<(ModuleId, ClassId)>,
    /// What the library class that its own extends makes.
    pub base: Option<NodeId>,
    /// Fields in order.
    pub fields: Vec<(Name, Value<'c>)>,
}

impl<'c> Value<'c> {
    /// A value that comes from nowhere in particular.
    pub fn of(is: Is) -> Value<'c> {
        Value { is, from: None, made: None }
    }

    /// A value that is written there.
    pub fn at(is: Is, from: Source<'c>) -> Value<'c> {
        Value { is, from: Some(from), made: None }
    }

    /// Nothing is known.
    pub fn unknown() -> Value<'c> {
        Value::of(Is::Unknown)
    }

    /// Its text, if it is one.
    pub fn text(&self) -> Option<&Name> {
        match &self.is {
            Is::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The node that it is.
    pub fn node(&self) -> Option<NodeId> {
        match self.is {
            Is::Node(node) => Some(node),
            _ => None,
        }
    }

    /// The same value, said to come from `from` if nothing better is known.
    pub fn or_from(mut self, from: Source<'c>) -> Value<'c> {
        self.from.get_or_insert(from);
        self
    }
}

impl<'c> Library<'c> {
    /// The members alone, if it was called exactly at its end: `default` and `Router` of `express.Router()`.
    pub fn made_by(&self) -> Option<(Vec<&str>, &[Value<'c>])> {
        let (LibraryStep::Call(args), before) = self.steps.split_last()? else { return None };
        let members = members(before)?;
        Some((members, args))
    }

    /// The members, if it was never called.
    pub fn members(&self) -> Option<Vec<&str>> {
        members(&self.steps)
    }
}

fn members<'a>(steps: &'a [LibraryStep<'_>]) -> Option<Vec<&'a str>> {
    steps
        .iter()
        .map(|step| match step {
            LibraryStep::Member(name) => Some(name.as_ref()),
            LibraryStep::Call(_) => None,
        })
        .collect()
}
