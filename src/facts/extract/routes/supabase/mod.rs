//! Edge functions of Supabase: `supabase/functions/<name>/index.ts`.

mod gates;
#[cfg(test)]
mod tests;

pub use gates::{Config, Configured, Unchecked, config, is_config, may_deploy, unchecked};

use std::collections::BTreeMap;

use super::follow::{Place, Unwrapped, entry, exported, handler_of, is_product, method_of, unwrap, written};
use super::made::UNKNOWN;
use super::{Declared, Handler};
use crate::code::walk::{Inner, each_expr};
use crate::code::{Call, Code, Denoted, Expr, FunctionId, ModuleId, Root, Step, Target};

/// What the code alone does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// Every `supabase/config.toml`.
    pub configs: Vec<Config>,
    /// Every command that deploys without the check of the token.
    pub unchecked: Vec<Unchecked>,
}

/// What was found, and what does not go together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Functions<'c> {
    /// The functions, in the order of their files.
    pub declared: Vec<Declared<'c>>,
    /// Names in a configuration for which there is no code: file, line, name. They may still run at the hosted
    /// project.
    pub without_code: Vec<(String, u32, String)>,
    /// Names of functions that no configuration mentions.
    pub unconfigured: Vec<String>,
    /// Names of functions that are switched off (`enabled = false`), and not among those declared.
    pub disabled: Vec<String>,
}

/// How many imports of a function are asked whether they start the server.
const MOST_IMPORTS: usize = 30;
const ENTRIES: &[&str] = &["index.ts", "index.js", "index.tsx", "index.jsx", "index.mjs"];

/// Every edge function.
pub fn find<'c>(input: &Input, code: &'c Code) -> Vec<Declared<'c>> {
    functions(input, code).declared
}

/// Every edge function, and which of them code and configuration disagree on.
pub fn functions<'c>(input: &Input, code: &'c Code) -> Functions<'c> {
    let mut found = Functions::default();
    let mut entries = folders(code);
    for config in &input.configs {
        let folder = config.file.trim_end_matches("config.toml").trim_end_matches('/');
        for function in config.functions.iter().filter(|function| !function.is_remote) {
            let key = (folder.to_owned(), function.name.clone());
            let own = function.entrypoint.as_ref().and_then(|path| code.at(&join(folder, path)));
            if let Some(module) = own {
                entries.insert(key, module);
            } else if !entries.contains_key(&key) {
                found.without_code.push((config.file.clone(), function.line, function.name.clone()));
            }
        }
    }
    for ((folder, name), module) in entries {
        let config = input.configs.iter().find(|config| config.file == join(&folder, "config.toml"));
        let said = config.and_then(|config| config.functions.iter().find(|function| function.name == name));
        match said {
            Some(function) if function.disabled => {
                found.disabled.push(name);
                continue;
            }
            Some(_) => {}
            None => found.unconfigured.push(name.clone()),
        }
        let (line, unwrapped) = answers(code, module);
        found.declared.push(Declared {
            framework: "supabase",
            kind: "edge-function",
            method: "ANY".to_owned(),
            path: format!("/functions/v1/{name}"),
            module,
            line,
            layers: unwrapped.layers,
            handler: unwrapped.handler,
            gate: gates::gate(&name, config, &input.unchecked),
        });
    }
    found.declared.sort_by_key(|declared| (declared.module, declared.line));
    found
}

/// The functions that have a folder: by the folder `supabase` and their name. What begins with `_` or a dot is shared code.
fn folders(code: &Code) -> BTreeMap<(String, String), ModuleId> {
    let mut found: BTreeMap<(String, String), (usize, ModuleId)> = BTreeMap::new();
    for (id, module) in (0..).map(ModuleId).zip(&code.modules) {
        let mut parts = module.path.rsplit('/');
        let (Some(file), Some(name), Some("functions"), Some("supabase")) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let Some(rank) = ENTRIES.iter().position(|entry| *entry == file) else { continue };
        let end = module.path.len() - file.len() - name.len() - "/functions/".len() - 1;
        // The place of the project decides: a function may be called `test`.
        if name.starts_with(['_', '.']) || !is_product(&format!("{}/config.toml", &module.path[..end])) {
            continue;
        }
        let key = (module.path[..end].to_owned(), name.to_owned());
        let best = found.entry(key).or_insert((rank, id));
        if rank < best.0 {
            *best = (rank, id);
        }
    }
    found.into_iter().map(|(key, (_, id))| (key, id)).collect()
}

/// A path within a folder: `./` and `../` are taken away.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// What answers, and at which line it says so.
fn answers(code: &Code, id: ModuleId) -> (u32, Unwrapped<'_>) {
    let module = code.module(id);
    let unknown = || (1, Unwrapped { layers: Vec::new(), handler: Handler::Value(id, &UNKNOWN) });
    if module.broken.is_some() {
        return unknown();
    }
    if let Some(found) = started(code, id, FunctionId(0)).or_else(|| default_export(code, id)) {
        return found;
    }
    // `function main() { Deno.serve(…) }`, or an import that does it.
    let within =
        (1..module.functions.len()).find_map(|at| started(code, id, FunctionId(u32::try_from(at).ok()?)));
    let imported = || {
        module.imports.iter().filter(|import| !import.types_only).take(MOST_IMPORTS).find_map(|import| {
            let Target::Module(to) = code.target(id, &import.specifier) else { return None };
            let (_, found) = started(code, to, FunctionId(0))?;
            Some((import.line, found))
        })
    };
    within.or_else(imported).unwrap_or_else(unknown)
}

/// The first call in a function that starts a server.
fn started(code: &Code, id: ModuleId, function: FunctionId) -> Option<(u32, Unwrapped<'_>)> {
    let module = code.module(id);
    let mut best: Option<(u32, &Call, Start)> = None;
    let body = &code.function((id, function)).body;
    each_expr(module, body, Inner::Skip, &mut |value| {
        let Expr::Call(call) = value else { return };
        let Some(start) = start(code, id, call) else { return };
        if best.as_ref().is_none_or(|(_, _, other)| start < *other) {
            best = Some((call.line, call, start));
        }
    });
    let (line, call, start) = best?;
    let nothing = |value| Unwrapped { layers: Vec::new(), handler: Handler::Value(id, value) };
    let unwrapped = match start {
        Start::Serve => handler_of(code, id, call),
        Start::Event => unwrap(code, id, call.args.get(1)?),
        Start::Listen => nothing(&method_of(call)?.0.object),
    };
    Some((line, unwrapped))
}

/// How a server is started. The first kind is the surest sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Start {
    /// `Deno.serve(…)`, or `serve(…)` of the standard library.
    Serve,
    /// `addEventListener("fetch", …)`.
    Event,
    /// `app.listen(…)` of oak, `app.fire()` of Hono.
    Listen,
}

fn start(code: &Code, id: ModuleId, call: &Call) -> Option<Start> {
    // Most calls are told by the last name alone, which spares asking what they denote.
    let last = match (&call.callee, method_of(call)) {
        (_, Some((_, name))) => name,
        (Expr::Name(name, _), _) => name,
        _ => return None,
    };
    match last {
        "addEventListener" => {
            let event = call.args.first().and_then(|event| code.constant(id, event));
            return (event.as_deref() == Some("fetch") && call.args.len() > 1).then_some(Start::Event);
        }
        "listen" | "fire" if method_of(call).is_some() => {
            let Denoted { root, .. } = code.denote(id, &call.callee);
            return matches!(root, Root::Package(_)).then_some(Start::Listen);
        }
        _ => {}
    }
    let imported = matches!(&call.callee, Expr::Name(_, Some(_)));
    if last != "serve" && last != "serveListener" && !imported {
        return None;
    }
    let Denoted { root, path } = code.denote(id, &call.callee);
    let serve = |name: &str| name == "serve" || name == "serveListener";
    match (root, path.as_slice()) {
        (Root::Global(name), [Step::Member(member)]) => {
            (&*name == "Deno" && serve(member)).then_some(Start::Serve)
        }
        (Root::Package(_), [Step::Member(member)]) => serve(member).then_some(Start::Serve),
        _ => None,
    }
}

/// `export default { fetch }`, or a handler.
fn default_export(code: &Code, id: ModuleId) -> Option<(u32, Unwrapped<'_>)> {
    let line = code.module(id).exports.iter().find(|export| &*export.name == "default")?.line;
    let unwrapped = match exported(code, id, "default")? {
        Place::Function(at) => Unwrapped { layers: Vec::new(), handler: Handler::Function(at) },
        Place::Value(at, value) => {
            let (at, value) = written(code, at, value);
            match value {
                Expr::Object(entries) => unwrap(code, at, entry(entries, "fetch")?),
                _ => unwrap(code, at, value),
            }
        }
        Place::Symbol(..) | Place::Elsewhere => return None,
    };
    Some((line, unwrapped))
}
