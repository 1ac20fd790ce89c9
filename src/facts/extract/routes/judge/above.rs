//! Guards that stand above routes and do not run for them: layouts, pages around actions, middleware for other paths.

use super::super::judged::{Authenticated, Hole};
use super::super::{Declared, Handler};
use crate::code::{Code, ExportOf, FunctionAt, FunctionId, ModuleId};
use crate::meaning::flow::{Flow, From, Value};
use crate::meaning::symbols::{Proof, What};

/// A file that turns strangers away, for pages.
#[derive(Debug)]
pub struct Guarding {
    module: ModuleId,
    line: u32,
    /// The folder below which it stands; of a middleware the folder of the app.
    folder: String,
    is_middleware: bool,
}

impl Guarding {
    /// Whether a file stands below it.
    fn has(&self, path: &str) -> bool {
        self.folder.is_empty() || path.strip_prefix(&*self.folder).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// Every layout and middleware of Next.js that turns strangers away.
pub fn guarding(code: &Code, declared: &[Declared<'_>]) -> Vec<Guarding> {
    if !declared.iter().any(|route| route.framework == "next") {
        return Vec::new();
    }
    let mut flow = Flow::new(code);
    let mut all = Vec::new();
    for (module, of) in (0..).map(ModuleId).zip(&code.modules) {
        let (folder, file) = of.path.rsplit_once('/').unwrap_or(("", &of.path));
        let stem = file.split('.').next().unwrap_or_default();
        let names: &[&str] = match stem {
            "layout" => &["default"],
            "middleware" | "proxy" => &["middleware", "proxy", "default"],
            _ => continue,
        };
        let is_middleware = stem != "layout";
        let found = names.iter().find_map(|name| {
            let export = of.exports.iter().find(|export| *export.name == **name && !export.types_only)?;
            let value = match &export.of {
                ExportOf::Value(expr) => flow.value_in(module, expr),
                ExportOf::Symbol(symbol) => flow.symbol_in(module, *symbol),
                ExportOf::From { .. } => return None,
            };
            Some((value, export.line))
        });
        if let Some((value, line)) = found
            && turns_away(&mut flow, &value, is_middleware)
        {
            let folder = match is_middleware {
                true => folder.trim_end_matches("src").trim_end_matches('/').to_owned(),
                false => folder.to_owned(),
            };
            all.push(Guarding { module, line, folder, is_middleware });
        }
    }
    all
}

/// Whether somebody who isn't known is turned away by a function, at least sometimes.
fn turns_away<'c>(flow: &mut Flow<'c>, value: &Value<'c>, is_middleware: bool) -> bool {
    flow.begin();
    let args = match is_middleware {
        true => vec![Value::from(From::Head("next-request"))],
        false => vec![Value::Unknown],
    };
    flow.try_layer(value, args);
    let asks =
        flow.trace.guards.iter().any(|guard| guard.what == What::Identity && guard.proof == Proof::Verified);
    asks && (flow.trace.ends.iter().any(|end| end.denies || end.throws) || flow.turned_away)
}

/// Names what stands above a route that is open.
pub fn name(
    code: &Code,
    above: &[Guarding],
    routes: &[(&Declared<'_>, Authenticated, Vec<usize>)],
    holes: &mut [Vec<Hole>],
) {
    let mut flow = Flow::new(code);
    let elsewhere: Vec<_> = above.iter().map(|guard| ask_themselves(code, guard, routes)).collect();
    for (at, (route, authenticated, _)) in routes.iter().enumerate() {
        if route.framework != "next" || !matches!(authenticated, Authenticated::No | Authenticated::Partial) {
            continue;
        }
        let path = &code.module(route.module).path;
        for (guard, elsewhere) in above.iter().zip(&elsewhere) {
            let pattern = if guard.is_middleware { "matcher-gap" } else { "layout-only" };
            if !guard.has(path)
                || elsewhere.contains(&route.kind)
                || holes[at].iter().any(|hole| hole.pattern == pattern || guard.is_middleware)
            {
                continue;
            }
            let says = match guard.is_middleware {
                true => "the middleware turns strangers away on other paths",
                false => "the layout turns strangers away from pages, and this answers without it",
            };
            let (module, line) = (guard.module, guard.line);
            holes[at].push(Hole { pattern, module, line, says: says.to_owned() });
        }
        if let Some(outer) = around(code, route) {
            let page = flow.function(outer);
            if turns_away(&mut flow, &page, false) {
                let line = code.function(outer).line;
                let says =
                    "the page around it turns strangers away, and this is called without it".to_owned();
                holes[at].push(Hole { pattern: "layout-only", module: outer.0, line, says });
            }
        }
    }
}

/// The kinds of routes of which more ask by themselves who is calling than don't: a middleware that sends visitors of pages to
/// sign in is not what guards them, and nothing is missing from its paths where one of them forgot to ask.
fn ask_themselves(
    code: &Code,
    guard: &Guarding,
    routes: &[(&Declared<'_>, Authenticated, Vec<usize>)],
) -> Vec<&'static str> {
    let mut counts: Vec<(&'static str, u32, u32)> = Vec::new();
    for (route, authenticated, protectors) in routes.iter().filter(|_| guard.is_middleware) {
        if route.framework != "next" || !guard.has(&code.module(route.module).path) {
            continue;
        }
        let at = counts.iter().position(|(kind, ..)| *kind == route.kind).unwrap_or_else(|| {
            counts.push((route.kind, 0, 0));
            counts.len() - 1
        });
        let layers = protectors.iter().filter_map(|at| route.layers.get(*at));
        let is_held = layers.clone().any(|layer| layer.module == guard.module);
        match authenticated {
            // What it guards shows that routes of this kind are meant to stand behind it.
            Authenticated::Yes if is_held => counts[at].2 = u32::MAX,
            Authenticated::Yes => counts[at].1 += 1,
            Authenticated::No => counts[at].2 = counts[at].2.saturating_add(1),
            _ => {}
        }
    }
    counts.into_iter().filter(|(_, ask, open)| ask > open).map(|(kind, ..)| kind).collect()
}

/// The function in which an inline action is written.
fn around(code: &Code, route: &Declared<'_>) -> Option<FunctionAt> {
    let Handler::Function(at) = &route.handler else { return None };
    let outer = code.function(*at).within.filter(|outer| *outer != FunctionId(0))?;
    (route.kind == "action").then_some((at.0, outer))
}
