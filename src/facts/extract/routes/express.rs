//! Express, and what has its way of routing.
//!
//! An app goes through what was put in it in order: `use` at a path and all below it, the methods at their paths alone
//! (https://expressjs.com/en/guide/using-middleware.html). A router is gone through where it is mounted, for every
//! request below that path, so what is put in it also runs before what comes after it with the same path.

#[cfg(test)]
mod tests;

use super::handlers::{calls_next, handler, layer, paths};
use super::interpret::{Framework, Is, Library, Run, Site, Value};
use super::tree::{Cover, Node, NodeId, Path, Route, What};
use super::{Declared, Layer, Style};
use crate::code::{Code, Expr};

/// https://expressjs.com/en/api.html#routing-methods
const METHODS: &[&str] = &[
    "get",
    "post",
    "put",
    "delete",
    "patch",
    "head",
    "options",
    "all",
    "query",
    "del",
    "copy",
    "lock",
    "merge",
    "mkcol",
    "move",
    "propfind",
    "proppatch",
    "purge",
    "report",
    "search",
    "subscribe",
    "trace",
    "unlock",
    "unsubscribe",
];

/// A parameter of which nobody is seen to say what it is: files that a loop over a folder requires are given the app. It
/// is one if it is used like one.
const MAYBE: &str = "maybe";

struct Express;

/// Routes of Express.
pub fn find(code: &Code) -> Vec<Declared<'_>> {
    let run = Run::over(code, &Express);
    if run.is_used() { run.tree.in_order("express") } else { Vec::new() }
}

impl Framework for Express {
    fn packages(&self) -> &'static [&'static str] {
        &["express", "express-promise-router", "router", "express-async-router", "express-ws"]
    }

    fn made<'c>(&self, run: &mut Run<'c>, library: &Library<'c>, _: Site<'c>) -> Option<Is> {
        let (members, args) = library.made_by()?;
        let kind = match (library.package.as_ref(), members.as_slice()) {
            ("express", [] | ["default"]) => "app",
            ("express", ["Router"] | ["default", "Router"]) => "router",
            ("express-promise-router" | "router", [] | ["default"]) => "router",
            ("express-async-router", ["AsyncRouter"]) => "router",
            // It gives `{ app }` of the app that it is given.
            ("express-ws", [] | ["default"]) => return args.first().map(|app| app.is.clone()),
            _ => return None,
        };
        Some(new_node(run, kind))
    }

    fn parameter<'c>(&self, run: &mut Run<'c>, type_name: &str) -> Option<Is> {
        match type_name {
            "Express" | "Application" | "Router" | "IRouter" => Some(new_node(run, "router")),
            "" => Some(new_node(run, MAYBE)),
            _ => None,
        }
    }

    fn member<'c>(&self, _: &mut Run<'c>, node: NodeId, name: &str) -> Option<Value<'c>> {
        (name == "app").then(|| Value::of(Is::Node(node)))
    }

    fn method<'c>(
        &self,
        run: &mut Run<'c>,
        node: NodeId,
        name: &str,
        args: &[Value<'c>],
        site: Site<'c>,
    ) -> Option<Is> {
        match name {
            "use" => put_use(run, node, args, site),
            "param" => put_param(run, node, args, site),
            "route" => {
                let paths = paths(run, args.first()?)?;
                let of = run.node(Node { kind: "route", ..Node::default() });
                for path in paths {
                    let text = match path {
                        Path::Text(text) => text,
                        Path::Regex(_) => "{?}".to_owned(),
                    };
                    run.put(node, What::Mount(text, of, None));
                }
                return Some(Is::Node(of));
            }
            "set" | "enable" | "disable" | "engine" => {}
            method if METHODS.contains(&method) && is_used_like_one(run, node, args) => {
                return put_route(run, node, method, args, site);
            }
            _ => return None,
        }
        Some(Is::Node(node))
    }
}

/// Whether a call on a parameter can only be that of an app: a path, and at the end a function of a request and a
/// response.
fn is_used_like_one<'c>(run: &Run<'c>, node: NodeId, args: &[Value<'c>]) -> bool {
    if run.tree.node(node).kind != MAYBE {
        return true;
    }
    let [path, .., last] = args else { return false };
    let path = match &path.is {
        Is::Text(text) => text.starts_with('/'),
        is => matches!(is, Is::Regex(_)),
    };
    path && matches!(last.is, Is::Function(closure) if (2..=4).contains(&run.function(closure.at).params.len()))
}

fn new_node<'c>(run: &mut Run<'c>, kind: &'static str) -> Is {
    Is::Node(run.node(Node { kind, ..Node::default() }))
}

fn put_use<'c>(run: &mut Run<'c>, node: NodeId, args: &[Value<'c>], site: Site<'c>) {
    let given = args.first().and_then(|first| paths(run, first));
    let rest = if given.is_some() { args.get(1..).unwrap_or_default() } else { args };
    let paths = given.clone().unwrap_or_else(|| vec![Path::Text(String::new())]);
    for value in rest.iter().flat_map(|arg| run.flat(arg)).collect::<Vec<_>>() {
        // `app.use("/x", new Controller().router)` and `app.use("/x", require("./router"))`.
        let value = whole(run, value);
        if let Is::Node(mounted) = value.is {
            for path in &paths {
                let text = match path {
                    Path::Text(text) => text.clone(),
                    Path::Regex(_) => "{?}".to_owned(),
                };
                run.put(node, What::Mount(text, mounted, None));
            }
        } else if given.is_some() && answers(run, &value) && paths.iter().all(is_a_place) {
            let (layers, handler) = handler(run, &value, site);
            let written = value.from.unwrap_or((site.module, site.expr));
            run.put(
                node,
                What::Route(Route {
                    methods: vec!["ANY".to_owned()],
                    paths: paths.clone(),
                    layers,
                    handler,
                    written,
                    module: site.module,
                    line: site.line(),
                    passes_on: false,
                }),
            );
        } else if !is_for_errors(run, &value) {
            let layer = layer(run, &value, site, Style::Express);
            let cover = Cover { paths: paths.clone(), prefix: true, ..Cover::default() };
            run.put(node, What::Layer(cover, layer));
        }
    }
}

/// A function that takes a request and a response and has no way to hand on: it answers.
fn answers(run: &Run<'_>, value: &Value<'_>) -> bool {
    match value.is {
        Is::Function(closure) => {
            matches!(value.from, Some((_, Expr::Function(_) | Expr::Name(..) | Expr::Member(_))))
                && run.function(closure.at).params.len() == 2
        }
        _ => false,
    }
}

/// A path that says what is there, and not everything.
fn is_a_place(path: &Path) -> bool {
    match path {
        Path::Text(text) => text.chars().any(char::is_alphanumeric) && !text.contains(['*', '{', '(']),
        Path::Regex(_) => false,
    }
}

/// Four parameters are how Express knows what handles errors: https://expressjs.com/en/guide/error-handling.html
fn is_for_errors(run: &Run<'_>, value: &Value<'_>) -> bool {
    matches!(value.is, Is::Function(closure) if run.function(closure.at).params.len() == 4)
}

/// A module stands for what it exports.
fn whole<'c>(run: &mut Run<'c>, value: Value<'c>) -> Value<'c> {
    match value.is {
        Is::Module(module) => {
            let whole = run.export_default(module);
            Value { is: whole.is, made: whole.made, from: value.from }
        }
        _ => value,
    }
}

fn put_param<'c>(run: &mut Run<'c>, node: NodeId, args: &[Value<'c>], site: Site<'c>) {
    let [name, function, ..] = args else { return };
    for name in super::handlers::texts(run, name) {
        let layer = layer(run, function, site, Style::Express);
        run.put(node, What::Layer(Cover { param: Some(name), ..Cover::default() }, layer));
    }
}

fn put_route<'c>(
    run: &mut Run<'c>,
    node: NodeId,
    method: &str,
    args: &[Value<'c>],
    site: Site<'c>,
) -> Option<Is> {
    let in_route = run.tree.node(node).kind == "route";
    // `app.get("name")` reads a setting.
    if !in_route && method == "get" && args.len() < 2 {
        return Some(Is::Unknown);
    }
    let (paths, rest) = if in_route {
        (vec![Path::Text(String::new())], args)
    } else {
        let first = args.first()?;
        (paths(run, first).unwrap_or_else(|| vec![Path::Text("{?}".to_owned())]), args.get(1..)?)
    };
    let chain: Vec<Value<'c>> = rest.iter().flat_map(|arg| run.flat(arg)).collect();
    let (last, before) = chain.split_last()?;
    let mut layers: Vec<Layer<'c>> =
        before.iter().map(|value| layer(run, value, site, Style::Express)).collect();
    let (wrappers, handler) = handler(run, last, site);
    layers.extend(wrappers);
    let passes_on = calls_next(run, last, 2);
    let method = match method {
        "all" => "ANY".to_owned(),
        "del" => "DELETE".to_owned(),
        method => method.to_uppercase(),
    };
    run.put(
        node,
        What::Route(Route {
            methods: vec![method],
            paths,
            layers,
            handler,
            written: last.from.unwrap_or((site.module, site.expr)),
            module: site.module,
            line: site.line(),
            passes_on,
        }),
    );
    Some(Is::Node(node))
}
