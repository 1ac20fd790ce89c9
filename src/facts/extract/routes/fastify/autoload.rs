//! `@fastify/autoload`: every file of a folder is a plugin, and folders are prefixes
//! (https://github.com/fastify/fastify-autoload).

use super::super::interpret::{Is, LibraryStep, Run, Value};
use super::super::paths::join;
use super::super::tree::NodeId;
use super::put::load;
use crate::code::ModuleId;

/// So many files of a folder are plugins.
const FILES: usize = 2_000;

/// Registers the files of a folder, if that is what the plugin does.
pub(super) fn register<'c>(
    run: &mut Run<'c>,
    node: NodeId,
    plugin: &Value<'c>,
    options: &Value<'c>,
    module: ModuleId,
) -> bool {
    let Is::Library(id) = plugin.is else { return false };
    if !matches!(run.library(id).package.as_ref(), "@fastify/autoload" | "fastify-autoload") {
        return false;
    }
    let Some(folder) = run.field(options, "dir").and_then(|dir| folder(run, &dir, module)) else {
        return true;
    };
    let inner = run.field(options, "options").unwrap_or_else(Value::unknown);
    let given = run.field(&inner, "prefix").and_then(|p| p.text().map(|p| p.to_string()));
    let start = format!("{folder}/");
    let code: &'c crate::code::Code = run.code;
    let first = code.modules.partition_point(|m| m.path.as_str() < start.as_str());
    let named = !matches!(run.field(options, "dirNameRoutePrefix").map(|v| v.is), Some(Is::Bool(false)));
    for (at, of) in code.modules.iter().enumerate().skip(first).take(FILES) {
        let Some(below) = of.path.strip_prefix(&start) else { break };
        let name = below.rsplit('/').next().unwrap_or(below);
        if name.contains(".test.") || name.contains(".spec.") || name.ends_with(".d.ts") {
            continue;
        }
        let id = ModuleId(at as u32);
        let own = run.exported_text(id, "autoPrefix");
        let folders = below.rsplit_once('/').map_or("", |(folders, _)| folders);
        let folders = if named { parameters(folders) } else { String::new() };
        let prefix = match run.exported_text(id, "prefixOverride") {
            Some(all) => all,
            None => join(&join(given.as_deref().unwrap_or(""), &folders), own.as_deref().unwrap_or("")),
        };
        let plugin = Value::of(Is::Module(id));
        load(run, node, &plugin, &Value::unknown(), &prefix);
    }
    true
}

/// `_id` is a parameter in the name of a folder.
fn parameters(folders: &str) -> String {
    let part = |part: &str| match part.strip_prefix('_') {
        Some(name) => format!(":{name}"),
        None => part.to_owned(),
    };
    folders.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The folder that `path.join(__dirname, "routes")` and the like name.
fn folder(run: &Run<'_>, value: &Value<'_>, module: ModuleId) -> Option<String> {
    if let Some(text) = value.text() {
        return normal(text);
    }
    let Is::Library(id) = value.is else { return None };
    let library = run.library(id);
    if !matches!(library.package.as_ref(), "path" | "node:path") {
        return None;
    }
    let [.., LibraryStep::Member(name), LibraryStep::Call(args)] = library.steps.as_slice() else {
        return None;
    };
    if !matches!(name.as_ref(), "join" | "resolve") {
        return None;
    }
    let own = run.code.module(module).path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut out = String::new();
    for (at, arg) in args.iter().enumerate() {
        let part = match arg.text() {
            Some(text) => text.to_string(),
            // `import.meta.dirname`, `dirname(fileURLToPath(import.meta.url))`.
            None if at == 0 => own.to_owned(),
            None => return None,
        };
        out.push_str(&part);
        out.push('/');
    }
    normal(&out)
}

fn normal(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}
