//! Functions and their parameters.

use oxc::ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, Decorator, Directive, FormalParameter, FormalParameters,
    TSType, TSTypeAnnotation, TSTypeName,
};
use oxc::span::{GetSpan, Span};

use super::Lower;
use super::pattern::Origin;
use crate::code::{Binding, Expr, Function, FunctionId, Name, Param, Stmt};

/// What goes on after a function that was in between.
pub(super) struct Outer {
    current: FunctionId,
    depth: u32,
}

impl Lower<'_> {
    /// Begins a function. Its number is taken now, so that functions are in the order of the file.
    pub(super) fn open(&mut self, name: &str, span: Span, is_async: bool) -> (FunctionId, Outer) {
        let id = FunctionId(u32::try_from(self.module.functions.len()).unwrap_or(u32::MAX));
        let function = Function {
            name: self.name(name),
            params: Vec::new(),
            body: Vec::new(),
            is_async,
            directives: Vec::new(),
            decorators: Vec::new(),
            within: Some(self.current),
            line: self.lines.line(span.start),
            end: self.lines.line(span.end.saturating_sub(1)),
        };
        self.module.functions.push(function);
        let outer = Outer { current: self.current, depth: self.depth };
        self.current = id;
        self.depth = 0;
        (id, outer)
    }

    /// Ends it.
    pub(super) fn close(
        &mut self,
        outer: &Outer,
        params: Vec<Param>,
        directives: Vec<Name>,
        body: Vec<Stmt>,
    ) {
        let function = &mut self.module.functions[self.current.0 as usize];
        function.params = params;
        function.directives = directives;
        function.body = body;
        self.current = outer.current;
        self.depth = outer.depth;
    }

    /// `function name() { … }`, as a declaration or a value, or what a method does.
    pub(super) fn function(
        &mut self,
        function: &oxc::ast::ast::Function<'_>,
        name: Option<&str>,
    ) -> FunctionId {
        let own = function.id.as_ref().map(|id| id.name.as_str());
        let (id, outer) = self.open(own.or(name).unwrap_or(""), function.span, function.r#async);
        if let Some(identifier) = &function.id {
            self.bind(identifier, Binding::Function(id));
        }
        let params = self.params(&function.params, id);
        let (directives, body) = match &function.body {
            Some(body) => (self.directives(&body.directives), self.statements(&body.statements)),
            None => (Vec::new(), Vec::new()),
        };
        self.close(&outer, params, directives, body);
        id
    }

    pub(super) fn arrow(&mut self, arrow: &ArrowFunctionExpression<'_>, name: Option<&str>) -> FunctionId {
        let (id, outer) = self.open(name.unwrap_or(""), arrow.span, arrow.r#async);
        let params = self.params(&arrow.params, id);
        let (directives, body) = match &arrow.body {
            ArrowFunctionBody::FunctionBody(body) => {
                (self.directives(&body.directives), self.statements(&body.statements))
            }
            value => {
                let line = self.lines.line(value.span().start);
                let value = value.as_expression().map(|value| self.expr(value));
                (Vec::new(), vec![Stmt::Return(value, line)])
            }
        };
        self.close(&outer, params, directives, body);
        id
    }

    fn params(&mut self, params: &FormalParameters<'_>, function: FunctionId) -> Vec<Param> {
        let mut lowered = Vec::with_capacity(params.items.len());
        for (place, param) in params.items.iter().enumerate() {
            lowered.push(self.param(param, function, u32::try_from(place).unwrap_or(u32::MAX)));
        }
        if let Some(rest) = &params.rest {
            let place = u32::try_from(params.items.len()).unwrap_or(u32::MAX);
            let (pattern, _) = self.binding(&rest.rest.argument, Origin::Param(function, place));
            let decorators = self.decorators(&rest.decorators);
            let type_name = self.type_name(rest.type_annotation.as_deref());
            lowered.push(Param { pattern, default: None, is_rest: true, decorators, type_name });
        }
        lowered
    }

    fn param(&mut self, param: &FormalParameter<'_>, function: FunctionId, place: u32) -> Param {
        let decorators = self.decorators(&param.decorators);
        let (pattern, default) = self.binding(&param.pattern, Origin::Param(function, place));
        let default = match &param.initializer {
            Some(value) => {
                let name = param.pattern.get_identifier_name();
                Some(self.named(value, name.as_ref().map(|name| name.as_str())))
            }
            None => default,
        };
        let type_name = self.type_name(param.type_annotation.as_deref());
        Param { pattern, default, is_rest: false, decorators, type_name }
    }

    pub(super) fn decorators(&mut self, decorators: &[Decorator<'_>]) -> Vec<Expr> {
        decorators.iter().map(|decorator| self.expr(&decorator.expression)).collect()
    }

    pub(super) fn directives(&mut self, directives: &[Directive<'_>]) -> Vec<Name> {
        directives.iter().map(|directive| self.name(directive.expression.value.as_str())).collect()
    }

    /// The name of a plain type: `Users`, `Prisma.User`, `Repository` of `Repository<User>`.
    pub(super) fn type_name(&mut self, annotation: Option<&TSTypeAnnotation<'_>>) -> Name {
        match annotation.map(|annotation| &annotation.type_annotation) {
            Some(TSType::TSTypeReference(reference)) => self.name_of_type(&reference.type_name),
            // The class itself: `typeof User`.
            Some(TSType::TSTypeQuery(query)) => {
                let span = query.span;
                let text = self.text;
                self.name(text.get(span.start as usize..span.end as usize).unwrap_or(""))
            }
            _ => self.name(""),
        }
    }

    /// As it is written.
    pub(super) fn name_of_type(&mut self, name: &TSTypeName<'_>) -> Name {
        let span = name.span();
        let text = self.text;
        self.name(text.get(span.start as usize..span.end as usize).unwrap_or(""))
    }

    /// `function name() { … }`: nothing to run. Overloads and `declare`d ones are types.
    pub(super) fn function_declaration(&mut self, function: &oxc::ast::ast::Function<'_>) {
        if function.body.is_some() && !function.declare {
            self.function(function, None);
        }
    }

    /// `class Name { … }`.
    pub(super) fn class_declaration(&mut self, class: &oxc::ast::ast::Class<'_>) {
        if !class.declare {
            self.class(class, None);
        }
    }
}
