//! Lists, objects and templates.

use std::borrow::Cow;

use oxc::ast::ast::{
    ArrayExpression, ArrayExpressionElement, Expression, ObjectExpression, ObjectProperty,
    ObjectPropertyKind, PropertyKey, PropertyKind, TemplateLiteral, UnaryOperator,
};

use super::Lower;
use crate::code::{Entry, Expr, Name};

/// Of a longer list or object, what is constant is left out from here on: data, not code.
const MOST_ENTRIES: usize = 1_000;
/// How deep it is looked whether something is constant.
const CONSTANT_DEPTH: u32 = 4;

impl Lower<'_> {
    pub(super) fn list(&mut self, list: &ArrayExpression<'_>) -> Expr {
        let mut items = Vec::with_capacity(list.elements.len().min(MOST_ENTRIES));
        for (place, element) in list.elements.iter().enumerate() {
            if place >= MOST_ENTRIES && is_constant_element(element, CONSTANT_DEPTH) {
                continue;
            }
            items.push(match element {
                ArrayExpressionElement::SpreadElement(spread) => {
                    Expr::Spread(Box::new(self.expr(&spread.argument)))
                }
                ArrayExpressionElement::Elision(_) => Expr::Undefined,
                _ => element.as_expression().map_or(Expr::Undefined, |element| self.expr(element)),
            });
        }
        Expr::List(items)
    }

    pub(super) fn object(&mut self, object: &ObjectExpression<'_>) -> Expr {
        let mut entries = Vec::with_capacity(object.properties.len().min(MOST_ENTRIES));
        for (place, property) in object.properties.iter().enumerate() {
            match property {
                ObjectPropertyKind::SpreadProperty(spread) => {
                    let value = self.expr(&spread.argument);
                    entries.push(Entry::Spread(value));
                }
                ObjectPropertyKind::ObjectProperty(property) => {
                    if place >= MOST_ENTRIES && is_constant(&property.value, CONSTANT_DEPTH) {
                        continue;
                    }
                    self.property(property, &mut entries);
                }
            }
        }
        Expr::Object(entries)
    }

    fn property(&mut self, property: &ObjectProperty<'_>, entries: &mut Vec<Entry>) {
        let name = self.key(&property.key);
        if let Some(made) = self.made_key(&property.key) {
            let nameless = self.name("");
            entries.push(Entry::Pair(nameless, made));
        }
        let value = self.named(&property.value, Some(&name));
        // What a getter gives is not the function.
        let value = if property.kind == PropertyKind::Init { value } else { Expr::Other(vec![value]) };
        entries.push(Entry::Pair(name, value));
    }

    /// The name of a key; `""` for a computed one.
    pub(super) fn key(&mut self, key: &PropertyKey<'_>) -> Name {
        match key {
            PropertyKey::StaticIdentifier(identifier) => self.name(identifier.name.as_str()),
            PropertyKey::PrivateIdentifier(identifier) => self.name(&format!("#{}", identifier.name)),
            _ => match key.as_expression().and_then(constant_key) {
                Some(text) => self.name(&text),
                None => self.name(""),
            },
        }
    }

    /// A computed key that has to be run, so that no call in it is lost.
    pub(super) fn made_key(&mut self, key: &PropertyKey<'_>) -> Option<Expr> {
        let key = key.as_expression()?;
        let is_plain = matches!(key, Expression::Identifier(_) | Expression::StaticMemberExpression(_));
        if is_plain || constant_key(key).is_some() {
            return None;
        }
        Some(self.expr(key))
    }

    pub(super) fn template(&mut self, template: &TemplateLiteral<'_>) -> Expr {
        let mut texts: Vec<Name> = Vec::with_capacity(template.quasis.len());
        for quasi in &template.quasis {
            let text = quasi.value.cooked.as_ref().unwrap_or(&quasi.value.raw);
            texts.push(self.name(text.as_str()));
        }
        match texts.as_slice() {
            [text] if template.expressions.is_empty() => Expr::Text(Name::clone(text)),
            _ => Expr::Template(texts, template.expressions.iter().map(|value| self.expr(value)).collect()),
        }
    }
}

/// A text that is written down.
pub(super) fn constant_text<'e>(expression: &'e Expression<'_>) -> Option<&'e str> {
    match expression {
        Expression::StringLiteral(literal) => Some(literal.value.as_str()),
        Expression::TemplateLiteral(template) => match template.quasis.as_slice() {
            [text] if template.expressions.is_empty() => text.value.cooked.as_ref().map(|text| text.as_str()),
            _ => None,
        },
        _ => None,
    }
}

/// A key that is written down. A number counts as its text.
pub(super) fn constant_key<'e>(expression: &'e Expression<'_>) -> Option<Cow<'e, str>> {
    match expression {
        Expression::NumericLiteral(number) => Some(Cow::Owned(number.value.to_string())),
        _ => constant_text(expression).map(Cow::Borrowed),
    }
}

fn is_constant_element(element: &ArrayExpressionElement<'_>, depth: u32) -> bool {
    match element {
        ArrayExpressionElement::Elision(_) => true,
        _ => element.as_expression().is_some_and(|element| is_constant(element, depth)),
    }
}

fn is_constant(expression: &Expression<'_>, depth: u32) -> bool {
    match expression {
        Expression::StringLiteral(_)
        | Expression::NumericLiteral(_)
        | Expression::BooleanLiteral(_)
        | Expression::NullLiteral(_)
        | Expression::BigIntLiteral(_)
        | Expression::RegExpLiteral(_) => true,
        Expression::TemplateLiteral(template) => template.expressions.is_empty(),
        Expression::UnaryExpression(unary) => {
            unary.operator == UnaryOperator::UnaryNegation
                && matches!(unary.argument, Expression::NumericLiteral(_))
        }
        Expression::ArrayExpression(list) if depth > 0 => {
            list.elements.iter().all(|element| is_constant_element(element, depth - 1))
        }
        Expression::ObjectExpression(object) if depth > 0 => {
            object.properties.iter().all(|property| match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    !property.computed && is_constant(&property.value, depth - 1)
                }
                ObjectPropertyKind::SpreadProperty(_) => false,
            })
        }
        _ => false,
    }
}
