//! The model, printed briefly. Names that are bound have their symbol's number, functions are `f1`, classes `c0`.

use crate::code::{Assign, Binding, Entry, ExportOf, Expr, Module, Pattern, Property, Stmt};

/// The statements that the module runs.
pub(super) fn body(module: &Module) -> String {
    stmts(module, &module.functions[0].body)
}

/// The statements of a function with this name.
pub(super) fn function(module: &Module, name: &str) -> String {
    let found =
        module.functions.iter().find(|function| *function.name == *name).expect("there is such a function");
    let params: Vec<String> = found
        .params
        .iter()
        .map(|param| {
            let rest = if param.is_rest { "..." } else { "" };
            let decorators: String = param.decorators.iter().map(|d| format!("@{} ", expr(d))).collect();
            let of =
                if param.type_name.is_empty() { String::new() } else { format!(": {}", param.type_name) };
            let default = param.default.as_ref().map(|d| format!(" = {}", expr(d))).unwrap_or_default();
            format!("{decorators}{rest}{}{of}{default}", pattern(&param.pattern))
        })
        .collect();
    let is_async = if found.is_async { "async " } else { "" };
    format!("{is_async}({}) {{ {} }}", params.join(", "), stmts(module, &found.body))
}

/// `name <- specifier#name`, in order; `!` marks types.
pub(super) fn imports(module: &Module) -> String {
    let each = module.imports.iter().map(|import| {
        let local = import.symbol.map_or("_", |id| &*module.symbols[id.0 as usize].name);
        let types = if import.types_only { "!" } else { "" };
        format!("{types}{local} <- {}#{}", import.specifier, import.name)
    });
    each.collect::<Vec<_>>().join("; ")
}

/// `name = what`, in order; `!` marks types.
pub(super) fn exports(module: &Module) -> String {
    let each = module.exports.iter().map(|export| {
        let types = if export.types_only { "!" } else { "" };
        let of = match &export.of {
            ExportOf::Symbol(id) => format!("${}", module.symbols[id.0 as usize].name),
            ExportOf::Value(value) => expr(value),
            ExportOf::From { specifier, name } => format!("{specifier}#{name}"),
        };
        format!("{types}{} = {of}", export.name)
    });
    each.collect::<Vec<_>>().join("; ")
}

/// What a name is bound to: the last symbol that is called so.
pub(super) fn binding(module: &Module, name: &str) -> String {
    let symbol = module.symbols.iter().rfind(|symbol| *symbol.name == *name).expect("there is such a name");
    let value = |id: crate::code::ValueId| expr(&module.values[id.0 as usize]);
    let of = match &symbol.is {
        Binding::Import(index) => {
            let import = &module.imports[*index as usize];
            format!("import {}#{}", import.specifier, import.name)
        }
        Binding::Function(id) => format!("f{}", id.0),
        Binding::Class(id) => format!("c{}", id.0),
        Binding::Param(id, place) => format!("param {place} of f{}", id.0),
        Binding::Variable(id, of) => format!("f{} {}", id.0, of.map_or("-".to_owned(), value)),
        Binding::Part(id, path, of) => format!("f{} {} of {}", id.0, path.join("."), value(*of)),
        Binding::Caught(id) => format!("caught in f{}", id.0),
        Binding::Other => "other".to_owned(),
    };
    if symbol.reassigned { format!("{of}, reassigned") } else { of }
}

fn stmts(module: &Module, list: &[Stmt]) -> String {
    list.iter().map(|each| stmt(module, each)).collect::<Vec<_>>().join("; ")
}

fn stmt(module: &Module, of: &Stmt) -> String {
    let list = |of: &[Stmt]| stmts(module, of);
    match of {
        Stmt::Let(to, None) => format!("let {}", pattern(to)),
        Stmt::Let(to, Some(id)) => format!("let {} = {}", pattern(to), expr(&module.values[id.0 as usize])),
        Stmt::Expr(value) => expr(value),
        Stmt::If { test, then, otherwise, .. } => {
            format!("if {} {{{}}} else {{{}}}", expr(test), list(then), list(otherwise))
        }
        Stmt::Return(value, _) => format!("return {}", value.as_ref().map(expr).unwrap_or_default()),
        Stmt::Throw(value, _) => format!("throw {}", expr(value)),
        Stmt::Try { body, caught, handler, finally, .. } => {
            let caught = caught.as_ref().map(pattern).unwrap_or_default();
            let handler = handler.as_ref().map_or("none".to_owned(), |of| list(of));
            format!("try {{{}}} catch {caught} {{{handler}}} finally {{{}}}", list(body), list(finally))
        }
        Stmt::Loop { head, each, body } => {
            let each = each.as_ref().map(|each| format!("{} of ", pattern(each))).unwrap_or_default();
            format!("loop {each}{} {{{}}}", exprs(head), list(body))
        }
        Stmt::Switch { on, cases, .. } => {
            let cases = cases.iter().map(|(test, body)| {
                format!("{}: {{{}}}", test.as_ref().map_or("default".to_owned(), expr), list(body))
            });
            format!("switch {} {}", expr(on), cases.collect::<Vec<_>>().join(" "))
        }
        Stmt::Block(body) => format!("{{{}}}", list(body)),
        Stmt::Break => "break".to_owned(),
        Stmt::Continue => "continue".to_owned(),
    }
}

fn exprs(list: &[Expr]) -> String {
    list.iter().map(expr).collect::<Vec<_>>().join(", ")
}

/// An expression.
pub(super) fn expr(of: &Expr) -> String {
    match of {
        Expr::Name(name, None) => name.to_string(),
        Expr::Name(name, Some(_)) => format!("${name}"),
        Expr::This => "this".to_owned(),
        Expr::Super => "super".to_owned(),
        Expr::Member(member) => {
            let optional = if member.optional { "?" } else { "" };
            match &member.property {
                Property::Named(name) => format!("{}{optional}.{name}", expr(&member.object)),
                Property::Computed(key) => format!("{}{optional}[{}]", expr(&member.object), expr(key)),
            }
        }
        Expr::Call(call) => {
            let new = if call.is_new { "new " } else { "" };
            format!("{new}{}({})", expr(&call.callee), exprs(&call.args))
        }
        Expr::Await(value) => format!("await {}", expr(value)),
        Expr::Function(id) => format!("f{}", id.0),
        Expr::Class(id) => format!("c{}", id.0),
        Expr::Object(entries) => {
            let entries = entries.iter().map(|entry| match entry {
                Entry::Pair(name, value) => format!("{name}: {}", expr(value)),
                Entry::Spread(value) => format!("...{}", expr(value)),
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Expr::List(items) => format!("[{}]", exprs(items)),
        Expr::Spread(value) => format!("...{}", expr(value)),
        Expr::Text(text) => format!("{text:?}"),
        Expr::Template(texts, values) => format!("`{}`({})", texts.join("|"), exprs(values)),
        Expr::Number(number) => number.to_string(),
        Expr::Bool(is) => is.to_string(),
        Expr::Null => "null".to_owned(),
        Expr::Undefined => "undefined".to_owned(),
        Expr::Regex(pattern) => format!("/{pattern}/"),
        Expr::Binary(operator, sides) => format!("({} {operator:?} {})", expr(&sides[0]), expr(&sides[1])),
        Expr::Logical(operator, sides) => format!("({} {operator:?} {})", expr(&sides[0]), expr(&sides[1])),
        Expr::Not(value) => format!("!{}", expr(value)),
        Expr::TypeOf(value) => format!("typeof {}", expr(value)),
        Expr::Conditional(parts) => {
            format!("({} ? {} : {})", expr(&parts[0]), expr(&parts[1]), expr(&parts[2]))
        }
        Expr::Assign(assign) => {
            let Assign { target, value, adds, .. } = &**assign;
            format!("{} {}= {}", pattern(target), if *adds { "+" } else { "" }, expr(value))
        }
        Expr::Markup(markup) => {
            let bound = if markup.symbol.is_some() { "$" } else { "" };
            let attributes: String =
                markup.attributes.iter().map(|(name, value)| format!(" {name}={}", expr(value))).collect();
            format!("<{bound}{}{attributes}>({})", markup.name, exprs(&markup.children))
        }
        Expr::Import(specifier) => format!("import({specifier})"),
        Expr::Other(parts) => format!("other({})", exprs(parts)),
    }
}

fn pattern(of: &Pattern) -> String {
    match of {
        Pattern::Name(id) => format!("${}", id.0),
        Pattern::Object(entries) => {
            let entries = entries.iter().map(|(name, of, default)| {
                let default = default.as_ref().map(|value| format!(" = {}", expr(value))).unwrap_or_default();
                format!("{name}: {}{default}", pattern(of))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Pattern::List(items) => {
            let items = items.iter().map(|item| item.as_ref().map(pattern).unwrap_or_default());
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Pattern::Place(place) => format!("at {}", expr(place)),
        Pattern::Other => "?".to_owned(),
    }
}
