//! Hono.
//!
//! Handlers and middleware run in the order in which they were registered, and middleware only before what comes after it
//! (https://hono.dev/docs/api/routing#routing-priority). `route` copies what the other app has at that time
//! (`routes.map(…)` in honojs/hono, src/hono-base.ts), middleware included; `basePath` gives another view of the same
//! routes.

#[cfg(test)]
mod tests;

use super::handlers::{calls_next, handler, layer, paths, texts};
use super::interpret::{Framework, Is, Library, LibraryStep, Run, Site, Value};
use super::paths::join;
use super::tree::{Cover, Node, NodeId, Path, Route, What};
use super::{Declared, Layer, Style};
use crate::code::Code;

const METHODS: &[&str] = &["get", "post", "put", "delete", "patch", "options", "head", "query", "all"];
/// Where the call that described a route is kept: no key of the code has this name.
const MADE: &str = "\0made";
/// Views of views.
const VIEWS: usize = 16;

struct Hono;

/// Routes of Hono.
pub fn find(code: &Code) -> Vec<Declared<'_>> {
    let run = Run::over(code, &Hono);
    if run.is_used() { run.tree.in_order("hono") } else { Vec::new() }
}

impl Framework for Hono {
    fn packages(&self) -> &'static [&'static str] {
        &[
            "hono",
            "@hono/zod-openapi",
            "hono/factory",
            "hono/tiny",
            "hono/quick",
            "hono/preset",
            "jsr:@hono/hono",
            "@hono/hono",
        ]
    }

    fn made<'c>(&self, run: &mut Run<'c>, library: &Library<'c>, site: Site<'c>) -> Option<Is> {
        let package = library.package.as_ref();
        if let [
            LibraryStep::Member(of),
            LibraryStep::Call(_),
            LibraryStep::Member(name),
            LibraryStep::Call(args),
        ] = library.steps.as_slice()
            && of.as_ref() == "createFactory"
        {
            return match name.as_ref() {
                "createHandlers" => Some(run.list(args.clone())),
                "createApp" => Some(Is::Node(run.node(Node::default()))),
                _ => None,
            };
        }
        let (members, args) = library.made_by()?;
        match (package, members.as_slice()) {
            (_, ["Hono" | "OpenAPIHono"]) => Some(Is::Node(run.node(Node::default()))),
            // What describes a route is the description.
            ("@hono/zod-openapi", ["createRoute"]) => {
                let described = args.first()?.clone();
                run.hide(&described, MADE, Value::at(Is::Unknown, (site.module, site.expr)));
                Some(described.is)
            }
            _ => None,
        }
    }

    fn parameter<'c>(&self, run: &mut Run<'c>, type_name: &str) -> Option<Is> {
        matches!(type_name, "Hono" | "OpenAPIHono").then(|| Is::Node(run.node(Node::default())))
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
            "basePath" => {
                let prefix = args.first()?.text().map_or_else(|| "{?}".to_owned(), |text| text.to_string());
                let view =
                    Node { kind: "view", prefix, parent: Some(node), is_mounted: true, ..Node::default() };
                return Some(Is::Node(run.node(view)));
            }
            "use" => put_use(run, node, args, site),
            "route" => {
                let path = args.first()?.text().map_or_else(|| "{?}".to_owned(), |text| text.to_string());
                if let Some(sub) = args.get(1).and_then(Value::node) {
                    let (of, prefix) = real(run, sub);
                    let (node, own) = real(run, node);
                    // A view has the same routes as what it is a view of, each under its own path.
                    let _ = prefix;
                    let upto = run.tree.node(of).items.len();
                    run.put(node, What::Mount(join(&own, &path), of, Some(upto)));
                }
            }
            "on" => {
                let [methods, given, handlers @ ..] = args else { return None };
                let methods: Vec<String> = texts(run, methods).iter().map(|m| m.to_uppercase()).collect();
                let paths = paths(run, given).unwrap_or_else(|| vec![Path::Text("{?}".to_owned())]);
                put_route(run, node, methods, paths, handlers, site);
            }
            "openapi" => put_openapi(run, node, args, site),
            "doc" | "doc31" | "onError" | "notFound" => {}
            method if METHODS.contains(&method) => {
                let given = args.first().and_then(|first| paths(run, first));
                let rest = if given.is_some() { args.get(1..)? } else { args };
                let method = if method == "all" { "ANY".to_owned() } else { method.to_uppercase() };
                let paths = match given {
                    Some(paths) => paths,
                    // `app.get("/x", a).post(b)`: at the path that came last.
                    None => vec![last_path(run, node)],
                };
                put_route(run, node, vec![method], paths, rest, site);
            }
            _ => return None,
        }
        Some(Is::Node(node))
    }
}

/// What a view is a view of, and the path between.
fn real(run: &Run<'_>, node: NodeId) -> (NodeId, String) {
    let mut at = node;
    let mut prefix = String::new();
    for _ in 0..VIEWS {
        let of = run.tree.node(at);
        let (true, Some(parent)) = (of.kind == "view", of.parent) else { break };
        prefix = join(&of.prefix, &prefix);
        at = parent;
    }
    (at, prefix)
}

fn below(prefix: &str, paths: Vec<Path>) -> Vec<Path> {
    let put = |path| match path {
        Path::Text(text) => Path::Text(join(prefix, &text)),
        regex => regex,
    };
    if prefix.is_empty() { paths } else { paths.into_iter().map(put).collect() }
}

fn last_path(run: &Run<'_>, node: NodeId) -> Path {
    let (of, _) = real(run, node);
    let last = run.tree.node(of).items.iter().rev().find_map(|item| match &item.what {
        What::Route(route) => route.paths.first().cloned(),
        _ => None,
    });
    last.unwrap_or_else(|| Path::Text("*".to_owned()))
}

fn put_use<'c>(run: &mut Run<'c>, node: NodeId, args: &[Value<'c>], site: Site<'c>) {
    let given = args.first().and_then(|first| paths(run, first));
    let rest = if given.is_some() { args.get(1..).unwrap_or_default() } else { args };
    let (of, prefix) = real(run, node);
    // Without a path it is `*` (src/hono-base.ts).
    let paths = below(&prefix, given.unwrap_or_else(|| vec![Path::Text("*".to_owned())]));
    for value in rest.iter().flat_map(|arg| run.flat(arg)).collect::<Vec<_>>() {
        let layer = layer(run, &value, site, Style::Hono);
        run.put(of, What::Layer(Cover { paths: paths.clone(), ..Cover::default() }, layer));
    }
}

fn put_route<'c>(
    run: &mut Run<'c>,
    node: NodeId,
    methods: Vec<String>,
    paths: Vec<Path>,
    handlers: &[Value<'c>],
    site: Site<'c>,
) {
    let chain: Vec<Value<'c>> = handlers.iter().flat_map(|arg| run.flat(arg)).collect();
    let Some((last, before)) = chain.split_last() else { return };
    let mut layers: Vec<Layer<'c>> = before.iter().map(|v| layer(run, v, site, Style::Hono)).collect();
    let (wrappers, handler) = handler(run, last, site);
    layers.extend(wrappers);
    let (of, prefix) = real(run, node);
    let passes_on = calls_next(run, last, 1);
    run.put(
        of,
        What::Route(Route {
            methods,
            paths: below(&prefix, paths),
            layers,
            handler,
            written: last.from.unwrap_or((site.module, site.expr)),
            module: site.module,
            line: site.line(),
            passes_on,
        }),
    );
}

/// `app.openapi(createRoute({ method, path, middleware, request }), handler)`: what `request` describes is validated before
/// the handler (https://hono.dev/examples/zod-openapi).
fn put_openapi<'c>(run: &mut Run<'c>, node: NodeId, args: &[Value<'c>], site: Site<'c>) {
    let [described, handlers @ ..] = args else { return };
    let method = run.field(described, "method").and_then(|m| m.text().map(|m| m.to_uppercase()));
    let path = run.field(described, "path").and_then(|p| p.text().map(|p| p.to_string()));
    let path = Path::Text(path.unwrap_or_else(|| "{?}".to_owned()));
    let mut chain: Vec<Value<'c>> =
        run.field(described, "middleware").map(|m| run.flat(&m)).unwrap_or_default();
    // The call of `createRoute` itself: it is what validates.
    let request = run.field(described, "request").is_some();
    if request {
        chain.extend(run.field(described, MADE));
    }
    // The last function is a hook of the validator, if there are two.
    chain.extend(handlers.first().cloned());
    put_route(run, node, vec![method.unwrap_or_else(|| "ANY".to_owned())], vec![path], &chain, site);
}
