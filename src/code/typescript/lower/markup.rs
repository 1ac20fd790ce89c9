//! JSX.

use std::sync::Arc;

use oxc::ast::ast::{
    Expression, IdentifierReference, JSXAttributeItem, JSXAttributeName, JSXAttributeValue, JSXChild,
    JSXElement, JSXElementName, JSXExpressionContainer, JSXFragment, JSXMemberExpression,
    JSXMemberExpressionObject,
};
use oxc::span::GetSpan;

use super::Lower;
use crate::code::{Expr, Markup, Name, SymbolId};

/// Whether an attribute is more than looks: of what is written in a page, class names and the lines of drawings are a third.
fn says_something(attribute: &&JSXAttributeItem<'_>) -> bool {
    let JSXAttributeItem::Attribute(attribute) = attribute else { return true };
    let JSXAttributeName::Identifier(name) = &attribute.name else { return true };
    !matches!(name.name.as_str(), "className" | "class" | "d")
}

impl Lower<'_> {
    pub(super) fn element(&mut self, element: &JSXElement<'_>) -> Expr {
        let opening = &element.opening_element;
        let (name, symbol) = self.element_name(&opening.name);
        let line = self.lines.line(opening.span.start);
        let mut attributes = Vec::with_capacity(opening.attributes.len());
        attributes.extend(opening.attributes.iter().filter(says_something).map(|it| self.attribute(it)));
        let children = self.children(&element.children);
        Expr::Markup(Box::new(Markup { name, symbol, attributes, children, line }))
    }

    pub(super) fn fragment(&mut self, fragment: &JSXFragment<'_>) -> Expr {
        let name = self.name("");
        let line = self.lines.line(fragment.span.start);
        let children = self.children(&fragment.children);
        Expr::Markup(Box::new(Markup { name, symbol: None, attributes: Vec::new(), children, line }))
    }

    /// As it is written, and what its first part is bound to.
    fn element_name(&mut self, name: &JSXElementName<'_>) -> (Name, Option<SymbolId>) {
        let span = name.span();
        let text = self.text;
        let written = self.name(text.get(span.start as usize..span.end as usize).unwrap_or(""));
        let first = match name {
            JSXElementName::IdentifierReference(identifier) => Some(&**identifier),
            JSXElementName::MemberExpression(member) => first_name(member),
            _ => None,
        };
        (written, first.and_then(|first| self.resolve(first)))
    }

    fn attribute(&mut self, attribute: &JSXAttributeItem<'_>) -> (Name, Expr) {
        match attribute {
            JSXAttributeItem::SpreadAttribute(spread) => (self.name(""), self.expr(&spread.argument)),
            JSXAttributeItem::Attribute(attribute) => {
                let name = match &attribute.name {
                    JSXAttributeName::Identifier(identifier) => self.name(identifier.name.as_str()),
                    JSXAttributeName::NamespacedName(of) => {
                        self.name(&format!("{}:{}", of.namespace.name, of.name.name))
                    }
                };
                let value = match &attribute.value {
                    None => Expr::Bool(true),
                    Some(JSXAttributeValue::StringLiteral(text)) => {
                        Expr::Text(self.name(text.value.as_str()))
                    }
                    Some(JSXAttributeValue::ExpressionContainer(inner)) => self.contained(inner, Some(&name)),
                    Some(JSXAttributeValue::Element(element)) => self.within(|lower| lower.element(element)),
                    Some(JSXAttributeValue::Fragment(fragment)) => {
                        self.within(|lower| lower.fragment(fragment))
                    }
                };
                (Arc::clone(&name), value)
            }
        }
    }

    fn contained(&mut self, container: &JSXExpressionContainer<'_>, name: Option<&str>) -> Expr {
        let inner = container.expression.as_expression();
        inner.map_or(Expr::Other(Vec::new()), |inner| self.named(inner, name))
    }

    fn children(&mut self, children: &[JSXChild<'_>]) -> Vec<Expr> {
        let mut lowered = Vec::new();
        for child in children {
            match child {
                JSXChild::Text(_) => {}
                JSXChild::Element(element) => lowered.push(self.within(|lower| lower.element(element))),
                JSXChild::Fragment(fragment) => lowered.push(self.within(|lower| lower.fragment(fragment))),
                JSXChild::Spread(spread) => {
                    lowered.push(Expr::Spread(Box::new(self.expr(&spread.expression))))
                }
                JSXChild::ExpressionContainer(container) => match container.expression.as_expression() {
                    // `{/* … */}` and `{" "}`.
                    None | Some(Expression::StringLiteral(_)) => {}
                    Some(inner) => lowered.push(self.expr(inner)),
                },
            }
        }
        lowered
    }

    /// One level down, where that is not an expression of its own in the tree.
    fn within(&mut self, lower: impl FnOnce(&mut Self) -> Expr) -> Expr {
        if !self.enter() {
            return Expr::Other(Vec::new());
        }
        let lowered = lower(self);
        self.leave();
        lowered
    }
}

/// `Dialog` of `Dialog.Root`.
fn first_name<'e, 'a>(member: &'e JSXMemberExpression<'a>) -> Option<&'e IdentifierReference<'a>> {
    let mut object = &member.object;
    loop {
        match object {
            JSXMemberExpressionObject::IdentifierReference(identifier) => return Some(identifier),
            JSXMemberExpressionObject::MemberExpression(member) => object = &member.object,
            JSXMemberExpressionObject::ThisExpression(_) => return None,
        }
    }
}
