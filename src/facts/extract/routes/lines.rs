//! For tests of extractors: code of a few files, and routes as lines.

use std::sync::Arc;

use super::{Declared, Handler};
use crate::code::{self, Code, Expr, ModuleId, Property};

/// Files put together.
pub(super) fn code(files: &[(&str, &str)]) -> Code {
    code::link(files.iter().map(|(path, text)| Arc::new(code::parse(path, text))).collect(), &[])
}

/// `GET /users app.ts:3 [auth, limit (only if …)] list`, sorted by file and line.
pub(super) fn lines(code: &Code, routes: &[Declared<'_>]) -> Vec<String> {
    let line = |route: &Declared<'_>| {
        let layers: Vec<String> = route
            .layers
            .iter()
            .map(|layer| {
                let only = layer.only.as_ref().map(|only| format!(" ({only})")).unwrap_or_default();
                format!("{}{only}", written(code, layer.module, layer.runs))
            })
            .collect();
        let handler = match &route.handler {
            Handler::Function(at) => {
                let function = code.function(*at);
                if function.name.is_empty() {
                    format!("={}", function.line)
                } else {
                    function.name.to_string()
                }
            }
            Handler::Value(module, expr) => format!("?{}", written(code, *module, expr)),
        };
        let path = &code.module(route.module).path;
        format!("{} {} {path}:{} [{}] {handler}", route.method, route.path, route.line, layers.join(", "))
    };
    routes.iter().map(line).collect()
}

fn written(code: &Code, module: ModuleId, expr: &Expr) -> String {
    match expr {
        Expr::Name(name, _) => name.to_string(),
        Expr::This => "this".to_owned(),
        Expr::Member(member) => match &member.property {
            Property::Named(name) => format!("{}.{name}", written(code, module, &member.object)),
            Property::Computed(_) => "[]".to_owned(),
        },
        Expr::Call(call) => format!("{}()", written(code, module, &call.callee)),
        Expr::Function(id) => format!("={}", code.function((module, *id)).line),
        Expr::Object(_) => "{}".to_owned(),
        _ => "…".to_owned(),
    }
}
