//! For tests of extractors: small repositories written down, and routes as lines that a person can check.

use std::sync::Arc;

use super::{Declared, Handler, Layer};
use crate::code::{Code, Expr, ModuleId, Root, Step, handles, is_configuration, link, parse};

/// The code of a few files.
pub fn code(files: &[(&str, &str)]) -> Code {
    let modules =
        files.iter().filter(|(path, _)| handles(path)).map(|(path, text)| Arc::new(parse(path, text)));
    let configurations: Vec<(String, String)> = files
        .iter()
        .filter(|(path, _)| is_configuration(path))
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    link(modules.collect(), &configurations)
}

/// A route as one line: `GET /api/users app/api/users/route.ts:3 [layers] -> handler`.
pub fn line(code: &Code, route: &Declared<'_>) -> String {
    let layers: Vec<String> = route.layers.iter().map(|each| layer(code, each)).collect();
    let layers = if layers.is_empty() { String::new() } else { format!(" [{}]", layers.join(", ")) };
    let handler = match &route.handler {
        Handler::Function(at) => {
            let function = code.function(*at);
            let name = if function.name.is_empty() { "function" } else { &function.name };
            format!("{name}:{}", function.line)
        }
        Handler::Value(module, value) => denoted(code, *module, value),
    };
    let file = &code.module(route.module).path;
    format!("{} {} {file}:{}{layers} -> {handler}", route.method, route.path, route.line)
}

fn layer(code: &Code, layer: &Layer<'_>) -> String {
    let only = layer.only.as_ref().map(|only| format!(" ({only})")).unwrap_or_default();
    format!("{:?} {}{only}", layer.style, denoted(code, layer.module, layer.runs))
}

fn denoted(code: &Code, module: ModuleId, value: &Expr) -> String {
    let denoted = code.denote(module, value);
    let mut text = match &denoted.root {
        Root::Package(name) | Root::Global(name) => name.to_string(),
        Root::Function(at) => match &*code.function(*at).name {
            "" => "function".to_owned(),
            name => name.to_owned(),
        },
        Root::Value(..) => "value".to_owned(),
        Root::Class(module, class) => code.module(*module).classes[class.0 as usize].name.to_string(),
        _ => "?".to_owned(),
    };
    for step in &denoted.path {
        match step {
            Step::Member(name) => text.push_str(&format!(".{name}")),
            Step::Call(..) => text.push_str("()"),
            Step::Element => text.push_str("[]"),
        }
    }
    text
}
