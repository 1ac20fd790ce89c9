//! Going through statements and expressions, in the order in which they run: what a call is given comes before the call.
//! Both sides of a branch are gone through, and a body that may never run as well.
//!
//! Nothing goes deeper than [`DEEPEST`], whatever the code says.

use super::{Class, ClassId, Entry, Expr, Function, FunctionId, Module, Pattern, Property, Stmt};

/// How deep expressions and statements are followed into each other. People write code that is some 30 deep; the limit
/// keeps the stack of a thread whole.
pub const DEEPEST: u32 = 600;

/// Whether functions and classes that are written inside are gone through as well, where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inner {
    /// With them.
    Enter,
    /// Without: what runs when the statements run. What a class computes when it is made still is.
    Skip,
}

/// Visits every expression of a list of statements.
pub fn each_expr<'m>(module: &'m Module, body: &'m [Stmt], inner: Inner, visit: &mut dyn FnMut(&'m Expr)) {
    Walk { module, inner, visit, each: &mut |_| {}, deep: 0, classes: true, left: usize::MAX }
        .statements(body);
}

/// Visits every part of an expression, and then the expression.
pub fn each_part<'m>(module: &'m Module, expr: &'m Expr, inner: Inner, visit: &mut dyn FnMut(&'m Expr)) {
    Walk { module, inner, visit, each: &mut |_| {}, deep: 0, classes: true, left: usize::MAX }.expr(expr);
}

/// Visits every statement of a list, with those inside it: the outer before the inner. With [`Inner::Enter`], those of
/// functions inside as well.
pub fn each_stmt<'m>(module: &'m Module, body: &'m [Stmt], inner: Inner, visit: &mut dyn FnMut(&'m Stmt)) {
    Walk { module, inner, visit: &mut |_| {}, each: visit, deep: 0, classes: true, left: usize::MAX }
        .statements(body);
}

/// Visits at most `most` statements and expressions, with those of functions inside, and says whether that was all.
pub(super) fn at_most<'m>(
    module: &'m Module,
    body: &'m [Stmt],
    most: usize,
    visit: &mut dyn FnMut(&'m Expr),
    each: &mut dyn FnMut(&'m Stmt),
) -> bool {
    let mut walk = Walk { module, inner: Inner::Enter, visit, each, deep: 0, classes: true, left: most };
    walk.statements(body);
    walk.left > 0
}

/// Visits what a function has in its parameters and in its body, without the functions inside.
pub(super) fn each_of_function<'m>(
    module: &'m Module,
    function: &'m Function,
    visit: &mut dyn FnMut(&'m Expr),
    each: &mut dyn FnMut(&'m Stmt),
) {
    let mut walk = Walk { module, inner: Inner::Skip, visit, each, deep: 0, classes: true, left: usize::MAX };
    walk.outside_of_body(function);
    walk.statements(&function.body);
}

/// Visits statements and what is in them, without the functions inside.
pub(super) fn each_of<'m>(
    module: &'m Module,
    body: &'m [Stmt],
    visit: &mut dyn FnMut(&'m Expr),
    each: &mut dyn FnMut(&'m Stmt),
) {
    Walk { module, inner: Inner::Skip, visit, each, deep: 0, classes: true, left: usize::MAX }
        .statements(body);
}

/// Visits everything in a module: all that runs, all functions, and what classes are made of. Each expression once: what
/// is exported is run as well, or is a name.
pub fn everything<'m>(module: &'m Module, visit: &mut dyn FnMut(&'m Expr)) {
    let mut walk = Walk {
        module,
        inner: Inner::Skip,
        visit,
        each: &mut |_| {},
        deep: 0,
        classes: false,
        left: usize::MAX,
    };
    for function in &module.functions {
        walk.outside_of_body(function);
        walk.statements(&function.body);
    }
    for class in &module.classes {
        walk.made_with(class);
        class.fields.iter().filter_map(|field| field.value.as_ref()).for_each(|value| walk.expr(value));
    }
}

/// Visits the parts of an expression, in the order in which they run, and not the parts of those. Functions and classes
/// have none.
pub fn parts<'m>(expr: &'m Expr, visit: &mut dyn FnMut(&'m Expr)) {
    match expr {
        Expr::Member(member) => {
            visit(&member.object);
            if let Property::Computed(key) = &member.property {
                visit(key);
            }
        }
        Expr::Call(call) => {
            visit(&call.callee);
            call.args.iter().for_each(visit);
        }
        Expr::Await(part) | Expr::Spread(part) | Expr::Not(part) | Expr::TypeOf(part) => visit(part),
        Expr::Object(entries) => {
            for entry in entries {
                let (Entry::Pair(_, value) | Entry::Spread(value)) = entry;
                visit(value);
            }
        }
        Expr::List(items) | Expr::Other(items) | Expr::Template(_, items) => items.iter().for_each(visit),
        Expr::Binary(_, sides) | Expr::Logical(_, sides) => sides.iter().for_each(visit),
        Expr::Conditional(sides) => sides.iter().for_each(visit),
        Expr::Assign(assign) => {
            pattern_parts(&assign.target, 0, visit);
            visit(&assign.value);
        }
        Expr::Markup(markup) => {
            markup.attributes.iter().map(|(_, value)| value).chain(&markup.children).for_each(visit);
        }
        Expr::Name(..)
        | Expr::This
        | Expr::Super
        | Expr::Function(_)
        | Expr::Class(_)
        | Expr::Text(_)
        | Expr::Number(_)
        | Expr::Bool(_)
        | Expr::Null
        | Expr::Undefined
        | Expr::Regex(_)
        | Expr::Import(_) => {}
    }
}

/// The expressions in a pattern: defaults and places.
fn pattern_parts<'m>(pattern: &'m Pattern, deep: u32, visit: &mut dyn FnMut(&'m Expr)) {
    if deep > DEEPEST {
        return;
    }
    match pattern {
        Pattern::Object(entries) => {
            for (_, inner, default) in entries {
                default.iter().for_each(&mut *visit);
                pattern_parts(inner, deep + 1, visit);
            }
        }
        Pattern::List(items) => {
            items.iter().flatten().for_each(|inner| pattern_parts(inner, deep + 1, visit));
        }
        Pattern::Place(place) => visit(place),
        Pattern::Name(_) | Pattern::Other => {}
    }
}

struct Walk<'m, 'v> {
    module: &'m Module,
    inner: Inner,
    visit: &'v mut dyn FnMut(&'m Expr),
    each: &'v mut dyn FnMut(&'m Stmt),
    deep: u32,
    /// Whether a class is gone through where it stands.
    classes: bool,
    /// How many statements and expressions may still be visited.
    left: usize,
}

impl<'m> Walk<'m, '_> {
    fn statements(&mut self, body: &'m [Stmt]) {
        if self.deep >= DEEPEST {
            return;
        }
        self.deep += 1;
        body.iter().for_each(|stmt| self.stmt(stmt));
        self.deep -= 1;
    }

    fn stmt(&mut self, stmt: &'m Stmt) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        (self.each)(stmt);
        match stmt {
            Stmt::Let(pattern, value) => {
                if let Some(value) = value.and_then(|id| self.module.values.get(id.0 as usize)) {
                    self.expr(value);
                }
                self.pattern(pattern);
            }
            Stmt::Expr(expr) | Stmt::Return(Some(expr), _) | Stmt::Throw(expr, _) => self.expr(expr),
            Stmt::If { test, then, otherwise, .. } => {
                self.expr(test);
                self.statements(then);
                self.statements(otherwise);
            }
            Stmt::Try { body, caught, handler, finally, .. } => {
                self.statements(body);
                caught.iter().for_each(|pattern| self.pattern(pattern));
                handler.iter().for_each(|handler| self.statements(handler));
                self.statements(finally);
            }
            Stmt::Loop { head, each, body } => {
                head.iter().for_each(|expr| self.expr(expr));
                each.iter().for_each(|pattern| self.pattern(pattern));
                self.statements(body);
            }
            Stmt::Switch { on, cases, .. } => {
                self.expr(on);
                for (with, body) in cases {
                    with.iter().for_each(|with| self.expr(with));
                    self.statements(body);
                }
            }
            Stmt::Block(body) => self.statements(body),
            Stmt::Return(None, _) | Stmt::Break | Stmt::Continue => {}
        }
    }

    fn pattern(&mut self, pattern: &'m Pattern) {
        pattern_parts(pattern, 0, &mut |expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &'m Expr) {
        if self.deep >= DEEPEST || self.left == 0 {
            return;
        }
        self.left -= 1;
        self.deep += 1;
        match expr {
            Expr::Function(id) => self.function(*id),
            Expr::Class(id) if self.classes => self.class(*id),
            _ => parts(expr, &mut |part| self.expr(part)),
        }
        self.deep -= 1;
        (self.visit)(expr);
    }

    fn function(&mut self, id: FunctionId) {
        if self.inner == Inner::Skip {
            return;
        }
        if let Some(function) = self.module.functions.get(id.0 as usize) {
            self.outside_of_body(function);
            self.statements(&function.body);
        }
    }

    /// What of a function isn't its body: what stands in its parameters, and before it.
    fn outside_of_body(&mut self, function: &'m Function) {
        function.decorators.iter().for_each(|decorator| self.expr(decorator));
        for param in &function.params {
            param.decorators.iter().chain(&param.default).for_each(|expr| self.expr(expr));
            self.pattern(&param.pattern);
        }
    }

    fn class(&mut self, id: ClassId) {
        let Some(class) = self.module.classes.get(id.0 as usize) else { return };
        self.made_with(class);
        if self.inner == Inner::Enter {
            class.methods.iter().for_each(|method| self.function(method.function));
            class.fields.iter().filter_map(|field| field.value.as_ref()).for_each(|value| self.expr(value));
        }
    }

    /// What runs when the class itself is made.
    fn made_with(&mut self, class: &'m Class) {
        class.extends.iter().chain(&class.decorators).for_each(|expr| self.expr(expr));
        class.fields.iter().flat_map(|field| &field.decorators).for_each(|expr| self.expr(expr));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::parse;

    /// The texts in some code, in the order in which they are visited.
    fn texts(code: &str, inner: Inner) -> String {
        let module = parse("a.ts", code);
        assert_eq!(module.broken, None);
        let mut found = Vec::new();
        each_expr(&module, &module.functions[0].body, inner, &mut |expr| {
            if let Expr::Text(text) = expr {
                found.push(text.to_string());
            }
        });
        found.join(" ")
    }

    #[test]
    fn what_runs_first_is_visited_first() {
        let code = r#"
            const x = f("1", g("2")).h("3");
            if (a("4")) { b("5"); } else { c("6"); }
            for (const y of d("7")) { e("8"); }
            try { i("9"); } catch { j("10"); } finally { k("11"); }
            const { z = "13" } = l("12");
            switch (m("14")) { case n("15"): o("16"); break; default: p("17"); }
            q["18"] = r("19"); s[t("20")] = `${u("21")}`;
        "#;
        let expected = (1..=21).filter(|n| *n != 18).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(texts(code, Inner::Skip), expected);
    }

    #[test]
    fn functions_inside_are_entered_only_where_that_is_asked_for() {
        let code = r#"
            use("1", () => use("2"));
            const K = class extends made("3") { field = "4"; method(x = "5") { use("6"); } };
            use("7");
        "#;
        assert_eq!(texts(code, Inner::Skip), "1 3 7");
        assert_eq!(texts(code, Inner::Enter), "1 2 3 5 6 4 7");
    }

    #[test]
    fn everything_is_visited_once() {
        let code = r#"
            export default { a: "1", f() { use("2"); } };
            class K extends made("3") { @mark("4") field = "5"; @mark("6") method(x = "7") { use(class { y = "8"; }); } }
            function declared() { return () => "9"; }
        "#;
        let module = parse("a.ts", code);
        let mut found = Vec::new();
        everything(&module, &mut |expr| {
            if let Expr::Text(text) = expr {
                found.push(text.to_string());
            }
        });
        found.sort();
        assert_eq!(found, ["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    }

    #[test]
    fn a_limit_is_kept() {
        let module = parse("a.ts", &"f(1);".repeat(100));
        let body = &module.functions[0].body;
        let mut visited = 0;
        assert!(!at_most(&module, body, 50, &mut |_| visited += 1, &mut |_| {}));
        assert!(visited <= 50);
        assert!(at_most(&module, body, 1000, &mut |_| {}, &mut |_| {}));
    }
}
