//! What declarations, parameters and assignments bind.

use std::sync::Arc;

use oxc::ast::ast::{
    ArrayAssignmentTarget, ArrayPattern, AssignmentTarget, AssignmentTargetMaybeDefault,
    AssignmentTargetProperty, BindingIdentifier, BindingPattern, ObjectAssignmentTarget, ObjectPattern,
};

use super::{Lower, symbol_of};
use crate::code::{Binding, Expr, FunctionId, Name, Pattern, ValueId};

/// A part that is nested deeper than this is bound to [`Binding::Other`], so that many of them stay small.
const LONGEST_PATH: usize = 16;

/// What a pattern takes apart.
#[derive(Clone, Copy)]
pub(super) enum Origin {
    /// A parameter.
    Param(FunctionId, u32),
    /// What a `catch` caught.
    Caught(FunctionId),
    /// A variable's value.
    Value(FunctionId, Option<ValueId>),
    /// What a loop goes through.
    Loop,
}

/// One entry of an object pattern.
type Entry = (Name, Pattern, Option<Expr>);

impl Lower<'_> {
    /// A pattern with its default, with names bound to where they come from.
    pub(super) fn binding(
        &mut self,
        pattern: &BindingPattern<'_>,
        origin: Origin,
    ) -> (Pattern, Option<Expr>) {
        self.part(pattern, origin, &mut Vec::new())
    }

    fn part(
        &mut self,
        pattern: &BindingPattern<'_>,
        origin: Origin,
        path: &mut Vec<Name>,
    ) -> (Pattern, Option<Expr>) {
        if !self.enter() {
            return (Pattern::Other, None);
        }
        let bound = match pattern {
            BindingPattern::BindingIdentifier(identifier) => (self.bound(identifier, origin, path), None),
            BindingPattern::ObjectPattern(object) => (self.object_pattern(object, origin, path), None),
            BindingPattern::ArrayPattern(list) => (self.list_pattern(list, origin, path), None),
            BindingPattern::AssignmentPattern(assignment) => {
                let name = match &assignment.left {
                    BindingPattern::BindingIdentifier(identifier) => Some(identifier.name.as_str()),
                    _ => None,
                };
                let default = self.named(&assignment.right, name);
                (self.part(&assignment.left, origin, path).0, Some(default))
            }
        };
        self.leave();
        bound
    }

    fn bound(&mut self, identifier: &BindingIdentifier<'_>, origin: Origin, path: &[Name]) -> Pattern {
        let is = match origin {
            Origin::Param(function, place) => Binding::Param(function, place),
            Origin::Caught(function) => Binding::Caught(function),
            Origin::Value(function, Some(value)) if !path.is_empty() && path.len() <= LONGEST_PATH => {
                Binding::Part(function, path.to_vec(), value)
            }
            Origin::Value(function, value) if path.is_empty() => Binding::Variable(function, value),
            Origin::Value(..) | Origin::Loop => Binding::Other,
        };
        self.bind(identifier, is);
        symbol_of(identifier).map_or(Pattern::Other, Pattern::Name)
    }

    fn object_pattern(
        &mut self,
        object: &ObjectPattern<'_>,
        origin: Origin,
        path: &mut Vec<Name>,
    ) -> Pattern {
        let mut entries = Vec::with_capacity(object.properties.len());
        for property in &object.properties {
            let key = self.key(&property.key);
            let made = self.made_key(&property.key);
            let (pattern, default) = self.at(Arc::clone(&key), &property.value, origin, path);
            entries.push((key, pattern, with_key(made, default)));
        }
        if let Some(rest) = &object.rest {
            let star = self.name("*");
            let (pattern, _) = self.at(Arc::clone(&star), &rest.argument, origin, path);
            entries.push((star, pattern, None));
        }
        Pattern::Object(entries)
    }

    /// A part of what is taken apart. What has a computed key could be any part.
    fn at(
        &mut self,
        key: Name,
        value: &BindingPattern<'_>,
        origin: Origin,
        path: &mut Vec<Name>,
    ) -> (Pattern, Option<Expr>) {
        let origin =
            if key.is_empty() && matches!(origin, Origin::Value(..)) { Origin::Loop } else { origin };
        path.push(key);
        let part = self.part(value, origin, path);
        path.pop();
        part
    }

    fn list_pattern(&mut self, list: &ArrayPattern<'_>, origin: Origin, path: &mut Vec<Name>) -> Pattern {
        let mut entries: Vec<Option<Entry>> = Vec::with_capacity(list.elements.len());
        for (place, element) in list.elements.iter().enumerate() {
            let Some(element) = element else {
                entries.push(None);
                continue;
            };
            let key = self.name(&place.to_string());
            let (pattern, default) = self.at(Arc::clone(&key), element, origin, path);
            entries.push(Some((key, pattern, default)));
        }
        let rest = list.rest.as_ref().map(|rest| {
            let star = self.name("*");
            let (pattern, _) = self.at(Arc::clone(&star), &rest.argument, origin, path);
            (star, pattern, None)
        });
        list_of(entries, rest)
    }

    /// What is assigned to.
    pub(super) fn target(&mut self, target: &AssignmentTarget<'_>) -> Pattern {
        if !self.enter() {
            return Pattern::Other;
        }
        let pattern = match target {
            AssignmentTarget::AssignmentTargetIdentifier(identifier) => place(self.identifier(identifier)),
            AssignmentTarget::ArrayAssignmentTarget(list) => self.list_target(list),
            AssignmentTarget::ObjectAssignmentTarget(object) => self.object_target(object),
            AssignmentTarget::ComputedMemberExpression(_)
            | AssignmentTarget::StaticMemberExpression(_)
            | AssignmentTarget::PrivateFieldExpression(_) => {
                place(self.member(target.to_member_expression()))
            }
            AssignmentTarget::TSAsExpression(inner) => place(self.expr(&inner.expression)),
            AssignmentTarget::TSSatisfiesExpression(inner) => place(self.expr(&inner.expression)),
            AssignmentTarget::TSNonNullExpression(inner) => place(self.expr(&inner.expression)),
            AssignmentTarget::TSTypeAssertion(inner) => place(self.expr(&inner.expression)),
        };
        self.leave();
        pattern
    }

    fn list_target(&mut self, list: &ArrayAssignmentTarget<'_>) -> Pattern {
        let mut entries: Vec<Option<Entry>> = Vec::with_capacity(list.elements.len());
        for (place, element) in list.elements.iter().enumerate() {
            let Some(element) = element else {
                entries.push(None);
                continue;
            };
            let key = self.name(&place.to_string());
            let (pattern, default) = self.target_with_default(element);
            entries.push(Some((key, pattern, default)));
        }
        let rest = list.rest.as_ref().map(|rest| (self.name("*"), self.target(&rest.target), None));
        list_of(entries, rest)
    }

    fn object_target(&mut self, object: &ObjectAssignmentTarget<'_>) -> Pattern {
        let mut entries = Vec::with_capacity(object.properties.len());
        for property in &object.properties {
            entries.push(match property {
                AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(short) => {
                    let key = self.name(short.binding.name.as_str());
                    let pattern = place(self.identifier(&short.binding));
                    let default = short.init.as_ref().map(|default| self.named(default, Some(&key)));
                    (key, pattern, default)
                }
                AssignmentTargetProperty::AssignmentTargetPropertyProperty(property) => {
                    let key = self.key(&property.name);
                    let made = self.made_key(&property.name);
                    let (pattern, default) = self.target_with_default(&property.binding);
                    (key, pattern, with_key(made, default))
                }
            });
        }
        if let Some(rest) = &object.rest {
            entries.push((self.name("*"), self.target(&rest.target), None));
        }
        Pattern::Object(entries)
    }

    fn target_with_default(&mut self, target: &AssignmentTargetMaybeDefault<'_>) -> (Pattern, Option<Expr>) {
        match target {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(target) => {
                (self.target(&target.binding), Some(self.expr(&target.init)))
            }
            _ => (target.as_assignment_target().map_or(Pattern::Other, |target| self.target(target)), None),
        }
    }
}

/// A place that is assigned to: a name, if it is one of the module.
pub(super) fn place(expression: Expr) -> Pattern {
    match expression {
        Expr::Name(_, Some(symbol)) => Pattern::Name(symbol),
        other => Pattern::Place(Box::new(other)),
    }
}

/// A computed key is run before the default; both stand where the default does.
fn with_key(made: Option<Expr>, default: Option<Expr>) -> Option<Expr> {
    match made {
        Some(made) => Some(Expr::Other(std::iter::once(made).chain(default).collect())),
        None => default,
    }
}

/// `[a, , b]`. A list has no place for defaults and rests; with one of them it is the object with the same keys.
fn list_of(entries: Vec<Option<Entry>>, rest: Option<Entry>) -> Pattern {
    let is_plain = rest.is_none() && entries.iter().flatten().all(|(_, _, default)| default.is_none());
    if is_plain {
        return Pattern::List(
            entries.into_iter().map(|entry| entry.map(|(_, pattern, _)| pattern)).collect(),
        );
    }
    Pattern::Object(entries.into_iter().flatten().chain(rest).collect())
}
