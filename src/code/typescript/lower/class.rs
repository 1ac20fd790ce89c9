//! Classes.

use oxc::ast::ast::{
    AccessorProperty, ClassElement, FormalParameter, MethodDefinition, PropertyDefinition, PropertyKey,
    StaticBlock,
};
use oxc::span::GetSpan;

use super::Lower;
use crate::code::{Binding, Class, ClassId, Field, Method};

impl Lower<'_> {
    /// A class, as a declaration or a value.
    pub(super) fn class(&mut self, class: &oxc::ast::ast::Class<'_>, name: Option<&str>) -> ClassId {
        let id = ClassId(u32::try_from(self.module.classes.len()).unwrap_or(u32::MAX));
        let own = class.id.as_ref().map(|id| id.name.as_str());
        let mut lowered = Class {
            name: self.name(own.or(name).unwrap_or("")),
            extends: None,
            implements: Vec::new(),
            decorators: Vec::new(),
            methods: Vec::new(),
            fields: Vec::new(),
            line: self.lines.line(class.id.as_ref().map_or(class.span.start, |id| id.span.start)),
        };
        // The number is taken now, so that classes are in the order of the file.
        self.module.classes.push(lowered.clone());
        if let Some(identifier) = &class.id {
            self.bind(identifier, Binding::Class(id));
        }
        lowered.decorators = self.decorators(&class.decorators);
        lowered.extends = class.heritage.as_ref().map(|heritage| self.expr(&heritage.expression));
        lowered.implements = class.implements.iter().map(|of| self.name_of_type(&of.expression)).collect();
        for element in &class.body.body {
            match element {
                ClassElement::MethodDefinition(method) => self.method(method, &mut lowered),
                ClassElement::PropertyDefinition(field) => self.field(field, &mut lowered),
                ClassElement::AccessorProperty(field) => self.accessor(field, &mut lowered),
                ClassElement::StaticBlock(block) => self.static_block(block, &mut lowered),
                ClassElement::TSIndexSignature(_) => {}
            }
        }
        self.module.classes[id.0 as usize] = lowered;
        id
    }

    fn method(&mut self, method: &MethodDefinition<'_>, class: &mut Class) {
        self.run_key(&method.key, class);
        // An overload, or abstract.
        if method.value.body.is_none() {
            return;
        }
        let name = self.key(&method.key);
        let decorators = self.decorators(&method.decorators);
        let function = self.function(&method.value, Some(&name));
        let line = self.lines.line(method.key.span().start);
        let lowered = &mut self.module.functions[function.0 as usize];
        lowered.decorators = decorators;
        lowered.line = line;
        for param in &method.value.params.items {
            if param.accessibility.is_some() || param.readonly || param.r#override {
                self.parameter_property(param, class);
            }
        }
        class.methods.push(Method { name, function, is_static: method.r#static });
    }

    /// `constructor(private users: Users)` declares a field. Its decorators are on the parameter as well.
    fn parameter_property(&mut self, param: &FormalParameter<'_>, class: &mut Class) {
        let Some(name) = param.pattern.get_identifier_name() else { return };
        let name = self.name(name.as_str());
        let decorators = self.decorators(&param.decorators);
        let type_name = self.type_name(param.type_annotation.as_deref());
        let line = self.lines.line(param.pattern.span().start);
        class.fields.push(Field { name, value: None, decorators, type_name, line });
    }

    fn field(&mut self, field: &PropertyDefinition<'_>, class: &mut Class) {
        self.run_key(&field.key, class);
        if field.declare {
            return;
        }
        let name = self.key(&field.key);
        let decorators = self.decorators(&field.decorators);
        let value = field.value.as_ref().map(|value| self.named(value, Some(&name)));
        let type_name = self.type_name(field.type_annotation.as_deref());
        let line = self.lines.line(field.key.span().start);
        class.fields.push(Field { name, value, decorators, type_name, line });
    }

    fn accessor(&mut self, field: &AccessorProperty<'_>, class: &mut Class) {
        self.run_key(&field.key, class);
        let name = self.key(&field.key);
        let decorators = self.decorators(&field.decorators);
        let value = field.value.as_ref().map(|value| self.named(value, Some(&name)));
        let type_name = self.type_name(field.type_annotation.as_deref());
        let line = self.lines.line(field.key.span().start);
        class.fields.push(Field { name, value, decorators, type_name, line });
    }

    /// `static { … }` is a static method without a name.
    fn static_block(&mut self, block: &StaticBlock<'_>, class: &mut Class) {
        let (function, outer) = self.open("", block.span, false);
        let body = self.statements(&block.body);
        self.close(&outer, Vec::new(), Vec::new(), body);
        class.methods.push(Method { name: self.name(""), function, is_static: true });
    }

    /// A computed key that has to be run is a field without a name.
    fn run_key(&mut self, key: &PropertyKey<'_>, class: &mut Class) {
        let Some(value) = self.made_key(key) else { return };
        let line = self.lines.line(key.span().start);
        let (name, type_name) = (self.name(""), self.name(""));
        class.fields.push(Field { name, value: Some(value), decorators: Vec::new(), type_name, line });
    }
}
