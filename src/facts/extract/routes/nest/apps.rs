//! Apps: what `NestFactory.create` makes, and what its module and the modules in it have.

use std::collections::HashSet;

use super::super::handlers::{layer, line_of, texts};
use super::super::interpret::{Is, Run, Site, Value};
use super::super::paths::join;
use super::super::tree::{Cover, NodeId, Path, What};
use super::super::{Layer, Style};
use super::decorators::decorators;
use super::middleware::{Bound, middleware};
use super::{ClassAt, named};

/// So many modules are gone through.
const MODULES: usize = 5_000;

/// One app.
#[derive(Debug, Default)]
pub(super) struct App<'c> {
    /// Every class that is a controller, provider or module of it.
    pub(super) classes: HashSet<ClassAt>,
    /// Guards of all its routes.
    pub(super) guards: Vec<Layer<'c>>,
    /// Pipes, interceptors and filters of all its routes.
    pub(super) others: Vec<Layer<'c>>,
    /// Middleware.
    pub(super) middleware: Vec<Bound<'c>>,
    prefix: String,
    without_prefix: Vec<String>,
    versions: Option<String>,
    default_versions: Vec<String>,
}

impl App<'_> {
    /// The app of controllers whose app is not in the repository.
    pub(super) fn unseen() -> Self {
        App { versions: Some("v".to_owned()), ..App::default() }
    }

    /// A path below the prefix of all.
    pub(super) fn with_prefix(&self, path: &str) -> String {
        join(&self.prefix, path)
    }

    /// The paths of a route: https://docs.nestjs.com/faq/global-prefix, https://docs.nestjs.com/techniques/versioning.
    pub(super) fn paths(
        &self,
        of_class: &[String],
        versions: &[String],
        of_method: &[String],
        _verb: &str,
    ) -> Vec<String> {
        let versions: Vec<String> = match &self.versions {
            Some(mark) => {
                let given = if versions.is_empty() { self.default_versions.as_slice() } else { versions };
                given.iter().map(|version| format!("{mark}{version}")).collect()
            }
            None => Vec::new(),
        };
        let versions = if versions.is_empty() { vec![String::new()] } else { versions };
        let mut out = Vec::new();
        for class in of_class {
            for method in of_method {
                let own = join(class, method);
                let excluded = self.without_prefix.iter().any(|path| join("", path) == own);
                let prefix = if excluded { "" } else { &self.prefix };
                for version in &versions {
                    let version = if version == "vVERSION_NEUTRAL" { "" } else { version };
                    out.push(join(&join(prefix, version), &own));
                }
            }
        }
        out
    }
}

/// What a call on an app does.
pub(super) fn method<'c>(
    run: &mut Run<'c>,
    node: NodeId,
    name: &str,
    args: &[Value<'c>],
    site: Site<'c>,
) -> Option<Is> {
    match name {
        "setGlobalPrefix" => {
            let prefix = args.first()?.text().map_or_else(|| "{?}".to_owned(), |text| text.to_string());
            run.tree.node_mut(node).prefix = prefix;
            if let Some(options) = args.get(1) {
                run.tree.node_mut(node).names.insert("prefix".to_owned(), options.clone());
            }
        }
        "enableVersioning" => {
            let options = args.first().cloned().unwrap_or_else(Value::unknown);
            run.tree.node_mut(node).names.insert("versioning".to_owned(), options);
        }
        "useGlobalGuards" | "useGlobalPipes" | "useGlobalInterceptors" | "useGlobalFilters" => {
            let style = if name == "useGlobalGuards" { Style::NestGuard } else { Style::NestOther };
            for arg in args.iter().flat_map(|arg| run.flat(arg)).collect::<Vec<_>>() {
                let layer = layer(run, &arg, site, style);
                run.put(
                    node,
                    What::Layer(Cover { paths: vec![Path::Text(String::new())], ..Cover::default() }, layer),
                );
            }
        }
        _ => return None,
    }
    Some(Is::Node(node))
}

/// Every app that is made.
pub(super) fn apps<'c>(run: &mut Run<'c>) -> Vec<App<'c>> {
    let mut out = Vec::new();
    for at in 0..run.tree.nodes.len() {
        let id = NodeId(at as u32);
        let node = run.tree.node(id);
        let Some(root) = node.names.get("module").cloned() else { continue };
        let mut app = App { prefix: node.prefix.clone(), ..App::default() };
        for item in &node.items {
            let What::Layer(_, layer) = &item.what else { continue };
            let mut layer = layer.clone();
            let says: Vec<String> = item.conditions.iter().map(|branch| branch.says.to_string()).collect();
            if !says.is_empty() {
                layer.only = Some(says.join("; "));
            }
            match layer.style {
                Style::NestGuard => app.guards.push(layer),
                _ => app.others.push(layer),
            }
        }
        if let Some(options) = node.names.get("prefix").cloned() {
            let excluded = run.field(&options, "exclude").map(|e| run.flat(&e)).unwrap_or_default();
            for path in excluded {
                let path = run.field(&path, "path").unwrap_or(path);
                app.without_prefix.extend(path.text().map(|t| t.to_string()));
            }
        }
        if let Some(options) = run.tree.node(id).names.get("versioning").cloned() {
            versioning(run, &mut app, &options);
        }
        modules(run, &mut app, root);
        out.push(app);
    }
    out
}

/// Only in the path can a version be told apart from here; that is also the default.
fn versioning<'c>(run: &mut Run<'c>, app: &mut App<'c>, options: &Value<'c>) {
    let kind = run.field(options, "type");
    let in_path = match kind.as_ref().map(|kind| &kind.is) {
        None => true,
        Some(Is::Library(id)) => run.library(*id).members().is_some_and(|m| m == ["VersioningType", "URI"]),
        Some(_) => false,
    };
    if in_path {
        let prefix = run.field(options, "prefix").and_then(|p| p.text().map(|p| p.to_string()));
        app.versions = Some(prefix.unwrap_or_else(|| "v".to_owned()));
        app.default_versions =
            run.field(options, "defaultVersion").map(|v| texts(run, &v)).unwrap_or_default();
    }
}

/// Goes through a module and those that it imports.
fn modules<'c>(run: &mut Run<'c>, app: &mut App<'c>, root: Value<'c>) {
    let mut waiting = vec![root];
    let mut left = MODULES;
    while let (Some(value), true) = (waiting.pop(), left > 0) {
        left -= 1;
        match value.is {
            Is::Class(module, class) => {
                let at = (module, class);
                if !app.classes.insert(at) {
                    continue;
                }
                let of = run.class(at);
                for decorator in decorators(run, module, &of.decorators) {
                    if let (true, Some(parts)) =
                        (decorator.is("@nestjs/common", "Module"), decorator.args.first())
                    {
                        contents(run, app, parts, &mut waiting);
                    }
                }
                app.middleware.extend(middleware(run, at));
            }
            // A dynamic module: `{ module, imports, providers, controllers }`.
            Is::Object(_) => {
                waiting.extend(run.field(&value, "module"));
                contents(run, app, &value, &mut waiting);
            }
            Is::List(_) => waiting.extend(run.flat(&value)),
            _ => {}
        }
    }
}

fn contents<'c>(run: &mut Run<'c>, app: &mut App<'c>, parts: &Value<'c>, waiting: &mut Vec<Value<'c>>) {
    for imported in run.field(parts, "imports").map(|i| run.flat(&i)).unwrap_or_default() {
        waiting.push(imported);
    }
    for list in ["controllers", "providers"] {
        for item in run.field(parts, list).map(|i| run.flat(&i)).unwrap_or_default() {
            match item.is {
                Is::Class(module, class) => {
                    app.classes.insert((module, class));
                }
                Is::Object(_) => provider(run, app, &item),
                _ => {}
            }
        }
    }
}

/// `{ provide: APP_GUARD, useClass: AuthGuard }` in any module is for all of the app:
/// https://docs.nestjs.com/guards#binding-guards
fn provider<'c>(run: &Run<'c>, app: &mut App<'c>, provider: &Value<'c>) {
    let Some(token) = run.field(provider, "provide") else { return };
    let Some(("@nestjs/core", name)) = named(run, &token) else { return };
    let style = match name {
        "APP_GUARD" => Style::NestGuard,
        "APP_PIPE" | "APP_INTERCEPTOR" | "APP_FILTER" => Style::NestOther,
        _ => return,
    };
    let given =
        ["useClass", "useExisting", "useValue", "useFactory"].iter().find_map(|key| run.field(provider, key));
    let Some((module, runs)) = given.and_then(|value| value.from) else { return };
    let line = provider.from.and_then(|(m, e)| line_of(run, m, e)).or_else(|| line_of(run, module, runs));
    let layer = Layer { module, line: line.unwrap_or(1), runs, style, only: None };
    let list = if style == Style::NestGuard { &mut app.guards } else { &mut app.others };
    // A module may be imported in several places, and is one.
    if !list.contains(&layer) {
        list.push(layer);
    }
}
