//! Expressions.

use oxc::ast::ast::{
    Argument, AssignmentExpression, AssignmentOperator, AssignmentTarget, CallExpression, ChainElement,
    Expression, ImportExpression, MemberExpression, NewExpression, SimpleAssignmentTarget, UnaryExpression,
    UnaryOperator, UpdateExpression,
};
use oxc::span::GetSpan;

use super::Lower;
use super::literal::{constant_key, constant_text};
use crate::code::{Assign, Call, Expr, Member, Name, Property};

impl Lower<'_> {
    /// An expression.
    pub(super) fn expr(&mut self, expression: &Expression<'_>) -> Expr {
        self.named(expression, None)
    }

    /// An expression that is the value of a variable or property: functions and classes are called after it.
    pub(super) fn named(&mut self, expression: &Expression<'_>, name: Option<&str>) -> Expr {
        if !self.enter() {
            return Expr::Other(Vec::new());
        }
        let lowered = self.any(expression, name);
        self.leave();
        lowered
    }

    /// The arms only call, so that the frame stays small: this is where it recurses.
    fn any(&mut self, expression: &Expression<'_>, name: Option<&str>) -> Expr {
        match expression {
            Expression::BooleanLiteral(literal) => Expr::Bool(literal.value),
            Expression::NullLiteral(_) => Expr::Null,
            Expression::NumericLiteral(literal) => Expr::Number(literal.value),
            Expression::RegExpLiteral(literal) => Expr::Regex(self.name(literal.regex.pattern.text.as_str())),
            Expression::StringLiteral(literal) => Expr::Text(self.name(literal.value.as_str())),
            Expression::TemplateLiteral(template) => self.template(template),
            Expression::Identifier(identifier) => self.identifier(identifier),
            Expression::Super(_) => Expr::Super,
            Expression::ThisExpression(_) => Expr::This,
            Expression::ImportMeta(_) => Expr::Name(self.name("import.meta"), None),
            Expression::BigIntLiteral(_) | Expression::NewTarget(_) => Expr::Other(Vec::new()),
            Expression::ArrayExpression(list) => self.list(list),
            Expression::ObjectExpression(object) => self.object(object),
            Expression::ArrowFunctionExpression(arrow) => Expr::Function(self.arrow(arrow, name)),
            Expression::FunctionExpression(function) => Expr::Function(self.function(function, name)),
            Expression::ClassExpression(class) => Expr::Class(self.class(class, name)),
            Expression::AssignmentExpression(assignment) => self.assignment(assignment),
            Expression::UpdateExpression(update) => self.update(update),
            Expression::AwaitExpression(awaited) => Expr::Await(self.boxed(&awaited.argument)),
            Expression::BinaryExpression(_) | Expression::LogicalExpression(_) => self.operators(expression),
            Expression::UnaryExpression(unary) => self.unary(unary),
            Expression::ConditionalExpression(conditional) => {
                let parts = [&conditional.test, &conditional.consequent, &conditional.alternate];
                Expr::Conditional(Box::new(parts.map(|part| self.expr(part))))
            }
            Expression::CallExpression(call) => self.call(call),
            Expression::NewExpression(new) => self.new_instance(new),
            Expression::ChainExpression(chain) => self.chain(&chain.expression, name),
            Expression::ComputedMemberExpression(_)
            | Expression::StaticMemberExpression(_)
            | Expression::PrivateFieldExpression(_) => self.member(expression.to_member_expression()),
            Expression::ImportExpression(import) => self.import_expression(import),
            Expression::TaggedTemplateExpression(tagged) => {
                let callee = self.expr(&tagged.tag);
                let args = vec![self.template(&tagged.quasi)];
                self.called(callee, tagged.tag.span().start, args, false)
            }
            Expression::SequenceExpression(sequence) => {
                Expr::Other(sequence.expressions.iter().map(|part| self.expr(part)).collect())
            }
            Expression::YieldExpression(yielded) => {
                Expr::Other(yielded.argument.iter().map(|part| self.expr(part)).collect())
            }
            Expression::PrivateInExpression(private) => Expr::Other(vec![self.expr(&private.right)]),
            Expression::JSXElement(element) => self.element(element),
            Expression::JSXFragment(fragment) => self.fragment(fragment),
            Expression::ParenthesizedExpression(inner) => self.named(&inner.expression, name),
            Expression::TSAsExpression(inner) => self.named(&inner.expression, name),
            Expression::TSSatisfiesExpression(inner) => self.named(&inner.expression, name),
            Expression::TSTypeAssertion(inner) => self.named(&inner.expression, name),
            Expression::TSNonNullExpression(inner) => self.named(&inner.expression, name),
            Expression::TSInstantiationExpression(inner) => self.named(&inner.expression, name),
            Expression::V8IntrinsicExpression(intrinsic) => Expr::Other(self.args(&intrinsic.arguments)),
        }
    }

    fn boxed(&mut self, expression: &Expression<'_>) -> Box<Expr> {
        Box::new(self.expr(expression))
    }

    fn unary(&mut self, unary: &UnaryExpression<'_>) -> Expr {
        match (unary.operator, &unary.argument) {
            (UnaryOperator::UnaryNegation, Expression::NumericLiteral(number)) => Expr::Number(-number.value),
            (UnaryOperator::UnaryPlus, Expression::NumericLiteral(number)) => Expr::Number(number.value),
            (UnaryOperator::Void, Expression::NumericLiteral(_)) => Expr::Undefined,
            (UnaryOperator::LogicalNot, argument) => Expr::Not(self.boxed(argument)),
            (UnaryOperator::Typeof, argument) => Expr::TypeOf(self.boxed(argument)),
            (_, argument) => Expr::Other(vec![self.expr(argument)]),
        }
    }

    /// `i++` is `i += 1`.
    fn update(&mut self, update: &UpdateExpression<'_>) -> Expr {
        let target = self.simple_target(&update.argument);
        let line = self.lines.line(update.span.start);
        Expr::Assign(Box::new(Assign { target, value: Expr::Number(1.0), adds: true, line }))
    }

    fn assignment(&mut self, assignment: &AssignmentExpression<'_>) -> Expr {
        let name = match &assignment.left {
            AssignmentTarget::AssignmentTargetIdentifier(identifier) => Some(identifier.name.as_str()),
            AssignmentTarget::StaticMemberExpression(member) => Some(member.property.name.as_str()),
            _ => None,
        };
        let target = self.target(&assignment.left);
        let value = self.named(&assignment.right, name);
        let adds = assignment.operator != AssignmentOperator::Assign;
        let line = self.lines.line(assignment.span.start);
        Expr::Assign(Box::new(Assign { target, value, adds, line }))
    }

    /// What `++` counts up, as what is assigned to.
    fn simple_target(&mut self, target: &SimpleAssignmentTarget<'_>) -> crate::code::Pattern {
        match target {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(identifier) => {
                let named = self.identifier(identifier);
                super::pattern::place(named)
            }
            SimpleAssignmentTarget::ComputedMemberExpression(_)
            | SimpleAssignmentTarget::StaticMemberExpression(_)
            | SimpleAssignmentTarget::PrivateFieldExpression(_) => {
                let member = self.member(target.to_member_expression());
                super::pattern::place(member)
            }
            SimpleAssignmentTarget::TSAsExpression(inner) => {
                super::pattern::place(self.expr(&inner.expression))
            }
            SimpleAssignmentTarget::TSSatisfiesExpression(inner) => {
                super::pattern::place(self.expr(&inner.expression))
            }
            SimpleAssignmentTarget::TSNonNullExpression(inner) => {
                super::pattern::place(self.expr(&inner.expression))
            }
            SimpleAssignmentTarget::TSTypeAssertion(inner) => {
                super::pattern::place(self.expr(&inner.expression))
            }
        }
    }

    fn call(&mut self, call: &CallExpression<'_>) -> Expr {
        if let Some(specifier) = self.required(call) {
            let line = self.lines.line(call.span.start);
            self.loads(&specifier, line);
            return Expr::Import(specifier);
        }
        let callee = self.expr(&call.callee);
        let args = self.args(&call.arguments);
        self.called(callee, call.callee.span().start, args, false)
    }

    /// What `require("x")` asks for.
    pub(super) fn required(&mut self, call: &CallExpression<'_>) -> Option<Name> {
        let Expression::Identifier(callee) = &call.callee else { return None };
        let [argument] = call.arguments.as_slice() else { return None };
        if callee.name.as_str() != "require" || self.resolve(callee).is_some() {
            return None;
        }
        let specifier = constant_text(argument.as_expression()?)?;
        Some(self.name(specifier))
    }

    fn new_instance(&mut self, new: &NewExpression<'_>) -> Expr {
        let callee = self.expr(&new.callee);
        let args = self.args(&new.arguments);
        self.called(callee, new.callee.span().start, args, true)
    }

    fn called(&mut self, callee: Expr, start: u32, args: Vec<Expr>, is_new: bool) -> Expr {
        let line = match &callee {
            Expr::Member(member) => member.line,
            Expr::Call(call) => call.line,
            _ => self.lines.line(start),
        };
        Expr::Call(Box::new(Call { callee, args, is_new, line }))
    }

    fn args(&mut self, arguments: &[Argument<'_>]) -> Vec<Expr> {
        let mut args = Vec::with_capacity(arguments.len());
        for argument in arguments {
            args.push(match argument {
                Argument::SpreadElement(spread) => Expr::Spread(self.boxed(&spread.argument)),
                _ => argument.as_expression().map_or(Expr::Other(Vec::new()), |argument| self.expr(argument)),
            });
        }
        args
    }

    fn chain(&mut self, chain: &ChainElement<'_>, name: Option<&str>) -> Expr {
        match chain {
            ChainElement::CallExpression(call) => self.call(call),
            ChainElement::TSNonNullExpression(inner) => self.named(&inner.expression, name),
            ChainElement::ComputedMemberExpression(_)
            | ChainElement::StaticMemberExpression(_)
            | ChainElement::PrivateFieldExpression(_) => self.member(chain.to_member_expression()),
        }
    }

    /// `a.b`, `a["b"]`, `a[b]`, `a.#b`.
    pub(super) fn member(&mut self, member: &MemberExpression<'_>) -> Expr {
        let object = self.expr(member.object());
        let (property, start) = match member {
            MemberExpression::StaticMemberExpression(member) => {
                (Property::Named(self.name(member.property.name.as_str())), member.property.span.start)
            }
            MemberExpression::PrivateFieldExpression(member) => {
                (Property::Named(self.name(&format!("#{}", member.field.name))), member.field.span.start)
            }
            MemberExpression::ComputedMemberExpression(member) => {
                let property = match constant_key(&member.expression) {
                    Some(key) => Property::Named(self.name(&key)),
                    None => Property::Computed(self.expr(&member.expression)),
                };
                (property, member.expression.span().start)
            }
        };
        let (line, begins) = (self.lines.line(start), self.lines.line(member.object().span().start));
        Expr::Member(Box::new(Member { object, property, optional: member.optional(), line, begins }))
    }

    fn import_expression(&mut self, import: &ImportExpression<'_>) -> Expr {
        let line = self.lines.line(import.span.start);
        let Some(specifier) = constant_text(&import.source) else {
            let (callee, args) = (Expr::Name(self.name("import"), None), vec![self.expr(&import.source)]);
            return Expr::Call(Box::new(Call { callee, args, is_new: false, line }));
        };
        let specifier = self.name(specifier);
        self.loads(&specifier, line);
        Expr::Import(specifier)
    }
}
