//! Next.js: route files of the app router, `pages/api`, server actions, and the middleware before them.

mod actions;
mod files;
mod lookahead;
mod matcher;
mod middleware;
mod pages;
#[cfg(test)]
mod tests;

use files::{Apps, Below};
use middleware::Middlewares;

use super::follow::{Place, Unwrapped, exported, is_product, of_table, unwrap};
use super::made::{Made, UNKNOWN};
use super::{Declared, Gate, Handler};
use crate::code::{Binding, Code, ExportOf, Module, ModuleId};

/// What the code alone does not say.
#[derive(Debug, Default)]
pub struct Input {
    /// The packages that depend on Next.js.
    pub packages: Vec<Package>,
    /// Expressions that the routes point to and that stand in no file.
    pub made: Made,
}

/// A package that depends on Next.js.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Package {
    /// The folder of its `package.json`; `""` for the root.
    pub folder: String,
    /// The version of Next.js, as declared.
    pub next: String,
}

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// Every route and server action, in the order of the files.
pub fn find<'c>(input: &'c Input, code: &'c Code) -> Vec<Declared<'c>> {
    let apps = Apps::of(&input.packages, code);
    let mut middlewares = Middlewares::of(&apps, code, &input.made);
    let mut routes = Vec::new();
    for (id, module) in (0..).map(ModuleId).zip(&code.modules) {
        let (below, path, answers) = if let Some((below, path)) = route_file(&apps, module) {
            (below, path, answers(code, &input.made, id))
        } else if let Some((below, path)) = api_file(&apps, module) {
            (below, path, pages::of(code, id))
        } else {
            if is_product(&module.path) {
                routes.extend(actions::of(code, &input.made, id));
            }
            continue;
        };
        // The place of the app decides: below `app/` and `pages/`, `test` is an address like any other.
        if !is_product(&format!("{}/package.json", below.root)) {
            continue;
        }
        let before = if answers.is_empty() { Vec::new() } else { middlewares.before(&below.beside, &path) };
        let base = apps.get(&below.root).map(|app| app.base_path.as_str()).unwrap_or_default();
        for (method, line, unwrapped) in answers {
            routes.push(Declared {
                framework: "next",
                kind: "http",
                method: method.to_owned(),
                path: format!("{base}{path}"),
                module: id,
                line,
                layers: before.iter().cloned().chain(unwrapped.layers).collect(),
                handler: unwrapped.handler,
                gate: Gate::None,
            });
        }
        routes.extend(actions::of(code, &input.made, id));
    }
    routes
}

/// A route file of the app router, and its address without a base path.
fn route_file(apps: &Apps, module: &Module) -> Option<(Below, String)> {
    let path = module.path.as_str();
    let file = path.rsplit_once('/').map_or(path, |(_, file)| file);
    if !file.starts_with("route.") {
        return None;
    }
    let below = apps.below(path, "app")?;
    // A package beside the apps that has such a file is none of them, unless it says so.
    let may_be = below.certain || apps.none() || apps.around(&below.root) || imports_next(module);
    if !may_be || apps.stem(&below.root, file)? != "route" {
        return None;
    }
    let folders = below.rest.rsplit_once('/').map_or("", |(folders, _)| folders);
    let path = files::app_path(folders)?;
    Some((below, path))
}

/// A file of `pages/api`. Other tools have folders of that name too: something must say that it is Next.js.
fn api_file(apps: &Apps, module: &Module) -> Option<(Below, String)> {
    let below = apps.below(&module.path, "pages")?;
    if !below.rest.starts_with("api/") && !below.rest.starts_with("api.") {
        return None;
    }
    if !below.certain && !imports_next(module) {
        return None;
    }
    let path = files::page_path(apps.stem(&below.root, &below.rest)?)?;
    Some((below, path))
}

fn imports_next(module: &Module) -> bool {
    module.imports.iter().any(|import| {
        let specifier = &*import.specifier;
        specifier == "next" || specifier.starts_with("next/") || specifier == "next-connect"
    })
}

/// What a route file answers: the methods that it exports.
fn answers<'c>(code: &'c Code, made: &'c Made, id: ModuleId) -> Vec<(&'static str, u32, Unwrapped<'c>)> {
    let module = code.module(id);
    if module.broken.is_some() {
        let unwrapped = Unwrapped { layers: Vec::new(), handler: Handler::Value(id, &UNKNOWN) };
        return vec![("ANY", 1, unwrapped)];
    }
    let mut all: Vec<(&'static str, u32, Unwrapped<'c>)> = METHODS
        .iter()
        .filter_map(|method| {
            let export =
                module.exports.iter().rev().find(|export| &*export.name == *method && !export.types_only);
            let line = match export {
                Some(export) => export.line,
                None => module.exports.iter().find(|export| &*export.name == "*")?.line,
            };
            let place = exported(code, id, method);
            // An export of its own that leads nowhere is one all the same.
            let unwrapped = match place.or_else(|| export.map(|_| Place::Elsewhere))? {
                Place::Function(at) => Unwrapped { layers: Vec::new(), handler: Handler::Function(at) },
                Place::Value(at, value) => unwrap(code, at, value),
                Place::Symbol(at, symbol) => {
                    let from = code.module(at);
                    let symbol_of = &from.symbols[symbol.0 as usize];
                    let (at, value) = match &symbol_of.is {
                        // `export const { GET, POST } = handlers`: what they are parts of says what they are.
                        Binding::Part(_, _, value) => {
                            let value = &from.values[value.0 as usize];
                            let unwrapped = of_table(code, at, value, method);
                            return Some((
                                *method,
                                line,
                                unwrapped.unwrap_or_else(|| unwrap(code, at, value)),
                            ));
                        }
                        _ => (at, made.name(&symbol_of.name, symbol)),
                    };
                    Unwrapped { layers: Vec::new(), handler: Handler::Value(at, value) }
                }
                Place::Elsewhere => {
                    let value = match &export?.of {
                        ExportOf::Symbol(symbol) => {
                            made.name(&module.symbols[symbol.0 as usize].name, *symbol)
                        }
                        ExportOf::From { specifier, name } => made.import(specifier, name),
                        ExportOf::Value(value) => value,
                    };
                    Unwrapped { layers: Vec::new(), handler: Handler::Value(id, value) }
                }
            };
            Some((*method, line, unwrapped))
        })
        .collect();
    all.sort_by_key(|(_, line, _)| *line);
    all
}
