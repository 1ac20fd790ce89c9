//! What is put in an instance.

use super::super::handlers::{handler, layer, texts};
use super::super::interpret::{Is, Run, Site, Value};
use super::super::paths::join;
use super::super::tree::{Cover, Node, NodeId, Path, Route, What};
use super::super::{Layer, Style};
use super::{MAYBE, autoload, unwrapped};

/// Hooks before a handler, in the order in which they run: https://fastify.dev/docs/latest/Reference/Lifecycle/
pub(super) const HOOKS: &[&str] = &["onRequest", "preParsing", "preValidation", "preHandler"];
/// Instances in instances.
const DEPTH: usize = 64;

/// `register(plugin, { prefix })`.
pub(super) fn register<'c>(run: &mut Run<'c>, node: NodeId, args: &[Value<'c>], site: Site<'c>) {
    let Some(plugin) = args.first() else { return };
    let options = args.get(1).cloned().unwrap_or_else(Value::unknown);
    if autoload::register(run, node, plugin, &options, site.module) {
        return;
    }
    load(run, node, plugin, &options, "");
}

/// Runs a plugin with an instance of its own, or with the one around it if it is wrapped in `fastify-plugin`.
pub(super) fn load<'c>(
    run: &mut Run<'c>,
    node: NodeId,
    plugin: &Value<'c>,
    options: &Value<'c>,
    prefix: &str,
) {
    let mut plugin = plugin.clone();
    for _ in 0..2 {
        if let Is::Module(module) = plugin.is {
            plugin = run.export_default(module);
        }
        if matches!(plugin.is, Is::Object(_)) {
            plugin = run.field(&plugin, "default").unwrap_or(plugin);
        }
    }
    let (plugin, apart) = match unwrapped(run, &plugin) {
        // `fp(plugin, { encapsulate: true })` is rare enough.
        Some(inner) => (inner, false),
        None => (plugin, true),
    };
    let Is::Function(closure) = plugin.is else { return };
    let instance = if apart {
        let own = match run.field(options, "prefix").map(|p| p.is) {
            Some(Is::Text(text)) => text.to_string(),
            Some(_) => "{?}".to_owned(),
            None => String::new(),
        };
        let prefix = if prefix.is_empty() { own } else { join(prefix, &own) };
        let child = run.node(Node { prefix, parent: Some(node), is_mounted: true, ..Node::default() });
        run.put(node, What::Mount(String::new(), child, None));
        child
    } else {
        node
    };
    let instance = Value::of(Is::Node(instance));
    run.call_function(closure, &[instance, options.clone()]);
}

/// `addHook(name, function)`.
pub(super) fn hook<'c>(run: &mut Run<'c>, node: NodeId, args: &[Value<'c>], site: Site<'c>) {
    let [name, functions, ..] = args else { return };
    let Some(name) = name.text().cloned() else { return };
    if !HOOKS.contains(&name.as_ref()) {
        return;
    }
    for function in run.flat(functions) {
        let layer = layer(run, &function, site, Style::Fastify);
        // The name of the hook stands where a path would.
        let cover = Cover { paths: vec![Path::Text(name.to_string())], prefix: true, ..Cover::default() };
        run.put(node, What::Layer(cover, layer));
    }
}

/// `decorate(name, value)`.
pub(super) fn decorate<'c>(run: &mut Run<'c>, node: NodeId, args: &[Value<'c>]) {
    if let [name, value, ..] = args
        && let Some(name) = name.text()
    {
        run.tree.node_mut(node).names.insert(name.to_string(), value.clone());
    }
}

/// What was hung on this instance or one around it.
pub(super) fn decoration<'c>(run: &Run<'c>, node: NodeId, name: &str) -> Option<Value<'c>> {
    let mut at = Some(node);
    for _ in 0..DEPTH {
        let of = run.tree.node(at?);
        if let Some(value) = of.names.get(name) {
            return Some(value.clone());
        }
        at = of.parent;
    }
    None
}

/// `get(path, options?, handler?)`.
pub(super) fn shorthand<'c>(
    run: &mut Run<'c>,
    node: NodeId,
    method: &str,
    args: &[Value<'c>],
    site: Site<'c>,
) {
    let Some(path) = args.first() else { return };
    let (options, last) = match args {
        [_, options, last, ..] => (options.clone(), Some(last.clone())),
        [_, only] => match run.field(only, "handler") {
            Some(handler) => (only.clone(), Some(handler)),
            None => (Value::unknown(), Some(only.clone())),
        },
        _ => return,
    };
    let methods = vec![if method == "all" { "ANY".to_owned() } else { method.to_uppercase() }];
    put(run, node, methods, path, &options, last, site);
}

/// `route({ method, url, …, handler })`.
pub(super) fn route<'c>(run: &mut Run<'c>, node: NodeId, options: &Value<'c>, site: Site<'c>) {
    let mut methods: Vec<String> = match run.field(options, "method") {
        Some(methods) => texts(run, &methods).iter().map(|m| m.to_uppercase()).collect(),
        None => Vec::new(),
    };
    if methods.is_empty() {
        methods.push("ANY".to_owned());
    }
    let path = run.field(options, "url").or_else(|| run.field(options, "path"));
    let handler = run.field(options, "handler");
    put(run, node, methods, &path.unwrap_or_else(Value::unknown), options, handler, site);
}

fn put<'c>(
    run: &mut Run<'c>,
    node: NodeId,
    methods: Vec<String>,
    path: &Value<'c>,
    options: &Value<'c>,
    last: Option<Value<'c>>,
    site: Site<'c>,
) {
    if run.tree.node(node).kind == MAYBE {
        let is_path = path.text().is_some_and(|path| path.is_empty() || path.starts_with('/'));
        let is_handler = last.as_ref().is_some_and(|last| matches!(last.is, Is::Function(_)));
        if !is_path || !is_handler {
            return;
        }
    }
    let path = path.text().map_or_else(|| "{?}".to_owned(), |text| text.to_string());
    let mut layers = Vec::new();
    for hook in HOOKS {
        // https://fastify.dev/docs/latest/Reference/Lifecycle/: between the last two the schema is checked.
        if *hook == "preHandler"
            && let Some(schema) = run.field(options, "schema")
        {
            layers.push(layer(run, &schema, site, Style::Fastify));
        }
        let Some(functions) = run.field(options, hook) else { continue };
        for function in run.flat(&functions) {
            layers.extend(checks(run, &function, site));
        }
    }
    let last = last.unwrap_or_else(|| Value::at(Is::Unknown, (site.module, site.expr)));
    let (wrappers, handler) = handler(run, &last, site);
    layers.extend(wrappers);
    let written = last.from.unwrap_or((site.module, site.expr));
    run.put(
        node,
        What::Route(Route {
            methods,
            paths: vec![Path::Text(path)],
            layers,
            handler,
            written,
            module: site.module,
            line: site.line(),
            passes_on: false,
        }),
    );
}

/// A hook, or those that `fastify.auth([a, b])` goes through: one of them is enough unless it says
/// `{ relation: "and" }` (https://github.com/fastify/fastify-auth).
fn checks<'c>(run: &Run<'c>, function: &Value<'c>, site: Site<'c>) -> Vec<Layer<'c>> {
    if let Is::Method(method) = &function.is
        && let (Is::List(_), "auth") = (&method.0, method.1.as_ref())
    {
        let functions = run.flat(&Value::of(method.0.clone()));
        let alone = functions.len() == 1;
        return functions
            .iter()
            .map(|function| {
                let mut layer = layer(run, function, site, Style::Fastify);
                if !alone {
                    layer.only = Some("only if no other check let it pass".to_owned());
                }
                layer
            })
            .collect();
    }
    vec![layer(run, function, site, Style::Fastify)]
}
