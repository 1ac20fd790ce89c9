//! Statements and declarations.

use oxc::ast::ast::{
    BlockStatement, Declaration, DoWhileStatement, Expression, ForInStatement, ForOfStatement, ForStatement,
    ForStatementInit, ForStatementLeft, IfStatement, LabeledStatement, Statement, SwitchStatement,
    TSEnumDeclaration, TSEnumMemberName, TSNamespaceDeclaration, TSNamespaceDeclarationBody, TryStatement,
    VariableDeclaration, VariableDeclarator,
};

use super::pattern::Origin;
use super::{Lower, symbol_of};
use crate::code::{Binding, Entry, Expr, Name, Pattern, Stmt, ValueId};

impl Lower<'_> {
    /// Statements in order.
    pub(super) fn statements(&mut self, statements: &[Statement<'_>]) -> Vec<Stmt> {
        let mut lowered = Vec::with_capacity(statements.len());
        for statement in statements {
            self.statement(statement, &mut lowered);
        }
        lowered
    }

    /// What a branch or loop does, with or without braces.
    fn body(&mut self, statement: &Statement<'_>) -> Vec<Stmt> {
        match statement {
            Statement::BlockStatement(block) => self.block(block),
            _ => {
                let mut lowered = Vec::new();
                self.statement(statement, &mut lowered);
                lowered
            }
        }
    }

    fn block(&mut self, block: &BlockStatement<'_>) -> Vec<Stmt> {
        if !self.enter() {
            return Vec::new();
        }
        let lowered = self.statements(&block.body);
        self.leave();
        lowered
    }

    pub(super) fn statement(&mut self, statement: &Statement<'_>, out: &mut Vec<Stmt>) {
        if !self.enter() {
            return out.push(Stmt::Expr(Expr::Other(Vec::new())));
        }
        self.any_statement(statement, out);
        self.leave();
    }

    /// The arms only call, so that the frame stays small: this is where it recurses.
    fn any_statement(&mut self, statement: &Statement<'_>, out: &mut Vec<Stmt>) {
        match statement {
            Statement::EmptyStatement(_) | Statement::DebuggerStatement(_) => {}
            Statement::ExpressionStatement(statement) => self.run(&statement.expression, out),
            Statement::BlockStatement(block) => {
                let body = self.statements(&block.body);
                out.push(Stmt::Block(body));
            }
            Statement::BreakStatement(_) => out.push(Stmt::Break),
            Statement::ContinueStatement(_) => out.push(Stmt::Continue),
            Statement::ReturnStatement(statement) => {
                let value = statement.argument.as_ref().map(|value| self.expr(value));
                out.push(Stmt::Return(value, self.lines.line(statement.span.start)));
            }
            Statement::ThrowStatement(statement) => {
                let value = self.expr(&statement.argument);
                out.push(Stmt::Throw(value, self.lines.line(statement.span.start)));
            }
            Statement::IfStatement(statement) => self.branch(statement, out),
            Statement::SwitchStatement(statement) => self.switch(statement, out),
            Statement::TryStatement(statement) => self.attempt(statement, out),
            Statement::WhileStatement(statement) => {
                let head = vec![self.expr(&statement.test)];
                let body = self.body(&statement.body);
                out.push(Stmt::Loop { head, each: None, body });
            }
            Statement::DoWhileStatement(statement) => self.do_while(statement, out),
            Statement::ForStatement(statement) => self.counting(statement, out),
            Statement::ForOfStatement(statement) => self.each_of(statement, out),
            Statement::ForInStatement(statement) => self.each_in(statement, out),
            Statement::LabeledStatement(statement) => self.labeled(statement, out),
            Statement::WithStatement(statement) => {
                let object = self.expr(&statement.object);
                let body = self.body(&statement.body);
                out.extend([Stmt::Expr(object), Stmt::Block(body)]);
            }
            _ => {
                if let Some(declaration) = statement.as_declaration() {
                    self.declaration(declaration, out);
                } else if let Some(declaration) = statement.as_module_declaration() {
                    self.module_declaration(declaration, out);
                }
            }
        }
    }

    /// An expression for what it does. It may be an export of CommonJS.
    fn run(&mut self, expression: &Expression<'_>, out: &mut Vec<Stmt>) {
        let value = self.expr(expression);
        if let Expr::Assign(assign) = &value {
            self.common_export(assign);
        }
        out.push(Stmt::Expr(value));
    }

    fn branch(&mut self, statement: &IfStatement<'_>, out: &mut Vec<Stmt>) {
        let test = self.expr(&statement.test);
        let then = self.body(&statement.consequent);
        let otherwise = statement.alternate.as_ref().map(|other| self.body(other)).unwrap_or_default();
        out.push(Stmt::If { test, then, otherwise, line: self.lines.line(statement.span.start) });
    }

    fn switch(&mut self, statement: &SwitchStatement<'_>, out: &mut Vec<Stmt>) {
        let on = self.expr(&statement.discriminant);
        let mut cases = Vec::with_capacity(statement.cases.len());
        for case in &statement.cases {
            let test = case.test.as_ref().map(|test| self.expr(test));
            cases.push((test, self.statements(&case.consequent)));
        }
        out.push(Stmt::Switch { on, cases, line: self.lines.line(statement.span.start) });
    }

    fn attempt(&mut self, statement: &TryStatement<'_>, out: &mut Vec<Stmt>) {
        let body = self.block(&statement.block);
        let mut caught = None;
        let handler = statement.handler.as_ref().map(|handler| {
            let origin = Origin::Caught(self.current);
            caught = handler.param.as_ref().map(|param| self.binding(&param.pattern, origin).0);
            self.block(&handler.body)
        });
        let finally = statement.finalizer.as_ref().map(|block| self.block(block)).unwrap_or_default();
        let start = statement.handler.as_ref().map_or(statement.span.start, |handler| handler.span.start);
        out.push(Stmt::Try { body, caught, handler, finally, line: self.lines.line(start) });
    }

    /// The test comes after the body, which runs at least once; the model says so of no loop.
    fn do_while(&mut self, statement: &DoWhileStatement<'_>, out: &mut Vec<Stmt>) {
        let body = self.body(&statement.body);
        let head = vec![self.expr(&statement.test)];
        out.push(Stmt::Loop { head, each: None, body });
    }

    /// `for (init; test; update) body` is `{ init; while (test) { body; update } }`.
    fn counting(&mut self, statement: &ForStatement<'_>, out: &mut Vec<Stmt>) {
        let mut all = Vec::new();
        match &statement.init {
            Some(ForStatementInit::VariableDeclaration(variables)) => self.variables(variables, &mut all),
            Some(init) => all.extend(init.as_expression().map(|init| Stmt::Expr(self.expr(init)))),
            None => {}
        }
        let head = statement.test.iter().map(|test| self.expr(test)).collect();
        let mut body = self.body(&statement.body);
        body.extend(statement.update.as_ref().map(|update| Stmt::Expr(self.expr(update))));
        let repeated = Stmt::Loop { head, each: None, body };
        if all.is_empty() {
            out.push(repeated);
        } else {
            all.push(repeated);
            out.push(Stmt::Block(all));
        }
    }

    fn each_of(&mut self, statement: &ForOfStatement<'_>, out: &mut Vec<Stmt>) {
        let over = self.expr(&statement.right);
        let head = vec![if statement.r#await { Expr::Await(Box::new(over)) } else { over }];
        let each = self.each(&statement.left);
        let body = self.body(&statement.body);
        out.push(Stmt::Loop { head, each, body });
    }

    fn each_in(&mut self, statement: &ForInStatement<'_>, out: &mut Vec<Stmt>) {
        let head = vec![self.expr(&statement.right)];
        let each = self.each(&statement.left);
        let body = self.body(&statement.body);
        out.push(Stmt::Loop { head, each, body });
    }

    fn each(&mut self, left: &ForStatementLeft<'_>) -> Option<Pattern> {
        match left {
            ForStatementLeft::VariableDeclaration(variables) => {
                let first = variables.declarations.first()?;
                Some(self.binding(&first.id, Origin::Loop).0)
            }
            _ => left.as_assignment_target().map(|target| self.target(target)),
        }
    }

    /// A labelled block can be left in the middle, like a loop.
    fn labeled(&mut self, statement: &LabeledStatement<'_>, out: &mut Vec<Stmt>) {
        match &statement.body {
            Statement::BlockStatement(block) => {
                let body = self.block(block);
                out.push(Stmt::Loop { head: Vec::new(), each: None, body });
            }
            body => self.statement(body, out),
        }
    }

    /// A declaration. Functions, classes and types are nothing to run.
    pub(super) fn declaration(&mut self, declaration: &Declaration<'_>, out: &mut Vec<Stmt>) {
        match declaration {
            Declaration::VariableDeclaration(variables) => self.variables(variables, out),
            Declaration::FunctionDeclaration(function) => self.function_declaration(function),
            Declaration::ClassDeclaration(class) => self.class_declaration(class),
            Declaration::TSEnumDeclaration(declaration) => self.enumeration(declaration, out),
            Declaration::TSNamespaceDeclaration(declaration) => self.namespace(declaration, out),
            Declaration::TSImportEqualsDeclaration(import) => self.import_equals(import, out),
            Declaration::TSTypeAliasDeclaration(_)
            | Declaration::TSInterfaceDeclaration(_)
            | Declaration::TSExternalModuleDeclaration(_)
            | Declaration::TSGlobalDeclaration(_) => {}
        }
    }

    fn variables(&mut self, variables: &VariableDeclaration<'_>, out: &mut Vec<Stmt>) {
        if variables.declare {
            return;
        }
        for declarator in &variables.declarations {
            let stmt = self.variable(declarator);
            out.push(stmt);
        }
    }

    fn variable(&mut self, declarator: &VariableDeclarator<'_>) -> Stmt {
        if let Some(stmt) = self.required_variable(declarator) {
            return stmt;
        }
        let name = declarator.id.get_identifier_name();
        let value =
            declarator.init.as_ref().map(|init| self.named(init, name.as_ref().map(|name| name.as_str())));
        let value = value.map(|value| self.value(value));
        let (pattern, _) = self.binding(&declarator.id, Origin::Value(self.current, value));
        Stmt::Let(pattern, value)
    }

    /// Keeps the value of a declaration.
    pub(super) fn value(&mut self, value: Expr) -> ValueId {
        self.module.values.push(value);
        ValueId(u32::try_from(self.module.values.len() - 1).unwrap_or(u32::MAX))
    }

    /// `enum Role { Admin = "admin" }` is the object that it is when it runs.
    fn enumeration(&mut self, declaration: &TSEnumDeclaration<'_>, out: &mut Vec<Stmt>) {
        if declaration.declare {
            return;
        }
        let mut entries = Vec::new();
        // What the next member is without a value: one more than the last, if that was a number.
        let mut next = Some(0.0);
        for member in &declaration.body.members {
            let name = match &member.id {
                TSEnumMemberName::Identifier(identifier) => identifier.name.as_str(),
                TSEnumMemberName::String(text) | TSEnumMemberName::ComputedString(text) => {
                    text.value.as_str()
                }
                TSEnumMemberName::ComputedTemplateString(template) => {
                    template.quasis.first().map_or("", |text| text.value.raw.as_str())
                }
            };
            let name = self.name(name);
            let value = match &member.initializer {
                Some(value) => self.expr(value),
                None => next.map_or(Expr::Other(Vec::new()), Expr::Number),
            };
            next = if let Expr::Number(number) = value { Some(number + 1.0) } else { None };
            entries.push(Entry::Pair(name, value));
        }
        let value = self.value(Expr::Object(entries));
        self.bind(&declaration.id, Binding::Variable(self.current, Some(value)));
        let pattern = symbol_of(&declaration.id).map_or(Pattern::Other, Pattern::Name);
        out.push(Stmt::Let(pattern, Some(value)));
    }

    /// What a namespace runs is a block; its exports are not followed.
    fn namespace(&mut self, declaration: &TSNamespaceDeclaration<'_>, out: &mut Vec<Stmt>) {
        if declaration.declare || !self.enter() {
            return;
        }
        match &declaration.body {
            TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => self.namespace(inner, out),
            TSNamespaceDeclarationBody::TSModuleBlock(block) => {
                let before = self.module.exports.len();
                let body = self.statements(&block.body);
                self.module.exports.truncate(before);
                if !body.is_empty() {
                    out.push(Stmt::Block(body));
                }
            }
        }
        self.leave();
    }

    /// `const x = require("y")` and `const { a } = require("y")` import. Anything more nested is a part of that value.
    fn required_variable(&mut self, declarator: &VariableDeclarator<'_>) -> Option<Stmt> {
        let mut init = declarator.init.as_ref()?;
        loop {
            init = match init {
                Expression::TSAsExpression(inner) => &inner.expression,
                Expression::TSNonNullExpression(inner) => &inner.expression,
                Expression::ParenthesizedExpression(inner) => &inner.expression,
                _ => break,
            };
        }
        let Expression::CallExpression(call) = init else { return None };
        let specifier = self.required(call)?;
        let line = self.lines.line(declarator.span.start);
        let value = self.value(Expr::Import(Name::clone(&specifier)));
        let (pattern, _) = self.binding(&declarator.id, Origin::Value(self.current, Some(value)));
        self.required_names(&pattern, &specifier, line);
        Some(Stmt::Let(pattern, Some(value)))
    }
}
