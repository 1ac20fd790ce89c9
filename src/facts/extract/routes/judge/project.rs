//! What a whole project says once for all its routes: who answers failures, and whether requests are logged.

use crate::code::walk::{Inner, each_expr, each_part};
use crate::code::{Call, Code, Entry, Expr, Module, ModuleId, Name, Property};

/// See the module.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Project {
    /// A function with four parameters stands behind the routes of Express.
    pub express_errors: bool,
    /// `app.onError(…)` of Hono.
    pub hono_errors: bool,
    /// `setErrorHandler(…)` of Fastify.
    pub fastify_errors: bool,
    /// Fastify was made with a logger.
    pub fastify_logs: bool,
}

/// What the project says.
pub fn of(code: &Code) -> Project {
    let mut found = Project::default();
    let imports = |module: &Module, names: &[&str]| {
        module.imports.iter().any(|import| names.iter().any(|name| import.specifier.contains(name)))
    };
    let servers = ["express", "hono", "fastify"];
    let serving: Vec<bool> = code.modules.iter().map(|module| imports(module, &servers)).collect();
    if !serving.contains(&true) {
        return found;
    }
    for ((id, module), serves) in (0..).map(ModuleId).zip(&code.modules).zip(serving) {
        if !serves && found != Project::default() {
            continue;
        }
        let fastify = imports(module, &["fastify"]);
        for function in &module.functions {
            each_expr(module, &function.body, Inner::Skip, &mut |expr| {
                if let Expr::Call(call) = expr {
                    look(code, id, call, &mut found, fastify);
                }
            });
        }
        for value in &module.values {
            each_part(module, value, Inner::Skip, &mut |expr| {
                if let Expr::Call(call) = expr {
                    look(code, id, call, &mut found, fastify);
                }
            });
        }
    }
    found
}

/// What is put on instances of Fastify: `app.decorate("authenticate", fn)`.
pub fn decorations(code: &Code) -> Vec<(Name, ModuleId, &Expr)> {
    let mut all = Vec::new();
    for (id, module) in (0..).map(ModuleId).zip(&code.modules) {
        if !module.imports.iter().any(|import| import.specifier.contains("fastify")) {
            continue;
        }
        for function in &module.functions {
            each_expr(module, &function.body, Inner::Skip, &mut |expr| {
                if let Expr::Call(call) = expr
                    && let Expr::Member(member) = &call.callee
                    && matches!(&member.property, Property::Named(name) if &**name == "decorate")
                    && let [Expr::Text(name), value, ..] = call.args.as_slice()
                {
                    all.push((name.clone(), id, value));
                }
            });
        }
    }
    all
}

fn look(code: &Code, id: ModuleId, call: &Call, found: &mut Project, fastify: bool) {
    if let Expr::Member(member) = &call.callee
        && let Property::Named(name) = &member.property
    {
        match &**name {
            "use" => {
                let four = |arg: &Expr| {
                    code.function_of(&code.denote(id, arg))
                        .is_some_and(|at| code.function(at).params.len() == 4)
                };
                found.express_errors |= call.args.iter().any(four);
            }
            "onError" => found.hono_errors = true,
            "setErrorHandler" => found.fastify_errors = true,
            _ => {}
        }
    }
    if fastify && let [Expr::Object(entries), ..] = call.args.as_slice() {
        found.fastify_logs |= entries.iter().any(|entry| {
            matches!(entry, Entry::Pair(name, value) if &**name == "logger" && !matches!(value, Expr::Bool(false)))
        });
    }
}
